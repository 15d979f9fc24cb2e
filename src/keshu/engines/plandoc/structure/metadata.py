"""What the head of a document says of it: title, issuer, numbers, dates, plan year, kind."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from keshu.engines.plandoc.document import DocumentKind, Metadata
from keshu.engines.plandoc.source import CleanText, Source
from keshu.engines.plandoc.structure.dates import MASKED_YEAR, YEAR, find_day, part_of_year, year_span
from keshu.engines.plandoc.structure.frame import Frame
from keshu.engines.plandoc.structure.headblock import Field
from keshu.kernel.period import Period

_DOC_NUMBER = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{1,14}?)\s*[〔\[(【]\s*"
    r"(?P<year>(?:19|20|2[Oo〇])[\dOo〇l]{2})\s*[)\]】〕]\s*(?:第\s*)?(?P<number>\d{1,4})\s*号"
)
_TWINS = str.maketrans("Oo〇l", "0001")
_NUMBER_LINE = re.compile(
    rf"^\s*(?:{_DOC_NUMBER.pattern})\s*(?:签发人.*|\d{{4}}年\d{{1,2}}月\d{{1,2}}日)?$", re.MULTILINE
)
_INDEX = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.\-()]{3,}")
_ORG = re.compile(
    r"^[\u4e00-\u9fff()、 ]*?(?:局|厅|委员会|办公室|人民政府|政府|管委会|领导小组|委|部|科协|中心"
    r"|处|科)(?=$|[\s\d(,;]|20|关于)"
)
_PLACE = re.compile(
    r"(?P<place>(?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}?(?:自治州|地区|市"
    r"|盟))?(?:[\u4e00-\u9fff]{1,6}?(?:自治县|县|区|市|旗|州))?)"
    r"(?=科|人民|委|政府|关于|“|发|经|工|财|农|教|20|\d|十|全|创|三|高|统|的|加|开|主|上|前|一|年|重|中长期|党)"
)
_OFFICE_TITLE = re.compile(
    r"^(?P<org>[\u4e00-\u9fff]{2,24}?(?:科学技术和工业信息化局|科学技术局|科技局|科工局|科学技术厅"
    r"|科技厅|人民政府办公室|人民政府|委员会|办公室|局|厅))(?=20|\d|关于|“|上半年|十|二〇)"
)
_FIRST_OFFICE = re.compile(
    r"(?:(?<=[,。\n我在])|^)(?:全)?(?P<org>(?!各|市县|县区)[\u4e00-\u9fff]{0,4}?[省市县区州]"
    r"(?:科技局|科学技术局))"
)
_ABOUT_PLACE = re.compile(r"(?:在|为|推动|促进|支撑)(?P<stem>[\u4e00-\u9fff]{2,3}?)(?:经济社会|高质量发展)")
_CONGRESS = re.compile(
    r"(?:在|^|\n)(?P<place>[\u4e00-\u9fff]{1,7}[省市县区州])(?=第[一二三四五六七八九十]{1,3}届人(?:民代表大会|大))"
)
_SCOPE = re.compile(r"全([省市县区州])")
_AHEAD = re.compile(r"打算|思路|计划|安排|谋划|设想|要点|部署|规划|展望|下(?:一)?步")
_BACK = re.compile(
    r"总结|回顾|通报|自查|自评|汇报|完成情况|进展情况|落实情况|工作情况|执行情况|述职|简报|评估报告|工作亮点|工作成效|工作综述|调度会议?纪要|推进会议?纪要"
)
_ORAL = re.compile(r"工作报告|讲话|发言|致辞")
_YEAR_BELOW = re.compile(r"(?<!\d)(?:19|20)\d\d\s*年度")  # `(2023年度)` below the title of a form
# A line of the head that dates the paper: `〔2023〕第9期`, `科创办  2023年10月13日`.
_DATED_LINE = re.compile(
    r"^(?=[^\n。]{4,60}$)[^\n]*?(?<!\d)(20[0-4]\d)"
    r"(?:年\d{1,2}月|[-./]\d{1,2}[-./]\d|[〕\])】]?[ \t]*第[\d一二三四五六七八九十]+期)",
    re.MULTILINE,
)
_BODY_YEAR = re.compile(r"((?:19|20)\d\d)年(?:是|,?全[省市县区]|我[局市区县]|[^。,]{0,12}工作)")


@dataclass(frozen=True, slots=True)
class Horizon:
    """The years a document speaks of: the plan's own period, and that of its retrospect (None: masked or unknown)."""

    plan: Period | None
    past: Period | None

    @property
    def plan_year(self) -> int | None:
        return None if self.plan is None else self.plan.last // 12


