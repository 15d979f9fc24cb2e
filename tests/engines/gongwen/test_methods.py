"""What docs/methods/gongwen.md says was measured is what a measurement gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_tables_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("measure", ROOT / "bench" / "gongwen" / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    measure = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(measure)
    page = measure.PAGE.read_text(encoding="utf-8")
    assert len(list(measure.BLOCK.finditer(page))) == 2
    assert measure.measured(page) == page, "run `.venv/bin/python bench/gongwen/measure.py --write`"
