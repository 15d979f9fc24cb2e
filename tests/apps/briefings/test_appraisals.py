"""The year's appraisal: reckoned from the ledgers, seen by whom it may be, objected to, released and frozen."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import moment, report
from tests.factories import AT, make

from keshu.apps.briefings.models import Appraisal, AppraisalMark, AppraisalObjection, AppraisalSheet
from keshu.apps.briefings.queries.appraisals import is_stale, score_of
from keshu.apps.briefings.services import appraisals
from keshu.apps.briefings.services.appraisals import MarkFields
from keshu.apps.briefings.services.appraisals.papers import ranking_paper, ranking_workbook, sheet_paper
from keshu.apps.bureau.models import AuditEntry, Notice, Succession
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn, CheckInState, Issue, Reply, SupervisionNotice
from keshu.apps.plans.queries.year_duties.stand_ins import StandIns
from keshu.apps.plans.services.checkins.states import pass_to
from keshu.engines import gongwen
from keshu.engines.appraisal import Kind, RuleScore

pytestmark = pytest.mark.django_db
MAY = AT.replace(month=5, day=20)


@pytest.fixture
def city() -> SimpleNamespace:
    """March and April are due. 高新处 leads 培育科技企业 with the firms (82 of 120); 云湖区 the platforms, 规划处 supports."""
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    site.firms = make_plan.target(site.plan, "科技型中小企业")
    site.task = make_plan.node(site.plan, "培育科技企业")
    report(site.firms, "2026-03", site.gaoxin, value=Decimal(82), filed_at=moment(date(2026, 4, 2)))
    report(site.task, "2026-03", site.gaoxin, percent=40, filed_at=moment(date(2026, 4, 6)), filed_late=True)
    report(site.firms, "2026-04", site.gaoxin, state=CheckInState.OPEN)
    report(site.task, "2026-04", site.gaoxin, state=CheckInState.EXCUSED)
    report(site.firms, "2026-03", site.guihua, part="support", filed_at=moment(date(2026, 4, 1)))
    report(site.firms, "2026-03", site.qingling, part="support", filed_at=moment(date(2026, 4, 1)))
    report(site.firms, "2026-03", site.yunhu, part="support", state=CheckInState.OPEN)
    report(site.task, "2026-05", site.gaoxin, state=CheckInState.OPEN)  # due on 3 June
    site.yunhu_clerk = make.person("county_clerk", site.yunhu)
    return site


def begun(city: SimpleNamespace, kind: str = "offices") -> Appraisal:
    return appraisals.begin_appraisal(city.bureau, year=2026, kind=kind, by=city.people["planner"], at=MAY)


def sheet_of(row: Appraisal, organisation: Any) -> AppraisalSheet:
    return AppraisalSheet.objects.get(appraisal=row, organisation=organisation)


def rule_of(sheet: AppraisalSheet, key: str) -> RuleScore:
    return next(each for each in score_of(sheet).rules if each.key == key)


def shown(city: SimpleNamespace, row: Appraisal | None = None) -> Appraisal:
    row = row or begun(city)
    return appraisals.show_appraisal(row, version=row.version, by=city.people["planner"], at=MAY)


def released(city: SimpleNamespace) -> Appraisal:
    row = shown(city)
    return appraisals.release_appraisal(row, version=row.version, by=city.people["leader"], at=MAY)


def told_notice(city: SimpleNamespace, number: int, due_on: date, **traits: Any) -> SupervisionNotice:
    return SupervisionNotice.objects.create(
        year=2026, number=number, title=f"督办{number}", demand="办", issuer=city.bureau, addressee=city.gaoxin,
        written_by=city.people["planner"], written_at=AT, issued_at=AT, due_on=due_on, **{"state": "issued", **traits},
    )  # fmt: skip


# --- what is counted


def test_forms_count_by_when_they_came(city: SimpleNamespace) -> None:
    """One in time, one late (half), one missing; the excused one and the one that still has time are left out: 1.5 / 3."""
    timely = rule_of(sheet_of(begun(city), city.gaoxin), "timely")
    assert sorted((row.what, row.why) for row in timely.rows) == [
        ("2026年3月 (一)培育科技企业", "迟做，计 50%"),
        ("2026年3月 科技型中小企业", "计满分"),
        ("2026年4月 科技型中小企业", "不得分"),
    ]
    assert timely.points / timely.full == Decimal("0.5")
    keys = {row.key for row in timely.rows}
    assert keys == {
        f"checkin-{pk}"
        for pk in CheckIn.objects.filter(organisation=city.gaoxin)
        .exclude(state="excused")
        .exclude(round__key="2026-05")
        .values_list("pk", flat=True)
    }


def test_targets_count_by_what_is_reached(city: SimpleNamespace) -> None:
    """82 of 120 is 68.33 %."""
    goals = rule_of(sheet_of(begun(city), city.gaoxin), "goals")
    row = next(row for row in goals.rows if row.key == f"target-{city.firms.pk}")
    assert row.why == "计 68.33%"
    assert row.told == "目标新增不少于120家；截至2026-03-31 82家"


def test_an_office_that_only_supports_has_no_targets_and_their_points_are_spread(city: SimpleNamespace) -> None:
    """规划处: one form in time and nothing else of its own is a hundred, but for the marks' start of 8 of 10."""
    sheet = sheet_of(begun(city), city.guihua)
    assert {key: str(rule_of(sheet, key).state) for key in ("goals", "tasks", "timely", "notices")} == {
        "goals": "spread", "tasks": "spread", "timely": "counted", "notices": "full",
    }  # fmt: skip
    assert sheet.total == 98  # 起评 8 of 10


