"""The ledger of supervision notices, one of them in the drawer and on its page, its files and papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keshu.apps.bureau.queries.ledger import BulkAction, Ledger, read_ledger, selected_rows
from keshu.apps.bureau.queries.requests import Request, government_only, taker
from keshu.apps.bureau.services.downloads import attachment_response, file_response
from keshu.apps.plans.models import SupervisionNotice
from keshu.apps.plans.permissions.supervision import is_supervisor
from keshu.apps.plans.queries.supervision.cards import notice_by_id, notice_card
from keshu.apps.plans.queries.supervision.ledger import ledger_choices, notice_rows, notices_ledger
from keshu.apps.plans.services.ledger_answers import taken_out
from keshu.apps.plans.services.supervision.lifecycle import Move, buttons
from keshu.apps.plans.services.supervision.papers import notice_file, notices_file
from keshu.apps.plans.services.supervision.writing import issue_notices

for_supervised = government_only("督办单供科技部门及各承办单位使用，您的账号不能查看。")
ICONS = {
    Move.ISSUE: "send", Move.CHANGE: "edit", Move.DISCARD: "trash", Move.SIGN_FOR: "check", Move.REPLY: "send",
    Move.ACCEPT: "circle-check", Move.RETURN: "arrow-back-up", Move.CLOSE: "checks", Move.EXTEND: "calendar-due",
    Move.CANCEL: "ban",
}  # fmt: skip
# These ask for something and open in the drawer; changing and replying have pages of their own; the rest only ask back.
ASKING = (Move.ACCEPT, Move.RETURN, Move.EXTEND, Move.CANCEL)
PAGES = {Move.CHANGE: "plans:supervision-edit", Move.REPLY: "plans:supervision-reply"}


@require_safe
@for_supervised
def notice_list(request: Request) -> HttpResponse:
    """Every notice the person may see; on screen, as Excel, as CSV."""
    ledger, rows = _ledger(request)
    if answer := taken_out(request, ledger, rows, title="督办台账", at=timezone.now()):
        return answer
    bulk = [BulkAction("导出督办通知单", reverse("plans:supervision-papers"), icon="file-text")]
    may_write = is_supervisor(request.user)
    if may_write:
        words = "签发后编号，承办单位随即收到；内容不能再改。"
        bulk.insert(0, BulkAction("签发", reverse("plans:supervision-issue-chosen"), icon="send", confirm=words))
    page = read_ledger(ledger, rows, request.GET, user=request.user, bulk=bulk)
    context = {"title": "督办单", "ledger": page, "may_write": may_write}
    return render(request, "plans/supervision/list.html", context)


@require_safe
@for_supervised
def notice_drawer(request: Request, pk: int) -> HttpResponse:
    return render(request, "plans/supervision/_drawer.html", card_context(request, pk))


@require_safe
@for_supervised
def notice_detail(request: Request, pk: int) -> HttpResponse:
    return render(request, "plans/supervision/detail.html", card_context(request, pk))


@require_safe
@for_supervised
def notice_paper(request: Request, pk: int) -> HttpResponse:
    """督办通知单 as a Word file."""
    row = get_object_or_404(notice_by_id(request.user), pk=pk)
    return file_response(notice_file(row, by=request.user, at=timezone.now()))


@require_POST
@for_supervised
def papers(request: Request) -> HttpResponse:
    """The papers of the ticked notices in one archive."""
    chosen = _chosen(request)
    rows = list(notice_by_id(request.user).filter(pk__in=chosen).order_by("year", "number", "pk"))
    return file_response(notices_file(rows, by=request.user, at=timezone.now()))


@require_POST
@for_supervised
def issue_chosen(request: Request) -> HttpResponse:
    """Issue the ticked drafts."""
    rows = list(SupervisionNotice.objects.visible_to(request.user).filter(pk__in=_chosen(request)))
    issued = issue_notices(rows, by=request.user, at=timezone.now())
    messages.success(request, f"已签发 {len(issued)} 份，编号 {issued[0].number_text} 至 {issued[-1].number_text}。")
    return redirect("plans:supervision-list")


@require_safe
@for_supervised
def reply_file(request: Request, pk: int, attachment_id: int) -> FileResponse:
    """A file of a reply, to all who see the notice and to nobody else; always as a download."""
    row = get_object_or_404(notice_by_id(request.user), pk=pk)
    files = {each.pk: each for reply in row.replies.all() for each in reply.attachments.all()}
    if (attachment := files.get(attachment_id)) is None:
        raise Http404("督办单没有这个附件")
    return attachment_response(attachment, by=taker(request), at=timezone.now())


def card_context(request: Request, pk: int) -> dict[str, Any]:
    """A notice with its card and its buttons."""
    row = get_object_or_404(notice_by_id(request.user), pk=pk)
    return {
        "title": row.title,
        "row": row,
        "card": notice_card(row, on=timezone.localdate()),
        "buttons": [_button(row, each) for each in buttons(row, user=request.user)],
    }


def _button(row: SupervisionNotice, button: Any) -> dict[str, Any]:
    """A button as the pages write it: where it leads, whether it asks in the drawer first."""
    move = Move(button.move)
    address = (
        reverse(PAGES[move], args=[row.pk]) if move in PAGES else reverse("plans:supervision-move", args=[row.pk, move])
    )
    return {
        "label": button.label,
        "icon": ICONS[move],
        "href": address,
        "is_page": move in PAGES,
        "is_asking": move in ASKING,
        "confirm": button.confirm,
        "is_destructive": button.is_destructive,
        "hindrances": "".join(button.hindrances),
        "is_primary": move in (Move.ISSUE, Move.SIGN_FOR, Move.REPLY, Move.ACCEPT, Move.CLOSE),
    }


def _ledger(request: Request) -> tuple[Ledger, Any]:
    addressees, years, plans = ledger_choices(request.user)
    sees_drafts = request.user.scope.is_everything
    ledger = notices_ledger(
        on=timezone.localdate(), sees_drafts=sees_drafts, addressees=addressees, years=years, plans=plans
    )
    return ledger, notice_rows(request.user)


def _chosen(request: Request) -> list[int]:
    ledger, rows = _ledger(request)
    return list(selected_rows(ledger, rows, request.POST).values_list("pk", flat=True)[:1000])
