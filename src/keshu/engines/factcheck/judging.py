"""One statement held against the ledger: does it agree, and if not, what slip explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from keshu.engines.factcheck import wording
from keshu.engines.factcheck.amounts import Dimension, Fit, Printed, converted, fit, unit_of
from keshu.engines.factcheck.naming import NAMED, Subject
from keshu.engines.factcheck.questions import TIE, Question, Room
from keshu.engines.factcheck.reckoning import CHANGES, RISES
from keshu.engines.factcheck.relations import as_printed, reckoned
from keshu.engines.factcheck.values import Fact, FactKind, Tense, Verdict, VerdictKind

_SOUND = {Fit.EXACT: VerdictKind.AGREES, Fit.ROUNDED: VerdictKind.ROUNDED}
# Verdicts that need the figure to equal another one: they hold for a name less surely said, too.
_EXPLAINED = frozenset(
    {
        VerdictKind.UNIT_SLIP, VerdictKind.WRONG_PERIOD, VerdictKind.WRONG_TIER, VerdictKind.WRONG_ORGANISATION,
        VerdictKind.STALE,
    }
)  # fmt: skip
_SURE, _LEAST_EXPLAINED = 0.68, 0.62
# By how much a subject steps back that has no figure of the kind and year asked for.
_MUTE = 0.15
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on one reading of a statement: of which subject, and how surely that is meant."""

    verdict: Verdict
    score: float


def judge(question: Question, room: Room) -> Verdict:
    """The verdict on one statement. Where its words and its reader name two times, it may be right of either."""
    verdict = _judged(question, room)
    if not verdict.kind.is_sound and question.other_when is not None:
        other = _judged(replace(question, when=question.other_when), room)
        verdict = other if other.kind.is_sound else verdict
    if question.said.is_forecast and verdict.kind.is_error:
        return Verdict(question.statement, VerdictKind.NOT_IN_LEDGER, wording.forecast(), candidates=verdict.candidates)
    return verdict


def _judged(question: Question, room: Room) -> Verdict:
    statement = question.statement
    if statement.is_masked:
        return Verdict(statement, VerdictKind.MASKED, wording.masked())
    if statement.value is None:
        return _without_number(question)
    able = sorted(
        ((score if _can_answer(subject, question) else score - _MUTE, subject) for score, subject in question.subjects),
        key=lambda pair: -pair[0],
    )
    direct = _with_kin(_leading(able), able)
    found = [Finding(assess(subject, question, room), score) for score, subject in direct]
    if question.relation is not None:
        results = [(score, subject, reckoned(question, subject)) for score, subject in question.bases]
        bases = _leading([(score, subject) for score, subject, facts in results if facts])
        # 较上年同期增加13名 is no figure of the year so far, even where the ledger has nothing to reckon it from.
        is_rise_alone = question.is_change_alone and question.relation in RISES
        if is_rise_alone or (bases and (question.said.is_of_one_month or question.is_change_alone)):
            found = []
        found += [
            Finding(_against(_signed(question), facts, subject, is_reckoned=True), score + 0.02)
            for score, subject, facts in results
            if (score, subject) in bases
        ]
    return _chosen(question, found)


def _signed(question: Question) -> Question:
    """A fall told as a plain number (同比少3家) as the change that it is."""
    printed = question.printed
    if not question.is_falling or question.relation not in CHANGES or printed.value <= 0:
        return question
    return replace(question, printed=replace(printed, value=-printed.value))


