"""What docs/methods/outlook.md says of a small part of the back-test is what playing it again gives."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_small_table_is_up_to_date() -> None:
    name = "outlook_measure"
    spec = importlib.util.spec_from_file_location(name, ROOT / "bench" / "outlook" / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    measure = importlib.util.module_from_spec(spec)
    sys.modules[name] = measure
    spec.loader.exec_module(measure)
    page = measure.PAGE.read_text(encoding="utf-8")
    assert [block["name"] for block in measure.BLOCK.finditer(page)] == [
        "methods", "totals", "peers", "goals", "reliability", "kinds", "sample", "speed",
    ]  # fmt: skip
    assert measure.measured(page, ["sample"]) == page, "run `.venv/bin/python bench/outlook/measure.py --write`"
