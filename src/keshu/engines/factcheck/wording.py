"""Verdicts in Chinese, one sentence each, with the ledger's figure and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from keshu.engines.factcheck.amounts import amount, number
from keshu.engines.factcheck.values import Fact, FactKind, Statement
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.engines.factcheck.naming import Subject
    from keshu.engines.factcheck.questions import Question, Room

_KINDS = {FactKind.FLOOR: "目标", FactKind.STRETCH: "力争目标", FactKind.ACHIEVED: "完成数"}


def period_name(period: Period) -> str:
    """A period as one says it.

    >>> [period_name(Period.parse(text)) for text in ("2026", "2026-01/2026-10", "2026-Q3", "2026-06", "2021/2025")]
    ['2026年', '2026年1—10月', '2026年第三季度', '2026年6月', '2021—2025年']
    """
    first, last = divmod(period.first, 12), divmod(period.last, 12)
    if first[1] == 0 and last[1] == 11:
        return f"{first[0]}年" if first[0] == last[0] else f"{first[0]}—{last[0]}年"
    if period.months == 1:
        return f"{first[0]}年{first[1] + 1}月"
    if period.months == 3 and first[1] % 3 == 0 and first[1]:
        return f"{first[0]}年第{'一二三四'[first[1] // 3]}季度"
    if first[0] == last[0]:
        return f"{first[0]}年{first[1] + 1}—{last[1] + 1}月"
    return f"{first[0]}年{first[1] + 1}月—{last[0]}年{last[1] + 1}月"


def held(fact: Fact) -> str:
    """The ledger's figure: 68亿元, 3—5家, 零的突破."""
    if fact.value is None:
        return {"breakthrough": "实现零的突破", "all": "全覆盖"}.get(fact.op, "未写数字")
    if fact.value_high is not None:
        return f"{number(fact.value)}—{amount(fact.value_high, fact.unit)}"
    return amount(fact.value, fact.unit)


def told(fact: Fact) -> str:
    """What it is, of what time, and from where."""
    source = f"（{fact.source}）" if fact.source else ""
    return f"“{fact.name}”{period_name(fact.period)}{_KINDS[fact.kind]}{held(fact)}{source}"


def stated(statement: Statement) -> str:
    if statement.value is None:
        return "此数"
    if statement.value_high is not None:
        return f"{number(statement.value)}—{amount(statement.value_high, statement.unit)}"
    return amount(statement.value, statement.unit)


def masked() -> str:
    return "数字已隐去，未核对。"


def agrees(fact: Fact) -> str:
    return f"与台账一致：{told(fact)}。"


def rounded(fact: Fact) -> str:
    return f"按稿中精度与台账一致：{told(fact)}。"


def differs(statement: Statement, fact: Fact, difference: Decimal | None) -> str:
    if difference is None:
        return f"与台账不符：稿中为{stated(statement)}，台账{told(fact)}。"
    unit = "百分点" if statement.unit == "%" else statement.unit or fact.unit
    return (
        f"与台账不符：稿中为{stated(statement)}，{'多' if difference > 0 else '少'}"
        f"{amount(abs(difference).normalize() + 0, unit)}；台账{told(fact)}。"
    )


def unit_slip(statement: Statement, fact: Fact, said: Fact | None = None) -> str:
    return f"单位疑有误：稿中为{stated(statement)}，台账{told(fact)}{_should(said)}。"


def _should(said: Fact | None) -> str:
    return f"；此处应为{held(said)}{f'（{said.source}）' if said.source else ''}" if said is not None else ""


def wrong_tier(statement: Statement, fact: Fact, said: Fact | None) -> str:
    return f"目标档次不对：{stated(statement)}是台账{told(fact)}{_should(said)}。"


def target_as_achieved(statement: Statement, fact: Fact, said: Fact | None) -> str:
    return f"把目标写成了完成数：{stated(statement)}是台账{told(fact)}{_should(said)}。"


def wrong_period(statement: Statement, fact: Fact, said: Fact | None, asked: Period | None) -> str:
    equal = f"{stated(statement)}是{period_name(fact.period)}的数，台账{told(fact)}"
    return f"时期不对：{equal}{_either(fact, said, asked)}。"


def stale(statement: Statement, fact: Fact, said: Fact | None, asked: Period | None) -> str:
    if fact.replaced_on is not None:
        day = f"{fact.replaced_on.year}年{fact.replaced_on.month}月{fact.replaced_on.day}日"
        return f"数字已过时：{stated(statement)}是修订前的数，{day}起已改，原为{told(fact)}{_should(said)}。"
    equal = f"{stated(statement)}是{period_name(fact.period)}的数，台账{told(fact)}"
    return f"数字已过时：{equal}{_either(fact, said, asked)}。"


def _either(fact: Fact, said: Fact | None, asked: Period | None) -> str:
    """What to write: the figure of the time spoken of, or the time that the figure is of."""
    if said is not None:
        source = f"（{said.source}）" if said.source else ""
        of_asked = f"；如说的是{period_name(said.period)}，应为{held(said)}{source}"
    elif asked is not None and asked.last != fact.period.last:
        of_asked = f"；{period_name(asked)}的数台账中没有"
    else:
        of_asked = ""
    near = said.period if said is not None else asked
    name = period_name(fact.period)
    if near is not None and fact.period.months < 12 and near.last // 12 == fact.period.last // 12:
        name = name.partition("年")[2]
    return f"{of_asked}；如说的是{name}，请写明"


def wrong_organisation(statement: Statement, fact: Fact, said: Fact | None, names: Mapping[str, str]) -> str:
    name = names.get(fact.organisation, fact.organisation)
    return f"单位对不上：{stated(statement)}是{name}的数，台账{told(fact)}{_should(said)}。"


def unclear(statement: Statement, facts: Sequence[Fact]) -> str:
    choices = "，或".join(told(fact) for fact in facts[:3])
    return f"看不出指的是哪项指标，请核对：{stated(statement)}可能指{choices}，都不相符。"


def not_in_ledger(statement: Statement, near: Sequence[Fact]) -> str:
    name = f"“{statement.indicator}”" if statement.indicator else "这项数据"
    if not near:
        return f"台账中没有{name}。"
    return f"台账中没有{name}；相近的有{'、'.join(dict.fromkeys(f'“{fact.name}”' for fact in near))}。"


def forecast() -> str:
    return "这是预计数，台账中没有预计数可比，请自行核对。"


def none_for(question: Question, subject: Subject, room: Room, *, has_body: bool) -> str:
    names = {each.key: each.name for each in room.ledger.organisations}
    if not has_body:
        return f"台账中没有{names.get(question.body, '该单位')}的“{subject.name}”。"
    when = "" if question.when is None else period_name(question.when.period)
    known = max(subject.facts, key=lambda fact: fact.period.last)
    return f"台账中没有“{subject.name}”{when}的数；已有的最近一期是{told(known)}。"


def inconsistent(statement: Statement, other: Statement, place: int) -> str:
    return f"与第{place}段的{stated(other)}不一致：同一指标前后写法不同（此处为{stated(statement)}）。"
