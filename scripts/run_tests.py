"""Everything this machine can run: format, lint, types, import contracts, migrations, tests on SQLite and on PostgreSQL.

A PostgreSQL server is started in a temporary folder when its programs are installed. What cannot run here is named at the end
with the reason; with KESHU_FORBID_SKIPS=1 that is a failure.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
FORBID_SKIPS = os.environ.get("KESHU_FORBID_SKIPS") == "1"
LINT = [
    ("format", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("imports", ["lint-imports", "--no-logo"]),
    ("types", ["mypy"]),
    ("migrations", ["python", "-m", "django", "makemigrations", "--check", "--dry-run"]),
]
# What touches the database; the engines have nothing to do with it.
DATABASE_TESTS = ["tests/apps", "tests/house", "tests/site", "tests/journeys"]
# Bytes that memory must have to spare before temporary files go there.
MEMORY = 4 * 1024**3
# Of a server whose data nobody needs after a crash.
CARELESS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": 0,
    "shared_buffers": "256MB", "max_wal_size": "2GB", "max_connections": 60,
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["lint", "sqlite", "postgres"])
    only = parser.parse_args().only
    failed, skipped = [], []
    with tempfile.TemporaryDirectory(prefix="keshu-test-", dir=quickest_folder()) as folder:
        os.environ["KESHU_STORAGE"] = folder
        os.environ["KESHU_TEST_MADE"] = str(Path(folder) / "made")
        keep_temporary_files_in(Path(folder) / "tmp")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
        os.environ.pop("KESHU_DATABASE_URL", None)
        if only in (None, "lint"):
            failed += [name for name, command in LINT if not run(name, command)]
        if only in (None, "sqlite") and not run("tests on SQLite", pytest()):
            failed.append("tests on SQLite")
        if only in (None, "postgres"):
            with postgres() as url:
                if url is None:
                    skipped.append("tests on PostgreSQL: no PostgreSQL server programs found (Debian: postgresql)")
                elif not run("tests on PostgreSQL", pytest(*DATABASE_TESTS), KESHU_DATABASE_URL=url):
                    failed.append("tests on PostgreSQL")
    for reason in skipped:
        print(f"skipped: {reason}")
    if failed or (skipped and FORBID_SKIPS):
        print(f"FAILED: {', '.join(failed) or 'skipping is forbidden here'}")
        return 1
    print("All checks passed.")
    return 0


def quickest_folder() -> str | None:
    """Memory, where the machine has plenty to lend: sites, databases and archives of the tests are not worth a disk."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free > MEMORY:
        return str(memory)
    return None


def keep_temporary_files_in(folder: Path) -> None:
    """What the steps leave behind goes with the run; compiled modules too, or each program a test starts compiles them anew."""
    folder.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest(*paths: str) -> list[str]:
    return ["python", "-m", "pytest", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal", "-rs", *paths]


def run(name: str, command: list[str], **extra: str) -> bool:
    """Run one step from the project's own environment; print its time."""
    print(f"--- {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, env={**os.environ, **extra})
    print(f"--- {name}: {'ok' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


@contextlib.contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a throw-away server on a free local port, or None when its programs are missing."""
    if url := os.environ.get("KESHU_TEST_POSTGRES"):
        yield url
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = programs[-1] if programs else shutil.which("initdb")
    if initdb is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="keshu-pg-", dir=quickest_folder()))
    # The server refuses to run as root; Debian's package brings a user for it.
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    control = [str(Path(initdb).with_name("pg_ctl")), "-D", str(folder / "data"), "-w", "-s"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/", **user}
    port = _free_port()
    subprocess.run(
        [initdb, "-D", folder / "data", "-U", "keshu", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"], **quiet
    )
    careless = " ".join(f"-c {name}={value}" for name, value in CARELESS.items())
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {careless}"
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], **quiet)
    try:
        yield f"postgres://keshu@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
