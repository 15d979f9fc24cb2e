"""`keshu factcheck`: a draft against another document or a ledger file, in Chinese; 1 when something is wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
from click.testing import CliRunner, Result

from keshu.cli import main

PLAN = "2026年云澜市科技工作要点\n一、主要目标\n技术合同成交额达到68亿元。高新技术企业总数达到520家。\n"
DRAFT = "2026年云澜市科技工作计划\n今年，技术合同成交额目标68亿元，高新技术企业总数目标502家。\n"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["factcheck", *map(str, arguments)], prog_name="keshu")


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_draft_is_checked_against_a_document(tmp_path: Path) -> None:
    result = call(written(tmp_path, "稿.txt", DRAFT), "--against", written(tmp_path, "要点.txt", PLAN))
    assert result.exit_code == 1
    assert "共核对 2 个数：一致 1，有疑问 1，台账中没有 0" in result.output
    assert "第2行　不符　502家　与台账不符：稿中为502家，少18家" in result.output


def test_a_saved_ledger_serves_as_well(tmp_path: Path) -> None:
    ledger = tmp_path / "台账.json"
    assert call(written(tmp_path, "要点.txt", PLAN), "--save-ledger", ledger).exit_code == 0
    result = call(written(tmp_path, "稿.txt", DRAFT.replace("502", "520")), "--against", ledger, "--json")
    assert result.exit_code == 0
    assert [each["verdict"] for each in json.loads(result.output)] == ["agrees", "agrees"]


def test_comments_are_saved_to_another_file(tmp_path: Path) -> None:
    target = tmp_path / "批注.docx"
    call(written(tmp_path, "稿.txt", DRAFT), "--against", written(tmp_path, "要点.txt", PLAN), "--comments", target)
    comments = list(docx.Document(io.BytesIO(target.read_bytes())).comments)
    assert len(comments) == 1
    assert "少18家" in comments[0].text


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    draft = written(tmp_path, "稿.txt", DRAFT)
    assert "请用 --against 指定台账" in call(draft).output
    assert "不是有效的 JSON" in call(draft, "--against", written(tmp_path, "坏.json", "甲")).output
