"""Queries and time of every page: no page may take more than 12 queries or 150 ms.

    .venv/bin/python bench/pages.py [--big | --year] [--runs N] [--write] [--only WORD]

Measured inside one process through Django's test client (middleware, views, database, templates; no network), signed in as the
planner: for the demo city, with ``--big`` for a city larger than any real one (`big_plan`), or with ``--year`` for that city's
year (`big_year`), each page signed in as the person who opens it. Prints one line per page: median
and largest milliseconds, processor time, queries, kilobytes. With KESHU_STORAGE set, a city built there before is used again.
``--write`` puts median and queries into docs/methods/pages.md.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
os.environ.setdefault("KESHU_STORAGE", tempfile.mkdtemp(prefix="keshu-bench-"))
os.environ.setdefault("KESHU_ALLOWED_HOSTS", "testserver")

PAGE = Path(__file__).parents[1] / "docs" / "methods" / "pages.md"
TABLE = re.compile(r"\| page \| ms \| queries \|\n\| --- \| --- \| --- \|\n((?:\| .*\n)+)")
PAGES = (
    "home", "search?q=企业", "plans:plan-list", "plans:plan-detail P", "plans:review D", "plans:document P", "plans:import",
    "plans:target-list", "plans:target-detail T", "plans:target-drawer T", "plans:task-tree", "plans:task-list",
    "plans:task-detail N", "plans:matrix", "plans:office-list", "plans:office-detail O", "bureau:organisation-list",
    "bureau:organisation-detail O", "bureau:person-list", "bureau:alias-list", "bureau:audit-list", "bureau:job-list",
    "plans:comparison-targets", "plans:comparison-tasks", "plans:comparison-results", "plans:row-history target-T",
    "bureau:history bureau.organisation O", "bureau:audit-detail A", "bureau:organisation-reorganise O",
    "bureau:organisation-edit O", "bureau:person-detail U", "bureau:person-create", "bureau:delegation-list",
    "bureau:delegation-create", "bureau:notice-list", "bureau:notice-latest", "bureau:notice-settings", "bureau:account",
    "bureau:session-list", "bureau:second-factor", "bureau:exchange-import bureau.people", "bureau:import-detail I",
    "bureau:import-row R", "bureau:job-detail J",
)  # fmt: skip
FRAGMENTS = ("bureau:notice-latest",)
# What only the operator and auditors open; asked for as the operator.
OPERATOR_PAGES = ("bureau:trail-check", "bureau:anchor-detail C", "bureau:notice-mail-list", "bureau:audit-list")
# Of the plan of 300 tasks and 59 offices (P), its target T and task N, an office O; and of the plan of 10,000 targets (Q).
BIG_PAGES = (
    "home", "search?q=企业", "plans:plan-detail P", "plans:document P", "plans:source target-T", "plans:target-list?plan=P",
    "plans:target-detail T", "plans:target-drawer T", "plans:task-tree?plan=P", "plans:task-tree?plan=P&q=13",
    "plans:task-tree?plan=P&due=overdue", "plans:task-list?plan=P", "plans:task-list?plan=P&sort=-support_names&size=100",
    "plans:task-detail N", "plans:task-drawer N", "plans:matrix?plan=P", "plans:matrix?plan=P&q=13",
    "plans:matrix?plan=P&group=office", "plans:office-list?plan=P", "plans:office-detail O?plan=P",
    "plans:plan-detail Q", "plans:document Q", "plans:task-tree?plan=Q", "plans:matrix?plan=Q", "plans:office-list?plan=Q",
    "plans:office-detail O?plan=Q", "plans:target-list?plan=Q", "plans:target-list?plan=Q&size=100",
    *(f"plans:target-list?plan=Q&sort={key}" for key in (
        "indicator", "-value", "period", "-due_on", "lead_names", "-lead_names", "-support_names", "node", "review",
        "-stretch_value", "tier",
    )),
    "plans:target-list?plan=Q&q=企业&sort=-value", "plans:target-list?plan=Q&lead=O", "plans:target-list?plan=Q&ownerless=1",
)  # fmt: skip


# Of a year of 300 tasks by 60 offices by 12 rounds (P) and of one of 5,100 targets (Q), by who opens the page: the round that
# runs (C) and one that is over (E), a target T and task N of P, an office O, a clerk's form F, a filed form G, a notice S, an
# issue I, a meeting M.
YEAR_PAGES = {
    "planner": (
        "home", "briefings:cockpit?plan=P", "briefings:cockpit-refresh?plan=P", "briefings:cockpit?plan=Q",
        "plans:round-list?plan=P", "plans:round-detail C", "plans:round-detail C?tab=forms", "plans:round-detail E",
        "plans:round-detail E?tab=forms", "plans:round-current P", "plans:rhythm P", "plans:target-detail T",
        "plans:target-detail T?tab=checkins", "plans:target-outlook T", "plans:task-detail N",
        "plans:task-detail N?tab=checkins", "plans:checkin-detail G", "plans:plan-detail P", "plans:matrix?plan=P",
        "plans:office-list?plan=P", "plans:office-detail O?plan=P", "plans:target-list?plan=P", "plans:target-list?plan=Q",
        "plans:target-list?plan=Q&sort=light", "plans:task-tree?plan=P", "plans:task-list?plan=P", "plans:supervision-list",
        "plans:supervision-detail S", "plans:supervision-create", "plans:supervision-summary", "plans:issue-list",
        "plans:issue-offers", "plans:issue-list?list=fulfilment", "plans:issue-detail I",
        "plans:meeting-list", "plans:meeting-detail M",
        "plans:meeting-create", "bureau:calendar", "bureau:feed",
    ),
    "leader": ("home", "briefings:cockpit?plan=P", "plans:checkin-sign-list?all=1", "plans:round-detail C"),
    "head": ("home", "plans:checkin-sign-list", "plans:checkin-own", "plans:round-detail C", "plans:issue-list"),
    "clerk": (
        "home", "plans:checkin-own", "plans:checkin-own?show=signed", "plans:checkin-own?page=3", "plans:checkin-detail F",
        "plans:checkin-drawer F", "plans:checkin-waiting", "plans:round-list?plan=P", "plans:round-detail C?tab=forms",
        "plans:target-detail T?tab=checkins", "plans:office-detail O?plan=P",
    ),
}  # fmt: skip
SCALES = ("demo", "big", "year")
HEAD = f"{'page':<56}{'median ms':>10}{'max ms':>9}{'CPU ms':>9}{'queries':>9}{'kB':>7}"


def main(*, runs: int, scale: str, is_to_write: bool, only: str) -> int:
    import django

    django.setup()
    from django.db import connection

    _set_up(scale=scale)
    print(f"{connection.vendor}; median of {runs}")
    print(HEAD)
    measured = [_measure(client, page, address, runs=runs) for client, page, address in _asked(scale) if only in page]
    slow, many = max(each.wall for each in measured), max(each.queries for each in measured)
    print(f"slowest median {slow:.0f} ms, most queries {many}")
    if is_to_write:
        # Other work on the machine counts less in the time of the processor.
        _write([f"| `{each.page}` | {each.spent:.0f} | {each.queries} |" for each in measured], scale=scale)
    return 0


@dataclass(frozen=True)
class Measured:
    page: str
    wall: float
    spent: float
    queries: int


def _asked(scale: str) -> list[tuple[Any, str, str]]:
    """A client signed in as somebody, the page's name, its address."""
    from django.test import Client

    from keshu.apps.bureau.models import User

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    if scale == "year":
        rows = _year_rows()
        return [
            (client, f"{page} ({who})", address)
            for who, pages in YEAR_PAGES.items()
            for client in (signed_in(who),)
            for page, address in addresses(pages, rows)
        ]
    client = signed_in("planner")
    if scale == "big":
        session = client.session
        session["year"] = _big_plans()[0].year
        session.save()
        return [(client, *each) for each in addresses(BIG_PAGES, _big_rows())]
    rows, operator = _rows(), signed_in("operator")
    return [(client, *each) for each in addresses(PAGES, rows)] + [
        (operator, f"{page} (operator)", address) for page, address in addresses(OPERATOR_PAGES, rows)
    ]


