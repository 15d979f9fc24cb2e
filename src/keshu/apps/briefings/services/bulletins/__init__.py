"""Bulletins: begun, written, submitted, released, withdrawn; their words and their papers."""

from keshu.apps.briefings.services.bulletins.drafting import (
    arrange_sections,
    begin_bulletin,
    compose_anew,
    offered_periods,
    rewrite_paragraph,
    save_template,
    sections_of,
)
from keshu.apps.briefings.services.bulletins.moving import (
    discard_bulletin,
    release_bulletin,
    return_bulletin,
    submit_bulletin,
    withdraw_bulletin,
)
from keshu.apps.briefings.services.bulletins.words import lapsed_edits, reproduced, rewritings, words_of

__all__ = [
    "arrange_sections", "begin_bulletin", "compose_anew", "discard_bulletin", "lapsed_edits", "offered_periods",
    "release_bulletin", "reproduced", "return_bulletin", "rewrite_paragraph", "rewritings", "save_template",
    "sections_of", "submit_bulletin", "withdraw_bulletin", "words_of",
]  # fmt: skip
