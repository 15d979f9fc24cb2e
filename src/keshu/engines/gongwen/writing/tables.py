"""Tables and pictures."""

from __future__ import annotations

from itertools import pairwise

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.blocks import (
    Align,
    Cell,
    Column,
    Content,
    Figure,
    Orientation,
    Run,
    Table,
    TableText,
    runs_of,
)
from keshu.engines.gongwen.ooxml import make, plain, put, qualified
from keshu.engines.gongwen.writing.catalogue import TABLE_STYLES
from keshu.engines.gongwen.writing.resources import Resources
from keshu.engines.gongwen.writing.text import paragraph, spoken
from keshu.engines.gongwen.writing.text import plain as plain_run

EMU_PER_TWIP = 635


def text_width(orientation: Orientation) -> int:
    """Width of the text area in twips; a landscape sheet is the portrait one turned."""
    return gb.TEXT_WIDTH if orientation is Orientation.PORTRAIT else gb.TEXT_HEIGHT


def table_elements(table: Table, resources: Resources, *, orientation: Orientation) -> list[_Element]:
    """Caption, unit, the table and its note."""
    elements = [paragraph("TableCaption", *plain_run(table.caption))] if table.caption else []
    elements += [paragraph("TableUnit", *plain_run(_unit(table.unit)))] if table.unit else []
    elements.append(_table(table, resources, width=text_width(orientation)))
    return elements + ([paragraph("TableNote", *plain_run(_noted(table.note)))] if table.note else [])


def _unit(unit: str) -> str:
    return unit if "：" in unit else f"单位：{unit}"


def _noted(note: str) -> str:
    return note if note.startswith("注") else f"注：{note}"


