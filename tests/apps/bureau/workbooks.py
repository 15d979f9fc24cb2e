"""Workbooks for tests: what the site gives out, edited as a person would in Excel, and brought back."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook, load_workbook
from tests.factories import AT

from keshu.apps.bureau.models import ImportRun, User
from keshu.apps.bureau.services import jobs
from keshu.apps.bureau.services.exchange import filling, running

HEAD = 3  # the row of the headings in the workbooks we give out, which have a title and a note above


def to_fill(key: str, by: User, *, is_template: bool = False, **params: str) -> bytes:
    return filling.workbook_to_fill(key, params, is_template=is_template, by=by, at=AT)[1]


def edited(content: bytes, edit: Callable[[Any], None]) -> bytes:
    """The workbook after `edit(page)` on its first sheet."""
    book = load_workbook(io.BytesIO(content))
    edit(book.worksheets[0])
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns(page: Any, head: int = HEAD) -> dict[str, int]:
    """Column numbers by heading."""
    return {str(cell.value).rstrip("*"): cell.column for cell in page[head] if cell.value is not None}


def row_of(page: Any, word: str) -> int:
    """The row that has this in one of its cells."""
    return next(cell.row for row in page.iter_rows(min_row=HEAD + 1) for cell in row if cell.value == word)


def put(page: Any, word: str, label: str, value: Any) -> None:
    """Type `value` into the column `label` of the row that has `word`."""
    page.cell(row_of(page, word), columns(page)[label]).value = value


def add(page: Any, **values: Any) -> int:
    """Type a new row under the last one; the words are headings."""
    places = columns(page)
    last = max((cell.row for row in page.iter_rows() for cell in row if cell.value is not None), default=HEAD)
    for label, value in values.items():
        page.cell(last + 1, places[label]).value = value
    return last + 1


def plain(heads: Sequence[str], rows: Sequence[Sequence[Any]], *, above: Sequence[Sequence[Any]] = ()) -> bytes:
    """A workbook a person made from nothing."""
    book = Workbook()
    page: Any = book.active
    for row in (*above, heads, *rows):
        page.append(list(row))
    return saved(book)


def received(content: bytes, key: str, by: User, *, name: str = "表.xlsx", **params: str) -> ImportRun:
    """Uploaded, and tried out."""
    run = running.receive_workbook(ContentFile(content, name=name), key=key, params=params, by=by, at=AT)
    jobs.run_pending()
    run.refresh_from_db()
    return run


def confirmed(run: ImportRun) -> ImportRun:
    running.confirm_run(run, why="", by=run.created_by, at=AT)
    jobs.run_pending()
    run.refresh_from_db()
    return run


def states(run: ImportRun) -> Mapping[str, int]:
    return {state: count for state, count in run.figures.items() if count}


def faults(run: ImportRun) -> list[str]:
    """Every fault with its place, in the order of the rows."""
    rows = run.rows.filter(state="faulty")
    return [f"{row.number} {label} {message}".replace("  ", " ") for row in rows for label, message in row.faults]


def differences(run: ImportRun) -> dict[int, list[list[str]]]:
    return {row.number: row.differences for row in run.rows.exclude(differences=[])}
