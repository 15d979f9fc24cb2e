"""What docs/methods says was measured is what a measurement gives."""

import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


def test_the_reading_tables_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("quality", ROOT / "bench" / "quality.py")
    assert spec is not None
    assert spec.loader is not None
    quality = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(quality)
    page = quality.PAGE.read_text(encoding="utf-8")
    tables = list(quality.BLOCK.finditer(page))
    assert len(tables) >= 4
    assert quality.measured(page) == page, "run `.venv/bin/python bench/quality.py --write`"
