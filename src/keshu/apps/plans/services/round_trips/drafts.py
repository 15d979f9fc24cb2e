"""What the sittings of a draft's rows share: the draft, one step for the whole workbook, accepting and striking out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from keshu.apps.bureau.queries.organisation_names import OrganisationNames
from keshu.apps.bureau.services.exchange import Do, Field, FieldKind, RowChange
from keshu.apps.plans.models import Review, WorkPlan
from keshu.apps.plans.permissions import can_review_plan
from keshu.apps.plans.services.meanings import naming_day
from keshu.apps.plans.services.review import strike_out
from keshu.apps.plans.services.rows import Row
from keshu.apps.plans.services.steps import Step, review_step

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

NEEDS = ("plan",)
ACCEPT, REJECT = "accept", "reject"
STRUCK_OUT = "在 Excel 中标为剔除"
ACTION = Field(
    "action", "操作", FieldKind.CHOICE, width=10, choices=((ACCEPT, "通过"), (REJECT, "剔除")), is_action=True,
    help="核对无误的选“通过”，不该有的选“剔除”，其余不填。改过内容的行视为已核，不必再选。",
)  # fmt: skip
DECIDED = {Review.ACCEPTED: ACCEPT, Review.CORRECTED: ACCEPT, Review.ADDED: ACCEPT, Review.REJECTED: REJECT}


def review_words(row: Row, doubts: Sequence[str]) -> dict[str, str]:
    """How far the row is reviewed, in the words of the review page: what raises doubt is 存疑 until somebody has decided."""
    is_doubtful = row.review == Review.PENDING and bool(doubts)
    return {
        "review": "存疑" if is_doubtful else Review(row.review).label,
        "doubts": "；".join(doubts) if is_doubtful else "",
    }


@dataclass
class Draft:
    """One keeper's dealings with one draft."""

    by: User
    at: datetime
    plan: WorkPlan
    what: str

    @property
    def title(self) -> str:
        return f"《{self.plan}》{self.what}"

    @property
    def back(self) -> str:
        return reverse("plans:review", args=[self.plan.pk])

    @property
    def organisation(self) -> Organisation:
        return self.plan.organisation

    @cached_property
    def names(self) -> OrganisationNames:
        """The organisations as they were when the document was written: one closed since is called by its name of then."""
        return OrganisationNames(self.by, on=naming_day(self.plan.year, at=self.at))

    @contextmanager
    def stepping(self, carry_out: Callable[[Step, RowChange], None], *, at: datetime) -> Iterator[Do]:
        """All changes in one step of the review, so that one undo takes the whole workbook back."""
        with review_step(self.plan, by=self.by, at=at, version=None) as step:
            count = 0

            def do(change: RowChange) -> None:
                nonlocal count
                carry_out(step, change)
                count += 1

            yield do
            step.summary = f"Excel 导入{self.what} {count} 行"


def sit_at_draft(by: User, params: Mapping[str, str], at: datetime) -> WorkPlan:
    """The draft that the address names; LookupError for none the person may see, Refused to whom may not review it."""
    number = params["plan"]
    plans = WorkPlan.objects.visible_to(by).select_related("organisation", "source")
    plan = plans.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if plan is None:
        raise LookupError(f"no plan {number!r}")
    can_review_plan(by, plan)
    return plan


def decide(step: Step, row: Row, action: str) -> None:
    """Accept or strike out, as the action column says."""
    if action == REJECT:
        strike_out(step, row, reason=STRUCK_OUT)
    elif action == ACCEPT and row.review == Review.PENDING:
        step.decide(row, Review.ACCEPTED)
