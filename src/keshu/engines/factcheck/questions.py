"""What each statement of a draft asks of the ledger: which indicators it may mean, whose, of what time, target or achieved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from keshu.engines.factcheck.amounts import Dimension, Printed, may_be_one, unit_of
from keshu.engines.factcheck.naming import NAMED, Fold, Phrase, Subject, best, phrase, subjects_of
from keshu.engines.factcheck.places import ACTUAL_WORDS, TARGET_WORDS, Bodies, Place, Said, places_of, said_of
from keshu.engines.factcheck.reckoning import RISES, Relation, is_change_alone, is_falling, relation_of
from keshu.engines.factcheck.sharing import Share, shares_of
from keshu.engines.factcheck.tables import head_of
from keshu.engines.factcheck.tenses import is_done_by, tense_of, tense_of_head
from keshu.engines.factcheck.times import Times, When, is_so_far, read_times
from keshu.engines.factcheck.values import Draft, Family, Ledger, Statement, Tense
from keshu.kernel.period import Period

# Subjects whose names are as well said as the best one's, and those that are close behind.
TIE = 0.035
_CLAUSES_BACK = 8
# A name that the reader carried over from another line weighs less than words of this line.
_CARRIED = 0.82
_LINES_BACK, _SHORT_LINE = 20, 60
_LINES_MEANT = 4
# 这个数字有望达到520家: the figure is of what was spoken of before, if need be in the line before.
ANAPHOR = "这[个一项]?(?:数字|数据|数|指标|成绩|工作)|该(?:指标|数据|项)|上述"
# A clause of no more letters than these, words of reckoning aside, speaks of what the one before it named.
_BARE = re.compile(
    rf"\d+[年月日]|日前|我们|完成率|完成进度|不[少低]于|至少|努力|去$|{TARGET_WORDS.pattern}|{ACTUAL_WORDS.pattern}|{ANAPHOR}|[^\u4e00-\u9fff]|年度|全年|分别|其中|方面|同比|环比|增长|增加|提高|"
    "下降|减少|[今去上前]年|同期|时候|现在|如今|眼下|当前|一?整年|[一二三四五六七八九十]+个?月|月[份底末]?|年[底末]|甚至|同时|其中|"
    "[数的了为和与及有是到超近约共计各余多少而就只才仅又还则比较由从升至达干做]"
)
_FEW, _NOUN = 2, 2
# Words for what stands at a time, as against what was added.
_STANDING = re.compile("总数|总量|保有|有效|存量")
# What a reader adds to a name where the figure is reckoned from it.
_RECKONED = re.compile("(?:完成率$|增速$|差距$)|(?:完成率)?.{0,2}于?(?:时序|序时)(?:进度)?$")
# What a line is about, in front of its colon: 特派员：选派了279人.
_LABEL = re.compile(r"[^\w]*(?P<name>[^：:，,。；;\d]{2,24})[：:]")
_BREAKS = re.compile(r"[，,。；;！!：:\n（）()]")


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with all that its place says. ``tense`` None: nothing tells, either may be meant.

    ``subjects`` are scored 0 to 1, best first. ``when`` is None where neither the draft nor its writer names a time;
    ``other_when`` is what the draft's reader took for its time, where that is another. ``is_falling``: a reckoned figure
    that the words call a fall or a lag. ``is_change_alone``: the words leave no doubt that it is reckoned. ``reach`` is the time
    that the whole draft tells of, where the ledger knows a later one.
    """

    statement: Statement
    printed: Printed
    said: Said
    tense: Tense | None
    body: str
    is_body_named: bool
    when: When | None
    relation: Relation | None
    subjects: tuple[tuple[float, Subject], ...]
    bases: tuple[tuple[float, Subject], ...] = ()
    other_when: When | None = None
    is_falling: bool = False
    is_change_alone: bool = False
    reach: Period | None = None

    @property
    def year(self) -> int | None:
        return None if self.when is None else self.when.period.last // 12

    def is_asked(self, period: Period) -> bool:
        """Whether what was achieved up to then may be told: at the month named; of a year, as far as the draft reaches."""
        if self.when is not None and not self.when.is_year:
            return period.last == self.when.period.last
        reach = self.reach
        if reach is not None and period.last // 12 == reach.last // 12 and period.last > reach.last:
            return False
        return self.year is None or period.last // 12 == self.year


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that is known of a draft and a ledger before the first statement is judged."""

    draft: Draft
    ledger: Ledger
    subjects: tuple[Subject, ...]
    places: dict[int, Place]
    bodies: Bodies
    times: Times
    numbers: tuple[int, ...]
    fold: Fold
    shares: dict[int, Share]


def open_room(draft: Draft, ledger: Ledger, *, fold: Fold) -> Room:
    times = read_times(draft.text, as_of=draft.as_of)
    return Room(
        draft,
        ledger,
        subjects_of(ledger, fold=fold),
        places_of(draft.text, draft.statements),
        Bodies(draft.text, ledger, writer=draft.writer),
        times,
        tuple(sorted(each.value_span.start for each in draft.statements)),
        fold,
        shares_of(draft.text, draft.statements, times.found),
    )


def question(statement: Statement, room: Room) -> Question:
    """What the statement asks."""
    text, place = room.draft.text, room.places[statement.index]
    statement = _with_family(statement, place, room)
    said = said_of(text, statement, place)
    head = head_of(text, place.line, statement.value_span.start)
    body, is_named = room.bodies.of(statement, place, room.draft.statements, head=head)
    share = room.shares.get(statement.index)
    relation = relation_of(statement, text, place, head=head + (share.lead.of(text) if share else ""))
    when = _when(statement, room, place, head=head)
    rounds = list(_rounds(statement, place, room))
    fitting = [subject for subject in room.subjects if _may_mean(statement, subject)]
    bases = [subject for subject in room.subjects if _may_be_base(statement, subject, relation)] if relation else []
    return Question(
        statement,
        Printed(
            Decimal(0) if statement.value is None else statement.value,
            statement.unit,
            statement.op,
            is_rough=_is_rough(statement, text, place),
        ),
        said,
        tense_of_head(head)
        or tense_of(
            statement,
            said,
            when if when is not None and when.end > place.line.start else None,
            is_report=_is_report(room) and not _speaks_of_targets(statement, text, place, head),
            is_done_by=share is None and is_done_by(when, place, head=head, latest=room.ledger.latest),
        ),
        body,
        is_named,
        when,
        relation,
        tuple(_ranked(statement, _named_by(fitting, rounds), relation)),
        tuple(_named_by(bases, rounds)),
        None if share and share.when else _other_when(statement, when, place, room.times),
        relation is not None and is_falling(statement, text, place),
        relation is not None and is_change_alone(statement, text, place, relation),
        _reach(room),
    )


def _is_report(room: Room) -> bool:
    return room.times.default is not None and is_so_far(room.times.default)


def _speaks_of_targets(statement: Statement, text: str, place: Place, head: str) -> bool:
    """Whether the figure's own line, the one before it, its column's head or a heading over it speaks of targets."""
    above = text.rfind("\n", 0, max(place.line.start - 1, 0)) + 1
    said = (text[above : place.line.end], _lead_in(text, place), head, *statement.headings)
    return TARGET_WORDS.search(" ".join(said)) is not None


def _reach(room: Room) -> Period | None:
    default, latest = room.times.default, room.ledger.latest
    return default if default is not None and latest is not None and default.last < latest.last else None


def _is_rough(statement: Statement, text: str, place: Place) -> bool:
    """近, 约, 余, 超过: of what was achieved the number is not meant to the last digit."""
    around = text[max(place.clause.start, statement.value_span.start - 4) : statement.value_span.end + 3]
    return (
        statement.op in ("~", ">") and re.search("近|约|左右|余|多|超|突破|逾|上下|将近|高于|大于", around) is not None
    )


def _with_family(statement: Statement, place: Place, room: Room) -> Statement:
    """A figure that the reader passed by counts what the one before it counts, in the same sentence and the same unit; or
    what stands at a time, where the words say so."""
    if statement.family is not None:
        return statement
    at = statement.value_span.start
    before = [
        each
        for each in room.draft.statements
        if place.sentence.start <= each.value_span.start < at and each.unit == statement.unit and each.family
    ]
    if before:
        return replace(statement, family=before[-1].family)
    is_stock = _STANDING.search(room.draft.text[place.sentence.start : at]) is not None
    return replace(statement, family=Family.STOCK) if is_stock else statement


def _when(statement: Statement, room: Room, place: Place, *, head: str) -> When | None:
    at = statement.value_span.start
    share = room.shares.get(statement.index)
    if share is not None and share.when is not None:
        return share.when
    if (of_column := room.times.of_words(head)) is not None:
        return of_column
    found = room.times.of(at, sentence=place.sentence.start, paragraph=place.line.start, numbers=room.numbers)
    if found is not None:
        return found
    for heading in reversed(statement.headings):
        named = read_times(heading, as_of=room.times.default).found
        if named:
            return named[-1]
    default, period = room.times.default, statement.period
    if period is not None and room.times.is_shut(period, since=place.line.start, at=at):
        period = None
    # A reader's whole year is what it assumed of the document; the time that the writer gave goes before it.
    if period is not None and (period.months != 12 or default is None):
        return When(0, 0, period, is_year=period.months == 12)
    if default is None:
        return None
    return When(0, 0, default, is_year=room.times.is_assumed or default.months == 12)


def _other_when(statement: Statement, when: When | None, place: Place, times: Times) -> When | None:
    """The reader's own time, unless it is the same or says less, or the sentence itself names its time."""
    period = statement.period
    if period is None or when is None or period.contains(when.period) or when.end > place.sentence.start:
        return None
    if times.is_shut(period, since=place.line.start, at=statement.value_span.start):
        return None
    return When(statement.span.start, statement.span.start, period, is_year=period.months == 12)


