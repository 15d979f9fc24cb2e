"""Word documents: order, automatic numbers, tables, revisions, and files that mean harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from tests.engines.plandoc.reading.files import add_list, number_paragraph, repacked, saved, word

from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading import read_source
from keshu.engines.plandoc.reading.numerals import written


def lines(data: bytes) -> list[str]:
    return read_source(data, name="要点.docx").text.splitlines()


def test_paragraphs_and_tables_stand_in_body_order() -> None:
    document = Document()
    document.add_paragraph("一、主要目标")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("指标", "目标", "高企", "120家"), strict=True):
        cell.text = text
    document.add_paragraph("二、重点任务")
    assert lines(saved(document)) == ["一、主要目标", "| 指标 | 目标 |", "| 高企 | 120家 |", "二、重点任务"]


def test_merged_cells_are_filled() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate((("任务", "指标", "值"), ("育企", "高企", "9家"), ("", "小巨人", "2家"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert lines(saved(document))[1:] == ["| 育企 | 高企 | 9家 |", "| 育企 | 小巨人 | 2家 |"]


def test_a_title_row_across_the_table_stays_one_cell() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "一、创新主体"
    for column, text in enumerate(("1", "高企", "9家")):
        table.cell(1, column).text = text
    assert lines(saved(document)) == ["| 一、创新主体 |", "| 1 | 高企 | 9家 |"]


def test_a_table_of_one_cell_only_places_text() -> None:
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "一、主要目标"
    cell.add_paragraph("新增高企8家。")
    assert lines(saved(document)) == ["一、主要目标", "新增高企8家。"]


@pytest.mark.parametrize(
    ("form", "text", "labels"),
    [
        ("chineseCounting", "%1、", ["一、", "二、", "三、"]),
        ("chineseCountingThousand", "（%1）", ["（一）", "（二）", "（三）"]),
        ("ideographDigital", "%1、", ["一、", "二、", "三、"]),
        ("japaneseCounting", "第%1章", ["第一章", "第二章", "第三章"]),
        ("decimal", "%1.", ["1.", "2.", "3."]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "②", "③"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、", "丙、"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("lowerLetter", "%1)", ["a)", "b)", "c)"]),
    ],
)
def test_automatic_numbers_are_written_out(form: str, text: str, labels: list[str]) -> None:
    document = Document()
    add_list(document, 77, [(form, text)])
    for words in ("目标", "任务", "保障"):
        number_paragraph(document.add_paragraph(words), 77)
    assert lines(saved(document)) == [
        label + words for label, words in zip(labels, ("目标", "任务", "保障"), strict=True)
    ]


def test_deeper_levels_restart_and_quote_the_levels_above() -> None:
    document = Document()
    add_list(document, 77, [("chineseCounting", "%1、"), ("decimal", "%2."), ("decimal", "%2.%3")])
    for depth in (0, 1, 1, 2, 2, 0, 1):
        number_paragraph(document.add_paragraph("项"), 77, depth)
    assert lines(saved(document)) == ["一、项", "1.项", "2.项", "2.1 项".replace(" ", ""), "2.2项", "二、项", "1.项"]


def test_a_list_may_start_elsewhere_and_start_again() -> None:
    document = Document()
    add_list(document, 77, [("decimal", "%1.")], start=4)
    numbering = document.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    for number in (77, 77, 78, 78):
        number_paragraph(document.add_paragraph("项"), number)
    assert lines(saved(document)) == ["4.项", "5.项", "1.项", "2.项"]


def test_numbers_and_levels_come_with_the_style() -> None:
    document = Document()
    add_list(document, 77, [("chineseCounting", "%1、")])
    style = document.styles["Heading 1"]
    style.element.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="77"/></w:numPr>'))
    document.add_heading("主要目标", level=1)
    document.add_paragraph("新增高企8家。")
    document.add_heading("重点任务", level=1)
    source = read_source(saved(document))
    assert source.text == "一、主要目标\n新增高企8家。\n二、重点任务\n"
    assert source.outline == {0: 1, 15: 1}


def test_a_blank_keeps_a_label_from_running_into_a_figure() -> None:
    document = Document()
    add_list(document, 77, [("decimal", "%1.")])
    number_paragraph(document.add_paragraph("2023年新增8家"), 77)
    assert lines(saved(document)) == ["1. 2023年新增8家"]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "chineseCountingThousand", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (10, "ideographDigital", "一〇"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (20, "decimalEnclosedCircle", "⑳"),
        (28, "lowerLetter", "bb"),
        (49, "upperRoman", "XLIX"),
        (7, "unheardOf", "7"),
    ],
)
def test_number_formats(number: int, form: str, text: str) -> None:
    assert written(number, number_format=form) == text


def _with_body(xml: str) -> bytes:
    namespaces = nsdecls("w", "wp", "a") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    body = f"<?xml version='1.0'?><w:document {namespaces}><w:body>{xml}</w:body></w:document>"
    return repacked(word(), {"word/document.xml": body.encode()})


def test_revisions_hidden_text_and_notes() -> None:
    data = _with_body(
        "<w:p><w:r><w:t>新增</w:t></w:r><w:del><w:r><w:delText>50</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>60</w:t></w:r></w:ins><w:r><w:t>家</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>批注</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert lines(data) == ["新增60家"]


def test_a_text_box_written_twice_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>专栏1 重点工程</w:t></w:r></w:p></w:txbxContent>"
    data = _with_body(
        f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice "
        f"Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(data) == ["正文", "专栏1 重点工程"]


def test_the_table_of_contents_is_left_out() -> None:
    data = _with_body(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        "<w:sdtContent><w:p><w:r><w:t>一、目标 "
        "1</w:t></w:r></w:p></w:sdtContent></w:sdt><w:p><w:r><w:t>一、目标</w:t></w:r></w:p>"
    )
    assert lines(data) == ["一、目标"]


def test_headers_and_footers_are_left_out() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_paragraph("新增8家。")
    assert lines(saved(document)) == ["新增8家。"]


def test_macros_are_noted_and_ignored() -> None:
    source = read_source(
        repacked(word("新增8家。"), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 macro"}), name="要点.docm"
    )
    assert source.text == "新增8家。\n"
    assert source.notes == ("文档带有宏，已忽略宏，只读取文字",)


def test_a_part_that_inflates_without_end_is_refused() -> None:
    bomb = b"<w:t>" + b"0" * (50 * 1024 * 1024)
    with pytest.raises(PlanDocumentError, match="解压后过大"):
        read_source(repacked(word("新增8家。"), {"word/document.xml": bomb}))


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = repacked(word("新增8家。"), {"word/document.xml": b"<w:t>" + b"0" * (50 * 1024 * 1024)})
    size = (50 * 1024 * 1024 + 5).to_bytes(4, "little")
    assert size in data
    with pytest.raises(PlanDocumentError):
        read_source(data.replace(size, (1000).to_bytes(4, "little")))


def test_entities_are_not_expanded() -> None:
    laughs = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    body = f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>好&i;</w:t></w:r></w:p></w:body></w:document>"
    data = repacked(word(), {"word/document.xml": f"{laughs}]>{body}".encode()})
    try:
        text = read_source(data).text
    except PlanDocumentError:
        return
    assert len(text) < 100


def test_the_strict_variant_is_read_too() -> None:
    data = word("新增8家。")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml")
    usual, strict = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert usual in body
    assert lines(repacked(data, {"word/document.xml": body.replace(usual, strict)})) == ["新增8家。"]


def test_large_pictures_do_not_matter() -> None:
    data = repacked(word("新增8家。"), {"word/media/image1.bin": bytes(60 * 1024 * 1024)})
    assert read_source(data).text == "新增8家。\n"


def test_other_zip_files_are_named() -> None:
    def with_name(name: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(name, b"x")
        return stream.getvalue()

    for name, words in (
        ("xl/workbook.xml", "Excel"),
        ("ppt/presentation.xml", "PPT"),
        ("a.txt", "压缩包"),
        ("OFD.xml", "OFD"),
    ):
        with pytest.raises(PlanDocumentError, match=words):
            read_source(with_name(name), name="要点.docx")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("表.xlsx", "这是 Excel 表格（.xlsx），而且已损坏"),
        ("汇报.pptx", "这是演示文稿（.pptx），而且已损坏"),
        ("要点.docx", "像 Word 文档"),
        ("无名", "像 Word 文档"),
    ],
)
def test_a_damaged_package_is_called_by_its_name(name: str, given: str) -> None:
    with pytest.raises(PlanDocumentError, match=given):
        read_source(b"PK\x03\x04" + b"\x00" * 200, name=name)
