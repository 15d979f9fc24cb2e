"""How often rows passed into a state, as the trail has it: for what no column counts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from keshu.apps.bureau.models import AuditAction, AuditEntry


def times_moved(subject_type: str, *, into: str, but_from: str, before: datetime) -> dict[int, int]:
    """By the row's id, how often it passed into the state of that name from any other but `but_from`. One query."""
    rows = AuditEntry.objects.filter(
        action=AuditAction.TRANSITION, subject_type=subject_type, after__state=into, at__lt=before
    ).exclude(after__from=but_from)
    counted = rows.order_by().values("subject_id").annotate(n=Count("pk")).values_list("subject_id", "n")
    return {int(pk): n for pk, n in counted if pk.isdecimal()}
