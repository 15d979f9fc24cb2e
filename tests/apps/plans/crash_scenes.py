"""What a process does that is killed in the middle, for ``test_crash`` and ``test_crash_year``.

Run as ``python -m tests.apps.plans.crash_scenes``.

One process sets Django up and reads commands, ``{"scene": "sign", "database": …, "kill_at": 3}``; each is played by a fork of it
with a connection of its own, which SIGKILL ends right after the third statement that writes, counted from the first that writes
check-ins, and right before it would commit them where ``kill_at`` is "commit". The answer says whether it was killed and what it
returned.
"""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.db import connections  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from tests.apps.bureau.workbooks import HEAD, columns, to_fill  # noqa: E402
from tests.apps.plans.factories import make_plan  # noqa: E402
from tests.factories import AT, make  # noqa: E402
from tests.tables import make_tables  # noqa: E402

from keshu.apps.bureau.models import AuditEntry, ImportRun, Job, Notice, NoticeMail, User  # noqa: E402
from keshu.apps.bureau.services import jobs  # noqa: E402
from keshu.apps.bureau.services.exchange import running  # noqa: E402
from keshu.apps.plans.models import (  # noqa: E402
    CheckIn,
    CheckInRound,
    OwnerMention,
    PlanNode,
    SourceDocument,
    Standing,
    Target,
    WorkPlan,
)
from keshu.apps.plans.services import checkins, intake, publishing  # noqa: E402

# March is due on Friday 3 April; ten days later every step of its escalation is due.
OPENED, SIGNED, LATE = (datetime(2026, *day, 1, tzinfo=UTC) for day in ((3, 27), (4, 1), (4, 13)))
POINTS = """云澜市2026年科技创新工作要点
一、主要目标
高新技术企业总数达到320家。
二、重点任务
(一)培育科技企业。新增科技型中小企业120家。
"""
WRITES = ("INSERT", "UPDATE", "DELETE")


def person(role: str) -> User:
    return User.objects.get(memberships__role=role, memberships__organisation__short_name__in=["高新处", "规划处"])


# --- scenes


def begin() -> None:
    """Two plans with a round of March each, of which 高新处 fills two forms."""
    make_tables()
    site = make.site()
    planner = site.people["planner"]
    User.objects.update(email="somebody@example.test")
    for year_kind in ("", "二"):
        plan = make_plan.published(organisation=site.bureau if not year_kind else site.gaoxin, by=planner)
        checkins.start_rhythm(
            plan, cadence="monthly", rule="workday_after", number=3, open_workdays=5, from_period="2026-03",
            asks_supports=False, by=planner, at=OPENED,
        )  # fmt: skip
    checkins.open_due_rounds(at=OPENED)


def escalate() -> int:
    return checkins.escalate(at=LATE)


def look_late() -> list[list[Any]]:
    """Of each round: how far its forms were told, how many notices and mails of that, how many entries in the trail."""
    told = Notice.objects.filter(kind="plans.checkin_late")
    return [
        [
            sorted(set(row.checkins.values_list("told", flat=True))),
            told.filter(subject_id=row.pk).count(),
            NoticeMail.objects.filter(notices__in=told.filter(subject_id=row.pk)).count(),
            AuditEntry.objects.filter(
                subject_type="plans.checkinround", subject_id=str(row.pk), why="逾期提醒"
            ).count(),
        ]
        for row in CheckInRound.objects.order_by("pk")
    ]


def _form() -> CheckIn:
    return CheckIn.objects.filter(target__isnull=False).order_by("pk").first()  # type: ignore[return-value]


def file() -> None:
    said = {"progress": "已入库31家", "percent": None, "value": Decimal(31), "problems": "", "help_needed": ""}
    checkins.file_check_in(_form(), version=None, **said, by=person("clerk"), at=OPENED)


def sign() -> None:
    checkins.sign_check_in(_form(), by=person("office_head"), at=SIGNED)


def look_signed() -> list[Any]:
    """The form's state and signer, its entries in the trail, and what the light knows of its figure."""
    row = _form()
    known = Standing.objects.filter(target=row.target_id).values_list("value", flat=True).first()
    entries = AuditEntry.objects.filter(subject_type="plans.checkin", subject_id=str(row.pk)).count()
    return [row.state, row.signed_by_id is not None, entries, None if known is None else int(known)]


def bring_in() -> None:
    """The clerk's workbook, filled in and tried out; its saving waits in the queue."""
    clerk = person("clerk")
    book = load_workbook(io.BytesIO(to_fill("plans.checkins", clerk)))
    page = book.worksheets[0]
    places = columns(page)
    for number in range(HEAD + 1, HEAD + 1 + CheckIn.objects.filter(organisation__short_name="高新处").count()):
        page.cell(number, places["进展情况"]).value = f"第{number}行的进展"
        page.cell(number, places["操作"]).value = "报送"
    out = io.BytesIO()
    book.save(out)
    file = ContentFile(out.getvalue(), name="填报.xlsx")
    run = running.receive_workbook(file, key="plans.checkins", params={}, by=clerk, at=OPENED)
    jobs.run_pending()
    run.refresh_from_db()
    assert not run.figures.get("faulty"), run.figures
    running.confirm_run(run, why="", by=clerk, at=OPENED)


