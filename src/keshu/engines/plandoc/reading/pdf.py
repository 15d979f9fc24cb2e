"""PDF, page by page in bounded memory: printed lines as lines, paragraph indents as two blanks, ruled tables as rows.

PDFium reads the text. A page whose drawing shows ruled lines both ways is handed to pdfplumber for its tables; a document
whose pages carry no characters is a scan and goes to the OCR reader where that is installed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from statistics import median_low
from typing import TYPE_CHECKING, Any, NamedTuple

from keshu.engines.plandoc.reading.refusal import LONGEST_TEXT, refusal, too_long
from keshu.engines.plandoc.source import Source

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_MOST_PAGES = 2000
_MOST_TABLE_PAGES = 60
_MOST_OBJECTS = 5_000
_MOST_CROSSINGS = 3_000
_LARGEST_STREAM = 256 * 1024 * 1024
_FEWEST_CHARACTERS = 8  # a page of fewer is a picture with, say, a printed page number
_STRAYING = frozenset("“”‘’…—·∶≥≤×±‰①②③④⑤⑥⑦⑧⑨⑩")  # often taken from another font
_STREAM = re.compile(rb"stream\r?\n")
_SAVE = "请用原来的程序打开检查，重新导出 PDF 或另存为 .docx 后再上传"


def read_pdf(data: bytes, *, on_page: Callable[[int, int], None] | None = None) -> Source:
    """The text of a PDF; pages end in a form feed. `on_page` hears of each page of a scan before it is recognised.

    Raises
    ------
    PlanDocumentError
        the file is damaged, encrypted, too large, or a scan where no OCR is installed
    """
    _refuse_bomb(data)
    document = _opened(data)
    try:
        pages, notes = _pages(document, data)
        written = sum(len(page.strip()) for page in pages)
        if written == 0 or (written < _FEWEST_CHARACTERS * len(pages) and _shows_pictures(document)):
            pages, notes = _scanned(document, on_page)
    finally:
        document.close()
    return Source(text="\n\f".join(pages), format="pdf", notes=notes)


def _opened(data: bytes) -> PdfDocument:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise refusal(
                given="PDF 设了打开密码", why="加密的内容读不出来", remedy="请用 PDF 阅读器去掉密码，另存后再上传"
            ) from error
        raise refusal(given="PDF 已损坏或不完整", why="打不开", remedy=_SAVE) from error
    if not 0 < count <= _MOST_PAGES:
        document.close()
        raise refusal(
            given=f"PDF 有 {count} 页", why=f"只能读取 1 到 {_MOST_PAGES} 页的文件", remedy="请只上传正文部分"
        )
    return document


def _refuse_bomb(data: bytes) -> None:
    """No stream may inflate without bound: it is measured here, a megabyte at a time, before PDFium inflates it whole."""
    for match in _STREAM.finditer(data):
        head = data[match.end() : match.end() + 2]
        if len(head) < 2 or head[0] & 0x0F != 8 or (head[0] * 256 + head[1]) % 31:
            continue
        inflater, size = zlib.decompressobj(), 0
        chunk = data[match.end() : match.end() + (1 << 20)]
        place = match.end() + len(chunk)
        try:
            while chunk and not inflater.eof:
                size += len(inflater.decompress(chunk, 1 << 20))
                if size > _LARGEST_STREAM:
                    raise refusal(given="PDF 解压后过大", why="超过单份文档的上限，可能是异常文件", remedy=_SAVE)
                chunk = inflater.unconsumed_tail
                if not chunk:
                    chunk = data[place : place + (1 << 20)]
                    place += len(chunk)
        except zlib.error:
            continue


class _Line(NamedTuple):
    """A printed line and its box on the page, in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    top: float


def _pages(document: PdfDocument, data: bytes) -> tuple[list[str], tuple[str, ...]]:
    pages: list[str] = []
    ruled: dict[int, list[_Line]] = {}
    total = 0
    for number in range(len(document)):
        page = document[number]
        try:
            lines = _page_lines(page)
            if lines and len(ruled) < _MOST_TABLE_PAGES and _is_ruled(page):
                ruled[number] = lines
        finally:
            page.close()
        pages.append("\n".join(line.text for line in lines))
        total += len(pages[-1])
        if total > LONGEST_TEXT:
            raise too_long()
    for number, text_with_tables in _with_tables(data, ruled):
        pages[number] = text_with_tables
    notes = (f"只在前 {_MOST_TABLE_PAGES} 个带表格的页面里识别表格",) if len(ruled) == _MOST_TABLE_PAGES else ()
    return pages, notes


