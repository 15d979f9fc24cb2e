"""What takes long to make and is only read: made once for all workers of a run, and for the runs on both databases."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(name: str, make: Callable[[Path], None], *, base: pytest.TempPathFactory) -> Path:
    """A folder that `make` has filled; whoever comes first makes it, the others wait for it."""
    root = _shared(base)
    place = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = root / f"{name}.part"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(place)
    return place


def _shared(base: pytest.TempPathFactory) -> Path:
    """One folder for all workers, in the test command's own one where that runs the tests."""
    given = os.environ.get("KESHU_TEST_MADE")
    own = base.getbasetemp()
    folder = Path(given) if given else (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "made"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def blank_tables(base: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables that the migrations make, and nothing in them: what takes longest in setting up a site."""
    return made_once("blank", _migrate, base=base) / "keshu.sqlite3"


def _migrate(folder: Path) -> None:
    given = {"KESHU_STORAGE": str(folder), "KESHU_DATABASE_URL": f"sqlite:///{folder / 'keshu.sqlite3'}"}
    environment = {**os.environ, **given, "DJANGO_SETTINGS_MODULE": "keshu.site.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