def _may_mean(statement: Statement, subject: Subject) -> bool:
    """Whether the figure may be of the subject's kind at all."""
    if not may_be_one(statement.unit, _unit(subject)):
        return False
    if (statement.family is Family.GROWTH) != (subject.family is Family.GROWTH):
        return False
    return (statement.family is Family.RANK) == (subject.family is Family.RANK) or subject.dimension is Dimension.BARE


def _may_be_base(statement: Statement, subject: Subject, relation: Relation | None) -> bool:
    """Whether the figure may be reckoned from the subject's."""
    if subject.family in (Family.GROWTH, Family.RANK):
        return False
    if relation in (Relation.COMPLETION, Relation.GROWTH, Relation.PACE, Relation.MULTIPLE):
        return True
    if relation in RISES and statement.unit == "%":
        return True
    here, there = unit_of(statement.unit), subject.dimension
    return here.dimension == there or Dimension.BARE in (here.dimension, there)


def _unit(subject: Subject) -> str:
    return next((fact.unit for fact in subject.facts if fact.unit), "")


def _ranked(
    statement: Statement, scored: Sequence[tuple[float, Subject]], relation: Relation | None
) -> list[tuple[float, Subject]]:
    """Of subjects alike in name those of the statement's own family and unit come first."""
    found = []
    for score, subject in scored:
        here, there = unit_of(statement.unit).base, {unit_of(fact.unit).base for fact in subject.facts}
        unlike = statement.family is not None and statement.family is not subject.family
        weight = score - (0.05 if unlike else 0) - (0.02 if here not in there else 0)
        found.append((weight - (0.1 if relation and unlike else 0), subject))
    return sorted(found, key=lambda pair: -pair[0])


