"""Which line of one document is which line of another: one-to-one pairs by likeness. Plain values; no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz, process


def pair_up(left: Sequence[str], right: Sequence[str], *, least: float) -> dict[int, tuple[int, float]]:
    """For places of `left` the place of `right` that it is most like, and how like the two are (0 to 100).

    Each place is used once; equal texts come first, then the likest two, and so on down to `least`. Of equally like pairs
    the ones that stand in the same order win. Likeness is the share of characters kept by the shortest edit
    (insertions and deletions), as rapidfuzz's ``ratio``.

    >>> pair_up(["培育高新技术企业", "建设孵化器"], ["建设众创空间", "大力培育高新技术企业"], least=60)
    {0: (1, 88.88888888888889)}
    """
    pairs = _equal(left, right)
    taken = {there for there, _ in pairs.values()}
    here = [place for place, text in enumerate(left) if text and place not in pairs]
    there = [place for place, text in enumerate(right) if text and place not in taken]
    if not here or not there:
        return pairs
    likeness = process.cdist(
        [left[place] for place in here], [right[place] for place in there], scorer=fuzz.ratio, score_cutoff=least
    )
    candidates = [(-float(likeness[i, j]), abs(i - j), i, j) for i, j in zip(*likeness.nonzero(), strict=True)]
    used_here: set[int] = set()
    used_there: set[int] = set()
    for unlike, _, i, j in sorted(candidates):
        if i not in used_here and j not in used_there:
            used_here.add(i)
            used_there.add(j)
            pairs[here[i]] = (there[j], -unlike)
    return pairs


def _equal(left: Sequence[str], right: Sequence[str]) -> dict[int, tuple[int, float]]:
    """Equal texts, the first with the first, the second with the second."""
    places: dict[str, list[int]] = defaultdict(list)
    for place in reversed(range(len(right))):
        places[right[place]].append(place)
    return {place: (places[text].pop(), 100.0) for place, text in enumerate(left) if text and places.get(text)}
