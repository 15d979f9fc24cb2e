"""Reports made before the system was there are entered in one go, each in the trail by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from tests.apps.plans.test_checkins import at, city, form, opened

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.queries.checkins import open_rounds, waiting_forms
from keshu.apps.plans.services.checkins.contents import Contents
from keshu.apps.plans.services.checkins.past_reports import PastReport, enter_past_reports

__all__ = ["city"]


def test_past_reports_are_signed_as_they_were_and_only_once(city: SimpleNamespace) -> None:
    march = opened(city)
    row, county = form(city), form(city, city.qingling)
    said = Contents(progress="已入库 31 家", value=Decimal(31))
    signed = PastReport(row.pk, said, city.clerk.pk, at("2026-04-02"), city.head.pk, at("2026-04-03"))
    filed = PastReport(county.pk, replace(said, value=None), city.people["county_clerk"].pk, at("2026-04-02"))
    for stranger in (city.clerk, city.people["auditor"]):
        with pytest.raises(Refused):
            enter_past_reports(march.pk, [signed], by=stranger, at=at("2026-04-04"))
    empty = replace(filed, contents=Contents())
    with pytest.raises(Unacceptable) as refusal:
        enter_past_reports(march.pk, [signed, empty], by=city.planner, at=at("2026-04-04"))
    assert refusal.value.field == "progress"
    assert form(city).state == "open"
    assert enter_past_reports(march.pk, [signed, filed], by=city.planner, at=at("2026-04-04")) == 2
    row.refresh_from_db()
    county.refresh_from_db()
    assert (row.state, row.value, row.signed_by, row.signed_at) == ("signed", 31, city.head, at("2026-04-03"))
    assert (county.state, county.signed_by, county.filed_at) == ("filed", None, at("2026-04-02"))
    assert (
        AuditEntry.objects.filter(subject_type="plans.checkin", by=city.planner, why="补录2026年3月调度").count() == 2
    )
    with pytest.raises(Unacceptable, match="有 2 项不在2026年3月的待填报中"):
        enter_past_reports(march.pk, [signed, filed], by=city.planner, at=at("2026-04-05"))


def test_rounds_and_forms_that_wait_are_told_as_plain_values(city: SimpleNamespace) -> None:
    march = opened(city)
    assert [(each.id, each.label) for each in open_rounds(city.plan.pk)] == [(march.pk, "2026年3月")]
    found = {(each.title, each.organisation_id): each for each in waiting_forms(march.pk)}
    assert len(found) == 10
    lead = found["科技型中小企业", city.gaoxin.pk]
    assert (lead.is_lead, lead.is_target, lead.value, lead.unit, lead.measure) == (True, True, 120, "家", "increase")
    task = found["(一)培育科技企业", city.guihua.pk]
    assert (task.is_lead, task.is_target, task.value) == (False, False, None)
