"""Documents without fault: one from the writer, one made by hand with python-docx and direct formatting only, as offices do."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from keshu.engines import gongwen as gw

WORDS = "聚焦产业创新需要，统筹教育、科技、人才一体发展，着力提升区域创新体系整体效能，为全市高质量发展提供有力支撑。"


def long_table(*, rows: int = 30) -> gw.Table:
    return gw.Table(
        columns=(gw.Column(1, gw.Align.CENTRE), gw.Column(3), gw.Column(6), gw.Column.number(2)),
        header=(("序号", "牵头单位", "主要内容", "目标值"),),
        rows=tuple((str(n), "高新技术处", f"培育科技企业，{WORDS}", f"{n * 1.5:.1f}") for n in range(1, rows + 1)),
        caption="重点任务分解表",
        unit="家",
        note="目标值为全年累计数。",
    )


def written_document(**changes: Any) -> gw.OfficialDocument:
    """A red-head document with everything the model knows."""
    given = {
        "title": "关于印发2026年全市科技工作要点任务分解表的通知",
        "letterhead": "青岭市科学技术局文件",
        "number": "青科发〔2026〕3号",
        "addressee": "各县（区）科技局，局机关各处室",
        "blocks": (
            gw.Paragraph("为落实全年工作部署，" + WORDS),
            gw.Heading(1, "总体要求"),
            gw.Paragraph(WORDS),
            gw.Heading(1, "重点任务"),
            gw.Heading(2, "壮大创新主体"),
            gw.Paragraph(
                (
                    gw.Run("全年新增高新技术企业"),
                    gw.Run("120家", is_bold=True, key="f1", note="来源：工作要点第三部分"),
                    gw.Run("。"),
                )
            ),
            gw.Heading(2, "建强创新平台。", body="新建省级重点实验室3家。" + WORDS),
            gw.Heading(3, "提升平台质量"),
            gw.Paragraph(WORDS),
            gw.Heading(4, "明确考核指标"),
            gw.Paragraph(WORDS),
            gw.Heading(3, "完善平台管理"),
            gw.Paragraph(WORDS),
            gw.Heading(1, "工作要求"),
            gw.Paragraph("各单位于每月5日前报送进展情况。" + WORDS),
        ),
        "attachments": (
            gw.Attachment("任务分解表", (long_table(),), gw.Orientation.LANDSCAPE),
            gw.Attachment("分工表", (gw.Heading(1, "分工"), gw.Paragraph(WORDS))),
        ),
        "signature": gw.Signature("青岭市科学技术局", date(2026, 3, 5)),
        "remark": "此件公开发布",
        "imprint": gw.Imprint("青岭市科学技术局办公室", date(2026, 3, 6), ("市委办公室", "市政府办公室")),
    }
    return gw.OfficialDocument(**{**given, **changes})


@dataclass
class Plain:
    """A python-docx document and its paragraphs by name."""

    document: Any
    named: dict[str, Any] = field(default_factory=dict)

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def opened(data: bytes) -> Plain:
    """A written document opened with python-docx; paragraphs named by what they are."""
    document = docx.Document(io.BytesIO(data))
    names = {
        "发文机关标志": "letterhead", "发文字号": "number", "公文标题": "title", "主送机关": "addressee", "成文日期": "date",
        "发文机关署名": "signature", "附件说明首件": "note", "附件说明续件": "note2", "附件序号": "label", "附注": "remark",
    }  # fmt: skip
    named: dict[str, Any] = {}
    for paragraph in document.paragraphs:
        style = paragraph.style.name
        named.setdefault(names.get(style, style), paragraph)
        if style == "公文正文":
            named[f"body{1 + sum(name.startswith('body') for name in named)}"] = paragraph
    return Plain(document, named)


def set_font(run: Any, font: str, *, size: float = 16) -> None:
    run.font.name = font
    run.font.size = Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def set_indent(paragraph: Any, **characters: int) -> None:
    """Indents in hundredths of a character."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    element = properties._add_ind()
    for name, value in characters.items():
        element.set(qn(f"w:{name}"), str(value))


def add(
    plain: Plain,
    name: str,
    text: str,
    *,
    font: str = "仿宋_GB2312",
    size: float = 16,
    align: int | None = None,
    **indent: int,
) -> Any:
    """A paragraph with its whole look set directly."""
    paragraph = plain.document.add_paragraph()
    set_font(paragraph.add_run(text), font, size=size)
    paragraph.paragraph_format.line_spacing = Pt(28.95)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.space_before = Pt(0)
    paragraph.alignment = align
    set_indent(paragraph, **(indent or {"firstLineChars": 200, "firstLine": 640}))
    plain.named[name] = paragraph
    return paragraph


