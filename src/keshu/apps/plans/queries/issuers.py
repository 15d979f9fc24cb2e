"""The organisations a person may import plans for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from keshu.apps.bureau.queries.organisations import choosable
from keshu.apps.plans.permissions import BUREAU_KINDS, COUNTY_KINDS, is_keeper

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

# The bureau's own plan is by far the most frequent.
_FIRST = ("bureau", "county", "park", "office", "unit")


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