def read_metadata(clean: CleanText, *, source: Source, frame: Frame, horizon: Horizon, kind: DocumentKind) -> Metadata:
    """Gather the metadata; label block first, then notice, signature, what the file declares, the title."""
    issuer = find_issuer(clean.text, source=source, frame=frame)
    published, document_date = _dates(source, frame)
    return Metadata(
        title=frame.title,
        full_title=frame.full_title,
        issuer=issuer,
        region=find_region(clean.text, frame=frame, issuer=issuer),
        doc_number=_doc_number(clean.text, frame),
        index_number=_index_number(frame),
        published=published,
        document_date=document_date,
        plan_year=horizon.plan_year,
        kind=kind,
        script=clean.script,
        artefacts=_artefacts(clean, frame),
    )


def find_issuer(text: str, *, source: Source, frame: Frame) -> str | None:
    """Who issued the document; a label first, the name of a mirror site never."""
    labelled = _office(frame.block.get(Field.ISSUER))
    titled = _OFFICE_TITLE.match(frame.title or "")
    from_source = _office(frame.block.get(Field.SOURCE))
    candidates = [
        labelled,
        frame.issuer,
        _office(source.issuer),
        titled["org"] if titled else None,
        frame.signature,
        _office(frame.block.get(Field.FILLER)),
        from_source,
    ]
    for candidate in candidates:
        if candidate and len(candidate) > 4:
            return candidate
    named = _FIRST_OFFICE.search(text, frame.start, min(frame.end, frame.start + 600))
    short = next((candidate for candidate in candidates if candidate), None)
    return short or (named["org"] if named else None)


def _office(value: str | None) -> str | None:
    """A label's value when it names an office; flattened text may run on behind it."""
    if not value or "网络" in value or value.endswith("网"):
        return None
    match = _ORG.match(value.strip())
    return match[0].strip() if match else None


def find_region(text: str, *, frame: Frame, issuer: str | None) -> str | None:
    """The place whose document this is: from the issuer, the title, or the words of the opening."""
    for named in (issuer, frame.title, frame.full_title):
        match = _PLACE.match((named or "").removeprefix("中共"))
        if (
            match is not None
            and len(match["place"]) >= 3
            and match["place"][-1] in "省区市州县旗盟"
            and "全" not in match["place"]
        ):
            return match["place"]
    congress = _CONGRESS.search(text, 0, min(len(text), frame.start + 300))
    if congress is not None:
        return congress["place"]
    opening = text[frame.start : frame.start + 1200]
    stem, scope = _ABOUT_PLACE.search(opening), _SCOPE.search((frame.title or "") + opening)
    return stem["stem"] + scope[1] if stem and scope and scope[1] not in stem["stem"] else None


def _doc_number(text: str, frame: Frame) -> str | None:
    """The document's own number, brackets as 〔〕; a cited superior's number never is."""
    value = frame.block.get(Field.DOC_NUMBER)
    match = _DOC_NUMBER.search(value) if value else None
    if match is None:
        match = _NUMBER_LINE.search(text, 0, max(frame.start, 1)) or _NUMBER_LINE.search(frame.subtitle)
    if match is None:
        return None
    # Scanned numbers keep O for 0 and l for 1 where no other digit stood beside them.
    year = match["year"].translate(_TWINS)
    return f"{match['prefix'].strip()}〔{year}〕{match['number']}号"


def _index_number(frame: Frame) -> str | None:
    value = frame.block.get(Field.INDEX_NUMBER)
    match = _INDEX.search(value) if value else None
    return match[0] if match else None


def _dates(source: Source, frame: Frame) -> tuple[str | None, str | None]:
    """(published, document date): labels, then what the file declares, then the signature."""

    def labelled(field: Field) -> str | None:
        value = frame.block.get(field)
        day = find_day(value) if value else None
        return day[2] if day else None

    written = labelled(Field.DOCUMENT_DATE) or frame.signed_on
    published = labelled(Field.PUBLISHED) or source.published or labelled(Field.DATE)
    return published or written, written or labelled(Field.FILLED)


def find_kind(text: str, *, frame: Frame, looks_back: bool, looks_ahead: bool) -> DocumentKind:
    """Plan, summary or both: the title first, then what the headings look at."""
    title = frame.title or ""
    back, ahead = bool(_BACK.search(title)), bool(_AHEAD.search(title))
    if back and ahead:
        return DocumentKind.SUMMARY_AND_PLAN
    if "通报" in title:
        return DocumentKind.SUMMARY
    if _ORAL.search(title) or not title:
        if looks_back and looks_ahead:
            return DocumentKind.SUMMARY_AND_PLAN
        return DocumentKind.SUMMARY if looks_back and not ahead else DocumentKind.PLAN
    if back:
        return DocumentKind.SUMMARY_AND_PLAN if looks_ahead else DocumentKind.SUMMARY
    return DocumentKind.PLAN


