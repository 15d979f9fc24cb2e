"""Documents with one planted fault each. What must be found follows from the clause, not from what the checker says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from tests.engines.gongwen.papers import (
    Plain,
    add,
    border,
    by_hand,
    opened,
    set_font,
    set_indent,
    with_letterhead,
    written_document,
)

from keshu.engines import gongwen as gw

CENTRED = 1
Spoil = Callable[[Plain], Any]


@dataclass(frozen=True)
class Plant:
    """One fault: what is done to a sound document, the rule that must notice, and its clause in GB/T 9704-2012."""

    name: str
    rule: str
    clause: str
    base: Callable[[], Plain]
    spoil: Spoil
    is_mended: bool = True

    @cache  # noqa: B019 - the plants live as long as the tests do
    def document(self) -> bytes:
        plain = self.base()
        self.spoil(plain)
        return plain.bytes()

    @cache  # noqa: B019
    def fixed(self) -> gw.Fixed:
        return gw.fix_document(self.document())


def written() -> Plain:
    return opened(gw.write_document(written_document()))


def hand_with_letterhead() -> Plain:
    plain = by_hand()
    with_letterhead(plain)
    return plain


def hand_with_number() -> Plain:
    """A notice without a letterhead: its number stands in the middle under the title."""
    plain = by_hand()
    number = add(plain, "number", "青科发〔2026〕12号", align=CENTRED, firstLine=0)
    plain.named["title"]._p.addnext(number._p)
    return plain


def hand_otherwise() -> Plain:
    """Sound in other ways: other makers' typefaces, 28 pt lines, a grid without exact lines, no seal, a date set by blanks."""
    plain = by_hand()
    for name, typeface in (
        ("body1", "方正仿宋_GBK"),
        ("body2", "FangSong"),
        ("heading1", "SimHei"),
        ("heading2", "华文楷体"),
    ):
        font(name, typeface)(plain)
    font("title", "方正小标宋_GBK")(plain)
    line_spacing("body2", 28)(plain)
    plain.named["body3"].paragraph_format.line_spacing = 1.0  # the grid of 22 lines rules
    for run in plain.named["heading2"].runs:
        run.font.bold = True
    say("item1", "1.平台建设。新建省级重点实验室3家（其中A类1家），占比2.5%。")(plain)
    say("note", "附件：2026年重点任务完成情况表")(plain)
    say("attachment", "2026年重点任务完成情况表")(plain)
    say("label", "附件")(plain)
    for name in ("note2", "label2", "attachment2", "body4"):
        drop(name)(plain)
    # 7.3.5.2: the name 2 in (8 characters), the date (6.5) beginning 2 behind it: 2 + 8 - 2 - 6.5
    indent("signature", rightChars=200, right=640)(plain)
    say("date", "2026年12月5日　 ")(plain)
    indent("date", firstLine=0)(plain)
    return plain


SOUND: dict[str, Callable[[], Plain]] = {
    "写出的公文": written,
    "手工排的公文": by_hand,
    "手工排的红头文件": hand_with_letterhead,
    "另一种手工排法": hand_otherwise,
    "文号在标题之下的公文": hand_with_number,
}


def say(name: str, text: str) -> Spoil:
    """Other words, in the look of the first run."""

    def spoil(plain: Plain) -> None:
        paragraph = plain.named[name]
        for run in paragraph.runs[1:]:
            run._r.getparent().remove(run._r)
        paragraph.runs[0].text = text

    return spoil


def swap(name: str, old: str, new: str) -> Spoil:
    def spoil(plain: Plain) -> None:
        runs = [run for run in plain.named[name].runs if old in run.text]
        assert runs, f"{name} has no {old}"
        runs[0].text = runs[0].text.replace(old, new)

    return spoil


def font(name: str, typeface: str) -> Spoil:
    return lambda plain: [set_font(run, typeface, size=_size_of(run)) for run in plain.named[name].runs]


def _size_of(run: Any) -> float:
    return run.font.size.pt if run.font.size else 16


def size(name: str, points: float) -> Spoil:
    return lambda plain: [setattr(run.font, "size", Pt(points)) for run in plain.named[name].runs]


def align(name: str, value: int) -> Spoil:
    return lambda plain: setattr(plain.named[name], "alignment", value)


def indent(name: str, **characters: int) -> Spoil:
    return lambda plain: set_indent(plain.named[name], **characters)


