"""For which organisations a person fills and signs forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.plans.permissions import BUREAU_KINDS
from keshu.apps.plans.permissions.checkins import COUNTY_SIGNING_ROLES, FILING_ROLES, SIGNING_ROLES

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def filing_ids(user: User) -> frozenset[int]:
    """The organisations for which the person fills forms, as a deputy too."""
    return _seated(user, FILING_ROLES)


def signing_ids(user: User) -> frozenset[int]:
    """The organisations in which the person sits and signs; a leader may sign for the bureau's offices besides."""
    return _seated(user, (*SIGNING_ROLES, *COUNTY_SIGNING_ROLES))


def signs_for_all(user: User) -> bool:
    """Whether the person may sign for every office of the bureau."""
    return "leader" in user.scope.roles and "auditor" not in user.scope.roles


def _seated(user: User, roles: tuple[str, ...]) -> frozenset[int]:
    if "auditor" in user.scope.roles:
        return frozenset()
    return frozenset(organisation_id for organisation_id, role in user.scope.seats if role in roles)


__all__ = ["BUREAU_KINDS", "filing_ids", "signing_ids", "signs_for_all"]