def page_field(paragraph: Any, *, font: str = "宋体", size: float = 14) -> None:
    for kind, text in (
        ("t", "— "),
        ("begin", ""),
        ("instr", " PAGE "),
        ("separate", ""),
        ("t", "1"),
        ("end", ""),
        ("t", " —"),
    ):
        run = paragraph.add_run(text if kind == "t" else "")
        set_font(run, font, size=size)
        if kind == "instr":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
        elif kind != "t":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def by_hand() -> Plain:
    """A document as a careful clerk sets it in Word, without styles and without automatic numbers."""
    document = docx.Document()
    plain = Plain(document)
    section = document.sections[0]
    section.page_width, section.page_height, section.orientation = Mm(210), Mm(297), WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    grid = section._sectPr.find(qn("w:docGrid"))
    for name, value in (("type", "linesAndChars"), ("linePitch", "579"), ("charSpace", "-849")):
        grid.set(qn(f"w:{name}"), value)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align, side in ((section.footer, 2, "right"), (section.even_page_footer, 0, "left")):
        paragraph = footer.paragraphs[0]
        page_field(paragraph)
        paragraph.alignment = align
        set_indent(paragraph, **{f"{side}Chars": 100, side: 280})
    add(plain, "title", "青岭市2026年科技工作总结", font="方正小标宋简体", size=22, align=1, firstLine=0)
    add(plain, "addressee", "市政府：", firstLine=0).paragraph_format.space_before = Pt(28.95)
    add(plain, "body1", "今年以来，全市科技系统认真落实上级部署。" + WORDS)
    add(plain, "heading1", "一、主要成效", font="黑体")
    add(plain, "heading2", "（一）创新主体不断壮大", font="楷体_GB2312")
    add(plain, "body2", "全年新增高新技术企业120家，研发投入强度达到2.85%（全省第3位）。" + WORDS)
    add(plain, "heading22", "（二）创新平台提质增效", font="楷体_GB2312")
    add(plain, "item1", "1.平台建设。新建省级重点实验室3家，按照青科发〔2025〕12号文件管理。")
    add(plain, "item2", "2.平台管理。开放共享大型仪器80台（套），网址为http://example.invalid/a?b=1。")
    add(plain, "heading12", "二、下步打算", font="黑体")
    add(plain, "body3", "下一步，我局将继续抓好落实，12月底前完成全部任务。")
    add(plain, "note", "附件：1.重点任务完成情况表", leftChars=600, left=1920, hangingChars=400, hanging=1280)
    plain.named["note"].paragraph_format.space_before = Pt(28.95)
    add(plain, "note2", "2.高新技术企业名单", leftChars=600, left=1920, hangingChars=100, hanging=320)
    add(plain, "signature", "青岭市科学技术局", align=2, rightChars=300, right=960)
    add(plain, "date", "2026年12月5日", align=2, rightChars=400, right=1280)
    plain.named["date"].paragraph_format.right_indent = None
    set_indent(plain.named["date"], rightChars=400, right=1280)
    set_indent(plain.named["signature"], rightChars=325, right=1040)
    add(plain, "label", "附件1", font="黑体", firstLine=0).paragraph_format.page_break_before = True
    add(plain, "attachment", "重点任务完成情况表", font="方正小标宋简体", size=22, align=1, firstLine=0)
    table = document.add_table(rows=4, cols=3)
    for row, cells in zip(
        table.rows,
        (
            ("序号", "任务", "进展"),
            ("1", "培育企业", "已完成"),
            ("2", "建设平台", "已完成"),
            ("3", "转化成果", "推进中"),
        ),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            set_font(cell.paragraphs[0].add_run(text), "仿宋_GB2312", size=12)
    add(plain, "label2", "附件2", font="黑体", firstLine=0).paragraph_format.page_break_before = True
    add(plain, "attachment2", "高新技术企业名单", font="方正小标宋简体", size=22, align=1, firstLine=0)
    add(plain, "body4", "名单共120家，按县（区）排列。")
    return plain


def with_letterhead(plain: Plain) -> None:
    """A red head above the title of a document made by hand."""
    first = plain.named["title"]._p
    for name, text, font, size in (
        ("letterhead", "青岭市科学技术局文件", "方正小标宋简体", 40),
        ("number", "青科发〔2026〕8号", "仿宋_GB2312", 16),
    ):
        paragraph = add(plain, name, text, font=font, size=size, align=1, firstLine=0)
        first.addprevious(paragraph._p)
    plain.named["letterhead"].runs[0].font.color.rgb = RGBColor(0xFF, 0, 0)
    border(plain.named["number"], "FF0000")


def border(paragraph: Any, colour: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    frame, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    frame.append(line)
    properties.insert_element_before(frame, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
