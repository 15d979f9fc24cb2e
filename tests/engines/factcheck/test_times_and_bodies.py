"""Of what months and whose a figure is where its own sentence does not say so, and what is said of the slips that follow."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.factcheck.test_verdicts import FACTS, LEDGER, TO_OCTOBER, TO_SEPTEMBER, fact, stated

from keshu.engines.factcheck import Draft, Family, Ledger, Tense, Verdict, VerdictKind, check
from keshu.kernel.period import Period

MORE = (
    fact("培养技术经纪人", "49", "名", TO_SEPTEMBER, family=Family.FLOW),
    fact("培养技术经纪人", "55", "名", TO_OCTOBER, family=Family.FLOW),
    fact("培养技术经纪人", "60", "名", "2026", "floor", family=Family.FLOW),
    fact("兑现研发后补助资金", "2712", "万元", TO_SEPTEMBER),
    fact("兑现研发后补助资金", "3013.4", "万元", TO_OCTOBER),
    fact("每万人口高价值发明专利拥有量", "8.43", "件", "2025-01/2025-10"),
    fact("每万人口高价值发明专利拥有量", "9", "件", TO_OCTOBER),
)
WHOLE = Ledger((*FACTS, *MORE), LEDGER.organisations, LEDGER.home)


def checked(text: str, *, as_of: str = TO_OCTOBER, writer: str = "") -> list[Verdict]:
    return list(check(Draft(text, (), Period.parse(as_of), writer), WHOLE).verdicts)


def kinds(verdicts: list[Verdict]) -> list[str]:
    return [each.kind.value for each in verdicts]


@pytest.mark.parametrize("opening", ["截至10月底，", "截止10月末，全市", "1—10月，", "前10个月，全市"])
def test_what_a_reader_took_for_a_target_is_done_where_the_sentence_says_up_to_when(opening: str) -> None:
    text = f"{opening}培养技术经纪人60名。"
    said = stated(0, text, "60名", "培养技术经纪人", value=Decimal(60), unit="名", tense=Tense.TARGET)
    verdict = check(Draft(text, (said,), Period.parse(TO_OCTOBER)), WHOLE).verdicts[0]
    assert verdict.kind is VerdictKind.WRONG_TIER
    assert verdict.expected is not None
    assert verdict.expected.value == 55
    assert "此处应为55名" in verdict.sentence


@pytest.mark.parametrize(
    "words", ["截至10月底，年度任务60名", "截至10月底，力争培养技术经纪人60名", "到12月底，培养技术经纪人60名"]
)
def test_a_target_said_as_one_stays_one(words: str) -> None:
    text = f"{words}。"
    said = stated(0, text, "60名", "培养技术经纪人", value=Decimal(60), unit="名", tense=Tense.TARGET)
    assert check(Draft(text, (said,), Period.parse("2026")), WHOLE).verdicts[0].kind is VerdictKind.AGREES


@pytest.mark.parametrize(
    "text",
    [
        "2026年1—9月科技工作情况\n今年以来，培养技术经纪人49名。",
        "2026年科技工作情况（1—9月）\n培养技术经纪人49名。",
        "关于1—9月科技工作情况的通报\n全市培养技术经纪人49名。",
        "前三季度科技工作情况\n今年，培养技术经纪人49名。",
        "科技工作情况\n1—9月，全市科技工作平稳。\n培养技术经纪人49名。",
        "科技工作情况\n今年前三季度，全市科技工作平稳。\n今年，培养技术经纪人49名。",
    ],
)
def test_title_and_first_sentence_say_up_to_when_a_draft_tells(text: str) -> None:
    assert kinds(checked(text)) == ["agrees"]
    later = checked(text.replace("49名", "55名"))
    assert kinds(later) == ["wrong_period"]
    assert "如说的是2026年1—9月，应为49名（台账第一页）；如说的是1—10月，请写明" in later[0].sentence


@pytest.mark.parametrize("opening", ["", "今年以来，", "今年，", "目前，", "2026年，"])
@given(month=st.sampled_from([TO_SEPTEMBER, TO_OCTOBER]))
def test_the_period_chosen_by_hand_holds_where_the_draft_names_no_month(opening: str, month: str) -> None:
    right = {TO_SEPTEMBER: "49", TO_OCTOBER: "55"}
    for each, number in right.items():
        is_meant = each == month
        verdicts = checked(f"{opening}全市培养技术经纪人{number}名。", as_of=month)
        assert [verdict.kind.is_sound for verdict in verdicts] == [is_meant], verdicts[0].sentence


def test_a_month_in_the_draft_goes_before_the_one_chosen() -> None:
    assert kinds(checked("截至10月底，培养技术经纪人55名。", as_of=TO_SEPTEMBER)) == ["agrees"]


@pytest.mark.parametrize(
    ("text", "writer", "expected"),
    [
        ("我县选派科技特派员43名。", "river", ["agrees"]),
        ("选派科技特派员43名。", "river", ["agrees"]),
        ("我区选派科技特派员28名，发放科技创新券549万元。", "lake", ["agrees", "not_in_ledger"]),
        ("我市发放科技创新券549万元。", "lake", ["agrees"]),
        ("云澜市科技工作情况\n发放科技创新券549万元。", "lake", ["agrees"]),
        ("我县发放科技创新券549万元。", "", ["not_in_ledger"]),
        ("澜江区科技工作情况\n发放科技创新券549万元，选派科技特派员43名。", "", ["not_in_ledger", "agrees"]),
        ("工作情况\n选派科技特派员43名。\n澜江区\n2026年11月5日", "", ["agrees"]),
    ],
)
def test_a_county_s_paper_speaks_of_the_county(text: str, writer: str, expected: list[str]) -> None:
    assert kinds(checked(text, writer=writer)) == expected


def test_a_county_without_a_figure_is_never_told_the_city_s() -> None:
    verdict = checked("我县技术合同成交额60.48亿元。", writer="river")[0]
    assert verdict.kind is VerdictKind.NOT_IN_LEDGER
    assert verdict.expected is None
    assert verdict.sentence == "台账中没有澜江区的“技术合同成交额”。"


def test_a_unit_slip_is_told_of_another_month_too() -> None:
    verdict = checked("今年以来，兑现研发后补助资金2712亿元。")[0]
    assert verdict.kind is VerdictKind.UNIT_SLIP
    assert "2712万元" in verdict.sentence
    assert "此处应为3013.4万元" in verdict.sentence


@pytest.mark.parametrize(("printed", "kind"), [("6.8", "rounded"), ("6.76", "rounded"), ("8.6", "differs")])
def test_a_rise_in_percent_belongs_to_what_it_follows(printed: str, kind: str) -> None:
    verdicts = checked(f"截至10月底，每万人口高价值发明专利拥有量9件，较上年提高{printed}%。")
    assert kinds(verdicts) == ["agrees", kind]
    assert verdicts[1].fact is not None
    assert verdicts[1].fact.name == "每万人口高价值发明专利拥有量"


def test_a_rise_that_nothing_is_known_of_is_no_earlier_month_s_figure() -> None:
    assert kinds(checked("1—10月，培养技术经纪人55名，较上年同期增加49名。")) in (
        ["agrees"],
        ["agrees", "not_in_ledger"],
    )


@given(printed=st.decimals(min_value=1, max_value=200, places=3))
def test_reckoned_figures_are_told_with_two_digits_at_most(printed: Decimal) -> None:
    for places in (0, 1, 2):
        said = round(printed, places)
        verdict = checked(f"1—10月，技术合同成交额完成年度目标的{said}%。")[0]
        assert verdict.fact is not None
        assert verdict.fact.value is not None
        assert -int(verdict.fact.value.as_tuple().exponent) <= max(places, 2 if verdict.fact.value == said else places)
        if verdict.kind is VerdictKind.DIFFERS:
            assert verdict.fact.value == round(Decimal("60.48") / 68 * 100, places)


def test_a_month_that_the_ledger_lacks_is_said_to_be_missing() -> None:
    ledger = replace(WHOLE, facts=tuple(each for each in WHOLE.facts if each is not MORE[1]))
    draft = Draft("1—10月，培养技术经纪人49名。", (), Period.parse(TO_OCTOBER))
    verdict = check(draft, ledger).verdicts[0]
    assert verdict.kind is VerdictKind.WRONG_PERIOD
    assert verdict.sentence.endswith("；2026年1—10月的数台账中没有；如说的是1—9月，请写明。")
