"""Blanks: none inside Chinese, one between Latin words, one where a column ends."""

from __future__ import annotations

import re

from keshu.engines.plandoc.cleaning.draft import Draft, Edit, Line
from keshu.engines.plandoc.cleaning.lines import is_row

_GAP = re.compile(r"[ \t]+")
_WORD = re.compile(r"[A-Za-z0-9%.+&/'\"#@*_-]")
_PROSE = re.compile("[。;,!?]")
_HEAD_LABEL = re.compile(
    r"(?:索[ \t]*引[ \t]*号|(?:成文|发文|印发|发布|生成|生效|公布|公开|废止|失效|制定|更新)(?:日期|时间|机关|机构"
    r"|单位|部门|字号|方式|形式|类别)?"
    r"|文[ \t]*号|(?:发文|文件|政策)(?:文号|字号|编号)|字[ \t]*号|制定机关|(?:信息)?来[ \t]*源|作[ \t]*者|日[ \t]*期"
    r"|(?:主题|体裁|信息)?分[ \t]*类"
    r"|主[ \t]*题[ \t]*词|关[ \t]*键[ \t]*词|有[ \t]*效[ \t]*性|时[ \t]*效|标[ \t]*题|名[ \t]*称|题[ \t]*名"
    r"|责任(?:单位|部门|科室|处室|股室|领导|人)|(?:牵头|配合|主管|分管|主办|协办|承办)(?:单位|部门|科室|处室|股室|领导|人)"
    r"|完成(?:时限|时间|期限)|单[ \t]*位)[ \t]*[::]"
)
_HEAD_WORD = re.compile(
    r"(?:序号|编号|类别|属性|备注|得分|分值|权重|地区|县区|各?县\(市、区\)|乡镇|镇街|园区|排名|名次|位次|[\u4e00-\u9fff]{0,6}(?:目标数|任务数|计划数|完成数|实际数|增速|占比)(?:\([\u4e00-\u9fff%]{1,4}\))?|[\u4e00-\u9fff]{0,6}(?:指标值?|任务|事项|目标值?|实际值?|完成值|完成率"
    r"|时限|时间|单位|部门|科室|处室|领导|责任人|名称|内容|措施|举措|要求|进度))\Z"
)
_ORDINAL_LINE = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,3}、|[(〔][一二三四五六七八九十]{1,3}[)〕]|第[一二三四五六七八九十]+[章节])"
)
_HALF_LABEL = re.compile(r"(?:成文|发文|印发|发布|生成|生效|公布|公开|废止|失效|更新|信息|主题|体裁)\Z")
_ORDINAL_HEAD = re.compile(r"第[一二三四五六七八九十\d]+[章节篇部分]+$|[一二三四五六七八九十]、$")


def settle_blanks(draft: Draft) -> Draft:
    """Blanks at line ends go; inside Chinese too; a column gap and a gap between Latin words stay as one blank.

    A column gap is any in front of a label of the document head, or in neighbouring lines of three cells and more; two or
    more blanks in a short line without sentence marks stay as two.
    """
    if " " not in draft.text and "\t" not in draft.text:
        return draft
    edits: list[Edit] = []
    lines = draft.lines
    spaced = [" " in line.text or "\t" in line.text for line in lines]
    columns = [gaps and _is_columnar(line.text) for gaps, line in zip(spaced, lines, strict=True)]
    width = 0  # columns of the table whose rows we are in
    for index, line in enumerate(lines):
        if not spaced[index]:
            width = 0
            continue
        cells = len(line.text.split())
        width = cells if columns[index] and _is_table_head(line.text) else width
        width = width if cells >= max(2, width - 2) and not _ORDINAL_LINE.match(line.text) else 0
        beside = columns[index - 1 : index] == [True] or columns[index + 1 : index + 2] == [True]
        edits.extend(_gaps(line, columnar=width > 0 or (columns[index] and beside)))
    return draft.edited(edits)


def _is_table_head(text: str) -> bool:
    """Whether all words of a line but one are known from the heads of tables."""
    words = text.split()
    return sum(bool(_HEAD_WORD.match(word)) for word in words) >= max(3, len(words) - 1)


def _is_columnar(text: str) -> bool:
    if is_row(text):
        return False
    cells = text.split()
    words = len("".join(cells)) >= 2 * len(cells)  # else the line is only letterspaced
    return len(cells) >= 3 and words and not _PROSE.search(text) and not _HEAD_LABEL.search(text)


def _gaps(line: Line, *, columnar: bool) -> list[Edit]:
    """The edits that settle the blanks of one line."""
    text, edits = line.text, []
    row = text.lstrip().startswith("|") and text.rstrip().endswith("|")
    short = len(text) <= 60 and not _PROSE.search(text)
    for match in _GAP.finditer(text):
        start, end = match.span()
        if start == 0 or end == len(text):
            keep = ""
        elif (row and (text[start - 1] == "|" or text[end] == "|")) or columnar:
            keep = " "
        else:
            wide = end - start >= 2 or "\t" in match[0]
            keep = _kept(text, start, end, wide=wide, short=short)
        if match[0] != keep:
            edits.append((line.start + start, line.start + end, keep))
    return edits


