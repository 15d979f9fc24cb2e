"""Where the document proper begins and ends: head block, printing notice, inner title, body, tail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keshu.engines.plandoc.source import Source
from keshu.engines.plandoc.structure.dates import find_day
from keshu.engines.plandoc.structure.headblock import Field, HeadBlock, read_block

_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|[二一][〇○零O0九][^年\n]{2}年[^\n日]{2,8}日)"
_ORG = r"[\u4e00-\u9fff〔〕、 ]{2,40}?(?:局|厅|委员会|办公室|政府|领导小组|委|办|部|会)"

# 关于印发《X》的通知, also without the marks: 关于印发X的通知.
_WRAPPER = re.compile(
    r"关于(?:印发|下发|转发|公布|发布|呈报|报送)\s*(?:《(?P<marked>[^》]{4,90})》|(?P<bare>"
    r"[^\n《》。;:]{4,80}?))\s*的\s*(?:通\s*知|函|公告|报告)"
)
# The same notice without its title: 《X》已经…研究同意,现印发给你们.
_TRANSMITTAL = re.compile(r"^《(?P<title>[^》]{4,80})》[^。\n]{0,60}(?:印发|下发)[^。\n]{0,60}。?", re.MULTILINE)
_NOTICE_ENDS = re.compile(
    r"(?:印发给你们|现予印发|现予以?公布|现予发布|下发给你们|转发给你们|现印发)[^。\n]{0,80}(?:。|$)", re.MULTILINE
)
_SIGNED = re.compile(rf"(?:^|(?<=[。\n)]))\s*(?P<org>{_ORG})\s*(?P<day>{_DAY})", re.MULTILINE)
_TITLE_NOUN = (
    r"(?:要点|计划|总结|打算|思路|规划|方案|安排|报告|谋划|清单|分解表?|任务表|申报表|自评表|情况表"
    r"|目标表|指标表|一览表|评价表|通报|讲话|讲话稿|汇报|"
    r"意见|情况|部署|解读|问答|纲要|责任书|目标任务|目标|措施|自查|重点工作|台账|简报|展望|设想"
    r"|发言|致辞|任务|思考|体系表?|完成表|进展|行动|绩效|表)"
)
_TITLE = re.compile(rf"{_TITLE_NOUN}(?:\s*(?:[(〔【].{{1,24}}[)〕】]|\.docx?))?$")
# A flattened body right behind its title: `云澜镇2024年科技工作安排一、工作目标1、…`.
_GLUED_TITLE = re.compile(rf"\s*(?P<title>[^\n。,;:]{{6,50}}?{_TITLE_NOUN})\s?(?=一、|\(一\)|第一章)")
_UNDER_TITLE = re.compile(
    rf"(?:[(〔【][^\n()]{{2,60}}[)〕】]|[\u4e00-\u9fff]{{1,14}}[〔\[(【]\d{{4}}[)\]】〕]\d+号(?:\s*{_DAY})?|{_ORG}"
    rf"|[^\n:。]{{2,6}}(?:单位|日期):[^\n。]*|[—―─-]{{1,2}}[^\n。]{{4,50}}|{_DAY}|\(?全文\d+字\)?"
    rf"|范文)$"
)
_SPEECH = re.compile("讲话|报告|发言|致辞|解读")
_POST = re.compile(
    r"[\u4e00-\u9fff、 ]{2,30}(?:区长|市长|县长|局长|书记|主任|厅长|省长|镇长|州长|旗长)[ \u4e00-\u9fff]{0,8}$"
)
_NAME = re.compile(r"(?:[\u4e00-\u9fff、]{2,16} +)?[\u4e00-\u9fff]{2,4}$|[\u4e00-\u9fff]\s[\u4e00-\u9fff]$")
_SALUTE = re.compile(
    r"(?:(?:各位|尊敬的|同志们|大家)[^\n。]{0,40}|[^\n。;]{1,80}(?:局|委|办|会|部门|单位|政府|科室"
    r"|处室|各位|领导|股室))[:!]$"
)
_DROPPED_WORDS = (
    r"[ \t]*(?:\((?:此件)?公开[^)\n]*\)|\(此件[^)\n]*\)|公开(?:属性|方式)[:].*|(?:抄送|抄报|主送|主题词)[:].*|"
    r"[^\n,。]{0,30}\d{4}年\d{1,2}月\d{1,2}日印发|\(?共印\d+份\)?.{0,10}|附件?\s*\d{0,2}\s*[:].{0,60}|附件\d{0,2}|附|"
    r"\(?(?:联系人|联系电话|联系方式)[:].*|(?:信息)?来源[:].{0,60}|(?:责任)?编辑[:].{0,30}"
    r"|作者[:].{0,30}|免责声明.*|\(?签字\)?[:]?|\(?盖章\)?[:]?|"
    r"\(?全文\d+字\)?|\[?打印本页\]?.*|上一篇.*|下一篇.*|相关(?:链接|文件|解读|附件|阅读)[|:].*"
    r"|(?:政策|部门|专家|图文|文字|媒体)解读\s*[|:].*|扫一扫.*|"
    r"猜你喜欢.*|浏览次数.*|分享到.*|目\s*录|\[标签[:].*\]|点击查看更多.*|关闭窗口.*|返回顶部.*"
    r"|版权所有.*|网站标识码.*|\S{0,30}\.mp3)[ \t]*$"
)
#: A paragraph of sentences in front of 填报人:… is part of the document, though the form below it looks like a head block.
_PREFACE = re.compile(r"\n[^\n|]{40,}?。[^\n|]{40,}。[ \t]*(?=\n)")
_DROPPED = re.compile(_DROPPED_WORDS, re.MULTILINE)
# With the line feed in front the search jumps from line to line instead of asking at every character.
_DROPPED_BELOW = re.compile("\n" + _DROPPED_WORDS, re.MULTILINE)
_ATTACHED = re.compile(r"(?:\n[ \t]*\d{1,2}[.、][^\n。;,]{2,60}(?=\n|$))+")
_TAIL = re.compile(
    r"(?:相关解读|政策解读[|:]|部门解读|相关链接|相关附件|上一篇|下一篇|扫一扫|打印本页|免责声明"
    r"|来源:网络|责任编辑:|\n抄送:|\n\(此件公开发布\)|\(此件公开发布\)|猜你喜欢)"
)
_ORG_LINE = re.compile(rf"{_ORG}(?:\((?:代|盖|公)?章\))?$")
_SEAL = re.compile(r"\((?:代|盖|公)?章\)$")
# `(某区科技局  2026年1月15日)` below the title.
_DATED_BYLINE = re.compile(rf"\((?P<org>{_ORG})\s*{_DAY}\)$")
_DAY_LINE = re.compile(
    rf"(?:\(?{_DAY}\)?(?:印发)?|\d{{4}}年\d{{1,2}}月|(?:(?:19|20)\d\d"
    rf"|[xX×*]{{4}})[.\-/]\d{{1,2}}[.\-/]\d{{1,2}}"
    rf"|[xX×*]{{4}}年[xX×*\d]{{1,2}}月(?:[xX×*\d]{{1,2}}日)?)$"
)
_GOVERNMENT = re.compile(r"[\u4e00-\u9fff]{2,12}(?:人民政府|科学技术局|科技局)")
_LETTERHEAD = re.compile(r"^(?P<org>[\u4e00-\u9fff]{4,30}?)\s*文\s*件$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a document, in clean offsets.

    ``subtitle`` is what stands between title and body; ``start`` to ``end`` (exclusive) is the body; ``dropped`` are
    lines inside it that say nothing of the work (attachment lines, 抄送). ``issuer`` and ``signed_on`` (ISO) are those of
    the notice, its letterhead or the signature.
    """

    title: str | None
    full_title: str | None
    subtitle: str
    issuer: str | None
    signature: str | None
    signed_on: str | None
    start: int
    end: int
    dropped: tuple[tuple[int, int], ...]
    block: HeadBlock


