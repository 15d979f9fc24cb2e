"""The stage on which ``crash_scenes`` are played: one process, and copies of the database in which a story has begun."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

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

    def kill_in(self, scene: str, at: int | str | None = None) -> None:
        assert self.stage.play(scene, self.database, kill_at=at)["signal"] == signal.SIGKILL


@contextmanager
def copies_of(begin: str, *, folder: Path) -> Iterator[Callable[[], AbstractContextManager[Play]]]:
    """``with copies() as play:`` the stage on a fresh copy of the database in which that scene was played."""
    given = os.environ.get("KESHU_DATABASE_URL", "")
    databases = _postgres(given) if given.startswith("postgres") else _files(folder)
    with databases as (url, base, copied):
        stage = Stage(folder, url)
        stage.play(begin, base)

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
