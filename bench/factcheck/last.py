"""Four ways of wording more, written after twelve had been opened, and then opened too."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.styles import Piece, Scene, Style, _say


def post(scene: Scene) -> Iterable[Piece]:
    """A post for the public: short lines, the thing in front, no full sentences."""
    yield f"云澜科创“成绩单”来了！（{scene.year}年1—{scene.month}月）\n"
    for item in scene.items:
        yield scene.pick("★ ", "◆ ", "▶ ")
        yield f"{item.nouns[0] if item.nouns else item.name} "
        yield item.achieved(scene.chance)
        if item.floor is not None:
            yield "（全年目标"
            yield item.target()
            yield "）"
        yield "\n"
    for area in scene.areas:
        yield f"{area.name}排行榜："
        for number, (name, slot) in enumerate(sorted(area.slots, key=lambda pair: -pair[1].value)[:3]):
            yield f"{'　' if number else ''}{name} "
            yield slot
        yield "\n"
    yield "创新不停步，我们一起加油！\n"


def review(scene: Scene) -> Iterable[Piece]:
    """A review of the year so far: long sentences, a comparison and an outlook in each."""
    yield f"云澜市{scene.year}年科技工作回顾（截至{scene.month}月底）\n"
    yield f"{scene.year}年以来，在市委、市政府坚强领导下，全市科技系统围绕中心、服务大局，各项工作稳中有进。\n"
    for item in scene.items:
        yield f"从{scene.pick('指标', '数据', '台账')}看，{scene.month}月末"
        yield from _say(scene, item, ("达到", "升至", "为"))
        if item.year_ago is not None:
            yield f"，{scene.year - 1}年同期是"
            yield item.earlier(item.year_ago, scene.chance)
        if item.floor is not None:
            yield "，年度任务"
            yield item.target()
            yield "，已完成"
            yield item.rate()
        yield "。\n"


def letter(scene: Scene) -> Iterable[Piece]:
    """Letters to counties, one paragraph each."""
    yield f"关于{scene.month}月份科技指标进展情况的提示函\n有关县区科技局：\n"
    yield f"根据{scene.year}年{scene.month}月调度结果，现将有关情况提示如下。\n"
    for name in dict.fromkeys(name for area in scene.areas for name, _ in area.slots):
        yield f"{name}："
        own = [(area.name, slot) for area in scene.areas for body, slot in area.slots if body == name]
        for number, (what, slot) in enumerate(own):
            yield f"{'，' if number else ''}{what}"
            yield slot
        yield "，请对照全年任务抓紧推进。\n"
    yield "同期全市面上，"
    for number, item in enumerate(scene.items):
        yield "，" if number else ""
        yield from _say(scene, item, ("为", "达到"))
    yield "，供参考。\n"


def remarks(scene: Scene) -> Iterable[Piece]:
    """Remarks for a meeting with the province: first, second, third, with targets of the year named apart."""
    yield f"在全省科技局长座谈会上的发言\n云澜市科学技术局\n（{scene.year}年{scene.month + 1}月12日）\n各位领导、各位同仁：\n"
    yield f"下面，我把云澜市前{scene.month}个月的工作汇报三点。\n"
    for number, item in enumerate(scene.items):
        yield f"第{'一二三四五六七八九十'[number]}，{scene.pick('抓培育', '强平台', '促转化', '聚人才')}。"
        yield f"{scene.pick('我们坚持一月一调度，', '我们盯住关键环节，', '')}到{scene.month}月底，"
        yield from _say(scene, item, ("达到了", "有", "突破"))
        yield "。\n"
    aimed = [item for item in scene.items if item.floor is not None]
    yield "下一步，我们将咬定全年目标："
    for number, item in enumerate(aimed):
        yield f"{'、' if number else ''}{item.nouns[0] if item.nouns else item.name}"
        yield item.target()
    yield "，一项一项抓落实。\n"


LAST: dict[str, Style] = {"post": post, "review": review, "letter": letter, "remarks": remarks}
