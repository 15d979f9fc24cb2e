"""From labels to headings: which labels really open one, where the heading ends, and the unnumbered ones."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.structure.dates import MASKED_YEAR
from keshu.engines.plandoc.structure.labels import HAN_DIGITS, Label, Style, label_at, scan
from keshu.engines.plandoc.structure.lines import line_spans, trimmed
from keshu.engines.plandoc.structure.offices import is_office, split_names
from keshu.engines.plandoc.structure.words import sense_of


class Heading(NamedTuple):
    """A heading in clean offsets: label from ``start``, heading words ``head_start`` to ``head_end``, body behind.

    ``own_paragraph`` tells a heading that opens its line from one inside a paragraph; ``goal`` one that is a goal line.
    """

    start: int
    head_start: int
    head_end: int
    style: Style
    number: int | None
    label: str
    text: str
    own_paragraph: bool
    goal: bool = False


_YEAR = r"(?:(?:19|20)\d\d|[xX×*]{4}|20[xX×*]{2}|20\d[xX×*]|[二][〇○零]{1}[〇○零一二三四五六七八九]{2})年度?"
_VIEW = (
    r"总结|回顾|完成情况|工作情况|打算|思路|计划|安排|谋划|要点|部署|设想|展望|重点工作|目标任务"
    r"|工作重点|主要工作|工作任务|举措"
)
# `2024年工作打算` alone on a line, or right after a full stop with a label or a new line behind it.
_YEAR_LINE = re.compile(
    rf"(?:关于)?(?:{_YEAR}|(?:今年|去年|明年|来年|上半年|下半年|全年|(?:过去|五年)"
    rf"[^\n。,]{{0,4}}))[^\n。,;:!?]{{0,20}}?(?:{_VIEW})[^\n。,;:!?]{{0,8}}$"
)
_NEXT_LINE = re.compile(r"(?:下一?(?:步|阶段)|今后|来年|明年)[^\n。,;:!?]{0,18}$")
# Unnumbered headings inside a paragraph; `2023年全市科技工作的主要目标是:` leads a list of goals inside a flattened body.
_INLINE = re.compile(
    r"[。!\n]\s?(?:"
    rf"(?P<year>(?<!\n){_YEAR}[^\n。,;:!?、]{{0,10}}?(?:打算|思路|计划|安排|谋划|设想|总结|回顾))(?=[一(第总\n]|1[.、](?!\d)|主要|重点|工作目标)"
    r"|(?P<half>(?<!\n)[上下]半年工作(?:总结|情况|打算|安排|计划))(?=[一(第\n]|1[.、](?!\d))"
    rf"|(?P<lead>(?<!!){_YEAR}[^\n。,;:]{{0,14}}?目标)是?:)"
)
_INLINE_KINDS = {"year": Style.YEAR, "half": Style.YEAR, "lead": Style.LEAD}
_PLAIN_LINE = re.compile(
    r"(?:总体要求|总体思路|指导思想|基本原则|(?:主要|总体|工作|发展|具体|预期|年度|重点)目标"
    r"|(?:重点|主要)(?:任务|工作|举措|措施|做法|成效|成绩)|保障措施|工作要求|工作措施|组织保障|"
    r"存在的?(?:主要|突出)?(?:问题|不足|困难)(?:[和与及][^\n。]{2,8})?|工作成效|发展基础|工作回顾"
    r"|工作总结|取得的?成绩|主要指标完成情况|前言|序言|引言)$"
)
_CONTENTS = re.compile(r"(?:[.…·]{2,}|[\u4e00-\u9fff][ \t]+)\d{1,3}$|…+$")
_PROBLEMS = re.compile(
    r"(?:问题|不足|困难|短板|差距|制约|挑战|教训)[^。\n]{0,24}[:。,;]?\s*$|(?:存在|面临)[^。\n]{0,40}[:,;。]\s*$"
)
# Each label's first character stands before the look at what is in front of it: the search then jumps from one to the next.
_GLUED_FIRST = frozenset("(〔一第①0123456789")
_GLUED = re.compile(
    "|".join(
        rf"{first}(?<=[\u4e00-\u9fff”)]{first}){rest}"
        for first, rest in (
            (r"\(", "一[)〕]"),
            ("〔", "一[)〕]"),
            ("1", r"[.、](?!\d)"),
            ("一", "(?<![统唯之第万专单]一)是"),
            ("第", "一节"),
            ("①", ""),
        )
    )
)
# The same with a number that runs on from the chapter before: 二、强化平台(三)建设…
_GLUED_ON = re.compile(
    rf"(?<=[\u4e00-\u9fff”)])(?:第[{HAN_DIGITS}]{{1,3}}节|[(〔][{HAN_DIGITS}]{{1,3}}[)〕]|\d{{1,2}}[.、](?!\d))"
)
_OWNER_BRACKET = re.compile(r"[(\[【〔](?:责任|牵头|配合|主管|分管|承办|主办|协办|完成时)[^()\n]{0,6}[:】\]〕]")
# `1.重点任务:推进梯次培育`: the words in front of the colon only name the column the list once had.
_TASK_NAMED = re.compile(r"(?:重点|工作|主要|具体)?(?:任务|事项)(?:名称|内容)?:\s*(?=[\u4e00-\u9fff“]{4})|项目名称:\s*")
_TASK_NAMED_FIRST = frozenset("重工主具任事项")
_STOP = re.compile(r"[。!?;:]")
_SHORT_REST = re.compile(r"[\u4e00-\u9fff“”、]{4,14}。(?=.{4})")
# Notes below a table number their remarks; these are no headings.
_NOTE_LINE = re.compile(r"\s*(?:注|说明|备注|附注)\s*:")
_TWO_WORDS = re.compile(r"[\u4e00-\u9fff][^\u4e00-\u9fff]*[\u4e00-\u9fff]")
_QUANTITY = re.compile(
    r"\d[^,]{0,4}(?:%|[家个项亿万名人件场次户位批倍种期条所座]|百分点)"
    r"|[xX×*]+(?:\.[xX×*]+)?[%家个项亿名人件]|[一二三四五六七八九十百千两]+(?:成|家|个|项|名|亿"
    r"|万|倍)|百分之|(?:实现|零的?|”的?)突破|全覆盖"
)
# Names of sections that flattened text glues to their first sentence.
_SECTION_NAME = re.compile(
    r"(?:主要|总体|工作|发展|年度|预期|重点|具体)目标(?:任务)?|总体要求|总体思路|指导思想|基本原则"
    r"|(?:重点|主要)(?:任务|工作|举措)|保障措施|工作要求|组织保障|发展基础"
)
_SECTION_GOES_ON = re.compile(r"[和与及、的:。]|完成|情况|落实|分解|指标|体系|实现|要求|清单")
_OUTER = frozenset({Style.PART, Style.CHAPTER, Style.SECTION, Style.HAN, Style.HAN_PAREN, Style.DIGIT})
_OUTERMOST = frozenset({Style.PART, Style.CHAPTER, Style.SECTION, Style.HAN})
_INLINE_STEPS = frozenset({Style.STEP, Style.MUST, Style.ORDINAL})
_RANK = {style: position for position, style in enumerate(Style)}
_LONGEST = 60
_RUN_IN = 40


def find_headings(text: str, start: int, end: int, *, outline: Mapping[int, int]) -> list[Heading]:
    """All headings of `text` between `start` and `end`, in reading order; `outline` holds lines the file calls headings."""
    inline = list(_inline(text, start, end))
    found = list(_numbered(text, start, end, glued=[start, *(heading.head_end for heading in inline)]))
    starts = [heading.start for heading in found]
    first = min(starts, default=end)
    added: dict[int, Heading] = {}
    for heading in [*inline, *_unnumbered(text, start, end, outline)]:
        if heading.style is Style.LEAD and heading.start > first:
            continue  # Under a heading of its own the sentence needs none.
        above = bisect_right(starts, heading.start) - 1
        if above < 0 or found[above].head_end <= heading.start:
            added.setdefault(heading.start, heading)
    return sorted([*found, *added.values()], key=lambda heading: heading.start)


def _labels(text: str, start: int, end: int, glued: list[int]) -> list[Label]:
    """All labels, also those glued to an unnumbered heading inside a paragraph."""
    found = list(scan(text, start, end))
    if glued:
        seen = {label.start for label in found}
        for at in glued:
            label = label_at(text, at, end)
            if label is not None and label.start not in seen:
                found.append(label)
        found.sort(key=lambda label: label.start)
    return found


@dataclass(slots=True)
class _Course:
    """How the headings ran so far: the last number of each style, inside a list of problems, inside the goals.

    ``last`` knows the styles below the open outer heading only, ``runs`` all of the document: numbers may run on.
    """

    last: dict[Style, int] = field(default_factory=dict)
    runs: dict[Style, int] = field(default_factory=dict)
    problems: bool = False
    in_goals: bool = False
    goal_style: Style | None = None

    def lists_problems(self, text: str, label: Label, start: int) -> bool:
        """Whether a step (一是…) lists problems; told by the words in front of the first one."""
        if label.style not in _INLINE_STEPS:
            self.problems = False
        elif label.number == 1:
            self.problems = _PROBLEMS.search(text[max(start, label.start - 60) : label.start]) is not None
        return self.problems

    def runs_on(self, label: Label) -> bool:
        """Whether a label takes up the numbers of its style where an earlier chapter left them."""
        return label.number is not None and self.runs.get(label.style, 0) + 1 == label.number > 1

    def glued(self, text: str, start: int, end: int, style: Style) -> int | None:
        """Where between `start` and `end` an inner label is glued to the words of a heading of this style."""
        if style not in _OUTER:
            return None
        first = _GLUED.search(text, start, end)
        end = end if first is None else first.start()
        goes_on = (match.start() for match in _GLUED_ON.finditer(text, start, end) if self._goes_on(match, style))
        return next(goes_on, None if first is None else first.start())

    def is_glued(self, text: str, at: int, end: int, style: Style) -> bool:
        """Whether at this place an inner label is glued to the words of a heading of this style."""
        if style not in _OUTER or text[at : at + 1] not in _GLUED_FIRST:
            return False
        goes_on = _GLUED_ON.match(text, at, end)
        return _GLUED.match(text, at, end) is not None or (goes_on is not None and self._goes_on(goes_on, style))

    def _goes_on(self, match: re.Match[str], style: Style) -> bool:
        label = label_at(match.string, match.start(), len(match.string))
        return label is not None and _RANK[label.style] > _RANK[style] and self.runs_on(label)

    def is_goal(self, label: Label) -> bool:
        """Whether an item behind `label` would be a goal line."""
        return self.in_goals and label.style is not self.goal_style and label.style not in _OUTERMOST

    def passes(self, heading: Heading) -> None:
        """Take note of a heading; one of an outer style lets the numbering of the inner ones start anew."""
        self.last[heading.style] = self.runs[heading.style] = heading.number or 0
        rank = _RANK[heading.style]
        if len(self.last) > 1:
            for inner in [known for known in self.last if _RANK[known] > rank]:
                del self.last[inner]
        if not heading.goal:
            sense = sense_of(heading.text)
            self.in_goals = sense is not None and sense.role is Role.GOAL
            self.goal_style = heading.style if self.in_goals else None


def _numbered(text: str, start: int, end: int, *, glued: list[int]) -> Iterator[Heading]:
    """The headings behind labels, in order."""
    course = _Course()
    cursor = start
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", line_start)
    for label in _labels(text, start, end, glued):
        if label.start < cursor:
            continue
        while 0 <= line_end < label.start:
            line_start, line_end = line_end + 1, text.find("\n", line_end + 1)
        if text[line_start] == "|" or not _may_open(label, course):
            continue
        if not label.opens_line and _NOTE_LINE.match(text, line_start):
            continue
        if course.lists_problems(text, label, start):
            continue
        for heading in _chain(text, label, end, course):
            cursor = max(heading.head_end, heading.head_start)
            yield heading


def _chain(text: str, label: Label, end: int, course: _Course) -> Iterator[Heading]:
    """The heading behind `label`, and those whose labels are glued to the end of the one before (三、服务(一)…)."""
    goal = course.is_goal(label)
    current: Label | None = label
    while current is not None:
        heading = _heading(text, current, end, goal=goal, course=course)
        if heading is None:
            return
        course.passes(heading)
        yield heading
        at = heading.head_end
        goal = course.in_goals
        current = label_at(text, at, end) if course.is_glued(text, at, end, heading.style) else None


def _may_open(label: Label, course: _Course) -> bool:
    """Whether a label may open a heading where it stands: lines take any number, running text only the next."""
    if label.opens_line or not label.before:
        return True
    if label.style in (Style.DASH, Style.QUESTION):
        return label.before in "。;:" and label.end - label.start >= 2
    if label.style in _INLINE_STEPS:
        return label.before in "。;:!?)”" and (label.number == 1 or label.style in course.last or course.runs_on(label))
    if label.style in (Style.PART, Style.CHAPTER, Style.SECTION):
        return label.before == "。"
    runs_on = course.runs_on(label) and label.before in "。!?)”"
    expected = course.last.get(label.style, 0) + 1
    if label.style in (Style.HAN, Style.HAN_PAREN):
        return label.number is not None and (label.number == 1 or abs(label.number - expected) <= 2 or runs_on)
    # `须满足:(1)…;(2)…` lists conditions inside a sentence; a heading needs the sentence before it closed.
    return label.before in "。!?)”" and (label.number in (1, expected) or (runs_on and label.style is Style.DIGIT))


def _heading(text: str, label: Label, end: int, *, goal: bool, course: _Course) -> Heading | None:
    """The heading behind a label, or None where nothing that could be one follows."""
    head_start = label.end
    while head_start < end and text[head_start] in " \t\u3000":
        head_start += 1
    if text[head_start : head_start + 1] in _TASK_NAMED_FIRST:
        named = _TASK_NAMED.match(text, head_start, end)
        head_start = named.end() if named is not None else head_start
    line_end = text.find("\n", head_start, min(end, head_start + 400))
    if line_end < 0:
        line_end = min(end, head_start + 400)
    if text[line_end - 1] in "0123456789…" and _CONTENTS.search(text, max(head_start, line_end - 30), line_end):
        return None
    two_words = _TWO_WORDS.search(text, head_start, line_end)
    if two_words is None:
        return None
    head_end, is_goal = _head_end(text, head_start, line_end, label.style, goal=goal, course=course)
    if two_words.end() > head_end:
        return None
    words = text[head_start:head_end]
    return Heading(
        label.start, head_start, head_end, label.style, label.number, label.text, words, label.opens_line, is_goal
    )


def _head_end(text: str, start: int, line_end: int, style: Style, *, goal: bool, course: _Course) -> tuple[int, bool]:
    """Where the heading that starts at `start` ends, and whether it is a goal line."""
    window = text[start:line_end]
    if style is Style.QUESTION:
        stop = re.search(r"[?？]|【答】|答:|$", window)
        return start + (stop.end() if stop and stop[0] in "??" else stop.start() if stop else len(window)), False
    bracket = _OWNER_BRACKET.search(window)
    if bracket is not None:
        window = window[: bracket.start()]
    stop = _STOP.search(window)
    if stop is not None and stop[0] == ":":
        # `(一)第一阶段(2023年):夯实基础。建成…`: a short word group behind the colon still is the heading.
        rest = _SHORT_REST.match(window, stop.end())
        stop = _STOP.search(window, rest.end() - 1) if rest is not None and rest.end() <= _RUN_IN else stop
    sentence = stop.start() if stop else len(window)
    if (
        goal
        and _QUANTITY.search(window[: sentence + 1]) is not None
        and not (stop and stop[0] == "。" and sentence < 16 and len(window) > sentence + 12)
    ):
        cut = re.search(r"[,;。:]", window)
        return start + (cut.start() if cut else len(window)), True
    glued = course.glued(text, start + 2, start + min(sentence, _LONGEST), style)
    if glued is not None:
        return glued, False
    named = _SECTION_NAME.match(window) if sentence > 20 else None
    if named is not None and not _SECTION_GOES_ON.match(window, named.end()):
        return start + named.end(), False
    comma = window.find(",")
    if sentence > _RUN_IN and not (stop is None and sentence <= _LONGEST):
        sentence = comma if 0 < comma <= _RUN_IN else min(sentence, _LONGEST)
    elif 2 <= comma < sentence and stop is not None and _QUANTITY.search(window, comma, sentence):
        sentence = comma
    return start + len(_without_owners(window[:sentence])), goal and style is Style.DASH


def _without_owners(words: str) -> str:
    """Heading words without trailing marks or the bracket that names offices."""
    words = words.rstrip(" \t\u3000,、")
    opening = words.rfind("(")
    if opening > 2 and words.endswith(")"):
        names = split_names(words, opening + 1, len(words) - 1)
        labelled = re.match(r"(?:牵头|责任|配合)[^()]{0,6}:", words[opening + 1 :])
        if labelled or (names and all(is_office(name.text, strict=True) for name in names)):
            return words[:opening].rstrip()
    return words


def _unnumbered(text: str, start: int, end: int, outline: Mapping[int, int]) -> Iterator[Heading]:
    """Year headings, 下一步 headings, well-known section names alone on a line, lines the file declares as headings."""
    for line_start, line_end in line_spans(text, start, end):
        # Only short lines without a full stop can be headings as a whole.
        if 4 <= line_end - line_start <= 90 and text.find("。", line_start, line_end) < 0:
            heading = _line_heading(text, line_start, line_end, declared=line_start in outline)
            if heading is not None:
                yield heading


def _inline(text: str, start: int, end: int) -> Iterator[Heading]:
    """Unnumbered headings inside a paragraph: `…提升。2024年工作打算一、…`."""
    for match in _INLINE.finditer(text, start, end):
        kind = str(match.lastgroup)
        yield _unlabelled(text, match.start(kind), match.end(kind), _INLINE_KINDS[kind])


def _is_column(text: str, end: int) -> bool:
    """Whether the line that ends at `end` heads a column of a form: 预期目标 beside 实际完成情况."""
    return text.startswith(("\n实际完成", "\n全年实际完成"), end)


def _line_heading(text: str, start: int, end: int, *, declared: bool) -> Heading | None:
    start, _ = trimmed(text, start, end, marks=" \t\u3000■●◆▲★□◇•")
    line = text[start:end].rstrip(" :")
    if "|" in line or ";" in line:
        return None
    if len(line) <= 40 and (_YEAR_LINE.match(line) or _NEXT_LINE.match(line)):
        return _unlabelled(text, start, start + len(line), Style.YEAR)
    if _PLAIN_LINE.match(line) and not _is_column(text, end):
        return _unlabelled(text, start, start + len(line), Style.PLAIN)
    if declared and len(line) <= 50 and not re.search(r"[。;|]", line) and not MASKED_YEAR.fullmatch(line):
        return _unlabelled(text, start, start + len(line), Style.PLAIN)
    return None


def _unlabelled(text: str, start: int, end: int, style: Style) -> Heading:
    own = start == 0 or text[start - 1] in "\n 　"
    return Heading(start, start, end, style, None, "", text[start:end], own)
