"""The declared rules for the status light of a target and of a task: the first that holds decides, and says why.

A rule is one object: a name, the light, the condition and the sentence. ``TARGET_RULES`` and ``TASK_RULES`` hold them in order of
precedence; the guide (docs/guide/lights.md) lists them likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from keshu.apps.plans.models import Light
from keshu.apps.plans.queries.amounts import Asked
from keshu.apps.plans.queries.courses import Course
from keshu.apps.plans.queries.outcomes import Outcome, rate, reach
from keshu.apps.plans.queries.wording import amount, chance, day_words, figure, foretold, since_words

# So far behind the share of time that has passed a target or task may lie (in parts of one).
PACE_MARGIN = Decimal("0.10")
# Less likely than this to be met is at risk.
LIKELY = Decimal("0.5")
# A share that has come so close to what is asked is on its way (in parts of one).
NEAR = Decimal("0.9")
# So long after the last day the final figures are waited for.
GRACE = timedelta(days=31)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A form of the last round that has fallen due, which is not signed: the round as spoken, whose, whether it is filed."""

    round: str
    office: str
    due_on: date
    is_filed: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at, as known on the day ``on``.

    ``first_on`` and ``last_on`` are the ends of the time there is; ``percent`` (0-100) is how far it has come as its people say;
    ``as_of`` the last day that figures or reports run to. Overdue notices and issues are counted when still open.
    ``final_due_on`` is the day on which the round that reports on the year's end falls due, known once the year is over.
    """

    on: date
    first_on: date | None
    last_on: date | None
    percent: int | None = None
    as_of: date | None = None
    unsigned: tuple[Unsigned, ...] = ()
    notices: int = 0
    issues: int = 0
    final_due_on: date | None = None

    @property
    def is_over(self) -> bool:
        return self.last_on is not None and self.on > self.last_on and not self.is_awaited

    @property
    def is_awaited(self) -> bool:
        """Whether the last day is past but the round that reports on it is not due yet, and has not brought its figures."""
        if self.last_on is None or self.final_due_on is None or self.on <= self.last_on:
            return False
        return self.on <= self.final_due_on and (self.as_of is None or self.as_of < self.last_on)

    @property
    def time_share(self) -> Decimal | None:
        """How much of the time had passed on ``as_of``, 0 to 1."""
        if self.first_on is None or self.last_on is None or self.as_of is None or self.last_on < self.first_on:
            return None
        passed = (min(self.as_of, self.last_on) - self.first_on).days + 1
        return max(Decimal(0), Decimal(passed) / ((self.last_on - self.first_on).days + 1))

    @property
    def reported(self) -> str:
        return "" if self.as_of is None else f"截至{day_words(self.as_of)}"


@dataclass(frozen=True, slots=True)
class TargetFacts(Facts):
    """Of a target also what is asked, what is reached, what the year began with, and what the outlook expects."""

    asked: Asked = field(default_factory=lambda: Asked(">=", None, None, "", "level"))
    course: Course = Course.STANDS
    value: Decimal | None = None
    base: Decimal | None = None
    probability: Decimal | None = None
    forecast: Decimal | None = None

    @property
    def figures(self) -> Asked:
        """The figure reached, as an amount that can be held against the target."""
        unit = "%" if self.asked.op == "all" and not self.asked.unit else self.asked.unit
        return Asked("=", self.value, None, unit, self.asked.measure, self.asked.per)

    @property
    def is_met(self) -> bool:
        """Whether the figure meets the target as it stands; where no figure can say, whether its people report 100 %."""
        if self.is_comparable:
            return reach(self.asked, self.figures)[0] in (Outcome.MET, Outcome.EXCEEDED)
        return self.percent == 100

    @property
    def is_comparable(self) -> bool:
        """Whether there is a figure and it can be held against the target."""
        return self.value is not None and reach(self.asked, self.figures)[0] != Outcome.UNJUDGED

    @property
    def can_be_judged(self) -> bool:
        """Whether it can be said that it was missed."""
        return (
            self.is_comparable
            or self.percent is not None
            or (self.asked.op == "breakthrough" and self.value is not None)
        )

    @property
    def end_decides(self) -> bool:
        """Whether a target that is met today may be missed at the end: limits, places, growth rates."""
        return self.asked.is_ceiling or self.course == Course.FLOATS or (self.asked.value or 0) < 0

    @property
    def is_ratio(self) -> bool:
        """A share that does not grow with the year (全覆盖 does), or so many for each of something with nothing to begin from."""
        is_density = self.course == Course.STANDS and bool(self.asked.per) and self.base is None
        return self.is_comparable and self.asked.op != "all" and (self.course == Course.SHARE or is_density)

    @property
    def has_final_figures(self) -> bool:
        return self.is_over and self.as_of is not None and self.last_on is not None and (
            self.as_of >= self.last_on or self.on > self.last_on + GRACE
        )  # fmt: skip

    @property
    def share(self) -> Decimal | None:
        """How much of the way is done, 0 upwards, from what the year began with; of a limit, how much is used."""
        if not self.is_comparable:
            return None if self.percent is None else Decimal(self.percent) / 100
        goal = self.asked.value if self.asked.op != "all" else self.asked.value or Decimal(100)
        if goal is None or goal <= 0 or self.value is None or self.course == Course.FLOATS:
            return None
        if (start := self.start) is not None:
            return (self.value - start) / (goal - start)
        return self.value / goal

    @property
    def start(self) -> Decimal | None:
        """Where a stock that is to rise stood at the end of last year; None where the way is not measured from there."""
        goal, is_risen_to = self.asked.value, self.course == Course.STANDS and not self.asked.is_ceiling
        return self.base if is_risen_to and self.base is not None and goal is not None and self.base < goal else None

    @property
    def rate_pct(self) -> Decimal | None:
        """What is reached in per cent of what is asked; of a target without a number, what its people say."""
        if self.value is None or self.asked.value is None:
            return None if self.percent is None else Decimal(self.percent)
        return rate(self.asked, self.figures)

    @property
    def reached_words(self) -> str:
        """截至3月底累计82家."""
        if self.value is None:
            return f"{self.reported}完成进度{self.percent}%"
        verb = "累计" if self.course == Course.ACCRUES else "为"
        return f"{self.reported}{verb}{amount(self.value, unit=self.figures.unit, per=self.asked.per)}"

    @property
    def goal_words(self) -> str:
        return amount(self.asked.value, self.asked.value_high, unit=self.asked.unit, per=self.asked.per) or "目标"


@dataclass(frozen=True, slots=True)
class TaskFacts(Facts):
    """Of a task also how the work beneath it stands, where it has no report of its own."""

    has_report: bool = False
    beneath: Mapping[str, int] = field(default_factory=dict)

    def has_beneath(self, *lights: Light) -> bool:
        return not self.has_report and any(self.beneath.get(light) for light in lights)


F = TypeVar("F", bound=Facts)


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """When ``holds``, the light is ``light`` and ``sentence`` says why. The name is for people who set up and ask."""

    name: str
    light: Light
    holds: Callable[[F], bool]
    sentence: Callable[[F], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A light, the sentence, and the rule that spoke."""

    light: Light
    reason: str
    rule: str