def test_tasks_notices_issues_and_returned_forms(city: SimpleNamespace) -> None:
    city.task.due_on = date(2026, 4, 30)
    city.task.save()
    late = told_notice(city, 1, date(2026, 4, 10), state="closed", closed_at=MAY)
    Reply.objects.create(
        notice=late, text="办", by=city.people["clerk"], at=moment(date(2026, 4, 12)), verdict="accepted"
    )
    told_notice(city, 2, date(2026, 5, 1))
    told_notice(city, 3, date(2026, 6, 1))
    given = {"year": 2026, "raised_by": city.people["planner"], "raised_for": city.bureau, "raised_at": AT,
             "owner": city.gaoxin, "state": "confirmed"}  # fmt: skip
    Issue.objects.create(number=1, title="按时", due_on=date(2026, 5, 1), closed_at=moment(date(2026, 4, 9)), **given)
    Issue.objects.create(number=2, title="逾期", due_on=date(2026, 5, 1), **{**given, "state": "assigned"})
    form = CheckIn.objects.get(target=city.firms, round__key="2026-03", organisation=city.gaoxin)
    pass_to(form, CheckInState.RETURNED, by=city.people["office_head"], at=AT, why="改")
    pass_to(form, CheckInState.SIGNED, by=city.people["office_head"], at=AT)
    sheet = sheet_of(begun(city), city.gaoxin)
    assert [(row.told, row.why) for row in rule_of(sheet, "tasks").rows] == [("时限2026-04-30，没有报告完成", "不得分")]
    # 10 − 2 × ½ − 2
    assert (rule_of(sheet, "notices").points, len(rule_of(sheet, "notices").rows)) == (Decimal("7.00"), 3)
    assert sorted(row.why for row in rule_of(sheet, "issues").rows) == ["不得分", "计满分"]
    assert [row.told for row in rule_of(sheet, "quality").rows if row.points < 0] == ["退回 1 次"]


def test_only_what_was_known_until_the_last_day_counts(city: SimpleNamespace) -> None:
    """On 3 April only one form is in: the late one came on the 6th, April's was not due."""
    row = begun(city)
    by = {"by": city.people["planner"], "at": MAY}
    row = appraisals.save_scheme(row, scheme=row.scheme, until=date(2026, 4, 5), left_out=[], version=row.version, **by)
    timely = rule_of(sheet_of(row, city.gaoxin), "timely")
    assert sorted(each.why for each in timely.rows) == ["不得分", "计满分"]


def test_what_a_merged_office_did_counts_for_who_stands_in_its_place(city: SimpleNamespace) -> None:
    """规划处 became 综合处 in April: its form of March is the heir's, and it has no sheet any more."""
    heir = make.office(name="综合处")
    Succession.objects.create(
        predecessor=city.guihua, successor=heir, kind="merged", on=date(2026, 4, 15), reason="改革",
        by=city.people["planner"],
    )  # fmt: skip
    city.guihua.closed_on = date(2026, 4, 15)
    city.guihua.save()
    row = begun(city)
    assert [each.told for each in rule_of(sheet_of(row, heir), "timely").rows] == ["2026-04-03截止，2026-04-01报送"]
    assert not row.sheets.filter(organisation=city.guihua).exists()


def test_what_a_split_office_did_counts_for_the_part_that_holds_the_task() -> None:
    """1 became 2 and 3; 3 holds task 7, nobody task 8, and 2 was renamed to 4."""
    found = StandIns({1: (4, 3), 2: (4,)}, {(None, 7): frozenset({3})})
    assert found.of(1, (None, 7)) == (3,)
    assert found.of(1, (None, 8)) == (4, 3)
    assert (found.of(2, (None, 7)), found.of(9)) == ((4,), (9,))


