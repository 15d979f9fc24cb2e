"""调度进度: the rounds of a plan, one round office by office, and its forms as a ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInRound, CheckInState, Part, Rhythm, WorkPlan
from keshu.apps.plans.queries.checkin_pages.lines import PART_WORDS, STATE_MARKS, figure_of
from keshu.apps.plans.queries.checkins.forms import Counts
from keshu.apps.plans.queries.checkins.progress import OfficeProgress, RoundProgress, round_progress, rounds_of_plan
from keshu.apps.plans.queries.checkins.schedule import Schedule, schedule_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.kernel.workdays import WorkCalendar

# What falls due within so many days is for this week.
WEEK = timedelta(days=7)
# Steps of escalation as ``CheckIn.told`` counts them.
STEPS = ((1, "填报人"), (2, "单位负责人"), (3, "规划办公室"), (4, "局领导"))


@dataclass(frozen=True, slots=True)
class RoundList:
    """The plan's rounds that are open or past, the latest first, and its rhythm with what is to come (None: none yet)."""

    rounds: tuple[RoundProgress, ...]
    rhythm: Rhythm | None
    schedule: Schedule | None

    @property
    def next_round(self) -> Any:
        return self.schedule.ahead[0] if self.schedule and self.schedule.ahead and self.rhythm.is_running else None  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many late forms have been told up to a step, and no further."""

    step: int
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One organisation's row: its counts and how far up its lateness has been told."""

    progress: OfficeProgress
    told: str

    @property
    def mark(self) -> Mark:
        return round_mark(self.progress.counts, is_closed=False)


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round with its sums over the organisations that may be seen."""

    row: CheckInRound
    counts: Counts
    offices: tuple[OfficeLine, ...]
    steps: tuple[StepCount, ...]

    @property
    def finding(self) -> str:
        """The state of the round in a sentence."""
        counts = self.counts
        if not counts.asked:
            return "本期没有要填报的事项。"
        done = sum(line.progress.counts.unfiled == 0 for line in self.offices)
        said = f"应报 {counts.asked} 项，已报 {counts.reported} 项（{counts.reported * 100 // counts.asked}%）"
        return f"{said}；{len(self.offices)} 个单位中 {done} 个已报齐。"


def round_list(plan: WorkPlan, *, user: User, on: date, calendar: WorkCalendar) -> RoundList:
    """The rounds of a plan. Four queries."""
    rhythm = Rhythm.objects.filter(plan=plan).select_related("plan").first()
    schedule = None if rhythm is None else schedule_of(rhythm, calendar=calendar)
    return RoundList(rounds_of_plan(plan, user=user, on=on), rhythm, schedule)


def round_page(row: CheckInRound, *, user: User, on: date, with_steps: bool = True) -> RoundPage:
    """One round office by office, the latest first. Three queries, two without how far lateness has been told."""
    offices = round_progress(row, user=user, on=on)
    told = _told(row, [each.office.id for each in offices], on=on) if with_steps else {}
    lines = [OfficeLine(each, _furthest(told.get(each.office.id, {}))) for each in offices]
    lines.sort(key=lambda line: (-line.progress.counts.late, -line.progress.counts.unfiled))
    sums = Counts(*(sum(each) for each in zip(*(line.progress.counts for line in lines), strict=True)))
    steps = tuple(
        StepCount(step, label, count)
        for step, label in STEPS
        if (count := sum(of_office.get(step, 0) for of_office in told.values()))
    )
    return RoundPage(row, sums, tuple(lines), steps)


def current_round(plan: WorkPlan, *, user: User, on: date) -> RoundProgress | None:
    """The round that runs now: the open one that falls due next, else the last that is open, else the last. Two queries."""
    rows = rounds_of_plan(plan, user=user, on=on)
    running = [each for each in rows if each.round.closed_at is None]
    ahead = [each for each in running if each.round.due_on >= on]
    return ahead[-1] if ahead else next(iter(running or rows), None)


def round_mark(counts: Counts, *, is_closed: bool) -> Mark:
    """The state of a round, or of an organisation in it."""
    if is_closed:
        return Mark("已办结", Tone.DONE)
    if counts.late:
        return Mark(f"逾期 {counts.late} 项", Tone.LATE)
    if counts.unfiled:
        return Mark(f"未报 {counts.unfiled} 项", Tone.AT_RISK)
    if counts.filed:
        return Mark(f"待审签 {counts.filed} 项", Tone.ON_TRACK)
    return Mark("已报齐", Tone.DONE)


def round_rows(row: CheckInRound, *, user: User) -> QuerySet[CheckIn]:
    """The round's forms the person may see: their own organisations', and what others have signed."""
    return _with_subjects(CheckIn.objects.visible_to(user).filter(round=row))


def plan_rows(plan: WorkPlan, *, user: User) -> QuerySet[CheckIn]:
    """The forms of all rounds of a plan that the person may see, the latest round first."""
    rounds = CheckInRound.objects.filter(plan=plan)
    found = _with_subjects(CheckIn.objects.visible_to(user).filter(round__in=rounds))
    return found.order_by("-round__last_on", *found.query.order_by)


def form_offices(plan: WorkPlan, *, user: User) -> tuple[tuple[str, str], ...]:
    """The organisations that were asked in a plan's rounds and whose forms the person may see. Two queries."""
    rows = CheckIn.objects.visible_to(user).filter(round__in=CheckInRound.objects.filter(plan=plan))
    found = refs_of(rows.order_by().values_list("organisation_id", flat=True).distinct())
    return tuple((str(pk), str(ref)) for pk, ref in found.items())


