"""Eight voices, written before the engine that was to read them was looked at. What they showed when they were first
opened stands in docs/methods/factcheck.md."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.items import Slot
from bench.factcheck.phrases import (
    WORDS,
    about,
    ahead_of_time,
    bare,
    gained,
    grouped,
    growth,
    is_ahead,
    is_count,
    last_month,
    nearly,
    noun,
    number,
    said,
    short_of_target,
    signed,
    spoken,
    year_on_year,
)
from bench.factcheck.strangers import stranger
from bench.factcheck.styles import Piece, Scene, Style

NUMBERS = "一二三四五六七八九十"


def mayor(scene: Scene) -> Iterable[Piece]:
    """A mayor speaks freely at a working meeting."""
    yield f"在市政府科技创新工作专题会上的讲话\n（{scene.year}年{scene.month + 1}月）\n各位局长、各位县区长：\n"
    yield "今天把大家请来，我不念稿子，就讲几句实在话。咱们市"
    yield stranger("四百一十万人口")
    yield "、去年"
    yield stranger("两千八百亿元")
    yield "的经济总量，家底摆在这里，没有科技这个变量，就追不上别人。\n"
    half = len(scene.items) // 2 + 1
    yield "先说成绩。这一年大家确实辛苦。"
    for item in scene.items[:half]:
        slot = item.achieved(scene.chance)
        if item.year_ago is not None and scene.chance.random() < 0.7:
            yield f"{noun(item, scene.chance)}，去年这个时候是"
            yield spoken(item.earlier(item.year_ago, scene.chance))
            yield "，现在是"
            yield spoken(slot)
            yield scene.pick("，这就是变化。", "，大家比一比。", "。")
        elif scene.chance.random() < 0.5:
            yield scene.pick("我看了一下报表，", "科技局给我报的数，", "到上个月底，")
            yield from said(item, spoken(slot), scene.chance, verbs=("已经到了", "做到了", "是"))
            yield scene.pick("，不容易。", "，这个数是实打实的。", "。")
        else:
            yield from said(item, nearly(item, scene.chance), scene.chance, verbs=("已经", "到了"))
            yield "，超出我的预期。"
    yield "\n再说问题。"
    for item in scene.items[half:]:
        if item.floor is None:
            continue
        yield f"{noun(item, scene.chance)}年初定的是"
        yield spoken(item.target())
        yield scene.pick("，到十月底", "，干了十个月，", "，眼下")
        yield scene.pick("只有", "是", "干到")
        yield spoken(item.achieved(scene.chance))
        if number(item.floor) > number(item.now):
            yield "，还差"
            yield spoken(short_of_target(item))
        yield scene.pick("，年底怎么交账？", "，剩下两个月怎么干，分管同志要拿出办法来。", "。")
    for area in scene.areas:
        ranked = sorted(area.slots, key=lambda each: -each[1].value)
        yield f"\n县区之间差别也不小。{area.name}，"
        yield scene.pick("干得最好的是", "最多的是", "排头的是") if area.name[-1] != "率" else "最高的是"
        yield f"{ranked[0][0]}，"
        yield ranked[0][1]
        yield f"；{ranked[-1][0]}"
        yield scene.pick("只有", "才")
        yield ranked[-1][1]
        yield "，回去要好好想一想。"
    yield "\n最后就一句话：说了算、定了干。\n"


def wechat(scene: Scene) -> Iterable[Piece]:
    """An article of the bureau's WeChat account: the number first, then what it is."""
    yield f"{scene.month}张海报，带你看懂云澜科技这一年！\n云澜科技 {scene.year}-{scene.month + 1}-08 09:30 发表于云澜\n"
    yield "时光不负赶路人。从实验室到生产线，从一纸专利到一个产业，今年以来云澜的创新故事每天都在上演。\n"
    for index, item in enumerate(scene.items, start=1):
        yield f"{index:02d}\n"
        turn = scene.chance.random()
        slot = item.achieved(scene.chance)
        if turn < 0.35:
            yield slot
            yield f"！\n这是截至{scene.month}月底全市{noun(item, scene.chance)}的最新数据。\n"
        elif turn < 0.7:
            yield grouped(slot)
            yield f"——{noun(item, scene.chance)}"
            if (more := growth(item)) is not None:
                yield f"，同比{'增长' if number(item.now) > number(item.year_ago) else '下降'}"
                yield _absolute(more)
            yield "。\n"
        else:
            yield "你知道吗？今年前十个月，我市"
            yield from said(item, grouped(slot), scene.chance, verbs=("达", "已达", "为"))
            if item.of_last_year is not None:
                yield "，而去年一整年是"
                yield item.earlier(item.of_last_year, scene.chance)
            yield "！\n"
        if item.stretch is not None:
            yield "年底前，这个数字有望达到"
            yield item.target()
            yield "，甚至冲上"
            yield item.hoped()
            yield "，一起期待～\n"
    yield "阅读 "
    yield stranger("3268次")
    yield "  点赞 "
    yield stranger("57人")
    yield "\n来源：市科技局  编辑：小云  审核：老澜\n"


