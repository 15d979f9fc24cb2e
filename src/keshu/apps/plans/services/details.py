"""What a draft says of itself: title, year, kind, issuer, number and date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import PlanKind, WorkPlan
from keshu.apps.plans.permissions import can_review_plan
from keshu.apps.plans.services.columns import short_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

FIELDS = frozenset({"title", "year", "kind", "issuer", "doc_number", "published_on"})
YEARS = range(1990, 2101)


def correct_details(plan: WorkPlan, *, fields: Mapping[str, Any], by: User, at: datetime) -> WorkPlan:
    """Set what the person gives (any of FIELDS). Keepers of a plan under review; Unacceptable names the field that is wrong."""
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise ValueError(f"no such detail of a plan: {', '.join(unknown)}; known: {', '.join(sorted(FIELDS))}")
    ready = dict(fields)
    if "title" in ready:
        ready["title"] = _text(ready["title"], "title")
        if not ready["title"]:
            raise Unacceptable("请填写标题。", field="title")
    for name in ("issuer", "doc_number"):
        if name in ready:
            ready[name] = _text(ready[name], name)
    if ready.get("year") is not None and ready["year"] not in YEARS:
        raise Unacceptable(f"年度请填四位数字，{YEARS[0]} 至 {YEARS[-1]}。", field="year")
    if "kind" in ready and ready["kind"] not in PlanKind.values:
        raise Unacceptable("请选择文件类型。", field="kind")
    with transaction.atomic():
        locked = WorkPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
        can_review_plan(by, locked)
        audit.Recorder(by=by, at=at).update(locked, organisation=locked.organisation, **ready)
    return locked


def _text(value: Any, field: str) -> str:
    return short_text(WorkPlan, field, value)
