"""Printed names and the organisations they mean, as the bureau's register knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.queries.owners import resolve_owners
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import Certainty
from keshu.apps.plans.services.building import Owners

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation

# The groups a person may choose, by kind of organisation, each with the words a document would use for it.
GROUP_WORDS = {
    "county": "各县区",
    "park": "各园区",
    "office": "各处室",
    "unit": "各直属单位",
    "department": "市直部门",
}


def owners_meant(texts: Iterable[str], *, home: Organisation, on: date) -> dict[str, Owners]:
    """What each printed name means in a document of `home`. Five queries however many there are."""
    return {
        text: Owners(tuple(ref.id for ref in found.organisations), Certainty(found.certainty))
        for text, found in resolve_owners(texts, home=home, on=on).items()
    }


def meaning_of(text: str, *, home: Organisation, on: date) -> Owners:
    return owners_meant([text], home=home, on=on)[text]


def group_members(kinds: Sequence[str], *, home: Organisation, on: date) -> tuple[int, ...]:
    """All organisations of these kinds around `home`; Unacceptable for a kind that is no group, or that has no members."""
    unknown = [kind for kind in kinds if kind not in GROUP_WORDS]
    if unknown:
        raise Unacceptable(f"没有“{'、'.join(unknown)}”这种单位类别。", field="group")
    meant = owners_meant([GROUP_WORDS[kind] for kind in kinds], home=home, on=on)
    members = tuple(dict.fromkeys(id for owners in meant.values() for id in owners.organisation_ids))
    if not members:
        raise Unacceptable("这一类单位在系统中还没有登记，请先登记单位，或确认为系统外单位。", field="group")
    return members


def known_organisations(organisation_ids: Iterable[int]) -> tuple[int, ...]:
    """The ids, each once; Unacceptable when one of them is no organisation."""
    wanted = tuple(dict.fromkeys(organisation_ids))
    if any(not 0 < id < 2**63 for id in wanted) or len(refs_of(wanted)) < len(wanted):
        raise Unacceptable("所选的单位不存在，请重新选择。", field="organisation_ids")
    return wanted


def naming_day(year: int | None, *, at: datetime) -> date:
    """The day whose organisations a document of that year names: today, or the last day of a year that is over."""
    today = local_day(at)
    return today if year is None or year >= today.year else date(year, 12, 31)


def local_day(at: datetime) -> date:
    """The day it is at that moment where the bureau is."""
    return timezone.localtime(at).date()