@dataclass(frozen=True, slots=True)
class _Opening:
    """What the head of a document yields, and where its body starts."""

    start: int
    title: str | None = None
    full_title: str | None = None
    issuer: str | None = None


def find_frame(text: str, source: Source, *, first_heading: int) -> Frame:
    """Find the body of `text`; `first_heading` is the offset of its first numbered heading (or the text's end)."""
    limit = min(first_heading, 4000)
    block = read_block(text, limit=limit)
    wrapper = _WRAPPER.search(text, 0, limit)
    if wrapper is not None and _opens(text, wrapper.start()):
        opening = _notice(text, wrapper, block, limit)
    else:
        opening = _plain(text, source, block, limit)
    start = opening.start
    if start < block.end <= limit and _PREFACE.search(text, start, block.end) is None:
        start = block.end
    start = _skip_under_title(text, start, limit, opening.title)
    subtitle = text[min(opening.start, start) : start].strip()
    end, signature, signed_on = _body_end(text, start)
    above = list(_SIGNED.finditer(text, 0, start))
    if above:
        signed = above[-1]
        signature, signed_on = signed["org"].strip(), (find_day(signed["day"]) or (0, 0, None))[2]
    letterhead = _LETTERHEAD.search(text, 0, limit)
    return Frame(
        title=opening.title,
        full_title=opening.full_title,
        subtitle=subtitle,
        issuer=opening.issuer or (letterhead["org"] if letterhead else None) or _byline(subtitle),
        signature=signature,
        signed_on=signed_on,
        start=min(start, end),
        end=end,
        dropped=tuple(_dropped(text, start, end)),
        block=block,
    )


