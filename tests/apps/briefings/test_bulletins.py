"""Bulletins: composed from the ledger, written, released and frozen; every figure leads to what stands behind it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.briefings.bulletin_city import AFTER_MARCH, begun, released, reported_city
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import report

from keshu.apps.briefings.models import Bulletin, BulletinState
from keshu.apps.briefings.queries.bulletins import source_address
from keshu.apps.briefings.services import bulletins, composing
from keshu.apps.briefings.services.bulletins.papers import bulletin_paper
from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn, CheckInState, Target
from keshu.apps.plans.services.fact_rows import CountyShare, IssueFact, TaskFact, facts_from
from keshu.apps.plans.services.period_facts import period_facts
from keshu.engines import gongwen
from keshu.kernel.period import Period

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SimpleNamespace:
    return reported_city()


def lines_of(row: Bulletin) -> list[str]:
    return bulletins.words_of(row).plain.split("\n")


def test_the_words_say_what_the_ledger_knows(city: SimpleNamespace) -> None:
    told = lines_of(begun(city))
    assert told[0] == "总体情况"
    assert told[1].startswith("截至2026年3月底，《云澜市2026年科技创新工作要点》确定的目标共6项")
    rows = [line.split("\t") for line in told if "\t" in line]
    row = next(row for row in rows if row[1] == "科技型中小企业")
    assert row[2:5] == ["新增不少于120家", "82家", "68.3%"]  # 82 / 120
    assert next(row for row in rows if row[1] == "技术合同成交额")[2:5] == ["突破45亿元", "27亿元", "60%"]
    assert any("培育科技企业" in line and "进度40%" in line and "开展辅导3场。" in line for line in told)
    assert any(line.endswith("请协调场地。") for line in told)


def test_every_figure_knows_the_form_it_came_with(city: SimpleNamespace) -> None:
    composed = bulletins.words_of(begun(city))
    form = CheckIn.objects.get(target=city.firms)
    source = composed.sources[f"t{city.firms.pk}"]
    assert source.row == f"checkin-{form.pk}"
    assert source.told == "2026年3月调度，高新处填报、审签"
    assert source_address(source.row, plan_id=city.plan.pk) == reverse("plans:checkin-detail", args=[form.pk])
    assert source_address(composed.sources[f"g{city.firms.pk}"].row, plan_id=city.plan.pk) == reverse(
        "plans:target-detail", args=[city.firms.pk]
    )
    keys = {
        words.source
        for section in composed.sections
        for passage in section.passages
        if passage.kind in ("text", "grid")
        for line in ([passage.line] if passage.kind == "text" else [cell for row in passage.rows for cell in row])
        for words in line
        if words.source
    }
    assert keys
    assert keys <= set(composed.sources)


def test_the_count_of_targets_leads_to_exactly_those_rows(city: SimpleNamespace) -> None:
    """What the plan says a second time is listed in the ledger, and counted once in the bulletin."""
    again = Target.objects.get(pk=city.firms.pk)
    again.pk, again.indicator, again.restates, again.position = None, "科技型中小企业（重申）", city.firms, 900
    again.save()
    row = begun(city)
    assert "确定的目标共6项" in lines_of(row)[1]
    page = client_of(city.people["planner"])
    address = source_address("targets", plan_id=city.plan.pk)
    assert page.get(address).context["ledger"].total == 6
    assert page.get(reverse("plans:target-list"), {"plan": city.plan.pk}).context["ledger"].total == 7
    assert (
        address.replace("&", "&amp;") in page.get(reverse("briefings:bulletin-detail", args=[row.pk])).content.decode()
    )


def test_figures_of_later_periods_stay_out(city: SimpleNamespace) -> None:
    report(city.firms, "2026-04", city.gaoxin, value=Decimal(95))
    facts = period_facts(
        city.plan, Period.parse("2026-03"), by=city.people["planner"], at=AFTER_MARCH + timedelta(days=40)
    )
    assert next(each for each in facts.targets if each.id == city.firms.pk).value == "82"


def test_facts_are_kept_without_loss(city: SimpleNamespace) -> None:
    row = begun(city)
    row.refresh_from_db()
    facts = facts_from(row.facts)
    again = facts_from(asdict(facts))
    assert again == facts
    assert composing.compose(facts, composing.chosen_by_default("monthly")).plain == bulletins.words_of(row).plain


def test_a_released_bulletin_stays_as_it_was_when_the_ledger_moves_on(city: SimpleNamespace) -> None:
    row = released(city)
    text = row.text
    CheckIn.objects.filter(target=city.firms).update(value=Decimal(119))
    city.plan.title = "改了名的要点"
    city.plan.save()
    row.refresh_from_db()
    assert row.number == 1
    assert bulletins.words_of(row).plain == text
    assert bulletins.reproduced(row).plain == text  # made anew from the data it keeps
    assert "82家" in text
    assert "改了名" not in text
    with pytest.raises(Unacceptable, match="已发布，不能修改"):
        bulletins.compose_anew(row, version=row.version, by=city.people["planner"], at=AFTER_MARCH)


def test_numbers_count_within_kind_and_year(city: SimpleNamespace) -> None:
    periods = ("2026-02", "2026-03")
    assert [released(city, begun(city, period=each)).number for each in periods] == [1, 2]
    assert released(city, begun(city, "quarterly", "2026-Q1")).number == 1


def test_what_is_released_is_corrected_and_not_written_again(city: SimpleNamespace) -> None:
    row = released(city)
    with pytest.raises(
        Unacceptable, match=r"《2026年3月科技工作月报》已发布（〔2026〕1号）。内容有误的，请打开它，点“起草更正”"
    ):
        begun(city)
    bulletins.withdraw_bulletin(row, why="数据有误", by=city.people["leader"], at=AFTER_MARCH)
    assert begun(city).state == BulletinState.DRAFT


def test_a_paragraph_is_rewritten_and_keeps_its_sources(city: SimpleNamespace) -> None:
    row = begun(city)
    place = next(place for place, text in _paragraphs(row).items() if text.startswith("截至2026年3月底"))
    row = bulletins.rewrite_paragraph(
        row, place=place, words="三月底，共有6项目标。", version=row.version, by=city.people["planner"], at=AFTER_MARCH
    )
    assert _paragraphs(row)[place] == "三月底，共有6项目标。"
    line = next(
        p.line
        for s in bulletins.words_of(row).sections
        for p in s.passages
        if getattr(p, "plain", "").startswith("三月底")
    )
    assert [words.text for words in line if words.source] == ["6项"]
    back = bulletins.rewrite_paragraph(
        row, place=place, words="", version=row.version, by=city.people["planner"], at=AFTER_MARCH
    )
    assert _paragraphs(back)[place].startswith("截至2026年3月底")


def test_a_rewriting_lapses_where_the_figures_beneath_it_changed(city: SimpleNamespace) -> None:
    row = begun(city)
    place = next(place for place, text in _paragraphs(row).items() if text.startswith("科技型中小企业"))
    row = bulletins.rewrite_paragraph(
        row,
        place=place,
        words="科技型中小企业82家，形势好。",
        version=row.version,
        by=city.people["planner"],
        at=AFTER_MARCH,
    )
    CheckIn.objects.filter(target=city.firms).update(value=Decimal(90))
    row = bulletins.compose_anew(row, version=row.version, by=city.people["planner"], at=AFTER_MARCH)
    assert "90家" in _paragraphs(row)[place]
    assert [each.now for each in bulletins.lapsed_edits(row).values()] == ["科技型中小企业82家，形势好。"]


def test_a_rewriting_tells_which_figures_went_and_which_came(city: SimpleNamespace) -> None:
    row = begun(city)
    place = next(place for place, text in _paragraphs(row).items() if text.startswith("科技型中小企业"))
    row = bulletins.rewrite_paragraph(
        row,
        place=place,
        words="科技型中小企业已有92家。",
        version=row.version,
        by=city.people["planner"],
        at=AFTER_MARCH,
    )
    (told,) = bulletins.rewritings(row)
    assert ("82家" in told.gone, told.new, told.now) == (True, ("92家",), "科技型中小企业已有92家。")
    client = Client()
    client.force_login(city.people["leader"])
    row = bulletins.submit_bulletin(row, version=row.version, by=city.people["planner"], at=AFTER_MARCH)
    page = client.get(reverse("briefings:bulletin-detail", args=[row.pk])).content.decode()
    assert "数字有变化" in page
    assert "台账之外的数：92家" in page
    assert told.was in page


def _paragraphs(row: Bulletin) -> dict[str, str]:
    from keshu.apps.briefings.services.bulletins.words import paragraphs

    return {place: text.plain for place, text in paragraphs(bulletins.words_of(row)).items()}


def test_two_people_on_one_draft(city: SimpleNamespace) -> None:
    row = begun(city)
    sections = composing.chosen_by_default("monthly")
    at = {"by": city.people["planner"], "at": AFTER_MARCH}
    bulletins.arrange_sections(row, sections[::-1], title="甲改的", version=0, **at)
    with pytest.raises(Unacceptable, match="刚被别人改过"):
        bulletins.arrange_sections(row, sections, title="乙改的", version=0, **at)
    row.refresh_from_db()
    assert (row.title, row.sections[0]["key"]) == ("甲改的", sections[-1].key)


def test_sections_and_rules_become_the_template(city: SimpleNamespace) -> None:
    sections = [each for each in composing.chosen_by_default("monthly") if each.key in ("overview", "offices")]
    changed = [
        composing.Chosen(
            each.id,
            each.key,
            f"新{each.title}",
            {**each.settings, **({"named_from": 1} if each.key == "offices" else {})},
        )
        for each in sections
    ]
    bulletins.save_template(city.bureau, kind="monthly", sections=changed, by=city.people["planner"], at=AFTER_MARCH)
    assert [each["title"] for each in begun(city).sections] == ["新总体情况", "新各单位报送情况"]
    wrong = [composing.Chosen("offices", "offices", "报送", {"named_from": 0})]
    with pytest.raises(Unacceptable, match="请填1到100之间的整数"):
        bulletins.save_template(city.bureau, kind="monthly", sections=wrong, by=city.people["planner"], at=AFTER_MARCH)


@pytest.mark.parametrize("kind", ["monthly", "quarterly", "annual", "summary", "one_page"])
def test_the_paper_is_a_clean_official_document(city: SimpleNamespace, kind: str) -> None:
    period = {"monthly": "2026-03", "quarterly": "2026-Q1", "one_page": "2026-Q1"}.get(kind, "2026")
    made = bulletin_paper(begun(city, kind, period), by=city.people["planner"], at=AFTER_MARCH)
    assert gongwen.check_document(made.content) == []
    parts = zipfile.ZipFile(io.BytesIO(made.content))
    assert "台账" in parts.read("word/footnotes.xml").decode()
    if kind != "one_page":  # it has a chart and no table of targets
        assert f"来源_t{city.firms.pk}_1" in parts.read("word/document.xml").decode()
    assert AuditEntry.objects.filter(action="export").exists()


def test_who_may(city: SimpleNamespace) -> None:
    row = begun(city)
    for role in ("clerk", "county_clerk", "auditor", "enterprise"):
        with pytest.raises(Refused):
            bulletins.submit_bulletin(row, version=row.version, by=city.people[role], at=AFTER_MARCH)
    row = bulletins.submit_bulletin(row, version=row.version, by=city.people["planner"], at=AFTER_MARCH)
    with pytest.raises(Refused, match="由局领导签发"):
        bulletins.release_bulletin(row, version=row.version, by=city.people["planner"], at=AFTER_MARCH)
    seen = {
        role: Bulletin.objects.visible_to(city.people[role]).exists()
        for role in ("clerk", "county_clerk", "leader", "bank")
    }
    assert seen == {"clerk": False, "county_clerk": False, "leader": True, "bank": False}
    row = bulletins.release_bulletin(row, version=row.version, by=city.people["leader"], at=AFTER_MARCH)
    seen = {
        role: Bulletin.objects.visible_to(city.people[role]).exists()
        for role in ("clerk", "county_clerk", "leader", "bank")
    }
    assert seen == {"clerk": True, "county_clerk": True, "leader": True, "bank": False}


def test_withdrawn_and_corrected(city: SimpleNamespace) -> None:
    row = released(city)
    with pytest.raises(Unacceptable, match="请写明撤回的理由"):
        bulletins.withdraw_bulletin(row, why=" ", by=city.people["leader"], at=AFTER_MARCH)
    row = bulletins.withdraw_bulletin(row, why="数据有误", by=city.people["leader"], at=AFTER_MARCH)
    assert (row.state, row.remark) == (BulletinState.WITHDRAWN, "数据有误")
    again = bulletins.begin_bulletin(
        city.plan, kind="monthly", period="2026-03", corrects=row, by=city.people["planner"], at=AFTER_MARCH
    )
    assert again.title.endswith("（更正）")
    assert released(city, again).number == 2


@pytest.mark.parametrize(
    ("kind", "period", "message"),
    [
        ("monthly", "2026-Q1", "月报不按"),
        ("monthly", "2025-03", "这份工作要点是2026年的"),
        ("monthly", "2026-12", "还没有开始"),
        ("quarterly", "胡写", "不是时期"),
    ],
)
def test_a_period_that_does_not_fit(city: SimpleNamespace, kind: str, period: str, message: str) -> None:
    with pytest.raises(Unacceptable, match=message):
        begun(city, kind, period)


# --- pages


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_leads_from_each_figure_to_its_form(city: SimpleNamespace) -> None:
    row = begun(city)
    form = CheckIn.objects.get(target=city.firms)
    page = client_of(city.people["planner"]).get(reverse("briefings:bulletin-detail", args=[row.pk])).content.decode()
    assert (
        f'href="{reverse("plans:checkin-detail", args=[form.pk])}" title="来源：2026年3月调度，高新处填报、审签">82家</a>'
        in page
    )
    assert client_of(city.people["clerk"]).get(reverse("briefings:bulletin-detail", args=[row.pk])).status_code == 404


def test_from_beginning_to_release_on_the_pages(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AFTER_MARCH)
    planner, leader = client_of(city.people["planner"]), client_of(city.people["leader"])
    sent = {"plan": city.plan.pk, "kind": "monthly", "period": "2026-03"}
    answer = planner.post(reverse("briefings:bulletin-create"), sent)
    row = Bulletin.objects.get()
    assert answer["Location"] == reverse("briefings:bulletin-detail", args=[row.pk])
    first, second = (each["id"] for each in row.sections[:2])
    planner.post(reverse("briefings:bulletin-section-act", args=[row.pk, second, "up"]), {"version": row.version})
    row.refresh_from_db()
    assert [each["id"] for each in row.sections[:2]] == [second, first]
    (moved,) = next(iter(history_of(row, city.people["planner"]).lines)).changes
    assert str(moved) == f"栏目：“{row.sections[0]['title']}”上移到第 1 位"
    planner.post(reverse("briefings:bulletin-section-add", args=[row.pk]), {"version": row.version, "key": "own"})
    row.refresh_from_db()
    section = reverse("briefings:bulletin-section", args=[row.pk, "own"])
    planner.post(section, {"version": row.version, "title": "特此说明", "words": "第一段\n第二段"})
    planner.post(reverse("briefings:bulletin-move", args=[row.pk, "submit"]), {"version": row.version + 1})
    row.refresh_from_db()
    assert row.state == "submitted"
    assert (
        planner.post(reverse("briefings:bulletin-move", args=[row.pk, "release"]), {"version": row.version}).status_code
        == 403
    )
    leader.post(reverse("briefings:bulletin-move", args=[row.pk, "release"]), {"version": row.version})
    row.refresh_from_db()
    assert (row.state, row.number) == ("released", 1)
    assert row.text.endswith("特此说明\n第一段\n第二段")
    assert "〔2026〕1号" in leader.get(reverse("briefings:bulletin-list")).content.decode()


@pytest.mark.parametrize(
    "name", ["briefings:bulletin-list", "plans:supervision-list", "plans:issue-list", "plans:meeting-list"]
)
def test_lists_are_printed_whole(city: SimpleNamespace, name: str) -> None:
    answer = client_of(city.people["planner"]).get(reverse(name), {"export": "print"})
    assert answer.status_code == 200
    assert "data-print-now" in answer.content.decode()


def test_days_in_words_end_months() -> None:
    from keshu.apps.briefings.services.composing.sources import day_words

    ends = [date(2026, month, 28) + timedelta(days=extra) for month, extra in ((2, 0), (4, 2), (12, 3))]
    assert [day_words(day.isoformat()) for day in ends] == ["2月底", "4月底", "12月底"]


def test_states_are_all_marked() -> None:
    from keshu.apps.briefings.queries.bulletins import BULLETIN_MARKS

    assert set(BULLETIN_MARKS) == set(BulletinState.values)
    assert CheckInState.SIGNED in CheckInState.values


def test_what_was_never_counted_is_not_spoken_of(city: SimpleNamespace) -> None:
    """No noughts, no empty sections, no section that only says there is nothing of its kind."""
    told = lines_of(begun(city, "quarterly", "2026-Q1"))
    assert not [line for line in told if "0项" in line.replace("10项", "") and "\t" not in line]
    assert "县区、园区情况" not in told  # no county reported
    assert "督办情况" not in told  # no notice was issued
    assert "本季度，各单位应报送调度进展3项，按时报送3项，按时率100%。" in told


def test_what_several_ask_for_stands_once(city: SimpleNamespace) -> None:
    other = make_plan.node(city.plan, "建设创新平台")
    report(other, "2026-03", city.guihua, percent=20, progress="已选址。", help_needed="请协调场地。")
    [line] = [line for line in lines_of(begun(city)) if line.endswith("请协调场地。")]
    assert line == "高新处、成果转化处：请协调场地。"


def test_the_worst_are_named_first_and_the_rest_counted(city: SimpleNamespace) -> None:
    facts = facts_from(begun(city).facts)
    one = facts.offices[0]
    rows = [(1, 0), (4, 0), (0, 3), (5, 0)]  # late, missing
    offices = tuple(
        replace(one, id=place, name=f"第{place}处", asked=10, on_time=10 - late - missing, late=late, missing=missing)
        for place, (late, missing) in enumerate(rows, start=1)
    )
    settings = {"praises": True, "praise_from": 90, "names_late": True, "named_from": 3, "most_named": 2}
    sections = (composing.Chosen("offices", "offices", "报送", settings),)
    told = composing.compose(replace(facts, offices=offices), sections).plain.split("\n")
    assert told[1] == "第1处按时率达到90%以上，予以表扬。"
    assert told[2] == "3个单位报送不够及时，予以通报，其中第3处未报3项；第4处迟报5项。"


def test_rates_are_not_told_in_per_cent_of_their_target(city: SimpleNamespace) -> None:
    facts = facts_from(begun(city).facts)
    rate = replace(next(each for each in facts.targets if each.id == city.firms.pk), unit="%", told="82%")
    told = composing.compose(replace(facts, targets=(rate,)), composing.chosen_by_default("annual")).plain
    assert "68.3%" not in told
    assert "完成率达到" not in told


def composed_of(city: SimpleNamespace, key: str, **facts: Any) -> list[str]:
    """One section, by its rules as they begin, on facts that are otherwise the city's."""
    declared = composing.BY_KEY[key]
    sections = (composing.Chosen(key, key, declared.title, {one.key: one.default for one in declared.settings}),)
    return composing.compose(replace(facts_from(begun(city).facts), **facts), sections).plain.split("\n")


