"""Checking the trail: the page, the job that reads it through, and the anchors to print."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.models import Job, TrailAnchor, TrailHead
from keshu.apps.bureau.permissions import can_check_trail, is_anchor_keeper
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable, anchors, jobs

KIND = "bureau.verify_trail"
SHOWN = 60


@require_safe
def page(request: Request) -> HttpResponse:
    """Auditors and the operator: what the last check found, and the anchors kept."""
    can_check_trail(request.user)
    job = Job.objects.visible_to(request.user).filter(kind=KIND).select_related("created_by").first()
    context = {
        "title": "校验",
        "job": job,
        "faults": job.result.get("faults", ()) if job else (),
        "head": TrailHead.objects.visible_to(request.user).first(),
        "anchors": TrailAnchor.objects.visible_to(request.user)[:SHOWN],
        "may_keep": is_anchor_keeper(request.user),
    }
    return render(request, "bureau/audit/check.html", context)


@require_POST
def start(request: Request) -> HttpResponse:
    """Read the trail through, in the background."""
    can_check_trail(request.user)
    if not jobs.is_awaited(KIND):
        jobs.start_job(kind=KIND, title="校验办理记录", params={}, by=request.user, at=timezone.now())
    return redirect("bureau:trail-check")


@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep today's anchor. The operator."""
    try:
        anchor = anchors.keep_anchor(by=request.user, at=timezone.now(), on=timezone.localdate())
    except Unacceptable as refusal:
        messages.error(request, refusal.message)
        return redirect("bureau:trail-check")
    return redirect("bureau:anchor-detail", pk=anchor.pk)


@require_safe
def anchor(request: Request, pk: int) -> HttpResponse:
    """One anchor, to be printed and signed."""
    can_check_trail(request.user)
    row = get_object_or_404(TrailAnchor.objects.visible_to(request.user), pk=pk)
    facts = [
        ("日期", row.on),
        ("留存时间", row.at),
        ("记录条数", f"{row.number} 条"),
        ("摘要算法", row.algorithm.upper()),
        ("系统签名", "相符" if row.is_signed else "不符"),
    ]
    groups = [row.digest[first : first + 8] for first in range(0, len(row.digest), 8)]
    context = {"title": f"{row.on:%Y-%m-%d} 办理记录锚点", "anchor": row, "facts": facts, "groups": groups}
    return render(request, "bureau/audit/anchor.html", context)
