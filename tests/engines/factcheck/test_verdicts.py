"""Each verdict by hand: a small ledger, one sentence, and what must be said of its figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keshu.engines.factcheck import (
    Draft,
    Fact,
    FactKind,
    Family,
    Ledger,
    Organisation,
    Statement,
    Verdict,
    VerdictKind,
    check,
)
from keshu.kernel.period import Period
from keshu.kernel.span import Span


def fact(name: str, value: str, unit: str, period: str, kind: str = "achieved", **traits: object) -> Fact:
    given = {"organisation": "city", "family": Family.STOCK, "source": "台账第一页", "key": name, **traits}
    return Fact(
        id=f"{name}-{period}-{kind}-{given['organisation']}",
        names=(name,),
        period=Period.parse(period),
        kind=FactKind(kind),
        value=Decimal(value),
        unit=unit,
        **given,  # type: ignore[arg-type]
    )


TO_OCTOBER, TO_SEPTEMBER, LAST_YEAR = "2026-01/2026-10", "2026-01/2026-09", "2025-01/2025-10"
FACTS = (
    fact("技术合同成交额", "60.48", "亿元", TO_OCTOBER),
    fact("技术合同成交额", "54.5", "亿元", TO_SEPTEMBER),
    fact("技术合同成交额", "50.4", "亿元", LAST_YEAR),
    fact("技术合同成交额", "68", "亿元", "2026", "floor"),
    fact("技术合同成交额", "70", "亿元", "2026", "stretch"),
    fact("技术合同成交额", "65", "亿元", "2026", "floor", replaced_on=date(2026, 6, 1)),
    fact("研发投入强度", "2.64", "%", TO_OCTOBER, family=Family.SHARE),
    fact("发放科技创新券", "549", "万元", TO_OCTOBER),
    fact("选派科技特派员", "28", "名", TO_OCTOBER, organisation="lake", family=Family.FLOW),
    fact("选派科技特派员", "43", "名", TO_OCTOBER, organisation="river", family=Family.FLOW),
    fact("省级孵化器", "5", "家", TO_OCTOBER),
    fact("市级孵化器", "8", "家", TO_OCTOBER),
)
LEDGER = Ledger(
    FACTS,
    (
        Organisation("city", "云澜市", ("市科技局",)),
        Organisation("lake", "云湖区", ("云湖区科学技术局",)),
        Organisation("river", "澜江区"),
    ),
    "city",
)


def checked(text: str) -> list[Verdict]:
    """The engine by itself, without a reader: it takes up the figures beside names of the ledger."""
    return list(check(Draft(text, (), Period.parse(TO_OCTOBER)), LEDGER).verdicts)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("1—10月，技术合同成交额60.48亿元。", VerdictKind.AGREES, "台账第一页"),
        ("1—10月，技术合同成交额604800万元。", VerdictKind.AGREES, "60.48亿元"),
        ("1—10月，技术合同成交额60.5亿元。", VerdictKind.ROUNDED, "60.48亿元"),
        ("1—10月，技术合同成交额超60亿元。", VerdictKind.ROUNDED, "60.48亿元"),
        ("1—10月，技术合同成交额61.5亿元。", VerdictKind.DIFFERS, "多1.02亿元"),
        ("1—10月，技术合同成交额60.48万元。", VerdictKind.UNIT_SLIP, "60.48亿元"),
        ("截至10月底，研发投入强度达到2.64个百分点。", VerdictKind.UNIT_SLIP, "2.64%"),
        ("今年以来，发放科技创新券549亿元。", VerdictKind.UNIT_SLIP, "549万元"),
        ("1—10月，技术合同成交额50.4亿元。", VerdictKind.WRONG_PERIOD, "2025年1—10月"),
        ("前三季度，技术合同成交额60.48亿元。", VerdictKind.WRONG_PERIOD, "应为54.5亿元"),
        ("1—10月，技术合同成交额54.5亿元。", VerdictKind.STALE, "2026年1—9月"),
        ("今年技术合同成交额目标65亿元。", VerdictKind.STALE, "6月1日起已改"),
        ("今年技术合同成交额确保完成70亿元。", VerdictKind.WRONG_TIER, "力争目标70亿元"),
        ("今年技术合同成交额力争达到68亿元。", VerdictKind.WRONG_TIER, "应为70亿元"),
        ("1—10月，技术合同成交额已达68亿元。", VerdictKind.WRONG_TIER, "把目标写成了完成数"),
        ("截至10月底，云湖区选派科技特派员43名。", VerdictKind.WRONG_ORGANISATION, "澜江区的数"),
        ("截至10月底，孵化器12家。", VerdictKind.UNCLEAR, "“市级孵化器”"),
        ("截至10月底，孵化器8家。", VerdictKind.AGREES, "“市级孵化器”"),
        ("截至10月底，省级孵化器8家。", VerdictKind.DIFFERS, "“省级孵化器”"),
        ("7月，技术合同成交额33亿元。", VerdictKind.NOT_IN_LEDGER, "2026年7月"),
        ("今年技术合同成交额确保完成68亿元。", VerdictKind.AGREES, "目标68亿元"),
        ("1—10月，技术合同成交额同比增长20%。", VerdictKind.AGREES, "50.4亿元"),
        ("1—10月，技术合同成交额同比增长25%。", VerdictKind.DIFFERS, "多5个百分点"),
        ("1—10月，技术合同成交额完成年度目标的88.9%。", VerdictKind.ROUNDED, "68亿元"),
        ("1—10月，技术合同成交额较上月增加5.98亿元。", VerdictKind.AGREES, "54.5亿元"),
    ],
)
def test_one_figure(text: str, kind: VerdictKind, words: str) -> None:
    verdicts = checked(text)
    assert [verdict.kind for verdict in verdicts] == [kind], [verdict.sentence for verdict in verdicts]
    assert words in verdicts[0].sentence
    assert verdicts[0].sentence.endswith("。")


def test_the_difference_is_told_in_the_draft_s_unit() -> None:
    assert checked("1—10月，技术合同成交额615000万元。")[0].difference == Decimal("10200")


def test_counties_share_figures_out_in_order() -> None:
    swapped = checked("选派科技特派员方面，云湖区、澜江区分别为43名和28名。")
    assert [verdict.kind for verdict in swapped] == [VerdictKind.WRONG_ORGANISATION] * 2
    right = checked("选派科技特派员方面，云湖区、澜江区分别为28名和43名。")
    assert [verdict.kind for verdict in right] == [VerdictKind.AGREES] * 2


def test_a_list_under_a_line_takes_its_name_from_the_line() -> None:
    verdicts = checked("各县区选派科技特派员情况：\n云湖区：28名\n澜江区：34名\n")
    assert [verdict.kind for verdict in verdicts] == [VerdictKind.AGREES, VerdictKind.DIFFERS]


def test_a_figure_that_the_ledger_does_not_know_is_left_alone_unless_a_reader_found_it() -> None:
    assert checked("全年走访企业360家，组织活动12场。") == []


def stated(index: int, text: str, printed: str, name: str, **traits: object) -> Statement:
    start = text.index(printed)
    span = Span(start, start + len(printed))
    return Statement(index, name, span, span, **traits)  # type: ignore[arg-type]


def test_the_same_figure_stated_twice_differently_is_told() -> None:
    text = "一、全年走访企业360家。\n二、全年走访企业390家。"
    numbers = [("360家", "360"), ("390家", "390")]
    said = tuple(
        stated(place, text, printed, "走访企业", value=Decimal(value), unit="家")
        for place, (printed, value) in enumerate(numbers)
    )
    verdicts = check(Draft(text, said), LEDGER).verdicts
    assert [verdict.kind for verdict in verdicts] == [VerdictKind.INCONSISTENT] * 2
    assert verdicts[1].others == (0,)
    assert "第1段的360家" in verdicts[1].sentence


def test_a_masked_number_is_left_alone() -> None:
    text = "1—10月，技术合同成交额××亿元。"
    said = stated(0, text, "××亿元", "技术合同成交额", value=None, unit="亿元", is_masked=True)
    assert [verdict.kind for verdict in check(Draft(text, (said,)), LEDGER).verdicts] == [VerdictKind.MASKED]


def test_what_is_not_in_the_ledger_names_the_nearest() -> None:
    text = "1—10月，技术合同登记3600项。"
    said = stated(0, text, "3600项", "技术合同登记", value=Decimal(3600), unit="项")
    verdict = check(Draft(text, (said,)), LEDGER).verdicts[0]
    assert verdict.kind is VerdictKind.NOT_IN_LEDGER
    assert "技术合同登记" in verdict.sentence
