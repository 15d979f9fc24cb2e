"""Scoring by hand-counted cases: what is right, what is missed, what is one too many, what does not count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keshu.engines.plandoc import scoring
from keshu.engines.plandoc.document import Metadata, PlanDocument, PlanDocumentError

TEXT = "一、目标\n高企达到120家,力争130家。\n二、任务\n1.建平台。新建3家。(平台科)\n"


def claim(quote: str, value: float | None, unit: str, indicator: str, **other: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    entry = {
        "quote": quote, "start": start, "end": start + len(quote), "indicator": indicator, "op": ">=", "value": value,
        "value_high": None, "unit": unit, "measure": "level", "tier": "base", "tense": "target", "masked": False, "period": 2024,
    }  # fmt: skip
    return {**entry, **other}


def node(label: str, heading: str, level: int, owners: list[str] | None = None, **other: Any) -> dict[str, Any]:
    start = TEXT.index(heading)
    return {
        "label": label,
        "heading": heading,
        "level": level,
        "owners": owners or [],
        "kind": "section",
        "start": start,
        **other,
    }


def gold() -> dict[str, Any]:
    return {
        "doc": "a.txt",
        "meta": {"title": "要点", "issuer": None, "region": None, "doc_number": None, "index_number": None,
                 "published": None, "plan_year": 2024, "kind": "plan", "script": "simplified"},
        "targets": [
            claim("高企达到120家", 120, "家", "高新技术企业数"),
            claim("力争130家", 130, "家", "高新技术企业数", tier="stretch"),
            claim("新建3家", 3, "家", "平台", optional=True),
        ],
        "nodes": [node("一、", "目标", 1), node("二、", "任务", 1), node("1.", "建平台", 2, ["平台科"])],
        "owners_vocabulary": ["平台科"],
        "non_targets": [{"quote": "(平台科)", "start": TEXT.index("(平台科)"), "end": TEXT.index("(平台科)") + 5}],
    }  # fmt: skip


def test_the_label_itself_scores_full() -> None:
    counts = scoring.score_reading(gold(), gold(), text=TEXT).counts
    assert (counts.labelled, counts.read, counts.value_unit, counts.full, counts.neutral) == (2, 2, 2, 2, 1)
    assert [r.f1 for r in (counts.value_and_unit, counts.fully_right, counts.nodes, counts.owners)] == [1.0] * 4
    assert (counts.meta_right, counts.meta_fields) == (9, 9)


def test_wrong_value_wrong_tier_and_trap() -> None:
    reading = gold()
    reading["targets"] = [
        claim("高企达到120家", 99, "家", "高新技术企业数"),
        claim("力争130家", 130, "家", "高新技术企业数"),
        claim("(平台科)", 7, "个", "平台科"),
    ]
    scored = scoring.score_reading(gold(), reading, text=TEXT)
    counts = scored.counts
    assert (counts.labelled, counts.read, counts.value_unit, counts.full, counts.traps) == (2, 3, 1, 0, 1)
    assert counts.value_and_unit.precision == pytest.approx(1 / 3)
    assert counts.value_and_unit.recall == pytest.approx(1 / 2)
    assert counts.value_and_unit.f1 == pytest.approx(2 / 5)
    assert scored.missed == ("高企达到120家",)
    assert scored.extra == ("高企达到120家", "(平台科)")


def test_units_and_amounts_are_folded() -> None:
    labelled = gold()
    labelled["targets"] = [claim("高企达到120家", 1.2, "亿元", "成交额"), claim("力争130家", 5, "名", "人才")]
    reading = gold()
    reading["targets"] = [claim("高企达到120家", 12000, "万元", "成交额"), claim("力争130家", 5, "人", "人才")]
    assert scoring.score_reading(labelled, reading, text=TEXT).counts.full == 2


def test_also_accepted_answers_count() -> None:
    labelled = gold()
    labelled["targets"][0] |= {"op_also": ["="], "indicator_also": ["有效期内企业"]}
    reading = gold()
    reading["targets"][0] |= {"op": "=", "indicator": "有效期内企业"}
    assert scoring.score_reading(labelled, reading, text=TEXT).counts.full == 2


def test_nodes_need_label_and_heading_and_owners_their_node() -> None:
    reading = gold()
    reading["nodes"] = [node("一、", "目标", 1), node("二、", "目标", 1), node("1.", "建平台", 3, ["平台科", "办公室"])]
    counts = scoring.score_reading(gold(), reading, text=TEXT).counts
    assert (counts.nodes_labelled, counts.nodes_read, counts.nodes_right, counts.levels_right) == (3, 3, 2, 1)
    assert (counts.owners_labelled, counts.owners_read, counts.owners_right) == (1, 2, 1)


def test_inherited_owners_neither_gain_nor_lose() -> None:
    labelled = gold()
    labelled["nodes"] = [node("二、", "任务", 1, ["办公室"]), node("1.", "建平台", 2)]
    reading = gold()
    reading["nodes"] = [node("二、", "任务", 1, ["办公室"]), node("1.", "建平台", 2, ["办公室"])]
    counts = scoring.score_reading(labelled, reading, text=TEXT).counts
    assert (counts.owners_labelled, counts.owners_read, counts.owners_right) == (1, 1, 1)


def test_full_title_is_accepted_and_evidence_fields_are_left_out() -> None:
    labelled = gold()
    labelled["meta"] |= {"full_title": "关于印发《要点》的通知", "region_evidence": "not printed"}
    reading = gold()
    reading["meta"]["title"] = "关于印发《要点》的通知"
    counts = scoring.score_reading(labelled, reading, text=TEXT).counts
    assert (counts.meta_right, counts.meta_fields) == (8, 8)


def test_nothing_to_read_and_nothing_read_is_right() -> None:
    assert scoring.Ratio(0, 0, 0).f1 == 1.0
    assert scoring.Ratio(0, 3, 0).f1 == 0.0


def test_folder_reads_every_format_present(tmp_path: Path) -> None:
    (tmp_path / "a.gold.json").write_text(json.dumps(gold(), ensure_ascii=False), encoding="utf-8")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.html").write_text("<p>x</p>", encoding="utf-8")
    seen: list[str] = []

    def reader(data: bytes, name: str) -> PlanDocument:
        seen.append(name)
        return PlanDocument(text=data.decode(), meta=_meta())

    score = scoring.score_folder(tmp_path, read=reader)
    assert seen == ["a.txt", "a.html"]
    assert (score.total.labelled, score.total.read) == (4, 0)
    table = scoring.render(score)
    assert table.splitlines()[0].startswith("| 文档 | 格式 |")
    assert [line.split(" | ")[0] for line in table.splitlines()[2:]] == ["| a", "| a", "| 合计"]
    assert "| a | txt | 2 | 0 | 0.000 0.000 0.000 |" in table


def test_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(scoring.NothingToScore, match="没有带标注"):
        scoring.score_folder(tmp_path, read=lambda data, name: _refuse())


def _meta() -> Metadata:
    return Metadata(title="要点", plan_year=2024)


def _refuse() -> PlanDocument:
    raise PlanDocumentError("不应读取任何文件")
