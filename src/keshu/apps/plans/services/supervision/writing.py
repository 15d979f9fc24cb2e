"""Notices before they are out: written, changed, deleted as drafts, issued under the year's next number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from keshu.apps.bureau.queries.organisations import of_kinds, organisation_by_id
from keshu.apps.bureau.services import Unacceptable, audit, trail
from keshu.apps.bureau.services.lifecycle import transition
from keshu.apps.plans.models import Issue, PlanNode, PlanState, SupervisionItem, SupervisionNotice, Target, WorkPlan
from keshu.apps.plans.permissions.supervision import SUPERVISING_ROLES, can_write_notice
from keshu.apps.plans.queries.supervision.escalation import first_told
from keshu.apps.plans.queries.supervision.matters import LONGEST, Matter, Share
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.supervision import telling
from keshu.apps.plans.services.supervision.lifecycle import TRANSITIONS, Move, check
from keshu.apps.plans.services.supervision.steps import coming_day, held, move

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

LONGEST_TITLE, LONGEST_DEMAND = 200, 4000
# Kinds of bureau's organisations that answer to the bureau.
ANSWERABLE = ("bureau", "office", "unit", "county", "park", "department")
OUT = (PlanState.PUBLISHED, PlanState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class NoticeFields:
    """What a person writes."""

    title: str
    demand: str
    addressee_id: int
    due_on: date
    matters: tuple[Matter, ...] = ()


@transaction.atomic
def write_notice(
    fields: NoticeFields, *, issue_id: int | None = None, is_demo: bool = False, by: User, at: datetime
) -> SupervisionNotice:
    """A draft. The planning office and the leaders (Refused); Unacceptable names what is missing or wrong.

    Without matters the title is the matter. What belongs to a plan under review cannot be supervised yet.
    """
    can_write_notice(by)
    on = local_day(at)
    values = _checked(fields, on=on)
    issue = None if issue_id is None else Issue.objects.filter(pk=issue_id).first()
    plan_id = _plan_of(fields.matters) or (None if issue is None else issue.plan_id)
    notice = SupervisionNotice(
        year=on.year, issuer=issuer_of(by), written_by=by, written_at=at, issue=issue, plan_id=plan_id,
        is_demo=is_demo, **values,
    )  # fmt: skip
    log = audit.Recorder(by=by, at=at)
    log.create(notice, organisation=notice.issuer_id)
    _write_matters(notice, fields.matters, log)
    return notice


@transaction.atomic
def write_notices(
    shares: Sequence[Share], *, demand: str, due_on: date, by: User, at: datetime
) -> list[SupervisionNotice]:
    """A draft for each organisation of what it leads; all of them or none. As `write_notice`."""
    if not shares:
        raise Unacceptable("所选的条目都没有牵头单位，请逐条起草并指定承办单位。")
    return [
        write_notice(NoticeFields(share.title, demand, share.office.id, due_on, share.matters), by=by, at=at)
        for share in shares
    ]


@transaction.atomic
def change_notice(notice: SupervisionNotice, fields: NoticeFields, *, by: User, at: datetime) -> SupervisionNotice:
    """Write a draft anew; its matters are replaced."""
    row = held(notice.pk)
    check(Move.CHANGE, row, user=by)
    values = _checked(fields, on=local_day(at))
    log = audit.Recorder(by=by, at=at)
    log.update(row, organisation=row.issuer_id, plan_id=_plan_of(fields.matters) or row.plan_id, **values)
    kept = [(each.text, each.target_id, each.node_id) for each in row.items.all()]
    if kept != [(each.text, each.target_id, each.node_id) for each in _matters(fields.matters, row.title)]:
        for item in row.items.all():
            log.delete(item, organisation=row.issuer_id)
        _write_matters(row, fields.matters, log)
    return row


@transaction.atomic
def discard_notice(notice: SupervisionNotice, *, by: User, at: datetime) -> SupervisionNotice:
    """A draft that is not to go out: it stays as cancelled, without a number, on the writer's side."""
    row = held(notice.pk)
    declared = check(Move.DISCARD, row, user=by)
    log = audit.Recorder(by=by, at=at)
    return log.update(row, organisation=row.issuer_id, state=declared.target, closed_at=at)


@transaction.atomic
def issue_notice(notice: SupervisionNotice, *, by: User, at: datetime) -> SupervisionNotice:
    """Give the draft the year's next number and tell its addressee. The planning office and the leaders."""
    on = local_day(at)
    row = held(notice.pk)
    check(Move.ISSUE, row, user=by)
    coming_day(row.due_on, on=on)
    _check_plan(row.plan_id)
    trail.hold_head()  # whoever else issues waits here, so that no number is given twice or left out
    last = SupervisionNotice.objects.filter(year=on.year).aggregate(last=Max("number"))["last"]
    row, step = move(
        row, Move.ISSUE, by=by, at=at, year=on.year, number=(last or 0) + 1, issued_by=by, issued_at=at,
        told=first_told(row.due_on, on=on),
    )  # fmt: skip
    telling.tell_issued(row, step)
    return row


