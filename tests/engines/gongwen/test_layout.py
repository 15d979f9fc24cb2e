"""Pages as LibreOffice sets them, measured in millimetres against the standard's own figures."""

from __future__ import annotations

import io
from collections import Counter
from functools import cache
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from tests.engines.gongwen.papers import long_table, written_document

from keshu.engines import gongwen as gw
from keshu.engines.gongwen.pdf import office_program

pytestmark = [pytest.mark.office, pytest.mark.skipif(office_program() is None, reason="LibreOffice is not installed")]
MM = 25.4 / 72
NEAR = 1.0  # mm; 5.2.1 allows as much


@cache
def pages(name: str) -> list[Any]:
    documents = {
        "full": gw.OfficialDocument("关于科技统计的通知", (gw.Paragraph("科" * 2000),)),
        "table": gw.OfficialDocument("关于科技统计的通知", (long_table(),)),
        "red": written_document(),
    }
    return pdfplumber.open(io.BytesIO(gw.to_pdf(gw.write_document(documents[name])))).pages


def dashes(page: Any) -> list[tuple[float, float, float]]:
    """Left, right and middle height of each dash of the page number, in mm."""
    return [(c["x0"] * MM, c["x1"] * MM, (c["top"] + c["bottom"]) / 2 * MM) for c in page.chars if c["text"] == "—"]


def test_a_page_holds_22_lines_of_28_characters() -> None:
    """5.2.3."""
    lines = Counter(round(c["top"]) for c in pages("full")[1].chars if c["text"] == "科")
    assert list(lines.values()) == [28] * 22


def test_the_text_fills_156_by_225_millimetres() -> None:
    """5.2.1: 28 mm at the binding, 156 mm wide; the first line below 37 mm, the last above 262 mm."""
    body = [c for c in pages("full")[1].chars if c["text"] == "科"]
    assert min(c["x0"] for c in body) * MM == pytest.approx(28, abs=NEAR)
    assert max(c["x1"] for c in body) * MM == pytest.approx(184, abs=NEAR)
    assert 37 - NEAR < min(c["top"] for c in body) * MM < 42
    assert 256 < max(c["bottom"] for c in body) * MM < 262 + NEAR


def test_page_numbers_stand_at_the_outer_edge() -> None:
    """7.5: the dash 7 mm below the text area, one character (4.9 mm) in, on the right of odd and on the left of even pages."""
    (_, right, height), (left, _, _) = dashes(pages("full")[0])[1], dashes(pages("full")[1])[0]
    assert right == pytest.approx(184 - 4.94, abs=NEAR)
    assert left == pytest.approx(28 + 4.94, abs=NEAR)
    assert height == pytest.approx(262 + 7, abs=NEAR)


def test_on_a_landscape_sheet_the_number_keeps_its_place() -> None:
    """8: turned upright, it stands where it does on other pages; the head of the table is then on the left."""
    sheets = [page for page in pages("red") if page.width > page.height]
    assert len(sheets) > 2
    for page in sheets:
        is_odd = page.page_number % 2 == 1
        places = [
            ((c["x0"] + c["x1"]) / 2 * MM, c["top"] * MM, c["bottom"] * MM) for c in page.chars if c["text"] == "—"
        ]
        assert all(across == pytest.approx(35 - 7, abs=NEAR) for across, _, _ in places)
        # a landscape sheet's left edge is the upright one's foot, its top the upright one's left
        if is_odd:
            assert max(bottom for _, _, bottom in places) == pytest.approx(184 - 4.94, abs=NEAR)
        else:
            assert min(top for _, top, _ in places) == pytest.approx(28 + 4.94, abs=NEAR)


def test_the_header_row_is_on_every_page_of_a_table() -> None:
    table_pages = [page for page in pages("table") if "培育科技企业" in page.extract_text()]
    assert len(table_pages) > 1
    assert all("牵头单位" in page.extract_text() for page in table_pages)


def test_the_red_head_stands_where_the_standard_says() -> None:
    """7.2.4: the letterhead's upper edge 35 mm below the text area's, so 72 mm down; 7.2.7: a red line as wide as the text."""
    data = gw.to_pdf(gw.write_document(written_document()))
    image = pypdfium2.PdfDocument(data)[0].render(scale=150 / 72).to_pil().convert("RGB")
    mm = 25.4 / 150
    red = [
        (x * mm, y * mm)
        for y in range(image.height)
        for x in range(image.width)
        if image.getpixel((x, y))[0] > 180 and max(image.getpixel((x, y))[1:]) < 90
    ]
    assert min(y for _, y in red) == pytest.approx(72, abs=NEAR)
    line = max(y for _, y in red)
    across = [x for x, y in red if y == line]
    assert (min(across), max(across)) == (pytest.approx(28, abs=NEAR), pytest.approx(184, abs=NEAR))
    number = max(
        c["bottom"]
        for c in pages("red")[0].chars
        if c["text"] in "青科发号" and c["size"] < 20 and c["bottom"] * MM < line
    )
    assert line - number * MM == pytest.approx(4, abs=1.5)


def test_the_imprint_ends_with_the_text_area() -> None:
    """7.4.1: the last line falls on the lower edge of the text area of the last page, 262 mm down."""
    edges = [(edge["bottom"]) * MM for edge in (*pages("red")[-1].lines, *pages("red")[-1].rects)]
    assert max(edges) == pytest.approx(262, abs=NEAR)


def test_no_heading_stands_alone_at_the_foot() -> None:
    """Headings are kept with the next paragraph, wherever the page happens to end."""
    for filler in range(17, 22):
        blocks = (*(gw.Paragraph("科技。") for _ in range(filler)), gw.Heading(1, "标题"), gw.Paragraph("创新" * 30))
        data = gw.to_pdf(gw.write_document(gw.OfficialDocument("关于科技统计的通知", blocks)))
        for page in pdfplumber.open(io.BytesIO(data)).pages:
            lines = [line for line in page.extract_text().splitlines() if "—" not in line]
            assert not lines[-1].strip().endswith("标题")


def test_a_file_that_is_no_document_is_refused_in_chinese() -> None:
    with pytest.raises(gw.PdfUnavailable, match="Word 或 WPS"):
        gw.to_pdf(b"PK\x03\x04 broken")


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(gw.PdfUnavailable, match=r"超过 0\.01 秒"):
        gw.to_pdf(gw.write_document(written_document()), seconds=0.01)
