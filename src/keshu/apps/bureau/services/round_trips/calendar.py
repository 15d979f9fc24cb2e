"""A year's notice of holidays (工作日历) from Excel: the days off and the make-up workdays, one a row."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from keshu.apps.bureau.models import CalendarDay
from keshu.apps.bureau.permissions import can_keep_calendar
from keshu.apps.bureau.services.calendar import LONGEST, enter_day, remove_day
from keshu.apps.bureau.services.exchange import (
    Access,
    CurrentRow,
    Do,
    Field,
    FieldKind,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    register,
)
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.apps.bureau.services.round_trips.sittings import Seat

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DELETE, WORK, OFF = "delete", "work", "off"
FIELDS = (
    Field(
        "day", "日期", FieldKind.DATE, Access.CREATE, is_required=True, help="例如：2027-02-08。",
        fixed="日期不能改：请把这一行的操作选为“删除”，另加一行。",
    ),
    Field(
        "state", "安排", FieldKind.CHOICE, is_required=True, choices=((OFF, "放假"), (WORK, "上班")),
        help="放假的日子选“放假”，调休上班的周末选“上班”。",
    ),
    Field("name", "说明", is_required=True, width=34, longest=LONGEST, help="例如：春节。"),
    Field(
        "action", "操作", FieldKind.CHOICE, width=10, choices=((DELETE, "删除"),), is_action=True,
        help="要删除的行选“删除”，其余不填。表中没有的行不会被删除。",
    ),
)  # fmt: skip


class _Days(Seat):
    title = "工作日历"

    @property
    def back(self) -> str:
        return reverse("bureau:calendar")

    def current(self) -> list[CurrentRow]:
        return [
            CurrentRow(
                str(row.pk),
                {"day": row.day, "state": WORK if row.is_workday else OFF, "name": row.name},
                f"{row.day:%Y-%m-%d}",
                subject=row,
            )
            for row in CalendarDay.objects.visible_to(self.by)
        ]

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return [values["day"]] if values["day"] else []

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        def do(change: RowChange) -> None:
            values = change.values
            if values["action"] == DELETE:
                if change.current is not None:
                    remove_day(change.current.subject, by=self.by, at=task.at)
                return
            if values["day"] is None:
                raise Unacceptable("请填写日期，例如：2027-02-08。", field="day")
            enter_day(
                day=values["day"], is_workday=values["state"] == WORK, name=values["name"], by=self.by, at=task.at
            )

        with transaction.atomic():
            yield do


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    can_keep_calendar(by)
    return _Days(by, at)


CALENDAR = register(RoundTrip(key="bureau.calendar", noun="工作日历", fields=FIELDS, keys=("day",), sit=sit))
