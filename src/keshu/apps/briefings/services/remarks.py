"""Verdicts on a draft as Word comments at the figures they speak of. Plain values only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keshu.engines import gongwen
from keshu.engines.factcheck import Report
from keshu.kernel.span import Span

REVIEWER = "科枢核对"
_AROUND = 60
WORD = b"PK\x03\x04"


def commented_file(data: bytes, *, text: str, title: str, report: Report, at: datetime) -> gongwen.Commented:
    """The draft with a comment at every figure that somebody must look at.

    A Word file comes back as it is, with the comments; of anything else a plain Word file is made that holds its text.
    ``Commented.unplaced`` are comments whose words the file holds only in a text box or a picture.
    """
    remarks = [
        remark(verdict.statement.value_span, verdict.sentence, text=text)
        for verdict in report.verdicts
        if not verdict.kind.is_sound
    ]
    return file_with_remarks(data, remarks, text=text, title=title, at=at)


def file_with_remarks(
    data: bytes, remarks: Sequence[gongwen.Remark], *, text: str, title: str, at: datetime
) -> gongwen.Commented:
    """Likewise, with these remarks."""
    file = data if data.startswith(WORD) else _plain_file(text, title=title)
    return gongwen.comment_document(file, remarks, author=REVIEWER, at=at)


def remark(span: Span, sentence: str, *, text: str) -> gongwen.Remark:
    """A sentence at a place of the text, with what stands around it on its line."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    return gongwen.Remark(
        quote=span.of(text),
        text=sentence,
        before=text[max(start, span.start - _AROUND) : span.start],
        after=text[span.end : min(end if end >= 0 else len(text), span.end + _AROUND)],
    )


def _plain_file(text: str, *, title: str) -> bytes:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and lines[0] == title:
        lines = lines[1:]
    paragraphs = tuple(gongwen.Paragraph(line) for line in lines)
    return gongwen.write_document(gongwen.OfficialDocument(title=title or "核对稿", blocks=paragraphs))
