"""What docs/methods/factcheck.md says of a small part of the planted errors is what playing them again gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.factcheck import measure
from bench.factcheck.selves import against_itself

ROOT = Path(__file__).parents[3]
# Documents that may be kept in the repository, and the real ones where they exist.
FILES = [ROOT / "tests" / "corpus" / "c" / "c11_workpoints.txt", *sorted(measure.SEEDS.glob("*.txt"))]


def test_the_small_table_is_up_to_date() -> None:
    page = measure.PAGE.read_text(encoding="utf-8")
    assert [block["name"] for block in measure.BLOCK.finditer(page)] == ["styles", "kinds", "selves", "sample"]
    assert measure.measured(page, names=["sample"]) == page, "run `.venv/bin/python bench/factcheck/measure.py --write`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_document_agrees_with_itself_and_not_with_an_altered_ledger(file: Path) -> None:
    own = against_itself(file)
    assert own.figures > 0
    assert own.altered > 0
    assert own.alarms == ()
    assert own.missed == ()
