"""Plans for tests: documents as the engine would hand them over, built by hand, and drafts and published plans made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from tests.factories import AT, make

from keshu.apps.bureau.models import Organisation, User
from keshu.apps.plans.models import (
    CheckIn,
    CheckInRound,
    OwnerMention,
    PlanNode,
    Responsibility,
    Rhythm,
    Target,
    WorkPlan,
)
from keshu.apps.plans.services import intake
from keshu.apps.plans.services.building import owner_names
from keshu.apps.plans.services.meanings import local_day, owners_meant
from keshu.apps.plans.services.publishing import publish_plan
from keshu.engines.plandoc.document import (
    Claim,
    DocumentKind,
    Measure,
    Metadata,
    Node,
    NodeKind,
    Op,
    Owner,
    OwnerRole,
    PlanDocument,
    Tense,
    Tier,
)
from keshu.kernel.period import Period
from keshu.kernel.rhythm import span_of
from keshu.kernel.span import Span
from keshu.kernel.workdays import WorkCalendar

_numbers = count(1)

POINTS = """云澜市2026年科技创新工作要点
一、主要目标
高新技术企业总数确保达到320家、力争340家。全社会研发投入占GDP比重达到2.1%。技术合同成交额突破45亿元。
二、重点任务
(一)培育科技企业。新增科技型中小企业120家。(高新处牵头,规划处、各县区配合)
(二)建设创新平台。6月底前建成中试基地2个。(成果转化处、云湖区)
(三)优化创新服务。举办对接会12场。
"""


@dataclass
class Draftsman:
    """Builds a PlanDocument over a text by quoting it; each quote must stand in the text after the last one found."""

    text: str
    year: int | None = 2026
    kind: DocumentKind = DocumentKind.PLAN
    title: str | None = "云澜市2026年科技创新工作要点"

    def __post_init__(self) -> None:
        self.nodes: list[Node] = []
        self.claims: list[Claim] = []

    def span(self, quote: str, *, after: int = 0) -> Span:
        start = self.text.index(quote, after)
        return Span(start, start + len(quote))

    def node(
        self,
        label: str,
        heading: str,
        *,
        kind: NodeKind = NodeKind.ACTION,
        parent: int | None = None,
        owners: Sequence[tuple[str, str]] = (),
        due: Period | None = None,
        due_text: str = "",
    ) -> int:
        span = self.span(label + heading, after=self.nodes[-1].span.end if self.nodes else 0)
        level = 1 if parent is None else self.nodes[parent].level + 1
        found = tuple(Owner(name, OwnerRole(role), self.span(name, after=span.end)) for name, role in owners)
        index = len(self.nodes)
        self.nodes.append(
            Node(
                index, parent, level, label, heading, kind, span, Span(span.start, len(self.text)), found, due, due_text
            )
        )
        return index

    def claim(self, quote: str, value_text: str, indicator: str, value: float | None, unit: str, **traits: Any) -> int:
        span = self.span(quote)
        value_span = self.span(value_text, after=span.start)
        given: dict[str, Any] = {
            "op": Op.AT_LEAST,
            "value_high": None,
            "measure": Measure.LEVEL,
            "tier": Tier.BASE,
            "tense": Tense.TARGET,
            "period": None if self.year is None else Period.year(self.year),
            "masked": False,
            **traits,
        }
        index = len(self.claims)
        self.claims.append(
            Claim(index=index, indicator=indicator, value=value, unit=unit, span=span, value_span=value_span, **given)
        )
        return index

    def document(self) -> PlanDocument:
        nodes = []
        for node in self.nodes:
            later = [other.span.start for other in self.nodes if other.index > node.index and other.level <= node.level]
            body = Span(node.span.start, min(later, default=len(self.text)))
            nodes.append(
                Node(
                    node.index, node.parent, node.level, node.label, node.heading, node.kind, node.span, body,
                    node.owners, node.due, node.due_text,
                )
            )  # fmt: skip
        meta = Metadata(title=self.title, issuer="云澜市科学技术局", plan_year=self.year, kind=self.kind)
        return PlanDocument(text=self.text, meta=meta, nodes=tuple(nodes), claims=tuple(self.claims))


def points(text: str = POINTS, *, year: int | None = 2026, doubtful: bool = False) -> PlanDocument:
    """The plan above: two chapters, three tasks, six targets one of which stretches another."""
    pen = Draftsman(text, year=year)
    goals = pen.node("一、", "主要目标", kind=NodeKind.SECTION)
    tasks = pen.node("二、", "重点任务", kind=NodeKind.SECTION)
    first = pen.node(
        "(一)", "培育科技企业", parent=tasks, owners=[("高新处", "lead"), ("规划处", "support"), ("各县区", "support")]
    )
    second = pen.node(
        "(二)", "建设创新平台", parent=tasks, owners=[("成果转化处", "lead"), ("云湖区", "support")],
        due=Period.month(2026, 6), due_text="6月底前",
    )  # fmt: skip
    third = pen.node("(三)", "优化创新服务", parent=tasks)
    doubts = ("总数与增量不易区分",) if doubtful else ()
    pen.claim("高新技术企业总数确保达到320家", "320家", "高新技术企业总数", 320, "家", node=goals, doubts=doubts)
    pen.claim("力争340家", "340家", "高新技术企业总数", 340, "家", node=goals, tier=Tier.STRETCH)
    pen.claim(
        "全社会研发投入占GDP比重达到2.1%",
        "2.1%",
        "全社会研发投入占GDP比重",
        2.1,
        "%",
        node=goals,
        measure=Measure.SHARE,
    )
    pen.claim("技术合同成交额突破45亿元", "45亿元", "技术合同成交额", 45, "亿元", node=goals, op=Op.MORE_THAN)
    pen.claim("新增科技型中小企业120家", "120家", "科技型中小企业", 120, "家", node=first, measure=Measure.INCREASE)
    pen.claim(
        "6月底前建成中试基地2个", "2个", "中试基地", 2, "个", node=second, measure=Measure.COUNT,
        period=Period.month(2026, 6),
    )  # fmt: skip
    pen.claim("举办对接会12场", "12场", "对接会", 12, "场", node=third, measure=Measure.COUNT)
    return pen.document()


def large_plan(*, tasks: int = 300, offices: Sequence[Organisation]) -> PlanDocument:
    """Many tasks, each led by one office and supported by all others through 各处室, with one target each."""
    lines, chapter = ["云澜市2026年科技创新工作要点"], ["二、重点任务"]
    named = [str(office) for office in offices]
    for number in range(1, tasks + 1):
        chapter.append(
            f"{number}.推进事项{number}号。完成数{number}达到{number}项。({named[number % len(named)]}牵头,各处室配合)"
        )
    pen = Draftsman("\n".join(lines + chapter) + "\n")
    top = pen.node("二、", "重点任务", kind=NodeKind.SECTION)
    for number in range(1, tasks + 1):
        lead = named[number % len(named)]
        node = pen.node(f"{number}.", f"推进事项{number}号", parent=top, owners=[(lead, "lead"), ("各处室", "support")])
        pen.claim(f"完成数{number}达到{number}项", f"达到{number}项", f"完成数{number}", number, "项", node=node)
    return pen.document()


TWICE = """云澜市2026年科技创新工作要点
一、主要目标
技术合同成交额达到45亿元。高新技术企业总数达到320家。
二、重点任务
(一)建设技术市场。举办对接会12场。(高新处牵头,合作银行配合)
(二)办好大赛。举办大赛2场。(行业协会牵头)
(三)主要指标分解
技术合同成交额45亿元(规划处)
"""


def said_twice() -> PlanDocument:
    """A goal line without an owner, and the same target in the table of goals with one; two bodies outside the register."""
    pen = Draftsman(TWICE)
    goals = pen.node("一、", "主要目标", kind=NodeKind.SECTION)
    pen.claim("技术合同成交额达到45亿元", "45亿元", "技术合同成交额", 45, "亿元", node=goals)
    pen.claim("高新技术企业总数达到320家", "320家", "高新技术企业总数", 320, "家", node=goals)
    tasks = pen.node("二、", "重点任务", kind=NodeKind.SECTION)
    market = pen.node("(一)", "建设技术市场", parent=tasks, owners=(("高新处", "lead"), ("合作银行", "support")))
    pen.claim("举办对接会12场", "12场", "对接会", 12, "场", node=market)
    contest = pen.node("(二)", "办好大赛", parent=tasks, owners=(("行业协会", "lead"),))
    pen.claim("举办大赛2场", "2场", "大赛", 2, "场", node=contest)
    row = pen.node("(三)", "主要指标分解", parent=tasks, kind=NodeKind.GOAL, owners=(("规划处", "responsible"),))
    pen.claim("技术合同成交额45亿元", "45亿元", "技术合同成交额", 45, "亿元", node=row)
    return pen.document()


class _MakePlans:
    """Drafts and published plans, saved by the real services."""

    def draft(
        self,
        document: PlanDocument | None = None,
        *,
        organisation: Organisation | None = None,
        by: User | None = None,
        at: datetime = AT,
        revises: WorkPlan | None = None,
        name: str = "工作要点.docx",
    ) -> WorkPlan:
        document = points() if document is None else document
        organisation = organisation or make.bureau()
        by = by or make.person("planner", organisation)
        content = f"{next(_numbers)}{document.text}".encode()
        attachment = make.attachment(content=content, name=name, organisation=organisation, by=by)
        owners = owners_meant(owner_names(document), home=organisation, on=local_day(at))
        result = intake.save_document(
            document,
            owners=owners,
            attachment_id=attachment.pk,
            name=name,
            organisation=organisation,
            revises_id=None if revises is None else revises.pk,
            by=by,
            at=at,
        )
        return WorkPlan.objects.select_related("organisation", "source").get(pk=result.plan_id)

    def published(self, document: PlanDocument | None = None, *, by: User | None = None, **traits: Any) -> WorkPlan:
        by = by or make.person("planner")
        plan = self.draft(document, by=by, **traits)
        OwnerMention.objects.filter(plan=plan, certainty__in=["unknown", "guess"]).update(is_outside=True)
        return publish_plan(plan, accept_rest=True, by=by, at=AT)

    def target(self, plan: WorkPlan, indicator: str, *, tier: str = "base") -> Target:
        return Target.objects.filter(plan=plan, indicator=indicator, tier=tier).order_by("pk").first()

    def node(self, plan: WorkPlan, heading: str) -> PlanNode:
        return PlanNode.objects.get(plan=plan, heading=heading)

    def mention(self, plan: WorkPlan, name: str) -> OwnerMention:
        return OwnerMention.objects.filter(plan=plan, name=name).order_by("pk").first()

    def rhythm(self, plan: WorkPlan, **traits: Any) -> Rhythm:
        """A monthly rhythm due on the third working day after the month, asked of supporting offices too."""
        return Rhythm.objects.create(
            **{"plan": plan, "cadence": "monthly", "rule": "workday_after", "number": 3, "open_workdays": 5,
               "from_period": f"{plan.year}-01", **traits}
        )  # fmt: skip

    def round(self, plan: WorkPlan, key: str = "2026-03", **traits: Any) -> CheckInRound:
        """The one round of that key; due on the third working day after it where it is made."""
        there = CheckInRound.objects.filter(plan=plan, key=key).first()
        first_on, last_on = span_of(key)
        due_on = WorkCalendar().after(last_on, 3)
        days = {"first_on": first_on, "last_on": last_on, "due_on": due_on, "opened_at": AT, **traits}
        return there or CheckInRound.objects.create(plan=plan, key=key, **days)

    def check_in(
        self,
        subject: Target | PlanNode,
        organisation: Organisation | None = None,
        *,
        key: str = "2026-03",
        state: str = "open",
        by: User | None = None,
        at: datetime = AT,
        **traits: Any,
    ) -> CheckIn:
        """A form as it stands in `state`, filed and signed by `by` where the state says so; nothing is sent or recorded.

        ``make_plan.check_in(target, key="2026-04", state="signed", value=120)``
        """
        held = Responsibility.objects.filter(node=subject.pk if isinstance(subject, PlanNode) else subject.node_id)
        lead = held.filter(role__in=["lead", "responsible"]).order_by("pk").first()
        organisation = organisation or (lead.organisation if lead else make.office())
        asked = self.round(subject.plan, key)
        if by is None and state in ("filed", "signed", "returned"):
            by = make.person("office_head", organisation)
        filed = {"filed_by": by, "filed_at": at} if state in ("filed", "signed", "returned") else {}
        signed = {"signed_by": by, "signed_at": at} if state == "signed" else {}
        subject_field = "node" if isinstance(subject, PlanNode) else "target"
        given = {"part": "lead", "due_on": asked.due_on, subject_field: subject, **filed, **signed, **traits}
        return CheckIn.objects.create(round=asked, organisation=organisation, state=state, **given)


make_plan = _MakePlans()
