"""一图读懂: what a bulletin's facts say at one glance, ready to draw: a ring of targets, bars, counties, what needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import pi

from keshu.apps.plans.services.fact_rows import PeriodFacts, TargetFact

RADIUS = 54
ROUND = 2 * pi * RADIUS
BARS, COUNTIES, RISKS, TASKS = 8, 10, 4, 4
# Light, its word; in this order around the ring.
LIGHTS = (
    ("done", "已完成"), ("on_track", "正常推进"), ("at_risk", "有风险"), ("late", "滞后"), ("missed", "未完成"),
    ("unknown", "暂无数据"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of the ring: `length` and `offset` along its line, in the drawing's units."""

    light: str
    word: str
    count: int
    length: str
    offset: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its length in hundredths; `target_id` leads to its row."""

    label: str
    told: str
    share: str
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything on the sheet."""

    total: int
    arcs: tuple[Arc, ...]
    tiles: tuple[tuple[str, str], ...]
    best: tuple[Bar, ...]
    counties: tuple[Bar, ...]
    counties_title: str
    risks: tuple[TargetFact, ...]
    until: date

    @property
    def until_words(self) -> str:
        return f"{self.until.year}年{self.until.month}月{self.until.day}日"

    @property
    def finding(self) -> str:
        """The whole in a sentence."""
        done = next((arc.count for arc in self.arcs if arc.light == "done"), 0)
        fine = done + next((arc.count for arc in self.arcs if arc.light == "on_track"), 0)
        return f"{self.total}项目标，{fine}项已完成或者正常推进" if self.total else "还没有目标"


def poster_of(facts: PeriodFacts) -> Poster:
    """The sheet that these facts make."""
    counts = [(light, word, sum(each.light == light for each in facts.targets)) for light, word in LIGHTS]
    shared = sorted((each for each in facts.targets if each.counties), key=lambda each: -len(each.counties))
    order = ("missed", "late", "at_risk")
    risks = sorted((each for each in facts.targets if each.light in order), key=lambda each: order.index(each.light))
    return Poster(
        total=len(facts.targets),
        arcs=_ring(counts, total=len(facts.targets)),
        tiles=_tiles(facts),
        best=_bars([each for each in facts.targets if each.has_share]),
        counties=_counties(shared[0]) if shared else (),
        counties_title=f"{shared[0].indicator}（{shared[0].unit}）" if shared else "",
        risks=tuple(risks[:RISKS]),
        until=date.fromisoformat(facts.until),
    )


def _ring(counts: Sequence[tuple[str, str, int]], *, total: int) -> tuple[Arc, ...]:
    found, before = [], 0.0
    for light, word, count in counts:
        if not count:
            continue
        length = ROUND * count / total
        found.append(Arc(light, word, count, f"{length:.2f} {ROUND - length:.2f}", f"{-before:.2f}"))
        before += length
    return tuple(found)


def _tiles(facts: PeriodFacts) -> tuple[tuple[str, str], ...]:
    asked, on_time = sum(each.asked for each in facts.offices), sum(each.on_time for each in facts.offices)
    done = sum(each.light == "done" for each in facts.tasks)
    tiles = [("重点任务", f"{len(facts.tasks)}项"), ("已完成任务", f"{done}项")]
    if asked:
        tiles.append(("按时报送率", f"{100 * on_time / asked:.1f}".removesuffix(".0") + "%"))
    tiles.append(("督办办结", f"{facts.notices_closed}件"))
    closed = sum(each.is_closed for each in facts.issues)
    tiles += [("问题销号", f"{closed}个"), ("正在整改的问题", f"{len(facts.issues) - closed}个")]
    return tuple(tiles)


def _bars(targets: Sequence[TargetFact]) -> tuple[Bar, ...]:
    """The figures furthest on the way, as shares of what is asked; beyond the target the bar is full."""
    best = sorted(targets, key=lambda each: -float(each.percent))[:BARS]
    return tuple(
        Bar(
            each.indicator,
            f"{each.told}（{each.percent}%）",
            f"{min(100.0, max(0.0, float(each.percent))):.1f}",
            each.id,
        )
        for each in best
    )


def _counties(target: TargetFact) -> tuple[Bar, ...]:
    most = max((float(each.value) for each in target.counties), default=0) or 1
    rows = sorted(target.counties, key=lambda each: -float(each.value))[:COUNTIES]
    return tuple(Bar(each.name, each.value, f"{100 * max(0.0, float(each.value)) / most:.1f}") for each in rows)
