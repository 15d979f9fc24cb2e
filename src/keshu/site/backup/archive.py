"""The form of the archive: a zip of ``tables/<app>.<model>.jsonl``, ``files/<path>`` and, last, ``manifest.json``.

A table is one JSON object a line, columns by name, in the order of the key; moments are UTC, decimals and dates are text. The
manifest names every member with its size and SHA-256, the structure of the database, and what was left out and why.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.db import models

FORMAT = "keshu-backup"
VERSION = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
# Tables that are not taken along, and why: whoever holds a session's row is signed in.
LEFT_OUT = frozenset({"sessions.session", "bureau.signinsession"})
_SAFE = re.compile(r"(tables/[a-z0-9_]+\.[a-z0-9_]+\.jsonl|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64})")


class NotABackup(Exception):
    """The archive cannot be used; Chinese, and nothing has been changed."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the archive. ``rows`` counts the lines of a table; 0 for a file."""

    name: str
    size: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds. ``key`` tells whether two sites sign with the same key, without telling it."""

    keshu: str
    made_at: str
    database: str
    migrations: Mapping[str, list[str]]
    tables: tuple[Member, ...]
    files: tuple[Member, ...]
    missing: tuple[str, ...]
    trail: Mapping[str, Any]
    key: str

    def to_json(self) -> str:
        head = {"format": FORMAT, "version": VERSION}
        return json.dumps({**head, **asdict(self)}, ensure_ascii=False, indent=1)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def tables() -> dict[str, type[models.Model]]:
    """Every table of the site by label, those of Django and of many-to-many relations included."""
    found = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return {
        label: model
        for label, model in found.items()
        if model._meta.managed and not model._meta.proxy and label not in LEFT_OUT
    }


def line_of(model: type[models.Model], values: tuple[Any, ...]) -> bytes:
    """A row as its line."""
    names = (field.attname for field in model._meta.concrete_fields)
    row = {name: _plain(value) for name, value in zip(names, values, strict=True)}
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def row_of(model: type[models.Model], line: bytes) -> models.Model:
    """A line as the row it stands for, not yet saved."""
    given = json.loads(line)
    row = model()
    for field in model._meta.concrete_fields:
        value = given[field.attname]
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        setattr(row, field.attname, None if value is None else target.to_python(value))
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of a sound archive; NotABackup where it is none of ours, too new, or does not fit its members."""
    try:
        given = json.loads(archive.read(MANIFEST))
        if given["format"] != FORMAT:
            raise KeyError(FORMAT)
        version = int(given["version"])
    except (KeyError, ValueError, TypeError):
        raise NotABackup("这不是 keshu backup 做的备份，或者文件已损坏。没有改动任何数据。") from None
    if version > VERSION:
        raise NotABackup(
            f"备份的格式（第 {version} 版）比本系统新（第 {VERSION} 版），请先升级本系统。没有改动任何数据。"
        )
    try:
        manifest = Manifest(
            **{name: given[name] for name in ("keshu", "made_at", "database", "migrations", "trail", "key")},
            tables=tuple(Member(**each) for each in given["tables"]),
            files=tuple(Member(**each) for each in given["files"]),
            missing=tuple(given["missing"]),
        )
    except (KeyError, TypeError):
        raise NotABackup("备份的清单（manifest.json）不完整，没有改动任何数据。") from None
    _check_names(archive, manifest)
    return manifest


def _check_names(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    listed = [member.name for member in (*manifest.tables, *manifest.files)]
    present = [name for name in archive.namelist() if name != MANIFEST]
    if lost := sorted(set(listed) - set(present)):
        raise NotABackup(f"备份不完整，缺少 {lost[0]}（共缺 {len(lost)} 项）。没有改动任何数据。")
    strange = sorted(set(present) - set(listed)) or sorted({name for name in present if present.count(name) > 1})
    if strange or len(present) != len(listed) or not all(_SAFE.fullmatch(name) for name in listed):
        raise NotABackup(f"备份里有清单以外的内容：{(strange or listed)[0]}。没有改动任何数据。")


def check_member(archive: zipfile.ZipFile, member: Member) -> None:
    """NotABackup unless the member's bytes are those of the manifest."""
    hasher, size = hashlib.sha256(), 0
    try:
        with archive.open(member.name) as source:
            for chunk in chunks(source):
                hasher.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, EOFError, ValueError, OSError, NotImplementedError, zlib.error):
        raise NotABackup(f"备份已损坏：{member.name} 读不出来。没有改动任何数据。") from None
    if (size, hasher.hexdigest()) != (member.size, member.sha256):
        raise NotABackup(f"备份已损坏或被改过：{member.name} 与清单中的摘要不符。没有改动任何数据。")


def chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def file_member(path: str) -> str:
    """The member that holds the stored file at this path."""
    return f"files/{path}"
