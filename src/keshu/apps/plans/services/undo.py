"""Undo of a person's last review step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import OwnerMention, Review, ReviewStep
from keshu.apps.plans.services.columns import column
from keshu.apps.plans.services.rows import Row, RowRef, load_rows
from keshu.apps.plans.services.steps import ReviewResult, Step, review_step

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


def undo_last_step(plan: WorkPlan, *, by: User, at: datetime) -> ReviewResult:
    """Take back the person's last standing step; called again, the one before it.

    Unacceptable when there is none; ChangedMeanwhile when somebody else has changed one of its rows since. A row the step
    had added is rejected, not erased. Names remembered as aliases stay remembered.
    """
    with review_step(plan, by=by, at=at, version=None) as step:
        last = ReviewStep.objects.standing().filter(plan=step.plan, by=by).order_by("-version").first()
        if last is None:
            raise Unacceptable("没有可以撤销的操作。")
        rows = load_rows([RowRef.parse(entry["row"]) for entry in last.changes], plan_id=step.plan.pk)
        _check_untouched(step, last, rows)
        for row, entry in zip(rows, last.changes, strict=True):
            _restore(step, row, entry)
        last.undone_at = at
        last.save(update_fields=["undone_at"])
        step.undoes = last
        step.tree_changed = True
        step.summary = f"撤销：{last.summary}"
    return step.outcome


def _check_untouched(step: Step, last: ReviewStep, rows: list[Row]) -> None:
    later = ReviewStep.objects.standing().filter(plan=step.plan, version__gt=last.version)
    touched = {entry["row"] for changes in later.values_list("changes", flat=True) for entry in changes}
    stale = [row for row in rows if str(RowRef.of(row)) in touched]
    if stale:
        raise step.changed_meanwhile(stale)


def _restore(step: Step, row: Row, entry: dict[str, Any]) -> None:
    before = entry["before"]
    if before is None:
        if isinstance(row, OwnerMention):
            step.assign(row, ())
        step.decide(row, Review.REJECTED, remark="补录后撤销")
        return
    owners = before.get("organisation_ids")
    fields = {name: _value(row, name, value) for name, value in before.items() if name != "organisation_ids"}
    step.change(row, **fields)
    if owners is not None and isinstance(row, OwnerMention):
        step.assign(row, owners)


def _value(row: Row, name: str, stored: Any) -> Any:
    """A field's value from its JSON form."""
    field = column(type(row), name)
    return stored if isinstance(field, models.JSONField | models.ForeignKey) else field.to_python(stored)
