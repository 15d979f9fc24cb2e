"""What paper adds to a text: page numbers, running heads, the table of contents, numbers of the sharing site's chunks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from keshu.engines.plandoc.cleaning.draft import Draft, Edit, Line, without_line
from keshu.engines.plandoc.cleaning.lines import LABEL, LABELLED, is_row

_LONGEST = 40
_HAN = re.compile("[\u4e00-\u9fff]")
_PAGE_NUMBER = re.compile(
    # - 3 -   — 3 —   · 3 ·
    r"[-—·~.•_\s]*[-—·~•][ \t]*\d{1,4}[ \t]*[-—·~•][-—·~.•_\s]*\Z"
    # 第 3 页 共 9 页   3/9
    r"|[-—·\s]*第?[ \t]*\d{1,4}[ \t]*页?[ \t]*"
    r"(?:[,，/|]?[ \t]*共[ \t]*\d{1,4}[ \t]*页|/[ \t]*\d{1,4}[ \t]*页?)[-—·\s]*\Z"
    # 第3页
    r"|[-—·\s]*第[ \t]*[\d一二三四五六七八九十百]{1,4}[ \t]*页[-—·\s]*\Z"
    r"|(?:[Pp]age|PAGE|P\.)[ \t]*\d{1,4}(?:[ \t]*(?:of|/)[ \t]*\d{1,4})?\Z"
)
_BARE_NUMBER = re.compile(r"\d{1,4}\Z")
_ANY_DIGIT = re.compile(r"[\d页]")
_DASH_GAPS = ("- ", "— ", "-\t", "—\t")
_INLINE = re.compile(
    r"(?<=[\u4e00-\u9fff、,])[ \t]*(?:[-—][ \t]+\d{1,3}[ \t]+[-—]|第[ \t]*\d{1,3}[ \t]*页[ \t]*[,/]?[ \t]*共"
    r"[ \t]*\d{1,3}[ \t]*页)[ \t]*(?=[\u4e00-\u9fff\d])"
)


def drop_page_numbers(draft: Draft) -> Draft:
    """``- 3 -``, ``第3页``, ``第 3 页 共 9 页``, ``3 / 9`` on lines of their own or inside a sentence; bare numbers at page ends.

    The line feed in front of the number goes too, so that a sentence cut by the page is only cut by one line end.
    """
    lines = draft.lines
    paged = "\f" in draft.letters
    spots = [
        index
        for index, line in enumerate(lines)
        if 0 < len(line.text) <= _LONGEST
        and _ANY_DIGIT.search(line.text)
        and _is_page_number(lines, index, paged=paged)
    ]
    if spots:
        doomed = sorted({*spots, *_heads_beside(lines, spots)})
        cuts = [without_line(draft.text, lines[index]) for index in doomed]
        draft = draft.edited(cuts, artefact="page_numbers_inline")
    if "页" in draft.text or (not draft.letters.isdisjoint("-—") and any(gap in draft.text for gap in _DASH_GAPS)):
        draft = draft.substituted(_INLINE, "", artefact="page_numbers_inline")
    return draft


def _is_page_number(lines: list[Line], index: int, *, paged: bool) -> bool:
    text = lines[index].text
    bare = text.strip(" \t\f")
    if not bare or len(bare) > 24:
        return False
    if _PAGE_NUMBER.match(bare):
        return True
    if not paged or not _BARE_NUMBER.match(bare):
        return False
    at_top = text.startswith("\f")
    return at_top or index + 1 == len(lines) or lines[index + 1].text.startswith("\f")


def _heads_beside(lines: list[Line], numbers: list[int]) -> list[int]:
    """Lines that stand beside page numbers again and again: the running heads of a text whose pages are no longer marked."""
    beside = [place for index in numbers for place in (index - 1, index + 1) if 0 <= place < len(lines)]
    heads = Counter(_skeleton(lines[place].text) for place in beside)
    return [
        place
        for place in beside
        if heads[_skeleton(lines[place].text)] >= 2 and lines[place].text.strip() and not _is_body(lines[place].text)
    ]


def drop_running_heads(draft: Draft) -> Draft:
    """Lines that repeat at the tops or bottoms of pages, digits aside: the printed head of the paper."""
    if "\f" not in draft.letters:
        return draft
    lines = draft.lines
    slots = _page_edges(lines)
    pages = draft.text.count("\f") + 1
    heads = Counter((slot, _skeleton(lines[index].text)) for index, slot in slots.items())
    least = 2 if pages == 2 else max(3, pages // 3)
    seen: set[str] = set()
    edits: list[Edit] = []
    for index, slot in sorted(slots.items()):
        words = _skeleton(lines[index].text)
        if heads[slot, words] < least or _is_body(lines[index].text):
            continue
        # At the top the first one stays: it may be the title of the document.
        if words in seen or slot < 0 or not _HAN.search(words) or _PAGE_NUMBER.match(words):
            edits.append(without_line(draft.text, lines[index]))
        seen.add(words)
    if not seen:
        return draft
    numbers = all(not _HAN.search(words) or _PAGE_NUMBER.match(words) for words in seen)
    return draft.edited(edits, artefact="page_numbers_inline" if numbers else "running_heads")


def _page_edges(lines: list[Line]) -> dict[int, int]:
    """The first two and last two lines with words of every page, by index: at which place of the page each stands."""
    edges: dict[int, int] = {}
    page: list[int] = []
    for index, line in enumerate([*lines, Line(0, 0, "\f")]):
        if "\f" in line.text:
            edges.update(zip(page[:2], (0, 1), strict=False))
            edges.update(zip(reversed(page[-2:]), (-1, -2), strict=False) if len(page) > 3 else ())
            page = []
        if line.text.strip(" \t\f"):
            page.append(index)
    return edges


def _skeleton(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip(" \t\f"))


def _is_body(text: str) -> bool:
    bare = text.strip(" \t\f")
    return len(bare) > 60 or is_row(bare) or bool(LABEL.match(bare) or LABELLED.match(bare)) or bare.endswith("。")


# A run of dots and blanks is taken whole, with or without its page number, so that no run is tried from each of its dots.
_DOTTED = re.compile(r"[.·…_][ \t.·…_]*+(?P<page>\d{1,3}(?![\d.%])[ \t]*+)?")
_LEADER = re.compile(r"\.{4}|…{2}|·{4}|_{4}|(?:[.·…][ \t]++){3}")
_DOTS = ("....", "……", "····", "____", ". . .", "· · ·", "… …")
_LONGEST_ENTRY = 60
_CONTENTS_TITLE = re.compile(r"[ \t]*目[ \t]*[录次][ \t]*\Z")
_CONTENTS_WORD = re.compile(r"目[ \t]*[录次][ \t]*\n")
_CONTENTS_TABBED = re.compile(r"[ \t]*[^\n。;]{2,50}?[ \t]+\d{1,3}[ \t]*\Z")


def drop_contents(draft: Draft) -> Draft:
    """The table of contents: lines that end in dots and a page number, and the line 目录 above them."""
    dotted = not draft.letters.isdisjoint(".…·_") and any(mark in draft.text for mark in _DOTS)
    if not dotted and not _CONTENTS_WORD.search(draft.text):
        return draft
    lines = draft.lines
    doomed: set[int] = set()
    edits: list[Edit] = []
    for index, line in enumerate(lines):
        if _CONTENTS_TITLE.match(line.text):
            entries = _tabbed_entries(lines, index + 1)
            doomed.update(entries)
            if entries or any(any(_leaders(later.text)) for later in lines[index + 1 : index + 3]):
                doomed.add(index)
    for index, line in enumerate(lines):
        if index in doomed:
            edits.append(without_line(draft.text, line))
        elif dotted and not is_row(line.text):
            edits.extend(_contents_in(draft.text, line))
    return draft.edited(edits, artefact="table_of_contents")


def _tabbed_entries(lines: list[Line], first: int) -> list[int]:
    """Contents lines without dots: heading, blanks, page number; at least three in a row, numbers that rise."""
    entries, page = [], 0
    for index in range(first, len(lines)):
        text = lines[index].text
        if not text.strip():
            continue
        if not _CONTENTS_TABBED.match(text) or (number := int(text.split()[-1])) < page:
            break
        page = number
        entries.append(index)
    return entries if len(entries) >= 3 else []


def _leaders(text: str) -> Iterator[tuple[int, int]]:
    """Where dots lead to a page number: from the first dot to behind the number."""
    for run in _DOTTED.finditer(text):
        if run["page"] and (dots := _LEADER.search(text, run.start(), run.start("page"))):
            yield dots.start(), run.end()


def _contents_in(text: str, line: Line) -> list[Edit]:
    spans: list[tuple[int, int]] = []
    done = 0
    indent = len(line.text) - len(line.text.lstrip())
    for dots, end in _leaders(line.text):
        start = max(done, dots - _LONGEST_ENTRY)
        start = max(start, *(line.text.rfind(mark, start, dots) + 1 for mark in "。;"))
        # Dots at the head of a line end an entry that was wrapped.
        if dots - start >= 2 or dots <= indent:
            spans.append((start, end))
            done = end
    if not spans:
        return []
    covered = sum(end - start for start, end in spans)
    if covered >= len(line.text.strip()):
        return [without_line(text, line)]
    return [(line.start + start, line.start + end, "") for start, end in spans]


_CHUNK = re.compile(r"\n(?<!\n\n)[ \t\n]*+(\d{1,3})、")


def drop_chunk_numbers(draft: Draft) -> Draft:
    """``…推动高质\\n\\n3、量发展…``: document-sharing sites number the chunks they cut a text into, in the middle of words.

    Such numbers follow a line that breaks off without a mark, count upward by one, and stand 200 characters apart or more.
    """
    text = draft.text
    cuts = [match for match in _CHUNK.finditer(text) if _breaks_off(text, match.start())]
    if len(cuts) < 2:
        return draft
    run: list[re.Match[str]] = []
    best: list[re.Match[str]] = []
    for match in cuts:
        follows = run and int(match[1]) == int(run[-1][1]) + 1 and match.start() - run[-1].start() >= 200
        run = [*run, match] if follows else [match]
        best = max(best, run, key=len)
    if len(best) < 2:
        return draft
    return draft.edited([(_line_end(text, match.start()), match.end(), "") for match in best], artefact="chunk_numbers")


def _line_end(text: str, at: int) -> int:
    """Where the words of the line end that is closed at `at`."""
    while text[at - 1] in " \t":
        at -= 1
    return at


def _breaks_off(text: str, end: int) -> bool:
    """Whether the line that ends at `end` is a long one cut inside a sentence."""
    start = text.rfind("\n", 0, end) + 1
    line = text[start:end].strip()
    return len(line) >= 30 and bool(re.search(r"[\u4e00-\u9fff\d,、]\Z", line))


_DRAWING = frozenset(" \t|:+=_-—")


def drop_rules(draft: Draft) -> Draft:
    """Lines that only draw: ``|---|---|`` under a table head, ``-----``, ``=====``."""
    if not any(sign * 2 in draft.text for sign in "-—=_"):
        return draft
    lines = [line for line in draft.lines if line.text[:1] in _DRAWING and _is_drawn(line.text)]
    return draft.edited([without_line(draft.text, line) for line in lines])


def _is_drawn(text: str) -> bool:
    return _DRAWING.issuperset(text) and any(sign * 2 in text for sign in "-—=_")