def _absolute(slot: Slot) -> Slot:
    return Slot(slot.role, slot.fact, abs(slot.value), slot.unit, slot.wrong)


def selfreport(scene: Scene) -> Iterable[Piece]:
    """A county's bureau reports on itself, in the first person."""
    area = scene.areas[0]
    county, slot = scene.chance.choice(area.slots)
    we = {"区": "我区", "县": "我县"}.get(county[-1], "我园区")
    yield f"{county}关于{scene.year}年1—{scene.month}月科技创新工作情况的自查报告\n市科技局：\n"
    yield f"按照通知要求，我们对{scene.year}年以来的工作逐项进行了自查。{we}常住人口"
    yield stranger("46.8万人")
    yield f"，{scene.year - 1}年实现地区生产总值"
    yield stranger("318.6亿元")
    yield "。现将有关情况报告如下。\n一、工作完成情况\n"
    mine = [(area.name, slot)]
    for other in scene.areas[1:]:
        mine += [(other.name, each) for name, each in other.slots if name == county]
    for index, (name, each) in enumerate(mine):
        old = each.wrong["stale"][-1]
        share = each.unit == "%"
        yield f"{NUMBERS[index]}是{scene.pick('压实责任', '主动对接', '强化服务')}。截至{scene.month}月底，{we}{name}"
        yield scene.pick("达到", "为") if share else scene.pick("", "已完成")
        yield each
        gain = number(each.fact) - number(old)
        if gain > 0:
            yield f"，比{scene.month - 1}月底{'提高' if share else '增加'}"
            yield Slot("rate", None, gain, "百分点" if share else each.unit)
        yield "。\n"
    yield "二、对照全市的情况\n"
    for item in scene.items[:3]:
        yield f"从全市看，{scene.month}月底"
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("为", "达"))
        yield "，其中有我们的一份贡献。\n"
    yield f"三、存在问题\n与先进兄弟县区相比仍有差距。{area.name}方面，"
    rest = [(name, each) for name, each in area.slots if name != county][:2]
    for index, (name, each) in enumerate(rest):
        yield "，" if index else ""
        yield name
        yield scene.pick("已达", "是") if each.unit == "%" else scene.pick("已有", "完成了")
        yield each
    yield f"，而{we}是"
    yield slot
    yield "。下一步我们将加压奋进。\n"