def section(**values: Any) -> Spoil:
    return lambda plain: [setattr(plain.document.sections[0], key, value) for key, value in values.items()]


def grid(**values: str) -> Spoil:
    def spoil(plain: Plain) -> None:
        element = plain.document.sections[0]._sectPr.find(qn("w:docGrid"))
        for name, value in values.items():
            element.set(qn(f"w:{name}"), value)

    return spoil


def style_font(style: str, typeface: str) -> Spoil:
    """A fault in a style: every paragraph of that style has it, so only rarely used styles serve."""

    def spoil(plain: Plain) -> None:
        properties = plain.document.styles[style].element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), typeface)

    return spoil


def extra_run(name: str, text: str, typeface: str, points: float = 16) -> Spoil:
    return lambda plain: set_font(plain.named[name].add_run(text), typeface, size=points)


def coloured(name: str, colour: RGBColor) -> Spoil:
    return lambda plain: [setattr(run.font.color, "rgb", colour) for run in plain.named[name].runs]


def blank_behind(name: str, count: int = 1) -> Spoil:
    def spoil(plain: Plain) -> None:
        for _ in range(count):
            paragraph = plain.document.add_paragraph()
            plain.named[name]._p.addnext(paragraph._p)

    return spoil


def footer(act: Callable[[Any], Any], *, is_even: bool = False) -> Spoil:
    def spoil(plain: Plain) -> None:
        part = plain.document.sections[0]
        act((part.even_page_footer if is_even else part.footer).paragraphs[0])

    return spoil


def dashes(paragraph: Any) -> None:
    for run in paragraph.runs:
        if "—" in run.text:
            run.text = run.text.replace("—", "-")


def empty(paragraph: Any) -> None:
    for child in list(paragraph._p):
        if child.tag != qn("w:pPr"):
            paragraph._p.remove(child)


def no_page_numbers(plain: Plain) -> None:
    for part in plain.document.sections:
        for kind in (part.footer, part.even_page_footer):
            for paragraph in kind.paragraphs:
                empty(paragraph)


def one_footer_for_all(plain: Plain) -> None:
    plain.document.settings.odd_and_even_pages_header_footer = False


def no_header_row(plain: Plain) -> None:
    for row in plain.document.tables[0].rows:
        for mark in row._tr.iter(qn("w:tblHeader")):
            mark.getparent().remove(mark)


def long_table_by_hand(plain: Plain) -> None:
    table = plain.document.tables[0]
    for _ in range(20):
        for cell in table.add_row().cells:
            set_font(cell.paragraphs[0].add_run("内容"), "仿宋_GB2312", size=12)


def no_break(name: str) -> Spoil:
    return lambda plain: setattr(plain.named[name].paragraph_format, "page_break_before", False)


def cell_text(text: str) -> Spoil:
    def spoil(plain: Plain) -> None:
        plain.document.tables[0].rows[1].cells[1].paragraphs[0].runs[0].text = text

    return spoil


def in_cell(row_text: str, new: str) -> Spoil:
    """A paragraph of the imprint, which stands in the last table."""

    def spoil(plain: Plain) -> None:
        for row in plain.document.tables[-1].rows:
            for run in row.cells[0].paragraphs[0].runs:
                if row_text in run.text:
                    run.text = run.text.replace(row_text, new)

    return spoil


def imprint_size(plain: Plain) -> None:
    plain.document.tables[-1].rows[0].cells[0].paragraphs[0].runs[0].font.size = Pt(16)


def no_red_line(plain: Plain) -> None:
    properties = plain.named["number"]._p.pPr
    properties.remove(properties.find(qn("w:pBdr")))


def own_style_line(plain: Plain) -> None:
    """Word's theme font in a paragraph: nothing in the runs says so."""
    run = plain.named["body3"].runs[0]
    fonts = run._r.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsiaTheme"), "minorEastAsia")


def drop(name: str) -> Spoil:
    return lambda plain: plain.named[name]._p.getparent().remove(plain.named[name]._p)


def level_jump(plain: Plain) -> None:
    say("item2", "（1）平台管理。开放共享大型仪器80台（套）。")(plain)
    plain.named["item2"]._p.getparent().remove(plain.named["item1"]._p)


def line_spacing(name: str, points: float) -> Spoil:
    return lambda plain: setattr(plain.named[name].paragraph_format, "line_spacing", Pt(points))