def test_offices_and_counties_are_scored_apart(city: SimpleNamespace) -> None:
    offices, counties = begun(city), begun(city, "counties")
    names = [set(row.sheets.values_list("organisation__short_name", flat=True)) for row in (offices, counties)]
    assert names == [{"高新处", "规划处", "市生产力促进中心"}, {"青岭县", "云湖区", "云澜高新区"}]
    with pytest.raises(Unacceptable, match="已经建立"):
        begun(city)


# --- the scheme


def test_the_scheme_decides_and_must_be_sound(city: SimpleNamespace) -> None:
    row, by = begun(city), {"by": city.people["planner"], "at": MAY}
    timely = next(each for each in row.scheme["rules"] if each["key"] == "timely")
    scheme = {"rules": [{**timely, "weight": "100", "late": "0"}], "grades": []}
    row = appraisals.save_scheme(row, scheme=scheme, until=None, left_out=[city.unit.pk], version=row.version, **by)
    assert sheet_of(row, city.gaoxin).total == Decimal("33.33")  # one of three
    assert not row.sheets.filter(organisation=city.unit).exists()
    scheme["rules"][0]["weight"] = "90"
    with pytest.raises(Unacceptable, match="合计 90 分，应为 100 分"):
        appraisals.save_scheme(row, scheme=scheme, until=None, left_out=[], version=row.version, **by)
    with pytest.raises(Unacceptable, match="刚被别人改过"):
        appraisals.save_scheme(row, scheme=row.scheme, until=None, left_out=[], version=0, **by)


def test_next_year_begins_with_this_years_scheme(city: SimpleNamespace) -> None:
    row = begun(city)
    Appraisal.objects.filter(pk=row.pk).update(year=2025, left_out=[city.unit.pk])
    again = begun(city)
    assert (again.scheme, again.left_out) == (row.scheme, [city.unit.pk])


def test_a_rule_with_marks_is_not_dropped(city: SimpleNamespace) -> None:
    row, by = begun(city), {"by": city.people["planner"], "at": MAY}
    appraisals.give_marks(row, [MarkFields(city.gaoxin.pk, "marks", Decimal(1), "省级表彰")], **by)
    rules = [each for each in row.scheme["rules"] if each["key"] != "marks"]
    rules[0] = {**rules[0], "weight": "45"}
    with pytest.raises(Unacceptable, match="指标“工作质量”下有加减分"):
        appraisals.save_scheme(
            row, scheme={"rules": rules, "grades": []}, until=None, left_out=[], version=row.version, **by
        )


# --- marks


def test_marks_are_given_with_a_reason_and_withdrawn(city: SimpleNamespace) -> None:
    row, by = begun(city), {"by": city.people["planner"], "at": MAY}
    before = sheet_of(row, city.gaoxin).total
    file = ContentFile(b"praise", name="表彰文件.txt")
    mark = appraisals.give_marks(
        row, [MarkFields(city.gaoxin.pk, "marks", Decimal("1.5"), "省级表彰", file, "表彰文件.txt")], **by
    )[0]
    assert sheet_of(row, city.gaoxin).total == before + Decimal("1.5")
    assert mark.attachment is not None
    appraisals.withdraw_mark(mark, why="表彰文件已失效", **by)
    assert sheet_of(row, city.gaoxin).total == before
    assert AuditEntry.objects.filter(why="表彰文件已失效").exists()
    with pytest.raises(Unacceptable, match="已经撤销"):
        appraisals.withdraw_mark(mark, why="再撤", **by)


@pytest.mark.parametrize(
    ("points", "reason", "said"),
    [
        ("0", "好", "不能为 0"),
        ("11", "好", "最多 10 分"),
        ("1", " ", "请写明加减分的理由"),
        ("0.001", "好", "最多两位小数"),
    ],
)
def test_marks_that_are_refused(city: SimpleNamespace, points: str, reason: str, said: str) -> None:
    row = begun(city)
    with pytest.raises(Unacceptable, match=said):
        appraisals.give_marks(
            row, [MarkFields(city.gaoxin.pk, "marks", Decimal(points), reason)], by=city.people["planner"], at=MAY
        )
    assert not AppraisalMark.objects.exists()


def test_a_mark_over_the_limit_says_on_the_pages_what_of_it_counts(city: SimpleNamespace) -> None:
    """8 to begin with, 10 at most: of 5 count 2."""
    row = begun(city)
    mark = MarkFields(city.gaoxin.pk, "marks", Decimal(5), "国家级表彰")
    appraisals.give_marks(row, [mark], by=city.people["planner"], at=MAY)
    client = client_of(city.people["planner"])
    for page in ("marks", "sheet"):
        pks = [row.pk, city.gaoxin.pk][: 1 if page == "marks" else 2]
        assert "计 2.00，到上限" in client.get(reverse(f"briefings:appraisal-{page}", args=pks)).content.decode()


# --- who may, and who sees what


