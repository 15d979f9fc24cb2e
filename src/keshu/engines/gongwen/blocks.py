"""The block model: what an official document (公文) says, without how it looks.

A document is a title, blocks in reading order, and the parts that GB/T 9704-2012 names around them. All values are frozen.
Numbers of headings (一、 （一） 1. （1）) are never typed: they follow from the levels. ``faults(document)`` says why a document
cannot be written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date as Date
from enum import StrEnum


class Align(StrEnum):
    """Where text stands in a table's column."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Orientation(StrEnum):
    """How the sheet lies; a landscape block gets pages of its own."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class TableText(StrEnum):
    """Size of a table's text: 小四 as a rule, 五号 where many columns must share a page."""

    NORMAL = "normal"
    SMALL = "small"


@dataclass(frozen=True)
class Run:
    """A stretch of text.

    Parameters
    ----------
    text : the words
    is_bold : set in bold
    key : names the place of this text in the file (a bookmark), so that a figure can be found again; unique in the document
    note : a footnote that says where the text comes from; empty means none
    """

    text: str
    is_bold: bool = False
    key: str = ""
    note: str = ""


Content = str | tuple[Run, ...]


def runs_of(content: Content) -> tuple[Run, ...]:
    """Content as runs; plain words are one run, nothing is none."""
    if isinstance(content, str):
        return (Run(content),) if content else ()
    return content


def text_of(content: Content) -> str:
    """The words of content."""
    return "".join(run.text for run in runs_of(content))


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4; `body` goes on in the same paragraph in the body's font (（一）标题。正文……).

    Without content it is a numbered paragraph of the body, for a long sentence that is no heading.
    """

    level: int
    content: Content
    body: Content = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body."""

    content: Content


@dataclass(frozen=True)
class Column:
    """A table's column: its share of the width against its sisters, and where its text stands."""

    width: float
    align: Align = Align.LEFT

    @classmethod
    def number(cls, width: float) -> Column:
        """A column of figures, flush right."""
        return cls(width, Align.RIGHT)


@dataclass(frozen=True)
class Cell:
    """A table's cell; a line break in `content` begins a new paragraph. `align` None takes the column's."""

    content: Content = ""
    columns: int = 1
    rows: int = 1
    align: Align | None = None


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    columns : the columns from left to right
    header : rows repeated on each page
    rows : the rows below; a row lists the cells that begin in it, so a cell spanning rows is given once; words are a plain cell
    caption : stands above the table; empty means none
    unit : stands above the table on the right, 单位：万元; empty means none
    note : stands below, 注：……; empty means none
    orientation : landscape puts the table on pages of its own
    is_ruled : False draws no lines, for places where people sign
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    header: tuple[tuple[Cell | str, ...], ...] = ()
    caption: str = ""
    unit: str = ""
    note: str = ""
    orientation: Orientation = Orientation.PORTRAIT
    text: TableText = TableText.NORMAL
    is_ruled: bool = True


@dataclass(frozen=True)
class Figure:
    """A picture (PNG), as wide as the text or as `width_mm` says, with its caption below."""

    png: bytes
    caption: str = ""
    width_mm: float | None = None
    orientation: Orientation = Orientation.PORTRAIT


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True)
class Attachment:
    """An attachment (附件): begins a page of its own. Without blocks it is only named in the list (另附)."""

    title: str
    blocks: tuple[Block, ...] = ()
    orientation: Orientation = Orientation.PORTRAIT


@dataclass(frozen=True)
class Signature:
    """Who issues the document and when; `is_sealed` False sets it as 7.3.5.2 does for documents without a seal."""

    organisation: str
    date: Date
    is_sealed: bool = True


@dataclass(frozen=True)
class Imprint:
    """The band at the foot of the last page (版记): 抄送机关, 印发机关 and 印发日期."""

    organisation: str
    date: Date
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficialDocument:
    """An official document.

    Parameters
    ----------
    title : one line, or several parted by line breaks; a long line is parted by the writer so that the lines are balanced
    blocks : the body in reading order
    letterhead : the words in red at the head (发文机关标志), such as 青岭市科学技术局文件; empty means no red head
    number : 发文字号, such as 青科发〔2026〕3号; empty means none
    signatory : 签发人, of documents to a higher office; needs the letterhead
    addressee : 主送机关, without the colon
    signature : None for a document that is not issued by itself, such as a list
    remark : 附注 without its brackets, such as 此件公开发布
    orientation : of the body's pages; a landscape block in a portrait body gets pages of its own
    """

    title: str
    blocks: tuple[Block, ...] = ()
    letterhead: str = ""
    number: str = ""
    signatory: str = ""
    addressee: str = ""
    attachments: tuple[Attachment, ...] = field(default=())
    signature: Signature | None = None
    remark: str = ""
    imprint: Imprint | None = None
    orientation: Orientation = Orientation.PORTRAIT


class UnfitDocument(ValueError):
    """The document cannot be written as it is; the message says in Chinese what is wrong, one fault a line."""


