"""What a person says a name in a document means is kept and holds for the documents that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from keshu.apps.bureau.models import Organisation, OrganisationKind, OwnerAlias
from keshu.apps.bureau.permissions import can_remember_alias
from keshu.apps.bureau.queries.owners.words import clean
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST = 120
FEW = 3  # so many bearers of a name are told


def remember_alias(
    *, text: str, organisation_id: int | None = None, group: Sequence[str] = (), by: User, at: datetime
) -> OwnerAlias:
    """Keep that `text` means this organisation, or all of these kinds; what it meant before is replaced.

    Leaders, planning office, operator and the bureau's offices (ask ``queries.owners.may_remember`` first); others are Refused.
    """
    can_remember_alias(by)
    text = _checked_text(text)
    organisation = _checked_meaning(organisation_id, group)
    _refuse_living_name(text, organisation, at=at)
    if organisation is not None and organisation.closed_on is not None:
        raise Unacceptable(
            f"“{organisation}”已撤并，不能记住为以后的对应单位；只用于这份文件，请不勾选。", field="organisation"
        )
    with transaction.atomic():
        log = audit.Recorder(by=by, at=at)
        alias = OwnerAlias.objects.select_for_update().filter(text=text).first()
        if alias is not None:
            return log.update(alias, organisation=organisation, organisation_id=organisation_id, group=list(group))
        return log.create(
            OwnerAlias(text=text, organisation=organisation, group=list(group)), organisation=organisation
        )


def change_alias(
    alias: OwnerAlias,
    *,
    text: str,
    organisation_id: int | None = None,
    group: Sequence[str] = (),
    by: User,
    at: datetime,
    why: str = "",
) -> OwnerAlias:
    """Put an alias right: how it is written and what it means. Those who may register one."""
    can_remember_alias(by)
    text = _checked_text(text)
    if OwnerAlias.objects.filter(text=text).exclude(pk=alias.pk).exists():
        raise Unacceptable(f"“{text}”已经登记过，请直接修改那一条。", field="text")
    organisation = _checked_meaning(organisation_id, group)
    _refuse_living_name(text, organisation, at=at)
    log = audit.Recorder(by=by, at=at, why=why)
    return log.update(alias, organisation=organisation, text=text, organisation_id=organisation_id, group=list(group))


def forget_alias(alias: OwnerAlias, *, by: User, at: datetime) -> None:
    """Take an alias back; documents already resolved keep what they have. Those who may register one."""
    can_remember_alias(by)
    audit.Recorder(by=by, at=at).delete(alias, organisation=alias.organisation)


def _checked_text(text: str) -> str:
    text = clean(text)
    if not text:
        raise Unacceptable("请填写文件中的写法，例如：各县区。", field="text")
    if len(text) > LONGEST:
        raise Unacceptable(f"写法有 {len(text)} 个字，最多 {LONGEST} 个字。", field="text")
    return text


def _refuse_living_name(text: str, meant: Organisation | None, *, at: datetime) -> None:
    """An alias may tell namesakes apart (which 办公室), but not turn one organisation's own name into another's."""
    living = Organisation.objects.active(timezone.localtime(at).date()).filter(Q(name=text) | Q(short_name=text))
    bearers = list(living.order_by("path")[:FEW])
    if bearers and not living.filter(pk=0 if meant is None else meant.pk).exists():
        told = "、".join(dict.fromkeys(row.name for row in bearers))
        raise Unacceptable(
            f"“{text}”就是{told}现在的名称或简称，不能登记为别的写法；文件中这样写，对应的就是它。", field="text"
        )


def _checked_meaning(organisation_id: int | None, group: Sequence[str]) -> Organisation | None:
    if (organisation_id is None) == (not group):
        raise Unacceptable("请指定一个对应单位，或选择它代表的单位类别，二者选一。", field="organisation")
    if unknown := [kind for kind in group if kind not in OrganisationKind.values]:
        raise Unacceptable(f"没有“{'、'.join(unknown)}”这种单位类别。", field="group")
    if organisation_id is None:
        return None
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise Unacceptable("所选单位不存在，请重新选择。", field="organisation")
    return organisation
