"""The chain of the trail: one writer at a time extends it. Only the recorder (``services.audit``) does so.

Whoever writes an entry holds the head until the transaction ends, so that no two entries follow the same one; the recorder takes
it before the row it changes, which keeps two writers from waiting for each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction

from keshu.apps.bureau.models import AuditEntry, TrailHead
from keshu.apps.bureau.models.trail import HEAD
from keshu.kernel import chain

BATCH = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that waits for the end of its batch. It is registered with the transaction, which drops what it rolls back."""

    entry: AuditEntry

    def __call__(self) -> None:
        """Nothing is left to do once the transaction is committed."""


@dataclass(slots=True)
class Batch:
    """The head that the batch holds, and the entries made so far."""

    head: TrailHead
    waiting: list[Standing] = field(default_factory=list)


_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


@contextmanager
def batch() -> Iterator[None]:
    """Write the entries made within at its end, many at a time; for work that leaves hundreds. It is whole or nothing.

    What is undone within (a savepoint rolled back) leaves no entry. A batch in a batch is part of it.
    """
    if _batch.get() is not None:
        yield
        return
    with transaction.atomic():
        mine = Batch(hold_head())
        token = _batch.set(mine)
        try:
            yield
        finally:
            _batch.reset(token)
        kept = {id(each[1]) for each in connection.run_on_commit}
        entries = [each.entry for each in mine.waiting if id(each) in kept]
        extend_all(mine.head, entries)


def hold_head() -> TrailHead:
    """The chain's head, locked until the transaction ends.

    One that is gone or not signed by this site is begun anew at the newest entry; that it was stays written in it.
    """
    if (current := _batch.get()) is not None:
        return current.head
    head = TrailHead.objects.select_for_update().filter(pk=HEAD).first()
    if head is None:
        TrailHead.objects.get_or_create(pk=HEAD, defaults=_first_head())
        head = TrailHead.objects.select_for_update().get(pk=HEAD)
    if not head.is_signed:
        last = AuditEntry.objects.order_by("-number").first()
        head.number = 0 if last is None else last.number
        head.digest = chain.ROOT if last is None else last.digest
        head.unsigned_until = head.number
        head.sign()
    return head


def extend(head: TrailHead, entry: AuditEntry) -> AuditEntry:
    """Make the entry the next of the chain and save it, together with the head; within a batch, at its end."""
    if (current := _batch.get()) is not None:
        standing = Standing(entry)
        current.waiting.append(standing)
        transaction.on_commit(standing)
        return entry
    _number(head, entry)
    entry.save(force_insert=True)
    _keep(head)
    return entry


def extend_all(head: TrailHead, entries: Sequence[AuditEntry]) -> None:
    """As `extend`, for many entries at once."""
    if _batch.get() is not None:
        for entry in entries:
            extend(head, entry)
        return
    for entry in entries:
        _number(head, entry)
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)
    if entries:
        _keep(head)


def _number(head: TrailHead, entry: AuditEntry) -> None:
    """Put the entry behind the head, and the head on the entry."""
    entry.number, entry.previous = head.number + 1, head.digest
    entry.algorithm = settings.AUDIT_HASH
    entry.digest = chain.digest(entry.record(), algorithm=entry.algorithm)
    head.number, head.digest, head.algorithm = entry.number, entry.digest, entry.algorithm


def _keep(head: TrailHead) -> None:
    head.sign()
    head.save(force_update=True)


def _first_head() -> dict[str, object]:
    """The columns of a new head: signed where the trail is empty; else without a signature, so that the above begins it anew."""
    head = TrailHead(algorithm=settings.AUDIT_HASH, digest=chain.ROOT)
    if not AuditEntry.objects.exists():
        head.sign()
    return {name: getattr(head, name) for name in ("algorithm", "digest", "signature")}
