"""A file on its way out: under its own name, saved and never shown as a page of this site, kept by no cache between."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote

from django.http import HttpResponse


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
