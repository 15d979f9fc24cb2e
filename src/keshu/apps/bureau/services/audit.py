"""The one way to write: what a Recorder saves leaves an entry that says who, when, before, after and why.

Passwords and the like are recorded as changed, never with their value; long texts are recorded by their head, length and hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from keshu.apps.bureau.models import AuditAction, AuditEntry
from keshu.apps.bureau.services import trail
from keshu.kernel.text import sound

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, TrailHead, User

__all__ = ["AuditAction", "Recorder", "snapshot"]

SECRET = re.compile(r"(^|_)(password|token|secret)$")
HIDDEN = "（不记录）"
LONGEST = 2000
HEAD = 200
BATCH = 500
EXACT = 10**15  # beyond, databases round a number or write it otherwise

M = TypeVar("M", bound=models.Model)


class Recorder:
    """Saves rows and records it, for one person at one moment. ``by`` None stands for the system itself."""

    def __init__(self, *, by: User | None, at: datetime, why: str = "") -> None:
        self.by, self.at, self.why = by, at, why

    def create(self, instance: M, *, organisation: Organisation | int | None = None) -> M:
        """Save a new row; every filled field goes into `after`."""
        with transaction.atomic():
            head = trail.hold_head()
            instance.save(force_insert=True)
            self._write(head, AuditAction.CREATE, instance, organisation, after=snapshot(instance))
        return instance

    def update(self, instance: M, *, organisation: Organisation | int | None = None, **fields: Any) -> M:
        """Set, save and record the fields that differ; nothing is saved or recorded when none does.

        `organisation` is whose row it is, for the trail; a column of that name is set as ``organisation_id``.
        """
        before, changed = _set(instance, fields)
        if changed:
            with transaction.atomic():
                head = trail.hold_head()
                instance.save(update_fields=list(changed))
                self._write(head, AuditAction.UPDATE, instance, organisation, before=before, after=changed)
        return instance

    def delete(self, instance: models.Model, *, organisation: Organisation | int | None = None) -> None:
        """Delete a row whose deletion is lawful and keep what it held in `before`."""
        with transaction.atomic():
            self._write(trail.hold_head(), AuditAction.DELETE, instance, organisation, before=snapshot(instance))
            instance.delete()

    def note(
        self,
        *,
        action: AuditAction,
        subject: models.Model | None,
        organisation: Organisation | int | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        subject_name: str = "",
    ) -> AuditEntry:
        """Record what is no plain change of a row: a transition, an export, a sign-in. `subject_name` stands in for a row."""
        with transaction.atomic(savepoint=False):
            values = {"before": before, "after": after, "subject_name": subject_name}
            return self._write(trail.hold_head(), action, subject, organisation, **values)

    def create_many(
        self,
        model: type[M],
        instances: Iterable[M],
        *,
        organisation: Organisation | int | None = None,
        summary: Mapping[str, Any],
        subject: models.Model | None = None,
    ) -> list[M]:
        """Save many rows at once with one entry holding `summary`, about `subject`, the row they belong to."""
        with transaction.atomic():
            head = trail.hold_head()
            made = model._default_manager.bulk_create(instances, batch_size=BATCH)
            after = {"数量": len(made), **summary}
            name = str(model._meta.verbose_name)
            entry = self._entry(AuditAction.CREATE, subject, organisation, after=after, subject_name=name)
            if subject is None:
                entry.subject_type = model._meta.label_lower
            trail.extend(head, entry)
        return made

    def create_each(self, instances: Sequence[M], *, organisation: Callable[[M], Organisation | int | None]) -> list[M]:
        """Save many new rows of one table at once, each with an entry of its own; `organisation` says whose each is."""
        if not instances:
            return []
        with transaction.atomic():
            head = trail.hold_head()
            made = type(instances[0])._default_manager.bulk_create(instances, batch_size=BATCH)
            entries = [self._entry(AuditAction.CREATE, row, organisation(row), after=snapshot(row)) for row in made]
            trail.extend_all(head, entries)
        return made

    def update_each(
        self, changes: Sequence[tuple[M, Mapping[str, Any]]], *, organisation: Callable[[M], Organisation | int | None]
    ) -> None:
        """Set fields of many rows of one table and save them at once, each that differs with an entry of its own."""
        rows: list[M] = []
        names: set[str] = set()
        entries: list[AuditEntry] = []
        for instance, fields in changes:
            before, changed = _set(instance, fields)
            if changed:
                rows.append(instance)
                names |= changed.keys()
                entries.append(
                    self._entry(AuditAction.UPDATE, instance, organisation(instance), before=before, after=changed)
                )
        if rows:
            with transaction.atomic():
                head = trail.hold_head()
                _save_columns(rows, sorted(names))
                trail.extend_all(head, entries)

    def _write(
        self,
        head: TrailHead,
        action: AuditAction,
        subject: models.Model | None,
        organisation: Organisation | int | None,
        **values: Any,
    ) -> AuditEntry:
        return trail.extend(head, self._entry(action, subject, organisation, **values))

    def _entry(
        self,
        action: AuditAction,
        subject: models.Model | None,
        organisation: Organisation | int | None,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        subject_name: str = "",
    ) -> AuditEntry:
        return AuditEntry(
            at=self.at,
            by=self.by,
            action=action,
            subject_type="" if subject is None else subject._meta.label_lower,
            subject_id="" if subject is None else str(subject.pk),
            subject_name=_sound(subject_name if subject is None else str(subject))[:200],
            organisation_id=getattr(organisation, "pk", organisation),
            before=_plain(before or {}),
            after=_plain(after or {}),
            why=_sound(self.why)[:400],
        )


def _set(instance: models.Model, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the fields; what differs as it was and as it is, to be recorded."""
    changed: dict[str, Any] = {}
    before: dict[str, Any] = {}
    for name, value in fields.items():
        field = instance._meta.get_field(name)
        if not isinstance(field, models.Field):
            raise TypeError(f"{instance._meta.label}.{name} is not a column")
        old = getattr(instance, field.attname)
        setattr(instance, name, value)
        if old != getattr(instance, field.attname):
            before[field.name] = _recorded(field, old)
            changed[field.name] = _recorded(field, field.value_from_object(instance))
    return before, changed


