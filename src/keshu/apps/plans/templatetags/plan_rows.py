"""Rows of a plan on pages: the address of a row's own page, and the cells of the responsibility matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from keshu.apps.bureau.queries.ledger import Mark
from keshu.apps.plans.models import OwnerRole
from keshu.apps.plans.queries.holders import OfficeRef
from keshu.apps.plans.queries.manuscript import Piece
from keshu.apps.plans.queries.matrix_pages import MatrixColumn, MatrixLine
from keshu.apps.plans.queries.tasks import MARKS
from keshu.apps.plans.queries.wording import period_text

register = template.Library()

_EMPTY = "<td></td>"
_WORDS = {role: OwnerRole(role).label for role in MARKS}
# So many offices of a task are named before the rest is only counted.
_NAMED = 6


@lru_cache(maxsize=4096)
def _page(url_name: str, pk: int) -> str:
    """Addresses repeat thousands of times on one page."""
    return reverse(url_name, args=[pk])


@register.simple_tag
def matrix_cells(line: MatrixLine, names: Sequence[str]) -> SafeString:
    """One ``td`` for each column: empty, or the mark of the role as a link to the task; `names` are those of `office_names`.

    Thousands of cells are too many for the template language one by one, and for the Tab key: the keyboard reaches the task at
    the head of the row.
    """
    href = _page("plans:task-detail", line.task.id)
    return mark_safe(
        "".join(
            _EMPTY
            if role is None
            else f'<td class="m m--{role}"><a href="{href}" tabindex="-1" title="{name} {_WORDS[role]}">{MARKS[role]}</a></td>'
            for role, name in zip(line.cells, names, strict=True)
        )
    )


@register.filter
def period_words(period: str) -> str:
    """A period as spoken: 2025年3月."""
    return period_text(period)


@register.filter
def mark_of(marks: Mapping[str, Mark], state: str) -> Mark:
    """The mark of a state."""
    return marks[state]


@register.filter
def at(found: Mapping[int, str], pk: int) -> str:
    """What a mapping has for a row; empty for nothing."""
    return found.get(pk, "")


@register.filter
def office_names(columns: Iterable[MatrixColumn]) -> list[SafeString]:
    """The columns' names, fit for an attribute."""
    return [escape(column.office.name) for column in columns]


@register.simple_tag
def office_links(offices: Iterable[OfficeRef], plan_id: int, named: int = _NAMED) -> SafeString:
    """Offices as links to their pages for the plan; of a long list the first ones, and how many there are."""
    offices = tuple(offices)
    shown = offices if len(offices) <= named + 1 else offices[:named]
    links = format_html_join(
        "、",
        '<a href="{}?plan={}" title="{}">{}</a>',
        ((_page("plans:office-detail", office.id), plan_id, office.full_name, office.name) for office in shown),
    )
    if len(shown) == len(offices):
        return links
    rest = "、".join(office.name for office in offices[len(shown) :])
    return format_html('{}<span class="muted" title="{}">等 {} 个单位</span>', links, rest, len(offices))


@register.simple_tag
def document_pieces(pieces: Iterable[Piece], ref: str = "") -> SafeString:
    """Runs of a paragraph: plain, or marked by kind and leading to their row; those of the row `ref` stand out."""
    return mark_safe("".join(_marked(piece, ref) if piece.rows else escape(piece.text) for piece in pieces))


def _marked(piece: Piece, ref: str) -> str:
    rows = piece.rows.split()
    kinds = " ".join([piece.kinds, "mark--this"] if ref in rows else [piece.kinds])
    href = f"{_source(rows[0])}#s{piece.start}"
    return f'<a id="s{piece.start}" class="mark {kinds}" href="{href}">{escape(piece.text)}</a>'


@lru_cache(maxsize=4096)
def _source(ref: str) -> str:
    return reverse("plans:source", args=[ref])


@register.filter
def page(pk: int, url_name: str) -> str:
    """The address of a row's page of that name, remembered: long tables ask for thousands."""
    return _page(url_name, pk)


@register.filter
def row_page(ref: str) -> str:
    """The page of the row that a reference (``target-12``, ``node-3``) names."""
    kind, _, number = ref.partition("-")
    return _page("plans:target-detail" if kind == "target" else "plans:task-detail", int(number))