def test_an_older_figure_is_never_dated_with_the_bulletins_month(city: SimpleNamespace) -> None:
    targets = facts_from(begun(city).facts).targets
    aged = tuple(replace(each, as_of="2026-02-28") if each.id == city.firms.pk else each for each in targets)
    place = [each.id for each in targets].index(city.firms.pk) + 1
    told = composed_of(city, "goals", targets=aged)
    assert "截至2月底，科技型中小企业82家，完成年度目标（新增不少于120家）的68.3%。" in told
    assert "技术合同成交额27亿元，完成年度目标（突破45亿元）的60%。" in told
    assert told[-1] == (
        f"注：完成数截至3月底（其中第{place}项为截至2月底数），为各牵头单位填报、审签的年内累计数或期末数。"
    )
    late = tuple(replace(each, light="late") if each.id == city.firms.pk else each for each in aged)
    [line] = [line for line in composed_of(city, "risks", targets=late) if "科技型中小企业" in line]
    assert "截至2月底82家" in line
    assert "目前" not in line


def test_figures_before_the_bulletins_day_are_dated_once(city: SimpleNamespace) -> None:
    told = composed_of(city, "goals", until="2026-04-08")
    assert told[1].startswith("截至3月底，科技型中小企业82家")
    assert told[2].startswith("技术合同成交额27亿元")


