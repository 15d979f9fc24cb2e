"""The sections about organisations: reporting discipline with praise and naming, counties and parks, supervision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from keshu.apps.briefings.services.composing.figures import NOTHING, supervised
from keshu.apps.briefings.services.composing.passages import Chart, Grid, Passage
from keshu.apps.briefings.services.composing.sources import (
    SourceBook,
    cell,
    if_older,
    listed,
    ranked,
    rate_words,
    text,
)
from keshu.apps.plans.services.fact_rows import RATES, CountyShare, OfficeFact, PeriodFacts, TargetFact

COUNTIES = ("county", "park")


def offices(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """各单位工作情况: a ranking by what was reported on time, praise above a rate, naming from so many late ones on."""
    places = ranked(facts.offices)
    passages: list[Passage] = []
    best = [
        each.name
        for _, each in places
        if each.rate is not None and each.rate >= settings["praise_from"] and not each.missing
    ]
    if best and settings["praises"]:
        reached = "" if settings["praise_from"] == 100 else "达到"
        above = "" if settings["praise_from"] == 100 else "以上"
        names = listed(best, most=int(settings["most_named"]))
        passages.append(text(f"{names}按时率{reached}{settings['praise_from']}%{above}，予以表扬。"))
    slow = [each for _, each in places if each.late + each.missing >= settings["named_from"]]
    slow.sort(key=lambda each: (-each.missing, -each.late))
    if slow and settings["names_late"]:
        named = _whole_places(slow, most=int(settings["most_named"]))
        told = "；".join(_lateness(each) for each in named)
        is_cut = len(slow) > len(named)
        opening = f"{len(slow)}个单位报送不够及时，予以通报，其中" if is_cut else "以下单位报送不够及时，予以通报："
        passages.append(text(f"{opening}{told}。"))
    if places:
        passages.append(_ranking(places))
    return tuple(passages)


def _ranking(places: Sequence[tuple[int, OfficeFact]]) -> Grid:
    rows = [
        (
            cell(str(place)), cell(each.name), cell(str(each.asked)), cell(str(each.on_time)), cell(str(each.late)),
            cell(str(each.missing)), cell(rate_words(each.rate)), cell(str(each.led) if each.led else NOTHING),
            cell(str(each.done) if each.led else NOTHING), cell(str(each.behind) if each.led else NOTHING),
        )
        for place, each in places
    ]  # fmt: skip
    header = ("位次", "单位", "应报", "按时", "迟报", "未报", "按时率", "牵头", "已完成", "滞后")
    return Grid(
        "调度报送情况表", header, tuple(rows), (1.2, 3.6, 1.2, 1.2, 1.2, 1.2, 1.7, 1.2, 1.6, 1.2),
        numbers=(2, 3, 4, 5, 6, 7, 8, 9), unit="项",
        note="按时率相同的，未报少的在前。牵头、已完成、滞后是牵头目标和任务的项数。",
    )  # fmt: skip


def _whole_places(slow: Sequence[OfficeFact], *, most: int) -> Sequence[OfficeFact]:
    """So many of them at most; those who are equal at the border are all named, or none where they are many."""
    if len(slow) <= most:
        return slow
    border = (slow[most - 1].missing, slow[most - 1].late)
    equal = [place for place, each in enumerate(slow) if (each.missing, each.late) == border]
    is_few = equal[-1] < most + most // 2
    return slow[: equal[-1] + 1] if is_few or not equal[0] else slow[: equal[0]]


def _lateness(office: OfficeFact) -> str:
    parts = (f"迟报{office.late}项" if office.late else "", f"未报{office.missing}项" if office.missing else "")
    return f"{office.name}{'、'.join(filter(None, parts))}"


def counties(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """县区、园区情况: of each target that several counties report, who stands where, with a chart of the first."""
    shared = [each for each in facts.targets if each.counties]
    if not shared:
        return ()
    names = list(dict.fromkeys(share.name for target in shared for share in target.counties))
    shown = shared[: int(settings["most"])]
    rows = []
    for name in names:
        line = [cell(name)]
        for target in shown:
            share = next((each for each in target.counties if each.name == name), None)
            told = f"{target.source.partition('，')[0]}，{name}填报、审签"
            line.append(
                cell(NOTHING)
                if share is None
                else cell(
                    book.of_check_in(f"c{share.check_in_id}", share.value, told=told, check_in_id=share.check_in_id)
                )
            )
        rows.append(tuple(line))
    header = ("县区、园区", *(f"{each.indicator}（{each.unit}）" if each.unit else each.indicator for each in shown))
    widths = (2.6, *(2.4 for _ in shown))
    passages: list[Passage] = [
        Grid(
            "县区、园区目标完成情况表", header, tuple(rows), widths, numbers=tuple(range(1, len(shown) + 1)),
            note=_county_note(shown, facts),
        )
    ]  # fmt: skip
    first = sorted(shown[0].counties, key=lambda each: -float(each.value))
    passages.append(
        Chart(
            "ranking",
            f"{shown[0].indicator}，{_leaders(first)}",
            tuple(each.name for each in first),
            tuple(float(each.value) for each in first),
            shown[0].unit,
        )
    )
    return tuple(passages)


def _county_note(shown: Sequence[TargetFact], facts: PeriodFacts) -> str:
    """That the figures do not add up to the city's, where they do not; and which of them are older."""
    parts = [
        f"“{each.indicator}”为{older}数" for each in shown if (older := if_older(each, facts))
    ]  # fmt: skip
    if not all(_adds_up(each) for each in shown):
        parts.append("表中是各县区、园区各自填报、审签的数，与牵头单位填报的全市数分别统计，不能相加得出全市数")
    return f"{'；'.join(parts)}。" if parts else ""


def _adds_up(target: TargetFact) -> bool:
    """Whether the city's figure is the sum of those told."""
    if target.unit in RATES or target.per or not target.value:
        return False
    return sum(Decimal(each.value) for each in target.counties) == Decimal(target.value)


def _leaders(shares: Sequence[CountyShare]) -> str:
    """Who is first; several with the same figure are first together."""
    count = sum(Decimal(each.value) == Decimal(shares[0].value) for each in shares)
    return f"{shares[0].name}居第1位" if count == 1 else f"{shares[0].name}等{count}个单位并列第1位"


def supervision(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """督办情况: how the notices of the period were answered, office by office."""
    sentence = supervised(facts, book)
    if sentence is None:
        return ()
    held = [each for each in facts.offices if each.notices]
    rows = tuple(
        (cell(each.name), cell(str(each.notices)), cell(str(each.notices_closed)), cell(str(each.notices_late)))
        for each in held
    )
    header, widths = ("单位", "承办", "办结", "逾期"), (4.0, 1.6, 1.6, 1.6)
    return (sentence, *([Grid("督办单办理情况表", header, rows, widths, numbers=(1, 2, 3), unit="件")] if rows else []))
