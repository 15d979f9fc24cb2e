"""Mending leaves the words alone, keeps the file sound, and mends a file with many faults at once."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.shared import Pt
from lxml import etree
from tests.engines.gongwen.planted import PLANTS, Plant

from keshu.engines import gongwen as gw
from keshu.engines.gongwen.ooxml import misplaced

# Rules about how something is written: only these may change words, and only marks, zeros and digits.
WORDED = {
    "half-width", "number-brackets", "number-serial", "date-form", "issue-date-form", "note-mark", "note-form", "heading-mark",
    "addressee-mark", "copies-mark",
}  # fmt: skip


def words_of(data: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [text for text in [*(p.text.strip(" 　") for p in document.paragraphs), *cells] if text]


def faults_of_order(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
        return [f"{name} {each}" for name in parts for each in misplaced(etree.fromstring(archive.read(name)))]


@pytest.mark.parametrize("plant", [p for p in PLANTS if p.is_mended], ids=lambda plant: plant.name)
def test_words_stay(plant: Plant) -> None:
    before = plant.document()
    after = words_of(plant.fixed().data)
    if plant.rule in WORDED:
        bare = [
            re.sub(r"[^\u4e00-\u9fff]|第|[〇零一二三四五六七八九十年月日]", "", text)
            for text in (*words_of(before), *after)
        ]
        assert bare[: len(after)] == bare[len(after) :]
    else:
        assert after == words_of(before)


@pytest.mark.parametrize("plant", [p for p in PLANTS if p.is_mended], ids=lambda plant: plant.name)
def test_mended_files_keep_the_order_of_the_schema(plant: Plant) -> None:
    before = plant.document()
    assert set(faults_of_order(plant.fixed().data)) <= set(faults_of_order(before))


def test_a_file_as_word_makes_it_by_default_becomes_sound() -> None:
    """Letter paper, Calibri, 1.15 lines: everything is wrong, and everything is mechanical but the numbers."""
    document = docx.Document()
    document.add_heading("关于开展科技统计的通知", 0)
    document.add_paragraph("各县（区）科技局:")
    document.add_paragraph("现就有关事项通知如下,请认真落实(附表另发)。")
    document.add_paragraph("")
    for label in ("一.统计范围", "二、报送要求"):
        document.add_heading(label, 1)
        document.add_paragraph("按照《统计办法》执行，于2026年3月底前报送。").runs[0].font.size = Pt(12)
    document.add_paragraph("青岭市科学技术局").alignment = 2
    document.add_paragraph("二〇二六年三月五日").alignment = 2
    out = io.BytesIO()
    document.save(out)
    found = gw.check_document(out.getvalue())
    assert len(found) > 25
    fixed = gw.fix_document(out.getvalue())
    assert [str(each) for each in fixed.left] == []
    texts = words_of(fixed.data)
    assert texts[:4] == [
        "关于开展科技统计的通知",
        "各县（区）科技局：",
        "现就有关事项通知如下，请认真落实（附表另发）。",
        "一、统计范围",
    ]
    assert texts[-1] == "2026年3月5日"


def test_mending_a_sound_document_changes_nothing() -> None:
    data = PLANTS[0].base().bytes()
    assert gw.fix_document(data) == gw.Fixed(data, (), ())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(600), "正文".encode(), bytes(5000)])
def test_files_that_are_no_word_files_are_refused_in_chinese(data: bytes) -> None:
    with pytest.raises(gw.UnreadableDocument, match="另存为"):
        gw.check_document(data)


def test_an_archive_without_a_document_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(gw.UnreadableDocument, match="没有 Word 正文"):
        gw.check_document(out.getvalue())
