"""The last four ways of wording. What they showed when they were first opened stands in docs/methods/factcheck.md."""

from __future__ import annotations

from collections.abc import Iterable

from bench.factcheck.styles import Piece, Scene, Style, _say


def duty(scene: Scene) -> Iterable[Piece]:
    """A head of office reports on the year's duties."""
    yield f"{scene.year}年度述职报告（一至{'一二三四五六七八九'[scene.month - 1] if scene.month < 10 else '十'}月）\n"
    yield "各位领导、同志们：\n现将本人今年以来履职情况报告如下。\n"
    for number, item in enumerate(scene.items, start=1):
        yield f"{number}．{scene.pick('牵头', '负责', '推动')}方面。"
        if item.year_ago is not None and item.nouns:
            yield f"{item.nouns[0]}由去年同期的"
            yield item.earlier(item.year_ago, scene.chance)
            yield scene.pick("增加到", "提高到", "变为")
            yield item.achieved(scene.chance)
        else:
            yield "今年已"
            yield from _say(scene, item, ("达", "为"))
        if item.floor is not None:
            yield "，目标值是"
            yield item.target()
        yield "。\n"


def answer(scene: Scene) -> Iterable[Piece]:
    """A reply to a proposal of a committee member."""
    yield "对市政协第127号提案的答复\n尊敬的委员：\n您提出的关于加快科技创新的提案收悉，现答复如下。\n"
    yield f"近年来，我市高度重视科技创新。截至{scene.year}年{scene.month}月底，"
    for number, item in enumerate(scene.items):
        yield "；" if number else ""
        yield from _say(scene, item, ("达到", "已有", "为"))
    yield "。\n"
    for area in scene.areas:
        yield f"您所在县区关心的{area.name}一事，"
        for number, (name, slot) in enumerate(area.slots[:3]):
            yield f"{'，' if number else ''}{name}已落实"
            yield slot
        yield "。\n"
    aimed = [item for item in scene.items if item.floor is not None]
    for item in aimed[:3]:
        yield f"按照年初部署，{scene.year}年{item.nouns[0] if item.nouns else item.name}要达到"
        yield item.target()
        yield "。"
    yield "感谢您对科技工作的关心。\n"


def inspection(scene: Scene) -> Iterable[Piece]:
    """An inspection's findings: target, figure and share in one breath, then who lags."""
    yield f"全市科技重点工作督查情况报告\n督查组于{scene.year}年{scene.month + 1}月3日至5日开展了督查。\n一、总体进展\n"
    for item in scene.items:
        yield scene.pick("经核实，", "据台账，", "现场核对，")
        if item.floor is not None:
            yield "年度任务"
            yield item.target()
            yield "的"
            yield f"{item.nouns[0] if item.nouns else item.name}，{scene.month}月底完成"
            yield item.achieved(scene.chance)
            yield "，完成率"
            yield item.rate()
        else:
            yield from _say(scene, item, ("完成", "为"))
        yield "。\n"
    yield "二、县区情况\n"
    for area in scene.areas:
        ordered = sorted(area.slots, key=lambda pair: pair[1].value)
        yield f"{area.name}较少的有：{ordered[0][0]}，"
        yield ordered[0][1]
        yield f"；{ordered[1][0]}，"
        yield ordered[1][1]
        yield "。\n"


def toast(scene: Scene) -> Iterable[Piece]:
    """A host's introduction of the city to visitors: the number in front of the thing."""
    yield f"在科技合作交流会上的致辞\n（{scene.year}年{scene.month + 1}月18日）\n尊敬的各位来宾：\n"
    yield "借此机会，向大家介绍云澜的科技家底。"
    for item in scene.items:
        yield scene.pick("目前，", "如今，", "今天的云澜，")
        yield from _say(scene, item, ("达", "超过", "为"), may_be_rough=True)
        yield "。"
    yield "\n"
    for area in scene.areas[:1]:
        for name, slot in area.slots[:2]:
            yield f"在{name}，{area.name}"
            yield slot
            yield "，"
        yield "处处涌动着创新的热潮。\n"
    yield "今年我们的目标很明确："
    aimed = [item for item in scene.items if item.floor is not None]
    for number, item in enumerate(aimed):
        yield f"{'，' if number else ''}{item.nouns[0] if item.nouns else item.name}"
        yield item.target()
    yield "。热忱欢迎各位来云澜创新创业！\n"


SEALED: dict[str, Style] = {"duty": duty, "answer": answer, "inspection": inspection, "toast": toast}
