"""考核结果通报 and 评分表 as official documents: scores in, a block model out; no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keshu.apps.briefings.services.appraisals.offered import what_counts, who_is_ranked
from keshu.apps.plans.services.paper_blocks import DEMO_REMARK, NOTHING, printed
from keshu.engines.appraisal import RuleScore, RuleState, Scheme, Score, scheme_to_plain
from keshu.engines.gongwen import (
    Align,
    Attachment,
    Cell,
    Column,
    Heading,
    OfficialDocument,
    Orientation,
    Paragraph,
    Run,
    Signature,
    Table,
    TableText,
)
from keshu.engines.gongwen.blocks import Block, chinese_date

# So many columns stand upright; more need a page of their own, turned.
WIDEST = 8
# Beside the rules: place, organisation, total, grade.
FIXED = 4
DRAFT = "试算稿，未经公布"


@dataclass(frozen=True, slots=True)
class Result:
    """An appraisal as its paper tells it; ``whom`` are the scored in a word, ``until`` the last day that counts."""

    year: int
    whom: str
    issuer: str
    until: date
    dated: date
    is_released: bool
    is_demo: bool
    scheme: Scheme
    scores: Sequence[Score]

    @property
    def remark(self) -> str:
        marks = ("" if self.is_released else DRAFT, DEMO_REMARK if self.is_demo else "")
        return "；".join(filter(None, marks))

    @property
    def scored(self) -> list[Score]:
        return [each for each in self.scores if each.total is not None]

    @property
    def ranked(self) -> list[Score]:
        return [each for each in self.scored if not each.apart]

    @property
    def apart(self) -> list[Score]:
        """Scored, but outside the ranking."""
        return [each for each in self.scored if each.apart]


def ranking(result: Result, *, with_sheets: bool) -> OfficialDocument:
    """The paper: what was appraised and how it came out; the ranking and the scheme as annexes, the sheets where wanted."""
    told = "各单位得分见附件1，考核办法见附件2" + ("，各单位评分表附后" if with_sheets and result.scored else "")
    is_wide = len(result.scheme.rules) + FIXED > WIDEST
    annexes = [
        Attachment(
            f"{result.year}年度{result.whom}考核得分表",
            (_ranking_table(result),),
            Orientation.LANDSCAPE if is_wide else Orientation.PORTRAIT,
        ),
        Attachment(f"{result.year}年度{result.whom}考核办法", (_scheme_table(result.scheme),)),
        *(
            Attachment(f"{printed(each.name)}评分表", tuple(_sheet_blocks(each)))
            for each in result.scored
            if with_sheets
        ),
    ]
    return OfficialDocument(
        title=f"关于{result.year}年度{result.whom}目标责任制考核结果的通报",
        blocks=(
            Paragraph(
                f"根据年度考核办法，对{result.year}年度各{result.whom}目标任务完成、调度报送、督办办理等情况进行了考核，"
                f"数据截至{chinese_date(result.until)}。现将考核结果通报如下。"
            ),
            Heading(1, "总体情况"),
            Paragraph(_summed(result)),
            Heading(1, "考核等次"),
            *(Paragraph(line) for line in _graded(result)),
            Paragraph(f"{told}。"),
        ),
        attachments=tuple(annexes),
        signature=Signature(result.issuer, result.dated),
        remark=result.remark,
    )


def sheet(result: Result, score: Score) -> OfficialDocument:
    """One organisation's sheet as a paper of its own."""
    told = f"考核年度{result.year}年，数据截至{chinese_date(result.until)}。"
    return OfficialDocument(
        title=f"{printed(score.name)}{result.year}年度考核评分表",
        blocks=(Paragraph(told), *_sheet_blocks(score)),
        signature=Signature(result.issuer, result.dated),
        remark=result.remark,
    )


def _summed(result: Result) -> str:
    ranked = result.ranked
    if not result.scored:
        return "没有单位有可以考核的事项。"
    if not ranked:
        return f"参加考核的单位共{len(result.apart)}个，目标、任务都不足{result.scheme.least_items}项，不排名。"
    apart = f"，其中参与排名的{len(ranked)}个" if result.apart else ""
    totals = [each.total or Decimal(0) for each in ranked]
    mean = sum(totals, Decimal(0)) / len(totals)
    first = "、".join(printed(each.name) for each in ranked if each.rank == 1)
    weakest = _weakest(ranked)
    return (
        f"参加考核的单位共{len(result.scored)}个{apart}，平均{mean:.2f}分，最高{max(totals)}分（{first}），最低{min(totals)}分。"
        + (f"得分率最低的指标是{weakest}。" if weakest else "")
    )


