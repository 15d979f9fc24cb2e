"""The review of a long document: chapters, words found anywhere, rows narrowed, many rows passed at once, honest counts."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from tests.apps.plans.factories import Draftsman, make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.plans.models import PlanNode, Review, ReviewStep, Target, WorkPlan
from keshu.apps.plans.queries.contradictions import conflicts, repeats
from keshu.apps.plans.queries.finding import find_words
from keshu.apps.plans.queries.progress import review_progress
from keshu.apps.plans.services import review, targets, undo
from keshu.apps.plans.services.intake import ReadResult
from keshu.apps.plans.services.rows import RowRef
from keshu.apps.plans.tasks import told
from keshu.engines.plandoc.document import Contradiction, NodeKind

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


@pytest.fixture
def planner(site: SimpleNamespace, client: Client) -> Client:
    client.force_login(site.people["planner"])
    return client


def drafted(site: SimpleNamespace, document: Any) -> WorkPlan:
    return make_plan.draft(document, organisation=site.bureau, by=site.people["planner"])


def chapters(*, each: int = 3, count: int = 2) -> Draftsman:
    """Chapters of tasks, each task led in turn by one of two offices and holding one figure."""
    lines, names = ["要点"], ("高新处", "规划处")
    for chapter in range(1, count + 1):
        lines.append(f"第{chapter}章重点领域{chapter}")
        lines += [
            f"{chapter}.{n}.事项{chapter}之{n}。指标{chapter}之{n}达到{n}项。({names[n % 2]}牵头)"
            for n in range(1, each + 1)
        ]
    pen = Draftsman("\n".join(lines) + "\n")
    for chapter in range(1, count + 1):
        top = pen.node(f"第{chapter}章", f"重点领域{chapter}", kind=NodeKind.SECTION)
        for n in range(1, each + 1):
            label, words = f"{chapter}.{n}.", f"事项{chapter}之{n}"
            node = pen.node(label, words, parent=top, owners=[(names[n % 2], "lead")])
            pen.claim(f"指标{chapter}之{n}达到{n}项", f"{n}项", f"指标{chapter}之{n}", n, "项", node=node)
    return pen


def page(client: Client, plan: WorkPlan, rest: str = "", **query: Any) -> str:
    return client.get(f"/plans/{plan.pk}/review/{rest}", query).content.decode()


def shown(html: str) -> list[str]:
    """What the rows of the grid are called, from the top."""
    return re.findall(r'<div class="entry__name">([^<]+)<|<span class="entry__printed">([^<]+)<', html)


def names(html: str) -> list[str]:
    return ["".join(pair) for pair in shown(html)]


# --- chapters and words
def test_the_contents_list_the_chapters_with_a_blank_after_their_number(planner: Client, site: SimpleNamespace) -> None:
    pen = chapters()
    plan = drafted(site, pen.document())
    html = page(planner, plan, "contents/")
    assert re.findall(r"data-place=\"(\d+)\"[^>]*>(第[^<]+)<", html) == [
        (str(pen.text.index("第1章")), "第1章 重点领域1"),
        (str(pen.text.index("第2章")), "第2章 重点领域2"),
    ]
    assert ">高新处</option>" in html
    assert ">规划处</option>" in html


def test_words_are_found_in_parts_of_the_text_that_are_not_loaded(planner: Client, site: SimpleNamespace) -> None:
    filler = "".join(f"第{number}段说明。\n" for number in range(400))
    text = f"要点\n中试基地建设。\n{filler}建成中试\n基地3个。\n"
    plan = drafted(site, Draftsman(text).document())
    found = planner.get(f"/plans/{plan.pk}/review/find/", {"words": " 中试基地 "}).json()
    first, broken = text.index("中试基地"), text.index("中试\n基地")
    assert found == {"places": [[first, first + 4], [broken, broken + 5]], "total": 2}
    assert planner.get(f"/plans/{plan.pk}/review/find/", {"words": "。*"}).json()["total"] == 0
    assert planner.get(f"/plans/{plan.pk}/review/find/").json() == {"places": [], "total": 0}
    assert find_words(plan, "r&d", user=site.people["planner"]).total == 0


def test_words_of_a_draft_are_not_found_by_strangers(site: SimpleNamespace, client: Client) -> None:
    plan = drafted(site, points())
    client.force_login(site.people["clerk"])
    for rest in ("find/", "contents/"):
        assert client.get(f"/plans/{plan.pk}/review/{rest}", {"words": "对接会"}).status_code == 404


# --- rows narrowed
def test_the_grid_is_narrowed_to_a_chapter_and_to_an_office(planner: Client, site: SimpleNamespace) -> None:
    plan = drafted(site, chapters().document())
    second = PlanNode.objects.get(plan=plan, label="第2章")
    in_chapter = page(planner, plan, "grid/", chapter=second.pk)
    assert names(in_chapter) == ["指标2之1", "指标2之2", "指标2之3"]
    assert "只看“第2章 重点领域2”：3 行" in in_chapter
    # Odd tasks are led by 规划处, even ones by 高新处.
    assert names(page(planner, plan, "grid/", office=site.gaoxin.pk)) == ["指标1之2", "指标2之2"]
    both = page(planner, plan, "grid/", chapter=second.pk, office=site.guihua.pk)
    assert names(both) == ["指标2之1", "指标2之3"]
    assert "只看“第2章 重点领域2”中规划处：2 行" in both
    tasks = page(planner, plan, "grid/", tab="tasks", office=site.gaoxin.pk)
    assert names(tasks) == ["1.2.事项1之2", "高新处", "2.2.事项2之2", "高新处"]


def test_a_chapter_of_another_plan_narrows_nothing(planner: Client, site: SimpleNamespace) -> None:
    plan, other = drafted(site, chapters().document()), drafted(site, points())
    foreign = PlanNode.objects.filter(plan=other).first()
    assert foreign is not None
    for query in ({"chapter": foreign.pk}, {"chapter": "x"}, {"office": "9" * 30}, {"office": site.enterprise.pk}):
        assert len(names(page(planner, plan, "grid/", **query))) == 6


def test_the_last_row_is_reached_wherever_it_is(planner: Client, site: SimpleNamespace) -> None:
    plan = drafted(site, chapters(each=200).document())
    html = page(planner, plan, "grid/", through="last")
    assert names(html)[-1] == "指标2之200"
    assert "前面还有" in html
    assert "rows-more" not in html


# --- counts
def test_the_job_and_the_tabs_tell_the_same_numbers(planner: Client, site: SimpleNamespace) -> None:
    plan = drafted(site, points(doubtful=True))
    progress = review_progress(plan)
    # Seven figures, five headings, five printed names: one of them unknown, one figure in doubt.
    assert (progress.targets.total, progress.nodes.total, progress.mentions.total) == (7, 5, 5)
    assert (progress.unresolved, progress.doubtful) == (1, 2)
    grid = page(planner, plan, "grid/", tab="tasks")
    assert re.findall(r'id="count-(\w+)">([^<]+)<', grid)[:2] == [("targets", "7"), ("tasks", "5 项 · 5 处")]
    assert len(re.findall(r'id="question-', grid)) == progress.unresolved
    assert "存疑 2</button>" in grid
    read = ReadResult(plan.pk, plan.title, targets=7, nodes=5, unresolved=1, doubtful=2)
    assert told(read) == "读出 7 条指标、5 项任务，1 个单位写法待指定，2 处存疑。"


def test_rows_added_and_taken_back_show_only_among_the_rejected(planner: Client, site: SimpleNamespace) -> None:
    plan, user = drafted(site, points()), site.people["planner"]
    target = make_plan.target(plan, "中试基地")
    before = names(page(planner, plan, "grid/"))
    parts = [{"indicator": "市级中试基地", "value": 1}, {"indicator": "县级中试基地", "value": 1}]
    targets.split_target(plan, target_id=target.pk, parts=parts, by=user, at=AT, version=None)
    result = undo.undo_last_step(plan, by=user, at=LATER)
    assert result.rows[0] == f"target-{target.pk}"
    grid = page(planner, plan, "grid/")
    assert names(grid) == before
    counts = dict(re.findall(r'id="count-targets-(\w+)">(\d+)<', grid))
    assert counts == {"all": "7", "pending": "7", "doubtful": "0", "decided": "0", "rejected": "2"}
    assert sorted(names(page(planner, plan, "grid/", show="rejected"))) == ["县级中试基地", "市级中试基地"]


# --- contradictions
def contradicted(site: SimpleNamespace, values: list[int], *, headings: bool) -> WorkPlan:
    """One indicator with these values, under one heading or each under its own."""
    lines = [f"{n}.事项{n}。建成创新平台{value}家。" for n, value in enumerate(values)]
    pen = Draftsman("要点\n" + "\n".join(lines) + "\n")
    nodes = [pen.node(f"{n}.", f"事项{n}") for n in range(len(values))]
    for n, value in enumerate(values):
        node = nodes[n] if headings else nodes[0]
        span = pen.span(f"建成创新平台{value}家", after=pen.text.index(f"{n}.事项{n}"))
        index = pen.claim(f"建成创新平台{value}家", f"{value}家", "创新平台", value, "家", node=node)
        pen.claims[index] = replace(pen.claims[index], span=span)
    message = "前后数值不一致:" + "、".join(f"{value}家" for value in values) + "。"
    found = Contradiction("创新平台", tuple(range(len(values))), message)
    return drafted(site, replace(pen.document(), contradictions=(found,)))


def test_a_contradiction_shows_its_first_places_and_how_many_there_are(planner: Client, site: SimpleNamespace) -> None:
    plan = contradicted(site, [20, 21, 20, 21, 20, 21, 20, 21], headings=True)
    (conflict,) = conflicts(plan)
    assert (len(conflict.places), conflict.count) == (6, 8)
    html = page(planner, plan)
    assert html.count("data-goto=") == 6
    assert "等 8 处" in html
    assert "前后数值不一致：20家" in html
    assert "不一致:" not in html


def test_many_values_under_many_headings_are_no_contradiction(site: SimpleNamespace) -> None:
    assert conflicts(contradicted(site, [1, 2, 3, 4, 5], headings=True)) == ()
    assert len(conflicts(contradicted(site, [1, 2, 3, 4], headings=True))) == 1
    assert len(conflicts(contradicted(site, [1, 2, 3, 4, 5], headings=False))) == 1


# --- many rows at once
def test_thousands_of_rows_are_passed_in_seconds_under_one_entry(planner: Client, site: SimpleNamespace) -> None:
    plan, user = drafted(site, chapters(each=500).document()), site.people["planner"]
    left = review_progress(plan).pending
    assert left == 1000 + 1002 + 1000
    entries = AuditEntry.objects.count()
    begun = time.process_time()
    review.accept_all_clear(plan, by=user, at=AT, version=None)
    took = time.process_time() - begun
    assert took < 3.0
    assert review_progress(plan).pending == 0
    assert AuditEntry.objects.count() == entries + 1
    rows = Target.objects.filter(plan=plan, review=Review.ACCEPTED, reviewed_by=user, reviewed_at=AT, version=1)
    assert rows.count() == 1000
    undo.undo_last_step(plan, by=user, at=LATER)
    assert review_progress(plan).pending == left
    assert not Target.objects.filter(plan=plan).exclude(reviewed_by=None, reviewed_at=None, version=2).exists()


def test_passing_everything_asks_first_with_the_number_of_rows(planner: Client, site: SimpleNamespace) -> None:
    plan = drafted(site, points())
    assert 'data-confirm="16 行没有逐行看过，确定一并通过？' in page(planner, plan, "grid/")


def test_a_bulk_step_with_different_outcomes_gives_each_row_its_own(site: SimpleNamespace) -> None:
    plan, user = drafted(site, chapters(each=30, count=1).document()), site.people["planner"]
    chapter = PlanNode.objects.get(plan=plan, label="第1章")
    review.reject_rows(plan, rows=[RowRef.of(chapter)], reason="不是任务", by=user, at=AT, version=None)
    tasks = PlanNode.objects.filter(plan=plan).exclude(pk=chapter.pk)
    assert set(tasks.values_list("parent_id", "review")) == {(None, Review.PENDING)}
    assert PlanNode.objects.get(pk=chapter.pk).review == Review.REJECTED
    assert len(ReviewStep.objects.get().changes) == 31


def test_a_target_stated_twice_is_shown_once_with_both_places(planner: Client, site: SimpleNamespace) -> None:
    pen = Draftsman(
        "云澜市2026年科技创新工作要点\n一、目标\n高新技术企业总数320家。\n二、任务\n高新技术企业总数320家。\n"
    )
    first = pen.node("一、", "目标")
    second = pen.node("二、", "任务")
    stated = pen.claim("高新技术企业总数320家", "320家", "高新技术企业总数", 320, "家", node=first)
    again = pen.claim("高新技术企业总数320家", "320家", "高新技术企业总数", 320, "家", node=second, restates=stated)
    span = pen.span("高新技术企业总数320家", after=pen.text.index("二、任务"))
    pen.claims[again] = replace(pen.claims[again], span=span)
    plan = drafted(site, pen.document())
    (repeat,) = repeats(plan)
    assert (repeat.indicator, repeat.count) == ("高新技术企业总数", 2)
    assert [words for _, words in repeat.places] == ["不少于320家（一、目标）", "不少于320家（二、任务）"]
    html = page(planner, plan)
    assert "重复的目标 1 个" in html
    Target.objects.filter(plan=plan, restates__isnull=False).update(review="rejected")
    assert repeats(plan) == ()
