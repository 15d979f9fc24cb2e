"""Putting targets right: correct a reading, add one from selected words, merge doubles, split one that holds two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import Measure, Op, PlanNode, Review, Target, Tense, Tier
from keshu.apps.plans.queries.indicator_names import indicator_key
from keshu.apps.plans.queries.wording import kept_unit
from keshu.apps.plans.services.building import LARGEST, paired_floors
from keshu.apps.plans.services.columns import label, short_text
from keshu.apps.plans.services.deadlines import due_date, words_before
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.services.steps import ReviewResult, Step, review_step
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# What a person may set on a target; `node_id` and `floor_id` are ids of rows of the same plan or None.
FIELDS = frozenset(
    {
        "indicator",
        "op",
        "value",
        "value_high",
        "unit",
        "measure",
        "tier",
        "tense",
        "period",
        "masked",
        "per",
        "benchmark",
    }
    | {"node_id", "floor_id"}
)
DEFAULTS: dict[str, Any] = {
    "op": Op.AT_LEAST,
    "value": None,
    "value_high": None,
    "unit": "",
    "measure": Measure.LEVEL,
    "tier": Tier.BASE,
    "tense": Tense.TARGET,
    "period": "",
    "masked": False,
    "per": "",
    "benchmark": "",
}
CHOICES = {"op": Op, "measure": Measure, "tier": Tier, "tense": Tense}
VALUELESS = {Op.BREAKTHROUGH, Op.ALL}


def correct_target(
    plan: WorkPlan,
    *,
    target_id: int,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    version: int | None,
    why: str = "",
) -> ReviewResult:
    """Set what the person gives (any of FIELDS) and count the target as corrected, or as accepted where nothing differs.

    Unacceptable names the field that is wrong. The stretch targets of the same place are paired anew.
    """
    with review_step(plan, by=by, at=at, version=version) as step:
        target: Target = step.row("target", target_id)
        told = put_target_right(step, target, fields)
        step.summary = (
            f"修改目标“{target.indicator}”：{'；'.join(told)}" if told else f"核对通过目标“{target.indicator}”"
        )
        if why:
            step.summary = f"目标“{target.indicator}”{why}"
    return step.outcome


def put_target_right(step: Step, target: Target, fields: Mapping[str, Any]) -> list[str]:
    """The part of `correct_target` that a step of many corrections shares; what changed, in words."""
    wanted = _checked(step, {**_present(target), **fields}, words=_words_of(step, target))
    told = _differences(target, wanted)
    state = Review.ADDED if target.review == Review.ADDED else Review.CORRECTED if told else Review.ACCEPTED
    step.decide(target, state, **wanted)
    if "floor_id" not in fields:
        pair_again(step, target)
    return told


def add_target(
    plan: WorkPlan, *, start: int, end: int, fields: Mapping[str, Any], by: User, at: datetime, version: int | None
) -> ReviewResult:
    """Add a target from the words `start` to `end` (exclusive) of the source text. `indicator` must be given.

    It goes under the innermost heading around the words, unless ``node_id`` says otherwise.
    """
    with review_step(plan, by=by, at=at, version=version) as step:
        check_selection(step.plan, start=start, end=end)
        given = {**DEFAULTS, "node_id": node_around(step.plan.pk, start=start), "floor_id": None, **fields}
        words = words_before(step.plan.source.text, start=start, end=end)
        target = _new_target(step, start=start, end=end, fields=_checked(step, given, words=words))
        step.create(target)
        pair_again(step, target)
        step.summary = f"补录目标“{target.indicator}”"
    return step.outcome


def merge_targets(
    plan: WorkPlan, *, keep_id: int, other_ids: Sequence[int], by: User, at: datetime, version: int | None
) -> ReviewResult:
    """Keep one target of several that say the same; the others are rejected and name the one kept."""
    others = [id for id in dict.fromkeys(other_ids) if id != keep_id]
    if not others:
        raise Unacceptable("合并至少要选两条目标。")
    with review_step(plan, by=by, at=at, version=version) as step:
        keep, *rest = step.rows([RowRef("target", keep_id), *(RowRef("target", id) for id in others)])
        if keep.review == Review.REJECTED:
            raise Unacceptable("保留的这条已被剔除，请先恢复，或改选另一条保留。")
        step.decide(keep, Review.ACCEPTED if keep.review == Review.PENDING else Review(keep.review))
        for other in rest:
            step.decide(other, Review.REJECTED, merged_into_id=keep.pk, remark=f"与“{keep}”合并"[:200])
        for stretch in Target.objects.filter(floor_id__in=others).exclude(pk=keep.pk):
            step.change(stretch, floor_id=keep.pk)
        step.summary = f"合并 {len(rest) + 1} 条目标，保留“{keep}”"
    return step.outcome


def split_target(
    plan: WorkPlan,
    *,
    target_id: int,
    parts: Sequence[Mapping[str, Any]],
    by: User,
    at: datetime,
    version: int | None,
) -> ReviewResult:
    """Replace one target by two or more over the same words; each part gives what differs from the one split."""
    if len(parts) < 2:
        raise Unacceptable("拆分至少要填写两条。")
    with review_step(plan, by=by, at=at, version=version) as step:
        target: Target = step.row("target", target_id)
        for part in parts:
            fields = _checked(step, {**_present(target), **part}, words=_words_of(step, target))
            new = _new_target(step, start=target.start, end=target.end, fields=fields)
            new.value_start, new.value_end = target.value_start, target.value_end
            step.create(new)
        step.decide(target, Review.REJECTED, remark=f"已拆分为 {len(parts)} 条")
        free_stretches(step, target)
        step.summary = f"目标“{target}”拆分为 {len(parts)} 条"
    return step.outcome


def check_selection(plan: WorkPlan, *, start: int, end: int) -> None:
    """The words must lie in the source text and hold something."""
    text = plan.source.text
    if not (0 <= start < end <= len(text)) or not text[start:end].strip():
        raise Unacceptable("请在原文中选中要补录的文字。", field="start")


def node_around(plan_id: int, *, start: int) -> int | None:
    """The innermost heading whose text holds the place."""
    around = PlanNode.objects.kept().filter(plan_id=plan_id, start__lte=start, body_end__gt=start)
    return around.order_by("-level", "-start").values_list("pk", flat=True).first()


def _new_target(step: Step, *, start: int, end: int, fields: Mapping[str, Any]) -> Target:
    before = Target.objects.filter(plan=step.plan, start__lte=start).order_by("-position").first()
    return Target(
        plan=step.plan,
        position=0 if before is None else before.position,
        start=start,
        end=end,
        value_start=start,
        value_end=end,
        **fields,
    )


def _present(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in FIELDS}


def free_stretches(step: Step, target: Target) -> None:
    """The stretch targets of a target that is struck out stand for themselves."""
    for stretch in Target.objects.filter(floor=target):
        step.change(stretch, floor_id=None)


def pair_again(step: Step, target: Target) -> None:
    """Link the stretch targets of this target's heading to their floors, after it changed."""
    siblings = (
        Target.objects.kept().filter(plan=step.plan, node_id=target.node_id, tense=Tense.TARGET).exclude(pk=target.pk)
    )
    family = [target, *siblings] if target.review != Review.REJECTED else list(siblings)
    floors = {stretch.pk: floor.pk for stretch, floor in paired_floors(family)}
    for row in family:
        if row is target and row.floor_id is not None and row.tier == Tier.STRETCH:
            continue
        if row.floor_id != floors.get(row.pk) and (row.pk in floors or row is target):
            step.change(row, floor_id=floors.get(row.pk))