def _table(table: Table, resources: Resources, *, width: int) -> _Element:
    widths = _widths(table.columns, width=width)
    header = _rows(table, table.header, widths=widths, resources=resources, is_header=True)
    rows = _rows(table, table.rows, widths=widths, resources=resources, is_header=False)
    if not table.is_ruled:  # where two sign side by side: on one page
        for row in rows[:-1]:
            _keep_with_next(row)
    look = make("w:tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1)
    properties = make(
        "w:tblPr",
        make("w:tblStyle", val="RuledTable" if table.is_ruled else "PlainTable"),
        make("w:tblW", w=sum(widths), type="dxa"),
        make("w:tblLayout", type="fixed"),
        look,
    )
    grid = make("w:tblGrid", *(make("w:gridCol", w=each) for each in widths))
    return make("w:tbl", properties, grid, *header, *rows)


def _widths(columns: tuple[Column, ...], *, width: int) -> list[int]:
    """Widths in twips that fill the line exactly."""
    total, edges = sum(column.width for column in columns), [0]
    reached = 0.0
    for column in columns:
        reached += column.width
        edges.append(round(width * reached / total))
    return [right - left for left, right in pairwise(edges)]


def _rows(
    table: Table, rows: tuple[tuple[Cell | str, ...], ...], *, widths: list[int], resources: Resources, is_header: bool
) -> list[_Element]:
    """Rows as elements; a cell that spans rows goes on as an empty cell in each row below (vMerge)."""
    going_on: dict[int, tuple[int, Cell]] = {}  # column -> rows left, the cell
    found = []
    for row in rows:
        given, cells, at = list(row), [], 0
        while at < len(widths):
            left, above = going_on.get(at, (0, Cell()))
            if left:
                cells.append(
                    _cell(
                        table, above, at=at, widths=widths, resources=resources, is_header=is_header, merge="continue"
                    )
                )
                going_on[at], at = (left - 1, above), at + above.columns
                continue
            each = given.pop(0)
            cell = each if isinstance(each, Cell) else Cell(each)
            merge = "restart" if cell.rows > 1 else ""
            cells.append(
                _cell(table, cell, at=at, widths=widths, resources=resources, is_header=is_header, merge=merge)
            )
            going_on[at], at = (cell.rows - 1, cell), at + cell.columns
        found.append(
            make("w:tr", make("w:trPr", make("w:cantSplit"), make("w:tblHeader") if is_header else None), *cells)
        )
    return found


def _cell(
    table: Table, cell: Cell, *, at: int, widths: list[int], resources: Resources, is_header: bool, merge: str
) -> _Element:
    properties = make(
        "w:tcPr",
        make("w:tcW", w=sum(widths[at : at + cell.columns]), type="dxa"),
        make("w:gridSpan", val=cell.columns) if cell.columns > 1 else None,
        make("w:vMerge", val="restart") if merge == "restart" else make("w:vMerge") if merge else None,
        make("w:vAlign", val="center"),
    )
    is_group = cell.columns == len(table.columns) > 1 and not is_header
    align = cell.align or table.columns[at].align
    style = _group_style(table) if is_group else _cell_style(table, align=align, is_header=is_header)
    lines: list[Content] = [""] if merge == "continue" else _lines(cell.content)
    return make("w:tc", properties, *(paragraph(style, *spoken(line, resources)) for line in lines))


def _cell_style(table: Table, *, align: Align, is_header: bool) -> str:
    small = "Small" if table.text is TableText.SMALL else ""
    return f"TableHead{small}" if is_header else f"TableText{small}{TABLE_STYLES[align.value]}"


def _group_style(table: Table) -> str:
    return "TableGroupSmall" if table.text is TableText.SMALL else "TableGroup"


def keep_last_row(table: _Element) -> None:
    """The table's last row goes to the next page with what stands behind it."""
    _keep_with_next(table[-1])


def _keep_with_next(row: _Element) -> None:
    for each in row.iter(qualified("w:p")):
        put(each[0], make("w:keepNext"))


def _lines(content: Content) -> list[Content]:
    """The paragraphs of a cell."""
    if isinstance(content, str):
        return list(content.split("\n"))
    lines: list[list[Run]] = [[]]
    for run in runs_of(content):
        for index, piece in enumerate(run.text.split("\n")):
            if index:
                lines.append([])
            # key and note belong to the first line of a run that has several
            lines[-1].append(
                run if piece == run.text else Run(piece, run.is_bold, *((run.key, run.note) if not index else ()))
            )
    return [tuple(line) for line in lines]


def figure_elements(figure: Figure, resources: Resources, *, orientation: Orientation) -> list[_Element]:
    """A picture in its own line, and its caption."""
    wide, high = png_size(figure.png)
    width = min(gb.twips(figure.width_mm), text_width(orientation)) if figure.width_mm else text_width(orientation)
    highest = (gb.TEXT_HEIGHT if orientation is Orientation.PORTRAIT else gb.TEXT_WIDTH) - 2 * gb.LINE
    height = width * high // wide
    if height > highest:
        width, height = highest * wide // high, highest
    drawing = _drawing(figure, resources, width=width * EMU_PER_TWIP, height=height * EMU_PER_TWIP)
    caption = [paragraph("FigureCaption", *plain_run(figure.caption))] if figure.caption else []
    return [paragraph("Picture", make("w:r", drawing)), *caption]


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header; never zero."""
    return max(1, int.from_bytes(png[16:20], "big")), max(1, int.from_bytes(png[20:24], "big"))


def _drawing(figure: Figure, resources: Resources, *, width: int, height: int) -> _Element:
    number = resources.id()
    name = figure.caption or f"图{number}"
    blip = plain("a:blip")
    blip.set(
        "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed", resources.picture(figure.png)
    )
    picture = plain(
        "pic:pic",
        plain("pic:nvPicPr", plain("pic:cNvPr", id=number, name=name, descr=name), plain("pic:cNvPicPr")),
        plain("pic:blipFill", blip, plain("a:stretch", plain("a:fillRect"))),
        plain(
            "pic:spPr",
            plain("a:xfrm", plain("a:off", x=0, y=0), plain("a:ext", cx=width, cy=height)),
            plain("a:prstGeom", plain("a:avLst"), prst="rect"),
        ),
    )
    graphic = plain(
        "a:graphic", plain("a:graphicData", picture, uri="http://schemas.openxmlformats.org/drawingml/2006/picture")
    )
    inline = plain(
        "wp:inline",
        plain("wp:extent", cx=width, cy=height),
        plain("wp:docPr", id=number, name=name, descr=name),
        plain("wp:cNvGraphicFramePr", plain("a:graphicFrameLocks", noChangeAspect=1)),
        graphic,
        distT=0,
        distB=0,
        distL=0,
        distR=0,
    )
    return make("w:drawing", inline)
