"""What a file is, by its content. The name only decides between kinds that look alike (plain text and CSV)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

UNKNOWN = "application/octet-stream"
HEAD = 8192

_OPENXML = "application/vnd.openxmlformats-officedocument"
# The first bytes of kinds that say their name.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
)
# A part inside a zip that tells which office file it is; a macro part makes it another type.
OFFICE_PARTS: tuple[tuple[str, str, str], ...] = (
    ("word/document.xml", f"{_OPENXML}.wordprocessingml.document", "application/vnd.ms-word.document.macroEnabled.12"),
    ("xl/workbook.xml", f"{_OPENXML}.spreadsheetml.sheet", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    (
        "ppt/presentation.xml",
        f"{_OPENXML}.presentationml.presentation",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    ),
)
# Old office files are one container; a stream name (UTF-16) tells which.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "application/x-ole-encrypted"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
MARKUP = re.compile(rb"^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|meta|div|table|p)\b", re.I | re.S)


def sniff(path: Path, *, name: str) -> str:
    """The media type of the file at `path`; `name` is what its uploader called it."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    if head.startswith(OLE):
        return _ole_kind(path)
    return _text_kind(head, name=name)


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return UNKNOWN
    known = set(parts)
    for part, plain, with_macros in OFFICE_PARTS:
        if part in known:
            has_macros = any(p.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for p in parts)
            return with_macros if has_macros else plain
    if "mimetype" in known and "content.xml" in known:
        return "application/vnd.oasis.opendocument"
    return "application/zip"


def _ole_kind(path: Path) -> str:
    data = path.read_bytes()
    return next(
        (kind for stream, kind in OLE_STREAMS if stream.encode("utf-16-le") in data), "application/x-ole-storage"
    )


def _text_kind(head: bytes, *, name: str) -> str:
    text = _decoded(head)
    if text is None:
        return UNKNOWN
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) or MARKUP.match(text.lstrip("\ufeff").encode()):
        return "text/html"
    if text.lstrip("\ufeff").lstrip().startswith("<?xml"):
        return "text/html" if "<html" in text.lower() else "application/xml"
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _decoded(head: bytes) -> str | None:
    """The beginning as text, or None when it is none: UTF-8, UTF-16 with its mark, or GB18030, without control characters."""
    encodings = ["utf-16"] if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8", "gb18030"]
    for encoding in encodings:
        for cut in range(4):  # the head may end within a character
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
    return None
