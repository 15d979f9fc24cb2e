"""Uploads: streamed to disk under the hash of their content, known by what they hold and not by their name."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from keshu.apps.bureau.models import Attachment, StoredFile
from keshu.apps.bureau.permissions import can_check_paper, can_upload
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.media_types import sniff
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

CHUNK = 1024 * 1024
LONGEST_NAME = 200


def store_upload(*, file: IO[bytes] | Any, name: str, organisation: Organisation, by: User, at: datetime) -> Attachment:
    """Keep an upload as an attachment of the organisation. For one's own organisations; never by auditors.

    Unacceptable when it is empty, larger than the limit, or has no name. The same bytes are stored once; each upload is an
    attachment of its own.
    """
    can_upload(by, organisation)
    with _received(file, clean_name(name)) as received:
        return _keep(received, organisation_id=organisation.pk, is_private=False, by=by, at=at)


def store_private_upload(*, file: IO[bytes] | Any, name: str, by: User, at: datetime) -> Attachment:
    """Keep a file that nobody but its uploader reads, not even a colleague or an auditor. Everybody with a role.

    Unacceptable as `store_upload`.
    """
    can_check_paper(by)
    with _received(file, clean_name(name)) as received:
        return _keep(received, organisation_id=min(by.scope.organisation_ids), is_private=True, by=by, at=at)


@dataclass(frozen=True)
class _Received:
    """An upload on disk before it has its place."""

    path: Path
    name: str
    sha256: str
    size: int
    media_type: str


@contextmanager
def _received(file: IO[bytes] | Any, name: str) -> Iterator[_Received]:
    temporary, digest, size = _spool(file, name)
    try:
        yield _Received(temporary, name, digest, size, sniff(temporary, name=name))
    finally:
        temporary.unlink(missing_ok=True)


def _keep(received: _Received, *, organisation_id: int, is_private: bool, by: User, at: datetime) -> Attachment:
    with alone(), transaction.atomic():
        path = _place(received.path, received.sha256)
        stored, _ = StoredFile.objects.get_or_create(
            sha256=received.sha256,
            defaults={"size": received.size, "media_type": received.media_type, "path": path},
        )
        attachment = Attachment(
            file=stored, name=received.name, organisation_id=organisation_id, is_private=is_private, uploaded_by=by,
            uploaded_at=at,
        )  # fmt: skip
        return audit.Recorder(by=by, at=at).create(attachment, organisation=None if is_private else organisation_id)


def discard_upload(attachment: Attachment, *, why: str, by: User | None, at: datetime) -> None:
    """Take back an upload that came to nothing, and its bytes where no other attachment shares them.

    For its uploader's own work going wrong: the caller makes sure that nothing refers to it. Call it outside transactions, so
    that no bytes go before their rows have gone.
    """
    stored = attachment.file
    with alone():
        with transaction.atomic():
            whose = None if attachment.is_private else attachment.organisation_id
            audit.Recorder(by=by, at=at, why=why).delete(attachment, organisation=whose)
            is_last = not stored.attachments.exists()
            if is_last:
                stored.delete()
        if is_last:
            (folder() / stored.path).unlink(missing_ok=True)


def read_attachment(attachment_id: int) -> bytes:
    """The bytes of an attachment; the caller has checked that its reader may see it."""
    with open_attachment(attachment_id) as stream:
        return stream.read()


def attachment_by_id(attachment_id: int) -> Attachment | None:
    """The attachment of that number; None where it has been taken back."""
    return Attachment.objects.select_related("file", "uploaded_by").filter(pk=attachment_id).first()


def open_attachment(attachment_id: int) -> IO[bytes]:
    """The same, as a stream for large files."""
    stored = StoredFile.objects.get(attachments__pk=attachment_id)
    return (folder() / stored.path).open("rb")


def stored_files() -> list[tuple[str, str]]:
    """Path and SHA-256 of everything stored, by path; for a backup of the whole site."""
    return list(StoredFile.objects.order_by("path").values_list("path", "sha256"))


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time places or takes away bytes: else one takes away what another has just placed."""
    with (Path(settings.STORAGE) / "files.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def folder() -> Path:
    """Where the bytes of uploads lie."""
    return Path(settings.STORAGE) / "files"


def clean_name(name: str) -> str:
    """The last part of the name without control characters, short enough to store, its extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    last = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    if not last.strip("."):
        raise Unacceptable("上传的文件没有文件名，请给文件起名后再上传。", field="file")
    if len(last) <= LONGEST_NAME:
        return last
    stem, dot, extension = last.rpartition(".")
    if not dot or len(extension) > 10:
        return last[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _spool(file: IO[bytes] | Any, name: str) -> tuple[Path, str, int]:
    """Copy to a temporary file beside its final place, hashing on the way."""
    incoming = folder() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    hasher, size = hashlib.sha256(), 0
    handle, path = tempfile.mkstemp(dir=incoming)
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    raise Unacceptable(_too_large(name), field="file")
                hasher.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if size == 0:
            raise Unacceptable(f"“{name}”是空文件（0 字节），请重新导出或另存后再上传。", field="file")
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise
    return Path(path), hasher.hexdigest(), size


def _too_large(name: str) -> str:
    limit = settings.UPLOAD_LIMIT / 1024 / 1024
    return f"“{name}”超过 {limit:g} MB 的上限。请压缩其中的图片、另存为 .docx，或拆成几个文件后再上传。"


def _place(temporary: Path, digest: str) -> str:
    """Move the bytes to their final place; a file already there has the same content by its name."""
    relative = Path(digest[:2]) / digest[2:4] / digest
    target = folder() / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o640)
    temporary.replace(target)
    return relative.as_posix()
