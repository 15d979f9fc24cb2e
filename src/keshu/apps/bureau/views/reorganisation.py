"""Renaming, merging and splitting organisations: asked in a form, shown as a rehearsal, done when confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from keshu.apps.bureau.forms import ReorganisationForm
from keshu.apps.bureau.models import Organisation, OrganisationKind, SuccessionKind
from keshu.apps.bureau.permissions import can_manage_organisations
from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services import reorganisation as services
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.takeover import Share, open_shares
from keshu.apps.bureau.signals import HandedOver

# Which kinds may be merged with one another.
FAMILIES = ((OrganisationKind.OFFICE, OrganisationKind.UNIT), (OrganisationKind.COUNTY, OrganisationKind.PARK))
STEERING = ("csrfmiddlewaretoken", "confirmed", "back", "shared")
SHARED = ("people", "children", "work")
WHY = "去向的依据"
GROUP_LABELS = {"任务": "文件", "调度填报": "文件"} | dict.fromkeys(
    ("提出的问题", "整改的问题", "督办单", "发出的督办单", "议定事项"), WHY
)


@dataclass(frozen=True, slots=True)
class Passing:
    """What passes on of one sort, for the rehearsal. `group_label` heads the groups where those are not the old organisations."""

    noun: str
    lines: tuple[HandedOver, ...]
    group_label: str = ""

    @property
    def tells_origin(self) -> bool:
        return any(line.was for line in self.lines)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One thing to be given to a part, and to which it is given so far."""

    share: Share
    place: int | None
    is_missing: bool


@require_http_methods(["GET", "POST"])
def reorganise(request: Request, pk: int) -> HttpResponse:
    """The form; for a split who and what goes where; what will change; and then the act."""
    row = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk)
    can_manage_organisations(request.user)
    if row.closed_on is not None:
        raise Unacceptable(f"“{row}”已于 {row.closed_on:%Y-%m-%d} 撤并，不能再调整。")
    kind = _kind(request)
    first = {"on": timezone.localdate(), **request.GET.dict()}
    form = ReorganisationForm(request.POST or None, kind=kind, candidates=_candidates(request, row), initial=first)
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        return _acted(request, row, form) or _form_page(request, row, form)
    return _form_page(request, row, form)


def _acted(request: Request, row: Organisation, form: ReorganisationForm) -> HttpResponse | None:
    """The next page, or None where the services said no."""
    asked = _asked(request, row, form)
    is_split, is_confirmed = len(asked["successors"]) > 1, "confirmed" in request.POST
    if is_confirmed and not is_split:
        return _done(request, form, asked)
    outcome = carried_out(form, partial(services.rehearse, **asked))
    if outcome is None:
        return None
    context = _context(request, row, form) | {"outcome": outcome, "kept": _kept(request), "on": asked["on"]}
    context["predecessors"] = asked["predecessors"]
    context["becomes"] = "并入" if form.cleaned_data.get("into") else f"{context['word']}为"
    if is_split and (page := _shares_page(request, row, context, asked)) is not None:
        return page  # also when confirmed: something may have come up after the choice was made
    if is_confirmed:
        return _done(request, form, asked)
    context["passing"] = _passing(outcome)
    return render(request, "bureau/organisations/rehearsal.html", context)


def _done(request: Request, form: ReorganisationForm, asked: dict[str, Any]) -> HttpResponse | None:
    outcome = carried_out(form, partial(services.reorganise, **asked))
    if outcome is None:
        return None
    messages.success(request, f"机构调整已办理，{_listed(outcome.successors)}从 {asked['on']:%Y-%m-%d} 起承接。")
    return redirect("bureau:organisation-detail", pk=outcome.successors[0].pk)


def _passing(outcome: services.Outcome) -> list[Passing]:
    """What passes on, sort by sort."""
    found: dict[str, dict[HandedOver, None]] = {}
    for line in outcome.handed_over:
        found.setdefault(line.noun, {})[line] = None
    return [Passing(noun, tuple(lines), GROUP_LABELS.get(noun, "")) for noun, lines in found.items()]


