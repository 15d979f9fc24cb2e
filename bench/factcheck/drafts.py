"""Two hundred drafts with planted errors: drawn with a fixed seed, so that everybody gets the same ones."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.factcheck.items import Slot, areas_of, items_of
from bench.factcheck.strangers import Stranger
from bench.factcheck.styles import Scene, Style

from keshu.engines.factcheck import Fact, Ledger

SEED = 20261123
EACH_STYLE = 25
# Steps by which a written unit is mistaken.
UNITS = {"亿元": "万元", "万元": "亿元", "%": "百分点"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a draft: where, and which error was planted in it (None: it is right).

    ``is_stranger``: the ledger knows nothing of it, so that it is neither right nor wrong.
    """

    start: int
    end: int
    planted: str | None
    is_stranger: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A draft as written, with every figure that repeats the ledger."""

    style: str
    text: str
    figures: tuple[Figure, ...]


def make_drafts(ledger: Ledger, styles: Mapping[str, Style], *, each: int = EACH_STYLE) -> list[Made]:
    """Drafts of these styles; a draft depends on its style and number alone."""
    return [
        _draft(ledger, name, style, random.Random(f"{SEED} {name} {number}"))
        for name, style in styles.items()
        for number in range(each)
    ]


def _draft(ledger: Ledger, name: str, style: Style, chance: random.Random) -> Made:
    items, areas, last = items_of(ledger), areas_of(ledger), ledger.latest
    assert last is not None
    chosen = chance.sample(items, chance.randint(4, 7))
    # Few indicators have two tiers; half of the drafts speak of one that has.
    tiered = [item for item in items if item.stretch is not None and item not in chosen]
    if tiered and chance.random() < 0.5:
        chosen.insert(chance.randint(0, len(chosen)), tiered[0])
    scene = Scene(
        tuple(chosen),
        tuple(chance.sample(areas, chance.randint(1, 2))),
        last.last // 12,
        last.last % 12 + 1,
        chance,
    )
    pieces = list(style(scene))
    places = [place for place, piece in enumerate(pieces) if isinstance(piece, Slot)]
    wanted = chance.randint(1, 5)
    planted: dict[int, tuple[str, str]] = {}
    for place in chance.sample(places, len(places)):
        if len(planted) == wanted:
            break
        slot = pieces[place]
        assert isinstance(slot, Slot)
        if error := _error(slot, ledger, chance):
            planted[place] = error
    text, figures = "", []
    for place, piece in enumerate(pieces):
        printed = piece if isinstance(piece, str) else planted.get(place, ("", piece.text))[1]
        if not isinstance(piece, str):
            kind = planted[place][0] if place in planted else None
            figures.append(Figure(len(text), len(text) + len(printed), kind, isinstance(piece, Stranger)))
        text += printed
    return Made(name, text, tuple(figures))


def _error(slot: Slot, ledger: Ledger, chance: random.Random) -> tuple[str, str] | None:
    """A kind of error that this figure can have, with the figure as it is then printed."""
    kinds = ["digit", *(kind for kind, facts in slot.wrong.items() if facts)]
    if slot.unit in UNITS and slot.role != "rate" and not slot.rough:
        kinds.append("unit")
    for kind in chance.sample(kinds, len(kinds)):
        printed = _digit(slot, chance) if kind == "digit" else _other(slot, kind, chance)
        if printed is not None and printed.text != slot.text and not _is_right(printed, slot, ledger):
            return kind, printed.text
    return None


def _digit(slot: Slot, chance: random.Random) -> Slot | None:
    digits = f"{slot.value:f}"
    at = 0 if slot.rough else chance.choice([place for place, character in enumerate(digits) if character.isdigit()])
    other = chance.choice([digit for digit in "123456789" if digit != digits[at]])
    return replace(slot, value=Decimal(digits[:at] + other + digits[at + 1 :]), wrong={})


def _other(slot: Slot, kind: str, chance: random.Random) -> Slot | None:
    if kind == "unit":
        return replace(slot, unit=UNITS[slot.unit], wrong={}, rough=None)
    fact = chance.choice(slot.wrong[kind])
    if fact.value is None:
        return None
    places = min(int(slot.value.as_tuple().exponent), 0)
    return replace(slot, value=fact.value.quantize(Decimal(1).scaleb(places)), wrong={}, rough=None)


def _is_right(printed: Slot, slot: Slot, ledger: Ledger) -> bool:
    """Whether the changed figure is still one that the ledger bears out at this place."""
    if slot.fact is None or printed.unit != slot.unit:
        return printed.value == slot.value and printed.unit == slot.unit
    return any(_is_same(fact, slot.fact) and _rounds_to(fact, printed.value) for fact in ledger.facts)


def _is_same(fact: Fact, other: Fact) -> bool:
    return (fact.key, fact.family, fact.organisation, fact.kind, fact.unit, fact.period.last) == (
        other.key, other.family, other.organisation, other.kind, other.unit, other.period.last
    )  # fmt: skip


def _rounds_to(fact: Fact, value: Decimal) -> bool:
    if fact.value is None:
        return False
    half = Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0)) / 2
    return abs(fact.value - value) <= half
