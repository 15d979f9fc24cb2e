"""Whole documents: tables, restatements, contradictions, doubts, spans in the untouched source."""

from __future__ import annotations

from keshu.engines.plandoc import read_text
from keshu.engines.plandoc.document import Measure, Op, Tense

PLAN = """2024年云澜市科技工作要点
一、主要目标
新增高新技术企业80家,技术合同成交额达到45亿元。
二、重点任务
(一)培育科技企业。全年新增高新技术企业70家。技术合同成交额达到45亿元。
(二)发展科技金融。争取到位资金1200万元。
"""
INDICATORS = """云澜市“十四五”科技创新规划
一、发展目标
表1 主要指标
| 序号 | 指标名称 | 单位 | 2020年实际 | 2025年目标 | 年均增速或累计 | 属性 |
|---|---|---|---|---|---|---|
| 1 | 研发经费投入强度 | % | 1.5 | 2.2左右 | [0.7] | 预期性 |
| 2 | 高新技术企业数 | 家 | 50 | ≥110 | 17.1% | 预期性 |
| 3 | 审批平均用时 | 个工作日 | 12 | ≤6 | — | 约束性 |
"""


def test_the_same_goal_twice_is_linked_and_a_different_one_reported() -> None:
    document = read_text(PLAN)
    claims = document.claims
    again = [claim for claim in claims if claim.value == 45]
    assert again[1].restates == again[0].index
    assert [set(c.claims) for c in document.contradictions] == [{c.index for c in claims if c.value in (80, 70)}]
    assert "80家" in document.contradictions[0].message
    assert "70家" in document.contradictions[0].message


def test_an_ambiguous_word_leaves_a_doubt_and_a_clear_clause_none() -> None:
    claims = {claim.value: claim for claim in read_text(PLAN).claims}
    assert "取得" in claims[1200].doubts[0]
    assert claims[80].doubts == ()


def test_quotes_are_the_words_of_the_source() -> None:
    document = read_text(PLAN)
    for claim in document.claims:
        assert document.quote(claim) == PLAN[claim.span.start : claim.span.end]
        assert str(int(claim.value or 0)) in claim.value_span.of(PLAN)


def test_a_row_of_an_indicator_table_gives_base_target_and_growth() -> None:
    claims = read_text(INDICATORS).claims
    got = [(c.indicator, c.op, c.value, c.unit, c.tense, str(c.period)) for c in claims]
    assert got[:3] == [
        ("研发经费投入强度", Op.EQUAL, 1.5, "%", Tense.ACTUAL, "2020"),
        ("研发经费投入强度", Op.ABOUT, 2.2, "%", Tense.TARGET, "2025"),
        ("研发经费投入强度累计提高", Op.AT_LEAST, 0.7, "百分点", Tense.TARGET, "2021/2025"),
    ]
    assert got[4] == ("高新技术企业数", Op.AT_LEAST, 110, "家", Tense.TARGET, "2025")
    assert got[5][0] == "高新技术企业数年均增速"
    assert claims[5].measure is Measure.GROWTH_RATE
    assert got[7][1:4] == (Op.AT_MOST, 6, "个工作日")
    assert len(got) == 8
