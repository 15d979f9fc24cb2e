"""Comments in a Word file: at their words, nothing else changed, whatever the runs look like."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from tests.engines.gongwen.papers import written_document

from keshu.engines import gongwen as gw
from keshu.engines.gongwen.pdf import office_program

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def commented(data: bytes, *remarks: gw.Remark) -> tuple[Document, gw.Commented]:
    done = gw.comment_document(data, remarks, author="科枢核对", at=AT)
    return docx.Document(io.BytesIO(done.data)), done


def marked(document: Document) -> dict[int, str]:
    """The words between a comment's two marks, by its number."""
    found: dict[int, str] = {}
    open_now: set[int] = set()
    for element in document.element.body.iter():
        if element.tag == qn("w:commentRangeStart"):
            open_now.add(int(element.get(qn("w:id"))))
        elif element.tag == qn("w:commentRangeEnd"):
            open_now.remove(int(element.get(qn("w:id"))))
        elif element.tag == qn("w:t"):
            for number in open_now:
                found[number] = found.get(number, "") + (element.text or "")
    return found


def mixed() -> Document:
    """Runs of several looks, a break, a table, a text box, an insertion and a deletion."""
    document = docx.Document()
    paragraph = document.add_paragraph("成交额")
    paragraph.add_run("60").bold = True
    paragraph.add_run(".5亿元，")
    run = paragraph.add_run("券549万元")
    run.italic = True
    run.add_break()
    run.add_text("贷4.3亿元")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["云湖区", "5家", "澜江区", "5家"], strict=True
    ):
        cell.text = text
    last = document.add_paragraph("目标")
    revised = parse_xml(
        f'<w:ins {nsdecls("w")} w:id="9" w:author="甲" w:date="2026-01-01T00:00:00Z"><w:r><w:t>520家</w:t></w:r></w:ins>'
    )
    last._p.append(revised)
    last._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="8" w:author="甲" w:date="2026-01-01T00:00:00Z">'
            "<w:r><w:delText>500家</w:delText></w:r></w:del>"
        )
    )
    return document


def test_comments_stand_at_their_words_across_runs_and_in_cells() -> None:
    document, done = commented(
        saved(mixed()),
        gw.Remark("60.5亿元", "一", "成交额", "，券"),
        gw.Remark("549万元", "二", "券"),
        gw.Remark("4.3亿元", "三", "贷"),
        gw.Remark("5家", "四", "| 澜江区 | ", " |"),
        gw.Remark("520家", "五", "目标"),
    )
    assert done.unplaced == ()
    assert marked(document) == {0: "60.5亿元", 1: "549万元", 2: "4.3亿元", 3: "5家", 4: "520家"}
    second = document.tables[0].rows[1].cells[1]
    assert second._tc.find(".//" + qn("w:commentRangeStart")) is not None


def test_nothing_but_the_comments_is_new() -> None:
    before = mixed()
    document, _ = commented(saved(before), gw.Remark("0.5亿", "一"), gw.Remark("49万", "二"))
    assert [p.text for p in document.paragraphs] == [p.text for p in before.paragraphs]
    looks = {run.text: (run.bold, run.italic) for run in document.paragraphs[0].runs if run.text}
    assert looks["6"] == looks["0"] == (True, None)
    assert looks["49万"] == (None, True)


def test_words_that_are_not_there_are_given_back() -> None:
    absent = gw.Remark("999家", "一")
    _, done = commented(saved(mixed()), absent, gw.Remark("500家", "删去的字"))
    assert [remark.quote for remark in done.unplaced] == ["999家", "500家"]


def test_comments_that_a_file_has_stay() -> None:
    first = docx.Document()
    paragraph = first.add_paragraph("成交额60.5亿元")
    first.add_comment(paragraph.runs[0], text="原有批注", author="甲")
    document, _ = commented(saved(first), gw.Remark("60.5亿元", "新批注\n第二段"))
    assert [(each.comment_id, each.text) for each in document.comments] == [(0, "原有批注"), (1, "新批注\n第二段")]


def test_two_comments_may_stand_on_the_same_words() -> None:
    document, _ = commented(
        saved(mixed()), gw.Remark("549万元", "一"), gw.Remark("549万元", "二"), gw.Remark("券549", "三")
    )
    assert marked(document) == {0: "549万元", 1: "549万元", 2: "券549"}


def test_letters_that_xml_cannot_hold_are_left_out() -> None:
    document, _ = commented(saved(mixed()), gw.Remark("549万元", "一\x00\x0b二"))
    assert [comment.text for comment in document.comments] == ["一二"]


def test_a_file_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(gw.UnreadableDocument, match="Word"):
        gw.comment_document(b"PK", [], author="科枢核对", at=AT)


@pytest.mark.office
@pytest.mark.skipif(office_program() is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_the_comments(tmp_path: Path) -> None:
    done = gw.comment_document(
        gw.write_document(written_document()), [gw.Remark("120家", "与台账不符")], author="科枢核对", at=AT
    )
    assert done.unplaced == ()
    (tmp_path / "a.docx").write_bytes(done.data)
    program = office_program()
    assert program is not None
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "odt", "--outdir",
         str(tmp_path), str(tmp_path / "a.docx")],
        check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    content = zipfile.ZipFile(tmp_path / "a.odt").read("content.xml").decode()
    assert "与台账不符" in content
    assert "科枢核对" in content
