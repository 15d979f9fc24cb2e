"""`keshu serve` leaves no process behind, however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.made_once import blank_tables

from keshu.cli.serving import GRACE

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds beyond what is allowed, for a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes() -> dict[int, int]:
    """Every living process and its parent."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                found[int(folder.name)] = int(parent)
    return found


def family(pid: int) -> set[int]:
    parents, found = processes(), {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def started(tmp_path: Path) -> tuple[subprocess.Popen[bytes], set[int]]:
    """A site that answers, leading a group of its own as `make run` does on a terminal, and all its processes."""
    port = free_port()
    site = subprocess.Popen(
        [sys.executable, "-m", "keshu.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "KESHU_STORAGE": str(tmp_path / "storage"), "PYTHONPATH": str(ROOT / "src")},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    last = time.monotonic() + 180
    while time.monotonic() < last:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=10) as answer:
                assert answer.status == 200
                return site, family(site.pid)
        except OSError:
            assert site.poll() is None, "the site ended by itself"
            time.sleep(0.2)
    raise AssertionError("the site did not answer")


def gone(pids: set[int]) -> bool:
    last = time.monotonic() + 2 * GRACE + PATIENCE
    while time.monotonic() < last:
        if not pids & set(processes()):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("ending", ["ctrl-c", "terminated", "killed"])
def test_no_child_outlives_the_site(ending: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    if ending != "ctrl-c":  # that one also makes its tables
        (tmp_path / "storage").mkdir(exist_ok=True)
        shutil.copyfile(blank_tables(tmp_path_factory), tmp_path / "storage" / "keshu.sqlite3")
    site, pids = started(tmp_path)
    assert len(pids) >= 4  # this one, the pages and their processes, the worker
    if ending == "ctrl-c":
        os.killpg(site.pid, signal.SIGINT)
    else:
        os.kill(site.pid, signal.SIGTERM if ending == "terminated" else signal.SIGKILL)
    code = site.wait(timeout=2 * GRACE + PATIENCE)
    try:
        assert gone(pids)
    finally:
        for pid in pids & set(processes()):
            os.kill(pid, signal.SIGKILL)
    assert code == (-signal.SIGKILL if ending == "killed" else 0)


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = subprocess.run(
            [sys.executable, "-m", "keshu.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "KESHU_STORAGE": str(tmp_path), "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert told.returncode == 1
    assert "端口已被占用" in told.stderr
