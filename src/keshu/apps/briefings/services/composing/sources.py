"""The book of sources that writers fill while they compose, and the words that many of them use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from keshu.apps.briefings.services.composing.passages import Line, Source, Text, Words
from keshu.apps.plans.queries.wording import period_text
from keshu.apps.plans.services.fact_rows import OfficeFact, PeriodFacts, TargetFact, TaskFact
from keshu.kernel.counting import half_up
from keshu.kernel.period import Period

LIGHT_WORDS = {
    "done": "已完成", "on_track": "正常推进", "at_risk": "有风险", "late": "滞后", "missed": "未完成", "unknown": "暂无数据",
}  # fmt: skip


@dataclass
class SourceBook:
    """Sources by key; the same source has one key however often it is named."""

    facts: PeriodFacts
    kept: dict[str, Source] = field(default_factory=dict)

    def of_target(self, target: TargetFact, text: str) -> Words:
        """A figure of a target: the form it was reported with, or where else it comes from."""
        row = f"checkin-{target.check_in_id}" if target.check_in_id else f"target-{target.id}"
        return self._words(f"t{target.id}", text, Source(target.source or "要点原文", row))

    def asked(self, target: TargetFact, text: str) -> Words:
        """What the plan asks."""
        return self._words(f"g{target.id}", text, Source(f"《{self.facts.plan_title}》", f"target-{target.id}"))

    def of_task(self, task: TaskFact, text: str) -> Words:
        row = f"checkin-{task.check_in_id}" if task.check_in_id else f"node-{task.id}"
        return self._words(f"n{task.id}", text, Source("各期调度填报" if task.check_in_id else "任务台账", row))

    def of_check_in(self, key: str, text: str, *, told: str, check_in_id: int) -> Words:
        return self._words(key, text, Source(told, f"checkin-{check_in_id}"))

    def counted(self, key: str, text: str, *, told: str, row: str) -> Words:
        """A number that counts rows of a ledger; ``row`` names the ledger."""
        return self._words(key, text, Source(told, row))

    def _words(self, key: str, text: str, source: Source) -> Words:
        if not text:
            return Words("")
        self.kept[key] = source
        return Words(text, key)


def text(*parts: Words | str, lead: str = "") -> Text:
    """A paragraph from plain words and figures, opening with a heading of its own; empty parts are left out.

    >>> text("共", Words("3项", "k"), "", "。").plain
    '共3项。'
    """
    kept = (part if isinstance(part, Words) else Words(part) for part in parts)
    return Text(tuple(part for part in kept if part.text), lead)


def cell(*parts: Words | str) -> Line:
    return text(*parts).line


def counts(*pairs: tuple[str, int], unit: str) -> str:
    """What was counted, each after its word; nothing is said of noughts.

    >>> counts(("办结", 1), ("在办", 0), ("逾期", 2), unit="件")
    '办结1件，逾期2件'
    """
    return "，".join(f"{word}{count}{unit}" for word, count in pairs if count)


def span_words(period: str, *, until: str) -> str:
    """The period as a text speaks of it that has named it.

    >>> [span_words(each, until="2026-12-31") for each in ("2026-03", "2026-Q1", "2026-H1", "2026")]
    ['本月', '本季度', '上半年', '全年']
    >>> span_words("2026", until="2026-11-23")
    '今年以来'
    """
    asked = Period.parse(period)
    if asked.months == 12:
        return "全年" if until == asked.last_day.isoformat() else "今年以来"
    return {1: "本月", 3: "本季度"}.get(asked.months) or period_text(period).rpartition("年")[2]


def short_leads(leads: str, *, most: int = 2) -> str:
    """Who leads, in a cell: many are counted.

    >>> short_leads("甲处、乙县"), short_leads("甲处、乙县、丙县"), short_leads("")
    ('甲处、乙县', '甲处等3个单位', '')
    """
    names = leads.split("、")
    return leads if len(names) <= most else f"{names[0]}等{len(names)}个单位"


def listed(names: Sequence[str], *, most: int) -> str:
    """The first of them, 等 for more.

    >>> listed(["甲", "乙", "丙"], most=2), listed(["甲"], most=2)
    ('甲、乙等3个单位', '甲')
    """
    return "、".join(names) if len(names) <= most else f"{'、'.join(names[:most])}等{len(names)}个单位"


def day_words(day: str) -> str:
    """2026-06-30 as it stands in a text.

    >>> day_words("2026-06-30"), day_words("2026-06-05")
    ('6月底', '6月5日')
    """
    on = date.fromisoformat(day)
    is_last = date.fromordinal(on.toordinal() + 1).day == 1
    return f"{on.month}月底" if is_last else f"{on.month}月{on.day}日"


def dated(day: str, *, year: int) -> str:
    """The day a figure is of, as a text on that year names it.

    >>> dated("2026-09-30", year=2026), dated("2025-12-31", year=2026)
    ('截至9月底', '截至2025年12月底')
    """
    before = "" if day.startswith(str(year)) else f"{day[:4]}年"
    return f"截至{before}{day_words(day)}"


def newest(facts: PeriodFacts) -> str:
    """The latest day that figures of the bulletin are of; empty where there is none."""
    return max((each.as_of for each in facts.targets if each.as_of), default="")


def if_older(target: TargetFact, facts: PeriodFacts) -> str:
    """The day of a figure that is older than the bulletin's others: whoever leads it has not reported since."""
    return dated(target.as_of, year=facts.year) if target.as_of and target.as_of < newest(facts) else ""