def is_oral(frame: Frame) -> bool:
    """Speeches and reports read out: they turn tense by their paragraphs."""
    return bool(_ORAL.search(frame.title or ""))


def find_horizon(text: str, *, frame: Frame, headings: list[str], kind: DocumentKind) -> Horizon:
    """The plan's period and the one looked back on, from title, headings, body and dates, in this order."""
    year_below = _YEAR_BELOW.search(frame.subtitle)
    title = f"{frame.title or frame.full_title or ''} {year_below[0] if year_below else ''}"
    if is_oral(frame) and not YEAR.search(title):
        title = f"{title} {frame.subtitle}"
    span = year_span(title) or year_span(frame.subtitle) or year_span(frame.full_title or "")
    if span is not None:
        first = span.first // 12
        length = span.months // 12
        named = length == 5 and re.search("十[一二三四五]五", title + (frame.full_title or ""))
        if kind is DocumentKind.SUMMARY or "中期" in title:
            return Horizon(span, span)  # 中期评估, 五年总结: what is looked back on is the plan's own time.
        return Horizon(span, Period.years(first - 5, first - 1) if named else Period.year(first - 1))
    years = sorted({int(year) for year in YEAR.findall(title)})
    dated = [heading for heading in headings if "年" in heading]
    ahead = [int(year) for heading in dated if _AHEAD.search(heading) for year in YEAR.findall(heading)]
    back = [int(year) for heading in dated if _BACK.search(heading) for year in YEAR.findall(heading)]
    year = max(years) if years else max(ahead, default=None) or max(back, default=None)
    if year is None and not any(MASKED_YEAR.search(words) for words in [title, *headings]):
        year = _year_of_body(text, frame)
    if year is None:
        return Horizon(None, None)
    return _around(title, year, years=years, ahead=ahead, back=back, kind=kind)


def _around(
    title: str, year: int, *, years: list[int], ahead: list[int], back: list[int], kind: DocumentKind
) -> Horizon:
    """The horizon of a one-year document: which side of it `year` is, and what part of the year a summary covers."""
    if kind is DocumentKind.PLAN:
        return Horizon(part_of_year(title, year=year) or Period.year(year), Period.year(year - 1))
    part = part_of_year(title, year=year)
    if kind is DocumentKind.SUMMARY:
        plan = max(ahead) if ahead else year
        return Horizon(Period.year(plan), part or Period.year(year))
    if part is not None and len(years) < 2:
        return Horizon(Period(part.last + 1, year * 12 + 11) if part.last % 12 != 11 else Period.year(year), part)
    if len(years) >= 2 or ahead:
        plan = max([*years, *ahead])
        past = min([*years, *back], default=plan - 1)
        return Horizon(Period.year(plan), Period.year(past if past < plan else plan - 1))
    oral = _ORAL.search(title)
    return (
        Horizon(Period.year(year), Period.year(year - 1)) if oral else Horizon(Period.year(year + 1), Period.year(year))
    )


def _year_of_body(text: str, frame: Frame) -> int | None:
    """The year the body speaks of most, else the year of the date."""
    body = text[frame.start : min(frame.end, frame.start + 20000)]
    if re.search("解读|问答|方案|行动|规划", frame.title or ""):
        ends = re.findall(r"(?:到|至)(20[0-4]\d)年", body)
        if ends:
            return int(Counter(ends).most_common(1)[0][0])
    named = Counter(_BODY_YEAR.findall(body[:1500]))
    if named:
        return int(named.most_common(1)[0][0])
    planned = Counter(re.findall(r"(?<!\d)(20\d\d)年,?(?:全[市县区省])?(?:计划|安排|将|拟|力争|目标)", body))
    if planned:
        return int(planned.most_common(1)[0][0])
    deadlines = Counter(re.findall(r"(?:时限|完成时间|时间节点)[^。\n]{0,4}((?:19|20)\d\d)年", body))
    if deadlines:
        return int(deadlines.most_common(1)[0][0])
    held = re.match(r"[^。]{0,12}(20\d\d)年\d{1,2}月\d{1,2}日", frame.subtitle or body.lstrip())
    if held:
        return int(held[1])
    for day in (
        frame.signed_on,
        *(frame.block.get(field) for field in (Field.DOCUMENT_DATE, Field.PUBLISHED, Field.DATE)),
    ):
        match = re.search(r"(?:19|20)\d\d", day or "")
        if match:
            return int(match[0])
    printed = _DATED_LINE.search(text, 0, min(len(text), frame.start + 300))
    return int(printed[1]) if printed else None


def _artefacts(clean: CleanText, frame: Frame) -> tuple[str, ...]:
    """The cleaner's findings and those of the frame, each once."""
    found = list(clean.artefacts)
    if frame.block.values:
        found.append("metadata_header")
    if frame.full_title:
        found.append("issuance_notice")
    return tuple(dict.fromkeys(found))