def _opens(text: str, at: int) -> bool:
    """Whether the 关于印发 stands in a heading line, not in a sentence that cites another notice (根据《关于印发…)."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return not re.search(r"[《“]$|(?:根据|按照|依据|落实|关于印发)[^。]{0,40}$", line)


def _notice(text: str, wrapper: re.Match[str], block: HeadBlock, limit: int) -> _Opening:
    """The printing notice: full title, issuer, and the inner title printed again behind it."""
    title = re.sub(r"\s", "", wrapper["marked"] or wrapper["bare"])
    line_start = text.rfind("\n", 0, wrapper.start()) + 1
    left = text[line_start : wrapper.start()]
    known = block.get(Field.ISSUER)
    if known and known in left:
        left = left[left.rfind(known) :]
    elif not left.strip() and line_start:
        previous = text[text.rfind("\n", 0, line_start - 1) + 1 : line_start - 1]
        left = previous if _ORG_LINE.match(previous) else ""
    elif len(left) > 40:
        left = left[-20:] if not _ORG_LINE.search(left) else left[_ORG_LINE.search(left).start() :]  # type: ignore[union-attr]
    full = re.sub(r"\s", "", left + wrapper[0])
    start = _inner_title(text, wrapper.end(), title, limit)
    if start is None:
        ends = _NOTICE_ENDS.search(text, wrapper.end(), limit)
        start = ends.end() if ends else wrapper.end()
        signed = _SIGNED.search(text, start, limit)
        if signed is not None and signed.start() - start < 60:
            start = signed.end()
        again = _title_line(text, start, limit, 6)
        if again is not None:
            title, start = again.title or title, again.start
    else:
        line = text[text.rfind("\n", 0, start) + 1 : start].strip()
        title = line if line.endswith(title) and _looks_like_title(line) else title
    issuer = left.strip() if _ORG_LINE.match(left.strip()) else None
    return _Opening(start, title, full, re.sub(r"\s", "", issuer) if issuer else None)


def _inner_title(text: str, after: int, title: str, limit: int) -> int | None:
    """Where the title printed again behind the notice ends: the last place where it is not quoted."""
    best = None
    at = text.find(title, after, limit + len(title))
    while at >= 0:
        end = at + len(title)
        if text[at - 1] not in "《“" and not re.match(r"》|印发|已经|经|的通知", text[end : end + 3]):
            best = end
        at = text.find(title, end, limit + len(title))
    return best


def _plain(text: str, source: Source, block: HeadBlock, limit: int) -> _Opening:
    """No notice: a title line, the title the file declares, or the one a head block names."""
    transmittal = _TRANSMITTAL.search(text, 0, min(limit, 600))
    if transmittal is not None:
        at = _inner_title(text, transmittal.end(), transmittal["title"], limit)
        return _Opening(at if at is not None else transmittal.end(), transmittal["title"])
    found = _title_line(text, 0, limit, 14)
    declared = _declared(source.title)
    named = block.get(Field.TITLE)
    if found is not None:
        return found
    title = named or declared
    if title is not None:
        at = text.find(title, 0, limit)
        return _Opening(at + len(title) if at >= 0 else 0, re.sub(r"\s", "", title))
    glued = _GLUED_TITLE.match(text)
    if glued is not None:
        return _Opening(glued.end(), glued["title"].strip())
    first, _, _ = text.partition("\n")
    if 6 <= len(first) <= 45 and len(first) < limit and not re.search(r"[。,;:|!?]", first):
        return _Opening(len(first), first.strip())
    return _Opening(0)


def _title_line(text: str, start: int, limit: int, lines: int) -> _Opening | None:
    """The first line that reads like a title. An issuer line above joins it: to the full title where it reads 关于…的通报."""
    at, above = start, ""
    for _ in range(lines):
        if at >= limit:
            return None
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        if line and not line.startswith("|"):
            if _looks_like_title(line) and end <= limit:
                if above and line.startswith("关于"):
                    return _Opening(end, line, above + line)
                joins = above and re.match(r"(?:19|20)\d\d年|二[〇○]", line)
                return _Opening(end, above + line if joins else line)
            if len(line) > 80 or line.endswith("。"):
                return None
            above = line if _ORG_LINE.match(line) else ""
        at = end + 1
    return None


def _looks_like_title(line: str) -> bool:
    if not 5 <= len(line) <= 70 or re.search(r"[。;!?|]|:.", line) or line.endswith((":", ",")):
        return False
    return bool(_TITLE.search(line)) and not line.startswith("附件")


def _declared(title: str | None) -> str | None:
    """The file's own title without the name of the site."""
    if not title:
        return None
    best = max(re.split(r"\s*[_|]\s*|\s+[-–—]\s+|-(?=[^-]*(?:网|局|政府)$)", title.strip()), key=len)
    return best or None