def work() -> None:
    jobs.run_pending()


def work_later() -> None:
    """A worker that looks when the killed one has been silent for longer than a worker may be."""
    jobs.recover_stale_jobs(at=Job.objects.latest("pk").heartbeat_at + timedelta(minutes=2))
    jobs.run_pending()


def queue_again() -> None:
    """For the next kill: the killed job is queued as if it had not been tried."""
    Job.objects.filter(state="running").update(attempts=0)
    jobs.recover_stale_jobs(at=Job.objects.latest("pk").heartbeat_at + timedelta(minutes=2))


def look_imported() -> list[Any]:
    """The job, the run, the forms' states and words, the entries in the trail and the notices to the signer."""
    rows = CheckIn.objects.filter(organisation__short_name="高新处").order_by("pk")
    keys = [str(row.pk) for row in rows]
    entries = AuditEntry.objects.filter(subject_type="plans.checkin", subject_id__in=keys).count()
    return [
        Job.objects.latest("pk").state,
        ImportRun.objects.get().state,
        [row.state for row in rows],
        [row.progress for row in rows],
        entries,
        Notice.objects.filter(kind="plans.checkin_waiting").count(),
    ]


# --- a document read and published


def receive() -> None:
    """A document that waits to be read."""
    make_tables()
    bureau = make.bureau()
    by = make.person("planner", bureau)
    file = ContentFile(POINTS.encode(), name="要点.txt")
    intake.receive_documents([file], organisation=bureau, by=by, at=AT)


def read() -> None:
    jobs.run_worker(once=True)


def read_and_die() -> None:
    """The rows are written, the transaction is not yet closed."""
    with patch.object(intake, "_result", die):
        read()


def read_later() -> None:
    """A worker that looks when the killed one has been silent for longer than a worker may be."""
    jobs.run_worker(once=True, clock=lambda: timezone.now() + timedelta(minutes=2))


def publish() -> None:
    publishing.publish_plan(WorkPlan.objects.get(), accept_rest=True, by=User.objects.get(), at=AT)


def publish_and_die() -> None:
    with patch.object(publishing.plan_published, "send", die):
        publish()


def look_read() -> list[str]:
    """The job, the states of the plans, how many rows of each kind, targets not yet looked at, transitions in the trail."""
    job = Job.objects.get()
    counts = [model.objects.count() for model in (SourceDocument, WorkPlan, PlanNode, Target, OwnerMention)]
    pending = Target.objects.filter(review="pending").count()
    marks = AuditEntry.objects.filter(action="transition").count()
    states = WorkPlan.objects.values_list("state", flat=True)
    return [str(each) for each in (job.state, job.attempts, *states, *counts, pending, marks)]


SCENES: dict[str, Callable[[], Any]] = {
    each.__name__: each
    for each in (
        begin, escalate, look_late, file, sign, look_signed, bring_in, work, work_later, queue_again, look_imported,
        receive, read, read_and_die, read_later, publish, publish_and_die, look_read,
    )
}  # fmt: skip


# --- the killing


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def killed_at(point: int | str | None) -> Iterator[list[int]]:
    """Count the statements that write, and how many there were at each commit; end the process where it was asked to end."""
    count, connection = [0], connections["default"]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES) and (count[0] or CheckIn._meta.db_table in sql):
            count[0] += 1
            if count[0] == point:
                die()
        return result

    def commit(self: Any) -> None:
        if point == "commit" and count[0]:
            die()
        if count[0]:
            count.append(count[0])
        kept(self)
        if point == "committed" and count[0]:
            die()

    kept = type(connection)._commit
    with connection.execute_wrapper(watch), patch.object(type(connection), "_commit", commit):
        yield count


def play(command: dict[str, Any]) -> dict[str, Any]:
    """Play a scene in a fork and wait for its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            connections["default"].settings_dict["NAME"] = command["database"]
            with killed_at(command.get("kill_at")) as count:
                said = SCENES[command["scene"]]()
            connections.close_all()
            with os.fdopen(writing, "w") as pipe:
                json.dump({"said": said, "writes": count}, pipe, ensure_ascii=False, default=str)
            code = 0
        finally:
            if code:
                import traceback

                traceback.print_exc()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    answer = json.loads(told) if told else {"said": None, "writes": [0]}
    return {**answer, "signal": ended, "failed": os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0}


def main() -> None:
    reverse("home")  # loads all addresses here, so that no fork has to
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(play(json.loads(line)), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
