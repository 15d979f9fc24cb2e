"""Queries and time of every page, for the demo city: no page may take more than 12 queries or 150 ms.

    .venv/bin/python bench/pages.py [RUNS]

Measured inside one process through Django's test client (template, database and middleware; no network), signed in as the
planner. Prints one line per page: median and largest milliseconds, queries, bytes.
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


def main(runs: int = 20) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from keshu.site import demo

    call_command("migrate", verbosity=0)
    demo.load()
    client = Client()
    client.force_login(demo.person("planner"))
    worst = 0.0
    print(f"{connection.vendor}; median of {runs}")
    print(f"{'page':<44}{'median ms':>10}{'max ms':>9}{'queries':>9}{'kB':>7}")
    for address in demo.addresses():
        client.get(address)
        times = []
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        for _ in range(runs):
            started = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - started) * 1000)
        median = statistics.median(times)
        worst = max(worst, median)
        size = len(getattr(response, "content", b"")) / 1000
        print(f"{address:<44}{median:>10.1f}{max(times):>9.1f}{len(captured):>9}{size:>7.0f}  {response.status_code}")
    print(f"slowest median {worst:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
