"""A plan's rows as values: read once in five queries, then arranged by each page as it needs. Rejected rows are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import attrgetter

from keshu.apps.plans.models import (
    Certainty,
    Measure,
    NodeKind,
    OwnerMention,
    OwnerRole,
    PlanNode,
    Review,
    Target,
    Tense,
    Tier,
    WorkPlan,
    titled,
)
from keshu.apps.plans.queries.holders import Held, OfficeRef, held_parts, in_order, offices_meant
from keshu.apps.plans.queries.wording import counts_net, deadline_text, period_text, requirement

# A printed name that means more organisations than this is written as printed (各县区) and not spelt out.
LARGEST_LISTED = 3


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target or an achieved figure, ready to show. ``stretch`` stands beside its floor; ``requirement`` is the phrase."""

    id: int
    node_id: int | None
    start: int
    end: int
    indicator: str
    requirement: str
    op: str
    value: Decimal | None
    value_high: Decimal | None
    unit: str
    measure: str
    tier: str
    tense: str
    period: str
    due_on: date | None
    masked: bool
    review: str
    doubts: tuple[str, ...]
    restates_id: int | None
    floor_id: int | None
    stretch: TargetLine | None = None

    @property
    def ref(self) -> str:
        return f"target-{self.id}"

    @property
    def phrase(self) -> str:
        """The requirement with its stretch: 不少于320家，力争不少于340家."""
        if self.stretch is not None:
            return f"{self.requirement}，力争{self.stretch.requirement}"
        return f"力争{self.requirement}" if self.tier == Tier.STRETCH else self.requirement

    @property
    def period_label(self) -> str:
        return period_text(self.period)

    @property
    def measure_label(self) -> str:
        return str(Measure(self.measure).label)

    @property
    def tier_label(self) -> str:
        return str(Tier(self.tier).label)

    @property
    def review_label(self) -> str:
        return str(Review(self.review).label)


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """A printed name on a task: what it says, whom it means, and how sure that is."""

    id: int
    node_id: int
    start: int
    end: int
    name: str
    role: str
    certainty: str
    is_outside: bool
    review: str
    offices: tuple[OfficeRef, ...]

    @property
    def ref(self) -> str:
        return f"mention-{self.id}"

    @property
    def is_support(self) -> bool:
        return self.role == OwnerRole.SUPPORT

    @property
    def is_unresolved(self) -> bool:
        return not (self.offices or self.is_outside or self.role == OwnerRole.PERSON)

    @property
    def role_label(self) -> str:
        return str(OwnerRole(self.role).label)

    @property
    def certainty_label(self) -> str:
        return str(Certainty(self.certainty).label)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A heading of the plan with who answers for it and its targets. ``depth`` counts from 0; owners may be inherited.

    ``accountable_text`` and ``support_text`` name the organisations as an office would write them: a group (各县区) by its
    printed name, others by their short names.
    """

    id: int
    parent_id: int | None
    depth: int
    level: int
    start: int
    end: int
    label: str
    heading: str
    kind: str
    due_on: date | None
    deadline: str
    review: str
    leads: tuple[OfficeRef, ...]
    supports: tuple[OfficeRef, ...]
    responsibles: tuple[OfficeRef, ...]
    is_inherited: bool
    mentions: tuple[OwnerLine, ...]
    targets: tuple[TargetLine, ...]
    has_children: bool
    accountable_text: str
    support_text: str

    @property
    def title(self) -> str:
        return titled(self.label, self.heading)

    @property
    def kind_label(self) -> str:
        return str(NodeKind(self.kind).label)

    @property
    def persons(self) -> tuple[str, ...]:
        return tuple(mention.name for mention in self.mentions if mention.role == OwnerRole.PERSON)

    @property
    def outside(self) -> tuple[str, ...]:
        return tuple(mention.name for mention in self.mentions if mention.is_outside)

    @property
    def unresolved(self) -> tuple[str, ...]:
        return tuple(mention.name for mention in self.mentions if mention.is_unresolved)

    @property
    def lead_words(self) -> str:
        """Who answers for it, bodies outside the register too; names that mean nobody only where nobody else is named."""
        outside = (mention.name for mention in self.mentions if mention.is_outside and not mention.is_support)
        named = "、".join(dict.fromkeys(filter(None, (self.accountable_text, *outside))))
        return named or "、".join(
            mention.name for mention in self.mentions if mention.is_unresolved and not mention.is_support
        )

    @property
    def support_words(self) -> str:
        outside = (mention.name for mention in self.mentions if mention.is_outside and mention.is_support)
        return "、".join(dict.fromkeys(filter(None, (self.support_text, *outside))))

    @property
    def is_work(self) -> bool:
        """Something to be done by somebody: a task or a measure, not a chapter or a line of goals."""
        return self.kind in (NodeKind.ACTION, NodeKind.MEASURE)


@dataclass(frozen=True)
class PlanLines:
    """All rows of a plan, in reading order."""

    tasks: tuple[TaskLine, ...]
    targets: tuple[TargetLine, ...]

    @cached_property
    def by_id(self) -> Mapping[int, TaskLine]:
        return {task.id: task for task in self.tasks}

    @cached_property
    def work(self) -> tuple[TaskLine, ...]:
        """The rows of the decomposition: tasks, or whatever names an owner where the document has no tasks."""
        return tuple(task for task in self.tasks if task.is_work or task.mentions)

    @cached_property
    def goals(self) -> tuple[TargetLine, ...]:
        """Targets (not achieved figures); a stretch stands with its floor."""
        return tuple(target for target in self.targets if target.tense == Tense.TARGET and target.floor_id is None)

    def path_of(self, node_id: int | None) -> tuple[TaskLine, ...]:
        """The headings down to a node, itself the last."""
        path: list[TaskLine] = []
        while node_id is not None and (task := self.by_id.get(node_id)) is not None:
            path.append(task)
            node_id = task.parent_id
        return tuple(reversed(path))


def plan_lines(plan: WorkPlan) -> PlanLines:
    """Every kept row of the plan. Five queries."""
    targets = target_lines(Target.objects.kept().filter(plan=plan).defer("reading"))
    parts = held_parts(plan)
    held: dict[int, list[Held]] = defaultdict(list)
    for part in parts:
        held[part.node_id].append(part)
    mentions, groups = _mentions(plan, parts)
    nodes = list(PlanNode.objects.kept().filter(plan=plan).defer("reading"))
    by_node: dict[int | None, list[TargetLine]] = defaultdict(list)
    for target in targets:
        by_node[target.node_id].append(target)
    parents = {node.pk: node.parent_id for node in nodes}
    with_children = set(parents.values())
    tasks = tuple(
        task_line(
            node,
            depth=_depth(node.pk, parents),
            held=held.get(node.pk, ()),
            mentions=mentions.get(node.pk, ()),
            targets=by_node.get(node.pk, ()),
            has_children=node.pk in with_children,
            groups=groups,
        )
        for node in nodes
    )
    return PlanLines(tasks, targets)


def target_lines(rows: Iterable[Target]) -> tuple[TargetLine, ...]:
    """Targets as lines; each floor carries its stretch where both are among the rows."""
    rows = list(rows)
    lines = {row.pk: target_line(row) for row in rows}
    stretches = {row.floor_id: lines[row.pk] for row in reversed(rows) if row.floor_id in lines}
    return tuple(target_line(row, stretch=stretches.get(row.pk)) for row in rows)


def target_line(row: Target, *, stretch: TargetLine | None = None) -> TargetLine:
    """One target, with its requirement in words."""
    return TargetLine(
        id=row.pk, node_id=row.node_id, start=row.start, end=row.end, indicator=row.indicator,
        requirement=requirement_of(row), op=row.op, value=row.value, value_high=row.value_high, unit=row.unit,
        measure=row.measure, tier=row.tier, tense=row.tense, period=row.period, due_on=row.due_on, masked=row.masked,
        review=row.review, doubts=tuple(row.doubts), restates_id=row.restates_id, floor_id=row.floor_id, stretch=stretch,
    )  # fmt: skip


def requirement_of(row: Target) -> str:
    return requirement(
        op=row.op, value=row.value, value_high=row.value_high, unit=row.unit, measure=row.measure, per=row.per,
        benchmark=row.benchmark, masked=row.masked, is_net=counts_net(row.indicator),
    )  # fmt: skip


def _mentions(plan: WorkPlan, parts: Iterable[Held]) -> tuple[dict[int, list[OwnerLine]], dict[int, str]]:
    """The printed names by node, and those among them that stand for a group."""
    found: dict[int, list[OwnerLine]] = defaultdict(list)
    meant = offices_meant(parts)
    for mention in OwnerMention.objects.kept().filter(plan=plan).defer("reading"):
        found[mention.node_id].append(owner_line(mention, offices=meant.get(mention.pk, ())))
    groups = {line.id: line.name for lines in found.values() for line in lines if len(line.offices) > LARGEST_LISTED}
    return found, groups


def owner_line(mention: OwnerMention, *, offices: tuple[OfficeRef, ...]) -> OwnerLine:
    """One printed name; `offices` in the register's order."""
    return OwnerLine(
        id=mention.pk, node_id=mention.node_id, start=mention.start, end=mention.end, name=mention.name,
        role=mention.role, certainty=mention.certainty, is_outside=mention.is_outside, review=mention.review,
        offices=offices,
    )  # fmt: skip


