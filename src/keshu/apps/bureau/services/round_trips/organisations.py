"""Organisations to Excel and back: names, kind, place in the tree and order."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from keshu.apps.bureau.models import Organisation, OrganisationKind
from keshu.apps.bureau.permissions import can_manage_organisations
from keshu.apps.bureau.queries.organisation_names import folded
from keshu.apps.bureau.services.exchange import (
    Access,
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
from keshu.apps.bureau.services.organisation_batches import OrganisationBatch
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.apps.bureau.services.round_trips.sittings import Seat

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

FIELDS = (
    Field("name", "全称", is_required=True, width=34, longest=120, help="公章上的全称，例如：云澜市科学技术局。", wrap=True),
    Field("short_name", "简称", width=20, longest=40, help="台账中显示的名称，不填则用全称。"),
    Field(
        "kind", "类别", FieldKind.CHOICE, Access.CREATE, is_required=True, width=12,
        choices=tuple((str(value), str(label)) for value, label in OrganisationKind.choices),
        fixed="类别登记错了，请撤并后另设。",
    ),
    Field(
        "parent", "上级单位", FieldKind.ORGANISATION, width=30, may_be_new=True, wrap=True,
        help="写上级单位的全称或简称；有重名时写“上级／名称”。可以写本表中新增的单位，但要排在它的下面。最上级的单位不填。",
    ),
    Field("position", "排序", FieldKind.NUMBER, width=10, help="整数，小的排在前面。新增时不填，排在同类的最后。"),
    Field("state", "状态", access=Access.READ, width=14, help="撤并单位请在单位页办理，需要写明依据。"),
)  # fmt: skip


class _Organisations(Seat):
    title = "单位"

    @property
    def back(self) -> str:
        return reverse("bureau:organisation-list")

    def current(self) -> list[CurrentRow]:
        rows = Organisation.objects.visible_to(self.by).order_by("position", "pk")
        found = []
        for row in rows:
            closed = row.closed_on is not None and row.closed_on <= self.on
            values = {
                "name": row.name, "short_name": row.short_name, "kind": row.kind,
                "parent": self.names.text_of(row.parent_id), "position": row.position,
                "state": f"{row.closed_on:%Y-%m-%d} 撤并" if closed and row.closed_on else "在用",
            }  # fmt: skip
            found.append(CurrentRow(str(row.pk), values, str(row), subject=row.pk, is_listed=not closed))
        return found

    def identities(self, values: Mapping[str, Any]) -> Sequence[Hashable]:
        return [(folded(values["parent"]), folded(values["name"]))] if values["name"] else []

    @contextmanager
    def working(self, task: Task) -> Iterator[Do]:
        leaving = [each.current.subject for key in ("name", "parent") for each in task.leaving(key) if each.current]
        batch = OrganisationBatch(by=self.by, at=task.at, why=task.why, leaving=leaving)
        new: dict[str, Organisation] = {}

        def do(change: RowChange) -> None:
            values, parent = change.values, self._parent(change.values["parent"], batch, new)
            if change.current is None:
                row = batch.enter(
                    name=values["name"], short_name=values["short_name"], kind=values["kind"], parent=parent,
                    position=_whole(values["position"]),
                )  # fmt: skip
                new.setdefault(folded(row.name), row)
                return
            fields: dict[str, Any] = {key: values[key] for key in ("name", "short_name") if key in change.changed}
            if "position" in change.changed:
                fields["position"] = _whole(values["position"])
            if "short_name" in fields and not fields["short_name"]:
                fields["short_name"] = values["name"]
            batch.change(change.current.subject, parent=parent, fields=fields)

        yield do
        batch.carry_out(tell=task.tell)

    def _parent(self, text: str, batch: OrganisationBatch, new: Mapping[str, Organisation]) -> Organisation | None:
        """The organisation of the register, else the one that an earlier row of the workbook sets up."""
        if not text:
            return None
        try:
            return batch.rows[self.names.find(text).id]
        except LookupError as error:
            if folded(text) in new:
                return new[folded(text)]
            told = "本表中也没有排在这一行上面的新单位叫这个名称" if str(error).startswith("没有") else "请写明"
            raise Unacceptable(f"{error}；{told}。", field="parent") from None


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def sit(by: User, params: Mapping[str, str], at: datetime) -> Sitting:
    can_manage_organisations(by)
    return _Organisations(by, at)


ORGANISATIONS = register(RoundTrip(key="bureau.organisations", noun="单位", fields=FIELDS, keys=("name",), sit=sit))