def space_after(plain: Plain) -> None:
    plain.named["body1"].paragraph_format.space_after = Pt(12)


def soft_title(plain: Plain) -> None:
    plain.named["title"].alignment = 0


def no_room(name: str, side: str) -> Spoil:
    return lambda plain: setattr(plain.named[name].paragraph_format, f"space_{side}", Pt(0))


def undated(plain: Plain) -> None:
    drop("signature")(plain)
    drop("date")(plain)


PLANTS: tuple[Plant, ...] = (
    # made from the writer's output
    Plant("纸张为16开", "paper-size", "5.1", written, section(page_width=Mm(184), page_height=Mm(260))),
    Plant("上边距25毫米", "margins", "5.2.1", written, section(top_margin=Mm(25))),
    Plant("右边距28毫米", "margins", "5.2.1", written, section(right_margin=Mm(28))),
    Plant("网格每页28行", "lines-per-page", "5.2.3", written, grid(linePitch="440")),
    Plant("标题样式改为黑体", "title-font", "7.3.1", written, style_font("公文标题", "黑体")),
    Plant("标题三号", "title-size", "7.3.1", written, size("title", 16)),
    Plant("标题居左", "title-place", "7.3.1", written, align("title", 0)),
    Plant("标题下不空行", "title-room", "7.3.2", written, no_room("title", "after")),
    Plant("附件说明前不空行", "note-room", "7.3.4", written, no_room("note", "before")),
    Plant("附件说明顶格", "note-place", "7.3.4", written, indent("note", leftChars=0, left=0)),
    Plant("标题带下框线", "paragraph-border", "", written, lambda plain: border(plain.named["title"], "4F81BD")),
    Plant("手工：标题下不空行", "title-room", "7.3.2", by_hand, no_room("addressee", "before")),
    Plant("手工：附件说明居右", "note-place", "7.3.4", by_hand, align("note", 2)),
    Plant("主送机关缩进", "addressee-place", "7.3.2", written, indent("addressee", firstLineChars=200, firstLine=640)),
    Plant("主送机关后为逗号", "addressee-mark", "7.3.2", written, swap("addressee", "处室：", "处室，:")),
    Plant("正文宋体", "body-font", "7.3.3", written, font("body1", "宋体")),
    Plant("正文小三号", "body-size", "7.3.3", written, size("body1", 15)),
    Plant("正文行距20磅", "body-line", "5.2.3", written, line_spacing("body1", 20)),
    Plant("段首不缩进", "body-indent", "7.3.3", written, indent("body1", firstLineChars=0, firstLine=0)),
    Plant("一级标题楷体", "heading-font", "7.3.3", written, font("一级标题", "楷体_GB2312")),
    Plant("一级标题四号", "heading-size", "7.3.3", written, size("一级标题", 14)),
    Plant("二级标题宋体", "heading-font", "7.3.3", written, font("二级标题", "宋体")),
    Plant("段内夹黑体", "mixed-look", "5.2.2", written, extra_run("body1", "重点突破", "黑体")),
    Plant("段内夹小四号", "mixed-look", "5.2.2", written, extra_run("body1", "重点突破", "仿宋_GB2312", 12)),
    Plant("正文蓝色", "text-colour", "5.2.4", written, coloured("body1", RGBColor(0, 0, 0xFF))),
    Plant("半角逗号", "half-width", "9", written, swap("body1", "部署，", "部署,")),
    Plant("半角逗号后有空格", "half-width", "9", written, swap("body1", "部署，", "部署, \u3000 ")),
    Plant("表格中半角括号", "half-width", "9", written, cell_text("高新技术处(牵头)")),
    Plant("文号用方括号", "number-brackets", "7.2.5", written, say("number", "青科发[2026]3号")),
    Plant("文号加第字", "number-serial", "7.2.5", written, say("number", "青科发〔2026〕第3号")),
    Plant("文号编虚位", "number-serial", "7.2.5", written, say("number", "青科发〔2026〕03号")),
    Plant("附件名称后加句号", "note-mark", "7.3.4", written, swap("note", "任务分解表", "任务分解表。")),
    Plant("附件后半角冒号", "note-form", "7.3.4", written, swap("note", "附件：", "附件:")),
    Plant("附件序号用顿号", "note-form", "7.3.4", written, swap("note2", "2.", "2、")),
    Plant("附件标题与说明不一致", "note-match", "7.3.7", written, swap("note2", "分工表", "职责表"), is_mended=False),
    Plant("附件序号仿宋", "label-look", "7.3.7", written, font("label", "仿宋_GB2312")),
    Plant("日期编虚位", "date-form", "7.3.5.4", written, say("date", "2026年03月5日")),
    Plant("日期右空一字", "date-place", "7.3.5.1", written, indent("date", rightChars=100, right=320)),
    Plant("署名居右顶格", "signature-place", "7.3.5.1", written, indent("signature", rightChars=0, right=0)),
    Plant("发文机关标志黑色", "letterhead-look", "7.2.4", written, coloured("letterhead", RGBColor(0, 0, 0))),
    Plant("抄送三号字", "imprint-look", "7.4.2", written, imprint_size),
    Plant("抄送后无句号", "copies-mark", "7.4.2", written, in_cell("市政府办公室。", "市政府办公室")),
    Plant("印发日期编虚位", "issue-date-form", "7.4.3", written, in_cell("3月6日", "3月06日")),
    Plant("表头不重复", "table-header", "", written, no_header_row),
    Plant("用空段落隔行", "blank-paragraph", "", written, blank_behind("body1")),
    Plant("页码用短横线", "page-number-form", "7.5", written, footer(dashes)),
    Plant("页码居中", "page-number-place", "7.5", written, footer(lambda p: setattr(p, "alignment", CENTRED))),
    Plant(
        "页码五号",
        "page-number-look",
        "7.5",
        written,
        footer(lambda p: [setattr(r.font, "size", Pt(10.5)) for r in p.runs]),
    ),
    Plant("单双页不分", "page-number-place", "7.5", written, one_footer_for_all),
    Plant("双页没有页码", "page-number-missing", "7.5", written, footer(empty, is_even=True)),
    # made by hand
    Plant("手工：没有标题", "title-missing", "7.3.1", by_hand, drop("title"), is_mended=False),
    Plant("手工：左边距32毫米", "margins", "5.2.1", by_hand, section(left_margin=Mm(32))),
    Plant("手工：信纸幅面", "paper-size", "5.1", by_hand, section(page_width=Mm(215.9), page_height=Mm(279.4))),
    Plant("手工：每行30字", "characters-per-line", "5.2.3", by_hand, grid(charSpace="-4500")),
    Plant("手工：没有页码", "page-number-missing", "7.5", by_hand, no_page_numbers),
    Plant(
        "手工：页码宋体改为新罗马",
        "page-number-look",
        "7.5",
        by_hand,
        footer(lambda p: [set_font(r, "Times New Roman", size=14) for r in p.runs], is_even=True),
    ),
    Plant(
        "手工：双页码居右",
        "page-number-place",
        "7.5",
        by_hand,
        footer(lambda p: setattr(p, "alignment", 2), is_even=True),
    ),
    Plant("手工：标题宋体", "title-font", "7.3.1", by_hand, font("title", "宋体")),
    Plant("手工：标题居左", "title-place", "7.3.1", by_hand, soft_title),
    Plant("手工：主题字体", "body-font", "7.3.3", by_hand, own_style_line),
    Plant(
        "手工：空格缩进",
        "body-indent",
        "7.3.3",
        by_hand,
        lambda p: (say("body1", "　　今年以来，各项工作进展顺利。")(p), set_indent(p.named["body1"], firstLine=0)),
    ),
    Plant("手工：段后12磅", "body-line", "5.2.3", by_hand, space_after),
    Plant(
        "手工：1.5倍行距",
        "body-line",
        "5.2.3",
        by_hand,
        lambda p: setattr(p.named["body2"].paragraph_format, "line_spacing", 1.5),
    ),
    Plant("手工：二级标题仿宋", "heading-font", "7.3.3", by_hand, font("heading2", "仿宋_GB2312")),
    Plant(
        "手工：一级标题缺号", "heading-sequence", "7.3.3", by_hand, say("heading12", "三、下步打算"), is_mended=False
    ),
    Plant(
        "手工：二级标题重号",
        "heading-sequence",
        "7.3.3",
        by_hand,
        say("heading22", "（一）创新平台提质增效"),
        is_mended=False,
    ),
    Plant("手工：跳层", "heading-level", "7.3.3", by_hand, level_jump, is_mended=False),
    Plant("手工：序数后用点", "heading-mark", "7.3.3", by_hand, say("heading1", "一.主要成效")),
    Plant("手工：半角括号序数", "heading-mark", "7.3.3", by_hand, say("heading2", "(一)创新主体不断壮大")),
    Plant("手工：括号后加顿号", "heading-mark", "7.3.3", by_hand, say("heading22", "（二）、创新平台提质增效")),
    Plant("手工：三级序数用顿号", "heading-mark", "7.3.3", by_hand, swap("item1", "1.", "1、")),
    Plant("手工：正文引文文号用方括号", "number-brackets", "7.2.5", by_hand, swap("item1", "〔2025〕", "[2025]")),
    Plant("手工：直引号", "half-width", "9", by_hand, swap("body3", "全部任务", '"揭榜挂帅"任务')),
    Plant("手工：半角分号", "half-width", "9", by_hand, swap("body1", "今年以来，", "今年以来;")),
    Plant("手工：附件前无冒号全角", "note-form", "7.3.4", by_hand, swap("note", "附件：1.", "附件:1.")),
    Plant("手工：附件名称后分号", "note-mark", "7.3.4", by_hand, swap("note", "完成情况表", "完成情况表；")),
    Plant("手工：附件不另面", "label-page", "7.3.7", by_hand, no_break("label2")),
    Plant("手工：附件二字居中", "label-look", "7.3.7", by_hand, align("label", CENTRED)),
    Plant("手工：汉字日期", "date-form", "7.3.5.4", by_hand, say("date", "二〇二六年十二月五日")),
    Plant("手工：点分日期", "date-form", "7.3.5.4", by_hand, say("date", "2026.12.5")),
    Plant("手工：汉字年份阿拉伯数字月日", "date-form", "7.3.5.4", by_hand, say("date", "二○二六年12月5日")),
    Plant("手工：短横分日期", "date-form", "7.3.5.4", by_hand, say("date", "2026-12-5")),
    Plant("手工：日期中有空格", "date-form", "7.3.5.4", by_hand, say("date", "2026 年 12 月 5 日")),
    Plant("手工：日期没有这一天", "date-form", "7.3.5.4", by_hand, say("date", "2026年2月30日"), is_mended=False),
    Plant("手工：日期没有填日", "date-form", "7.3.5.4", by_hand, say("date", "2026年12月×日"), is_mended=False),
    Plant("手工：没有成文日期", "date-missing", "7.3.5", by_hand, drop("date"), is_mended=False),
    Plant("手工：没有署名和日期", "date-missing", "7.3.5", by_hand, undated, is_mended=False),
    Plant("手工：题下文号居左", "number-place", "7.2.5", hand_with_number, align("number", 0)),
    Plant("手工：题下文号方括号", "number-brackets", "7.2.5", hand_with_number, say("number", "青科发[2026]12号")),
    Plant("手工：题下文号圆括号", "number-brackets", "7.2.5", hand_with_number, say("number", "青科发(2026)12号")),
    Plant("手工：文号下主送机关半角冒号", "addressee-mark", "7.3.2", hand_with_number, say("addressee", "市政府:")),
    Plant(
        "手工：文号下主送机关缩进",
        "addressee-place",
        "7.3.2",
        hand_with_number,
        indent("addressee", firstLineChars=200, firstLine=640),
    ),
    Plant("手工：日期居中", "date-place", "7.3.5", by_hand, align("date", CENTRED)),
    Plant("手工：没有署名", "signature-missing", "7.3.5", by_hand, drop("signature"), is_mended=False),
    Plant("手工：长表不重复表头", "table-header", "", by_hand, long_table_by_hand),
    Plant("手工：连空三段", "blank-paragraph", "", by_hand, blank_behind("title", 3)),
    Plant("手工：红头无分隔线", "red-line", "7.2.7", hand_with_letterhead, no_red_line),
    Plant("手工：分隔线黑色", "red-line", "7.2.7", hand_with_letterhead, lambda p: border(p.named["number"], "000000")),
    Plant("手工：红头居左", "letterhead-look", "7.2.4", hand_with_letterhead, align("letterhead", 0)),
    Plant("手工：红头文号圆括号", "number-brackets", "7.2.5", hand_with_letterhead, say("number", "青科发（2026）8号")),
)
