"""Finds the name of an item: its own words, the words behind the number, or those of its subject."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import bearings, kinds, lists, naming, ranks, sharing
from keshu.engines.plandoc.claims.clauses import Item
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.fronts import opens_work, tells_state, topic_of, wherein
from keshu.engines.plandoc.claims.headnouns import heading_noun
from keshu.engines.plandoc.claims.naming import Subject
from keshu.engines.plandoc.claims.units import is_money
from keshu.engines.plandoc.claims.wording import Wording, acts_only, read_words

_NO_NOUN = re.compile(
    r"(?:去(?!年)|来(?!自)|了|并|且|和|及|以及|与|,|。|同比|增长|占|其中|较|比|[/)}\]”]|的?(?:目标|任务|水平)(?![\u4e00-\u9fff])|以上|得到|中|[上冲]冲|上[拼够攀靠奔走]|冲刺|迈进|看齐|(?:目标|任务)(?:差距|[还仍尚]有))"
)
_NOUN_VERBS = re.compile(r"(?:辅导|诊断|帮扶|研发|孵化|示范|培训|对接|服务|技术|合作|征集|认定)")
_SPENDING = re.compile(r"(?:拿出|列支|安排|投入|设立|筹集|筹措|出资|整合|[省市县区乡镇]派|等)$")
_ACTS_ONLY = frozenset({"次", "场", "期", "场次", "轮", "批次"})
_LENDING = frozenset({"分", "%", "平方米", "万平方米", "亩"})
#: 首批12项立项: the words on both sides name it.
_FIRST = frozenset({"首批", "首轮", "第一批"})
_GOAL_SAID = re.compile(r"(?:全年|年度|年初|既定|预期)?(?:目标|任务|计划)(?:任务)?$")
_SELF_NAMED = re.compile(r"(?:立项|培训|走访|毕业|结题|验收|上市|挂牌|宣讲|调研)$")
_RATE = re.compile(
    r"(?:贷款|按时|按期|总体|平均|项目|企业|评估|绩效)?(?:不良|办结|通过|存活|入驻|满意|合格|验收|到位|兑现|及时|优良|优秀|知晓|参与|完好|达标|落地|返聘|利用|共享)率$"
)
_ACT_TAIL = re.compile(r"(?:重新认定|首次认定|认定|迁入|复审|入库|注销|迁出|转入)$")
_WITH = re.compile(r"(?:与|同|和|联合)[^,共合签建开达、]{0,12}$|对[^,、]{1,12}(?:开展|实施|进行|组织)(?:不少于|至少)?$")
_SIZED = re.compile(
    r"^\d+小时|(?:第[一二三四五六\d]|首|前[两二三])批|(?:总投资|占地|面积)(?:约|近|达)?[\d.]+[\u4e00-\u9fff]{1,4}的|(?<=[进动导好])[\d一二三四五六七八九十]+[家个项名](?=[\u4e00-\u9fff]{4})"
)
_WORDLESS = re.compile(r"^(?:情况|方面|问题|形势|要求|工作|进展|目标|任务|重点|总体|方向|其中|同时)|情况$")
_PLACE = re.compile(r"(?:(?![、是和及为有])[\u4e00-\u9fff]){1,6}(?:市|县|区|州|镇)\Z")
_RATE_SAID = re.compile(r"(?:(?![从看的是和及县区市])[\u4e00-\u9fff]){0,12}(?:完成率|达标率|覆盖率|增速|增幅|占比)")
_POINT = re.compile(
    r"(?:[一二三四五六七八九十]是|第[一二三四五六七八九十],?|[①-⑳]|\(\d\)|\d[.、])(?P<words>[^\d,:]{4,22})$"
)
_MANNER = re.compile(
    r"按照?|根据|围绕|坚持|通过|依托|结合|对照|以(?=[\u4e00-\u9fff]+为)|在|针对|面对|立足|"
    r"聚焦|从(?!事|业)|由|做到|确保|倒排|挂图|压实|逐[企户家项个]"
)
_TO_TARGET = re.compile(r"(?:距离?|完成|超出|较|快于)?(?:全年|年度|既定|年初)?(?:目标|任务|计划)(?:任务)?(?:数|值)?$")
_COMPLETION = re.compile(
    r"(?:完成|为|占|达到?|实现|相当于|是|不足|不到|超过|接近|只有)(?:了)?"
    r"(?:全年|年度|既定|预期|年初|规划|五年|确定的?|[省市州县]定|[省市州县]?下达)?(?:净增|新增|入库|申报|培育)?(?:目标|任务|计划)(?:任务)?(?:\([^()]*\))?(?:的)?$"
)
#: 上半年先拿下一半
_FINISHED = re.compile(r"(?:先|要|已|已经|只|仅|刚)*(?:拿下|跑完|干完|完成|做完)了?")
_EACH_BUILDS = re.compile(
    r"每(?:[个家]|县区?|乡镇|镇街?|村).{0,12}?(?:至少)?(?:建成|新建|培育|引进|举办|组织|选派|建有|新增|建立|打造|牵头|承担|转化|攻克|"
    r"建设|设立|组建|开展|完成|落地|开办|办成|办|配备|选派|派驻|配|派|联系|结对|布局|推出|储备|落实|形成|拿出)$|"
    r"各(?:县区|县|乡镇|街道|镇街|园区|高校|院所|学会|单位)?(?:至少)?(?:建设|建|设立|新建|培育|引进|建成|打造|布局|举办|开展)$"
)
#: 每个乡镇都有(1个科普基地): the verb says nothing, the noun stands behind.
_EACH = re.compile(r"每[个家所名]?(?:[\u4e00-\u9fff()、]){1,8}$")
_EACH_VERB = re.compile(r"(?:至少)?(?:开办|办|配备|配|派|有|引进|选派)$")
_SOME_COUNTIES = re.compile(r"县\(市\)|县\(市、区\)|县区|区县|园区|市本级|市直|开发区|高新区|城区|乡镇")
_PRIZE = re.compile(r"[特一二三]等奖$")
_WORK = re.compile(r"(?:建设|实施|工作|行动|活动|制度|机制|体系)$")
_WHEN = re.compile(r"(?:(?:第?[一二三四]季度|上半年|下半年|年底|年内|全年|\d{1,2}月)(?:底|末|份)?(?:之?前)?)+")


def names_of(context: Context, item: Item, wording: Wording, before: str) -> list[str]:
    """The indicator names of an item: one, but for A、B、C三大全覆盖 and A率、B率均达到."""
    if (context.names or "分" in before) and (paired := sharing.names_for(context, item, wording, before)):
        return paired
    if item.quantity.kind is kinds.ALL and item.quantity.benchmark:
        return [item.quantity.benchmark]
    name = bearings.completed(context, item, _name(context, item, wording, before))
    if item.quantity.kind is kinds.TIMES and "、" in name and context.text[item.quantity.start - 1] in "均都":
        return lists.expand(name)
    if lists.of_each(item.before) and (parts := lists.measured(name)):
        return parts
    if item.quantity.kind is kinds.ALL and (parts := lists.all_of_list(name)):
        return parts
    return [name]


def subject_for(context: Context, item: Item, *, bare: bool = False) -> Subject | None:
    """What an item without a name of its own is about: the sentence so far, the clause in front, or the heading.

    ``bare`` marks an item that has no word at all but 达到: the clause in front names it (成交额稳步增长,达到30亿元).
    """
    if context.subject is not None:
        return context.subject
    if context.latest is not None and (item.bracket or item.lead in ("、", "+")):
        return context.latest
    return (
        _host(context, item)
        or _clause_in_front(context, item, bare=bare)
        or context.previous
        or _point_in_front(context)
        or (context.earlier if bearings.speaks_of_earlier(context, item) else None)
        or context.fallback
    )


def _point_in_front(context: Context) -> Subject | None:
    """The short numbered sentence in front that works as a heading: 二是设立天使基金。首期规模2亿元."""
    floor, stop = context.passage.start, context.start
    while stop > floor and context.text[stop - 1] in "。; ":
        stop -= 1
    begin = max(context.text.rfind(mark, floor, stop) for mark in "。;:\n") + 1
    match = _POINT.match(context.text[max(begin, floor) : stop])
    noun = heading_noun(match["words"]) if match else ""
    return naming.subject_of(noun, "") if len(noun) >= 2 else None


def _place_in_front(context: Context, item: Item) -> str:
    """石渡县(62%): the place, and the rate that the sentence, or the one before a semicolon, speaks of."""
    match = _PLACE.search(context.text, context.start, item.before_start - 1)
    if match is None or item.quantity.unit != "%":
        return ""
    around = context.text[context.start : min(context.passage.end, item.quantity.end + 60)].partition("。")[0]
    told = _RATE_SAID.search(around) or (_RATE_SAID.search(context.previous.text) if context.previous else None)
    return match[0] + told[0] if told else ""


def _listed_place(context: Context, item: Item) -> str:
    """兰渡镇(6家)、望溪街道(5家): each bracket belongs to the place in front of it, whatever the one before counted."""
    host = _host(context, item) if context.latest is not None else None
    if host is None or not lists.is_region(host.text[: len(host.text) - len(bearings.seen(context))]):
        return ""
    return (
        host.text
        if bearings.seen(context)
        else host.text + sharing.behind_region(context.latest.text if context.latest else "")
    )


def _host(context: Context, item: Item) -> Subject | None:
    """The words in front of a bracket that opens with its number (石渡县(62%)), and what a sentence looks at (从完成率看)."""
    seen = bearings.seen(context)
    if item.lead != "(" or item.before_start <= context.start + 1:
        return Subject("", seen, seen) if seen else None
    stop = item.before_start - 1
    begin = max(context.text.rfind(mark, context.start, stop) for mark in (",", "、", ":", ")")) + 1
    host = read_words(_TO_TARGET.sub("", context.text[max(begin, context.start) : stop])).name
    if not host:
        return None
    return Subject("", host + seen, host + seen) if lists.is_region(host) else naming.subject_of(host, "")


def _clause_in_front(context: Context, item: Item, *, bare: bool) -> Subject | None:
    """The clause without a number in front of a nameless one: 做好外国人许可办理,已办理30人次."""
    if item.lead not in (",", ":") or item.before_start - 1 <= context.start:
        return None
    stop = item.before_start - 1
    begin = (
        max(
            context.text.rfind(",", context.start, stop),
            context.text.rfind(":", context.start, stop),
            context.start - 1,
        )
        + 1
    )
    clause = context.text[begin:stop]
    clause = _WHEN.sub("", _SIZED.sub("", clause), count=1)
    if (context.latest is not None and begin <= context.measured_at < stop) or _MANNER.match(clause):
        return None
    if (
        not 4 <= len(clause) <= 40
        or not (bare or opens_work(clause) or tells_state(clause))
        or re.search(r"\d", clause[:2])
    ):
        return None
    words = read_words(topic_of(clause, bare=bare))
    name = _WORK.sub("", words.name)
    return naming.subject_of(name, words.verb) if len(name) >= 2 and not _WORDLESS.search(name) else None


def _name(context: Context, item: Item, wording: Wording, before: str) -> str:
    name, verb = wording.name, wording.verb
    if item.quantity.kind is kinds.RANK:
        full, base = ranks.rank_name(before, subject_for(context, item))
        if context.subject is None and base:
            context.subject = naming.subject_of(base, "")
        return full
    if (not name or name[-1] == "率" or item.quantity.unit == "%") and (
        ratio := _name_of_ratio(context, item, name, before)
    ):
        return ratio
    if item.quantity.kind is kinds.BREAKTHROUGH and (made := bearings.entered(context, item, name) or wherein(name)):
        return made
    level = naming.level_only(name, verb)
    verb_only = naming.is_verb_only(name, verb)
    after = naming.noun_after(item.after) if item.after and _takes_noun_after(item, name, verb_only) else ""
    if after:
        context.behind = True
        return _name_from_behind(context, item, name, verb_only, after)
    part = item.bracket or ("其中" in before and before.lstrip().startswith("其中"))
    if not name and context.started is not None:
        return context.started.text
    nameless = not name or verb_only or naming.is_generic(name)
    subject = context.subject
    if not name and context.money is not None and bearings.says_more_of_money(item, wording):
        return context.money.text
    if nameless or level or part:
        told = wording.reached or wording.tier is not None or wording.op is not None or wording.share
        told = told or item.quantity.kind in kinds.ABSOLUTE or before.startswith(("仅", "只", "才", "要往", "往"))
        subject = (subject or context.latest if not name else None) or subject_for(
            context, item, bare=(not name and told) or (verb_only and item.lead == ",")
        )
        _lend(context, item, subject)
    if nameless and name[-1:] in "额金" and naming.names_sum(name, subject if context.subject is not None else None):
        return name
    if level and subject is not None:
        inherited = subject.verb if item.lead != "," or item.bracket or "其中" in before[:4] else ""
        return (verb or inherited) + level.removesuffix("的") + naming.core_of(subject.core, "")
    if nameless and subject is not None:
        if not name:
            return (
                bearings.share_of(context, wording) if not re.search("任务|目标|计划", before) else ""
            ) or subject.text
        if verb_only and (acts_only(verb) or (context.subject is None and item.quantity.unit in _ACTS_ONLY)):
            return name
        if verb_only and _SELF_NAMED.search(verb) and context.subject is None and subject is context.previous:
            return name
        if verb_only and context.subject is None and verb in context.history:
            return context.history[verb].text
        return naming.of_subject(name, subject, verb_only=verb_only)
    if part:
        alone = context.latest is None and item.quantity.unit == "%"
        said = _RATE_SAID.search(context.text, context.start, item.before_start) if alone else None
        return _part_name(name, verb, subject, item.quantity.unit, said[0] if said else "")
    if naming.is_generic(name[len(verb) :]) and item.after.startswith("的") and verb:
        return naming.noun_after(item.after) + name[len(verb) :]
    if "的" in before and bearings.OF_THEM.search(before) and (topic := bearings.topic(context, item)):
        return naming.merge(name, topic)
    return _listed_name(context, item, wording, subject)


def _name_of_ratio(context: Context, item: Item, name: str, before: str) -> str:
    """Completion rates, rates of a place in front of a bracket, and rates that tell whose they are; "" for all else."""
    percent = item.quantity.unit == "%"
    if not name and item.quantity.kind is kinds.POINTS:
        return bearings.rate_before(context)
    if percent and before.endswith("的") and (relation := bearings.RELATION.search(before)):
        told = read_words(before[: relation.start()]).name
        subject = None if told else subject_for(context, item)
        return f"{told or (subject.core if subject else '')}相当于{relation['what']}比例"
    finished = percent and (_COMPLETION.fullmatch(before.lstrip(",")) or _FINISHED.fullmatch(before))
    if finished and (subject := context.money or subject_for(context, item)):
        if _FINISHED.fullmatch(before) and subject.text.endswith(("率", "比重", "占比", "强度", "满意度")):
            return subject.text
        return naming.merge(subject.text if subject.text.endswith("总额") else subject.core, "完成率")
    if percent and name and not naming.is_generic(name) and _ends_in_goal(before):
        return naming.merge(name.removesuffix("数"), "完成率")
    if percent and _completes(context, item, before) and (subject := context.money or subject_for(context, item)):
        return naming.merge(subject.core, "完成率")
    if not name and item.lead == "(":
        return _place_in_front(context, item) or _listed_place(context, item)
    if name.endswith("率") and not item.bracket and _RATE.fullmatch(name):
        owner = _rate_subject(context, item)
        return naming.of_subject(name, owner, verb_only=False) if owner is not None else name
    return ""


def _lend(context: Context, item: Item, subject: Subject | None) -> None:
    """A clause without a number that named a sum or a score is what the next clauses are about, too."""
    lends = (is_money(item.quantity.unit) or item.quantity.unit in _LENDING) and item.lead == ","
    if lends and context.subject is None and subject not in (context.previous, context.fallback, context.latest):
        context.subject = subject


def _listed_name(context: Context, item: Item, wording: Wording, subject: Subject | None) -> str:
    """A name of its own; in a list it shares the verb, the level or what was counted of the place before."""
    name, verb = wording.name, wording.verb
    region = lists.is_region(name)
    if region and bearings.seen(context):
        return name + bearings.seen(context)
    if item.lead == "、" and _PRIZE.match(name) and context.latest is not None and "等奖" in context.latest.text:
        return _PRIZE.sub("", context.latest.text) + name
    if region and item.quantity.unit == "%" and context.latest is None:
        told = _RATE_SAID.search(context.text, context.start, item.before_start)
        return name + (told[0] if told else sharing.lent(context))
    if region and (item.lead in ("、", ",") or context.earlier is not None):
        if context.latest is not None:
            return name + sharing.borrowed(sharing.behind_region(context.latest.text))
        return name + sharing.lent(context)
    if (
        item.lead == "、"
        and item.quantity.kind is kinds.NUMBER
        and context.verb
        and not verb
        and not (name.startswith(context.verb) or item.before.startswith(("实现", "完成")))
        and not wording.reached
    ):
        if subject is not None and _ACT_TAIL.search(name) and len(name) <= 8:
            return naming.merge(subject.core, name)
        ahead = naming.LEVEL.match(subject.text[len(subject.verb) :]) if subject is not None else None
        shared = ahead[0] if ahead and ahead[0].endswith("以上") and not naming.LEVEL.match(name) else ""
        return context.verb + shared + name
    return name


def _ends_in_goal(before: str) -> bool:
    return ("标" in before or "务" in before or "计划" in before) and _COMPLETION.search(before) is not None


def _completes(context: Context, item: Item, before: str) -> bool:
    """完成目标的85%, 是年初目标20亿元的117.5%."""
    if _ends_in_goal(before):
        return True
    before = before.lstrip(")")
    if before != "的" or item.before_start <= context.start:
        return before in ("目标的", "任务的", "计划的") and item.before_start > context.start
    ahead = context.text[max(context.start, item.before_start - 30) : item.before_start]
    return _GOAL_SAID.search(re.sub(r"\(?[\d.,]+[\u4e00-\u9fff]{1,4}\)?$", "", ahead)) is not None


def _rate_subject(context: Context, item: Item) -> Subject | None:
    """Whose rate: of the numberless clause in front, or of the figure before; None where two could be meant or neither."""
    if context.subject is None or (context.latest is not None and context.latest.core != context.subject.core):
        return None
    return _clause_in_front(context, item, bare=True) if _numberless(context, item) else context.subject


def _numberless(context: Context, item: Item) -> bool:
    stop = item.before_start - 1
    return item.lead == "," and context.measured_at < context.text.rfind(",", context.start, max(stop, context.start))


def _part_name(name: str, verb: str, subject: Subject | None, item_unit: str | None, seen_rate: str = "") -> str:
    """其中 and brackets: the part keeps a noun of its own behind the subject's verb, all else stands behind the subject."""
    if lists.is_region(name) and seen_rate:
        return name + seen_rate
    if subject is None or subject.core in name or (verb and len(name) > len(verb) + 1):
        return name
    if _SOME_COUNTIES.fullmatch(name) or lists.is_region(name):
        return name + subject.core
    if naming.LEVEL.match(name) and len(name) > 5:
        return naming.merge(subject.core, name) if "“" in name or "”" in name else subject.verb + name
    if (
        subject.verb
        and (len(name) >= 4 or item_unit in ("人", "名"))
        and not name.endswith(("认定", "通过", "入库", "新增"))
        and not naming.starts_with_verb(name)
    ):
        return subject.verb + name
    return naming.merge(subject.core, name)


