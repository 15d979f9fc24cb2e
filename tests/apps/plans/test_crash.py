"""A worker killed in the middle of its work: nothing half-saved, the job taken up again, nothing doubled.

The worker is a process of its own on the tests' database, killed with SIGKILL inside the transaction. The in-memory SQLite
of the tests cannot be shared, so there a database file is made for it.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

POINTS = """云澜市2026年科技创新工作要点
一、主要目标
高新技术企业总数达到320家。
二、重点任务
(一)培育科技企业。新增科技型中小企业120家。
"""

# Each scene prints “here” inside its transaction and waits to be killed; the others look and go on.
SCENES = f'''
import os, sys, time
from datetime import timedelta
from unittest.mock import patch
import django
django.setup()
from django.core.files.base import ContentFile
from django.utils import timezone
from keshu.apps.bureau.models import AuditEntry, Job
from keshu.apps.bureau.services import jobs
from keshu.apps.plans.models import OwnerMention, PlanNode, SourceDocument, Target, WorkPlan
from keshu.apps.plans.services import intake, publishing
from tests.factories import AT, make
from tests.tables import make_tables

def wait(*args, **more):
    print("here", flush=True)
    time.sleep(600)

def counts():
    return [model.objects.count() for model in (SourceDocument, WorkPlan, PlanNode, Target, OwnerMention)]

def planner():
    from keshu.apps.bureau.models import User
    return User.objects.get()

def begin():
    make_tables()
    bureau = make.bureau()
    by = make.person("planner", bureau)
    file = ContentFile({POINTS!r}.encode(), name="要点.txt")
    intake.receive_documents([file], organisation=bureau, by=by, at=AT)

def read_and_hang():
    # The rows are written, the transaction is not yet closed.
    with patch.object(intake, "_result", wait):
        jobs.run_worker(once=True)

def publish_and_hang():
    with patch.object(publishing.plan_published, "send", wait):
        publishing.publish_plan(WorkPlan.objects.get(), accept_rest=True, by=planner(), at=AT)

def publish():
    publishing.publish_plan(WorkPlan.objects.get(), accept_rest=True, by=planner(), at=AT)

def work():
    jobs.run_worker(once=True)

def later():
    """A worker that looks when the killed one has been silent for longer than a worker may be."""
    jobs.run_worker(once=True, clock=lambda: timezone.now() + timedelta(minutes=2))

def look():
    job = Job.objects.get()
    plans = list(WorkPlan.objects.values_list("state", flat=True))
    pending = Target.objects.filter(review="pending").count()
    marks = AuditEntry.objects.filter(action="transition").count()
    print(job.state, job.attempts, *plans, *counts(), pending, marks)

globals()[sys.argv[1]]()
'''


class Stage:
    """Runs scenes as processes on one database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.script = folder / "scenes.py"
        self.script.write_text(SCENES, encoding="utf-8")
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "keshu.site.settings",
            "KESHU_STORAGE": str(folder / "storage"),
            "KESHU_DATABASE_URL": url,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }

    def play(self, scene: str) -> list[str]:
        command = [sys.executable, str(self.script), scene]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def kill_in(self, scene: str) -> None:
        """Start a scene and kill it, without a chance to tidy up, where it says that it is in the middle."""
        with subprocess.Popen(
            [sys.executable, str(self.script), scene], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], 240)
            said = process.stdout.readline() if ready else b"nothing"
            process.send_signal(signal.SIGKILL)
            assert said == b"here\n", said + process.stdout.read()
            assert process.wait(timeout=30) == -signal.SIGKILL


@pytest.fixture
def stage(tmp_path: Path, once: Callable[[Path], str]) -> Stage:
    stage = Stage(tmp_path, once(tmp_path))
    stage.play("begin")
    return stage


@pytest.fixture
def once() -> Iterator[Callable[[Path], str]]:
    """The address of an empty database for one test: a file, or a database beside the others on PostgreSQL."""
    given = os.environ.get("KESHU_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield lambda folder: f"sqlite:///{folder / 'crash.sqlite3'}"
        return
    import psycopg

    name = f"keshu_crash_{os.getpid()}"
    base = given.rpartition("/")[0]
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield lambda folder: f"{base}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_worker_killed_while_reading_leaves_nothing_and_the_next_one_finishes(stage: Stage) -> None:
    stage.kill_in("read_and_hang")
    # The job still counts as running; of the document there is nothing.
    assert stage.play("look") == ["running", "1", "0", "0", "0", "0", "0", "0", "0"]
    stage.play("later")
    once = ["done", "2", "reviewing", "1", "1", "3", "2", "0", "2", "0"]
    assert stage.play("look") == once
    stage.play("later")
    assert stage.play("look") == once


def test_a_process_killed_while_publishing_leaves_the_draft_as_it_was(stage: Stage) -> None:
    stage.play("work")
    draft = stage.play("look")
    assert draft[2] == "reviewing"
    stage.kill_in("publish_and_hang")
    assert stage.play("look") == draft
    stage.play("publish")
    state, attempts, *rest = stage.play("look")
    assert (state, attempts, rest) == ("done", "1", ["published", *draft[3:8], "0", "1"])
