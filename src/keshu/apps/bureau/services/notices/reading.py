"""What a person does with notices: read, put away, choose the ways. Everybody for themselves alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.models import NoticePreference
from keshu.apps.bureau.queries.notices import Ways, inbox, kind_named, readable
from keshu.apps.bureau.services import audit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person's choice for one kind."""

    kind: str
    ways: Ways


def read(notice_ids: Collection[int], *, by: User, at: datetime) -> int:
    """Mark notices of one's own as read; how many were not yet."""
    return readable(by).unread().filter(pk__in=notice_ids).update(read_at=at)


def read_all(*, by: User, at: datetime) -> int:
    """Mark the whole inbox as read; how many were not yet."""
    return inbox(by).unread().update(read_at=at)


def put_away(notice_ids: Collection[int], *, by: User, at: datetime) -> int:
    """Take notices out of one's inbox, read or not; how many."""
    return inbox(by).filter(pk__in=notice_ids).update(put_away_at=at)


def choose_ways(wanted: Iterable[Wanted], *, by: User, at: datetime) -> None:
    """Keep how one wants to be told; the inbox of a kind that may not be off stays on whatever is asked."""
    log = audit.Recorder(by=by, at=at)
    with transaction.atomic():
        kept = {row.kind: row for row in NoticePreference.objects.visible_to(by)}
        for each in wanted:
            kind = kind_named(each.kind)
            ways = {
                "in_site": each.ways.in_site or not kind.may_be_off,
                "mail": each.ways.mail,
                "digest": each.ways.digest,
            }
            if (row := kept.get(each.kind)) is not None:
                log.update(row, **ways)
            elif Ways(**ways) != kind.ways:
                log.create(NoticePreference(user=by, kind=each.kind, **ways))
