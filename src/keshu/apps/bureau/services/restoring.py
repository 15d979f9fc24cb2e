"""Putting an earlier state of a row back, as a new change by the services that change such rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from keshu.apps.bureau.models import AuditEntry, Organisation, OwnerAlias, User
from keshu.apps.bureau.queries.history import RESTORABLE, ChangedField, told_changes
from keshu.apps.bureau.services import organisations, owners, people
from keshu.apps.bureau.services.audit import snapshot
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EarlierState:
    """What a row held before an entry, as far as it differs from now; ``changes`` says it in words."""

    row: models.Model
    fields: Mapping[str, Any]
    changes: tuple[ChangedField, ...]


def earlier_state(entry: AuditEntry) -> EarlierState:
    """The row as it was before this entry: what it and all later ones replaced. Unacceptable where the row is gone."""
    row = _MODELS[entry.subject_type]._default_manager.filter(pk=entry.subject_id).first()
    if row is None:
        raise Unacceptable("这一条已删除，不能恢复到此前状态。请重新登记。")
    wanted = RESTORABLE[entry.subject_type]
    then: dict[str, Any] = {}
    later = AuditEntry.objects.about(entry.subject_type, entry.subject_id).filter(number__gte=entry.number)
    for before in later.order_by("-number").values_list("before", flat=True):
        then |= {name: value for name, value in before.items() if name in wanted}
    empty = dict.fromkeys(then)
    now = {**empty, **{name: value for name, value in snapshot(row).items() if name in then}}
    differing = {name: value for name, value in then.items() if (value or None) != (now[name] or None)}
    (changes,) = told_changes(entry.subject_type, [({name: now[name] for name in differing}, differing)])
    return EarlierState(row, differing, changes)


def restore_state(entry: AuditEntry, *, why: str, by: User, at: datetime) -> models.Model:
    """Put the row back as it was before this entry. Who may change the row; a reason is required.

    Unacceptable where nothing differs, or where the state of things today forbids it (a name taken since, a closed parent).
    """
    if not why.strip():
        raise Unacceptable("请写明恢复的原因，例如：上次修改有误。", field="why")
    with transaction.atomic():
        state = earlier_state(entry)
        if not state.fields:
            raise Unacceptable("现在的内容与那时相同，不必恢复。", field="why")
        reason = f"恢复到此前状态：{why.strip()}"
        if isinstance(state.row, Organisation):
            _restore_organisation(state.row, state.fields, why=reason, by=by, at=at)
        elif isinstance(state.row, OwnerAlias):
            _restore_alias(state.row, state.fields, why=reason, by=by, at=at)
        elif isinstance(state.row, User):
            _restore_person(state.row, state.fields, why=reason, by=by, at=at)
    return state.row


def _restore_organisation(row: Organisation, then: Mapping[str, Any], *, why: str, by: User, at: datetime) -> None:
    fields = organisations.OrganisationFields(
        name=then.get("name", row.name),
        short_name=then.get("short_name", row.short_name),
        kind=row.kind,
        parent_id=then.get("parent", row.parent_id),
    )
    row = organisations.change_organisation(row, fields, by=by, at=at, why=why)
    if "closed_on" in then and then["closed_on"] is None:
        organisations.reopen_organisation(row, by=by, at=at, why=why)
    elif "closed_on" in then:
        if row.closed_on is not None:
            organisations.reopen_organisation(row, by=by, at=at, why=why)
        organisations.close_organisation(row, on=date.fromisoformat(then["closed_on"]), by=by, at=at, why=why)


def _restore_alias(row: OwnerAlias, then: Mapping[str, Any], *, why: str, by: User, at: datetime) -> None:
    owners.change_alias(
        row,
        text=then.get("text", row.text),
        organisation_id=then.get("organisation", row.organisation_id),
        group=then.get("group", row.group) or (),
        by=by,
        at=at,
        why=why,
    )


def _restore_person(row: User, then: Mapping[str, Any], *, why: str, by: User, at: datetime) -> None:
    values = {name: then.get(name, getattr(row, name)) or "" for name in ("name", "username", "phone", "email")}
    people.change_person(row, people.PersonFields(**values), by=by, at=at, why=why)
    if "is_active" in then:
        people.switch_account(row, is_active=bool(then["is_active"]), by=by, at=at, why=why)


_MODELS: dict[str, type[models.Model]] = {
    "bureau.organisation": Organisation,
    "bureau.owneralias": OwnerAlias,
    "bureau.user": User,
}
