"""The list of meetings, and one with its agenda by section and its decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import (
    AgendaItem,
    AgendaSection,
    CheckIn,
    Decision,
    Issue,
    Meeting,
    MeetingState,
    PlanNode,
    SupervisionNotice,
    WorkPlan,
)
from keshu.apps.plans.queries.meetings.agenda import UNFOLDED, OfficeReport, reports_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# Where no meeting was held yet, what the last month brought is new.
FIRST_DAYS = 31
# What a line of the agenda can come from, with its page; the first that the reader may see is linked.
SOURCES: tuple[tuple[str, Any, str], ...] = (
    ("notice", SupervisionNotice, "plans:supervision-detail"),
    ("issue", Issue, "plans:issue-detail"),
    ("check_in", CheckIn, "plans:checkin-detail"),
)
# What a decision can have become, with its page.
MADE_OF: tuple[tuple[str, Any, str, str, str], ...] = (
    ("task", PlanNode, "plans:task-detail", "list-tree", "任务"),
    ("notice", SupervisionNotice, "plans:supervision-detail", "report", "督办单"),
    ("issue", Issue, "plans:issue-detail", "list-check", "问题"),
)
MEETING_MARKS = {
    MeetingState.PREPARING.value: Mark("准备中", Tone.ON_TRACK),
    MeetingState.HELD.value: Mark("已召开", Tone.DONE),
    MeetingState.CANCELLED.value: Mark("已取消"),
}


def meeting_rows(user: User) -> QuerySet[Any]:
    """Meetings the person may see, with how many lines and decisions each has."""
    rows = Meeting.objects.visible_to(user).select_related("organisation", "plan", "called_by")
    return rows.annotate(
        item_count=_count(AgendaItem.objects.visible_to(user).filter(is_kept=True)),
        decision_count=_count(Decision.objects.visible_to(user)),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    own = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


MEETINGS = Ledger(
    key="plans.meetings",
    noun="办公会",
    columns=(
        Column("held_on", "日期", ColumnKind.DATE, sort="held_on", width=120),
        Column(
            "title", "会议", ColumnKind.LINK, link=lambda row: reverse("plans:meeting-detail", args=[row.pk]),
            sort="title", width=320, wrap=True,
        ),
        Column("organisation", "召集单位", sort="organisation__position", width=140),
        Column("plan", "工作要点", value=lambda row: row.plan.title, width=260, wrap=True, default=False),
        Column("item_count", "议题", ColumnKind.NUMBER, width=80),
        Column("decision_count", "议定事项", ColumnKind.NUMBER, width=100),
        Column("called_by", "准备人", sort="called_by__name", width=100),
        Column("state", "状态", ColumnKind.STATE, marks=MEETING_MARKS, sort="state", width=110),
    ),
    filters=(
        Filter("state", "状态", FilterKind.MULTI, choices=MeetingState.choices, field="state"),
        Filter("held", "召开日期", FilterKind.DATE_RANGE, field="held_on"),
    ),
    search=("title", "plan__title"),
    search_hint="会议名称",
    figures=(
        Figure("全部", unit="次"),
        Figure("准备中", Q(state=MeetingState.PREPARING), {"state": "preparing"}, unit="次", tone=Tone.ON_TRACK),
        Figure("已召开", Q(state=MeetingState.HELD), {"state": "held"}, unit="次", tone=Tone.DONE),
    ),
    page=lambda row: reverse("plans:meeting-detail", args=[row.pk]),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SectionLines:
    """A section of the agenda: the lines it keeps, in order, office by office, and those dropped.

    What is asked about a late or endangered matter is kept here but heard with the line of that matter, in its section.
    """

    key: str
    label: str
    kept: tuple[AgendaItem, ...]
    reports: tuple[OfficeReport, ...]
    dropped: tuple[AgendaItem, ...]

    @property
    def elsewhere(self) -> str:
        """Where the lines are that the section counts and does not list."""
        count = len(self.kept) - sum(len(report.lines) for report in self.reports)
        rest = "另有" if self.reports else "这"
        return f"{rest}{count}项是上列滞后、有风险事项请求协调的，随该事项一并汇报。" if count else ""


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a decision became; without an address where the person may not see it."""

    label: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting ready for its page and papers, as far as it is for the person's eyes.

    `links` leads from lines of the agenda to what they come from, `topics` names the line of a decision, `made` tells what
    became of one. `is_part` says that there is more of the meeting than this person is shown.
    """

    row: Meeting
    mark: Mark
    sections: tuple[SectionLines, ...]
    decisions: tuple[Decision, ...]
    links: Mapping[int, str]
    topics: Mapping[int, str]
    made: Mapping[int, MadeOf]
    is_part: bool

    @property
    def kept_count(self) -> int:
        return sum(len(section.kept) for section in self.sections)

    @property
    def office_count(self) -> int:
        """How many offices report."""
        return len({report.organisation for section in self.sections for report in section.reports} - {None})

    @property
    def is_folded(self) -> bool:
        return self.kept_count > UNFOLDED

    @property
    def items(self) -> tuple[AgendaItem, ...]:
        return tuple(item for section in self.sections for item in section.kept)


def meeting_by_id(user: User) -> QuerySet[Meeting]:
    rows = Meeting.objects.visible_to(user).select_related("organisation", "plan__organisation", "called_by")
    return rows.defer("plan__warnings")


def meeting_page(row: Meeting, *, user: User) -> MeetingPage:
    """The page of a row out of `meeting_by_id`. Ten queries at most."""
    lines = AgendaItem.objects.visible_to(user).filter(meeting=row)
    items = list(lines.select_related("organisation", "target", "node", "issue").order_by("position", "pk"))
    rows = Decision.objects.visible_to(user).filter(meeting=row)
    decisions = tuple(rows.select_related("owner").order_by("position", "pk"))
    reports = reports_of([item for item in items if item.is_kept])
    sections = [
        SectionLines(
            section.value, str(section.label),
            tuple(item for item in items if item.section == section and item.is_kept),
            reports.get(section.value, ()),
            tuple(item for item in items if item.section == section and not item.is_kept),
        )
        for section in AgendaSection
    ]  # fmt: skip
    shown = tuple(section for section in sections if section.kept or section.dropped)
    titles = {item.pk: item.title for item in items}
    topics = {each.pk: titles[each.item_id] for each in decisions if each.item_id in titles}
    kept = sum(len(section.kept) for section in shown)
    is_part = not user.scope.is_everything and _total(row) > kept + len(decisions)
    return MeetingPage(
        row, MEETING_MARKS[row.state], shown, decisions, _links(items, user), topics, _made(decisions, user), is_part
    )


def _total(row: Meeting) -> int:
    """How many kept lines and decisions the meeting has, for whomever. One query."""
    lines = Count("items", filter=Q(items__is_kept=True), distinct=True)
    return sum(
        Meeting.objects.filter(pk=row.pk).aggregate(lines=lines, decisions=Count("decisions", distinct=True)).values()
    )


def _made(decisions: Sequence[Decision], user: User) -> dict[int, MadeOf]:
    found = {}
    for field, model, page, icon, label in MADE_OF:
        pks = {each.pk: pk for each in decisions if (pk := getattr(each, f"{field}_id")) is not None}
        seen = _visible(model, set(pks.values()), user)
        for decision, pk in pks.items():
            found[decision] = MadeOf(label, icon, reverse(page, args=[pk]) if pk in seen else "")
    return found


def _links(items: Sequence[AgendaItem], user: User) -> dict[int, str]:
    """Where each line comes from: the notice, issue or check-in if the person may see it, else the target or task."""
    seen = {
        field: _visible(model, {pk for item in items if (pk := getattr(item, f"{field}_id")) is not None}, user)
        for field, model, _ in SOURCES
    }
    found = {}
    for item in items:
        for field, _, page in SOURCES:
            if (pk := getattr(item, f"{field}_id")) in seen[field]:
                found[item.pk] = reverse(page, args=[pk])
                break
        else:
            if item.target_id is not None or item.node_id is not None:
                page = "plans:task-detail" if item.target_id is None else "plans:target-detail"
                found[item.pk] = reverse(page, args=[item.target_id or item.node_id])
    return found


def _visible(model: Any, pks: set[int], user: User) -> set[int]:
    return set(model.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()


def since_last(plan: WorkPlan, *, on: date) -> date:
    """The day of the last meeting held on the plan before `on`; a month back where there was none."""
    held = Meeting.objects.filter(plan=plan, state=MeetingState.HELD, held_on__lt=on).order_by("-held_on", "-pk")
    last = held.values_list("held_on", flat=True).first()
    return last or on - timedelta(days=FIRST_DAYS)
