"""How things are written: punctuation, document numbers, dates, the list of attachments, heading labels (7.2.5, 7.3, 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from keshu.engines.gongwen.checking.dates import right_date
from keshu.engines.gongwen.checking.finding import Observation, observe
from keshu.engines.gongwen.checking.mending import Edit, rewrite
from keshu.engines.gongwen.checking.paper import Line
from keshu.engines.gongwen.checking.roles import Part, PartRole
from keshu.engines.gongwen.checking.rules.reading import Reading, is_chinese

_C = r"\u4e00-\u9fff》”）】、。"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "(": "（", ")": "）"}
_MARK = re.compile(
    rf"(?<=[{_C}])[,;:?!](?!//)|[,;?!](?=[\u4e00-\u9fff《“（])|(?<=[\u4e00-\u9fff》”）])\.(?=\s*$|[\u4e00-\u9fff《“])"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_QUOTES = re.compile(r'"([^"]*)"')
_ROLES = (
    PartRole.TITLE, PartRole.ADDRESSEE, PartRole.HEADING, PartRole.BODY, PartRole.NOTE, PartRole.REMARK,
    PartRole.ATTACHMENT_TITLE, PartRole.CAPTION, PartRole.CELL, PartRole.COPIES,
)  # fmt: skip


def half_width(reading: Reading) -> Iterator[Observation]:
    """9 (GB/T 15834): Chinese text takes full-width marks; figures, addresses and heading labels keep theirs."""
    for part in reading.of(*_ROLES):
        edits = _half_width_edits(part.line.text, skip=_own_marks(part))
        if edits:
            text = part.line.text
            found = "、".join(dict.fromkeys(f"“{text[begin:end].strip()}”" for begin, end, _ in edits))
            wanted = "、".join(dict.fromkeys(f"“{new}”" for _, _, new in edits))

            edit = partial(_half_width_edits, skip=_own_marks(part))
            mend = partial(rewrite, part.line.element, edit)
            yield observe("half-width", part.line, expected=f"全角{wanted}", found=f"半角{found}", mend=mend)


def _own_marks(part: Part) -> tuple[int, int]:
    """A stretch at the front and one at the end, whose marks other rules look at."""
    text, words = part.line.text, part.line.words
    start = len(text) - len(text.lstrip(" 　\t\xa0"))
    if part.role is PartRole.HEADING and not part.line.label:
        return start + len(part.label), 0
    if part.role is PartRole.NOTE:
        match = re.match(r"附\s*件\s*[：:](?:\s*\d+\s*[.．、])?|\d+\s*[.．、]", words)
        return start + len(match[0]) if match else 0, 0
    if part.role is PartRole.COPIES:
        return start + 3, 1
    return 0, 1 if part.role is PartRole.ADDRESSEE else 0


def _half_width_edits(text: str, *, skip: tuple[int, int]) -> list[Edit]:
    end = len(text.rstrip()) - skip[1]
    edits = [(m.start(), _behind_blanks(text, m.end()), _FULL[m[0]]) for m in _MARK.finditer(text)]
    for match in _BRACKETS.finditer(text):
        if is_chinese(match[1]):
            edits += [(match.start(), match.start() + 1, "（"), (match.end() - 1, match.end(), "）")]
    for match in _QUOTES.finditer(text):
        if is_chinese(match[1]):
            edits += [(match.start(), match.start() + 1, "“"), (match.end() - 1, match.end(), "”")]
    return sorted({edit for edit in edits if skip[0] <= edit[0] < end})


def _behind_blanks(text: str, at: int) -> int:
    """The blanks that a half-width mark had behind it go with it."""
    return at + len(text[at:]) - len(text[at:].lstrip(" \xa0\u3000"))


_NUMBER_BRACKETS = re.compile(
    r"(?<=[\u4e00-\u9fff])\s*[\[［(（【]\s*((?:19|20)\d{2})\s*[\]］)）】](?=\s*第?\s*\d+\s*号)|〔\s+\d{4}\s*〕|〔\d{4}\s+〕"
)
_SERIAL = re.compile(r"(?<=〕)\s*(第\s*0*|0+)(\d+)\s*(?=号)")


def document_numbers(reading: Reading) -> Iterator[Observation]:
    """7.2.5: the year in full in 〔 〕; the serial number without 第 and without zeros in front."""
    for part in reading.of(
        PartRole.NUMBER,
        PartRole.BODY,
        PartRole.HEADING,
        PartRole.TITLE,
        PartRole.NOTE,
        PartRole.CELL,
        PartRole.ADDRESSEE,
    ):
        text = part.line.text
        if match := _NUMBER_BRACKETS.search(text):
            found = match[0].strip()
            yield observe(
                "number-brackets",
                part.line,
                expected=_bracketed(found),
                found=found,
                mend=partial(_mend_brackets, part.line),
            )
        if match := _SERIAL.search(_NUMBER_BRACKETS.sub(lambda bracket: _bracketed(bracket[0]), text)):
            yield observe(
                "number-serial",
                part.line,
                expected=f"{match[2]}号",
                found=f"{match[0].strip()}号",
                mend=partial(_mend_serial, part.line),
            )


def _bracketed(found: str) -> str:
    return f"〔{re.sub(r'[^0-9]', '', found)}〕"


def _mend_brackets(line: Line) -> None:
    rewrite(
        line.element, lambda text: [(m.start(), m.end(), _bracketed(m[0])) for m in _NUMBER_BRACKETS.finditer(text)]
    )


def _mend_serial(line: Line) -> None:
    rewrite(line.element, lambda text: [(m.start(), m.end(), m[2]) for m in _SERIAL.finditer(text)])


def dates(reading: Reading) -> Iterator[Observation]:
    """7.3.5.4, 7.4.3: Arabic figures, the year in full, no zeros in front of month and day."""
    for part in reading.of(PartRole.DATE, PartRole.ISSUER):
        is_issue = part.role is PartRole.ISSUER
        words = _issue_date(part.line.words) if is_issue else part.line.words
        rule = "issue-date-form" if is_issue else "date-form"
        wanted = right_date(words)
        if not words or words == wanted:
            continue

        def mend(line: Line = part.line, words: str = words, wanted: str | None = wanted) -> None:
            rewrite(line.element, lambda text: [(text.find(words), text.find(words) + len(words), wanted or words)])

        yield observe(
            rule,
            part.line,
            expected=wanted or "年月日标全、确有其日，年份四位，月日不编虚位",
            found=words,
            mend=mend if wanted else None,
        )


def _issue_date(words: str) -> str:
    match = re.search(r"([\d〇○零一二三四五六七八九十]+[年.\-/][^\s　]*?)\s*印发$", words)
    return match[1] if match else ""


_NOTE_HEAD = re.compile(r"附\s*件\s*[：:]\s*")
_NOTE_NUMBER = re.compile(r"(\d+)\s*([.．、])\s*")


def attachment_notes(reading: Reading) -> Iterator[Observation]:
    """7.3.4: 附件 and a full-width colon; several names numbered 1. 2.; no mark behind a name."""
    for notes in _note_groups(reading):
        for index, part in enumerate(notes):
            text = part.line.words
            if text.endswith(("。", "；", ";", "，", ",", ".", "、")):
                yield observe(
                    "note-mark",
                    part.line,
                    expected="名称后不加标点",
                    found=f"“{text[-1]}”",
                    mend=partial(_cut_mark, part.line),
                )
            if (fault := _note_fault(part.line, index=index, count=len(notes))) is not None:
                expected, found = fault

                def mend(line: Line = part.line) -> None:
                    rewrite(line.element, _note_edits)

                yield observe(
                    "note-form",
                    part.line,
                    expected=expected,
                    found=found,
                    mend=mend if _note_edits(part.line.text) else None,
                )


def _note_groups(reading: Reading) -> Iterator[list[Part]]:
    """The lists of attachments: a paragraph 附件：… and those that go on with it."""
    group: list[Part] = []
    for part in reading.parts:
        if part.role is PartRole.NOTE:
            if _NOTE_HEAD.match(part.line.words) and group:
                yield group
                group = []
            group.append(part)
        elif part.role is not PartRole.BLANK and group:
            yield group
            group = []
    if group:
        yield group


def _cut_mark(line: Line) -> None:
    def edits(text: str) -> list[Edit]:
        end = len(text.rstrip())
        return [(len(text[:end].rstrip("。；;，,.、")), end, "")]

    rewrite(line.element, edits)


def _note_fault(line: Line, *, index: int, count: int) -> tuple[str, str] | None:
    """(expected, found) where a line of the list is written wrongly."""
    text = line.words
    head = _NOTE_HEAD.match(text)
    if index == 0 and head and head[0].rstrip() != "附件：":
        return "“附件：”", f"“{head[0].strip()}”"
    number = _NOTE_NUMBER.match(line.label + text[head.end() if head else 0 :])
    if count == 1:
        # a name may begin with a year (2026年…), never with a number of its own
        return (
            ("只有一个附件不编序号", f"“{number[0].strip()}”")
            if number and number[2] != "." and int(number[1]) == 1
            else None
        )
    if number is None:
        return f"“{index + 1}.”加附件名称", "没有编序号"
    if int(number[1]) != index + 1:
        return f"序号“{index + 1}.”", f"“{number[0].strip()}”"
    return ("序号后用“.”", f"“{number[0].strip()}”") if number[2] != "." else None


def _note_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    start = len(text) - len(text.lstrip(" 　\t\xa0"))
    head = _NOTE_HEAD.match(text, start)
    if head and head[0] != "附件：":
        edits.append((start, head.end(), "附件："))
    number = _NOTE_NUMBER.match(text, head.end() if head else start)
    if number and number[2] != ".":
        edits.append((number.start(), number.end(), f"{number[1]}."))
    return edits


def marks(reading: Reading) -> Iterator[Observation]:
    """7.3.2: a full-width colon behind the addressee; 7.4.2: a full stop behind the last copy; 7.3.3: 一、（一）1.（1）."""
    for part in reading.of(PartRole.ADDRESSEE):
        if not part.line.words.endswith("："):
            yield observe(
                "addressee-mark",
                part.line,
                expected="全角冒号“：”",
                found=f"“{part.line.words[-1]}”",
                mend=partial(_end, part.line, "：", ":"),
            )
    for part in reading.of(PartRole.COPIES):
        if not part.line.words.endswith("。"):
            yield observe(
                "copies-mark",
                part.line,
                expected="句号",
                found=f"“{part.line.words[-1]}”",
                mend=partial(_end, part.line, "。", ".；;，,"),
            )
    for part in reading.of(PartRole.HEADING):
        if not part.is_rightly_labelled:
            wanted = _right_label(part)
            mend = None if part.line.label else partial(_relabel, part)
            yield observe("heading-mark", part.line, expected=f"“{wanted}”", found=f"“{part.label}”", mend=mend)


def _end(line: Line, mark: str, wrong: str) -> None:
    def edits(text: str) -> list[Edit]:
        end = len(text.rstrip())
        return [(len(text[:end].rstrip(wrong)), end, mark)]

    rewrite(line.element, edits)


def _right_label(part: Part) -> str:
    inner = re.sub(r"[^\d一二三四五六七八九十]", "", part.label)
    return ("{}、", "（{}）", "{}.", "（{}）")[part.level - 1].format(inner)


def _relabel(part: Part) -> None:
    def edits(text: str) -> list[Edit]:
        start = len(text) - len(text.lstrip(" 　\t\xa0"))
        return [(start, start + len(part.label), _right_label(part))]

    rewrite(part.line.element, edits)


CHECKS = (half_width, document_numbers, dates, attachment_notes, marks)
