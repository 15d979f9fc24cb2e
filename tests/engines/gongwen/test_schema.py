"""Word opens what the writer makes, and what is mended, without repair: order of children, rows, parts, references."""

from __future__ import annotations

import io
import zipfile

from tests.engines.gongwen.planted import SOUND
from tests.engines.gongwen.schema import unsound

from keshu.engines import gongwen as gw


def test_what_is_written_is_sound() -> None:
    assert unsound(SOUND["写出的公文"]().bytes()) == []


def test_faults_would_be_told() -> None:
    sound = gw.write_document(gw.OfficialDocument(title="关于报送的通知", blocks=(gw.Paragraph("请报送。"),)))
    assert unsound(sound) == []
    for old, new, fault in (
        (b"</w:pPr>", b"<w:pStyle/></w:pPr>", "pPr"),
        (b'w:val="Title9704"', b'w:val="Nowhere"', "style Nowhere"),
    ):
        with zipfile.ZipFile(io.BytesIO(sound)) as archive:
            parts = {each: archive.read(each) for each in archive.namelist()}
        parts["word/document.xml"] = parts["word/document.xml"].replace(old, new, 1)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for each, data in parts.items():
                archive.writestr(each, data)
        assert any(fault in each for each in unsound(out.getvalue())), fault