def _measure(client: Any, page: str, address: str, *, runs: int) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    headers = {"HX-Request": "true"} if page in FRAGMENTS else {}
    status = client.get(address, headers=headers).status_code
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, headers=headers)
    queries = sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in captured)
    times, spent = [], []
    for _ in range(runs):
        started, used = time.perf_counter(), time.process_time()
        client.get(address, headers=headers)
        times.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - used) * 1000)
    size = len(getattr(response, "content", b"")) / 1000
    found = Measured(page, statistics.median(times), statistics.median(spent), queries)
    row = f"{page:<56}{found.wall:>10.1f}{max(times):>9.1f}{found.spent:>9.1f}{queries:>9}{size:>7.0f}"
    print(row if status == 200 else f"{row}  answered {status}", flush=True)
    return found


def _write(lines: list[str], *, scale: str) -> None:
    """Put the table in the place of the one there is: one for each scale, in their order."""
    text = PAGE.read_text(encoding="utf-8")
    table = list(TABLE.finditer(text))[SCALES.index(scale)]
    table_text = "\n".join(lines)
    PAGE.write_text(f"{text[: table.start(1)]}{table_text}\n{text[table.end(1) :]}", encoding="utf-8")


def _set_up(*, scale: str) -> None:
    """The demo city, and the big plans beside it, unless the storage folder has them."""
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from big_plan import build
    from big_year import year_plans
    from keshu.site.demo.loading import load

    call_command("migrate", verbosity=0)
    load()
    _set_up_import()
    if scale != "demo" and not _big_plans():
        with transaction.atomic():
            build(on=timezone.localdate(), at=timezone.now())
    if scale == "year" and not year_plans():
        _set_up_year()


