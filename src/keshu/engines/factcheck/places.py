"""Where a figure stands in its draft: its clause and sentence, the words that name it, and whose figure it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from keshu.engines.factcheck.values import Ledger, Statement
from keshu.kernel.span import Span

_CLAUSE = re.compile(r"[，,。；;！？!?：:\n（）()、]")
_SENTENCE = re.compile(r"[。！？!?\n]|；|;")
_HOME = re.compile("全市|我市|本市|市本级")
# The writer's own: the county in whose name the draft is written, else whose ledger it is.
_OWN = re.compile("全县|我县|本县|全区|我区|本区|[我本](?:园区|开发区|高新区|经开区)")
TARGET_WORDS = re.compile(
    r"目标|力争|确保|争取|计划|任务|年初定|年初确定|预期|底线|冲刺|有望|冲上|冲击|(?:保|争)$|\d日前|[月年][底末]前|下达|瞄准|要达到|要完成|要突破|应达到|须达到|保底|奋斗|要求"
)
ACTUAL_WORDS = re.compile(
    r"完成(?!目标|任务|年度|全年)|实现|已|累计|截至|实际|目前|达(?!成)|今年以来|现有|共有|新增了|发了|选派了|办了|做到|交出|实绩"
)
STRETCH_WORDS = re.compile("力争|争取|冲刺|瞄准|冲上|冲击|争$|奋斗|努力达到|跳一跳|挑战")
FLOOR_WORDS = re.compile("确保|保$|底线|保底|不低于|不少于|至少|基本目标|必须")
# Words that even a plan uses of what is done only.
DONE_WORDS = re.compile("已经?|截至|实际|目前|现有|共有|今年以来|上年|去年|同期|累计完成")
_INTENT = re.compile("确保|力争|争取|保证|必须")
# A list of aims: 咬定全年目标：成交额68亿元、高企520家.
_AIMS = re.compile("(?:目标|任务)(?:是|为)?[：:][^。；]*$")
_TITLE = 50
# What is expected is neither set nor counted: no ledger can gainsay it.
_FORECAST = re.compile("预计|预测|预估")
_SIGNED_ON = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?")
_WITHIN_MONTH = re.compile("当月|单月|本月|一个月(?!前)|当季|月度新增")


@dataclass(frozen=True, slots=True)
class Place:
    """The surroundings of one figure, as offsets: line (paragraph), sentence, clause."""

    line: Span
    sentence: Span
    clause: Span

    def before(self, text: str, at: int) -> str:
        return text[self.clause.start : at]


@dataclass(frozen=True, slots=True)
class Said:
    """What the words around a figure say of it beyond its name."""

    is_target: bool
    is_actual: bool
    is_done: bool
    is_stretch: bool
    is_floor: bool
    is_of_one_month: bool
    is_forecast: bool = False


def places_of(text: str, statements: Sequence[Statement]) -> dict[int, Place]:
    """The place of every statement by its index."""
    sentences, clauses = _cuts(_SENTENCE, text), _cuts(_CLAUSE, text)
    lines = _cuts(re.compile("\n"), text)
    numbers = sorted(each.value_span.end for each in statements)
    found = {}
    for each in statements:
        at = each.value_span.start
        clause = _around(clauses, at)
        # A clause with several numbers belongs to each from the number before.
        last = numbers[bisect_right(numbers, at) - 1] if bisect_right(numbers, at) else 0
        found[each.index] = Place(
            _around(lines, at), _around(sentences, at), Span(max(clause.start, min(last, at)), clause.end)
        )
    return found


def _cuts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [0, *(match.end() for match in pattern.finditer(text)), len(text) + 1]


def _around(cuts: Sequence[int], at: int) -> Span:
    index = bisect_right(cuts, at)
    return Span(cuts[index - 1], max(cuts[index - 1], cuts[index] - 1))


def said_of(text: str, statement: Statement, place: Place) -> Said:
    """What the words of its clause say; the clause before counts where this one only names the number."""
    before = text[place.clause.start : statement.value_span.start]
    after = text[statement.value_span.end : place.clause.end][:8]
    opener = text[max(place.sentence.start, place.clause.start - 14) : place.clause.start]
    if text[place.clause.start - 1 : place.clause.start] in "（(：:":
        before = opener + before
    elif statement.span.start < place.clause.start:
        before = text[statement.span.start : statement.value_span.start]
    target = _last(TARGET_WORDS, before)
    actual = _last(ACTUAL_WORDS, before)
    behind = re.match(r"[^，。；]*?(?:目标|任务|底线)", after) is not None
    listed = _AIMS.search(text[place.sentence.start : statement.value_span.start]) is not None and actual < 0
    # 确保…达到520家: what follows a word of intent is meant, whatever its verb, unless it is said to be done.
    intended = [match.end() for match in _INTENT.finditer(before)]
    is_meant = bool(intended) and DONE_WORDS.search(before, intended[-1]) is None
    is_target = behind or listed or is_meant or (target >= 0 and target >= actual - 6)
    words = before + after
    is_stretch = STRETCH_WORDS.search(before) is not None or STRETCH_WORDS.search(after) is not None
    is_floor = FLOOR_WORDS.search(before) is not None or FLOOR_WORDS.search(after) is not None
    return Said(
        is_target,
        actual >= 0 and not is_target,
        DONE_WORDS.search(before) is not None and not is_target,
        is_stretch,
        is_floor,
        _WITHIN_MONTH.search(words) is not None,
        _FORECAST.search(before) is not None,
    )


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


class Bodies:
    """Whose figure a place speaks of: the county named before it, in its sentence, its line's opening or its heading."""

    def __init__(self, text: str, ledger: Ledger, *, writer: str = "") -> None:
        names = {name: body.key for body in ledger.organisations for name in body.all_names if name}
        ordered = sorted(names, key=len, reverse=True)
        self._home = ledger.home
        self._text = text
        self._keys = names
        pattern = re.compile("|".join([*map(re.escape, ordered), _HOME.pattern, _OWN.pattern]))
        self._own, self._nobody = self._writers(pattern, ledger, writer)
        self.found = [(match.start(), match.end(), self._key(match[0])) for match in pattern.finditer(text)]
        self._names = pattern

    def _writers(self, pattern: re.Pattern[str], ledger: Ledger, writer: str) -> tuple[str, str]:
        """Whom 我县 means, and whose a figure is that names nobody.

        The county that the title or the signature names (甲县关于…的报告) is both. Else 我县 is the one whose paper it is known
        to be, which also speaks where nobody is named, unless the paper speaks for the ledger's own body; else the only county
        that the text names. A city's 我县 that nobody can place is no city's figure: its key is empty.
        """
        named = self._titled(pattern) or self._signed()
        if named:
            return named, named
        is_known = writer != self._home and writer in self._keys.values()
        if is_known:
            is_own = _OWN.search(self._text) is not None or _HOME.search(self._text) is None
            return writer, writer if is_own and not self._is_titled_home(pattern) else self._home
        if len(ledger.organisations) == 1 or self._is_county(ledger):
            return self._home, self._home
        said = {self._keys.get(name) for name in pattern.findall(self._text)} - {None, self._home}
        return (next(iter(said)) or "" if len(said) == 1 else ""), self._home

    def _title(self) -> str:
        title = self._text.lstrip().split("\n")[0]
        return "" if len(title) > _TITLE or "。" in title else title

    def _titled(self, pattern: re.Pattern[str]) -> str:
        """Whom the title names, where it names one besides whose ledger it is."""
        others = {self._keys.get(name) for name in pattern.findall(self._title())} - {None, self._home}
        return next(iter(others)) or "" if len(others) == 1 else ""

    def _is_titled_home(self, pattern: re.Pattern[str]) -> bool:
        return any(self._key_of_home(name) for name in pattern.findall(self._title()))

    def _key_of_home(self, name: str) -> bool:
        return self._keys.get(name) == self._home or _HOME.fullmatch(name) is not None

    def _signed(self) -> str:
        """Who signs below the text, with or without a date under the name."""
        lines = [line.strip() for line in self._text.rstrip().split("\n")]
        if len(lines) > 1 and _SIGNED_ON.fullmatch(lines[-1]):
            lines.pop()
        key = self._keys.get(lines[-1], "") if len(lines) > 1 else ""
        return "" if key == self._home else key

    def _is_county(self, ledger: Ledger) -> bool:
        """Whether the ledger itself is a county's or a park's."""
        home = next((each for each in ledger.organisations if each.key == self._home), None)
        return home is not None and any(name.endswith(("县", "区")) for name in home.all_names)

    def _key(self, name: str) -> str:
        return self._keys.get(name) or (self._own if _OWN.fullmatch(name) else self._home)

    def strip(self, words: str) -> str:
        """The words without names of organisations."""
        return self._names.sub("", words)

    def of(
        self, statement: Statement, place: Place, others: Sequence[Statement], *, head: str = ""
    ) -> tuple[str, bool]:
        """The organisation's key, and whether the draft names it (else it is whose ledger this is).

        `head` is the head of the column in which the figure stands.
        """
        at = statement.value_span.start
        if (of_column := self._names.search(head)) is not None:
            return self._key(of_column[0]), True
        in_sentence = [each for each in self.found if place.sentence.start <= each[0] and each[1] <= at]
        if in_sentence:
            return self._shared(in_sentence, statement, place, others) or in_sentence[-1][2], True
        opening = self._text[place.line.start : place.line.start + 30]
        opened = [each for each in self.found if place.line.start <= each[0] < place.line.start + 12 and each[1] <= at]
        if opened and not _HOME.match(opening):
            return opened[0][2], True
        for heading in reversed(statement.headings):
            matches = list(self._names.finditer(heading))
            if matches:
                return self._key(matches[-1][0]), True
        return self._nobody, self._nobody != self._home

    def _shared(
        self,
        named: Sequence[tuple[int, int, str]],
        statement: Statement,
        place: Place,
        others: Sequence[Statement],
    ) -> str | None:
        """The name that stands at the place in its list that the number has in its own: 云湖区、澜江区分别为12家、9家."""
        at = statement.value_span.start
        run = [named[-1]]
        for later, earlier in pairwise(reversed(named)):
            if self._text[earlier[1] : later[0]].strip() not in ("、", "，", "和", "与", "及"):
                break
            run.insert(0, earlier)
        if len(run) < 2:
            return None
        numbers = [
            each.value_span.start
            for each in others
            if run[-1][1] <= each.value_span.start < place.sentence.end
            and not any(run[-1][1] <= start < each.value_span.start for start, _, _ in self.found)
        ]
        return run[numbers.index(at)][2] if len(numbers) >= len(run) and at in numbers[: len(run)] else None
