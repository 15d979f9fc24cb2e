"""Small parts that every page writes many times: icons, states in words, figures and dates as the house writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.bureau.queries.ledger.cells import written

register = template.Library()

_ICONS = {
    Tone.DONE: "circle-check",
    Tone.ON_TRACK: "progress",
    Tone.AT_RISK: "alert-triangle",
    Tone.LATE: "alert-circle",
    Tone.UNKNOWN: "circle-dashed",
}
_JOB_TONES = {"queued": "unknown", "running": "on-track", "done": "done", "failed": "late", "cancelled": "unknown"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the house set; the word beside it says what it means. `size`: large or hero."""
    extra = f" icon--{size}" if size else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def state(tone: str | Mark, word: str = "", boxed: bool = False, icon_name: str = "") -> SafeString:
    """A state as icon, word and colour: ``{% state "late" "已逾期" %}`` or ``{% state mark %}``."""
    if isinstance(tone, Mark):
        return state(tone.tone.value, tone.word, boxed, tone.icon)
    known = Tone(tone) if tone in set(Tone) else Tone.UNKNOWN
    return format_html(
        '<span class="state state--{}{}">{}{}</span>',
        known.value,
        " state--boxed" if boxed else "",
        icon(icon_name or _ICONS[known]),
        word,
    )


@register.simple_tag
def job_state(job: Any) -> SafeString:
    """The state of a background job; `tone` in its result marks one whose outcome somebody should look at."""
    if job.state == "done" and job.result.get("tone") == "at-risk":
        return state("at-risk", "请核对")
    return state(_JOB_TONES.get(job.state, "unknown"), job.get_state_display())


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that belongs to a tone."""
    return _ICONS[Tone(tone)] if tone in set(Tone) else _ICONS[Tone.UNKNOWN]


@register.filter
def figure(value: Any) -> str:
    """A number as the tables write it: 1,234.5; a dash for nothing."""
    return written(Decimal(value) if isinstance(value, float) else value)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as tables write it, 2026-03-05."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return written(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Date and time to the minute, in the bureau's time zone."""
    return written(value)


@register.filter
def in_words(value: date | datetime | None) -> str:
    """A date as running text writes it, 2026年3月5日."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.filter
def percent(done: int, total: int) -> int:
    """How much of `total` is done, in whole per cent; 0 where the total is not known."""
    return min(100, int(done) * 100 // int(total)) if total else 0