def _rounds(statement: Statement, place: Place, room: Room) -> Iterator[list[Phrase]]:
    """Words that may name the figure, from near to far: its own clause, those before it, the line's lead-in, headings."""
    text, at, end = room.draft.text, statement.value_span.start, statement.value_span.end

    def said(words: str, weight: float, *, is_name: bool = False) -> Phrase:
        return phrase(room.bodies.strip(words), fold=room.fold, weight=weight, is_name=is_name)

    name = _RECKONED.sub("", statement.indicator)
    names = [said(each, 1.0, is_name=True) for each in dict.fromkeys((name, statement.indicator)) if each]
    owner = _owner_of_bracket(text, place, at)
    if (share := room.shares.get(statement.index)) is not None:
        yield [said(share.words.of(text), 1.0)]
    # Words of its own beside the figure make it a part (其中市级8场), not the thing in front of the bracket.
    if owner and not _BARE.sub("", text[place.clause.start : at]):
        yield [said(owner, 1.0)]
    is_here = bool(name) and _is_said_here(room.bodies.strip(name), text, place)
    before, after = text[place.clause.start : at], text[end : place.clause.end]
    own = [said(before, 1.0)]
    if names:  # what the reader passed by may be the size of a thing (推动7家实验室建设): only words in front name it
        own += [said(before + after, 0.99), said(after, 0.96)]
    elif not text[place.line.start : at].strip():
        own += [said(_apposed(text, place, end), 0.96)]
    yield [*names, *own] if is_here else own
    if not names and len(_BARE.sub("", room.bodies.strip(before + after))) > _FEW:
        return
    label = _LABEL.match(text[place.line.start : at])
    if label is not None:
        yield [said(label["name"], 0.97, is_name=True)]
    weight = 0.97
    for clause in reversed(_BREAKS.split(text[place.line.start : place.clause.start])[-_CLAUSES_BACK:]):
        if clause.strip():
            weight *= 0.985
            yield [said(clause, weight)]
    # A clause with a noun of its own that the ledger does not know (涉及企业43家) hardly speaks of what a heading names.
    is_own = len(_BARE.sub("", room.bodies.strip(before))) > _NOUN
    far = 0.7 if is_own else 1.0
    if label is not None or re.search(ANAPHOR, text[place.sentence.start : at]):
        for line in text[: place.line.start].split("\n")[-_LINES_MEANT:][::-1]:
            yield [said(clause, 0.9 * far) for clause in _BREAKS.split(line) if clause.strip()]
    yield [said(_lead_in(text, place), 0.9 * far)]
    yield [replace(each, weight=_CARRIED) for each in names]
    for distance, heading in enumerate(reversed(statement.headings)):
        yield [said(heading, (0.8 - 0.05 * distance) * far)]


