"""Six voices of a third round: a head of office's own account, a county called in for a talk, an analysis in tenths and
multiples, a newsreader, a list of faults to be mended, a chronicle by days."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from bench.factcheck.items import Item, Slot
from bench.factcheck.phrases import (
    WORDS,
    gained,
    growth,
    is_count,
    last_month,
    noun,
    number,
    reckoned,
    said,
    short_of_target,
    spoken,
    year_on_year,
)
from bench.factcheck.strangers import stranger
from bench.factcheck.styles import Piece, Scene, Style

NUMBERS = "一二三四五六七八九十"


def career(scene: Scene) -> Iterable[Piece]:
    """A head of office gives account: long sentences with her own part in front, last year in a clause of its own."""
    yield f"述职述廉报告\n（{scene.year}年度）\n各位领导、各位同事：\n本人自"
    yield f"{scene.year - 2}年任现职以来，分管规划、高新、成果等处室，牵头科技指标"
    yield stranger(f"{len(scene.items)}项")
    yield "。现将今年以来履职情况汇报如下，请批评指正。\n一、坚持学习，提升本领。全年参加理论学习"
    yield stranger("28次")
    yield "，撰写调研文章"
    yield stranger("3篇")
    yield "。\n二、聚焦主责，推动落实。"
    for index, item in enumerate(scene.items):
        yield f"{NUMBERS[index]}是{scene.pick('牵头抓好', '协调推进', '跟踪督办')}{WORDS[item.name][0][0]}工作。"
        turn = scene.chance.random()
        if turn < 0.4 and item.of_last_year is not None:
            yield "在上年"
            yield item.earlier(item.of_last_year, scene.chance)
            yield f"的基础上，今年前{scene.month}个月{scene.pick('达到', '已达', '做到')}"
            yield item.achieved(scene.chance)
        elif turn < 0.7:
            yield "面对年初确定的"
            yield item.target()
            yield f"任务，带领处室同志逐家走访、挂图作战，截至{scene.month}月底{scene.pick('完成', '实现', '达到')}"
            yield item.achieved(scene.chance)
            if number(item.now) >= number(item.floor):
                yield "，提前完成任务"
            else:
                yield "，完成率"
                yield item.rate()
        else:
            yield "通过专班推进、清单管理，"
            yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("目前为", "已达"))
            if (more := year_on_year(item)) is not None:
                yield f"，同比{'增加' if number(item.now) > number(item.year_ago) else '减少'}"
                yield more
        yield "。"
    yield "\n三、廉洁自律，守住底线。严格执行中央八项规定精神，全年开展家访"
    yield stranger("6户")
    yield "。\n以上报告，不妥之处请指正。\n"


def talk(scene: Scene) -> Iterable[Piece]:
    """An outline for a talk with counties: each with several figures, told to its face."""
    yield f"约谈提纲\n时间：{scene.year}年{scene.month + 1}月18日\n对象：有关县区分管负责同志\n"
    yield f"一、通报情况\n据{scene.month}月调度数据，全市总体情况是："
    for index, item in enumerate(scene.items[:4]):
        yield "；" if index else ""
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("", "为"))
    yield "。具体到县区：\n"
    areas = [dict(area.slots) for area in scene.areas]
    for name in [name for name in areas[0] if all(name in area for area in areas)]:
        yield f"{name}：{scene.pick('常住人口', '户籍人口')}"
        yield stranger("52.3万人")
        yield "，"
        for index, (area, slots) in enumerate(zip(scene.areas, areas, strict=True)):
            yield "，" if index else ""
            yield area.name
            yield slots[name]
            old = slots[name].wrong["stale"][-1]
            gain = number(slots[name].fact) - number(old)
            yield f"（{scene.month - 1}月"
            yield Slot("earlier", old, number(old), old.unit, {"period": (slots[name].fact,)} if gain else {})
            yield "）"
        yield "。\n"
    yield "二、指出问题\n"
    for area in scene.areas:
        first, second = scene.chance.sample(area.slots, 2)
        yield f"{first[0]}的同志，你们的{area.name}"
        yield scene.pick("是", "报的是")
        yield first[1]
        yield f"，隔壁{second[0]}是"
        yield second[1]
        yield "，要对标对表、找准差距。\n"
    yield "三、提出要求\n请于12月底前报送整改报告。\n"


def analysis(scene: Scene) -> Iterable[Piece]:
    """A quarterly analysis: tenths of the target, multiples of the year before."""
    yield f"1—{scene.month}月全市科技创新形势分析\n市科技局规划处\n"
    yield "今年以来，全市上下攻坚克难，科技创新保持良好态势，"
    yield stranger("1—10月规上工业增加值同比增长7.1%")
    yield "，为科技指标提供了支撑。\n一、总量情况\n"
    for item in scene.items:
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("达", "为", "录得"))
        turn = scene.chance.random()
        more = growth(item)
        if more is not None and more.value > 15 and turn < 0.6:
            yield "，是上年同期（"
            yield item.earlier(item.year_ago, scene.chance)
            yield "）的"
            yield reckoned(number(item.now) / number(item.year_ago), "倍", places="0.01")
        elif (tenths := _tenths(item)) is not None and turn < 0.8:
            yield "，完成全年目标"
            yield tenths
        elif more is not None:
            yield f"，增速{'为' if more.value > 0 else '转负，同比下降'}"
            yield Slot("rate", None, abs(more.value), "%")
        yield scene.pick("。", "；")
    yield f"\n二、边际变化\n与{scene.month - 1}月末相比，"
    for index, item in enumerate(scene.items):
        yield "，" if index else ""
        yield f"{noun(item, scene.chance)}{'上升' if item.now.unit == '%' else '增加'}"
        yield gained(item)
    yield "。\n三、后期走势\n按当前进度推算，预计全年技术合同成交额在"
    yield stranger("70至73亿元")
    yield "之间。距离完成全年任务，"
    low = [item for item in scene.items if number(item.now) < number(item.floor)]
    for index, item in enumerate(low):
        yield "，" if index else ""
        yield f"{noun(item, scene.chance)}尚有"
        yield short_of_target(item)
        yield "的缺口"
    yield "。\n"


def _tenths(item: Item) -> Slot | None:
    """近九成 of a share that lies just below it."""
    share = number(item.now) / number(item.floor) * 10
    whole = share.to_integral_value(ROUND_CEILING)
    if not Decimal(0) < whole - share <= Decimal("0.4") or whole >= 10:
        return None
    return spoken(Slot("rate", None, whole, "成", {}, ("近", "")))


def broadcast(scene: Scene) -> Iterable[Piece]:
    """A newsreader's text: short sentences, the city first, then a county."""
    yield "《云澜新闻联播》口播稿\n【导语】科技创新，年终冲刺。我们来关注全市科技工作的最新进展。\n【正文】"
    for index, item in enumerate(scene.items):
        yield scene.pick("来自市科技局的消息，", "再来看一组数据。", "另外，", "好消息还有：") if index else ""
        yield f"到{scene.month}月底，"
        slot = item.achieved(scene.chance)
        yield from said(item, slot, scene.chance, verbs=("达到", "已经达到", ""))
        if is_count(item) and scene.chance.random() < 0.5:
            yield "，比上个月又多了" if scene.chance.random() < 0.5 else "，一个月新增"
            yield gained(item)
        elif scene.chance.random() < 0.5:
            yield "，而一个月前还是"
            yield last_month(item)
        yield "。"
    yield "\n【同期声】市科技局负责人：年底前我们还要举办"
    yield stranger("5场")
    yield "对接活动，"
    item = scene.items[0]
    yield f"全力保证{WORDS[item.name][0][0]}完成"
    yield item.target()
    yield "的目标。\n【配音】"
    for area in scene.areas:
        name, slot = scene.chance.choice(area.slots)
        yield f"记者在{name}采访时了解到，这里今年以来{area.name}已经{'提高到' if slot.unit == '%' else '有'}"
        yield slot
        yield "。"
    yield "\n（记者 周某 李某）\n"


