"""From bytes to extracted text: one reader per format, chosen by content.

Readers keep what is written and where (paragraphs, table rows, headings); they leave out what the format itself marks as
not the text (headers and footers, deleted revisions, hidden runs, scripts). Noise in the text is the cleaning room's work.
Every library is imported by the reader that needs it, so that importing the engine stays cheap.
"""

from __future__ import annotations

from collections.abc import Callable

from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading.refusal import LONGEST_TEXT, refusal, too_long
from keshu.engines.plandoc.reading.sniff import sniff
from keshu.engines.plandoc.source import Source


def read_source(data: bytes, *, name: str = "", on_page: Callable[[int, int], None] | None = None) -> Source:
    """Extract the text of a file.

    Parameters
    ----------
    data : the file's bytes: .docx/.docm, .pdf, .html/.htm/.mht or .txt
    name : the file's name; its suffix only breaks ties
    on_page : told, before each page of a scan is recognised, its number (from 1) and how many there are; what it raises ends
        the reading

    Raises
    ------
    PlanDocumentError
        the file is of another kind, damaged, encrypted, empty or too large; the message is Chinese and says what to do
    """
    kind = sniff(data, name=name)
    stopped: list[Exception] = []

    def tell(number: int, count: int) -> None:
        try:
            if on_page is not None:
                on_page(number, count)
        except Exception as error:
            stopped.append(error)
            raise

    try:
        source = _read(data, kind=kind, on_page=tell)
    except PlanDocumentError:
        raise
    except (Exception, RecursionError) as error:
        if error in stopped:
            raise
        # Damaged files make the format libraries fail in ways they do not declare.
        raise refusal(
            given=f"文件（{kind}）已损坏或不完整", why="读取时出错", remedy="请用原来的程序打开检查，另存一份后再上传"
        ) from error
    if len(source.text) > LONGEST_TEXT:
        raise too_long()
    if not source.text.replace("|", "").replace("\ufeff", "").strip():
        raise refusal(given="文件里没有文字", why="打开后是空白", remedy="请确认上传的是正文，而不是封面或空模板")
    return source


def _read(data: bytes, *, kind: str, on_page: Callable[[int, int], None]) -> Source:
    if kind == "docx":
        from keshu.engines.plandoc.reading.word import read_word

        return read_word(data)
    if kind == "pdf":
        from keshu.engines.plandoc.reading.pdf import read_pdf

        return read_pdf(data, on_page=on_page)
    if kind in ("html", "mht"):
        from keshu.engines.plandoc.reading.web import read_web

        return read_web(data, archived=kind == "mht")
    from keshu.engines.plandoc.reading.plain import read_plain

    return read_plain(data)