def _owner_of_bracket(text: str, place: Place, at: int) -> str:
    """The words right in front of the bracket in which the figure stands: 合作协议（目标100项，完成69项）."""
    inside = text[place.line.start : at]
    opened = max(inside.rfind("（"), inside.rfind("("))
    if opened < 0 or max(inside.rfind("）"), inside.rfind(")")) > opened:
        return ""
    return _BREAKS.split(re.split("、", inside[:opened])[-1])[-1]


def _apposed(text: str, place: Place, end: int) -> str:
    """What a figure that opens its line is the figure of: 1,085家——入库企业, or the next line where it fills its own."""
    rest = text[end : place.line.end]
    if not re.sub(r"[^\w]", "", rest):
        return text[
            place.line.end : text.find("\n", place.line.end + 1) if "\n" in text[place.line.end + 1 :] else None
        ]
    return _BREAKS.split(rest)[0] if rest.lstrip().startswith(("—", "－", "-", "|", "｜")) else ""


def _named_by(subjects: Sequence[Subject], rounds: Iterable[list[Phrase]]) -> list[tuple[float, Subject]]:
    """The subjects that the nearest words name; what lies farther away is not asked once something is named."""
    found: dict[int, tuple[float, Subject]] = {}
    for phrases in rounds:
        for score, subject in best(subjects, phrases):
            if score > found.get(id(subject), (0.0, subject))[0]:
                found[id(subject)] = (score, subject)
        if any(score >= NAMED for score, _ in found.values()):
            break
    return sorted(found.values(), key=lambda pair: -pair[0])


def _lead_in(text: str, place: Place) -> str:
    """The line that opens the list in which the figure's line stands: 各县区推广新品种情况：."""
    end = place.line.start - 1
    for _ in range(_LINES_BACK):
        start = text.rfind("\n", 0, max(end, 0)) + 1
        line = text[start : max(end, 0)].strip()
        if not line or len(line) > _SHORT_LINE:
            return ""
        if line.endswith(("：", ":")) or not re.search(r"\d", line):
            return line
        end = start - 1
    return ""


def _is_said_here(name: str, text: str, place: Place) -> bool:
    """Whether most of a name stands in the figure's own line, and some of it in its sentence (新认定8家, of what the sentence
    before calls 高新技术企业); the cells of a table take theirs from its head."""
    if text.startswith("|", place.line.start):
        return True
    line, sentence = place.line.of(text), place.sentence.of(text)
    return sum(character in line for character in name) >= 0.7 * len(name) and sum(
        character in sentence for character in name
    ) >= 0.3 * len(name)
