"""Real documents against ledgers made of themselves: as they are, and with every figure of the ledger altered in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from keshu.apps.briefings.services.statements import draft_of, ledger_of
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.engines import plandoc
from keshu.engines.factcheck import Fact, Ledger, VerdictKind, check

YEAR = 2020
# The figures are altered in so many parts, one part at a time.
PARTS = 3


@dataclass(frozen=True, slots=True)
class Self:
    """A document against itself. ``alarms`` are figures said not to agree, ``missed`` altered ones that were said to."""

    name: str
    figures: int
    masked: int
    alarms: tuple[str, ...]
    altered: int
    missed: tuple[str, ...]


def against_itself(file: Path) -> Self:
    """One document, checked against itself and its altered ledgers."""
    document = plandoc.read_plan(file.read_bytes(), name=file.name)
    draft, ledger = draft_of(document), ledger_of(document, year=YEAR)
    report = check(draft, ledger, fold=folded_name)
    altered, missed = 0, []
    for other, changed in _altered(ledger):
        said = {verdict.statement.index: verdict for verdict in check(draft, other, fold=folded_name).verdicts}
        altered += len(changed)
        missed += [
            f"{said[index].statement.indicator}: {said[index].sentence}"
            for index in changed
            if said[index].kind.is_sound
        ]
    return Self(
        file.stem,
        len(report.verdicts),
        report.counts[VerdictKind.MASKED],
        tuple(verdict.sentence for verdict in report.verdicts if not verdict.kind.is_sound),
        altered,
        tuple(missed),
    )


def _altered(ledger: Ledger) -> Iterator[tuple[Ledger, list[int]]]:
    """Ledgers with a part of their figures changed, and which statements of the document those are.

    A figure that the document states more than once is changed wherever it stands, as a ledger holds it once.
    """
    groups = list(dict.fromkeys(_thing(fact) for fact in ledger.facts if fact.value is not None))
    for part in range(PARTS):
        chosen = set(groups[part::PARTS])
        facts = tuple(_changed(fact) if _thing(fact) in chosen else fact for fact in ledger.facts)
        places = [int(fact.id.removeprefix("claim-")) for fact in ledger.facts if _thing(fact) in chosen]
        yield replace(ledger, facts=facts), places


def _thing(fact: Fact) -> tuple[object, ...]:
    return fact.key, fact.family, fact.kind, fact.period, fact.unit, fact.value


def _changed(fact: Fact) -> Fact:
    """A tenth more, and at least one."""
    if fact.value is None:
        return fact
    more = max(Decimal(1), (fact.value / 10).quantize(Decimal(1)))
    high = None if fact.value_high is None else fact.value_high + more
    return replace(fact, value=fact.value + more, value_high=high)
