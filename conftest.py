"""With KESHU_FORBID_SKIPS=1 a skipped test fails the run: the checking machine must be able to run everything."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# The same examples in every run, so that a red run means the change; KESHU_EXPLORE=1 looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("KESHU_EXPLORE") == "1" else "steady")

# As the site looks for garbage (keshu.site.memory): with so much loaded, Python's own looks take a seventh of the time.
gc.set_threshold(50_000, 20, 50)

_skipped: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs PostgreSQL is collected when the tests run on it, what is to be tried once when they do not."""
    on_postgres = os.environ.get("KESHU_DATABASE_URL", "").startswith("postgres")
    elsewhere = "once" if on_postgres else "postgres"
    here = [item for item in items if item.get_closest_marker(elsewhere) is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in here])
    # The longest come first, so that no worker is left alone with one of them at the end.
    items[:] = sorted(here, key=lambda item: item.get_closest_marker("browser") is None)
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped and os.environ.get("KESHU_FORBID_SKIPS") == "1" and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
