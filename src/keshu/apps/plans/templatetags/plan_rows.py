"""Rows of a plan on pages: the address of a row's own page, and the cells of the responsibility matrix."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from keshu.apps.plans.models import OwnerRole
from keshu.apps.plans.queries.matrix_pages import MatrixLine
from keshu.apps.plans.queries.tasks import MARKS

register = template.Library()

_EMPTY = "<td></td>"
_WORDS = {role: OwnerRole(role).label for role in MARKS}


@register.simple_tag
def matrix_cells(line: MatrixLine) -> SafeString:
    """One ``td`` for each column: empty, or the mark of the role as a link to the task, with its word for those who cannot see it.

    Sixty offices by three hundred tasks are eighteen thousand cells, too many for the template language one by one.
    """
    href = escape(reverse("plans:task-detail", args=[line.task.id]))
    title = escape(line.task.title)
    parts = [
        _EMPTY
        if cell is None
        else f'<td class="m m--{cell.role}"><a href="{href}" title="{escape(cell.office.name)} {_WORDS[cell.role]}：{title}">'
        f'<span aria-hidden="true">{MARKS[cell.role]}</span><span class="sr-only">{_WORDS[cell.role]}</span></a></td>'
        for cell in line.cells
    ]
    return mark_safe("".join(parts))


@register.filter
def row_page(ref: str) -> str:
    """The page of the row that a reference (``target-12``, ``node-3``) names."""
    kind, _, number = ref.partition("-")
    return reverse("plans:target-detail" if kind == "target" else "plans:task-detail", args=[number])
