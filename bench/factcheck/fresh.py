"""Four more ways of wording, written after the eight of `styles` had been opened, and then opened too."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.styles import Piece, Scene, Style, _say


def brief(scene: Scene) -> Iterable[Piece]:
    """A work brief: number before the thing, last year in brackets."""
    yield f"科技工作简报\n第{scene.month}期\n云澜市科学技术局　{scene.year}年{scene.month + 1}月8日\n"
    yield f"{scene.month}个月来，全市科技战线紧盯目标不松劲。"
    for item in scene.items:
        yield "全市"
        yield from _say(scene, item, ("稳定在", "升至", ""))
        if item.year_ago is not None:
            yield "（上年同期"
            yield item.earlier(item.year_ago, scene.chance)
            yield "）"
        if item.floor is not None and scene.chance.random() < 0.5:
            yield "，对照"
            yield item.target()
            yield "的全年目标，序时进度总体可控"
        yield "。"
    yield "\n"
    for area in scene.areas:
        best = max(area.slots, key=lambda pair: pair[1].value)
        yield f"县区中，{best[0]}{area.name}最多，达到"
        yield best[1]
        yield "。"
    yield "\n"


def interview(scene: Scene) -> Iterable[Piece]:
    """Questions and answers."""
    yield f"市科技局负责人就{scene.year}年前{scene.month}个月科技工作答记者问\n"
    for item in scene.items:
        noun = item.nouns[0] if item.nouns else item.name
        yield f"问：{noun}今年进展怎么样？\n答："
        yield scene.pick("谢谢提问。", "这个问题很多人关心。", "")
        yield f"截至{scene.month}月底，这项数据是"
        yield item.achieved(scene.chance)
        if item.floor is not None:
            yield "，全年的目标是"
            yield item.target()
        if item.stretch is not None:
            yield "，我们还想再努努力，力争"
            yield item.hoped()
        yield "。\n"


def tables(scene: Scene) -> Iterable[Piece]:
    """Tables as Word gives them, and a line or two around."""
    yield f"{scene.year}年1—{scene.month}月全市科技创新主要指标完成情况表\n"
    yield f"| 序号 | 指标名称 | 年度目标 | 1—{scene.month}月完成 |\n"
    for number, item in enumerate(scene.items, start=1):
        yield f"| {number} | {item.name} | "
        if item.floor is not None:
            yield item.target()
        else:
            yield "—"
        yield " | "
        yield item.achieved(scene.chance)
        yield " |\n"
    for area in scene.areas:
        yield f"{scene.year}年1—{scene.month}月各县区{area.name}完成情况\n| 县区 | {area.name} |\n"
        for name, slot in area.slots:
            yield f"| {name} | "
            yield slot
            yield " |\n"


def minutes(scene: Scene) -> Iterable[Piece]:
    """Minutes of a meeting."""
    yield f"云澜市科技工作第三次调度会会议纪要\n{scene.year}年{scene.month + 1}月5日，市科技局召开调度会，纪要如下。\n"
    yield f"会议听取了1—{scene.month}月工作情况汇报。会议指出，"
    half = (len(scene.items) + 1) // 2
    for number, item in enumerate(scene.items[:half]):
        yield "；" if number else ""
        yield from _say(scene, item, ("为", "完成", "达到"))
    yield "，总体好于预期。会议认为，下列工作仍是短板："
    for number, item in enumerate(scene.items[half:]):
        yield "；" if number else ""
        yield from _say(scene, item, ("仅为", "只完成", "才"))
        if item.floor is not None:
            yield "，与"
            yield item.target()
            yield "的目标相比还有差距"
    yield "。\n会议要求，"
    for area in scene.areas:
        low = min(area.slots, key=lambda pair: pair[1].value)
        yield f"{area.name}偏少的{low[0]}（截至{scene.month}月底"
        yield low[1]
        yield "）要拿出硬措施；"
    yield "各单位按月报告进展。\n"


FRESH: dict[str, Style] = {"brief": brief, "interview": interview, "tables": tables, "minutes": minutes}
