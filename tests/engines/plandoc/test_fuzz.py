"""Any bytes end in a text or in a refusal: never a traceback, a hang, or a flood of memory."""

from __future__ import annotations

import random
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.plandoc.reading.files import pdf, word

from keshu.engines.plandoc.cleaning import clean
from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading import read_source

_PARAGRAPHS = (
    "二〇二一年科技工作要点",
    "一、年度目标",
    "新增高新技术企业8家，总数达到40家；投入强度达到1.6%。",
    "二、重点工作",
    "1.实施培育计划，建立50家企业的培育库。",
)


@cache
def sound(kind: str) -> bytes:
    """A sound file of each kind."""
    if kind == "docx":
        return word(*_PARAGRAPHS * 3)
    if kind == "pdf":
        lines = [(80.0, 760.0 - 24 * index, text) for index, text in enumerate(_PARAGRAPHS)]
        return pdf(
            [lines, lines],
            rules=["80 400 m 400 400 l S 80 300 m 400 300 l S 80 300 m 80 400 l S 400 300 m 400 400 l S"],
        )
    if kind == "html":
        rows = "".join(f"<p>{text}</p>" for text in _PARAGRAPHS * 5)
        table = "<table><tr><td>高企</td><td>8家</td></tr><tr><td>平台</td><td>2家</td></tr></table>"
        return (
            f'<html><head><meta charset="utf-8"></head><body><div id="zoom">{rows}{table}</div></body></html>'.encode()
        )
    return "\n".join(_PARAGRAPHS * 3).encode("gb18030" if kind == "gb" else "utf-8")


KINDS = ("docx", "pdf", "html", "txt", "gb")


def outcome(data: bytes, *, name: str = "") -> str:
    """Read and clean; the text, or the refusal's words."""
    begun = time.process_time()
    try:
        source = read_source(data, name=name)
        cleaned = clean(source.text)
        assert len(cleaned.origin) == len(cleaned.text) + 1
        found = cleaned.text
    except PlanDocumentError as refusal:
        found = str(refusal)
        assert found.endswith("。")
    assert time.process_time() - begun < 10 * (1 + len(data) / 1_000_000)
    return found


@given(st.binary(max_size=600), st.sampled_from(("a.docx", "a.pdf", "a.html", "a.txt", "")))
@settings(max_examples=200, deadline=None)
def test_junk(data: bytes, name: str) -> None:
    outcome(data, name=name)


@pytest.mark.parametrize(
    "magic",
    [
        b"PK\x03\x04",
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"<html><body>",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n",
    ],
)
def test_junk_behind_a_true_beginning(magic: bytes) -> None:
    dice = random.Random(7)
    for length in (0, 1, 7, 100, 5000):
        outcome(magic + dice.randbytes(length))


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short(kind: str) -> None:
    data = sound(kind)
    for part in range(1, 20):
        outcome(data[: len(data) * part // 20], name=f"a.{kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_flipped_bits(kind: str) -> None:
    dice = random.Random(11)
    for turn in range(30):
        data = bytearray(sound(kind))
        for _ in range(1 + turn // 3):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        outcome(bytes(data), name=f"a.{kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_stretches_repeated_and_dropped(kind: str) -> None:
    dice = random.Random(13)
    for _ in range(20):
        data = sound(kind)
        first, second = sorted(dice.randrange(len(data)) for _ in range(2))
        outcome(data[:second] + data[first:], name=f"a.{kind}")
        outcome(data[:first] + data[second:], name=f"a.{kind}")


@pytest.mark.parametrize(
    "unit",
    [
        "一",
        "(",
        "1.",
        "１",
        " ",
        "\n",
        "\f",
        "| ",
        "a(chǎn)",
        "，",
        "、",
        "....1",
        "二〇",
        "- 1 -\n",
        "1 ",
        "首页 > ",
        "<p>",
        "&amp;",
        "ぎ",
        "畫",
        "R D",
        "l0",
        "来源:网络 ",
        "第1页",
    ],
)
def test_monotonous_texts_take_linear_time(unit: str) -> None:
    assert isinstance(outcome((unit * (400_000 // len(unit))).encode()), str)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_is_cleaned(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.origin) == len(cleaned.text) + 1
