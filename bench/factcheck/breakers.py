"""Six more voices, written to break what the eight before had taught: shares told in one breath, series over years and
months, label and figure on lines of their own, forecasts and next year's aims that no ledger holds."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.items import Item, Slot
from bench.factcheck.phrases import (
    WORDS,
    bare,
    gained,
    growth,
    is_count,
    last_month,
    noun,
    number,
    said,
    short_of_target,
    spoken,
    year_on_year,
)
from bench.factcheck.strangers import stranger
from bench.factcheck.styles import Piece, Scene, Style

NUMBERS = "一二三四五六七八九十"


def council(scene: Scene) -> Iterable[Piece]:
    """Minutes: what the meeting heard, thought and asked for; shares of several aims in one breath."""
    yield f"市科技局局务会议纪要\n（{scene.year}年第{scene.month + 9}次）\n"
    yield f"{scene.year}年{scene.month + 1}月6日，局主要负责同志主持召开局务会议，"
    yield f"听取1—{scene.month}月重点指标情况汇报，研究收官阶段工作。纪要如下：\n"
    low = [item for item in scene.items if number(item.now) < number(item.floor)]
    yield f"会议指出，截至{scene.month}月底，"
    for index, item in enumerate(low[:3]):
        yield "、" if index else ""
        yield f"{WORDS[item.name][0][0]}"
        yield item.achieved(scene.chance)
    yield "，分别完成年度任务的"
    for index, item in enumerate(low[:3]):
        yield "、" if index else ""
        yield item.rate()
    yield "，有关处室要倒排工期。\n"
    yield "会议听取了其余指标的情况，"
    for index, item in enumerate(item for item in scene.items if item not in low[:3]):
        yield "，" if index else ""
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("为", "已达"))
        if number(item.now) > number(item.floor):
            yield "（年度目标"
            yield item.target()
            yield "，已提前完成）"
    yield "。会议认为，全年任务总体可期。\n会议要求，"
    for index, item in enumerate(low):
        yield "；" if index else ""
        yield f"{noun(item, scene.chance)}12月20日前必须达到"
        yield item.target()
        yield "，剩余"
        yield short_of_target(item)
        yield "要落实到人"
    yield "。会议还研究了明年工作，初步考虑技术合同成交额安排"
    yield stranger("76亿元")
    yield "左右、科技创新券安排"
    yield stranger("880万元")
    yield "。\n出席：（略）\n"


def podium(scene: Scene) -> Iterable[Piece]:
    """A press conference: questions, and answers that point back."""
    yield f"“云澜高质量发展”系列新闻发布会（科技专场）实录\n时间：{scene.year}年{scene.month + 1}月12日  地点：市新闻发布厅\n"
    yield "主持人：各位记者朋友，大家上午好！今天到场的有来自中央、省、市的"
    yield stranger("36家媒体")
    yield "。\n"
    for item in scene.items:
        yield f"记者：请问{noun(item, scene.chance)}方面进展如何？\n"
        yield f"发言人：谢谢您的提问。截至{scene.month}月底，这项指标"
        yield scene.pick("为", "已经达到", "是")
        yield item.achieved(scene.chance)
        if (more := year_on_year(item)) is not None:
            yield "，去年同期是"
            yield item.earlier(item.year_ago, scene.chance)
            yield f"，{'增加' if number(item.now) > number(item.year_ago) else '减少'}了"
            yield more
        elif item.of_last_year is not None:
            yield f"，{scene.year - 1}年全年是"
            yield item.earlier(item.of_last_year, scene.chance)
        yield "。"
        if item.stretch is not None:
            yield "我们全年的目标是不少于"
            yield item.target()
            yield "，同时瞄准"
            yield item.hoped()
            yield "去努力。"
        yield "\n"
    yield "主持人：今天的发布会到此结束，谢谢大家！\n"


def poster(scene: Scene) -> Iterable[Piece]:
    """A page of figures to be read at a glance: label, figure and change on lines of their own."""
    yield f"一图读懂 | {scene.year}年1—{scene.month}月云澜科技成绩单\n"
    for item in scene.items:
        yield f"{noun(item, scene.chance)}\n"
        yield item.achieved(scene.chance)
        yield "\n"
        if (more := growth(item)) is not None:
            rises = number(item.now) > number(item.year_ago)
            yield "同比 ↑ " if rises else "同比 ↓ "
            yield Slot("rate", None, abs(more.value), more.unit)
            yield "\n"
        elif number(item.now) < number(item.floor):
            yield "完成全年目标 "
            yield item.rate()
            yield "\n"
        else:
            yield "超额完成全年目标（"
            yield item.target()
            yield "）\n"
    yield "县区亮点\n"
    for area in scene.areas:
        best = max(area.slots, key=lambda each: each[1].value)
        yield f"{best[0]} | {area.name} | "
        yield best[1]
        yield "\n"
    yield "数据来源：市科技局\n"


def supervise(scene: Scene) -> Iterable[Piece]:
    """The supervision office reports: what lags, in brackets, and each county's standing."""
    yield f"督查专报\n关于1—{scene.month}月科技创新重点指标推进情况的督查通报\n各县区、各处室：\n"
    yield f"按照年度督查计划，市科技局督查组对{scene.year}年以来指标推进情况开展了专项督查，发现完成率低于90%的指标有"
    yield stranger("3项")
    yield "，涉及处室"
    yield stranger("4个")
    yield "。\n一、进度情况\n"
    low = [item for item in scene.items if number(item.now) < number(item.floor)]
    if low:
        yield "尚未完成年度任务的有："
        for index, item in enumerate(low):
            yield "、" if index else ""
            yield f"{WORDS[item.name][0][0]}（目标"
            yield item.target()
            yield "，完成"
            yield item.achieved(scene.chance)
            yield "，完成率"
            yield item.rate()
            yield "）"
        yield "。\n"
    for item in scene.items:
        if item in low:
            continue
        yield f"已完成年度任务的有：{WORDS[item.name][0][0]}（目标"
        yield item.target()
        yield "，完成"
        yield item.achieved(scene.chance)
        yield "）。\n"
    yield "二、当月进展\n"
    for item in scene.items:
        if not is_count(item):
            continue
        yield f"{WORDS[item.name][0][-1]}{scene.month}月当月"
        yield scene.pick("新增", "完成", "")
        yield gained(item)
        yield f"，较{scene.month - 1}月底的"
        yield last_month(item)
        yield "继续推进；"
    yield "其他指标按季统计。\n三、县区情况\n"
    for area in scene.areas:
        top, *_, low_one = sorted(area.slots, key=lambda each: -each[1].value)
        yield f"{top[0]}{area.name}"
        yield scene.pick("达", "为", "")
        yield top[1]
        yield f"，位列各县区第一；{low_one[0]}仅"
        yield low_one[1]
        yield "，在各县区中排名靠后，须说明原因。\n"
    yield "请于本月底前将整改情况报督查室。\n"