def _words_of(step: Step, target: Target) -> str:
    """What the sentence of a target says before its number."""
    return words_before(step.plan.source.text, start=target.start, end=max(target.start, target.value_start))


def _checked(step: Step, fields: Mapping[str, Any], *, words: str) -> dict[str, Any]:
    """The fields as stored, due on the day that `words` name if any; raises Unacceptable at the first that is wrong."""
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise ValueError(f"no such field of a target: {', '.join(unknown)}; known: {', '.join(sorted(FIELDS))}")
    ready = dict(fields)
    ready["indicator"] = str(fields.get("indicator") or "").strip()
    if not ready["indicator"]:
        raise Unacceptable("请填写指标名称，例如：高新技术企业数。", field="indicator")
    for name in ("indicator", "unit", "per", "benchmark"):
        ready[name] = short_text(Target, name, ready[name])
    ready["unit"] = kept_unit(ready["unit"])
    for name, choices in CHOICES.items():
        if ready[name] not in choices.values:
            raise Unacceptable(f"请选择“{label(Target, name)}”。", field=name)
    ready["value"], ready["value_high"] = _checked_values(ready)
    ready["period"] = _checked_period(ready["period"])
    ready["masked"] = bool(ready["masked"]) and ready["value"] is None
    ready["due_on"] = due_date(ready["period"], tense=ready["tense"], words=words)
    ready["indicator_key"] = indicator_key(ready["indicator"], measure=ready["measure"])
    _check_rows(step, ready)
    return ready