def _can_answer(subject: Subject, question: Question) -> bool:
    """Whether the ledger holds any figure of the kind and year that the statement speaks of."""
    return any(
        (question.tense is None or fact.kind.tense is question.tense)
        and (question.year is None or fact.period.first // 12 <= question.year <= fact.period.last // 12)
        for fact in subject.facts
    )


def _with_kin(
    leading: Sequence[tuple[float, Subject]], scored: Sequence[tuple[float, Subject]]
) -> Sequence[tuple[float, Subject]]:
    """With them the same indicators by another measure (a share, what it rose by), which a slip in the unit confuses."""
    keys = {subject.key for _, subject in leading}
    return [*leading, *(pair for pair in scored if pair not in leading and pair[1].key in keys and pair[0] >= _SURE)]


def _leading(scored: Sequence[tuple[float, Subject]]) -> Sequence[tuple[float, Subject]]:
    """The best subjects and those hardly worse."""
    return [pair for pair in scored if pair[0] >= scored[0][0] - TIE] if scored else []


def _chosen(question: Question, found: Sequence[Finding]) -> Verdict:
    """The reading that the ledger bears out; else the one best said; two equally well said that both fail are told."""
    sound = [each for each in found if each.verdict.kind.is_sound]
    if sound:
        return max(sound, key=lambda each: each.score).verdict
    failed = sorted(
        (each for each in found if each.verdict.kind is not VerdictKind.NOT_IN_LEDGER), key=lambda each: -each.score
    )
    surely = [
        each
        for each in failed
        if each.score >= _SURE or (each.verdict.kind in _EXPLAINED and each.score >= _LEAST_EXPLAINED)
    ]
    if not surely:
        return _unknown(question, found)
    explained = [each for each in surely if each.verdict.kind in _EXPLAINED]
    first = explained[0] if explained else surely[0]
    rivals = [each.verdict.fact for each in surely if each.verdict.fact is not None]
    others = tuple(fact for fact in rivals if fact is not first.verdict.fact and fact.key != _key(first))
    if (
        others
        and not explained
        and question.relation is None
        and len(surely) > 1
        and surely[1].score > first.score - 0.01
    ):
        own = (first.verdict.fact,) if first.verdict.fact is not None else ()
        return Verdict(
            question.statement,
            VerdictKind.UNCLEAR,
            wording.unclear(question.statement, own + others),
            candidates=own + others,
        )
    return first.verdict


def _key(finding: Finding) -> str:
    return finding.verdict.fact.key if finding.verdict.fact is not None else ""


def _unknown(question: Question, found: Sequence[Finding]) -> Verdict:
    told = [each.verdict for each in found if each.verdict.kind is VerdictKind.NOT_IN_LEDGER and each.score >= NAMED]
    if told:
        return told[0]
    near = tuple(dict.fromkeys(subject.facts[-1] for _, subject in (*question.subjects, *question.bases)))[:3]
    return Verdict(
        question.statement,
        VerdictKind.NOT_IN_LEDGER,
        wording.not_in_ledger(question.statement, near),
        candidates=near,
    )


def _without_number(question: Question) -> Verdict:
    """零的突破 and 全覆盖: whether the ledger says the same or more."""
    for _, subject in question.subjects or question.bases:
        for fact in _standing(subject.facts, question.body):
            if fact.op == question.statement.op or (fact.value and fact.kind is FactKind.ACHIEVED):
                return Verdict(question.statement, VerdictKind.AGREES, wording.agrees(fact), fact)
    near = tuple(subject.facts[-1] for _, subject in question.subjects[:3])
    return Verdict(
        question.statement, VerdictKind.NOT_IN_LEDGER, wording.not_in_ledger(question.statement, near), candidates=near
    )


def assess(subject: Subject, question: Question, room: Room) -> Verdict:
    """The verdict if the statement speaks of this subject."""
    body = question.body
    if question.is_body_named and not any(fact.organisation == body for fact in subject.facts):
        names = [each.all_names for each in room.ledger.organisations if each.key == body]
        if any(name in subject.name for each in names for name in each):
            body = room.ledger.home
    facts = _standing(subject.facts, body)
    expected = _expected(facts, question)
    if expected:
        verdict = _against(question, expected, subject)
        if verdict.kind.is_sound or verdict.kind is VerdictKind.UNIT_SLIP:
            return verdict
        return _explained(question, subject, facts, expected, body, room) or verdict
    explained = _explained(question, subject, facts, (), body, room)
    if explained is not None:
        return explained
    near = tuple(facts[-3:]) or subject.facts[-1:]
    return Verdict(
        question.statement,
        VerdictKind.NOT_IN_LEDGER,
        wording.none_for(question, subject, room, has_body=bool(facts)),
        candidates=near,
    )


def _standing(facts: Iterable[Fact], body: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.organisation == body and fact.replaced_on is None)


def _expected(facts: Sequence[Fact], question: Question) -> tuple[Fact, ...]:
    """The facts that the statement ought to repeat: of its kind and its time; of several times the latest."""
    if question.tense is Tense.TARGET:
        return _targets(facts, question)
    achieved = _achieved(facts, question)
    if question.tense is Tense.ACTUAL:
        return achieved
    targets = _targets(facts, question)
    if not achieved and question.when is not None and not question.when.is_year:
        # Of some month nothing is known: only a figure that is the target's may be meant for it.
        targets = tuple(fact for fact in targets if _fit(question, fact) in _SOUND)
    return achieved + targets


def _targets(facts: Sequence[Fact], question: Question) -> tuple[Fact, ...]:
    rows = [fact for fact in facts if fact.kind.tense is Tense.TARGET]
    if question.year is not None:
        rows = [fact for fact in rows if fact.period.first // 12 <= question.year <= fact.period.last // 12]
    elif rows:
        last = max(fact.period.last // 12 for fact in rows)
        rows = [fact for fact in rows if fact.period.last // 12 == last]
    tiers = {fact.kind for fact in rows}
    if len(tiers) == 1:
        return tuple(rows)
    is_stretch = question.said.is_stretch or (question.statement.is_stretch and not question.said.is_floor)
    wanted = FactKind.STRETCH if is_stretch else FactKind.FLOOR
    return tuple(fact for fact in rows if fact.kind is wanted)


def _achieved(facts: Sequence[Fact], question: Question) -> tuple[Fact, ...]:
    rows = [fact for fact in facts if fact.kind is FactKind.ACHIEVED and question.is_asked(fact.period)]
    last = max((fact.period.last for fact in rows), default=None)
    return tuple(fact for fact in rows if fact.period.last == last)


def _against(question: Question, expected: Sequence[Fact], subject: Subject, *, is_reckoned: bool = False) -> Verdict:
    """The statement against the facts it ought to repeat: sound if it fits any, else how far it is off the first.

    Reckoned facts are told as roundly as the draft tells its figure.
    """
    printed = question.printed
    fits = [(fact, _fit(question, fact)) for fact in expected]
    if is_reckoned:
        fits = [(as_printed(fact, printed), how) for fact, how in fits]
    for wanted in (Fit.EXACT, Fit.ROUNDED):
        for fact, how in fits:
            if how is wanted:
                sentence = wording.agrees(fact) if wanted is Fit.EXACT else wording.rounded(fact)
                return Verdict(question.statement, _SOUND[wanted], sentence, fact)
    for fact, how in fits:
        if how is Fit.UNIT:
            return Verdict(question.statement, VerdictKind.UNIT_SLIP, wording.unit_slip(question.statement, fact), fact)
    fact = fits[0][0]
    held = None if fact.value is None else converted(fact.value, fact.unit, printed.unit)
    difference = None if held is None else _rounded(printed.value - held)
    return Verdict(
        question.statement,
        VerdictKind.DIFFERS,
        wording.differs(question.statement, fact, difference),
        fact,
        difference=difference,
    )


def _rounded(difference: Decimal) -> Decimal:
    """To two digits behind the point, where they do not hide it."""
    return difference.quantize(_CENT).normalize() + 0 if abs(difference) >= _CENT else difference


def _fit(question: Question, fact: Fact, *, exactly: bool = False) -> Fit:
    if fact.value is None:
        return Fit.NONE
    printed = question.printed
    if exactly or fact.kind is not FactKind.ACHIEVED:
        printed = Printed(printed.value, printed.unit)
    how = fit(printed, fact.value, fact.unit)
    high, held = question.statement.value_high, fact.value_high
    if high is not None and held is not None and fit(Printed(high, printed.unit), held, fact.unit) is Fit.NONE:
        return Fit.NONE
    return how


def _explained(
    question: Question,
    subject: Subject,
    facts: Sequence[Fact],
    expected: Sequence[Fact],
    body: str,
    room: Room,
) -> Verdict | None:
    """The slip that explains a figure: it equals another one of the ledger, searched from near to far."""
    statement, said = question.statement, expected[0] if expected else None
    equal = [fact for fact in subject.facts if _fit(question, fact, exactly=True) in _SOUND and fact not in expected]
    own = [fact for fact in equal if fact.organisation == body]
    tense = question.tense or (said.kind.tense if said else Tense.ACTUAL)
    asked = None if question.when is None or question.when.is_year else question.when.period

    def slip(kind: VerdictKind, sentence: str, fact: Fact) -> Verdict:
        return Verdict(statement, kind, sentence, fact, expected=said)

    for fact in own:
        if fact.replaced_on is not None and fact.kind.tense is tense:
            return slip(VerdictKind.STALE, wording.stale(statement, fact, said, asked), fact)
    for fact in own:
        if fact.replaced_on is None and fact.kind.tense is Tense.TARGET and _same_year(fact, question, said):
            told = wording.target_as_achieved if tense is Tense.ACTUAL else wording.wrong_tier
            return slip(VerdictKind.WRONG_TIER, told(statement, fact, said), fact)
    for fact in sorted(own, key=lambda each: -each.period.last):
        if fact.kind.tense is tense:
            is_old = said is not None and fact.period.last < said.period.last and _same_year(fact, question, said)
            kind = VerdictKind.STALE if is_old else VerdictKind.WRONG_PERIOD
            how = wording.stale if is_old else wording.wrong_period
            return slip(kind, how(statement, fact, said, asked), fact)
    names = {each.key: each.name for each in room.ledger.organisations}
    for fact in equal if facts else ():
        # Of a county that has no figure of its own, another's equal one would be chance.
        if fact.organisation != body and fact.kind.tense is tense and _same_time(fact, said, question):
            sentence = wording.wrong_organisation(statement, fact, said, names)
            return slip(VerdictKind.WRONG_ORGANISATION, sentence, fact)
    for fact in _slipped(question, facts, said, tense):
        return slip(VerdictKind.UNIT_SLIP, wording.unit_slip(statement, fact, said), fact)
    return None


def _slipped(question: Question, facts: Sequence[Fact], said: Fact | None, tense: Tense) -> Iterator[Fact]:
    """Money of another month of the year in a wrong unit, the latest first: 2712亿元 of September's 2712万元."""
    for fact in sorted(facts, key=lambda each: -each.period.last):
        is_money = unit_of(fact.unit).dimension is Dimension.MONEY
        is_meant = is_money and fact.kind.tense is tense and _same_year(fact, question, said)
        if is_meant and _fit(question, fact, exactly=True) is Fit.UNIT:
            yield fact


def _same_year(fact: Fact, question: Question, said: Fact | None) -> bool:
    year = said.period.last // 12 if said is not None else question.year
    return year is None or fact.period.last // 12 == year


def _same_time(fact: Fact, said: Fact | None, question: Question) -> bool:
    if said is not None:
        return fact.period.last == said.period.last
    return question.when is None or question.when.is_year or fact.period.last == question.when.period.last
