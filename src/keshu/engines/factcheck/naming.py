"""The indicators of a ledger and how well words of a draft name one of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from keshu.engines.factcheck.amounts import Dimension, unit_of
from keshu.engines.factcheck.values import Fact, Family, Ledger

Fold = Callable[[str], str]
# By how much a name steps back that only stands in front of another.
_MODIFIER = 0.15
# What is done to a thing, and not what it is; the words of a draft may use another.
_DEEDS = re.compile(
    r"^(?:开展|举办|组织|发放|兑现|选派|征集|发布|达成|建成|新设|培养|引进|资助|推广|培训|支持|争创|新增|新建|净增|新认定|新备案|"
    r"惠及|服务|完成|实现|投入|建设|促成|办理|走访|报送|覆盖|有效|期内)+"
)
_INNER = re.compile("新增|新建|净增|累计|已")
# Letters of a short name that stand apart in the words (科技型…企业 in 科技型中小企业) hardly name it.
_SHORT, _PARTED = 5, 0.66
# The thing is named and its level is not: 孵化器 for 省级孵化器.
_WITHOUT_LEVEL = 0.86
# The name less a word in its midst or a word of kind at its end.
_SHORTENED, _LEAST_LEFT, _FRONT = 0.85, 4, 2
_KIND = re.compile("^企业|(?:资金|经费|金额|数量|总数|总额|总量)$")
_LEVEL = re.compile("国家级?|省级?|市级?|县级?")
_GENERAL_LEVEL = re.compile(
    "全国|全省|全市|我市|我省|本市|全县|城市|市场|市值|市委|市政府|省委|省政府|规上|上市|市科技局|县区|各市|各县"
)
_NET = "净增"
# A name this much covered by the words is named; below, it is only a candidate.
NAMED, ALIKE = 0.75, 0.5
_NOTHING = re.compile(r"[\s0-9.,，。、:：;；|()（）%]+")


@dataclass(frozen=True, slots=True)
class Subject:
    """One indicator as the ledger knows it: facts of one key that can be compared with each other."""

    key: str
    family: Family
    dimension: Dimension
    per: str
    names: tuple[str, ...]
    folded: tuple[str, ...]
    facts: tuple[Fact, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a draft, folded as the ledger's names are; ``weight`` is how surely they speak of the figure."""

    text: str
    folded: str
    weight: float
    is_name: bool = False


def subjects_of(ledger: Ledger, *, fold: Fold) -> tuple[Subject, ...]:
    """The indicators of a ledger, in the order in which they first appear."""
    groups: dict[tuple[str, Family, Dimension, str], list[Fact]] = defaultdict(list)
    for fact in ledger.facts:
        groups[fact.key, fact.family, unit_of(fact.unit).dimension, fact.per].append(fact)
    return tuple(
        Subject(*group, names, tuple(dict.fromkeys(filter(None, map(fold, names)))), tuple(facts))
        for group, facts in groups.items()
        for names in [tuple(dict.fromkeys(name for fact in facts for name in fact.names))]
    )


def phrase(text: str, *, fold: Fold, weight: float, is_name: bool = False) -> Phrase:
    return Phrase(text, fold(_NOTHING.sub("", text)), weight, is_name)


def named(subject: Subject, words: Phrase) -> float:
    """How well the words name the subject, 0 to 1 (times the weight of the words)."""
    if not words.folded:
        return 0.0
    if not _same_level(subject.name, words.text) or ((_NET in subject.name) and _NET not in words.text):
        return 0.0
    return words.weight * max(
        (_likeness(name, words.folded, is_name=words.is_name) for name in subject.folded), default=0.0
    )


def _same_level(name: str, words: str) -> bool:
    """A 省级 thing is no 市级 thing; words that name no level may mean either."""
    asked = _levels(name)
    said = _levels(words)
    return asked <= said if asked and said else not (said and not asked and _is_level_of(name, words))


@lru_cache(maxsize=65536)
def _levels(text: str) -> frozenset[str]:
    return frozenset(found[:1] for found in _LEVEL.findall(_GENERAL_LEVEL.sub("", text)))


def _is_level_of(name: str, words: str) -> bool:
    """Whether the level in the words stands right in front of what the name is about."""
    return re.search(rf"(?:国家|省|市|县)级?{re.escape(_DEEDS.sub('', name)[:2] or name)}", words) is not None


