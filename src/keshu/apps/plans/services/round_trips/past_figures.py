"""Figures of earlier years of a plan's targets to Excel and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from keshu.apps.bureau.queries.organisation_names import OrganisationNames
from keshu.apps.bureau.services import Refused, Unacceptable
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
from keshu.apps.plans.models import PastFigure, PlanState, Target, WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.queries.headings import goals
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.past_figures import put_past_figure, remove_past_figure
from keshu.apps.plans.services.round_trips.periods import period_of, written
from keshu.apps.plans.services.standings import judge_subject

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

DELETE = "delete"
FIELDS = (
    Field(
        "indicator", "指标", access=Access.CREATE, is_required=True, width=30, longest=200, wrap=True,
        help="照抄目标台账中的指标名称。", fixed="已录的数据不能换到别的指标；请删除这一行，另加一行。",
    ),
    Field(
        "period", "时期", access=Access.CREATE, is_required=True, width=16, parse=period_of, show=written,
        help="月份或季度，例如：2025年3月、2025年一季度。", fixed="已录的数据不能换时期；请删除这一行，另加一行。",
    ),
    Field(
        "value", "年内累计（期末）数", FieldKind.NUMBER, is_required=True, width=18, places=6,
        help="年内累计的指标填当年1月至该期末的累计数；存量、占比、增速填期末数。",
    ),
    Field("unit", "单位", access=Access.READ, width=8),
    Field("source", "来源", is_required=True, width=28, longest=120, help="例如：2025年统计年报。"),
    Field(
        "action", "操作", FieldKind.CHOICE, width=10, choices=((DELETE, "删除"),), is_action=True,
        help="要删除的行选“删除”，其余不填。表中没有的行不会被删除。",
    ),
)  # fmt: skip


@dataclass
class _PastFigures:
    """One keeper's dealings with the past figures of one plan."""

    by: User
    at: datetime
    plan: WorkPlan

    @property
    def title(self) -> str:
        return f"《{self.plan}》往年数据"

    @property
    def back(self) -> str:
        return f"{reverse('plans:target-list')}?plan={self.plan.pk}"

    @property
    def organisation(self) -> Organisation:
        return self.plan.organisation

    @cached_property
    def names(self) -> OrganisationNames:
        return OrganisationNames(self.by, on=local_day(self.at))

    @cached_property
    def targets(self) -> Mapping[str, list[Target]]:
        """The plan's targets by name; of some there are several."""
        found: dict[str, list[Target]] = defaultdict(list)
        rows = Target.objects.kept().filter(goals(), plan=self.plan, restates__isnull=True).defer("reading")
        for row in rows.select_related("plan__organisation"):
            found[folded_name(row.indicator)].append(row)
        return found

    def current(self) -> list[CurrentRow]:
        rows = PastFigure.objects.filter(target__plan=self.plan).select_related("target__plan__organisation")
        return [
            CurrentRow(
                str(row.pk),
                {
                    "indicator": row.target.indicator, "period": row.period, "value": row.value, "unit": row.target.unit,
                    "source": row.source,
                },
                f"{row.target.indicator} {written(row.period)}"[:200],
                subject=row,
            )
            for row in rows.order_by("target__position", "target_id", "period")
        ]  # fmt: skip

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        name = folded_name(values["indicator"] or "")
        return [(name, values["period"])] if len(self.targets.get(name, ())) == 1 and values["period"] else []

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        touched: set[int] = set()

        def do(change: RowChange) -> None:
            values = change.values
            if values["action"] == DELETE:
                if change.current is not None:
                    remove_past_figure(change.current.subject, by=self.by, at=task.at)
                return
            target = self._target(values["indicator"]) if change.current is None else change.current.subject.target
            fields = {name: values[name] for name in ("period", "value", "source")}
            with transaction.atomic():
                put_past_figure(target, **fields, by=self.by, at=task.at)
            touched.add(target.pk)

        with transaction.atomic():
            yield do
            for target_id in sorted(touched):
                judge_subject(target_id=target_id, at=task.at)

    def _target(self, name: str) -> Target:
        found = self.targets.get(folded_name(name), [])
        if not found:
            raise Unacceptable(f"这份文件中没有目标“{name[:40]}”，请照抄目标台账中的指标名称。", field="indicator")
        if len(found) > 1:
            raise Unacceptable(f"有 {len(found)} 条目标叫“{name[:40]}”，请在目标页录入。", field="indicator")
        return found[0]


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    """The plan that the address names; LookupError for none the person may see, Refused to whom does not keep it."""
    number = params["plan"]
    plans = WorkPlan.objects.visible_to(by).select_related("organisation")
    plan = plans.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if plan is None:
        raise LookupError(f"no plan {number!r}")
    if not is_keeper(by, plan.organisation):
        raise Refused(f"“{plan.organisation}”的往年数据由其规划办公室或经办人成批录入。")
    if plan.state != PlanState.PUBLISHED:
        raise Refused(f"这份文件{plan.get_state_display()}，不能录入往年数据。")
    return _PastFigures(by, at, plan)


PAST_FIGURES = register(
    RoundTrip(
        key="plans.past_figures", noun="往年数据", fields=FIELDS, keys=("indicator", "period"), sit=sit, needs=("plan",),
        hints="每行是一条指标在一个月（季）末的数。往年每月的数越全，预测越准；至少要有两年。",
    )
)  # fmt: skip
