"""`keshu outlook FILE`: will the target be met, from a table of figures, without a database."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from keshu.cli.chinese import Command
from keshu.engines import outlook as engine
from keshu.engines.outlook import Figure, Goal, Kind, Op, Question, Reading
from keshu.kernel.period import Period

_KINDS = {
    "累计量": Kind.TOTAL,
    "件数": Kind.COUNT,
    "存量": Kind.LEVEL,
    "占比": Kind.SHARE,
    "增速": Kind.GROWTH_RATE,
}
_HEADS = (("年", "year"), ("月", "month"), ("数值", "value"))
_GOAL = re.compile(r"(>=|<=|>|<|=|≥|≤)?\s*(-?[\d.]+)(?:\s*~\s*(-?[\d.]+))?\Z")
_SIGNS = {"≥": ">=", "≤": "<="}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class GoalText(click.ParamType):
    """A goal as one types it: 120, >=120, <=5, 100~120."""

    name = "目标"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Goal:
        if isinstance(value, Goal):
            return value
        match = _GOAL.match(str(value).strip())
        if match is None or (match[1] and match[3]):
            self.fail(f"“{value}”不是目标，请写成 120、>=120、<=5 或 100~120", param, ctx)
        try:
            number, high = Decimal(match[2]), Decimal(match[3]) if match[3] else None
            sign = _SIGNS.get(match[1], match[1] or ">=")
            return Goal(Op.BETWEEN if high is not None else Op(sign), number, high)
        except (InvalidOperation, engine.UnfitQuestion) as error:
            self.fail(f"“{value}”不是目标：{error}", param, ctx)


@click.command(cls=Command)
@click.argument("file", metavar="文件", type=_FILE)
@click.option(
    "--kind", metavar="种类", type=click.Choice([*_KINDS]), default="累计量", help=f"{'、'.join(_KINDS)}；默认累计量。"
)
@click.option("--to-date", "is_to_date", is_flag=True, help="表中是年内累计数，不是当期数。")
@click.option("--floor", type=GoalText(), help="确保目标，如 120、'<=5'、100~120。")
@click.option("--stretch", type=GoalText(), help="力争目标。")
@click.option("--unit", metavar="单位", default="", help="单位，如 亿元、家。")
@click.option("--year", metavar="年份", type=int, help="哪一年的目标；默认表中最近一年。")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象。")
def outlook(
    file: Path,
    *,
    kind: str,
    is_to_date: bool,
    floor: Goal | None,
    stretch: Goal | None,
    unit: str,
    year: int | None,
    as_json: bool,
) -> None:
    """预测年底数和目标实现的可能性。文件是 CSV 表，三列为年、月（1 至 12，或 Q1 至 Q4）、数值。"""
    figures = read_figures(file)
    reading = Reading.YEAR_TO_DATE if is_to_date else Reading.WITHIN_PERIOD
    year = year or max(each.period.last // 12 for each in figures)
    try:
        answer = engine.foresee(Question(year, _KINDS[kind], figures, reading, floor, stretch, unit))
    except engine.UnfitQuestion as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1) if as_json else answer.explanation)


def read_figures(file: Path) -> tuple[Figure, ...]:
    """The figures of a table; rows without a value are gaps.

    Raises
    ------
    click.ClickException : a column is missing, or a row is no figure; names the row
    """
    rows = list(csv.DictReader(io.StringIO(_text(file.read_bytes()))))
    columns = [next((name for name in names if rows and name in rows[0]), None) for names in _HEADS]
    if None in columns:
        raise click.ClickException(f"{file.name}：第一行要有“年”“月”“数值”三列，后面至少有一行数据")
    found = []
    for line, row in enumerate(rows, start=2):
        year, month, value = ((row[str(column)] or "").strip() for column in columns)
        if value:
            found.append(_figure(f"{file.name} 第{line}行", year, month, value))
    if not found:
        raise click.ClickException(f"{file.name}：没有数值")
    return tuple(found)


def _figure(place: str, year: str, month: str, value: str) -> Figure:
    try:
        quarter = month.upper().removeprefix("Q")
        of_quarter = quarter != month
        period = Period.parse(f"{int(year):04d}-Q{int(quarter)}") if of_quarter else Period.month(int(year), int(month))
        return Figure(period, Decimal(value.replace(",", "")))
    except (ValueError, InvalidOperation) as error:
        raise click.ClickException(
            f"{place}：“{year}，{month}，{value}”不是年、月、数值；月写 1 至 12，季度写 Q1 至 Q4"
        ) from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # what Excel saves in China
        return data.decode("gb18030", errors="replace")
