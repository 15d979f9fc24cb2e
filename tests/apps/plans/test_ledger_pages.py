"""The ledger pages and the home page, as each role gets them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.plans.factories import POINTS, Draftsman, make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry, User
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.plans.models import NodeKind, PlanState, WorkPlan
from keshu.apps.plans.queries.choosing import chosen_plan
from keshu.apps.plans.queries.glance import plan_glance
from keshu.apps.plans.queries.headings import plan_headings
from keshu.apps.plans.queries.matrix_pages import MatrixFilter, matrix_page
from keshu.apps.plans.queries.target_ledgers import target_rows, targets_ledger
from keshu.apps.plans.queries.task_pages import TreeFilter, narrowed_tree
from keshu.apps.plans.services.publishing import withdraw_plan
from keshu.engines.plandoc.document import DocumentKind, Measure, Op, Tense

pytestmark = pytest.mark.django_db

OUTSIDERS = ("enterprise", "institute", "expert", "bank")


@pytest.fixture
def city() -> SimpleNamespace:
    """The small city with the published plan of POINTS."""
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    return site


def get(user: User, url: str, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(url, query)


def text_of(response: Any) -> str:
    return response.content.decode()


def pages_of(plan: WorkPlan) -> list[str]:
    """Every page that shows rows of one plan."""
    target, task = make_plan.target(plan, "技术合同成交额"), make_plan.node(plan, "培育科技企业")
    named = {
        "plans:target-detail": target.pk, "plans:target-drawer": target.pk, "plans:task-detail": task.pk,
        "plans:task-drawer": task.pk, "plans:plan-detail": plan.pk, "plans:plan-drawer": plan.pk,
        "plans:document": plan.pk, "plans:export": plan.pk, "plans:plan-file": plan.pk,
    }  # fmt: skip
    addresses = [reverse(name, args=[pk]) for name, pk in named.items()]
    return [*addresses, reverse("plans:source", args=[f"target-{target.pk}"])]


# --- the ledger of targets


def test_floor_and_stretch_share_a_row(city: SimpleNamespace) -> None:
    columns = ["indicator", "requirement", "lead_names", "support_names"]
    page = get(city.people["leader"], reverse("plans:target-list"), columns=columns).context["ledger"]
    shown = {row.name: [cell.text for cell in row.cells] for row in page.rows}
    assert len(shown) == 6
    assert shown["高新技术企业总数"][1] == "确保320家 / 力争340家"
    assert shown["全社会研发投入占GDP比重"][1] == "不少于2.1%"
    assert shown["科技型中小企业"][2] == "高新处"
    assert set(shown["科技型中小企业"][3].split("、")) == {"规划处", "青岭县", "云湖区"}


def test_the_baseline_comes_from_last_years_summary(city: SimpleNamespace) -> None:
    text = "云澜市科学技术局2025年工作总结\n全年技术合同成交额41.5亿元。\n"
    pen = Draftsman(text, year=2025, kind=DocumentKind.SUMMARY, title="云澜市科学技术局2025年工作总结")
    pen.claim("技术合同成交额41.5亿元", "41.5亿元", "技术合同成交额", 41.5, "亿元", tense=Tense.ACTUAL, op=Op.EQUAL)
    make_plan.published(pen.document(), by=city.people["planner"])
    response = get(city.people["clerk"], reverse("plans:target-list"), q="技术合同")
    [row] = response.context["ledger"].rows
    assert row.cells[5].text == "41.5亿元（2025年）"
    assert row.cells[5].hover == "据《云澜市科学技术局2025年工作总结》"


def test_a_summary_opens_with_what_was_achieved(city: SimpleNamespace) -> None:
    pen = Draftsman("总结\n技术合同成交额41.5亿元。\n", year=2025, kind=DocumentKind.SUMMARY, title="2025年总结")
    pen.claim("技术合同成交额41.5亿元", "41.5亿元", "技术合同成交额", 41.5, "亿元", tense=Tense.ACTUAL, op=Op.EQUAL)
    plan = make_plan.published(pen.document(), by=city.people["planner"])
    page = get(city.people["clerk"], reverse("plans:target-list"), plan=plan.pk).context["ledger"]
    assert page.ledger.noun == "完成情况"
    assert [row.name for row in page.rows] == ["技术合同成交额"]


def test_each_figure_leads_to_the_rows_it_counts(city: SimpleNamespace) -> None:
    """Six figures; in June one target is due within 30 days, one stretches, four have no owner."""
    user = city.people["leader"]
    ledger = targets_ledger(on=date(2026, 6, 10), offices=())
    rows = target_rows(user, plan=city.plan)
    figures = read_ledger(ledger, rows, {}, user=user).figures
    counted = {figure.label: figure.count for figure in figures}
    assert counted == {
        "全部目标": 6, "30 天内到期": 1, "已到期": 0, "没有牵头单位": 4, "确保和力争两档": 1, "存疑": 0,
    }  # fmt: skip
    for figure in figures:
        query = dict(part.split("=") for part in figure.href.removeprefix("?").split("&") if part)
        assert read_ledger(ledger, rows, query, user=user).total == figure.count


def test_filters_by_office_measure_and_tier(city: SimpleNamespace) -> None:
    user, url = city.people["leader"], reverse("plans:target-list")

    def names(**query: Any) -> set[str]:
        return {row.name for row in get(user, url, **query).context["ledger"].rows}

    assert names(lead=city.gaoxin.pk) == {"科技型中小企业"}
    assert names(support=city.yunhu.pk) == {"科技型中小企业", "中试基地"}
    assert names(office=city.guihua.pk) == {"科技型中小企业"}
    assert names(measure="share") == {"全社会研发投入占GDP比重"}
    assert names(tier="both") == {"高新技术企业总数"}
    assert names(q="成交额") == {"技术合同成交额"}
    assert len(names(plan="all", year="2026")) == 6


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_holds_what_is_shown(city: SimpleNamespace, form: str) -> None:
    user, query = city.people["clerk"], {"q": "企业", "sort": "-indicator", "columns": "indicator,requirement,unit"}
    page = get(user, reverse("plans:target-list"), **query).context["ledger"]
    response = get(user, reverse("plans:target-list"), **query, export=form)
    if form == "csv":
        lines = list(csv.reader(io.StringIO(text_of(response).removeprefix("\ufeff"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        lines = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        lines = lines[2:]
    assert lines[0] == ["指标", "目标", "单位"]
    assert lines[1:] == [[cell.text for cell in row.cells] for row in page.rows]
    assert [line[0] for line in lines[1:]] == ["高新技术企业总数", "科技型中小企业"]


def test_the_whole_ledger_is_printed(city: SimpleNamespace) -> None:
    """Not the twenty rows on screen; with the plan's title and the filter in words, and recorded."""
    planner = city.people["planner"]
    for url in ("plans:target-list", "plans:task-list", "plans:plan-list"):
        page = text_of(get(planner, reverse(url), export="print", size="20"))
        assert "序号" in page
        assert "没有印出" not in page
    targets = text_of(get(planner, reverse("plans:target-list"), export="print", q="企业"))
    assert "筛选：含有：企业" in targets
    entry = AuditEntry.objects.filter(action="export", by=planner).first()
    assert entry is not None
    assert (entry.after["台账"], entry.after["格式"]) == ("目标", "打印")


