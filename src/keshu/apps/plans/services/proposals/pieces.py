"""This year's document cut into pieces at the spans of its rows: headings, tasks, targets, prose, owners, rows of tables.

Plain values in and out. The pieces in their order are the document's body; each says which row it came from, so that leaving one
out or putting another number in leaves the rest as it was.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from keshu.apps.plans.models import NodeKind, PieceKind, Tense
from keshu.apps.plans.services.proposals.moving import in_next_year, set_in_full

if TYPE_CHECKING:
    from keshu.apps.plans.models import OwnerMention, PlanNode, Target
    from keshu.engines.plandoc.passage import Passage
    from keshu.engines.plandoc.source import CleanText

_STOPS = ",，;；。"
_OPENING, _CLOSING = "(（[〔《“「", ")）]〕》”」"
# Numbers that stand inside a sentence: 一是, 二要, 第三,, ①.
_INSIDE = re.compile(r"[一二三四五六七八九十]+(?:是|要)|第[一二三四五六七八九十]+[,，]?|[①-⑳]")
# A clause that says no subject of its own goes with the one before it.
_FOLLOWS = re.compile(r"同比|增长|占|其中|比上年|较上年|较\d{4}年|比\d{4}年")
# The blank between a table's number and its title, which cleaning takes for a slip.
_CAPTION = re.compile(r"^(表\d{1,2}) ?(?=20\d\d年)")
_RULE = frozenset("|-: \t")


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a target's amount stands in a piece's text."""

    target_id: int
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece; ``parent`` is the index of the piece of its heading."""

    kind: str
    text: str
    opens: bool = False
    tail: str = ""
    depth: int = 0
    label: str = ""
    parent: int | None = None
    node_id: int | None = None
    owners: tuple[tuple[str, str], ...] = ()
    due_text: str = ""
    figures: tuple[Printed, ...] = ()
    actuals: tuple[Printed, ...] = ()
    issue_id: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """A clause, or several that belong together."""

    start: int
    end: int
    targets: tuple[Target, ...] = ()


def cut_pieces(
    text: str, *, year: int, nodes: Sequence[PlanNode], targets: Sequence[Target], mentions: Sequence[OwnerMention]
) -> tuple[Piece, ...]:
    """The body of the document as pieces, said of the year after `year`. Rows are the kept ones, in reading order."""
    from keshu.engines.plandoc.cleaning import clean
    from keshu.engines.plandoc.source import Source
    from keshu.engines.plandoc.structure import find_structure

    cleaned = clean(text)
    passages = find_structure(cleaned, Source(text=text, format="txt")).passages
    return tuple(_Cutter(cleaned, passages, year=year, nodes=nodes, targets=targets, mentions=mentions).pieces())


@dataclass
class _Cutter:
    cleaned: CleanText
    passages: Sequence[Passage]
    year: int
    nodes: Sequence[PlanNode]
    targets: Sequence[Target]
    mentions: Sequence[OwnerMention]
    made: list[Piece] = field(default_factory=list)
    homes: dict[int, int] = field(default_factory=dict)

    def __init__(
        self, cleaned: CleanText, passages: Sequence[Passage], *, year: int, nodes: Sequence[PlanNode],
        targets: Sequence[Target], mentions: Sequence[OwnerMention],
    ) -> None:  # fmt: skip
        self.cleaned, self.passages, self.year = cleaned, passages, year
        self.text = cleaned.text
        self.mentions = mentions
        self.made, self.homes = [], {}
        self.node_by_id = {node.pk: node for node in nodes}
        self.spans = {node.pk: self._span(node.start, node.end) for node in nodes}
        looking_ahead = [t for t in targets if t.tense == Tense.TARGET]
        looking_back = [t for t in targets if t.tense == Tense.ACTUAL]
        self.values = {t.pk: self._span(t.value_start, t.value_end) for t in targets if t.value_end > t.value_start}
        self.quotes = {t.pk: self._span(t.start, t.end) for t in targets}
        self.targets = sorted((t for t in looking_ahead if t.pk in self.values), key=lambda t: self.values[t.pk].start)
        self.actuals = [t for t in looking_back if t.pk in self.values]
        self.nodes = sorted(nodes, key=lambda node: (self.spans[node.pk].start, node.position))

    def _span(self, start: int, end: int) -> Span:
        origin = self.cleaned.origin
        size = len(self.text)
        return Span(bisect_left(origin, start, 0, size), bisect_left(origin, end, 0, size))

    # Where the body is

    @cached_property
    def extent(self) -> Span:
        """From the first heading or passage that is no notice to the last, whole lines where they begin a line."""
        plain = [p for p in self.passages if p.role != "wrapper"]
        starts = [p.start for p in plain] + [span.start for span in self.spans.values()]
        ends = [p.end for p in plain] + [span.end for span in self.spans.values()]
        ends += [self._span(m.start, m.end).end for m in self.mentions]
        ends += [span.end for span in self.values.values()]
        if not starts:
            return Span(0, len(self.text))
        start, end = min(starts), max(ends)
        line_end = self.text.find("\n", end)
        return Span(start, len(self.text) if line_end < 0 else line_end)

    @cached_property
    def looks_back(self) -> list[Span]:
        return [Span(p.start, p.end) for p in self.passages if p.tense == Tense.ACTUAL]

    def _is_retrospect(self, paragraph: Span) -> bool:
        """Words on the year past, in a document that also plans."""
        middle = (paragraph.start + paragraph.end) // 2
        return any(span.start <= middle < span.end for span in self.looks_back)

    @cached_property
    def notes(self) -> list[Span]:
        """Stretches that name owners or deadlines."""
        from keshu.engines.plandoc.structure.owners import find_owner_notes

        extent = self.extent
        starts = frozenset(span.start for span in self.spans.values())
        return [
            Span(note.start, note.end)
            for note in find_owner_notes(self.text, extent.start, extent.end, item_starts=starts)
        ]

    def paragraphs(self) -> Iterator[Span]:
        """Lines of the body, parted also where a heading of the outer numbering opens inside one."""
        opening = sorted(
            self.spans[node.pk].start for node in self.nodes if not _INSIDE.match(node.label) and node.label
        )
        at = self.extent.start
        while at < self.extent.end:
            end = self.text.find("\n", at, self.extent.end)
            end = self.extent.end if end < 0 else end
            cuts = [at, *(each for each in opening if at < each < end and self.text[at] != "|"), end]
            for left, right in itertools.pairwise(cuts):
                if self.text[left:right].strip():
                    yield self._trimmed(left, right)
            at = end + 1

    def _trimmed(self, start: int, end: int) -> Span:
        while start < end and self.text[start] in " \t":
            start += 1
        while end > start and self.text[end - 1] in " \t":
            end -= 1
        return Span(start, end)

    # Cutting

    def pieces(self) -> list[Piece]:
        in_table = False
        for paragraph in self.paragraphs():
            if self.text[paragraph.start] == "|":
                if set(self.text[paragraph.start : paragraph.end]) - _RULE:
                    self._row(paragraph, is_head=not in_table)
                    in_table = True
                continue
            in_table = False
            if not self._is_retrospect(paragraph):
                self._paragraph(paragraph)
        return self.made

    def _row(self, line: Span, *, is_head: bool) -> None:
        inside = [t for t in self.targets if line.start <= self.values[t.pk].start < line.end]
        actual = [t for t in self.actuals if line.start <= self.values[t.pk].start < line.end]
        node = next((n for n in self.nodes if line.start <= self.spans[n.pk].start < line.end), None)
        text, places = self._said(line, [*inside, *actual])
        is_head = is_head and not inside and node is None
        self._add(
            Piece(
                PieceKind.TABLE_HEAD if is_head else PieceKind.TABLE_ROW, text, opens=True,
                node_id=None if node is None else node.pk,
                parent=self._home(node.parent_id if node is not None else self._node_at(line.start)),
                figures=tuple(places[t.pk] for t in inside), actuals=tuple(places[t.pk] for t in actual),
            )
        )  # fmt: skip
        if node is not None:
            self.homes[node.pk] = len(self.made) - 1

    def _paragraph(self, span: Span) -> None:
        at, opens = span.start, True
        while at < span.end:
            node = self._node_from(at)
            note = next((note for note in self.notes if note.start <= at < note.end), None)
            if node is not None:
                at, opens = self._node_piece(node, at, end=span.end, opens=opens), False
                continue
            if note is not None:
                at, opens = self._owners(note, end=span.end, opens=opens), False
                continue
            end = self._next_break(at, span.end)
            opens = self._sentences(Span(at, end), opens=opens) and opens
            at = end

    def _next_break(self, at: int, end: int) -> int:
        breaks = [self.spans[node.pk].start for node in self.nodes] + [note.start for note in self.notes]
        return min((each for each in breaks if at < each < end), default=end)

    def _node_from(self, at: int) -> PlanNode | None:
        return next(
            (node for node in self.nodes if self.spans[node.pk].start == at and node.pk not in self.homes), None
        )

    def _node_piece(self, node: PlanNode, at: int, *, end: int, opens: bool) -> int:
        """The piece of a heading; one whose words hold targets is its number alone. Returns where the words go on."""
        span = self.spans[node.pk]
        stop = min(max(span.end, at + len(node.label)), end)
        label_end = at + len(node.label) if self.text.startswith(node.label, at) else at
        while label_end < stop and self.text[label_end] in " \t":
            label_end += 1
        holds = any(at <= self.values[t.pk].start < stop for t in self.targets)
        if holds:
            stop = label_end
        tail = self.text[stop] if not holds and stop < end and self.text[stop] in "。:：;；,，" else ""
        depth = self._depth(node, opens=opens)
        is_work = node.kind in (NodeKind.ACTION, NodeKind.MEASURE) or any(m.node_id == node.pk for m in self.mentions)
        kind = PieceKind.TASK if is_work and node.kind != NodeKind.GOAL else PieceKind.HEADING
        self._add(
            Piece(
                kind, self._plain(Span(label_end, stop)), opens=opens, tail=set_in_full(tail), depth=depth,
                label=set_in_full(node.label), node_id=node.pk, parent=self._home(node.parent_id),
                due_text=in_next_year(set_in_full(node.due_text), year=self.year),
            )
        )  # fmt: skip
        self.homes[node.pk] = len(self.made) - 1
        return max(stop + len(tail), at + 1)

    def _depth(self, node: PlanNode, *, opens: bool) -> int:
        """The heading's level in the draft; 0 for one that stands inside a paragraph."""
        if not opens or _INSIDE.match(node.label):
            return 0
        above = self._home(node.parent_id)
        while above is not None and not self.made[above].depth:
            above = self.made[above].parent
        return 1 if above is None else self.made[above].depth + 1

    def _owners(self, note: Span, *, end: int, opens: bool) -> int:
        stop = min(note.end, end)
        here = [m for m in self.mentions if note.start <= self._span(m.start, m.end).start < note.end]
        tail = self.text[stop] if stop < end and self.text[stop] in "。;；" else ""
        words = self._plain(Span(note.start, stop))
        node_id = here[0].node_id if here else self._last_node()
        names = tuple(dict.fromkeys((m.name, str(m.role)) for m in here))
        self._add(
            Piece(
                PieceKind.OWNERS, words, opens=opens, tail=set_in_full(tail), parent=self._home(node_id),
                node_id=node_id, owners=names,
            )
        )  # fmt: skip
        return stop + len(tail)

    def _sentences(self, span: Span, *, opens: bool) -> bool:
        """The clauses of a stretch of words: prose together, targets one by one. Whether none was made."""
        for unit in self._units(span):
            end = unit.end
            tail = self.text[end - 1] if self.text[end - 1] in _STOPS else ""
            words = self._trimmed(unit.start, end - len(tail))
            text, places = self._said(words, unit.targets)
            if not text and not tail:
                continue
            kind = PieceKind.TARGET if unit.targets else PieceKind.PROSE
            self._add(
                Piece(
                    kind, text, opens=opens, tail=set_in_full(tail), parent=self._home(self._last_node()),
                    figures=tuple(places[t.pk] for t in unit.targets),
                )
            )  # fmt: skip
            opens = False
        return opens

    def _units(self, span: Span) -> list[_Unit]:
        found: list[_Unit] = []
        for start, end in _clauses(self.text, span.start, span.end):
            inside = tuple(t for t in self.targets if start <= self.values[t.pk].start < end)
            unit = _Unit(start, end, inside)
            if found and self._belong(found[-1], unit):
                found[-1] = _Unit(found[-1].start, end, (*found[-1].targets, *inside))
            else:
                found.append(unit)
        return found

    def _belong(self, before: _Unit, unit: _Unit) -> bool:
        """Whether a clause cannot be told from the one before: prose and prose, a range of one quote, 确保 and 力争."""
        if not before.targets and not unit.targets:
            return True
        if before.targets and unit.targets:
            held = {t.pk for t in before.targets}
            if any(t.floor_id in held for t in unit.targets) or _FOLLOWS.match(self.text[unit.start : unit.start + 6]):
                return True
        quotes = [self.quotes[t.pk] for t in (*before.targets, *unit.targets)]
        return any(quote.start < before.end - 1 and quote.end > unit.start + 1 for quote in quotes)

    # Words

    def _said(self, span: Span, targets: Sequence[Target]) -> tuple[str, dict[int, Printed]]:
        """The words with the year moved, and where each amount stands in them; amounts themselves stay."""
        places: dict[int, Printed] = {}
        made, at = "", span.start
        for target in sorted(targets, key=lambda t: self.values[t.pk].start):
            value = self.values[target.pk]
            stop = min(value.end, span.end)
            if value.start >= at:
                made += self._plain(Span(at, value.start), trims=False)
                words = set_in_full(self.text[value.start : stop])
                places[target.pk] = Printed(target.pk, words, len(made))
                made += words
                at = stop
            else:  # two targets of one amount
                words = set_in_full(self.text[value.start : stop])
                places[target.pk] = Printed(target.pk, words, max(made.rfind(words), 0))
        return made + self._plain(Span(at, span.end), trims=False), places

    def _plain(self, span: Span, *, trims: bool = True) -> str:
        words = _CAPTION.sub("\\1　", set_in_full(self.text[span.start : span.end]))
        words = in_next_year(words, year=self.year)
        return words.strip() if trims else words

    # Places

    def _home(self, node_id: int | None) -> int | None:
        """The piece of a heading, or of the nearest above it that has one."""
        while node_id is not None and node_id not in self.homes:
            node_id = self.node_by_id[node_id].parent_id if node_id in self.node_by_id else None
        return None if node_id is None else self.homes[node_id]

    def _last_node(self) -> int | None:
        return next((piece.node_id for piece in reversed(self.made) if _is_node(piece)), None)

    def _node_at(self, at: int) -> int | None:
        before = [node for node in self.nodes if self.spans[node.pk].start <= at and node.pk in self.homes]
        of_text = [node for node in before if self.made[self.homes[node.pk]].kind != PieceKind.TABLE_ROW]
        return of_text[-1].pk if of_text else None

    def _add(self, piece: Piece) -> None:
        self.made.append(piece)


def _is_node(piece: Piece) -> bool:
    return piece.node_id is not None and piece.kind in (PieceKind.HEADING, PieceKind.TASK)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches that end behind a comma, semicolon or full stop outside brackets; a comma inside a number parts nothing."""
    depth, begin = 0, start
    for at in range(start, end):
        mark = text[at]
        if mark in _OPENING:
            depth += 1
        elif mark in _CLOSING:
            depth = max(0, depth - 1)
        elif mark in _STOPS and depth == 0:
            if mark == "," and at + 1 < end and text[at - 1].isdigit() and text[at + 1].isdigit():
                continue
            yield begin, at + 1
            begin = at + 1
    if text[begin:end].strip():
        yield begin, end
