"""What kind of file came in, and whether it can be opened without harm. Nothing here reads the table."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from lxml import etree

from keshu.apps.bureau.services.refusals import Unacceptable

SAVE_AS = "请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”后再上传。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
LARGEST_INSIDE = 150 * 1024 * 1024  # all parts unpacked; 20,000 rows of ten columns take a tenth of it
MOST_PARTS = 2_000
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 1_000, 6_000_000
LARGEST_CSV = 20 * 1024 * 1024
NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"([^>]*?)(/?)>')
HIDDEN_ROW = re.compile(rb'<(?:x:)?row (?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d{1,7})"')
ERROR = re.compile(rb"<(?:x:)?v>([^<]{1,20})</(?:x:)?v>")
FORMULA, VALUE, END = (
    re.compile(rb"<(?:x:)?f[ />]"),
    re.compile(rb"<(?:x:)?(?:v|t)(?: [^>]*)?>[^<]"),
    re.compile(rb"</(?:x:)?c>"),
)


class FileKind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class SheetFaults:
    """What the reader passes over: cells with an error or a formula never computed, by (row, column) from 0, and hidden rows."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()


def kind_of(data: bytes, *, name: str, limit: int) -> FileKind:
    """The kind of a file that can be read; Unacceptable, with what to do, for any other."""
    suffix = PurePath(name).suffix.lower()
    if not data:
        raise Unacceptable(f"“{name}”是空文件（0 字节），请重新保存后再上传。", field="file")
    check_size(len(data), name=name, limit=limit)
    if data.startswith(ZIP):
        _check_package(data, name=name)
        return FileKind.XLSX
    if data.startswith(OLE):
        return _old_kind(data, name=name)
    if suffix in (".csv", ".txt", ".tsv") and text_of_csv(data) is not None:
        if len(data) > LARGEST_CSV:
            raise Unacceptable(f"“{name}”超过 {LARGEST_CSV // 1024 // 1024} MB，请分成几个文件分次导入。", field="file")
        return FileKind.CSV
    if data[:512].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise Unacceptable(f"“{name}”其实是网页格式，不是 Excel 工作簿。{SAVE_AS}", field="file")
    if suffix in (".xlsx", ".xls", ".xlsm", ".et"):
        raise Unacceptable(f"“{name}”打不开，文件可能已损坏，或者只是改了扩展名。{SAVE_AS}", field="file")
    raise Unacceptable(f"“{name}”不是 Excel 表格。可以导入 .xlsx、.xls 和 .csv 文件。", field="file")


def check_size(size: int, *, name: str, limit: int) -> None:
    """Unacceptable for a file larger than the limit, before it is read."""
    if size > limit:
        raise Unacceptable(
            f"“{name}”有 {size / 1024 / 1024:.0f} MB，超过 {limit / 1024 / 1024:g} MB 的上限。"
            "请删去表中的图片和无关的工作表，或者分成几个文件分次导入。", field="file",
        )  # fmt: skip


def text_of_csv(data: bytes) -> str | None:
    """A CSV file's text, in UTF-8, UTF-16 or GB18030; None where it is no text."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
    return None


def _old_kind(data: bytes, *, name: str) -> FileKind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unacceptable(f"“{name}”设了打开密码，系统不能读取。请在 Excel 中去掉密码后再上传。", field="file")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return FileKind.XLS
    raise Unacceptable(f"“{name}”不是 Excel 表格。可以导入 .xlsx、.xls 和 .csv 文件。", field="file")


def _check_package(data: bytes, *, name: str) -> None:
    """Unpacks every part once, counting, so that neither a bomb nor a damaged part reaches the reader."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if "xl/workbook.xml" not in package.namelist():
                raise Unacceptable(f"“{name}”不是 Excel 工作簿。{SAVE_AS}", field="file")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
                raise _too_much(name)
            for part in parts:
                total += _unpacked(package, part, name=name)
                if total > LARGEST_INSIDE:
                    raise _too_much(name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, Unacceptable):
            raise
        raise Unacceptable(f"“{name}”已损坏，打不开。{SAVE_AS}", field="file") from None


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo, *, name: str) -> int:
    size, is_xml = 0, part.filename.endswith((".xml", ".rels"))
    with package.open(part) as stream:
        while chunk := stream.read(1024 * 1024):
            if is_xml and b"<!DOCTYPE" in (chunk[:4096] if size == 0 else b""):
                raise Unacceptable(f"“{name}”里有不允许的内容（DOCTYPE）。{SAVE_AS}", field="file")
            size += len(chunk)
            if size > LARGEST_INSIDE:
                raise _too_much(name)
    return size


def _too_much(name: str) -> Unacceptable:
    return Unacceptable(
        f"“{name}”展开后超过 {LARGEST_INSIDE // 1024 // 1024} MB，不能读取。请删去无关的工作表和图片后再上传。",
        field="file",
    )


def sheet_faults(data: bytes, *, name: str) -> dict[str, SheetFaults]:
    """What stands in the sheets of an .xlsx package beside plain values, by the sheet's name.

    Unacceptable where a sheet reaches so far that it could not be held in memory.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {
            title: _faults(package.read(part), name=name, title=title) for title, part in _sheet_parts(package, name)
        }


def _sheet_parts(package: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str]]:
    known = set(package.namelist())
    try:
        book = _parsed(package.read("xl/workbook.xml"))
        links = _parsed(package.read("xl/_rels/workbook.xml.rels"))
    except (etree.XMLSyntaxError, KeyError):
        raise Unacceptable(f"“{name}”已损坏，打不开。{SAVE_AS}", field="file") from None
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    for sheet in book.iterfind("m:sheets/m:sheet", NAMES):
        target = targets.get(sheet.get(REL), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in known:
            yield str(sheet.get("name")), part


def _parsed(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _faults(xml: bytes, *, name: str, title: str) -> SheetFaults:
    errors: dict[tuple[int, int], str] = {}
    uncomputed, last_row, last_column = set(), 0, 0
    for found in CELL.finditer(xml):
        if found[4]:
            continue  # an empty cell that only has a format
        row, column = int(found[2]) - 1, _column(found[1])
        last_row, last_column = max(last_row, row), max(last_column, column)
        is_error = b't="e"' in found[3]
        if is_error or xml[found.end() : found.end() + 4].startswith((b"<f>", b"<f ", b"<f/", b"<x:f")):
            end = END.search(xml, found.end())
            body = xml[found.end() : end.start() if end else found.end() + 2000]
            if is_error:
                value = ERROR.search(body)
                errors[row, column] = value[1].decode("ascii", "replace") if value else "#VALUE!"
            elif FORMULA.search(body) and not VALUE.search(body):
                uncomputed.add((row, column))
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS or (last_row + 1) * (last_column + 1) > MOST_CELLS:
        raise Unacceptable(
            f"“{name}”的工作表“{title}”一直用到第 {last_row + 1} 行、第 {last_column + 1} 列，太大了。"
            "请删去表格以外的内容，或者分成几个文件分次导入。", field="file",
        )  # fmt: skip
    hidden = frozenset(int(found[1]) - 1 for found in HIDDEN_ROW.finditer(xml))
    return SheetFaults(errors, frozenset(uncomputed), hidden)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
