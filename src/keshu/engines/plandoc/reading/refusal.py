"""How a file is refused: in Chinese, saying what was given, why it cannot be read, and what to do."""

from __future__ import annotations

from keshu.engines.plandoc.document import PlanDocumentError


def refusal(*, given: str, why: str, remedy: str) -> PlanDocumentError:
    """The error for a file that cannot be read: what was given, why it fails, what to do."""
    return PlanDocumentError(f"{given}：{why}。{remedy}。")


LONGEST_TEXT = 5_000_000
"""Characters of text; readers stop here, since a merged cell or a list label may repeat itself without end."""


def too_long() -> PlanDocumentError:
    """The refusal of a file with more text than :data:`LONGEST_TEXT`."""
    return refusal(given="文件的文字超过 500 万字", why="不像一份工作要点或总结", remedy="请只上传正文部分")