def _shares_page(
    request: Request, row: Organisation, context: dict[str, Any], asked: dict[str, Any]
) -> HttpResponse | None:
    """The page on which every person and task is given to one of the parts; None once all of them are."""
    is_first = "shared" not in request.POST
    given = asked["shares"]
    rows = {
        noun: [_share_row(share, given, count=len(asked["successors"]), is_first=is_first) for share in found]
        for noun, found in open_shares(row, on=asked["on"], rehearsed=context["outcome"].handed_over).items()
    }
    missing = [each for found in rows.values() for each in found if each.place is None]
    if not missing:
        return None
    context |= {"shares": rows, "kept": _kept(request, but=SHARED), "missing": 0 if is_first else len(missing)}
    return render(request, "bureau/organisations/shares.html", context, status=200 if is_first else 422)


def _share_row(share: Share, given: services.Shares, *, count: int, is_first: bool) -> ShareRow:
    noun, _, key = share.field.partition("-")
    place = getattr(given, noun).get(int(key))
    place = place if place is not None and place < count else None
    return ShareRow(share, place, is_missing=place is None and not is_first)


def _asked(request: Request, row: Organisation, form: ReorganisationForm) -> dict[str, Any]:
    """The form's answers as the service takes them."""
    data, seen = form.cleaned_data, Organisation.objects.visible_to(request.user)
    new = [OrganisationFields(name, short, row.kind, row.parent_id) for name, short in form.names]
    into = [get_object_or_404(seen, pk=data["into"])] if data.get("into") else []
    others = seen.filter(pk__in=data.get("others") or []).order_by("position", "pk")
    return {
        "predecessors": [row, *others],
        "successors": [*into, *new],
        "on": data["on"],
        "reason": data["reason"],
        "shares": services.Shares(**{noun: _chosen(request, noun) for noun in SHARED}),
        "by": request.user,
        "at": timezone.now(),
    }


def _chosen(request: Request, noun: str) -> dict[int, int]:
    """The fields ``people-12=1`` as key and place."""
    found = {}
    for name, value in request.POST.items():
        head, _, key = name.partition("-")
        place = str(value)
        if head == noun and all(part.isascii() and part.isdigit() and len(part) < 12 for part in (key, place)):
            found[int(key)] = int(place)
    return found


def _kind(request: Request) -> SuccessionKind:
    asked = request.GET.get("kind", "")
    return SuccessionKind(asked) if asked in SuccessionKind.values else SuccessionKind.RENAMED


def _candidates(request: Request, row: Organisation) -> list[tuple[int, str]]:
    """Open organisations it may be merged with."""
    kinds: Sequence[str] = next((family for family in FAMILIES if row.kind in family), (row.kind,))
    return [
        (ref.id, ref.name) for ref in choosable(request.user, on=timezone.localdate(), kinds=kinds) if ref.id != row.pk
    ]


def _kept(request: Request, *, but: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The answers so far, to be sent again from the next page."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in STEERING and name.partition("-")[0] not in but
        for value in values
    ]


def _context(request: Request, row: Organisation, form: ReorganisationForm) -> dict[str, Any]:
    tabs = [
        {"label": label, "href": f"?kind={value}", "current": value == form.kind, "count": None}
        for value, label in SuccessionKind.choices
    ]
    word = SuccessionKind(form.kind).label
    return {"form": form, "organisation": row, "title": f"机构调整：{row}", "tabs": tabs, "word": word}


def _form_page(request: Request, row: Organisation, form: ReorganisationForm) -> HttpResponse:
    context = _context(request, row, form) | {"back": reverse("bureau:organisation-detail", args=[row.pk])}
    is_wrong = request.method == "POST" and "back" not in request.POST
    return render(request, "bureau/organisations/reorganise.html", context, status=422 if is_wrong else 200)


def _listed(rows: Sequence[Organisation]) -> str:
    return "、".join(f"“{row}”" for row in rows)
