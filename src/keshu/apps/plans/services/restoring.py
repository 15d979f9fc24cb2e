"""Putting a row of a plan under review back to what it was before a step, as a new correction with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from keshu.apps.bureau.queries.history import ChangedField, told_changes
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import PlanNode, Review, Target
from keshu.apps.plans.permissions import can_review_plan
from keshu.apps.plans.queries.histories import RESTORABLE, ref_of, steps_on
from keshu.apps.plans.services.nodes import correct_node
from keshu.apps.plans.services.targets import correct_target

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def earlier_row(row: Target | PlanNode, *, version: int) -> tuple[dict[str, Any], tuple[ChangedField, ...]]:
    """What the row held before the step of that version, as far as it differs from now; and the same in words."""
    ref, wanted = ref_of(row), RESTORABLE[type(row)]
    then: dict[str, Any] = {}
    for step in steps_on(row).filter(version__gte=version):
        for change in step.changes:
            if change.get("row") == ref and change.get("before"):
                then |= {name: value for name, value in change["before"].items() if name in wanted}
    columns = {field.attname: field for field in row._meta.concrete_fields}
    typed = {name: columns[name].to_python(value) for name, value in then.items() if not name.endswith("_id")}
    then |= typed
    differing = {name: value for name, value in then.items() if value != getattr(row, name)}
    now = {columns[name].name: _told(getattr(row, name)) for name in differing}
    later = {columns[name].name: _told(value) for name, value in differing.items()}
    (changes,) = told_changes(row._meta.label_lower, [(now, later)])
    return differing, changes


def restore_row(row: Target | PlanNode, *, version: int, why: str, by: User, at: datetime) -> None:
    """Put the row back. Keepers of a plan under review; a reason is required.

    Unacceptable for a row that is struck out, where nothing differs, or where another row it pointed to is gone.
    """
    can_review_plan(by, row.plan)
    if not why.strip():
        raise Unacceptable("请写明恢复的原因，例如：上次修改有误。", field="why")
    if row.review == Review.REJECTED:
        raise Unacceptable("这一行已剔除，请先在核对页恢复这一行。", field="why")
    then, _ = earlier_row(row, version=version)
    if not then:
        raise Unacceptable("现在的内容与那时相同，不必恢复。", field="why")
    reason = f"恢复到此前状态：{why.strip()}"
    if isinstance(row, Target):
        correct_target(row.plan, target_id=row.pk, fields=then, by=by, at=at, version=None, why=reason)
    else:
        correct_node(row.plan, node_id=row.pk, fields=_as_given(row, then), by=by, at=at, version=None, why=reason)


def _as_given(row: PlanNode, then: Mapping[str, Any]) -> dict[str, Any]:
    """A deadline is given as one value: its period, or else its day."""
    fields = {name: value for name, value in then.items() if name not in ("due_period", "due_on")}
    if len(fields) < len(then):
        fields["due"] = then.get("due_period", row.due_period) or then.get("due_on", row.due_on) or ""
    return fields


def _told(value: Any) -> Any:
    """As the trail keeps it: text for what JSON has no form for."""
    return value if value is None or isinstance(value, bool | int) else str(value)
