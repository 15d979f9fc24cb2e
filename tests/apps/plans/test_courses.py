"""Whether a target's figure adds up from 1 January or stands at a height, by how bureaus name stocks and flows."""

from __future__ import annotations

import pytest

from keshu.apps.plans.models import Target
from keshu.apps.plans.queries.courses import Course, course_of

STOCKS = (
    # what is there: its name says 总数, 保有量 and the like
    ("有效期内高新技术企业总数", "cumulative", "家"),
    ("高新技术企业有效期内总量", "cumulative", "家"),
    ("国家高新技术企业保有量", "cumulative", "家"),
    ("高企存量", "cumulative", "家"),
    ("高新技术企业有效数", "level", "家"),
    ("市级重点实验室总数", "cumulative", "家"),
    ("在孵企业总量", "cumulative", "家"),
    ("科技型中小企业保有量", "cumulative", "家"),
    ("有效发明专利拥有量", "level", "件"),
    ("孵化载体总面积", "cumulative", "万平方米"),
    ("科技服务机构总数", "cumulative", "家"),
    ("技术合同登记机构总数", "cumulative", "家"),
    # 累计 of what lasts: since it was founded
    ("累计建成中试平台", "cumulative", "家"),
    ("备案中试基地", "cumulative", "家"),
    ("新品种累计育成数", "cumulative", "个"),
    ("省科技型中小企业新增累计数", "cumulative", "家"),
    ("科创飞地引进孵化项目累计数", "cumulative", "个"),
    # heights without such a word
    ("有效高新技术企业", "level", "家"),
    ("在孵企业", "level", "家"),
    ("培育库在库企业", "level", "家"),
    ("三级培育库入库企业数", "level", "家"),
    ("登记在册的技术经理人", "level", "名"),
    ("持证技术经纪人", "level", "人"),
    ("有研发活动的规上企业", "level", "家"),
    ("技术先进型服务企业", "level", "家"),
    ("星创天地", "level", "家"),
    ("外国人来华工作许可办理时限", "level", "个工作日"),
    # money that is a balance
    ("科技贷款余额", "level", "亿元"),
    ("市级天使基金总规模", "cumulative", "亿元"),
    ("风险补偿资金池", "level", "万元"),
)
FLOWS = (
    # the measure says so
    ("高新技术企业净增", "increase", "家"),
    ("省级以上创新平台", "increase", "个"),
    ("产学研合作协议签订数", "count", "项"),
    ("高新技术企业认定数", "count", "家"),
    ("科技领军企业培育数", "count", "家"),
    # registered anew every year, whatever the measure
    ("国家科技型中小企业评价入库", "level", "家"),
    ("国家科技型中小企业信息库入库企业", "level", "家"),
    ("科技型中小企业评价入库", "cumulative", "家"),
    # a year's sum told as a total
    ("科技型中小企业新增", "cumulative", "家"),
    ("高新技术企业申报总数", "cumulative", "家"),
    ("通过认定总数", "cumulative", "家"),
    ("累计走访企业", "cumulative", "家"),
    ("科技创新券服务企业", "cumulative", "家次"),
    ("支持在孵企业", "cumulative", "家"),
    ("科普活动", "cumulative", "场"),
    # deeds without a verb in front
    ("科技信贷惠及企业数", "level", "家"),
    ("大型仪器开放共享时长", "level", "小时"),
    ("省级重点实验室培育", "level", "家"),
    ("海外人才引进", "level", "人"),
    # a year's turnover in money
    ("技术合同成交额", "level", "亿元"),
    ("技术交易总额", "cumulative", "亿元"),
    ("研发投入总量", "cumulative", "亿元"),
    ("高新技术产业规模", "level", "亿元"),
)


def course(indicator: str, measure: str, unit: str, period: str = "2026", per: str = "", op: str = ">=") -> Course:
    return course_of(Target(indicator=indicator, measure=measure, unit=unit, period=period, per=per, op=op))


@pytest.mark.parametrize(("indicator", "measure", "unit"), STOCKS)
def test_what_is_there_stands(indicator: str, measure: str, unit: str) -> None:
    assert course(indicator, measure, unit) == Course.STANDS


@pytest.mark.parametrize(("indicator", "measure", "unit"), FLOWS)
def test_what_a_year_brings_accrues(indicator: str, measure: str, unit: str) -> None:
    assert course(indicator, measure, unit) == Course.ACCRUES


def test_a_sum_over_several_years_does_not_begin_anew_each_january() -> None:
    assert course("技术合同成交额", "cumulative", "亿元", "2026/2030") == Course.STANDS
    assert course("转化重大成果", "cumulative", "项", "2026/2028") == Course.STANDS
    assert course("单个平台年服务企业", "cumulative", "家次", "2026/2028") == Course.ACCRUES, "said of each year"
    assert course("技术合同成交额", "cumulative", "亿元", "2026-H1") == Course.ACCRUES


def test_rates_and_rankings_are_neither() -> None:
    assert course("高新技术企业总数", "growth_rate", "%") == Course.FLOATS
    assert course("高新技术企业总数全省位次", "rank", "位", op="rank<=") == Course.FLOATS
    assert course("研发投入占比", "share", "%") == Course.SHARE
    assert course("科技特派员行政村", "count", "", op="all") == Course.SHARE
    assert course("研发投入强度", "increase", "百分点") == Course.STANDS
    assert course("发明专利拥有量", "level", "件", per="万人") == Course.STANDS