@pytest.mark.parametrize(
    ("late", "named"),
    [
        ((7, 5, 3, 3, 2), 4),  # the third and the fourth are equal: both
        ((7, 5, 3, 2, 1), 3),
        ((7, 5, 3, 3, 3, 3), 2),  # too many are equal at the border: none of them
        ((3, 3, 3, 3, 3, 3), 6),
    ],
)
def test_who_is_equal_at_the_border_is_named_alike(city: SimpleNamespace, late: tuple[int, ...], named: int) -> None:
    one = facts_from(begun(city).facts).offices[0]
    offices = tuple(
        replace(one, id=place, name=f"第{place}处", asked=10, on_time=10 - count, late=count, missing=0)
        for place, count in enumerate(late, start=1)
    )
    settings = {"praises": False, "praise_from": 100, "names_late": True, "named_from": 1, "most_named": 3}
    sections = (composing.Chosen("offices", "offices", "报送", settings),)
    told = composing.compose(replace(facts_from(begun(city).facts), offices=offices), sections).plain.split("\n")[1]
    assert told.count("迟报") == named
    assert ("以下单位" in told) == (named == len(late))


def test_counties_that_do_not_add_up_to_the_city_are_told(city: SimpleNamespace) -> None:
    targets = facts_from(begun(city).facts).targets
    shares = (CountyShare("甲县", "50", 1), CountyShare("乙县", "32", 2))
    whole = tuple(replace(each, counties=shares) for each in targets if each.id == city.firms.pk)
    assert not [line for line in composed_of(city, "counties", targets=whole) if line.startswith("注")]  # 50 + 32 = 82
    apart = (replace(whole[0], value="60"),)
    [note] = [line for line in composed_of(city, "counties", targets=apart) if line.startswith("注")]
    assert note.endswith("与牵头单位填报的全市数分别统计，不能相加得出全市数。")


