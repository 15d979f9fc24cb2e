"""Four ordinary papers, not written to break anything: a work brief, a report to the province, a signed article, a flash
of data."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.items import Slot
from bench.factcheck.phrases import (
    WORDS,
    about,
    gained,
    grouped,
    growth,
    is_count,
    last_month,
    nearly,
    noun,
    number,
    said,
    short_of_target,
    year_on_year,
)
from bench.factcheck.strangers import stranger
from bench.factcheck.styles import Piece, Scene, Style


def brief_of_work(scene: Scene) -> Iterable[Piece]:
    """The bureau's own brief, as the office writes it every month."""
    yield f"科技工作简报\n第{scene.month}期（总第{scene.month + 88}期）\n{scene.year}年{scene.month + 1}月10日\n"
    yield f"【指标动态】{scene.month}月，全市科技工作稳中有进。"
    for item in scene.items:
        yield from said(item, item.achieved(scene.chance), scene.chance, verbs=("达到", "为", ""))
        if number(item.now) < number(item.floor):
            yield "，完成年度目标任务的"
            yield item.rate()
            yield "，距目标还差"
            yield short_of_target(item)
        elif (more := year_on_year(item)) is not None:
            yield f"，同比{'提高' if item.now.unit == '%' else '增加'}"
            yield more
        else:
            yield "，已提前完成年度目标（"
            yield item.target()
            yield "）"
        yield "。"
    yield "\n【县区动态】"
    for area in scene.areas:
        (one, first), (two, second), *_ = area.slots
        yield f"{area.name}方面，{one}"
        yield scene.pick("达到", "完成", "为") if first.unit != "%" else "达到"
        yield first
        yield f"，{two}"
        yield scene.pick("达到", "完成", "为") if second.unit != "%" else "为"
        yield second
        yield "。"
    yield "\n【部门动态】11月3日，市科技局举办政策宣讲会，"
    yield stranger("126人")
    yield "参加。\n报：市委办、市政府办。\n"


def to_the_province(scene: Scene) -> Iterable[Piece]:
    """The city reports to the province's department."""
    yield f"云澜市科学技术局关于{scene.year}年以来科技创新工作进展情况的汇报\n省科技厅：\n"
    yield f"{scene.year}年以来，在省科技厅的关心指导下，我市深入实施创新驱动发展战略，各项工作取得积极进展。现汇报如下：\n"
    yield "一、主要指标完成情况\n"
    for index, item in enumerate(scene.items, start=1):
        yield f"{index}. {noun(item, scene.chance)}。年度目标"
        yield item.target()
        yield f"，截至{scene.month}月底{scene.pick('完成', '实际完成', '已完成')}"
        yield item.achieved(scene.chance)
        if number(item.now) < number(item.floor):
            yield "，完成率"
            yield item.rate()
        if item.year_ago is not None:
            yield "（上年同期"
            yield item.earlier(item.year_ago, scene.chance)
            yield "）"
        yield "。\n"
    yield "二、面临的困难\n我市共有规上工业企业"
    yield stranger("1286家")
    yield "，多数企业研发投入不足。县区之间不够均衡，"
    for area in scene.areas:
        low = min(area.slots, key=lambda each: each[1].value)
        yield f"{low[0]}{area.name}仅{'为' if low[1].unit == '%' else ''}"
        yield low[1]
        yield "；"
    yield "人才引进力度有待加大。\n三、有关建议\n恳请省厅在项目资金上给予我市"
    yield stranger("5000万元")
    yield "支持。\n"


def signed_article(scene: Scene) -> Iterable[Piece]:
    """An article signed by the director, in the city's paper."""
    yield "以科技创新塑造发展新优势\n市科技局党组书记、局长  江某某\n"
    yield "科技兴则城市兴，创新强则产业强。今年以来，全市科技系统锚定目标、真抓实干，交出了一份沉甸甸的答卷。\n"
    for item in scene.items:
        yield scene.pick("我们坚持以企业为主体。", "我们坚持把成果转化摆在突出位置。", "我们坚持人才是第一资源。")
        turn = scene.chance.random()
        if turn < 0.35:
            yield "目前，全市"
            yield from said(item, nearly(item, scene.chance), scene.chance, verbs=("已达", ""))
        elif turn < 0.6:
            yield f"前{scene.month}个月，"
            yield from said(item, about(item, scene.chance), scene.chance, verbs=("达", ""))
        else:
            yield f"1至{scene.month}月，"
            yield from said(item, grouped(item.achieved(scene.chance)), scene.chance, verbs=("达", "达到"))
            if (more := growth(item)) is not None:
                yield f"，同比{'增长' if number(item.now) > number(item.year_ago) else '下降'}"
                yield Slot("rate", None, abs(more.value), "%")
        yield scene.pick("，创新活力不断迸发。\n", "，发展动能更加强劲。\n", "。\n")
    yield "面向未来，我们将聚焦年度目标不放松，"
    for item in [item for item in scene.items if item.stretch is not None]:
        yield f"确保{WORDS[item.name][0][0]}达到"
        yield item.target()
        yield "、力争达到"
        yield item.hoped()
        yield "，"
    yield "为加快建设现代化云澜贡献科技力量。\n"


def flash(scene: Scene) -> Iterable[Piece]:
    """A flash of data by somebody who counts: the month, the sum, last month, last year."""
    yield f"云澜科技数据快报（{scene.year}年{scene.month}月）\n"
    for item in scene.items:
        yield f"◆{noun(item, scene.chance)}："
        if is_count(item):
            yield f"{scene.month}月份新增"
            yield gained(item)
            yield "，年内累计"
        else:
            yield f"{scene.month}月末为"
        yield item.achieved(scene.chance)
        if scene.chance.random() < 0.5:
            yield "，上月末为"
            yield last_month(item)
        if item.year_ago is not None:
            yield "，上年同期为"
            yield item.earlier(item.year_ago, scene.chance)
        yield "。\n"
    yield "◆分县区：\n"
    for area in scene.areas:
        yield f"{area.name}——"
        for index, (name, slot) in enumerate(area.slots):
            yield "；" if index else ""
            yield f"{name}："
            yield slot
        yield "。\n"
    yield "注：数据为快报数，以年报为准。\n"


ORDINARY: dict[str, Style] = {each.__name__: each for each in (brief_of_work, to_the_province, signed_article, flash)}
