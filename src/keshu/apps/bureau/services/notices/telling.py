"""From an event to notices: who of those named may know, by which ways, and each of them once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.models import Membership, Notice, NoticeMail, Scope, User
from keshu.apps.bureau.queries.notices import NoticeKind, Ways, kind_named
from keshu.apps.bureau.queries.notices.wishes import ways_for

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation

BATCH = 500


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to some people of one event. ``link`` is an address within the site; ``key`` names the event."""

    kind: str
    recipients: Collection[int]
    title: str
    text: str
    link: str
    key: str
    organisation_id: int | None = None
    subject_id: int | None = None

    def __post_init__(self) -> None:
        kind = kind_named(self.kind)
        if not self.link.startswith("/") or self.link.startswith("//"):
            raise ValueError(f"a notice leads within the site, not to {self.link!r}")
        if kind.sight is not None and self.subject_id is None:
            raise ValueError(f"a notice of kind {self.kind!r} needs the subject_id whose sight decides who is told")


def notify(
    *,
    kind: str,
    recipients: Collection[int],
    title: str,
    text: str,
    link: str,
    key: str,
    at: datetime,
    organisation: Organisation | int | None = None,
    subject_id: int | None = None,
) -> int:
    """Tell these people of one event, in the caller's transaction; how many were told. See :func:`tell`."""
    organisation_id = organisation if isinstance(organisation, int) else getattr(organisation, "pk", None)
    return tell([Message(kind, recipients, title, text, link, key, organisation_id, subject_id)], at=at)


def tell(messages: Sequence[Message], *, at: datetime) -> int:
    """Tell many people of an event in words of their own; how many were told.

    Only those whose account is active, who see the subject and have not switched the kind off. Whoever was told of the
    event before (same kind and key), or by an earlier message of this call, is left alone.
    """
    wanted = _once(messages)
    if not wanted:
        return 0
    told_kinds = [kind_named(key) for key in {message.kind for _, message in wanted}]
    people = _people({pk for pk, _ in wanted}, at=at)
    ways = ways_for(list(people), told_kinds)
    before = _told_before(wanted)
    notices = [
        (_notice(person, message, ways=ways[pk, message.kind], at=at), ways[pk, message.kind])
        for pk, message in wanted
        if (person := people.get(pk)) is not None
        and (pk, message.kind, message.key) not in before
        and ways[pk, message.kind].any
        and is_within_sight(person, kind_named(message.kind), message.subject_id)
    ]
    with transaction.atomic():
        _give_mails([notice for notice, way in notices if way.mail], at=at)
        # Two who tell of the same event in the same moment: the second adds nothing.
        Notice.objects.bulk_create([notice for notice, _ in notices], batch_size=BATCH, ignore_conflicts=True)
    return len(notices)


def is_within_sight(person: User, kind: NoticeKind, subject_id: int | None) -> bool:
    """Whether the person may know of the subject by this kind."""
    return kind.sight is None or kind.sight(person).filter(pk=subject_id).exists()


def _once(messages: Iterable[Message]) -> list[tuple[int, Message]]:
    """Each person with the first message of each event that is meant for them."""
    found: dict[tuple[int, str, str], Message] = {}
    for message in messages:
        for pk in message.recipients:
            found.setdefault((pk, message.kind, message.key), message)
    return [(pk, message) for (pk, _, _), message in found.items()]


def _people(ids: Collection[int], *, at: datetime) -> dict[int, User]:
    """The active ones with their scope, so that nobody's is asked for one by one. Two queries."""
    people = User.objects.filter(pk__in=ids, is_active=True).in_bulk()
    seats: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.current(timezone.localtime(at).date()).filter(user_id__in=list(people))
    for row in rows.select_related("organisation"):
        seats[row.user_id].append(row)
    for pk, person in people.items():
        person.__dict__["scope"] = Scope.of(seats[pk])
    return people


def _told_before(wanted: Collection[tuple[int, Message]]) -> set[tuple[int, str, str]]:
    rows = Notice.objects.filter(
        recipient_id__in={pk for pk, _ in wanted},
        kind__in={message.kind for _, message in wanted},
        key__in={message.key for _, message in wanted},
    )
    return set(rows.values_list("recipient_id", "kind", "key"))


def _notice(person: User, message: Message, *, ways: Ways, at: datetime) -> Notice:
    return Notice(
        recipient=person,
        kind=message.kind,
        key=message.key,
        # One line, also as the subject of a mail.
        title=" ".join(message.title.split())[:200],
        text=message.text.strip(),
        link=message.link,
        organisation_id=message.organisation_id,
        subject_id=message.subject_id,
        at=at,
        is_in_site=ways.in_site,
        is_for_digest=ways.digest,
    )


def _give_mails(notices: Sequence[Notice], *, at: datetime) -> None:
    """A mail for each notice whose reader has an address; none where the site has no mail server."""
    reachable = [notice for notice in notices if settings.EMAIL_HOST and notice.recipient.email]
    mails = [NoticeMail(recipient=notice.recipient, created_at=at, next_at=at) for notice in reachable]
    for notice, mail in zip(reachable, NoticeMail.objects.bulk_create(mails, batch_size=BATCH), strict=True):
        notice.mail = mail
