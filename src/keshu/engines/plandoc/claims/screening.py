"""Takes the look-alikes out of a sentence before it is read, so that their words stay with the names around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.engines.plandoc.claims import asides, kinds, lookalikes, proceedings, ranks
from keshu.engines.plandoc.claims.deadlines import RHYTHM, Moment
from keshu.engines.plandoc.claims.naming import is_verb_only
from keshu.engines.plandoc.claims.phrases import words
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.units import is_money
from keshu.engines.plandoc.claims.wording import clean_name, leading_verb
from keshu.engines.plandoc.passage import Passage, Role

#: A name of its own, found faster than through the enum (see `kinds`).
_SAFEGUARD = Role.SAFEGUARD
_BREAK = re.compile(r"[,:()]")
_TAIL = re.compile(r"(?:以上|以内|及以上|左右|以下)+")
#: The characters that it begins with.
_TAIL_OPENS = frozenset("及以左")
_CAMPAIGN = re.compile(r"(?:行动|攻坚|工程|计划|活动|专项|格局|体系|目标|要求|”|》|率|式|、无缝|监管|检查|督查)")
_CLAUSE_END = re.compile(r"[,(、](?:(?<!、)|(?=(?:单|每)[个项家户笔]))")
_EVERYBODY = re.compile(r"(?:都|均|皆?有|会|懂|享有|享受|轮训|受训|参训)")
_COUNTED_ALL = re.compile(r"(?<![镇街村县区业校园道社会员\d一二两三四五六七八九十])[一二两三四五六七八九十\d]+个$")
_FIRM_ONE = re.compile(
    r"每|不少于|不低于|至少|力争|争取|争创|新[增建]|达到|超过|突破|完成|确保|^获|取得|荣获|建成|培育"
)
#: 序时进度(75%) and 纳入年度考核,占比5% are yardsticks.
_PROGRESS = re.compile(r"序时进度\($|时间进度\($|考核,占比?$|考评,占比?$")
#: 每1元财政资金…, 每千名劳动力…: the base of a figure.
_BASES = frozenset(words("元 万元 名 家 户 人 亩"))
#: 尚未实现零的突破 reports none.
_NOT_YET = re.compile(r"(?:尚未|仍未|还未|未能|没能|没有|还没有?|未)(?:能)?(?:实现|取得|完成|达到)?$")
#: What a sentence must hold for its numbers to be said in passing, or to belong to a rule, a sanction or a reward: each
#: such pattern of `asides` and `lookalikes` needs one of these, so that most sentences are spared them all.
_RARE = re.compile(
    r"刚才|我们的|咱们的|过半|拿出|发言|会场|参会|到会|某某|该|这|企业反映|企业负责|小[\u4e00-\u9fff]一|申[报请]|参[评选赛]|依托|"
    r"给与|予|奖|补|资助|取消|约谈|否决|分(?<=[\d一二两三四五]分)|分值|满分|总分|计分|得分|算分|定分|写分|加分|权重|"
    r"一次性|视为|凡|提前|最高|容忍|同一|按|缓拨|追回|退回|压减|每[家项个户人名件]|面额|收取|通报|扣|一律|督办|"
    r"问责|考[核评]|绩效|整改|暂停|收回|限期|说明|预警|提醒|退出|摘牌|调整|享受|派员|派驻|驻点|蹲点|包抓|帮扶|检讨|表态|亮[红黄]?牌|红牌|黄牌|督促函|提示函|提取|分配|归(?=[属科个团发成项研])|"
    r"的(?:企业|单位|项目|平台|机构|个人|团队|创新联合体),"
)
#: Words that open a ceiling.
_CEILINGS = words("最高 不超过 单户 单个 每家 累计不超过 总额不超过 每年不超过 合计最高")


@dataclass(slots=True)
class _Signs:
    """What a sentence holds, found once for all its numbers: it spares most of them what cannot apply.

    ``rare`` is one of the words of asides and rules, ``quoted`` a quotation mark or 《 that a number may stand behind,
    ``asking`` that the heading may ask for conditions or rewards.
    """

    rare: bool
    quoted: bool
    asking: bool


def _signs(text: str, start: int, end: int, passage: Passage) -> _Signs:
    around = text[max(passage.start, start - 40) : end]  # A name may be cut in two by the end of a sentence.
    return _Signs(
        rare=_RARE.search(text, start, end) is not None,
        quoted="《" in around or "“" in around or "‘" in around,
        asking=bool(passage.section) and lookalikes.asks(passage.section[-1], paid=True),
    )


def screen(
    text: str, start: int, end: int, quantities: list[Quantity], moments: list[Moment], passage: Passage
) -> list[Quantity]:
    """Those of `quantities` that may be figures; `start` and `end` bound the sentence."""
    kept: list[Quantity] = []
    signs = _signs(text, start, end, passage)
    for index, quantity in enumerate(quantities):
        if (
            moments
            and quantity.kind is not kinds.RANK
            and quantity.unit != "位"
            and any(m.start <= quantity.start < m.end for m in moments)
        ):
            continue
        if (
            text[quantity.start - 1 : quantity.start] == "每"
            and index + 1 < len(quantities)
            and quantity.unit in _BASES
        ):
            continue
        later = index + 1 < len(quantities) and text.find(",", quantity.end, quantities[index + 1].start) < 0
        if not _is_lookalike(text, start, end, quantity, passage, signs, later=later):
            kept.append(quantity)
    return kept


def _left(text: str, start: int, number: int) -> str:
    """The words of the clause in front of the number."""
    low = number - 120 if number - 120 > start else start
    if text.find(")", low, number) < 0:
        comma, colon = text.rfind(",", low, number - 1), text.rfind(":", low, number - 1)
        edge = max(comma, colon, text.rfind("(", low, number), low - 1)
        return text[edge + 1 : number]
    if text.find("(", low, number) < 0:  # Nothing in front of a bracket that opens further left bounds the clause.
        closed = text.rfind(")", low, number)
        edge = max(closed, text.rfind(",", closed, number - 1), text.rfind(":", closed, number - 1))
        return text[(edge if edge > closed else low - 1) + 1 : number]
    depth = 0
    for place in range(number - 1, low - 1, -1):
        sign = text[place]
        if sign == ")":
            depth += 1
        elif sign == "(" and depth:
            depth -= 1
        elif depth == 0 and (sign == "(" or (sign in ",:" and place + 1 < number)):
            return text[place + 1 : number]
    return text[low:number]


def _right(text: str, number_end: int, end: int) -> str:
    limit = number_end + 60 if number_end + 60 < end else end
    match = _BREAK.search(text, number_end, limit)
    return text[number_end : match.start() if match else limit]


def _is_lookalike(
    text: str, start: int, end: int, quantity: Quantity, passage: Passage, signs: _Signs, *, later: bool
) -> bool:
    """Is the quantity no figure? ``later`` says that another follows in its clause."""
    rare = signs.rare
    if signs.quoted and _inside_name(text, quantity, passage.start):
        return True
    before, following = _left(text, start, quantity.start), _right(text, quantity.end, end)
    kind = quantity.kind
    if kind is kinds.ALL:
        return quantity.benchmark is None and _is_campaign(quantity, before, text)
    if kind is kinds.BREAKTHROUGH:
        return _NOT_YET.search(before) is not None
    if kind is kinds.RANK:
        rule = rare and lookalikes.is_sanctioned(text[quantity.end : min(end, quantity.end + 40)])
        return rule or not ranks.is_rank(quantity, before, following)
    if kind is kinds.TIMES and quantity.text.endswith("倍增"):
        return not re.search("实现|力争|确保|翻|达到|数量|数$", before)
    if lookalikes.is_name(quantity, before, following) or lookalikes.is_duration(quantity, before, following):
        return True
    if rare and asides.is_aside(text, start, quantity, before, following):
        return True
    if proceedings.is_procedure(text, quantity, before, following):
        return True
    if kind is kinds.NUMBER:
        passing = asides.is_passing(text, start, quantity, before, following)
    else:
        passing = asides.is_threshold(quantity, before, following)
    if passing:
        return True
    if kind is kinds.PERCENT and _PROGRESS.search(text[max(start, quantity.start - 14) : quantity.start]):
        return True
    if not (before or following) and _is_list_length(text, start, quantity):
        return True
    if following and (  # Structures and sizes show behind the number.
        lookalikes.is_structure(quantity, before, following)
        or lookalikes.is_size(quantity, before, following, named=_is_named)
    ):
        return True
    if quantity.chinese and _is_vague_one(quantity, before, following):
        return True
    asked = signs.asking and lookalikes.asks(passage.section[-1], paid=_is_paid(quantity))
    if (rare or asked or passage.role is _SAFEGUARD) and _is_ruled(
        text, start, end, quantity, before, passage.role, asked=asked
    ):
        return True
    if later or not following or kind is not kinds.NUMBER:
        return False
    tail = _TAIL.match(following) if following[0:1] in _TAIL_OPENS else None
    return lookalikes.is_scope(
        quantity, before, following[tail.end() :] if tail else following, tail[0] if tail else ""
    )


def _is_ruled(text: str, start: int, end: int, quantity: Quantity, before: str, role: Role, *, asked: bool) -> bool:
    """Does the quantity belong to a rule, a ceiling, a condition (``asked``) or a report?"""
    behind = text[quantity.end : min(end, quantity.end + 20)]
    clause = before + text[quantity.start : quantity.end] + _CLAUSE_END.split(behind, 1)[0]
    return (
        lookalikes.is_rule(quantity, clause, before, text[quantity.end : min(end, quantity.end + 40)])
        or _follows_rule(text, start, quantity.start - len(before), clause)
        or (asked and lookalikes.is_condition(clause))
        or lookalikes.is_report(quantity, clause, role)
    )


def _is_paid(quantity: Quantity) -> bool:
    return quantity.unit == "%" or is_money(quantity.unit)


def _is_named(before: str) -> bool:
    """Do words other than a verb stand in front of the number?"""
    name = clean_name(before)
    return bool(name) and not is_verb_only(name, leading_verb(name))


def _follows_rule(text: str, start: int, clause_start: int, clause: str) -> bool:
    """A ceiling right behind a rule (按10%给予补助,最高不超过50万元) belongs to it."""
    if not clause.lstrip("、").startswith(_CEILINGS):
        return False
    previous = text[start : max(start, clause_start - 1)].rsplit(",", 1)[-1].rsplit(":", 1)[-1]
    return lookalikes.is_reward(previous)


def _is_list_length(text: str, start: int, quantity: Quantity) -> bool:
    """企业培育类(5项): the length of a list, in a bracket of its own behind a heading."""
    if quantity.unit not in ("项", "条", "类", "个", "件") or text[quantity.end : quantity.end + 1] != ")":
        return False
    return text[quantity.start - 1 : quantity.start] == "(" and not re.search(r"\d", text[start : quantity.start])


def _inside_name(text: str, quantity: Quantity, floor: int) -> bool:
    """Inside 《》 or a short “…”: part of a name."""
    start = quantity.start
    low = start - 40 if start - 40 > floor else floor
    if text.rfind("《", low, start) > text.rfind("》", low, start):
        return True
    opened = max(text.rfind("“", max(low, start - 16), start), text.rfind("‘", max(low, start - 16), start))
    if (
        opened < 0
        or opened <= max(text.rfind("”", low, start), text.rfind("’", low, start))
        or quantity.kind in (kinds.BREAKTHROUGH, kinds.ZERO)
        or (quantity.kind is kinds.ALL and _COUNTED_ALL.search(text, opened, start) and "、" in text[low:opened])
    ):
        return False
    return text.find("”", quantity.end, quantity.end + 16) >= 0


def _is_campaign(quantity: Quantity, before: str, text: str) -> bool:
    """全覆盖 inside the name of a campaign, or counted (三个全覆盖), or as an aim without an object."""
    follow = text[quantity.end : quantity.end + 4]
    if quantity.text in ("人人", "家家", "户户"):
        return _EVERYBODY.match(follow) is None
    if _COUNTED_ALL.search(before) is not None:
        return "、" not in before or _CAMPAIGN.match(follow.lstrip("”")) is not None
    return _CAMPAIGN.match(follow) is not None or not clean_name(before)


def _is_vague_one(quantity: Quantity, before: str, following: str) -> bool:
    """一次, 一批, 一套 (Chinese numerals) without a comparator or a rhythm are no figures."""
    if quantity.value != 1 or quantity.unit in ("%", "位") or quantity.kind is not kinds.NUMBER:
        return False
    if before.endswith("每"):  # 宣传到每一家企业
        return True
    if RHYTHM.search(before) or _FIRM_ONE.search(before):
        return False
    return quantity.unit not in ("家", "名", "所", "座")