@lru_cache(maxsize=65536)
def _likeness(name: str, words: str, *, is_name: bool) -> float:
    """1 for the same name; less the more of the name is missing from the words."""
    if name == words:
        return 1.0
    core = core_of(name)
    if len(name) >= 3 and name in words:
        return 0.97 + 0.02 * min(len(name), 20) / 20
    if core in words or core in _INNER.sub("", words):
        return 0.92 + 0.02 * min(len(core), 20) / 20
    if len(thing := _LEVEL.sub("", core)) >= 3 and thing in words:
        return _WITHOUT_LEVEL
    if _is_shortened(core, words) or _is_lengthened(core, words) or _is_turned(core, words):
        return _SHORTENED
    pairs = _pairs(core)
    covered = sum(pair in words for pair in pairs) / len(pairs) if pairs else 0.0
    score = 0.5 * covered + 0.42 * sum(character in words for character in core) / len(core) if covered else 0.0
    if len(core) <= _SHORT and covered < 1:
        score = min(score, _PARTED)
    if not is_name:
        return score
    # A name says nothing beside itself: what it holds and the ledger's name does not, counts against it.
    bare = _DEEDS.sub("", words)
    if len(bare) >= 3 and bare in core:
        return max(score, 0.6 + 0.35 * len(bare) / len(core))
    own = _pairs(bare)
    return score * (0.7 + 0.3 * sum(pair in name for pair in own) / len(own)) if own else 0.0


@lru_cache(maxsize=65536)
def _is_shortened(core: str, words: str) -> bool:
    """Whether the words hold the name less one word in its midst (规上企业研发机构 of 规上工业企业研发机构), or less a word
    that only says what kind of thing it is (企业, 资金) at an end."""
    plain = _KIND.sub("", core)
    if len(plain) >= _LEAST_LEFT and plain != core and plain in words:
        return True
    least = max(_LEAST_LEFT + 1, -(-len(core) * 3 // 4))
    return any(
        core[:cut] + core[cut + left :] in words
        for left in range(1, len(core) - least + 1)
        for cut in range(_FRONT, len(core) - left - 1)
    )


@lru_cache(maxsize=65536)
def _is_lengthened(core: str, words: str) -> bool:
    """Whether the words hold the name with one word more in its midst (大型科研仪器设备入网率)."""
    return len(core) > _LEAST_LEFT + 1 and any(
        re.search(f"{re.escape(core[:cut])}[^，。；\\d]{{1,3}}{re.escape(core[cut:])}", words) is not None
        for cut in range(_FRONT, len(core) - 1)
        if core[:cut] in words
    )


def _is_turned(core: str, words: str) -> bool:
    """Whether the words put the deed in front that the name has behind (入库科技型中小企业 of 科技型中小企业评价入库)."""
    return any(
        len(thing) >= _LEAST_LEFT and core[-deed:] + thing in words
        for deed in (2, 4)
        for thing in (core[:-deed], core[: -deed - 2])
    )


@lru_cache(maxsize=4096)
def core_of(name: str) -> str:
    """What a name is about, without what is done to it and without 额, 率, 数; the name itself where too little is left."""
    bare = _DEEDS.sub("", name)
    core = re.sub("[额率数]$", "", bare)
    return core if len(core) >= 3 else name


@lru_cache(maxsize=4096)
def _pairs(text: str) -> tuple[str, ...]:
    return tuple(text[place : place + 2] for place in range(len(text) - 1))


def best(subjects: Iterable[Subject], phrases: Iterable[Phrase]) -> list[tuple[float, Subject]]:
    """Subjects with the best score that any of the phrases gives them, best first; those hardly alike left out."""
    words = tuple(phrases)
    scored = [(max((named(subject, each) for each in words), default=0.0), subject) for subject in subjects]
    likely = [pair for pair in scored if pair[0] >= ALIKE]
    weighed = [
        (score - _MODIFIER if any(_is_modifier(subject, likely, each) for each in words) else score, subject)
        for score, subject in likely
    ]
    return sorted((pair for pair in weighed if pair[0] >= ALIKE), key=lambda pair: -pair[0])


def _is_modifier(subject: Subject, likely: Iterable[tuple[float, Subject]], words: Phrase) -> bool:
    """Whether the words name the subject only in front of another one (高企 in 高企后备库新增企业): the last noun is meant."""
    text = _INNER.sub("", words.folded)
    own = _ends(subject, text)
    if not own:
        return False
    others = [end for _, other in likely if other is not subject for end in _starts(other, text)]
    return bool(others) and own <= set(others)


def _ends(subject: Subject, text: str) -> set[int]:
    return {
        match.end()
        for core in {_INNER.sub("", core_of(name)) for name in subject.folded}
        if len(core) >= 3
        for match in re.finditer(re.escape(core), text)
    }


def _starts(subject: Subject, text: str) -> set[int]:
    return {
        match.start()
        for core in {_INNER.sub("", core_of(name)) for name in subject.folded}
        if len(core) >= 3
        for match in re.finditer(re.escape(core[: max(_LEAST_LEFT, len(core) * 2 // 3)]), text)
    }
