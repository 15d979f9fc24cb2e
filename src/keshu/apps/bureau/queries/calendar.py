"""The working calendar that holds for the bureau: the published one and the days it has entered itself."""

from __future__ import annotations

from keshu.apps.bureau.models import CalendarDay, CalendarYear
from keshu.kernel.workdays import WorkCalendar


def work_calendar() -> WorkCalendar:
    """The published table with the bureau's own days laid over it. Two queries; keep it for the length of a task."""
    return WorkCalendar(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        entered_years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
