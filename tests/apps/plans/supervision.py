"""Notices for tests, brought to any state by the real services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.factories import AT, make

from keshu.apps.bureau.models import Organisation
from keshu.apps.plans.models import SupervisionNotice
from keshu.apps.plans.queries.supervision.matters import Matter
from keshu.apps.plans.services import supervision
from keshu.apps.plans.services.supervision import NoticeFields

DUE = date(2026, 3, 20)
# The way from a draft to each state.
COURSE = ("draft", "issued", "signed_for", "replied", "accepted", "closed")


def days(count: int) -> datetime:
    """The moment so many days after that of the tests."""
    return AT + timedelta(days=count)


def write(site: SimpleNamespace, *, addressee: Organisation | None = None, **traits: Any) -> SupervisionNotice:
    fields = NoticeFields(
        title=traits.pop("title", "关于技术合同登记工作的督办"),
        demand=traits.pop("demand", "查清原因。\n按时报送。"),
        addressee_id=(addressee or site.gaoxin).pk,
        due_on=traits.pop("due_on", DUE),
        matters=traits.pop("matters", (Matter("技术合同登记"),)),
    )
    return supervision.write_notice(fields, by=site.people["planner"], at=traits.pop("at", AT), **traits)


def brought_to(site: SimpleNamespace, state: str, **traits: Any) -> SupervisionNotice:
    """A notice in that state: written by the planner, issued by the leader, answered by the clerk of its office."""
    people, at = site.people, AT
    notice = write(site, **traits)
    clerk = people["clerk"] if notice.addressee_id == site.gaoxin.pk else people["county_clerk"]
    if state == "discarded":
        return supervision.discard_notice(notice, by=people["planner"], at=at)
    wanted = {"returned": "replied", "cancelled": "issued"}.get(state, state)
    steps = {
        "issued": lambda: supervision.issue_notice(notice, by=people["leader"], at=at),
        "signed_for": lambda: supervision.sign_for(notice, by=clerk, at=at),
        "replied": lambda: supervision.reply(notice, text="已办理。", by=clerk, at=at),
        "accepted": lambda: supervision.accept_reply(notice, by=people["planner"], at=at),
        "closed": lambda: supervision.close_notice(notice, by=people["planner"], at=at),
    }
    for step in COURSE[1 : COURSE.index(wanted) + 1]:
        steps[step]()
    if state == "returned":
        supervision.return_reply(notice, why="没有附材料", by=people["planner"], at=at)
    if state == "cancelled":
        supervision.cancel_notice(notice, why="重复", by=people["planner"], at=at)
    return fresh(notice)


def fresh(notice: SupervisionNotice) -> SupervisionNotice:
    return SupervisionNotice.objects.select_related("issuer", "addressee").get(pk=notice.pk)


__all__ = ["AT", "COURSE", "DUE", "brought_to", "days", "fresh", "make", "write"]
