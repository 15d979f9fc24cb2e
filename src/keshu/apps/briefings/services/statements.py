"""The figures that plandoc reads in a draft, as statements to check; and a document's own figures, as a ledger.

Plain values only: the command line uses both without a database.
"""

from __future__ import annotations

import re
from decimal import Decimal

from keshu.apps.plans.queries.indicator_names import FAMILIES, indicator_key
from keshu.engines.factcheck import Draft, Fact, FactKind, Family, Ledger, Organisation, Statement, Tense
from keshu.engines.plandoc import Claim, DocumentKind, PlanDocument, Tier
from keshu.engines.plandoc import Tense as Told
from keshu.kernel.period import Period

# Titles that tell a draft is about what is to be done: elsewhere a figure without a word beside it may be either.
_PLANS = re.compile("要点|计划|打算|安排|方案|规划|任务|目标")
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {0xFF0E: 0x2E}
OWN = "own"


def draft_of(document: PlanDocument, *, as_of: Period | None = None, writer: str = "") -> Draft:
    """A document as a draft to check. `as_of` and `writer` are the time that it speaks of and the county whose it is, where it
    does not say so itself."""
    kind, title = document.meta.kind, document.meta.title or ""
    is_guess = kind is DocumentKind.SUMMARY or (kind is DocumentKind.PLAN and not _PLANS.search(title))
    statements = tuple(_statement(claim, document, is_guess=is_guess) for claim in document.claims)
    year = document.meta.plan_year
    return Draft(document.text, statements, as_of or (Period.year(year) if year else None), writer)


def _statement(claim: Claim, document: PlanDocument, *, is_guess: bool) -> Statement:
    return Statement(
        index=claim.index,
        indicator=claim.indicator,
        span=claim.span,
        value_span=claim.value_span,
        value=_value(claim, document.text),
        value_high=None if claim.value_high is None else Decimal(str(claim.value_high)),
        unit=claim.unit or "",
        op=claim.op.value,
        family=_family(claim),
        is_stretch=claim.tier is Tier.STRETCH,
        tense=_tense(claim, is_guess=is_guess),
        period=claim.period,
        per=claim.per or "",
        headings=claim.section,
        is_masked=claim.masked,
    )


def _value(claim: Claim, text: str) -> Decimal | None:
    """As exact as it is printed: 2.50 is not 2.5."""
    if claim.value is None:
        return None
    value = Decimal(str(claim.value))
    for printed in _NUMBER.findall(claim.value_span.of(text).translate(_WIDE)):
        exact = Decimal(re.sub("[,，]", "", printed))
        if abs(exact) == abs(value):
            return exact if value >= 0 else -exact
    return value.normalize() + 0 if value == value.to_integral_value() else value


def _family(claim: Claim) -> Family:
    return Family(FAMILIES.get(claim.measure.value, claim.measure.value))


def _tense(claim: Claim, *, is_guess: bool) -> Tense | None:
    """What plandoc took from the words; where it only assumed a plan, a figure may be either."""
    if claim.tense is Told.ACTUAL:
        return Tense.ACTUAL
    return None if is_guess and claim.tier is not Tier.STRETCH else Tense.TARGET


def ledger_of(document: PlanDocument, *, year: int) -> Ledger:
    """What a document says, as the ledger to check another one against. `year` is meant where it names none itself."""
    name = document.meta.title or "所给文件"
    facts = []
    for claim in document.claims:
        if claim.masked:
            continue
        tier = FactKind.STRETCH if claim.tier is Tier.STRETCH else FactKind.FLOOR
        facts.append(
            Fact(
                id=f"claim-{claim.index}",
                key=indicator_key(claim.indicator, measure=claim.measure.value).rpartition("|")[0],
                names=(claim.indicator,),
                organisation=OWN,
                period=claim.period or Period.year(document.meta.plan_year or year),
                kind=FactKind.ACHIEVED if claim.tense is Told.ACTUAL else tier,
                family=_family(claim),
                value=_value(claim, document.text),
                value_high=None if claim.value_high is None else Decimal(str(claim.value_high)),
                unit=claim.unit or "",
                op=claim.op.value,
                per=claim.per or "",
                source=f"《{name}》：{document.quote(claim).strip()}",
            )
        )
    return Ledger(tuple(facts), (Organisation(OWN, document.meta.issuer or "本单位"),), OWN)
