"""Wrapped lines: told from paragraphs by how many lines end at the same width, then joined again."""

from __future__ import annotations

import re
from collections import Counter

from keshu.engines.plandoc.cleaning.draft import Draft, Edit, Line
from keshu.engines.plandoc.cleaning.lines import LABEL, LABELLED, is_row

_SLACK = 3.0  # characters a full line may fall short of the measure: a mark or a bracket that may not begin a line
_LOOSE_SLACK = 6.0  # where indents tell paragraphs, a short line is no sign of an end
_NARROWEST, _WIDEST = 12.0, 90.0
_MOST_OVER = 0.04
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_CLOSED = re.compile(r"[。!?！？][”’)）》\]]?\Z|[。!?！？][(（][^()（）]{2,80}[)）]\Z")
_OPEN = frozenset(",、(《“〔")
_LAST_OPEN = _OPEN | frozenset(" \t\f")
_BEGINS = re.compile(r"[ \t]*(?:(?:19|20)\d\d年[^。,;:]{0,20}(?:总结|打算|计划|思路|安排|谋划|要点|举措|情况)[ \t]*\Z)")
_WORD_AHEAD = re.compile(r"[(（〔“]?[0-9A-Za-z.%-]{2,16}")
_MOST_UNBROKEN = 8.5  # half the characters of the longest such word
_TITLE = re.compile(r"[^,。;:、]*年[^,。;:、]*(?:总结|计划|要点|打算|方案|规划|通知|思路|安排|报告)\Z")
_TITLE_TAIL = re.compile(
    r"[ \t]*(?:的?(?:通知|意见|方案|决定|通报|函|报告|批复|公告)|的[ \t]*(?:实施)?(?:意见|方案|办法))[ \t]*\Z"
)
_HEAD_END = re.compile(r"(?:通知|意见|方案|决定|要点|计划|规划|总结|报告|文件|[〕\]]\d+号)\Z")


def join_wrapped_lines(draft: Draft) -> Draft:
    """Lines of print joined to paragraphs, unless a label, a table row or the end of a sentence demands a break.

    Where lines pile up at one width without ending a sentence the text is wrapped at that width; elsewhere only a line that
    breaks off at a comma or an open bracket is joined to the next.
    """
    lines = [line for line in draft.lines if line.text.strip(" \t\f")]
    indented = sum(_is_indented(line.text) for line in lines) >= 3
    full: frozenset[int] = frozenset()
    if not _is_paragraphs([len(line.text.strip()) for line in lines if not is_row(line.text)]):
        printed = [draft.printed(line.start, line.end).strip("\f\r\n").rstrip() for line in lines]
        full = _full_lines(lines, printed, slack=_LOOSE_SLACK if indented else _SLACK)
    edits: list[Edit] = []
    for index in range(len(lines) - 1):
        line, after = lines[index], lines[index + 1]
        if index not in full and line.text[-1] not in _LAST_OPEN and "关于" not in line.text:
            continue
        if _joins(line, after, wrapped=bool(full), full=index in full, indented=indented):
            end = line.start + len(line.text.rstrip(" \t\f"))
            begin = after.end - len(after.text.lstrip(" \t\f"))
            glue = " " if _latin(draft.text[end - 1]) and _latin(draft.text[begin]) else ""
            edits.append((end, begin, glue))
    return draft.edited(edits, artefact="line_wrapped" if full else "")


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _full_lines(lines: list[Line], printed: list[str], *, slack: float) -> frozenset[int]:
    """Indexes of the lines that fill the measure; empty where the lines are paragraphs.

    How wide a mark or a digit prints depends on the font, so three ways of counting are tried and the sharpest one is taken.
    """
    texts = [index for index, line in enumerate(lines) if not is_row(line.text)]
    if _is_paragraphs([len(printed[index]) for index in texts]):
        return frozenset()
    best: frozenset[int] = frozenset()
    cut = frozenset(
        index
        for index in texts
        if len(printed[index]) >= _NARROWEST - _SLACK - 1 and not _CLOSED.search(printed[index])
    )
    if len(cut) < 2:  # A measure shows by lines that break off.
        return best
    for measure in (_narrow_ascii, _narrow_words, len):
        full = _piled(texts, [measure(printed[index]) for index in texts], printed, cut=cut, slack=slack)
        if len(full) > len(best):
            best = full
    return best


def _is_paragraphs(lengths: list[int]) -> bool:
    """Whether lines of these lengths are too few, or too many of them too long, for lines of print."""
    return len(lengths) < 6 or sum(length > 2 * _WIDEST for length in lengths) > _MOST_OVER * len(lengths)


def _narrow_ascii(text: str) -> float:
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def _narrow_words(text: str) -> float:
    return len(text) - len(text.encode("ascii", "ignore").translate(None, delete=_ASCII_SIGNS)) / 2


def _piled(
    texts: list[int], widths: list[float], printed: list[str], *, cut: frozenset[int], slack: float
) -> frozenset[int]:
    """The lines at the width where most lines end, if that looks like a margin and not like chance.

    `cut` are the long lines that end no sentence; `slack` widens the answer, not the evidence.
    """
    common = Counter(round(w) for w in widths if _NARROWEST <= w <= _WIDEST)
    if not common:
        return frozenset()
    margin = max(common, key=lambda w: (common[w] + common[w - 1] + common[w - 2], w))
    full = [index for index, w in zip(texts, widths, strict=True) if margin - _SLACK <= w <= margin + 1.5]
    open_ended = len(cut.intersection(full))
    over = len([w for w in widths if w > margin + 2.0])
    many = len(full) >= max(4, 0.3 * len(texts)) and open_ended >= 0.5 * len(full)
    # Among many short lines (labels, cells) fewer full ones do, if hardly any of them ends a sentence.
    telling = len(full) >= max(6, 0.15 * len(texts)) and open_ended >= 0.9 * len(full)
    if over > _MOST_OVER * len(texts) or not (many or telling):
        return frozenset()
    least = margin - slack
    return frozenset(
        index
        for index, w in zip(texts, widths, strict=True)
        if w >= least or (w + _MOST_UNBROKEN >= least and w + _unbroken(printed, index + 1) >= least)
    )


def _unbroken(printed: list[str], index: int) -> float:
    """The room that the figure or word at the head of a line would have taken on the line above: it may not be parted."""
    head = _WORD_AHEAD.match(printed[index]) if index < len(printed) else None
    return 0.0 if head is None else len(head[0]) / 2


def _joins(line: Line, after: Line, *, wrapped: bool, full: bool, indented: bool) -> bool:
    """Whether `after` continues `line`; `indented` says that paragraphs of this text begin with blanks."""
    text, follow = line.text.strip(" \t\f"), after.text.strip(" \t\f")
    is_open = text[-1] in _OPEN
    if not (full or is_open or "关于" in text):
        return False
    if is_row(text) or is_row(follow):
        return False
    if _TITLE_TAIL.match(follow) and len(text) <= 60 and "关于" in text and not _HEAD_END.search(text):
        return True
    if indented and full and not _is_indented(after.text):
        return True
    if _TITLE.match(text):
        return False
    if LABEL.match(follow) or LABELLED.match(follow) or _CLOSED.search(text):
        return False
    if is_open and (wrapped or len(text) >= 8):
        return True
    return full and not _BEGINS.match(follow) and not _is_indented(after.text) and not text.endswith(":")


def _is_indented(text: str) -> bool:
    return text.lstrip("\f").startswith(("  ", "\t"))