def judge(facts: F, rules: Sequence[Rule[F]]) -> Verdict:
    """The first rule that holds; the last of each catalogue always does. Where final figures are waited for, it says so."""
    rule = next(rule for rule in rules if rule.holds(facts))
    reason = rule.sentence(facts)
    if facts.is_awaited and facts.final_due_on is not None:
        reason += f"；年末数{day_words(facts.final_due_on)}截止报送，目前按已有数据判断"
    return Verdict(rule.light, reason, rule.name)


# --- conditions that several rules share


def _is_behind(facts: Facts, share: Decimal | None) -> bool:
    due = facts.time_share
    return share is not None and due is not None and share < due - PACE_MARGIN


def _uses_too_much(facts: TargetFacts) -> bool:
    """Of a limit on what accrues: more is used than time has passed."""
    share, due = facts.share, facts.time_share
    is_limit = facts.asked.is_ceiling and facts.course == Course.ACCRUES
    return is_limit and share is not None and due is not None and share > due + PACE_MARGIN


def _falls_short(facts: TargetFacts) -> bool:
    """Of what must hold at the end: it does not hold today."""
    return facts.is_comparable and (facts.end_decides or facts.share is None) and not facts.is_met


def _pct(share: Decimal | None) -> str:
    return "" if share is None else f"{figure(round(share * 100))}%"


