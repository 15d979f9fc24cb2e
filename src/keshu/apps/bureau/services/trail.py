"""The chain of the trail: one writer at a time extends it. Only the recorder (``services.audit``) does so."""

from __future__ import annotations

from django.conf import settings

from keshu.apps.bureau.models import AuditEntry, TrailHead
from keshu.apps.bureau.models.trail import HEAD
from keshu.kernel import chain


def hold_head() -> TrailHead:
    """The chain's head, locked until the transaction ends.

    One that is gone or not signed by this site is begun anew at the newest entry; that it was stays written in it.
    """
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


def _first_head() -> dict[str, object]:
    """The columns of a new head: signed where the trail is empty; else without a signature, so that the above begins it anew."""
    head = TrailHead(algorithm=settings.AUDIT_HASH, digest=chain.ROOT)
    if not AuditEntry.objects.exists():
        head.sign()
    return {name: getattr(head, name) for name in ("algorithm", "digest", "signature")}


def extend(head: TrailHead, entry: AuditEntry) -> AuditEntry:
    """Make the entry the next of the chain and save it, together with the head."""
    entry.number, entry.previous = head.number + 1, head.digest
    entry.algorithm = settings.AUDIT_HASH
    entry.digest = chain.digest(entry.record(), algorithm=entry.algorithm)
    entry.save(force_insert=True)
    head.number, head.digest, head.algorithm = entry.number, entry.digest, entry.algorithm
    head.sign()
    head.save(force_update=True)
    return entry
