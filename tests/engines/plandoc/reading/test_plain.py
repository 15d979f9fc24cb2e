"""Plain text and everything that is not a document: encodings, and refusals that say what to do."""

from __future__ import annotations

import pytest
from tests.engines.plandoc.reading.files import pdf, word

from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading import read_source

_TEXT = "一、主要目标\r\n新增高新技术企业８家，总数达到４０家。\r\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5"])
def test_encodings(codec: str) -> None:
    text = _TEXT if codec != "big5" else "一、主要目標\r\n新增高新技術企業八家，總數達到四十家。\r\n"
    assert read_source(text.encode(codec), name="要点.txt").text == text


def test_a_cut_last_character_does_not_change_the_encoding() -> None:
    assert read_source(_TEXT.encode()[:-4]).text == _TEXT[:-3]


def test_the_true_content_counts_not_the_suffix() -> None:
    assert read_source(word("新增8家。"), name="要点.pdf").format == "docx"
    assert read_source(pdf([[(80, 700, "新增八家企业，总数达到四十家。")]]), name="要点.docx").format == "pdf"
    assert read_source("新增8家。".encode("gb18030"), name="要点.docx").format == "txt"
    assert read_source("<html><body><p>新增8家。</p></body></html>".encode(), name="要点.txt").format == "html"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b" \r\n\t ", "文件是空的"),
        ("　\u00a0\n".encode(), "没有文字"),
        (_OLE + "WordDocument".encode("utf-16-le"), "另存为 .docx"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "去掉密码"),
        (_OLE + "Workbook".encode("utf-16-le"), "Excel"),
        (rb"{\rtf1\ansi hello}", "RTF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "图片"),
        (b"Rar!\x1a\x07\x00" + bytes(50), "解压"),
        (b"7z\xbc\xaf\x27\x1c", "解压"),
        (b"PK\x03\x04 broken", "已损坏"),
        (bytes(range(256)) * 40, "乱码"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "XML"),
    ],
)
def test_refusals_say_what_was_given_and_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(PlanDocumentError) as refusal:
        read_source(data, name="要点.docx")
    assert words in str(refusal.value)
    assert str(refusal.value).endswith("。")


def test_a_text_beyond_any_plan_is_refused() -> None:
    with pytest.raises(PlanDocumentError, match="500 万字"):
        read_source(("新增8家。" * 1_000_001).encode())
