"""Word files to be checked: one as the writer makes it, one as a person types it."""

from __future__ import annotations

import io
from datetime import date

from django.core.files.base import ContentFile
from docx import Document

from keshu.engines import gongwen


def paper(name: str = "通知.docx") -> ContentFile[bytes]:
    """Five paragraphs in a word processor's own looks, the second serial written for the first."""
    document = Document()
    for text in ("关于报送计划的通知", "各县区科技局:", "请于3月底前报送,  逾期不候。", "二、要求", "报送电子稿。"):
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return ContentFile(stream.getvalue(), name=name)


def sound_paper(name: str = "通知.docx") -> ContentFile[bytes]:
    """A paper with nothing to find."""
    document = gongwen.OfficialDocument(
        title="关于报送计划的通知",
        addressee="各县区科技局",
        blocks=(gongwen.Paragraph("请于3月底前报送。"),),
        signature=gongwen.Signature("云澜市科学技术局", date(2026, 3, 5)),
    )
    return ContentFile(gongwen.write_document(document), name=name)
