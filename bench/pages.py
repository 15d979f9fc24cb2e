"""Queries and time of every page, for the demo city: no page may take more than 12 queries or 150 ms.

    .venv/bin/python bench/pages.py [RUNS]

Measured inside one process through Django's test client (middleware, views, database, templates; no network), signed in as the
planner. Prints one line per page: median and largest milliseconds, queries, kilobytes.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
os.environ.setdefault("KESHU_STORAGE", tempfile.mkdtemp(prefix="keshu-bench-"))
os.environ.setdefault("KESHU_ALLOWED_HOSTS", "testserver")

PAGES = (
    "home", "search?q=企业", "plans:plan-list", "plans:plan-detail P", "plans:review D", "plans:document P", "plans:import",
    "plans:target-list", "plans:target-detail T", "plans:target-drawer T", "plans:task-tree", "plans:task-list",
    "plans:task-detail N", "plans:matrix", "plans:office-list", "plans:office-detail O", "bureau:organisation-list",
    "bureau:organisation-detail O", "bureau:person-list", "bureau:alias-list", "bureau:audit-list", "bureau:job-list",
)  # fmt: skip


def main(runs: int = 20) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from keshu.apps.bureau.models import User
    from keshu.site.demo.loading import load

    call_command("migrate", verbosity=0)
    load()
    client = Client()
    client.force_login(User.objects.get(username="planner"), backend="django.contrib.auth.backends.ModelBackend")
    print(f"{connection.vendor}; median of {runs}")
    print(f"{'page':<30}{'median ms':>10}{'max ms':>9}{'queries':>9}{'kB':>7}")
    slow, many = 0.0, 0
    for page, address in addresses():
        status = client.get(address).status_code
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        queries = len(captured)
        times = []
        for _ in range(runs):
            started = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - started) * 1000)
        slow, many = max(slow, statistics.median(times)), max(many, queries)
        size = len(getattr(response, "content", b"")) / 1000
        row = f"{page:<30}{statistics.median(times):>10.1f}{max(times):>9.1f}{queries:>9}{size:>7.0f}"
        print(row if status == 200 else f"{row}  answered {status}")
    print(f"slowest median {slow:.0f} ms, most queries {many}")
    return 0


def addresses() -> list[tuple[str, str]]:
    """Name and address of each page, its letter filled with a row of this year's plan (D: of the draft)."""
    from django.urls import reverse

    from keshu.apps.bureau.models import Organisation
    from keshu.apps.plans.models import PlanNode, PlanState, Target, WorkPlan

    plan = WorkPlan.objects.filter(state=PlanState.PUBLISHED).order_by("-year", "-pk").first()
    rows = {
        "P": plan,
        "D": WorkPlan.objects.filter(state=PlanState.REVIEWING).first(),
        "T": Target.objects.filter(plan=plan).first(),
        "N": PlanNode.objects.filter(plan=plan, kind="action").first(),
        "O": Organisation.objects.get(short_name="高新处"),
    }
    found = []
    for page in PAGES:
        name, _, query = page.partition("?")
        name, _, letter = name.partition(" ")
        found.append((name, reverse(name, args=[rows[letter].pk] if letter else []) + (f"?{query}" if query else "")))
    return found


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
