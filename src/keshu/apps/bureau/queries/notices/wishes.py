"""How people want to be told: their own choice, else what the kind does of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.bureau.models import NoticePreference
from keshu.apps.bureau.queries.notices.kinds import NoticeKind, Ways, kinds

if TYPE_CHECKING:
    from collections.abc import Collection

    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of a person's choice."""

    kind: NoticeKind
    ways: Ways


def wishes_of(user: User) -> tuple[Wish, ...]:
    """Every kind that can concern the person with the ways that hold for them. One query."""
    offered = [kind for kind in kinds() if kind.for_whom(user)]
    chosen = _chosen([user.pk], [kind.key for kind in offered])
    return tuple(Wish(kind, chosen.get((user.pk, kind.key), kind.ways)) for kind in offered)


def ways_for(user_ids: Collection[int], told: Collection[NoticeKind]) -> dict[tuple[int, str], Ways]:
    """The ways for each person and kind. One query."""
    chosen = _chosen(user_ids, [kind.key for kind in told])
    return {(pk, kind.key): chosen.get((pk, kind.key), kind.ways) for pk in user_ids for kind in told}


def _chosen(user_ids: Collection[int], keys: Collection[str]) -> dict[tuple[int, str], Ways]:
    always = {kind.key for kind in kinds() if not kind.may_be_off}
    rows = NoticePreference.objects.filter(user_id__in=user_ids, kind__in=keys)
    return {(row.user_id, row.kind): Ways(row.in_site or row.kind in always, row.mail, row.digest) for row in rows}
