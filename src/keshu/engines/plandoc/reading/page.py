"""A parsed web page: where its main text is, and what it declares of itself."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.markup import Renderer, is_hidden, plain_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Containers of the content systems in use (大汉, TRS, 开普, 博达, 国脉 …), the surest first.
_CONTAINERS = (
    "zoom", "UCAP-CONTENT", "TRS_Editor", "vsb_content", "vsb_content_2", "ContentRegion", "articleContent",
    "article_content", "article-content",
    "news_content", "newsContent", "content_txt", "xxgk_content", "info_content", "detail_content", "pages_content",
    "zwgk_content", "view_content",
    "artcontent", "art_content", "article-body", "article_body", "con_text", "wzcon", "j-fontContent", "bt-content",
    "ewb-article-info", "main-txt",
    "Zoom", "zoomcon", "fontzoom", "textcontent", "text_content", "post-content", "entry-content",
    "rich_media_content", "js_content", "article",
)  # fmt: skip
_LEAST = 80
_MOST_ELEMENTS, _MOST_COMPARED = 20_000, 3_000
_SPAN = re.compile(r' (?:row|col)span="[^"]*"')
_HUGE_SPAN = re.compile(r' (?:row|col)span="[^"]{3,}"')
_LEAVES = frozenset(("p", "span", "td", "tr", "tbody", "table", "a"))
_HAN = re.compile("[\u4e00-\u9fff]")
_META = {
    "title": ("articletitle", "og:title", "dc.title", "title"),
    "issuer": ("contentsource", "source", "article:author", "og:site_source"),
    "published": ("pubdate", "publishdate", "article:published_time", "og:release_date", "dc.date", "createdate"),
}
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_SOURCE_LINE = re.compile(r"(?:信息)?来源\s*[：:]\s*([\u4e00-\u9fff（）()、]{3,30})")
_ISSUER_LINE = re.compile(r"(?:发布机构|发文机关|发布单位|发布部门|发文单位)\s*[：:]\s*([\u4e00-\u9fff（）()、]{3,30})")
_DATE_LINE = re.compile(r"(?:发布时间|发布日期|发稿时间|公布日期|日期|时间)\s*[：:]\s*([^\n]{6,24})")
_HEAD_LABEL = re.compile(
    r"索\s*引\s*号|发文机关|发布机构|发文字号|文\s*号|成文日期|发布日期|公布日期|主题分类|有\s*效\s*性|生成日期"
    r"|公开日期|信息分类"
)
_SITE_SUFFIX = re.compile(r"\s*[-_—|–].{0,30}(?:网|政府|局|门户|平台|公开|厅|委)[^-_—|]{0,12}\Z")


class Page:
    """A page's main element, text and declarations."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._weights = Weights(tree)
        self._metas = self._declared()
        self._main = self._main_element()
        self._around = plain_text(tree)[:200_000]

    def text(self) -> tuple[str, dict[int, int]]:
        """The lines of the main text, the page's own head table in front, and heading levels by offset."""
        renderer = Renderer()
        for line in self._head_lines():
            renderer.line(line)
        renderer.element(self._main)
        return renderer.finished()

    @property
    def title(self) -> str | None:
        if declared := self._metas.get("title"):
            return _SITE_SUFFIX.sub("", declared)
        for heading in self._tree.iter("h1"):
            if words := " ".join(heading.text_content().split()):
                return words
        element = self._tree.find(".//title")
        words = "" if element is None else " ".join((element.text or "").split())
        return _SITE_SUFFIX.sub("", words) or None

    @property
    def issuer(self) -> str | None:
        match = _ISSUER_LINE.search(self._around)
        found = self._metas.get("issuer") or (match[1] if match else None)
        if found is None and (match := _SOURCE_LINE.search(self._around)):
            found = match[1]
        return found if found and "网络" not in found else None

    @property
    def published(self) -> str | None:
        declared = _iso(self._metas.get("published", ""))
        if declared:
            return declared
        return next((day for match in _DATE_LINE.finditer(self._around) if (day := _iso(match[1]))), None)

    def _declared(self) -> dict[str, str]:
        found: dict[str, dict[str, str]] = {key: {} for key in _META}
        for meta in self._tree.iter("meta"):
            name = (meta.get("name") or meta.get("property") or "").lower()
            content = " ".join((meta.get("content") or "").split())
            for key, names in _META.items():
                if name in names and content:
                    found[key].setdefault(name, content)
        return {
            key: next(found[key][name] for name in names if name in found[key])
            for key, names in _META.items()
            if found[key]
        }

    def _main_element(self) -> HtmlElement:
        body = self._tree.find(".//body")
        body = self._tree if body is None else body
        known = [element for element in body.iter() if isinstance(element.tag, str) and _is_container(element)]
        sized = [(self._weights.whole(element), element) for element in known[:200]]
        most = max((count for count, _ in sized), default=0)
        if most >= _LEAST and most * 5 >= self._weights.prose(body) * 2:
            # The innermost container that still holds the text: outer ones carry share bars and links as well.
            return [element for count, element in sized if count >= 0.9 * most][-1]
        found = self._found_by_extraction(body)
        return self._densest(body) if found is None else found

    def _found_by_extraction(self, body: HtmlElement) -> HtmlElement | None:
        """The smallest element that holds what trafilatura takes for the main text."""
        from lxml import html

        if self._weights.whole(body) < 400 or self._weights.elements > _MOST_ELEMENTS:
            return None
        import trafilatura

        # Its second opinion (justext) compares every paragraph with every other, and it writes merged cells out one by one.
        large = self._weights.elements > _MOST_COMPARED
        markup = (_SPAN if large else _HUGE_SPAN).sub("", html.tostring(self._tree, encoding="unicode"))
        try:
            extracted = trafilatura.extract(markup, include_tables=True, favor_recall=True, fast=large)
        except Exception:
            return None
        lines = [line for line in (extracted or "").splitlines() if len(_HAN.findall(line)) >= 10]
        wanted = sum(len(_HAN.findall(line)) for line in lines)
        if wanted < _LEAST:
            return None
        element = body
        while True:
            inner = [
                child for child in element if isinstance(child.tag, str) and self._weights.whole(child) >= 0.9 * wanted
            ]
            if len(inner) != 1:
                return element
            element = inner[0]

    def _densest(self, body: HtmlElement) -> HtmlElement:
        """Walk down while one child holds four fifths of the text that is no link."""
        element = body
        while True:
            whole = self._weights.prose(element)
            heavy = [
                child for child in element if isinstance(child.tag, str) and self._weights.prose(child) >= 0.8 * whole
            ]
            if whole == 0 or len(heavy) != 1 or heavy[0].tag in _LEAVES:
                return element
            element = heavy[0]

    def _head_lines(self) -> list[str]:
        """The page's own table of 索引号, 发文机关, 文号 …, where it stands outside the main text."""
        own = plain_text(self._main)
        if len(_HEAD_LABEL.findall(own[:400])) >= 2:
            return []
        best: HtmlElement | None = None
        for element in self._tree.iter("table", "ul", "div", "dl"):
            words = plain_text(element) if self._weights.whole(element) <= 500 else ""
            if (
                10 <= len(words) <= 600
                and len(set(_HEAD_LABEL.findall(words))) >= 3
                and (best is None or _within(element, best))
            ):
                best = element
        if best is None or _within(self._main, best):
            return []
        renderer = Renderer()
        renderer.element(best)
        return [line for line in renderer.finished()[0].splitlines() if line.strip()]


