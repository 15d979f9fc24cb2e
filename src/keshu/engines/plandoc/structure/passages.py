"""Cutting the body into passages: what is left of each place once owners, tables and notices are taken out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from keshu.engines.plandoc.document import Tense, Tier
from keshu.engines.plandoc.passage import Passage, Role
from keshu.engines.plandoc.structure.frame import Frame
from keshu.engines.plandoc.structure.headings import Heading
from keshu.engines.plandoc.structure.labels import Style
from keshu.engines.plandoc.structure.lines import line_spans, trimmed
from keshu.engines.plandoc.structure.metadata import Horizon, is_oral
from keshu.engines.plandoc.structure.regimes import Regime, leads_stretch_list, paragraph_regime, turns_back
from keshu.engines.plandoc.structure.spots import Spot
from keshu.engines.plandoc.structure.words import sense_of

_LEADING_VERB = re.compile(
    r"(?:着力|大力|全力|积极|持续|加快|深入|扎实|切实|进一步|不断|努力|稳步|高质量|高水平)*(?:推动"
    r"|推进|加强|强化|深化|优化|完善|健全|做好|做强|做实|抓好|开展|实施|培育|壮大|培育壮大|提升"
    r"|促进|构建|打造|建设|布局|坚持|突出|落实|推广|营造|发展|创新|活跃|组织|搭建|增强|加大)"
)
_ANSWER = re.compile(r"(?:【答】|答:|【?回答】?:|是:)\s*")
_ANSWER_OPENS = frozenset("【答回:是")
_SENTENCE = re.compile("。")
_YEAR_OPENS = re.compile(r"(?:到|至|截至)?(?:19|20)\d\d年|今年|全[市县区省]|下一步")
# The first character stands in front: the search then jumps from one possible figure to the next.
_QUANTITY = re.compile(
    r"[\d一二三四五六七八九十百千两突xX×*](?:(?<=\d)(?!\d{0,3}年)[\d.,]*\s*(?:%|[\u4e00-\u9fff])"
    r"|(?<=[一二三四五六七八九十百千两])(?:家|个|项|名|人|件|场|轮|所|支|座|户|亿|万|(?<!一)批)"
    r"|(?<=突)破(?:(?<=实现突破)|(?<=零突破)|(?<=零的突破)|(?<=”突破)|(?<=”的突破))"
    r"|(?<=[xX×*])[xX×*]{0,3}(?:家|个|项|名|%|亿))"
)
# Headings of these styles name a section or ask; a figure in them is no goal.
_NAMES_ONLY = frozenset({Style.YEAR, Style.PART, Style.CHAPTER, Style.QUESTION})
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


def find_passages(
    text: str,
    *,
    frame: Frame,
    spots: Sequence[Spot],
    paths: Sequence[tuple[str, ...]],
    opening: Regime,
    horizon: Horizon,
    turning: bool,
    holes: list[tuple[int, int]],
) -> tuple[Passage, ...]:
    """All passages in reading order; `turning` says that paragraphs may turn the tense, `holes` (sorted) what to leave out."""
    oral = is_oral(frame)
    settled = _settled(spots)
    real = [index for index, spot in enumerate(spots) if spot.row is None]
    starts = [*(spots[index].heading.start for index in real), frame.end]
    found = cut_passages(
        text, frame.start, starts[0], holes=_between(holes, frame.start, starts[0]), regime=opening, horizon=horizon,
        free=True, oral=oral, section=(), node=None, subject="",
    )  # fmt: skip
    for index, end in zip(real, starts[1:], strict=True):
        spot, heading = spots[index], spots[index].heading
        start = heading.head_start if _reads_heading(heading) else heading.head_end
        if not text[start:end].strip(_MARKS):
            continue  # an outline: nothing of its own stands behind the heading
        free = (turning or oral or heading.style is Style.QUESTION) and not settled[index]
        found += cut_passages(
            text, start, end, holes=_between(holes, start, end), regime=spot.regime, horizon=horizon, free=free,
            oral=oral, section=paths[index], node=index, subject=subject_of(heading.text),
        )  # fmt: skip
    for index, spot in enumerate(spots):
        found += _cell_passages(text, spot, paths[index], index)
    return tuple(sorted(found, key=attrgetter("start")))


def _settled(spots: Sequence[Spot]) -> list[bool]:
    """For each spot whether a heading, its own or one above, has settled the tense."""
    settled: list[bool] = []
    for spot in spots:
        parent = spot.place.parent
        sense = sense_of(spot.heading.text)
        settled.append((sense is not None and sense.tense is not None) or (parent is not None and settled[parent]))
    return settled


def _cell_passages(text: str, spot: Spot, section: tuple[str, ...], node: int) -> list[Passage]:
    """The text cells of a task row, which hold its figures."""
    if spot.row is None:
        return []
    subject = subject_of(spot.heading.text)
    return [
        regime_passage(start, end, spot.regime, section=section, node=node, subject=subject)
        for start, end in spot.row.bodies
        if text[start:end].strip(" 。;:,")
    ]


def regime_passage(
    start: int, end: int, regime: Regime, *, section: tuple[str, ...], node: int | None, subject: str = ""
) -> Passage:
    """The stretch `start` to `end` as a passage under `regime`."""
    return Passage(
        start, end, section, node, regime.role, regime.tense, regime.period, regime.year, regime.tier, subject
    )


def _reads_heading(heading: Heading) -> bool:
    """Whether the heading itself may hold a figure: goal lines, and run-in headings that state an amount."""
    return heading.goal or (heading.style not in _NAMES_ONLY and _QUANTITY.search(heading.text) is not None)


def _between(holes: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The holes that touch `start` to `end`."""
    if not holes:
        return holes
    return holes[max(0, bisect_left(holes, (start, 0)) - 1) : bisect_left(holes, (end, 0))]


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
    """The passages of one node's own text; neighbouring paragraphs of one regime stay together."""
    runs: list[tuple[int, int, Regime]] = []
    for part_start, part_end in subtract(start, end, holes):
        for line_start, line_end in _stretches(text, part_start, part_end, regime, horizon=horizon, free=free):
            here = paragraph_regime(text[line_start : line_start + 80], regime, horizon=horizon, free=free)
            if free and here.tense is not regime.tense and (oral or here.tense is Tense.TARGET):
                regime = here  # A speech goes on as it began; in a plan a glance back is over with its paragraph.
            if runs and (runs[-1][2] is here or runs[-1][2] == here) and not text[runs[-1][1] : line_start].strip():
                runs[-1] = (runs[-1][0], line_end, here)
            else:
                runs.append((line_start, line_end, here))
            if leads_stretch_list(text[max(line_start, line_end - 60) : line_end]):
                regime = regime._replace(tier=Tier.STRETCH)
    return [regime_passage(a, b, here, section=section, node=node, subject=subject) for a, b, here in runs]