def runs_of(places: Sequence[int]) -> str:
    """Places in a table, those in a row drawn together.

    >>> runs_of([3]), runs_of([3, 4]), runs_of([1, 38, 39, 40, 41])
    ('第3项', '第3—4项', '第1、38—41项')
    """
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return f"第{'、'.join(str(run[0]) if len(run) == 1 else f'{run[0]}—{run[-1]}' for run in runs)}项"


def change_words(growth: str, unit: str) -> str:
    """Against a year before, in words.

    >>> change_words("12.5", "%"), change_words("-0.3", "个百分点"), change_words("0", "%"), change_words("", "")
    ('同比增长12.5%', '同比下降0.3个百分点', '与上年同期持平', '')
    """
    if not growth:
        return ""
    value = Decimal(growth)
    if value == 0:
        return "与上年同期持平"
    return f"同比{'增长' if value > 0 else '下降'}{growth.lstrip('-')}{unit}" if unit == "%" else (
        f"同比{'提高' if value > 0 else '下降'}{growth.lstrip('-')}{unit}"
    )  # fmt: skip


def signed(growth: str, unit: str) -> str:
    """Against a year before, in a cell.

    >>> signed("12.5", "%"), signed("-0.3", "个百分点"), signed("0", "%"), signed("", "")
    ('+12.5%', '-0.3个百分点', '持平', '')
    """
    if not growth:
        return ""
    return "持平" if Decimal(growth) == 0 else f"{'' if growth.startswith('-') else '+'}{growth}{unit}"


def by_light(rows: Iterable[TargetFact | TaskFact], *lights: str) -> list[TargetFact | TaskFact]:
    return [row for row in rows if row.light in lights]


def percent_of(part: int, whole: int) -> str:
    """A share in words; empty of nothing.

    >>> percent_of(1, 3), percent_of(3, 3), percent_of(0, 0)
    ('33.3%', '100%', '')
    """
    return rate_words(Decimal(100 * part) / whole) if whole else ""


def rate_words(rate: Decimal | None) -> str:
    """A rate in per cent without needless noughts; empty of none.

    >>> rate_words(Decimal("100.0")), rate_words(Decimal("95.24")), rate_words(None)
    ('100%', '95.2%', '')
    """
    return "" if rate is None else f"{half_up(rate, 1):f}".removesuffix(".0") + "%"


def ranked(offices: Iterable[OfficeFact]) -> list[tuple[int, OfficeFact]]:
    """Organisations that had to report, best first by on-time rate, then by fewer missing; equal ones share a place."""
    asked = sorted(
        (each for each in offices if each.asked), key=lambda each: (-(each.rate or 0), each.missing, -each.asked)
    )
    places, found = 0, []
    for at, each in enumerate(asked, start=1):
        if at == 1 or (each.rate, each.missing) != (asked[at - 2].rate, asked[at - 2].missing):
            places = at
        found.append((places, each))
    return found