def test_who_may(city: SimpleNamespace) -> None:
    for role in ("clerk", "office_head", "county_clerk", "auditor", "operator"):
        with pytest.raises(Refused):
            appraisals.begin_appraisal(city.bureau, year=2026, kind="offices", by=city.people[role], at=MAY)
    row = shown(city)
    with pytest.raises(Refused, match="由局领导公布"):
        appraisals.release_appraisal(row, version=row.version, by=city.people["planner"], at=MAY)
    with pytest.raises(Refused):
        appraisals.give_marks(
            row, [MarkFields(city.gaoxin.pk, "marks", Decimal(1), "好")], by=city.people["clerk"], at=MAY
        )
    with pytest.raises(Refused, match="只能查看"):
        appraisals.reckon_appraisal(row, by=city.people["auditor"], at=MAY)


def seen(city: SimpleNamespace, row: Appraisal) -> dict[str, tuple[bool, int, int]]:
    """Of each role: whether it sees the appraisal, how many sheets, how many places."""
    people = {role: city.people[role] for role in ("leader", "clerk", "county_clerk", "bank")}
    return {
        role: (
            Appraisal.objects.visible_to(user).exists(),
            AppraisalSheet.objects.visible_to(user).filter(appraisal=row).count(),
            AppraisalSheet.objects.ranked_for(user).filter(appraisal=row).count(),
        )
        for role, user in people.items()
    }


def test_the_scored_see_their_own_sheet_when_shown_and_the_ranking_when_released(city: SimpleNamespace) -> None:
    row = begun(city)
    assert seen(city, row) == {
        "leader": (True, 3, 3), "clerk": (False, 0, 0), "county_clerk": (False, 0, 0), "bank": (False, 0, 0),
    }  # fmt: skip
    row = shown(city, row)
    assert seen(city, row) == {
        "leader": (True, 3, 3), "clerk": (True, 1, 0), "county_clerk": (False, 0, 0), "bank": (False, 0, 0),
    }  # fmt: skip
    row = appraisals.release_appraisal(row, version=row.version, by=city.people["leader"], at=MAY)
    assert seen(city, row) == {
        "leader": (True, 3, 3), "clerk": (True, 1, 3), "county_clerk": (True, 0, 3), "bank": (False, 0, 0),
    }  # fmt: skip


def test_a_county_opens_no_other_countys_sheet(city: SimpleNamespace) -> None:
    row = shown(city, begun(city, "counties"))
    client = client_of(city.people["county_clerk"])
    own = reverse("briefings:appraisal-sheet", args=[row.pk, city.qingling.pk])
    assert client.get(own).status_code == 200
    assert client.get(reverse("briefings:appraisal-sheet", args=[row.pk, city.yunhu.pk])).status_code == 404
    assert client.get(reverse("briefings:appraisal-sheet-paper", args=[row.pk, city.yunhu.pk])).status_code == 404
    assert client.get(reverse("briefings:appraisal-detail", args=[row.pk]))["Location"] == own
    assert client.get(reverse("briefings:appraisal-paper", args=[row.pk])).status_code == 403
    assert "云湖区" not in client.get(own).content.decode()


def test_the_list_holds_only_what_may_be_opened(city: SimpleNamespace) -> None:
    """While the offices' is shown a county neither finds nor opens it."""
    row, client = shown(city), client_of(city.people["county_clerk"])
    assert row.title not in client.get(reverse("briefings:appraisal-list")).content.decode()
    assert client.get(reverse("briefings:appraisal-detail", args=[row.pk])).status_code == 404
    assert row.title in client_of(city.people["clerk"]).get(reverse("briefings:appraisal-list")).content.decode()


def test_people_are_told(city: SimpleNamespace) -> None:
    row = shown(city)
    assert Notice.objects.filter(recipient=city.people["clerk"], title__contains="开始公示").exists()
    assert not Notice.objects.filter(recipient=city.people["county_clerk"], kind="briefings.appraisal").exists()
    objected(city, row)
    assert Notice.objects.filter(recipient=city.people["planner"], kind="briefings.objection").exists()


# --- objections


def objected(city: SimpleNamespace, row: Appraisal) -> AppraisalObjection:
    sheet = sheet_of(row, city.gaoxin)
    late = next(each for each in rule_of(sheet, "timely").rows if "迟做" in each.why)
    return appraisals.write_objection(
        sheet, rule="timely", row=late.key, text="当天系统停机。", by=city.people["clerk"], at=MAY
    )


