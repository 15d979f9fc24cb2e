"""What is ranked, in words an officer would use."""

import pytest

from keshu.engines import plandoc

GOALS = "2026年云岭市科技工作要点\n一、主要目标\n1.{sentence}\n"


@pytest.mark.parametrize(
    ("sentence", "indicator"),
    [
        ("科技进步综合评价位次保持全省前5位。", "科技进步综合评价位次"),
        ("全市科技创新综合评价进入全省前5位。", "科技创新综合评价全省位次"),
    ],
)
def test_the_verb_is_no_part_of_the_ranked_thing(sentence: str, indicator: str) -> None:
    (claim,) = plandoc.read_text(GOALS.format(sentence=sentence)).claims
    assert (claim.indicator, claim.op.value, claim.value) == (indicator, "rank<=", 5)


def test_each_rank_column_ranks_the_one_in_front() -> None:
    text = (
        "某市2024年1—8月科技工作通报\n一、排名情况\n"
        "| 县区 | 研发费用增速(%) | 位次 | 合同完成率(%) | 位次 |\n|---|---|---|---|---|\n"
        "| 东城区 | 11.8 | 1 | 79.4 | 2 |\n| 西江县 | 9.3 | 2 | 84.2 | 1 |\n"
    )
    ranks = [claim.indicator for claim in plandoc.read_text(text).claims if claim.unit == "位"]
    assert ranks == ["东城区研发费用增速位次", "东城区合同完成率位次", "西江县研发费用增速位次", "西江县合同完成率位次"]


def test_an_estimate_of_the_base_year_is_an_actual_figure() -> None:
    text = (
        "某市“十五五”科技规划(2026—2030年)\n一、目标\n"
        "| 指标 | 单位 | 2025年预计 | 2030年目标 | 年均〔累计〕 |\n|---|---|---|---|---|\n"
        "| 高企数 | 家 | 231 | ≥450 | 14.3% |\n"
    )
    found = [(claim.value, claim.tense) for claim in plandoc.read_text(text).claims]
    assert found == [(231, "actual"), (450, "target"), (14.3, "target")]
