"""Without LibreOffice the reader is told what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from keshu.engines import gongwen as gw


def test_a_machine_without_libreoffice_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(gw.PdfUnavailable, match=r"没有安装 LibreOffice.*另存为 PDF"):
        gw.to_pdf(b"")
