"""Reads a passage: finds its quantities and hands each sentence that holds one to the sentence reader."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from keshu.engines.plandoc.claims.clauses import SENTENCE_END
from keshu.engines.plandoc.claims.draft import Draft
from keshu.engines.plandoc.claims.quantities import Quantity, find_quantities
from keshu.engines.plandoc.claims.sentences import SentenceReader
from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.passage import Passage

#: A sentence longer than this is none; it is cut at a comma, so that a page without full stops stays linear.
_LONGEST = 1200


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """End of each sentence, start of the next, and the mark between them."""
    begin = start
    for match in chain(SENTENCE_END.finditer(text, start, end), (None,)):
        stop, following, sign = (match.start(), match.end(), match[0]) if match else (end, end, "")
        while stop - begin > _LONGEST:
            cut = max(text.rfind(mark, begin + 1, begin + _LONGEST) for mark in ",、")
            begin = cut + 1 if cut > begin else begin + _LONGEST
            yield begin - (cut + 1 == begin), begin, ";"
        yield stop, following, sign
        begin = following


class TooManyFigures(PlanDocumentError):
    """A text of little else but figures, which no plan is."""

    def __init__(self) -> None:
        super().__init__(
            "文件里的数字超过 5 万个：不像工作要点或总结，多半是数据表。请确认文件是否选对；确是工作文件的，请分成几个文件导入。"
        )


def read_passage(text: str, passage: Passage, *, most: int | None = None) -> list[Draft]:
    """The claims of `passage`, a stretch of the clean `text`; TooManyFigures where it holds more than `most` numbers."""
    quantities = find_quantities(text, passage.start, passage.end)
    if most is not None and len(quantities) > most:
        raise TooManyFigures
    if not quantities:
        return []
    reader = SentenceReader(text, passage)
    drafts: list[Draft] = []
    start, fresh, place = passage.start, True, 0
    for stop, following, sign in _sentences(text, passage.start, passage.end):
        inside: list[Quantity] = []
        while place < len(quantities) and quantities[place].start < stop:
            inside.append(quantities[place])
            place += 1
        if inside:
            drafts.extend(reader.read(start, stop, inside, fresh=fresh))
        start, fresh = following, not sign.startswith(";")
        if place >= len(quantities):
            break
    return drafts
