"""Typeface, size, place and spacing of title, headings, body and the parts around them (5.2, 7.2 to 7.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.checking.finding import Observation, observe
from keshu.engines.gongwen.checking.mending import (
    paragraph_properties,
    set_align,
    set_indent,
    set_line,
    set_look,
    split_run,
)
from keshu.engines.gongwen.checking.paper import Line, Piece
from keshu.engines.gongwen.checking.roles import Part, PartRole
from keshu.engines.gongwen.checking.rules.pages import HIGHEST_LINE, LOWEST_LINE
from keshu.engines.gongwen.checking.rules.reading import Reading, is_chinese, stretch
from keshu.engines.gongwen.ooxml import make, put

# What the standard calls a typeface, as the writer names it.
FONTS = {"仿宋": gb.BODY_FONT, "小标宋": gb.TITLE_FONT, "黑体": "黑体", "楷体": "楷体_GB2312", "宋体": "宋体"}
_HEADING_FAMILIES = ("黑体", "楷体", "仿宋", "仿宋")
_LONGEST_HEADING = 45  # a longer first sentence is a paragraph that happens to be numbered
_BODY_ROLES = (PartRole.BODY, PartRole.ADDRESSEE, PartRole.NOTE, PartRole.SIGNATURE, PartRole.DATE, PartRole.REMARK)
_BLACK = ("auto", "000000")
Pieces = list[tuple[Piece, int]]
T = TypeVar("T", str, int)


def title(reading: Reading) -> Iterator[Observation]:
    """7.3.1: 2号小标宋, centred; a title there must be."""
    titles = reading.of(PartRole.TITLE)
    said = [part.role for part in reading.parts if part.role is not PartRole.BLANK]
    if (
        not titles and PartRole.BODY in said and said[0] is not PartRole.LABEL
    ):  # an attachment kept in a file of its own has its own title
        yield observe("title-missing", "文首", expected="有标题", found="没有读到标题")
    for part in titles:
        yield from _font(part.line, stretch(part.line, 0, len(part.line.text)), rule="title-font", family="小标宋")
        yield from _size(part.line, stretch(part.line, 0, len(part.line.text)), rule="title-size", size=gb.TITLE_SIZE)
    for part in (*titles, *reading.of(PartRole.ATTACHMENT_TITLE)):
        if part.line.align != "center" or abs(part.line.first) > 0.2:
            yield observe(
                "title-place", part.line, expected="居中", found=_placed(part.line), mend=partial(_centre, part.line)
            )


def number_place(reading: Reading) -> Iterator[Observation]:
    """7.2.5: the number in the middle where it stands under the title, a document without a letterhead."""
    titled = next((place for place, part in enumerate(reading.parts) if part.role is PartRole.TITLE), None)
    for part in [] if titled is None else reading.parts[titled:]:
        line = part.line
        if part.role is PartRole.NUMBER and (line.align != "center" or abs(line.first) > 0.2):
            yield observe("number-place", line, expected="居中", found=_placed(line), mend=partial(_centre, line))


def _placed(line: Line) -> str:
    if line.align == "center":
        return f"居中但缩进{line.first:g}字"
    return {"right": "居右", "end": "居右"}.get(line.align, "居左")


def _centre(line: Line) -> None:
    set_indent(line)
    set_align(line, "center")


def body(reading: Reading) -> Iterator[Observation]:
    """5.2.2, 7.3.3: 3号仿宋 in the body and in what has no typeface of its own."""
    for part in reading.of(*_BODY_ROLES, PartRole.HEADING, PartRole.NUMBER):
        begin = _heading_end(part) if part.role is PartRole.HEADING else 0
        pieces = stretch(part.line, begin, len(part.line.text))
        if part.role is PartRole.NUMBER:  # 7.2.6: the name of who signs is in 楷体
            pieces = [each for each in pieces if each[0].family != "楷体"]
        yield from _mixed(part, pieces)
        yield from _font(part.line, pieces, rule="body-font", family="仿宋")
        yield from _size(part.line, pieces, rule="body-size", size=gb.BODY_SIZE)


def _heading_end(part: Part) -> int:
    """Where the words with the heading's typeface end."""
    if part.level >= 3:
        return 0 if len(part.line.text) != part.heading_length else len(part.line.text)
    return part.heading_length if part.heading_length <= _LONGEST_HEADING else 0


def headings(reading: Reading) -> Iterator[Observation]:
    """7.3.3: 黑体 for the first level, 楷体 for the second, 仿宋 for the third and fourth; 3号."""
    for part in reading.of(PartRole.HEADING):
        end = _heading_end(part)
        pieces = stretch(part.line, 0, end)
        family = _HEADING_FAMILIES[part.level - 1]
        if end < len(part.line.text) and part.level <= 2:
            yield from _run_in_font(part, end, family)
        else:
            yield from _font(part.line, pieces, rule="heading-font", family=family)
        yield from _size(part.line, pieces, rule="heading-size", size=gb.BODY_SIZE)


