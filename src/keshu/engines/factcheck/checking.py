"""The check itself: every statement judged, then the draft against itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from keshu.engines.factcheck import wording
from keshu.engines.factcheck.amounts import Fit, Printed, fit
from keshu.engines.factcheck.figures import unread_figures
from keshu.engines.factcheck.judging import judge
from keshu.engines.factcheck.naming import NAMED, Fold
from keshu.engines.factcheck.questions import Question, Room, open_room, question
from keshu.engines.factcheck.tables import head_of
from keshu.engines.factcheck.values import Draft, Ledger, Report, Statement, Verdict, VerdictKind


def check(draft: Draft, ledger: Ledger, *, fold: Fold = str) -> Report:
    """Hold every figure of a draft against a ledger.

    Parameters
    ----------
    draft : its text and the figures a reader found in it; figures beside a name of the ledger that the reader passed by are
        taken up too
    ledger : what is known
    fold : brings names of indicators that mean the same to the same words (高企, 高新技术企业)

    Returns
    -------
    One verdict for each figure, in the order of the text.
    """
    whole = _with_unread(draft, ledger, fold=fold)
    room = open_room(whole, ledger, fold=fold)
    asked = [question(statement, room) for statement in whole.statements]
    known = len(draft.statements)
    pairs = [(each, judge(each, room)) for each in asked if each.statement.index < known or _is_named(each)]
    return Report(tuple(sorted(_consistent(pairs, room), key=lambda each: each.statement.value_span)))


def _with_unread(draft: Draft, ledger: Ledger, *, fold: Fold) -> Draft:
    return replace(draft, statements=(*draft.statements, *unread_figures(draft)))


def _is_named(asked: Question) -> bool:
    """A figure that the reader left aside counts only next to a name of the ledger."""
    scores = [score for score, _ in (*asked.subjects[:1], *asked.bases[:1])]
    return max(scores, default=0.0) >= NAMED


def _consistent(pairs: list[tuple[Question, Verdict]], room: Room) -> list[Verdict]:
    """Figures stated twice differently: those that the ledger does not bear out are told so."""
    groups: dict[tuple[object, ...], list[tuple[Question, Verdict]]] = defaultdict(list)
    for asked, verdict in pairs:
        groups[_same(asked, verdict, room)].append((asked, verdict))
    found = []
    for asked, verdict in pairs:
        rivals = [
            other
            for other, _ in groups[_same(asked, verdict, room)]
            if other is not asked
            and not _equal(asked.statement, other.statement)
            and not _in_other_column(asked.statement, other.statement, room)
        ]
        found.append(_against_itself(verdict, rivals, room) if rivals else verdict)
    return found


def _same(asked: Question, verdict: Verdict, room: Room) -> tuple[object, ...]:
    """What makes two figures one: the thing, whose, when, and target or achieved; a figure nobody can place is alone."""
    statement = asked.statement
    if not statement.indicator or statement.value is None or verdict.kind is VerdictKind.MASKED or statement.per:
        return (statement.index,)
    when = None if asked.when is None else asked.when.period.last
    words = room.fold(room.bodies.strip(statement.indicator))
    if len(words) < 4:
        return (statement.index,)
    stretch = asked.said.is_stretch or statement.is_stretch
    return (words, asked.body, when, asked.tense, stretch, statement.family, asked.relation)


def _is_printed(statement: Statement, room: Room) -> bool:
    """Whether the name that the reader gives stands in the figure's own line as such."""
    return statement.indicator in room.places[statement.index].line.of(room.draft.text)


def _in_other_column(one: Statement, other: Statement, room: Room) -> bool:
    """Whether both are cells of tables whose columns say different things (应报, 按时): the row alone gives them one name."""
    heads = [head_of(room.draft.text, room.places[each.index].line, each.value_span.start) for each in (one, other)]
    return all(heads) and heads[0] != heads[1]


def _equal(one: Statement, other: Statement) -> bool:
    if one.value is None or other.value is None:
        return True
    there = fit(Printed(one.value, one.unit, one.op, is_rough=True), other.value, other.unit)
    back = fit(Printed(other.value, other.unit, other.op, is_rough=True), one.value, one.unit)
    return Fit.EXACT in (there, back) or Fit.ROUNDED in (there, back)


def _against_itself(verdict: Verdict, rivals: list[Question], room: Room) -> Verdict:
    others = tuple(each.statement.index for each in rivals)
    if verdict.kind.is_sound:
        return replace(verdict, others=others)
    first = rivals[0].statement
    place = room.draft.text.count("\n", 0, first.span.start) + 1
    told = wording.inconsistent(verdict.statement, first, place)
    if verdict.kind is VerdictKind.NOT_IN_LEDGER:
        # Lists repeat their labels (涉及企业43家) for one thing after the other: only a full name makes two figures one.
        if not all(_is_printed(each, room) for each in (verdict.statement, first)):
            return verdict
        return replace(verdict, kind=VerdictKind.INCONSISTENT, sentence=told, others=others)
    return replace(verdict, sentence=verdict.sentence.removesuffix("。") + "；" + told, others=others)