def test_a_summary_has_what_a_years_summary_has(city: SimpleNamespace) -> None:
    told = lines_of(begun(city, "summary", "2026"))
    titles = ["总体情况", "主要目标完成情况", "重点任务进展", "存在的主要问题", "下一步工作打算"]
    assert [line for line in told if line in titles] == titles
    assert [each.key for each in composing.chosen_by_default("summary")] == [
        "overview", "goals", "tasks", "highlights", "shortfalls", "ahead"
    ]  # fmt: skip


def test_a_summary_praises_what_was_surpassed_early_or_grew(city: SimpleNamespace) -> None:
    targets = facts_from(begun(city).facts).targets
    done = {"light": "done", "value": "150", "told": "150家", "percent": "125", "reached_on": "2026-02-28"}
    well = tuple(
        replace(each, **done)
        if each.id == city.firms.pk
        else replace(each, growth="20.5", growth_unit="%")
        if each.id == city.turnover.pk
        else each
        for each in targets
    )
    assert composed_of(city, "highlights", targets=well)[1:] == [
        "超额完成目标。科技型中小企业150家，为年度目标的125%。",
        "提前完成目标。科技型中小企业150家（2月底前达到）。",
        "主要指标增长较快。技术合同成交额27亿元，同比增长20.5%。",
    ]
    assert composed_of(city, "highlights") == [""]  # nothing to praise: the section is left out