def _run_in_font(part: Part, end: int, family: str) -> Iterator[Observation]:
    """The heading of a paragraph that goes on; a run that holds both is parted before it is mended."""
    pieces = stretch(part.line, 0, end)
    wrong = [piece for piece, _ in pieces if is_chinese(piece.text) and piece.family != family]
    if not wrong:
        return

    def mend() -> None:
        at = 0
        for piece in part.line.pieces:
            if at < end < at + len(piece.text):
                split_run(piece.element, end - at)
            at += len(piece.text)
        set_look(wrong, font=FONTS[family])

    yield observe("heading-font", part.line, expected=family, found=wrong[0].font, mend=mend)


def _font(line: Line, pieces: Pieces, *, rule: str, family: str) -> Iterator[Observation]:
    """Most Chinese characters stand in a typeface of the family; single stretches that do not are told as mixed."""
    chinese = [(piece, count) for piece, count in pieces if is_chinese(piece.text)]
    if not chinese:
        return
    usual = _usual([(piece.family, count) for piece, count in chinese])
    if usual != family:
        wrong = [piece for piece, _ in chinese if piece.family != family]
        found = next(piece.font for piece in wrong if piece.family == usual)
        yield observe(rule, line, expected=family, found=found, mend=lambda: set_look(wrong, font=FONTS[family]))


def _size(line: Line, pieces: Pieces, *, rule: str, size: int) -> Iterator[Observation]:
    if pieces and (usual := _usual([(piece.size, count) for piece, count in pieces])) != size:
        wrong = [piece for piece, _ in pieces if piece.size != size]
        yield observe(
            rule, line, expected=gb.size_name(size), found=gb.size_name(usual), mend=lambda: set_look(wrong, size=size)
        )


def _usual(weights: list[tuple[T, int]]) -> T:
    """What most of the characters have."""
    counter: Counter[T] = Counter()
    for what, weight in weights:
        counter[what] += weight
    return counter.most_common(1)[0][0]


def _mixed(part: Part, pieces: Pieces) -> Iterator[Observation]:
    """Stretches that differ from the rest of the paragraph in typeface or size; the rest being right."""
    chinese = [(piece, count) for piece, count in pieces if is_chinese(piece.text)]
    if not chinese or _usual([(p.family, n) for p, n in chinese]) != "仿宋":
        return
    odd_fonts = [piece for piece, _ in chinese if piece.family != "仿宋"]
    is_sized = _usual([(p.size, n) for p, n in pieces]) == gb.BODY_SIZE
    odd_sizes = [piece for piece, _ in pieces if piece.size != gb.BODY_SIZE] if is_sized else []
    if not odd_fonts and not odd_sizes:
        return
    odd = (odd_fonts or odd_sizes)[0]

    def mend() -> None:
        set_look(odd_fonts, font=gb.BODY_FONT)
        set_look(odd_sizes, size=gb.BODY_SIZE)

    found = f"“{odd.text.strip()[:8]}”为{gb.size_name(odd.size)}{odd.font}"
    yield observe("mixed-look", part.line, expected="3号仿宋", found=found, mend=mend)


def colour(reading: Reading) -> Iterator[Observation]:
    """5.2.4: black, but for the letterhead."""
    for part in reading.parts:
        wrong = [p for p in part.line.pieces if p.text.strip() and p.colour not in _BLACK]
        if wrong and part.role is not PartRole.LETTERHEAD:
            yield observe(
                "text-colour",
                part.line,
                expected="黑色",
                found=f"颜色{wrong[0].colour}",
                mend=partial(set_look, wrong, colour="000000"),
            )


def lines(reading: Reading) -> Iterator[Observation]:
    """5.2.3: a line of which 22 make a page."""
    for part in reading.of(PartRole.BODY, PartRole.HEADING, PartRole.ADDRESSEE):
        line = part.line
        if line.has_picture:
            continue
        pitch = reading.paper.sheets[min(line.section, len(reading.paper.sheets) - 1)] if reading.paper.sheets else None
        is_gridded = pitch is not None and bool(pitch.grid) and pitch.grid != "default"
        is_right = (
            LOWEST_LINE <= line.line <= HIGHEST_LINE if line.line_rule == "exact" else is_gridded and line.line <= 240
        )
        around = part.role is PartRole.BODY and (line.before or line.after)
        if not is_right or around:
            found = f"段前段后空{(line.before + line.after) / 20:g}磅" if is_right else _said_line(line)
            yield observe(
                "body-line", line, expected="固定值28.95磅（每页22行）", found=found, mend=partial(set_line, line)
            )


def _said_line(line: Line) -> str:
    if line.line_rule == "auto":
        return f"{line.line / 240:.3g}倍行距"
    return f"{'固定值' if line.line_rule == 'exact' else '最小值'}{line.line / 20:g}磅"


