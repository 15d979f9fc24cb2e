"""Eight ways in which a bureau words the same figures. Four were used while the engine was written, four kept closed
until it read those without a fault; what they showed then was mended, and they count as used since."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.factcheck.items import Area, Item, Slot
from bench.factcheck.strangers import Stranger

Piece = str | Slot | Stranger
SECTIONS = ("企业培育", "创新投入", "成果转化", "人才引育", "科技金融", "平台建设")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a draft is about: the indicators and counties drawn for it, the year and month it speaks of."""

    items: tuple[Item, ...]
    areas: tuple[Area, ...]
    year: int
    month: int
    chance: random.Random

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)


def _say(scene: Scene, item: Item, verbs: Sequence[str], *, may_be_rough: bool = False) -> list[Piece]:
    """One achieved figure as a subject with a verb or as a deed around it."""
    is_rough = may_be_rough and scene.chance.random() < 0.3
    slot = item.roughly(scene.chance) if is_rough else item.achieved(scene.chance)
    verbs = [verb for verb in verbs if not slot.rough or len(verb) < 2] or [""]
    forms = [*(f"{noun}{verb}{{n}}" for noun in item.nouns for verb in verbs), *item.deeds]
    before, _, after = scene.chance.choice(forms).partition("{n}")
    return [before, slot, after]


def speech(scene: Scene) -> Iterable[Piece]:
    """A leader's speech at a meeting."""
    yield f"在全市科技工作推进会上的讲话\n（{scene.year}年{scene.month + 1}月）\n同志们：\n"
    yield "今天会议的任务，是看清形势、压实责任。下面我讲三点意见。\n"
    half = len(scene.items) // 2
    yield "一、成绩来之不易。今年以来，各级各部门攻坚克难，"
    for number, item in enumerate(scene.items[:half]):
        yield "，" if number else ""
        yield from _say(scene, item, ("", "达到", "增加到", "已经有"), may_be_rough=True)
        if item.floor is not None and scene.chance.random() < 0.5 and item.nouns:
            yield "，离"
            yield item.target()
            yield "的年度目标更近了"
    yield "。这些成绩，是大家一道干出来的。\n二、差距不容忽视。"
    for item in scene.items[half:]:
        yield f"截至{scene.month}月底，全市"
        yield from _say(scene, item, ("为", "只有"))
        yield scene.pick("，进度还不够理想。", "，压力不小。", "，还要再加把劲。")
    yield "\n三、责任必须压实。"
    hoped = [item for item in scene.items if item.stretch is not None]
    for item in hoped:
        yield f"{item.nouns[0]}要确保"
        yield item.target()
        yield "、力争"
        yield item.hoped()
        yield "，没有退路。"
    yield "同志们，行百里者半九十，让我们一起努力。\n"


def bulletin(scene: Scene) -> Iterable[Piece]:
    """The month's bulletin of key figures."""
    yield f"关于{scene.year}年1—{scene.month}月全市科技工作主要指标完成情况的通报\n"
    yield f"现将1—{scene.month}月主要指标完成情况通报如下。\n一、总体情况\n"
    for number, item in enumerate(scene.items, start=1):
        yield f"（{'一二三四五六七八九十'[number - 1]}）{scene.chance.choice(SECTIONS)}。1—{scene.month}月，全市"
        yield from _say(scene, item, ("", "为", "完成"))
        if item.floor is not None:
            yield "，完成年度目标（"
            yield item.target()
            yield "）的"
            yield item.rate()
        if item.year_ago is not None and scene.chance.random() < 0.5:
            yield "，上年同期为"
            yield item.earlier(item.year_ago, scene.chance)
        yield "。\n"
    yield "二、县区情况\n"
    for area in scene.areas:
        yield f"{area.name}方面，"
        for number, (name, slot) in enumerate(area.slots):
            yield f"{'、' if number else ''}{name}"
            yield slot
        yield "。\n"


def lines(scene: Scene) -> Iterable[Piece]:
    """Lines that look like a table without being one."""
    yield f"{scene.year}年{scene.month}月科技指标一览\n"
    for item in scene.items:
        noun = item.nouns[0] if item.nouns else item.name
        yield f"{noun}："
        if item.floor is not None:
            yield "年度目标"
            yield item.target()
            yield "，累计完成"
        else:
            yield "累计完成"
        yield item.achieved(scene.chance)
        if item.floor is not None and scene.chance.random() < 0.6:
            yield "，完成率"
            yield item.rate()
        yield "\n"
    for area in scene.areas:
        yield f"各县区{area.name}情况：\n"
        for name, slot in area.slots:
            yield f"{name}："
            yield slot
            yield "\n"


