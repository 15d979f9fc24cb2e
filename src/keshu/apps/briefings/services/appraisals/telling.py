"""Who is told what of an appraisal: the scored of their sheets, answers and the result; the planning office of objections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from keshu.apps.briefings.models import Appraisal, AppraisalObjection
from keshu.apps.briefings.permissions import SCORED_ROLES
from keshu.apps.bureau.queries.organisations import of_kinds
from keshu.apps.bureau.queries.people import people_of
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, rows_seen, tell
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

PLANNING_HOMES = ("bureau", "office", "unit")


def _is_concerned(user: User) -> bool:
    return user.scope.is_government or user.scope.is_everything


SHEETS = register(
    NoticeKind(
        "briefings.appraisal", "年度考核", "本单位的评分表开始公示、异议有了答复，或者考核结果公布、撤回。", Ways(mail=True),
        sight=rows_seen(Appraisal), for_whom=_is_concerned,
    )
)  # fmt: skip
OBJECTIONS = register(
    NoticeKind(
        "briefings.objection", "考核异议", "被考核单位在公示期间提出异议，等待规划办公室答复。", Ways(mail=True),
        sight=rows_seen(Appraisal), for_whom=_is_concerned,
    )
)  # fmt: skip


def tell_shown(appraisal: Appraisal, *, by: User, at: datetime) -> None:
    """Each scored organisation's people of their own sheet."""
    _tell_scored(appraisal, "开始公示", "请核对本单位的评分表，有异议的在公示期间提出。", by=by, at=at)


def tell_released(appraisal: Appraisal, *, by: User, at: datetime) -> None:
    _tell_scored(appraisal, "结果公布", "可以查看本单位的评分表和排名。", by=by, at=at)


def tell_withdrawn(appraisal: Appraisal, *, why: str, by: User, at: datetime) -> None:
    _tell_scored(appraisal, "撤回公布", f"回到公示，更正后再公布。理由：{why}"[:300], by=by, at=at)


def _tell_scored(appraisal: Appraisal, what: str, text: str, *, by: User, at: datetime) -> None:
    scored: Iterable[int] = appraisal.sheets.order_by("pk").values_list("organisation_id", flat=True)
    key = f"{appraisal.pk}-{what}-{appraisal.version}"
    tell(
        [
            Message(
                SHEETS.key, _people(pk, at=at) - {by.pk}, f"{appraisal.title}{what}", text, sheet_link(appraisal.pk, pk),
                key, pk, appraisal.pk,
            )
            for pk in scored
        ],
        at=at,
    )  # fmt: skip


def tell_objection(objection: AppraisalObjection, *, by: User, at: datetime) -> None:
    """The planning office."""
    appraisal, on = objection.appraisal, local_day(at)
    homes = [ref.id for ref in of_kinds(PLANNING_HOMES, home=appraisal.organisation, on=on)]
    people = {person.id for person in people_of(homes, on=on, roles=("planner",))} - {by.pk}
    link = reverse("briefings:appraisal-objections", args=[appraisal.pk])
    key = f"{objection.pk}-written"
    text = f"对“{objection.about}”：{objection.text}"[:300]
    tell(
        [Message(OBJECTIONS.key, people, f"{objection.organisation}提出考核异议", text, link, key,
                 objection.organisation_id, appraisal.pk)],
        at=at,
    )  # fmt: skip


def tell_answer(objection: AppraisalObjection, *, by: User, at: datetime) -> None:
    """Who wrote it, and the organisation's people."""
    link = sheet_link(objection.appraisal_id, objection.organisation_id)
    people = (_people(objection.organisation_id, at=at) | {objection.written_by_id}) - {by.pk}
    title = f"考核异议{objection.get_state_display()}：{objection.about}"[:120]
    tell(
        [Message(SHEETS.key, people, title, objection.answer[:300], link, f"{objection.pk}-answered",
                 objection.organisation_id, objection.appraisal_id)],
        at=at,
    )  # fmt: skip


def sheet_link(appraisal_id: int, organisation_id: int) -> str:
    return reverse("briefings:appraisal-sheet", args=[appraisal_id, organisation_id])


def _people(organisation_id: int, *, at: datetime) -> set[int]:
    on = local_day(at)
    return {person.id for person in people_of([organisation_id], on=on, roles=SCORED_ROLES)}
