"""What a figure means by where it stands: role, tense, period and tier are properties of a place, not of a document."""

from __future__ import annotations

import re
from typing import NamedTuple

from keshu.engines.plandoc.document import DocumentKind, Tense, Tier
from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.structure.dates import MASKED_YEAR, YEAR, part_of_year, year_span
from keshu.engines.plandoc.structure.metadata import Horizon
from keshu.engines.plandoc.structure.words import sense_of
from keshu.kernel.period import Period


class Regime(NamedTuple):
    """What a clause means at a place unless it says otherwise; see :class:`keshu.engines.plandoc.passage.Passage`."""

    role: Role
    tense: Tense
    period: Period | None
    year: int | None
    tier: Tier = Tier.BASE


_NEXT = re.compile(r"下一?(?:步|阶段)|今后|来年|明年|下年度?|下半年")
_PAST_PARAGRAPH = re.compile(
    r"(?:过去(?:的)?(?:一|五|几)年|一年来|五年来|去年(?![^,。]{0,6}的)|今年以来|上半年,|截至|截止|目前|近年来"
    r"|近期以来|回顾)|(?P<year>(?:19|20)\d\d)年,?(?:是[^。]{0,60})?[^。]{0,30}(?:取得|完成|实现了"
    r"|获批|达到了|荣获)"
)
_AHEAD_PARAGRAPH = re.compile(
    r"会议(?:强调|要求|明确|议定|决定|部署)[,:]|(?:下一?步|下一?阶段|新的一年|下半年|明年|来年|今后(?:一|五)个?时期)[,:我各全要]|(?:今年"
    r"|(?P<year>20\d\d)年),?(?:我们|全[省市县区]|我[局市县区])?[^。,]{0,16}(?:要|将|目标|力争"
    r"|重点做好|计划)"
)
_PAST_YEAR = re.compile(r"(?:截至|截止|到|至)?(?P<year>(?:19|20)\d\d)年(?:底|末|,|全[省市县区]|我[省市县区])")
_OUTLOOK = re.compile(r"(?:展望|到)(?P<year>20[3-5]\d)年")
_MILESTONE = re.compile(r"[—\-]{0,2}\s*(?P<year>20\d\d)年[,:]")
_DATED_OPENINGS = ("20", "展望", "到", "—", "-", " ")  # of the two patterns above
_YEAR_OPENINGS = ("1", "2", "截", "到", "至")  # of _PAST_YEAR
_DATED = re.compile("[0-9xX×*十半季]")
_GOALS_PARAGRAPH = re.compile(r"(?:[^。,:]{0,16})?目标(?:任务)?(?:是|为|如下)?:")
_STRETCH_LIST = re.compile(r"(?:力争|争取|努力)(?:实现|达到|完成|在)[^。]{0,24}(?:目标|指标)[^。]{0,12}[:。]?$")


def opening_regime(kind: DocumentKind, horizon: Horizon, *, oral: bool) -> Regime:
    """What holds before the first heading: plans and speeches look ahead, summaries look back."""
    if kind is DocumentKind.PLAN or oral:
        return Regime(Role.PREAMBLE, Tense.TARGET, horizon.plan, _last_year(horizon.plan))
    return Regime(Role.PREAMBLE, Tense.ACTUAL, horizon.past, _last_year(horizon.past))


def heading_regime(heading: str, above: Regime, *, horizon: Horizon, goal: bool) -> Regime:
    """What holds under `heading`, given the place above it."""
    if goal:
        return above._replace(role=Role.GOAL if above.role is not Role.RESULT else above.role)
    sense = sense_of(heading)
    regime = above if above.role is not Role.PREAMBLE else above._replace(role=_plain_role(above))
    if sense is not None:
        if sense.tense is not None and sense.tense is not above.tense:
            regime = _turned(regime, sense.tense, heading, horizon)
        role = sense.role if sense.role is not None else regime.role
        if regime.tense is Tense.ACTUAL and role in (Role.TASK, Role.GOAL, Role.SAFEGUARD) and sense.tense is None:
            role = Role.RESULT
        elif regime.role is Role.SAFEGUARD and role is Role.TASK and sense.tense is None:
            role = Role.SAFEGUARD
        regime = regime._replace(role=role) if role is not regime.role else regime
    return _with_printed_period(regime, heading, horizon)


