"""Word to PDF through LibreOffice, where it is installed; in a profile of its own, so that no other LibreOffice is disturbed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

_NAMES = ("soffice", "libreoffice")
# The typefaces of official documents, each with what may stand in for it where it is not installed, the nearest first.
STAND_INS: dict[str, tuple[str, ...]] = {
    "仿宋_GB2312": ("仿宋", "FangSong", "华文仿宋", "方正仿宋_GBK", "Noto Serif CJK SC"),
    "楷体_GB2312": ("楷体", "KaiTi", "华文楷体", "方正楷体_GBK", "AR PL UKai CN", "Noto Serif CJK SC"),
    "方正小标宋简体": ("方正小标宋_GBK", "华文中宋", "STZhongsong", "Noto Serif CJK SC"),
    "黑体": ("SimHei", "华文黑体", "方正黑体_GBK", "Noto Sans CJK SC"),
    "宋体": ("SimSun", "华文宋体", "AR PL UMing CN", "Noto Serif CJK SC"),
}


class PdfUnavailable(RuntimeError):
    """No PDF could be made; the message says in Chinese why, and what to do."""


def office_program() -> str | None:
    """Path of LibreOffice; None where it is not installed."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def to_pdf(docx: bytes, *, seconds: float = 60) -> bytes:
    """A Word file as PDF.

    Parameters
    ----------
    docx : the file's bytes
    seconds : how long LibreOffice may take

    Returns
    -------
    The PDF. Typefaces that are not installed are replaced (`STAND_INS`); lines may then break elsewhere.

    Raises
    ------
    PdfUnavailable : LibreOffice is not installed, took too long or could not read the file
    """
    program = office_program()
    if program is None:
        raise PdfUnavailable("本机没有安装 LibreOffice，不能转换为 PDF。请下载 Word 文件，用 Word 或 WPS 另存为 PDF。")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "document.docx").write_bytes(docx)
        _write_profile(home / "profile")
        _convert(program, home, seconds=seconds)
        result = home / "document.pdf"
        if not result.exists():
            raise PdfUnavailable(
                "LibreOffice 没有读出这份文件，不能转换为 PDF。请用 Word 或 WPS 打开检查后另存为 PDF。"
            )
        return result.read_bytes()


def _convert(program: str, home: Path, *, seconds: float) -> None:
    """Run LibreOffice in a group of its own, so that a program that hangs is ended with its children."""
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    options = [
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(home),
    ]
    with subprocess.Popen(
        [program, profile, *options, str(home / "document.docx")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as late:
            os.killpg(process.pid, signal.SIGKILL)
            raise PdfUnavailable(
                f"转换 PDF 超过 {seconds:g} 秒，已停止。请稍后再试，或用 Word 打开后另存为 PDF。"
            ) from late


def _write_profile(profile: Path) -> None:
    """A profile that says which typefaces stand in for missing ones."""
    node = "/org.openoffice.Office.Common/Font/Substitution"
    items = [f'<item oor:path="{node}"><prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>']
    for index, (font, other) in enumerate(stand_ins().items()):
        values = {"ReplaceFont": font, "SubstituteFont": other, "Always": "true", "OnScreenOnly": "false"}
        props = "".join(
            f'<prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop>'
            for name, value in values.items()
        )
        items.append(
            f'<item oor:path="{node}/FontPairs"><node oor:name="_{index}" oor:op="replace">{props}</node></item>'
        )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        + "".join(items)
        + "</oor:items>",
        encoding="utf-8",
    )


def stand_ins() -> dict[str, str]:
    """Which installed typeface stands in for each that is missing here; nothing where fontconfig cannot be asked."""
    asker = shutil.which("fc-list")
    if asker is None:
        return {}
    listed = subprocess.run([asker, ":", "family"], capture_output=True, text=True, timeout=20, check=False).stdout
    installed = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return {
        font: other
        for font, others in STAND_INS.items()
        if font not in installed
        for other in [next((each for each in others if each in installed), "")]
        if other
    }