def test_a_summary_names_what_is_behind_and_who_makes_up_for_it(city: SimpleNamespace) -> None:
    targets = facts_from(begun(city).facts).targets
    late = tuple(replace(each, light="late") for each in targets if each.id == city.turnover.pk)
    issue = IssueFact(1, "场地不足。", "高新处", "协调场地。", "2026-05-31", is_closed=False, is_late=False)
    told = composed_of(city, "shortfalls", targets=late, issues=(issue,), tasks=())
    assert told[1:] == [
        "有1项目标滞后。技术合同成交额27亿元，目标突破45亿元。",
        "有的问题还在整改。问题清单中正在整改的有1个：场地不足。",
    ]
    plan = composed_of(city, "ahead", targets=late, issues=(issue,), tasks=())
    assert plan[1].startswith("补上滞后的目标任务。")
    assert plan[1].endswith("负责技术合同成交额。")
    assert plan[2] == "抓好问题整改。场地不足，协调场地（高新处负责，5月底前完成）。"


def task(number: int, title: str, words: str, **more: str) -> TaskFact:
    fields = {"chapter": "重点任务", "leads": f"第{number}处", "percent": "50", "light": "on_track", **more}
    empty = dict.fromkeys(("reason", "problems", "help_needed", "deadline", "due_on"), "")
    return TaskFact(id=number, title=title, words=words, check_in_id=None, **{**empty, **fields})


