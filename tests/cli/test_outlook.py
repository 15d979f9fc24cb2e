"""`keshu outlook FILE`: a table in, the outlook in Chinese or as JSON out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keshu.cli import main

SHAPE = (4, 5, 9, 7, 8, 12, 7, 7, 10, 8, 9, 14)  # 100 a year, 45 by June


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["outlook", *map(str, arguments)], prog_name="keshu")


def table(path: Path, *, head: str = "年,月,数值", encoding: str = "utf-8") -> Path:
    rows = [(year, month, SHAPE[month - 1]) for year in (2024, 2025) for month in range(1, 13)]
    rows += [(2026, month, SHAPE[month - 1]) for month in range(1, 7)]
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows), "2026,7,"]), encoding=encoding)
    return path


def test_the_outlook_in_words(tmp_path: Path) -> None:
    result = call(table(tmp_path / "成交额.csv"), "--floor", "95", "--stretch", "≥105", "--unit", "亿元")
    assert result.exit_code == 0
    assert result.output.startswith("截至2026年6月累计45亿元；参照2024年至2025年共2年的数据；")
    assert "确保目标不低于95亿元，实现的可能性" in result.output
    assert "力争目标不低于105亿元，实现的可能性" in result.output


def test_the_outlook_as_json(tmp_path: Path) -> None:
    result = call(table(tmp_path / "a.csv", head="year,month,value"), "--floor", "90~110", "--json")
    found = json.loads(result.output)
    assert found["forecast"] == pytest.approx(100)
    assert found["floor"]["goal"] == {"op": "between", "value": 90.0, "high": 110.0}


def test_year_to_date_figures_by_quarter_as_excel_saves_them(tmp_path: Path) -> None:
    path = tmp_path / "季度.csv"
    rows = [f"{year},Q{quarter},{quarter * 25}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)]
    path.write_text("\n".join(["年,月,数值", *rows, "2026,Q1,25"]), encoding="gb18030")
    found = json.loads(call(path, "--to-date", "--json").output)
    assert (found["reached"], found["last_year"], found["reported_until"]) == (25, 100, "2026-Q1")
    assert found["forecast"] == pytest.approx(100)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("年,数值\n2026,1", "第一行要有“年”“月”“数值”三列"),
        ("年,月,数值\n2026,13,5", "第2行：“2026，13，5”不是年、月、数值"),
        ("年,月,数值\n2026,1,", "没有数值"),
        ("年,月,数值\n2026,1,5\n2026,1,6", "2026-01有2个数，一个时期只能有一个数"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "表.csv"
    path.write_text(text, encoding="utf-8")
    result = call(path)
    assert result.exit_code == 1
    assert message in result.output


def test_a_goal_that_is_none_is_refused(tmp_path: Path) -> None:
    result = call(table(tmp_path / "a.csv"), "--floor", "很多")
    assert result.exit_code == 2
    assert "“很多”不是目标，请写成 120、>=120、<=5 或 100~120" in result.output