def chinese_date(day: Date) -> str:
    """A date as GB/T 9704-2012, 7.3.5.4 wants it.

    Examples
    --------
    >>> chinese_date(Date(2026, 3, 5))
    '2026年3月5日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


NUMBER = re.compile(r"[^\W\d_]+〔[1-9]\d{3}〕[1-9]\d*号")
KEY = re.compile(r"[^\W\d_]\w{0,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def faults(document: OfficialDocument) -> list[str]:
    """Why a document cannot be written, in Chinese; empty when it can."""
    found = [] if document.title.strip() else ["没有写标题"]
    if document.number and not NUMBER.fullmatch(document.number):
        found.append(f"发文字号“{document.number}”应写作“机关代字〔年份〕序号号”，如“青科发〔2026〕3号”")
    if document.signatory and not (document.letterhead and document.number):
        found.append("写签发人的公文要有发文机关标志和发文字号")
    if document.addressee.endswith(("：", ":")):
        found.append("主送机关后的冒号由系统加，请去掉")
    parts = [("正文", document.blocks), *((f"附件“{each.title}”", each.blocks) for each in document.attachments)]
    for name, blocks in parts:
        found += _level_faults(name, blocks)
        found += [fault for block in blocks for fault in _block_faults(name, block)]
    if any(not each.title.strip() for each in document.attachments):
        found.append("有附件没有写名称")
    return found + _key_faults(document) + _character_faults(document)


def _level_faults(name: str, blocks: tuple[Block, ...]) -> list[str]:
    found, previous = [], 0
    levels = {block.level for block in blocks if isinstance(block, Heading)}
    for heading in (block for block in blocks if isinstance(block, Heading)):
        if (previous, heading.level) == (1, 3) and 2 not in levels:  # 一、 and 1. alone are customary
            previous = 3
            continue
        words = text_of(heading.content)[:12]
        if heading.level not in (1, 2, 3, 4):
            found.append(f"{name}的标题“{words}”层级为{heading.level}，只能是1到4")
        elif heading.level > previous + 1:
            found.append(f"{name}的标题“{words}”从第{previous}层跳到第{heading.level}层，层级要逐层写")
        previous = heading.level
    return found


def _block_faults(name: str, block: Block) -> list[str]:
    if isinstance(block, Table):
        return _table_faults(f"{name}的表“{block.caption}”", block)
    if isinstance(block, Figure):
        is_png = block.png.startswith(b"\x89PNG\r\n\x1a\n") and len(block.png) > 24
        return [] if is_png else [f"{name}的图“{block.caption}”不是PNG图片"]
    words = text_of(block.content) + (text_of(block.body) if isinstance(block, Heading) else "")
    return [] if words.strip() else [f"{name}有一个空段落或空标题"]


def _table_faults(name: str, table: Table) -> list[str]:
    if not table.columns or not (table.header or table.rows):
        return [f"{name}没有列或没有行"]
    if any(column.width <= 0 for column in table.columns):
        return [f"{name}的列宽应大于0"]
    for part, rows in (("表头", table.header), ("表体", table.rows)):
        if (wrong := misfit(rows, width=len(table.columns))) is not None:
            return [f"{name}{part}第{wrong + 1}行的单元格与{len(table.columns)}列对不上"]
    return []


def misfit(rows: tuple[tuple[Cell | str, ...], ...], *, width: int) -> int | None:
    """Index of the first row whose cells do not fill `width` columns; None where all fit."""
    open_rows = [0] * width
    for index, row in enumerate(rows):
        spans = [each if isinstance(each, Cell) else Cell(each) for each in row]
        at = 0
        for cell in spans:
            while at < width and open_rows[at]:
                at += 1
            covered = open_rows[at : at + cell.columns]
            if cell.columns < 1 or cell.rows < 1 or len(covered) < cell.columns or any(covered):
                return index
            open_rows[at : at + cell.columns] = [cell.rows] * cell.columns
            at += cell.columns
        if 0 in open_rows:
            return index
        open_rows = [left - 1 for left in open_rows]
    return len(rows) - 1 if any(open_rows) else None


def contents_of(document: OfficialDocument) -> list[Content]:
    """Every content of the document's blocks, attachments included, in reading order."""
    found: list[Content] = []
    for block in [*document.blocks, *(block for each in document.attachments for block in each.blocks)]:
        if isinstance(block, Heading):
            found += [block.content, block.body]
        elif isinstance(block, Paragraph):
            found.append(block.content)
        elif isinstance(block, Table):
            cells = [cell for row in (*block.header, *block.rows) for cell in row]
            found += [block.caption, block.unit, *(c.content if isinstance(c, Cell) else c for c in cells), block.note]
        else:
            found.append(block.caption)
    return found


def _key_faults(document: OfficialDocument) -> list[str]:
    keys = [run.key for content in contents_of(document) for run in runs_of(content) if run.key]
    twice = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
    return [f"标记“{key}”用了不止一次" for key in twice] + [
        f"标记“{key}”应以文字开头，只用文字、数字和下划线，最长40个字符" for key in keys if not KEY.fullmatch(key)
    ]


def _character_faults(document: OfficialDocument) -> list[str]:
    heads = (document.title, document.letterhead, document.addressee, document.signatory, document.remark)
    titles = [each.title for each in document.attachments]
    notes = [run.note for content in contents_of(document) for run in runs_of(content)]
    imprint = document.imprint
    band = (imprint.organisation, *imprint.copies) if imprint else ()
    signed = (document.signature.organisation,) if document.signature else ()
    for content in (*heads, *titles, *notes, *band, *signed, *contents_of(document)):
        if _CONTROL.search(text_of(content)):
            return [f"“{_CONTROL.sub('□', text_of(content))[:20]}”中有不可见的控制字符，请删去"]
    return []
