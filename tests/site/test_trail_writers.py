"""The trail on files: two processes that write at once, and a check by the program that the documents print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.made_once import blank_tables
from tests.site.test_backup import Site, sqlite

import keshu

PAGE = Path(keshu.__file__).parents[2] / "docs" / "methods" / "audit.md"
WRITER = """
import sys
import django
django.setup()
from django.utils import timezone
from keshu.apps.bureau.services import audit
for number in range(25):
    audit.Recorder(by=None, at=timezone.now(), why="同时").note(
        action=audit.AuditAction.UPDATE, subject=None, subject_name=f"{sys.argv[1]}{number}", after={"数": [number, 0.5]}
    )
"""


def environment(site: Site) -> dict[str, str]:
    given = {"KESHU_STORAGE": str(site.storage), "KESHU_DATABASE_URL": site.database, "KESHU_SECRET_KEY": site.key}
    return {**os.environ, **given, "DJANGO_SETTINGS_MODULE": "keshu.site.settings"}


@pytest.mark.once
def test_two_processes_do_not_fork_the_chain_and_the_printed_program_agrees(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = sqlite(tmp_path / "site")
    site.storage.mkdir()
    shutil.copyfile(blank_tables(tmp_path_factory), site.storage / "keshu.sqlite3")
    names = ("--name", "赵安", "--city", "柳塘市", "--bureau", "柳塘市科学技术局")
    site.must("create-operator", "admin", *names, "--password", "liutang-2026-x")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], env={**environment(site), "KESHU_AUDIT_HASH": name})
        for name in ("sha256", "sm3")
    ]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0]
    assert site.must("audit", "verify").startswith(
        "共核对 54 条办理记录"
    )  # four of setting up: city, bureau, person, role

    archive = tmp_path / "made.zip"
    site.must("backup", str(archive))
    with zipfile.ZipFile(archive) as made:
        lines = made.read("tables/bureau.auditentry.jsonl")
    trail, program = tmp_path / "trail.jsonl", re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[0]
    trail.write_bytes(lines)
    check = [sys.executable, "-c", program, str(trail)]
    done = subprocess.run(check, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()[0]) == (0, "54"), done.stderr
    trail.write_bytes(lines.replace(b"sm37", b"sm38", 1))
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 1
