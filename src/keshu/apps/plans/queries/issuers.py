"""The organisations a person may import plans for, and whether a document names another place than the one chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.plans.permissions import BUREAU_KINDS, COUNTY_KINDS, is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

# The bureau's own plan is by far the most frequent.
_FIRST = ("bureau", "county", "park", "office", "unit")
# 云澜市, then 青岭县; 云澜高新区.
_PLACE = re.compile(r"[^省市县区州盟旗\s、，]+[省市县区州盟旗]")


@dataclass(frozen=True, slots=True)
class Issuer:
    """An organisation by the fields that `is_keeper` looks at."""

    pk: int
    kind: str
    name: str
    short_name: str

    def __str__(self) -> str:
        return self.short_name or self.name


def issuers_of(user: User, *, on: date) -> tuple[Issuer, ...]:
    """Whom the person may import for, the most likely first. One query."""
    kinds = (*BUREAU_KINDS, *COUNTY_KINDS)
    found = [Issuer(ref.id, ref.kind, ref.name, ref.short_name) for ref in choosable(user, on=on, kinds=kinds)]
    kept = [issuer for issuer in found if is_keeper(user, cast("Organisation", issuer))]
    return tuple(sorted(kept, key=lambda issuer: _rank(issuer, user)))


def _rank(issuer: Issuer, user: User) -> tuple[bool, int]:
    """The bureau first for those who plan for it, otherwise one's own organisation."""
    is_own = issuer.pk in user.scope.organisation_ids
    rank = _FIRST.index(issuer.kind) if issuer.kind in _FIRST else len(_FIRST)
    return (issuer.kind != "bureau" and not is_own, rank)


def foreign_issuer(plan: WorkPlan) -> str:
    """Who signed the document (or its region, unsigned), where that is of another place than the plan's organisation.

    Only places are compared: a government office may well sign what the bureau keeps. Empty when they agree or nothing is known.
    """
    own = _own_places(plan.organisation)
    signed = plan.issuer if _PLACE.search(plan.issuer) else ""
    if not own or (not signed and any(place in plan.title for place in own)):
        return ""
    named = signed or str(plan.source.meta.get("region") or "")
    places = _PLACE.findall(named)
    return named if places and not any(places[-1].endswith(place) for place in own) else ""


def _own_places(organisation: Organisation | None) -> tuple[str, ...]:
    """The narrowest place in the name and in the short name; an office has that of the nearest body above."""
    while organisation is not None:
        found = [
            places[-1] for name in (organisation.name, organisation.short_name) if (places := _PLACE.findall(name))
        ]
        if found:
            return tuple(found)
        organisation = organisation.parent
    return ()
