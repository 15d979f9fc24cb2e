"""Drafts checked against the ledger: the list, and one result as its page shows it, the text beside the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from keshu.apps.briefings.models import FactCheck, FactCheckResult, FactCheckState, Judgement
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.queries.manuscript import Block, TextMark, marked_blocks
from keshu.apps.plans.queries.plans import plans_of
from keshu.apps.plans.queries.wording import period_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

CHECK_MARKS = {
    FactCheckState.CHECKING.value: Mark("核对中", Tone.ON_TRACK),
    FactCheckState.OPEN.value: Mark("有问题待处理", Tone.AT_RISK),
    FactCheckState.SETTLED.value: Mark("问题已处理", Tone.DONE, "checks"),
    FactCheckState.SOUND.value: Mark("没有问题", Tone.DONE),
    FactCheckState.FAILED.value: Mark("没有核对成", Tone.LATE, "ban"),
}
# Every kind of verdict in words, the worst first.
KINDS = {
    "differs": Mark("与台账不符", Tone.LATE, "circle-x"),
    "unit_slip": Mark("计量单位疑有误", Tone.LATE, "adjustments-horizontal"),
    "wrong_organisation": Mark("县区、单位不对", Tone.LATE, "building"),
    "wrong_tier": Mark("目标档次不对", Tone.LATE, "target"),
    "wrong_period": Mark("时期不对", Tone.LATE, "calendar"),
    "stale": Mark("数字已过时", Tone.AT_RISK, "history"),
    "inconsistent": Mark("前后不一致", Tone.AT_RISK, "arrows-split"),
    "unclear": Mark("指标不明确", Tone.AT_RISK, "question-mark"),
    "not_in_ledger": Mark("台账中没有", Tone.UNKNOWN, "circle-dashed"),
    "rounded": Mark("按精度一致", Tone.DONE, "check"),
    "agrees": Mark("与台账一致", Tone.DONE, "circle-check"),
    "masked": Mark("数字已隐去", Tone.UNKNOWN, "minus"),
}
SEVERITY = {kind: place for place, kind in enumerate(KINDS)}
JUDGED = {
    Judgement.HANDLED.value: Mark("已处理", Tone.DONE, "circle-check"),
    Judgement.DISMISSED.value: Mark("不算", Tone.UNKNOWN, "circle-x"),
}
AROUND = 16


class Show(StrEnum):
    """Which findings: those somebody must look at, those of them nobody has judged, those told otherwise before, every figure."""

    PROBLEMS = ""
    OPEN = "open"
    CHANGED = "changed"
    ALL = "all"


class Order(StrEnum):
    """The worst first, or as the draft has them."""

    WORST = ""
    TEXT = "text"


def checked_years(user: User) -> list[int]:
    """The years of which the person sees a plan that is or was in force: a draft can be checked against these."""
    rows = plans_of(user).filter(state__in=("published", "superseded"), year__isnull=False).order_by()
    return sorted({year for year in rows.values_list("year", flat=True) if year is not None}, reverse=True)


def fact_check_rows(user: User) -> QuerySet[Any]:
    """The person's own checks."""
    return FactCheck.objects.visible_to(user).select_related("job")


