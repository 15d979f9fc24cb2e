"""Whatever people try with issues, in any order: only declared ways are taken, nothing is lost, numbers have no gaps."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry, User
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import Issue, Verdict
from keshu.apps.plans.services import issues

pytestmark = pytest.mark.django_db

ROLES = ("leader", "planner", "office_head", "clerk", "county_clerk", "auditor", "operator", "enterprise")
MOVES = ("raise", "assign", "reassign", "extend", "fulfil", "confirm", "refuse", "cancel")
# The ways there are; whatever else is tried must leave the state as it is.
WAYS = {
    "assign": {("raised", "assigned")},
    "reassign": {("assigned", "assigned")},
    "extend": {("assigned", "assigned")},
    "fulfil": {("assigned", "fulfilled")},
    "confirm": {("fulfilled", "confirmed")},
    "refuse": {("fulfilled", "assigned")},
    "cancel": {("raised", "cancelled"), ("assigned", "cancelled"), ("fulfilled", "cancelled")},
}


def attempt(move: str, row: Issue | None, *, site: SimpleNamespace, by: User, step: int, owner: Any) -> None:
    common: dict[str, Any] = {"by": by, "at": AT + timedelta(minutes=step)}
    duty = {"owner": owner, "measure": f"措施{step}", "due_on": ON + timedelta(days=10 + step)}
    if move == "raise":
        issues.raise_issue(title=f"问题{step}", raised_for=site.gaoxin, **common)
        return
    assert row is not None
    acts: dict[str, Any] = {
        "assign": lambda: issues.assign_issue(row, **duty, **common),
        "reassign": lambda: issues.reassign_issue(row, **duty, why="调整", **common),
        "extend": lambda: issues.extend_issue(row, due_on=duty["due_on"], why="延期", **common),
        "fulfil": lambda: issues.fulfil_issue(row, text="已办", **common),
        "confirm": lambda: issues.confirm_issue(row, **common),
        "refuse": lambda: issues.refuse_issue(row, why="不实", **common),
        "cancel": lambda: issues.cancel_issue(row, why="重复", **common),
    }
    acts[move]()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    tries=st.lists(
        st.tuples(
            st.sampled_from(MOVES), st.sampled_from(ROLES), st.integers(0, 3), st.sampled_from(("qingling", "gaoxin"))
        ),
        max_size=25,
    )
)
def test_only_declared_ways_are_taken_and_all_is_kept(tries: list[tuple[str, str, int, str]]) -> None:
    with transaction.atomic():
        site = make.site()
        for step, (move, role, which, place) in enumerate(tries, start=1):
            rows = list(Issue.objects.order_by("number"))
            row = rows[which % len(rows)] if rows else None
            if row is None and move != "raise":
                continue
            before = {each.pk: each.state for each in rows}
            entries = AuditEntry.objects.count()
            try:
                attempt(move, row, site=site, by=site.people[role], step=step, owner=getattr(site, place))
            except (Refused, Unacceptable):
                assert AuditEntry.objects.count() == entries, "what was refused left an entry"
                assert {each.pk: each.state for each in Issue.objects.all()} == before
                continue
            assert role not in ("auditor", "operator", "enterprise"), f"{role} did {move}"
            for each in Issue.objects.all():
                was = before.get(each.pk, "raised" if move == "raise" else "")
                if row is not None and each.pk == row.pk and move != "raise":
                    assert (was, each.state) in WAYS[move]
                else:
                    assert each.state == was
            assert AuditEntry.objects.count() > entries
        _check_the_whole()
        transaction.set_rollback(True)


def _check_the_whole() -> None:
    rows = list(Issue.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        verdicts = list(row.proofs.order_by("pk").values_list("verdict", flat=True))
        assert row.refusals == verdicts.count(Verdict.RETURNED)
        assert (row.closed_at is not None) == (row.state in ("confirmed", "cancelled"))
        assert (row.owner is None) == (row.measure == "") == (row.due_on is None)
        assert verdicts.count(Verdict.ACCEPTED) == (row.state == "confirmed")
        if row.state == "confirmed":
            last = row.proofs.order_by("pk").last()
            assert last is not None
            assert last.verdict_by != last.by
