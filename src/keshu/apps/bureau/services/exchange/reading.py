"""A workbook's table: the sheet that holds it, its heading row found by the words in it, the rows below, what is in the way."""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core import signing
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from keshu.apps.bureau.services.exchange.declarations import Access
from keshu.apps.bureau.services.exchange.files import SAVE_AS, FileKind, SheetFaults, kind_of, sheet_faults, text_of_csv
from keshu.apps.bureau.services.exchange.old_files import Unreadable, errors_of
from keshu.apps.bureau.services.exchange.sheets import META_SHEET, OPINION, SALT, TOKEN
from keshu.apps.bureau.services.exchange.values import tidy
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.services.exchange.declarations import RoundTrip

Cells = list[list[Any]]
# The heading row stands within the first rows; so many headings of the ledger must be in it.
SEARCHED, ENOUGH = 30, 2
LIKE = 0.6
NAMED = 8
MOST_ROWS = 50_000
TOKENLESS = (
    "缺少“行标识”列（隐藏的最后一列，或隐藏的“科枢”工作表被删去了），无法对应到原来的行，一行也没有读取。"
    "请重新点【导出可回填的表】，把改动填到新表里再导入；隐藏的列和工作表请不要删。"
)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the heading; rows and columns count from 0. ``meta`` is what our own workbook says of itself, else None.

    ``faults`` are cells that cannot be read, with the reason; ``notes`` what the person should know of the file as a whole.
    """

    sheet: str
    head: int
    places: Mapping[str, int]
    token: int | None
    opinion: int | None
    rows: Sequence[tuple[int, Sequence[Any]]]
    faults: Mapping[tuple[int, int], str]
    notes: tuple[str, ...]
    meta: Mapping[str, Any] | None
    cells: Cells = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet as it lies in the file."""

    name: str
    cells: Cells
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    faults: SheetFaults = field(default_factory=SheetFaults)


def read_table(data: bytes, *, name: str, round_trip: RoundTrip, params: Mapping[str, str], limit: int) -> Table:
    """The one table of the file that belongs to the ledger. Unacceptable in every other case, with what to do."""
    kind = kind_of(data, name=name, limit=limit)
    pages, meta = ([_csv_page(data, name=name)], None) if kind == FileKind.CSV else _pages(data, kind=kind, name=name)
    if meta is not None:
        _check_meta(meta, round_trip=round_trip, params=params)
    page, head = _own_page(pages, round_trip=round_trip, name=name)
    return _table(page, head, round_trip=round_trip, meta=meta)


def _csv_page(data: bytes, *, name: str) -> _Page:
    text = text_of_csv(data) or ""
    first = text[:4000].partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        cells: Cells = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error:
        raise Unacceptable(f"“{name}”的引号或换行不成对，读不下去。{SAVE_AS}", field="file") from None
    return _Page("CSV", cells)


def _pages(data: bytes, *, kind: FileKind, name: str) -> tuple[list[_Page], dict[str, Any] | None]:
    faults = sheet_faults(data, name=name) if kind == FileKind.XLSX else _old_faults(data, name=name)
    pages, meta = [], None
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for number, about in enumerate(book.sheets_metadata):
                if about.name == META_SHEET:
                    meta = _meta(book.get_sheet_by_index(number).to_python(skip_empty_area=False))
                elif about.visible == SheetVisibleEnum.Visible:
                    sheet = book.get_sheet_by_index(number)
                    cells = sheet.to_python(skip_empty_area=False)
                    merged = (sheet.merged_cell_ranges or []) if kind == FileKind.XLSX else []
                    pages.append(_Page(about.name, cells, merged, faults.get(about.name, SheetFaults())))
    except CalamineError as error:
        is_locked = "password" in str(error).lower()
        why = (
            "设了打开密码，系统不能读取。请在 Excel 中去掉密码后再上传。" if is_locked else f"已损坏，打不开。{SAVE_AS}"
        )
        raise Unacceptable(f"“{name}”{why}", field="file") from None
    return pages, meta