def _save_columns(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these columns of the rows, one prepared statement for all; Django's own way spells every row out in SQL."""
    meta, quoted = rows[0]._meta, connection.ops.quote_name
    by_name: dict[str, Any] = {field.name: field for field in meta.concrete_fields}
    key: Any = meta.pk
    fields = [by_name[name] for name in names]
    setting = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in (*fields, key)] for row in rows
    ]
    statement = f"UPDATE {quoted(meta.db_table)} SET {setting} WHERE {quoted(key.column)} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def snapshot(instance: models.Model) -> dict[str, Any]:
    """The filled columns of a row as JSON values, without secrets and without the key."""
    values = {}
    for field in instance._meta.concrete_fields:
        value = field.value_from_object(instance)
        if not field.primary_key and value not in (None, "", [], {}):
            values[field.name] = _recorded(field, value)
    return values


def _recorded(field: models.Field[Any, Any], value: Any) -> Any:
    if SECRET.search(field.name) and not isinstance(field, models.BooleanField):
        return HIDDEN
    return _plain(value)


def _plain(value: Any) -> Any:
    """The value as JSON can hold it; long ones by head, length and hash."""
    if isinstance(value, Mapping):
        return {
            _sound(str(key)): HIDDEN if SECRET.search(str(key)) and not isinstance(item, bool) else _plain(item)
            for key, item in value.items()
        }
    if value is None or isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= LONGEST):
        return _sound(value)
    dumped = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    plain = _sound(json.loads(dumped, parse_float=_number, parse_constant=str))
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    if len(text) <= LONGEST:
        return plain
    return f"{text[:HEAD]}…（共 {len(text)} 字，SHA-256 {hashlib.sha256(text.encode()).hexdigest()}）"


def _sound(value: Any) -> Any:
    """The value without what a database refuses or changes: half a character, the null character."""
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, list):
        return [_sound(item) for item in value]
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in value.items()}
    return value


def _number(text: str) -> int | float | str:
    """A number as every database gives it back: whole ones without a point, those beyond its exact digits as text."""
    number = float(text)
    if abs(number) >= EXACT:
        return text
    return int(number) if number.is_integer() else number
