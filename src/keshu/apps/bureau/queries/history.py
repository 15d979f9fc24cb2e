"""The trail in words: who changed what from what to what, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from keshu.apps.bureau.models import AuditAction, AuditEntry, Organisation, User
from keshu.apps.bureau.permissions import is_keeper, is_namer
from keshu.apps.bureau.queries.delegations import acted_for, signed
from keshu.apps.bureau.queries.organisations import KIND_LABELS
from keshu.apps.bureau.queries.recorded_words import (
    FRAMEWORKS,
    INTERNAL,
    LABELS,
    sections_told,
    told_apart,
    value_words,
)

EMPTY = "空"
LONG = 60  # characters; a longer value is shown by its beginning until asked for
# A note's list of organisations, by their numbers.
ORGANISATIONS = "organisation_ids"
SHOWN = 20
# Which columns of which rows a person may put back, as the forms of those rows let them.
RESTORABLE = {
    "bureau.organisation": frozenset({"name", "short_name", "parent", "closed_on"}),
    "bureau.owneralias": frozenset({"text", "organisation", "group"}),
    "bureau.user": frozenset({"name", "username", "phone", "email", "is_active"}),
}
TAKEN = (AuditAction.EXPORT, AuditAction.DOWNLOAD)
SIGNING = (AuditAction.SIGN_IN, AuditAction.SIGN_OUT, AuditAction.SIGN_IN_REFUSED)


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of an entry: its label and what it held, in words. `before` is empty for something new."""

    label: str
    before: str
    after: str

    @property
    def is_long(self) -> bool:
        return max(len(self.before), len(self.after)) > LONG

    def __str__(self) -> str:
        return f"{self.label}：{self.before} → {self.after}" if self.before else f"{self.label}：{self.after}"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the trail, ready for ``components/timeline.html``; ``restore`` leads to putting back what was before it."""

    at: datetime
    by: str
    action: str
    subject_name: str
    why: str
    changes: tuple[ChangedField, ...] = ()
    restore: str = ""

    @property
    def get_action_display(self) -> str:
        return self.action


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Lines of a history, the latest first, and the address of those before them (empty: there are none)."""

    lines: tuple[HistoryLine, ...]
    older: str = ""

    def __iter__(self) -> Iterator[HistoryLine]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)


def history_of(
    instance: models.Model, user: User, *, before: int | None = None, limit: int = SHOWN, taken: bool | None = None
) -> HistoryPage:
    """What happened to a row that the person may see, the latest first; entries numbered under `before`, where it is given.

    `taken` True: only exports and downloads of it; False: all but those. One query and one for each table pointed to.
    """
    label = instance._meta.label_lower
    rows = _entries_of(instance, user).select_related("by")
    if taken is not None:
        rows = rows.filter(action__in=TAKEN) if taken else rows.exclude(action__in=TAKEN)
    if before is not None:
        rows = rows.filter(number__lt=before)
    entries = list(rows[: limit + 1])
    older = ""
    if len(entries) > limit:
        entries = entries[:limit]
        which = {True: "&taken=1", False: "&taken=0", None: ""}[taken]
        older = f"{reverse('bureau:history', args=[label, instance.pk])}?before={entries[-1].number}{which}"
    may = _may_restore(label, user)
    lines = lines_of(entries)
    if may:
        lines = tuple(
            replace(line, restore=reverse("bureau:entry-restore", args=[entry.pk])) if is_restorable(entry) else line
            for line, entry in zip(lines, entries, strict=True)
        )
    return HistoryPage(lines, older)


def row_named(label: str, pk: int, user: User) -> models.Model | None:
    """The row of that type and number, if there is one and the person may see it."""
    model = _models().get(label)
    return None if model is None else model._default_manager.visible_to(user).filter(pk=pk).first()  # type: ignore[attr-defined]


