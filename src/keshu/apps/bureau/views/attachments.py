"""Handing out uploaded files."""

from __future__ import annotations

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.models import Attachment
from keshu.apps.bureau.queries.requests import Request, taker
from keshu.apps.bureau.services.downloads import attachment_response


@require_safe
def download(request: Request, pk: int) -> FileResponse:
    """The file under its own name, always as a download: what people upload is never shown as a page of this site."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user).select_related("file"), pk=pk)
    return attachment_response(attachment, by=taker(request), at=timezone.now())