def test_exports_enter_the_trail(city: SimpleNamespace) -> None:
    user = city.people["clerk"]
    get(user, reverse("plans:target-list"), export="csv")
    get(user, reverse("plans:matrix"), export="xlsx")
    get(user, reverse("plans:export", args=[city.plan.pk]))
    entries = AuditEntry.objects.filter(action="export", by=user, subject_id=str(city.plan.pk)).order_by("pk")
    assert [entry.after.get("台账") for entry in entries] == ["目标", "责任矩阵", None]
    assert entries[0].after == {"台账": "目标", "格式": "csv", "条数": 6}


def test_an_unknown_form_is_refused_in_words(city: SimpleNamespace) -> None:
    response = get(city.people["clerk"], reverse("plans:target-list"), export="pdf")
    assert response.status_code == 422
    assert "可以导出为 Excel（xlsx）或 CSV（csv）" in text_of(response)


# --- who sees what


@pytest.mark.parametrize("role", OUTSIDERS)
def test_people_outside_government_are_refused(city: SimpleNamespace, role: str) -> None:
    for url in [*pages_of(city.plan), *(reverse(f"plans:{name}") for name in ("target-list", "task-tree", "matrix"))]:
        response = get(city.people[role], url)
        assert response.status_code == 403
        assert "技术合同成交额" not in text_of(response)