def _page_lines(page: PdfPage) -> list[_Line]:
    """The printed lines of a page; a line that begins well right of the text's left edge gets two blanks in front."""
    text = page.get_textpage()
    try:
        lines = list(_printed_lines(text))
    finally:
        text.close()
    if len(lines) < 4:
        return lines
    size = median_low([line.top - line.bottom for line in lines])
    lefts = sorted(line.left for line in lines)
    edge = median_low(lefts[: max(1, len(lefts) // 2)])
    if lefts[1] - lefts[0] < 0.5 * size and edge - lefts[0] < 4 * size:
        edge = lefts[0]  # most paragraphs are of one line: the indent is common and the edge is rare
    return [
        line._replace(text="　　" + line.text) if line.left - edge > 1.2 * max(4.0, size) else line for line in lines
    ]


def _printed_lines(page: PdfTextPage) -> Iterator[_Line]:
    text = page.get_text_range()
    placed = len(text) == page.count_chars()
    place = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip().replace("\ufffe", "")
        if bare and not placed:
            yield _Line(bare, 0.0, 0.0, 0.0)
        elif bare:
            left, bottom, _, top = page.get_charbox(place + line.index(bare[0]), loose=True)
            if _STRAYING.isdisjoint(bare):
                yield _Line(bare, left, bottom, top)
            else:
                bare, left = _from_left_to_right(page, place, line)
                yield _Line(bare, left, bottom, top)
        place += len(line)


def _from_left_to_right(page: PdfTextPage, place: int, line: str) -> tuple[str, float]:
    """A line's characters by where they stand: programs that take quotation marks from another font print them last."""
    boxes = sorted(
        (
            (page.get_charbox(place + index, loose=True), letter)
            for index, letter in enumerate(line)
            if not letter.isspace()
        ),
        key=lambda item: item[0][0],
    )
    pieces: list[str] = []
    reach = boxes[0][0][0]
    for (left, bottom, right, top), letter in boxes:
        if left - reach > 0.4 * (top - bottom):
            pieces.append(" ")
        pieces.append(letter)
        reach = max(reach, right)
    return "".join(pieces).replace("\ufffe", ""), boxes[0][0][0]


def _is_ruled(page: PdfPage) -> bool:
    """Whether thin lines run both ways: three across and two down at least."""
    import pypdfium2.raw as raw

    across = down = 0
    heights: set[int] = set()
    places: set[int] = set()
    for count, item in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=3)):
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        if width > 20 and height > 12:
            across, down = across + 1, down + 1
        elif width > 20 and height < 4:
            across += 1
            heights.add(round(bottom))
        elif height > 8 and width < 4:
            down += 1
            places.add(round(left))
        # A grid as fine as graph paper holds no table, and pdfplumber would try every pair of its crossings.
        if count > _MOST_OBJECTS or len(heights) * len(places) > _MOST_CROSSINGS:
            return False
    return across >= 3 and down >= 2


def _with_tables(data: bytes, ruled: dict[int, list[_Line]]) -> Iterator[tuple[int, str]]:
    """The pages of `ruled` that do hold tables, with rows in place of the lines that stand inside a table."""
    if not ruled:
        return
    import io
    import logging

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    with pdfplumber.open(io.BytesIO(data)) as plumber:
        for number, lines in ruled.items():
            try:
                page = plumber.pages[number]
                tables = [(_upward(table.bbox, page), table.extract()) for table in page.find_tables()]
                page.close()
            except Exception:  # a page pdfplumber cannot follow keeps the text PDFium read
                continue
            kept = [(box, rows) for box, rows in tables if _is_table(rows)]
            if kept:
                yield number, _rows_in_place(lines, kept)


def _upward(box: tuple[float, float, float, float], page: Any) -> tuple[float, float]:
    """Lower and upper edge of a box, counted from the foot of the page as PDFium does."""
    foot = float(page.mediabox[1]) + float(page.height) + float(page.bbox[1])
    return foot - float(box[3]), foot - float(box[1])


def _rows_in_place(lines: list[_Line], tables: list[tuple[tuple[float, float], list[list[str | None]]]]) -> str:
    from keshu.engines.plandoc.reading.rows import pipe_row

    pieces: list[str] = []
    waiting = list(tables)
    for line in lines:
        middle = (line.bottom + line.top) / 2
        if not any(low <= middle <= high for (low, high), _ in tables):
            pieces.append(line.text)
        for table in [table for table in waiting if table[0][0] <= middle <= table[0][1]]:
            waiting.remove(table)
            pieces.extend(pipe_row(cells) for cells in _filled(table[1]))
    return "\n".join(pieces)


def _is_table(rows: list[list[str | None]]) -> bool:
    return len(rows) >= 2 and max(map(len, rows)) >= 2


def _filled(rows: list[list[str | None]]) -> list[list[str]]:
    """Cells that a merged cell covers are None: they take the text to their left, else above."""
    filled: list[list[str]] = []
    for row in rows:
        cells: list[str] = []
        for column, cell in enumerate(row):
            if cell is not None:
                cells.append(re.sub(r"\s*\n\s*", "", cell))
            elif (column and row[column - 1] is None) or not filled:
                cells.append(cells[-1] if cells else "")
            else:
                cells.append(filled[-1][column] if column < len(filled[-1]) else "")
        if any(cell.strip() for cell in cells):
            filled.append(cells)
    return filled


def _shows_pictures(document: PdfDocument) -> bool:
    import pypdfium2.raw as raw

    for number in range(min(len(document), 5)):
        page = document[number]
        try:
            if next(iter(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)), None) is not None:
                return True
        finally:
            page.close()
    return False


def _scanned(document: PdfDocument, on_page: Callable[[int, int], None] | None) -> tuple[list[str], tuple[str, ...]]:
    from keshu.engines.plandoc.reading import ocr

    if not ocr.is_installed():
        raise refusal(
            given="这是扫描件或图片 PDF，页面上没有可复制的文字", why="没有安装扫描件识别组件",
            remedy="请上传 Word 原文件，或另存为可复制文字的 PDF；也可以请联系系统管理员安装扫描件识别组件",
        )  # fmt: skip
    return ocr.read_pages(document, on_page=on_page)
