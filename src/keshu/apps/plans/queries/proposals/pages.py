"""The editing page of a draft: its outline, the paragraphs of one chapter as they will read, how far it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.plans.models import LEFT_OUT, Choice, PieceKind, ProposalItem
from keshu.apps.plans.queries.proposals.progress import ProposalProgress, asked_among

if TYPE_CHECKING:
    from keshu.apps.plans.models import PlanProposal

# Paragraphs on one page of a chapter.
ON_PAGE = 60
SHOWS = (("", "全部"), ("undecided", "未决定"), ("changed", "调整、新增"), ("gone", "不列入的"), ("issues", "问题候选"))
CHOICE_MARKS = {
    Choice.CARRY.value: Mark("沿用", Tone.DONE),
    Choice.CHANGE.value: Mark("调整", Tone.ON_TRACK),
    Choice.ADD.value: Mark("新增", Tone.ON_TRACK),
    Choice.DROP.value: Mark("不再列入", Tone.LATE),
    Choice.CLOSE.value: Mark("已完成关闭", Tone.UNKNOWN),
    "": Mark("未决定", Tone.AT_RISK),
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """An outer heading; ``left`` pieces under it are not decided."""

    id: int
    title: str
    left: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to see."""

    chapter: int | None = None
    show: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class ProposalOutline:
    """All pieces of a draft sorted out for its page."""

    items: tuple[ProposalItem, ...]
    chapters: tuple[Chapter, ...]
    progress: ProposalProgress
    gone: frozenset[int]
    undecided: frozenset[int]
    homes: Mapping[int, int]


def outline_of(proposal: PlanProposal) -> ProposalOutline:
    """One query; none where the draft comes with its ``items``."""
    items = [item for item in proposal.items.all() if not item.is_removed]
    gone = frozenset(_left_out(items))
    asked = asked_among(items)
    undecided = frozenset(item.pk for item in asked if not item.choice)
    homes = _homes(items)
    chapters = tuple(
        Chapter(item.pk, item.text or "正文", sum(homes.get(pk) == item.pk for pk in undecided))
        for item in items
        if item.depth == 1 and item.opens
    )
    progress = ProposalProgress(len(asked) - len(undecided), len(asked))
    return ProposalOutline(tuple(items), chapters, progress, gone, undecided, homes)


def _left_out(items: Sequence[ProposalItem]) -> set[int]:
    found: set[int] = set()
    for item in items:
        if item.is_left_out or item.parent_id in found:
            found.add(item.pk)
    return found


def _homes(items: Sequence[ProposalItem]) -> dict[int, int]:
    """The chapter of each piece; the opening paragraph has none."""
    found: dict[int, int] = {}
    here: int | None = None
    for item in items:
        if item.depth == 1 and item.opens:
            here = item.pk
        if here is not None:
            found[item.pk] = here
    return found


def chosen_pieces(outline: ProposalOutline, asked: Asked) -> list[ProposalItem]:
    """The pieces that fit what is asked; without a filter those of the chapter."""
    words = asked.words.strip()
    return [
        item
        for item in outline.items
        if (asked.chapter is None or outline.homes.get(item.pk) == asked.chapter)
        and (not words or words in f"{item.label}{item.text}")
        and _fits(item, outline, asked.show)
    ]


def _fits(item: ProposalItem, outline: ProposalOutline, show: str) -> bool:
    if show == "undecided":
        return item.pk in outline.undecided
    if show == "changed":
        return item.settled in (Choice.CHANGE, Choice.ADD) and item.is_decidable
    if show == "gone":
        return item.is_decidable and item.settled in LEFT_OUT
    if show == "issues":
        return item.kind == PieceKind.ISSUE
    return True
