"""The demo documents as Word files an office could have written: title, headings, body, signature, tables."""

from __future__ import annotations

import io
import re

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

HEADING = re.compile(r"[一二三四五六七八九十]+、")
SUBHEADING = re.compile(r"（[一二三四五六七八九十]+）")


def word_file(text: str) -> bytes:
    """A .docx with one paragraph a line of `text`; lines that begin with ``|`` become one table."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Cm(3.7),
        Cm(3.5),
        Cm(2.8),
        Cm(2.6),
    )
    lines, rows = text.strip().splitlines(), []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            _add_table(document, rows)
            rows = []
        if line:
            _add_paragraph(document, line, is_title=line == lines[0])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_paragraph(document: WordDocument, line: str, *, is_title: bool) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(line)
    face, size = ("方正小标宋简体", 22) if is_title else ("黑体", 16) if HEADING.match(line) else ("仿宋_GB2312", 16)
    if SUBHEADING.match(line):
        face = "楷体_GB2312"
    run.font.name, run.font.size = face, Pt(size)
    # Word takes the East Asian face from its own attribute; without it another face stands in.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if is_title or line.startswith("表"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing = Pt(28)


def _add_table(document: WordDocument, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
