"""Targets and achieved figures of a draft to Excel and back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.services import Unacceptable
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
from keshu.apps.plans.models import Measure, Op, Review, Target, Tense, Tier
from keshu.apps.plans.queries.wording import kept_unit, unit_word
from keshu.apps.plans.services.round_trips.drafts import (
    ACTION,
    DECIDED,
    NEEDS,
    Draft,
    decide,
    review_words,
    sit_at_draft,
)
from keshu.apps.plans.services.round_trips.periods import period_of, written
from keshu.apps.plans.services.steps import Step
from keshu.apps.plans.services.targets import put_target_right

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So much of the sentence is shown beside the row.
SENTENCE = 200
EDITED = (
    "indicator", "op", "value", "value_high", "unit", "measure", "tier", "tense", "period", "masked", "per", "benchmark",
)  # fmt: skip


def _choices(kind: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in kind.choices)


FIELDS = (
    Field("section", "所在章节", access=Access.READ, width=26, wrap=True),
    Field("words", "原文", access=Access.READ, width=40, wrap=True),
    Field("indicator", "指标", is_required=True, width=28, longest=200, wrap=True),
    Field("op", "要求", FieldKind.CHOICE, is_required=True, width=14, choices=_choices(Op)),
    Field("value", "数值", FieldKind.NUMBER, width=12, places=6, help="“区间”填下限；“实现零的突破”“全覆盖”不填。"),
    Field("value_high", "上限", FieldKind.NUMBER, width=12, places=6, help="只有“区间”才填，其他要求留空。"),
    Field("unit", "计量单位", width=10, longest=20, parse=kept_unit, show=unit_word, help="例如：家、亿元、%。"),
    Field("measure", "口径", FieldKind.CHOICE, is_required=True, width=14, choices=_choices(Measure)),
    Field("tier", "档次", FieldKind.CHOICE, is_required=True, width=8, choices=_choices(Tier)),
    Field("tense", "性质", FieldKind.CHOICE, is_required=True, width=10, choices=_choices(Tense)),
    Field(
        "period", "时期", width=16, parse=period_of, show=written,
        help="例如：2026年、2026年上半年、2026年二季度、2026年6月、2021—2025年。",
    ),
    Field("masked", "数字被隐去", FieldKind.BOOLEAN, width=11, help="原文以 XX、** 代替数字的，填“是”。"),
    Field("per", "每", width=8, longest=20, help="“每万人发明专利”一类，填“万人”。"),
    Field("benchmark", "比较对象", width=16, longest=60, help="例如：全省平均水平。"),
    Field("review", "核对", access=Access.READ, width=9),
    Field("doubts", "存疑之处", access=Access.READ, width=30, wrap=True),
    ACTION,
)  # fmt: skip


class _Targets(Draft):
    def current(self) -> list[CurrentRow]:
        rows = Target.objects.filter(plan=self.plan).select_related("node").defer("reading", "node__reading")
        text = self.plan.source.text
        found = []
        for row in rows.order_by("position", "start", "pk"):
            values = {
                **{name: getattr(row, name) for name in EDITED},
                "section": "" if row.node is None else str(row.node),
                "words": " ".join(text[row.start : row.end][:SENTENCE].split()),
                **review_words(row, row.doubts),
                "action": DECIDED.get(Review(row.review), ""),
            }
            is_kept = row.review != Review.REJECTED
            found.append(CurrentRow(str(row.pk), values, row.indicator, subject=row.pk, is_listed=is_kept))
        return found

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """Nothing but its key: the same indicator may stand in a document several times."""
        return []

    def working(self, task: Task) -> AbstractContextManager[Do]:
        return self.stepping(_carry_out, at=task.at)


def _carry_out(step: Step, change: RowChange) -> None:
    assert change.current is not None
    target: Target = step.row("target", change.current.subject)
    fields = {name: change.values[name] for name in EDITED if name in change.changed}
    if {"op", "value_high"} & change.changed:
        _check_upper_limit(change.values)
    if fields:
        put_target_right(step, target, fields)
    decide(step, target, change.values["action"] if "action" in change.changed else "")


def _check_upper_limit(values: Mapping[str, Any]) -> None:
    """The review lets an upper limit go where nothing asks for one; typed into a workbook, it was meant."""
    high, op = values["value_high"], values["op"]
    if high is None or op == Op.BETWEEN:
        return
    raise Unacceptable(
        f"填写的是“{high.normalize():f}”，而要求是“{Op(op).label}”：只有“区间”才填上限。请删去上限，或把要求改为“区间”。",
        field="value_high",
    )


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    return _Targets(by, at, sit_at_draft(by, params, at), "目标和完成情况")


TARGETS = register(
    RoundTrip(
        key="plans.targets", noun="目标", fields=FIELDS, keys=("indicator",), sit=sit, needs=NEEDS,
        no_adding="表中不能新增目标：每条目标都要指明原文出处。请在核对页选中原文补录，并从表中删去这一行。",
        hints="改动视为核对：改过的行记为“已改”。",
    )
)  # fmt: skip
