"""One's notices: the inbox, the bell, following one, the ways one is told; and the mails, for the operator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.models import NoticeMail
from keshu.apps.bureau.permissions import may_resend_mails
from keshu.apps.bureau.queries import notices as queries
from keshu.apps.bureau.queries.ledger import BulkAction, read_ledger, selected_rows
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import notices as services
from keshu.apps.bureau.views.exporting import exported

WAYS = ("in_site", "mail", "digest")


@require_safe
def index(request: Request) -> HttpResponseBase:
    ledger, rows = queries.notices_ledger(), queries.inbox(request.user)
    if "export" in request.GET:
        return exported(ledger, rows, request, title="消息")
    bulk = [
        BulkAction("标为已读", reverse("bureau:notice-read"), icon="check"),
        BulkAction(
            "移除", reverse("bureau:notice-put-away"), icon="x", confirm="移除选中的消息？消息所说的内容不受影响。"
        ),
    ]
    page = read_ledger(ledger, rows, request.GET, user=request.user, bulk=bulk)
    context = {"title": "消息", "ledger": page, "may_see_mails": _may_see_mails(request)}
    return render(request, "bureau/notices/list.html", context)


@require_safe
def latest(request: Request) -> HttpResponse:
    """What the bell shows; asked for by htmx, a page of its own otherwise."""
    if not request.htmx:
        return redirect("bureau:notice-list")
    return render(request, "bureau/notices/_latest.html", {"notices": queries.latest(request.user)})


@require_safe
def follow(request: Request, pk: int) -> HttpResponse:
    """To what a notice speaks of; it counts as read from now on. One whose subject is out of sight is not there."""
    notice = get_object_or_404(queries.readable(request.user), pk=pk)
    services.read([notice.pk], by=request.user, at=timezone.now())
    return redirect(notice.link)


@require_POST
def mark_read(request: Request) -> HttpResponse:
    ids = _selected(request)
    _say(request, services.read(ids, by=request.user, at=timezone.now()), "标为已读")
    return redirect("bureau:notice-list")


@require_POST
def mark_all_read(request: Request) -> HttpResponse:
    _say(request, services.read_all(by=request.user, at=timezone.now()), "标为已读")
    return redirect("bureau:notice-list")


@require_POST
def put_away(request: Request) -> HttpResponse:
    ids = _selected(request)
    _say(request, services.put_away(ids, by=request.user, at=timezone.now()), "移除")
    return redirect("bureau:notice-list")


@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """By which ways one is told, kind by kind."""
    if request.method == "POST":
        wanted = [
            services.Wanted(
                wish.kind.key, services.Ways(**{way: f"{wish.kind.key}:{way}" in request.POST for way in WAYS})
            )
            for wish in queries.wishes_of(request.user)
        ]
        services.choose_ways(wanted, by=request.user, at=timezone.now())
        messages.success(request, "消息设置已保存。")
        return redirect("bureau:notice-settings")
    context = {
        "title": "消息设置",
        "wishes": queries.wishes_of(request.user),
        "has_mail": services.is_mail_configured(),
        "digest_hour": services.digest_hour(),
    }
    return render(request, "bureau/notices/settings.html", context)


@require_safe
def mails(request: Request) -> HttpResponseBase:
    """Mails with notices and what became of them: one's own; operators and auditors see all."""
    rows = NoticeMail.objects.visible_to(request.user).select_related("recipient")
    if "export" in request.GET:
        return exported(queries.MAILS, rows, request, title="邮件发送")
    ledger = read_ledger(queries.MAILS, rows, request.GET, user=request.user)
    context = {
        "title": "邮件发送",
        "ledger": ledger,
        "has_mail": services.is_mail_configured(),
        "may_resend": may_resend_mails(request.user),
    }
    return render(request, "bureau/notices/mails.html", context)


@require_POST
def retry_mails(request: Request) -> HttpResponse:
    again = services.retry_failed(by=request.user, at=timezone.now())
    messages.success(request, f"{again} 封邮件已重新排队。" if again else "没有未送出的邮件。")
    return redirect("bureau:notice-mail-list")


def _selected(request: Request) -> list[int]:
    rows = selected_rows(queries.notices_ledger(), queries.inbox(request.user), request.POST)
    return list(rows.values_list("pk", flat=True))


def _say(request: Request, count: int, word: str) -> None:
    messages.success(request, f"{count} 条消息已{word}。" if count else f"没有消息需要{word}。")


def _may_see_mails(request: Request) -> bool:
    return bool(request.user.scope.roles & {"operator", "auditor"})
