"""Notices as clerks write them: the number under the title, the addressee, the date in any writing, tables that no rule reads."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from keshu.engines import gongwen as gw


def notice(*paragraphs: str, cell: str = "") -> bytes:
    """A file as Word makes it by default, every paragraph in the style Normal."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if cell:
        document.add_table(rows=1, cols=1).rows[0].cells[0].text = cell
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


HEAD = ("云澜市科学技术局关于报送科技成果转化情况的通知", "云科发〔2026〕12号", "各县区科技局:", "请于11月30日前报送。")
SIGNED = ("云澜市科学技术局", "2026年11月5日")


def rules_of(data: bytes, paragraph: int) -> set[str]:
    return {each.rule for each in gw.check_document(data) if each.paragraph == paragraph}


@pytest.mark.parametrize(
    "number", ["云科发〔2026〕12号", "云科发[2026]12号", "云科发(2026)12号", "云科发（2026）第012号"]
)
def test_the_number_under_the_title_is_no_body_text(number: str) -> None:
    data = notice(HEAD[0], number, *HEAD[2:], *SIGNED)
    assert "number-place" in rules_of(data, 2)
    assert "body-indent" not in rules_of(data, 2)
    line = docx.Document(io.BytesIO(gw.fix_document(data).data)).paragraphs[1]
    assert line.text == "云科发〔2026〕12号"
    assert (line.alignment, line.paragraph_format.first_line_indent) == (WD_ALIGN_PARAGRAPH.CENTER, 0)


@pytest.mark.parametrize("head", [HEAD, (HEAD[0], *HEAD[2:])])
def test_an_addressee_with_a_half_width_colon_stays_flush_left(head: tuple[str, ...]) -> None:
    data = notice(*head, *SIGNED)
    place = len(head) - 1
    assert "addressee-mark" in rules_of(data, place)
    assert "body-indent" not in rules_of(data, place)
    line = docx.Document(io.BytesIO(gw.fix_document(data).data)).paragraphs[place - 1]
    assert line.text == "各县区科技局："
    assert not line.paragraph_format.first_line_indent


def test_a_first_sentence_that_ends_with_a_colon_is_no_addressee() -> None:
    data = notice(HEAD[0], "现将有关事项通知如下：", "请于11月30日前报送。", *SIGNED)
    assert "body-indent" in rules_of(data, 2)


@pytest.mark.parametrize(
    "written",
    ["二○二六年11月5日", "二〇二六年十一月五日", "2026.11.5", "2026-11-5", "2026．11．05", "2026 年 11 月 5 日",
     "２０２６年１１月５日"],
)  # fmt: skip
def test_a_date_in_any_writing_is_the_date_of_issue(written: str) -> None:
    data = notice(*HEAD, SIGNED[0], written)
    told = [each for each in gw.check_document(data) if each.rule == "date-form"]
    assert [(each.expected, each.found, each.is_mechanical) for each in told] == [("2026年11月5日", written, True)]
    fixed = gw.fix_document(data)
    assert docx.Document(io.BytesIO(fixed.data)).paragraphs[-1].text == "2026年11月5日"
    assert [str(each) for each in fixed.left] == []


@pytest.mark.parametrize("written", ["26年11月5日", "2026年11月31日", "2026年13月5日", "2026年11月 日", "2026年×月×日"])
def test_a_date_that_cannot_be_told_is_left_to_a_person(written: str) -> None:
    assert [each.rule for each in gw.fix_document(notice(*HEAD, SIGNED[0], written)).left] == ["date-form"]


@pytest.mark.parametrize(
    ("end", "rule", "found"),
    [
        ((SIGNED[1],), "signature-missing", "没有署名"),
        (("附件：情况表", SIGNED[1]), "signature-missing", "没有署名"),
        ((SIGNED[0],), "date-missing", "没有成文日期"),
        ((), "date-missing", "没有署名和成文日期"),
        (("附件1", "情况表"), "date-missing", "没有署名和成文日期"),
    ],
)
def test_a_notice_without_signature_or_date_says_so(end: tuple[str, ...], rule: str, found: str) -> None:
    left = gw.fix_document(notice(*HEAD, *end)).left
    assert [(each.rule, each.found) for each in left] == [(rule, found)]


@pytest.mark.parametrize(
    "text",
    [
        (*HEAD, "云澜市科学技术局　2026年11月5日"),
        (*HEAD, "云澜市科学技术局\n2026年11月5日"),
        ("在全市科技大会上的讲话", "同志们：", "今天召开全市科技大会。"),
        ("全市科技工作情况", "全年工作进展顺利。"),
    ],
)
def test_what_is_dated_otherwise_or_need_not_be_is_left_in_peace(text: tuple[str, ...]) -> None:
    assert "date-missing" not in {each.rule for each in gw.check_document(notice(*text))}


def test_a_name_set_far_in_under_the_attachments_is_the_signature() -> None:
    document = docx.Document(io.BytesIO(notice(*HEAD, "附件：情况表", *SIGNED)))
    for paragraph in document.paragraphs[-2:]:
        paragraph.paragraph_format.left_indent = docx.shared.Pt(250)
    assert [str(each) for each in gw.fix_document(saved(document)).left] == []


def test_tables_are_said_not_to_be_read_once_and_stay_as_they_are() -> None:
    data = notice(*HEAD, *SIGNED, cell="3,5")
    (note,) = gw.unchecked_parts(data)
    assert note.startswith("表格内文字未检查：共1个表格，")
    assert docx.Document(io.BytesIO(gw.fix_document(data).data)).tables[0].rows[0].cells[0].text == "3,5"


def test_text_boxes_are_said_not_to_be_read() -> None:
    document = docx.Document(io.BytesIO(notice(*HEAD, *SIGNED)))
    box = (
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>特急</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    document.paragraphs[0].add_run()._r.append(parse_xml(box))
    assert gw.unchecked_parts(saved(document)) == ("文本框内文字未检查：文本框里的字都没有看，也没有改，请人工核对。",)


def test_without_tables_everything_is_read() -> None:
    assert gw.unchecked_parts(notice(*HEAD, *SIGNED)) == ()
