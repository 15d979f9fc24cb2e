"""The trail in words: who changed what from what to what, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from keshu.apps.bureau.models import AuditEntry, Organisation
from keshu.apps.bureau.queries.delegations import acted_for, signed
from keshu.apps.bureau.queries.organisations import KIND_LABELS
from keshu.apps.bureau.queries.recorded_words import INTERNAL, LABELS, value_words

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

EMPTY = "空"
# A note's list of organisations, by their numbers.
ORGANISATIONS = "organisation_ids"
SHOWN = 100


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of an entry: its label and what it held, in words. `before` is empty for something new."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}：{self.before} → {self.after}" if self.before else f"{self.label}：{self.after}"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the trail, ready for ``components/timeline.html``."""

    at: datetime
    by: str
    action: str
    subject_name: str
    why: str
    changes: tuple[ChangedField, ...]

    @property
    def get_action_display(self) -> str:
        return self.action


def history_of(instance: models.Model, user: User, *, limit: int = SHOWN) -> tuple[HistoryLine, ...]:
    """What happened to a row, the latest first, as far as the person may see it."""
    rows = AuditEntry.objects.visible_to(user).about(instance._meta.label_lower, instance.pk).select_related("by")
    return lines_of(rows[:limit])


def lines_of(entries: Iterable[AuditEntry]) -> tuple[HistoryLine, ...]:
    """Entries in words. Rows they point to are named, with one query for each table pointed to."""
    entries = list(entries)
    names, acting = _names(entries), acted_for(entries)
    return tuple(
        HistoryLine(
            at=entry.at,
            by=signed(entry, acting),
            action=entry.get_action_display(),
            subject_name=entry.subject_name,
            why=entry.why,
            changes=tuple(_changes(entry, names)),
        )
        for entry in entries
    )


def subject_label(subject_type: str) -> str:
    """What rows of this type are called on screen."""
    return subject_labels().get(subject_type, subject_type)


@lru_cache(maxsize=1)
def subject_labels() -> dict[str, str]:
    """All types of rows the trail may be about, with their names."""
    return {label: str(model._meta.verbose_name) for label, model in _models().items()}


@lru_cache(maxsize=1)
def _models() -> dict[str, type[models.Model]]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("keshu.")]
    return {model._meta.label_lower: model for model in ours}


def _field(subject_type: str, name: str) -> models.Field[Any, Any] | None:
    model = _models().get(subject_type)
    return {field.name: field for field in model._meta.concrete_fields}.get(name) if model else None


Names = dict[type[models.Model], dict[str, str]]


def _names(entries: list[AuditEntry]) -> Names:
    """The names of all rows that changed fields point to."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for entry in entries:
        for name, value in [*entry.before.items(), *entry.after.items()]:
            field = _field(entry.subject_type, name)
            if field is not None and field.related_model is not None and isinstance(value, int | str):
                wanted[field.related_model].add(str(value))
            elif name == ORGANISATIONS and isinstance(value, list):
                wanted[Organisation].update(str(pk) for pk in value)
    return {
        model: {
            str(row.pk): str(row) for row in model._default_manager.filter(pk__in=[pk for pk in pks if pk.isdigit()])
        }
        for model, pks in wanted.items()
    }


def _changes(entry: AuditEntry, names: Names) -> Iterable[ChangedField]:
    # In the order of the table's columns: a database does not keep the order of keys in JSON.
    model = _models().get(entry.subject_type)
    places = {field.name: number for number, field in enumerate(model._meta.concrete_fields if model else ())}
    for name in sorted({*entry.before, *entry.after}, key=lambda name: (places.get(name, len(places)), name)):
        field = _field(entry.subject_type, name)
        if name in INTERNAL or (field is not None and not field.editable and name not in entry.before):
            continue
        before = _words(field, entry.before[name], names, name) if name in entry.before else ""
        after = _words(field, entry.after[name], names, name) if name in entry.after else "（已删除）"
        yield ChangedField(field_label(field, name), before, after)


def field_label(field: models.Field[Any, Any] | None, name: str) -> str:
    """What a recorded field is called: by its column's own name where that is Chinese, else by the list of the trail."""
    own = "" if field is None else str(field.verbose_name)
    return LABELS.get(name, own or name) if own.isascii() else own


def _words(field: models.Field[Any, Any] | None, value: Any, names: Names, name: str = "") -> str:
    if value is None or value == "" or value == [] or value == {}:
        return EMPTY
    value = value_words(name, value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(field, item, names, name) for item in value)
    if isinstance(value, dict):
        if "message" in value:
            return str(value["message"])
        return "；".join(f"{LABELS.get(key, key)} {_words(None, item, names)}" for key, item in value.items())
    if field is not None and field.related_model is not None:
        return names.get(field.related_model, {}).get(str(value), f"第 {value} 号")
    if name == ORGANISATIONS:
        return names.get(Organisation, {}).get(str(value), f"第 {value} 号")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if name == "group":
        return f"全部{KIND_LABELS.get(value, value)}"
    moment = parse_datetime(value) if isinstance(field, models.DateTimeField) and isinstance(value, str) else None
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else str(value)