def annex(scene: Scene) -> Iterable[Piece]:
    """Tables with units in their heads, and a page of remarks on them."""
    yield f"附件2\n{scene.year}年1—{scene.month}月全市科技创新主要指标进展表\n"
    yield f"| 序号 | 指标 | 单位 | 全年目标 | {scene.month}月底完成 | 完成率（%） | 上月末 |\n"
    yield "| --- | --- | --- | --- | --- | --- | --- |\n"
    for index, item in enumerate(scene.items, start=1):
        yield f"| {index} | {noun(item, scene.chance)} | {item.now.unit} | "
        yield bare(item.target()) if item.floor is not None else "—"
        yield " | "
        yield bare(item.achieved(scene.chance))
        yield " | "
        yield bare(item.rate()) if item.floor is not None else "—"
        yield " | "
        yield bare(last_month(item))
        yield " |\n"
    for area in scene.areas:
        yield f"分县区{area.name}情况（截至{scene.month}月底，单位：{area.slots[0][1].unit}）\n"
        yield "| 县（市、区） | " + " | ".join(name for name, _ in area.slots) + " |\n"
        yield f"| {area.name} | "
        for index, (_, slot) in enumerate(area.slots):
            yield " | " if index else ""
            yield bare(slot)
        yield " |\n"
    yield "说明：1．表中数据由各责任处室、县区报送；2．“—”表示不适用。\n"
    for item in scene.items:
        gap = number(item.floor) - number(item.now) if item.floor is not None else None
        if gap is None or gap == 0:
            continue
        yield f"{noun(item, scene.chance)}"
        yield "距全年目标尚差" if gap > 0 else "已超出全年目标"
        yield short_of_target(item)
        yield "。"
    yield "\n"


def reply(scene: Scene) -> Iterable[Piece]:
    """A reply to a committee member's proposal, in letters' wording."""
    yield "关于市政协五届五次会议第0216号提案的答复\n周委员：\n"
    yield "您提出的《关于以科技创新引领我市产业转型的建议》（第0216号）收悉。经商市财政局、市工信局，现答复如下：\n"
    yield "一、关于您反映的问题\n您在提案中指出，我市创新主体总量偏少、投入偏低，我们完全赞同。对比来看，"
    for index, item in enumerate(item for item in scene.items if item.of_last_year is not None):
        yield "；" if index else ""
        yield f"{scene.year - 1}年底{noun(item, scene.chance)}为"
        yield item.earlier(item.of_last_year, scene.chance)
        yield f"，到{scene.year}年{scene.month}月底"
        yield scene.pick("为", "是", "达到")
        yield item.achieved(scene.chance)
    yield "，总体向好，但与先进地区相比基础仍然薄弱。\n二、关于已经开展的工作\n"
    for index, item in enumerate(item for item in scene.items if item.of_last_year is None):
        yield f"（{NUMBERS[index]}）{scene.pick('持续加力', '靶向施策', '优化服务')}。今年以来，我们"
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("达到", "为"))
        if item.floor is not None and number(item.now) < number(item.floor):
            yield "，占年度任务的"
            yield item.rate()
        yield "。\n"
    yield "三、关于县区布局\n您建议加强对县区的支持。"
    for area in scene.areas:
        yield f"目前，{area.name}方面，"
        names = [name for name, _ in area.slots[:4]]
        yield f"{'、'.join(names[:-1])}和{names[-1]}分别为"
        for index, (_, slot) in enumerate(area.slots[:4]):
            yield "、" if index and index < 3 else "和" if index else ""
            yield slot
        yield "。"
    yield "\n感谢您对科技工作的关心支持！\n联系人：李某  电话：0000-8812345\n"


def newswire(scene: Scene) -> Iterable[Piece]:
    """A news brief for the city's paper."""
    first, *others = scene.items
    yield f"云澜：创新“加速度”跑出发展新动能\n本报讯（通讯员 江小澜）记者近日从市科技局获悉，今年1至{scene.month}月，全市"
    yield from said(first, first.achieved(scene.chance), scene.chance, verbs=("达", "达到", ""))
    if (more := growth(first)) is not None:
        yield f"，较去年同期{'增长' if number(first.now) > number(first.year_ago) else '下降'}"
        yield _absolute(more)
    yield "，交出了一份亮眼的成绩单。\n在位于云澜高新区的一家智能装备企业车间里，"
    yield stranger("12台")
    yield "机械臂正有条不紊地作业。“过去一年，我们研发人员增加了"
    yield stranger("30多人")
    yield "。”企业负责人说。\n"
    for item in others:
        turn = scene.chance.random()
        if turn < 0.3 and (more := year_on_year(item)) is not None:
            yield "数据显示，"
            yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("为", "已达"))
            yield f"，同比{'多' if number(item.now) > number(item.year_ago) else '少'}"
            yield more
        elif turn < 0.6 and is_count(item):
            yield f"仅{scene.month}月份，全市就"
            yield from said(item, gained(item), scene.chance, verbs=("达",))
            yield f"，前{scene.month}个月累计"
            yield item.achieved(scene.chance)
        else:
            yield scene.pick("与此同时，", "值得一提的是，", "据统计，")
            yield from said(item, about(item, scene.chance), scene.chance, verbs=("", "达"))
            if item.floor is not None and number(item.now) > number(item.floor):
                yield "，提前两个月实现全年"
                yield item.target()
                yield "的目标"
        yield "。\n"
    yield "下一步，市科技局将持续优化创新生态。\n"


