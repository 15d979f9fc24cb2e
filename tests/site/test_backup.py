"""Backup and restore, as an operator runs them: in processes of their own, on SQLite, on PostgreSQL and across the two."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3 as sqlite_files
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from tests.made_once import blank_tables, made_once

from keshu.apps.bureau.models import User
from keshu.cli import main
from keshu.site import backup

COMMAND = [sys.executable, "-m", "keshu.cli"]
KEY = "one-key-for-all-sites-of-this-test"


@dataclass(frozen=True)
class Site:
    """A site of its own: its storage folder and its database."""

    storage: Path
    database: str
    key: str = KEY

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.storage.mkdir(parents=True, exist_ok=True)
        given = {"KESHU_STORAGE": str(self.storage), "KESHU_DATABASE_URL": self.database, "KESHU_SECRET_KEY": self.key}
        return subprocess.run([*COMMAND, *arguments], env={**os.environ, **given}, capture_output=True, text=True)

    def must(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def files(self) -> dict[str, bytes]:
        root = self.storage / "files"
        return {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*") if each.is_file()}


def sqlite(folder: Path, *, key: str = KEY) -> Site:
    return Site(folder, f"sqlite:///{folder / 'keshu.sqlite3'}", key)


@pytest.fixture(scope="session")
def made(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city and its archive."""

    def make(folder: Path) -> None:
        site = sqlite(folder / "city")
        site.storage.mkdir()
        shutil.copyfile(blank, site.storage / "keshu.sqlite3")
        site.must("demo")
        site.must("audit", "anchor")
        told = site.must("backup", str(folder / "city.zip"))
        assert f"{len(site.files())} 个附件" in told

    return made_once("city", make, base=tmp_path_factory)


@pytest.fixture(scope="session")
def city(made: Path) -> Site:
    return sqlite(made / "city")


@pytest.fixture(scope="session")
def archive(made: Path) -> Path:
    return made / "city.zip"


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blank_tables(tmp_path_factory)


@pytest.fixture
def new_site(blank: Path, tmp_path: Path) -> Callable[..., Site]:
    """``new_site("used")``: one just set up, without anything in it."""

    def set_up(name: str, *, key: str = KEY) -> Site:
        site = sqlite(tmp_path / name, key=key)
        site.storage.mkdir()
        shutil.copyfile(blank, site.storage / "keshu.sqlite3")
        return site

    return set_up


@pytest.fixture
def empty_postgres(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Sites on databases that are dropped afterwards: without tables, or with those of another, emptied."""
    settings, made = connection.settings_dict, []
    login = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")

    def create(name: str, *, like: str = "") -> Site:
        made.append(name)
        execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
        if like:
            kept = "tablename <> 'django_migrations' AND schemaname = 'public'"
            names = f"SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE {kept}"
            execute(f"DO $$ BEGIN EXECUTE 'TRUNCATE ' || ({names}) || ' RESTART IDENTITY'; END $$", within=name)
        address = f"postgres://{login}@{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}/{name}"
        return Site(tmp_path / name, address)

    yield create
    for name in made:
        execute(f'DROP DATABASE "{name}"')


def execute(statement: str, *, within: str = "postgres") -> None:
    import psycopg

    settings = connection.settings_dict
    parts = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    if settings["PASSWORD"]:
        parts["password"] = settings["PASSWORD"]
    with psycopg.connect(**parts, dbname=within, autocommit=True) as server:
        server.execute(statement)


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return dict(json.loads(archive.read("manifest.json")))


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """The archive with members changed, left out (None) or added."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = change(name, given.read(name))
            if data is not None:
                made.writestr(name, data)
        for name, data in more.items():
            made.writestr(name, data)
    return target


def with_manifest(**changes: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), **changes}).encode() if name == "manifest.json" else data

    return change


def same_rows(one: Path, other: Path) -> None:
    """Every table holds the same lines, every file the same bytes."""
    for part in ("tables", "files"):
        assert manifest(one)[part] == manifest(other)[part]


def back_again(site: Site, archive: Path, folder: Path) -> None:
    """Restore into `site`, and see that what it gives back is what it was given."""
    told = site.must("restore", str(archive))
    assert "办理记录校验：" in told
    assert "全部相符" in told
    assert site.run("audit", "verify").returncode == 0
    again = folder / "again.zip"
    site.must("backup", str(again))
    same_rows(archive, again)


