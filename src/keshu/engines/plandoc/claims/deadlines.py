"""Periods and deadlines inside a sentence: years, halves, quarters, months, spans, stages and per-year rhythms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keshu.engines.plandoc.claims.numbers import number_value
from keshu.engines.plandoc.claims.phrases import Phrase, examples
from keshu.kernel.period import Period

_Y = r"(?:19|20)\d\d"
_CN_MONTH = r"(?:十[一二]|[一二三四五六七八九十]|1[0-2]|0?[1-9])"
_DASH = r"(?:-{1,2}|—{1,2}|–|~|至|到)"
_END = r"(?:底|末|年底|年末)?(?:以?前(?![移进列])|之前|止)?"

#: Where a time expression may open: TIME is tried nowhere else. Numbers, by far the most of these characters, open one only
#: with its unit or a dash close behind.
_OPENING = re.compile(
    r"""[较比同是与相由从对自到至截力争\d今本全年当明下去上前第一二三四五六七八九十两未“"过回刚近]"""
    r"""(?:(?<=\d)(?=\d{0,3}[年月季份—–~至到-]|[09]\d\d)"""
    r"""|(?<=[一二三四五六七八九十两])(?=[一二三四五六]?[年月季五份—–~至到-])|(?<=[“"])(?=十)"""
    r"""|(?<=年)|(?<![\d一二三四五六七八九十两“"年])(?=.{0,19}?(?:[年月季五]|[12][09]\d\d)))"""
)
_SOURCE = rf"""(?P<base>(?:较|(?<![占同环])比|(?<!共)同|是|与|相较|相比|由|从|对)(?:于)?)?(?:
    (?P<span_from>{_Y})年?{_DASH}(?P<span_to>{_Y})年
    |(?P<both>上、下半年|上下半年)
    |(?:自|从)?(?P<five>[“"]?(?P<which>十[一二三四五六])五[”"]?)(?P<five_end>期?末|收官|末期)?(?:时期|期间|(?P<five_on>以来))?
    |{{parts}}(?:到|至|截至|截止)?(?:(?P<year>{_Y})年?|(?P<this>今年(?:以来)?|本年度?|全年|年内|当年|年底前?|年末|年终|年度内|全年度)|(?P<next>明年|下年度?|下一年度?)|(?P<last>去年|上年度?(?!水平|同期)))?(?:度)?(?:
        (?P<half>[上下])半年{_END}
        |(?:前(?P<first_quarters>[二两三23])个?季度)
        |(?:第)?(?P<quarter>[一二三四1-4])季度{_END}
        |(?P<m1>{_CN_MONTH})月?份?{_DASH}(?P<m2>{_CN_MONTH})月份?
        |(?P<month>{_CN_MONTH})月(?:份|底|末|初|中旬|上旬|下旬|(?P<day>\d{{1,2}}|[一二三][十]?[一二三四五六七八九十]?)日)?(?:以?前|之前|止)?
        |前(?P<first_months>\d{{1,2}}|十[一二]?|[二三四五六七八九])个月
        |(?P<mid>年中)
        |(?P<ends>[底末]{_END})
        )?(?P<until>之前|以前|前(?![移进列])|止)?
    |(?:回顾)?(?:刚刚)?(?:过去的?|近)(?P<gone>[一两三四五])年(?:[里来间])?|(?P<since>[一两三四五])年(?:以)?来
    |(?:[三四五两]年(?:间|内|累计|共|时间)?|未来[三四五]年)(?P<years>)(?![行计倍级期制以])
    |第(?P<stage>[一二三四])阶段
    )"""
