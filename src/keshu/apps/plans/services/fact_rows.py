"""The facts of a plan at a period's end as values: what bulletins are composed from and keep.

Everything in them is text, whole numbers or truth, so that they can be kept as JSON and read again without loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keshu.apps.plans.queries.wording import period_text
from keshu.kernel.counting import half_up

RATES = ("%", "‰", "百分点")


@dataclass(frozen=True, slots=True)
class CountyShare:
    """What one county or park reported of a target, for the year so far."""

    name: str
    value: str
    check_in_id: int


@dataclass(frozen=True, slots=True)
class TargetFact:
    """One target. Numbers are decimal text in ``unit``; ``percent`` of the floor; ``growth`` against a year before.

    ``growth`` is in per cent, of rates in percentage points (``growth_unit``). ``source`` says where ``value`` comes from.
    ``part`` is the heading within the chapter; ``reached_on`` the day by which a sum had come to what is asked.
    """

    id: int
    indicator: str
    asked: str
    unit: str
    per: str
    value: str
    told: str
    as_of: str
    percent: str
    last_year: str
    growth: str
    growth_unit: str
    light: str
    reason: str
    forecast: str
    chance: str
    leads: str
    chapter: str
    source: str
    check_in_id: int | None
    counties: tuple[CountyShare, ...] = ()
    part: str = ""
    reached_on: str = ""

    @property
    def has_share(self) -> bool:
        """Whether one says how much of it is done: of counts and sums, not of rates nor of so many a month."""
        return bool(self.percent) and self.unit not in RATES and not self.per


@dataclass(frozen=True, slots=True)
class TaskFact:
    """One task: how far its people say it has come, and in what words. ``part`` is the heading within the chapter."""

    id: int
    title: str
    chapter: str
    leads: str
    percent: str
    light: str
    reason: str
    words: str
    problems: str
    help_needed: str
    deadline: str
    due_on: str
    check_in_id: int | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class OfficeFact:
    """One organisation in the period: forms, notices; and of the targets and tasks it leads, how many show which light."""

    id: int
    name: str
    kind: str
    asked: int
    on_time: int
    late: int
    missing: int
    led: int
    done: int
    behind: int
    notices: int
    notices_closed: int
    notices_late: int

    @property
    def rate(self) -> Decimal | None:
        """Reported on time, in per cent of what was asked."""
        return None if not self.asked else half_up(Decimal(100 * self.on_time) / self.asked, 1)


@dataclass(frozen=True, slots=True)
class IssueFact:
    """A problem that was open at the period's end or closed in it."""

    id: int
    title: str
    owner: str
    measure: str
    due_on: str
    is_closed: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A plan at the end of a period."""

    plan_id: int
    plan_title: str
    issuer: str
    year: int
    period: str
    until: str
    is_demo: bool
    targets: tuple[TargetFact, ...]
    tasks: tuple[TaskFact, ...]
    offices: tuple[OfficeFact, ...]
    issues: tuple[IssueFact, ...]
    rounds: int
    notices_issued: int
    notices_closed: int
    notices_open: int
    notices_late: int

    @property
    def period_words(self) -> str:
        return period_text(self.period)


def facts_from(kept: Mapping[str, Any]) -> PeriodFacts:
    """The facts as ``dataclasses.asdict`` and JSON have kept them."""
    parts: dict[str, Any] = {
        "targets": tuple(
            TargetFact(**each | {"counties": tuple(CountyShare(**share) for share in each["counties"])})
            for each in kept["targets"]
        ),
        "tasks": tuple(TaskFact(**each) for each in kept["tasks"]),
        "offices": tuple(OfficeFact(**each) for each in kept["offices"]),
        "issues": tuple(IssueFact(**each) for each in kept["issues"]),
    }
    return PeriodFacts(**{**kept, **parts})
