"""Handing out uploaded files."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from keshu.apps.bureau.models import Attachment
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import exporting
from keshu.apps.bureau.services.attachments import open_attachment


@require_safe
def download(request: Request, pk: int) -> FileResponse:
    """The file under its own name, always as a download: what people upload is never shown as a page of this site."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user).select_related("file"), pk=pk)
    try:
        stream = open_attachment(attachment.pk)
    except FileNotFoundError:
        raise Http404("文件不在存储目录中") from None
    if request.method == "GET":
        exporting.record_download(attachment, by=request.user, at=timezone.now())
    response = FileResponse(
        stream, as_attachment=True, filename=attachment.name, content_type=attachment.file.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
