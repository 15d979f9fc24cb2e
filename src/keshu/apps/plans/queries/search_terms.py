"""What a person types into a ledger's search box: 高企 finds 高新技术企业 and the other way round, an office any of its names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Q

from keshu.apps.bureau.queries.initials import by_initials
from keshu.apps.bureau.queries.organisations import goes_by
from keshu.apps.plans.models import Certainty, OwnerMention, OwnerRole, PlanNode, Responsibility, Target
from keshu.apps.plans.queries.indicator_names import SYNONYMS, folded_name

# Fourteen digits before the point is what the column holds.
_AMOUNT = re.compile(r"(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,14}(?:\.\d{1,6})?)(?P<unit>[^\d\s,.]{0,6})")
# Words are rarely spelt in more ways; each costs a comparison with every row.
MOST = 8


@lru_cache(maxsize=512)
def spellings(term: str) -> tuple[str, ...]:
    """The term as typed, and as documents write the same thing.

    >>> spellings("高企"), spellings("高新技术企业")[:2]
    (('高企', '高新技术企业'), ('高新技术企业', '高企'))
    """
    typed = term.casefold()
    found = dict.fromkeys([typed])
    for spoken, written in SYNONYMS:
        # 国家高新技术企业 holds 高新技术企业: whoever looks for the shorter finds the longer anyway.
        if spoken in typed and not (spoken in written and written in typed):
            found.setdefault(typed.replace(spoken, written))
        elif written in typed and written not in spoken:
            found.setdefault(typed.replace(written, spoken))
    return tuple(found)[:MOST]


def terms_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of a search, each in all its spellings."""
    return tuple(spellings(word) for word in text.split())


def holds_all(terms: Sequence[Sequence[str]], text: str) -> bool:
    """Whether every word occurs, in one of its spellings."""
    folded = text.casefold()
    return all(any(each in folded for each in term) for term in terms)


def spelt(*names: str) -> Callable[[str], Q]:
    """For a ledger's search: the word occurs in one of the fields, however it is spelt, or by the letters of its pinyin."""

    def condition(term: str) -> Q:
        written = (Q(**{f"{name}__icontains": each}) for name in names for each in spellings(term))
        return reduce(or_, written) | by_initials(term, *names)

    return condition


def as_indicator(term: str) -> Q:
    """The indicator by its name, or by the key under which its several names are one."""
    folded = folded_name(term)
    # The key ends in Latin words of its own.
    return spelt("indicator")(term) | (Q() if folded.isascii() else Q(indicator_key__contains=folded))


def as_amount(term: str) -> Q:
    """The targets that ask for a number, or whose stretch does: 520家, 1,100, 2.5%. Nothing for other words."""
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", term))
    if match is None:
        return Q(pk__in=[])
    value = Decimal(match["value"].replace(",", ""))
    asked = Q(value=value) | Q(value_high=value)
    if match["unit"]:
        asked &= Q(unit=match["unit"])
    stretches = Target.objects.kept().filter(asked, floor__isnull=False).order_by().values("floor_id")
    return asked | Q(pk__in=stretches)


def by_stranger(term: str) -> Q:
    """The tasks that name a body no organisation of the register stands for."""
    unknown = Q(is_outside=True) | Q(certainty=Certainty.UNKNOWN)
    named = OwnerMention.objects.kept().filter(unknown, name__icontains=term).exclude(role=OwnerRole.PERSON)
    return Q(pk__in=named.order_by().values("node_id"))


def by_owner(model: type[Any]) -> Callable[[str], Q]:
    """Rows for which an organisation of that name answers: short name, full name, or a name documents call it by."""

    def condition(term: str) -> Q:
        held = Responsibility.objects.filter(goes_by(term, field="organisation")).order_by().values("node_id")
        return Q(pk__in=held) if model is PlanNode else Q(node_id__in=held)

    return condition
