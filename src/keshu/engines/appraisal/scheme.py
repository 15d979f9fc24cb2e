"""The scheme (考核办法): which rules there are, what each weighs, how it is counted, and where the grades begin.

Every number is an exact fraction; points are out of 100 over all rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

WHOLE = Fraction(100)
MOST_RULES = 12
MOST_ITEMS = 20
ONE = Fraction(1)


class Kind(StrEnum):
    """What a rule looks at."""

    TIMELY = "timely"
    QUALITY = "quality"
    GOALS = "goals"
    TASKS = "tasks"
    NOTICES = "notices"
    ISSUES = "issues"
    MARKS = "marks"


class Counting(StrEnum):
    """How what was done becomes points. ``MARKS`` is for marks that people give, and for these alone."""

    SHARE = "share"
    DEDUCT = "deduct"
    TIERS = "tiers"
    MARKS = "marks"


class Absence(StrEnum):
    """What becomes of a rule's points where an organisation has nothing that is counted by it."""

    SPREAD = "spread"
    FULL = "full"


_WORDS: dict[StrEnum, str] = {
    Kind.TIMELY: "按时报送", Kind.QUALITY: "报送质量", Kind.GOALS: "目标完成", Kind.TASKS: "任务完成", Kind.NOTICES: "督办办理",
    Kind.ISSUES: "问题整改", Kind.MARKS: "质量加减分", Counting.SHARE: "按比例计分", Counting.DEDUCT: "逐项扣分",
    Counting.TIERS: "分档计分", Counting.MARKS: "起评分加减", Absence.SPREAD: "按其他指标折算", Absence.FULL: "计满分",
}  # fmt: skip


def word(each: Kind | Counting | Absence) -> str:
    """As it is called on screen."""
    return _WORDS[each]


@dataclass(frozen=True, slots=True)
class Tier:
    """From this share (0 to 1) on, this part (0 to 1) of the rule's points."""

    at_least: Fraction
    part: Fraction


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the scheme.

    ``weight`` are its points out of 100. ``late`` is what something done late counts (0 to 1). ``cap`` is the most that one
    target counts (1: no more than reached). ``each`` are the points deducted per occurrence, down to ``least``. ``start`` are
    the points that an organisation without marks has.
    """

    key: str
    name: str
    kind: Kind
    weight: Fraction
    counting: Counting = Counting.SHARE
    absence: Absence = Absence.SPREAD
    late: Fraction = Fraction(0)
    cap: Fraction = ONE
    each: Fraction = Fraction(0)
    least: Fraction = Fraction(0)
    tiers: tuple[Tier, ...] = ()
    start: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (优秀、良好…) and the points from which it is given."""

    name: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules in the order of the paper, and the grades, the best first.

    Whoever has fewer targets and tasks together than ``least_items`` is scored, but stands apart from the ranking (0: nobody).
    """

    rules: tuple[Rule, ...]
    grades: tuple[Grade, ...] = ()
    least_items: int = 0

    def grade_of(self, total: Fraction) -> str:
        return next((grade.name for grade in self.grades if total >= grade.at_least), "")

    def rule(self, key: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.key == key), None)


def flaws(scheme: Scheme) -> tuple[str, ...]:
    """What is wrong with a scheme, in sentences that say how to mend it; empty for a sound one."""
    return (
        *_flaws_of_all(scheme),
        *(flaw for rule in scheme.rules for flaw in _flaws_of(rule)),
        *_flaws_of_grades(scheme),
    )


def _flaws_of_all(scheme: Scheme) -> Iterator[str]:
    if not scheme.rules:
        yield "考核办法至少要有一条指标。"
        return
    if len(scheme.rules) > MOST_RULES:
        yield f"指标有 {len(scheme.rules)} 条，最多 {MOST_RULES} 条。"
    total = sum((rule.weight for rule in scheme.rules), Fraction(0))
    if total != WHOLE:
        yield f"各指标的分值合计 {_told(total)} 分，应为 100 分。"
    if all(rule.kind == Kind.MARKS for rule in scheme.rules):
        yield "只有加减分不能考核，请至少保留一条按台账计算的指标。"
    if not 0 <= scheme.least_items <= MOST_ITEMS:
        yield f"参与排名至少要有 {scheme.least_items} 项目标、任务，请填 0 到 {MOST_ITEMS} 的整数。"
    keys = [rule.key for rule in scheme.rules]
    if len(set(keys)) < len(keys):
        yield "有两条指标用了同一个编号，请刷新页面再试。"
    names = [rule.name for rule in scheme.rules]
    yield from (f"有两条指标都叫“{name}”，请改名。" for name in dict.fromkeys(names) if names.count(name) > 1)


def _flaws_of(rule: Rule) -> Iterator[str]:
    if not rule.name.strip():
        yield "有一条指标没有名称。"
    if not 0 < rule.weight <= WHOLE:
        yield f"指标“{rule.name}”的分值是 {_told(rule.weight)}，请填大于 0、不超过 100 的数。"
    if (rule.kind == Kind.MARKS) != (rule.counting == Counting.MARKS):
        yield f"指标“{rule.name}”：{word(rule.kind)}不能{word(rule.counting)}。"
    if not 0 <= rule.late <= 1:
        yield f"指标“{rule.name}”：迟做的按 {_told(rule.late * 100)}% 计，请填 0 到 100。"
    if not 1 <= rule.cap <= 2:
        yield f"指标“{rule.name}”：单项最高计 {_told(rule.cap * 100)}%，请填 100 到 200。"
    if rule.counting == Counting.DEDUCT and not 0 < rule.each <= rule.weight:
        yield f"指标“{rule.name}”：每项扣 {_told(rule.each)} 分，请填大于 0、不超过分值的数。"
    if not 0 <= rule.least <= rule.weight:
        yield f"指标“{rule.name}”：最低 {_told(rule.least)} 分，请填 0 到分值之间的数。"
    if not 0 <= rule.start <= rule.weight:
        yield f"指标“{rule.name}”：起评分 {_told(rule.start)} 分，请填 0 到分值之间的数。"
    if rule.counting == Counting.TIERS:
        yield from _flaws_of_tiers(rule)


def _flaws_of_tiers(rule: Rule) -> Iterator[str]:
    tiers = rule.tiers
    if not tiers:
        yield f"指标“{rule.name}”：请填写分档，例如 90%以上计100%。"
        return
    if any(not 0 <= each <= 1 for tier in tiers for each in (tier.at_least, tier.part)):
        yield f"指标“{rule.name}”：分档的比例都应在 0 到 100 之间。"
    falls = any(above.at_least <= below.at_least or above.part < below.part for above, below in pairwise(tiers))
    if falls:
        yield f"指标“{rule.name}”：分档应从高到低排列，低档的得分不能高于高档。"
    if tiers[0].part != 1:
        yield f"指标“{rule.name}”：最高一档应计 100%。"


def _flaws_of_grades(scheme: Scheme) -> Iterator[str]:
    lines = [grade.at_least for grade in scheme.grades]
    if any(not 0 <= line <= WHOLE for line in lines):
        yield "等次的分数线应在 0 到 100 之间。"
    if any(above <= below for above, below in pairwise(lines)):
        yield "等次应从高到低排列，分数线逐档降低。"
    if lines and lines[-1] != 0:
        yield f"最后一个等次“{scheme.grades[-1].name}”的分数线应为 0，否则有的单位评不出等次。"
    if any(not grade.name.strip() for grade in scheme.grades):
        yield "有一个等次没有名称。"


def _told(number: Fraction) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
