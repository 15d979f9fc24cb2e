"""One's open check-ins to Excel and back: filled in at leisure, tried out, then saved or filed row by row."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from keshu.apps.bureau.queries.organisation_names import OrganisationNames
from keshu.apps.bureau.services import Refused
from keshu.apps.bureau.services.exchange import (
    Access,
    CurrentRow,
    Do,
    Field,
    FieldKind,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    register,
)
from keshu.apps.plans.models import UNFILED, CheckIn
from keshu.apps.plans.queries.checkin_pages.lines import PART_WORDS
from keshu.apps.plans.queries.checkin_pages.own import own_rows
from keshu.apps.plans.queries.checkin_pages.rounds import subject_of
from keshu.apps.plans.queries.checkins.forms import in_plan_order, own_organisation_ids
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.services.checkins import file_check_in, save_check_in
from keshu.apps.plans.services.checkins.contents import LONGEST
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

FILE = "file"
FIELDS = (
    Field("round", "期次", access=Access.READ, width=14),
    Field("office", "填报单位", access=Access.READ, width=14),
    Field("subject", "事项", access=Access.READ, width=34, wrap=True),
    Field("asked", "目标", access=Access.READ, width=22, wrap=True),
    Field("part", "责任", access=Access.READ, width=8),
    Field("due_on", "截止日期", FieldKind.DATE, access=Access.READ, width=12),
    Field(
        "value", "完成数", FieldKind.NUMBER, width=12, places=6,
        help="年内累计的目标填1月至期末的累计数，存量、占比、增速填期末数；任务不填。",
    ),
    Field("unit", "单位", access=Access.READ, width=8),
    Field("percent", "完成进度（%）", FieldKind.NUMBER, width=14, help="任务填 0 到 100 的整数；目标不填。"),
    Field("progress", "进展情况", width=50, longest=LONGEST, wrap=True),
    Field("problems", "存在问题", width=30, longest=LONGEST, wrap=True),
    Field("help_needed", "需协调事项", width=30, longest=LONGEST, wrap=True),
    Field("state", "状态", access=Access.READ, width=10),
    Field(
        "action", "操作", FieldKind.CHOICE, width=10, choices=((FILE, "报送"),), is_action=True,
        help="填好要报送的行选“报送”，不选的只保存。",
    ),
)  # fmt: skip
TYPED = ("value", "percent", "progress", "problems", "help_needed")


@dataclass
class Forms:
    """One person's open forms."""

    by: User
    at: datetime

    @property
    def title(self) -> str:
        return "调度填报"

    @property
    def back(self) -> str:
        return reverse("plans:checkin-own")

    @cached_property
    def organisation(self) -> Organisation:
        seats = self.by.memberships.filter(organisation_id__in=own_organisation_ids(self.by))
        return seats.select_related("organisation").order_by("pk").first().organisation  # type: ignore[union-attr]

    @cached_property
    def names(self) -> OrganisationNames:
        return OrganisationNames(self.by, on=local_day(self.at))

    def current(self) -> list[CurrentRow]:
        rows = in_plan_order(own_rows(self.by).filter(state__in=UNFILED), "round__due_on")
        return [CurrentRow(str(row.pk), _values(row), subject_of(row), subject=row) for row in rows]

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        """Nothing but its key: two tasks may have the same words."""
        return []

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        def do(change: RowChange) -> None:
            assert change.current is not None
            keep(change.current.subject, change.values, by=self.by, at=task.at)

        with transaction.atomic():
            yield do


def keep(row: CheckIn, values: Mapping[str, Any], *, by: User, at: datetime) -> CheckIn:
    """Save the row as wanted, or file it."""
    act = file_check_in if values.get("action") == FILE else save_check_in
    percent = values["percent"]
    return act(
        row,
        version=row.version,
        progress=values["progress"],
        percent=None if percent is None else int(percent),
        value=values["value"],
        problems=values["problems"],
        help_needed=values["help_needed"],
        by=by,
        at=at,
    )


def _values(row: CheckIn) -> dict[str, Any]:
    return {
        "round": row.round.label,
        "office": str(row.organisation),
        "subject": subject_of(row),
        "asked": "" if row.target is None else requirement_of(row.target),
        "part": PART_WORDS[row.part],
        "due_on": row.due_on,
        "unit": "%" if row.target is None else row.target.unit,
        "state": row.get_state_display(),
        "action": "",
        "value": row.value,
        "percent": None if row.percent is None else Decimal(row.percent),
        "progress": row.progress,
        "problems": row.problems,
        "help_needed": row.help_needed,
    }


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    """Whoever fills forms for an organisation (Refused)."""
    if not own_organisation_ids(by):
        raise Refused("调度填报由各处室、单位和县区、园区的经办人办理，您的账号不能填报。")
    return Forms(by, at)


CHECKINS = register(
    RoundTrip(
        key="plans.checkins", noun="填报", fields=FIELDS, keys=("subject",), sit=sit,
        no_adding="表中不能新增填报：要填的项目由系统按工作要点列出，请从表中删去这一行。",
        hints="只填“完成数”“完成进度”“进展情况”“存在问题”“需协调事项”和“操作”。",
    )
)  # fmt: skip