def _checked_values(fields: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    low, high = _decimal(fields["value"], "value"), _decimal(fields["value_high"], "value_high")
    op = fields["op"]
    if op == Op.BETWEEN:
        if low is None or high is None:
            raise Unacceptable("“区间”要填写下限和上限，例如：6 至 8。", field="value" if low is None else "value_high")
        if high < low:
            raise Unacceptable(f"上限 {high.normalize():f} 小于下限 {low.normalize():f}，请核对。", field="value_high")
        return low, high
    if low is None and op not in VALUELESS and not fields["masked"] and not fields["benchmark"]:
        raise Unacceptable("请填写数值；原文数字被隐去的，请勾选“数字被隐去”。", field="value")
    return low, None


def _decimal(value: Any, field: str) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unacceptable(f"填写的是“{value}”，请填数字，例如 320 或 2.5。", field=field)
    if abs(number) >= LARGEST:
        raise Unacceptable("数字过大，请改用“万”“亿”作单位。", field=field)
    return round(number, 6)


def _checked_period(period: Any) -> str:
    text = str(period or "").strip()
    if not text:
        return ""
    try:
        return str(Period.parse(text))
    except ValueError:
        raise Unacceptable(
            f"看不懂时期“{text}”。请写 2026、2026-H1（上半年）、2026-Q2（二季度）、2026-06 或 2026/2030。",
            field="period",
        ) from None


def _check_rows(step: Step, fields: Mapping[str, Any]) -> None:
    """The heading and the floor must be rows of the same plan."""
    node_id, floor_id = fields["node_id"], fields["floor_id"]
    if node_id is not None and not PlanNode.objects.kept().filter(plan=step.plan, pk=node_id).exists():
        raise Unacceptable("所选的任务不在这份文件中，请重新选择。", field="node_id")
    if floor_id is not None and not Target.objects.kept().filter(plan=step.plan, pk=floor_id).exists():
        raise Unacceptable("所选的确保目标不在这份文件中，请重新选择。", field="floor_id")


def _differences(target: Target, wanted: Mapping[str, Any]) -> list[str]:
    """What changes, in words: 数值 300 → 320."""
    told = []
    for name in sorted(FIELDS - {"node_id", "floor_id"}):
        old, new = getattr(target, name), wanted[name]
        if old != new:
            told.append(f"{label(Target, name)} {_shown(name, old)} → {_shown(name, new)}")
    if target.node_id != wanted["node_id"]:
        told.append("改归另一任务")
    if target.floor_id != wanted["floor_id"]:
        told.append("改连确保目标")
    return told


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(CHOICES[name](value).label) if name in CHOICES else str(value)
