"""Reads a clause in a stand-in passage and writes the claims in the notation of the catalogue."""

from __future__ import annotations

from keshu.engines.plandoc.claims.draft import Draft
from keshu.engines.plandoc.claims.passages import read_passage
from keshu.engines.plandoc.document import Measure, Tense, Tier
from keshu.engines.plandoc.passage import Passage, Role
from keshu.kernel.period import Period

PLACES = {
    "": (Role.GOAL, Tense.TARGET, Period.year(2024), 2024),
    "实绩": (Role.RESULT, Tense.ACTUAL, Period.year(2023), 2023),
    "规划": (Role.GOAL, Tense.TARGET, Period.years(2021, 2025), 2025),
    "保障": (Role.SAFEGUARD, Tense.TARGET, Period.year(2024), 2024),
}


def read(text: str, *, place: str = "", heading: str = "") -> list[Draft]:
    """The claims of `text` in a goals section for 2024 or, by `place`, elsewhere."""
    role, tense, period, year = PLACES[place]
    section = (heading,) if heading else ()
    return read_passage(text, Passage(0, len(text), section, None, role, tense, period, year, Tier.BASE, ""))


def split_place(text: str) -> tuple[str, str]:
    """An example's place and its clause."""
    place, mark, rest = text.partition(">")
    return (place, rest) if mark and place in PLACES else ("", text)


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def written(draft: Draft, *, place: str = "") -> str:
    """A claim as the catalogue writes it, without its name."""
    value = number(draft.value)
    if draft.op.value == "between":
        value = f"{value}-{number(draft.high)}" if draft.value is not None else "-"
    parts = [draft.op.value, value, draft.unit or "-", draft.measure.value]
    if draft.tier is Tier.STRETCH:
        parts.append("stretch")
    if draft.tense is Tense.ACTUAL:
        parts.append("actual")
    if draft.masked:
        parts.append("masked")
    if place or draft.period != Period.year(2024):
        parts.append("-" if draft.period is None else str(draft.period))
    return " ".join(parts)


def bigrams(text: str) -> set[str]:
    plain = "".join(c for c in text if c.isalnum())
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}


def alike(first: str, second: str) -> float:
    """How far two names share their bigrams, 0 to 1."""
    a, b = bigrams(first), bigrams(second)
    return 2 * len(a & b) / (len(a) + len(b))


__all__ = ["Measure", "alike", "read", "split_place", "written"]
