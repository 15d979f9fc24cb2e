"""What each paragraph of a document is: title, addressee, heading, body, signature …, told from words, place and style.

A style named as the writer names it settles the matter; elsewhere words and place decide, so that any office's file can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from keshu.engines.gongwen.checking.dates import DATE
from keshu.engines.gongwen.checking.paper import Line, Paper


class PartRole(StrEnum):
    """The parts of a document that rules speak of."""

    HEAD = "版头"  # 份号、密级、紧急程度
    LETTERHEAD = "发文机关标志"
    NUMBER = "发文字号"
    TITLE = "标题"
    ADDRESSEE = "主送机关"
    HEADING = "层次标题"
    BODY = "正文"
    NOTE = "附件说明"
    SIGNATURE = "发文机关署名"
    DATE = "成文日期"
    REMARK = "附注"
    LABEL = "附件序号"
    ATTACHMENT_TITLE = "附件标题"
    CAPTION = "图表题注"
    PICTURE = "图"
    CELL = "表格"
    COPIES = "抄送机关"
    ISSUER = "印发机关"
    BLANK = "空段落"
    OTHER = "其他"


# Style names that say what a paragraph is.
STYLES: dict[str, PartRole] = {
    "发文机关标志": PartRole.LETTERHEAD, "发文字号": PartRole.NUMBER, "公文标题": PartRole.TITLE, "主送机关": PartRole.ADDRESSEE,
    "附件说明": PartRole.NOTE, "附件说明首件": PartRole.NOTE, "附件说明续件": PartRole.NOTE, "发文机关署名": PartRole.SIGNATURE,
    "成文日期": PartRole.DATE, "附注": PartRole.REMARK, "附件序号": PartRole.LABEL, "附件标题": PartRole.ATTACHMENT_TITLE,
    "表题": PartRole.CAPTION, "图题": PartRole.CAPTION, "表单位": PartRole.CAPTION,
    "表注": PartRole.CAPTION, "图": PartRole.PICTURE, "Title": PartRole.TITLE, "caption": PartRole.CAPTION,
}  # fmt: skip
_CHINESE = "一二三四五六七八九十"
NUMBER = re.compile(r"[（(]?[\u4e00-\u9fff]{1,12}\s*[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*第?\s*\d+\s*号[）)]?")
_LABEL = re.compile(r"附\s*件\s*[\d一二三四五六七八九十]{0,3}")
_NOTE = re.compile(r"附\s*件\s*[：:]\s*\S")
_LISTED = re.compile(r"\d{1,2}\s*[.．、]")
_HEAD = re.compile(r"\d{6}|(?:绝密|机密|秘密)(?:★.*)?|特急|加急|平急")
_CAPTION = re.compile(r"[图表]\s*\d+(?:[-—.]\d+)?\s")
_UNIT = re.compile(r"单位\s*[：:]|计量单位")
_TABLE_NOTE = re.compile(r"(?:注|备注|资料来源|数据来源|说明)\s*[：:]")
# What opens or ends a first sentence that goes on with a colon: no organisation is called so.
_NO_ADDRESSEE = re.compile(r"(?:现将|现就|根据|按照|为了|为贯彻|为落实|为进一步)|.*(?:如下|以下|内容|事项|情况)[：:]$")
_ENDS = tuple("。；：，、！？;:,.!?")

# What opens a heading, by level: the right way first, then ways that are wrong (7.3.3).
LABELS: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = (
    (re.compile(rf"[{_CHINESE}]+、"), (re.compile(rf"[{_CHINESE}]{{1,3}}\s*[.．,，:：]"),)),
    (
        re.compile(rf"（[{_CHINESE}]+）(?!、)"),
        (
            re.compile(rf"\([{_CHINESE}]+\)、?"),
            re.compile(rf"（[{_CHINESE}]+）、"),
            re.compile(rf"[（(][{_CHINESE}]+[)）]、?"),
        ),
    ),
    (re.compile(r"\d{1,2}\.(?!\d)"), (re.compile(r"\d{1,2}\s*[．、](?!\d)"),)),
    (
        re.compile(r"（\d{1,2}）(?!、)"),
        (re.compile(r"\(\d{1,2}\)、?"), re.compile(r"（\d{1,2}）、"), re.compile(r"\d{1,2}[)）]")),
    ),
)


@dataclass(frozen=True)
class Part:
    """A paragraph with its role; headings with their level, label and whether the label is written rightly."""

    line: Line
    role: PartRole
    level: int = 0
    label: str = ""
    is_rightly_labelled: bool = True

    @property
    def heading_length(self) -> int:
        """How many characters of the text are the heading; the rest goes on as body."""
        text = self.line.text
        end = text.find("。")
        return len(text) if end < 0 or not text[end + 1 :].strip() else end + 1


def label_of(line: Line) -> tuple[int, str, bool] | None:
    """Level, label and whether it is written rightly, of a paragraph that opens as a heading; None for another."""
    said = line.said
    for level, (right, wrongs) in enumerate(LABELS, 1):
        if match := right.match(said):
            return level, match[0], True
        for wrong in wrongs:
            if match := wrong.match(said):
                return level, match[0], False
    return None


def read_parts(paper: Paper) -> list[Part]:
    """Every paragraph of the file with its role, in reading order."""
    parts = [_alone(line) for line in paper.lines]
    order = [index for index, part in enumerate(parts) if part.role in (PartRole.OTHER, *_HEADINGS)]
    begin = _front(parts, order)
    _back(parts, [index for index in order if index >= begin])
    return parts


_HEADINGS = (PartRole.HEADING, PartRole.BODY)


def _alone(line: Line) -> Part:
    """What a paragraph is as far as it tells itself."""
    words = line.words
    if line.is_blank:
        return Part(line, PartRole.BLANK)
    if words.startswith(("抄送：", "抄送:", "抄报：", "主送：")):
        return Part(line, PartRole.COPIES)
    if re.search(r"[\d日月]\s*印发$", words) and len(words) < 60:
        return Part(line, PartRole.ISSUER)
    if line.table is not None:
        return Part(line, PartRole.CELL)
    if line.is_framed or re.match(r"(?i)toc \d|目录", line.style):
        return Part(line, PartRole.OTHER if not line.is_framed else PartRole.CELL)
    if line.style in STYLES:
        return Part(line, STYLES[line.style])
    if line.has_picture and not words:
        return Part(line, PartRole.PICTURE)
    if _NOTE.match(words):
        return Part(line, PartRole.NOTE)
    if _LABEL.fullmatch(words.rstrip("：:")):
        return Part(line, PartRole.LABEL)
    if (found := label_of(line)) is not None:
        return Part(line, PartRole.HEADING, *found)
    return Part(line, PartRole.BODY)


def _front(parts: list[Part], order: list[int]) -> int:
    """Settle head, title and addressee, which stand before the body; returns where the body begins."""
    said = [
        i
        for i, part in enumerate(parts)
        if part.role not in (PartRole.BLANK, PartRole.CELL, PartRole.COPIES, PartRole.ISSUER, PartRole.PICTURE)
    ]
    at = 0
    while at < len(said) and (role := _head_role(parts[said[at]])) is not None:
        _set(parts, said[at], role)
        at += 1
    if at < len(said) and parts[said[at]].role is PartRole.LABEL:
        return 0
    first = at
    while at < len(said) and _is_title(parts[said[at]], parts[said[first]], is_first=at == first):
        _set(parts, said[at], PartRole.TITLE)
        at += 1
    while at < len(said) and _is_below_title(parts[said[at]].line):
        _set(parts, said[at], PartRole.NUMBER if NUMBER.fullmatch(parts[said[at]].line.words) else PartRole.OTHER)
        at += 1
    if at < len(said) and parts[said[at]].role is PartRole.BODY and _is_addressee(parts[said[at]].line):
        _set(parts, said[at], PartRole.ADDRESSEE)
        at += 1
    return said[at] if at < len(said) else len(parts)


def _set(parts: list[Part], index: int, role: PartRole) -> None:
    parts[index] = Part(parts[index].line, role)


def _head_role(part: Part) -> PartRole | None:
    line, words = part.line, part.line.words
    if part.role in (PartRole.LETTERHEAD, PartRole.NUMBER):
        return part.role
    if part.role is not PartRole.BODY:
        return None
    is_red = any(_is_red(piece.colour) for piece in line.pieces if piece.text.strip())
    if len(words) <= 40 and (is_red or (words.endswith("文件") and line.size >= 50 and line.align == "center")):
        return PartRole.LETTERHEAD
    if NUMBER.match(words) and len(words) <= 40:
        return PartRole.NUMBER
    return PartRole.HEAD if _HEAD.fullmatch(words) or words.startswith(("签发人：", "签发人:")) else None


def _is_red(colour: str) -> bool:
    if len(colour) != 6:
        return False
    try:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    except ValueError:
        return False
    return red >= 150 and green < 100 and blue < 100


def _is_title(part: Part, first: Part, *, is_first: bool) -> bool:
    line = part.line
    if part.role is PartRole.TITLE:
        return True
    if part.role is not PartRole.BODY or len(line.words) > 80 or line.words.endswith(("：", ":", "。")):
        return False
    if is_first:
        return True
    if NUMBER.fullmatch(line.words):
        return False
    goes_on = (
        first.line.align == "center" == line.align and line.size == first.line.size and first.role is not PartRole.TITLE
    )
    return goes_on and not DATE.search(line.words) and line.words[:1] not in "（("


def _is_below_title(line: Line) -> bool:
    """A number wherever it stands in its line; a date or a name in brackets in the middle, under the title."""
    words = line.words
    if NUMBER.fullmatch(words):
        return True
    bracketed = words[:1] in "（(" and words[-1:] in "）)" and len(words) < 40
    return line.align == "center" and (bracketed or bool(DATE.fullmatch(words)))


def _is_addressee(line: Line) -> bool:
    words = line.words
    return (
        words.endswith(("：", ":")) and len(words) <= 200 and "。" not in words and _NO_ADDRESSEE.match(words) is None
    )


def _back(parts: list[Part], order: list[int]) -> None:
    """Settle what follows from neighbours: captions, lists of attachments, signatures."""
    body = [index for index, part in enumerate(parts) if part.role is not PartRole.BLANK]
    for place, index in enumerate(body):
        before = parts[body[place - 1]] if place else None
        after = parts[body[place + 1]] if place + 1 < len(body) else None
        part = parts[index]
        if part.role not in _HEADINGS:
            continue
        words = part.line.words
        if before is not None and before.role is PartRole.NOTE and _goes_on_listing(part.line, after):
            _set(parts, index, PartRole.NOTE)
        elif part.role is PartRole.BODY and _is_caption(part.line, before, after):
            _set(parts, index, PartRole.CAPTION)
        elif before is not None and before.role is PartRole.LABEL and len(words) <= 60 and not words.endswith(_ENDS):
            _set(parts, index, PartRole.ATTACHMENT_TITLE)
        elif DATE.fullmatch(words) and index >= (order[0] if order else 0):
            _set(parts, index, PartRole.DATE)
            _sign(parts, body[:place])
        elif before is not None and before.role is PartRole.DATE and words[:1] in "（(" and words[-1:] in "）)":
            _set(parts, index, PartRole.REMARK)


def _goes_on_listing(line: Line, after: Part | None) -> bool:
    """A further name of 附件说明; what stands far in above a date is who signs, not a name."""
    if DATE.fullmatch(line.words):
        return False
    signs = after is not None and DATE.fullmatch(after.line.words) is not None
    return bool(_LISTED.match(line.said)) or (line.left >= 4 and not signs)


def _is_caption(line: Line, before: Part | None, after: Part | None) -> bool:
    words = line.words
    near_table = after is not None and after.role is PartRole.CELL
    if near_table and (
        _UNIT.match(words) or (line.align == "center" and len(words) <= 40 and not words.endswith(_ENDS))
    ):
        return True
    if _CAPTION.match(words) and len(words) <= 40 and not words.endswith(_ENDS):
        return True
    return before is not None and before.role in (PartRole.CELL, PartRole.CAPTION) and bool(_TABLE_NOTE.match(words))


def _sign(parts: list[Part], before: list[int]) -> None:
    """The paragraph above a date is the signature, if it is a name."""
    if not before or parts[before[-1]].role is not PartRole.BODY:
        return
    words = parts[before[-1]].line.words
    if 2 <= len(words) <= 30 and not words.endswith(_ENDS):
        _set(parts, before[-1], PartRole.SIGNATURE)
