"""What the command line says: help, errors and figures in Chinese; wrong calls leave with 2, failures with 1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keshu.cli import main
from keshu.cli.plan import SAID
from keshu.engines.plandoc import Op

PLAN = """云澜市2026年科技创新工作要点
一、主要目标
1.有效期内高新技术企业总数达到520家以上。
2.万元地区生产总值能耗控制在0.4吨标准煤以内。
3.科技创新综合评价进入全省前5位。
4.新建市重点实验室3至5家。
"""


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="keshu")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "parse", "没有的.docx"), "找不到“没有的.docx”"),
        (("plan", "parse", "."), "是文件夹，这里要写文件"),
        (("plan", "parse"), "缺少 文件"),
        (("plan", "parse", "--jsn", "a.docx"), "没有 --jsn 这个选项，是不是 --json"),
        (("plan", "parse", "--xlsx"), "选项 --xlsx 后面要写内容"),
        (("plan", "score", __file__), "是文件，这里要写文件夹"),
        (("plan", "parse", __file__, "多余"), "多写了内容：多余"),
        (("serve", "--port", "八千"), "选项 --port：“八千”不是整数"),
        (("serve", "--port", "99999"), "超出范围"),
        (("serve", "--worker=1"), "选项 --worker 后面不用写内容"),
        (("服务",), "没有“服务”这个命令"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(arguments: tuple[str, ...], words: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert f"错误：{words}" in result.output or words in result.output
    told = re.sub(r"“[^”]*”|--\w+|keshu[\w -]*|\.docx|/\S+", "", result.output)
    assert not re.search(r"[A-Za-z]{3,}", told), told


def test_help_has_chinese_headings() -> None:
    for arguments in ((), ("--help",), ("plan", "--help"), ("plan", "parse", "--help"), ("serve", "-h")):
        shown = call(*arguments).output
        assert shown.startswith("用法：keshu")
        assert "选项:" in shown
        assert not re.search(r"Usage|Options|Commands|Show this|OPTIONS|default", shown), shown


def test_an_unreadable_file_leaves_with_1_and_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "空.docx"
    file.write_bytes(b"")
    result = call("plan", "parse", str(file))
    assert result.exit_code == 1
    assert "空.docx：文件是空的" in result.output


def test_figures_are_said_as_a_clerk_says_them(tmp_path: Path) -> None:
    file = tmp_path / "要点.txt"
    file.write_text(PLAN, encoding="utf-8")
    shown = call("plan", "parse", str(file)).output
    for words in ("不低于520家", "不高于0.4吨标准煤", "第5位以内", "3—5家"):
        assert words in shown
    assert not re.search(r"rank|between|[<>]=", shown)


def test_every_comparison_has_its_words() -> None:
    assert set(SAID) == set(Op)


def test_rhythms_bases_and_yardsticks_are_said(tmp_path: Path) -> None:
    file = tmp_path / "要点.txt"
    file.write_text(
        "云山县2026年科技工作要点\n一、重点任务\n每季度举办对接会不少于1场。高新技术产业产值增速高于全省平均2个百分点。"
        "创新平台入驻率提高1.2个百分点。\n",
        encoding="utf-8",
    )
    shown = call("plan", "parse", str(file)).output
    for words in ("不低于1场/季度", "高于全省平均2个百分点", "提高不低于1.2个百分点"):
        assert words in shown
