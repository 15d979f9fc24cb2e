"""A ledger as JSON, for notebooks and for checks without a database."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from keshu.engines.factcheck.amounts import number
from keshu.engines.factcheck.values import Fact, FactKind, Family, Ledger, Organisation
from keshu.kernel.period import Period

FORM = "keshu-ledger-1"


class LedgerRefused(ValueError):
    """The text is no ledger. The message is Chinese and names the entry and what is wrong with it."""


def to_json(ledger: Ledger) -> str:
    """The ledger, one fact a line; what is empty is left out."""
    rows = ",\n".join(f"  {json.dumps(_row(fact), ensure_ascii=False)}" for fact in ledger.facts)
    bodies = ",\n".join(
        f"  {json.dumps({'key': each.key, 'name': each.name, 'names': list(each.names)}, ensure_ascii=False)}"
        for each in ledger.organisations
    )
    return (
        f'{{"form": "{FORM}",\n "home": {json.dumps(ledger.home, ensure_ascii=False)},\n'
        f' "organisations": [\n{bodies}\n ],\n "facts": [\n{rows}\n ]}}\n'
    )


def from_json(text: str) -> Ledger:
    """A ledger written by :func:`to_json` or by hand.

    Raises
    ------
    LedgerRefused
        it is no JSON, no ledger, or an entry lacks something; the message says which
    """
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise LedgerRefused(f"台账文件不是有效的 JSON：第 {error.lineno} 行有误。") from error
    if not isinstance(read, dict) or not isinstance(read.get("facts"), list):
        raise LedgerRefused("台账文件缺少“facts”列表。可用 keshu factcheck 文件 --save-ledger 生成一份样例。")
    home = str(read.get("home", "own"))
    bodies = tuple(
        Organisation(str(each["key"]), str(each.get("name", each["key"])), tuple(each.get("names", ())))
        for each in read.get("organisations", ())
    )
    facts = tuple(_fact(row, place, home) for place, row in enumerate(read["facts"], start=1))
    return Ledger(facts, bodies or (Organisation(home, home),), home)


def _row(fact: Fact) -> dict[str, Any]:
    row = {
        "id": fact.id,
        "key": fact.key,
        "names": list(fact.names),
        "organisation": fact.organisation,
        "period": str(fact.period),
        "kind": fact.kind.value,
        "family": fact.family.value,
        "op": fact.op,
        "value": None if fact.value is None else number(fact.value),
        "value_high": None if fact.value_high is None else number(fact.value_high),
        "unit": fact.unit,
        "per": fact.per,
        "replaced_on": None if fact.replaced_on is None else fact.replaced_on.isoformat(),
        "source": fact.source,
        "link": fact.link,
    }
    return {name: value for name, value in row.items() if value not in (None, "")}


def _fact(row: Any, place: int, home: str) -> Fact:
    try:
        names = tuple(map(str, row["names"]))
        return Fact(
            id=str(row.get("id", place)),
            key=str(row.get("key", names[0])),
            names=names,
            organisation=str(row.get("organisation", home)),
            period=Period.parse(row["period"]),
            kind=FactKind(row["kind"]),
            family=Family(row.get("family", Family.STOCK)),
            value=_number(row.get("value")),
            value_high=_number(row.get("value_high")),
            unit=str(row.get("unit", "")),
            op=str(row.get("op", "=")),
            per=str(row.get("per", "")),
            replaced_on=date.fromisoformat(row["replaced_on"]) if row.get("replaced_on") else None,
            source=str(row.get("source", "")),
            link=str(row.get("link", "")),
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise LedgerRefused(f"台账第 {place} 条不完整：缺少 {error}。每条须有 names、period、kind。") from error
    except (ValueError, InvalidOperation) as error:
        raise LedgerRefused(f"台账第 {place} 条有误：{error}。") from error


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
