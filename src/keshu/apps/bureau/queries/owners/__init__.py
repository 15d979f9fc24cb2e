"""Whom a document means by a name (高新处, 市财政局, 各县区): the organisations, how surely, and whom else it may mean."""

from keshu.apps.bureau.queries.owners.directory import OrganisationRef
from keshu.apps.bureau.queries.owners.resolution import (
    Resolution,
    may_remember,
    registered_aliases,
    resolve_owner,
    resolve_owners,
)
from keshu.apps.bureau.queries.owners.words import GROUPS, GroupWord

__all__ = [
    "GROUPS",
    "GroupWord",
    "OrganisationRef",
    "Resolution",
    "may_remember",
    "registered_aliases",
    "resolve_owner",
    "resolve_owners",
]
