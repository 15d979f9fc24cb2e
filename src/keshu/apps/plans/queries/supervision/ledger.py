"""The ledger of supervision notices: rows the person may see, columns, filters, figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.models import PENDING, Reply, SupervisionItem, SupervisionNotice, SupervisionState
from keshu.apps.plans.queries.supervision.escalation import days_late

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

State = SupervisionState
Choices = Sequence[tuple[str, str]]
TONES = {
    State.DRAFT: Tone.UNKNOWN, State.ISSUED: Tone.AT_RISK, State.SIGNED_FOR: Tone.ON_TRACK, State.REPLIED: Tone.ON_TRACK,
    State.RETURNED: Tone.AT_RISK, State.ACCEPTED: Tone.ON_TRACK, State.CLOSED: Tone.DONE, State.CANCELLED: Tone.UNKNOWN,
}  # fmt: skip
LATE = "-late"
MARKS: dict[str, Mark] = {
    **{state.value: Mark(str(state.label), tone) for state, tone in TONES.items()},
    **{f"{state.value}{LATE}": Mark(f"逾期·{state.label}", Tone.LATE) for state in PENDING},
}


def state_key(notice: SupervisionNotice, *, on: date) -> str:
    """The state, and whether the deadline is past while the addressee has to act."""
    is_late = notice.state in PENDING and notice.due_on < on
    return f"{notice.state}{LATE}" if is_late else str(notice.state)


def notice_rows(user: User) -> QuerySet[Any]:
    """Those the person may see, the newest first, drafts before all; with ``replied_at``, the moment of the last reply."""
    last = Reply.objects.filter(notice=OuterRef("pk")).order_by().values("notice").annotate(at=Max("at")).values("at")
    rows = SupervisionNotice.objects.visible_to(user).select_related("issuer", "addressee", "written_by", "issued_by")
    return rows.annotate(replied_at=Subquery(last)).order_by("-written_at", "-pk")


def notices_ledger(
    *, on: date, sees_drafts: bool, addressees: Choices = (), years: Choices = (), plans: Choices = ()
) -> Ledger:
    """`addressees`, `years` and `plans` are the choices of their filters."""
    is_late = Q(state__in=PENDING, due_on__lt=on)
    working = (State.SIGNED_FOR, State.RETURNED)
    states = [(value, label) for value, label in State.choices if sees_drafts or value != State.DRAFT]
    figures = (
        *((Figure("草稿", Q(state=State.DRAFT), {"state": State.DRAFT}, "件"),) if sees_drafts else ()),
        Figure("待签收", Q(state=State.ISSUED), {"state": State.ISSUED}, "件", Tone.AT_RISK),
        Figure("办理中", Q(state__in=working), {"state": ",".join(working)}, "件", Tone.ON_TRACK),
        Figure("待审核", Q(state=State.REPLIED), {"state": State.REPLIED}, "件", Tone.ON_TRACK),
        Figure("待办结", Q(state=State.ACCEPTED), {"state": State.ACCEPTED}, "件", Tone.ON_TRACK),
        Figure("逾期", is_late, {"late": "1"}, "件", Tone.LATE),
        Figure("已办结", Q(state=State.CLOSED), {"state": State.CLOSED}, "件", Tone.DONE),
    )
    return Ledger(
        key="plans.supervision",
        noun="督办单",
        columns=_columns(on=on),
        filters=(
            Filter("state", "状态", FilterKind.MULTI, choices=states, field="state"),
            Filter(
                "late", "逾期", FilterKind.BOOL, apply=lambda rows, value: rows.filter(is_late if value else ~is_late)
            ),
            Filter("office", "承办单位", FilterKind.CHOICE, choices=addressees, field="addressee"),
            Filter("year", "年度", FilterKind.CHOICE, choices=years, field="year", more=True),
            Filter("plan", "工作要点", FilterKind.CHOICE, choices=plans, field="plan", more=True),
            Filter("due", "办理时限", FilterKind.DATE_RANGE, field="due_on", more=True),
            Filter("issued", "签发日期", FilterKind.DATE_RANGE, field="issued_at__date", more=True),
        ),
        search=("title", "demand", "addressee__name", "addressee__short_name", _holding_item, _numbered),
        search_hint="事项、要求、承办单位或编号",
        figures=figures,
        drawer=lambda row: reverse("plans:supervision-drawer", args=[row.pk]),
        page=lambda row: reverse("plans:supervision-detail", args=[row.pk]),
    )


def ledger_choices(user: User) -> tuple[Choices, Choices, Choices]:
    """The addressees, years and plans there are. One query."""
    rows = SupervisionNotice.objects.visible_to(user).order_by("addressee__position", "addressee_id")
    offices: dict[str, str] = {}
    years: set[int] = set()
    plans: dict[str, str] = {}
    found = rows.values_list(
        "addressee_id",
        "addressee__short_name",
        "addressee__name",
        "addressee__position",
        "year",
        "plan_id",
        "plan__title",
    )
    for pk, short, name, _, year, plan_id, title in found.distinct():
        offices[str(pk)] = short or name
        years.add(year)
        if plan_id is not None:
            plans[str(plan_id)] = title
    spoken = tuple((str(year), f"{year} 年") for year in sorted(years, reverse=True))
    return tuple(offices.items()), spoken, tuple(sorted(plans.items(), reverse=True))


def _columns(*, on: date) -> tuple[Column, ...]:
    calendar = work_calendar()

    def lateness(row: Any) -> str:
        days = days_late(row.due_on, on=on, calendar=calendar) if row.state in PENDING else 0
        return f"{days} 个工作日" if days else ""

    return (
        Column("title", "督办事项", width=280, sort="title", wrap=True),
        Column("number", "编号", value=lambda row: row.number_text or "未编号", sort=("year", "number"), width=120),
        Column("state", "状态", ColumnKind.STATE, value=lambda row: state_key(row, on=on), sort="state", marks=MARKS,
               width=165),
        Column("addressee", "承办单位", sort="addressee__position", width=140),
        Column("due_on", "办理时限", ColumnKind.DATE, sort="due_on", width=110),
        Column("late", "逾期", value=lateness, width=110),
        Column("issued_at", "签发时间", ColumnKind.DATE, sort="issued_at", width=150),
        Column("signed_for_at", "签收时间", ColumnKind.DATE, sort="signed_for_at", width=150),
        Column("replied_at", "最近报送", ColumnKind.DATE, sort="replied_at", width=150),
        Column("closed_at", "办结时间", ColumnKind.DATE, sort="closed_at", width=150, default=False),
        Column("demand", "办理要求", width=320, wrap=True, default=False),
        Column("issuer", "督办单位", sort="issuer__name", width=140, default=False),
        Column("written_by", "拟稿人", sort="written_by__name", width=100, default=False),
        Column("issued_by", "签发人", value=lambda row: str(row.issued_by or ""), sort="issued_by__name", width=100,
               default=False),
    )  # fmt: skip


def _holding_item(term: str) -> Q:
    return Q(pk__in=SupervisionItem.objects.filter(text__icontains=term).order_by().values("notice"))


def _numbered(term: str) -> Q:
    """3, 3号 and 〔2026〕3号 name a number; anything else finds nothing here."""
    last = term.rpartition("〕")[2].removesuffix("号")
    is_number = last.isascii() and last.isdigit() and len(last) < 7
    return Q(number=int(last)) if is_number else Q(pk__in=())