def survey(scene: Scene) -> Iterable[Piece]:
    """A survey report: series over years and months, counties beside each other in one table."""
    yield f"关于我市科技创新能力建设的调研报告\n{scene.year}年{scene.month + 1}月，调研组赴各县区实地走访企业"
    yield stranger("42家")
    yield "、召开座谈会"
    yield stranger("9场")
    yield "，形成如下报告。\n一、发展现状\n"
    for item in scene.items:
        older = _of_two_years_ago(item)
        if item.year_ago is not None and older is not None:
            years = "、".join(f"{scene.year - back}年1—{scene.month}月" for back in (2, 1, 0))
            yield f"{noun(item, scene.chance)}逐年变化，{years}分别为"
            yield older
            yield "、"
            yield item.earlier(item.year_ago, scene.chance)
            yield "和"
            yield item.achieved(scene.chance)
        elif scene.chance.random() < 0.5:
            eight, nine = item.wrong["stale"][-2:]
            yield f"从近三个月看，{noun(item, scene.chance)}{scene.month - 2}月末、{scene.month - 1}月末、{scene.month}月末分别为"
            yield Slot("earlier", eight, number(eight), eight.unit, {"period": (item.now,)})
            yield "、"
            yield Slot("earlier", nine, number(nine), nine.unit, {"period": (item.now,)})
            yield "、"
            yield item.achieved(scene.chance)
        else:
            yield f"{scene.month}月末，"
            yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("为", "达"))
            yield "，预计全年可达"
            yield stranger(f"{number(item.floor) + 3}{item.floor.unit}")
        yield "。\n"
    yield "二、县区比较\n"
    names = [name for name, _ in scene.areas[0].slots]
    names = [name for name in names if all(name in dict(area.slots) for area in scene.areas)]
    yield "| 县区 | " + " | ".join(f"{area.name}（{area.slots[0][1].unit}）" for area in scene.areas) + " |\n"
    yield "| --- |" + " --- |" * len(scene.areas) + "\n"
    for name in names:
        yield f"| {name} |"
        for area in scene.areas:
            yield " "
            yield bare(dict(area.slots)[name])
            yield " |"
        yield "\n"
    yield "三、几点思考\n全市"
    yield stranger("1250家规上工业企业")
    yield "中，仍有相当一部分没有研发活动，短板明显。\n"


