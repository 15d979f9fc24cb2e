"""Queries and time of every page: no page may take more than 12 queries or 150 ms.

    .venv/bin/python bench/pages.py [--big] [--runs N] [--write]

Measured inside one process through Django's test client (middleware, views, database, templates; no network), signed in as the
planner: for the demo city, or with ``--big`` for a city larger than any real one (`big_plan`). Prints one line per page: median
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


def main(*, runs: int, is_big: bool, is_to_write: bool) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from keshu.apps.bureau.models import User

    _set_up(is_big=is_big)

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    client = signed_in("planner")
    if is_big:
        session = client.session
        session["year"] = _big_plans()[0].year
        session.save()
    print(f"{connection.vendor}; median of {runs}")
    print(f"{'page':<50}{'median ms':>10}{'max ms':>9}{'CPU ms':>9}{'queries':>9}{'kB':>7}")
    slow, many, lines = 0.0, 0, []
    rows = _big_rows() if is_big else _rows()
    asked = [(client, *each) for each in addresses(BIG_PAGES if is_big else PAGES, rows)]
    if not is_big:
        operator = signed_in("operator")
        asked += [(operator, f"{page} (operator)", address) for page, address in addresses(OPERATOR_PAGES, rows)]
    for client, page, address in asked:
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
        slow, many = max(slow, statistics.median(times)), max(many, queries)
        size = len(getattr(response, "content", b"")) / 1000
        figures = f"{statistics.median(times):>10.1f}{max(times):>9.1f}{statistics.median(spent):>9.1f}"
        row = f"{page:<50}{figures}{queries:>9}{size:>7.0f}"
        # Other work on the machine counts less in the time of the processor.
        lines.append(f"| `{page}` | {statistics.median(spent):.0f} | {queries} |")
        print(row if status == 200 else f"{row}  answered {status}")
    print(f"slowest median {slow:.0f} ms, most queries {many}")
    if is_to_write:
        _write(lines, is_big=is_big)
    return 0


def _write(lines: list[str], *, is_big: bool) -> None:
    """Put the table in the place of the one there is: the first of the page, or the last."""
    text = PAGE.read_text(encoding="utf-8")
    table = list(TABLE.finditer(text))[-1 if is_big else 0]
    table_text = "\n".join(lines)
    PAGE.write_text(f"{text[: table.start(1)]}{table_text}\n{text[table.end(1) :]}", encoding="utf-8")


def _set_up(*, is_big: bool) -> None:
    """The demo city, and the big plans beside it, unless the storage folder has them."""
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from big_plan import build
    from keshu.site.demo.loading import load

    call_command("migrate", verbosity=0)
    load()
    _set_up_import()
    if is_big and not _big_plans():
        with transaction.atomic():
            build(on=timezone.localdate(), at=timezone.now())


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
    parser.add_argument("--big", action="store_true")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    sys.exit(main(runs=given.runs, is_big=given.big, is_to_write=given.write))