def goes_on(site: Site) -> None:
    """The site can be written: keys are given on from where they were, and the chain goes on."""
    code = (
        "import django; django.setup()\n"
        "from django.utils import timezone\n"
        "from keshu.apps.bureau.models import User\n"
        "from keshu.apps.bureau.services import owners\n"
        "user = User.objects.get(username='operator')\n"
        "owners.remember_alias(text='三区两县', group=('county',), by=user, at=timezone.now())\n"
    )
    given = {"KESHU_STORAGE": str(site.storage), "KESHU_DATABASE_URL": site.database, "KESHU_SECRET_KEY": site.key}
    environment = {**os.environ, **given, "DJANGO_SETTINGS_MODULE": "keshu.site.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert site.run("audit", "verify").returncode == 0


@pytest.mark.once
def test_sqlite_to_sqlite(city: Site, archive: Path, tmp_path: Path) -> None:
    site = sqlite(tmp_path / "new")
    back_again(site, archive, tmp_path)
    assert site.files() == city.files()
    goes_on(site)


@pytest.mark.once
def test_the_archive_holds_no_secret(city: Site, archive: Path) -> None:
    with zipfile.ZipFile(archive) as made:
        assert not [name for name in made.namelist() if "session" in name or "secret" in name]
        assert not [name for name in made.namelist() if KEY.encode() in made.read(name)]
    assert oct(archive.stat().st_mode & 0o777) == "0o600"


@pytest.mark.once
def test_another_key_signs_anew_when_every_hash_agrees(
    archive: Path, tmp_path: Path, new_site: Callable[..., Site]
) -> None:
    site = new_site("new", key="quite-another-key")
    assert "全部相符" in site.must("restore", str(archive))


@pytest.mark.once
def test_a_site_with_data_is_replaced_only_when_told(
    archive: Path, tmp_path: Path, new_site: Callable[..., Site]
) -> None:
    site = new_site("used")
    site.must(
        "create-operator",
        "admin",
        "--name",
        "赵安",
        "--city",
        "柳塘市",
        "--bureau",
        "柳塘市科学技术局",
        "--password",
        "liutang-2026-x",
    )
    foreign = site.storage / "files" / "ab" / "cd" / ("e" * 64)
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"old")
    refused = site.run("restore", str(archive))
    assert refused.returncode == 1
    assert "已有数据" in refused.stderr
    assert foreign.exists()
    assert "恢复完成" in site.must("restore", str(archive), "--force")
    same_rows(archive, backup_of(site, tmp_path / "replaced.zip"))
    assert not foreign.exists()


def backup_of(site: Site, path: Path) -> Path:
    site.must("backup", str(path))
    return path