FACT_CHECKS = Ledger(
    key="briefings.fact_checks",
    noun="核对稿件",
    columns=(
        Column(
            "title", "稿件", ColumnKind.LINK, link=lambda row: reverse("briefings:fact-check-detail", args=[row.pk]),
            sort="title", width=300, wrap=True,
        ),
        Column("state", "结果", ColumnKind.STATE, marks=CHECK_MARKS, sort="state", width=140),
        Column("year", "对照年度", value=lambda row: f"{row.year}年", sort="year", width=110),
        Column("as_of", "数据截至", value=lambda row: period_text(row.as_of) or "台账最近一个月", width=130),
        Column("figure_count", "数字", ColumnKind.NUMBER, sort="figure_count", unit="个", width=100),
        Column("problem_count", "有问题", ColumnKind.NUMBER, sort="problem_count", unit="处", width=112),
        Column("open_count", "待处理", ColumnKind.NUMBER, sort="open_count", unit="处", width=112),
        Column("checked_at", "核对时间", ColumnKind.DATE, sort="checked_at", width=150),
        Column("created_at", "提交时间", ColumnKind.DATE, sort="created_at", width=150, default=False),
        Column("error", "未成功的原因", width=240, wrap=True, default=False),
    ),
    filters=(
        Filter("year", "对照年度", FilterKind.CHOICE, field="year"),
        Filter("state", "结果", FilterKind.MULTI, choices=FactCheckState.choices, field="state"),
        Filter("created", "提交日期", FilterKind.DATE_RANGE, field="created_at__date"),
    ),
    search=("title",),
    search_hint="稿件名称",
    figures=(
        Figure("全部", unit="份"),
        Figure("有问题待处理", Q(state=FactCheckState.OPEN), {"state": "open"}, unit="份", tone=Tone.AT_RISK),
        Figure("问题已处理", Q(state=FactCheckState.SETTLED), {"state": "settled"}, unit="份", tone=Tone.DONE),
        Figure("没有问题", Q(state=FactCheckState.SOUND), {"state": "sound"}, unit="份", tone=Tone.DONE),
    ),
    page=lambda row: reverse("briefings:fact-check-detail", args=[row.pk]),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as the page shows it. ``was`` is what the check before said of the same place, where that was something else."""

    number: int
    start: int
    line: int
    quote: str
    before: str
    after: str
    name: str
    kind: str
    mark: Mark
    is_sound: bool
    sentence: str
    stated: str
    difference: str
    fact: dict[str, str] | None
    expected: dict[str, str] | None
    candidates: Sequence[dict[str, str]]
    others: Sequence[tuple[int, str, int]]
    judgement: str
    note: str
    was: str
    is_unplaced: bool

    @property
    def ref(self) -> str:
        return f"finding-{self.number}"

    @property
    def judged(self) -> Mark | None:
        return JUDGED.get(self.judgement)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many figures have a verdict of the kind."""

    kind: str
    mark: Mark
    count: int


@dataclass(frozen=True, slots=True)
class Board:
    """All findings counted, and those that were asked for in the order wished."""

    rows: Sequence[FindingRow]
    kinds: Sequence[KindCount]
    figures: int
    problems: int
    judged: int
    sound: int
    changed: int

    @property
    def open(self) -> int:
        return self.problems - self.judged


def board(result: FactCheckResult, *, earlier: FactCheckResult | None, show: Show, kind: str, order: Order) -> Board:
    """The findings of a result: counted by kind, narrowed and ordered. A kind asked for goes before `show`."""
    rows = _rows(result, earlier)
    counted = Counter(row.kind for row in rows)
    problems = [row for row in rows if not row.is_sound]
    chosen = [row for row in rows if row.kind == kind] if kind else [row for row in rows if _is_shown(row, show)]
    if order is Order.WORST:
        chosen.sort(key=lambda row: (bool(row.judgement), SEVERITY[row.kind], row.start))
    return Board(
        rows=chosen,
        kinds=[KindCount(each, mark, counted[each]) for each, mark in KINDS.items() if counted[each]],
        figures=len(rows),
        problems=len(problems),
        judged=sum(bool(row.judgement) for row in problems),
        sound=len(rows) - len(problems),
        changed=sum(bool(row.was) for row in rows),
    )


def row_of(result: FactCheckResult, number: int, *, earlier: FactCheckResult | None) -> FindingRow | None:
    """One finding."""
    return next((row for row in _rows(result, earlier) if row.number == number), None)


def text_of(result: FactCheckResult) -> tuple[Block, ...]:
    """The draft's text, each figure marked by the kind of its verdict."""
    judged = result.judgements
    marks = [
        TextMark(
            each["start"], each["end"], (each["kind"], *(("judged",) if str(each["number"]) in judged else ())),
            f"finding-{each['number']}",
        )
        for each in result.findings
        if each["end"] > each["start"]
    ]  # fmt: skip
    return marked_blocks(result.text, sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _is_shown(row: FindingRow, show: Show) -> bool:
    if show is Show.CHANGED:
        return bool(row.was)
    if show is Show.OPEN:
        return not row.is_sound and not row.judgement
    return show is Show.ALL or not row.is_sound


def _rows(result: FactCheckResult, earlier: FactCheckResult | None) -> list[FindingRow]:
    by_number = {each["number"]: each for each in result.findings}
    told = {} if earlier is None else {(each["start"], each["end"]): each for each in earlier.findings}
    return [_row(each, result, by_number, told) for each in result.findings]


def _row(
    each: dict[str, Any],
    result: FactCheckResult,
    by_number: dict[int, dict[str, Any]],
    told: dict[tuple[int, int], dict[str, Any]],
) -> FindingRow:
    start, end, text = each["start"], each["end"], result.text
    said = result.judgements.get(str(each["number"]), {})
    others = [by_number[number] for number in each["others"] if number in by_number]
    was = told.get((start, end))
    return FindingRow(
        number=each["number"],
        start=start,
        line=each["line"],
        quote=each["quote"],
        before=_cut(text[text.rfind("\n", 0, start) + 1 : start].lstrip("| "), from_end=True),
        after=_cut(text[end : end + 4 * AROUND].partition("\n")[0].rstrip("| "), from_end=False),
        name=each["name"],
        kind=each["kind"],
        mark=KINDS[each["kind"]],
        is_sound=each["is_sound"],
        sentence=each["sentence"],
        stated=each["stated"],
        difference=each["difference"],
        fact=each["fact"],
        expected=each["expected"],
        candidates=each["candidates"],
        others=[(other["number"], other["quote"], other["line"]) for other in others],
        judgement=said.get("judgement", ""),
        note=said.get("note", ""),
        was=was["sentence"] if was is not None and was["sentence"] != each["sentence"] else "",
        is_unplaced=each["number"] in result.unplaced,
    )


def _cut(words: str, *, from_end: bool) -> str:
    """As much of them as stands next to the figure."""
    if len(words) <= AROUND:
        return words
    return f"……{words[-AROUND:]}" if from_end else f"{words[:AROUND]}……"
