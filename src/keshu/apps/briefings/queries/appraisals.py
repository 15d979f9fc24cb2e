"""The list of appraisals, one's ranking, a sheet with where its rows lead, marks and objections, for pages and papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from keshu.apps.briefings.models import (
    Appraisal,
    AppraisalKind,
    AppraisalSheet,
    AppraisalState,
    MarkState,
    ObjectionState,
)
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.bureau.queries.moves import is_changed_since
from keshu.engines.appraisal import Row, RuleScore, RuleState, Score, score_from_plain

if TYPE_CHECKING:
    from django.db.models import Expression

    from keshu.apps.bureau.models import User

APPRAISAL_MARKS = {
    AppraisalState.TRIAL.value: Mark("试算"),
    AppraisalState.SHOWN.value: Mark("公示", Tone.ON_TRACK),
    AppraisalState.RELEASED.value: Mark("已公布", Tone.DONE),
}
OBJECTION_MARKS = {
    ObjectionState.OPEN.value: Mark("待答复", Tone.AT_RISK),
    ObjectionState.UPHELD.value: Mark("采纳", Tone.DONE),
    ObjectionState.REJECTED.value: Mark("不采纳"),
}
# Tables whose changes may change a score.
LEDGERS = ("plans.", "bureau.organisation", "bureau.succession")
# What an objection is against when it names no rule.
WHOLE = "整张评分表"
# Where a row leads: the word before the number, and the page of such a row.
PAGES = {
    "checkin": "plans:checkin-detail", "target": "plans:target-detail", "node": "plans:task-detail",
    "notice": "plans:supervision-detail", "issue": "plans:issue-detail",
}  # fmt: skip
# The best grade is shown as done, the last as missed, those between by their place.
_TONES = (Tone.DONE, Tone.ON_TRACK, Tone.UNKNOWN, Tone.AT_RISK)

APPRAISALS = Ledger(
    key="briefings.appraisals",
    noun="年度考核",
    columns=(
        Column(
            "title", "考核", ColumnKind.LINK, link=lambda row: reverse("briefings:appraisal-detail", args=[row.pk]),
            sort="title", width=340, wrap=True,
        ),
        Column("year", "年度", value=lambda row: f"{row.year}年", sort="year", width=90),
        Column("kind", "考核对象", value=lambda row: row.get_kind_display(), sort="kind", width=140),
        Column("state", "状态", ColumnKind.STATE, marks=APPRAISAL_MARKS, sort="state", width=110),
        Column("organisation", "考核单位", sort="organisation__position", width=150),
        Column("until", "数据截止日", ColumnKind.DATE, sort="until", width=120),
        Column("shown_at", "公示时间", ColumnKind.DATE, sort="shown_at", width=150),
        Column("released_at", "公布时间", ColumnKind.DATE, sort="released_at", width=150),
    ),
    filters=(
        Filter("kind", "考核对象", FilterKind.MULTI, choices=AppraisalKind.choices, field="kind"),
        Filter("state", "状态", FilterKind.MULTI, choices=AppraisalState.choices, field="state"),
    ),
    search=("title",),
    search_hint="标题",
    figures=(
        Figure("全部", unit="次"),
        Figure("试算", Q(state=AppraisalState.TRIAL), {"state": "trial"}, unit="次"),
        Figure("公示", Q(state=AppraisalState.SHOWN), {"state": "shown"}, unit="次", tone=Tone.ON_TRACK),
        Figure("已公布", Q(state=AppraisalState.RELEASED), {"state": "released"}, unit="次", tone=Tone.DONE),
    ),
    page=lambda row: reverse("briefings:appraisal-detail", args=[row.pk]),
)  # fmt: skip


def appraisal_rows(user: User) -> QuerySet[Any]:
    """Appraisals the person may see."""
    return Appraisal.objects.visible_to(user).select_related("organisation").defer("scheme")


def ranking_rows(appraisal: Appraisal, user: User) -> QuerySet[Any]:
    """The places of an appraisal, as far as the person may see them, without the rows behind."""
    rows = AppraisalSheet.objects.ranked_for(user).filter(appraisal=appraisal)
    return rows.select_related("organisation").defer("content").order_by("position", "pk")


def ranking_ledger(appraisal: Appraisal, user: User) -> Ledger:
    """A row for each organisation, a column for each rule; points lead to the sheet, where the person may see it."""
    scope = user.scope

    def sheet(row: Any, anchor: str = "") -> str:
        if not scope.is_everything and row.organisation_id not in scope.organisation_ids:
            return ""
        return reverse("briefings:appraisal-sheet", args=[appraisal.pk, row.organisation_id]) + anchor

    rules = appraisal.scheme["rules"]
    grades = [each["name"] for each in appraisal.scheme["grades"]]
    marks = grade_marks(grades)
    return Ledger(
        key=f"briefings.ranking.{appraisal.kind}",
        noun="排名",
        columns=(
            Column("rank", "位次", ColumnKind.NUMBER, sort="position", width=70),
            Column(
                "organisation", "单位", ColumnKind.TEXT, value=lambda row: str(row.organisation), link=sheet,
                sort="organisation__position", width=110, wrap=True,
            ),
            Column("total", "得分", ColumnKind.NUMBER, link=sheet, sort="total", width=80, places=2),
            Column(
                "spread", "折算", value=lambda row: spread_word(row.points, rules), width=86,
                hover=lambda row: spread_words(row.points, rules),
            ),
            *(_rule_column(rule, sheet) for rule in rules),
            Column("grade", "等次", ColumnKind.STATE, marks=marks, sort="position", width=84),
        ),
        filters=(Filter("grade", "等次", FilterKind.MULTI, choices=[(name, name) for name in grades], field="grade"),),
        search=("organisation__name", "organisation__short_name"),
        search_hint="单位",
        figures=(
            Figure("参加考核", unit="个单位"),
            *(
                Figure(name, Q(grade=name), {"grade": name}, unit="个", tone=marks[name].tone if name in marks else None)
                for name in grades
            ),
        ),
        size=50,
    )  # fmt: skip


def _rule_column(rule: Mapping[str, Any], sheet: Any) -> Column:
    key = rule["key"]

    def value(row: Any) -> Decimal | None:
        return Decimal(row.points[key]) if key in row.points else None

    def order(rows: QuerySet[Any]) -> Expression:
        return Cast(KeyTextTransform(key, "points"), DecimalField(max_digits=8, decimal_places=2))

    return Column(
        f"rule_{key}", rule["name"], ColumnKind.NUMBER, value=value, sort=order, width=98, unit=f"满{rule['weight']}",
        link=lambda row: sheet(row, f"#rule-{key}"), short=rule["name"][:4], places=2,
    )  # fmt: skip


def _spread(points: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rules under which there was nothing to count; none where nothing at all was."""
    return [rule for rule in rules if rule["key"] not in points] if points else []


