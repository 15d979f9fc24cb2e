"""What the trail tells of rows beside their history: how often they passed into a state, whether anything changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, Q

from keshu.apps.bureau.models import AuditAction, AuditEntry


def times_moved(subject_type: str, *, into: str, but_from: str, before: datetime) -> dict[int, int]:
    """By the row's id, how often it passed into the state of that name from any other but `but_from`. One query."""
    rows = AuditEntry.objects.filter(
        action=AuditAction.TRANSITION, subject_type=subject_type, after__state=into, at__lt=before
    ).exclude(after__from=but_from)
    counted = rows.order_by().values("subject_id").annotate(n=Count("pk")).values_list("subject_id", "n")
    return {int(pk): n for pk, n in counted if pk.isdecimal()}


def last_entry() -> int:
    """The number of the trail's last entry. One query."""
    return AuditEntry.objects.aggregate(last=Max("number"))["last"] or 0


def is_changed_since(number: int, *, subjects: Sequence[str]) -> bool:
    """Whether anything was changed since that entry in tables whose names begin so; reading and taking out is no change."""
    about = Q()
    for each in subjects:
        about |= Q(subject_type__startswith=each)
    later = AuditEntry.objects.filter(about, number__gt=number)
    return later.exclude(action__in=(AuditAction.EXPORT, AuditAction.DOWNLOAD)).exists()
