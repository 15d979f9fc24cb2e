"""Cells of an old workbook (.xls) that hold an error value, which the reader of tables gives as blank.

The records of BIFF8 are walked, not interpreted: [MS-XLS] 2.4.24 (BoolErr), 2.4.127 with 2.5.133 (Formula and its value),
2.4.28 (BoundSheet8).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

BOUND_SHEET, BEGIN, END, FORMULA, BOOL_OR_ERROR = 0x0085, 0x0809, 0x000A, 0x0006, 0x0205
# [MS-XLS] 2.5.10 BErr
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
Errors = dict[tuple[int, int], str]


class Unreadable(ValueError):
    """The file's records cannot be followed, so that its error values would pass for blanks."""


def errors_of(data: bytes) -> dict[str, Errors]:
    """Error values by the sheet's name, then by (row, column) from 0."""
    book = _book(data)
    try:
        return {name: _errors(book, start) for name, start in _sheets(book)}
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None


def _book(data: bytes) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return bytes(container.openstream("Workbook").read())
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise Unreadable(str(error)) from None


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record of the part that begins there, up to its end."""
    place, depth = start, 0
    while place + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, place)
        depth += (kind == BEGIN) - (kind == END)
        yield kind, book[place + 4 : place + 4 + length]
        if depth <= 0:
            return
        place += 4 + length


def _sheets(book: bytes) -> Iterator[tuple[str, int]]:
    if struct.unpack_from("<HHH", book, 0)[::2] != (BEGIN, 0x0600):
        raise Unreadable("not BIFF8")
    for kind, body in _records(book, 0):
        if kind == BOUND_SHEET:
            start, _, _, length, is_wide = struct.unpack_from("<IBBBB", body)
            raw = body[8 : 8 + length * (2 if is_wide & 1 else 1)]
            yield raw.decode("utf-16-le" if is_wide & 1 else "latin-1"), start


def _errors(book: bytes, start: int) -> Errors:
    found: Errors = {}
    for kind, body in _records(book, start):
        if kind == BOOL_OR_ERROR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
        elif kind == FORMULA:
            row, column, _, sort, _, value, _, _, _, mark = struct.unpack_from("<HHHBBBBBBH", body)
            is_error = sort == 2 and mark == 0xFFFF
        else:
            continue
        if is_error:
            found[row, column] = ERRORS.get(value, "#VALUE!")
    return found
