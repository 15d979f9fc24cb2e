"""A file as the answer of an operation: under its own name, never shown as a page, unchanged when its ETag says so."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.http import HttpResponse

from keshu.apps.bureau.services.downloads import FileMade, file_response

if TYPE_CHECKING:
    from django.http import HttpRequest


def unchanged(request: HttpRequest, tag: str) -> bool:
    """Whether the program has what it asks for already."""
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    return tag in asked or "*" in asked


def file_answer(request: HttpRequest, made: FileMade) -> HttpResponse:
    """The file, or 304."""
    tag = f'"{hashlib.sha256(made.content).hexdigest()[:32]}"'
    if unchanged(request, tag):
        response = HttpResponse(status=304)
    else:
        response = file_response(made)
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"], response["Vary"], response["ETag"] = "private, no-cache", "Authorization", tag
    return response
