"""季督办情况: what each organisation had to answer in a quarter, and how it did; the late ones by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from keshu.apps.bureau.queries.calendar import work_calendar
from keshu.apps.plans.models import Reply, SupervisionNotice, SupervisionState, Verdict
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One organisation in the quarter, counts of notices; `on_time` of `closed`; `days` from issue to close in all."""

    organisation_id: int | None
    name: str
    carried: int
    issued: int
    closed: int
    in_hand: int
    late: int
    on_time: int
    days: int

    @property
    def on_time_text(self) -> str:
        return f"{self.on_time * 100 / self.closed:.0f}%" if self.closed else ""

    @property
    def days_text(self) -> str:
        return f"{self.days / self.closed:.1f}" if self.closed else ""


@dataclass(frozen=True, slots=True)
class LateLine:
    """A notice past its deadline on the last day looked at."""

    id: int
    number: str
    title: str
    addressee: str
    due_on: date
    days: int


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """A stretch of time as known on `until` (its last day, or today)."""

    until: date
    offices: tuple[OfficeRow, ...]
    whole: OfficeRow
    late: tuple[LateLine, ...]


@dataclass(frozen=True, slots=True)
class QuarterSummary:
    """The quarter as known on `until` (its last day, or today)."""

    year: int
    quarter: int
    until: date
    offices: tuple[OfficeRow, ...]
    whole: OfficeRow
    late: tuple[LateLine, ...]

    @property
    def quarter_word(self) -> str:
        return QUARTERS[self.quarter - 1]

    @property
    def title(self) -> str:
        return f"{self.year} 年第{self.quarter_word}季度"

    @property
    def sentence(self) -> str:
        row = self.whole
        if not self.offices:
            return f"{self.year}年第{self.quarter_word}季度没有督办事项。"
        told = (
            f"{self.year}年第{self.quarter_word}季度，上季结转督办单{row.carried}件，新发{row.issued}件，"
            f"涉及{len(self.offices)}个单位；截至{self.until.month}月{self.until.day}日办结{row.closed}件，"
            f"未办结{row.in_hand}件，其中逾期{row.late}件。"
        )
        return told + (f"办结的督办单中，按时报送的占{row.on_time_text}。" if row.closed else "")


def quarter_summary(user: User, *, year: int, quarter: int, on: date) -> QuarterSummary:
    """The quarter as `period_summary` counts it."""
    found = period_summary(user, period=Period.quarter(year, quarter), on=on)
    return QuarterSummary(year, quarter, found.until, found.offices, found.whole, found.late)


def period_summary(user: User, *, period: Period, on: date) -> PeriodSummary:
    """Of the notices the person may see; cancelled ones count for nothing. Three queries and the calendar."""
    until = min(period.last_day, on)
    rows = SupervisionNotice.objects.visible_to(user).filter(number__isnull=False)
    rows = rows.exclude(state=SupervisionState.CANCELLED)
    first, after = _start_of(period.first_day), _start_of(until + timedelta(days=1))
    rows = rows.filter(issued_at__lt=after).filter(Q(closed_at__isnull=True) | Q(closed_at__gte=first))
    answers = Prefetch("replies", Reply.objects.only("notice", "at", "verdict", "pk"), to_attr="answers")
    found = list(rows.select_related("addressee").prefetch_related(answers).order_by("issued_at", "pk"))
    by_office: dict[int, list[Any]] = defaultdict(list)
    for notice in found:
        by_office[notice.addressee_id].append(notice)
    calendar = work_calendar()
    late = [notice for notice in found if _is_late(notice, until=until, after=after)]
    counted = [_row(pk, held, first=first, after=after, until=until) for pk, held in by_office.items()]
    ordered = sorted(
        counted, key=lambda row: (by_office[row.organisation_id or 0][0].addressee.position, row.organisation_id)
    )
    lines = [
        LateLine(
            each.pk,
            each.number_text,
            each.title,
            str(each.addressee),
            each.due_on,
            calendar.between(each.due_on, until),
        )
        for each in sorted(late, key=lambda each: (each.due_on, each.pk))
    ]
    return PeriodSummary(until, tuple(ordered), _whole(ordered), tuple(lines))


def _row(pk: int, notices: Sequence[Any], *, first: datetime, after: datetime, until: date) -> OfficeRow:
    closed = [each for each in notices if each.closed_at is not None and each.closed_at < after]
    return OfficeRow(
        pk,
        str(notices[0].addressee),
        carried=sum(each.issued_at < first for each in notices),
        issued=sum(each.issued_at >= first for each in notices),
        closed=len(closed),
        in_hand=len(notices) - len(closed),
        late=sum(_is_late(each, until=until, after=after) for each in notices),
        on_time=sum(map(_was_on_time, closed)),
        days=sum((_local(each.closed_at) - _local(each.issued_at)).days for each in closed),
    )


def _whole(rows: Sequence[OfficeRow]) -> OfficeRow:
    names = ("carried", "issued", "closed", "in_hand", "late", "on_time", "days")
    return OfficeRow(None, "合计", **{name: sum(getattr(row, name) for row in rows) for name in names})


def _is_late(notice: Any, *, until: date, after: datetime) -> bool:
    """In hand at the end of that day, past its deadline, and no answer of that time that was not sent back."""
    if notice.due_on >= until or (notice.closed_at is not None and notice.closed_at < after):
        return False
    return not any(each.at < after and each.verdict != Verdict.RETURNED for each in notice.answers)


def _was_on_time(notice: Any) -> bool:
    accepted = [each.at for each in notice.answers if each.verdict == Verdict.ACCEPTED]
    return bool(accepted) and _local(max(accepted)) <= notice.due_on


def _local(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
