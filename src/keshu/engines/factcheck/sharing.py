"""What 分别 shares out: as many figures behind it as there are times, or figures, in the list in front of it, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from keshu.engines.factcheck.times import When
from keshu.engines.factcheck.values import Statement
from keshu.kernel.span import Span

_SHARED = re.compile("分别|依次")
_STOP = re.compile(r"[。；;！!？?\n]")
_JOINED = re.compile(r"[\s、，,]*(?:和|与|及|以及)?\s*")
# 8月末、9月末分别为, 1085家、43人次，分别完成: no more than this between the list and the word.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Share:
    """A figure's part of a list: the words that name it, and the time it is of where times are shared out.

    ``lead`` are the words between 分别 and the first figure, which hold for all (完成年度任务的).
    """

    lead: Span
    words: Span
    when: When | None = None


def shares_of(text: str, statements: Sequence[Statement], times: Sequence[When]) -> dict[int, Share]:
    """The share of every figure that 分别 shares out among times or figures; bodies are shared out elsewhere."""
    ordered = sorted(statements, key=lambda each: each.value_span)
    found: dict[int, Share] = {}
    for match in _SHARED.finditer(text):
        start = max((each.end() for each in _STOP.finditer(text, 0, match.start())), default=0)
        stop = _STOP.search(text, match.end())
        end = stop.start() if stop else len(text)
        run = _run([each for each in ordered if match.end() <= each.value_span.start < end], text)
        if len(run) < 2:
            continue
        lead = Span(match.start(), run[0].value_span.start)
        named = [each for each in times if start <= each.start and each.end <= match.start()][-len(run) :]
        before = [each for each in ordered if start <= each.value_span.start and each.value_span.end <= match.start()]
        if _are_listed([(each.start, each.end) for each in named], match.start(), text) and len(named) == len(run):
            words = Span(start, named[0].start)
            found |= {each.index: Share(lead, words, when) for each, when in zip(run, named, strict=True)}
        elif len(before) >= len(run) and match.start() - before[-1].value_span.end <= _NEAR:
            found |= _by_figure(run, before, start, lead)
    return found


def _run(behind: Sequence[Statement], text: str) -> list[Statement]:
    """The figures that stand in one list: 98.6%、86.0%和75.8%."""
    run = list(behind[:1])
    for one, other in pairwise(behind):
        if not _JOINED.fullmatch(text, one.value_span.end, max(one.value_span.end, other.value_span.start)):
            break
        run.append(other)
    return run


def _are_listed(spans: Sequence[tuple[int, int]], at: int, text: str) -> bool:
    """Whether these stand beside each other in a list that ends right in front of the word."""
    return (
        bool(spans)
        and at - spans[-1][1] <= _NEAR
        and all(_JOINED.fullmatch(text, one[1], other[0]) for one, other in pairwise(spans))
    )


def _by_figure(run: Sequence[Statement], before: Sequence[Statement], start: int, lead: Span) -> dict[int, Share]:
    ends = [start, *(each.value_span.end for each in before)]
    first = len(before) - len(run)
    return {
        each.index: Share(lead, Span(ends[first + place], before[first + place].value_span.start))
        for place, each in enumerate(run)
    }
