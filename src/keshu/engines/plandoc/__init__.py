"""Plan and summary documents in: bytes of .docx, .pdf, .html or .txt become a :class:`PlanDocument`.

The way through: ``reading`` (bytes to text) -> ``cleaning`` (noise undone, with the way back) -> ``structure`` (metadata,
headings, owners, tables) -> ``claims`` (figures). Deterministic, offline; see README.md.
"""

from keshu.engines.plandoc.document import (
    Claim,
    Contradiction,
    DocumentKind,
    Measure,
    Metadata,
    Node,
    NodeKind,
    Op,
    Owner,
    OwnerRole,
    PlanDocument,
    PlanDocumentError,
    Tense,
    Tier,
)
from keshu.engines.plandoc.pipeline import read_plan, read_text

__all__ = [
    "Claim", "Contradiction", "DocumentKind", "Measure", "Metadata", "Node", "NodeKind", "Op", "Owner", "OwnerRole",
    "PlanDocument", "PlanDocumentError", "Tense", "Tier", "read_plan", "read_text",
]  # fmt: skip
