"""The document's parts in the order of the standard: head, body, attachments, imprint; cut into sections."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.blocks import (
    Block,
    Figure,
    Heading,
    Imprint,
    OfficialDocument,
    Orientation,
    Paragraph,
    Table,
    chinese_date,
)
from keshu.engines.gongwen.ooxml import local, make, put
from keshu.engines.gongwen.writing.pages import section
from keshu.engines.gongwen.writing.resources import Resources
from keshu.engines.gongwen.writing.tables import figure_elements, keep_last_row, table_elements
from keshu.engines.gongwen.writing.text import paragraph, plain, spoken
from keshu.engines.gongwen.writing.titles import title_lines


@dataclass(frozen=True)
class Stretch:
    """Elements on sheets that lie the same way."""

    elements: tuple[_Element, ...]
    orientation: Orientation


def document_part(document: OfficialDocument, resources: Resources) -> _Element:
    """The whole of word/document.xml."""
    stretches = [Stretch(tuple(_front(document)), document.orientation)]
    stretches += _blocks(document.blocks, resources, orientation=document.orientation)
    if document.signature is not None:
        _keep_with_signature(stretches[-1], document.orientation)
    stretches.append(Stretch(tuple(_closing(document)), document.orientation))
    listed = [each for each in enumerate(document.attachments, 1) if each[1].blocks]
    for number, attachment in listed:
        label = "附件" if len(document.attachments) == 1 else f"附件{number}"
        head = (paragraph("AttachmentLabel", *plain(label)), paragraph("AttachmentTitle", *_title(attachment.title)))
        stretches.append(Stretch(head, attachment.orientation))
        stretches += _blocks(
            attachment.blocks, resources, orientation=attachment.orientation, numbering=resources.numbering()
        )
    if document.imprint is not None:
        # it stands at the foot of the last page, which lies upright
        stretches.append(Stretch(tuple(_imprint(document.imprint)), Orientation.PORTRAIT))
    return make("w:document", make("w:body", *_sections([each for each in stretches if each.elements])))


def _title(title: str) -> list[_Element]:
    return plain("\n".join(title_lines(title)))


def _front(document: OfficialDocument) -> list[_Element]:
    """版头, title and addressee."""
    number = _number(document)
    found = [paragraph("Letterhead", *plain(document.letterhead))] if document.letterhead else []
    found += number if document.letterhead else []
    found.append(paragraph("Title9704", *_title(document.title)))
    found += [] if document.letterhead else number
    return found + ([paragraph("Addressee", *plain(f"{document.addressee}："))] if document.addressee else [])


def _number(document: OfficialDocument) -> list[_Element]:
    if not document.number:
        # without a number the red line still parts head and body
        return [paragraph("DocumentNumber")] if document.letterhead else []
    if not document.signatory:
        return [paragraph("DocumentNumber", *plain(document.number))]
    signatory = plain(document.signatory, style="SignatoryName")
    return [paragraph("DocumentNumber", *plain(f"\t{document.number}\t签发人："), *signatory)]


def _blocks(
    blocks: tuple[Block, ...], resources: Resources, *, orientation: Orientation, numbering: int | None = None
) -> list[Stretch]:
    """Blocks as stretches; a landscape block among upright ones is a stretch of its own."""
    found = [_stretch(block, resources, orientation=orientation, numbering=numbering) for block in blocks]
    for place, after in enumerate(blocks[1:]):
        if isinstance(after, Table) and not after.is_ruled and isinstance(blocks[place], Paragraph):
            # those who sign below a text do not sign on an empty page, nor under a mere remark
            for above in (place - 1, place):
                if above >= 0 and isinstance(blocks[above], Paragraph):
                    _keep_with_next(found[above].elements[-1])
    return found


def _stretch(block: Block, resources: Resources, *, orientation: Orientation, numbering: int | None) -> Stretch:
    if isinstance(block, Heading):
        words = [*spoken(block.content, resources), *spoken(block.body, resources, is_run_on=True)]
        heading = paragraph(f"Heading9704-{block.level}", *words, numbering=numbering, is_run_in=bool(block.body))
        return Stretch((heading,), orientation)
    if isinstance(block, Paragraph):
        return Stretch((paragraph("BodyText9704", *spoken(block.content, resources)),), orientation)
    lies = Orientation.LANDSCAPE if Orientation.LANDSCAPE in (block.orientation, orientation) else Orientation.PORTRAIT
    elements = _framed(block, resources, orientation=lies)
    return Stretch(tuple(elements), lies)


def _framed(block: Table | Figure, resources: Resources, *, orientation: Orientation) -> list[_Element]:
    if isinstance(block, Table):
        return table_elements(block, resources, orientation=orientation)
    return figure_elements(block, resources, orientation=orientation)


def _keep_with_signature(last: Stretch, orientation: Orientation) -> None:
    """No page holds the signature alone: the paragraph or the last row of a table in front of it comes along."""
    if last.orientation is not orientation or not last.elements:
        return
    if local(last.elements[-1]) == "tbl":
        keep_last_row(last.elements[-1])
    else:
        _keep_with_next(last.elements[-1])


def _keep_with_next(paragraph: _Element) -> None:
    put(paragraph[0], make("w:keepNext"))


def _closing(document: OfficialDocument) -> list[_Element]:
    """附件说明, signature and 附注."""
    found = _attachment_list([each.title.replace("\n", "") for each in document.attachments])
    if document.signature is not None:
        for each in found:
            _keep_with_next(each)
        found.append(paragraph("Signatory", *plain(document.signature.organisation)))
        found.append(paragraph("SignatureDate", *plain(chinese_date(document.signature.date))))
    return found + ([paragraph("Remark", *plain(f"（{document.remark}）"))] if document.remark else [])


def _attachment_list(titles: list[str]) -> list[_Element]:
    """7.3.4: “附件：” and the name; several names are numbered 1. 2.; no mark behind a name."""
    if len(titles) == 1:
        return [paragraph("AttachmentSole", *plain(f"附件：{titles[0]}"))]
    return [
        paragraph(
            "AttachmentNext" if number > 1 else "AttachmentFirst",
            *plain(f"{'' if number > 1 else '附件：'}{number}.{title}"),
        )
        for number, title in enumerate(titles, 1)
    ]


def _imprint(imprint: Imprint) -> list[_Element]:
    """版记: a table that floats to the foot of the text area, hung on a line of no height."""
    copies = f"抄送：{'，'.join(imprint.copies)}。"
    rows = [paragraph("ImprintCopies", *plain(copies))] if imprint.copies else []
    rows.append(paragraph("ImprintIssuer", *plain(f"{imprint.organisation}\t{chinese_date(imprint.date)}印发")))
    # Counted from the sheet's edge and with its margins said here: LibreOffice lets so wide a table float only then.
    place = {"vertAnchor": "margin", "horzAnchor": "page", "tblpX": gb.LEFT, "tblpYSpec": "bottom"}
    properties = make(
        "w:tblPr",
        make("w:tblStyle", val="ImprintTable"),
        make("w:tblpPr", leftFromText=0, rightFromText=0, **place),
        make("w:tblW", w=gb.TEXT_WIDTH, type="dxa"),
        make("w:tblLayout", type="fixed"),
        make("w:tblCellMar", make("w:left", w=0, type="dxa"), make("w:right", w=0, type="dxa")),
    )
    cells = [make("w:tc", make("w:tcPr", make("w:tcW", w=gb.TEXT_WIDTH, type="dxa")), each) for each in rows]
    grid = make("w:tblGrid", make("w:gridCol", w=gb.TEXT_WIDTH))
    table = make(
        "w:tbl", properties, grid, *(make("w:tr", make("w:trPr", make("w:cantSplit")), cell) for cell in cells)
    )
    return [table, paragraph("SectionEnd")]


def _sections(stretches: list[Stretch]) -> list[_Element]:
    """All elements, with a section's properties at its end: in its last paragraph, or in one of no height after a table."""
    found: list[_Element] = []
    for index, stretch in enumerate(stretches):
        found += stretch.elements
        is_last = index == len(stretches) - 1
        if is_last:
            if local(found[-1]) == "tbl":
                found.append(paragraph("SectionEnd"))
            found.append(section(stretch.orientation))
        elif stretches[index + 1].orientation is not stretch.orientation:
            if local(found[-1]) == "tbl":
                found.append(paragraph("SectionEnd"))
            properties = found[-1][0]
            properties.append(section(stretch.orientation))
        elif local(found[-1]) == "tbl" and local(stretches[index + 1].elements[0]) == "tbl":
            found.append(paragraph("SectionEnd"))  # or the two tables would grow into one
    return found