def is_restorable(entry: AuditEntry) -> bool:
    """Whether what stood before this change can be put back."""
    wanted = RESTORABLE.get(entry.subject_type, frozenset())
    return entry.action == AuditAction.UPDATE and bool(wanted & entry.before.keys())


def restorable_entry(pk: int, user: User) -> AuditEntry | None:
    """The entry, if the person may see the row it is about and put back what was before it."""
    entry = AuditEntry.objects.filter(pk=pk, action=AuditAction.UPDATE).first()
    if entry is None or not is_restorable(entry) or not _may_restore(entry.subject_type, user):
        return None
    row = row_named(entry.subject_type, int(entry.subject_id), user)
    return entry if row is not None else None


def _entries_of(instance: models.Model, user: User) -> QuerySet[AuditEntry]:
    """Who sees a row sees its history: government people all but who took it out; others, and of a person, what is theirs.

    A row that was a draft of somebody else's says by ``shown_since(user)`` from when on its history is for the person.
    """
    rows, scope = AuditEntry.objects.all(), user.scope
    shown_since = getattr(instance, "shown_since", None)
    if shown_since is not None and not scope.is_everything and (since := shown_since(user)) is not None:
        rows = rows.filter(Q(by_id=user.pk) | Q(at__gte=since))
    if not scope.is_everything and (isinstance(instance, User) or not scope.is_government):
        rows = rows.visible_to(user)
    elif not scope.is_everything:
        rows = rows.filter(Q(by_id=user.pk) | ~Q(action__in=(*SIGNING, *TAKEN)))
    return rows.about(instance._meta.label_lower, instance.pk)


def _may_restore(label: str, user: User) -> bool:
    if label == "bureau.owneralias":
        return is_namer(user)
    return label in RESTORABLE and is_keeper(user)


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
    """The names of all rows that shown fields point to; those who made the entries are known already."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    known: Names = {User: {str(entry.by_id): str(entry.by) for entry in entries if entry.by is not None}}
    for entry in entries:
        for name, value in [*entry.before.items(), *entry.after.items()]:
            field = None if name in INTERNAL else _field(entry.subject_type, name)
            if field is not None and field.related_model is not None and isinstance(value, int | str):
                wanted[field.related_model].add(str(value))
            elif name == ORGANISATIONS and isinstance(value, list):
                wanted[Organisation].update(str(pk) for pk in value)
    found: Names = {}
    for model, pks in wanted.items():
        held = known.get(model, {})
        asked = [pk for pk in pks if pk.isdigit() and pk not in held]
        rows = model._default_manager.filter(pk__in=asked) if asked else ()
        found[model] = {**held, **{str(row.pk): str(row) for row in rows}}
    return found


Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


def told_changes(label: str, pairs: Iterable[Pair]) -> list[tuple[ChangedField, ...]]:
    """States of rows of that type, before and after, in words; one query for each table pointed to."""
    entries = [AuditEntry(subject_type=label, before=dict(before), after=dict(after)) for before, after in pairs]
    names = _names(entries)
    return [tuple(_changes(entry, names)) for entry in entries]


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
        if name == "scheme" and entry.before.get(name) and entry.after.get(name):
            before, after = told_apart(before, after)
        if name == "sections" and entry.before.get(name) and entry.after.get(name):
            before, after = "", sections_told(entry.before[name], entry.after[name])
        yield ChangedField(field_label(field, name), before, after)


def field_label(field: models.Field[Any, Any] | None, name: str) -> str:
    """What a recorded field is called: by its column's own name where that is Chinese, else by the list of the trail."""
    own = "" if field is None else str(field.verbose_name)
    return FRAMEWORKS.get(name) or (LABELS.get(name, own or name) if own.isascii() else own)


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
    if isinstance(field, models.DecimalField):
        return f"{Decimal(str(value)).normalize():f}"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if name == "group":
        return f"全部{KIND_LABELS.get(value, value)}"
    moment = parse_datetime(value) if isinstance(field, models.DateTimeField) and isinstance(value, str) else None
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else str(value)
