"""Headings behind a paragraph that turns to what comes next look ahead with it."""

from __future__ import annotations

from keshu.engines import plandoc
from keshu.engines.plandoc.document import Tense

PLAIN = """沐阳县科技局2024年工作总结及2025年工作计划
2024年,全县科技工作稳中有进。
一是主体培育持续加力。净增高企9户。
二是平台扩面提质。新建市级中心5个。
2025年,全县科技工作的总体目标是:研发投入强度突破1%。重点抓好两项工作:
(一)聚焦强主体。申报高企20户。
(二)聚焦建平台。新建市级平台6个。
"""
MINUTES = """沐阳市科技创新工作月调度会议纪要
2024年9月6日,市科技局召开8月份工作调度会。
会议指出,1—8月,科技型中小企业入库780家。
会议强调,要对照目标抓冲刺。一是高新科要抓申报,申报高企30家。二是平台科要抓建设,新建市级平台8家。
"""


def _tenses(text: str) -> dict[float | None, Tense]:
    return {claim.value: claim.tense for claim in plandoc.read_text(text).claims}


def test_a_year_to_come_turns_the_headings_behind_it() -> None:
    assert _tenses(PLAIN) == {
        9: Tense.ACTUAL,
        5: Tense.ACTUAL,
        1: Tense.TARGET,
        20: Tense.TARGET,
        6: Tense.TARGET,
    }


def test_what_a_meeting_demands_lies_ahead() -> None:
    assert _tenses(MINUTES) == {780: Tense.ACTUAL, 30: Tense.TARGET, 8: Tense.TARGET}