def test_an_objection_is_answered_before_the_release(city: SimpleNamespace) -> None:
    row = shown(city)
    objection = objected(city, row)
    assert objection.about == "按时报送：2026年3月 (一)培育科技企业"
    with pytest.raises(Unacceptable, match="还有 1 条异议没有答复"):
        appraisals.release_appraisal(row, version=row.version, by=city.people["leader"], at=MAY)
    with pytest.raises(Refused):
        appraisals.answer_objection(objection, upheld=True, answer="好", by=city.people["clerk"], at=MAY)
    objection = appraisals.answer_objection(
        objection, upheld=True, answer="已更正。", by=city.people["planner"], at=MAY
    )
    assert (objection.state, objection.answer) == ("upheld", "已更正。")
    row = appraisals.release_appraisal(row, version=row.version, by=city.people["leader"], at=MAY)
    assert row.state == "released"


def test_objections_that_are_refused(city: SimpleNamespace) -> None:
    row = begun(city)
    sheet = sheet_of(row, city.gaoxin)
    by = {"by": city.people["clerk"], "at": MAY}
    with pytest.raises(Unacceptable, match="公示期间提出"):
        appraisals.write_objection(sheet, rule="timely", text="不对", **by)
    row = shown(city, row)
    sheet = sheet_of(row, city.gaoxin)
    with pytest.raises(Refused, match="被考核单位"):
        appraisals.write_objection(sheet, rule="timely", text="不对", by=city.yunhu_clerk, at=MAY)
    with pytest.raises(Unacceptable, match="没有这一行"):
        appraisals.write_objection(sheet, rule="timely", row="checkin-0", text="不对", **by)
    with pytest.raises(Unacceptable, match="请写明异议的内容和依据"):
        appraisals.write_objection(sheet, rule="timely", text=" ", **by)


@pytest.mark.parametrize(("verdict", "is_told"), [("upheld", True), ("rejected", False)])
def test_who_upholds_an_objection_is_told_that_no_score_changes_by_it(
    city: SimpleNamespace, in_may: None, verdict: str, is_told: bool
) -> None:
    row = shown(city)
    objection, before = objected(city, row), sheet_of(row, city.gaoxin).total
    answer = client_of(city.people["planner"]).post(
        reverse("briefings:appraisal-objection-answer", args=[row.pk, objection.pk]),
        {"verdict": verdict, "answer": "情况属实。"},
        follow=True,
    )
    assert ("采纳本身不改得分" in answer.content.decode()) == is_told
    assert sheet_of(row, city.gaoxin).total == before


def test_an_objection_is_against_the_sheet_a_rule_or_a_row(city: SimpleNamespace, in_may: None) -> None:
    """One button for the sheet and one for each rule; the row is chosen in the form; empty words are asked for."""
    row, clerk = shown(city), client_of(city.people["clerk"])
    pks = [row.pk, city.gaoxin.pk]
    page = clerk.get(reverse("briefings:appraisal-sheet", args=pks)).content.decode()
    assert page.count("提异议</a>") == 1 + len(row.scheme["rules"])
    address = reverse("briefings:appraisal-objection-create", args=pks)
    answer = clerk.post(f"{address}?rule=timely", {"target": "timely", "text": " "})
    assert (answer.status_code, "请写明异议的内容和依据。" in answer.content.decode()) == (422, True)
    assert clerk.post(f"{address}?rule=timely", {"target": "timely checkin-0", "text": "错"}).status_code == 422
    late = next(each for each in rule_of(sheet_of(row, city.gaoxin), "timely").rows if "迟做" in each.why)
    for query, target in (("?rule=timely", f"timely {late.key}"), ("", "整张评分表"), ("", "timely")):
        assert clerk.post(address + query, {"target": target, "text": "停机"}).status_code == 302
    abouts = AppraisalObjection.objects.order_by("pk").values_list("about", flat=True)
    assert list(abouts) == ["按时报送：2026年3月 (一)培育科技企业", "整张评分表", "按时报送"]
    page = client_of(city.people["planner"]).get(reverse("briefings:appraisal-objections", args=[row.pk]))
    assert "整张评分表" in page.content.decode()


# --- shown, returned, released


def test_returned_to_trial_with_a_reason(city: SimpleNamespace) -> None:
    row = shown(city)
    with pytest.raises(Unacceptable, match="请写明退回试算的理由"):
        appraisals.return_appraisal(row, why="", by=city.people["planner"], at=MAY)
    row = appraisals.return_appraisal(row, why="办法有误", by=city.people["planner"], at=MAY)
    assert (row.state, row.remark) == ("trial", "办法有误")
    assert not AppraisalSheet.objects.visible_to(city.people["clerk"]).exists()


