"""Three papers of a fifth round, plain ones again: how the year's plan is carried out, a morning meeting, a page for visitors."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.items import Slot
from bench.factcheck.phrases import (
    WORDS,
    bare,
    gained,
    growth,
    is_count,
    nearly,
    noun,
    number,
    said,
    short_of_target,
    year_on_year,
)
from bench.factcheck.strangers import stranger
from bench.factcheck.styles import Piece, Scene, Style


def execution(scene: Scene) -> Iterable[Piece]:
    """How the year's plan is carried out, for the planning commission: a table, then words on each row."""
    yield f"关于{scene.year}年科技创新计划执行情况的报告\n市发展改革委：\n"
    yield f"按照要求，现将我局承担的{scene.year}年国民经济和社会发展计划科技指标1—{scene.month}月执行情况报告如下。\n"
    yield "| 指标名称 | 计量单位 | 计划目标 | 1—10月实际 | 完成进度（%） |\n| --- | --- | --- | --- | --- |\n"
    for item in scene.items:
        yield f"| {noun(item, scene.chance)} | {item.now.unit} | "
        yield bare(item.target())
        yield " | "
        yield bare(item.achieved(scene.chance))
        yield " | "
        yield bare(item.rate())
        yield " |\n"
    yield "主要指标分析如下：\n"
    for item in scene.items:
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("实现", "达到", "为"))
        if (more := growth(item)) is not None:
            yield f"，{'增长' if more.value > 0 else '下降'}"
            yield Slot("rate", None, abs(more.value), "%")
        elif number(item.now) < number(item.floor):
            yield "，与计划目标相差"
            yield short_of_target(item)
        yield f"，{scene.pick('总体符合预期', '好于预期', '运行平稳')}。"
    yield "\n全社会用电量"
    yield stranger("96.4亿千瓦时")
    yield "等相关情况由有关部门另行报送。\n"


def morning(scene: Scene) -> Iterable[Piece]:
    """Words at a morning meeting, taken down."""
    yield f"周一晨会记录\n{scene.year}年{scene.month + 1}月9日  三楼会议室\n"
    yield "局长：先过一遍数，各处室对一下。\n"
    for item in scene.items:
        yield f"{scene.pick('高新处', '成果处', '规划处', '人才处')}：{noun(item, scene.chance)}"
        yield scene.pick("到10月底是", "目前", "现在是")
        yield item.achieved(scene.chance)
        if is_count(item):
            yield "，其中10月份"
            yield gained(item)
        if number(item.now) < number(item.floor):
            yield "，离全年目标还差"
            yield short_of_target(item)
        else:
            yield "，全年目标已经完成"
        yield "。\n"
    yield "局长：县区那边呢？\n综合处："
    for index, area in enumerate(scene.areas):
        yield "；" if index else ""
        yield f"{area.name}，"
        for place, (name, slot) in enumerate(area.slots[:3]):
            yield "，" if place else ""
            yield name
            yield slot
    yield "。\n局长：好，散会。\n"


def visitors(scene: Scene) -> Iterable[Piece]:
    """A page for visitors from other cities: last year beside this, round figures."""
    yield "云澜市科技创新情况简介\n云澜市面积"
    yield stranger("1.2万平方公里")
    yield "，辖"
    yield stranger("6个县区")
    yield "，高校"
    yield stranger("8所")
    yield f"。\n近年来，我市大力实施创新驱动发展战略。截至{scene.year}年{scene.month}月底，"
    for index, item in enumerate(scene.items):
        yield "；" if index else ""
        slot = nearly(item, scene.chance) if scene.chance.random() < 0.3 else item.achieved(scene.chance)
        yield from said(item, slot, scene.chance, verbs=("", "达", "为"))
        if item.of_last_year is not None and scene.chance.random() < 0.5:
            yield f"（{scene.year - 1}年为"
            yield item.earlier(item.of_last_year, scene.chance)
            yield "）"
        elif (more := year_on_year(item)) is not None:
            yield f"，较上年同期{'增加' if number(item.now) > number(item.year_ago) else '减少'}"
            yield more
    yield "。\n到年底，"
    for item in scene.items[:2]:
        yield f"{WORDS[item.name][0][0]}预期目标"
        yield item.target()
        yield "，"
    yield "欢迎各位领导和朋友莅临指导！\n"


PLAIN: dict[str, Style] = {each.__name__: each for each in (execution, morning, visitors)}
