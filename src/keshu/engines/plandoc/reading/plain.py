"""Plain text: which encoding the bytes are in, and the text exactly as it stands (line ends included)."""

from __future__ import annotations

import codecs
import re

from keshu.engines.plandoc.reading.refusal import refusal
from keshu.engines.plandoc.source import Source

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_COMMON = re.compile("[的一是在不了有和人这中大为上个国工作科技年企业创新發創業術與計畫]")
_SOUP = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_GUESSED = ("gb18030", "big5", "utf-16-le", "utf-16-be")


def read_plain(data: bytes) -> Source:
    """A text file.

    Raises
    ------
    PlanDocumentError
        the bytes are no text in any known encoding
    """
    text = decode(data)
    if _is_soup(data, text[:20000]):
        raise refusal(
            given="文件内容是乱码", why="它不是文本，可能是改了后缀的 .doc 等二进制文件",
            remedy="请用原来的程序打开，另存为 .docx 或 UTF-8 文本后再上传",
        )  # fmt: skip
    return Source(text=text, format="txt")


def _is_soup(data: bytes, text: str) -> bool:
    """Whether these are the bytes of something else: control characters, or no UTF-8 and no Chinese either."""
    if "ࡱ" in text[:200] or len(_SOUP.findall(text)) * 50 > len(text):
        return True
    try:
        _strict(data[:40000], "utf-8")
    except UnicodeDecodeError:
        return len(text) >= 30 and _likeness(text) < 0.01
    return False


def decode(data: bytes, *, declared: str = "") -> str:
    """The bytes as text: byte order mark, then the declared encoding, UTF-8, and what reads most like Chinese."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    for codec in filter(None, ("utf-8", declared)):
        try:
            return _strict(data, codec)
        except (UnicodeDecodeError, LookupError):
            continue
    sample = data[:40000]
    damaged = sample.decode("utf-8", "replace")
    if damaged.count("\ufffd") * 100 < len(damaged):
        return data.decode("utf-8", "replace")
    guesses = _GUESSED if b"\x00" in sample else _GUESSED[:2]
    best = max(guesses, key=lambda codec: _likeness(sample.decode(codec, "replace")))
    return data.decode(best, "replace")


def _strict(data: bytes, codec: str) -> str:
    """Decode, letting a last character be cut short: a truncated download is still a text."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    return decoder.decode(data, final=False)


def _likeness(text: str) -> float:
    """How much a text reads like Chinese prose: common characters count, broken ones count against it."""
    return (len(_COMMON.findall(text)) - 3 * len(_SOUP.findall(text))) / (len(text) + 1)