def spread_word(points: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> str:
    """How many points of a total were spread over the other rules, beside it in the ranking.

    >>> spread_word({"a": "90.00"}, [{"key": "a", "name": "甲", "weight": "80"}, {"key": "b", "name": "乙", "weight": "20"}])
    '折算20分'
    """
    found = sum((Decimal(rule["weight"]) for rule in _spread(points, rules)), Decimal(0))
    return f"折算{found.normalize():f}分" if found else ""


def spread_words(points: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> str:
    """The same in a sentence."""
    named = "、".join(f"{rule['name']} {rule['weight']} 分" for rule in _spread(points, rules))
    return f"没有可计的事项：{named}，按比例加到其他指标（加减分除外），其他指标的满分随之提高" if named else ""


def grade_marks(grades: Sequence[str]) -> dict[str, Mark]:
    """Each grade with its tone; the last is what nobody wants."""
    found = {name: Mark(name, _TONES[min(at, len(_TONES) - 1)]) for at, name in enumerate(grades)}
    if len(grades) > 1:
        found[grades[-1]] = Mark(grades[-1], Tone.LATE)
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """One organisation's total in the chart; `length` in hundredths of a hundred points, `spread` as :func:`spread_word`.

    Without a `rank` it stands outside the ranking.
    """

    organisation_id: int
    name: str
    total: Decimal
    rank: int | None
    spread: str

    @property
    def length(self) -> str:
        return f"{self.total:.1f}"


def bars_of(appraisal: Appraisal, user: User) -> tuple[Bar, ...]:
    """Everybody that has a score, the best first, behind them who stands outside the ranking. One query."""
    rules = appraisal.scheme["rules"]
    rows = ranking_rows(appraisal, user).filter(total__isnull=False)
    found = rows.values_list(
        "organisation_id", "organisation__short_name", "organisation__name", "total", "rank", "points"
    )
    return tuple(
        Bar(pk, short or name, total, rank, spread_word(points, rules))
        for pk, short, name, total, rank, points in found
    )


def apart_of(bars: Sequence[Bar], *, least: object) -> str:
    """Who is scored but stands outside the ranking, in a sentence; empty where nobody does."""
    names = [bar.name for bar in bars if bar.rank is None]
    return f"单列、不参与排名的 {len(names)} 个：{'、'.join(names)}（目标、任务合计不足 {least} 项）" if names else ""


def finding(bars: Sequence[Bar]) -> str:
    """What the chart says of those in the ranking, in a sentence.

    >>> finding([])
    '还没有单位参与排名'
    """
    bars = [bar for bar in bars if bar.rank is not None]
    if not bars:
        return "还没有单位参与排名"
    first = [bar.name for bar in bars if bar.rank == 1]
    named = first[0] if len(first) == 1 else f"{first[0]}等{len(first)}个单位并列"
    mean = sum((bar.total for bar in bars), Decimal(0)) / len(bars)
    return f"{named} {bars[0].total} 分居第 1 位，{len(bars)} 个单位平均 {mean:.2f} 分"


def is_stale(appraisal: Appraisal, *, at: datetime) -> bool:
    """Whether the ledgers have moved on since the sheets were reckoned, or the day has. At most one query."""
    if appraisal.state == AppraisalState.RELEASED:
        return False
    if (
        appraisal.reckoned_at is None
        or timezone.localtime(appraisal.reckoned_at).date() != timezone.localtime(at).date()
    ):
        return True
    return is_changed_since(appraisal.ledger_number, subjects=LEDGERS)


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of a sheet as its page shows it."""

    row: Row
    href: str


@dataclass(frozen=True, slots=True)
class RuleLines:
    """A rule of a sheet: what stands open, and the rows folded away because nothing was lost on them."""

    score: RuleScore
    open: tuple[RowLine, ...]
    folded: tuple[RowLine, ...]

    @property
    def is_spread(self) -> bool:
        return self.score.state == RuleState.SPREAD


def rule_lines(score: Score, *, files: Mapping[str, str]) -> tuple[RuleLines, ...]:
    """The rules with their rows; `files` are the addresses of marks' evidence by the row's key."""

    def lines(rows: Sequence[Row]) -> tuple[RowLine, ...]:
        return tuple(RowLine(row, row_address(row.key) or files.get(row.key, "")) for row in rows)

    return tuple(RuleLines(rule, lines(rule.open_rows), lines(rule.folded_rows)) for rule in score.rules)


def objection_targets(score: Score, key: str) -> list[tuple[str, Any]]:
    """What an objection may be against: the rule `key` or a row of it, else the whole sheet or one of its rules."""
    rule = next((each for each in score.rules if each.key == key), None)
    if rule is None:
        return [(WHOLE, WHOLE), *((each.key, each.name) for each in score.rules)]
    groups = (("失分和加减分的", rule.open_rows), ("没有失分的", rule.folded_rows))
    rows = [(word, [(f"{rule.key} {row.key}", _told_row(row)) for row in rows if row.key]) for word, rows in groups]
    return [(rule.key, f"{rule.name}（整条指标）"), *((word, choices) for word, choices in rows if choices)]


def cut_marks(appraisal: Appraisal, user: User) -> dict[str, str]:
    """Of marks that count only in part, as far as the person may see them: how they count, by the row's key."""
    marked = appraisal.marks.filter(state=MarkState.GIVEN).order_by().values("organisation_id")
    sheets = AppraisalSheet.objects.visible_to(user).filter(appraisal=appraisal, organisation_id__in=marked)
    rules = (rule for content in sheets.values_list("content", flat=True) for rule in score_from_plain(content).rules)
    return {row.key: row.why for rule in rules for row in rule.rows if row.key.startswith("mark-") and "，" in row.why}


def _told_row(row: Row) -> str:
    return "，".join(filter(None, (row.what, row.told)))[:80]


def row_address(key: str) -> str:
    """The page of a row such as ``checkin-7``; empty for a line of the reckoning itself.

    >>> row_address("mark-1"), row_address("")
    ('', '')
    """
    word, _, number = key.partition("-")
    return reverse(PAGES[word], args=[int(number)]) if word in PAGES and number.isdigit() else ""


def score_of(sheet: AppraisalSheet) -> Score:
    return score_from_plain(sheet.content)
