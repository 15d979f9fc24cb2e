"""A draft bulletin being written: paragraphs, sections, their rules, the title, the template."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keshu.apps.briefings.forms.bulletins import ParagraphForm, SectionForm, TitleForm
from keshu.apps.briefings.models import Bulletin
from keshu.apps.briefings.services import bulletins, composing
from keshu.apps.briefings.services.bulletins import lifecycle
from keshu.apps.briefings.services.bulletins.words import chosen_of, paragraphs
from keshu.apps.briefings.services.composing import Chosen
from keshu.apps.briefings.views.bulletins import bulletin_of, for_government, version_of
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.answers import carried_out

SECTION_ACTS = ("up", "down", "remove")


@require_http_methods(["GET", "POST"])
@for_government
def paragraph(request: Request, pk: int, place: str) -> HttpResponse:
    """One paragraph in the drawer, to be written otherwise."""
    row = bulletin_of(request, pk)
    lifecycle.check(lifecycle.Move.CHANGE, row, user=request.user)
    there = paragraphs(bulletins.words_of(row)).get(place)
    if there is None:
        raise Http404("通报里没有这一段")
    form = ParagraphForm(request.POST or None, initial={"words": there.plain})
    if request.method == "POST" and form.is_valid():
        words, now = form.cleaned_data["words"], timezone.now()
        if carried_out(form, lambda: bulletins.rewrite_paragraph(
            row, place=place, words=words, version=version_of(request), by=request.user, at=now
        )):  # fmt: skip
            return redirect(f"{_page(row)}#p-{place.replace('.', '-')}")
    context = {"title": "改写段落", "form": form, "row": row, "submit": "保存", "told": there.lead}
    return render(request, "briefings/bulletins/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_government
def title(request: Request, pk: int) -> HttpResponse:
    """The bulletin's title."""
    row = bulletin_of(request, pk)
    lifecycle.check(lifecycle.Move.CHANGE, row, user=request.user)
    form = TitleForm(request.POST or None, initial={"title": row.title})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["title"]
        if carried_out(form, lambda: _arranged(request, row, chosen_of(row.sections), title=words)):
            return redirect("briefings:bulletin-detail", pk=pk)
    context = {"title": "修改标题", "form": form, "row": row, "submit": "保存"}
    return render(request, "briefings/bulletins/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_government
def section(request: Request, pk: int, section_id: str) -> HttpResponse:
    """A section's title and rules."""
    row = bulletin_of(request, pk)
    lifecycle.check(lifecycle.Move.CHANGE, row, user=request.user)
    sections = chosen_of(row.sections)
    chosen = _named(sections, section_id)
    declared = composing.BY_KEY[chosen.key]
    initial = {"title": chosen.title, **{one.key: one.default for one in declared.settings}, **chosen.settings}
    form = SectionForm(request.POST or None, declared=declared, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        changed = Chosen(chosen.id, chosen.key, data.pop("title"), data)
        wanted = [changed if each.id == section_id else each for each in sections]
        if carried_out(form, lambda: _arranged(request, row, wanted)):
            return redirect(f"{_page(row)}#s-{section_id}")
    context = {"title": f"栏目：{chosen.title}", "form": form, "row": row, "submit": "保存", "told": declared.about}
    return render(request, "briefings/bulletins/form.html", context, status=422 if form.errors else 200)


@require_POST
@for_government
def section_act(request: Request, pk: int, section_id: str, name: str) -> HttpResponse:
    """Move a section up or down, or take it out."""
    row = bulletin_of(request, pk)
    sections = list(chosen_of(row.sections))
    at = sections.index(_named(sections, section_id))
    if name not in SECTION_ACTS:
        raise Http404("没有这项办理")
    moved = sections.pop(at)
    if name != "remove":
        sections.insert(max(0, at - 1) if name == "up" else at + 1, moved)
    _arranged(request, row, sections)
    return redirect(f"{_page(row)}#sections")


@require_POST
@for_government
def section_add(request: Request, pk: int) -> HttpResponse:
    """A section at the end; what the office writes itself opens at once."""
    row = bulletin_of(request, pk)
    key = request.POST.get("key", "")
    declared = composing.BY_KEY.get(key)
    if declared is None:
        raise Unacceptable("请选择要添加的栏目。")
    sections = list(chosen_of(row.sections))
    taken = {each.id for each in sections}
    section_id = key if key not in taken else next(f"{key}{n}" for n in range(2, 1000) if f"{key}{n}" not in taken)
    sections.append(Chosen(section_id, key, declared.title, {one.key: one.default for one in declared.settings}))
    _arranged(request, row, sections)
    if key == "own":
        return redirect("briefings:bulletin-section", pk=pk, section_id=section_id)
    return redirect(f"{_page(row)}#sections")


@require_POST
@for_government
def template(request: Request, pk: int) -> HttpResponse:
    """Later bulletins of this kind begin with these sections."""
    row = bulletin_of(request, pk)
    sections = [each for each in chosen_of(row.sections) if each.key != "own"]
    bulletins.save_template(row.organisation, kind=row.kind, sections=sections, by=request.user, at=timezone.now())
    messages.success(request, f"已记为{row.get_kind_display()}的模板，以后的{row.get_kind_display()}照此成文。")
    return redirect("briefings:bulletin-detail", pk=pk)


def _arranged(request: Request, row: Bulletin, sections: Sequence[Chosen], *, title: str = "") -> Bulletin:
    return bulletins.arrange_sections(
        row, sections, title=title or row.title, version=version_of(request), by=request.user, at=timezone.now()
    )


def _named(sections: Sequence[Chosen], section_id: str) -> Chosen:
    for each in sections:
        if each.id == section_id:
            return each
    raise Http404("通报里没有这个栏目")


def _page(row: Bulletin) -> str:
    return reverse("briefings:bulletin-detail", args=[row.pk])