def indents(reading: Reading) -> Iterator[Observation]:
    """7.3.3: every paragraph begins two characters in and goes on flush left; 7.3.2: the addressee stands flush left."""
    for part in reading.of(PartRole.BODY, PartRole.HEADING):
        line = part.line
        if (
            line.align in ("center", "right", "end")
            or line.has_picture
            or (line.is_listed and part.role is PartRole.BODY)
        ):
            continue
        leading = len(line.text) - len(line.text.lstrip(" 　\t\xa0"))
        if leading or not 1.8 <= line.first <= 2.2 or abs(line.left) > 0.2:
            found = f"用{leading}个空格缩进" if leading else _said_indent(line)
            yield observe(
                "body-indent",
                line,
                expected="左空二字，回行顶格",
                found=found,
                mend=partial(set_indent, line, first=2),
            )
    for part in reading.of(PartRole.ADDRESSEE):
        if abs(part.line.first + part.line.left) > 0.2 or part.line.text[:1] in (" ", "　"):
            yield observe(
                "addressee-place",
                part.line,
                expected="居左顶格",
                found=_said_indent(part.line),
                mend=partial(set_indent, part.line),
            )


def _said_indent(line: Line) -> str:
    whole = f"，整段左缩进{line.left:.3g}字" if abs(line.left) > 0.2 else ""
    return f"首行缩进{line.first:.3g}字{whole}"


def attachment_labels(reading: Reading) -> Iterator[Observation]:
    """7.3.7: 附件 and its number in 3号黑体, flush left."""
    for part in reading.of(PartRole.LABEL):
        line = part.line
        wrong = [
            p
            for p in line.pieces
            if (is_chinese(p.text) and p.family != "黑体") or (p.text.strip() and p.size != gb.BODY_SIZE)
        ]
        is_placed = line.align not in ("center", "right", "end") and abs(line.first + line.left) <= 0.2

        def mend(line: Line = line) -> None:
            set_look(line.pieces, font="黑体", size=gb.BODY_SIZE)
            set_indent(line)
            set_align(line, "left")

        if wrong:
            found = f"{gb.size_name(wrong[0].size)}{wrong[0].font}"
            yield observe("label-look", line, expected="3号黑体顶格", found=found, mend=mend)
        elif not is_placed:
            yield observe("label-look", line, expected="3号黑体顶格", found="没有顶格", mend=mend)


def letterhead(reading: Reading) -> Iterator[Observation]:
    """7.2.4: red, centred; 7.2.7: a red line under the head."""
    heads = reading.of(PartRole.LETTERHEAD)
    for part in heads:
        black = [p for p in part.line.pieces if p.text.strip() and p.colour in _BLACK]
        if black or part.line.align != "center":
            found = "不是红色" if black else _placed(part.line)
            yield observe(
                "letterhead-look",
                part.line,
                expected="红色，居中",
                found=found,
                mend=partial(_to_letterhead, part.line),
            )
    if not heads:
        return
    above = [part.line for part in reading.parts if part.role in (PartRole.HEAD, PartRole.NUMBER, PartRole.LETTERHEAD)]
    begin, end = (
        reading.parts.index(heads[0]),
        next((i for i, p in enumerate(reading.parts) if p.role is PartRole.TITLE), 0),
    )
    between = [part.line for part in reading.parts[begin : end + 1]]
    colours = [colour for line in between for _, colour in line.rules]
    if any(line.has_picture for line in between):
        return
    if not colours or all(each.upper() != gb.RED for each in colours):
        found = "有线但不是红色" if colours else "没有分隔线"
        yield observe(
            "red-line", above[-1], expected="与版心等宽的红色分隔线", found=found, mend=lambda: _rule(above[-1])
        )


def _to_letterhead(line: Line) -> None:
    set_look(line.pieces, colour=gb.RED)
    _centre(line)


def _rule(line: Line) -> None:
    rule = make("w:pBdr", make("w:bottom", val="single", sz=12, space=11, color=gb.RED))
    put(paragraph_properties(line.element), rule)


def imprint(reading: Reading) -> Iterator[Observation]:
    """7.4.2, 7.4.3: 4号仿宋."""
    for part in reading.of(PartRole.COPIES, PartRole.ISSUER):
        wrong = [
            p
            for p in part.line.pieces
            if (is_chinese(p.text) and p.family != "仿宋") or (p.text.strip() and p.size != gb.IMPRINT_SIZE)
        ]
        if wrong:
            found = f"{gb.size_name(wrong[0].size)}{wrong[0].font}"
            yield observe(
                "imprint-look", part.line, expected="4号仿宋", found=found,
                mend=partial(set_look, wrong, font=gb.BODY_FONT, size=gb.IMPRINT_SIZE),
            )  # fmt: skip


CHECKS = (title, number_place, body, headings, colour, lines, indents, attachment_labels, letterhead, imprint)