@transaction.atomic
def issue_notices(notices: Iterable[SupervisionNotice], *, by: User, at: datetime) -> list[SupervisionNotice]:
    """Issue several drafts in the order they were written; all of them or none."""
    label = transition(TRANSITIONS, Move.ISSUE).label
    keys = sorted({notice.pk for notice in notices})
    if not keys:
        raise Unacceptable(f"没有选中督办单，请在表格左侧勾选要{label}的草稿。")
    rows = [held(key) for key in keys]  # all locked before the first number is given: two who do the same cannot block
    return [issue_notice(row, by=by, at=at) for row in rows]


def issuer_of(user: User) -> Organisation:
    """The bureau that a person speaks for: the one above their seat, else the bureau of their city, else the seat itself."""
    seats = user.memberships.filter(organisation_id__in=user.scope.organisation_ids).select_related("organisation")
    rows = sorted(seats, key=lambda row: (row.role not in SUPERVISING_ROLES, row.organisation.path, row.pk))
    seat = rows[0].organisation
    found = of_kinds(["bureau"], home=seat, on=date.max)
    above = [ref for ref in found if seat.path.startswith(ref.path)]
    return organisation_by_id(above[-1].id if above else found[0].id) if found else seat


def _checked(fields: NoticeFields, *, on: date) -> dict[str, object]:
    title, demand = _clean(fields.title), _clean(fields.demand)
    if not title:
        raise Unacceptable("请填写督办事项，例如：关于高新技术企业培育工作的督办。", field="title")
    if len(title) > LONGEST_TITLE:
        raise Unacceptable(f"督办事项有 {len(title)} 字，最多 {LONGEST_TITLE} 字。", field="title")
    if not demand:
        raise Unacceptable("请填写办理要求，写明要办成什么、报送什么。", field="demand")
    if len(demand) > LONGEST_DEMAND:
        raise Unacceptable(f"办理要求有 {len(demand)} 字，最多 {LONGEST_DEMAND} 字。", field="demand")
    if any(len(each.text) > LONGEST for each in fields.matters):
        raise Unacceptable(f"督办内容每条最多 {LONGEST} 字，请分条填写。", field="lines")
    addressee = _addressee(fields.addressee_id, on=on)
    return {"title": title, "demand": demand, "addressee": addressee, "due_on": coming_day(fields.due_on, on=on)}


def _addressee(organisation_id: int, *, on: date) -> Organisation:
    try:
        found = organisation_by_id(organisation_id)
    except LookupError:
        raise Unacceptable("请在列表中选择承办单位。", field="addressee_id") from None
    if found.kind not in ANSWERABLE:
        raise Unacceptable(f"“{found}”不是政府部门，不能作为承办单位。", field="addressee_id")
    if found.closed_on is not None and found.closed_on <= on:
        raise Unacceptable(f"“{found}”已撤并，请选择承接它的单位。", field="addressee_id")
    return found


def _plan_of(matters: Iterable[Matter]) -> int | None:
    """The plan that the matters come from (the first, of several); Unacceptable while it is under review."""
    targets = [each.target_id for each in matters if each.target_id is not None]
    nodes = [each.node_id for each in matters if each.node_id is not None]
    plans = {
        *Target.objects.filter(pk__in=targets).values_list("plan_id", flat=True),
        *PlanNode.objects.filter(pk__in=nodes).values_list("plan_id", flat=True),
    }
    for plan_id in plans:
        _check_plan(plan_id)
    return min(plans, default=None)


def _check_plan(plan_id: int | None) -> None:
    plan = None if plan_id is None else WorkPlan.objects.filter(pk=plan_id).defer("source").first()
    if plan is not None and plan.state not in OUT:
        raise Unacceptable(f"《{plan}》{plan.get_state_display()}，不能据此督办。请在发布后起草。")


def _matters(matters: Sequence[Matter], title: str) -> Sequence[Matter]:
    return matters or (Matter(title),)


def _write_matters(notice: SupervisionNotice, matters: Sequence[Matter], log: audit.Recorder) -> None:
    rows = [
        SupervisionItem(
            notice=notice, position=position, text=_clean(each.text), target_id=each.target_id, node_id=each.node_id
        )
        for position, each in enumerate(_matters(matters, notice.title), start=1)
    ]
    summary = {"督办内容": [row.text for row in rows][:20]}
    log.create_many(SupervisionItem, rows, organisation=notice.issuer_id, summary=summary, subject=notice)


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()