def _paced(facts: TargetFacts) -> str:
    """截至3月底累计82家，应达时间进度25%，实际41%; of a stock 截至3月底为305家，比上年末300家增加5家，应达…."""
    since = since_words(facts.value, facts.start, unit=facts.figures.unit, per=facts.asked.per)
    return f"{facts.reached_words}{since}，应达时间进度{_pct(facts.time_share)}，实际{_pct(facts.share)}"


def _unsigned_words(facts: Facts) -> str:
    forms = facts.unsigned
    offices = "、".join(dict.fromkeys(form.office for form in forms[:3])) + ("等" if len(forms) > 3 else "")
    what = "已报待审签" if all(form.is_filed for form in forms) else "未报"
    return f"{forms[0].round}调度{day_words(forms[0].due_on)}截止，{offices}{what}"


def _overdue_words(facts: Facts) -> str:
    return f"{facts.last_on:%Y-%m-%d} 已到期，"


def _outlook_words(facts: TargetFacts) -> str:
    ahead = "" if facts.forecast is None else foretold(facts.forecast, unit=facts.figures.unit, per=facts.asked.per)
    return f"{facts.reached_words}，{ahead and f'预计年末{ahead}，'}完成{facts.goal_words}的可能性{chance(facts.probability)}"


# --- the catalogues

TARGET_RULES: tuple[Rule[TargetFacts], ...] = (
    Rule(
        "完成",
        Light.DONE,
        lambda f: f.is_met and (not f.end_decides or f.has_final_figures),
        lambda f: f"{f.reached_words}，已达到{f.goal_words}" + (f"（{_pct(f.rate_pct / 100)}）" if f.rate_pct else ""),
    ),
    Rule(
        "超出限值",
        Light.MISSED,
        lambda f: f.asked.is_ceiling and f.course == Course.ACCRUES and f.is_comparable and not f.is_met,
        lambda f: f"{f.reached_words}，已超出限值{f.goal_words}",
    ),
    Rule(
        "到期未完成",
        Light.MISSED,
        lambda f: f.has_final_figures and f.can_be_judged and not f.is_met,
        lambda f: f"{_overdue_words(f)}{f.reached_words}，没有达到{f.goal_words}",
    ),
    Rule(
        "到期待判定",
        Light.UNKNOWN,
        lambda f: f.has_final_figures and f.value is not None and not f.can_be_judged,
        lambda f: f"{_overdue_words(f)}{f.reached_words}，目标没有可比的数，请人工判定",
    ),
    Rule(
        "到期无数据",
        Light.LATE,
        lambda f: f.is_over and (f.value is None and f.percent is None),
        lambda f: f"{_overdue_words(f)}还没有审签的完成数",
    ),
    Rule("未按期填报", Light.LATE, lambda f: bool(f.unsigned), _unsigned_words),
    Rule(
        "到期待终报", Light.LATE, lambda f: f.is_over, lambda f: f"{_overdue_words(f)}{f.reached_words}，等待期末完成数"
    ),
    Rule("督办逾期", Light.AT_RISK, lambda f: f.notices > 0, lambda f: f"有 {f.notices} 件督办单逾期未办结"),
    Rule("问题逾期", Light.AT_RISK, lambda f: f.issues > 0, lambda f: f"有 {f.issues} 个问题逾期未整改"),
    Rule(
        "预计难以完成",
        Light.AT_RISK,
        lambda f: f.probability is not None and f.probability < LIKELY and f.value is not None,
        _outlook_words,
    ),
    Rule("预计能完成", Light.ON_TRACK, lambda f: f.probability is not None and f.value is not None, _outlook_words),
    Rule("限值用得过快", Light.AT_RISK, _uses_too_much, _paced),
    Rule(
        "目前未达到",
        Light.AT_RISK,
        _falls_short,
        lambda f: f"{f.reached_words}，{'超出' if f.asked.is_ceiling else '低于'}目标{f.goal_words}",
    ),
    Rule(
        "目前达到",
        Light.ON_TRACK,
        lambda f: f.is_met and f.end_decides,
        lambda f: f"{f.reached_words}，目前符合目标{f.goal_words}，以期末数为准",
    ),
    Rule(
        "占比差距大",
        Light.AT_RISK,
        lambda f: f.is_ratio and f.share is not None and f.share < NEAR,
        lambda f: f"{f.reached_words}，距目标{f.goal_words}差距较大",
    ),
    Rule(
        "占比接近",
        Light.ON_TRACK,
        lambda f: f.is_ratio and f.share is not None,
        lambda f: f"{f.reached_words}，接近目标{f.goal_words}",
    ),
    Rule("落后于时间进度", Light.AT_RISK, lambda f: _is_behind(f, f.share), _paced),
    Rule("符合时间进度", Light.ON_TRACK, lambda f: f.share is not None and f.time_share is not None, _paced),
    Rule("已报进展", Light.ON_TRACK, lambda f: f.value is not None, lambda f: f"{f.reached_words}，没有可比的进度"),
    Rule("没有数据", Light.UNKNOWN, lambda f: True, lambda f: "还没有审签的完成数"),
)