def rectify(scene: Scene) -> Iterable[Piece]:
    """A list of faults: what lags, how it will be mended, by when how much."""
    yield f"科技创新重点任务问题整改清单（{scene.year}年{scene.month}月）\n"
    for index, item in enumerate(scene.items, start=1):
        yield f"{index}.问题表现："
        if number(item.now) < number(item.floor):
            yield f"{noun(item, scene.chance)}进度偏慢。"
            yield f"1—{scene.month}月实际完成"
            yield item.achieved(scene.chance)
            yield scene.pick("，仅占全年目标任务", "，只有全年任务", "，仅为年度计划")
            yield item.target()
            yield "的"
            yield item.rate()
        else:
            yield f"{noun(item, scene.chance)}虽已达标（目标"
            yield item.target()
            yield "、实际"
            yield item.achieved(scene.chance)
            yield "），但领先优势只有"
            yield short_of_target(item)
        yield f"。\n整改措施：{scene.pick('建立周调度机制', '开展集中攻坚', '实行领导包保')}，涉及企业"
        yield stranger(f"{scene.chance.randint(11, 60)}家企业")
        yield f"。\n整改时限：{scene.year}年12月31日前达到"
        yield item.target()
        yield "。\n责任处室：高新处\n"
    for area in scene.areas:
        low = min(area.slots, key=lambda each: each[1].value)
        high = max(area.slots, key=lambda each: each[1].value)
        yield f"县区问题：{area.name}不平衡，最高的{high[0]}"
        yield high[1]
        yield f"，最低的{low[0]}"
        yield low[1]
        yield "。\n"


def chronicle(scene: Scene) -> Iterable[Piece]:
    """What happened, by days; month-ends are dates."""
    yield f"云澜科技{scene.year}年大事记（节选）\n"
    yield "1月15日，全市科技工作会议召开，会议明确，今年"
    for index, item in enumerate(scene.items[:3]):
        yield "，" if index else ""
        yield f"{WORDS[item.name][0][0]}目标"
        yield item.target()
    yield "。\n3月22日，市科技局赴上海招商，签约项目"
    yield stranger("7个")
    yield "、总投资"
    yield stranger("12.8亿元")
    yield "。\n"
    for back in (2, 1):
        yield f"{scene.month - back}月{'31' if scene.month - back in (7, 8) else '30'}日，月度调度显示，"
        for index, item in enumerate(scene.items):
            fact = item.wrong["stale"][-back]
            yield "，" if index else ""
            yield f"{noun(item, scene.chance)}"
            yield Slot("earlier", fact, number(fact), fact.unit, {"period": (item.now,)})
        yield "。\n"
    yield f"{scene.month}月31日，月度调度显示，"
    for index, item in enumerate(scene.items):
        yield "，" if index else ""
        yield f"{noun(item, scene.chance)}"
        yield item.achieved(scene.chance)
    yield "。\n"
    for area in scene.areas:
        yield f"{scene.month + 1}月5日，各县区{area.name}最新数据公布："
        for index, (name, slot) in enumerate(area.slots):
            yield "、" if index else ""
            yield name
            yield slot
        yield "。\n"


FINALS: dict[str, Style] = {each.__name__: each for each in (career, talk, analysis, broadcast, rectify, chronicle)}
