"""The review grid narrowed to a chapter of the document or to one office, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keshu.apps.plans.models import PlanNode, Responsibility

if TYPE_CHECKING:
    from keshu.apps.plans.models import WorkPlan

# Headings down to this level make the outline; deeper ones are tasks and measures.
OUTLINED = 2
LONGEST = 30


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading of the outline, from where it begins to where its text ends."""

    node_id: int
    level: int
    title: str
    start: int
    end: int

    @property
    def ref(self) -> str:
        return f"node-{self.node_id}"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which rows to show: those that begin between two places, those of some nodes, or both; ``label`` says so in words.

    Of an office's rows its own printed names belong, not those of others on the same task.
    """

    label: str
    chapter_id: int | None = None
    office_id: int | None = None
    start: int = 0
    end: int | None = None
    node_ids: frozenset[int] | None = None
    mention_ids: frozenset[int] = frozenset()

    def holds(self, ref: str, *, start: int, node_id: int | None) -> bool:
        if start < self.start or (self.end is not None and start >= self.end):
            return False
        if self.node_ids is None:
            return True
        kind, _, number = ref.partition("-")
        return int(number) in self.mention_ids if kind == "mention" else node_id in self.node_ids


def outline(plan: WorkPlan) -> tuple[OutlineEntry, ...]:
    """The chapters of the document, and the headings right below them. One query."""
    rows = PlanNode.objects.kept().filter(plan=plan, level__lte=OUTLINED).order_by("start", "pk").defer("reading")
    return tuple(OutlineEntry(row.pk, row.level, str(row), row.start, max(row.end, row.body_end)) for row in rows)


def offices_named(plan: WorkPlan) -> tuple[tuple[int, str], ...]:
    """The organisations that answer for something in the plan, in the register's order. One query."""
    held = Responsibility.objects.filter(node__in=_nodes(plan), is_inherited=False)
    rows = held.order_by("organisation__position", "organisation_id").values_list(
        "organisation_id", "organisation__short_name", "organisation__name"
    )
    return tuple((pk, short or name) for pk, short, name in rows.distinct())


def narrowing_to(plan: WorkPlan, *, chapter_id: int | None, office_id: int | None) -> Narrowing | None:
    """What the two choices ask for; None when they name nothing of this plan. Two queries at most."""
    words = []
    chapter = held = None
    if chapter_id is not None:
        chapter = PlanNode.objects.kept().filter(plan=plan, pk=chapter_id).defer("reading").first()
    if office_id is not None:
        rows = Responsibility.objects.filter(node__in=_nodes(plan), organisation=office_id)
        held = list(
            rows.values_list("node_id", "mention_id", "organisation__short_name", "organisation__name", "is_inherited")
        )
    if chapter is not None:
        words.append(f"“{_cut(str(chapter))}”")
    if held:
        words.append(held[0][2] or held[0][3])
    if not words:
        return None
    return Narrowing(
        label="中".join(words),
        chapter_id=None if chapter is None else chapter.pk,
        office_id=office_id if held else None,
        start=0 if chapter is None else chapter.start,
        end=None if chapter is None else max(chapter.end, chapter.body_end),
        node_ids=frozenset(row[0] for row in held) if held else None,
        mention_ids=frozenset(row[1] for row in held or () if not row[4]),
    )


def _nodes(plan: WorkPlan) -> Any:
    """By the nodes' ids, not through a join: SQLite would read the responsibilities of all plans."""
    return PlanNode.objects.filter(plan=plan).order_by().values("pk")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