TASK_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule("完成", Light.DONE, lambda f: f.percent == 100, lambda f: f"{f.reported}完成进度100%"),
    Rule(
        "到期未完成",
        Light.LATE,
        lambda f: f.is_over and (f.has_report or not f.beneath),
        lambda f: _overdue_words(f) + (f"完成进度{f.percent}%" if f.percent is not None else "没有报告完成"),
    ),
    Rule("未按期填报", Light.LATE, lambda f: bool(f.unsigned), _unsigned_words),
    Rule("督办逾期", Light.AT_RISK, lambda f: f.notices > 0, lambda f: f"有 {f.notices} 件督办单逾期未办结"),
    Rule("问题逾期", Light.AT_RISK, lambda f: f.issues > 0, lambda f: f"有 {f.issues} 个问题逾期未整改"),
    Rule(
        "落后于时间进度",
        Light.AT_RISK,
        lambda f: f.percent is not None and _is_behind(f, Decimal(f.percent) / 100),
        lambda f: f"{f.reported}应达时间进度{_pct(f.time_share)}，实际{f.percent}%",
    ),
    Rule(
        "符合时间进度",
        Light.ON_TRACK,
        lambda f: f.percent is not None,
        lambda f: f"{f.reported}应达时间进度{_pct(f.time_share)}，实际{f.percent}%",
    ),
    Rule("已报进展", Light.ON_TRACK, lambda f: f.has_report, lambda f: f"{f.reported}已报进展，没有填完成进度"),
    Rule(
        "下级滞后",
        Light.LATE,
        lambda f: f.has_beneath(Light.LATE, Light.MISSED),
        lambda f: f"下一级任务：{_beneath_words(f)}",
    ),
    Rule(
        "下级有风险",
        Light.AT_RISK,
        lambda f: f.has_beneath(Light.AT_RISK),
        lambda f: f"下一级任务：{_beneath_words(f)}",
    ),
    Rule(
        "下级均完成",
        Light.DONE,
        lambda f: f.has_beneath(Light.DONE) and set(f.beneath) == {Light.DONE},
        lambda f: f"下一级任务：{_beneath_words(f)}",
    ),
    Rule(
        "下级推进中",
        Light.ON_TRACK,
        lambda f: f.has_beneath(Light.DONE, Light.ON_TRACK),
        lambda f: f"下一级任务：{_beneath_words(f)}",
    ),
    Rule("没有数据", Light.UNKNOWN, lambda f: True, lambda f: "还没有审签的进展"),
)


def _beneath_words(facts: TaskFacts) -> str:
    return "、".join(f"{Light(light).label} {count} 项" for light, count in facts.beneath.items() if count)