def _set_up_year() -> None:
    """The two plans of a year; says how long a round took to open and a plan to judge, on the wall and in the processor."""
    from django.db import transaction
    from django.utils import timezone

    from big_year import build_year, run_year
    from keshu.apps.bureau.services import jobs
    from keshu.apps.plans.models import CheckIn, CheckInRound, Standing
    from keshu.apps.plans.services import checkins, standings

    def timed(what: str, act: Callable[[], object]) -> None:
        started, used = time.perf_counter(), time.process_time()
        act()
        print(
            f"{what}: {time.perf_counter() - started:.1f} s, processor {time.process_time() - used:.1f} s", flush=True
        )

    plans = build_year(on=timezone.localdate(), at=timezone.now())
    first_days = timezone.make_aware(datetime(plans[0].year or 0, 1, 28, 9))
    timed("opening the first round of each plan", lambda: checkins.open_due_rounds(at=first_days))
    for plan in plans:
        first = CheckInRound.objects.get(plan=plan)
        print(f"{plan.title}: {CheckIn.objects.filter(round=first).count()} forms a round")
        with transaction.atomic():
            run_year(plan, first, at=timezone.now())
        timed(f"judging {plan.title}", lambda pk=plan.pk: standings.judge_plan(pk, at=timezone.now()))
        timed("judging it again", lambda pk=plan.pk: standings.judge_plan(pk, at=timezone.now()))
        print(f"{Standing.objects.filter(plan=plan).count()} standings")
    jobs.run_pending()


def _set_up_import() -> None:
    """A workbook of the staff brought back with every telephone number changed, waiting to be confirmed; and an anchor."""
    import io

    from django.core.files.base import ContentFile
    from django.utils import timezone
    from openpyxl import load_workbook

    from keshu.apps.bureau.models import ImportRun, User
    from keshu.apps.bureau.services import anchors, jobs
    from keshu.apps.bureau.services.exchange import filling, running

    if ImportRun.objects.exists():
        return
    planner, at = User.objects.get(username="planner"), timezone.now()
    book = load_workbook(
        io.BytesIO(filling.workbook_to_fill("bureau.people", {}, is_template=False, by=planner, at=at)[1])
    )
    page: Any = book.worksheets[0]
    column = next(cell.column for cell in page[3] if cell.value == "联系电话")
    for row in range(4, page.max_row + 1):
        page.cell(row, column).value = f"0511-8888{row:04}"
    out = io.BytesIO()
    book.save(out)
    file = ContentFile(out.getvalue(), name="人员.xlsx")
    running.receive_workbook(file, key="bureau.people", params={}, by=planner, at=at)
    jobs.run_pending()
    anchors.keep_anchor(by=User.objects.get(username="operator"), at=at, on=timezone.localdate())