def _takes_noun_after(item: Item, name: str, verb_only: bool) -> bool:
    after = item.after
    if not after or item.quantity.kind not in (kinds.NUMBER, kinds.PERCENT) or _NO_NOUN.match(after):
        return False
    if (
        not name
        or verb_only
        or name in _FIRST
        or (_EACH.match(name) and item.before.endswith("有"))
        or _SPENDING.search(name)
    ):
        return True
    if item.after.endswith(("全覆盖", "全面覆盖")) or _EACH_BUILDS.search(name) or _WITH.fullmatch(item.before):
        return True
    if (
        item.quantity.unit in ("次", "场", "轮")
        and not item.tail
        and naming.LEVEL.match(name) is None
        and len(name) <= 6
    ):
        return True
    return item.quantity.chinese and not item.tail and item.quantity.unit in ("个", "项", "条", "张") and len(after) > 3


def _name_from_behind(context: Context, item: Item, name: str, verb_only: bool, after: str) -> str:
    subject = context.subject or context.previous or (None if item.quantity.unit in _ACTS_ONLY else context.fallback)
    if after in ("缺口", "差距") and subject is not None:
        return naming.merge(subject.text.removeprefix(subject.verb), after)
    if name in _FIRST:
        return naming.merge(subject.core, after) if subject is not None and _ACT_TAIL.fullmatch(after) else name + after
    if (
        naming.starts_with_verb(after)
        and not _NOUN_VERBS.match(after)
        and subject is not None
        and not _SPENDING.search(name)
        and not item.after.startswith("的")
    ):
        return naming.merge(subject.core, after)
    if (
        after.startswith(("企业", "项目", "单位"))
        and len(after) <= 7
        and subject is not None
        and context.subject is None
    ):
        return naming.merge(subject.core, after)
    if item.before_start > 0 and context.text.startswith("其中", item.before_start) and subject is not None:
        return naming.merge(subject.core, after)
    if (each := _EACH_BUILDS.search(name)) is not None:
        if not name.startswith("每"):
            return name[each.start() + 1 :] + after
        return _EACH_VERB.sub("", name).replace("至少", "") + after
    if _EACH.match(name) and not verb_only and item.before.endswith("有"):
        return name + after
    return (name if verb_only or item.quantity.unit in _ACTS_ONLY else "") + after