def test_drafts_stay_with_their_organisation() -> None:
    site = make.site()
    draft = make_plan.draft(by=site.people["planner"])
    clerk, planner = site.people["clerk"], site.people["planner"]
    for url in pages_of(draft):
        assert get(clerk, url).status_code == 404
        assert get(planner, url).status_code == 200
    for name in ("plan-list", "target-list", "task-tree", "task-list", "matrix", "office-list"):
        page = get(clerk, reverse(f"plans:{name}"), plan=draft.pk)
        assert page.status_code == 200
        assert "技术合同" not in text_of(page)
        assert draft.title not in text_of(page)
    assert draft.title not in text_of(get(clerk, reverse("home")))
    assert "这是核对中的草稿" in text_of(get(planner, reverse("plans:target-list"), plan=draft.pk))


def test_a_withdrawn_plan_leaves_the_ledgers(city: SimpleNamespace) -> None:
    withdraw_plan(city.plan, why="印发有误", by=city.people["planner"], at=AT)
    assert get(city.people["clerk"], reverse("plans:plan-detail", args=[city.plan.pk])).status_code == 404
    assert "技术合同成交额" not in text_of(get(city.people["clerk"], reverse("plans:target-list"), plan="all"))


def test_an_auditor_sees_everything_and_is_offered_no_import(city: SimpleNamespace) -> None:
    page = text_of(get(city.people["auditor"], reverse("plans:plan-list")))
    assert city.plan.title in page
    assert reverse("plans:import") not in page


# --- plan, tree, matrix, offices


def test_the_plan_page_offers_the_moves_of_its_state(city: SimpleNamespace) -> None:
    url = reverse("plans:plan-detail", args=[city.plan.pk])
    withdrawal = reverse("plans:review-move", args=[city.plan.pk, "withdraw"])
    assert withdrawal in text_of(get(city.people["planner"], url))
    assert withdrawal not in text_of(get(city.people["clerk"], url))
    assert get(city.people["clerk"], withdrawal).status_code == 404
    planner = Client(headers={"HX-Request": "true", "HX-Target": "drawer"})
    planner.force_login(city.people["planner"])
    question = text_of(planner.get(withdrawal))
    assert "请写明原因" in question
    # Refused, the drawer asks again and says why.
    refused = planner.post(withdrawal)
    assert refused.status_code == 422
    assert 'id="drawer-title"' in text_of(refused)
    assert "请写明作废的原因" in text_of(refused)


def test_a_new_revision_is_offered_to_those_who_keep_the_plan(city: SimpleNamespace) -> None:
    revise = reverse("plans:plan-revise", args=[city.plan.pk])
    for page in ("plans:plan-detail", "plans:plan-drawer"):
        address = reverse(page, args=[city.plan.pk])
        assert revise in text_of(get(city.people["planner"], address))
        assert revise not in text_of(get(city.people["clerk"], address))
    form = text_of(get(city.people["planner"], revise))
    assert f'action="{reverse("plans:import-revision", args=[city.plan.pk])}" enctype="multipart/form-data"' in form
    assert get(city.people["clerk"], revise).status_code == 404


def test_the_overview_of_a_summary_shows_what_was_achieved(city: SimpleNamespace) -> None:
    pen = Draftsman("总结\n技术合同成交额41.5亿元。\n", year=2025, kind=DocumentKind.SUMMARY, title="2025年总结")
    pen.claim("技术合同成交额41.5亿元", "41.5亿元", "技术合同成交额", 41.5, "亿元", tense=Tense.ACTUAL, op=Op.EQUAL)
    done = make_plan.published(pen.document(), by=city.people["planner"])
    page = text_of(get(city.people["leader"], reverse("plans:plan-detail", args=[done.pk])))
    assert "技术合同成交额</a>" in page
    assert "41.5亿元" in page
    assert "30 天内到期" not in page
    assert "目标还没有对应到责任单位" not in page


