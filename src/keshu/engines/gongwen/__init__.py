"""Official documents (公文): written as .docx in the layout of GB/T 9704-2012; see README.md."""

from keshu.engines.gongwen.blocks import (
    Align,
    Attachment,
    Cell,
    Column,
    Figure,
    Heading,
    Imprint,
    OfficialDocument,
    Orientation,
    Paragraph,
    Run,
    Signature,
    Table,
    TableText,
    UnfitDocument,
)
from keshu.engines.gongwen.pdf import PdfUnavailable, to_pdf
from keshu.engines.gongwen.writing import write_document

__all__ = [
    "Align", "Attachment", "Cell", "Column", "Figure", "Heading", "Imprint", "OfficialDocument", "Orientation", "Paragraph",
    "PdfUnavailable", "Run", "Signature", "Table", "TableText", "UnfitDocument", "to_pdf", "write_document",
]  # fmt: skip
