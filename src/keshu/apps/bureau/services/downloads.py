"""A file on its way out: under its own name, saved and never shown as a page of this site, kept by no cache between."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse

from keshu.apps.bureau.services.attachments import open_attachment
from keshu.apps.bureau.services.exporting import record_download

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, User


class FileMade(Protocol):
    """A file as services make it."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...

    @property
    def media_type(self) -> str: ...


def disposition(name: str) -> str:
    """The header that names a download.

    >>> disposition("月报.docx")
    "attachment; filename*=UTF-8''%E6%9C%88%E6%8A%A5.docx"
    """
    return f"attachment; filename*=UTF-8''{quote(name)}"


def file_response(file: FileMade) -> HttpResponse:
    """The file as a download under its own name."""
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = disposition(file.name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def attachment_response(attachment: Attachment, *, name: str = "", by: User | None, at: datetime) -> FileResponse:
    """What people uploaded, always as a download: nothing in it runs, whatever it is. 404 where the store has lost it.

    Recorded as taken by `by`; None where only its head was asked for. The caller has checked who may.
    """
    try:
        stream = open_attachment(attachment.pk)
    except FileNotFoundError:
        raise Http404("文件不在存储目录中") from None
    if by is not None:
        record_download(attachment, by=by, at=at)
    media_type = attachment.file.media_type
    response = FileResponse(stream, as_attachment=True, filename=name or attachment.name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