def _within(element: HtmlElement, outer: HtmlElement) -> bool:
    return any(above is outer for above in element.iterancestors())


def _is_container(element: HtmlElement) -> bool:
    names = [element.get("id") or "", *(element.get("class") or "").split()]
    return any(name in _CONTAINERS for name in names) and not is_hidden(element)


class Weights:
    """How many Chinese characters stand below each element, and how many of them in links; counted once, from the leaves up."""

    def __init__(self, tree: HtmlElement) -> None:
        self._whole: dict[HtmlElement, int] = {}
        self._links: dict[HtmlElement, int] = {}
        for element in reversed(list(tree.iter())):
            named = isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript")
            whole = len(_HAN.findall(element.text or "")) if named else 0
            links = 0
            for child in element if named else ():
                whole += self._whole[child] + len(_HAN.findall(child.tail or ""))
                links += self._links[child]
            self._whole[element] = whole
            self._links[element] = whole if element.tag == "a" else links
        self.elements = len(self._whole)

    def whole(self, element: HtmlElement) -> int:
        return self._whole.get(element, 0)

    def prose(self, element: HtmlElement) -> int:
        """Characters outside links."""
        return self._whole.get(element, 0) - self._links.get(element, 0)


def _iso(text: str) -> str | None:
    match = _DATE.search(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
