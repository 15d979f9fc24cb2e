"""What people do with the pieces of a draft from its page: decide, edit, add, move, undo. Each answers with the page again."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from keshu.apps.bureau.queries.owners import resolve_owners
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.forms.proposals import number_typed, numbers_posted
from keshu.apps.plans.models import Choice, OwnerRole, PlanProposal, ProposalFigure
from keshu.apps.plans.queries.proposals.pages import chosen_pieces, outline_of
from keshu.apps.plans.services import proposals
from keshu.apps.plans.services.proposals import Amount, NewTarget
from keshu.apps.plans.services.proposals.changing import names_in
from keshu.apps.plans.views.framing import for_government
from keshu.apps.plans.views.proposals import asked_in, back_of, proposal_of, version_of

ROLES = (OwnerRole.LEAD, OwnerRole.RESPONSIBLE, OwnerRole.SUPPORT)


def _back(request: Request, row: PlanProposal, item: int | str = "") -> HttpResponse:
    query = "&".join(filter(None, [back_of(request), urlencode({"item": item}) if item else ""]))
    return redirect(f"{reverse('plans:proposal-detail', args=[row.pk])}?{query}")


@require_POST
@for_government
def piece_choose(request: Request, pk: int, item: int) -> HttpResponse:
    """Decide one piece; the page goes on to the next that is undecided."""
    row = proposal_of(request, pk)
    proposals.choose(
        row, [item], choice=request.POST.get("choice", ""), reason=request.POST.get("reason", ""),
        version=version_of(request), by=request.user, at=timezone.now(),
    )  # fmt: skip
    stays = request.POST.get("choice", "") in ("", Choice.CHANGE)
    return _back(request, row, item if stays else _next(request, row, item))


def _next(request: Request, row: PlanProposal, item: int) -> int | str:
    """The next undecided piece behind this one, of what is shown; else the first of them; else this one."""
    outline = outline_of(row)
    order = {each.pk: place for place, each in enumerate(outline.items)}
    left = [each.pk for each in chosen_pieces(outline, asked_in(request, outline)) if each.pk in outline.undecided]
    behind = [pk for pk in left if order[pk] > order.get(item, 0)]
    return next(iter(behind or left), item)


@require_POST
@for_government
def piece_edit(request: Request, pk: int, item: int) -> HttpResponse:
    """Words, numbers, owners and deadline of one piece."""
    row = proposal_of(request, pk)
    figures = {
        each.pk: each.indicator
        for each in ProposalFigure.objects.visible_to(request.user).filter(proposal=row, item=item)
    }
    numbers = numbers_posted(request.POST, ids=list(figures), names=figures)
    asks_owners = any(f"owners-{role}" in request.POST for role in ROLES)
    proposals.edit_item(
        row, item, text=request.POST.get("text", ""), version=version_of(request), by=request.user, at=timezone.now(),
        owners={role: request.POST.get(f"owners-{role}", "") for role in ROLES} if asks_owners else None,
        due_text=request.POST.get("due_text") if "due_text" in request.POST else None,
        amounts={pk: Amount(*pair) for pk, pair in numbers.items()},
    )  # fmt: skip
    if asks_owners:
        _tell_unknown_owners(request, row)
    return _back(request, row, item)


def _tell_unknown_owners(request: Request, row: PlanProposal) -> None:
    """A name that the register does not know is kept as it is written; better told now than found at the review."""
    names = [name for role in ROLES for name in names_in(request.POST.get(f"owners-{role}", ""))]
    found = resolve_owners(names, home=row.organisation, on=timezone.localdate())
    unknown = [name for name, each in found.items() if each.certainty == "unknown"]
    if unknown:
        told = "、".join(f"“{name}”" for name in unknown)
        messages.warning(request, f"单位名册里没有{told}，已照写。写错了请改正；没写错的，转入后核对时再指定单位。")


@require_POST
@for_government
def piece_add(request: Request, pk: int, item: int, name: str) -> HttpResponse:
    """A target or a task behind a piece."""
    row = proposal_of(request, pk)
    version, by, at, data = version_of(request), request.user, timezone.now(), request.POST
    if name == "target":
        value = number_typed(data.get("value", ""), what="数值", field="value")
        if value is None:
            raise Unacceptable("请填目标的数值，例如 120。", field="value")
        target = NewTarget(data.get("indicator", ""), data.get("op", ""), Decimal(value), data.get("unit", ""))
        made = proposals.add_target(row, behind_id=item, target=target, version=version, by=by, at=at)
    elif name == "task":
        made = proposals.add_task(
            row, behind_id=item, title=data.get("title", ""), body=data.get("body", ""), version=version, by=by, at=at,
            owners={role: data.get(f"owners-{role}", "") for role in ROLES},
        )  # fmt: skip
    else:
        raise Http404("没有这种条目")
    return _back(request, row, made.pk)


@require_POST
@for_government
def piece_shift(request: Request, pk: int, item: int, name: str) -> HttpResponse:
    """Up or down among its like, or under the heading beside."""
    if name not in ("up", "down"):
        raise Http404("没有这种移动")
    row = proposal_of(request, pk)
    proposals.shift_item(row, item, up=name == "up", version=version_of(request), by=request.user, at=timezone.now())
    return _back(request, row, item)


@require_POST
@for_government
def piece_bulk(request: Request, pk: int) -> HttpResponse:
    """Decide all that is shown and undecided: as suggested, or all carried."""
    row = proposal_of(request, pk)
    outline = outline_of(row)
    ids = [each.pk for each in chosen_pieces(outline, asked_in(request, outline)) if each.pk in outline.undecided]
    if not ids:
        raise Unacceptable("这里没有未决定的条目。")
    version, by, at = version_of(request), request.user, timezone.now()
    if request.POST.get("how") == "suggested":
        proposals.accept_suggestions(row, ids, version=version, by=by, at=at)
    else:
        proposals.choose(row, ids, choice=Choice.CARRY, version=version, by=by, at=at)
    return _back(request, row)


@require_POST
@for_government
def proposal_undo(request: Request, pk: int) -> HttpResponse:
    """Take back the last change."""
    row = proposal_of(request, pk)
    proposals.undo(row, by=request.user, at=timezone.now())
    return _back(request, row, request.POST.get("item", ""))
