"""One step of a review: the plan locked, each row checked against what the person saw, changed, recorded and made undoable.

A row somebody else changed after the version the person saw raises ``ChangedMeanwhile``, and nothing of the step is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.services import Unacceptable, audit, trail
from keshu.apps.plans.models import OwnerMention, Responsibility, Review, ReviewStep, WorkPlan
from keshu.apps.plans.permissions import can_review_plan
from keshu.apps.plans.services.inheritance import refresh_inheritance
from keshu.apps.plans.services.rows import WORDS, Row, RowRef, load_rows

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# More rows than this in one step are recorded as one entry on the plan, not as one entry each.
SINGLE_ENTRIES = 20
NOTE = 200
# What an entry of a step's changes holds beside columns of the row: whom a name means, and the alias that the answer left.
ASIDE = frozenset({"organisation_ids", "alias"})
BATCH = 500


class ChangedMeanwhile(Unacceptable):
    """Somebody else changed a row since the person looked at it; ``rows`` names the rows to show anew."""

    def __init__(self, message: str, *, rows: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """What a step did: the plan's new version, the rows it changed, and those others changed since the person looked."""

    plan_id: int
    version: int
    summary: str
    rows: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Change:
    """A row before and after, as far as the two differ; ``is_new`` for a row the step made."""

    row: Row
    before: dict[str, Any]
    after: dict[str, Any]
    is_new: bool = False


