"""Who is told what of a supervision notice: the addressee what it must do, the issuer what came back, others when it is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from keshu.apps.bureau.queries.people import people_of
from keshu.apps.bureau.services.notices import Message, NoticeKind, Ways, register, tell
from keshu.apps.plans.models import SupervisionNotice, SupervisionStep
from keshu.apps.plans.permissions.supervision import is_supervisor
from keshu.apps.plans.services import group_messages
from keshu.apps.plans.services.meanings import local_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from keshu.apps.bureau.models import User


def _sight(user: User) -> QuerySet[SupervisionNotice]:
    return SupervisionNotice.objects.visible_to(user)


def _in_government(user: User) -> bool:
    return user.scope.is_government or user.scope.is_everything


ISSUED = register(
    NoticeKind(
        "plans.supervision_issued", "收到督办单", "本单位收到新的督办单，写明事项和办理时限。",
        Ways(mail=True), may_be_off=False, sight=_sight, for_whom=_in_government,
    )
)  # fmt: skip
MOVED = register(
    NoticeKind(
        "plans.supervision_moved", "督办单有进展", "本单位承办的督办单被退回、认可、办结、延期、撤销或转来。",
        Ways(mail=True), sight=_sight, for_whom=_in_government,
    )
)  # fmt: skip
ANSWERED = register(
    NoticeKind(
        "plans.supervision_answered", "督办单有回复", "本人起草或签发的督办单已报送办理情况，等待审核。",
        Ways(mail=True), sight=_sight, for_whom=is_supervisor,
    )
)  # fmt: skip
LATE = register(
    NoticeKind(
        "plans.supervision_late", "督办单临期、逾期",
        "到期前三个工作日和到期当天提醒承办单位；逾期一、三、五个工作日，依次告知承办单位负责人、规划办公室、局领导。",
        Ways(mail=True), may_be_off=False, sight=_sight, for_whom=_in_government,
    )
)  # fmt: skip


def tell_issued(notice: SupervisionNotice, step: SupervisionStep) -> int:
    """Everybody of the addressee, and the chat groups that may hear of it. How many people were told."""
    group_messages.announce_issued(notice, at=step.at)
    text = f"{notice.issuer}督办，请于 {notice.due_on:%Y-%m-%d} 前办理并报送情况。"
    return _tell(ISSUED, notice, step, _addressed(notice, step), f"督办单{notice.number_text}：{notice.title}", text)


def tell_moved(notice: SupervisionNotice, step: SupervisionStep, *, text: str = "") -> int:
    """The same people of what the issuer did with it."""
    words = text or step.text
    title = f"督办单{notice.number_text}{step.label}：{notice.title}"
    return _tell(MOVED, notice, step, _addressed(notice, step), title, words)


def tell_answered(notice: SupervisionNotice, step: SupervisionStep) -> int:
    """Whoever wrote and issued it."""
    people = {notice.written_by_id, notice.issued_by_id} - {None}
    title = f"{notice.addressee}报送了督办单{notice.number_text}的办理情况"
    return _tell(ANSWERED, notice, step, people, title, notice.title, is_answer=True)


def tell_late(
    notice: SupervisionNotice, people: Collection[int], *, words: str, key: str, step: SupervisionStep
) -> int:
    """These people that the deadline is near or past."""
    text = (
        f"督办单{notice.number_text}：{notice.title}。承办单位{notice.addressee}，办理时限 {notice.due_on:%Y-%m-%d}。"
    )
    link = reverse("plans:supervision-detail", args=[notice.pk])
    message = Message(LATE.key, people, words, text, link, key, notice.addressee_id, notice.pk)
    return tell([message], at=step.at)


def people_in(organisation_id: int, *, on: date, roles: Collection[str] = ()) -> set[int]:
    return {person.id for person in people_of([organisation_id], on=on, roles=roles)}


def _addressed(notice: SupervisionNotice, step: SupervisionStep) -> set[int]:
    return people_in(notice.addressee_id, on=local_day(step.at)) - {step.by_id}


def _tell(
    kind: NoticeKind,
    notice: SupervisionNotice,
    step: SupervisionStep,
    people: Collection[int | None],
    title: str,
    text: str,
    *,
    is_answer: bool = False,
) -> int:
    page = "plans:supervision-detail" if is_answer else "plans:supervision-reply"
    told = [pk for pk in people if pk is not None]
    link = reverse(page, args=[notice.pk])
    message = Message(kind.key, told, title, text, link, f"{notice.pk}-{step.pk}", notice.addressee_id, notice.pk)
    return tell([message], at=step.at)