def test_the_plan_page_tells_its_history(city: SimpleNamespace) -> None:
    newer = make_plan.published(by=city.people["planner"])
    assert WorkPlan.objects.get(pk=city.plan.pk).state == PlanState.SUPERSEDED
    response = get(city.people["planner"], reverse("plans:plan-detail", args=[newer.pk]), tab="history")
    assert [plan.revision for plan in response.context["revisions"]] == [2, 1]
    assert [line.action for line in response.context["history"]][:1] == ["办理"]


def test_the_tree_keeps_the_headings_above_a_match(city: SimpleNamespace) -> None:
    on = date(2026, 6, 10)
    lines = plan_headings(city.plan, on=on)
    tree = narrowed_tree(lines, TreeFilter(q="中试"), plan=city.plan, on=on)
    assert [(row.task.heading, row.is_match) for row in tree.rows] == [("重点任务", False), ("建设创新平台", True)]
    assert (tree.found, tree.total, tree.due_soon, tree.overdue, tree.ownerless) == (1, 3, 1, 0, 1)
    ownerless = narrowed_tree(lines, TreeFilter(ownerless=True), plan=city.plan, on=on)
    assert [row.task.heading for row in ownerless.rows if row.is_match] == ["优化创新服务"]
    led = narrowed_tree(lines, TreeFilter(lead=city.gaoxin.pk), plan=city.plan, on=on)
    assert [row.task.heading for row in led.rows if row.is_match] == ["培育科技企业"]


def test_the_tree_page_shows_owners_and_deadlines(city: SimpleNamespace) -> None:
    page = text_of(get(city.people["clerk"], reverse("plans:task-tree")))
    assert "6月底前" in page
    assert "没有责任单位" in page
    assert reverse("plans:office-detail", args=[city.gaoxin.pk]) in page


def test_the_matrix_marks_lead_and_support(city: SimpleNamespace) -> None:
    page = matrix_page(city.plan, user=city.people["clerk"], on=date(2026, 6, 10))
    columns = {column.office.name: (column.leads, column.supports) for column in page.columns}
    assert columns == {"高新处": (1, 0), "规划处": (0, 1), "青岭县": (0, 1), "云湖区": (0, 2)}
    assert [(line.task.heading, line.leads, line.supports) for line in page.lines] == [
        ("培育科技企业", 1, 3),
        ("建设创新平台", 0, 1),
    ]
    counties = matrix_page(city.plan, user=city.people["clerk"], on=date(2026, 6, 10), asked=MatrixFilter(group="area"))
    assert [column.office.name for column in counties.columns] == ["青岭县", "云湖区"]
    shown = text_of(get(city.people["clerk"], reverse("plans:matrix")))
    task = reverse("plans:task-detail", args=[make_plan.node(city.plan, "培育科技企业").pk])
    assert shown.count(f'<td class="m m--support"><a href="{task}"') == 3
    assert shown.count(f'<td class="m m--lead"><a href="{task}"') == 1


def test_a_clerk_is_led_to_the_own_office(city: SimpleNamespace) -> None:
    own = reverse("plans:office-own")
    assert get(city.people["clerk"], own).url == reverse("plans:office-detail", args=[city.gaoxin.pk])
    assert get(city.people["county_clerk"], own).url == reverse("plans:office-detail", args=[city.qingling.pk])
    assert get(city.people["leader"], own).url == reverse("plans:office-list")


def test_an_office_page_shows_its_part(city: SimpleNamespace) -> None:
    card = get(city.people["clerk"], reverse("plans:office-detail", args=[city.gaoxin.pk])).context["card"]
    assert [item.task.heading for item in card.leads] == ["培育科技企业"]
    assert card.supports == ()
    assert [item.indicator for item in card.targets] == ["科技型中小企业"]
    assert {office.name for office, _ in card.partners} == {"规划处", "青岭县", "云湖区"}
    county = get(city.people["clerk"], reverse("plans:office-detail", args=[city.yunhu.pk])).context["card"]
    assert [item.task.heading for item in county.supports] == ["培育科技企业", "建设创新平台"]
    assert get(city.people["clerk"], reverse("plans:office-detail", args=[city.enterprise.pk])).status_code == 404
    assert get(city.people["clerk"], reverse("plans:office-detail", args=[987654])).status_code == 404


