"""How the review page words the state of a row."""

from __future__ import annotations

from django import template

from keshu.apps.bureau.queries.ledger import Mark, Tone
from keshu.apps.plans.models import Review
from keshu.apps.plans.queries.reviewing import GridRow

register = template.Library()

_DOUBTFUL = Mark("存疑", Tone.AT_RISK, "alert-triangle")
_MARKS = {
    Review.PENDING: Mark("待核", Tone.UNKNOWN, "circle-dashed"),
    Review.ACCEPTED: Mark("已核", Tone.DONE, "circle-check"),
    Review.CORRECTED: Mark("已改", Tone.DONE, "edit"),
    Review.ADDED: Mark("补录", Tone.DONE, "plus"),
    Review.REJECTED: Mark("已剔除", Tone.UNKNOWN, "circle-x"),
}


@register.filter
def review_mark(row: GridRow) -> Mark:
    """Icon, word and tone: 存疑 for a pending row with doubts, else what its review says."""
    return _DOUBTFUL if row.is_doubtful else _MARKS[Review(row.review)]
