"""Processes killed by SIGKILL in the middle of the year's work: nothing half-saved, nobody told twice, and the next run finishes.

A workbook of check-ins being saved, the escalation of late forms, a sign-off: each is killed after its first statement, half
way, after its last, and before its commit. The processes are forks with connections of their own (``crash_scenes``).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Stage:
    """One process that plays scenes in forks of itself, on the database it is told."""

    def __init__(self, folder: Path, url: str) -> None:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "keshu.site.settings",
            "KESHU_STORAGE": str(folder / "storage"),
            "KESHU_DATABASE_URL": url,
            "KESHU_MAIL_HOST": "mail.example.test",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        self.errors = (folder / "errors.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.apps.plans.crash_scenes"],
            cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
        )  # fmt: skip

    def play(self, scene: str, database: str, *, kill_at: int | str | None = None) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(
            json.dumps({"scene": scene, "database": database, "kill_at": kill_at}), file=self.process.stdin, flush=True
        )
        line = self.process.stdout.readline()
        self.errors.seek(0)
        told = self.errors.read()
        assert line, told
        answer: dict[str, Any] = json.loads(line)
        assert not answer["failed"], told
        return answer

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=120)
        self.errors.close()


class Play:
    """The stage on one database."""

    def __init__(self, stage: Stage, database: str) -> None:
        self.stage, self.database = stage, database

    def __call__(self, scene: str) -> Any:
        answer = self.stage.play(scene, self.database)
        assert answer["signal"] == 0
        return answer["said"]

    def writes(self, scene: str, *, until_commit: bool = False) -> int:
        """How many statements of that scene write, in all or until its first commit; it is played out."""
        told = self.stage.play(scene, self.database)["writes"]
        return int(told[1] if until_commit else told[0])

    def kill_in(self, scene: str, at: int | str) -> None:
        assert self.stage.play(scene, self.database, kill_at=at)["signal"] == signal.SIGKILL


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """``with copies() as play:`` the stage on a fresh copy of the database in which the story has begun."""
    folder = tmp_path_factory.mktemp("crash")
    given = os.environ.get("KESHU_DATABASE_URL", "")
    databases = _postgres(given) if given.startswith("postgres") else _files(folder)
    with databases as (url, base, copied):
        stage = Stage(folder, url)
        stage.play("begin", base)

        @contextmanager
        def copy() -> Iterator[Play]:
            with copied() as name:
                yield Play(stage, name)

        yield copy
        stage.close()


@contextmanager
def _files(folder: Path) -> Iterator[tuple[str, str, Any]]:
    base = folder / "begun.sqlite3"

    @contextmanager
    def copied() -> Iterator[str]:
        shutil.copy(base, folder / "played.sqlite3")
        yield str(folder / "played.sqlite3")
        for path in folder.glob("played.sqlite3*"):
            path.unlink()

    yield f"sqlite:///{base}", str(base), copied


@contextmanager
def _postgres(given: str) -> Iterator[tuple[str, str, Any]]:
    import psycopg

    server = given.rpartition("/")[0]
    base, name = f"keshu_begun_{os.getpid()}", f"keshu_played_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:

        @contextmanager
        def copied() -> Iterator[str]:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{base}"')
            yield name
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

        connection.execute(f'CREATE DATABASE "{base}"')
        yield f"{server}/{base}", base, copied
        connection.execute(f'DROP DATABASE "{base}" WITH (FORCE)')


def points(writes: int) -> list[int | str]:
    """Where to kill: after the first statement, half way, after the last, before the commit."""
    assert writes > 1
    return [*sorted({1, writes // 2, writes}), "commit"]


def test_an_escalation_killed_anywhere_tells_everybody_once(copies: Callable[[], Any]) -> None:
    """Each round is told as a whole or not at all: five notices (clerk, head twice, planning office, leader), one entry."""
    untold, told = [[0], 0, 0, 0], [[4], 5, 5, 1]
    with copies() as play:
        assert play("look_late") == [untold, untold]
        writes = play.writes("escalate")
        assert play("look_late") == [told, told]
    for point in points(writes):
        with copies() as play:
            play.kill_in("escalate", point)
            after = play("look_late")
            # The second round may only come after the first is whole.
            assert after in ([untold, untold], [told, untold]), point
            assert play("escalate") == 2 * (2 - after.count(told))
            assert play("look_late") == [told, told]
            assert play("escalate") == 0
            assert play("look_late") == [told, told]


def test_a_sign_off_killed_anywhere_leaves_the_form_filed(copies: Callable[[], Any]) -> None:
    """Signed with its entry in the trail and its light, or none of them."""
    with copies() as play:
        play("file")
        filed = play("look_signed")
        assert (filed[0], filed[1], filed[3]) == ("filed", False, None)
        writes = play.writes("sign")
        signed = play("look_signed")
        assert (signed[0], signed[1], signed[3]) == ("signed", True, 31)
    with copies() as play:
        play("file")
        for point in points(writes):
            play.kill_in("sign", point)
            assert play("look_signed") == filed, point
        play("sign")
        assert play("look_signed") == signed


def test_an_import_killed_anywhere_is_saved_whole_by_the_next_worker(copies: Callable[[], Any]) -> None:
    """Four forms filed from a workbook: none while the job is broken off, then all, the signer told once of each round."""
    with copies() as play:
        play("bring_in")
        before = play("look_imported")
        assert before[:3] == ["queued", "saving", ["open"] * 4]
        writes = play.writes("work", until_commit=True)
        whole = play("look_imported")
        assert whole[:3] == ["done", "applied", ["filed"] * 4]
        assert all(words.endswith("行的进展") for words in whole[3])
        assert whole[5] == 2
    with copies() as play:
        play("bring_in")
        for point in points(writes):
            play.kill_in("work", point)
            assert play("look_imported") == ["running", *before[1:]], point
            if point != "commit":
                play("queue_again")
        play("work_later")
        assert play("look_imported") == whole
        play("work_later")
        assert play("look_imported") == whole


def test_an_import_killed_after_its_commit_is_not_saved_again(copies: Callable[[], Any]) -> None:
    """The rows are saved, the job has not said so: the next worker finds them and ends the job well."""
    with copies() as play:
        play("bring_in")
        play.kill_in("work", "committed")
        saved = play("look_imported")
        assert (saved[0], saved[1:3]) == ("running", ["applied", ["filed"] * 4])
        play("work_later")
        assert play("look_imported") == ["done", *saved[1:]]
