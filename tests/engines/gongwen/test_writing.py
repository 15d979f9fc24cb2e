"""The writer: what is in the file, in which style, in which order; the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from tests.engines.gongwen.papers import long_table, written_document

from keshu.engines import gongwen as gw
from keshu.engines.gongwen.ooxml import misplaced
from keshu.engines.gongwen.writing.titles import title_lines

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(**changes: object) -> docx.document.Document:
    return docx.Document(io.BytesIO(gw.write_document(written_document(**changes))))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert gw.write_document(written_document()) == gw.write_document(written_document())


def test_children_stand_in_the_order_of_the_schema() -> None:
    document = written_document(blocks=(gw.Paragraph("见图。"), gw.Figure(PNG, "图1 趋势", 80), long_table()))
    for name, data in parts(gw.write_document(document)).items():
        if name.startswith("word/") and name.endswith(".xml"):
            assert misplaced(etree.fromstring(data)) == [], name


def test_every_part_has_its_type_and_every_relation_its_part() -> None:
    """ECMA-376 part 2: a part without a type, or a relation to nothing, is what makes Word offer a repair."""
    files = parts(gw.write_document(written_document(blocks=(gw.Figure(PNG, "图"), gw.Figure(PNG, "图")))))
    types = etree.fromstring(files["[Content_Types].xml"])
    named = {each.get("PartName", "").lstrip("/") for each in types} | {f".{each.get('Extension')}" for each in types}
    untyped = [name for name in files if name not in named and f".{name.rpartition('.')[2]}" not in named]
    assert untyped == []
    targets = [each.get("Target") for each in etree.fromstring(files["word/_rels/document.xml.rels"])]
    assert sorted(targets) == sorted(set(targets))
    assert [target for target in targets if f"word/{target}" not in files] == []
    used = set(etree.fromstring(files["word/document.xml"]).xpath("//@r:id | //@r:embed", namespaces=RELATIONS))
    known = {each.get("Id") for each in etree.fromstring(files["word/_rels/document.xml.rels"])}
    assert used <= known


RELATIONS = {"r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}


def test_paragraphs_carry_a_style_and_no_look_of_their_own() -> None:
    """Editing afterwards keeps the look only where styles make it."""
    root = etree.fromstring(parts(gw.write_document(written_document()))["word/document.xml"])
    own = {etree.QName(child).localname for each in root.iter(qn("w:pPr")) for child in each}
    # keepNext where a heading's paragraph goes on as text, numPr where an attachment's headings count anew
    assert own == {"pStyle", "sectPr", "keepNext", "numPr"}
    own = {etree.QName(child).localname for each in root.iter(qn("w:rPr")) for child in each}
    assert own <= {"rStyle"}


def test_styles_are_named_in_chinese_and_are_those_of_the_standard() -> None:
    document = opened()
    looks = {}
    for name in ("公文正文", "公文标题", "一级标题", "二级标题", "三级标题", "四级标题"):
        style, base = document.styles[name], document.styles["Normal"]
        fonts = style.element.rPr.rFonts if style.element.rPr is not None else base.element.rPr.rFonts
        size = style.font.size or base.font.size
        looks[name] = (fonts.get(qn("w:eastAsia")), size.pt, bool(style.font.bold))
    assert looks == {
        "公文正文": ("仿宋_GB2312", 16, False),
        "公文标题": ("方正小标宋简体", 22, False),
        "一级标题": ("黑体", 16, False),
        "二级标题": ("楷体_GB2312", 16, False),
        "三级标题": ("仿宋_GB2312", 16, True),
        "四级标题": ("仿宋_GB2312", 16, False),
    }


def test_pages_are_those_of_the_standard() -> None:
    """5.1, 5.2.1; a landscape sheet is the upright one turned, so its margins go round (8)."""
    upright, turned, _ = opened().sections
    assert [round(each.mm) for each in (upright.page_width, upright.page_height)] == [210, 297]
    margins = (upright.top_margin, upright.bottom_margin, upright.left_margin, upright.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]
    assert [round(each.mm) for each in (turned.page_width, turned.page_height)] == [297, 210]
    margins = (turned.top_margin, turned.bottom_margin, turned.left_margin, turned.right_margin)
    assert [round(each.mm) for each in margins] == [28, 26, 35, 37]


def test_the_words_stand_in_reading_order() -> None:
    texts = [paragraph.text for paragraph in opened().paragraphs]
    order = [
        "青岭市科学技术局文件", "青科发〔2026〕3号", "各县（区）科技局，局机关各处室：", "总体要求", "附件：1.任务分解表",
        "2.分工表",
        "青岭市科学技术局", "2026年3月5日", "（此件公开发布）", "附件1", "任务分解表", "重点任务分解表", "单位：家", "附件2",
    ]  # fmt: skip
    places = [texts.index(each) for each in order]
    assert places == sorted(places)


def test_one_attachment_is_named_without_a_number() -> None:
    """7.3.4, 7.3.7: 附件：名称; its own page says 附件."""
    texts = [p.text for p in opened(attachments=(gw.Attachment("分工表", (gw.Paragraph("分工如下。"),)),)).paragraphs]
    assert "附件：分工表" in texts
    assert "附件" in texts


def test_headings_count_by_themselves_and_anew_in_each_attachment() -> None:
    root = etree.fromstring(parts(gw.write_document(written_document()))["word/document.xml"])
    lists = [each.find(qn("w:numId")).get(qn("w:val")) for each in root.iter(qn("w:numPr"))]
    assert lists == ["3"]  # the second attachment's heading; the body's take the list from their styles


def test_a_figure_can_be_found_again_by_its_key_and_says_its_source() -> None:
    files = parts(gw.write_document(written_document()))
    root = etree.fromstring(files["word/document.xml"])
    mark = next(each for each in root.iter(qn("w:bookmarkStart")) if each.get(qn("w:name")) == "f1")
    assert "".join(mark.getnext().itertext()) == "120家"
    assert "来源：工作要点第三部分" in files["word/footnotes.xml"].decode()


def test_merged_cells_reach_over_columns_and_rows() -> None:
    table = gw.Table(
        columns=(gw.Column(1), gw.Column(1), gw.Column(1)),
        header=((gw.Cell("单位", rows=2), gw.Cell("目标", columns=2)), ("数值", "时限")),
        rows=((gw.Cell("甲", rows=2), "1", "3月"), ("2", "6月"), (gw.Cell("合计", columns=2), "3")),
    )
    written = opened(blocks=(table,)).tables[0]
    assert [[cell.text for cell in row.cells] for row in written.rows] == [
        ["单位", "目标", "目标"], ["单位", "数值", "时限"], ["甲", "1", "3月"], ["甲", "2", "6月"], ["合计", "合计", "3"],
    ]  # fmt: skip
    assert [len(row._tr.findall(f"{qn('w:trPr')}/{qn('w:tblHeader')}")) for row in written.rows] == [1, 1, 0, 0, 0]


def test_column_widths_fill_the_line() -> None:
    """156 mm upright, 225 mm across, to the twip."""
    for orientation, width in ((gw.Orientation.PORTRAIT, 8845), (gw.Orientation.LANDSCAPE, 12756)):
        table = gw.Table(
            tuple(gw.Column(share) for share in (1, 3, 7)), rows=(("1", "2", "3"),), orientation=orientation
        )
        data = gw.write_document(gw.OfficialDocument("标题", (table,)))
        root = etree.fromstring(parts(data)["word/document.xml"])
        assert sum(int(each.get(qn("w:w"))) for each in root.iter(qn("w:gridCol"))) == width


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "没有写标题"),
        ({"number": "青科发[2026]3号"}, "发文字号"),
        ({"addressee": "市政府："}, "冒号"),
        ({"blocks": (gw.Heading(1, "甲"), gw.Heading(3, "乙"), gw.Heading(2, "丙"))}, "从第1层跳到第3层"),
        ({"blocks": (gw.Heading(2, "甲"),)}, "从第0层跳到第2层"),
        ({"blocks": (gw.Paragraph(" "),)}, "空段落"),
        ({"blocks": (gw.Table((gw.Column(1),), (("甲", "乙"),)),)}, "对不上"),
        ({"blocks": (gw.Table((gw.Column(1), gw.Column(1)), ((gw.Cell("甲", rows=3), "乙"),)),)}, "对不上"),
        ({"blocks": (gw.Figure(b"GIF89a"),)}, "不是PNG"),
        ({"blocks": (gw.Paragraph((gw.Run("甲", key="f"), gw.Run("乙", key="f"))),)}, "不止一次"),
        ({"blocks": (gw.Paragraph((gw.Run("甲", key="1 2"),)),)}, "以文字开头"),
        ({"blocks": (gw.Paragraph("甲\x07乙"),)}, "控制字符"),
        ({"letterhead": "", "signatory": "张三"}, "签发人"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(changes: dict[str, object], message: str) -> None:
    with pytest.raises(gw.UnfitDocument, match=message):
        gw.write_document(written_document(**changes))


def test_two_levels_may_do_without_the_second() -> None:
    blocks = (gw.Heading(1, "甲"), gw.Heading(3, "乙"), gw.Paragraph("丙。"))
    assert gw.check_document(gw.write_document(gw.OfficialDocument("关于科技统计的通知", blocks))) == []


def test_long_titles_are_parted_where_the_sense_bears_it() -> None:
    """7.3.1: no line begins with a particle, numbers are not torn, every line fits into 156 mm at 2号."""
    for title in (
        "关于印发2026年全市科技工作要点任务分解表的通知",
        "青岭市科学技术局关于组织开展2026年度省级科技计划项目申报工作的通知",
        "青岭市科学技术局青岭市财政局关于进一步加强和规范科技创新券使用管理工作若干事项的补充通知",
    ):
        lines = title_lines(title)
        assert "".join(lines) == title
        assert all(sum(0.5 if c.isascii() else 1 for c in line) <= 20 for line in lines)
        assert not [line for line in lines if line[0] in "的和与、》）"]
        assert max(map(len, lines)) - min(map(len, lines)) <= 8


def test_a_signature_without_a_seal_stands_as_7_3_5_2_says() -> None:
    """署名右空二字, the date's first character two to the right of the name's: 8 - 6 - 2 = 0, so 2 in as well."""
    document = opened(signature=gw.Signature("青岭市科学技术局", date(2026, 3, 5), is_sealed=False))
    rights = {
        name: document.styles[name].element.pPr.find(qn("w:ind")).get(qn("w:rightChars"))
        for name in ("发文机关署名", "成文日期")
    }
    assert rights == {"发文机关署名": "200", "成文日期": "200"}