def special(scene: Scene) -> Iterable[Piece]:
    """An internal brief to the leaders: pace, the month, the year before, and who lags."""
    yield f"科技专报\n第{scene.month + 7}期\n全市科技创新指标运行分析（1—{scene.month}月）\n"
    yield f"{scene.month}月末，序时进度为"
    yield stranger("83.3%")
    yield "。从监测情况看，主要指标运行呈现以下特点。\n一、多数指标快于时序\n"
    for item in scene.items:
        if item.floor is None or item.now.unit == "%":
            continue
        yield f"{noun(item, scene.chance)}完成"
        yield item.achieved(scene.chance)
        yield "，为年度目标的"
        yield item.rate()
        yield f"，{'快于' if is_ahead(item, scene.month) else '慢于'}时序进度"
        yield ahead_of_time(item, scene.month)
        yield "。"
    yield "\n二、月度变化有快有慢\n"
    for item in scene.items:
        change = "提高" if item.now.unit == "%" else "增加"
        yield f"{noun(item, scene.chance)}由{scene.month - 1}月末的"
        yield last_month(item)
        yield f"升至{scene.month}月末的"
        yield item.achieved(scene.chance)
        yield f"，环比{change}"
        yield gained(item)
        yield "；"
    yield "总体平稳。\n三、同比走势向好\n"
    for item in scene.items:
        if (more := growth(item)) is None:
            continue
        yield f"{noun(item, scene.chance)}上年同期为"
        yield item.earlier(item.year_ago, scene.chance)
        yield f"，今年{'增长' if number(item.now) > number(item.year_ago) else '下降'}"
        yield _absolute(more)
        yield "。"
    yield "\n四、县区分化明显\n"
    for area in scene.areas:
        ranked = sorted(area.slots, key=lambda each: -each[1].value)
        yield f"{area.name}居前的是{ranked[0][0]}（"
        yield ranked[0][1]
        yield f"）、{ranked[1][0]}（"
        yield ranked[1][1]
        yield f"），靠后的是{ranked[-1][0]}（"
        yield ranked[-1][1]
        yield "）。"
    yield "\n"


def slides(scene: Scene) -> Iterable[Piece]:
    """Slides: a heading and a line of figures under it."""
    yield f"全市科技创新工作汇报\n市科技局  {scene.year}.{scene.month + 1}\n【Part 1 总体情况】\n"
    for item in scene.items:
        yield f"■ {noun(item, scene.chance)}\n"
        yield "✓ 目标 "
        yield item.target()
        yield " → 完成 "
        yield item.achieved(scene.chance)
        if number(item.now) < number(item.floor):
            yield "（"
            yield item.rate()
            yield "）"
        yield "\n"
        if (more := growth(item)) is not None:
            yield "✓ 同比"
            yield signed(more)
            yield "  去年同期："
            yield item.earlier(item.year_ago, scene.chance)
            yield "\n"
    yield f"【Part 2 县区对比（{scene.month}月底）】\n"
    for area in scene.areas:
        yield f"■ {area.name}\n"
        for name, slot in area.slots:
            yield f"● {name} "
            yield slot
            yield "\n"
    yield "【Part 3 下步打算】\n"
    hoped = [item for item in scene.items if item.stretch is not None]
    for item in hoped:
        yield f"● {WORDS[item.name][0][0]}：保"
        yield item.target()
        yield "、争"
        yield item.hoped()
        yield "\n"
    yield "谢谢！\n"


VOICES: dict[str, Style] = {
    each.__name__: each for each in (mayor, wechat, selfreport, annex, reply, newswire, special, slides)
}
