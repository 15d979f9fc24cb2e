"""Official documents (公文): written as .docx in the layout of GB/T 9704-2012, any .docx checked against it; see README.md."""

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
from keshu.engines.gongwen.checking import (
    RULES,
    Finding,
    Fixed,
    Rule,
    UnreadableDocument,
    check_document,
    fix_document,
    unchecked_parts,
)
from keshu.engines.gongwen.commenting import Commented, Remark, comment_document
from keshu.engines.gongwen.pdf import PdfUnavailable, to_pdf
from keshu.engines.gongwen.writing import write_document

__all__ = [
    "RULES", "Align", "Attachment", "Cell", "Column", "Commented", "Figure", "Finding", "Fixed", "Heading", "Imprint",
    "OfficialDocument", "Orientation", "Paragraph", "PdfUnavailable", "Remark", "Rule", "Run", "Signature", "Table",
    "TableText", "UnfitDocument", "UnreadableDocument", "check_document", "comment_document", "fix_document", "to_pdf",
    "unchecked_parts", "write_document",
]  # fmt: skip