def _kept(text: str, start: int, end: int, *, wide: bool, short: bool) -> str:
    """What stays of the gap between `start` and `end`."""
    left, right = text[start - 1], text[end]
    if (right in "%-~/" and left.isdigit()) or (left in "-~/" and right.isdigit()):
        return ""
    if _WORD.match(left) and _WORD.match(right):
        return " "
    if left.isascii() and right.isascii() and (left.isalpha() or right.isalpha()):
        return "" if left in "([" or right in ")]" else " "
    if _HEAD_LABEL.match(text, end):
        return "" if _HALF_LABEL.search(text, max(0, start - 4), start) else " "
    # Joint issuers, a name beside a date: words of two characters and more on both sides.
    between_words = _is_han(text[start - 2 : start]) and _is_han(text[end : end + 2])
    return "  " if wide and short and between_words and not _ORDINAL_HEAD.search(text, 0, start) else ""


def _is_han(pair: str) -> bool:
    return len(pair) == 2 and all("\u3400" <= letter <= "\u9fff" for letter in pair)


def frame_tabbed_rows(draft: Draft) -> Draft:
    """Rows whose cells are parted by tabs, as a copied spreadsheet leaves them, become rows of pipes.

    Three lines on end with two tabs and more, about as many in each, below a head without a sentence.
    """
    return _framed(draft, "\t")


def frame_open_rows(draft: Draft) -> Draft:
    """Rows of pipes that have none at their ends (``指标 | 单位 | 2025年``) get them; otherwise as `frame_tabbed_rows`."""
    return _framed(draft, "|")


def _framed(draft: Draft, mark: str) -> Draft:
    if mark not in draft.text:
        return draft
    edits: list[Edit] = []
    run: list[Line] = []
    for line in [*draft.lines, Line(0, 0, "")]:
        marks = 0 if mark not in line.text or is_row(line.text) else line.text.strip(" ").count(mark)
        if marks >= 2 and (not run or abs(marks - run[0].text.strip(" ").count(mark)) <= 1):
            run.append(line)
            continue
        if len(run) >= 3 and not _HEAD_LABEL.search(run[0].text) and "。" not in run[0].text:
            for row in run:
                edits += _frame(row, mark)
        run = [line] if marks >= 2 else []
    return draft.edited(edits)


def _frame(row: Line, mark: str) -> list[Edit]:
    """The row between pipes, each `mark` a pipe with a blank on either side; a pipe at one end already stays."""
    text = row.text
    opened, closed = mark == "|" and text.lstrip().startswith("|"), mark == "|" and text.rstrip().endswith("|")
    return [
        *([] if opened else [(row.start, row.start, "| ")]),
        *((row.start + at, row.start + at + 1, " | ") for at, c in enumerate(text) if c == "\t" == mark),
        *([] if closed else [(row.end, row.end, " |")]),
    ]


_LONGEST_GAP, _MOST_EMPTY = 40, 100
_LONG_GAP = re.compile(rf"[ \t](?<![ \t]{{2}})[ \t]{{{_LONGEST_GAP},}}")
_LONG_BREAK = re.compile(rf"\n(?<!\n\n)[ \t\n]{{{_MOST_EMPTY},}}+")


def shorten_gaps(draft: Draft) -> Draft:
    """Gaps and breaks longer than any printer sets: what later steps look for around them must not be looked for in them."""
    # Most texts hold no two blanks in a row: looking for a pair is much quicker than the patterns.
    if "  " in draft.text or "\t" in draft.text:
        draft = draft.substituted(_LONG_GAP, lambda match: match[0][:_LONGEST_GAP])
    if any(pair in draft.text for pair in ("\n\n", "\n ", "\n\t")):
        draft = draft.substituted(_LONG_BREAK, _shortened_break)
    return draft


def _shortened_break(match: re.Match[str]) -> str:
    indent = match[0][match[0].rfind("\n") + 1 :]
    return "\n" * min(match[0].count("\n"), _MOST_EMPTY) + indent


# A lone line feed is a break only beside a blank or at either end of the text; elsewhere it stays as it is.
_BREAKS = re.compile(r"\n(?:[ \t\n\f]+|(?<=[ \t]\n)|(?<![\s\S]\n)|\Z)|\f[ \t\n\f]*")
_UNEVEN = ("\n\n", "\n ", " \n", "\n\t", "\t\n", "\f")


def settle_breaks(draft: Draft) -> Draft:
    """One line feed between paragraphs, none at the ends of the text."""
    text = draft.text
    if text == text.strip() and not any(pair in text for pair in _UNEVEN):
        return draft
    edits: list[Edit] = []
    for match in _BREAKS.finditer(text):
        start, end = match.span()
        while start and text[start - 1] in " \t":
            start -= 1
        word = "" if start == 0 or end == len(text) else "\n"
        if text[start:end] != word:
            edits.append((start, end, word))
    return draft.edited(edits)


_RETURNS = re.compile(r"\r\n?")
_LONE_FEED = re.compile(r"(?<!\n)\f")


def unify_line_ends(draft: Draft) -> Draft:
    """``\\r\\n`` and ``\\r`` to ``\\n``; a form feed begins a line."""
    if "\r" in draft.letters:
        draft = draft.substituted(_RETURNS, "\n")
    return draft.substituted(_LONE_FEED, "\n\f") if "\f" in draft.letters else draft
