"""Reads one sentence: each quantity in turn, with what the sentence has said so far as its context."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import bearings, gaps, kinds, naming, ranks
from keshu.engines.plandoc.claims.adjustments import per_of, read_times, unit_before
from keshu.engines.plandoc.claims.clauses import Item, items_of
from keshu.engines.plandoc.claims.context import Context
from keshu.engines.plandoc.claims.deadlines import Moment, find_moments, rhythm_of
from keshu.engines.plandoc.claims.draft import Draft
from keshu.engines.plandoc.claims.indicators import names_of, subject_for
from keshu.engines.plandoc.claims.measures import VERB, is_fall, measure_of, speaks_of_growth
from keshu.engines.plandoc.claims.naming import Subject
from keshu.engines.plandoc.claims.operators import operator_of
from keshu.engines.plandoc.claims.periods import period_of
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.references import reference_in
from keshu.engines.plandoc.claims.screening import screen
from keshu.engines.plandoc.claims.tenses import tense_at
from keshu.engines.plandoc.claims.tiers import CUES, SETTING, SO_FAR, TIER_OPENS, pushes
from keshu.engines.plandoc.claims.units import implied_unit, is_money
from keshu.engines.plandoc.claims.wording import Wording, acts_only, read_words
from keshu.engines.plandoc.document import Measure, Op, Tense, Tier
from keshu.engines.plandoc.passage import Passage

#: Names of their own, found faster than through the enum (see `kinds`).
_ACTUAL, _TARGET = Tense.ACTUAL, Tense.TARGET
_RISE = re.compile(
    r"^(?:家|项|个|万元|亿元|%|件|名|人)?(?:左右)?(?:增[至到加长]|升[至到]|提[高升至]|上升|扩[大至]|"
    r"发展到|壮大|下降|降[至到低]|压[缩减到至]|[干做冲拉提][到至]|缩短|减少|跃升|攀升|达到|跃居)"
)
#: Nouns too general to be what a later rate or sum is of.
_ANYBODY = frozenset(["企业", "农户", "群众", "项目", "人员", "单位", "人次", "户", "投入", "资金"])
_COUNTED_AS = re.compile(r"(?:评价入库|入库|认定|备案|注册|入驻|数|数量|总数|总量)$")
_LAST_RESORT = re.compile(r"^(?:其中|力争|确保|争取)+|(?:达到|完成|实现|为|是|[的,、:(])+$")
#: What every rhythm and every base holds.
_PACE = re.compile("每|逐|按|均|万人")
#: The characters that TIER_OPENS and SO_FAR begin with.
_AMBITION_OPENS, _SO_FAR_OPENS = frozenset("力争努奋"), frozenset("截目当现眼")
_GROWN = ("增速", "增长", "增幅", "增长率", "倍增")
_NAMELESS = "未写明指标,承接上文"


class SentenceReader:
    """Reads the sentences of one passage, in order."""

    def __init__(self, text: str, passage: Passage) -> None:
        self.text = text
        self.passage = passage
        self.context = Context(text, passage, passage.start)

    def read(self, start: int, end: int, quantities: list[Quantity], *, fresh: bool) -> list[Draft]:
        """The claims of the sentence ``start`` to ``end``; ``fresh`` says that a full stop or line end stands before it."""
        text, passage, last = self.text, self.passage, self.context
        ahead = passage.tense is _TARGET
        moments = find_moments(text, start, end, year=passage.year, span=passage.period, ahead=ahead)
        self.context = context = Context(text, passage, start, history=last.history)
        if not fresh:
            context.previous = last.subject or last.previous
            context.aim, context.carried = last.aim, last.carried
            context.retrospect = last.retrospect
        context.earlier = last.subject or last.earlier
        if text[start] == "从":
            bearings.seen(context)
        if text[start] in _AMBITION_OPENS and TIER_OPENS.match(text, start, end):
            context.ambition = Tier.STRETCH
        if ahead and text[start] in _SO_FAR_OPENS and SO_FAR.match(text, start, end):
            context.retrospect = True
        context.cued = CUES.search(text, start, end) is not None
        context.paced = _PACE.search(text, start, end) is not None
        if context.cued:
            context.settings = list(SETTING.finditer(text, start, end))
        drafts: list[Draft] = []
        if taken := screen(text, start, end, quantities, moments, passage):
            for item in items_of(text, start, end, taken):
                drafts.extend(self._read_item(item, moments))
        yearly = moments and [m for m in moments if m.year_level and not m.base and not m.plan]
        if yearly:
            context.carried = yearly[0]
        return drafts

    def _read_item(self, item: Item, moments: list[Moment]) -> list[Draft]:
        quantity, context = item.quantity, self.context
        before = self._without_moments(item, moments) if moments else item.before
        if item.lead in (":", "", "(") and not item.bracket and "分别" not in before:
            context.names = []
        wording = read_words(before, rank=quantity.kind is kinds.RANK)
        if quantity.kind is kinds.RANK and before.endswith(("由", "从")):
            wording.start_value = True
        tense = tense_at(self.context, item, wording, moments)
        context.turned = tense is _ACTUAL and not wording.start_value
        if quantity.kind is kinds.BARE and not self._fill_unit(quantity, wording):
            return []
        context.behind = False
        if "分别" in before:
            self._note_years(item, moments)
        names = names_of(context, item, wording, before)
        return [self._draft(item, wording, before, name, tense, moments) for name in names]

    def _note_years(self, item: Item, moments: list[Moment]) -> None:
        """2024年、2025年…分别达到A、B hands the years out in order."""
        years = [
            m
            for m in moments
            if item.before_start <= m.start < item.quantity.start
            and (m.year_level or m.period.months == 3)
            and not m.base
        ]
        self.context.years = years if len(years) > 1 else []

    # ---- the claim

    def _draft(
        self, item: Item, wording: Wording, before: str, name: str, tense: Tense, moments: list[Moment]
    ) -> Draft:
        quantity, context = item.quantity, self.context
        doubts: list[str] = []
        verb_only = naming.is_verb_only(wording.name, wording.verb) and not acts_only(wording.verb)
        own = bool(wording.name) and not naming.is_generic(wording.name) and not verb_only
        growth = self._grows(quantity, wording, before) or (quantity.unit == "%" and name.endswith(("增速", "增幅")))
        context.growing = growth and quantity.kind is not kinds.POINTS
        verb = self._verb_in_charge(item, wording, before, name)
        name, benchmark = self._against(item, wording, before, name, tense)
        if quantity.kind is kinds.TIMES:
            read_times(quantity, before, growth)
        elif quantity.kind is kinds.ZERO:
            quantity.unit = unit_before(self.text, context.start, quantity.start)
        clause = self.text[item.start : quantity.start]
        rhythm = rhythm_of(clause) if context.paced else None
        measure = self._measure(quantity, wording, verb, name, growth=growth, rhythm=rhythm is not None)
        against = gaps.against_goal(before) if context.cued and item.lead != "(" else None
        if against is not None and quantity.kind is kinds.NUMBER:
            measure = Measure.LEVEL
        value, high = self._signed(quantity, wording, before, growth)
        obtained = tense is _ACTUAL and self.passage.tense is _ACTUAL and "争取" in before
        tier = self.passage.tier if obtained else self._tier(item, wording, before, doubts)
        if wording.start_value and _RISE.match(self.text[quantity.end : item.end + 8]):
            tense = _ACTUAL
        op = _operator(item, wording, value, tense, gap=against is not None)
        context.started = naming.subject_of(name, "") if wording.start_value else None
        period, unsure = period_of(context, item, moments, measure, tense, wording)
        period = context.years.pop(0).period if context.years else period
        name = self._settled_name(item, wording, before, name, doubts, own=own, against=against)
        own = own and not (benchmark is not None and quantity.kind is kinds.POINTS and context.subject is not None)
        doubts.extend(unsure)
        per = (rhythm or per_of(clause, item)) if context.paced else item.per
        if quantity.unit == "位" and quantity.kind is kinds.NUMBER:
            name = ranks.plain_places(name)
        self._remember(item, wording, name, own, before)
        context.measured_at = quantity.start
        name += self._suffix(quantity, name, growth=growth)
        return Draft(  # In the order of its fields, for speed.
            self.passage,
            name[:60],
            op,
            value,
            high,
            quantity.unit,
            measure,
            tier,
            tense,
            period,
            quantity.masked,
            item.start,
            item.end if item.end > quantity.end else quantity.end,
            quantity.start,
            quantity.end,
            self.passage.node,
            per,
            benchmark,
            doubts,
        )

    def _grows(self, quantity: Quantity, wording: Wording, before: str) -> bool:
        """Is the number a growth, by its own words or by those of the percentage before it (增长15%、力争20%)?"""
        if not wording.name and quantity.unit == "%" and wording.tier is not None and self.context.growing:
            return True
        if quantity.unit == "%" and self.context.growing and naming.level_only(wording.name, wording.verb):
            return True
        rate = wording.share or wording.name.endswith(("率", "比重", "占比", "比例", "强度"))
        return wording.growth or (quantity.unit == "%" and not rate and speaks_of_growth(before))

    def _verb_in_charge(self, item: Item, wording: Wording, before: str, name: str) -> str:
        """The verb that decides the measure: the clause's own, a shared one, or one behind the number."""
        context = self.context
        part = item.bracket or ("其中" in before and before.lstrip().startswith("其中"))
        verb = wording.verb or (
            context.subject.verb if part and context.subject else self._inherited_verb(item, wording)
        )
        if not verb and not wording.name and (inherited := context.subject or context.latest) is not None:
            verb = inherited.verb
        if not verb and name.startswith("每") and (each := VERB.search(name)):
            verb = each[0]
        if context.behind and not verb:
            verb = naming.inside_verb(item.after)
        return verb

    def _against(self, item: Item, wording: Wording, before: str, name: str, tense: Tense) -> tuple[str, str | None]:
        """Name and benchmark of a number that is counted from a reference (高于全省平均1个百分点)."""
        quantity, context = item.quantity, self.context
        reference = reference_in(before) if quantity.kind is kinds.POINTS else None
        if reference is None:
            if quantity.kind is kinds.BENCHMARK and not name and (subject := subject_for(context, item)):
                name = subject.text
            return name, quantity.benchmark
        wording.op = reference.op if tense is _TARGET or reference.op is Op.AT_MOST else Op.EQUAL
        wording.fall = False
        last = None if reference.name else bearings.last_told(context, reference.op)
        subject = last or subject_for(context, item, bare=not reference.name)
        if not reference.name and subject is not None:
            return subject.text + reference.how + reference.benchmark, reference.benchmark
        if naming.is_generic(reference.name) and subject is not None:
            return naming.of_subject(reference.name, subject, verb_only=False), reference.benchmark
        return reference.name or name, reference.benchmark

    def _settled_name(
        self,
        item: Item,
        wording: Wording,
        before: str,
        name: str,
        doubts: list[str],
        *,
        own: bool,
        against: re.Match[str] | None,
    ) -> str:
        """The name with gaps and surpluses told apart, and a last resort, in doubt, where nothing names the number."""
        quantity, context = item.quantity, self.context
        if against is not None and quantity.kind is not kinds.POINTS:
            subject = context.latest or subject_for(context, item)
            name = gaps.name_against(before, against, subject.text.removeprefix(subject.verb) if subject else name)
        elif context.cued and quantity.kind is not kinds.POINTS:
            ahead = self.text[max(context.start, quantity.start - 30) : quantity.start]
            name = gaps.name_of_gap(name, before, ahead, own=own)
        if not name:
            name = _LAST_RESORT.sub("", before)[-20:]
        if not name:
            name = context.fallback.text if context.fallback else "未写明的指标"
            doubts.append(_NAMELESS)
        elif not own and context.subject is None and context.latest is None and not wording.name and not context.behind:
            doubts.append(_NAMELESS)
        return name

    def _suffix(self, quantity: Quantity, name: str, *, growth: bool) -> str:
        """覆盖率 for 全覆盖, 增速 for a growth, unless the name says so already."""
        covered = quantity.kind is kinds.ALL and self.text.startswith(("全覆盖", "全面覆盖"), quantity.start)
        if covered:
            return "" if name.endswith(("率", "覆盖")) else "覆盖率"
        compared = quantity.unit == "%" or quantity.kind is kinds.BENCHMARK
        grown = growth and compared and not name.endswith(_GROWN)
        return "增速" if grown else ""

    def _inherited_verb(self, item: Item, wording: Wording) -> str:
        """The verb reaches over 、 to the next noun, over a comma only to a level word (申报A 2家,省级B 3家)."""
        if wording.reached or not (item.lead == "、" or (item.lead == "," and naming.LEVEL.match(wording.name))):
            return ""
        return self.context.verb

    def _measure(
        self, quantity: Quantity, wording: Wording, verb: str, name: str, *, growth: bool, rhythm: bool
    ) -> Measure:
        kind = quantity.kind
        if kind is kinds.BREAKTHROUGH:
            return Measure.COUNT
        if kind is kinds.ALL:
            return Measure.SHARE
        if kind is kinds.ZERO:
            return Measure.LEVEL
        if kind is kinds.BENCHMARK:
            return Measure.GROWTH_RATE if growth or re.search("增速|增长|增幅", name) else Measure.SHARE
        measure = measure_of(quantity, verb=verb, name=name, growth=growth, total=wording.total)
        span = self.passage.period
        if measure is Measure.COUNT and span is not None and span.months > 12 and self.passage.tense is _TARGET:
            return Measure.COUNT if quantity.unit in ("次", "场", "期") or rhythm else Measure.CUMULATIVE
        return measure

    def _signed(
        self, quantity: Quantity, wording: Wording, before: str, growth: bool
    ) -> tuple[float | None, float | None]:
        """Value and upper limit; those of a percentage or of points are negative where they fell."""
        value, high = quantity.value, quantity.high
        if quantity.unit not in ("%", "百分点"):
            return value, high
        negative = self.text[quantity.start - 1 : quantity.start] in ("-", "－", "−")
        falls = (growth or quantity.kind is kinds.POINTS) and (wording.fall or is_fall(before))
        if value is not None and (negative or falls) and quantity.kind is not kinds.TIMES:
            value = -value
            high = None if high is None else -high
        return value, high

    def _tier(self, item: Item, wording: Wording, before: str, doubts: list[str]) -> Tier:
        context = self.context
        words = before
        if item.quantity.about == "争" or (item.after and pushes(item.after)):
            return Tier.STRETCH
        if wording.tier is None and context.ambition is not None and context.tier is None:
            return context.ambition
        if wording.tier is not None:
            context.doubled = wording.tier is Tier.STRETCH and context.tier is Tier.BASE
            context.tier = wording.tier
            if "争取" in words and re.search(
                r"争取(?:到位|到|上级|各?[国省市]|资金|项目|[\u4e00-\u9fff]{0,4}资金)", words
            ):
                doubts.append("“争取”可作“取得”解,也可作“力争”解")
            return wording.tier
        if context.tier is None or (item.lead == "" and not context.tier):
            return self.passage.tier
        own_clause = (
            item.lead in (",", ":")
            and bool(wording.name)
            and (not naming.is_generic(wording.name) or "总" in wording.name or context.doubled)
            and not naming.level_only(wording.name, wording.verb)
        )
        if context.tier is Tier.STRETCH and own_clause and not item.bracket:
            doubts.append("“力争”管到哪里不明")
            context.tier = None
            return self.passage.tier
        return context.tier

    def _fill_unit(self, quantity: Quantity, wording: Wording) -> bool:
        """A number without unit: take that of the indicator, or refuse the number."""
        scale = quantity.unit or ""
        told = wording.reached or wording.growth or wording.op is not None or wording.tier is not None
        bound = told or quantity.about in ("保", "争")
        if not bound and not scale:
            return False
        name = wording.name
        spoken = quantity.about in ("保", "争") or naming.level_only(name, wording.verb)
        if spoken and (subject := self.context.subject or self.context.latest):
            name = subject.core
        if (not name or naming.is_generic(name)) and self.context.subject:
            mute = implied_unit(name) is None
            name = (self.context.subject.core if name else self.context.subject.text) if mute else name
        implied = implied_unit(_COUNTED_AS.sub("", name))
        if scale:
            quantity.unit = scale + (implied if implied in ("元", "家", "件", "名") else "元")
            quantity.kind = kinds.NUMBER
            return bool(name) and (bound or implied is not None)
        if implied is None or quantity.value is None or 1900 <= quantity.value <= 2100:
            return False
        quantity.unit = implied
        quantity.kind = kinds.PERCENT if implied == "%" else kinds.NUMBER
        if implied == "元":
            quantity.unit = "亿元"
        return True

    def _remember(self, item: Item, wording: Wording, name: str, own: bool, before: str) -> None:
        context = self.context
        context.recent.append(name)
        orphan = context.subject is None and own and not item.bracket
        if (
            (item.bracket and item.lead != "(")
            or ("其中" in before[:4] and not orphan)
            or (item.bracket and context.latest is not None)
        ):
            return
        context.latest = latest = naming.subject_of(name, wording.verb)
        if wording.name and item.quantity.kind is kinds.NUMBER:
            context.money = latest if is_money(item.quantity.unit) and bearings.is_sum(wording.name, latest) else None
        if own:
            shared = context.verb if item.lead == "、" and not wording.verb else ""
            subject = naming.subject_of(name, shared) if shared else latest
            context.listed.append(subject)
            if item.quantity.kind is not kinds.RANK and not (context.subject is not None and subject.core in _ANYBODY):
                context.subject = subject
            if wording.verb:
                context.history.setdefault(wording.verb, subject)
        elif (context.behind and name[0] not in "每对") or (item.lead == "(" and context.subject is None):
            context.subject = latest
        elif "占" in name and not wording.growth:
            context.subject = Subject("", name, name)
        inner = naming.inner_verb(wording.name) if own and not wording.verb else 0
        if wording.verb:
            context.verb = wording.verb
        elif inner:
            context.verb = wording.name[:inner]
        elif own and item.lead != "、" and not naming.LEVEL.match(wording.name):
            context.verb = ""

    def _without_moments(self, item: Item, moments: list[Moment]) -> str:
        begin, stop = item.before_start, item.quantity.start
        pieces, place = [], begin
        for moment in moments:
            if begin <= moment.start and moment.end <= stop and moment.start >= place:
                pieces.append(self.text[place : moment.start])
                place = moment.end
        pieces.append(self.text[place:stop])
        return "".join(pieces)


def _operator(item: Item, wording: Wording, value: float | None, tense: Tense, *, gap: bool) -> Op:
    """The operator; a gap is what it is, and a negative goal is a ceiling."""
    if gap and tense is _ACTUAL:
        wording.op = Op.EQUAL
    op = operator_of(item.quantity, wording, item.tail, tense)
    if value is not None and value < 0 and tense is _TARGET and op in (Op.AT_LEAST, Op.MORE_THAN):
        return Op.AT_MOST
    return op
