"""Phrases, folded names and sentences: pure functions, checked by hand."""

from __future__ import annotations

import doctest
from decimal import Decimal
from typing import Any

import pytest

from keshu.apps.plans.queries import indicator_names, sentences, wording
from keshu.apps.plans.queries.indicator_names import folded_name, indicator_key
from keshu.apps.plans.queries.wording import requirement

pytestmark = pytest.mark.once


@pytest.mark.parametrize("module", [indicator_names, sentences, wording])
def test_examples_hold(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GDP", "地区生产总值"),
        ("高企", "高新技术企业"),
        ("国家高新技术企业总数", "高新技术企业数"),
        ("R＆D经费占GDP比重", "全社会研发投入占地区生产总值的比重"),
        ("研发经费投入强度", "研发投入强度"),
        ("新增科技型中小企业", "科技型中小企业数量"),
    ],
)
def test_two_names_of_one_indicator(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("发明专利授权量", "发明专利申请量"), ("高新技术企业", "高新技术产业产值"), ("众创空间", "孵化器")],
)
def test_different_indicators_stay_apart(one: str, other: str) -> None:
    assert folded_name(one) != folded_name(other)


def test_a_stock_is_not_compared_with_a_flow() -> None:
    assert indicator_key("高企", measure="level") != indicator_key("高企", measure="increase")
    assert indicator_key("对接会", measure="count") == indicator_key("对接会", measure="increase")


@pytest.mark.parametrize(
    ("reading", "phrase"),
    [
        ({"op": ">=", "value": Decimal("320"), "unit": "家"}, "不少于320家"),
        ({"op": ">", "value": Decimal("45"), "unit": "亿元"}, "突破45亿元"),
        ({"op": "between", "value": 6, "value_high": 8, "unit": "个", "measure": "increase"}, "新增6—8个"),
        ({"op": ">=", "value": 15, "unit": "%", "measure": "growth_rate"}, "增长不少于15%"),
        ({"op": "<=", "value": Decimal("-3.2"), "unit": "%", "measure": "growth_rate"}, "下降不超过3.2%"),
        ({"op": ">=", "value": Decimal("0.2"), "unit": "个百分点", "measure": "increase"}, "提高不少于0.2个百分点"),
        ({"op": "=", "value": 7, "unit": "位", "measure": "rank"}, "第7位"),
        ({"op": "breakthrough", "value": None}, "实现零的突破"),
        ({"op": "all", "value": 100, "unit": "%"}, "全覆盖"),
        ({"op": ">=", "value": None, "unit": "家", "masked": True}, "（原文数字隐去）家"),
        ({"op": ">=", "value": None, "benchmark": "全省平均水平"}, "达到全省平均水平"),
        ({"op": "~", "value": 30, "unit": "%", "measure": "share"}, "30%左右"),
        ({"op": ">=", "value": 12, "unit": "件", "per": "万人"}, "不少于12件/万人"),
        ({"op": ">=", "value": Decimal("7.8"), "unit": "件", "per": "万人"}, "不少于7.8件/万人"),
        ({"op": ">=", "value": Decimal("33.33"), "unit": "%", "measure": "share"}, "不少于三分之一（33.33%）"),
        ({"op": ">=", "value": Decimal("66.67"), "unit": "%", "measure": "share"}, "不少于三分之二（66.67%）"),
        ({"op": ">=", "value": Decimal("66.7"), "unit": "%", "measure": "share"}, "不少于66.7%"),
        ({"op": ">=", "value": Decimal("1.2"), "unit": "百分点", "measure": "increase"}, "提高不少于1.2个百分点"),
    ],
)
def test_requirements_in_words(reading: dict[str, Any], phrase: str) -> None:
    assert requirement(**reading) == phrase
