"""The sentence around a stretch of text. Plain values; no database."""

from __future__ import annotations

# How far to look around the quoted words for the ends of their sentence, in characters.
REACH = 400
# A sentence longer than this is cut to so many characters on either side of the quote.
LONGEST, AROUND = 180, 60
BORDERS = " \t\r\n\f\u3000\u00a0|"
STOPS = "。！？\n\f"


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """From after the stop before `start` to past the stop that closes the sentence, never beyond the paragraph.

    >>> text = "一、目标\\n甲10家。乙20家,丙3家。丁"
    >>> "".join(text[slice(*sentence_bounds(text, 11, 15))])
    '乙20家,丙3家。'
    """
    first = max(text.rfind(stop, max(0, start - REACH), start) for stop in STOPS) + 1
    first = max(first, start - REACH, 0)
    if end > 0 and text[end - 1 : end] in STOPS:
        return first, end
    ends = [place for stop in STOPS if (place := text.find(stop, end, end + REACH)) >= 0]
    if not ends:
        return first, min(len(text), end + REACH)
    place = min(ends)
    return first, place if text[place] in "\n\f" else place + 1


def sentence(text: str, start: int, end: int) -> str:
    """The sentence (or table row) itself, without blanks and cell borders at its ends.

    Of a very long one only the words around the quote, with … where it is cut.

    >>> sentence("甲" * 200 + "乙20家" + "丙" * 200, 200, 204) == "…" + "甲" * 60 + "乙20家" + "丙" * 60 + "…"
    True
    """
    first, last = sentence_bounds(text, start, end)
    if last - first <= LONGEST:
        return text[first:last].strip(BORDERS)
    left, right = max(first, start - AROUND), min(last, end + AROUND)
    cut = text[left:right].strip(BORDERS)
    return f"{'…' if left > first else ''}{cut}{'…' if right < last else ''}"
