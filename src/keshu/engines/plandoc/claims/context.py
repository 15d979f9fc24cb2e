"""What a sentence has said so far, and where it stands: the context in which its next number is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from keshu.engines.plandoc.claims.deadlines import Moment
from keshu.engines.plandoc.claims.headnouns import heading_noun
from keshu.engines.plandoc.claims.naming import Subject, subject_of
from keshu.engines.plandoc.document import Tense, Tier
from keshu.engines.plandoc.passage import Passage

_QUESTION = re.compile(r"[??]$|哪些|如何|怎[么样]|什么|为何|多少")


@dataclass(slots=True)
class Context:
    """The running state of one sentence.

    ``previous`` is the subject of the sentence before a semicolon, ``subject`` what this one is about, ``latest`` what
    its last number counted and ``behind`` that the name stood behind it, ``listed`` all it has counted, ``history`` the
    subject of each verb in the paragraph. ``names``, ``paired``, ``pair_growth``, ``pair_fall`` and ``pair_total`` belong
    to 分别, ``years`` are those it hands out. ``settings`` are the 任务是 and 完成情况 to come, ``aim`` the tense the last one
    set. ``measured_at`` is where the last number stood, ``growing`` that the last percentage was a growth, ``retrospect``
    that the sentence opened with a year gone by, ``started`` what a start value (由12家…) counted, ``recent`` the names so
    far, ``doubled`` that 力争 has just raised what 确保 had set, ``ambition`` the tier that opens the sentence (力争到2025年,…),
    ``turned`` that the last figure of a plan was an actual one, ``earlier`` the subject of the sentence before a full
    stop, ``money`` the sum named last (成交额9亿元), which a rate right behind it is of, ``cued`` that some word of it may set
    tense, aim or gap, ``paced`` that some word of it may name a rhythm or a base (每月, 户均).
    """

    text: str
    passage: Passage
    start: int
    subject: Subject | None = None
    previous: Subject | None = None
    tier: Tier | None = None
    doubled: bool = False
    verb: str = ""
    names: list[str] = field(default_factory=list)
    paired: int = 0
    pair_growth: bool = False
    pair_fall: bool = False
    pair_total: bool = False
    aim: Tense | None = None
    settings: list[re.Match[str]] = field(default_factory=list)
    carried: Moment | None = None
    history: dict[str, Subject] = field(default_factory=dict)
    listed: list[Subject] = field(default_factory=list)
    growing: bool = False
    latest: Subject | None = None
    behind: bool = False
    years: list[Moment] = field(default_factory=list)
    measured_at: int = 0
    retrospect: bool = False
    started: Subject | None = None
    recent: list[str] = field(default_factory=list)
    ambition: Tier | None = None
    turned: bool = False
    earlier: Subject | None = None
    money: Subject | None = None
    cued: bool = True
    paced: bool = True

    @property
    def fallback(self) -> Subject | None:
        """The heading's noun, for clauses that name nothing."""
        passage = self.passage
        return _of_heading(passage.subject or (passage.section[-1] if passage.section else ""))


@lru_cache(maxsize=256)
def _of_heading(heading: str) -> Subject | None:
    if _QUESTION.search(heading):
        return None
    noun = heading_noun(heading) if heading else ""
    if "级以上" in noun[:5]:
        return Subject("", noun, noun)  # 省级以上创新平台: without its level it would be another stock.
    return subject_of(noun, "") if noun else None