def test_the_office_list_counts_and_sorts(city: SimpleNamespace) -> None:
    shares = get(city.people["leader"], reverse("plans:office-list"), sort="-supports").context["shares"]
    assert next((share.office.name, share.supports) for share in shares) == ("云湖区", 2)
    found = get(city.people["leader"], reverse("plans:office-list"), q="高新").context["shares"]
    assert [(share.office.name, share.leads, share.targets) for share in found] == [("高新处", 1, 1)]


# --- the source


def test_the_source_opens_at_the_sentence(city: SimpleNamespace) -> None:
    target = make_plan.target(city.plan, "技术合同成交额")
    start = POINTS.index("技术合同成交额突破45亿元")
    assert target.start == start
    page = text_of(get(city.people["clerk"], reverse("plans:source", args=[f"target-{target.pk}"])))
    assert re.search(
        rf'<a id="s{start}" class="mark mark--target mark--decided mark--this"[^>]*>技术合同成交额突破</a>', page
    )
    assert re.search(
        r'class="mark mark--target mark--decided mark--value mark--own-target mark--this"[^>]*>45亿元</a>', page
    )
    assert "林" in page.split("确认</dt><dd>")[1][:40]
    drawer = text_of(get(city.people["clerk"], reverse("plans:target-drawer", args=[target.pk])))
    assert "<mark>技术合同成交额突破<strong>45亿元</strong></mark>。" in drawer
    assert f"{reverse('plans:source', args=[f'target-{target.pk}'])}#s{start}" in drawer


@pytest.mark.parametrize("ref", ["target-0", "nothing-1", "target-", "node-99999999999999999999", "mention-x"])
def test_a_reference_to_nothing_is_not_found(city: SimpleNamespace, ref: str) -> None:
    assert get(city.people["leader"], f"/plans/source/{ref}/").status_code == 404


def test_a_table_in_the_document_stays_a_table(city: SimpleNamespace) -> None:
    text = "2026年要点\n| 指标 | 目标 |\n| 中试基地 | 3个 |\n"
    pen = Draftsman(text, title="带表格的要点")
    pen.claim("中试基地 | 3个", "3个", "中试基地", 3, "个", measure=Measure.COUNT)
    plan = make_plan.draft(pen.document(), by=city.people["planner"])
    page = text_of(get(city.people["planner"], reverse("plans:document", args=[plan.pk])))
    table = page.split('<table class="doc__table">')[1].split("</table>")[0]
    assert re.sub(r"<a[^>]*>|</a>", "", table).replace(" ", "") == (
        "<tbody><tr><td>指标</td><td>目标</td></tr><tr><td>中试基地</td><td>3个</td></tr></tbody>"
    )


def test_the_document_file_is_handed_out(city: SimpleNamespace) -> None:
    response = get(city.people["county_clerk"], reverse("plans:plan-file", args=[city.plan.pk]))
    assert POINTS.encode() in b"".join(response.streaming_content)
    assert response["Content-Disposition"].startswith("attachment;")


# --- home


def test_home_shows_the_plan_and_ones_own_office(city: SimpleNamespace) -> None:
    home = get(city.people["clerk"], reverse("home")).context["home"]
    assert home.plan == city.plan
    assert (home.own.office.name, home.own.leads, home.own.targets) == ("高新处", 1, 1)
    assert get(city.people["leader"], reverse("home")).context["home"].own is None


def test_home_counts_what_is_due_and_ownerless(city: SimpleNamespace) -> None:
    glance = plan_glance(city.plan, user=city.people["leader"], on=date(2026, 6, 10))
    assert (glance.targets, glance.tasks) == (6, 3)
    assert (glance.targets_due, glance.tasks_due, glance.targets_overdue) == (1, 1, 0)
    assert (glance.targets_ownerless, glance.tasks_ownerless) == (4, 1)
    assert [(line.due_on, line.days_left) for line in glance.due] == [(date(2026, 6, 30), 20)] * 2
    assert [(share.office.name, share.targets, share.bar) for share in glance.by_targets] == [("高新处", 1, 100)]