TIME = re.compile(_SOURCE.replace("{parts}", ""), re.VERBOSE)
#: The same without the years and their parts, all of which may be missing: what else opens where TIME finds nothing.
_STAGE = re.compile(_SOURCE.replace("{parts}", "(?!)"), re.VERBOSE)
#: Rhythms make a count per stretch of time; the period itself stays that of the place.
RHYTHM = re.compile(
    r"(?P<rhythm>每(?:个)?(?P<every>双月|季度?|半年|月|周|年度?|旬|天|日|学期|两个?月|[双两]周|半个?月|十天|两天)|"
    r"一个(?P<one>月|季度)(?=[\d一二两三四五六七八九十])|逐(?P<each>[月季年])|年均(?!增|"
    r"递|增长)|按(?P<by>[月季年])度?)"
)
_FIVE_YEARS = {"十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}
_RHYTHM_NAMES = {"季": "季度", "季度": "季度", "年度": "年", "日": "天"}
#: 增加到2020年的42家: the 到 belongs to the verb.
_RISING = frozenset("加高长大增升降提展减缩")
_COMPARED = re.compile(r"相比|的[\d一二三四五六两.]{1,4}倍|基础上")
#: 第一、二季度分别…: the first quarter of the pair.
_QUARTER_BEFORE = re.compile(r"第?(?P<first>[一二三四])、第?$")
_HINT = re.compile(r"年|月|季|十[一二三四五六][”\"]?五|阶段")


@dataclass(slots=True, frozen=True)
class Moment:
    """A time expression, clean offsets ``start`` to ``end``. ``base`` marks a comparison (较2020年): no period of the figure."""

    start: int
    end: int
    period: Period
    base: bool = False
    year_level: bool = False
    past: bool = False
    plan: bool = False
    over_years: Period | None = None


def find_moments(
    text: str, start: int, end: int, *, year: int | None, span: Period | None, ahead: bool = True
) -> list[Moment]:
    """The time expressions of a sentence.

    Parameters
    ----------
    text, start, end : where to look
    year : the year that 年内, 上半年, 6月底前 count in; None when the place has none
    span : the years that 五年, 三年 mean; None outside multi-year plans
    ahead : the place looks ahead, so that 过去五年 and 今年以来 turn back
    """
    if not _HINT.search(text, start, end):
        return []
    moments = []
    for match in _times(text, start, end):
        if year is not None and (pair := _QUARTER_BEFORE.search(text, max(start, match.start() - 3), match.start())):
            first = Period.quarter(year, int(number_value(pair["first"]) or 1))
            moments.append(Moment(pair.start(), match.start(), first))
        period = _gone(match, year=year, span=span, ahead=ahead) or _period(match, year=year, span=span)
        if period is None:
            continue
        explicit = match["year"] or match["span_from"] or match["which"]
        floor = span.first if span is not None else None if year is None else year * 12
        past = bool(match["last"]) or bool(explicit and floor is not None and period.last < floor)
        past = past or (ahead and (bool(match["gone"] or match["since"]) or match[0].endswith("以来")))
        whole = period.months % 12 == 0 and period.first % 12 == 0
        base = (bool(match["base"]) and not match["which"]) or _COMPARED.match(text, match.end()) is not None
        start = match.start() + (len(match["base"] or "") if match["base"] in ("由", "从", "是", "对") else 0)
        if text[start] in "到至" and text[start - 1 : start] in _RISING:
            start += 1
        plan = text.startswith(("目标", "任务", "计划", "预期目标"), match.end()) and not explicit
        years = Period.years(_FIVE_YEARS[match["which"]], _FIVE_YEARS[match["which"]] + 4) if match["which"] else None
        moments.append(
            Moment(start, match.end(), period, base=base, year_level=whole, past=past, plan=plan, over_years=years)
        )
    return moments


def _gone(match: re.Match[str], *, year: int | None, span: Period | None, ahead: bool) -> Period | None:
    """The years behind: 过去五年, 一年来, “十三五”时期 before the plan, “十四五”以来; None for all else."""
    count, named = match["gone"] or match["since"], match["which"]
    if not (count or named) or match["five_end"]:
        return None
    floor = span.first // 12 if span is not None and span.months > 12 else year
    if floor is None:
        return None
    last = floor - 1 if ahead else year or floor
    if named:
        first = _FIVE_YEARS[named]
        if first + 4 <= last:
            return Period.years(first, first + 4)
        return Period.years(first, last) if match["five_on"] and first <= last else None
    if not ahead and span is not None and span.months > 12:
        return span
    return Period.years(last - int(number_value(count) or 1) + 1, last)


def _times(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The matches of TIME, which is tried at openings only; one of no length gives way to a stage."""
    opening = _OPENING.search(text, start, end)
    while opening is not None:
        match = TIME.match(text, opening.start(), end)
        if match is not None and match.end() == match.start():
            match = _STAGE.match(text, opening.start(), end)
        if match is not None:
            yield match
        opening = _OPENING.search(text, opening.end() if match is None else match.end(), end)


def _period(match: re.Match[str], *, year: int | None, span: Period | None) -> Period | None:
    if match["span_from"]:
        first, last = int(match["span_from"]), int(match["span_to"])
        return Period.years(first, last) if last >= first else None
    if match["which"]:
        first = _FIVE_YEARS[match["which"]]
        return Period.year(first + 4) if match["five_end"] else None
    if match["years"] is not None:
        return span
    if match["stage"]:
        return None
    if match["both"]:
        return None if year is None else Period.year(year)
    named = match["year"] or match["this"] or match["next"] or match["last"]
    anchor = int(match["year"]) if match["year"] else year
    if anchor is None:
        return None
    if match["next"]:
        anchor += 1
    elif match["last"]:
        anchor -= 1
    part = _part(match, anchor)
    if part is not None:
        return part
    if match["year"] and not match[0].endswith(("年", "度", "底", "末", "前", "止")):
        return None
    return Period.year(anchor) if named else None


def _part(match: re.Match[str], year: int) -> Period | None:
    """Half, quarter, months of `year`, or None when the expression names none."""
    if match["half"]:
        return Period.half(year, 1 if match["half"] == "上" else 2)
    if match["mid"]:
        return Period.month(year, 6)
    if match["first_quarters"]:
        return Period(year * 12, year * 12 + 3 * int(number_value(match["first_quarters"]) or 1) - 1)
    if match["quarter"]:
        quarter = int(number_value(match["quarter"]) or 1)
        ends = match[0].rstrip("前之以止")[-1:] in "末底" or match[0].endswith("前")
        return Period.month(year, quarter * 3) if ends else Period.quarter(year, quarter)
    if match["m1"]:
        first, last = int(number_value(match["m1"]) or 1), int(number_value(match["m2"]) or 1)
        return Period(year * 12 + first - 1, year * 12 + last - 1) if first <= last else None
    if match["first_months"]:
        return Period(year * 12, year * 12 + min(12, int(number_value(match["first_months"]) or 1)) - 1)
    if match["month"]:
        return Period.month(year, int(number_value(match["month"]) or 1))
    if match["ends"] and (match["year"] or match["this"]):
        return Period.year(year)
    return None


def has_rhythm(text: str) -> bool:
    """May a rhythm stand in `text`? A cheap test before the pattern."""
    return "每" in text or "逐" in text or "按" in text or "年均" in text or "一个" in text


def rhythm_of(text: str) -> str | None:
    """``季度`` for 每季度, ``月`` for 每月; None without a rhythm."""
    match = RHYTHM.search(text) if has_rhythm(text) else None
    if match is None:
        return None
    word = match["every"] or match["one"] or match["each"] or match["by"] or "年"
    return _RHYTHM_NAMES.get(word, word)


PHRASES = (
    Phrase(
        "by the end of a year",
        ("到2025年", "至2025年底", "“十四五”末"),
        "the goal belongs to that year",
        examples(
            ("到2026年,有效高企达到150家", "有效高企: >= 150 家 level 2026"),
            ("规划>至2025年底,研发投入强度达到2.6%", "研发投入强度: >= 2.6 % share 2025"),
            ("规划>“十四五”末,科技型中小企业突破300家", "科技型中小企业: > 300 家 level 2025"),
        ),
    ),
    Phrase(
        "within the plan year",
        ("年内", "全年", "当年", "年底前"),
        "the plan year",
        examples(
            ("年内新增中试基地2个", "中试基地: >= 2 个 increase"),
            ("年底前建成科创园3个", "科创园: >= 3 个 increase"),
            ("全年登记技术合同400份", "登记技术合同: >= 400 份 count"),
        ),
    ),
    Phrase(
        "sub-year deadline",
        ("6月底前", "二季度末", "8月底前", "12月20日前", "年中"),
        "the month it ends in",
        examples(
            ("6月底前建成市级中试基地2个", "市级中试基地: >= 2 个 increase 2024-06"),
            ("三季度末前完成入企辅导90家", "入企辅导: >= 90 家 count 2024-09"),
            ("12月20日前报送典型案例15个", "典型案例: >= 15 个 count 2024-12"),
        ),
    ),
    Phrase(
        "stretch of the year",
        ("上半年", "下半年", "一季度", "1-11月", "前三季度"),
        "its own period",
        examples(
            ("上半年举办专题培训4场", "专题培训: >= 4 场 count 2024-H1"),
            ("一季度走访企业50家", "走访企业: >= 50 家 count 2024-Q1"),
            ("实绩>1-9月,技术合同成交额26亿元", "技术合同成交额: = 26 亿元 level actual 2023-01/2023-09"),
            ("实绩>前三季度登记合同210份", "登记合同: = 210 份 count actual 2023-01/2023-09"),
        ),
    ),
    Phrase(
        "two periods",
        ("上半年…全年…",),
        "one claim each",
        examples(("上半年评价入库400家,全年700家", "评价入库: >= 400 家 count 2024-H1 | 评价入库: >= 700 家 count")),
    ),
    Phrase(
        "yearly series",
        ("2022年…、2023年…",),
        "one claim a year",
        examples(
            (
                "规划>科技专项资金2022年800万元、2023年1000万元",
                "科技专项资金: >= 800 万元 level 2022 | 科技专项资金: >= 1000 万元 level 2023",
            )
        ),
    ),
    Phrase(
        "all the years of the plan",
        ("五年", "三年", "五年累计", "年均", "每年"),
        "the span; per-year goals keep the span",
        examples(
            ("规划>五年引进高层次人才60名", "高层次人才: >= 60 名 cumulative 2021/2025"),
            ("规划>每年新增高新技术企业12家左右", "高新技术企业: ~ 12 家 increase 2021/2025"),
            ("规划>财政科技支出年均增长10%以上", "财政科技支出: >= 10 % growth_rate 2021/2025"),
        ),
    ),
    Phrase(
        "last year of the plan",
        ("达到",),
        "a level without a year takes the last year, a flow the span",
        examples(
            ("规划>引导基金规模达到2亿元", "引导基金规模: >= 2 亿元 level 2025"),
            ("规划>实施重大专项30项", "重大专项: >= 30 项 cumulative 2021/2025"),
        ),
    ),
    Phrase(
        "comparison",
        ("较上年", "比2020年", "同比"),
        "a baseline, never the period of the figure",
        examples(
            (
                "实绩>有效高企达到260家,比2022年增加31家",
                "有效高企: = 260 家 level actual 2023 | 有效高企: = 31 家 increase actual 2023",
            )
        ),
    ),
    Phrase(
        "rhythm",
        ("每季度1场", "每月不少于一次", "每双月"),
        "a count per stretch of time; no yearly total is computed",
        examples(
            ("每季度举办1场银企对接会", "银企对接会: >= 1 场 count"),
            ("开展入企会诊每月不少于两次", "入企会诊: >= 2 次 count"),
            ("每双月组织一次专题学习", "专题学习: >= 1 次 count"),
        ),
    ),
)