def paragraph_regime(words: str, regime: Regime, *, horizon: Horizon, free: bool) -> Regime:
    """What holds in a paragraph that opens with `words`.

    `free` is set where no heading has settled the tense (preambles, speeches, answers): there the opening words may turn
    it. A year printed in front (展望2035年, ——2024年,) gives the period everywhere.
    """
    if free and regime.tense is Tense.TARGET and _PAST_PARAGRAPH.match(words):
        regime = _turned(regime, Tense.ACTUAL, words, horizon)._replace(role=Role.RESULT)
        regime = _dated(regime, _PAST_YEAR.match(words))
    elif free and regime.tense is Tense.TARGET and regime.role is Role.PREAMBLE and turns_back(words, horizon):
        regime = _dated(
            _turned(regime, Tense.ACTUAL, words, horizon)._replace(role=Role.RESULT), _PAST_YEAR.match(words)
        )
    elif free and regime.tense is Tense.ACTUAL and _AHEAD_PARAGRAPH.match(words):
        regime = _turned(regime, Tense.TARGET, words, horizon)._replace(role=Role.TASK)
    if "目标" in words and regime.role in (Role.PREAMBLE, Role.TASK) and _GOALS_PARAGRAPH.match(words):
        regime = regime._replace(role=Role.GOAL)
    if not words.startswith(_DATED_OPENINGS):
        return regime
    outlook = _OUTLOOK.match(words)
    if outlook is not None:
        return _dated(regime, outlook)
    milestone = _MILESTONE.match(words)
    if (
        milestone is not None
        and regime.period is not None
        and regime.period.contains(Period.year(int(milestone["year"])))
    ):
        return _dated(regime, milestone)
    return regime


def turned_ahead(words: str, regime: Regime, *, horizon: Horizon) -> Regime | None:
    """The regime behind a paragraph that opens with `words` and looks ahead, or None; a year must be the plan's own."""
    match = _AHEAD_PARAGRAPH.match(words)
    if match is None:
        return None
    named = match["year"] is not None or words.startswith("今年")
    if named and (horizon.plan is None or horizon.plan == horizon.past):
        return None
    if match["year"] is not None and horizon.plan is not None and int(match["year"]) != horizon.plan.last // 12:
        return None
    return _turned(regime, Tense.TARGET, words, horizon)._replace(role=Role.TASK)


def turns_back(sentence: str, horizon: Horizon) -> bool:
    """Whether a sentence of a plan's preamble tells of a year before the plan's (2022年,高企达到…)."""
    match = _PAST_YEAR.match(sentence) if sentence.startswith(_YEAR_OPENINGS) else None
    return match is not None and horizon.plan is not None and int(match["year"]) < horizon.plan.first // 12


def _dated(regime: Regime, match: re.Match[str] | None) -> Regime:
    if match is None:
        return regime
    year = int(match["year"])
    return regime._replace(period=Period.year(year), year=year)


def leads_stretch_list(words: str) -> bool:
    """`力争实现以下目标:` in front of a list makes every goal of it a stretch."""
    return ("目标" in words or "指标" in words) and bool(_STRETCH_LIST.search(words))


def _plain_role(regime: Regime) -> Role:
    return Role.TASK if regime.tense is Tense.TARGET else Role.RESULT


def _turned(regime: Regime, tense: Tense, words: str, horizon: Horizon) -> Regime:
    """The same place seen in the other tense, with the period that goes with it."""
    if tense is Tense.ACTUAL:
        period = horizon.past
        if horizon.plan is not None and re.match(r"今年以来|上半年|目前|截至", words):
            period = Period.year(horizon.plan.last // 12)
        return regime._replace(tense=tense, period=period, year=_last_year(period))
    period = horizon.plan
    if _NEXT.search(words) and horizon.plan == horizon.past and period is not None:
        period = _after(period)
    elif _NEXT.search(words) and period is not None and horizon.past is not None and horizon.past.months < 12:
        rest = (
            Period(horizon.past.last + 1, horizon.past.last // 12 * 12 + 11) if horizon.past.last % 12 != 11 else None
        )
        period = rest or period
    return regime._replace(tense=tense, period=period, year=_last_year(period))


def _after(period: Period) -> Period:
    """The year behind a whole year, the rest of the year behind a part of it."""
    year = period.last // 12
    if period.last % 12 == 11:
        return Period.year(year + 1)
    return Period(period.last + 1, year * 12 + 11)


def _with_printed_period(regime: Regime, heading: str, horizon: Horizon) -> Regime:
    """A year, span or part of a year in the heading overrides what stands above."""
    if not _DATED.search(heading):
        return regime
    if MASKED_YEAR.search(heading):
        return regime._replace(period=None, year=None)
    span = year_span(heading)
    if span is not None:
        return regime._replace(period=span, year=_last_year(span))
    years = [int(year) for year in YEAR.findall(heading)]
    if not years and (horizon_year := re.search(r"展望(20\d\d)|(20[345][05])(?:远景|愿景)", heading)):
        years = [int(horizon_year[1] or horizon_year[2])]
    year = years[-1] if years else regime.year
    if year is None:
        return regime
    part = part_of_year(heading, year=year)
    if part is not None:
        return regime._replace(period=part, year=year)
    return regime._replace(period=Period.year(year), year=year) if years else regime


def _last_year(period: Period | None) -> int | None:
    return None if period is None else period.last // 12
