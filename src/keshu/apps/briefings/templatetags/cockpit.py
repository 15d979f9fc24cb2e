"""Small parts of the cockpit: counts that lead to their rows, and lines small enough for a table's cell."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from keshu.apps.plans.queries import year_glance
from keshu.apps.plans.queries.wording import period_text

register = template.Library()


@register.simple_tag
def place(name: str) -> str:
    """The address of a page, empty while that page is not there."""
    return year_glance.place(name)


@register.simple_tag
def count_link(count: int, address: str, plan: str, narrowed: str, office: int, late: int = 0) -> SafeString | str:
    """A count as a link to its rows, of which `late` are past their day; a dash for none."""
    if not count:
        return "—"
    shown = format_html('<a href="{}?plan={}&{}{}">{}</a>', address, plan, narrowed, office, count)
    return format_html('{} <span class="late-count">（逾期 {}）</span>', shown, late) if late else shown


@register.simple_tag
def small_multiple(
    lines: Sequence[str], values: Sequence[int | None], rounds: Sequence[str], now: int | None
) -> SafeString | str:
    """A line through percentages with the latest beside it; the picture's name tells every value."""
    if now is None:
        return "—"
    told = "，".join(
        f"{period_text(key) if '-W' not in key else key} {'—' if value is None else f'{value}%'}"
        for key, value in zip(rounds, values, strict=True)
    )
    drawn = format_html_join(
        "",
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/>',
        ((points,) for points in lines if " " in points),
    )
    dots = [points.split(" ")[-1].split(",") for points in lines]
    last = format_html('<circle cx="{}" cy="{}" r="2" fill="currentColor"/>', *dots[-1])
    return format_html(
        '<span class="spark"><svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>'
        "{}{}</svg><span>{}%</span></span>",
        year_glance.WIDTH, year_glance.HEIGHT, year_glance.WIDTH, year_glance.HEIGHT, told, told, drawn, last, now,
    )  # fmt: skip
