"""How the parts stand to each other: numbering, attachments, signature and date, tables, blank paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.checking.dates import ENDS_WITH_DATE, right_date
from keshu.engines.gongwen.checking.finding import Observation, observe, place_of
from keshu.engines.gongwen.checking.mending import add_before, paragraph_properties, rewrite, set_align, set_indent
from keshu.engines.gongwen.checking.numbering import chinese_number
from keshu.engines.gongwen.checking.paper import Grid, Line
from keshu.engines.gongwen.checking.properties import W
from keshu.engines.gongwen.checking.roles import Part, PartRole
from keshu.engines.gongwen.checking.rules.reading import Reading
from keshu.engines.gongwen.ooxml import local, make, put
from keshu.engines.gongwen.standard import width_of

_LONG_TABLE = 12  # rows that no longer stand on one page with certainty
_NEAR = 0.75  # characters


def numbering(reading: Reading) -> Iterator[Observation]:
    """7.3.3: 一、（一）1.（1） in turn, counted without gap or repetition, each attachment anew."""
    levels = {part.level for part in reading.of(PartRole.HEADING)}
    counts: dict[int, int] = {}
    for part in reading.parts:
        if part.role in (PartRole.LABEL, PartRole.ATTACHMENT_TITLE):
            counts = {}
        if part.role is not PartRole.HEADING:
            continue
        level, value = part.level, _value(part.label)
        deepest = max(counts, default=0)
        is_two_levels = (deepest, level) == (1, 3) and 2 not in levels  # 一、 and 1. alone are customary
        if level > deepest + 1 and not is_two_levels:
            yield observe(
                "heading-level", part.line, expected=f"第{deepest + 1}层序数", found=f"第{level}层“{part.label}”"
            )
        elif value != (wanted := counts.get(level, 0) + 1):
            expected = _said(wanted, part.label)
            yield observe("heading-sequence", part.line, expected=f"“{expected}”", found=f"“{part.label}”")
        counts = {each: count for each, count in counts.items() if each < level} | {level: value}


def _value(label: str) -> int:
    inner = re.sub(r"[^\d一二三四五六七八九十]", "", label)
    if inner.isascii():
        return int(inner or 0)
    return next((value for value in range(1, 100) if chinese_number(value) == inner), 0)


def _said(value: int, label: str) -> str:
    said = str(value) if re.search(r"\d", label) else chinese_number(value)
    return re.sub(r"[\d一二三四五六七八九十]+", said, label)


def attachments(reading: Reading) -> Iterator[Observation]:
    """7.3.7: each attachment on a page of its own; its number and title are those of the list."""
    names = _listed(reading)
    labels = [(index, part) for index, part in enumerate(reading.parts) if part.role is PartRole.LABEL]
    for index, part in labels:
        if not _begins_page(reading.parts, index):
            yield observe(
                "label-page",
                part.line,
                expected="另面编排",
                found="接在前文之后",
                mend=partial(_break_before, part.line),
            )
        title = "".join(x.line.words for x in _titles_behind(reading.parts, index)).replace("\n", "")
        match = re.search(r"\d+", part.line.words)
        number = int(match[0]) if match else 1
        if names and (number > len(names) or (title and _plain(title) != _plain(names[number - 1]))):
            wanted = f"“{names[number - 1]}”" if number <= len(names) else f"附件说明中有第{number}个附件"
            yield observe("note-match", part.line, expected=wanted, found=f"“{title or part.line.words}”")


def _plain(text: str) -> str:
    return re.sub(r"[\s　《》。；]", "", text)


def _listed(reading: Reading) -> list[str]:
    names = [re.sub(r"^附\s*件\s*[：:]\s*", "", part.line.said) for part in reading.of(PartRole.NOTE)]
    is_numbered = len(names) > 1
    return [re.sub(r"^\d{1,2}\s*[.．、]\s*", "", name) if is_numbered else name for name in names]


def _titles_behind(parts: list[Part], index: int) -> list[Part]:
    found = []
    for part in parts[index + 1 :]:
        if part.role is PartRole.ATTACHMENT_TITLE:
            found.append(part)
        elif part.role is not PartRole.BLANK:
            break
    return found


def _begins_page(parts: list[Part], index: int) -> bool:
    """A break before the paragraph or in the blank ones above it, a section's end, or the document's beginning."""
    line = parts[index].line
    if line.is_new_page:
        return True
    for before in (part.line for part in reversed(parts[:index])):
        if before.ends_section or before.section != line.section or (before.is_new_page and before.is_blank):
            return True
        if not before.is_blank:
            return before.section != line.section or _ends_with_break(before)
    return True


def _ends_with_break(line: Line) -> bool:
    breaks = [each for each in line.element.iter(f"{W}br") if each.get(f"{W}type") == "page"]
    return bool(breaks) and not any((t.text or "").strip() for t in breaks[-1].itersiblings() if local(t) == "t")


def _break_before(line: Line) -> None:
    put(paragraph_properties(line.element), make("w:pageBreakBefore"))


def signature(reading: Reading) -> Iterator[Observation]:
    """7.3.5.1: the date 4 characters in, the organisation centred over it.

    7.3.5.2, without a seal: the organisation 2 in, the date's first character 2 to the right of the organisation's.
    """
    for index, part in enumerate(reading.parts):
        if part.role is not PartRole.DATE:
            continue
        signed = _above(reading.parts, index)
        if signed is None:
            yield observe("signature-missing", part.line, expected="日期之上有发文机关署名", found="没有署名")
        found = _date_fault(part.line, None if signed is None else signed.line)
        if found:
            yield observe(
                "date-place",
                part.line,
                expected="右空四字（不加盖印章的按7.3.5.2）",
                found=found,
                mend=partial(_to_right, part.line, 4),
            )
        elif signed is not None and not _is_signed(signed.line, part.line):
            wanted = max(0.0, part.line.from_right + (_day_width(part.line) - width_of(signed.line.words)) / 2)
            yield observe(
                "signature-place", signed.line, expected=f"以成文日期为准居中（右空{wanted:g}字）",
                found=_from_right(signed.line),
                mend=partial(_to_right, signed.line, wanted),
            )  # fmt: skip


_SALUTATION = re.compile(r"们[，,、：:]|各位|女士|先生|尊敬的")
_ENDS = tuple("。；：，、！？;:,.!?")


def dating(reading: Reading) -> Iterator[Observation]:
    """7.3.5: what is sent to somebody is signed and dated; a speech, which greets its hearers, need not be."""
    addressees = [part for part in reading.of(PartRole.ADDRESSEE) if not _SALUTATION.search(part.line.words)]
    is_dated = any(len(part.line.words) <= 60 and ENDS_WITH_DATE.search(part.line.words) for part in reading.parts)
    if not addressees or is_dated or reading.of(PartRole.DATE):
        return
    end = next((i for i, part in enumerate(reading.parts) if part.role in _BEHIND_THE_TEXT), len(reading.parts))
    last = [part for part in reading.parts[:end] if part.line.number][-1]
    is_signed = last.role is PartRole.SIGNATURE or (
        last.role is PartRole.BODY and len(last.line.words) <= 30 and not last.line.words.endswith(_ENDS)
    )
    found = "没有成文日期" if is_signed else "没有署名和成文日期"
    yield observe("date-missing", last.line, expected="正文之后有发文机关署名和成文日期", found=found)


_BEHIND_THE_TEXT = (PartRole.LABEL, PartRole.COPIES, PartRole.ISSUER)


def _above(parts: list[Part], index: int) -> Part | None:
    for part in reversed(parts[:index]):
        if part.role is PartRole.SIGNATURE:
            return part
        if part.role is not PartRole.BLANK:
            return None
    return None


def _date_fault(day: Line, signed: Line | None) -> str:
    room = day.from_right
    if day.align == "center":
        return "居中"
    if abs(room - 4) <= _NEAR:
        return ""
    if signed is None:
        return _from_right(day)
    shift = room - 4
    name = width_of(signed.words)
    is_long = shift > 0 and abs(signed.from_right) <= _NEAR and abs(room - (name - _day_width(day)) / 2) <= _NEAR
    return "" if is_long or _is_unsealed(signed, day) else _from_right(day)


def _is_unsealed(signed: Line, day: Line) -> bool:
    """7.3.5.2, with its exception for a date longer than the name: the date 2 in, the name's room grown."""
    step = (signed.from_right + width_of(signed.words)) - (day.from_right + _day_width(day))
    least = min(signed.from_right, day.from_right)
    return abs(step - 2) <= _NEAR and abs(least - 2) <= _NEAR


