"""The draft as an official document, and the annex 目标测算表: blocks of the layout engine. Plain values; no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from keshu.apps.plans.services.paper_blocks import DEMO_REMARK
from keshu.apps.plans.services.proposals.composing import DEEPEST, DraftParagraph, is_caption
from keshu.engines.gongwen import (
    Align,
    Column,
    Heading,
    OfficialDocument,
    Orientation,
    Paragraph,
    Signature,
    Table,
    TableText,
)
from keshu.engines.gongwen.blocks import Block

if TYPE_CHECKING:
    from keshu.apps.plans.models import PlanProposal
    from keshu.apps.plans.queries.proposals.measuring import MeasuredLine

_SENTENCE = re.compile(r"^.+?。")
# A longer first sentence is a paragraph that is numbered, not a heading; the checker of layouts counts likewise.
LONGEST_HEADING = 45
NARROWEST, WIDEST = 4, 14
NOTHING = "—"


def document_of(
    proposal: PlanProposal, paragraphs: Sequence[DraftParagraph], *, on: date, is_final: bool
) -> OfficialDocument:
    """The draft in the layout of GB/T 9704-2012; what is not final says so."""
    remarks = ["" if is_final else "草案，供讨论", DEMO_REMARK if proposal.is_demo else ""]
    return OfficialDocument(
        title=proposal.title,
        blocks=tuple(blocks_of(paragraphs)),
        signature=Signature(proposal.plan.issuer or proposal.organisation.name, on),
        remark="；".join(filter(None, remarks)),
    )


def blocks_of(paragraphs: Sequence[DraftParagraph]) -> Iterator[Block]:
    """Headings by their level, with what goes on in the same paragraph; rows together as a table under its caption."""
    at, above = 0, 0
    while at < len(paragraphs):
        paragraph = paragraphs[at]
        following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        has_table = following is not None and following.is_row
        if paragraph.is_row or (has_table and is_caption(paragraph)):
            caption = "" if paragraph.is_row else paragraph.words.rstrip("。")
            first = at if paragraph.is_row else at + 1
            end = next((n for n in range(first, len(paragraphs)) if not paragraphs[n].is_row), len(paragraphs))
            yield _table(paragraphs[first:end], caption=caption)
            at = end
            continue
        level = min(paragraph.level, above + 1) if paragraph.level <= DEEPEST else 0
        above = level or above
        yield _heading(paragraph, level) if level else Paragraph(_with_label(paragraph))
        at += 1


def _with_label(paragraph: DraftParagraph) -> str:
    opener = paragraph.parts[0]
    return f"{opener.item.label}{paragraph.words}" if paragraph.level > DEEPEST else paragraph.words


def _heading(paragraph: DraftParagraph, level: int) -> Heading:
    """The words of the heading, or the first sentence where the paragraph is a numbered line of goals."""
    opener = paragraph.parts[0]
    rest = "".join(part.words for part in paragraph.parts[1:])
    if opener.text:
        return Heading(level, f"{opener.text}{opener.tail}" if rest else opener.text, body=rest)
    match = _SENTENCE.match(rest)
    title = match[0] if match else rest
    if len(title) > LONGEST_HEADING:
        title = ""
    return Heading(level, title, body=rest[len(title) :])


def _table(rows: Sequence[DraftParagraph], *, caption: str) -> Table:
    cells = [row.cells for row in rows]
    width = max(len(row) for row in cells)
    cells = [[*row, *[""] * (width - len(row))] for row in cells]
    longest = [max(len(row[place]) for row in cells) for place in range(width)]
    columns = tuple(
        Column(min(max(each, NARROWEST), WIDEST), Align.LEFT if each > 6 else Align.CENTRE) for each in longest
    )
    has_head = rows[0].parts[0].item.kind == "table_head"
    return Table(
        columns=columns,
        header=(tuple(cells[0]),) if has_head else (),
        rows=tuple(tuple(row) for row in (cells[1:] if has_head else cells)) or (("",) * width,),
        caption=caption,
        text=TableText.SMALL,
    )


_MEASURED = ("序号", "目标", "单位", "上年实绩", "本年目标", "本年完成", "来年建议", "增幅", "测算依据")


def annex_of(proposal: PlanProposal, lines: Sequence[MeasuredLine], *, on: date, issuer: str) -> OfficialDocument:
    """目标测算表, turned: every proposed number with the figures it comes from and the rule."""
    from keshu.apps.plans.services.paper_blocks import drawn_up

    widths = (1.1, 5.0, 1.5, 1.9, 1.9, 3.2, 1.9, 2.7, 5.9)
    numbers = (3, 4, 5, 6, 7)
    return OfficialDocument(
        title=f"{proposal.title}\n目标测算表",
        blocks=(
            Table(
                columns=tuple(
                    Column.number(width) if place in numbers else Column(width, Align.CENTRE if width < 2 else Align.LEFT)
                    for place, width in enumerate(widths)
                ),
                header=(_MEASURED,),
                rows=tuple((str(number), *line.cells) for number, line in enumerate(lines, start=1))
                or (("", "没有目标", *[""] * 7),),
                text=TableText.SMALL,
                unit=drawn_up(issuer, on, is_demo=proposal.is_demo),
                note="“本年完成”后注“预计”的为按已签报数据推算的年末数。",
            ),
        ),
        orientation=Orientation.LANDSCAPE,
    )  # fmt: skip
