"""The search for openings is a short cut: it must find what the anchor pattern finds at every place of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from keshu.engines.plandoc.claims import CATALOGUE
from keshu.engines.plandoc.claims.quantities import ANCHOR, anchors

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
TEXTS = sorted(CORPUS.glob("[abc]/*.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_openings_miss_no_anchor_of_the_corpus(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    everywhere = [match.span() for match in ANCHOR.finditer(text)]
    assert everywhere
    assert [match.span() for match in anchors(text, 0, len(text))] == everywhere


def test_openings_miss_no_anchor_of_the_catalogue() -> None:
    for text in (example.text for phrase in CATALOGUE for example in phrase.examples):
        everywhere = [match.span() for match in ANCHOR.finditer(text)]
        assert [match.span() for match in anchors(text, 0, len(text))] == everywhere, text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.培育企业12家", ["12家"]),
        ("2024年、三是新增5家", ["5家"]),
        ("力争三年倍增", ["三年倍增"]),
        ("强度达到x.x%", ["x.x%"]),
        ("占比达到61.%", ["61.%"]),
        ("二、攻关30项", ["30项"]),
    ],
)
def test_list_numbers_and_years_are_no_openings(text: str, found: list[str]) -> None:
    assert [match[0] for match in anchors(text, 0, len(text))] == found