def test_a_released_result_stays_when_the_ledger_moves_on(city: SimpleNamespace) -> None:
    row = released(city)
    content = sheet_of(row, city.gaoxin).content
    CheckIn.objects.filter(target=city.firms).update(value=Decimal(120), filed_late=False, state="signed")
    city.gaoxin.short_name = "改名处"
    city.gaoxin.save()
    row.refresh_from_db()
    assert appraisals.is_intact(row)
    assert sheet_of(row, city.gaoxin).content == content
    by = {"by": city.people["planner"], "at": MAY + timedelta(days=9)}
    with pytest.raises(Unacceptable, match="已公布"):
        appraisals.reckon_appraisal(row, **by)
    with pytest.raises(Unacceptable, match="已公布"):
        appraisals.save_scheme(row, scheme=row.scheme, until=None, left_out=[], version=row.version, **by)
    with pytest.raises(Unacceptable, match="已公布"):
        appraisals.give_marks(row, [MarkFields(city.gaoxin.pk, "marks", Decimal(1), "好")], **by)
    AppraisalSheet.objects.filter(appraisal=row, organisation=city.gaoxin).update(total=Decimal("99.99"))
    assert not appraisals.is_intact(row)


def test_an_open_one_follows_the_ledger(city: SimpleNamespace) -> None:
    row = begun(city)
    before = sheet_of(row, city.gaoxin).total
    assert not is_stale(row, at=MAY)
    form = CheckIn.objects.get(target=city.firms, round__key="2026-03", organisation=city.gaoxin)
    pass_to(form, CheckInState.SIGNED, by=city.people["office_head"], at=MAY)
    assert is_stale(row, at=MAY)
    CheckIn.objects.filter(pk=form.pk).update(value=Decimal(120))
    row = appraisals.reckon_appraisal(row, by=city.people["planner"], at=MAY)
    assert not is_stale(row, at=MAY)
    assert sheet_of(row, city.gaoxin).total > before
    assert is_stale(row, at=MAY + timedelta(days=1))


def test_every_step_is_recorded(city: SimpleNamespace) -> None:
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    row = shown(city)
    objection = objected(city, row)
    appraisals.answer_objection(objection, upheld=False, answer="系统没有停机。", by=city.people["planner"], at=MAY)
    appraisals.release_appraisal(row, version=row.version, by=city.people["leader"], at=MAY)
    made = AuditEntry.objects.exclude(pk__in=before).filter(subject_type__startswith="briefings.")
    told = sorted(made.values_list("subject_type", "action"))
    assert told == [
        ("briefings.appraisal", "create"), ("briefings.appraisal", "update"), ("briefings.appraisal", "update"),
        ("briefings.appraisalobjection", "create"), ("briefings.appraisalobjection", "update"),
    ]  # fmt: skip


def test_a_release_is_withdrawn_put_right_and_released_again(city: SimpleNamespace) -> None:
    """Back to the showing with the reason: the scored are told and see no ranking; what is put right counts."""
    row, leader = released(city), {"by": city.people["leader"], "at": MAY}
    with pytest.raises(Refused, match="由局领导公布"):
        appraisals.withdraw_release(row, why="漏计", by=city.people["planner"], at=MAY)
    with pytest.raises(Unacceptable, match="请写明撤回公布的理由"):
        appraisals.withdraw_release(row, why=" ", **leader)
    row = appraisals.withdraw_release(row, why="漏计一项表彰", **leader)
    assert (row.state, row.remark, row.digest, row.released_at) == ("shown", "漏计一项表彰", "", None)
    assert Notice.objects.filter(recipient=city.people["clerk"], title__contains="撤回公布").exists()
    assert AuditEntry.objects.filter(why="漏计一项表彰").exists()
    assert not AppraisalSheet.objects.ranked_for(city.people["clerk"]).exists()
    page = client_of(city.people["leader"]).get(reverse("briefings:appraisal-detail", args=[row.pk])).content.decode()
    assert "撤回公布：漏计一项表彰" in page
    before = sheet_of(row, city.gaoxin).total
    appraisals.give_marks(row, [MarkFields(city.gaoxin.pk, "marks", Decimal(1), "省级表彰")], **leader)
    row = appraisals.release_appraisal(row, version=row.version, **leader)
    assert (row.state, row.remark, appraisals.is_intact(row)) == ("released", "", True)
    assert sheet_of(row, city.gaoxin).total == before + 1


# --- papers


@pytest.mark.parametrize("with_sheets", [False, True])
def test_the_paper_is_a_clean_official_document(city: SimpleNamespace, with_sheets: bool) -> None:
    made = ranking_paper(released(city), with_sheets=with_sheets, by=city.people["leader"], at=MAY)
    assert gongwen.check_document(made.content) == []
    assert made.name == "2026年度处室（单位）目标责任制考核结果通报.docx"


def test_a_sheet_on_paper_and_the_workbook(city: SimpleNamespace) -> None:
    row = shown(city)
    made = sheet_paper(sheet_of(row, city.gaoxin), by=city.people["clerk"], at=MAY)
    assert gongwen.check_document(made.content) == []
    assert ranking_workbook(row, by=city.people["planner"], at=MAY).content.startswith(b"PK")
    with pytest.raises(Refused, match="评分明细由"):
        ranking_workbook(row, by=city.people["clerk"], at=MAY)