def test_the_same_words_of_several_tasks_are_told_once(city: SimpleNamespace) -> None:
    rows = (task(1, "一是办会", "按计划推进。", part="甲"), task(2, "二是建库", "按计划推进", part="甲"))
    assert composed_of(city, "tasks", tasks=rows)[1:] == [
        "办会（进度50%）、建库（进度50%）：第1处、第2处牵头。按计划推进。"
    ]  # no heading: it would be the only one
    apart = (*rows, task(3, "三是立项", "按计划推进。", part="乙"), task(4, "培训", "办班2期。", part="乙"))
    told = composed_of(city, "tasks", tasks=apart)[1:]
    assert told == [
        "乙",
        "培训。第4处牵头，进度50%。办班2期。",
        "进展情况相同的任务",
        "办会（进度50%）、建库（进度50%）、立项（进度50%）：第1处、第2处、第3处牵头。按计划推进。",
    ]


def test_no_heading_repeats_the_section_or_the_task(city: SimpleNamespace) -> None:
    rows = (
        task(1, "(一)办会", "已开。", part="(一)办会"),
        task(2, "做台账", "已建。", chapter="保障措施", part="做台账"),
    )
    assert composed_of(city, "tasks", tasks=rows)[1:] == [
        "(一)办会",
        "第1处牵头，进度50%。已开。",
        "保障措施",
        "做台账。第2处牵头，进度50%。已建。",
    ]
    plain = tuple(replace(each, part="") for each in rows)
    assert "重点任务" not in composed_of(city, "tasks", tasks=plain)


def test_lists_look_into_their_own_rows(city: SimpleNamespace) -> None:
    page = client_of(city.people["planner"])
    begun(city)
    assert "在通报中查找" in page.get(reverse("briefings:bulletin-list")).content.decode()