def task_line(
    node: PlanNode,
    *,
    depth: int,
    held: Iterable[Held],
    mentions: Iterable[OwnerLine],
    targets: Iterable[TargetLine],
    has_children: bool,
    groups: Mapping[int, str],
) -> TaskLine:
    """One heading with its owners by role, each organisation once."""
    held = sorted(held, key=attrgetter("mention_id"))

    def holding(role: OwnerRole) -> tuple[OfficeRef, ...]:
        parts = [part.offices for part in held if part.role == role]
        return parts[0] if len(parts) == 1 else in_order(chain.from_iterable(parts))

    def text(*roles: OwnerRole) -> str:
        names = chain.from_iterable(
            (groups[part.mention_id],) if part.mention_id in groups else (office.name for office in part.offices)
            for part in held
            if part.role in roles
        )
        return "、".join(dict.fromkeys(names))

    return TaskLine(
        id=node.pk, parent_id=node.parent_id, depth=depth, level=node.level, start=node.start, end=node.end,
        label=node.label, heading=node.heading, kind=node.kind, due_on=node.due_on,
        deadline=deadline_text(node.due_on, period=node.due_period, printed=node.due_text), review=node.review,
        leads=holding(OwnerRole.LEAD), supports=holding(OwnerRole.SUPPORT), responsibles=holding(OwnerRole.RESPONSIBLE),
        is_inherited=any(each.is_inherited for each in held), mentions=tuple(mentions), targets=tuple(targets),
        has_children=has_children, accountable_text=text(OwnerRole.LEAD, OwnerRole.RESPONSIBLE),
        support_text=text(OwnerRole.SUPPORT),
    )  # fmt: skip


def _depth(node_id: int, parents: Mapping[int, int | None]) -> int:
    depth, above = 0, parents.get(node_id)
    while above is not None:
        depth, above = depth + 1, parents.get(above)
    return depth
