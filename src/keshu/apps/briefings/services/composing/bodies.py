"""The sections about organisations: reporting discipline with praise and naming, counties and parks, supervision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keshu.apps.briefings.services.composing.figures import NOTHING
from keshu.apps.briefings.services.composing.passages import Chart, Grid, Passage
from keshu.apps.briefings.services.composing.sources import SourceBook, cell, listed, ranked, text
from keshu.apps.plans.services.fact_rows import OfficeFact, PeriodFacts

COUNTIES = ("county", "park")


def offices(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """各单位工作情况: a ranking by what was reported on time, praise above a rate, naming from so many late ones on."""
    places = ranked(facts.offices)
    if not places:
        return (text("本期没有应报送的调度。"),)
    passages: list[Passage] = []
    best = [
        each.name
        for _, each in places
        if each.rate is not None and each.rate >= settings["praise_from"] and not each.missing
    ]
    if best and settings["praises"]:
        passages.append(
            text(
                f"{listed(best, most=int(settings['most_named']))}按时报送率达到{settings['praise_from']}%以上，予以表扬。"
            )
        )
    slow = [each for _, each in places if each.late + each.missing >= settings["named_from"]]
    if slow and settings["names_late"]:
        told = "；".join(_lateness(each) for each in slow[: int(settings["most_named"])])
        passages.append(text(f"以下单位报送不够及时，予以通报：{told}。"))
    rows = [
        (
            cell(str(place)), cell(each.name), cell(str(each.asked)), cell(str(each.on_time)), cell(str(each.late)),
            cell(str(each.missing)), cell("" if each.rate is None else f"{each.rate:g}%"),
            cell(f"{each.done}/{each.led}" if each.led else NOTHING), cell(str(each.behind) if each.led else NOTHING),
        )
        for place, each in places
    ]  # fmt: skip
    header = ("位次", "单位", "应报", "按时", "迟报", "未报", "按时率", "牵头已完成/总数", "滞后")
    passages.append(
        Grid(
            "各单位调度报送情况", header, tuple(rows), (1.2, 3.4, 1.3, 1.3, 1.3, 1.3, 1.6, 2.6, 1.3),
            numbers=(2, 3, 4, 5, 6, 8), unit="项",
        )
    )  # fmt: skip
    return tuple(passages)


def _lateness(office: OfficeFact) -> str:
    parts = (f"迟报{office.late}项" if office.late else "", f"未报{office.missing}项" if office.missing else "")
    return f"{office.name}{'、'.join(filter(None, parts))}"


def counties(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """县区、园区情况: of each target that several counties report, who stands where, with a chart of the first."""
    shared = [each for each in facts.targets if each.counties]
    if not shared:
        return (text("本期没有由县区、园区分别填报的目标数据。"),)
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
        Grid("县区、园区主要目标完成情况", header, tuple(rows), widths, numbers=tuple(range(1, len(shown) + 1)))
    ]
    first = sorted(shown[0].counties, key=lambda each: -float(each.value))
    passages.append(
        Chart(
            "ranking",
            f"{shown[0].indicator}：{first[0].name}居第1位",
            tuple(each.name for each in first),
            tuple(float(each.value) for each in first),
            shown[0].unit,
        )
    )
    return tuple(passages)


def supervision(facts: PeriodFacts, settings: Mapping[str, Any], book: SourceBook) -> tuple[Passage, ...]:
    """督办情况: how the notices of the period were answered, office by office."""
    held = [each for each in facts.offices if each.notices]
    if not held:
        return (text(f"{facts.period_words}没有督办事项。"),)
    issued = book.counted("notices", f"{facts.notices_issued}件", told="督办单台账", row="notices")
    told = f"，办结{facts.notices_closed}件，在办{facts.notices_open}件"
    late = f"，其中逾期{facts.notices_late}件" if facts.notices_late else ""
    rows = tuple(
        (cell(each.name), cell(str(each.notices)), cell(str(each.notices_closed)), cell(str(each.notices_late)))
        for each in held
    )
    return (
        text("新发督办单", issued, told, late, "。"),
        Grid(
            "督办单办理情况", ("单位", "承办", "办结", "逾期"), rows, (4.0, 1.6, 1.6, 1.6), numbers=(1, 2, 3), unit="件"
        ),
    )
