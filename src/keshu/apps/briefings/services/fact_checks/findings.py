"""Verdicts of the engine as findings to keep: plain values, so that a page needs neither the engine nor the ledger again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keshu.apps.plans.services.building import storable
from keshu.engines.factcheck import Fact, Verdict, wording
from keshu.engines.factcheck.amounts import amount

if TYPE_CHECKING:
    from keshu.apps.briefings.services.factcheck import CheckedDraft

# Of places that contradict a figure the first few are enough to see what is wrong.
MOST_OTHERS = 3


def findings_of(checked: CheckedDraft) -> list[dict[str, Any]]:
    """One for each figure in the order of the text, numbered from 1.

    ``fact`` is what the figure was held against, ``expected`` what should stand there where that is another one, ``candidates``
    what it may mean; ``others`` are numbers of findings that contradict it.
    """
    by_statement = {each.statement.index: number for number, each in enumerate(checked.verdicts, 1)}
    return [_finding(number, each, checked, by_statement) for number, each in enumerate(checked.verdicts, 1)]


def _finding(number: int, verdict: Verdict, checked: CheckedDraft, by_statement: dict[int, int]) -> dict[str, Any]:
    statement, span, text = verdict.statement, verdict.statement.value_span, checked.text
    return {
        "number": number,
        "start": span.start,
        "end": span.end,
        "line": text.count("\n", 0, span.start) + 1,
        "quote": storable(span.of(text)),
        "name": storable(verdict.fact.name if verdict.fact is not None else statement.indicator),
        "kind": verdict.kind.value,
        "is_sound": verdict.kind.is_sound,
        "sentence": storable(verdict.sentence),
        "stated": wording.stated(statement),
        "difference": _difference(verdict),
        "fact": _fact(verdict.fact),
        "expected": _fact(verdict.expected),
        "candidates": [_fact(each) for each in verdict.candidates],
        "others": sorted({by_statement[each] for each in verdict.others if each in by_statement})[:MOST_OTHERS],
    }


def _difference(verdict: Verdict) -> str:
    """How far it is off, in the draft's unit: 多1.02亿元."""
    off, fact = verdict.difference, verdict.fact
    if off is None or fact is None or off == 0:
        return ""
    unit = "百分点" if verdict.statement.unit == "%" else verdict.statement.unit or fact.unit
    return f"{'多' if off > 0 else '少'}{amount(abs(off).normalize() + 0, unit)}"


def _fact(fact: Fact | None) -> dict[str, str] | None:
    if fact is None:
        return None
    return {
        "name": fact.name, "period": wording.period_name(fact.period), "value": wording.held(fact), "source": fact.source,
        "link": fact.link, "told": wording.told(fact),
    }  # fmt: skip
