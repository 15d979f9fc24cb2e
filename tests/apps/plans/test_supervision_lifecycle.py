"""A notice under any sequence of moves by anybody: what holds of it after each, and numbers under two processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.apps.plans.supervision import AT, fresh, write
from tests.factories import make

from keshu.apps.bureau.models import Notice, User
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import PENDING
from keshu.apps.plans.queries.supervision.escalation import Step
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.supervision.lifecycle import TRANSITIONS, Move, buttons

ROLES = ("planner", "leader", "clerk", "office_head", "county_clerk", "auditor")


class NoticeLife(RuleBasedStateMachine):
    """One notice, a clock that only goes forward, and six people who press whatever they like."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.site = make.site()
        self.notice = write(self.site)
        self.at = AT
        self.number: int | None = None

    @rule(role=st.sampled_from(ROLES), move=st.sampled_from([each for each in Move if each is not Move.CHANGE]))
    def press(self, role: str, move: Move) -> None:
        user = User.objects.get(pk=self.site.people[role].pk)
        before = fresh(self.notice)
        offered = {each.move for each in buttons(before, user=user) if not each.hindrances}
        told = Notice.objects.count()
        said = self._refusal(move, user)
        after = fresh(self.notice)
        if not said:
            declared = next(each for each in TRANSITIONS if each.move == move)
            assert move in offered
            assert after.state == (declared.target or before.state)
            return
        late = before.due_on < self.at.date() and move in (Move.ISSUE, Move.RETURN)
        assert any("一" <= letter <= "鿿" for letter in said)
        assert (after.state, after.number, after.due_on) == (before.state, before.number, before.due_on)
        assert Notice.objects.count() == told
        assert move not in offered or late

    def _refusal(self, move: Move, user: User) -> str:
        try:
            self._act(move, user)
        except (Refused, Unacceptable) as refusal:
            return str(refusal)
        return ""

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.at += timedelta(days=days)
        supervision.escalate_notices(at=self.at)
        told = Notice.objects.filter(kind="plans.supervision_late").count()
        assert supervision.escalate_notices(at=self.at) == 0
        assert Notice.objects.filter(kind="plans.supervision_late").count() == told

    @invariant()
    def a_number_is_given_once_and_kept(self) -> None:
        row = fresh(self.notice)
        assert (row.number is None) == (row.issued_at is None)
        assert self.number is None or row.number == self.number
        self.number = row.number

    @invariant()
    def what_is_told_fits_its_state(self) -> None:
        row = fresh(self.notice)
        assert row.replies.filter(verdict="waiting").count() == (1 if row.state == "replied" else 0)
        assert (row.closed_at is not None) == (row.state in ("closed", "cancelled"))
        assert row.state in PENDING or row.told <= Step.LEADER
        assert row.state == "draft" or row.number is not None or not row.steps.exists()

    def _act(self, move: Move, user: User) -> None:
        later = max(fresh(self.notice).due_on, self.at.date()) + timedelta(days=5)
        given: dict[str, Any] = {"by": user, "at": self.at}
        acts: dict[Move, Callable[[], Any]] = {
            Move.ISSUE: lambda: supervision.issue_notice(self.notice, **given),
            Move.DISCARD: lambda: supervision.discard_notice(self.notice, **given),
            Move.SIGN_FOR: lambda: supervision.sign_for(self.notice, **given),
            Move.REPLY: lambda: supervision.reply(self.notice, text="办了", **given),
            Move.ACCEPT: lambda: supervision.accept_reply(self.notice, **given),
            Move.RETURN: lambda: supervision.return_reply(self.notice, why="不全", **given),
            Move.CLOSE: lambda: supervision.close_notice(self.notice, **given),
            Move.EXTEND: lambda: supervision.extend_notice(self.notice, due_on=later, why="请示", **given),
            Move.CANCEL: lambda: supervision.cancel_notice(self.notice, why="重复", **given),
        }
        acts[move]()


class TestNoticeLife(HypothesisCase, NoticeLife.TestCase):  # type: ignore[misc,name-defined]
    settings = settings(
        max_examples=10, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip


# --- two processes

SCENE = """
import sys
import django
django.setup()
from keshu.apps.bureau.models import User
from keshu.apps.plans.models import SupervisionNotice
from keshu.apps.plans.services import supervision
from tests.apps.plans.supervision import AT, write
from tests.factories import make
from tests.tables import make_tables

def begin():
    make_tables()
    site = make.site()
    for _ in range(24):
        write(site)

def issue(part):
    planner = User.objects.get(memberships__role="planner")
    print("ready", flush=True)
    sys.stdin.readline()
    for notice in SupervisionNotice.objects.filter(state="draft").order_by("pk"):
        if notice.pk % 2 == part:
            supervision.issue_notice(notice, by=planner, at=AT)

def show():
    print(sorted(SupervisionNotice.objects.values_list("number", flat=True)))

{"begin": begin, "show": show, "0": lambda: issue(0), "1": lambda: issue(1)}[sys.argv[1]]()
"""


@pytest.mark.once
def test_two_processes_number_without_gaps_or_doubles(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    environment = {
        **os.environ, "KESHU_STORAGE": str(tmp_path), "DJANGO_SETTINGS_MODULE": "keshu.site.settings",
        "PYTHONPATH": f"{root / 'src'}:{root}",
    }  # fmt: skip
    environment.pop("KESHU_DATABASE_URL", None)

    def run(word: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SCENE, word],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return done.stdout

    run("begin")
    two = [
        subprocess.Popen(
            [sys.executable, "-c", SCENE, part],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for part in ("0", "1")
    ]
    for process in two:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in two:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(timeout=300) for process in two] == [0, 0]
    assert run("show").strip() == str(list(range(1, 25)))
