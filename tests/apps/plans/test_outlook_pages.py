"""Lights and the outlook on pages: ledgers, the tab 预测, overruling by form, past figures by hand and by workbook."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.plans.factories import Draftsman, make_plan, points
from tests.apps.plans.year import moment, past, report
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.forms.checkins import CheckInForm
from keshu.apps.plans.models import PastFigure, Standing
from keshu.apps.plans.services import standings
from keshu.apps.plans.services.past_figures import enter_past_figure, past_period, remove_past_figure
from keshu.engines.plandoc import DocumentKind, Op, Tense

pytestmark = pytest.mark.django_db
APRIL = moment(date(2026, 4, 8))


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    site.firms = make_plan.target(site.plan, "科技型中小企业")
    site.task = make_plan.node(site.plan, "培育科技企业")
    report(site.firms, "2026-03", site.gaoxin, value=41)
    report(site.task, "2026-03", site.gaoxin, percent=30)
    standings.judge_plan(site.plan.pk, at=APRIL)
    return site


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- the ledgers


def test_the_ledger_shows_how_each_target_stands(city: SimpleNamespace) -> None:
    page = client_of(city.people["clerk"]).get(reverse("plans:target-list"), {"light": "on_track"}).context["ledger"]
    [row] = page.rows
    cells = {cell.column.key: cell for cell in row.cells}
    assert (cells["light"].text, cells["reached"].text, cells["percent"].text) == ("正常推进", "41家", "34.2")
    assert cells["light"].hover == "截至3月底累计41家，应达时间进度25%，实际34%"
    figures = {figure.label: figure.count for figure in page.figures}
    assert (figures["正常推进"], figures["滞后"], figures["全部目标"]) == (1, 0, 6)


def test_matrix_tree_and_office_show_lights_with_their_reasons(city: SimpleNamespace) -> None:
    standings.choose_light(
        Standing.objects.get(node=city.task), light="at_risk", why="人手不足", by=city.people["planner"], at=APRIL
    )
    client = client_of(city.people["leader"])
    told = 'title="有风险：人工判定：人手不足"'
    for name in ("matrix", "task-tree"):
        assert told in client.get(reverse(f"plans:{name}")).content.decode()
        assert told in client.get(reverse(f"plans:{name}"), {"light": "at_risk"}).content.decode()
        narrowed = client.get(reverse(f"plans:{name}"), {"light": "late"}).content.decode()
        assert told not in narrowed
        assert "没有符合条件的任务" in narrowed
        lines = client.get(reverse(f"plans:{name}"), {"export": "csv"}).content.decode("utf-8-sig").splitlines()
        assert any("有风险,人工判定：人手不足" in line for line in lines)
    office = client.get(reverse("plans:office-detail", args=[city.gaoxin.pk])).content.decode()
    assert told in office
    assert 'title="正常推进：截至3月底累计41家，应达时间进度25%，实际34%"' in office


def test_home_and_the_plans_page_count_lights_as_the_ledgers_do(city: SimpleNamespace) -> None:
    """Of six targets one is reported, of three tasks one."""
    client = client_of(city.people["leader"])
    address = reverse("plans:plan-detail", args=[city.plan.pk])
    page = client.get(address)
    counts = page.context["glance"].lights
    assert [(each.light, each.number) for each in counts.targets] == [("on_track", 1), ("unknown", 5)]
    assert sum(each.number for each in counts.tasks) == 3
    ledger = client.get(reverse("plans:target-list"), {"plan": city.plan.pk, "tense": "target", "light": "unknown"})
    assert ledger.context["ledger"].total == 5
    assert client.get(reverse("home")).context["glance"].lights == counts


def test_a_draft_shows_no_lights(city: SimpleNamespace) -> None:
    draft = make_plan.draft(points(year=2027), organisation=city.bureau, by=city.people["planner"])
    client = client_of(city.people["planner"])
    for name in ("matrix", "task-tree"):
        assert 'name="light"' not in client.get(reverse(f"plans:{name}"), {"plan": draft.pk}).content.decode()


def test_the_worst_come_first_when_sorted_by_light(city: SimpleNamespace) -> None:
    late = make_plan.target(city.plan, "对接会")
    Standing.objects.filter(target=late).update(shown="late")
    page = client_of(city.people["clerk"]).get(reverse("plans:target-list"), {"sort": "light"}).context["ledger"]
    assert [row.name for row in page.rows][:2] == ["对接会", "科技型中小企业"]


def test_what_was_never_judged_counts_as_without_data(city: SimpleNamespace) -> None:
    Standing.objects.filter(target=make_plan.target(city.plan, "对接会")).delete()
    page = client_of(city.people["clerk"]).get(reverse("plans:target-list"), {"light": "unknown"}).context["ledger"]
    assert page.total == 5


def test_the_file_has_the_columns_of_the_screen(city: SimpleNamespace) -> None:
    query = {"export": "csv", "columns": ["indicator", "light", "reached_value", "light_reason"], "light": "on_track"}
    answer = client_of(city.people["clerk"]).get(reverse("plans:target-list"), query)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["科技型中小企业", "正常推进", "截至3月底累计41家，应达时间进度25%，实际34%", "41"]


def test_tasks_have_their_light_too(city: SimpleNamespace) -> None:
    page = client_of(city.people["clerk"]).get(reverse("plans:task-list"), {"light": "on_track"}).context["ledger"]
    assert [row.name for row in page.rows] == ["(一)培育科技企业"]
    text = client_of(city.people["clerk"]).get(reverse("plans:task-detail", args=[city.task.pk])).content.decode()
    assert "截至3月底应达时间进度25%，实际30%" in text
    assert "人工判定" not in text


def test_a_draft_has_no_lights(city: SimpleNamespace) -> None:
    draft = make_plan.draft(organisation=city.bureau, by=city.people["planner"])
    page = client_of(city.people["planner"]).get(reverse("plans:target-list"), {"plan": draft.pk}).context["ledger"]
    assert "light" not in [header.column.key for header in page.headers]


# --- the tab 预测


def test_the_tab_shows_figure_forecast_and_chart(city: SimpleNamespace) -> None:
    past(city.firms, **{f"{year}-{month:02d}": 10 * month for year in (2024, 2025) for month in range(1, 13)})
    standings.judge_plan(city.plan.pk, at=APRIL)
    response = client_of(city.people["clerk"]).get(reverse("plans:target-outlook", args=[city.firms.pk]))
    chart = response.context["chart"]
    assert [line["name"] for line in chart.data["lines"]] == ["2024年", "2025年", "2026年"]
    assert chart.data["lines"][2]["values"][:4] == [None, None, 41.0, None]
    assert chart.data["forecast"][:3] == [None, None, None]
    assert chart.data["goals"] == [{"name": "目标", "value": 120.0}]
    assert chart.title.startswith("科技型中小企业截至3月41家，完成目标的34.2%")
    text = response.content.decode()
    assert " style=" not in text
    assert "人工判定" not in text  # a clerk is not offered it


def test_the_tab_tells_where_last_years_end_is_known_from(city: SimpleNamespace) -> None:
    total = make_plan.target(city.plan, "高新技术企业总数")
    page = reverse("plans:target-outlook", args=[total.pk])
    clerk = client_of(city.people["clerk"])
    assert clerk.get(page).context["last_year"] is None
    assert "填该期的期末数，不是当期增加的数" in clerk.get(page).content.decode()
    pen = Draftsman("总结\n高新技术企业总数298家。\n", year=2025, kind=DocumentKind.SUMMARY, title="2025年总结")
    pen.claim("高新技术企业总数298家", "298家", "高新技术企业总数", 298, "家", tense=Tense.ACTUAL, op=Op.EQUAL)
    make_plan.published(pen.document(), by=city.people["planner"])
    told = clerk.get(page).context["last_year"]
    assert (told.told, told.source) == ("2025年298家", "据文件")
    past(total, **{"2025-12": 300})
    told = clerk.get(page).context["last_year"]
    assert (told.told, told.source) == ("2025年300家", "据往年数据，文件中写的是298家")


def test_the_target_and_the_form_say_whether_the_year_begins_from_nothing(city: SimpleNamespace) -> None:
    total = make_plan.target(city.plan, "高新技术企业总数")
    clerk = client_of(city.people["clerk"])
    pages = {
        each: clerk.get(reverse("plans:target-detail", args=[each.pk])).content.decode() for each in (total, city.firms)
    }
    assert ("按期末数，年初不清零" in pages[total], "年内累计，从1月1日算起" in pages[city.firms]) == (True, True)
    helps = {
        each: CheckInForm(check_in=report(each, "2026-04", city.gaoxin)).fields["number"].help_text for each in pages
    }
    assert helps[total] == "2026-04-30 的期末数，不是本期增加的数。"
    assert helps[city.firms] == "1月1日至 2026-04-30 的累计数。"


def test_a_target_without_figures_says_what_will_stand_there(city: SimpleNamespace) -> None:
    quiet = make_plan.target(city.plan, "对接会")
    text = client_of(city.people["clerk"]).get(reverse("plans:target-outlook", args=[quiet.pk])).content.decode()
    assert "还没有可以画的数据" in text


def test_the_data_behind_the_chart_can_be_taken_away(city: SimpleNamespace) -> None:
    address = reverse("plans:target-outlook", args=[city.firms.pk])
    answer = client_of(city.people["clerk"]).get(address, {"export": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["时期", "年内累计（期末）数", "来源"], ["2026-03", "41", "2026年调度"]]


def test_a_light_is_overruled_by_form_and_dropped_again(city: SimpleNamespace) -> None:
    standing, client = Standing.objects.get(target=city.firms), client_of(city.people["planner"])
    outlook = reverse("plans:target-outlook", args=[city.firms.pk])
    choose = reverse("plans:standing-choose", args=[standing.pk])
    answer = client.post(choose, {"light": "at_risk", "why": "两家要迁出", "next": outlook})
    assert (answer.status_code, answer["Location"]) == (302, outlook)
    text = client.get(outlook).content.decode()
    assert "人工判定：两家要迁出" in text
    assert "按规则应为" in text
    assert client.post(choose, {"light": "at_risk", "why": ""}).status_code == 422
    assert (
        client.post(choose, {"light": "at_risk", "why": "好", "next": "https://elsewhere.example/"})["Location"]
        == outlook
    )
    client.post(reverse("plans:standing-drop", args=[standing.pk]), {"next": outlook})
    standing.refresh_from_db()
    assert (standing.chosen, standing.shown) == ("", "on_track")


def test_a_clerk_is_refused(city: SimpleNamespace) -> None:
    standing = Standing.objects.get(target=city.firms)
    answer = client_of(city.people["clerk"]).post(
        reverse("plans:standing-choose", args=[standing.pk]), {"light": "done", "why": "好"}
    )
    assert answer.status_code == 403


# --- past figures


def test_a_past_figure_is_entered_and_put_right(city: SimpleNamespace) -> None:
    head = city.people["office_head"]  # of the office that leads it
    for value in (11, 12):
        enter_past_figure(city.firms, period="2025年3月", value=Decimal(value), source="年报", by=head, at=APRIL)
    row = PastFigure.objects.get()
    assert (row.period, row.value) == ("2025-03", 12)
    entry = AuditEntry.objects.about("plans.pastfigure", row.pk).latest("number")
    assert (entry.by, entry.before, entry.after) == (head, {"value": "11.000000"}, {"value": "12"})
    remove_past_figure(row, by=head, at=APRIL)
    assert not PastFigure.objects.exists()


@pytest.mark.parametrize(
    ("period", "value", "source", "field"),
    [
        ("", 1, "年报", "period"), ("去年", 1, "年报", None), ("2025年", 1, "年报", "period"), ("2026年5月", 1, "年报", "period"),
        ("1998年3月", 1, "年报", "period"), ("2025年3月", None, "年报", "value"), ("2025年3月", 1, " ", "source"),
        ("2025年3月", 10**14, "年报", "value"),
    ],
)  # fmt: skip
def test_what_is_no_past_figure_is_refused(
    city: SimpleNamespace, period: str, value: Any, source: str, field: str | None
) -> None:
    number = None if value is None else Decimal(value)
    with pytest.raises(Unacceptable) as refused:
        enter_past_figure(city.firms, period=period, value=number, source=source, by=city.people["planner"], at=APRIL)
    assert refused.value.field == field
    assert not PastFigure.objects.exists()


def test_quarters_and_months_are_understood() -> None:
    assert past_period("2025年一季度", on=date(2026, 4, 8)) == "2025-Q1"
    assert past_period("2025.3", on=date(2026, 4, 8)) == "2025-03"


@pytest.mark.parametrize("role", ["county_clerk", "auditor", "enterprise"])
def test_others_may_not_enter_past_figures(city: SimpleNamespace, role: str) -> None:
    with pytest.raises(Refused):
        enter_past_figure(city.firms, period="2025-03", value=Decimal(1), source="年报", by=city.people[role], at=APRIL)


def test_the_form_says_what_is_wrong_at_its_field(city: SimpleNamespace) -> None:
    client, address = client_of(city.people["planner"]), reverse("plans:past-figure-add", args=[city.firms.pk])
    answer = client.post(address, {"period": "2025年", "value": "12", "source": "年报"})
    assert answer.status_code == 422
    assert "往年数据按月或按季填" in answer.content.decode()
    answer = client.post(address, {"period": "2025年3月", "value": "12", "source": "年报"})
    assert answer.status_code == 302
    figure = PastFigure.objects.get()
    client.post(reverse("plans:past-figure-remove", args=[figure.pk]))
    assert not PastFigure.objects.exists()


def _silent(*_: Any, **__: Any) -> None:
    """Nobody watches the import."""


def test_past_figures_come_from_a_workbook(city: SimpleNamespace) -> None:
    past(city.firms, **{"2025-02": 9})
    from keshu.apps.bureau.services.exchange import RowChange, Task, round_trip_named

    trip = round_trip_named("plans.past_figures")
    assert trip is not None
    sitting = trip.sit(city.people["planner"], {"plan": str(city.plan.pk)}, APRIL)
    [there] = sitting.current()
    given = {"unit": "", "source": "年报", "action": ""}
    changes = [
        RowChange(4, there, {**there.values, "value": Decimal(10), "action": ""}, frozenset({"value"})),
        RowChange(
            5, None, {"indicator": "科技型中小企业", "period": "2025-03", "value": Decimal(12), **given}, frozenset()
        ),
    ]
    with sitting.working(Task(changes, AT, "", _silent)) as do:
        for change in changes:
            do(change)
    assert list(PastFigure.objects.values_list("period", "value")) == [("2025-02", 10), ("2025-03", 12)]
    unknown = RowChange(
        6, None, {"indicator": "没有的", "period": "2025-03", "value": Decimal(1), **given}, frozenset()
    )
    with pytest.raises(Unacceptable) as refused, sitting.working(Task([unknown], AT, "", _silent)) as do:
        do(unknown)
    assert refused.value.field == "indicator"
    with pytest.raises(Refused):
        trip.sit(city.people["county_clerk"], {"plan": str(city.plan.pk)}, APRIL)
