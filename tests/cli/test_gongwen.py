"""`keshu gongwen`: findings in Chinese, as text or JSON; 1 when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from tests.engines.gongwen.papers import by_hand, opened, written_document

from keshu.cli import main
from keshu.engines import gongwen as gw


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["gongwen", *map(str, arguments)], prog_name="keshu")


def faulty(tmp_path: Path) -> Path:
    plain = by_hand()
    plain.named["date"].runs[0].text = "2026年03月05日"
    path = tmp_path / "总结.docx"
    path.write_bytes(plain.bytes())
    return path


def test_a_sound_file_leaves_with_0(tmp_path: Path) -> None:
    path = tmp_path / "通知.docx"
    path.write_bytes(gw.write_document(written_document()))
    result = call("check", path)
    first, note = result.output.splitlines()
    assert (result.exit_code, first) == (0, "没有发现格式问题")
    assert note.startswith("表格内文字未检查：共1个表格")
    assert json.loads(call("check", path, "--json").output) == []


def test_findings_are_listed_with_their_clause_and_leave_with_1(tmp_path: Path) -> None:
    result = call("check", faulty(tmp_path))
    assert result.exit_code == 1
    assert (
        "“2026年03月05日”：成文日期写法，应为2026年3月5日，现为2026年03月05日（GB/T 9704-2012 7.3.5.4）"
        in result.output
    )
    found = json.loads(call("check", faulty(tmp_path), "--json").output)
    assert [(each["rule"], each["is_mechanical"]) for each in found] == [("date-form", True)]


def test_fix_writes_another_file_and_says_what_is_left(tmp_path: Path) -> None:
    source, target = faulty(tmp_path), tmp_path / "改好.docx"
    before = source.read_bytes()
    result = call("fix", source, "-o", target)
    assert result.exit_code == 0
    assert "已改正 1 处" in result.output
    assert source.read_bytes() == before
    assert gw.check_document(target.read_bytes()) == []


def test_what_only_people_can_mend_leaves_with_1(tmp_path: Path) -> None:
    plain = opened(gw.write_document(written_document()))
    plain.named["note2"].runs[0].text = "2.职责表"
    path = tmp_path / "通知.docx"
    path.write_bytes(plain.bytes())
    result = call("fix", path, "-o", tmp_path / "改好.docx")
    assert result.exit_code == 1
    assert "还有 1 处要人工改" in result.output


def test_a_file_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "文件.docx"
    path.write_text("不是文档")
    result = call("check", path)
    assert result.exit_code == 1
    assert "不是完整的 Word 文档" in result.output
