"""What drafts are made of: the demo city's indicators with their figures, and the words by which people call them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from keshu.engines.factcheck import Fact, FactKind, Ledger

# name in the ledger -> ways of saying it as a subject (X达到N) and as a deed (verb and object around the number)
SPOKEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "全社会研发投入强度": (("全社会研发投入强度", "研发投入强度", "研发强度"), ()),
    "有效期内高新技术企业总数": (
        ("有效期内高新技术企业总数", "高新技术企业总数", "有效期内高新技术企业", "高企总数"),
        (),
    ),
    "科技型中小企业评价入库": (("科技型中小企业评价入库数", "科技型中小企业评价入库"), ("评价入库科技型中小企业{n}",)),
    "技术合同成交额": (("技术合同成交额", "技术合同成交金额"), ("成交技术合同{n}",)),
    "新增后备库企业": (("后备库新增企业",), ("新增后备库企业{n}",)),
    "开展申报辅导": ((), ("开展申报辅导{n}", "组织申报辅导{n}")),
    "重新认定通过率": (("高企重新认定通过率", "重新认定通过率"), ()),
    "新建市级企业工程技术研究中心": ((), ("新建市级企业工程技术研究中心{n}", "建设市级企业工程技术研究中心{n}")),
    "规上工业企业研发机构建有率": (("规上工业企业研发机构建有率", "规模以上工业企业研发机构建有率"), ()),
    "兑现研发后补助资金": ((), ("兑现研发后补助资金{n}", "研发后补助资金已兑现{n}")),
    "大型科研仪器入网率": (("大型科研仪器入网率",), ()),
    "征集发布企业技术需求": ((), ("征集发布企业技术需求{n}", "征集企业技术需求{n}")),
    "达成合作协议": ((), ("达成合作协议{n}", "促成合作协议{n}")),
    "发放科技创新券": ((), ("发放科技创新券{n}", "科技创新券发放{n}")),
    "培养技术经纪人": ((), ("培养技术经纪人{n}",)),
    "发放“云科贷”": ((), ("发放“云科贷”{n}", "投放“云科贷”{n}")),
    "惠及科技型企业": ((), ("惠及科技型企业{n}",)),
    "引进高层次科技人才团队": ((), ("引进高层次科技人才团队{n}",)),
    "引进外国专家": ((), ("引进外国专家{n}",)),
    "资助青年科技人才": ((), ("资助青年科技人才{n}",)),
}
AREAS: dict[str, tuple[str, ...]] = {
    "新建市级企业工程技术研究中心": ("新建市级企业工程技术研究中心",),
    "兑现研发后补助资金": ("兑现研发后补助资金",),
    "规上工业企业研发机构建有率": ("规上工业企业研发机构建有率",),
    "选派科技特派员": ("选派科技特派员",),
    "推广新品种新技术": ("推广新品种新技术",),
    "培训农技人员": ("培训农技人员",),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure of a draft: the fact it repeats and how it is printed, with the facts that a slip would put there instead.

    ``role`` is achieved, target, area (a county's), earlier (of a past time) or rate (of completion; ``fact`` None).
    ``rough`` are the words before the number and behind it that let it fall short of the fact (超, 余).
    """

    role: str
    fact: Fact | None
    value: Decimal
    unit: str
    wrong: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    rough: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        before, behind = self.rough or ("", "")
        return f"{before}{self.value:f}{behind}{'个' if self.unit == '百分点' else ''}{self.unit}"


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator at the month of the draft."""

    name: str
    now: Fact
    floor: Fact | None
    stretch: Fact | None
    year_ago: Fact | None
    of_last_year: Fact | None
    wrong: dict[str, tuple[Fact, ...]]

    @property
    def nouns(self) -> tuple[str, ...]:
        return SPOKEN[self.name][0]

    @property
    def deeds(self) -> tuple[str, ...]:
        return SPOKEN[self.name][1]

    def achieved(self, chance: random.Random) -> Slot:
        return Slot("achieved", self.now, _printed(self.now, chance), self.now.unit, self.wrong)

    def roughly(self, chance: random.Random) -> Slot:
        """As it is said in a speech: 超60亿元, 500余家; as it is where it has no digits to leave out."""
        value = _value(self.now)
        step = Decimal(10) ** (len(str(int(value))) - 1)
        floor = value // step * step
        if value < 20 or floor == value or self.now.unit == "%":
            return self.achieved(chance)
        words = chance.choice((("超", ""), ("超过", ""), ("", "余"), ("突破", "")))
        return Slot("achieved", self.now, floor, self.now.unit, {}, words)

    def target(self) -> Slot:
        assert self.floor is not None
        wrong = {"tier": (self.stretch,)} if self.stretch else {}
        return Slot("target", self.floor, _exact(self.floor), self.floor.unit, wrong)

    def hoped(self) -> Slot:
        assert self.stretch is not None
        assert self.floor is not None
        return Slot("target", self.stretch, _exact(self.stretch), self.stretch.unit, {"tier": (self.floor,)})

    def rate(self) -> Slot:
        """How much of the target is reached, in per cent with a place behind the point."""
        assert self.floor is not None
        share = _value(self.now) / _value(self.floor) * 100
        return Slot("rate", None, share.quantize(Decimal("0.1"), ROUND_HALF_UP), "%")

    def earlier(self, fact: Fact, chance: random.Random) -> Slot:
        return Slot("earlier", fact, _printed(fact, chance), fact.unit, {"period": (self.now,)})


@dataclass(frozen=True, slots=True)
class Area:
    """One indicator as several counties reported it: slots by the county's name."""

    name: str
    slots: tuple[tuple[str, Slot], ...]


