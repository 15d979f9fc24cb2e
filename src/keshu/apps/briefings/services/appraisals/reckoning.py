"""The scores of an appraisal reckoned from the ledgers, and kept sheet by sheet."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.briefings.models import (
    Appraisal,
    AppraisalKind,
    AppraisalMark,
    AppraisalSheet,
    AppraisalState,
    MarkState,
)
from keshu.apps.briefings.services.appraisals.lifecycle import Move, check, held
from keshu.apps.bureau.queries.moves import last_entry
from keshu.apps.bureau.queries.organisations import of_kinds
from keshu.apps.plans.queries.year_duties import year_duties
from keshu.apps.plans.services.meanings import local_day
from keshu.engines.appraisal import Mark, RuleState, Score, Subject, appraise, scheme_from_plain, score_to_plain

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.queries.owners import OrganisationRef

BATCH = 200
SCORED_KINDS = {AppraisalKind.OFFICES: ("office", "unit"), AppraisalKind.COUNTIES: ("county", "park")}


@transaction.atomic
def reckon_appraisal(appraisal: Appraisal, *, by: User, at: datetime) -> Appraisal:
    """Bring the sheets up to date with the ledgers. Whoever sees it but auditors; not once it is released (Unacceptable).

    What it changes follows from the ledgers, whose changes are recorded; it leaves no entry of its own.
    """
    row = held(appraisal.pk)
    check(Move.RECKON, row, user=by)
    reckon(row, at=at)
    return row


def reckon(row: Appraisal, *, at: datetime) -> None:
    """The sheets anew, in the caller's transaction."""
    row.ledger_number = last_entry()
    on = counted_until(row, at=at)
    duties = year_duties(row.organisation_id, year=row.year, on=on)
    marks = _marks(row)
    scored = scored_organisations(row, on=on)
    subjects = [
        Subject(str(ref.id), str(ref), duties.by_organisation.get(ref.id, {}), marks.get(ref.id, {})) for ref in scored
    ]
    scores = appraise(scheme_from_plain(row.scheme), subjects)
    row.sheets.all().delete()
    AppraisalSheet.objects.bulk_create(
        [_sheet(row, score, position) for position, score in enumerate(scores, start=1)], batch_size=BATCH
    )
    row.reckoned_at, row.plans = at, list(duties.plans)
    row.save(update_fields=["reckoned_at", "ledger_number", "plans"])


def counted_until(row: Appraisal, *, at: datetime) -> date:
    """The last day that counts: the one declared, today at the latest."""
    today = local_day(at)
    return today if row.until is None else min(row.until, today)


def scored_organisations(row: Appraisal, *, on: date) -> list[OrganisationRef]:
    """Whom the appraisal scores on that day, as the register orders them."""
    left_out = set(row.left_out)
    return [ref for ref in organisations_of(row, on=on) if ref.id not in left_out]


def organisations_of(row: Appraisal, *, on: date) -> tuple[OrganisationRef, ...]:
    """All of the kind, those left out too."""
    found = of_kinds(SCORED_KINDS[AppraisalKind(row.kind)], home=row.organisation, on=on)
    if row.kind == AppraisalKind.OFFICES:
        return tuple(ref for ref in found if ref.path.startswith(row.organisation.path))
    return found


def _marks(row: Appraisal) -> dict[int, dict[str, list[Mark]]]:
    found: dict[int, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    given = row.marks.filter(state=MarkState.GIVEN).select_related("given_by").order_by("pk")
    each: AppraisalMark
    for each in given:
        told = f"{each.given_by.name} {local_day(each.given_at):%Y-%m-%d}"
        found[each.organisation_id][each.rule].append(
            Mark(f"mark-{each.pk}", Fraction(Decimal(str(each.points))), each.reason, told)
        )
    return found


def _sheet(row: Appraisal, score: Score, position: int) -> AppraisalSheet:
    return AppraisalSheet(
        appraisal=row,
        organisation_id=int(score.key),
        position=position,
        rank=score.rank,
        total=score.total,
        grade=score.grade,
        points={each.key: str(each.points) for each in score.rules if each.state != RuleState.SPREAD},
        content=score_to_plain(score),
    )


def digest_of(row: Appraisal, *, until: date | None) -> str:
    """SHA-256 of the scheme, the last day and every sheet as they stand in the tables."""
    sheets = row.sheets.order_by("organisation_id").values_list("organisation_id", "rank", "total", "grade", "content")
    told: Mapping[str, Any] = {
        "year": row.year,
        "kind": str(row.kind),
        "scheme": row.scheme,
        "until": None if until is None else until.isoformat(),
        "sheets": [
            [pk, rank, None if total is None else f"{total:.2f}", grade, content]
            for pk, rank, total, grade, content in sheets
        ],
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(row: Appraisal) -> bool:
    """Whether a released appraisal is, to the last row, what was released."""
    return row.state == AppraisalState.RELEASED and digest_of(row, until=row.until) == row.digest