def _big_plans() -> list[Any]:
    """The plan of many offices, then that of many targets."""
    from keshu.apps.plans.models import WorkPlan

    return list(WorkPlan.objects.filter(source__engine_version="bench").order_by("pk"))


def _rows() -> dict[str, object]:
    """What the letters of `PAGES` stand for: rows of this year's plan (D: a draft)."""
    from keshu.apps.bureau.models import AuditEntry, ImportRow, Job, Organisation, TrailAnchor, User
    from keshu.apps.plans.models import PlanNode, PlanState, Target, WorkPlan

    plan = WorkPlan.objects.filter(state=PlanState.PUBLISHED).order_by("-year", "-pk")[0]
    return {
        "P": plan.pk,
        "D": WorkPlan.objects.filter(state=PlanState.REVIEWING)[0].pk,
        "T": Target.objects.filter(plan=plan)[0].pk,
        "N": PlanNode.objects.filter(plan=plan, kind="action")[0].pk,
        "O": Organisation.objects.get(short_name="高新处").pk,
        "A": AuditEntry.objects.filter(subject_type="plans.workplan").order_by("-pk")[0].pk,
        "U": User.objects.get(username="planner").pk,
        "I": ImportRow.objects.order_by("pk")[0].run_id,
        "R": ImportRow.objects.order_by("pk")[0].pk,
        "J": Job.objects.order_by("-pk")[0].pk,
        "C": TrailAnchor.objects.order_by("-pk")[0].pk,
    }


def _big_rows() -> dict[str, object]:
    from keshu.apps.bureau.models import Organisation

    plan, many_targets = _big_plans()
    # Rows late in the document: what comes before must not be paid for.
    target = plan.targets.order_by("-position")[0]
    return {
        "P": plan.pk,
        "Q": many_targets.pk,
        "T": target.pk,
        "N": target.node_id,
        "O": Organisation.objects.get(short_name="综7处").pk,
    }


def _year_rows() -> dict[str, object]:
    from big_year import year_plans
    from keshu.apps.bureau.models import Organisation
    from keshu.apps.plans.models import CheckIn, Issue, Meeting, PlanNode, SupervisionNotice

    plan, many_targets = year_plans()
    running, over = plan.rounds.get(key__endswith="-11"), plan.rounds.get(key__endswith="-09")
    forms = CheckIn.objects.filter(round=running, organisation__short_name="高新处").order_by("pk")
    return {
        "P": plan.pk,
        "Q": many_targets.pk,
        "C": running.pk,
        "E": over.pk,
        "T": plan.targets.order_by("-position")[0].pk,
        "N": PlanNode.objects.filter(plan=plan, kind="action").order_by("-position")[0].pk,
        "O": Organisation.objects.get(short_name="高新处").pk,
        "F": forms.filter(state="open")[0].pk,
        "G": forms.filter(state="filed")[0].pk,
        "S": SupervisionNotice.objects.filter(plan=plan)[0].pk,
        "I": Issue.objects.filter(plan=plan)[0].pk,
        "M": Meeting.objects.filter(plan=plan)[0].pk,
    }


def addresses(pages: tuple[str, ...], rows: dict[str, object]) -> list[tuple[str, str]]:
    """Name and address of each page, its letters filled with rows."""
    from urllib.parse import parse_qsl, urlencode

    from django.urls import reverse

    found = []
    for page in pages:
        path, _, query = page.partition("?")
        name, *words = path.split(" ")
        given = [f"target-{rows['T']}" if word == "target-T" else rows.get(word, word) for word in words]
        asked = urlencode([(key, str(rows.get(value, value))) for key, value in parse_qsl(query)])
        found.append((page, reverse(name, args=given) + (f"?{asked}" if asked else "")))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    scales = parser.add_mutually_exclusive_group()
    scales.add_argument("--big", dest="scale", action="store_const", const="big", default="demo")
    scales.add_argument("--year", dest="scale", action="store_const", const="year")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    given = parser.parse_args()
    sys.exit(main(runs=given.runs, scale=given.scale, is_to_write=given.write, only=given.only))
