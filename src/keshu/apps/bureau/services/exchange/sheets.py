"""The workbooks people fill in: the empty template, and the ledger's rows with what is needed to know them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.utils import timezone

from keshu.apps.bureau.services.exchange.declarations import Access, CurrentRow, Field, FieldKind, RoundTrip, Sitting
from keshu.apps.bureau.services.exchange.values import NO, YES, cell_of, fingerprint, normal
from keshu.apps.bureau.services.exchange.writing import Align, Sheet, SheetColumn, write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from keshu.apps.bureau.models import User

META_SHEET, TOKEN, OPINION = "科枢", "行标识（请勿改动）", "导入意见"
SALT = "keshu.exchange"
# Empty rows with a frame in a template, and the rows beneath the last that still offer their choices.
EMPTY_ROWS, ROOM = 50, 2_000
MOST_CHOICES = 500
DAY, TEXT, NUMBER = "yyyy-mm-dd", "@", "#,##0.######"
SIGNED_PART = 250
GREYED = "灰色的栏只供查看"


def template(round_trip: RoundTrip, sitting: Sitting, *, params: Mapping[str, str], by: User, at: datetime) -> bytes:
    """A workbook to enter new rows in, with notes on the heads, choices in the cells and no rows."""
    return _workbook(round_trip, sitting, rows=(), params=params, by=by, at=at)


def filled_workbook(
    round_trip: RoundTrip, sitting: Sitting, *, params: Mapping[str, str], by: User, at: datetime
) -> bytes:
    """The rows the person may change, to be edited and brought back."""
    listed = [row for row in sitting.current() if row.is_listed]
    return _workbook(round_trip, sitting, rows=listed, params=params, by=by, at=at)


def token_of(row: CurrentRow, fields: Iterable[Field]) -> str:
    """The row's key and what each of its cells held, in short."""
    prints = [fingerprint(normal(each, row.values.get(each.key))) for each in fields]
    return f"{row.key}|{'.'.join(prints)}" if row.has_token else ""


def _workbook(
    round_trip: RoundTrip,
    sitting: Sitting,
    *,
    rows: Sequence[CurrentRow],
    params: Mapping[str, str],
    by: User,
    at: datetime,
) -> bytes:
    fields = [each for each in round_trip.fields if rows or each.access != Access.READ]
    choices = {each.key: _choices(each, sitting) for each in fields}
    moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    sheet = Sheet(
        name=round_trip.noun,
        title=sitting.title if rows else f"{sitting.title}（导入模板）",
        columns=[
            *(_column(each, choices[each.key], is_template=not rows) for each in fields),
            SheetColumn("", TOKEN, width=4, is_hidden=True),
        ],
        rows=([*_cells(row, fields), token_of(row, round_trip.fields)] for row in rows),
        note=_note(round_trip, has_rows=bool(rows), told=f"{by} {moment} 导出" if rows else ""),
        empty="",
        empty_rows=0 if rows else EMPTY_ROWS,
        room=ROOM,
    )
    meta = {
        "ledger": round_trip.key,
        "title": sitting.title,
        "version": round_trip.version,
        "params": dict(params),
        "at": moment,
        "has_rows": bool(rows),
    }
    signed = signing.dumps(meta, salt=SALT, compress=True)
    parts = [[signed[first : first + SIGNED_PART]] for first in range(0, len(signed), SIGNED_PART)]
    hidden = Sheet(META_SHEET, "", [SheetColumn("meta", "", width=20)], parts, is_hidden=True)
    return write_workbook([sheet, hidden], title=sitting.title, author=str(by))


def _cells(row: CurrentRow, fields: Sequence[Field]) -> list[Any]:
    return [None if each.is_action else cell_of(each, normal(each, row.values.get(each.key))) for each in fields]


def _note(round_trip: RoundTrip, *, has_rows: bool, told: str) -> str:
    greyed = any(each.access == Access.READ for each in round_trip.fields) and has_rows
    hints = [round_trip.hints, f"{GREYED}。" if greyed else "", "一行一条，表头不要改。" if not has_rows else "", told]
    return "　".join(filter(None, hints))


def _column(field: Field, choices: tuple[str, ...], *, is_template: bool) -> SheetColumn:
    star = "*" if field.is_required else ""
    formats = {FieldKind.NUMBER: NUMBER if field.places else "0", FieldKind.DATE: DAY}
    aligned = {FieldKind.NUMBER: Align.RIGHT, FieldKind.DATE: Align.CENTER, FieldKind.BOOLEAN: Align.CENTER}
    return SheetColumn(
        key=field.key,
        label=f"{field.label}{star}",
        width=field.width,
        wrap=field.wrap,
        number_format=formats.get(field.kind, TEXT),
        align=aligned.get(field.kind, Align.LEFT),
        help=_help(field, is_template=is_template),
        choices=choices,
        is_read_only=field.access == Access.READ or (field.access == Access.CREATE and not is_template),
    )


def _help(field: Field, *, is_template: bool) -> str:
    told = []
    if field.access == Access.READ:
        told.append("只供查看，改了不会生效。")
    elif field.is_required:
        told.append("必填。")
    if field.access == Access.CREATE and not is_template:
        told.append("只在新增的行填写，已有的行不能改。")
    told.append(field.help)
    if field.kind == FieldKind.DATE:
        told.append("日期，例如 2026-03-05。")
    if field.kind == FieldKind.CHOICES:
        told.append(f"可以填几个，用顿号隔开：{'、'.join(word for _, word in field.choices)}。")
    return "".join(told)


def _choices(field: Field, sitting: Sitting) -> tuple[str, ...]:
    if field.access == Access.READ:
        return ()
    if field.kind == FieldKind.BOOLEAN:
        return (YES, NO)
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return tuple(word for _, word in field.choices)
    if field.kind in (FieldKind.ORGANISATION, FieldKind.ORGANISATIONS):
        return tuple(sitting.names.open_names(most=MOST_CHOICES))
    return ()