# --- pages


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MAY)


def test_from_beginning_to_release_on_the_pages(city: SimpleNamespace, in_may: None) -> None:
    planner, leader, clerk = (client_of(city.people[role]) for role in ("planner", "leader", "clerk"))
    planner.post(reverse("briefings:appraisal-create"), {"year": 2026, "kind": "offices"})
    row = Appraisal.objects.get()
    page = planner.get(reverse("briefings:appraisal-detail", args=[row.pk])).content.decode()
    assert "单列、不参与排名的 2 个：规划处、高新处（目标、任务合计不足 3 项）" in page
    marks = reverse("briefings:appraisal-marks", args=[row.pk])
    sent = {f"points-{city.gaoxin.pk}": "一分", f"reason-{city.gaoxin.pk}": "表彰", "rule": "marks"}
    answer = planner.post(marks, sent)
    assert (answer.status_code, "填写的是“一分”" in answer.content.decode()) == (422, True)
    planner.post(marks, {**sent, f"points-{city.gaoxin.pk}": "1"})
    mark = AppraisalMark.objects.get()
    planner.post(reverse("briefings:appraisal-mark-withdraw", args=[row.pk, mark.pk]), {"why": "重复"})
    planner.post(reverse("briefings:appraisal-move", args=[row.pk, "show"]), {"version": row.version})
    sheet = reverse("briefings:appraisal-sheet", args=[row.pk, city.gaoxin.pk])
    page = clerk.get(sheet).content.decode()
    form = CheckIn.objects.get(node=city.task, round__key="2026-03")
    assert reverse("plans:checkin-detail", args=[form.pk]) in page
    address = reverse("briefings:appraisal-objection-create", args=[row.pk, city.gaoxin.pk])
    assert (
        clerk.post(f"{address}?rule=timely", {"text": "停机", "target": f"timely checkin-{form.pk}"})["Location"]
        == sheet
    )
    objection = AppraisalObjection.objects.get()
    answer_at = reverse("briefings:appraisal-objection-answer", args=[row.pk, objection.pk])
    planner.post(answer_at, {"verdict": "rejected", "answer": "没有停机"})
    row.refresh_from_db()
    leader.post(reverse("briefings:appraisal-move", args=[row.pk, "release"]), {"version": row.version})
    row.refresh_from_db()
    assert row.state == "released"
    assert clerk.get(reverse("briefings:appraisal-detail", args=[row.pk])).status_code == 200
    assert leader.get(reverse("briefings:appraisal-paper", args=[row.pk]) + "?sheets=1").status_code == 200
    assert leader.get(reverse("briefings:appraisal-workbook", args=[row.pk])).status_code == 200


def test_who_has_hardly_anything_to_score_stands_apart(city: SimpleNamespace, in_may: None) -> None:
    """规划处 has neither targets nor tasks and would be first by what is spread; 高新处 has one target."""
    row, planner = begun(city), city.people["planner"]
    assert (sheet_of(row, city.guihua).total, sheet_of(row, city.guihua).rank) == (Decimal("98.00"), None)
    scheme = {**row.scheme, "least_items": "1"}
    row = appraisals.save_scheme(row, scheme=scheme, until=None, left_out=[], version=row.version, by=planner, at=MAY)
    apart, ranked = sheet_of(row, city.guihua), sheet_of(row, city.gaoxin)
    assert (apart.total, apart.rank, apart.grade) == (Decimal("98.00"), None, "")
    assert (ranked.rank, ranked.position, apart.position) == (1, 1, 2)
    client = client_of(planner)
    page = client.get(reverse("briefings:appraisal-detail", args=[row.pk])).content.decode()
    assert "单列、不参与排名的 1 个：规划处（目标、任务合计不足 1 项）" in page
    assert f"高新处 {ranked.total} 分居第 1 位，1 个单位平均" in page
    sheet = client.get(reverse("briefings:appraisal-sheet", args=[row.pk, city.guihua.pk])).content.decode()
    assert "不参与排名<small>（目标、任务合计 0 项，不足 1 项）" in sheet
    paper = ranking_paper(row, with_sheets=True, by=planner, at=MAY).content
    words = "\n".join(each.text for each in Document(io.BytesIO(paper)).paragraphs)
    assert "目标、任务合计不足1项，单列计分、不参与排名的1个：规划处（98.00分）。" in words
    assert "规划处得分98.00分。目标、任务合计 0 项，不足 1 项，不参与排名。" in words
    assert gongwen.check_document(paper) == []
    book = load_workbook(io.BytesIO(ranking_workbook(row, by=planner, at=MAY).content))["排名"]
    cells = {cell.value for line in book.iter_rows() for cell in line}
    assert "目标、任务合计 0 项，不足 1 项，不参与排名" in cells


