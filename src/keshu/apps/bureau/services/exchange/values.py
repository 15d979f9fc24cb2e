"""Cells to values and back: what people type in Chinese offices is understood, and what is not is answered with what is right."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from keshu.apps.bureau.services.exchange.dates import date_of
from keshu.apps.bureau.services.exchange.declarations import Field, FieldKind
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.queries.organisation_names import OrganisationNames

YES, NO = "是", "否"
YES_WORDS = frozenset({"是", "√", "✓", "y", "yes", "true", "1", "有"})
NO_WORDS = frozenset({"", "否", "×", "x", "n", "no", "false", "0", "无", "没有"})
MANY = re.compile(r"[、,，;；\n]+")
THOUSANDS = re.compile(r"(?<=\d)[,，\s](?=\d{3}(?:\D|$))")
SHOWN = 40
LARGEST = Decimal(10) ** 14
NOISE = 9
SINGLE: dict[FieldKind, Any] = {FieldKind.NUMBER: None, FieldKind.DATE: None, FieldKind.BOOLEAN: False}
PLURAL = (FieldKind.CHOICES, FieldKind.ORGANISATIONS)


def blank(field: Field) -> Any:
    """The value of an empty cell."""
    return () if field.kind in PLURAL else SINGLE.get(field.kind, "")


def normal(field: Field, value: Any) -> Any:
    """A value of the table in the one form in which values are compared."""
    if value is None or value == "":
        return blank(field)
    if field.kind == FieldKind.NUMBER:
        return Decimal(value).normalize() + 0
    if field.kind == FieldKind.CHOICES:
        order = [key for key, _ in field.choices]
        return tuple(
            sorted(dict.fromkeys(value), key=lambda key: (order.index(key) if key in order else len(order), key))
        )
    if field.kind == FieldKind.ORGANISATIONS:
        return tuple(sorted(dict.fromkeys(value)))
    return tidy(value) if field.kind == FieldKind.TEXT else value


def cell_of(field: Field, value: Any) -> Any:
    """A value as it is written into a cell."""
    if field.kind == FieldKind.BOOLEAN:
        return YES if value else NO
    if field.kind == FieldKind.CHOICE:
        return field.word(value)
    if field.show is not None:
        return field.show(value)
    if field.kind in PLURAL:
        return "、".join(field.word(each) for each in value)
    return value


def shown(field: Field, value: Any) -> str:
    """A value in words, for people."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    cell = cell_of(field, value)
    return "（空）" if cell in (None, "") else str(cell)


def fingerprint(value: Any) -> str:
    """A few characters that tell one value from another."""
    plain = f"{value:f}" if isinstance(value, Decimal) else value
    return hashlib.sha256(json.dumps(plain, default=str, ensure_ascii=False).encode()).hexdigest()[:6]


def value_of(field: Field, cell: Any, *, names: OrganisationNames) -> Any:
    """What a cell says; Unacceptable tells what was given, why it fails and what is right."""
    if isinstance(cell, str):
        cell = cell.strip(" \t\r\n\u3000\xa0\ufeff")
    if cell is None or cell == "":
        return blank(field)
    return normal(field, _READERS[field.kind](field, cell, names))


def tidy(value: Any) -> str:
    """Text without what nobody sees, or a cell cannot hold: outer blanks, control characters, line ends in more than one form."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    return ILLEGAL_CHARACTERS_RE.sub("", text).strip(" \t\r\n\u3000\xa0\ufeff")


def text_of(cell: Any) -> str:
    """What stands in the cell, as a person would read it: a telephone number has no decimal point."""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return f"{cell:%Y-%m-%d}"
    return tidy(cell)


def quoted(cell: Any) -> str:
    """The cell in a sentence."""
    text = text_of(cell)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _text(field: Field, cell: Any, names: OrganisationNames) -> str:
    text = text_of(cell)
    if field.parse is not None:
        text = field.parse(text)
    if field.longest is not None and len(text) > field.longest:
        raise Unacceptable(f"有 {len(text)} 个字，最多 {field.longest} 个字，请缩短。")
    return text


def _number(field: Field, cell: Any, names: OrganisationNames) -> Decimal:
    example = "例如 2.5" if field.places else "例如 320"
    refusal = Unacceptable(f"填写的是“{quoted(cell)}”，请填数字，不带单位和文字，{example}。")
    if isinstance(cell, bool | date | time):
        raise refusal
    text = repr(cell) if isinstance(cell, float) else str(cell)
    text = THOUSANDS.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-")
    if is_percent := field.label.endswith("（%）"):
        text = text.rstrip().removesuffix("%")
    try:
        number = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        raise refusal from None
    if not number.is_finite():
        raise refusal
    if abs(number) >= LARGEST:
        raise Unacceptable(f"填写的是“{quoted(cell)}”，数字过大，请改用“万”“亿”作单位。")
    if isinstance(cell, float):
        number = round(number, NOISE)  # a formula's 0.30000000000000004
    if is_percent and isinstance(cell, float) and 0 < number < 1:
        # Excel keeps 88 % as 0.88
        told = f"{number * 100:f}".rstrip("0").rstrip(".")
        raise Unacceptable(f"填写的是“{quoted(cell)}”，即{told}%。这一列以%为单位，请填 {told}。")
    if number != round(number, field.places):
        raise Unacceptable(
            f"填写的是“{quoted(cell)}”，" + (f"最多 {field.places} 位小数。" if field.places else "请填整数。")
        )
    return number


def _date(field: Field, cell: Any, names: OrganisationNames) -> date:
    return date_of(cell)


def _boolean(field: Field, cell: Any, names: OrganisationNames) -> bool:
    word = unicodedata.normalize("NFKC", text_of(cell)).lower()
    word = {YES: "是", NO: "否"}.get(word, word)
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise Unacceptable(f"填写的是“{quoted(cell)}”，请填“是”或“否”。")


def _choice(field: Field, cell: Any, names: OrganisationNames) -> str:
    return _chosen(field, text_of(cell))


def _choices(field: Field, cell: Any, names: OrganisationNames) -> tuple[str, ...]:
    return tuple(_chosen(field, part) for part in MANY.split(text_of(cell)) if part.strip())


def _chosen(field: Field, text: str) -> str:
    wanted = _bare(text)
    for key, word in field.choices:
        if wanted in (_bare(word), _bare(key)):
            return key
    words = "、".join(word for _, word in field.choices)
    raise Unacceptable(f"填写的是“{quoted(text)}”，请从这些中选一个：{words}。")


@lru_cache(maxsize=5_000)
def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def _organisation(field: Field, cell: Any, names: OrganisationNames) -> str:
    text = text_of(cell)
    try:
        return names.text_of(names.find(text).id)
    except LookupError as error:
        if field.may_be_new and str(error).startswith("没有"):
            return text
        raise Unacceptable(f"{error}。") from None


def _organisations(field: Field, cell: Any, names: OrganisationNames) -> tuple[str, ...]:
    return tuple(_organisation(field, part.strip(), names) for part in MANY.split(text_of(cell)) if part.strip())


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.ORGANISATION: _organisation,
    FieldKind.ORGANISATIONS: _organisations,
}
