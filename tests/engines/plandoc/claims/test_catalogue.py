"""Every example of the catalogue is read by the whole grammar and must say what the catalogue says."""

from __future__ import annotations

import pytest
from tests.engines.plandoc.claims.reading import alike, read, split_place, written

from keshu.engines.plandoc.claims import CATALOGUE
from keshu.engines.plandoc.claims.phrases import Example

EXAMPLES = [
    pytest.param(example, id=f"{phrase.name}: {example.text}") for phrase in CATALOGUE for example in phrase.examples
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_reads_as_declared(example: Example) -> None:
    place, text = split_place(example.text)
    drafts = read(text, place=place)
    expected = [part.strip() for part in example.reads.split("|") if part.strip()]
    assert [written(draft, place=place) for draft in drafts] == [_bare(part, place) for part in expected]
    for draft, part in zip(drafts, expected, strict=True):
        name = part.rpartition(": ")[0]
        assert not name or alike(draft.indicator, name) >= 0.6, f"{draft.indicator!r} should be named {name!r}"


def _bare(reading: str, place: str) -> str:
    """A declared reading without its name; outside the goals of 2024 the period is part of it."""
    return reading.rpartition(": ")[2]


def test_the_catalogue_is_large_and_names_no_phrase_twice() -> None:
    assert len(EXAMPLES) >= 200
    names = [phrase.name for phrase in CATALOGUE]
    assert len(names) == len(set(names))
    assert all(phrase.means and phrase.words for phrase in CATALOGUE)
