"""What goes into a check and what comes out: statements of a draft, facts of a ledger, verdicts. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from keshu.kernel.period import Period
from keshu.kernel.span import Span


class Tense(StrEnum):
    TARGET = "target"
    ACTUAL = "actual"


class FactKind(StrEnum):
    """What a figure of the ledger is: a target to be met for certain (确保), one to strive for (力争), or what was achieved."""

    FLOOR = "floor"
    STRETCH = "stretch"
    ACHIEVED = "achieved"

    @property
    def tense(self) -> Tense:
        return Tense.ACTUAL if self is FactKind.ACHIEVED else Tense.TARGET


class Family(StrEnum):
    """What a figure counts. A stock and a flow of one thing are two figures; so is its growth."""

    STOCK = "stock"
    FLOW = "flow"
    SHARE = "share"
    GROWTH = "growth_rate"
    RANK = "rank"


class VerdictKind(StrEnum):
    AGREES = "agrees"
    ROUNDED = "rounded"
    DIFFERS = "differs"
    UNIT_SLIP = "unit_slip"
    WRONG_PERIOD = "wrong_period"
    WRONG_TIER = "wrong_tier"
    WRONG_ORGANISATION = "wrong_organisation"
    STALE = "stale"
    INCONSISTENT = "inconsistent"
    UNCLEAR = "unclear"
    NOT_IN_LEDGER = "not_in_ledger"
    MASKED = "masked"

    @property
    def is_sound(self) -> bool:
        """Whether nobody need look at the figure."""
        return self in (VerdictKind.AGREES, VerdictKind.ROUNDED, VerdictKind.MASKED)

    @property
    def is_error(self) -> bool:
        """Whether the figure contradicts the ledger or the draft itself, or may do so."""
        return not self.is_sound and self is not VerdictKind.NOT_IN_LEDGER


@dataclass(frozen=True, slots=True)
class Organisation:
    """A county, park or bureau that figures belong to, with every name that a draft may call it by."""

    key: str
    name: str
    names: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.name, *self.names)))


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the ledger.

    ``key`` tells which facts speak of one indicator; ``names`` are its names as printed. ``period`` of an achieved figure is
    the year so far up to the month it was reported for (``2026-01/2026-10``), of a target the time it is set for.
    ``replaced_on`` is the day on which a later revision took its place, None while it stands. ``source`` says in Chinese where
    it comes from; ``link`` is its address, empty where it has none.
    """

    id: str
    key: str
    names: tuple[str, ...]
    organisation: str
    period: Period
    kind: FactKind
    family: Family
    value: Decimal | None
    unit: str
    value_high: Decimal | None = None
    op: str = "="
    per: str = ""
    replaced_on: date | None = None
    source: str = ""
    link: str = ""

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Facts, the organisations they belong to, and whose ledger it is. ``home`` speaks where a draft names nobody."""

    facts: tuple[Fact, ...]
    organisations: tuple[Organisation, ...]
    home: str

    @property
    def latest(self) -> Period | None:
        """The year so far up to the last month that its own body's achieved figures reach."""
        own = [f.period for f in self.facts if f.kind is FactKind.ACHIEVED and f.organisation == self.home]
        last = max((period.last for period in own), default=None)
        return None if last is None else Period(last - last % 12, last)


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure that a draft states, as its reader read it. Spans count in the draft's text.

    ``tense`` and ``period`` are None where the reader only assumed them; ``family`` likewise. ``is_masked``: ×, XX, 若干.
    """

    index: int
    indicator: str
    span: Span
    value_span: Span
    value: Decimal | None
    unit: str
    value_high: Decimal | None = None
    op: str = "="
    family: Family | None = None
    is_stretch: bool = False
    tense: Tense | None = None
    period: Period | None = None
    per: str = ""
    headings: tuple[str, ...] = ()
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a draft and the figures found in it. ``as_of`` is the time it speaks of, if its writer told.

    ``writer`` is the key of the county or park whose paper it is where the text itself does not say so, empty where nobody knows.
    """

    text: str
    statements: tuple[Statement, ...]
    as_of: Period | None = None
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of one statement: one Chinese sentence, the fact it was held against, and others it may mean.

    ``difference`` is stated less ledger, in the unit of the draft; None where the two cannot be subtracted.
    ``expected`` is what should stand there, where the figure equals another fact. ``others`` are statements that contradict
    this one (inconsistent) by index.
    """

    statement: Statement
    kind: VerdictKind
    sentence: str
    fact: Fact | None = None
    candidates: tuple[Fact, ...] = ()
    difference: Decimal | None = None
    others: tuple[int, ...] = ()
    expected: Fact | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Verdicts in the order of the text."""

    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> Mapping[VerdictKind, int]:
        found = dict.fromkeys(VerdictKind, 0)
        for verdict in self.verdicts:
            found[verdict.kind] += 1
        return found

    @property
    def errors(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.kind.is_error)
