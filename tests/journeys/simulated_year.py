"""The demo city living through 2026 by a clock the story moves: what offices file, what the worker does each morning."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page
from tests.apps.plans.factories import Draftsman, make_plan
from tests.factories import make

from keshu.apps.bureau.models import Role, User
from keshu.apps.bureau.signals import time_passed
from keshu.apps.plans.models import CheckIn, Target, WorkPlan
from keshu.apps.plans.services import checkins, past_figures
from keshu.engines.plandoc.document import Measure, NodeKind, PlanDocument
from keshu.kernel.workdays import WorkCalendar
from keshu.site.demo.loading import set_up_city

YEAR = """云澜市2026年科技创新工作要点
一、重点任务
(一)培育科技企业。新增科技型中小企业120家。(高新处牵头)
(二)活跃技术市场。技术合同成交额达到45亿元。(成果处牵头)
(三)建设创新平台。建成中试基地2个。(平台处牵头)
(四)服务县域创新。举办对接会12场。(青岭县牵头)
"""

# What each target has come to at the end of each month of 2026, and what had come together in the two years before.
FIGURES = {
    "科技型中小企业": (8, 16, 25, 36, 50, 62, 78, 104, 123, 131, 138, 144),
    "技术合同成交额": (2.1, 4.0, 6.4, 8.8, 11.5, 14.6, 17.2, 20.1, 23.9, 27.2, 31.5, 37.8),
    "中试基地": (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2),
    "对接会": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
}
EARLIER = {
    2024: (2.4, 4.6, 7.7, 10.6, 13.7, 17.6, 20.6, 23.9, 28.2, 31.8, 36.3, 42.6),
    2025: (2.5, 4.7, 7.9, 10.9, 14.1, 18.0, 21.1, 24.6, 29.0, 32.8, 37.4, 43.8),
}
# The published calendar of 2026: the third working day after each month; 2027 is not published.
DUE = (
    date(2026, 2, 4), date(2026, 3, 4), date(2026, 4, 3), date(2026, 5, 8), date(2026, 6, 3), date(2026, 7, 3),
    date(2026, 8, 5), date(2026, 9, 3), date(2026, 10, 10), date(2026, 11, 4), date(2026, 12, 3), date(2027, 1, 5),
)  # fmt: skip
CALENDAR = WorkCalendar()


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the bureau's day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def year_plan() -> PlanDocument:
    """The document above: four tasks, each led by one body and with one target."""
    pen = Draftsman(YEAR)
    top = pen.node("一、", "重点任务", kind=NodeKind.SECTION)
    for label, heading, owner, claim, indicator, value, unit, measure in (
        ("(一)", "培育科技企业", "高新处", "新增科技型中小企业120家", "科技型中小企业", 120, "家", Measure.INCREASE),
        ("(二)", "活跃技术市场", "成果处", "技术合同成交额达到45亿元", "技术合同成交额", 45, "亿元", Measure.LEVEL),
        ("(三)", "建设创新平台", "平台处", "建成中试基地2个", "中试基地", 2, "个", Measure.COUNT),
        ("(四)", "服务县域创新", "青岭县", "举办对接会12场", "对接会", 12, "场", Measure.COUNT),
    ):
        node = pen.node(label, heading, parent=top, owners=[(owner, "lead")])
        pen.claim(claim, f"{value}{unit}", indicator, value, unit, node=node, measure=measure)
    return pen.document()


class SimulatedYear:
    """The city, its people by name, and the clock that pages and services live by."""

    def __init__(self, page_of: Callable[[User], Page]) -> None:
        self.at = moment(date(2026, 1, 6))
        self._page_of = page_of
        bodies, staff = set_up_city(self.at)
        self.bureau = bodies["市科技局"]
        self.offices = SimpleNamespace(
            guihua=bodies["规划处"], gaoxin=bodies["高新处"], chengguo=bodies["成果处"], pingtai=bodies["平台处"],
            qingling=bodies["青岭县"],
        )  # fmt: skip
        o = self.offices
        # The city's own people, and three clerks besides.
        self.people = {person.name: person for person in staff.values()}
        for name, seat in (("吴涛", o.gaoxin), ("许言", o.chengguo), ("苏晴", o.pingtai)):
            self.people[name] = make.person(Role.CLERK, seat, name=name)
        # Who files and who signs for each body; a county of one person signs by filing.
        self.desks = {o.gaoxin.pk: ("吴小芸", "陈立"), o.chengguo.pk: ("许言", "方圆"), o.pingtai.pk: ("苏晴", "马骏"),
                      o.qingling.pk: ("罗敏", None)}  # fmt: skip
        self.draft = make_plan.draft(year_plan(), organisation=self.bureau, by=self.people["林静"], at=self.at)

    @property
    def plan(self) -> WorkPlan:
        return WorkPlan.objects.select_related("organisation").get(pk=self.draft.pk)

    def target(self, indicator: str) -> Target:
        return make_plan.target(self.plan, indicator)

    # --- the clock

    def until(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Every working morning up to the moment the worker makes its round, as it would have."""
        end = moment(day, hour, minute)
        today = (self.at + timedelta(hours=8)).date()
        while (morning := moment(today, 8)) <= end:
            if morning > self.at and CALENDAR.is_workday(today):
                self.at = morning
                time_passed.send(None, at=morning)
            today += timedelta(days=1)
        self.at = end

    # --- the browser

    def page(self, name: str, address: str = "/", *, telephone: bool = False) -> Page:
        """A page before that person, at this moment."""
        page = self._page_of(self.people[name])
        if telephone:
            page.set_viewport_size({"width": 390, "height": 844})
        page.goto(address)
        return page

    def look(self, page: Page, name: str) -> None:
        """Keep a picture of the telling moments where somebody asks for them."""
        if folder := os.environ.get("KESHU_PICTURES"):
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    # --- what offices do without being watched

    def history(self) -> None:
        """The two years before of the turnover, so that the outlook has something to go by."""
        months = {
            f"{year}-{n:02}": Decimal(str(v)) for year, row in EARLIER.items() for n, v in enumerate(row, start=1)
        }
        target, by = self.target("技术合同成交额"), self.people["林静"]
        past_figures.enter_history(target, figures=months, source="年报", by=by, at=self.at)

    def forms(self, month: int, **narrow: Any) -> list[CheckIn]:
        rows = CheckIn.objects.filter(round__plan=self.plan, round__key=f"2026-{month:02}", **narrow)
        return list(rows.select_related("target", "node", "organisation").order_by("pk"))

    def file(self, row: CheckIn, **words: Any) -> None:
        """The clerk's report: the month's figure of a target, the share of the year of a task."""
        month = int(row.round.key[-2:])
        figure = None if row.target is None else Decimal(str(FIGURES[row.target.indicator][month - 1]))
        written = {
            "progress": f"{month}月按计划推进。", "percent": None if row.target else min(100, 9 * month - (month % 3)),
            "value": figure, "problems": "", "help_needed": "", **words,
        }  # fmt: skip
        clerk = self.people[self.desks[row.organisation_id][0]]
        checkins.file_check_in(row, version=None, **written, by=clerk, at=self.at)

    def sign(self, row: CheckIn, *, by: str = "") -> None:
        head = by or self.desks[row.organisation_id][1]
        if head is not None:
            checkins.sign_check_in(row, by=self.people[head], at=self.at)

    def dispatch(self, month: int, **narrow: Any) -> None:
        """What of a month is still open is filed and signed on the day it falls due."""
        self.until(DUE[month - 1], 15)
        for row in self.forms(month, state="open", **narrow):
            self.file(row)
            self.sign(row)

    def close(self, month: int) -> None:
        row = self.plan.rounds.get(key=f"2026-{month:02}")
        checkins.close_round(row, by=self.people["林静"], at=self.at)


def target_page(target: Target, *, tab: str = "") -> str:
    return reverse("plans:target-detail", args=[target.pk]) + (f"?tab={tab}" if tab else "")
