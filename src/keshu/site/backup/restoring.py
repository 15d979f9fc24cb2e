"""Reading the archive back: everything is compared before anything is touched, and then all of it comes or nothing.

The rows are written in one transaction; the files are laid out beside their place first and moved there last, before the
transaction ends. A file is named by its content, so that moving one over another changes nothing.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from keshu import __version__
from keshu.apps.bureau.queries import standing, trail
from keshu.apps.bureau.services import anchors, attachments
from keshu.site.backup.archive import (
    LEFT_OUT,
    Manifest,
    Member,
    NotABackup,
    check_member,
    chunks,
    read_manifest,
    row_of,
    tables,
)

ROWS = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; ``trail`` says in Chinese how the check of the trail ended."""

    made_at: str
    rows: int
    files: int
    missing: tuple[str, ...]
    trail: str
    is_sound: bool


def restore(source: Path, *, force: bool = False) -> Restored:
    """Put the site back as the archive has it. The site must be stopped, its database migrated.

    Raises
    ------
    NotABackup
        the archive is damaged, foreign, of another structure, or the site is not empty and `force` is off; nothing is changed
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError):
        raise NotABackup(f"{source.name} 不是备份文件，或已损坏。没有改动任何数据。") from None
    with archive:
        manifest = read_manifest(archive)
        _check_structure(manifest)
        if not force and (standing.has_real_data() or standing.has_demo_data() or standing.has_people()):
            raise NotABackup(
                "这个系统里已有数据。恢复会用备份替换全部数据；确定要替换时加 --force（建议先做一次备份）。"
            )
        for member in (*manifest.tables, *manifest.files):
            check_member(archive, member)
        attachments.folder().mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix="restore-", dir=attachments.folder()))
        try:
            _lay_out(archive, manifest, staging)
            with attachments.alone(), _whole():
                _replace_rows(archive, manifest)
                verified = _check_trail(manifest)
                _move_in(manifest, staging)
            _clear_away(manifest)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Restored(
        manifest.made_at, manifest.rows, len(manifest.files), manifest.missing, verified.summary, verified.is_sound
    )


def _check_structure(manifest: Manifest) -> None:
    """The tables must be those of this version: neither newer nor older."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    theirs = {f"{app}.{name}" for app, names in manifest.migrations.items() for name in names}
    if newer := sorted(theirs - known):
        raise NotABackup(
            f"备份来自较新的版本（{manifest.keshu}，含 {newer[0]}），本系统是 {__version__}。请先升级本系统再恢复。"
            "没有改动任何数据。"
        )
    if older := sorted(known - theirs):
        raise NotABackup(
            f"备份来自较旧的版本（{manifest.keshu}，没有 {older[0]}），本系统是 {__version__}。请先用当时的版本恢复，"
            "再升级到现在的版本。没有改动任何数据。"
        )
    if {member.name for member in manifest.tables} != {f"tables/{label}.jsonl" for label in tables()}:
        raise NotABackup("备份里的表与本系统的不一致，没有改动任何数据。")


@contextmanager
def _whole() -> Iterator[None]:
    """One transaction; what a database refuses is told in Chinese, and nothing is changed."""
    try:
        with transaction.atomic():
            yield
    except (DatabaseError, ValueError, TypeError) as error:
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise NotABackup(f"数据库没有接受备份中的内容（{told}）。没有改动任何数据。") from error


def _replace_rows(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Empty every table and fill it with the rows of the archive, under their own keys."""
    ours = tables()
    _empty([model._meta.db_table for model in ours.values()] + _left_out_tables())
    for member in manifest.tables:
        model = ours[member.name.removeprefix("tables/").removesuffix(".jsonl")]
        count = _fill(archive, member, model)
        if count != member.rows:
            raise NotABackup(f"{member.name} 应有 {member.rows} 行，读到 {count} 行。没有改动任何数据。")
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(ours.values())):
            cursor.execute(statement)


def _empty(names: list[str]) -> None:
    """Relations are checked when the transaction ends, so the order of the tables does not matter."""
    quoted = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")
        else:
            for name in quoted:
                cursor.execute(f"DELETE FROM {name}")


def _left_out_tables() -> list[str]:
    """Sessions are not in the archive; those of the site before would belong to other people."""
    return [model._meta.db_table for model in apps.get_models() if model._meta.label_lower in LEFT_OUT]


def _fill(archive: zipfile.ZipFile, member: Member, model: type[models.Model]) -> int:
    fields = list(model._meta.concrete_fields)
    count = 0
    with archive.open(member.name) as source:
        rows = (row_of(model, line) for line in source)
        while part := list(islice(rows, ROWS)):
            size = connection.ops.bulk_batch_size(fields, part)
            for first in range(0, len(part), size):
                # As they are: columns that fill themselves (the moment of a change) keep what the archive says.
                chunk = part[first : first + size]
                model._base_manager._insert(chunk, fields=fields, using="default", raw=True)  # type: ignore[attr-defined]
            count += len(part)
    return count


def _check_trail(manifest: Manifest) -> trail.Verification:
    """The trail as restored. Another site's key signed it: where its hashes agree, this site signs it anew."""
    found = trail.verify_trail()
    if manifest.key != trail.key_mark() and all(fault.is_signature for fault in found.faults):
        anchors.sign_with_this_key()
        found = trail.verify_trail()
    return found


def _lay_out(archive: zipfile.ZipFile, manifest: Manifest, staging: Path) -> None:
    for member in manifest.files:
        place = staging / member.name
        place.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member.name) as source, place.open("wb") as out:
            for chunk in chunks(source):
                out.write(chunk)
        place.chmod(0o640)


def _move_in(manifest: Manifest, staging: Path) -> None:
    for member in manifest.files:
        place = attachments.folder() / member.name.removeprefix("files/")
        place.parent.mkdir(parents=True, exist_ok=True)
        (staging / member.name).replace(place)


def _clear_away(manifest: Manifest) -> None:
    """Take away the files of the site that was replaced; no row names them any more."""
    kept = {member.name.removeprefix("files/") for member in manifest.files}
    root = attachments.folder()
    for place in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if place.relative_to(root).as_posix() not in kept:
            place.unlink()
