"""Paper, margins, lines and characters of a page (5.1, 5.2), and page numbers (7.5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.checking.finding import Observation, observe
from keshu.engines.gongwen.checking.footers import set_footers
from keshu.engines.gongwen.checking.mending import child_of, run_properties
from keshu.engines.gongwen.checking.paper import PageNumber, Paper, Piece, Sheet
from keshu.engines.gongwen.checking.properties import W
from keshu.engines.gongwen.checking.roles import PartRole
from keshu.engines.gongwen.checking.rules.reading import Reading
from keshu.engines.gongwen.ooxml import make, put, qualified

LOWEST_LINE, HIGHEST_LINE = 555, 580  # lines of which 22, not 23 or 21, stand on a page, the 1 mm of 5.2.1 allowed
_GRIDS = ("lines", "linesAndChars", "snapToChars")
_RIGHT_MARGINS = {
    False: ((gb.TOP, gb.RIGHT, gb.BOTTOM, gb.LEFT),),
    # a landscape sheet is an upright one turned to the left, or to the right
    True: (
        (gb.LEFT, gb.TOP, gb.RIGHT, gb.BOTTOM),
        (gb.RIGHT, gb.BOTTOM, gb.LEFT, gb.TOP),
        (gb.LEFT, gb.BOTTOM, gb.RIGHT, gb.TOP),
    ),
}


def paper_size(reading: Reading) -> Iterator[Observation]:
    """5.1: A4, 210 mm x 297 mm."""
    for sheet in reading.paper.sheets:
        sides = sorted((sheet.width, sheet.height))
        if abs(sides[0] - gb.PAPER_WIDTH) > gb.TOLERANCE or abs(sides[1] - gb.PAPER_HEIGHT) > gb.TOLERANCE:
            found = f"{_mm(sheet.width)}毫米×{_mm(sheet.height)}毫米"
            yield observe(
                "paper-size",
                _place(sheet),
                expected="A4（210毫米×297毫米）",
                found=found,
                mend=partial(_to_a4, sheet),
            )


def _place(sheet: Sheet) -> str:
    return f"第{sheet.number}节页面"


def _mm(twips: int) -> str:
    return f"{twips / 1440 * gb.MM_PER_INCH:.0f}"


def _to_a4(sheet: Sheet) -> None:
    size = child_of(sheet.element, "pgSz")
    sides = (gb.PAPER_HEIGHT, gb.PAPER_WIDTH) if sheet.is_landscape else (gb.PAPER_WIDTH, gb.PAPER_HEIGHT)
    for name, value in zip(("w", "h"), sides, strict=True):
        size.set(qualified(f"w:{name}"), str(value))


def margins(reading: Reading) -> Iterator[Observation]:
    """5.2.1: 37 above, 28 at the binding, a text area of 156 x 225 mm, so 35 below and 26 on the right; 1 mm more or less."""
    for sheet in reading.paper.sheets:
        choices = _RIGHT_MARGINS[sheet.is_landscape]
        if any(all(abs(a - b) <= gb.TOLERANCE for a, b in zip(sheet.margins, right, strict=True)) for right in choices):
            continue
        right = choices[0]
        names = ("上", "右", "下", "左")
        wrong = [index for index in range(4) if abs(sheet.margins[index] - right[index]) > gb.TOLERANCE]
        yield observe(
            "margins",
            _place(sheet),
            expected="、".join(f"{names[i]}{_mm(right[i])}毫米" for i in wrong),
            found="、".join(f"{names[i]}{_mm(sheet.margins[i])}毫米" for i in wrong),
            mend=partial(_set_margins, sheet, right),
        )


def _set_margins(sheet: Sheet, right: tuple[int, int, int, int]) -> None:
    element = child_of(sheet.element, "pgMar")
    for name, value in zip(("top", "right", "bottom", "left"), right, strict=True):
        element.set(qualified(f"w:{name}"), str(value))
    for name, value in (("header", 851), ("footer", gb.FOOTER_FROM_EDGE), ("gutter", 0)):
        element.set(qualified(f"w:{name}"), str(value))


def lines_per_page(reading: Reading) -> Iterator[Observation]:
    """5.2.3: 22 lines, told from the grid where one is set; without a grid the line of the body tells (`body-line`)."""
    for sheet in reading.paper.sheets:
        if sheet.grid in _GRIDS and not LOWEST_LINE <= sheet.line_pitch <= HIGHEST_LINE:
            count = gb.TEXT_HEIGHT // max(1, sheet.line_pitch)
            yield observe(
                "lines-per-page",
                _place(sheet),
                expected="每页22行",
                found=f"文档网格为每页{count}行",
                mend=partial(set_grid, sheet),
            )


def set_grid(sheet: Sheet) -> None:
    """A grid of 22 lines."""
    put(sheet.element, make("w:docGrid", type="lines", linePitch=gb.LINE))


def characters_per_line(reading: Reading) -> Iterator[Observation]:
    """5.2.3: 28 characters of 3号 in 156 mm, told from the grid and from the spacing of most of the body."""
    pieces = [
        p for part in reading.of(PartRole.BODY) for p in part.line.pieces if p.text.strip() and p.size == gb.BODY_SIZE
    ]
    upright = [sheet for sheet in reading.paper.sheets if not sheet.is_landscape]
    if not pieces or not upright:
        return
    spacing = _usual(pieces)
    sheet = upright[0]
    grid = sheet.character_space * 20 / 4096 if sheet.grid in ("linesAndChars", "snapToChars") else 0.0
    advance = gb.BODY_SIZE * 10 + spacing + grid
    count = int((gb.TEXT_WIDTH + 8) / max(1.0, advance))
    if count != gb.CHARACTERS:
        yield observe(
            "characters-per-line",
            "正文",
            expected="每行28字",
            found=f"每行{count}字",
            mend=lambda: _set_spacing(reading, pieces),
        )


def _usual(pieces: list[Piece]) -> int:
    weights: Counter[int] = Counter()
    for piece in pieces:
        weights[piece.spacing] += len(piece.text)
    return weights.most_common(1)[0][0]


def _set_spacing(reading: Reading, pieces: list[Piece]) -> None:
    """28 characters by spacing: in the default style, so that one place rules, and in runs that say otherwise."""
    styles = reading.package.sister("styles")
    for style in [] if styles is None else styles.findall(f"{W}style"):
        if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph":
            put(child_of(style, "rPr"), make("w:spacing", val=gb.CHARACTER_SPACE))
    for sheet in reading.paper.sheets:
        if sheet.grid in ("linesAndChars", "snapToChars"):
            set_grid(sheet)
    for piece in pieces:
        if piece.spacing or styles is None:
            put(run_properties(piece.element), make("w:spacing", val=gb.CHARACTER_SPACE))


_FORM = re.compile(r"—\s?\d*\s?—")  # the number as it was last counted, or not yet counted


def page_numbers(reading: Reading) -> Iterator[Observation]:
    """7.5: 4号 half-width 宋体 between two dashes, odd pages on the right, even ones on the left, one character in."""
    numbers = reading.paper.page_numbers

    def mend() -> None:
        set_footers(reading.package, reading.paper)

    if missing := _missing(reading.paper):
        yield observe("page-number-missing", "页脚", expected="“— 1 —”", found=missing, mend=mend)
        return
    seen = list({id(number.line.element): number for number in numbers}.values())
    for number in seen:
        words = number.line.words
        if not _FORM.fullmatch(words):
            yield observe("page-number-form", _foot(number), expected="“— 1 —”", found=f"“{words}”", mend=mend)
        looks = [p for p in number.line.pieces if any(c.isdigit() for c in p.text)]
        if wrong := next(
            (p for p in looks if gb.family_of(p.western) != "宋体" or p.size != gb.PAGE_NUMBER_SIZE), None
        ):
            found = f"{gb.size_name(wrong.size)}{wrong.western}"
            yield observe("page-number-look", _foot(number), expected="4号宋体", found=found, mend=mend)
    if found := _misplaced(seen, has_even=reading.paper.has_even_pages):
        yield observe(
            "page-number-place", "页脚", expected="单页码居右空一字，双页码居左空一字", found=found, mend=mend
        )


def _missing(paper: Paper) -> str:
    """Which pages have no number; empty where all have."""
    for lies, name in ((False, "竖排页"), (True, "横排页")):
        numbers = [number for number in paper.page_numbers if number.is_landscape is lies]
        if not any(sheet.is_landscape is lies for sheet in paper.sheets):
            continue
        if not numbers:
            return f"{name}没有页码"
        if all(number.is_even for number in numbers):
            return f"{name}单页没有页码"
        if paper.has_even_pages and not any(number.is_even or number.is_outside for number in numbers):
            return f"{name}双页没有页码"
    return ""


def _foot(number: PageNumber) -> str:
    kind = "页脚" if number.is_at_foot else "页眉"
    return f"第{number.sheet}节{'双页' if number.is_even else ''}{kind}"


def _misplaced(numbers: list[PageNumber], *, has_even: bool) -> str:
    """What is wrong with the place of page numbers on upright sheets; empty where nothing is."""
    upright = [number for number in numbers if not number.is_landscape]
    if any(not number.is_at_foot for number in numbers):
        return "页码在页眉"
    if upright and all(number.is_outside for number in upright):
        return ""
    for number in upright:
        line, side = number.line, "left" if number.is_even else "right"
        is_there = line.align in (("left", "start", "both") if number.is_even else ("right", "end"))
        room = line.left + line.first if side == "left" else line.right
        if has_even and is_there and not 0.5 <= room <= 1.6:
            return f"{'双' if number.is_even else '单'}页码空{room:g}字"
        if not is_there:
            where = {"center": "居中", "right": "居右", "end": "居右"}.get(line.align, "居左")
            return f"{'双页码' if number.is_even else '页码'}{where}"
    if upright and not has_even:
        return "单双页码位置相同"
    return ""


CHECKS = (paper_size, margins, lines_per_page, characters_per_line, page_numbers)
