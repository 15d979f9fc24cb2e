"""Figures of earlier periods that a target counts: entered by hand or from a workbook, so that the outlook has a history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import PastFigure
from keshu.apps.plans.permissions import can_enter_past_figures
from keshu.apps.plans.queries.courses import Course, course_of
from keshu.apps.plans.queries.past_figures import lead_ids_of
from keshu.apps.plans.services.columns import short_text
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.round_trips.periods import period_of
from keshu.apps.plans.services.standings import judge_subject
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import Target

LENGTHS = (1, 3)
FIRST_YEAR = 2000
LARGEST = Decimal(10) ** 13


def enter_past_figure(
    target: Target, *, period: str, value: Decimal | None, source: str, by: User, at: datetime
) -> PastFigure:
    """Enter the figure at the end of a month or quarter that is past, or put right what was entered for it.

    Those who may (Refused); Unacceptable for a period that is no month or quarter or is not past, and without value or source.
    """
    can_enter_past_figures(by, target, lead_ids=lead_ids_of(target))
    with transaction.atomic():
        row = put_past_figure(target, period=period, value=value, source=source, by=by, at=at)
        judge_subject(target_id=target.pk, at=at)
    return row


def enter_history(
    target: Target, *, figures: Mapping[str, Decimal], source: str, by: User, at: datetime
) -> list[PastFigure]:
    """Enter the figures of many periods of one target at once, by period. As `enter_past_figure`."""
    can_enter_past_figures(by, target, lead_ids=lead_ids_of(target))
    with transaction.atomic():
        rows = [
            put_past_figure(target, period=period, value=value, source=source, by=by, at=at)
            for period, value in figures.items()
        ]
        judge_subject(target_id=target.pk, at=at)
    return rows


def remove_past_figure(figure: PastFigure, *, by: User, at: datetime) -> None:
    """Take a figure out again; what it was stays in the trail. Those who may enter one (Refused)."""
    target = figure.target
    can_enter_past_figures(by, target, lead_ids=lead_ids_of(target))
    with transaction.atomic():
        audit.Recorder(by=by, at=at).delete(figure, organisation=target.plan.organisation_id)
        judge_subject(target_id=target.pk, at=at)


def put_past_figure(
    target: Target, *, period: str, value: Decimal | None, source: str, by: User, at: datetime
) -> PastFigure:
    """One figure of `enter_past_figure`, for whoever has checked the person and judges the target when all are in."""
    fields = {"value": _value(target, value), "source": _source(source)}
    key = past_period(period, on=local_day(at))
    log = audit.Recorder(by=by, at=at)
    row = PastFigure.objects.select_for_update().filter(target=target, period=key).first()
    if row is not None:
        log.update(row, organisation=target.plan.organisation_id, **fields)
        return row
    new = PastFigure(target=target, period=key, **fields)
    try:
        with transaction.atomic():
            return log.create(new, organisation=target.plan.organisation_id)
    except IntegrityError:
        raise Unacceptable("这一期刚刚被他人录入，请刷新页面。", field="period") from None


def past_period(text: str, *, on: date) -> str:
    """The month or quarter meant, which must be over; Unacceptable otherwise."""
    key = period_of(text) if text.strip() else ""
    if not key:
        raise Unacceptable("请填写时期，例如 2025年3月或 2025年一季度。", field="period")
    period = Period.parse(key)
    if period.months not in LENGTHS or str(period) != key:
        raise Unacceptable(
            f"填写的是“{text[:40]}”，往年数据按月或按季填，例如 2025年3月、2025年一季度。", field="period"
        )
    if period.last_day >= on or period.first_day.year < FIRST_YEAR:
        raise Unacceptable(f"填写的是“{text[:40]}”，请填 {FIRST_YEAR} 年以后、已经过去的月份或季度。", field="period")
    return key


def _value(target: Target, value: Decimal | None) -> Decimal:
    if value is None:
        raise Unacceptable("请填写数值。", field="value")
    if not value.is_finite() or abs(value) >= LARGEST:
        raise Unacceptable(f"填写的数值“{str(value)[:40]}”过大，请核对单位（{target.unit or '无'}）。", field="value")
    if course_of(target) == Course.SHARE and target.unit == "%" and not 0 <= value <= 100:
        raise Unacceptable(f"填写的是 {value}，占比按百分数填，在 0 到 100 之间。", field="value")
    return value


def _source(text: str) -> str:
    source = short_text(PastFigure, "source", text)
    if not source:
        raise Unacceptable("请写明数据来源，例如：2025年统计年报。", field="source")
    return source
