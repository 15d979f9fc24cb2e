"""Words found anywhere in the source text, loaded in the browser or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.plans.models import SourceDocument
from keshu.apps.plans.permissions import can_see_plan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan

# So many places are sent; who finds more than that searches for more words.
MOST = 1000
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """Where the words begin and end, in characters of the text: the first ones, and how many there are in all."""

    places: tuple[tuple[int, int], ...]
    total: int


def find_words(plan: WorkPlan, words: str, *, user: User) -> Found:
    """Every place of `words` in the plan's document, whatever their case. Those who may see the plan; one query.

    A document breaks its lines, and tables their cells, within words: spaces between two characters do not matter.
    """
    can_see_plan(user, plan)
    wanted = "".join(words.split())[:LONGEST]
    if not wanted:
        return Found((), 0)
    text = SourceDocument.objects.values_list("text", flat=True).get(pk=plan.source_id)
    pattern = re.compile(r"\s*".join(map(re.escape, wanted)), re.IGNORECASE)
    places = tuple(match.span() for match in pattern.finditer(text))
    return Found(places[:MOST], len(places))
