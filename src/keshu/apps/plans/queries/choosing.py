"""Which plan a page shows: the one its address names, else the nearest published plan of the working year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from keshu.apps.plans.models import PlanState, Review, Target, WorkPlan
from keshu.apps.plans.queries.plans import PLANNING_KINDS

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

ALL_PUBLISHED = "all"
# So many characters of a title stand in the selector.
TITLE = 26


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """One entry of the plan selector."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """``plan`` is None when all published plans were asked for (``is_all``), or when there is none to show.

    ``plans`` are all the person may see; ``year`` is the working year when one was chosen in the top bar.
    """

    plan: WorkPlan | None
    is_all: bool
    choices: tuple[PlanChoice, ...]
    plans: tuple[WorkPlan, ...]
    year: int | None

    @property
    def has_any(self) -> bool:
        return bool(self.plans)

    @property
    def published_choices(self) -> tuple[tuple[str, str], ...]:
        """Published plans for a filter, where all are shown together."""
        published = [plan for plan in self.plans if plan.state == PlanState.PUBLISHED]
        return tuple((str(plan.pk), word) for plan, word in zip(published, _words(published), strict=True))

    @property
    def published_years(self) -> tuple[tuple[str, str], ...]:
        """The years of published plans for a filter, newest first."""
        years = {plan.year for plan in self.plans if plan.state == PlanState.PUBLISHED and plan.year is not None}
        return tuple((str(year), f"{year} 年") for year in sorted(years, reverse=True))

    @property
    def drafts(self) -> tuple[WorkPlan, ...]:
        return tuple(plan for plan in self.plans if plan.state == PlanState.REVIEWING)

    @property
    def is_draft(self) -> bool:
        return self.plan is not None and self.plan.state == PlanState.REVIEWING

    @property
    def query(self) -> str:
        """What keeps this choice in a link to another page of the area."""
        return f"?plan={ALL_PUBLISHED}" if self.is_all else f"?plan={self.plan.pk}" if self.plan else ""


def chosen_plan(user: User, *, asked: str, year: int | None, on: date, may_be_all: bool = False) -> ChosenPlan:
    """The plan to show and those to choose from. One query.

    `asked` is the address's ``plan``: a key, ``all`` where the page allows it, or empty. A plan the person may not see is
    treated as not asked for.
    """
    plans = list(
        WorkPlan.objects.visible_to(user)
        .kept()
        .select_related("organisation", "source", "created_by", "released_by")
        .defer("source__text", "source__contradictions", "source__meta")
        .annotate(pending_count=_pending_targets())
    )
    is_all = may_be_all and asked == ALL_PUBLISHED
    named = next((plan for plan in plans if str(plan.pk) == asked), None)
    plan = None if is_all else named or _nearest(plans, user, year=year, on=on)
    return ChosenPlan(
        plan=plan,
        is_all=is_all,
        choices=_choices(plans, plan, is_all=is_all, may_be_all=may_be_all),
        plans=tuple(plans),
        year=year,
    )


def nearness(plan: WorkPlan, user: User) -> int:
    """How long the stretch of the tree is that the plan's organisation shares with the person's, 0 when it is not above.

    A bureau speaks for the whole city it belongs to, so its plan counts as the city's.
    """
    path = plan.organisation.path
    if plan.organisation.kind == "bureau":
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return max((len(path) for own in user.scope.paths if path and own.startswith(path)), default=0)


def _nearest(plans: Sequence[WorkPlan], user: User, *, year: int | None, on: date) -> WorkPlan | None:
    """Of the chosen year exactly; without a choice, of this year or the latest before it."""
    in_force = [plan for plan in plans if plan.state == PlanState.PUBLISHED and plan.year is not None]
    if year is None:
        in_force = [plan for plan in in_force if plan.kind in PLANNING_KINDS and (plan.year or 0) <= on.year]
    else:
        in_force = [plan for plan in in_force if plan.year == year]
    return max(in_force, key=lambda plan: (*_rank(plan, user), plan.pk), default=None)


def _rank(plan: WorkPlan, user: User) -> tuple[int, int, bool, bool]:
    return nearness(plan, user), plan.year or 0, plan.kind in PLANNING_KINDS, plan.kind == PLANNING_KINDS[0]


def _choices(
    plans: Sequence[WorkPlan], chosen: WorkPlan | None, *, is_all: bool, may_be_all: bool
) -> tuple[PlanChoice, ...]:
    """Plans in force and drafts, newest first; an older revision only while it is the one shown."""
    offered = [plan for plan in plans if plan.state in (PlanState.PUBLISHED, PlanState.REVIEWING) or plan == chosen]
    words = _words(offered)
    choices = [PlanChoice(str(plan.pk), word, plan == chosen) for plan, word in zip(offered, words, strict=True)]
    if may_be_all and any(plan.state == PlanState.PUBLISHED for plan in plans):
        choices.append(PlanChoice(ALL_PUBLISHED, "全部已发布的文件", is_all))
    return tuple(choices)


def _words(plans: Sequence[WorkPlan]) -> list[str]:
    """What each is called in a selector; two that would read alike are told apart by when they were imported."""
    words = [_word(plan) for plan in plans]
    repeated = {word for word, count in Counter(words).items() if count > 1}
    return [_word(plan, imported=word in repeated) for plan, word in zip(plans, words, strict=True)]


def _word(plan: WorkPlan, *, imported: bool = False) -> str:
    title = plan.title if len(plan.title) <= TITLE else f"{plan.title[:TITLE]}…"
    revision = f"第 {plan.revision} 版" if plan.revision > 1 else ""
    state = "" if plan.state == PlanState.PUBLISHED else plan.get_state_display()
    when = f"{timezone.localtime(plan.created_at):%m-%d %H:%M:%S} 导入" if imported else ""
    notes = [str(plan.organisation), revision, state, when]
    return f"{title}（{'，'.join(filter(None, notes))}）"


def _pending_targets() -> Coalesce:
    pending = Target.objects.filter(Q(review=Review.PENDING), plan=OuterRef("pk")).order_by()
    counted = pending.values("plan").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
