"""Who is told what of a plan: each office of its own part when it is published, all of them when it is withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.people import people_of, seats_in
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, rows_seen, tell
from keshu.apps.plans.models import WorkPlan
from keshu.apps.plans.queries.glance import OfficeShare, shares_of_plan
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# A draft that has waited so long is reminded of; one that has waited much longer has been forgotten on purpose.
WAITING, FORGOTTEN = timedelta(days=3), timedelta(days=30)
REVIEWER_ROLES = ("planner", "office_head", "county_clerk")


def _reads_plans(user: User) -> bool:
    return user.scope.is_government or user.scope.is_everything


def _ever_published(user: User) -> QuerySet[WorkPlan]:
    """Of a withdrawn plan all may know who could see it while it was in force."""
    return WorkPlan.objects.all() if _reads_plans(user) else WorkPlan.objects.none()


PUBLISHED = register(
    NoticeKind(
        "plans.published",
        "工作要点发布",
        "本单位有任务的工作要点已发布，写明牵头和配合的项数。",
        Ways(mail=True),
        sight=rows_seen(WorkPlan),
        for_whom=_reads_plans,
    )
)
REVISED = register(
    NoticeKind(
        "plans.revised",
        "工作要点新版",
        "已发布的工作要点有了新版，本单位的任务可能有增减。",
        Ways(mail=True),
        sight=rows_seen(WorkPlan),
        for_whom=_reads_plans,
    )
)
WITHDRAWN = register(
    NoticeKind(
        "plans.withdrawn",
        "工作要点作废",
        "本单位有任务的工作要点已作废，写明原因。",
        Ways(mail=True),
        sight=_ever_published,
        for_whom=_reads_plans,
    )
)
DRAFT_WAITING = register(
    NoticeKind(
        "plans.draft_waiting",
        "草稿待核对",
        "导入的文件过了三天还没有核对发布。",
        sight=lambda user: WorkPlan.objects.visible_to(user).drafts(),
        for_whom=_reads_plans,
    )
)


def tell_published(plan_id: int, *, by: User, at: datetime) -> int:
    """Everybody of the offices with a part in the plan, or in the one it replaces; not the publisher. How many were told."""
    plan, on = _plan(plan_id), local_day(at)
    parts = {share.office.id: _part(share) for share in _shares(plan, by=by, on=on)}
    kind = PUBLISHED
    if plan.revision > 1:
        kind = REVISED
        if plan.supersedes is not None:
            earlier = _shares(plan.supersedes, by=by, on=on)
            parts |= {s.office.id: "在新版中没有任务" for s in earlier if s.office.id not in parts}
    title = f"《{plan}》已发布" + (f"第 {plan.revision} 版" if kind is REVISED else "")
    messages = [
        Message(
            kind.key,
            people,
            title,
            _parts_in_words(offices, parts, names=names),
            f"{reverse('plans:office-detail', args=[offices[0]])}?plan={plan.pk}",
            str(plan.pk),
            plan.organisation_id,
            plan.pk,
        )
        for offices, people, names in _by_seats(parts, on=on, but=by.pk)
    ]
    return tell(messages, at=at)


def tell_withdrawn(plan_id: int, *, by: User, at: datetime, why: str) -> int:
    """Everybody of the offices that had a part in it; not who withdrew it. How many were told."""
    plan, on = _plan(plan_id), local_day(at)
    offices = [share.office.id for share in _shares(plan, by=by, on=on)]
    people = {pk for _, people, _ in _by_seats(offices, on=on, but=by.pk) for pk in people}
    return tell(
        [
            Message(
                WITHDRAWN.key, people, f"《{plan}》已作废", f"原因：{why}", reverse("plans:plan-list"), str(plan.pk),
                plan.organisation_id, plan.pk,
            )
        ],
        at=at,
    )  # fmt: skip


def remind_of_drafts(*, at: datetime) -> int:
    """Of drafts that wait for review: who imported them, and who reviews for that organisation. How many were told."""
    rows = WorkPlan.objects.drafts().filter(created_at__lte=at - WAITING, created_at__gt=at - FORGOTTEN)
    on = local_day(at)
    messages = [
        Message(
            DRAFT_WAITING.key,
            {plan.created_by_id, *(p.id for p in people_of([plan.organisation_id], on=on, roles=REVIEWER_ROLES))},
            f"《{plan}》等待核对",
            f"{local_day(plan.created_at):%Y-%m-%d} 导入，还没有核对发布。",
            reverse("plans:plan-detail", args=[plan.pk]),
            str(plan.pk),
            plan.organisation_id,
            plan.pk,
        )
        for plan in rows
    ]
    return tell(messages, at=at)


def _plan(plan_id: int) -> WorkPlan:
    rows = WorkPlan.objects.select_related("organisation", "supersedes__organisation")
    return rows.defer("source__text").get(pk=plan_id)


def _shares(plan: WorkPlan, *, by: User, on: date) -> list[OfficeShare]:
    """The organisations with a task of the plan."""
    return [share for share in shares_of_plan(plan, user=by, on=on) if share.leads or share.supports]


def _by_seats(
    offices: Iterable[int], *, on: date, but: int
) -> list[tuple[tuple[int, ...], list[int], Mapping[int, str]]]:
    """The people of these organisations, those of the same seats together, with the names of the organisations."""
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    for person_id, seats in seats_in(list(offices), on=on).items():
        names |= {seat.id: seat.name for seat in seats}
        if person_id != but:
            groups[tuple(seat.id for seat in seats)].append(person_id)
    return [(seats, people, names) for seats, people in groups.items()]


def _part(share: OfficeShare) -> str:
    counts = [f"{word} {count} 项" for word, count in (("牵头", share.leads), ("配合", share.supports)) if count]
    return "、".join(counts)


def _parts_in_words(offices: tuple[int, ...], parts: Mapping[int, str], *, names: Mapping[int, str]) -> str:
    if len(offices) == 1:
        return f"本单位{parts[offices[0]]}。"
    return "；".join(f"{names[pk]}{parts[pk]}" for pk in offices) + "。"
