"""What pages read: right figures, few queries, quick for 300 tasks and 60 offices."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from tests.apps.plans.factories import Draftsman, large_plan, make_plan, points, said_twice
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import Organisation
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.services import Refused
from keshu.apps.plans.models import PlanNode, Responsibility, Target, WorkPlan
from keshu.apps.plans.queries import (
    choosing,
    glance,
    headings,
    ledger,
    library,
    matrix_pages,
    office_pages,
    plans,
    progress,
    reviewing,
    sources,
    target_ledgers,
    task_pages,
    tasks,
)
from keshu.apps.plans.queries.lines import plan_lines
from keshu.apps.plans.services import owners, review, targets
from keshu.apps.plans.services.rows import RowRef
from keshu.engines.plandoc.document import DocumentKind, Measure, NodeKind, Tense

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> WorkPlan:
    site = make.site()
    return make_plan.published(organisation=site.bureau, by=site.people["planner"])


def leader() -> Any:
    return make.person("leader")


def summary(value: float, *, year: int = 2025, unit: str = "家") -> Any:
    pen = Draftsman(
        f"一、完成情况\n高企达到{value:g}{unit}。\n", year=year, kind=DocumentKind.SUMMARY, title="工作总结"
    )
    node = pen.node("一、", "完成情况", kind=NodeKind.SECTION)
    pen.claim(f"高企达到{value:g}{unit}", f"{value:g}{unit}", "高企", value, unit, node=node, tense=Tense.ACTUAL)
    return pen.document()


# --- the plan at a glance


def test_the_glance_counts_what_the_document_says(published: WorkPlan) -> None:
    seen = glance.plan_glance(published, user=leader(), on=date(2026, 6, 10))
    assert (seen.targets, seen.achieved, seen.tasks) == (6, 0, 3)
    shares = {share.office.name: share for share in seen.offices}
    assert (shares["高新处"].leads, shares["高新处"].targets, shares["规划处"].supports) == (1, 1, 1)
    assert [(line.text, line.days_left) for line in seen.due] == [
        ("(二)建设创新平台", 20),
        ("中试基地：不少于2个", 20),
    ]
    assert (seen.tasks_ownerless, seen.targets_ownerless) == (1, 4)


@pytest.mark.parametrize(
    ("on", "soon", "overdue"),
    [(date(2026, 5, 30), 0, 0), (date(2026, 5, 31), 2, 0), (date(2026, 6, 30), 2, 0), (date(2026, 7, 1), 0, 2)],
)
def test_due_soon_is_today_and_thirty_days_on(published: WorkPlan, on: date, soon: int, overdue: int) -> None:
    seen = glance.plan_glance(published, user=leader(), on=on)
    assert (len(seen.due), seen.targets_overdue + seen.tasks_overdue) == (soon, overdue)


def test_an_office_sees_its_part(published: WorkPlan) -> None:
    office = published.organisation.children.get(short_name="高新处")
    seen = office_pages.office_card(office, plan=published, user=leader(), on=ON)
    assert [(item.task.heading, item.path) for item in seen.leads] == [("培育科技企业", ("二、重点任务",))]
    assert [item.indicator for item in seen.targets] == ["科技型中小企业"]
    assert seen.supports == ()


def test_every_count_of_tasks_is_the_same() -> None:
    """A heading that is no task but names an owner is work all the same."""
    site = make.site()
    plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    node = PlanNode.objects.filter(plan=plan, mentions__isnull=False).first()
    assert node is not None
    PlanNode.objects.filter(pk=node.pk).update(kind="section")
    seen = glance.plan_glance(plan, user=leader(), on=ON)
    listed = ledger.task_ledger(leader(), plan=plan)
    (counted,) = library.plan_by_id(leader()).filter(pk=plan.pk).values_list("node_count", flat=True)
    assert (seen.tasks, listed.count(), counted) == (3, 3, 3)
    assert node in listed


def test_the_plan_shown_is_the_nearest_published_one() -> None:
    site = make.site()
    planner = site.people["planner"]
    last = make_plan.published(points(year=2025), organisation=site.bureau, by=planner)
    this = make_plan.published(organisation=site.bureau, by=planner)
    make_plan.published(points(year=2027), organisation=site.bureau, by=planner)
    make_plan.draft(organisation=site.bureau, by=planner)
    clerk = site.people["clerk"]
    assert choosing.chosen_plan(clerk, asked="", year=None, on=ON).plan == this
    assert choosing.chosen_plan(clerk, asked="", year=None, on=date(2025, 5, 1)).plan == last
    assert choosing.chosen_plan(site.people["enterprise"], asked="", year=None, on=ON).plan is None


def test_files_that_would_read_alike_are_told_apart() -> None:
    site = make.site()
    planner = site.people["planner"]
    first, second = (make_plan.draft(organisation=site.bureau, by=planner) for _ in range(2))
    WorkPlan.objects.filter(pk=second.pk).update(title=first.title, created_at=AT + timedelta(hours=1))
    words = [choice.word for choice in choosing.chosen_plan(planner, asked="", year=None, on=ON).choices]
    assert len(set(words)) == 2
    assert all(first.title in word and "导入）" in word for word in words)


# --- who sees what


def test_drafts_are_for_the_issuer_and_published_plans_for_government() -> None:
    site = make.site()
    draft = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    with pytest.raises(Refused, match="还在核对"):
        matrix_pages.matrix_page(draft, user=site.people["clerk"], on=ON)
    assert not plans.plans_of(site.people["clerk"]).exists()
    published = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    assert matrix_pages.matrix_page(published, user=site.people["county_clerk"], on=ON).total == 2
    with pytest.raises(Refused):
        matrix_pages.matrix_page(published, user=site.people["enterprise"], on=ON)
    assert not ledger.target_ledger(site.people["enterprise"]).exists()


# --- ledgers


def test_floor_and_stretch_share_a_row(published: WorkPlan) -> None:
    rows = ledger.target_ledger(leader())
    row = rows.get(indicator="高新技术企业总数")
    assert (row.value, row.stretch_value, row.stretch_unit) == (Decimal(320), Decimal(340), "家")
    assert rows.count() == 6


def test_the_ledger_names_owners_and_filters_by_them(published: WorkPlan) -> None:
    rows = ledger.target_ledger(leader())
    row = rows.get(indicator="科技型中小企业")
    assert row.lead_names == "高新处"
    assert sorted(row.support_names.split("、")) == ["云湖区", "规划处", "青岭县"]
    office = published.organisation.children.get(short_name="高新处")
    assert [each.indicator for each in ledger.owned_by(rows, [office.pk])] == ["科技型中小企业"]
    ownerless = set(rows.filter(ledger.without_owner(Target)).values_list("indicator", flat=True))
    assert "科技型中小企业" not in ownerless
    assert "对接会" in ownerless
    ordered = [each.indicator for each in rows.order_by("-lead_names", "pk")][:1]
    assert ordered == ["科技型中小企业"]


@pytest.mark.parametrize(
    ("sort", "indicators"),
    [
        ("lead_names", ["科技型中小企业", "对接会"]),
        ("-lead_names", ["对接会", "科技型中小企业"]),
        ("support_names", ["科技型中小企业", "中试基地"]),
        ("-support_names", ["中试基地", "科技型中小企业"]),
    ],
)
def test_sorted_by_owners_rows_follow_the_names_and_nobody_comes_last(sort: str, indicators: list[str]) -> None:
    """Offices named by Latin letters, so that every collation agrees on their order."""
    bureau = make.bureau()
    first, second, third = (make.office(name=f"{letter}处") for letter in "ABC")
    pen = Draftsman("(一)企业。中小企业120家。\n(二)平台。中试基地2个。\n(三)服务。对接会12场。\n")
    one = pen.node("(一)", "企业")
    two = pen.node("(二)", "平台")
    three = pen.node("(三)", "服务")
    pen.claim("中小企业120家", "120家", "科技型中小企业", 120, "家", node=one)
    pen.claim("中试基地2个", "2个", "中试基地", 2, "个", node=two)
    pen.claim("对接会12场", "12场", "对接会", 12, "场", node=three)
    planner = make.person("planner", bureau)
    plan = make_plan.draft(pen.document(), organisation=bureau, by=planner)
    held = {
        "企业": (("lead", first), ("support", second)),
        "平台": (("support", third), ("support", second)),
        "服务": (("lead", third),),
    }
    for heading, parts in held.items():
        for role, office in parts:
            owners.add_owner(
                plan, node_id=make_plan.node(plan, heading).pk, name=office.name, role=role,
                organisation_ids=[office.pk], by=planner, at=AT, version=None,
            )  # fmt: skip
    declared = target_ledgers.targets_ledger(on=ON, offices=())
    page = read_ledger(declared, target_ledgers.target_rows(planner, plan=plan), {"sort": sort}, user=planner)
    nobody = {"lead_names": "中试基地", "support_names": "对接会"}[sort.removeprefix("-")]
    assert [row.name for row in page.rows] == [*indicators, nobody]


def test_the_task_ledger(published: WorkPlan) -> None:
    rows = ledger.task_ledger(leader())
    assert list(rows.values_list("heading", "target_count", "lead_names")) == [
        ("培育科技企业", 1, "高新处"),
        ("建设创新平台", 1, ""),
        ("优化创新服务", 1, ""),
    ]
    assert [row.heading for row in rows.filter(ledger.without_owner(PlanNode))] == ["优化创新服务"]


def test_the_baseline_is_last_years_published_summary(published: WorkPlan) -> None:
    planner = make.person("planner")
    make_plan.published(summary(270, year=2024), organisation=published.organisation, by=planner)
    last = make_plan.published(summary(285), organisation=published.organisation, by=planner)
    make_plan.draft(summary(999), organisation=published.organisation, by=planner)
    rows = list(ledger.target_ledger(leader(), plan=published))
    baselines = ledger.with_baselines(rows)
    row = next(row for row in rows if row.indicator == "高新技术企业总数")
    assert (baselines[row.baseline_id].value, baselines[row.baseline_id].plan) == (Decimal(285), last)
    assert next(row for row in rows if row.indicator == "对接会").baseline_id is None


def test_what_came_in_is_no_base_for_what_is_left_after_losses() -> None:
    site = make.site()
    pen = Draftsman(
        "一、回顾\n新认定高企128家，净增高企62家。\n二、目标\n净增高企70家，新认定高企130家。\n",
        kind=DocumentKind.SUMMARY_AND_PLAN,
    )
    done, grown = {"tense": Tense.ACTUAL}, {"measure": Measure.INCREASE}
    pen.claim("净增高企62家", "62家", "净增高企", 62, "家", **done, **grown)
    pen.claim("新认定高企128家", "128家", "新认定高企", 128, "家", **done, **grown)
    pen.claim("净增高企70家", "70家", "净增高企", 70, "家", **grown)
    pen.claim("新认定高企130家", "130家", "新认定高企", 130, "家", **grown)
    plan = make_plan.published(pen.document(), organisation=site.bureau, by=site.people["planner"])
    rows = ledger.target_ledger(leader(), plan=plan)
    baselines = ledger.with_baselines(rows)
    found = {row.indicator: baselines[row.baseline_id].value for row in rows}
    assert found == {"净增高企": Decimal(62), "新认定高企": Decimal(128)}


def test_offices_are_named_in_the_registers_order(published: WorkPlan) -> None:
    node = PlanNode.objects.get(plan=published, heading="培育科技企业")
    held = Responsibility.objects.filter(node=node, role="support")
    order = {name: place for place, name in enumerate(("青岭县", "规划处", "云湖区"), start=1)}
    for each in held.select_related("organisation"):
        Organisation.objects.filter(pk=each.organisation_id).update(position=order[str(each.organisation)])
    row = ledger.target_ledger(leader()).get(indicator="科技型中小企业")
    assert row.support_names == "青岭县、规划处、云湖区"


def test_a_figure_in_the_same_document_comes_first_and_units_must_agree() -> None:
    site = make.site()
    planner = site.people["planner"]
    make_plan.published(summary(285), organisation=site.bureau, by=planner)
    pen = Draftsman(
        "一、回顾\n高企达到290家。\n二、目标\n高企达到320家。合同额30亿元。\n", kind=DocumentKind.SUMMARY_AND_PLAN
    )
    first = pen.node("一、", "回顾", kind=NodeKind.SECTION)
    second = pen.node("二、", "目标", kind=NodeKind.SECTION)
    pen.claim("高企达到290家", "290家", "高企", 290, "家", node=first, tense=Tense.ACTUAL)
    pen.claim("高企达到320家", "320家", "高企", 320, "家", node=second)
    plan = make_plan.published(pen.document(), organisation=site.bureau, by=planner)
    row = ledger.target_ledger(leader(), plan=plan).get()
    assert ledger.with_baselines([row])[row.baseline_id].value == Decimal(290)


def test_rejected_rows_leave_the_ledger() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(organisation=site.bureau, by=planner)
    floor = make_plan.target(plan, "高新技术企业总数")
    review.reject_rows(plan, rows=[RowRef.of(floor)], reason="重复", by=planner, at=AT, version=None)
    indicators = list(ledger.target_ledger(planner, plan=plan).values_list("indicator", "tier"))
    assert ("高新技术企业总数", "base") not in indicators
    assert ("高新技术企业总数", "stretch") in indicators


# --- tree and matrix


def test_the_tree_keeps_order_depth_and_owners(published: WorkPlan) -> None:
    tree = headings.plan_headings(published, on=date(2026, 6, 10)).rows
    assert [(task.depth, task.title) for task in tree] == [
        (0, "一、主要目标"),
        (0, "二、重点任务"),
        (1, "(一)培育科技企业"),
        (1, "(二)建设创新平台"),
        (1, "(三)优化创新服务"),
    ]
    assert [task.tally.targets for task in tree] == [3, 0, 1, 1, 1]
    assert (tree[3].tally.soon, tree[3].tally.overdue) == (1, 0)
    assert tree[3].deadline == "6月底前"
    assert tree[3].others == "成果转化处"
    assert [task.is_ownerless for task in tree] == [False, False, False, False, True]


def test_the_matrix_marks_each_office_once(published: WorkPlan) -> None:
    page = matrix_pages.matrix_page(published, user=leader(), on=ON)
    assert [column.office.name for column in page.columns] == ["高新处", "规划处", "青岭县", "云湖区"]
    assert [line.cells for line in page.lines] == [
        ("lead", "support", "support", "support"),
        (None, None, None, "support"),
    ]
    assert [(column.leads, column.supports) for column in page.columns] == [(1, 0), (0, 1), (0, 1), (0, 2)]


def test_the_sheet_of_the_matrix_marks_the_same(published: WorkPlan) -> None:
    matrix = tasks.matrix_of(plan_lines(published).work)
    gaoxin, *_, yunhu = matrix.offices
    assert [row.roles.get(gaoxin.id) for row in matrix.rows] == ["lead", None]
    assert [row.roles.get(yunhu.id) for row in matrix.rows] == ["support", "support"]
    assert matrix.totals == ((1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 2, 0))


# --- sources and the review page


def test_a_row_opens_its_sentence_in_context(published: WorkPlan) -> None:
    stretch = make_plan.target(published, "高新技术企业总数", tier="stretch")
    shown = sources.source_sentence(stretch, user=leader())
    assert shown.sentence == "高新技术企业总数确保达到320家、力争340家。"
    assert (shown.before, shown.quote_before, shown.value, shown.after) == (
        "高新技术企业总数确保达到320家、",
        "力争",
        "340家",
        "。",
    )
    assert shown.path == ("一、主要目标",)
    heading = sources.source_sentence(make_plan.node(published, "培育科技企业"), user=leader())
    assert heading.quote == "(一)培育科技企业"
    assert heading.path == ("二、重点任务",)


def test_the_grid_shows_doubtful_rows_first_and_certain_rows_on_request() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(doubtful=True), organisation=site.bureau, by=planner)
    rows = reviewing.review_rows(plan, user=planner)
    assert [row.quote for row in rows[:2]] == ["高新技术企业总数确保达到320家", "成果转化处"]
    assert rows[1].doubts == ("没有找到对应的单位",)
    assert len(rows) == 7 + 5 + 5
    target = make_plan.target(plan, "对接会")
    targets.correct_target(plan, target_id=target.pk, fields={"value": 13}, by=planner, at=AT, version=0)
    (row,) = reviewing.review_rows(plan, user=planner, refs=[f"target-{target.pk}"])
    assert (row.review_label, row.reviewed_by, row.version) == ("已改", str(planner), 1)
    assert row.target is not None
    assert row.target.requirement == "不少于13场"
    assert len(reviewing.review_rows(plan, user=planner, state="corrected")) == 1


# --- size


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One plan of 300 tasks x 60 offices for all tests of size, outside their transactions."""
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            bureau = make.bureau()
            offices = [make.office(name=f"第{number}综合业务处") for number in range(1000, 1060)]
            planner = make.person("planner", bureau)
            plan = make_plan.draft(large_plan(tasks=300, offices=offices), organisation=bureau, by=planner)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")  # as the server would of itself within a minute of so many new rows
            yield {"plan": plan, "planner": planner, "office": offices[0]}
            transaction.set_rollback(True)


PAGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "overview": lambda it: glance.plan_glance(it["plan"], user=it["planner"], on=ON),
    "office": lambda it: office_pages.office_card(it["office"], plan=it["plan"], user=it["planner"], on=ON),
    "tree": lambda it: task_pages.narrowed_tree(
        headings.plan_headings(it["plan"], on=ON), task_pages.TreeFilter(q="推进 号"), plan=it["plan"], on=ON
    ),
    "matrix": lambda it: matrix_pages.matrix_page(it["plan"], user=it["planner"], on=ON, number=None),
    "targets": lambda it: list(ledger.target_ledger(it["planner"], plan=it["plan"])[:100]),
    "tasks": lambda it: list(ledger.task_ledger(it["planner"], plan=it["plan"])[:100]),
    "grid": lambda it: reviewing.review_rows(it["plan"], user=it["planner"]),
    "progress": lambda it: progress.review_progress(it["plan"]),
    "source": lambda it: sources.source_sentence(Target.objects.filter(plan=it["plan"]).first(), user=it["planner"]),
    "plans": lambda it: list(plans.plans_of(it["planner"])),
}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_large_plan_takes_few_queries(
    page: str, large: dict[str, Any], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    planner = large["planner"]
    assert planner.scope.is_everything  # read once per request, before the page's own queries
    with django_assert_max_num_queries(9):
        begun = time.process_time()
        PAGES[page](large)
        took = time.process_time() - begun
    assert took < 2.0, (
        f"{page} took {took:.2f} s of processor time"
    )  # far above what it takes; catches a quadratic slip, not a busy machine


def test_the_large_matrix_is_complete(large: dict[str, Any]) -> None:
    """Each of sixty offices leads five of the 300 tasks and supports all others; a page shows forty tasks."""
    whole = matrix_pages.matrix_page(large["plan"], user=large["planner"], on=ON, number=None)
    assert (len(whole.lines), len(whole.columns)) == (300, 60)
    assert {(column.leads, column.supports) for column in whole.columns} == {(5, 295)}
    pages = [matrix_pages.matrix_page(large["plan"], user=large["planner"], on=ON, number=n) for n in (1, 8, 99)]
    assert [(page.number, page.pages, len(page.lines), page.found) for page in pages] == [
        (1, 8, 40, 300), (8, 8, 20, 300), (8, 8, 20, 300),
    ]  # fmt: skip
    assert [line.task.id for line in pages[1].lines] == [line.task.id for line in whole.lines[280:]]
    assert pages[0].columns == whole.columns


def test_long_chapters_of_the_tree_come_when_opened(large: dict[str, Any]) -> None:
    on = ON
    tree = task_pages.narrowed_tree(
        headings.plan_headings(large["plan"], on=on), task_pages.TreeFilter(), plan=large["plan"], on=on
    )
    (chapter,) = tree.shown
    assert (len(tree.rows), tree.closed, chapter.is_open) == (301, 1, False)
    assert [row.task.id for row in tree.beneath(chapter.task.id)] == [row.task.id for row in tree.rows[1:]]
    assert tree.beneath(-1) == ()


def test_a_tree_that_fits_is_shown_whole(published: WorkPlan) -> None:
    tree = task_pages.narrowed_tree(
        headings.plan_headings(published, on=ON), task_pages.TreeFilter(), plan=published, on=ON
    )
    assert (tree.shown, tree.closed) == (tree.rows, 0)


def test_a_target_a_year_ahead_is_not_soon(published: WorkPlan) -> None:
    seen = glance.plan_glance(published, user=leader(), on=ON - timedelta(days=365))
    assert seen.due == ()


def test_a_goal_that_its_table_row_gives_to_an_office_is_not_without_one() -> None:
    site = make.site()
    plan = make_plan.published(said_twice(), organisation=site.bureau, by=site.people["planner"])
    rows = ledger.target_ledger(site.people["leader"], plan=plan)
    named = [(row.indicator, ledger.lead_text(row), ledger.support_text(row)) for row in rows.order_by("position")]
    assert named == [
        ("技术合同成交额", "规划处（见另一行）", ""),
        ("高新技术企业总数", "", ""),
        ("对接会", "高新处", "合作银行"),
        ("大赛", "行业协会", ""),
        ("技术合同成交额", "规划处", ""),
    ]
    ownerless = rows.filter(ledger.without_owner(Target)).values_list("indicator", flat=True)
    assert list(ownerless) == ["高新技术企业总数"]
    assert glance.plan_glance(plan, user=site.people["leader"], on=ON).targets_ownerless == 1
    # Another number for the same indicator is another target: nobody is borrowed for it.
    Target.objects.filter(plan=plan, node__label="(三)").update(value=46)
    assert rows.filter(ledger.without_owner(Target)).count() == 2


def test_the_matrix_sends_nobody_after_tasks_that_a_body_outside_carries() -> None:
    site = make.site()
    plan = make_plan.published(said_twice(), organisation=site.bureau, by=site.people["planner"])
    page = matrix_pages.matrix_page(plan, user=site.people["leader"], on=ON)
    assert page.ownerless == 0
    assert [(line.task.title, line.leads, line.supports) for line in page.lines] == [
        ("(一)建设技术市场", 1, 0),
        ("(三)主要指标分解", 1, 0),
    ]
