"""The year's supervision notices and issues: answered and closed in time, late, or still open though their day is past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from keshu.apps.plans.models import Issue, IssueState, Proof, Reply, SupervisionNotice, SupervisionState, Verdict
from keshu.apps.plans.queries.year_duties.stand_ins import StandIns
from keshu.engines.appraisal import Deed, Fact, Outcome


def notice_facts(stand_ins: StandIns, *, year: int, on: date, after: datetime) -> dict[int, list[Fact]]:
    """Notices issued in the year; cancelled ones, and those that still have time, are left out. Two queries."""
    answers = Prefetch("replies", Reply.objects.only("notice", "at", "verdict", "pk").order_by("pk"), to_attr="answers")
    rows = (
        SupervisionNotice.objects.filter(year=year, number__isnull=False, issued_at__lt=after)
        .exclude(state=SupervisionState.CANCELLED)
        .prefetch_related(answers)
        .order_by("pk")
    )
    found: dict[int, list[Fact]] = defaultdict(list)
    row: Any
    for row in rows:
        answered = _first_good(row.answers, after=after)
        if answered is None and row.closed_at is not None and row.closed_at < after:
            answered = _day(row.closed_at)
        if (outcome := _outcome(answered, row.due_on, on=on)) is None:
            continue
        told = f"时限{row.due_on:%Y-%m-%d}，" + ("没有回复" if answered is None else f"{answered:%Y-%m-%d}回复")
        for organisation_id in stand_ins.of(row.addressee_id):
            found[organisation_id].append(Deed(f"notice-{row.pk}", f"{row.number_text} {row.title}", outcome, told))
    return found


def issue_facts(stand_ins: StandIns, *, year: int, on: date, after: datetime) -> dict[int, list[Fact]]:
    """Issues raised in the year that somebody answers for; those that still have time are left out. Two queries."""
    proofs = Prefetch("proofs", Proof.objects.only("issue", "at", "verdict", "pk").order_by("pk"), to_attr="answers")
    rows = (
        Issue.objects.filter(year=year, owner__isnull=False, raised_at__lt=after)
        .exclude(state=IssueState.CANCELLED)
        .prefetch_related(proofs)
        .order_by("pk")
    )
    found: dict[int, list[Fact]] = defaultdict(list)
    row: Any
    for row in rows:
        answered = _first_good(row.answers, after=after)
        is_closed = row.closed_at is not None and row.closed_at < after
        if answered is None and is_closed:
            answered = _day(row.closed_at)
        if not is_closed and answered is not None and (row.due_on is None or answered <= row.due_on):
            continue  # handed in in time, and not yet confirmed
        outcome = Outcome.DONE if row.due_on is None and is_closed else _outcome(answered, row.due_on, on=on)
        if outcome is None:
            continue
        due = "" if row.due_on is None else f"时限{row.due_on:%Y-%m-%d}，"
        told = due + (
            "没有整改" if answered is None else f"{answered:%Y-%m-%d}落实" + ("，已销号" if is_closed else "")
        )
        for organisation_id in stand_ins.of(row.owner_id):
            found[organisation_id].append(Deed(f"issue-{row.pk}", row.title, outcome, told))
    return found


def _first_good(answers: Iterable[Any], *, after: datetime) -> date | None:
    """The day of the answer that holds: the first after the last one sent back."""
    found: date | None = None
    for each in answers:
        if each.at >= after:
            continue
        if each.verdict == Verdict.RETURNED:
            found = None
        elif found is None:
            found = _day(each.at)
    return found


def _outcome(answered: date | None, due_on: date | None, *, on: date) -> Outcome | None:
    """None while there is still time."""
    if answered is None:
        return None if due_on is None or on <= due_on else Outcome.MISSED
    return Outcome.DONE if due_on is None or answered <= due_on else Outcome.LATE


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