def _old_faults(data: bytes, *, name: str) -> dict[str, SheetFaults]:
    try:
        return {title: SheetFaults(errors) for title, errors in errors_of(data).items()}
    except Unreadable:
        raise Unacceptable(f"“{name}”是很旧的或不完整的 .xls 格式，不能可靠地读取。{SAVE_AS}", field="file") from None


def _meta(cells: Cells) -> dict[str, Any]:
    """What the hidden sheet says; Unacceptable where it was tampered with or comes from another site."""
    text = "".join(str(row[0]) for row in cells if row)
    try:
        return dict(signing.loads(text, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise Unacceptable(
            "这份表不是本系统导出的，或者隐藏的“科枢”工作表被改动过，无法对应到原来的行。请重新导出后再填。",
            field="file",
        ) from None


def _check_meta(meta: Mapping[str, Any], *, round_trip: RoundTrip, params: Mapping[str, str]) -> None:
    if meta.get("ledger") != round_trip.key:
        raise Unacceptable(
            f"这是“{meta.get('title')}”的表，不是“{round_trip.noun}”的。请到“{meta.get('title')}”的台账中导入，或者重新选择文件。",
            field="file",
        )
    if {name: str(value) for name, value in meta.get("params", {}).items()} != dict(params):
        raise Unacceptable(
            f"这份表是从“{meta.get('title')}”导出的，不能导入到另一份文件。请重新选择文件。", field="file"
        )
    if meta.get("version") != round_trip.version:
        raise Unacceptable(
            f"这份表是旧版（{meta.get('at')} 导出），栏目与现在的不同。请重新导出，把改动填到新表里再导入。",
            field="file",
        )


def heading(cell: Any) -> str:
    """A heading without blanks, line breaks, stars and the words for a required column."""
    text = unicodedata.normalize("NFKC", tidy(cell))
    return re.sub(r"[\s*＊:：]|\(必填\)|\(只读\)", "", text)


def _own_page(pages: Sequence[_Page], *, round_trip: RoundTrip, name: str) -> tuple[_Page, int]:
    """The sheet and the row of its headings."""
    known = {heading(each.label) for each in round_trip.fields}
    keys = {heading(each.label) for each in round_trip.fields if each.key in round_trip.keys}
    found = []
    for page in pages:
        scores = []
        for number, row in enumerate(page.cells[:SEARCHED]):
            here = {heading(cell) for cell in row if cell not in ("", None)}
            matched = len(here & known)
            if matched >= min(ENOUGH, len(known)) and (here & keys or matched > ENOUGH):
                scores.append((matched, -number))
        if scores:
            best = max(scores)
            found.append((best[0], page, -best[1]))
    labels = "、".join(each.label for each in round_trip.fields)
    if not found:
        raise Unacceptable(
            f"“{name}”里没有找到“{round_trip.noun}”的表头。表头应有这些栏：{labels}。可以先下载导入模板，照模板填写。",
            field="file",
        )
    most = max(score for score, _, _ in found)
    best_pages = [(page, head) for score, page, head in found if score == most]
    if len(best_pages) > 1:
        names = "、".join(f"“{page.name}”" for page, _ in best_pages)
        raise Unacceptable(
            f"“{name}”里有 {len(best_pages)} 张工作表都像要导入的表：{names}。请只留一张后再上传。", field="file"
        )
    return best_pages[0]


def _table(page: _Page, head: int, *, round_trip: RoundTrip, meta: Mapping[str, Any] | None) -> Table:
    headings = [heading(cell) for cell in page.cells[head]]
    by_heading = {heading(each.label): each for each in round_trip.fields}
    if doubled := sorted({h for h in headings if h in by_heading and headings.count(h) > 1}):
        raise Unacceptable(f"表头“{'、'.join(doubled)}”出现了两次，请删去多余的一栏。", field="file")
    places = {by_heading[h].key: column for column, h in enumerate(headings) if h in by_heading}
    notes = _about_headings(headings, by_heading, places=places, round_trip=round_trip)
    body = range(head + 1, len(page.cells))
    columns = list(places.values())
    rows = [(row, page.cells[row]) for row in body if any(not _is_empty(page.cells[row], column) for column in columns)]
    in_error = {row for row, _ in page.faults.errors} | {row for row, _ in page.faults.uncomputed}
    filled = {row for row, _ in rows}
    rows += [(row, page.cells[row]) for row in sorted(in_error - filled) if head < row < len(page.cells)]
    rows.sort(key=lambda pair: pair[0])
    if len(rows) > MOST_ROWS:
        raise Unacceptable(
            f"表中有 {len(rows)} 行，一次最多导入 {MOST_ROWS} 行，请分成几个文件分次导入。", field="file"
        )
    if hidden := len(page.faults.hidden_rows & {row for row, _ in rows}):
        notes.append(f"有 {hidden} 行在表中被隐藏或筛选掉了，也一并读取。")
    places_of = {name: column for column, name in enumerate(headings)}
    token = places_of.get(heading(TOKEN)) if meta else None
    is_known = any(token is not None and not _is_empty(cells, token) for _, cells in rows)
    if rows and not is_known and (round_trip.no_adding or (meta or {}).get("has_rows")):
        raise Unacceptable(TOKENLESS, field="file")
    return Table(
        sheet=page.name, head=head, places=places, token=token,
        opinion=places_of.get(heading(OPINION)), rows=rows, faults=_faults(page, head, set(columns)), notes=tuple(notes),
        meta=meta, cells=page.cells,
    )  # fmt: skip


def _is_empty(row: Sequence[Any], column: int) -> bool:
    return column >= len(row) or row[column] is None or (isinstance(row[column], str) and not tidy(row[column]))


def _about_headings(
    headings: Sequence[str], by_heading: Mapping[str, Any], *, places: Mapping[str, int], round_trip: RoundTrip
) -> list[str]:
    """What to say of headings that are none of the ledger's; Unacceptable where one looks misspelt."""
    own = {heading(TOKEN), heading(OPINION), ""}
    missing = [label for label, each in by_heading.items() if each.key not in places and each.access != Access.READ]
    strange = [h for h in dict.fromkeys(headings) if h not in by_heading and h not in own]
    for each in strange:
        if near := difflib.get_close_matches(each, missing, n=1, cutoff=LIKE):
            raise Unacceptable(f"不认识表头“{each}”，是不是“{near[0]}”？请改正后再上传。", field="file")
    if gone := [h for h in missing if by_heading[h].key in round_trip.keys]:
        raise Unacceptable(f"表中没有“{'、'.join(gone)}”这一栏，无法辨认各行是谁。请补上后再上传。", field="file")
    notes = []
    if strange:
        told = "、".join(f"“{each}”" for each in strange[:NAMED])
        notes.append(f"{told}{'等' if len(strange) > NAMED else ''}不是这本台账的栏目，没有读取。")
    if missing:
        notes.append(f"表中没有“{'、'.join(missing)}”，这些栏保持原值。")
    return notes


def _faults(page: _Page, head: int, columns: set[int]) -> dict[tuple[int, int], str]:
    found = {
        place: f"单元格里是错误值 {error}，请改正公式，或者直接填写内容。"
        for place, error in page.faults.errors.items()
    }
    for place in page.faults.uncomputed:
        found[place] = "公式没有计算结果，请在 Excel 中打开并保存一次，或者直接填写内容。"
    for (top, left), (bottom, right) in page.merged:
        covered = columns & set(range(left, right + 1))
        if bottom <= head or not covered:
            continue
        for row in range(max(top, head + 1), bottom + 1):
            found[row, min(covered)] = f"第 {top + 1} 行至第 {bottom + 1} 行是合并单元格，请取消合并，逐行填写。"
    return found
