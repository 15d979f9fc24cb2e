"""How a file is refused: in Chinese, saying what was given, why it cannot be read, and what to do."""

from __future__ import annotations

from keshu.engines.plandoc.document import PlanDocumentError


def refusal(*, given: str, why: str, remedy: str) -> PlanDocumentError:
    """The error for a file that cannot be read: what was given, why it fails, what to do."""
    return PlanDocumentError(f"{given}：{why}。{remedy}。")
