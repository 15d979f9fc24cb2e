"""Number forms: Arabic, Chinese, masked, broken, fractions and tenths, and the value each stands for."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims.phrases import Phrase, examples

DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
#: 三百八 is 380, 一千二 is 1200: the power that speech leaves out.
_SHORT = re.compile(r"[百千万][一二三四五六七八九]$")
_NEXT_POWER = {"百": "十", "千": "百", "万": "千"}
_POWER = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
NUMERAL = "一二两三四五六七八九十百千零〇"
MASK = "xX×*＊●△□_"

#: One Arabic number: thousands separators, decimals, a trailing point before %, an OCR twin beside a digit.
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6}|\.(?=[%％]))?)"
TWINS = r"(?:[lIO]{0,2}\d[\dlIO]{0,11}[lIO]|[lI](?=[\dO])[\dO]{1,11}|\d[\dO]{0,9}O[\dO]{0,9})"
BROKEN = r"(?:\d{1,3}(?:[ \n]\d{1,3}){1,5}(?:\.\d{1,4})?)"
MASKED = rf"(?:\d{{0,3}}[{re.escape(MASK)}]{{1,6}}(?:[.,][{re.escape(MASK)}\d]{{1,4}})?|\d{{1,2}}\.\d?[{re.escape(MASK)}]{{1,3}})"
CHINESE = rf"(?:[{NUMERAL}]{{1,12}}(?:点[{NUMERAL}]{{1,4}})?|半)"

NUMBER = rf"(?:{TWINS}|{BROKEN}|{ARABIC}(?!\.?[{re.escape(MASK)}])|{MASKED}|{CHINESE})"

_MASK_SIGNS = frozenset(MASK)
_TWIN = str.maketrans("lIO", "110")
_BLANKS = re.compile(r"[ \n,]")


def is_masked(text: str) -> bool:
    """Are the digits of this number hidden (``xx.x``)?"""
    return not _MASK_SIGNS.isdisjoint(text)


def chinese_value(text: str) -> float | None:
    """The value of a Chinese numeral, or None where it is none (``十百千``).

    Examples
    --------
    >>> chinese_value("一千二百"), chinese_value("十二"), chinese_value("三点五"), chinese_value("二〇二四")
    (1200.0, 12.0, 3.5, 2024.0)
    >>> chinese_value("三百八"), chinese_value("三百零八")
    (380.0, 308.0)
    """
    if text == "半":
        return 0.5
    whole, point, fraction = text.partition("点")
    total = section = 0
    digit: int | None = None
    if not any(sign in _POWER or sign in _BIG for sign in whole):
        if not all(sign in DIGIT for sign in whole):
            return None
        total = int("".join(str(DIGIT[sign]) for sign in whole) or "0")
    else:
        last = 10**9
        whole = _SHORT.sub(lambda match: match[0] + _NEXT_POWER[match[0][0]], whole)
        for sign in whole:
            if sign in DIGIT:
                if digit not in (None, 0):
                    return None
                digit = DIGIT[sign]
            elif sign in _POWER:
                if _POWER[sign] >= last:
                    return None
                last = _POWER[sign]
                section += (1 if digit is None else digit) * last
                digit = None
            else:
                total = (total + section + (digit or 0)) * _BIG[sign] or _BIG[sign]
                section, digit, last = 0, None, 10**9
        total += section + (digit or 0)
    if not point:
        return float(total)
    if not all(sign in DIGIT for sign in fraction):
        return None
    return float(f"{total}.{''.join(str(DIGIT[sign]) for sign in fraction)}")


def number_value(text: str) -> float | None:
    """The value of a number in any of the forms, None when it is masked or no number."""
    if text.isdecimal():
        return float(text)
    if is_masked(text):
        return None
    if text[0] in NUMERAL or text[0] == "半":
        return chinese_value(text)
    plain = _BLANKS.sub("", text.translate(_TWIN)).rstrip(".")
    try:
        return float(plain)
    except ValueError:
        return None


def tenths_value(text: str) -> float | None:
    """Percent of a number of tenths (成): ``三``成 30, ``九``成``五`` 95, ``两``成``半`` 25."""
    whole, _, rest = text.partition("成")
    value = number_value(whole)
    if value is None:
        return None
    extra = 5.0 if rest == "半" else float(DIGIT.get(rest, 0)) if rest else 0.0
    return value * 10 + extra


def share_value(part: float, whole: float) -> float | None:
    """Percent of a fraction, two decimals: one of three is 33.33."""
    return None if whole == 0 else round(part / whole * 100, 2)


PHRASES = (
    Phrase(
        "half masked",
        ("0.XX", "12.X"),
        "digits and masks in one number: masked",
        examples(
            ("实绩>研发投入强度比上年提高0.XX个百分点", "研发投入强度: = - 百分点 increase actual masked 2023"),
            ("实绩>技术合同成交额12.XX亿元", "技术合同成交额: = - 亿元 level actual masked 2023"),
            ("实绩>高新产业投资增长1X.X%", "高新产业投资: = - % growth_rate actual masked 2023"),
        ),
    ),
    Phrase(
        "Arabic number",
        (ARABIC,),
        "separators fall away, full-width digits are already half-width",
        examples(
            ("新增高新技术企业35家", "高新技术企业: >= 35 家 increase"),
            ("兑现奖补资金1,286.40万元", "奖补资金: >= 1286.4 万元 level"),
            ("研发经费投入强度达到2.05%", "研发经费投入强度: >= 2.05 % share"),
        ),
        pattern=True,
    ),
    Phrase(
        "number with a trailing point",
        (r"21\.%",),
        "a point before the percent sign is a slip",
        examples(("科技进步贡献率达到61.%", "科技进步贡献率: >= 61 % share")),
        pattern=True,
    ),
    Phrase(
        "twins of the scanner",
        (TWINS,),
        "l and I beside a digit are 1, O beside a digit is 0",
        examples(
            ("走访企业l00家", "走访企业: >= 100 家 count"),
            ("新增众创空间2O家", "众创空间: >= 20 家 increase"),
            ("建设示范基地1O个", "示范基地: >= 10 个 increase"),
        ),
        pattern=True,
    ),
    Phrase(
        "broken number",
        (BROKEN,),
        "digits that blanks tore apart, inside one number with its unit only",
        examples(("服务企业1 2 0家", "服务企业: >= 120 家 count")),
        pattern=True,
    ),
    Phrase(
        "masked number",
        (MASKED,),
        "hidden digits stay a claim without value",
        examples(
            ("新增孵化器xx家以上", "孵化器: >= - 家 increase masked"),
            ("研发投入强度达到x.xx%", "研发投入强度: >= - % share masked"),
            ("技术合同成交额突破**亿元", "技术合同成交额: > - 亿元 level masked"),
            ("引进创新团队X-X个", "创新团队: between - 个 count masked"),
            ("办好x大学技术转移中心", ""),
        ),
        pattern=True,
    ),
    Phrase(
        "Chinese numeral",
        (CHINESE,),
        "read like digits; the scale stays in the unit",
        examples(
            ("全年组织科技下乡三十五场", "科技下乡: >= 35 场 count"),
            ("争取上级资金一千二百万元", "上级资金: >= 1200 万元 level stretch"),
            ("新建重点实验室两家", "重点实验室: >= 2 家 increase"),
            ("高企总数要冲上三百八", "高企总数: >= 380 家 cumulative"),
            ("选派科技特派员一百零八名", "科技特派员: >= 108 名 count"),
        ),
        pattern=True,
    ),
    Phrase(
        "hundreds without a digit",
        ("百余", "千余", "百家", "千名"),
        "百余家 is more than 100",
        examples(
            ("实绩>走访企业百余家", "走访企业: > 100 家 count actual 2023"),
            ("实绩>收集意见数十条", ""),
            ("实绩>惠及农户千余户", "惠及农户: > 1000 户 count actual 2023"),
        ),
    ),
    Phrase(
        "tenths",
        (r"[一二两三四五六七八九]成(?:半|[一二三四五六七八九])?",),
        "一成 is 10 %",
        examples(
            ("揭榜项目按期完成率达到八成", "揭榜项目按期完成率: >= 80 % share"),
            ("高新技术产业产值占比稳定在三成左右", "高新技术产业产值占比: ~ 30 % share"),
            ("在孵企业存活率不低于九成五", "在孵企业存活率: >= 95 % share"),
            ("实绩>研发机构建有率接近六成", "研发机构建有率: ~ 60 % share actual 2023"),
        ),
        pattern=True,
    ),
    Phrase(
        "fraction",
        (r"[一二三四五六七八九十]分之[一二三四五六七八九十]", r"\d/\d"),
        "三分之一 is 33.33 %",
        examples(
            ("四分之一以上的规上企业建立技术中心", "规上企业建立技术中心: >= 25 % share"),
            ("立项数占全市比重达到三分之一", "立项数占全市比重: >= 33.33 % share"),
            ("立项数超过全市的1/4", "立项数占全市比重: > 25 % share"),
        ),
        pattern=True,
    ),
    Phrase(
        "percent in words",
        (r"百分之[一二三四五六七八九十百点]+",),
        "as speeches say it",
        examples(
            ("研发投入强度要达到百分之三点二", "研发投入强度: >= 3.2 % share"),
            ("技术合同成交额增长百分之十五", "技术合同成交额: >= 15 % growth_rate"),
            ("规上企业研发活动覆盖率达到百分之百", "规上企业研发活动覆盖率: all 100 % share"),
        ),
        pattern=True,
    ),
    Phrase(
        "parts of ten",
        ("每十家…就有四家", "十家里头有六家"),
        "a share, told by its parts",
        examples(
            ("实绩>每十家规上企业就有四家搞研发", "规上企业搞研发: = 40 % share actual 2023"),
            ("实绩>规上企业十家里头有六家没有研发机构", "= 60 % share actual 2023"),
        ),
    ),
    Phrase(
        "half",
        ("一半", "半数", "过半", "对半"),
        "50 %",
        examples(
            ("一半以上的规上企业设立研发机构", "规上企业设立研发机构: >= 50 % share"),
            ("规上企业研发机构建有率力争过半", "规上企业研发机构建有率: > 50 % share stretch"),
        ),
    ),
    Phrase(
        "ratio",
        (r"1[:：]\d",),
        "1:3 is 3 倍, the second over the first",
        examples(
            ("财政资金撬动社会资本比例达到1:4", "财政资金撬动社会资本比例: >= 4 倍 share"),
            ("撬动社会研发投入不低于1:5", "撬动社会研发投入: >= 5 倍 share"),
        ),
        pattern=True,
    ),
    Phrase(
        "range",
        (r"A-B", "A—B", "A至B", "A到B", "A~B", "A或B"),
        "two limits of one number",
        examples(
            ("引进高水平团队6—8个", "引进高水平团队: between 6-8 个 count"),
            ("新建产业技术研究院2至3家", "产业技术研究院: between 2-3 家 increase"),
            ("举办创新沙龙10~12场", "创新沙龙: between 10-12 场 count"),
            ("研发投入增长10%-12%", "研发投入: between 10-12 % growth_rate"),
            ("新建中试基地一到两个", "中试基地: between 1-2 个 increase"),
            ("培育独角兽企业1或2家", "独角兽企业: between 1-2 家 count"),
        ),
        pattern=True,
    ),
    Phrase(
        "amount in 个亿",
        ("个亿",),
        "speech for 亿元",
        examples(
            ("引导基金规模达到2.5个亿", "引导基金规模: >= 2.5 亿元 level"),
            ("科技信贷投放八个亿", "科技信贷投放: >= 8 亿元 level"),
        ),
    ),
    Phrase(
        "mixed scales",
        ("亿…万",),
        "三亿五千万元 is 3.5 亿元",
        examples(
            ("科技专项资金达到三亿五千万元", "科技专项资金: >= 3.5 亿元 level"),
            ("成交总额突破1.2万亿元", "成交总额: > 1.2 万亿元 cumulative"),
        ),
    ),
)
