"""How a bulletin's words are written into a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from keshu.apps.briefings.services.composing.passages import Chart, Line

register = template.Library()
BRIEF = 4
_NUMBERS = "零一二三四五六七八九十"


@register.simple_tag
def line(words: Line, sources: Mapping[str, tuple[str, str]]) -> SafeString:
    """The words, each figure a link to what stands behind it."""
    found = []
    for each in words:
        told, address = sources.get(each.source, ("", ""))
        if address:
            found.append(
                format_html('<a class="bulletin__figure" href="{}" title="来源：{}">{}</a>', address, told, each.text)
            )
        else:
            found.append(format_html("{}", each.text))
    return format_html_join("", "{}", ((one,) for one in found))


@register.filter
def is_brief(words: Line) -> bool:
    """Whether a cell holds so few characters that they stay on one line."""
    return sum(len(each.text) for each in words) <= BRIEF


@register.filter
def shares(widths: Sequence[float]) -> list[str]:
    """Widths of columns in hundredths of the whole.

    >>> shares([1, 3])
    ['25.0', '75.0']
    """
    return [f"{100 * width / sum(widths):.1f}" for width in widths]


@register.filter
def bars(chart: Chart) -> list[tuple[str, str, str]]:
    """Label, figure and length of each bar in hundredths of the longest, the longest first."""
    most = max((abs(value) for value in chart.values), default=0) or 1
    pairs = sorted(zip(chart.labels, chart.values, strict=True), key=lambda pair: -pair[1])
    return [(label, f"{value:g}", f"{100 * max(value, 0) / most:.1f}") for label, value in pairs]


@register.filter
def chinese_number(number: int) -> str:
    """1 as 一, up to 99.

    >>> chinese_number(1), chinese_number(10), chinese_number(12), chinese_number(20)
    ('一', '十', '十二', '二十')
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMBERS[tens]}十"
    return head + (_NUMBERS[ones] if ones else "")


@register.filter
def addtext(text: str, more: object) -> str:
    """Text with something after it."""
    return f"{text}{more}"
