"""Cutting the body into passages: what is left of each place once owners, tables and notices are taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from keshu.engines.plandoc.document import Tense, Tier
from keshu.engines.plandoc.passage import Passage, Role
from keshu.engines.plandoc.structure.lines import line_spans, trimmed
from keshu.engines.plandoc.structure.metadata import Horizon
from keshu.engines.plandoc.structure.regimes import Regime, leads_stretch_list, paragraph_regime, turns_back

_LEADING_VERB = re.compile(
    r"(?:着力|大力|全力|积极|持续|加快|深入|扎实|切实|进一步|不断|努力|稳步|高质量|高水平)*(?:推动"
    r"|推进|加强|强化|深化|优化|完善|健全|做好|做强|做实|抓好|开展|实施|培育|壮大|培育壮大|提升"
    r"|促进|构建|打造|建设|布局|坚持|突出|落实|推广|营造|发展|创新|活跃|组织|搭建|增强|加大)"
)
_ANSWER = re.compile(r"(?:【答】|答:|【?回答】?:|是:)\s*")
_SENTENCE = re.compile("。")
_YEAR_OPENS = re.compile(r"(?:到|至|截至)?(?:19|20)\d\d年|今年|全[市县区省]|下一步")
_MARKS = " \t\n\u3000。;:,、"


def subject_of(heading: str) -> str:
    """The noun a heading names: its leading verb and its second half taken off.

    Examples
    --------
    >>> subject_of("推动实验室提质"), subject_of("壮大科技特派员队伍")
    ('实验室提质', '科技特派员队伍')
    """
    first, _, _ = heading.partition(",")
    verb = _LEADING_VERB.match(first)
    bare = first[verb.end() :] if verb is not None else first
    return bare if len(bare) >= 2 else first


def subtract(start: int, end: int, holes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of `start` to `end` outside `holes` (sorted)."""
    at = start
    for hole_start, hole_end in holes:
        if hole_end <= at:
            continue
        if hole_start >= end:
            break
        if hole_start > at:
            yield at, hole_start
        at = max(at, hole_end)
    if at < end:
        yield at, end


def cut_passages(
    text: str,
    start: int,
    end: int,
    *,
    holes: Sequence[tuple[int, int]],
    regime: Regime,
    horizon: Horizon,
    free: bool,
    oral: bool,
    section: tuple[str, ...],
    node: int | None,
    subject: str,
) -> list[Passage]:
    """The passages of one node's own text; paragraphs of one regime stay together."""
    found: list[Passage] = []
    for part_start, part_end in subtract(start, end, holes):
        for line_start, line_end in _stretches(text, part_start, part_end, regime, horizon=horizon, free=free):
            here = paragraph_regime(text[line_start : line_start + 80], regime, horizon=horizon, free=free)
            if free and here.tense is not regime.tense and (oral or here.tense is Tense.TARGET):
                regime = here  # A speech goes on as it began; in a plan a glance back is over with its paragraph.
            passage = Passage(
                line_start, line_end, section, node, here.role, here.tense, here.period, here.year, here.tier, subject
            )
            if found and _continues(found[-1], passage, text):
                found[-1] = replace(found[-1], end=line_end)
            else:
                found.append(passage)
            if leads_stretch_list(text[line_start:line_end][-60:]):
                regime = replace(regime, tier=Tier.STRETCH)
    return found


def _stretches(
    text: str, start: int, end: int, regime: Regime, *, horizon: Horizon, free: bool
) -> Iterator[tuple[int, int]]:
    """Paragraphs; the opening paragraph of a plan is cut where it stops telling of an earlier year."""
    for line_start, line_end in _paragraphs(text, start, end):
        at = line_start
        if free and regime.role is Role.PREAMBLE and regime.tense is Tense.TARGET:
            back = turns_back(text[line_start : line_start + 30], horizon)
            for stop in _SENTENCE.finditer(text, line_start, line_end):
                now = turns_back(text[stop.end() : stop.end() + 30], horizon)
                if (back or now) and back is not now and _YEAR_OPENS.match(text, stop.end()):
                    yield at, stop.end()
                    at, back = stop.end(), now
        yield at, line_end


def _continues(above: Passage, below: Passage, text: str) -> bool:
    """Whether two neighbouring paragraphs share everything but their place, with only blanks between."""
    same = (
        above.role is below.role
        and above.tense is below.tense
        and above.tier is below.tier
        and above.period == below.period
        and above.year == below.year
    )
    return same and not text[above.end : below.start].strip()


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines between `start` and `end`, trimmed of blanks and of marks in front; empty ones left out."""
    for line_start, line_end in line_spans(text, start, end):
        begin, close = trimmed(text, line_start, line_end, marks=_MARKS)
        answer = _ANSWER.match(text, begin, close)
        if answer is not None:
            begin, close = trimmed(text, answer.end(), close, marks="")
        if close > begin:
            yield begin, close