def _is_signed(signed: Line, day: Line) -> bool:
    middle = signed.from_right + width_of(signed.words) / 2 - (day.from_right + _day_width(day) / 2)
    return signed.align != "center" and (abs(middle) <= _NEAR or _is_unsealed(signed, day))


def _day_width(day: Line) -> float:
    """Width of the date once it is written rightly, so that one wrongly written does not shift the name over it."""
    return width_of(right_date(day.words) or day.words)


def _from_right(line: Line) -> str:
    return "居中" if line.align == "center" else f"右空{line.from_right:.3g}字"


def _to_right(line: Line, room: float) -> None:
    set_indent(line, right=room)
    set_align(line, "right")
    rewrite(line.element, lambda text: [(len(text.rstrip(" 　\t")), len(text), "")])


def table_headers(reading: Reading) -> Iterator[Observation]:
    """Custom: a table that goes over a page repeats its header there."""
    for table in reading.paper.tables:
        if table.rows >= _LONG_TABLE and not table.has_header and not table.is_framed:
            yield observe(
                "table-header", f"第{table.number}个表格", expected="表头在每页重复", found=f"{table.rows}行，没有设置重复表头",
                mend=partial(_repeat, table),
            )  # fmt: skip


def _repeat(table: Grid) -> None:
    """The rows that the first row's merged cells reach are the header."""
    rows = table.element.findall(f"{W}tr")
    deep = 1
    while deep < len(rows) and any(
        each.get(f"{W}val", "continue") == "continue" for each in rows[deep].iter(f"{W}vMerge")
    ):
        if not any(each.get(f"{W}val") == "restart" for each in rows[0].iter(f"{W}vMerge")):
            break
        deep += 1
    for row in rows[:deep]:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = make("w:trPr")
            row.insert(1 if local(row[0]) == "tblPrEx" else 0, properties)
        put(properties, make("w:tblHeader"))


