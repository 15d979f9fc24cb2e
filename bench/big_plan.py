"""A city larger than any real one, for measuring: 59 offices, a plan of 300 tasks, and one of 10,000 targets.

Rows are written straight into the tables, each with the span of its words in a text made along with them. A task of the first
plan prints five names: one leads, three support, and 各处室 means all of them, so no cell of the matrix is empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from keshu.apps.bureau.models import Attachment, Organisation, User
from keshu.apps.plans.models import (
    OwnerMention,
    OwnerRole,
    PlanNode,
    PlanState,
    Responsibility,
    Review,
    SourceDocument,
    Target,
    WorkPlan,
)
from keshu.apps.plans.queries.indicator_names import indicator_key

if TYPE_CHECKING:
    from collections.abc import Sequence

OFFICES, CHAPTERS, TASKS = 59, 12, 25
EVERYBODY = "各处室"
TOPICS = ("高新技术企业", "科技型中小企业", "技术合同成交额", "研发投入", "创新平台", "中试基地", "孵化器", "对接会")
UNITS = ("家", "家", "亿元", "亿元", "个", "个", "家", "场")


@dataclass
class Scribe:
    """The text as it grows, and the rows that quote it."""

    plan: WorkPlan
    at: datetime
    text: str = ""
    position: int = 0
    rows: list[PlanNode | Target | OwnerMention] = field(default_factory=list)

    def write(self, words: str) -> tuple[int, int]:
        """The place of the words in the text."""
        start = len(self.text)
        self.text += words
        return start, len(self.text)

    def place(self, words: str) -> dict[str, object]:
        """What every row of a plan says of itself, for the row that these words make."""
        start, end = self.write(words)
        self.position += 1
        reviewed = {"review": Review.ACCEPTED, "reviewed_by": self.plan.created_by, "reviewed_at": self.at}
        return {"plan": self.plan, "position": self.position, "start": start, "end": end, **reviewed}


def build(*, on: date, at: datetime) -> tuple[WorkPlan, WorkPlan]:
    """The plan of many offices and the plan of many targets, both published, beside what the database holds already."""
    bureau = Organisation.objects.get(kind="bureau", parent__kind="city")
    planner = User.objects.get(username="planner")
    offices = [
        Organisation(
            parent=bureau,
            kind="office",
            name=f"第{n}综合业务处",
            short_name=f"综{n}处",
            position=1000 + n,
            is_demo=True,
        )
        for n in range(1, OFFICES + 1)
    ]
    Organisation.objects.bulk_create(offices)
    for office in offices:
        office.path = f"{bureau.path}{office.pk}/"
    Organisation.objects.bulk_update(offices, ["path"])
    many_offices = new_plan(bureau, planner, at=at, title="多单位的大型要点", year=on.year + 1)
    write_plan(many_offices, offices, on=on, at=at, targets=3)
    many_targets = new_plan(bureau, planner, at=at, title="一万项目标的要点", year=on.year + 2)
    write_plan(many_targets, offices, on=on, at=at, targets=34)
    return many_offices, many_targets


def new_plan(
    bureau: Organisation, by: User, *, at: datetime, title: str, year: int, kind: str = "plan", version: str = "bench"
) -> WorkPlan:
    """A published plan without rows."""
    source = SourceDocument.objects.create(
        attachment=Attachment.objects.order_by("pk")[0],
        file_name=f"{title}.docx", sha256=sha256(title.encode()).hexdigest(), text="", engine_version=version, read_at=at,
    )  # fmt: skip
    return WorkPlan.objects.create(
        organisation=bureau, source=source, title=title, year=year, kind=kind, issuer=bureau.name, is_demo=True,
        state=PlanState.PUBLISHED, created_by=by, created_at=at, released_by=by, released_at=at,
    )  # fmt: skip


def write_plan(plan: WorkPlan, offices: Sequence[Organisation], *, on: date, at: datetime, targets: int) -> None:
    """12 chapters of 25 tasks with so many targets each."""
    scribe = Scribe(plan, at)
    scribe.write(f"{plan.title}\n")
    owners: list[tuple[OwnerMention, Sequence[Organisation]]] = []
    for chapter in range(1, CHAPTERS + 1):
        section = _node(scribe, None, f"第{chapter}章　", f"重点领域{chapter}", kind="section")
        scribe.write("\n")
        for number in range(1, TASKS + 1):
            _task(scribe, section, chapter * 100 + number, offices, owners, on=on, targets=targets)
    PlanNode.objects.bulk_create([row for row in scribe.rows if isinstance(row, PlanNode)], batch_size=500)
    Target.objects.bulk_create([row for row in scribe.rows if isinstance(row, Target)], batch_size=500)
    OwnerMention.objects.bulk_create([row for row in scribe.rows if isinstance(row, OwnerMention)], batch_size=500)
    Responsibility.objects.bulk_create(
        [
            Responsibility(node=mention.node, mention=mention, organisation=office, role=mention.role)
            for mention, meant in owners
            for office in meant
        ],
        batch_size=2000,
    )
    SourceDocument.objects.filter(pk=plan.source_id).update(text=scribe.text)


def _node(scribe: Scribe, parent: PlanNode | None, label: str, heading: str, *, kind: str) -> PlanNode:
    node = PlanNode(
        **scribe.place(label + heading), parent=parent, level=1 if parent is None else 2, label=label,
        heading=heading, kind=kind, body_end=len(scribe.text),
    )  # fmt: skip
    if parent is None:
        node.save()
    else:
        scribe.rows.append(node)
    return node


def _task(
    scribe: Scribe,
    section: PlanNode,
    number: int,
    offices: Sequence[Organisation],
    owners: list[tuple[OwnerMention, Sequence[Organisation]]],
    *,
    on: date,
    targets: int,
) -> None:
    """A paragraph: heading, a sentence, its targets, its five owners."""
    node = _node(scribe, section, f"{number}.", f"推进第{number}项重点工作", kind="action")
    node.due_on = on + timedelta(days=number % 300 - 20) if number % 3 else None
    scribe.write("。围绕产业需要完善推进机制，细化分工，按月调度，确保任务落地见效。")
    for each in range(targets):
        topic = (number + each) % len(TOPICS)
        row = scribe.place(f"{TOPICS[topic]}第{number}批达到{number + each}{UNITS[topic]}")
        indicator = f"{TOPICS[topic]}第{number}批"
        scribe.rows.append(
            Target(
                **row, node=node, indicator=indicator, indicator_key=indicator_key(indicator, measure="level"), op=">=",
                value=number + each, unit=UNITS[topic], measure="level", period=str(on.year), due_on=node.due_on,
                value_start=len(scribe.text) - 6, value_end=len(scribe.text),
            )
        )  # fmt: skip
        scribe.write("。")
    scribe.write("（")
    named = [offices[(number * 7 + step * 11) % len(offices)] for step in range(4)]
    for step, office in enumerate([*named, None]):
        name, meant = (EVERYBODY, offices) if office is None else (office.short_name, [office])
        role = OwnerRole.SUPPORT if step else OwnerRole.LEAD
        mention = OwnerMention(**scribe.place(name), node=node, name=name, role=role, certainty="name")
        scribe.rows.append(mention)
        owners.append((mention, meant))
        scribe.write("牵头，" if not step else "、")
    scribe.write("配合）\n")
