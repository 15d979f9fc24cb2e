"""The import page and the review page over HTTP: who may, what comes back, what is refused and how."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.plans.factories import POINTS, Draftsman, large_plan, make_plan, points, said_twice
from tests.factories import AT, make

from keshu.apps.bureau.services import jobs
from keshu.apps.plans.models import OwnerMention, PlanNode, Review, Target, WorkPlan
from keshu.apps.plans.queries.issuers import foreign_issuer
from keshu.apps.plans.queries.manuscript import manuscript
from keshu.apps.plans.services.review import accept_rows
from keshu.apps.plans.services.rows import RowRef
from keshu.engines.plandoc.document import Contradiction, Measure, NodeKind

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


@pytest.fixture
def plan(site: SimpleNamespace) -> WorkPlan:
    return make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])


@pytest.fixture
def planner(site: SimpleNamespace, client: Client) -> Client:
    client.force_login(site.people["planner"])
    return client


def address(plan: WorkPlan, rest: str = "") -> str:
    return f"/plans/{plan.pk}/review/{rest}"


def act(client: Client, plan: WorkPlan, rest: str, *, version: int | None = None, **values: Any) -> Any:
    seen = WorkPlan.objects.get(pk=plan.pk).version if version is None else version
    return client.post(address(plan, rest), {"version": seen, **values}, headers=HTMX)


def toast(response: Any) -> dict[str, str]:
    return json.loads(response["HX-Trigger"])["toast"]


def upload(content: str | bytes = POINTS, name: str = "工作要点.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def shown(html: str) -> list[str]:
    """The rows of the grid in the order they stand."""
    return re.findall(r'<tbody class="entry [^"]*" id="row-([a-z]+-\d+)"', html)


# --- the import page
def test_the_import_page_names_formats_limit_and_issuers(planner: Client) -> None:
    html = planner.get("/plans/import/").content.decode()
    assert "50 MB" in html
    assert ".docx" in html
    assert html.index(">市科技局</option>") < html.index(">高新处</option>")


def test_an_enterprise_is_told_that_it_cannot_import(site: SimpleNamespace, client: Client) -> None:
    client.force_login(site.people["enterprise"])
    assert "您的账号不能导入文件" in client.get("/plans/import/").content.decode()
    response = client.post("/plans/import/", {"file": upload()}, headers={"X-Upload": "1"})
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/plain")
    assert not WorkPlan.objects.exists()


def test_an_upload_becomes_a_job_and_the_job_a_draft(planner: Client, site: SimpleNamespace) -> None:
    response = planner.post(
        "/plans/import/", {"file": upload(), "organisation": site.bureau.pk}, headers={"X-Upload": "1"}
    )
    assert response.status_code == 200
    assert re.search(r'hx-get="/jobs/\d+/panel/"', response.content.decode())
    assert jobs.run_pending() == 1
    made = WorkPlan.objects.get()
    assert (made.organisation, made.year) == (site.bureau, 2026)
    assert address(made) in planner.get("/plans/import/").content.decode()


def test_the_same_content_again_starts_no_job_and_is_offered_as_a_revision(
    planner: Client, site: SimpleNamespace
) -> None:
    planner.post("/plans/import/", {"file": upload()}, headers={"X-Upload": "1"})
    jobs.run_pending()
    first = WorkPlan.objects.get()
    response = planner.post("/plans/import/", {"file": upload(name="再传一次.txt")}, headers={"X-Upload": "1"})
    html = response.content.decode()
    assert "作为新版导入" in html
    assert first.title in html
    assert jobs.run_pending() == 0
    assert f'hx-post="/plans/import/{first.pk}/revision/"' in html
    again = planner.post(f"/plans/import/{first.pk}/revision/", headers=HTMX)
    assert again.status_code == 200
    assert jobs.run_pending() == 1
    assert WorkPlan.objects.get(supersedes=first).revision == 2


def test_several_files_by_a_plain_form_get_a_line_each(planner: Client) -> None:
    files = [upload(), upload(b"", name="空白.docx")]
    html = planner.post("/plans/import/", {"file": files}).content.decode()
    assert "空文件" in html
    assert "排队等待识别" in html


def test_an_issuer_that_was_not_offered_is_refused(site: SimpleNamespace, client: Client) -> None:
    client.force_login(site.people["county_clerk"])
    response = client.post(
        "/plans/import/", {"file": upload(), "organisation": site.bureau.pk}, headers={"X-Upload": "1"}
    )
    assert response.status_code == 422
    assert response.content.decode() == "请在列表中选择制定单位。"


def test_no_file_is_refused_in_words(planner: Client) -> None:
    response = planner.post("/plans/import/", {}, headers={"X-Upload": "1"})
    assert (response.status_code, response.content.decode()) == (422, "请先选择文件。")


# --- who may open a review
def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, plan: WorkPlan) -> None:
    assert client.get(address(plan)).status_code == 302


@pytest.mark.parametrize("role", ["clerk", "county_clerk", "enterprise", "office_head"])
def test_a_draft_of_others_is_not_there(site: SimpleNamespace, client: Client, plan: WorkPlan, role: str) -> None:
    client.force_login(site.people[role])
    for rest in ("", "grid/", "text/0/", f"targets/{plan.targets.first().pk}/"):
        assert client.get(address(plan, rest)).status_code == 404
    target = plan.targets.first()
    assert act(client, plan, "accept/", rows=f"target-{target.pk}").status_code == 404
    target.refresh_from_db()
    assert target.review == Review.PENDING


def test_an_auditor_reads_without_tools_and_changes_nothing(
    site: SimpleNamespace, client: Client, plan: WorkPlan
) -> None:
    client.force_login(site.people["auditor"])
    assert 'id="publish"' not in client.get(address(plan)).content.decode()
    assert "data-tick" not in client.get(address(plan, "grid/")).content.decode()
    target = plan.targets.first()
    response = act(client, plan, "accept/", rows=f"target-{target.pk}")
    assert response.status_code == 403
    assert "您不能核对" in toast(response)["message"]


def test_actions_want_a_token(site: SimpleNamespace, plan: WorkPlan) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(site.people["planner"])
    target = plan.targets.first()
    response = guarded.post(address(plan, "accept/"), {"version": 0, "rows": f"target-{target.pk}"}, headers=HTMX)
    assert response.status_code == 403
    target.refresh_from_db()
    assert target.review == Review.PENDING


def test_rows_of_another_plan_are_refused(planner: Client, site: SimpleNamespace, plan: WorkPlan) -> None:
    other = make_plan.draft(organisation=site.bureau, by=site.people["planner"])
    foreign = other.targets.first()
    response = act(planner, plan, "accept/", rows=f"target-{foreign.pk}")
    assert response.status_code == 422
    assert planner.get(address(plan, f"targets/{foreign.pk}/")).status_code == 404
    foreign.refresh_from_db()
    assert foreign.review == Review.PENDING


# --- the panes
def test_the_page_takes_at_most_twelve_queries(
    planner: Client, plan: WorkPlan, django_assert_max_num_queries: Any
) -> None:
    # The first request of a session renews it, which is no part of the page.
    planner.get("/plans/import/")
    for rest in ("", "grid/", "grid/?tab=tasks", "grid/?tab=details", "text/0/", "move/publish/"):
        with django_assert_max_num_queries(12):
            assert planner.get(address(plan, rest)).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(planner: Client, site: SimpleNamespace) -> None:
    offices = [site.gaoxin, site.guihua]
    counts = []
    planner.get("/plans/import/")
    for tasks in (2, 40):
        made = make_plan.draft(
            large_plan(tasks=tasks, offices=offices), organisation=site.bureau, by=site.people["planner"]
        )
        with CaptureQueriesContext(connection) as queries:
            planner.get(address(made, "grid/?tab=tasks"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_text_is_marked_and_can_be_put_together_again(planner: Client, plan: WorkPlan) -> None:
    html = planner.get(address(plan)).content.decode()
    target = make_plan.target(plan, "中试基地")
    marks = re.findall(rf'data-from="(\d+)" data-rows="target-{target.pk}">([^<]*)<', html)
    assert "".join(text for _, text in marks) == "6月底前建成中试基地2个"
    assert int(marks[0][0]) == POINTS.index("6月底前建成中试基地2个")
    pieces = re.findall(r'data-from="(\d+)"[^>]*>([^<]*)<', html)
    assert all(POINTS[int(start) :].startswith(text) for start, text in pieces)
    assert "".join(text for _, text in pieces) == POINTS.replace("\n", "")


def test_hostile_words_in_a_document_stay_words(planner: Client, site: SimpleNamespace) -> None:
    text = '要点\n一、<script>alert(1)</script>目标\n新增"><img src=x onerror=alert(2)>企业30家。\n'
    pen = Draftsman(text, title="<b>要点</b>")
    top = pen.node("一、", "<script>alert(1)</script>目标", kind=NodeKind.SECTION, owners=[])
    pen.claim(
        '新增"><img src=x onerror=alert(2)>企业30家',
        "30家",
        '"><img src=x>企业',
        30,
        "家",
        node=top,
        doubts=("<i>疑</i>",),
    )
    made = make_plan.draft(pen.document(), organisation=site.bureau, by=site.people["planner"])
    target = made.targets.get()
    for rest in (
        "",
        "grid/",
        "grid/?tab=tasks",
        "grid/?tab=details",
        "text/0/",
        f"targets/{target.pk}/",
        "move/publish/",
    ):
        html = planner.get(address(made, rest)).content.decode()
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        assert "<b>要点" not in html
        assert "<i>疑" not in html


def test_tables_become_cells_that_keep_their_places(site: SimpleNamespace) -> None:
    text = "标题\n| 指标 | 目标 |\n|---|---|\n| 高企数 | 30家 |\n结尾\n"
    pen = Draftsman(text)
    pen.claim("30家", "30家", "高企数", 30, "家")
    made = make_plan.draft(pen.document(), organisation=site.bureau, by=site.people["planner"])
    before, table, after = manuscript(made, user=site.people["planner"]).blocks
    assert [[cell[0].text for cell in row] for row in table.table] == [["指标", "目标"], ["高企数", "30家"]]
    marked = table.table[1][1][0]
    assert (marked.start, marked.rows) == (text.index("30家"), f"target-{made.targets.get().pk}")
    assert (before.pieces[0].text, after.pieces[0].text) == ("标题", "结尾")


def test_a_long_text_comes_in_chunks_that_follow_one_another(planner: Client, site: SimpleNamespace) -> None:
    text = "\n".join(f"第{number}段。" for number in range(200)) + "\n"
    made = make_plan.draft(Draftsman(text).document(), organisation=site.bureau, by=site.people["planner"])
    chunks = manuscript(made, user=site.people["planner"]).chunks
    assert [chunk.paragraphs for chunk in chunks] == [60, 60, 60, 20]
    html = planner.get(address(made)).content.decode()
    assert "第59段" in html
    assert "第60段" not in html
    assert f'hx-get="{address(made, "text/1/")}"' in html
    second = planner.get(address(made, "text/1/")).content.decode()
    assert f'data-from="{text.index("第60段")}"' in second
    assert planner.get(address(made, "text/9/")).status_code == 404


def test_doubtful_rows_come_first_and_filters_narrow(planner: Client, site: SimpleNamespace) -> None:
    text = "要点\n建成平台3个。推广技术5项。\n"
    pen = Draftsman(text)
    pen.claim("建成平台3个", "3个", "平台", 3, "个")
    pen.claim("推广技术5项", "5项", "技术", 5, "项", doubts=("单位不明确",))
    made = make_plan.draft(pen.document(), organisation=site.bureau, by=site.people["planner"])
    sure, unsure = (f"target-{made.targets.get(indicator=name).pk}" for name in ("平台", "技术"))
    grid = lambda query="": shown(planner.get(address(made, f"grid/{query}")).content.decode())  # noqa: E731
    assert grid() == [unsure, sure]
    assert grid("?order=text") == [sure, unsure]
    assert grid("?show=doubtful") == [unsure]
    assert grid("?tense=actual") == []
    assert grid("?show=nonsense&order=nonsense&tab=nonsense") == [unsure, sure]
    act(planner, made, "accept/", rows=sure)
    assert grid("?show=pending") == [unsure]
    assert grid("?show=decided") == [sure]


def test_batches_follow_one_another_and_reach_a_named_row(planner: Client, site: SimpleNamespace) -> None:
    text = "要点\n" + "".join(f"事项{number}达到{number}项。" for number in range(1, 101)) + "\n"
    pen = Draftsman(text)
    for number in range(1, 101):
        pen.claim(f"事项{number}达到{number}项", f"达到{number}项", f"事项{number}", number, "项")
    made = make_plan.draft(pen.document(), organisation=site.bureau, by=site.people["planner"])
    refs = [f"target-{pk}" for pk in made.targets.order_by("start").values_list("pk", flat=True)]
    assert shown(planner.get(address(made, "grid/")).content.decode()) == refs[:80]
    assert shown(planner.get(address(made, "grid/?first=80")).content.decode()) == refs[80:]
    assert shown(planner.get(address(made, f"grid/?through={refs[95]}")).content.decode()) == refs


def test_contradictions_stand_on_top_until_they_are_settled(planner: Client, site: SimpleNamespace) -> None:
    text = "要点\n新增企业80家。\n新增企业70家。\n"
    pen = Draftsman(text)
    pen.claim("新增企业80家", "80家", "企业", 80, "家", measure=Measure.INCREASE)
    pen.claim("新增企业70家", "70家", "企业", 70, "家", measure=Measure.INCREASE)
    conflict = Contradiction("企业", (0, 1), "前后数值不一致：80家、70家。")
    document = replace(pen.document(), contradictions=(conflict,))
    made = make_plan.draft(document, organisation=site.bureau, by=site.people["planner"])
    first, second = made.targets.order_by("start")
    html = planner.get(address(made)).content.decode()
    assert "前后数值不一致：80家、70家。" in html
    assert re.findall(r'data-goto="([^"]+)">([^<]+)<', html) == [
        (f"target-{first.pk}", "新增不少于80家"),
        (f"target-{second.pk}", "新增不少于70家"),
    ]
    act(planner, made, "reject/", rows=f"target-{second.pk}")
    assert "前后数值不一致" not in planner.get(address(made)).content.decode()


# --- decisions
def test_accepting_saves_at_once_and_tells_the_count(planner: Client, site: SimpleNamespace, plan: WorkPlan) -> None:
    target = make_plan.target(plan, "对接会")
    total = sum(model.objects.filter(plan=plan).count() for model in (Target, PlanNode, OwnerMention))
    html = act(planner, plan, "accept/", rows=f"target-{target.pk}").content.decode()
    target.refresh_from_db()
    assert (target.review, target.reviewed_by) == (Review.ACCEPTED, site.people["planner"])
    assert f"已核 <strong>1</strong> / {total}" in html
    assert 'id="review-version" name="version" value="1"' in html


def test_a_rejection_without_words_gets_the_plain_reason(planner: Client, plan: WorkPlan) -> None:
    target = make_plan.target(plan, "对接会")
    act(planner, plan, "reject/", rows=f"target-{target.pk}")
    target.refresh_from_db()
    assert (target.review, target.remark) == (Review.REJECTED, "不是目标或任务")
    act(planner, plan, "restore/", rows=f"target-{target.pk}")
    target.refresh_from_db()
    assert target.review == Review.PENDING


def test_undo_takes_back_the_last_step_and_says_when_there_is_none(planner: Client, plan: WorkPlan) -> None:
    target = make_plan.target(plan, "对接会")
    act(planner, plan, "accept/", rows=f"target-{target.pk}")
    response = act(planner, plan, "undo/")
    assert response["X-Review-Reload"] == "grid"
    target.refresh_from_db()
    assert target.review == Review.PENDING
    again = act(planner, plan, "undo/")
    assert (again.status_code, toast(again)["message"]) == (422, "没有可以撤销的操作。")


def test_a_row_changed_meanwhile_is_refused_with_who_and_shown_anew(
    planner: Client, site: SimpleNamespace, plan: WorkPlan
) -> None:
    target = make_plan.target(plan, "对接会")
    colleague = make.person("planner", site.guihua, name="许诺")
    accept_rows(plan, rows=[RowRef("target", target.pk)], by=colleague, at=AT, version=0)
    response = act(planner, plan, "reject/", version=0, rows=f"target-{target.pk}")
    assert response.status_code == 422
    assert "许诺已于03月05日 09:30" in toast(response)["message"]
    html = response.content.decode()
    assert f'id="row-target-{target.pk}"' in html
    assert 'data-review="accepted"' in html
    target.refresh_from_db()
    assert target.review == Review.ACCEPTED
    assert act(planner, plan, "reject/", version=1, rows=f"target-{target.pk}").status_code == 200


def test_presence_names_the_others_and_brings_their_changes(
    planner: Client, site: SimpleNamespace, plan: WorkPlan
) -> None:
    assert "正在核对" not in act(planner, plan, "presence/", version=0).content.decode()
    colleague, other = make.person("planner", site.guihua, name="许诺"), Client()
    other.force_login(colleague)
    act(other, plan, "presence/", version=0)
    target = make_plan.target(plan, "对接会")
    act(other, plan, "accept/", version=0, rows=f"target-{target.pk}")
    html = act(planner, plan, "presence/", version=0).content.decode()
    assert "许诺 正在核对" in html
    assert f'id="row-target-{target.pk}"' in html
    assert 'name="version" value="1"' in html


def test_an_action_without_a_version_is_refused(planner: Client, plan: WorkPlan) -> None:
    target = plan.targets.first()
    response = planner.post(address(plan, "accept/"), {"rows": f"target-{target.pk}"}, headers=HTMX)
    assert (response.status_code, toast(response)["message"]) == (422, "页面已经过期，请刷新后重试。")


def test_accept_all_clear_leaves_the_doubtful(planner: Client, site: SimpleNamespace) -> None:
    made = make_plan.draft(points(doubtful=True), organisation=site.bureau, by=site.people["planner"])
    act(planner, made, "accept-clear/")
    left = made.targets.filter(review=Review.PENDING)
    assert [row.doubts for row in left] == [["总数与增量不易区分"]] * left.count()
    assert left.exists()


def test_after_many_changes_the_panes_are_read_anew(planner: Client, site: SimpleNamespace) -> None:
    document = large_plan(tasks=30, offices=[site.gaoxin, site.guihua])
    made = make_plan.draft(document, organisation=site.bureau, by=site.people["planner"])
    response = act(planner, made, "accept-clear/")
    assert response["X-Review-Reload"] == "all"
    assert shown(response.content.decode()) == []
    assert not made.targets.filter(review=Review.PENDING).exists()


# --- forms
def fields(target: Target, **changed: str) -> dict[str, str]:
    present = {
        "indicator": target.indicator, "op": target.op, "value": "12", "value_high": "", "unit": target.unit,
        "measure": target.measure, "tier": target.tier, "tense": target.tense, "period": target.period,
        "node_id": str(target.node_id), "per": "", "benchmark": "",
    }  # fmt: skip
    return {**present, **changed}


def test_correcting_a_target_shows_the_error_at_its_field_then_saves(planner: Client, plan: WorkPlan) -> None:
    target = make_plan.target(plan, "对接会")
    form = planner.get(address(plan, f"targets/{target.pk}/")).content.decode()
    assert 'name="value" value="12"' in form
    wrong = act(planner, plan, f"targets/{target.pk}/", **fields(target, value="十来场"))
    assert wrong.status_code == 422
    assert "填写的是“十来场”，请填数字" in wrong.content.decode()
    target.refresh_from_db()
    assert target.value == 12
    right = act(planner, plan, f"targets/{target.pk}/", **fields(target, value="15"))
    # A success is told in the head, not a second time by a toast.
    assert "已保存　" in right.content.decode()
    assert "数值 12 → 15" in right.content.decode()
    assert "HX-Trigger" not in right
    target.refresh_from_db()
    assert (target.value, target.review) == (15, Review.CORRECTED)


def test_selected_words_are_read_and_added(planner: Client, plan: WorkPlan) -> None:
    words = "举办对接会12场"
    start = POINTS.index(words)
    form = planner.get(address(plan, f"targets/add/?start={start}&end={start + len(words)}")).content.decode()
    assert 'name="value" value="12"' in form
    assert f'<blockquote class="quoted">{words}</blockquote>' in form
    target = make_plan.target(plan, "对接会")
    response = act(
        planner, plan, "targets/add/", start=start, end=start + len(words), **fields(target, indicator="专场对接会")
    )
    assert json.loads(response["HX-Trigger"])["keshu:close-drawer"] is True
    added = Target.objects.get(plan=plan, indicator="专场对接会")
    assert (added.review, added.start, added.end) == (Review.ADDED, start, start + len(words))


def test_adding_without_a_selection_is_refused(planner: Client, plan: WorkPlan) -> None:
    for query in ("", "?start=9&end=3", "?start=x&end=5"):
        response = planner.get(address(plan, f"targets/add/{query}"), headers=HTMX)
        assert (response.status_code, toast(response)["message"]) == (422, "请先在左侧原文中选中要补录的文字。")


def test_splitting_keeps_what_was_typed_when_a_part_is_added(planner: Client, plan: WorkPlan) -> None:
    target = make_plan.target(plan, "对接会")
    parts = {
        f"part{number}-{name}": value
        for number, word in enumerate(("上半年对接会", "下半年对接会"))
        for name, value in fields(target, indicator=word, value=str(5 + number)).items()
    }
    more = act(planner, plan, f"targets/{target.pk}/split/", parts="2", more="1", **parts).content.decode()
    assert more.count('<fieldset class="part">') == 3
    assert "上半年对接会" in more
    act(planner, plan, f"targets/{target.pk}/split/", parts="2", **parts)
    made = Target.objects.filter(plan=plan, indicator__endswith="年对接会").order_by("pk")
    assert [(row.indicator, row.value) for row in made] == [("上半年对接会", 5), ("下半年对接会", 6)]
    target.refresh_from_db()
    assert target.review == Review.REJECTED


def test_merging_keeps_the_first_named(planner: Client, plan: WorkPlan) -> None:
    keep, other = make_plan.target(plan, "对接会"), make_plan.target(plan, "中试基地")
    act(planner, plan, "merge/", rows=[f"target-{keep.pk}", f"target-{other.pk}"])
    other.refresh_from_db()
    assert (other.review, other.merged_into) == (Review.REJECTED, keep)
    node = plan.nodes.first()
    mixed = act(planner, plan, "merge/", rows=[f"target-{keep.pk}", f"node-{node.pk}"])
    assert toast(mixed)["message"] == "只有指标数据可以合并。"


def test_a_heading_is_corrected_and_added(planner: Client, plan: WorkPlan) -> None:
    node = make_plan.node(plan, "优化创新服务")
    values = {
        "label": "(三)",
        "heading": "优化科技服务",
        "kind": "action",
        "due": "2026-Q3",
        "parent_id": str(node.parent_id),
    }
    act(planner, plan, f"nodes/{node.pk}/", **values)
    node.refresh_from_db()
    assert (node.heading, f"{node.due_on}") == ("优化科技服务", "2026-09-30")
    wrong = act(planner, plan, f"nodes/{node.pk}/", **{**values, "due": "秋天"})
    assert "看不懂时限“秋天”" in wrong.content.decode()
    start = POINTS.index("举办对接会")
    act(planner, plan, "nodes/add/", start=start, end=start + 5, **{**values, "heading": "办会", "label": ""})
    assert PlanNode.objects.get(plan=plan, heading="办会").review == Review.ADDED


def test_an_unknown_name_is_asked_once_and_answered_for_all(
    planner: Client, site: SimpleNamespace, plan: WorkPlan
) -> None:
    html = planner.get(address(plan, "grid/?tab=tasks")).content.decode()
    mention = make_plan.mention(plan, "成果转化处")
    assert f'id="question-mention-{mention.pk}"' in html
    form = planner.get(address(plan, f"owners/{mention.pk}/")).content.decode()
    assert "“<strong>成果转化处</strong>”指的是哪个单位" in form
    assert site.enterprise.name not in form
    nothing = act(planner, plan, f"owners/{mention.pk}/")
    assert nothing.status_code == 422
    assert "请选择对应的单位" in nothing.content.decode()
    # What was ticked stays ticked when the answer is refused.
    refused = act(planner, plan, f"owners/{mention.pk}/", is_outside="on", remember="on", group=["county"])
    assert refused.status_code == 422
    again = refused.content.decode()
    for tick in ('name="is_outside" checked', 'name="remember" checked', 'name="group" value="county" checked'):
        assert tick in again
    done = act(planner, plan, f"owners/{mention.pk}/", organisation_ids=[site.unit.pk], remember="on").content.decode()
    assert f"“成果转化处”对应为{site.unit}" in done
    assert f'<template data-patch="question-mention-{mention.pk}"></template>' in done
    held = mention.responsibilities.filter(is_inherited=False)
    assert [row.organisation for row in held] == [site.unit]
    later = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    assert (
        f"question-mention-{make_plan.mention(later, '成果转化处').pk}"
        not in planner.get(address(later, "grid/?tab=tasks")).content.decode()
    )


def test_a_group_word_means_all_its_members(planner: Client, site: SimpleNamespace, plan: WorkPlan) -> None:
    mention = make_plan.mention(plan, "成果转化处")
    act(planner, plan, f"owners/{mention.pk}/", group=["county"])
    held = mention.responsibilities.filter(is_inherited=False).values_list("organisation_id", flat=True)
    assert set(held) == {site.qingling.pk, site.yunhu.pk}


def test_details_are_saved_and_wrong_ones_named(planner: Client, plan: WorkPlan) -> None:
    values = {
        "title": "云澜市科技工作要点",
        "year": "2026",
        "kind": "plan",
        "issuer": "",
        "doc_number": "云科〔2026〕1号",
    }
    saved = act(planner, plan, "details/", **values)
    assert toast(saved)["message"] == "文件要素已保存。"
    assert 'id="review-title" title="云澜市科技工作要点"' in saved.content.decode()
    plan.refresh_from_db()
    assert (plan.title, plan.doc_number) == ("云澜市科技工作要点", "云科〔2026〕1号")
    wrong = act(planner, plan, "details/", **{**values, "year": "26"})
    assert wrong.status_code == 422
    assert "年度请填四位数字" in wrong.content.decode()


def sign(plan: WorkPlan, issuer: str, *, region: str = "") -> WorkPlan:
    plan.issuer = issuer
    plan.source.meta["region"] = region
    plan.source.save(update_fields=["meta"])
    plan.save(update_fields=["issuer"])
    return plan


@pytest.mark.parametrize(
    ("chosen", "issuer", "region", "told"),
    [
        ("bureau", "栗原市科学技术局", "", "栗原市科学技术局"),
        ("bureau", "青岭县科学技术局", "", "青岭县科学技术局"),
        ("bureau", "云澜市青岭县科学技术局", "", "云澜市青岭县科学技术局"),
        ("bureau", "云澜市人民政府", "", ""),
        ("bureau", "云澜市科学技术局 云澜市财政局", "", ""),
        ("bureau", "局办公室", "", ""),
        ("gaoxin", "栗原市科学技术局", "", "栗原市科学技术局"),
        ("gaoxin", "云澜市科学技术局高新技术处", "", ""),
        ("qingling", "云澜市科学技术局", "", "云澜市科学技术局"),
        ("qingling", "云澜市青岭县科学技术局", "", ""),
        ("park", "云澜高新区管委会", "", ""),
        ("bureau", "", "栗原市", ""),  # the title names 云澜市
    ],
)
def test_a_document_of_another_place_than_the_one_chosen_is_noticed(
    site: SimpleNamespace, plan: WorkPlan, chosen: str, issuer: str, region: str, told: str
) -> None:
    plan.organisation = getattr(site, chosen)
    assert foreign_issuer(sign(plan, issuer, region=region)) == told


def test_an_unsigned_document_is_judged_by_its_region(plan: WorkPlan) -> None:
    plan.title = "2026年科技工作要点"
    assert foreign_issuer(sign(plan, "", region="栗原市")) == "栗原市"
    assert foreign_issuer(sign(plan, "", region="云澜市")) == ""


def test_the_clerk_is_warned_on_the_page_and_before_publishing_until_the_issuer_is_mended(
    planner: Client, plan: WorkPlan
) -> None:
    sign(plan, "栗原市科学技术局")
    warning = "文件署名“栗原市科学技术局”，制定单位选的是“市科技局”"
    page = planner.get(address(plan)).content.decode()
    assert warning in page
    assert "选【删除草稿】，重新导入" in page
    assert warning in planner.get(address(plan, "move/publish/")).content.decode()
    mended = {"title": plan.title, "year": "2026", "kind": "plan", "issuer": "云澜市科学技术局", "doc_number": ""}
    assert '<div id="review-foreign"></div>' in act(planner, plan, "details/", **mended).content.decode()
    assert "文件署名" not in planner.get(address(plan)).content.decode()


# --- publishing
def test_the_dialog_says_what_is_left_and_publishing_waits_for_it(
    planner: Client, site: SimpleNamespace, plan: WorkPlan
) -> None:
    dialog = planner.get(address(plan, "move/publish/")).content.decode()
    assert "牵头单位“成果转化处”没有对应到单位" in dialog
    assert "行没有核对" in dialog
    assert "disabled" in dialog
    refused = act(planner, plan, "move/publish/", accept_rest="on")
    assert refused.status_code == 422
    assert "还不能发布" in refused.content.decode()
    mention = make_plan.mention(plan, "成果转化处")
    act(planner, plan, f"owners/{mention.pk}/", organisation_ids=[site.unit.pk])
    still = act(planner, plan, "move/publish/")
    assert "行没有核对" in still.content.decode()
    done = act(planner, plan, "move/publish/", accept_rest="on")
    assert done["HX-Redirect"] == f"/plans/targets/?plan={plan.pk}"
    plan.refresh_from_db()
    assert plan.state == "published"


def test_a_published_plan_is_shown_without_tools_and_can_be_withdrawn_with_a_reason(
    planner: Client, site: SimpleNamespace
) -> None:
    made = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    html = planner.get(address(made)).content.decode()
    assert 'id="publish"' not in html
    assert "data-may-review" not in html
    assert act(planner, made, "accept/", rows=f"target-{made.targets.first().pk}").status_code == 403
    without = act(planner, made, "move/withdraw/")
    assert (without.status_code, "请写明作废的原因" in without.content.decode()) == (422, True)
    act(planner, made, "move/withdraw/", why="重复发布")
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_a_deleted_draft_can_be_brought_back(planner: Client, plan: WorkPlan) -> None:
    act(planner, plan, "move/delete_draft/")
    assert "已删除的草稿" in planner.get("/plans/import/").content.decode()
    act(planner, plan, "move/restore_draft/")
    plan.refresh_from_db()
    assert plan.state == "reviewing"
    assert planner.get(address(plan, "move/nonsense/")).status_code == 404


def test_after_a_merger_the_list_of_repeated_targets_is_told_anew(client: Client) -> None:
    site = make.site()
    planner = site.people["planner"]
    draft = make_plan.draft(said_twice(), organisation=site.bureau, by=planner)
    client.force_login(planner)
    first, again = Target.objects.filter(plan=draft, indicator="技术合同成交额").order_by("position")
    Target.objects.filter(pk=again.pk).update(restates=first)
    page = client.get(reverse("plans:review", args=[draft.pk])).content.decode()
    assert "同一目标说了 2 次" in page
    given = {"version": draft.version, "rows": [f"target-{again.pk}", f"target-{first.pk}"]}
    answer = client.post(reverse("plans:review-merge", args=[draft.pk]), given).content.decode()
    assert 'data-patch="review-alerts"' in answer
    assert "同一目标说了" not in answer