def test_home_of_an_empty_bureau_says_how_to_begin() -> None:
    site = make.site()
    assert reverse("plans:import") in text_of(get(site.people["planner"], reverse("home")))
    assert "规划办公室发布工作要点之后" in text_of(get(site.people["auditor"], reverse("home")))


@pytest.mark.parametrize("role", OUTSIDERS)
def test_home_of_people_outside_government(city: SimpleNamespace, role: str) -> None:
    page = text_of(get(city.people[role], reverse("home")))
    assert "目前没有需要您办理的事项" in page
    assert city.plan.title not in page


def test_the_year_of_the_top_bar_chooses_the_plan(city: SimpleNamespace) -> None:
    older = make_plan.published(points(year=2025), by=city.people["planner"])
    user = city.people["clerk"]

    def plan(**asked: Any) -> WorkPlan | None:
        return chosen_plan(user, **{"asked": "", "year": None, "on": date(2026, 3, 5), **asked}).plan

    assert plan() == city.plan
    assert plan(year=2025) == older
    assert plan(year=2024) is None
    assert plan(year=2024, asked=str(older.pk)) == older
    assert plan(asked="999999") == city.plan
    assert plan(on=date(2025, 12, 31)) == older


# --- every page


HOSTILE = "<script>alert('x')</script>"


def test_hostile_text_is_shown_as_text(city: SimpleNamespace) -> None:
    text = f"{HOSTILE}要点\n一、{HOSTILE}任务\n{HOSTILE}平台达到9个。({HOSTILE}处)\n"
    pen = Draftsman(text, title=f"{HOSTILE}要点")
    node = pen.node("一、", f"{HOSTILE}任务", kind=NodeKind.ACTION, owners=[(f"{HOSTILE}处", "lead")])
    pen.claim(f"{HOSTILE}平台达到9个", "9个", f"{HOSTILE}平台", 9, "个", node=node)
    plan = make_plan.draft(pen.document(), by=city.people["planner"], name=f"{HOSTILE}.docx")
    target, task = plan.targets.get(), plan.nodes.get()
    pages = [
        reverse("home"), reverse("plans:plan-list"), reverse("plans:plan-detail", args=[plan.pk]),
        reverse("plans:plan-drawer", args=[plan.pk]), reverse("plans:plan-detail", args=[plan.pk]) + "?tab=history",
        reverse("plans:target-detail", args=[target.pk]), reverse("plans:target-drawer", args=[target.pk]),
        reverse("plans:task-detail", args=[task.pk]), reverse("plans:task-drawer", args=[task.pk]),
        reverse("plans:document", args=[plan.pk]), reverse("plans:source", args=[f"node-{task.pk}"]),
        *(f"{reverse(f'plans:{n}')}?plan={plan.pk}&q={HOSTILE}" for n in ("target-list", "task-tree", "matrix", "office-list")),
        *(f"{reverse(f'plans:{name}')}?plan={plan.pk}" for name in ("target-list", "task-tree", "task-list", "matrix")),
    ]  # fmt: skip
    client = Client()
    client.force_login(city.people["planner"])
    for url in pages:
        page = text_of(client.get(url))
        assert HOSTILE not in page, url
        assert "<script>alert" not in page, url
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["target-list", "task-tree", "task-list", "matrix", "office-list", "plan-list"])
@pytest.mark.parametrize(
    "query", ["q=没有这样的事", "q=%00%ff&sort=-nothing&page=99999999999&lead=x&due=never&plan=-1"]
)
def test_odd_addresses_are_answered(city: SimpleNamespace, name: str, query: str) -> None:
    client = Client()
    client.force_login(city.people["clerk"])
    response = client.get(f"{reverse(f'plans:{name}')}?{query}")
    assert response.status_code == 200
    if query == "q=没有这样的事":
        assert "没有" in text_of(response)


