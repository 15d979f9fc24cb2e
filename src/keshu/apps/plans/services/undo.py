"""Undo of a person's last review step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from keshu.apps.bureau.queries.lineage import heirs_of
from keshu.apps.bureau.queries.owners import registered_aliases
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.owners import forget_alias, remember_alias
from keshu.apps.plans.models import TAKEN_BACK, OwnerMention, Review, ReviewStep
from keshu.apps.plans.services.columns import column
from keshu.apps.plans.services.meanings import local_day, naming_day
from keshu.apps.plans.services.owners import as_kept, look_up_in_other_drafts
from keshu.apps.plans.services.rows import Row, RowRef, load_rows
from keshu.apps.plans.services.steps import ASIDE, ReviewResult, Step, review_step

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


def undo_last_step(plan: WorkPlan, *, by: User, at: datetime) -> ReviewResult:
    """Take back the person's last standing step; called again, the one before it.

    Unacceptable when there is none; ChangedMeanwhile when somebody else has changed one of its rows since. A row the step
    had added is rejected, not erased. A name the step remembered is forgotten, or means again what it meant before, unless
    somebody has registered it anew since.
    """
    with review_step(plan, by=by, at=at, version=None) as step:
        last = _last_step(step)
        if last is None:
            raise Unacceptable("没有可以撤销的操作。")
        rows = load_rows([RowRef.parse(entry["row"]) for entry in last.changes], plan_id=step.plan.pk)
        _check_untouched(step, last, rows)
        # Rows that were there before come first: the reader is led back to them, not to what disappears.
        for row, entry in sorted(zip(rows, last.changes, strict=True), key=lambda pair: pair[1]["before"] is None):
            _restore(step, row, entry)
        last.undone_at = at
        last.save(update_fields=["undone_at"])
        step.undoes = last
        step.tree_changed = True
        step.summary = f"撤销：{last.summary}"
        forgotten = [name for entry in last.changes if (name := _forget(step, entry))]
    for name in forgotten:
        look_up_in_other_drafts(step, name)
    return step.outcome


def _last_step(step: Step) -> ReviewStep | None:
    """The person's last standing step that they took themselves."""
    own = ReviewStep.objects.standing().filter(plan=step.plan, by=step.by).order_by("-version")
    return next((each for each in own.iterator(chunk_size=1) if not _is_automatic(each)), None)


def _is_automatic(step: ReviewStep) -> bool:
    return any(entry.get("automatic") for entry in step.changes)


def _forget(step: Step, entry: dict[str, Any]) -> str:
    """Take back the alias that the step left, if it still says what the step said; the name it was for."""
    given = entry["after"].get("alias")
    if given is None:
        return ""
    name, before = given["name"], entry["before"]["alias"]
    alias = registered_aliases([name]).get(name)
    if alias is None or {"name": name, **as_kept(alias)} != given:
        return ""
    if before is None:
        forget_alias(alias, by=step.by, at=step.at)
    else:
        remember_alias(**before, by=step.by, at=step.at)
    return str(name)


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
        step.decide(row, Review.REJECTED, remark=TAKEN_BACK)
        return
    owners = before.get("organisation_ids")
    fields = {name: _value(row, name, value) for name, value in before.items() if name not in ASIDE}
    step.change(row, **fields)
    if owners is not None and isinstance(row, OwnerMention):
        is_past = naming_day(step.plan.year, at=step.at) < local_day(step.at)
        step.assign(row, owners if is_past else heirs_of(owners))


def _value(row: Row, name: str, stored: Any) -> Any:
    """A field's value from its JSON form."""
    field = column(type(row), name)
    return stored if isinstance(field, models.JSONField | models.ForeignKey) else field.to_python(stored)
