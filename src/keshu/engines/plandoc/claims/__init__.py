"""From passages and tables to claims: the grammar that finds every figure and says what it means.

Method: one compiled pattern finds the anchors (numbers with units and phrases that stand for numbers); each sentence that
holds one is cut into items and read from left to right with what it has said so far as context. The phrases themselves are
declared, with examples, in the modules of this room; :data:`CATALOGUE` lists them all.
"""

from __future__ import annotations

from keshu.engines.plandoc.claims import (
    agreement,
    asides,
    bearings,
    comparators,
    deadlines,
    fronts,
    gaps,
    lookalikes,
    makeup,
    measures,
    naming,
    numbers,
    proceedings,
    sharing,
    tenses,
    tiers,
    units,
    wholes,
)
from keshu.engines.plandoc.claims.draft import Draft
from keshu.engines.plandoc.claims.passages import TooManyFigures, read_passage
from keshu.engines.plandoc.claims.phrases import Phrase
from keshu.engines.plandoc.claims.tables import read_table
from keshu.engines.plandoc.document import Claim, Contradiction
from keshu.engines.plandoc.passage import Role
from keshu.engines.plandoc.source import CleanText
from keshu.engines.plandoc.structure import Structure

#: Every declared phrase, room by room.
CATALOGUE: tuple[Phrase, ...] = (
    *numbers.PHRASES,
    *units.PHRASES,
    *comparators.PHRASES,
    *tiers.PHRASES,
    *measures.PHRASES,
    *deadlines.PHRASES,
    *naming.PHRASES,
    *sharing.PHRASES,
    *gaps.PHRASES,
    *tenses.PHRASES,
    *lookalikes.PHRASES,
    *makeup.PHRASES,
    *fronts.PHRASES,
    *bearings.PHRASES,
    *wholes.PHRASES,
    *asides.PHRASES,
    *proceedings.PHRASES,
)


#: A plan of 500 pages holds some ten thousand figures.
MOST_FIGURES = 50_000


def find_claims(clean: CleanText, structure: Structure) -> tuple[tuple[Claim, ...], tuple[Contradiction, ...]]:
    """Every figure of the document in reading order, and the figures that disagree.

    Parameters
    ----------
    clean : the cleaned text; claims count in the original through its map
    structure : passages and tables; wrapper passages hold no claims

    Raises
    ------
    TooManyFigures
        more than :data:`MOST_FIGURES` of them: a table of data, no plan
    """
    drafts: list[Draft] = []
    for passage in structure.passages:
        if passage.role is not Role.WRAPPER:
            drafts.extend(read_passage(clean.text, passage, most=MOST_FIGURES - len(drafts)))
    for table in structure.tables:
        drafts.extend(read_table(clean.text, table))
        if len(drafts) > MOST_FIGURES:
            raise TooManyFigures
    drafts.sort(key=lambda draft: (draft.value_start, draft.value_end))
    return agreement.settle(clean, drafts)