class Step:
    """The unit of work of a review action. Made by :func:`review_step` only."""

    def __init__(self, plan: WorkPlan, *, by: User, at: datetime, seen: int) -> None:
        self.plan, self.by, self.at, self.seen = plan, by, at, seen
        self.version = plan.version + 1
        self.summary = ""
        self.tree_changed = False
        self.is_automatic = False
        self.result: ReviewResult | None = None
        self.changes: dict[str, Change] = {}
        self.undoes: ReviewStep | None = None

    def rows(self, refs: Iterable[RowRef]) -> list[Row]:
        """The rows, none of which anybody else changed since the person looked."""
        rows = load_rows(refs, plan_id=self.plan.pk)
        stale = [row for row in rows if row.version > self.seen and row.reviewed_by_id != self.by.pk]
        if stale:
            raise self.changed_meanwhile(stale)
        return rows

    def row(self, kind: str, id: int) -> Any:
        return self.rows([RowRef(kind, id)])[0]

    def changed_meanwhile(self, stale: list[Row]) -> ChangedMeanwhile:
        """Who changed the first of the rows, when, and what they did."""
        last = ReviewStep.objects.filter(plan=self.plan, version=stale[0].version).select_related("by").first()
        rows = tuple(str(RowRef.of(row)) for row in stale)
        if last is None:
            return ChangedMeanwhile("这一行已被他人修改，请查看后再办理。", rows=rows)
        when = timezone.localtime(last.at)
        return ChangedMeanwhile(
            f"{last.by}已于{when:%m月%d日 %H:%M}处理了这一行：{last.summary}。您的改动没有保存，请查看后再办理。",
            rows=rows,
        )

    def change(self, row: Row, **fields: Any) -> None:
        """Set fields (attribute names, ``node_id`` for a relation) and remember what they were."""
        name = str(RowRef.of(row))
        change = self.changes.setdefault(name, Change(row, {}, {}))
        for field, value in fields.items():
            old = getattr(row, field)
            if old == value:
                continue
            change.before.setdefault(field, old)
            change.after[field] = value
            setattr(row, field, value)

    def decide(self, row: Row, review: Review, **fields: Any) -> None:
        """Change a row and set its review state under the person's name."""
        self.change(row, review=review, reviewed_by_id=self.by.pk, reviewed_at=self.at, **fields)

    def create(self, row: Row) -> None:
        """Add a row that a person makes."""
        row.review, row.reviewed_by_id, row.reviewed_at, row.version = Review.ADDED, self.by.pk, self.at, self.version
        audit.Recorder(by=self.by, at=self.at).create(row, organisation=self.plan.organisation)
        self.changes[str(RowRef.of(row))] = Change(row, {}, {"review": Review.ADDED}, is_new=True)

    def assign(self, mention: OwnerMention, organisation_ids: Iterable[int]) -> None:
        """Make exactly these organisations answer for the mention's node, by this mention."""
        wanted = sorted(set(organisation_ids))
        own = Responsibility.objects.filter(mention=mention, is_inherited=False)
        present = sorted(own.values_list("organisation_id", flat=True))
        change = self.changes.setdefault(str(RowRef.of(mention)), Change(mention, {}, {}))
        change.before.setdefault("organisation_ids", present)
        change.after["organisation_ids"] = wanted
        own.delete()
        Responsibility.objects.bulk_create(
            Responsibility(mention=mention, node_id=mention.node_id, organisation_id=organisation_id, role=mention.role)
            for organisation_id in wanted
        )
        self.tree_changed = True

    def remember(self, mention: OwnerMention, *, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Note the alias that the person's answer left for the mention's name, and what stood there before it."""
        change = self.changes.setdefault(str(RowRef.of(mention)), Change(mention, {}, {}))
        change.before["alias"], change.after["alias"] = before, after

    def close(self) -> ReviewResult:
        """Save and record all changes, and raise the plan's version."""
        changed = {name: change for name, change in self.changes.items() if change.after}
        self._save(list(changed.values()))
        if self.tree_changed:
            refresh_inheritance(self.plan.pk)
        others = self._others(set(changed))
        ReviewStep.objects.create(
            plan=self.plan,
            version=self.version,
            by=self.by,
            at=self.at,
            summary=self.summary[:NOTE],
            undoes=self.undoes,
            changes=[self._entry(name, change) for name, change in changed.items()],
        )
        self.plan.version = self.version
        WorkPlan.objects.filter(pk=self.plan.pk).update(version=self.version)
        return ReviewResult(self.plan.pk, self.version, self.summary, tuple(changed), others)

    @property
    def outcome(self) -> ReviewResult:
        """The result of a closed step."""
        if self.result is None:
            raise RuntimeError("the step is still open")
        return self.result

    def _save(self, changes: list[Change]) -> None:
        log = audit.Recorder(by=self.by, at=self.at, why=self.summary[:NOTE])
        if len(changes) <= SINGLE_ENTRIES:
            with trail.batch():
                for change in changes:
                    self._save_one(change, log)
            return
        for (model, _), rows in self._alike(changes).items():
            names = self.changes[str(RowRef.of(rows[0]))].after.keys() - ASIDE | {"version"}
            values = {name: getattr(rows[0], name) for name in names}
            for first in range(0, len(rows), BATCH):
                chunk = [row.pk for row in rows[first : first + BATCH]]
                model._default_manager.filter(pk__in=chunk).update(**values)
        log.note(
            action=audit.AuditAction.UPDATE,
            subject=self.plan,
            organisation=self.plan.organisation,
            after={"rows": [str(RowRef.of(change.row)) for change in changes]},
        )

    def _alike(self, changes: list[Change]) -> dict[tuple[type[Row], str], list[Row]]:
        """The rows by what becomes of them, so that each group takes one statement however many rows it holds."""
        groups: dict[tuple[type[Row], str], list[Row]] = {}
        for change in changes:
            change.row.version = self.version
            after = {name: value for name, value in change.after.items() if name not in ASIDE}
            groups.setdefault((type(change.row), repr(sorted(after.items()))), []).append(change.row)
        return groups

    def _entry(self, name: str, change: Change) -> dict[str, Any]:
        entry = {"row": name, "before": None if change.is_new else change.before, "after": change.after}
        return {**entry, "automatic": True} if self.is_automatic else entry

    def _save_one(self, change: Change, log: audit.Recorder) -> None:
        """Give the recorder the fields anew, so that it sees the row as it was and records the difference."""
        row, after = change.row, dict(change.after)
        owners = after.pop("organisation_ids", None)
        after.pop("alias", None)
        before = {field: value for field, value in change.before.items() if field not in ASIDE}
        for field, value in before.items():
            setattr(row, field, value)
        log.update(row, organisation=self.plan.organisation, **after, version=self.version)
        if owners is not None:
            log.note(
                action=audit.AuditAction.UPDATE,
                subject=row,
                organisation=self.plan.organisation,
                before={"organisation_ids": change.before.get("organisation_ids", [])},
                after={"organisation_ids": owners},
            )

    def _others(self, mine: set[str]) -> tuple[str, ...]:
        """Rows that others changed since the person looked, apart from those changed now."""
        steps = ReviewStep.objects.filter(plan=self.plan, version__gt=self.seen, version__lt=self.version)
        steps = steps.exclude(by=self.by)
        names = {entry["row"] for changes in steps.values_list("changes", flat=True) for entry in changes}
        return tuple(sorted(names - mine))


@contextmanager
def review_step(plan: WorkPlan, *, by: User, at: datetime, version: int | None) -> Iterator[Step]:
    """Open a step on a fresh, locked copy of `plan`; saved when the block ends without an error.

    `version` is what the person saw; None stands for the present state (jobs and commands that work alone). Keepers of a
    plan under review only; Refused otherwise.
    """
    with transaction.atomic():
        locked = WorkPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
        can_review_plan(by, locked)
        step = Step(locked, by=by, at=at, seen=locked.version if version is None else version)
        yield step
        step.result = step.close()


def describe(rows: Iterable[Row]) -> str:
    """How many rows of which kinds, for summaries: 目标 3 条、任务 1 条."""
    counts: dict[str, int] = {}
    for row in rows:
        kind = RowRef.of(row).kind
        counts[kind] = counts.get(kind, 0) + 1
    return "、".join(f"{WORDS[kind]} {count} 条" for kind, count in counts.items())
