"""Names that documents use (单位别名) to Excel and back."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from keshu.apps.bureau.models import OrganisationKind, OwnerAlias
from keshu.apps.bureau.permissions import can_remember_alias
from keshu.apps.bureau.queries.owners.words import clean
from keshu.apps.bureau.services.exchange import (
    CurrentRow,
    Do,
    Field,
    FieldKind,
    RoundTrip,
    RowChange,
    Sitting,
    Task,
    register,
)
from keshu.apps.bureau.services.owners import LONGEST, change_alias, forget_alias, remember_alias
from keshu.apps.bureau.services.round_trips.sittings import Seat
from keshu.apps.bureau.services.unique_values import let_go

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

DELETE = "delete"
FIELDS = (
    Field("text", "文件中的写法", is_required=True, width=34, longest=LONGEST, help="照文件里的样子写，例如：各县区。"),
    Field("organisation", "对应单位", FieldKind.ORGANISATION, width=34, help="与“对应类别”二者填一。", wrap=True),
    Field(
        "group", "对应类别", FieldKind.CHOICES, width=24, help="写法代表一类单位时填。",
        choices=tuple((str(value), str(label)) for value, label in OrganisationKind.choices),
    ),
    Field(
        "action", "操作", FieldKind.CHOICE, width=10, choices=((DELETE, "删除"),), is_action=True,
        help="要删除的行选“删除”，其余不填。表中没有的行不会被删除。",
    ),
)  # fmt: skip


class _Aliases(Seat):
    title = "单位别名"

    @property
    def back(self) -> str:
        return reverse("bureau:alias-list")

    def current(self) -> list[CurrentRow]:
        rows = OwnerAlias.objects.visible_to(self.by)
        return [
            CurrentRow(
                str(row.pk),
                {"text": row.text, "organisation": self.names.text_of(row.organisation_id), "group": tuple(row.group)},
                row.text,
                subject=row,
            )
            for row in rows
        ]

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return [clean(values["text"])] if values["text"] else []

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        at = task.at

        def do(change: RowChange) -> None:
            values = change.values
            if values["action"] == DELETE:
                if change.current is not None:
                    forget_alias(change.current.subject, by=self.by, at=at)
                return
            organisation = self.organisation_named(values["organisation"]) if values["organisation"] else None
            meaning: dict[str, Any] = {
                "organisation_id": None if organisation is None else organisation.pk, "group": values["group"],
            }  # fmt: skip
            with transaction.atomic():
                if change.current is None:
                    remember_alias(text=values["text"], **meaning, by=self.by, at=at)
                else:
                    change_alias(change.current.subject, text=values["text"], **meaning, by=self.by, at=at)

        with transaction.atomic(), let_go(_leaving(task), "text"):
            yield do


def _leaving(task: Task) -> list[OwnerAlias]:
    """Those whose text another row of the workbook takes up."""
    wanted = {clean(each.values["text"]) for each in task.changes if each.is_new or "text" in each.changed}
    found = [each.current.subject for each in task.leaving("text") if each.current]
    return [alias for alias in found if alias.text in wanted]


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    can_remember_alias(by)
    return _Aliases(by, at)


ALIASES = register(RoundTrip(key="bureau.aliases", noun="单位别名", fields=FIELDS, keys=("text",), sit=sit))