def counties(scene: Scene) -> Iterable[Piece]:
    """A report on counties, with lists shared out by 分别."""
    yield f"{scene.year}年{scene.month}月县区科技工作调度情况\n一、全市情况\n截至{scene.month}月底，"
    for number, item in enumerate(scene.items[:3]):
        yield "；" if number else ""
        yield from _say(scene, item, ("达到", "为"))
    yield "。\n二、分县区情况\n"
    for area in scene.areas:
        if scene.chance.random() < 0.5:
            for name, slot in area.slots:
                yield f"{name}{area.name}"
                yield slot
                yield "；"
            yield "其他县区按计划推进。\n"
            continue
        chosen = area.slots[:3]
        yield f"{area.name}，{'、'.join(name for name, _ in chosen)}分别为"
        for number, (_, slot) in enumerate(chosen):
            yield ("、" if number < len(chosen) - 1 else "和") if number else ""
            yield slot
        yield "。\n"


def news(scene: Scene) -> Iterable[Piece]:
    """A newspaper item."""
    yield f"云澜科技创新按下“加速键”\n本报讯（记者 江帆）{scene.month + 1}月6日，记者从市科技局获悉，"
    yield f"今年前{scene.month}个月，我市"
    for number, item in enumerate(scene.items):
        yield "；" if number and number % 2 == 0 else "，" if number else ""
        yield from _say(scene, item, ("达", "达到", "突增至"), may_be_rough=True)
        if item.year_ago is not None and scene.chance.random() < 0.4:
            yield "，而去年同期是"
            yield item.earlier(item.year_ago, scene.chance)
    yield "。\n“企业有需求，我们就有服务。”市科技局有关负责人介绍。"
    for area in scene.areas[:1]:
        name, slot = scene.chance.choice(area.slots)
        yield f"在{name}，今年以来已{area.name}"
        yield slot
        yield "。"
    hoped = [item for item in scene.items if item.floor is not None]
    for item in hoped[:2]:
        yield f"按照计划，今年{item.nouns[0] if item.nouns else item.name}的目标是"
        yield item.target()
        yield "。"
    yield "\n"


def bullets(scene: Scene) -> Iterable[Piece]:
    """Points jotted down for an oral report."""
    yield f"局长办公会汇报要点（{scene.year}年{scene.month}月）\n"
    for item in scene.items:
        yield scene.pick("- ", "· ", "● ")
        yield item.nouns[-1] if item.nouns else item.name
        yield scene.pick("：目前", "，到", "：干到了")
        yield item.achieved(scene.chance)
        if item.floor is not None:
            opening, closing = scene.chance.choice((("，目标", ""), ("，全年任务", ""), ("（年初定的", "）")))
            yield opening
            yield item.target()
            yield closing
        yield "\n"
    for area in scene.areas[:2]:
        yield f"- {area.name}："
        for number, (name, slot) in enumerate(area.slots[:4]):
            yield f"{'，' if number else ''}{name}"
            yield slot
        yield "\n"


def compared(scene: Scene) -> Iterable[Piece]:
    """A comparison with last year."""
    yield f"{scene.year}年与{scene.year - 1}年科技指标对比分析\n"
    for item in scene.items:
        if item.year_ago is not None:
            yield f"{scene.year - 1}年1—{scene.month}月，"
            yield f"{item.nouns[0] if item.nouns else item.name}为"
            yield item.earlier(item.year_ago, scene.chance)
            yield f"；{scene.year}年1—{scene.month}月为"
            yield item.achieved(scene.chance)
            yield "。\n"
        elif item.of_last_year is not None:
            yield f"{scene.year - 1}年全年，{item.nouns[0] if item.nouns else item.name}"
            yield item.earlier(item.of_last_year, scene.chance)
            yield f"；今年1—{scene.month}月"
            yield item.achieved(scene.chance)
            yield "。\n"
        else:
            yield f"今年1—{scene.month}月，"
            yield from _say(scene, item, ("为", "达到"))
            yield "，上年没有可比的数。\n"


def report(scene: Scene) -> Iterable[Piece]:
    """A written report with numbered clauses."""
    yield f"云澜市科学技术局关于{scene.year}年前{scene.month}个月工作情况的报告\n市政府：\n"
    yield "现将有关情况报告如下。\n一、主要做法和成效\n"
    for number, item in enumerate(scene.items):
        yield f"{'一二三四五六七八九十'[number]}是{scene.pick('着力', '持续', '扎实')}{scene.chance.choice(SECTIONS)}。"
        yield scene.pick("围绕重点产业，压实工作责任，", "坚持问题导向，逐项跟踪问效，", "")
        yield f"截至{scene.month}月末，"
        yield from _say(scene, item, ("达到", "累计达", "已达"))
        if item.floor is not None:
            yield "，占全年任务"
            yield item.target()
            yield "的"
            yield item.rate()
        yield "。\n"
    yield "二、县区推进情况\n"
    for area in scene.areas:
        ordered = sorted(area.slots, key=lambda pair: -pair[1].value)
        yield f"{area.name}数量居前的是{ordered[0][0]}（"
        yield ordered[0][1]
        yield f"）和{ordered[1][0]}（"
        yield ordered[1][1]
        yield "）。\n"


Style = Callable[[Scene], Iterable[Piece]]
TUNED: dict[str, Style] = {"speech": speech, "bulletin": bulletin, "lines": lines, "counties": counties}
CLOSED: dict[str, Style] = {"news": news, "bullets": bullets, "compared": compared, "report": report}
