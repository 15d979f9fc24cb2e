"""What a plan or summary document says, as plain values. Every span counts characters of :attr:`PlanDocument.text`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from keshu.kernel.period import Period
from keshu.kernel.span import Span


class PlanDocumentError(Exception):
    """The bytes cannot be read as a plan document. The message is Chinese and says how to mend it."""


class DocumentKind(StrEnum):
    PLAN = "plan"
    SUMMARY = "summary"
    SUMMARY_AND_PLAN = "summary_and_plan"


class NodeKind(StrEnum):
    """What a heading opens: a section, an action to take (任务), a measure inside an action, or a goal line."""

    SECTION = "section"
    ACTION = "action"
    MEASURE = "measure"
    GOAL = "goal"


class OwnerRole(StrEnum):
    """Lead (牵头), support (配合), responsible where the document does not tell the two apart, or a named person."""

    LEAD = "lead"
    SUPPORT = "support"
    RESPONSIBLE = "responsible"
    PERSON = "person"


class Op(StrEnum):
    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    EQUAL = "="
    ABOUT = "~"
    BETWEEN = "between"
    RANK_WITHIN = "rank<="
    BREAKTHROUGH = "breakthrough"
    ALL = "all"


class Measure(StrEnum):
    LEVEL = "level"
    INCREASE = "increase"
    GROWTH_RATE = "growth_rate"
    SHARE = "share"
    COUNT = "count"
    RANK = "rank"
    CUMULATIVE = "cumulative"


class Tier(StrEnum):
    BASE = "base"
    STRETCH = "stretch"


class Tense(StrEnum):
    TARGET = "target"
    ACTUAL = "actual"


@dataclass(frozen=True, slots=True)
class Owner:
    """An office or person that a node or a table row names, as printed (noise undone). `span` covers the printed name."""

    name: str
    role: OwnerRole
    span: Span


#: Labels that end in a word or a digit stand apart from the heading behind them.
_WORDED = ("章", "节", "篇", "编", "部分", *"0123456789")


@dataclass(frozen=True, slots=True)
class Node:
    """A heading and what stands under it.

    ``index`` is its position in :attr:`PlanDocument.nodes` (reading order), ``parent`` the index of the node above or None.
    ``level`` counts from 1. ``span`` covers label and heading, ``body`` all from the label to the end of the last child.
    ``label`` is as printed (``(一)``, ``1.``, ``一是``), empty for an unnumbered heading. ``due`` is the deadline of a
    完成时限 line or column, else the only kind of date that a task's own words set (6月底前完成摸底调查).
    """

    index: int
    parent: int | None
    level: int
    label: str
    heading: str
    kind: NodeKind
    span: Span
    body: Span
    owners: tuple[Owner, ...] = ()
    due: Period | None = None
    due_text: str = ""

    @property
    def title(self) -> str:
        """Label and heading as one reads them: a blank behind 第二章, none behind 一、."""
        gap = " " if self.label.endswith(_WORDED) else ""
        return f"{self.label}{gap}{self.heading}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure: a target or an achieved figure. One claim per number.

    ``value`` is null when masked, for a breakthrough (零的突破) and for a goal set against a reference level; ``unit`` keeps
    万 and 亿 as printed. ``span`` is the quoted clause, ``value_span`` the number with its unit. ``section`` is the heading
    path, ``node`` the index of the innermost node. ``owners`` are those that its own table row names (责任单位 column); where
    empty, the owners of the node answer for it. ``doubts`` says in Chinese why a reading is uncertain (empty: it is not);
    ``restates`` is the index of an earlier claim that says the same.
    """

    index: int
    indicator: str
    op: Op
    value: float | None
    value_high: float | None
    unit: str | None
    measure: Measure
    tier: Tier
    tense: Tense
    period: Period | None
    masked: bool
    span: Span
    value_span: Span
    section: tuple[str, ...] = ()
    node: int | None = None
    per: str | None = None
    benchmark: str | None = None
    restates: int | None = None
    doubts: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two or more claims on one indicator and period that disagree; `message` says so in Chinese."""

    indicator: str
    claims: tuple[int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head of the document says of it. Dates are ISO; a missing thing is None."""

    title: str | None = None
    full_title: str | None = None
    issuer: str | None = None
    region: str | None = None
    doc_number: str | None = None
    index_number: str | None = None
    published: str | None = None
    document_date: str | None = None
    plan_year: int | None = None
    kind: DocumentKind = DocumentKind.PLAN
    script: str = "simplified"
    artefacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A document read: its text as extracted, and what it says. See `README.md` beside this file."""

    text: str
    meta: Metadata
    nodes: tuple[Node, ...] = ()
    claims: tuple[Claim, ...] = ()
    contradictions: tuple[Contradiction, ...] = field(default=())

    def quote(self, claim: Claim) -> str:
        """The untouched words of the source that make the claim."""
        return claim.span.of(self.text)

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON-ready values: ``meta``, ``targets``, ``nodes``, ``contradictions``, ``owners_vocabulary``."""
        return {
            "meta": {
                "title": self.meta.title,
                "full_title": self.meta.full_title,
                "issuer": self.meta.issuer,
                "region": self.meta.region,
                "doc_number": self.meta.doc_number,
                "index_number": self.meta.index_number,
                "published": self.meta.published,
                "document_date": self.meta.document_date,
                "plan_year": self.meta.plan_year,
                "kind": self.meta.kind.value,
                "script": self.meta.script,
                "artefacts": list(self.meta.artefacts),
            },
            "targets": [self._claim_dict(claim) for claim in self.claims],
            "nodes": [
                {
                    "level": node.level,
                    "label": node.label,
                    "heading": node.heading,
                    "owners": [owner.name for owner in node.owners if owner.role is not OwnerRole.PERSON],
                    "kind": node.kind.value,
                    "start": node.span.start,
                    "end": node.span.end,
                    "due": None if node.due is None else _period_value(node.due),
                    "roles": [{"name": owner.name, "role": owner.role.value} for owner in node.owners],
                }
                for node in self.nodes
            ],
            "contradictions": [
                {"indicator": c.indicator, "targets": list(c.claims), "message": c.message} for c in self.contradictions
            ],
            "owners_vocabulary": sorted(
                {o.name for n in self.nodes for o in n.owners if o.role is not OwnerRole.PERSON}
            ),
        }

    def _claim_dict(self, claim: Claim) -> dict[str, Any]:
        return {
            "quote": self.quote(claim),
            "section": list(claim.section),
            "indicator": claim.indicator,
            "op": claim.op.value,
            "value": _plain(claim.value),
            "value_high": _plain(claim.value_high),
            "unit": claim.unit,
            "measure": claim.measure.value,
            "tier": claim.tier.value,
            "tense": claim.tense.value,
            "masked": claim.masked,
            "period": None if claim.period is None else _period_value(claim.period),
            "start": claim.span.start,
            "end": claim.span.end,
            "value_start": claim.value_span.start,
            "value_end": claim.value_span.end,
            "value_text": claim.value_span.of(self.text),
            "per": claim.per,
            "benchmark": claim.benchmark,
            "restates": claim.restates,
            "doubts": list(claim.doubts),
            "roles": [{"name": owner.name, "role": owner.role.value} for owner in claim.owners],
        }


def _plain(value: float | None) -> float | int | None:
    """Whole numbers without a decimal point, as the schema prints them."""
    return int(value) if value is not None and value == int(value) else value


def _period_value(period: Period) -> int | str:
    """A lone year is a JSON number, all else a string."""
    text = str(period)
    return int(text) if len(text) == 4 else text