def test_a_scheme_that_says_nothing_of_it_ranks_everybody(city: SimpleNamespace) -> None:
    """As those did that were declared, and released, before it could be said."""
    row, planner = begun(city), city.people["planner"]
    scheme = {key: each for key, each in row.scheme.items() if key != "least_items"}
    row = appraisals.save_scheme(row, scheme=scheme, until=None, left_out=[], version=row.version, by=planner, at=MAY)
    assert (sheet_of(row, city.guihua).rank, sheet_of(row, city.gaoxin).rank) == (1, 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [("三", "请填数字"), ("1.5", "请填整数"), ("-1", "请填 0 到 20 的整数"), ("21", "请填 0 到 20 的整数")],
)
def test_how_many_items_are_needed_is_a_whole_number(
    city: SimpleNamespace, in_may: None, given: str, said: str
) -> None:
    row = begun(city)
    sent = {"version": row.version, "least_items": given, "rule-0-name": "报送", "rule-0-kind": "timely",
            "rule-0-weight": "100", "rule-0-counting": "share", "rule-0-absence": "full"}  # fmt: skip
    answer = client_of(city.people["planner"]).post(reverse("briefings:appraisal-scheme", args=[row.pk]), sent)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_the_scheme_is_written_on_its_page(city: SimpleNamespace, in_may: None) -> None:
    row, planner = begun(city), client_of(city.people["planner"])
    address = reverse("briefings:appraisal-scheme", args=[row.pk])
    assert "示例办法" in planner.get(address).content.decode()
    rule = {
        "name": "报送",
        "kind": "timely",
        "weight": "100",
        "counting": "tiers",
        "absence": "full",
        "tiers": "60=100，30=50%",
    }
    sent = {"version": row.version, "grade-0-name": "合格", "grade-0-at_least": "0",
            **{f"rule-0-{name}": value for name, value in rule.items()}}  # fmt: skip
    assert planner.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert row.scheme["rules"][0]["tiers"] == [["60", "100"], ["30", "50"]]
    assert sheet_of(row, city.gaoxin).total == 50  # one of three
    answer = planner.post(address, {**sent, "version": row.version, "rule-0-weight": "八十"})
    assert (answer.status_code, "填写的是“八十”，请填数字" in answer.content.decode()) == (422, True)


def test_the_ranking_tells_spread_points_and_writes_two_decimals(city: SimpleNamespace, in_may: None) -> None:
    """规划处 has no targets and tasks: 55 points are spread over what it has; 98 is 98.00."""
    row, leader = begun(city), client_of(city.people["leader"])
    address = reverse("briefings:appraisal-detail", args=[row.pk])
    page = leader.get(address).content.decode()
    assert "折算55分" in page
    assert "没有可计的事项：目标完成 35 分、任务完成 20 分，按比例加到其他指标" in page
    assert ">98.00</a>" in page
    csv = leader.get(address + "?export=csv").content.decode()
    assert ",98.00," in csv


def test_the_trail_tells_a_changed_scheme_in_words(city: SimpleNamespace, in_may: None) -> None:
    row, planner = begun(city), city.people["planner"]
    rules = [
        {**each, "weight": {"goals": "30", "tasks": "25"}.get(each["key"], each["weight"])}
        for each in row.scheme["rules"]
    ]
    scheme = {**row.scheme, "rules": rules}
    appraisals.save_scheme(row, scheme=scheme, until=None, left_out=[], version=row.version, by=planner, at=MAY)
    lines = list(history_of(row, planner))
    changed = next(each for each in lines[0].changes if each.label == "考核办法")
    assert (changed.before, changed.after) == (
        "目标完成 35 分；任务完成 20 分（迟做计 60%）",
        "目标完成 30 分；任务完成 25 分（迟做计 60%）",
    )
    begun_with = next(each for each in lines[-1].changes if each.label == "考核办法")
    assert begun_with.after.startswith("7 条指标，合计 100 分；目标完成 35 分；")


def test_the_ranking_sorts_filters_and_exports(city: SimpleNamespace, in_may: None) -> None:
    row, leader = begun(city), client_of(city.people["leader"])
    address = reverse("briefings:appraisal-detail", args=[row.pk])
    leader.get(address)
    for query in ("?sort=-rule_timely", "?sort=rank", "?grade=优秀", "?q=高新", "?export=xlsx", "?export=print"):
        with CaptureQueriesContext(connection) as queries:
            answer = leader.get(address + query)
        assert answer.status_code == 200
        assert "export" in query or len(queries) <= 12
    names = [sheet.organisation for sheet in row.sheets.order_by("position")]
    assert names[0] == city.guihua
    assert Kind.TIMELY in {each["kind"] for each in row.scheme["rules"]}