def items_of(ledger: Ledger) -> tuple[Item, ...]:
    """The city's indicators that have a figure for the last month."""
    last = ledger.latest
    assert last is not None
    own = [fact for fact in ledger.facts if fact.organisation == ledger.home]
    found = []
    for name in SPOKEN:
        rows = _of(own, name)
        now = _at(rows, last.last)
        if now is None:
            continue
        targets = [
            fact for fact in rows if fact.kind is not FactKind.ACHIEVED and fact.period.last // 12 == last.last // 12
        ]
        earlier = tuple(
            fact
            for fact in _achieved(rows)
            if fact.period.last < last.last and fact.period.last // 12 == last.last // 12
        )
        past = tuple(fact for fact in _achieved(rows) if fact.period.last // 12 < last.last // 12)
        found.append(
            Item(
                name,
                now,
                next((fact for fact in targets if fact.kind is FactKind.FLOOR), None),
                next((fact for fact in targets if fact.kind is FactKind.STRETCH), None),
                _at(rows, last.last - 12),
                next((fact for fact in past if fact.period.months == 12 and fact.id.startswith("target-")), None),
                {"stale": earlier[-4:], "period": past},
            )
        )
    return tuple(found)


def areas_of(ledger: Ledger) -> tuple[Area, ...]:
    """Indicators that counties report, for the last month; of each county that has reported."""
    last = ledger.latest
    assert last is not None
    found = []
    for name in AREAS:
        rows = [
            (body, fact)
            for body in ledger.organisations
            if body.key != ledger.home
            for fact in [_at([f for f in _of(ledger.facts, name) if f.organisation == body.key], last.last)]
            if fact
        ]
        slots = []
        for body, fact in rows:
            others = tuple(other for each, other in rows if each is not body)
            old = tuple(f for f in _achieved(_of(ledger.facts, name)) if f.organisation == body.key and f is not fact)[
                -3:
            ]
            slots.append((body.name, Slot("area", fact, _exact(fact), fact.unit, {"county": others, "stale": old})))
        if len(slots) >= 3:
            found.append(Area(name, tuple(slots)))
    return tuple(found)


def _of(facts: Sequence[Fact], name: str) -> list[Fact]:
    keys = {(fact.key, fact.family, fact.unit) for fact in facts if name in fact.names}
    return [fact for fact in facts if (fact.key, fact.family, fact.unit) in keys or name in fact.names]


def _achieved(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.kind is FactKind.ACHIEVED]


def _at(facts: Sequence[Fact], last: int) -> Fact | None:
    return next((fact for fact in _achieved(facts) if fact.period.last == last), None)


def _value(fact: Fact) -> Decimal:
    assert fact.value is not None
    return fact.value


def _exact(fact: Fact) -> Decimal:
    return Decimal(f"{_value(fact):f}".rstrip("0").rstrip(".") if "." in f"{_value(fact):f}" else f"{_value(fact):f}")


def _printed(fact: Fact, chance: random.Random) -> Decimal:
    """As the ledger has it, or now and then with a place less."""
    exact = _exact(fact)
    places = -int(exact.as_tuple().exponent)
    if places > 0 and chance.random() < 0.25:
        return exact.quantize(Decimal(1).scaleb(1 - places), ROUND_HALF_UP)
    return exact
