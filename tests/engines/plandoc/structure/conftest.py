"""Structure is tested on clean text as the cleaning room hands it over, so that each room answers for itself."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import pytest

from keshu.engines.plandoc.source import CleanText, Source
from keshu.engines.plandoc.structure import Structure, find_structure


def read(text: str, **declared: str | dict[int, int]) -> Structure:
    """The structure of a text that needs no cleaning; `declared` is what the file format says beside it."""
    clean = CleanText(text=text, origin=array("l", range(len(text) + 1)))
    return find_structure(clean, Source(text=text, format="txt", **declared))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def structure_of() -> Callable[..., Structure]:
    return read


@pytest.fixture(scope="session")
def outline_of() -> Callable[..., list[tuple[int, str, str]]]:
    """(level, label, heading) of every node."""

    def outline(text: str) -> list[tuple[int, str, str]]:
        return [(node.level, node.label, node.heading) for node in read(text).nodes]

    return outline
