"""Web pages: the main text with every line of it, tables as rows, headings, and what the page declares of itself.

The content is sought in the containers that government content systems write; on unknown pages trafilatura finds the main
text, and the smallest element around it is rendered here, so that short lines (牵头单位：…) and tables are not lost.
Nothing is ever fetched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.page import Page
from keshu.engines.plandoc.reading.plain import decode
from keshu.engines.plandoc.reading.refusal import refusal
from keshu.engines.plandoc.source import Source

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST_PAGE = 8 * 1024 * 1024
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def read_web(data: bytes, *, archived: bool = False) -> Source:
    """The main text of a page (`archived`: of a page saved as .mht).

    Raises
    ------
    PlanDocumentError
        the page is too large or holds no text
    """
    if archived:
        data = _page_of_archive(data)
    if len(data) > _LARGEST_PAGE:
        raise refusal(
            given="网页文件超过 8 MB", why="不像一份工作要点或总结", remedy="请把正文复制到 Word，另存为 .docx 后再上传"
        )
    declared = _CHARSET.search(data[:4096])
    charset = declared[1].decode("ascii").lower() if declared else ""
    tree = _parsed(decode(data, declared="gb18030" if charset.startswith("gb") else charset))
    page = Page(tree)
    text, outline = page.text()
    return Source(
        text=text, format="html", title=page.title, issuer=page.issuer, published=page.published, outline=outline
    )


def _page_of_archive(data: bytes) -> bytes:
    import email
    from email import policy

    message = email.message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content
    raise refusal(
        given="网页存档（.mht）里没有网页", why="文件已损坏或不完整", remedy="请在浏览器里重新保存为 .html 后再上传"
    )


def _parsed(text: str) -> HtmlElement:
    from lxml import html

    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    return html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace") or b"<html/>", parser=parser)
