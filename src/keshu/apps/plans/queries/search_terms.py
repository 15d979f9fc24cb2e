"""What a person types into a ledger's search box: 高企 finds 高新技术企业 and the other way round, an office any of its names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Q

from keshu.apps.bureau.queries.initials import by_initials
from keshu.apps.bureau.queries.organisations import goes_by
from keshu.apps.plans.models import PlanNode, Responsibility
from keshu.apps.plans.queries.indicator_names import SYNONYMS, folded_name

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


def by_owner(model: type[Any]) -> Callable[[str], Q]:
    """Rows for which an organisation of that name answers: short name, full name, or a name documents call it by."""

    def condition(term: str) -> Q:
        held = Responsibility.objects.filter(goes_by(term, field="organisation")).order_by().values("node_id")
        return Q(pk__in=held) if model is PlanNode else Q(node_id__in=held)

    return condition