def _weakest(ranked: Sequence[Score]) -> str:
    """The rule of which the smallest share was gained, with that share; nothing where all was gained."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for score in ranked:
        for rule in score.rules:
            points, full = sums.get(rule.name, (Decimal(0), Decimal(0)))
            sums[rule.name] = (points + rule.points, full + rule.full)
    rates = {name: points / full * 100 for name, (points, full) in sums.items() if full}
    name = min(rates, key=lambda each: (rates[each], each))
    return "" if rates[name] >= 100 else f"“{printed(name)}”，平均得分率{rates[name]:.1f}%"


def _graded(result: Result) -> list[str]:
    lines = [] if result.scheme.grades else ["本次考核不分等次。"]
    for grade in result.scheme.grades:
        names = [printed(each.name) for each in result.ranked if each.grade == grade.name]
        if names:
            lines.append(f"{grade.name}等次{len(names)}个：{'、'.join(names)}。")
    apart = [f"{printed(each.name)}（{each.total}分）" for each in result.apart]
    if apart:
        least = result.scheme.least_items
        lines.append(f"目标、任务合计不足{least}项，单列计分、不参与排名的{len(apart)}个：{'、'.join(apart)}。")
    left = [printed(each.name) for each in result.scores if each.total is None]
    if left:
        lines.append(f"没有可以考核的事项、不参加排名的{len(left)}个：{'、'.join(left)}。")
    return lines


def _ranking_table(result: Result) -> Table:
    rules = result.scheme.rules
    columns = (
        Column(1.1, Align.CENTRE), Column(2.6), *(Column.number(1.6) for _ in rules), Column.number(1.6),
        Column(1.5, Align.CENTRE),
    )  # fmt: skip
    heads = ("位次", "单位", *(f"{printed(each.name)}（{_number(each.weight)}）" for each in rules), "得分", "等次")
    rows = tuple(_ranking_row(score) for score in (*result.ranked, *result.apart))
    note = "“—”表示该单位没有这项指标可计的事项，分值按比例加到其他指标。括号内为指标分值。"
    if result.apart:
        note += "没有位次的不参与排名，见附件2。"  # one line with the rest: a second may fall on a page of its own
    return Table(
        columns=columns,
        header=(heads,),
        rows=rows,
        unit="单位：分",
        note=printed(note),
        text=TableText.SMALL,
    )


def _ranking_row(score: Score) -> tuple[Cell | str, ...]:
    points = [NOTHING if each.state == RuleState.SPREAD else str(each.points) for each in score.rules]
    total = Cell((Run(str(score.total), is_bold=True),))
    return (
        NOTHING if score.rank is None else str(score.rank),
        printed(score.name),
        *points,
        total,
        score.grade or NOTHING,
    )


def _scheme_table(scheme: Scheme) -> Table:
    kept = scheme_to_plain(scheme)["rules"]
    return Table(
        columns=(Column(2.2), Column.number(1.2), Column(9)),
        header=(("指标", "分值", "计分方法"),),
        rows=tuple((printed(each["name"]), each["weight"], printed(what_counts(each))) for each in kept),
        note=printed(f"{told}。") if (told := who_is_ranked(scheme.least_items)) else "",
        text=TableText.SMALL,
    )


def _sheet_blocks(score: Score) -> list[Block]:
    """Each rule's points, then row by row what cost points; what counted in full is summed up."""
    place = "" if score.rank is None else f"，第{score.rank}位"
    place += f"。{printed(score.apart)}，不参与排名" if score.apart else ""
    grade = f"，{score.grade}" if score.grade else ""
    total = "没有可以考核的事项，不参加排名。" if score.total is None else f"得分{score.total}分{place}{grade}。"
    rows: list[tuple[Cell | str, ...]] = []
    for rule in score.rules:
        head = f"{printed(rule.name)}　{rule.points}/{rule.full}分"
        rows.append((Cell((Run(head, is_bold=True),), columns=2), Cell(printed(rule.why), columns=2)))
        rows += _rule_rows(rule)
    table = Table(
        columns=(Column(5), Column(5), Column.number(1.4), Column.number(1.4)),
        header=(("事项", "情况", "得分", "失分"),),
        rows=tuple(rows),
        text=TableText.SMALL,
    )
    return [Paragraph(f"{printed(score.name)}{total}"), table]


def _rule_rows(rule: RuleScore) -> list[tuple[Cell | str, ...]]:
    found: list[tuple[Cell | str, ...]] = [
        (
            printed(row.what), printed("，".join(filter(None, [row.told, row.why]))),
            str(row.points), str(row.lost) if row.lost > 0 else NOTHING,
        )
        for row in rule.open_rows
    ]  # fmt: skip
    if folded := rule.folded_rows:
        points = sum((row.points for row in folded), Decimal(0))
        found.append((f"没有失分的{len(folded)}项", NOTHING, str(points), NOTHING))
    return found


def _number(value: object) -> str:
    return f"{float(value):g}"  # type: ignore[arg-type]


__all__ = ["Result", "ranking", "sheet"]