def _stretches(
    text: str, start: int, end: int, regime: Regime, *, horizon: Horizon, free: bool
) -> Iterator[tuple[int, int]]:
    """Paragraphs; the opening paragraph of a plan is cut where it stops telling of an earlier year."""
    if not (free and regime.role is Role.PREAMBLE and regime.tense is Tense.TARGET):
        yield from _paragraphs(text, start, end)
        return
    for line_start, line_end in _paragraphs(text, start, end):
        at = line_start
        back = turns_back(text[line_start : line_start + 30], horizon)
        for stop in _SENTENCE.finditer(text, line_start, line_end):
            now = turns_back(text[stop.end() : stop.end() + 30], horizon)
            if (back or now) and back is not now and _YEAR_OPENS.match(text, stop.end()):
                yield at, stop.end()
                at, back = stop.end(), now
        yield at, line_end


def _paragraphs(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The lines between `start` and `end`, trimmed of blanks and of marks in front; empty ones left out."""
    found: list[tuple[int, int]] = []
    for line_start, line_end in line_spans(text, start, end):
        words = text[line_start:line_end].lstrip(_MARKS)
        if not words:
            continue
        begin = line_end - len(words)
        close = begin + len(words.rstrip(" \t\u3000"))
        answer = _ANSWER.match(text, begin, close) if words[0] in _ANSWER_OPENS else None
        if answer is not None:
            begin, close = trimmed(text, answer.end(), close, marks="")
        if close > begin:
            found.append((begin, close))
    return found
