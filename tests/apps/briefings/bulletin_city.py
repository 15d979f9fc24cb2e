"""The city of which bulletins are written in these tests, and a bulletin brought to its release."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import report
from tests.factories import AT, make

from keshu.apps.briefings.models import Bulletin
from keshu.apps.briefings.services import bulletins

AFTER_MARCH = AT.replace(year=2026, month=4, day=8)


def reported_city() -> SimpleNamespace:
    """March is reported: 82 of 120 firms by the office, 27 of 45 hundred million; one form came late, one never."""
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    site.firms = make_plan.target(site.plan, "科技型中小企业")
    site.turnover = make_plan.target(site.plan, "技术合同成交额")
    site.task = make_plan.node(site.plan, "培育科技企业")
    report(site.firms, "2026-03", site.gaoxin, value=Decimal(82), progress="已入库82家。")
    report(site.turnover, "2026-03", site.guihua, value=Decimal(27))
    report(site.task, "2026-03", site.gaoxin, percent=40, progress="开展辅导3场。", help_needed="请协调场地。")
    return site


def begun(city: SimpleNamespace, kind: str = "monthly", period: str = "2026-03") -> Bulletin:
    return bulletins.begin_bulletin(city.plan, kind=kind, period=period, by=city.people["planner"], at=AFTER_MARCH)


def submitted(city: SimpleNamespace, row: Bulletin | None = None) -> Bulletin:
    row = row or begun(city)
    return bulletins.submit_bulletin(row, version=row.version, by=city.people["planner"], at=AFTER_MARCH)


def released(city: SimpleNamespace, row: Bulletin | None = None) -> Bulletin:
    row = submitted(city, row)
    return bulletins.release_bulletin(row, version=row.version, by=city.people["leader"], at=AFTER_MARCH)
