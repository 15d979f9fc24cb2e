"""Organisations are set up, renamed, moved and closed; never deleted. ``path`` follows the tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr

from keshu.apps.bureau.models import Membership, Organisation, OrganisationKind
from keshu.apps.bureau.permissions import can_manage_organisations
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from collections.abc import Callable

    from keshu.apps.bureau.models import User

# Where each kind may stand in the tree; None: at the top.
PARENTS: dict[str, tuple[str | None, ...]] = {
    OrganisationKind.CITY: (None,),
    OrganisationKind.BUREAU: (OrganisationKind.CITY, None),  # at the top until its city is entered
    OrganisationKind.OFFICE: (OrganisationKind.BUREAU, OrganisationKind.COUNTY, OrganisationKind.PARK),
    OrganisationKind.UNIT: (OrganisationKind.BUREAU, OrganisationKind.COUNTY, OrganisationKind.PARK),
    OrganisationKind.DEPARTMENT: (OrganisationKind.CITY, OrganisationKind.COUNTY),
    OrganisationKind.COUNTY: (OrganisationKind.CITY,),
    OrganisationKind.PARK: (OrganisationKind.CITY, OrganisationKind.COUNTY),
    OrganisationKind.ENTERPRISE: (OrganisationKind.CITY, OrganisationKind.COUNTY, OrganisationKind.PARK),
    OrganisationKind.INSTITUTE: (OrganisationKind.CITY, OrganisationKind.COUNTY, OrganisationKind.PARK),
    OrganisationKind.BANK: (OrganisationKind.CITY,),
    OrganisationKind.AGENCY: (OrganisationKind.CITY, OrganisationKind.COUNTY, OrganisationKind.PARK),
}
LENGTHS = {"name": ("全称", 120), "short_name": ("简称", 40)}
HIGHEST = 1_000_000  # positions lie below


@dataclass(frozen=True, slots=True)
class OrganisationFields:
    """What a person fills in about an organisation."""

    name: str
    short_name: str = ""
    kind: str = OrganisationKind.OFFICE
    parent_id: int | None = None


def create_organisation(
    fields: OrganisationFields, *, by: User | None, at: datetime, is_demo: bool = False, position: int | None = None
) -> Organisation:
    """Set up an organisation as the last of its siblings. Planning office and operator; `by` None: the system itself.

    Unacceptable when the name is empty or taken under the same parent, or the kind may not stand there.
    """
    if by is not None:
        can_manage_organisations(by)
    with transaction.atomic():
        parent = _checked_place(fields.kind, fields.parent_id)
        name, short_name = _checked_names(fields, parent=parent)
        row = Organisation(name=name, short_name=short_name, kind=fields.kind, parent=parent, is_demo=is_demo)
        row.position = next_position(fields.kind) if position is None else position
        # The path ends in the row's own number, so the row is saved first and its trail is written with the path in it.
        audit.Recorder(by=by, at=at).create(row, organisation=row)
        Organisation.objects.filter(pk=row.pk).update(path=_path(parent, row.pk))
    row.refresh_from_db()
    return row


def rename_organisation(
    organisation: Organisation, *, name: str, short_name: str, by: User, at: datetime, why: str = ""
) -> Organisation:
    """Change the name and the short name. Planning office and operator."""
    can_manage_organisations(by)
    fields = OrganisationFields(name=name, short_name=short_name, kind=organisation.kind)
    with transaction.atomic():
        name, short_name = _checked_names(fields, parent=organisation.parent, but=organisation.pk)
        log = audit.Recorder(by=by, at=at, why=why)
        return log.update(organisation, organisation=organisation, name=name, short_name=short_name)


def move_organisation(
    organisation: Organisation, *, parent_id: int | None, by: User, at: datetime, why: str = ""
) -> Organisation:
    """Put an organisation, with all beneath it, under another. Planning office and operator."""
    can_manage_organisations(by)
    if parent_id == organisation.parent_id:
        return organisation
    with transaction.atomic():
        parent = _checked_place(organisation.kind, parent_id)
        if parent is not None and parent.path.startswith(organisation.path):
            raise Unacceptable(f"“{parent}”在“{organisation}”之下，不能作它的上级。", field="parent")
        _checked_names(
            OrganisationFields(organisation.name, organisation.short_name, organisation.kind),
            parent=parent,
            but=organisation.pk,
        )
        audit.Recorder(by=by, at=at, why=why).update(organisation, organisation=organisation, parent_id=parent_id)
        carry_along(organisation, parent_id=parent_id)
    organisation.refresh_from_db()
    return organisation


def carry_along(organisation: Organisation, *, parent_id: int | None) -> None:
    """Let the paths of an organisation and of all beneath it follow it under its new parent."""
    parent = None if parent_id is None else Organisation.objects.get(pk=parent_id)
    old = Organisation.objects.values_list("path", flat=True).get(pk=organisation.pk)
    rest = Substr(F("path"), len(old) + 1)
    moved = Organisation.objects.filter(path__startswith=old)
    moved.update(path=Concat(Value(_path(parent, organisation.pk)), rest))


def close_organisation(organisation: Organisation, *, on: date, by: User, at: datetime, why: str) -> Organisation:
    """Close an organisation from that day on; what it did stays. Planning office and operator; a reason is required.

    Unacceptable while something beneath it is open or somebody still holds a role in it.
    """
    can_manage_organisations(by)
    if not why.strip():
        raise Unacceptable("请写明撤并的原因和依据，例如：机构改革，职能并入成果处。", field="why")
    if organisation.closed_on is not None:
        raise Unacceptable(f"“{organisation}”已于 {organisation.closed_on:%Y-%m-%d} 撤并。", field="on")
    with transaction.atomic():
        below = Organisation.objects.below(organisation).active(on).exclude(pk=organisation.pk).first()
        if below is not None:
            raise Unacceptable(f"“{below}”还在“{organisation}”之下，请先调整或撤并它。", field="on")
        holder = Membership.objects.filter(organisation=organisation).current(on).select_related("user").first()
        if holder is not None:
            raise Unacceptable(f"{holder.user}还在“{organisation}”任职，请先结束任职或调到别的单位。", field="on")
        return audit.Recorder(by=by, at=at, why=why).update(organisation, organisation=organisation, closed_on=on)


def reopen_organisation(organisation: Organisation, *, by: User, at: datetime, why: str) -> Organisation:
    """Undo a closing. Planning office and operator; a reason is required, and nobody may have taken over."""
    can_manage_organisations(by)
    if not why.strip():
        raise Unacceptable("请写明恢复的原因。", field="why")
    if heir := organisation.successions.select_related("successor").first():
        raise Unacceptable(f"“{organisation}”已由“{heir.successor}”承接，不能恢复。请再办理一次机构调整。", field="why")
    fields = OrganisationFields(organisation.name, organisation.short_name, organisation.kind)
    _checked_names(fields, parent=organisation.parent, but=organisation.pk)
    return audit.Recorder(by=by, at=at, why=why).update(organisation, organisation=organisation, closed_on=None)


def checked_position(position: int) -> int:
    """The number, as it can be kept; Unacceptable otherwise."""
    if not 0 <= position < HIGHEST:
        raise Unacceptable(
            f"填写的是“{position}”，请填 0 至 {HIGHEST - 1} 之间的整数，小的排在前面。", field="position"
        )
    return position


def _checked_place(kind: str, parent_id: int | None) -> Organisation | None:
    parent = None if parent_id is None else Organisation.objects.filter(pk=parent_id).first()
    if parent_id is not None and parent is None:
        raise Unacceptable("所选的上级单位不存在，请重新选择。", field="parent")
    check_place(kind, parent)
    return parent


def check_place(kind: str, parent: Organisation | None) -> None:
    """Unacceptable where an organisation of that kind may not stand beneath that one."""
    if kind not in PARENTS:
        raise Unacceptable(f"没有“{kind}”这种单位类别，请重新选择。", field="kind")
    allowed = PARENTS[kind]
    if (parent.kind if parent else None) not in allowed:
        places = "、".join(f"{OrganisationKind(k).label}之下" if k else "最上级（不选上级单位）" for k in allowed)
        raise Unacceptable(f"“{OrganisationKind(kind).label}”应设在{places}，请重新选择上级单位。", field="parent")
    if parent is not None and parent.closed_on is not None:
        raise Unacceptable(f"“{parent}”已撤并，不能在其下设立单位。", field="parent")


def _checked_names(
    fields: OrganisationFields, *, parent: Organisation | None, but: int | None = None
) -> tuple[str, str]:
    def is_taken(name: str) -> bool:
        others = Organisation.objects.filter(parent=parent, name=name, closed_on__isnull=True)
        return (others if but is None else others.exclude(pk=but)).exists()

    return checked_names(fields, parent=parent, is_taken=is_taken)


def checked_names(
    fields: OrganisationFields, *, parent: Organisation | None, is_taken: Callable[[str], bool]
) -> tuple[str, str]:
    """Name and short name as they are kept; Unacceptable when empty, too long, or taken under the same parent."""
    name, short_name = fields.name.strip(), fields.short_name.strip() or fields.name.strip()
    if not name:
        raise Unacceptable("请填写单位全称，例如：云澜市科学技术局。", field="name")
    for field, value in (("name", name), ("short_name", short_name)):
        label, longest = LENGTHS[field]
        if len(value) > longest:
            raise Unacceptable(f"{label}有 {len(value)} 个字，最多 {longest} 个字。", field=field)
    if is_taken(name):
        where = f"“{parent}”之下" if parent else "最上级"
        raise Unacceptable(f"{where}已有“{name}”，请核对是否重复。", field="name")
    return name, short_name


def next_position(kind: str) -> int:
    """The last of its kind; kinds follow one another as their enum lists them, so that one order serves every list."""
    first = OrganisationKind.values.index(kind) * 10_000
    return (Organisation.objects.filter(kind=kind).aggregate(last=Max("position"))["last"] or first) + 1


def _path(parent: Organisation | None, pk: int) -> str:
    return f"{parent.path if parent else '/'}{pk}/"


def change_organisation(
    organisation: Organisation, fields: OrganisationFields, *, by: User, at: datetime, why: str = ""
) -> Organisation:
    """Name and place at once, as the form gives them. Planning office and operator."""
    with transaction.atomic():
        rename_organisation(organisation, name=fields.name, short_name=fields.short_name, by=by, at=at, why=why)
        return move_organisation(organisation, parent_id=fields.parent_id, by=by, at=at, why=why)
