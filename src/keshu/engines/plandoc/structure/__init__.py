"""From clean text to metadata, headings, owners and tables.

The rooms: :mod:`labels` is the catalogue of heading labels, :mod:`headings` decides which of them open a heading,
:mod:`nesting` gives levels; :mod:`frame`, :mod:`headblock` and :mod:`metadata` read the head; :mod:`words` and
:mod:`regimes` say what a figure means by its place; :mod:`owners`, :mod:`offices` and :mod:`attribution` find who answers;
:mod:`tables` and :mod:`tasklists` read tables; :mod:`passages` cuts what is left for the claims room.
"""

from __future__ import annotations

from dataclasses import dataclass

from keshu.engines.plandoc.document import Metadata, Node
from keshu.engines.plandoc.passage import Passage, Table
from keshu.engines.plandoc.source import CleanText, Source
from keshu.engines.plandoc.structure.assembly import assemble


@dataclass(frozen=True, slots=True)
class Structure:
    """What the document is made of. Node and owner spans already count in the original; passages and tables in clean text."""

    meta: Metadata
    nodes: tuple[Node, ...]
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...]


def find_structure(clean: CleanText, source: Source) -> Structure:
    """Find metadata, headings, owners, passages and tables.

    Parameters
    ----------
    clean : the text with its noise undone, see :class:`keshu.engines.plandoc.source.CleanText`
    source : what the reader extracted; its title, issuer, date and outline help where the text is silent

    Returns
    -------
    Structure
        nodes in reading order; passages in reading order, never overlapping each other or a table
    """
    found = assemble(clean, source)
    return Structure(found.meta, found.nodes, found.passages, found.tables)
