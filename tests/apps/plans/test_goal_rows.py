"""An indicator table with a 责任单位 column: each row answers to its own office, from the reading to the ledger."""

from __future__ import annotations

import pytest

from keshu.apps.plans.services.goal_rows import with_goal_rows
from keshu.engines import plandoc

pytestmark = pytest.mark.once

PLAN = """2026年云澜市科技工作要点
一、主要目标
1.研发投入强度达到2.65%。
表1　2026年主要指标
| 指标 | 单位 | 2025年完成 | 2026年目标 | 牵头处室 | 配合单位 |
| 全社会研发投入强度 | % | 2.52 | 2.65 | 规划处 | 各县区 |
| 高新技术企业总数 | 家 | 450 | ≥520 | 高新处、市税务局 |  |
| 技术合同成交额 | 亿元 | 60.2 | 68 |  |  |
二、重点任务
(一)建设平台。新建市重点实验室3家。(平台处)
"""


@pytest.fixture
def document() -> plandoc.PlanDocument:
    return plandoc.read_text(PLAN)


def _owners(claim: plandoc.Claim) -> list[tuple[str, str]]:
    return [(owner.name, owner.role.value) for owner in claim.owners]


def test_a_figure_has_the_owners_of_its_row(document: plandoc.PlanDocument) -> None:
    said = {(c.indicator, c.tense.value): _owners(c) for c in document.claims}
    assert said["全社会研发投入强度", "target"] == [("规划处", "lead"), ("各县区", "support")]
    assert said["高新技术企业总数", "actual"] == [("高新处", "lead"), ("市税务局", "lead")]
    assert said["技术合同成交额", "target"] == [("高新处", "lead"), ("市税务局", "lead")]  # a cell merged downwards
    assert said["研发投入强度", "target"] == []


def test_owners_are_quoted_from_the_document(document: plandoc.PlanDocument) -> None:
    names = [(owner.name, owner.span.of(document.text)) for claim in document.claims for owner in claim.owners]
    assert names
    assert all(name == printed for name, printed in names)


def test_a_row_becomes_a_goal_entry_in_its_place(document: plandoc.PlanDocument) -> None:
    filed = with_goal_rows(document)
    headings = [(node.label, node.heading, node.kind.value) for node in filed.nodes]
    rows = [heading for _, heading, kind in headings if kind == "goal" and heading != ""]
    assert [h for h in rows if h in ("全社会研发投入强度", "高新技术企业总数", "技术合同成交额")] == [
        "全社会研发投入强度",
        "高新技术企业总数",
        "技术合同成交额",
    ]
    by_heading = {node.heading: node for node in filed.nodes}
    assert filed.nodes[by_heading["高新技术企业总数"].parent or 0].heading == "主要目标"
    assert [node.index for node in filed.nodes] == list(range(len(filed.nodes)))
    assert [node.span.start for node in filed.nodes] == sorted(node.span.start for node in filed.nodes)
    for claim in filed.claims:
        if claim.owners:
            assert claim.node is not None
            assert filed.nodes[claim.node].span.start <= claim.span.start < filed.nodes[claim.node].span.end
    laboratories = next(claim for claim in filed.claims if claim.value == 3)
    assert filed.nodes[laboratories.node or 0].owners[0].name == "平台处"


def test_a_document_without_such_columns_stays_as_it_is() -> None:
    plain = plandoc.read_text(PLAN.replace("牵头处室", "属性").replace("配合单位", "备注"))
    assert with_goal_rows(plain) is plain


@pytest.mark.parametrize("head", ["单位", "计量单位"])
def test_the_unit_of_a_figure_is_no_office(head: str) -> None:
    table = f"| 指标 | {head} | 2026年目标 |\n| 高新技术企业 | 家 | 520 |\n| 专利 | 件 | 90 |\n"
    document = plandoc.read_text(f"2026年某市科技工作要点\n一、主要目标\n{table}")
    assert [claim.owners for claim in document.claims] == [(), ()]