def replacing(part: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """Members whose name holds `part`, with some bytes replaced."""
    return lambda name, data: data.replace(old, new) if part in name else data


def without(part: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if part in name else data


def as_it_is(_name: str, data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    ("word", "change", "added"),
    [
        ("与清单中的摘要不符", replacing("organisation.jsonl", "云澜市".encode(), "云阑市".encode()), {}),
        ("与清单中的摘要不符", replacing("files/", b"PK", b"KP"), {}),
        ("备份不完整，缺少 files/", without("files/"), {}),
        ("清单以外的内容", as_it_is, {"files/../../evil": b"x"}),
        ("不是 keshu backup 做的备份", with_manifest(format="other"), {}),
        ("不是 keshu backup 做的备份", without("manifest.json"), {}),
        ("比本系统新", with_manifest(version=2), {}),
        ("较新的版本（9.0", with_manifest(keshu="9.0", migrations={"bureau": ["0999_future"]}), {}),
        ("较旧的版本（0.0", with_manifest(keshu="0.0", migrations={"bureau": ["0001_initial"]}), {}),
        ("不完整", with_manifest(tables=[{"name": "x"}]), {}),
    ],
)
@pytest.mark.django_db
def test_a_bent_archive_changes_nothing(
    word: str, change: Any, added: dict[str, bytes], archive: Path, tmp_path: Path, settings: Any
) -> None:
    settings.MIGRATION_MODULES = {}  # as a site has them; the tests' own tables are made from the models
    bent = rewritten(archive, tmp_path / "bent.zip", change, **added)
    with pytest.raises(backup.NotABackup) as refusal:
        backup.restore(bent)
    assert word in str(refusal.value)
    assert "没有改动任何数据" in str(refusal.value)
    assert not User.objects.exists()
    assert not list(Path(settings.STORAGE).rglob("*.jsonl"))


@pytest.mark.django_db
def test_a_cut_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(archive.read_bytes()[:-2000])
    with pytest.raises(backup.NotABackup, match="已损坏"):
        backup.restore(cut)


@pytest.mark.once
def test_rows_that_contradict_the_database_bring_nothing(
    archive: Path, tmp_path: Path, new_site: Callable[..., Site]
) -> None:
    """A member points to an organisation that is not there; hashes in the manifest are made to fit."""
    name = "tables/bureau.organisation.jsonl"
    with zipfile.ZipFile(archive) as given:
        lines = given.read(name).splitlines(keepends=True)[:-1]
        told = json.loads(given.read("manifest.json"))
    data = b"".join(lines)
    for member in told["tables"]:
        if member["name"] == name:
            member.update(size=len(data), rows=len(lines), sha256=hashlib.sha256(data).hexdigest())
    bent = rewritten(
        archive, tmp_path / "bent.zip",
        lambda each, old: data if each == name else json.dumps(told).encode() if each == "manifest.json" else old,
    )  # fmt: skip
    site = new_site("new")
    refused = site.run("restore", str(bent))
    assert (refused.returncode, "数据库没有接受" in refused.stderr) == (1, True)
    assert site.files() == {}
    assert "恢复完成" in site.must("restore", str(archive))


@pytest.mark.once
def test_a_trail_bent_before_the_backup_is_told(
    city: Site, archive: Path, tmp_path: Path, new_site: Callable[..., Site]
) -> None:
    site = new_site("bent")
    site.must("restore", str(archive))
    with sqlite_files.connect(site.storage / "keshu.sqlite3") as database:
        database.execute("DROP TRIGGER trail_entry_stays")
        database.execute("UPDATE bureau_auditentry SET why = 'x' WHERE number = 5")
    bent = backup_of(site, tmp_path / "bent.zip")
    told = new_site("new", key="another").must("restore", str(bent))
    assert "注意：办理记录校验" in told
    assert "第 5 号记录的内容与摘要不符" in told


@pytest.mark.once
def test_a_lost_file_is_told_and_left_out_only_when_told(
    archive: Path, tmp_path: Path, new_site: Callable[..., Site]
) -> None:
    site = new_site("new")
    site.must("restore", str(archive))
    lost = next(each for each in (site.storage / "files").rglob("*") if each.is_file())
    lost.unlink()
    target = tmp_path / "made.zip"
    refused = site.run("backup", str(target))
    assert (refused.returncode, "缺少或损坏了 1 个文件" in refused.stderr, target.exists()) == (1, True, False)
    done = site.run("backup", str(target), "--skip-missing")
    assert (done.returncode, lost.name in done.stderr, len(manifest(target)["missing"])) == (0, True, 1)


@pytest.mark.once
def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "there.zip"
    target.write_text("x")
    result = CliRunner().invoke(main, ["backup", str(target)])
    assert (result.exit_code, "已存在" in result.output, target.read_text()) == (1, True, "x")


@pytest.mark.postgres
@pytest.mark.django_db
def test_sqlite_to_postgres_and_back(
    archive: Path, tmp_path: Path, new_site: Callable[..., Site], empty_postgres: Callable[..., Site]
) -> None:
    there = empty_postgres("keshu_backup_one")
    back_again(there, archive, tmp_path)
    goes_on(there)
    moved = backup_of(there, tmp_path / "moved.zip")
    onwards = empty_postgres("keshu_backup_two", like="keshu_backup_one")
    assert "恢复完成" in onwards.must("restore", str(moved))
    same_rows(moved, backup_of(onwards, tmp_path / "onwards.zip"))
    home = new_site("home")
    assert "全部相符" in home.must("restore", str(moved))
    same_rows(moved, backup_of(home, tmp_path / "home.zip"))
    goes_on(home)