def _skip_under_title(text: str, start: int, limit: int, title: str | None) -> int:
    """Past what stands between title and body: subtitle, date, speaker, salutation, the title once more."""
    for _ in range(8):
        begin = start
        while begin < len(text) and text[begin] in "\n ":
            begin += 1
        end = text.find("\n", begin)
        if end < 0 or end > limit or begin >= limit:
            return start
        line = text[begin:end].strip()
        speaker = _SPEECH.search(title or "") and (_NAME.match(line) or _POST.match(line))
        if not (
            speaker
            or _SALUTE.match(line)
            or (start and _UNDER_TITLE.match(line))
            or (title and line == title)
            or not line
        ):
            return start
        start = end
    return start


def _dropped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines that say nothing of the work; an attachment line takes the numbered list behind it along."""
    top = _DROPPED.match(text, 0, end) if start == 0 else None
    below = _DROPPED_BELOW.finditer(text, max(0, start - 1) if top is None else top.end(), end)
    for match in below if top is None else (top, *below):
        words = match[0].lstrip()
        items = _ATTACHED.match(text, match.end(), end) if words.startswith("附") else None
        yield match.start() + (match is not top), items.end() if items is not None else match.end()


def _byline(subtitle: str) -> str | None:
    """The office on a line of its own below the title."""
    for line in map(str.strip, subtitle.split("\n")):
        dated = _DATED_BYLINE.match(line)
        if dated is not None:
            return dated["org"].strip()
        government = _GOVERNMENT.match(line)
        if _ORG_LINE.match(line) or (government and _POST.match(line)):
            return government[0] if government else line
    return None


def _body_end(text: str, start: int) -> tuple[int, str | None, str | None]:
    """Where the body ends; signature and date (ISO) when they close the document."""
    end = len(text)
    tail = _TAIL.search(text, max(start, end - max(600, (end - start) // 8)))
    if tail is not None:
        end = tail.start()
    signature = signed_on = None
    while end > start:
        begin = text.rfind("\n", start, end) + 1 or start
        line = text[begin:end].strip()
        if line and _DAY_LINE.match(line):
            day = find_day(line)
            signed_on = day[2] if day else signed_on
        elif line and signed_on and _ORG_LINE.match(line):
            signature = _SEAL.sub("", line)
        elif line and not _DROPPED.match(line) and not (_ORG_LINE.match(line) and len(line) < 25 and begin > start):
            break
        end = max(begin - 1, start)
    inline = _SIGNED.search(text, max(start, end - 60), end)
    if inline is not None and inline.end() == end:
        signature, signed_on, end = inline["org"].strip(), (find_day(inline["day"]) or (0, 0, None))[2], inline.start()
    return end, signature, signed_on
