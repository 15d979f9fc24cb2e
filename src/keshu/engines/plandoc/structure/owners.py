"""Who answers for an item: brackets at its end, 责任单位 lines, 牵头…配合, persons, and the deadline printed with them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from keshu.engines.plandoc.document import OwnerRole
from keshu.engines.plandoc.structure.offices import Name, is_office, split_names


class PrintedOwner(NamedTuple):
    """An owner as printed, in clean offsets."""

    name: Name
    role: OwnerRole


class OwnerNote(NamedTuple):
    """A stretch that names owners or a deadline (``start`` to ``end``); passages leave it out.

    ``own_line`` tells a line of its own from a bracket or label inside a paragraph.
    """

    start: int
    end: int
    owners: tuple[PrintedOwner, ...]
    due_text: str
    own_line: bool


LABELS: dict[OwnerRole | None, str] = {
    OwnerRole.LEAD: (
        "牵头单位 牵头部门 牵头科室 牵头处室 牵头股室 牵头责任单位 主办单位 主责单位 主责部门 主责科室 主责处室 牵头"
    ),
    OwnerRole.SUPPORT: (
        "配合单位 配合部门 配合科室 配合处室 协办单位 协同单位 参与单位 参加单位 协作单位 支持单位 协同配合单位 配合"
    ),
    OwnerRole.RESPONSIBLE: (
        "责任单位 责任部门 责任科室 责任处室 责任股室 承办单位 承办科室 实施单位 落实单位 "
        "责任主体 实施主体 责任分工 承担单位 责任处(科)室 责任"
    ),
    OwnerRole.PERSON: (
        "牵头区领导 牵头市领导 牵头县领导 责任区领导 责任市领导 责任县领导 牵头局领导 责任领导 "
        "分管领导 主管领导 牵头领导 责任人 具体责任人 直接责任人 联系人 包联领导 牵头人 "
        "第一责任人 主要责任人 分管局领导 责任局领导"
    ),
    # No role: a deadline.
    None: (
        "完成时限 完成时间 完成期限 时间节点 时限要求 办结时限 整改时限 完成时限要求 时间安排 "
        "时限 实施期限 计划完成时间 时间进度"
    ),
}
_ROLE_OF = {label: role for role, labels in LABELS.items() for label in labels.split()}
_WORDS = "|".join(re.escape(label) for label in sorted(_ROLE_OF, key=len, reverse=True))
_LABEL = re.compile(rf"[〔【\[]?(?P<label>{_WORDS})(?:及人)?(?:[〕】\]]\s*:?|\s*:)\s*")
# A consumed mark in front, not a lookbehind: the scan then jumps from mark to mark.
_FIRST = "".join(sorted({label[0] for label in _ROLE_OF}))
_STARTS = re.compile(rf"[\n。;,)\s(〔\[【](?=[〔【\[]?(?=[{_FIRST}])(?:{_WORDS})(?:及人)?(?:[〕】\]]|\s*:))")
_BRACKET = re.compile(r"\((?:[^()\n]|\([^()\n]*\)){1,160}\)")
_NEVER_OWNER = re.compile(r"[\d“”《》%+=:|]")  # most brackets: (省级5家), (含10万元)
_ROUND = re.compile("[()]")
_CLOSES = {"〔": "〕", "【": "】", "[": "]"}
_AFTER = re.compile(r"[。;]?[ \t]*(?:\n|$)")
_ROLE_WORD = re.compile(
    r"(?:共同|联合)?(?:负责)?牵头(?:负责|落实|组织)?|(?:按照?职责分工)?(?:参与配合|协同配合|配合"
    r"|协助|参与|参加|协同)(?:落实|实施)?(?=[,;、)]|$)"
)


_SAYS_ROLE = re.compile(r"(?<=[\u4e00-\u9fff)])(?:牵头|配合|协助|参与)(?=[,;、。)|\s]|\Z)")
_PARTS = re.compile(r"[^,;\n]+")
#: 出席:某某(市科技局): who came to the meeting, no owner of its last item.
_ATTENDANCE = re.compile(r"[ \t\u3000]*(?:出席|列席|参会|参加|主持|缺席|请假|记录)(?:人员|单位|人)?:")


def find_owner_notes(text: str, start: int, end: int, *, item_starts: frozenset[int]) -> list[OwnerNote]:
    """Every owner bracket and label stretch between `start` and `end`, in order; `item_starts` are offsets of headings."""
    labelled = list(_labelled(text, start, end))
    notes = list(labelled)
    ends = [note.end for note in labelled]
    for match in _BRACKET.finditer(text, start, end):
        following = bisect_right(ends, match.start())
        if following < len(labelled) and labelled[following].start < match.end():
            continue
        note = _bracket(text, match, end, item_starts)
        if note is not None:
            notes.append(note)
    return sorted(notes, key=lambda note: note.start)


def _labelled(text: str, start: int, end: int) -> Iterator[OwnerNote]:
    """责任单位:… in a bracket, at the end of a paragraph, or on lines of its own; neighbours make one note."""
    at = start
    # The body begins behind a mark or at the very start; one step back lets its first line count.
    for opening in _STARTS.finditer(text, max(0, start - 1), end):
        if opening.start() < at:
            continue
        label = _LABEL.match(text, opening.end(), end)
        if label is None or _in_table(text, opening.end()):
            continue
        note = _stretch(text, label, end)
        at = note.end
        if note.owners or note.due_text:
            yield note


def _stretch(text: str, label: re.Match[str], end: int) -> OwnerNote:
    """From one label through all that follow it in the same line or bracket."""
    begin = label.start()
    line_end = text.find("\n", begin, end)
    line_end = end if line_end < 0 else line_end
    opened = text.rfind("(", max(0, begin - 60), begin)
    bracketed = opened >= 0 and not any(mark in text[opened:begin] for mark in ")\n")
    if bracketed and _closing(text, begin, line_end) == line_end < end:
        # 责任单位: at the end of a wrapped line, the names on the next one.
        further = text.find("\n", line_end + 1, end)
        further = end if further < 0 else further
        line_end = further if _closing(text, begin, further) < further else line_end
    stop = _closing(text, begin, line_end) if bracketed else line_end
    framed = _CLOSES.get(label[0][0])
    if framed is not None and framed not in label[0]:
        closing = text.find(framed, label.end(), line_end)
        stop = closing if closing >= 0 else stop
    owners: list[PrintedOwner] = []
    due: list[str] = []
    current: re.Match[str] | None = label
    last = label.end()
    while current is not None:
        role = _ROLE_OF[current["label"]]
        following = next(
            (m for m in _LABEL.finditer(text, current.end(), stop) if text[m.start() - 1] in "。;,、) \t〕】"), None
        )
        upto = following.start() if following is not None else stop
        full_stop = text.find("。", current.end(), upto)
        if full_stop >= 0 and (following is None or full_stop < following.start() - 1):
            upto, following = full_stop, None
        if role is None:
            due.append(text[current.end() : upto].strip(" ;,。\t)"))
        else:
            owners += _owners(text, current.end(), upto, role)
        last, current = upto, following
    if bracketed and last >= stop:
        # `(牵头区领导:张某某,牵头单位:…)`: labels not in the list go with the bracket; figures in front stay text.
        begin = opened if ":" in text[opened:begin] or opened + 1 == begin else begin
        last = min(stop + 1, end)
    elif framed is not None and last == stop < end and text[last] == framed:
        last += 1
    while last < end and text[last] in "。;":
        last += 1
    opens_line = begin == 0 or text[begin - 1] == "\n" or not text[text.rfind("\n", 0, begin) + 1 : begin].strip()
    return OwnerNote(begin, last, tuple(owners), due[0] if due else "", opens_line)


def _closing(text: str, start: int, end: int) -> int:
    """Where the bracket open before `start` closes (or `end`)."""
    depth = 1
    for mark in _ROUND.finditer(text, start, end):
        depth += 1 if mark[0] == "(" else -1
        if depth == 0:
            return mark.start()
    return end


def _owners(text: str, start: int, end: int, role: OwnerRole) -> list[PrintedOwner]:
    """The names behind a label. What is no office there is a person or, behind an office label, still as printed."""
    return [PrintedOwner(name, own) for name, own in named_offices(text, start, end, role) if len(name.text) <= 40]


def named_offices(text: str, start: int, end: int, role: OwnerRole) -> Iterator[tuple[Name, OwnerRole]]:
    """The names of a label line or a cell; one that says 各县区配合 or 规划科牵头 itself has its own role."""
    if role is OwnerRole.PERSON or not _SAYS_ROLE.search(text, start, end):
        yield from ((name, role) for name in split_names(text, start, end))
        return
    for part in _PARTS.finditer(text, start, end):
        said = _SAYS_ROLE.search(text, part.start(), part.end())
        own = role if said is None else _role_of(said)
        names = split_names(text, part.start(), said.start() if said else part.end())
        # 规划科、统计局配合, with nobody named before: who stands in front of the last answers, only the last supports.
        led = len(names) - 1 if own is OwnerRole.SUPPORT is not role and part.start() == start else 0
        yield from ((name, role if index < led else own) for index, name in enumerate(names))


def _bracket(text: str, match: re.Match[str], end: int, item_starts: frozenset[int]) -> OwnerNote | None:
    """(高新科牵头,各县区配合) behind an item; anything that is not all offices stays text."""
    before = text[match.start() - 1] if match.start() else "\n"
    if _ATTENDANCE.match(text, text.rfind("\n", 0, match.start()) + 1, match.start()):
        return None
    behind = match.end()
    closes = bool(_AFTER.match(text, behind, end)) or behind in item_starts or behind >= end or text[behind] in "。;"
    if not closes and before not in "。;":
        return None
    strict = before not in "。;\n" or not closes
    owners = _bracket_owners(text, match.start() + 1, match.end() - 1, strict=strict)
    if owners is None:
        return None
    stop = behind + 1 if behind < end and text[behind] in "。;" and before in "。;\n" else behind
    line_start = text.rfind("\n", 0, match.start()) + 1
    return OwnerNote(match.start(), stop, tuple(owners), "", not text[line_start : match.start()].strip())


def _bracket_owners(text: str, start: int, end: int, *, strict: bool) -> list[PrintedOwner] | None:
    """The owners of a bracket, or None when it is no owner bracket."""
    words = text[start:end]
    led = any(word in words for word in ("牵头", "配合", "负责", "按职责"))
    if not led and "(" not in words and "〔" not in words and _NEVER_OWNER.search(words):
        return None
    owners: list[PrintedOwner] = []
    for piece_start, piece_end, role in _roles(text, start, end):
        for name in split_names(text, piece_start, piece_end):
            if not (is_office(name.text, strict=strict and not led) or (led and len(name.text) <= 20)):
                return None
            owners.append(PrintedOwner(name, role))
    return owners or None


def _roles(text: str, start: int, end: int) -> Iterator[tuple[int, int, OwnerRole]]:
    """The pieces of a bracket with their roles: X牵头 leads, Y配合 supports, all else is responsible."""
    at = start
    for stop in [*_ROLE_WORD.finditer(text[start:end]), None]:
        upto = end if stop is None else start + stop.start()
        begin = at
        while begin < upto and text[begin] in ",;、 由":
            begin += 1
        if begin < upto:
            yield begin, upto, _role_of(stop)
        at = end if stop is None else start + stop.end()


def _role_of(word: re.Match[str] | None) -> OwnerRole:
    if word is None:
        return OwnerRole.RESPONSIBLE
    return OwnerRole.LEAD if "牵头" in word[0] else OwnerRole.SUPPORT


def _in_table(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("|")
