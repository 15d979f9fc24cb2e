"""The room between the parts and around them: below the title, around 附件说明, and lines drawn where none belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.checking.finding import Observation, observe
from keshu.engines.gongwen.checking.mending import add_before, paragraph_properties, set_align, set_indent
from keshu.engines.gongwen.checking.paper import Line
from keshu.engines.gongwen.checking.properties import W
from keshu.engines.gongwen.checking.roles import Part, PartRole
from keshu.engines.gongwen.checking.rules.reading import Reading
from keshu.engines.gongwen.ooxml import make, put
from keshu.engines.gongwen.standard import width_of

# Twips from which on room counts as a blank line: three quarters of one.
_A_LINE = gb.LINE * 3 // 4
_NEAR = 0.75  # characters
# What may have a line of its own: the head's red line and the imprint's rules.
_RULED = (PartRole.LETTERHEAD, PartRole.NUMBER, PartRole.HEAD, PartRole.BLANK, PartRole.COPIES, PartRole.ISSUER)


def below_title(reading: Reading) -> Iterator[Observation]:
    """7.3.2: the addressee stands one blank line below the title."""
    yield from _blank_line_above(reading, PartRole.ADDRESSEE, "title-room", "与标题之间空一行")


def attachment_note(reading: Reading) -> Iterator[Observation]:
    """7.3.4: 附件说明 stands one blank line below the body, two characters in."""
    yield from _blank_line_above(reading, PartRole.NOTE, "note-room", "与正文之间空一行")
    notes = reading.of(PartRole.NOTE)
    if not notes:
        return
    line = notes[0].line
    leading = width_of(line.text) - width_of(line.text.lstrip(" 　\t\xa0"))
    begins = line.left + line.first + leading
    if abs(begins - 2) > _NEAR or line.align in ("center", "right", "end"):
        found = "没有居左" if line.align in ("center", "right", "end") else f"左空{begins:.3g}字"
        yield observe("note-place", line, expected="左空二字", found=found, mend=partial(_two_in, line))


def _two_in(line: Line) -> None:
    """Two characters in; names that go on stand under the first character of the name (7.3.4)."""
    set_indent(line)
    set_align(line, "left")
    deep = 4 if re.search(r"[：:]\s*1\s*[.．、]", line.words) else 3
    hanging = {"left": deep + 2, "hanging": deep}
    lengths = {name: count * (line.size or gb.BODY_SIZE) * 10 for name, count in hanging.items()}
    counted = {f"{name}Chars": count * 100 for name, count in hanging.items()}
    put(paragraph_properties(line.element), make("w:ind", **lengths, **counted))


def _blank_line_above(reading: Reading, role: PartRole, rule: str, expected: str) -> Iterator[Observation]:
    """The first part of a role has a blank line above it: spacing, or a blank paragraph, on which another rule speaks."""
    index = next((place for place, part in enumerate(reading.parts) if part.role is role), 0)
    if not index:
        return
    line, before = reading.parts[index].line, reading.parts[index - 1]
    if line.is_new_page or before.line.table is not None or before.role is PartRole.BLANK:
        return
    room = line.before + before.line.after
    if room < _A_LINE:
        mend = partial(add_before, line.element, gb.LINE - room)
        yield observe(rule, line, expected=expected, found="没有空行", mend=mend)


def borders(reading: Reading) -> Iterator[Observation]:
    """Custom: lines belong to the head, the imprint and tables; word processors' titles bring one along."""
    for part in reading.parts:
        if part.line.rules and part.line.table is None and part.role not in _RULED:
            yield observe(
                "paragraph-border", part.line, expected="不加框线", found="段落带框线", mend=partial(_unruled, part)
            )


def _unruled(part: Part) -> None:
    """Borders of the paragraph itself go; those of its style are overruled by borders of no kind."""
    properties = paragraph_properties(part.line.element)
    own = properties.find(f"{W}pBdr")
    if own is not None:
        properties.remove(own)
    put(properties, make("w:pBdr", *(make(f"w:{side}", val="nil") for side in ("top", "left", "bottom", "right"))))


CHECKS = (below_title, attachment_note, borders)