def test_nothing_inline_on_any_page(city: SimpleNamespace) -> None:
    """What the content security policy forbids is not written in the first place."""
    inline: Callable[[str], Any] = re.compile(r"<[^>]+\s(style|on[a-z]+)=|<script(?![^>]*\ssrc=)", re.IGNORECASE).search
    addresses = [*pages_of(city.plan)[:7], *(reverse(f"plans:{n}") for n in ("target-list", "task-tree", "matrix"))]
    for url in [reverse("home"), *addresses]:
        assert inline(text_of(get(city.people["planner"], url))) is None, url


def test_the_heading_of_the_bars_states_the_finding(city: SimpleNamespace) -> None:
    assert "各单位的目标：高新处最多，1 项" in text_of(get(city.people["leader"], reverse("home")))


def test_drafts_of_one_year_are_told_apart_in_the_selector(city: SimpleNamespace) -> None:
    for number in (1, 2):
        make_plan.draft(Draftsman("要点\n", title=f"第{number}份征求意见稿").document(), by=city.people["planner"])
    chosen = get(city.people["planner"], reverse("plans:target-list")).context["chosen"]
    assert [choice.word for choice in chosen.choices][:2] == [
        "第2份征求意见稿（市科技局，核对中）",
        "第1份征求意见稿（市科技局，核对中）",
    ]


def test_a_county_works_to_its_own_plan_else_to_the_bureaus(city: SimpleNamespace) -> None:
    """Another county's plan, though newer, is not the one a county clerk works to."""
    theirs = make_plan.published(organisation=city.yunhu, by=make.person("county_clerk", city.yunhu))
    clerk = city.people["county_clerk"]
    assert get(clerk, reverse("home")).context["plan"] == city.plan
    assert get(make.person("county_clerk", city.yunhu), reverse("home")).context["plan"] == theirs
    assert get(city.people["leader"], reverse("home")).context["plan"] == city.plan


# --- looking for things


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("高企", {"高新技术企业总数"}),
        ("高新技术企业总数", {"高新技术企业总数"}),
        ("研发经费", {"全社会研发投入占GDP比重"}),
        ("地区生产总值", {"全社会研发投入占GDP比重"}),
        ("高新处", {"科技型中小企业"}),
        ("云湖", {"科技型中小企业", "中试基地"}),
        ("云湖 中试", {"中试基地"}),
        ("stock", set()),
    ],
)
def test_targets_are_found_by_any_name(city: SimpleNamespace, query: str, found: set[str]) -> None:
    page = get(city.people["clerk"], reverse("plans:target-list"), q=query).context["ledger"]
    assert {row.name for row in page.rows} == found


def test_an_office_is_found_by_its_full_name_and_by_an_alias(city: SimpleNamespace) -> None:
    make.alias("高新口", city.gaoxin)
    for query in (city.gaoxin.name, city.gaoxin.short_name, "高新口"):
        for name in ("target-list", "task-list"):
            page = get(city.people["clerk"], reverse(f"plans:{name}"), q=query).context["ledger"]
            assert [row.name for row in page.rows] == [
                "科技型中小企业" if name == "target-list" else "(一)培育科技企业"
            ], query


def test_the_tree_is_searched_like_the_ledger(city: SimpleNamespace) -> None:
    def found(q: str) -> list[str]:
        tree = get(city.people["clerk"], reverse("plans:task-tree"), q=q).context["tree"]
        return [row.task.heading for row in tree.rows if row.is_match]

    assert found("高企") == ["主要目标"]
    assert found("高新处") == ["培育科技企业"]
    assert found("云湖 中试基地") == ["建设创新平台"]


# --- long pages


def test_ticked_rows_are_exported(city: SimpleNamespace) -> None:
    client = Client()
    client.force_login(city.people["clerk"])
    ids = [make_plan.target(city.plan, name).pk for name in ("中试基地", "对接会")]
    response = client.post(reverse("plans:target-list") + "?sort=-indicator&columns=indicator,unit", {"ids": ids})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [row[:2] for row in sheet.iter_rows(min_row=3, values_only=True)] == [
        ("指标", "单位"), ("对接会", "场"), ("中试基地", "个"),
    ]  # fmt: skip
    refused = client.post(reverse("plans:target-list"), {})
    assert refused.status_code == 422
    assert "没有选中任何一条" in text_of(refused)