def _with_subjects(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    related = rows.select_related("organisation", "target__node", "node", "filed_by", "signed_by", "round")
    heavy = ("target__reading", "target__node__reading", "node__reading")
    return (
        related.defer(*heavy)
        .annotate(place=Coalesce("target__node__position", "node__position"))
        .order_by("place", F("target__position").asc(nulls_first=True), "part", "organisation__position", "pk")
    )


def plan_forms_ledger(*, on: date, offices: Sequence[tuple[str, str]], rounds: Sequence[tuple[str, str]]) -> Ledger:
    """The forms of all rounds as a ledger: what is to be filed, to be signed, late; of open rounds, as the cockpit counts."""
    late = Q(state__in=UNFILED, due_on__lt=on, round__closed_at=None)
    week = Q(state__in=UNFILED, due_on__lte=on + WEEK, round__closed_at=None)
    past = ~Q(state=CheckInState.EXCUSED) & Q(due_on__lt=on)
    one = forms_ledger(on=on, offices=offices)
    return replace(
        one,
        key="plans.all_checkins",
        columns=(Column("round", "期次", value=lambda row: row.round.label, sort="round__last_on", width=100), *one.columns),
        filters=(
            Filter("round", "期次", choices=rounds, field="round_id"),
            *(each for each in one.filters if each.key != "late"),
            Filter("late", "逾期未报", FilterKind.BOOL, apply=_holding(late), more=True),
            Filter("week", "一周内须报", FilterKind.BOOL, apply=_holding(week), more=True),
            Filter("past", "已到截止日期", FilterKind.BOOL, apply=_holding(past), more=True),
        ),
        figures=(),
        keep=("plan",),
    )  # fmt: skip


def forms_ledger(*, on: date, offices: Sequence[tuple[str, str]]) -> Ledger:
    """The forms of a round as a ledger; its export is the table the planning office keeps."""
    late = Q(state__in=UNFILED, due_on__lt=on)
    asks = ~Q(problems="") | ~Q(help_needed="")
    return Ledger(
        key="plans.checkins",
        noun="填报",
        columns=(
            Column("subject", "事项", value=subject_of, sort="place", width=190, wrap=True),
            Column("organisation", "单位", sort="organisation__position", width=88, wrap=True),
            Column("part", "责任", value=lambda row: PART_WORDS[row.part], sort="part", width=70),
            Column("figure", "完成情况", value=figure_of, width=92),
            Column("progress", "进展情况", width=268, wrap=True),
            Column("problems", "存在问题", width=150, wrap=True),
            Column("help_needed", "需协调事项", width=130, wrap=True),
            Column("state", "状态", ColumnKind.STATE, marks=STATE_MARKS, sort="state", width=96),
            Column("due_on", "截止日期", ColumnKind.DATE, sort="due_on", width=106, default=False),
            Column("filed_by", "填报人", value=lambda row: str(row.filed_by or ""), width=90, default=False),
            Column("signed_by", "审签人", value=lambda row: str(row.signed_by or ""), width=90, default=False),
            Column("kind", "类别", value=lambda row: "任务" if row.target_id is None else "目标", width=64, default=False),
        ),
        filters=(
            Filter("state", "状态", FilterKind.MULTI, choices=CheckInState.choices, field="state"),
            Filter("office", "单位", choices=offices, field="organisation_id"),
            Filter("part", "责任", choices=Part.choices, field="part"),
            Filter("late", "逾期", FilterKind.BOOL, apply=_holding(late), more=True),
            Filter("asks", "有问题或需协调", FilterKind.BOOL, apply=_holding(asks), more=True),
        ),
        search=("target__indicator", "node__heading", "progress", "problems", "help_needed"),
        search_hint="查找事项、进展",
        figures=(
            Figure("全部"),
            Figure("未报", Q(state__in=UNFILED), {"state": "open,returned"}, tone=Tone.AT_RISK),
            Figure("逾期", late, {"late": "1"}, tone=Tone.LATE),
            Figure("待审签", Q(state=CheckInState.FILED), {"state": "filed"}, tone=Tone.ON_TRACK),
            Figure("已审签", Q(state=CheckInState.SIGNED), {"state": "signed"}, tone=Tone.DONE),
            Figure("有问题或需协调", asks, {"asks": "1"}, tone=Tone.AT_RISK),
        ),
        drawer=lambda row: reverse("plans:checkin-drawer", args=[row.pk]),
        page=lambda row: reverse("plans:checkin-detail", args=[row.pk]),
        keep=("tab",),
        size=50,
    )  # fmt: skip


def _holding(where: Q) -> Callable[[QuerySet[Any], bool], QuerySet[Any]]:
    """A filter that keeps the rows which meet the condition, or those which do not."""
    return lambda rows, value: rows.filter(where if value else ~where)


def subject_of(row: CheckIn) -> str:
    return row.target.indicator if row.target is not None else str(row.node)


def _told(row: CheckInRound, office_ids: Sequence[int], *, on: date) -> dict[int, dict[int, int]]:
    """Of each organisation how many late forms have been told up to which step. One query."""
    late = CheckIn.objects.filter(round=row, organisation_id__in=office_ids).late(on).order_by()
    found: dict[int, dict[int, int]] = {}
    for pk, told, count in late.values_list("organisation_id", "told").annotate(n=Count("pk")):
        found.setdefault(pk, {})[told] = count
    return found


def _furthest(told: dict[int, int]) -> str:
    return dict(STEPS).get(max(told, default=0), "")
