"""Writing the archive: one state of the database, read a thousand rows at a time, and the files that it names."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from keshu import __version__
from keshu.apps.bureau.queries import trail
from keshu.apps.bureau.services import attachments
from keshu.site.backup.archive import MANIFEST, Manifest, Member, NotABackup, chunks, file_member, line_of, tables

ROWS = 1000


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved: tables, rows, files, and the archive's own SHA-256."""

    tables: int
    rows: int
    files: int
    missing: tuple[str, ...]
    size: int
    sha256: str


def save(target: Path, *, at: datetime, skip_missing: bool = False) -> Saved:
    """Write the archive to `target`, whole or not at all; readable by its owner only.

    Raises
    ------
    NotABackup
        a stored file is gone or damaged and `skip_missing` is off
    """
    unfinished = target.with_name(f".{target.name}.part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=6) as archive:
                manifest = _fill(archive, at=at, skip_missing=skip_missing)
            out.flush()
            os.fsync(out.fileno())
        with unfinished.open("rb") as made:
            digest = hashlib.file_digest(made, "sha256").hexdigest()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Saved(
        len(manifest.tables), manifest.rows, len(manifest.files), manifest.missing, target.stat().st_size, digest
    )


def _fill(archive: zipfile.ZipFile, *, at: datetime, skip_missing: bool) -> Manifest:
    with one_state():
        members = tuple(_save_table(archive, label, model) for label, model in sorted(tables().items()))
        migrations = applied_migrations()
        head = trail.head_facts()
        stored = attachments.stored_files()
    files, missing = _save_files(archive, stored)
    if missing and not skip_missing:
        raise NotABackup(
            f"存储目录里缺少或损坏了 {len(missing)} 个文件，例如 {missing[0]}。请先找回；实在没有时加 --skip-missing，"
            "备份会写明缺了哪些。"
        )
    manifest = Manifest(
        keshu=__version__,
        made_at=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        database=connection.vendor,
        migrations=migrations,
        tables=members,
        files=tuple(files),
        missing=tuple(missing),
        trail=head,
        key=trail.key_mark(),
    )
    archive.writestr(MANIFEST, manifest.to_json())
    return manifest


@contextmanager
def one_state() -> Iterator[None]:
    """Everything read within is of one moment, and nobody is kept from writing meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def applied_migrations() -> dict[str, list[str]]:
    """What has been applied to the database, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def _save_table(archive: zipfile.ZipFile, label: str, model: type[models.Model]) -> Member:
    name = f"tables/{label}.jsonl"
    hasher, size, rows = hashlib.sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as out:
        for values in _rows(model):
            line = line_of(model, values)
            out.write(line)
            hasher.update(line)
            size, rows = size + len(line), rows + 1
    return Member(name, size, hasher.hexdigest(), rows)


def _rows(model: type[models.Model]) -> Iterator[tuple[object, ...]]:
    """All rows in the order of the key, in parts, so that memory holds one part only."""
    fields = [field.attname for field in model._meta.concrete_fields]
    place = fields.index(model._meta.pk.attname)
    rows = model._base_manager.order_by("pk").values_list(*fields)
    part = list(rows[:ROWS])
    while part:
        yield from part
        part = list(rows.filter(pk__gt=part[-1][place])[:ROWS])


def _save_files(archive: zipfile.ZipFile, stored: list[tuple[str, str]]) -> tuple[list[Member], list[str]]:
    files, missing = [], []
    for path, digest in stored:
        place = attachments.folder() / path
        if not place.is_file() or _digest(place) != digest:
            missing.append(path)
            continue
        info = zipfile.ZipInfo(file_member(path))
        info.compress_type = zipfile.ZIP_STORED  # documents are compressed already
        with place.open("rb") as source, archive.open(info, "w", force_zip64=True) as out:
            size = _copy(source, out)
        files.append(Member(file_member(path), size, digest))
    return files, missing


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _copy(source: IO[bytes], out: IO[bytes]) -> int:
    size = 0
    for chunk in chunks(source):
        out.write(chunk)
        size += len(chunk)
    return size