def _of_two_years_ago(item: Item) -> Slot | None:
    fact = next((each for each in item.wrong["period"] if each.period.last == item.now.period.last - 24), None)
    return None if fact is None else Slot("earlier", fact, number(fact), fact.unit, {"period": (item.now,)})


def congress(scene: Scene) -> Iterable[Piece]:
    """A report to the standing committee of the people's congress, with figures in Chinese numerals now and then."""
    yield f"关于{scene.year}年科技创新工作情况的报告\n——在市人大常委会第三十一次会议上\n主任、各位副主任、秘书长、各位委员：\n"
    yield "受市人民政府委托，现将今年以来全市科技创新工作情况报告如下，请予审议。\n一、主要工作及成效\n"
    for index, item in enumerate(scene.items):
        yield f"（{NUMBERS[index]}）{scene.pick('创新主体持续壮大', '创新投入稳步增加', '成果转化提质增效')}。"
        yield scene.pick("坚持把企业作为创新主体，", "健全工作机制，", "深化改革攻坚，")
        turn = scene.chance.random()
        slot = item.achieved(scene.chance)
        if turn < 0.3:
            yield from said(item, spoken(slot), scene.chance, verbs=("达到", "为"))
        else:
            yield from said(item, slot, scene.chance, verbs=("达到", "为", "达"))
        if (more := year_on_year(item)) is not None and turn > 0.5:
            yield f"，比上年同期{'增加' if number(item.now) > number(item.year_ago) else '减少'}"
            yield more
        elif number(item.now) < number(item.floor):
            yield "，完成年度计划（"
            yield item.target()
            yield "）的"
            yield item.rate()
        else:
            yield "，高于年度计划"
            yield short_of_target(item)
        yield "。\n"
    yield "二、存在的主要问题\n一是投入强度与全省"
    yield stranger("2.9%")
    yield "的平均水平仍有差距；二是区域发展不平衡，"
    for area in scene.areas:
        ranked = sorted(area.slots, key=lambda each: -each[1].value)
        yield f"如{area.name}，{ranked[0][0]}、{ranked[1][0]}、{ranked[-1][0]}分别为"
        yield ranked[0][1]
        yield "、"
        yield ranked[1][1]
        yield "、"
        yield ranked[-1][1]
        yield "；"
    yield "三是人才支撑不足。\n三、下一步打算\n"
    for item in scene.items:
        if item.stretch is not None:
            yield f"全力冲刺年度目标，确保{WORDS[item.name][0][0]}不低于"
            yield item.target()
            yield "，力争"
            yield item.hoped()
            yield "。"
    yield f"谋划{scene.year + 1}年工作，初步提出技术合同成交额突破"
    yield stranger("80亿元")
    yield "的预期目标。\n以上报告，请予审议。\n"


BREAKERS: dict[str, Style] = {each.__name__: each for each in (council, podium, poster, supervise, survey, congress)}
