"""What a bulletin is made of: titles, texts, tables and charts, each figure in it knowing where it comes from.

A figure carries a key; ``sources`` of the bulletin say for each key what stands behind it. Everything can be kept as JSON and
read again, and the words of a bulletin are the same whenever they are made of the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text; ``source`` is the key of what stands behind a figure, empty for plain words."""

    text: str
    source: str = ""


Line = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: in words for the footnote, and the row behind it (``target-12``, ``checkin-7``)."""

    told: str
    row: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, level 2 or 3; the section's own title is level 1."""

    level: int
    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``lead`` is the heading in bold it opens with, numbered （一） where the section has several."""

    line: Line
    lead: str = ""
    kind: str = "text"

    @property
    def plain(self) -> str:
        """The words after the lead."""
        return "".join(words.text for words in self.line)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``widths`` are shares of the whole, ``numbers`` the places of columns set flush right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()
    unit: str = ""
    note: str = ""
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: ``shape`` is ranking or bars; the title states the finding. One value for each label."""

    shape: str
    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    unit: str = ""
    kind: str = "chart"


Passage = Heading | Text | Grid | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A section as composed."""

    key: str
    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A bulletin's words with the sources of its figures."""

    sections: tuple[Section, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """All its words, a passage a line: what is frozen when it is released."""
        return "\n".join(line for section in self.sections for line in (section.title, *plain_lines(section.passages)))


def plain_lines(passages: Iterable[Passage]) -> Iterable[str]:
    for passage in passages:
        if isinstance(passage, Heading):
            yield passage.text
        elif isinstance(passage, Text):
            yield passage.lead + passage.plain
        elif isinstance(passage, Chart):
            yield f"{passage.title}：" + "，".join(
                f"{label}{value:g}{passage.unit}" for label, value in zip(passage.labels, passage.values, strict=True)
            )
        else:
            yield passage.caption
            yield "\t".join(passage.header)
            for row in passage.rows:
                yield "\t".join("".join(words.text for words in line) for line in row)
            if passage.note:
                yield f"注：{passage.note}"


def to_json(composed: Composed) -> dict[str, Any]:
    return asdict(composed)


def from_json(kept: Mapping[str, Any]) -> Composed:
    """What :func:`to_json` wrote."""
    return Composed(
        tuple(
            Section(each["key"], each["title"], tuple(_passage(one) for one in each["passages"]))
            for each in kept["sections"]
        ),
        {key: Source(**one) for key, one in kept["sources"].items()},
    )


def _passage(kept: Mapping[str, Any]) -> Passage:
    match kept["kind"]:
        case "heading":
            return Heading(kept["level"], kept["text"])
        case "text":
            return Text(_line(kept["line"]), kept["lead"])
        case "chart":
            return Chart(kept["shape"], kept["title"], tuple(kept["labels"]), tuple(kept["values"]), kept["unit"])
    return Grid(
        kept["caption"],
        tuple(kept["header"]),
        tuple(tuple(_line(cell) for cell in row) for row in kept["rows"]),
        tuple(kept["widths"]),
        tuple(kept["numbers"]),
        kept["unit"],
        kept["note"],
    )


def _line(kept: Iterable[Mapping[str, Any]]) -> Line:
    return tuple(Words(one["text"], one["source"]) for one in kept)
