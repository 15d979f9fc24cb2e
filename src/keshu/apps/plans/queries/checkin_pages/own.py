"""我的填报: the open forms of one's organisations by plan and round, with figures that are filters too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet

from keshu.apps.bureau.queries.ledger import Tone
from keshu.apps.plans.models import UNFILED, CheckIn, CheckInState, PlanState
from keshu.apps.plans.queries.checkin_pages.lines import CheckInLine, lines_of
from keshu.apps.plans.queries.checkins.forms import in_plan_order, own_organisation_ids
from keshu.kernel.rhythm import name_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.kernel.workdays import WorkCalendar

SHOWN = 50
# What the list can be narrowed to: key, word, tone. The first is shown to begin with.
SHOWS: tuple[tuple[str, str, Tone | None], ...] = (
    ("todo", "要填的", None),
    ("open", "待填", Tone.AT_RISK),
    ("returned", "退回", Tone.LATE),
    ("late", "逾期", Tone.LATE),
    ("filed", "待审签", Tone.ON_TRACK),
    ("signed", "已审签", None),
)


@dataclass(frozen=True, slots=True)
class ShowFigure:
    """A count that is also a filter; ``key`` finds it on the page when the counts change."""

    key: str
    label: str
    count: int
    href: str
    tone: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class RoundChoice:
    """A round one's organisations are asked in."""

    id: int
    label: str
    plan: str
    due_on: date
    todo: int

    @property
    def word(self) -> str:
        return f"{self.label}　{self.plan[:24]}（{f'要填 {self.todo}' if self.todo else '已填完'}）"


@dataclass(frozen=True, slots=True)
class OwnForms:
    """``total`` counts what the filters leave; ``rounds`` are all rounds one is asked in, the nearest due first."""

    figures: tuple[ShowFigure, ...]
    rounds: tuple[RoundChoice, ...]
    chosen: RoundChoice | None
    show: str
    lines: tuple[CheckInLine, ...]
    total: int
    page: Any
    is_filer: bool

    @property
    def waiting(self) -> int:
        return next(each.count for each in self.figures if each.key == "todo")

    @property
    def everything(self) -> int:
        return sum(each.count for each in self.figures if each.key in ("todo", "filed", "signed"))


def own_rows(user: User) -> QuerySet[CheckIn]:
    """What the person's organisations are asked in rounds that are not closed, and what is still to be mended in others."""
    is_current = Q(round__closed_at__isnull=True) | Q(state=CheckInState.RETURNED)
    rows = CheckIn.objects.visible_to(user).filter(organisation_id__in=own_organisation_ids(user))
    return rows.filter(is_current, round__plan__state=PlanState.PUBLISHED)


def shown(key: str, *, on: date) -> Q:
    """The condition of a figure."""
    if key == "late":
        return Q(state__in=UNFILED, due_on__lt=on)
    if key == "todo":
        return Q(state__in=UNFILED)
    return Q(state=key)


def own_forms(user: User, query: Mapping[str, str], *, on: date, calendar: WorkCalendar) -> OwnForms:
    """The page the address asks for. Three queries."""
    rows = own_rows(user)
    counts = _counts(rows, on=on)
    rounds = _rounds(counts)
    chosen = next((each for each in rounds if str(each.id) == query.get("round")), None)
    show = query.get("show", "")
    show = show if show in {key for key, _, _ in SHOWS} else "todo"
    figures = _figures(counts, chosen, show=show)
    total = next(each.count for each in figures if each.key == show)
    found = rows.filter(shown(show, on=on))
    if chosen is not None:
        found = found.filter(round_id=chosen.id)
    page = _Counted(in_plan_order(found, "round__due_on"), SHOWN, total=total).get_page(query.get("page"))
    lines = tuple(lines_of(list(page.object_list), on=on, calendar=calendar))
    return OwnForms(figures, rounds, chosen, show, lines, total, page, bool(own_organisation_ids(user)))


def own_figures(user: User, query: Mapping[str, str], *, on: date) -> tuple[ShowFigure, ...]:
    """The figures alone, for a page whose rows have changed. One query."""
    counts = _counts(own_rows(user), on=on)
    chosen = next((each for each in _rounds(counts) if str(each.id) == query.get("round")), None)
    return _figures(counts, chosen, show=query.get("show") or "todo")


class _Counted(Paginator[Any]):
    """A paginator that has been told how many there are."""

    def __init__(self, rows: QuerySet[CheckIn], size: int, *, total: int) -> None:
        super().__init__(rows, size)
        self.count = total


def _counts(rows: QuerySet[CheckIn], *, on: date) -> list[dict[str, Any]]:
    named = rows.order_by().values("round_id", "round__key", "round__due_on", "round__plan__title", "state")
    counted = named.annotate(n=Count("pk"), late=Count("pk", filter=shown("late", on=on)))
    return [dict(each) for each in counted]


def _rounds(counts: list[dict[str, Any]]) -> tuple[RoundChoice, ...]:
    found: dict[int, dict[str, Any]] = {}
    for each in counts:
        known = found.setdefault(each["round_id"], {**each, "todo": 0})
        known["todo"] += each["n"] if each["state"] in UNFILED else 0
    choices = (
        RoundChoice(pk, name_of(each["round__key"]), each["round__plan__title"], each["round__due_on"], each["todo"])
        for pk, each in found.items()
    )
    return tuple(sorted(choices, key=lambda each: (each.due_on, each.id)))


def _figures(counts: list[dict[str, Any]], chosen: RoundChoice | None, *, show: str) -> tuple[ShowFigure, ...]:
    mine = [each for each in counts if chosen is None or each["round_id"] == chosen.id]
    figures = []
    for key, word, tone in SHOWS:
        if key == "late":
            count = sum(each["late"] for each in mine)
        else:
            states = UNFILED if key == "todo" else (key,)
            count = sum(each["n"] for each in mine if each["state"] in states)
        asked = {"show": key, **({"round": str(chosen.id)} if chosen else {})}
        figures.append(ShowFigure(key, word, count, f"?{urlencode(asked)}", tone or "", key == show))
    return tuple(figures)
