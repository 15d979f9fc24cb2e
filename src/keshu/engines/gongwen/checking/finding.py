"""Findings, and the catalogue of rules with the clause each rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from keshu.engines.gongwen.checking.paper import Line

STANDARD = "GB/T 9704-2012"
CUSTOM = "排版惯例"


@dataclass(frozen=True)
class Rule:
    """A rule: its name, and its clause of GB/T 9704-2012; without one it is a custom of print that the standard leaves open."""

    id: str
    name: str
    clause: str
    is_mechanical: bool

    @property
    def citation(self) -> str:
        return f"{STANDARD} {self.clause}" if self.clause else CUSTOM


_MECHANICAL = (
    ("paper-size", "纸张幅面", "5.1"),
    ("margins", "页边", "5.2.1"),
    ("lines-per-page", "每页行数", "5.2.3"),
    ("characters-per-line", "每行字数", "5.2.3"),
    ("title-font", "标题字体", "7.3.1"),
    ("title-size", "标题字号", "7.3.1"),
    ("title-place", "标题居中", "7.3.1"),
    ("addressee-place", "主送机关顶格", "7.3.2"),
    ("title-room", "标题下空一行", "7.3.2"),
    ("addressee-mark", "主送机关后的冒号", "7.3.2"),
    ("body-font", "正文字体", "7.3.3"),
    ("body-size", "正文字号", "7.3.3"),
    ("body-line", "正文行距", "5.2.3"),
    ("body-indent", "段首缩进", "7.3.3"),
    ("heading-font", "层次标题字体", "7.3.3"),
    ("heading-size", "层次标题字号", "7.3.3"),
    ("heading-mark", "层次序数写法", "7.3.3"),
    ("mixed-look", "段内字体字号不一", "5.2.2"),
    ("text-colour", "文字颜色", "5.2.4"),
    ("half-width", "半角标点", "9"),
    ("number-place", "发文字号位置", "7.2.5"),
    ("number-brackets", "发文字号括号", "7.2.5"),
    ("number-serial", "发文顺序号", "7.2.5"),
    ("note-mark", "附件名称后的标点", "7.3.4"),
    ("note-form", "附件说明写法", "7.3.4"),
    ("note-room", "附件说明前空一行", "7.3.4"),
    ("note-place", "附件说明左空二字", "7.3.4"),
    ("label-look", "附件序号字体位置", "7.3.7"),
    ("label-page", "附件另面编排", "7.3.7"),
    ("date-form", "成文日期写法", "7.3.5.4"),
    ("issue-date-form", "印发日期写法", "7.4.3"),
    ("date-place", "成文日期位置", "7.3.5"),
    ("signature-place", "署名位置", "7.3.5"),
    ("letterhead-look", "发文机关标志", "7.2.4"),
    ("red-line", "版头分隔线", "7.2.7"),
    ("imprint-look", "版记字体字号", "7.4"),
    ("copies-mark", "抄送机关后的句号", "7.4.2"),
    ("page-number-form", "页码写法", "7.5"),
    ("page-number-place", "页码位置", "7.5"),
    ("page-number-look", "页码字体字号", "7.5"),
    ("page-number-missing", "没有页码", "7.5"),
    ("table-header", "表头逐页重复", ""),
    ("blank-paragraph", "用空段落隔行", ""),
    ("paragraph-border", "段落框线", ""),
)
_FOR_THE_AUTHOR = (
    ("heading-sequence", "层次序数连续", "7.3.3"),
    ("heading-level", "层次逐层使用", "7.3.3"),
    ("note-match", "附件与附件说明一致", "7.3.7"),
    ("title-missing", "没有标题", "7.3.1"),
    ("signature-missing", "没有署名", "7.3.5"),
    ("date-missing", "没有成文日期", "7.3.5"),
)
RULES: dict[str, Rule] = {
    id: Rule(id, name, clause, is_mechanical)
    for rules, is_mechanical in ((_MECHANICAL, True), (_FOR_THE_AUTHOR, False))
    for id, name, clause in rules
}


@dataclass(frozen=True)
class Finding:
    """One deviation.

    Parameters
    ----------
    rule : id of the rule in `RULES`
    place : where, in Chinese: 第12段“聚焦产业……”, 第2节, 第1个表格, 页脚
    paragraph : number of the paragraph among those that say something, tables apart; None where it is not one of them
    expected, found : what the clause wants and what the file has, in Chinese
    is_mechanical : `fix_document` mends it without touching what is said
    """

    rule: str
    place: str
    expected: str
    found: str
    paragraph: int | None = None
    is_mechanical: bool = False

    @property
    def name(self) -> str:
        return RULES[self.rule].name

    @property
    def citation(self) -> str:
        return RULES[self.rule].citation

    def __str__(self) -> str:
        return f"{self.place}：{self.name}，应为{self.expected}，现为{self.found}（{self.citation}）"


Mend = Callable[[], None]


@dataclass(frozen=True)
class Observation:
    """A finding, and what mends it where that is mechanical."""

    finding: Finding
    mend: Mend | None = field(default=None, repr=False)


def observe(rule: str, where: Line | str, *, expected: str, found: str, mend: Mend | None = None) -> Observation:
    """An observation at a paragraph or at another place."""
    is_line = isinstance(where, Line)
    place = place_of(where) if isinstance(where, Line) else where
    paragraph = where.number or None if is_line and isinstance(where, Line) else None
    return Observation(Finding(rule, place, expected, found, paragraph, mend is not None), mend)


def place_of(line: Line) -> str:
    """Where a paragraph stands, with its first characters."""
    words = line.said.replace("\n", "").replace("\t", " ")
    quote = words[:12] + ("……" if len(words) > 12 else "")
    where = (
        f"第{line.table}个表格" if line.table else f"第{line.number}段" if line.number else f"第{line.section + 1}节"
    )
    return f"{where}“{quote}”" if quote else where
