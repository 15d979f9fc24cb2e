"""Days that the bureau's own calendar holds otherwise than the published one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def visible_to(self, user: User) -> Self:
        """All of government."""
        return self if user.scope.is_government or user.scope.is_everything else self.none()


class CalendarDay(models.Model):
    """A day off or a working day that the bureau entered: a year not yet published, a local day off, a correction."""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("是否上班")
    name = models.CharField("说明", max_length=60)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = "日历调整"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class CalendarYear(models.Model):
    """A year whose whole table of holidays the bureau has entered before the library holds it."""

    year = models.PositiveIntegerField("年度", unique=True)

    class CalendarYearQuerySet(models.QuerySet["CalendarYear"]):
        def visible_to(self, user: User) -> Self:
            return self if user.scope.is_government or user.scope.is_everything else self.none()

    objects = CalendarYearQuerySet.as_manager()

    class Meta:
        verbose_name = "已录入日历的年度"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year} 年"