def blank_paragraphs(reading: Reading) -> Iterator[Observation]:
    """Custom: room between parts is a property of paragraphs; blank paragraphs shift when text is added."""
    run: list[Line] = []
    before: Line | None = None
    for part in reading.parts:
        line = part.line
        if line.table is None and part.role is PartRole.BLANK and not _is_needed(line):
            run.append(line)
            continue
        if run:
            yield _blank_run(run, before, line if line.table is None else None)
        run, before = [], line if line.table is None else before
    if run:
        yield _blank_run(run, before, None)


def _is_needed(line: Line) -> bool:
    """A paragraph that holds a section's end, a page break or a frame, has no height, or keeps tables apart."""
    if line.ends_section or line.is_new_page or line.is_framed or (line.line_rule == "exact" and line.line <= 40):
        return True
    above, below = line.element.getprevious(), line.element.getnext()
    is_between = below is None or local(below) in ("tbl", "sectPr")
    return above is not None and local(above) == "tbl" and is_between


def _blank_run(run: list[Line], before: Line | None, after: Line | None) -> Observation:
    place = f"{place_of(before)}之后" if before is not None and before.number else "文首"

    def mend() -> None:
        if after is not None:
            add_before(after.element, len(run) * gb.LINE)
        for line in run:
            if (parent := line.element.getparent()) is not None:
                parent.remove(line.element)

    return observe("blank-paragraph", place, expected="用段前、段后间距隔行", found=f"{len(run)}个空段落", mend=mend)


CHECKS = (numbering, attachments, signature, dating, table_headers, blank_paragraphs)
