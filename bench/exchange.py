"""Seconds that a workbook of many rows takes from upload to confirmation: read, compared, tried out, saved, handed back marked.

    .venv/bin/python bench/exchange.py [--rows 20000]

Enterprises of a city made for the purpose, in a database of its own. Prints one line per story: seconds of the check (with
the marked copy where rows are faulty) and of the saving, on the wall and of the processor, and the figures.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
os.environ.setdefault("KESHU_STORAGE", tempfile.mkdtemp(prefix="keshu-bench-"))

KEY = "bureau.organisations"
HEADS = ("全称", "简称", "类别", "上级单位")


def main(rows: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.factories import make

    planner = make.site().people["planner"]
    _story("new rows", _new(rows), planner)
    content = _timed("export to fill in", lambda: _exported(planner))
    _story("untouched", content, planner, confirm=False)
    _story("one in ten changed", _edited(content, every=10, word="甲"), planner)
    _story("every row changed", _edited(_exported(planner), every=1, word="乙"), planner)
    _story("one in ten faulty", _edited(_exported(planner), every=10, word="", column="全称"), planner, confirm=False)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _new(rows: int) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("单位")
    page.append(HEADS)
    for number in range(rows):
        page.append((f"云澜{number:05d}号装备制造有限公司", f"云澜{number:05d}号", "企业", "云澜市"))
    return _saved(book)


def _exported(planner: Any) -> bytes:
    from tests.factories import AT

    from keshu.apps.bureau.services.exchange import filling

    return filling.workbook_to_fill(KEY, {}, is_template=False, by=planner, at=AT)[1]


def _edited(content: bytes, *, every: int, word: str, column: str = "简称") -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    page: Any = book.worksheets[0]
    place = next(cell.column for cell in page[3] if str(cell.value).rstrip("*") == column)
    for row in range(20, page.max_row + 1, every):
        page.cell(row, place).value = f"{word}{row}" if word else None
    return _saved(book)


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _timed(name: str, act: Any) -> Any:
    watch = _Watch()
    made = act()
    print(f"{name:24} {watch}", flush=True)
    return made


class _Watch:
    """Seconds since it was made, on the wall and of the processor."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self.wall:6.1f} s ({time.process_time() - self.processor:5.1f} s processor)"


def _story(name: str, content: bytes, planner: Any, *, confirm: bool = True) -> None:
    from django.core.files.base import ContentFile
    from tests.factories import AT

    from keshu.apps.bureau.services import jobs
    from keshu.apps.bureau.services.exchange import running

    file = ContentFile(content, name="单位.xlsx")
    watch = _Watch()
    run = running.receive_workbook(file, key=KEY, params={}, by=planner, at=AT)
    jobs.run_pending()
    checked, saving = str(watch), ""
    run.refresh_from_db()
    if confirm:
        watch = _Watch()
        running.confirm_run(run, why="", by=planner, at=AT)
        jobs.run_pending()
        saving = f", saving {watch}"
        run.refresh_from_db()
    size = len(content) / 1024 / 1024
    print(f"{name:24} check {checked}{saving}; {size:.1f} MB, {run.state} {run.figures} {run.error}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    main(parser.parse_args().rows)
