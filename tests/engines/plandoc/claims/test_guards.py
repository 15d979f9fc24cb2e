"""A guard is a short cut in front of patterns: with each one taken away every example and document must read the same."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from tests.engines.plandoc.claims.reading import read, split_place

from keshu.engines import plandoc
from keshu.engines.plandoc import claims

CORPUS = Path(__file__).resolve().parents[3] / "corpus"


class _Everything:
    """Stands in for a set of characters: holds any."""

    def __contains__(self, letter: str) -> bool:
        return True


_ANY = _Everything()
_EVERYWHERE = re.compile("(?s:.)")  # an opening at every place
_ALWAYS = re.compile("")  # a word that every sentence holds
_NEVER = re.compile("(?!)")  # a short form that is never met

#: Module and name of each guard, and what takes its place. A new guard goes in here; test_no_guard_is_forgotten asks for it.
GUARDS: dict[tuple[str, str], Any] = {
    ("asides", "_BY_LAST"): _ANY,
    ("asides", "_POINTING_LAST"): _ANY,
    ("asides", "_REASON_LAST"): _ANY,
    ("asides", "_SOURCE_LAST"): _ANY,
    ("clauses", "_TAIL_OPENS"): _ANY,
    ("deadlines", "_OPENING"): _EVERYWHERE,
    ("fronts", "_STATE_LAST"): _ANY,
    ("gaps", "_AGAINST_LAST"): _ANY,
    ("lookalikes", "_ORDINAL_LAST"): _ANY,
    ("lookalikes", "_PART_LAST"): _ANY,
    ("lookalikes", "_RULE_AFTER_OPENS"): _ANY,
    ("makeup", "_KEEPS_LAST"): _ANY,
    ("makeup", "_MADE_LAST"): _ANY,
    ("measures", "_FALLING_LAST"): _ANY,
    ("naming", "_CORE_LAST"): _ANY,
    ("naming", "_GENERIC_LAST"): _ANY,
    ("naming", "_LEVEL_OPENS"): _ANY,
    ("naming", "_RELATION_OPENS"): _ANY,
    ("quantities", "_OPENING"): _EVERYWHERE,
    ("quantities", "_PLAIN"): _NEVER,
    ("quantities", "_RANK_OPENING"): _EVERYWHERE,
    ("screening", "_RARE"): _ALWAYS,
    ("screening", "_TAIL_OPENS"): _ANY,
    ("sentences", "_AMBITION_OPENS"): _ANY,
    ("sentences", "_PACE"): _ALWAYS,
    ("sentences", "_SO_FAR_OPENS"): _ANY,
    ("sentences", "CUES"): _ALWAYS,
    ("lists", "_REGION_LAST"): _ANY,
    ("wording", "_CAUSE_OPENS"): _ANY,
    ("wording", "_FILLER_OPENS"): _ANY,
    ("wording", "_PARTNER_OPENS"): _ANY,
}
EXAMPLES = [split_place(example.text) for phrase in claims.CATALOGUE for example in phrase.examples]
DOCUMENTS = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("[abcd]/*.txt"))[::3]]
_MODULES = [importlib.import_module(info.name) for info in pkgutil.iter_modules(claims.__path__, claims.__name__ + ".")]


def _forget() -> None:
    """Empty the caches, which remember answers given with the guard in place."""
    for value in (value for module in _MODULES for value in vars(module).values()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def _readings() -> list[Any]:
    _forget()
    clauses = [(place, text, read(text, place=place)) for place, text in EXAMPLES]
    return [*clauses, *((text[:40], plandoc.read_text(text).to_dict()) for text in DOCUMENTS)]


@pytest.fixture(scope="module")
def guarded() -> list[Any]:
    return _readings()


@pytest.mark.parametrize(("module", "name"), GUARDS, ids=lambda part: part)
def test_a_guard_changes_no_reading(
    module: str, name: str, guarded: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{claims.__name__}.{module}.{name}", GUARDS[module, name])
    bare = _readings()
    monkeypatch.undo()
    _forget()
    different = [(mine, theirs) for mine, theirs in zip(guarded, bare, strict=True) if mine != theirs]
    assert not different, different[0]


def test_no_guard_is_forgotten() -> None:
    """Constants named like guards: sets of last or opening characters, and patterns of openings."""
    named = {
        (module.__name__.rpartition(".")[2], name)
        for module in _MODULES
        for name, value in vars(module).items()
        if name.endswith(("_LAST", "_OPENS", "_OPENING")) and isinstance(value, frozenset | re.Pattern)
    }
    no_guards = {
        ("fronts", "_OPENING"),
        ("indicators", "_LIGHT_OPENING"),
        ("naming", "_GENERIC_OPENS"),
        ("tiers", "TIER_OPENS"),
        ("quantities", "UNIT_OPENS"),
        ("units", "UNIT_OPENS"),
        ("sentences", "TIER_OPENS"),
    }
    assert named - no_guards <= GUARDS.keys()
