"""Verdicts on a draft as Word comments at the figures they speak of. Plain values only."""

from __future__ import annotations

from datetime import datetime

from keshu.engines import gongwen
from keshu.engines.factcheck import Report, Verdict

REVIEWER = "科枢核对"
_AROUND = 60
WORD = b"PK\x03\x04"


def commented_file(data: bytes, *, text: str, title: str, report: Report, at: datetime) -> gongwen.Commented:
    """The draft with a comment at every figure that somebody must look at.

    A Word file comes back as it is, with the comments; of anything else a plain Word file is made that holds its text.
    ``Commented.unplaced`` are comments whose words the file holds only in a text box or a picture.
    """
    remarks = [_remark(verdict, text) for verdict in report.verdicts if not verdict.kind.is_sound]
    file = data if data.startswith(WORD) else _plain_file(text, title=title)
    return gongwen.comment_document(file, remarks, author=REVIEWER, at=at)


def _remark(verdict: Verdict, text: str) -> gongwen.Remark:
    span = verdict.statement.value_span
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    return gongwen.Remark(
        quote=span.of(text),
        text=verdict.sentence,
        before=text[max(start, span.start - _AROUND) : span.start],
        after=text[span.end : min(end if end >= 0 else len(text), span.end + _AROUND)],
    )


def _plain_file(text: str, *, title: str) -> bytes:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and lines[0] == title:
        lines = lines[1:]
    paragraphs = tuple(gongwen.Paragraph(line) for line in lines)
    return gongwen.write_document(gongwen.OfficialDocument(title=title or "核对稿", blocks=paragraphs))
