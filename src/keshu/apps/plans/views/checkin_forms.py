"""One check-in: in the drawer of the grid, as a page for the telephone, with its files and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.queries.requests import Request, taker
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.downloads import attachment_response
from keshu.apps.plans.forms.checkins import CheckInForm
from keshu.apps.plans.models import CheckIn, Evidence
from keshu.apps.plans.queries.checkin_pages.history import earlier_of, files_of
from keshu.apps.plans.services.checkins import (
    attach_evidence,
    excuse_check_in,
    extend_check_in,
    file_check_in,
    recall_check_in,
    remove_evidence,
    reopen_check_in,
    return_check_in,
    save_check_in,
    sign_check_in,
)
from keshu.apps.plans.services.steps import ChangedMeanwhile
from keshu.apps.plans.views.checkin_answers import contents_now, done, is_from_grid, line_for, moves_of
from keshu.apps.plans.views.framing import for_government

if TYPE_CHECKING:
    from keshu.apps.plans.queries.checkin_pages.lines import CheckInLine

MOVES: dict[str, tuple[str, Callable[..., CheckIn], str]] = {
    "recall": ("撤回", recall_check_in, "已撤回，可以修改后重新报送。"),
    "sign": ("审签", sign_check_in, "已审签。"),
    "return": ("退回", return_check_in, "已退回填报人。"),
    "excuse": ("免报", excuse_check_in, "已准予免报。"),
    "extend": ("延期", extend_check_in, "已延期。"),
    "reopen": ("退回更正", reopen_check_in, "已退回填报单位更正。"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def detail(request: Request, pk: int) -> HttpResponse:
    """The whole form on a page of its own; made for the width of a telephone."""
    line = line_for(request, pk, on=timezone.localdate())
    form = _form_of(line, request)
    if request.method == "POST" and _kept(request, line, form):
        return redirect("plans:checkin-detail", pk=pk)
    return _shown(request, "plans/checkins/detail.html", line, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def drawer(request: Request, pk: int) -> HttpResponse:
    """The same form beside the grid."""
    line = line_for(request, pk, on=timezone.localdate())
    form = _form_of(line, request)
    if request.method == "POST" and (said := _kept(request, line, form, is_told=False)):
        return done(request, pk, said, back=reverse("plans:checkin-detail", args=[pk]))
    return _shown(request, "plans/checkins/_drawer.html", line, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_government
def move(request: Request, pk: int, name: str) -> HttpResponse:
    """A step that is not writing: asked in the drawer (on a telephone on a page), carried out by a POST."""
    line = line_for(request, pk, on=timezone.localdate())
    if name not in MOVES:
        raise Http404("没有这种办理")
    button = moves_of(line.row, request).get(name)
    if button is None and request.method != "POST":
        raise Http404("这一项现在不能这样办理")
    label, act, said = MOVES[name]
    error, field = "", None
    if request.method == "POST":
        try:
            act(line.row, **_arguments(request, name), by=request.user, at=timezone.now())
            return done(request, pk, f"“{line.title}”{said}", back=_back(request, pk))
        except Unacceptable as refusal:
            error, field = refusal.message, refusal.field
    template = "plans/checkins/_move.html" if request.htmx else "plans/checkins/move.html"
    context = {
        "title": f"{label}：{line.title}", "line": line, "name": name, "label": label, "button": button, "error": error,
        "field": field, "given": request.POST, "back": _back(request, pk),
    }  # fmt: skip
    return render(request, template, context, status=422 if error else 200)


@require_POST
@for_government
def evidence_add(request: Request, pk: int) -> HttpResponse:
    """Files, or a photograph taken with the telephone."""
    line = line_for(request, pk, on=timezone.localdate())
    files = request.FILES.getlist("file")
    if not files:
        raise Unacceptable("没有收到文件，请重新选择。")
    for file in files:
        attach_evidence(line.row, file=file, name=file.name or "未命名", by=request.user, at=timezone.now())
    return _files(request, pk)


@require_POST
@for_government
def evidence_remove(request: Request, pk: int, evidence_id: int) -> HttpResponse:
    remove_evidence(_evidence(request, pk, evidence_id), by=request.user, at=timezone.now())
    return _files(request, pk)


@require_safe
@for_government
def evidence(request: Request, pk: int, evidence_id: int) -> FileResponse:
    """The file to whoever may read the check-in; always as a download."""
    attachment = _evidence(request, pk, evidence_id).attachment
    return attachment_response(attachment, by=taker(request), at=timezone.now())


def _evidence(request: Request, pk: int, evidence_id: int) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).select_related("attachment__file", "check_in")
    return get_object_or_404(rows, pk=evidence_id, check_in_id=pk)


def _files(request: Request, pk: int) -> HttpResponse:
    """The list of files anew where htmx asked, else the page."""
    if not request.htmx:
        return redirect("plans:checkin-detail", pk=pk)
    line = line_for(request, pk, on=timezone.localdate())
    return render(request, "plans/checkins/_files.html", _context(request, line))


def _form_of(line: CheckInLine, request: Request) -> CheckInForm:
    if request.method == "POST":
        return CheckInForm(request.POST, check_in=line.row)
    return CheckInForm(initial=contents_now(line), check_in=line.row)


def _kept(request: Request, line: CheckInLine, form: CheckInForm, *, is_told: bool = True) -> str:
    """Save or file what was typed; what was done in words, or empty with the errors in the form."""
    if not form.is_valid():
        return ""
    is_filed = request.POST.get("go") == "file"
    keep: Any = file_check_in if is_filed else save_check_in
    version = request.POST.get("version", "")
    try:
        row: CheckIn = keep(
            line.row, version=int(version) if version.isdecimal() else -1, **form.contents(), by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except ChangedMeanwhile:
        form.refuse(
            "这一项在您填写时已被他人修改，没有保存。先复制您填的内容，再刷新页面，对照现有内容修改。", "progress"
        )
        return ""
    except Unacceptable as refusal:
        form.refuse(refusal.message, refusal.field)
        return ""
    said = "已保存。" if not is_filed else "已报送。" if row.state == "filed" else "已报送并审签。"
    if is_told:
        messages.success(request, said)
    return f"“{line.title}”{said}"


def _shown(request: Request, template: str, line: CheckInLine, form: CheckInForm) -> HttpResponse:
    context = {**_context(request, line), "form": form, "earlier": earlier_of(line.row, user=request.user)}
    return render(request, template, context, status=422 if form.errors else 200)


def _context(request: Request, line: CheckInLine) -> dict[str, Any]:
    buttons = moves_of(line.row, request)
    return {
        "title": line.title,
        "line": line,
        "row": line.row,
        "plan": line.row.round.plan,
        "buttons": buttons,
        "may_write": "save" in buttons and not buttons["save"].hindrances,
        "hindrances": buttons["save"].hindrances if "save" in buttons else (),
        "files": files_of(line.row),
        "is_from_grid": is_from_grid(request),
    }


def _arguments(request: Request, name: str) -> dict[str, Any]:
    why = request.POST.get("why", "").strip()
    if name in ("recall", "sign"):
        return {}
    if name != "extend":
        return {"why": why}
    due_on = _date(request.POST.get("due_on", ""))
    if due_on is None:
        raise Unacceptable("请填延期到哪一天，例如 2026-03-10。", field="due_on")
    return {"why": why, "due_on": due_on}


def _date(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _back(request: Request, pk: int) -> str:
    """To the queue for whoever came from there, else to the check-in."""
    came_from = request.GET.get("from", "") or request.POST.get("from", "")
    return reverse("plans:checkin-sign-list") if came_from == "queue" else reverse("plans:checkin-detail", args=[pk])
