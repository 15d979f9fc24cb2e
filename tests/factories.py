"""Rows for tests: ``make.office()``, ``make.person("planner", office)``. What is not given is made, plausible and invented."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings

from keshu.apps.bureau.models import (
    Attachment,
    Job,
    Membership,
    Organisation,
    OrganisationKind,
    OwnerAlias,
    Role,
    StoredFile,
    User,
)

# A moment for every test: Thursday morning in the bureau.
AT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
ON = date(2026, 3, 5)
PASSWORD = "yunlan-2026-keshu"

_numbers = count(1)

# Where a person of each role sits when no organisation is given.
_SEATS = {
    Role.LEADER: "bureau",
    Role.PLANNER: "bureau",
    Role.OFFICE_HEAD: "office",
    Role.CLERK: "office",
    Role.COUNTY_CLERK: "county",
    Role.ENTERPRISE: "enterprise",
    Role.INSTITUTE: "institute",
    Role.EXPERT: "institute",
    Role.BANK: "bank",
    Role.AUDITOR: "bureau",
    Role.OPERATOR: "bureau",
}


class _Make:
    """One method for each kind of row; keywords are its traits."""

    def organisation(
        self, kind: str, *, name: str, parent: Organisation | None = None, short_name: str = "", **traits: Any
    ) -> Organisation:
        row = _unsaved(kind, name, parent, short_name=short_name, **traits)
        row.save()
        row.path = f"{parent.path if parent else '/'}{row.pk}/"
        row.save(update_fields=["path"])
        return row

    def city(self, *, name: str = "云澜市", **traits: Any) -> Organisation:
        """The one city of that name."""
        there = Organisation.objects.filter(kind=OrganisationKind.CITY, name=name).first()
        return there or self.organisation("city", name=name, **traits)

    def bureau(self, *, city: Organisation | None = None, **traits: Any) -> Organisation:
        """The one science-and-technology bureau of the city."""
        city = city or self.city()
        there = Organisation.objects.filter(kind=OrganisationKind.BUREAU, parent=city).first()
        stem = city.name.removesuffix("市")
        traits = {"name": f"{stem}市科学技术局", "short_name": "市科技局", **traits}
        return there or self.organisation("bureau", parent=city, **traits)

    def office(
        self, *, name: str = "", short_name: str = "", bureau: Organisation | None = None, **traits: Any
    ) -> Organisation:
        name = name or f"第{next(_numbers)}业务处"
        return self.organisation("office", name=name, short_name=short_name, parent=bureau or self.bureau(), **traits)

    def unit(self, *, name: str = "", bureau: Organisation | None = None, **traits: Any) -> Organisation:
        name = name or f"云澜市科技服务{next(_numbers)}中心"
        return self.organisation("unit", name=name, parent=bureau or self.bureau(), **traits)

    def department(self, *, name: str = "", city: Organisation | None = None, **traits: Any) -> Organisation:
        name = name or f"云澜市{next(_numbers)}号局"
        return self.organisation("department", name=name, parent=city or self.city(), **traits)

    def county(self, *, name: str = "", city: Organisation | None = None, **traits: Any) -> Organisation:
        """`name` is the county's (青岭县); the row is its bureau."""
        name = name or f"澜{next(_numbers)}县"
        traits = {"short_name": name, **traits}
        return self.organisation("county", name=f"{name}科学技术局", parent=city or self.city(), **traits)

    def park(self, *, name: str = "", parent: Organisation | None = None, **traits: Any) -> Organisation:
        name = name or f"云澜{next(_numbers)}号科技园"
        traits = {"short_name": name, **traits}
        return self.organisation("park", name=f"{name}管委会", parent=parent or self.city(), **traits)

    def enterprise(self, *, name: str = "", parent: Organisation | None = None, **traits: Any) -> Organisation:
        name = name or f"云澜{next(_numbers)}号装备有限公司"
        return self.organisation("enterprise", name=name, parent=parent or self.city(), **traits)

    def institute(self, *, name: str = "", **traits: Any) -> Organisation:
        return self.organisation(
            "institute", name=name or f"云澜{next(_numbers)}号研究院", parent=self.city(), **traits
        )

    def bank(self, *, name: str = "", **traits: Any) -> Organisation:
        return self.organisation("bank", name=name or f"云澜{next(_numbers)}号银行", parent=self.city(), **traits)

    def agency(self, *, name: str = "", **traits: Any) -> Organisation:
        return self.organisation("agency", name=name or f"云澜{next(_numbers)}号服务公司", parent=self.city(), **traits)

    def person(
        self,
        role: str | None = "clerk",
        organisation: Organisation | None = None,
        *,
        password: str = "",
        from_on: date = date(2020, 1, 1),
        until_on: date | None = None,
        **traits: Any,
    ) -> User:
        """Somebody who holds `role` in `organisation`; `role` None: an account without any. No password unless given."""
        number = next(_numbers)
        user = User(**{"username": f"person{number}", "name": f"林{number}", **traits})
        user.set_password(password or None)
        user.save()
        if role is not None:
            seat = organisation or getattr(self, _SEATS[Role(role)])()
            Membership.objects.create(user=user, organisation=seat, role=role, from_on=from_on, until_on=until_on)
        return user

    def alias(self, text: str, organisation: Organisation | None = None, *, group: tuple[str, ...] = ()) -> OwnerAlias:
        return OwnerAlias.objects.create(text=text, organisation=organisation, group=list(group))

    def attachment(
        self,
        *,
        content: bytes = b"",
        name: str = "工作要点.txt",
        media_type: str = "text/plain",
        organisation: Organisation | None = None,
        by: User | None = None,
    ) -> Attachment:
        """An upload with its bytes on disk."""
        content = content or f"第{next(_numbers)}份文件".encode()
        digest = hashlib.sha256(content).hexdigest()
        path = Path(digest[:2]) / digest[2:4] / digest
        target = Path(settings.STORAGE) / "files" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        stored, _ = StoredFile.objects.get_or_create(
            sha256=digest, defaults={"size": len(content), "media_type": media_type, "path": path.as_posix()}
        )
        organisation = organisation or self.bureau()
        by = by or self.person("planner", organisation)
        return Attachment.objects.create(
            file=stored, name=name, organisation=organisation, uploaded_by=by, uploaded_at=AT
        )

    def job(self, *, by: User | None = None, **traits: Any) -> Job:
        by = by or self.person("planner")
        traits = {"kind": "tests.nothing", "title": "读取工作要点", "created_at": AT, **traits}
        return Job.objects.create(created_by=by, **traits)

    def site(self) -> SimpleNamespace:
        """A small city: bureau, two offices, a unit, a department, two counties, a park, and a person for each role."""
        city = self.city()
        bureau = self.bureau(city=city)
        rows = {
            "gaoxin": _unsaved("office", "高新技术处", bureau, short_name="高新处"),
            "guihua": _unsaved("office", "规划与资源配置处", bureau, short_name="规划处"),
            "unit": _unsaved("unit", "云澜市生产力促进中心", bureau, short_name="市生产力促进中心"),
            "finance": _unsaved("department", "云澜市财政局", city, short_name="市财政局"),
            "qingling": _unsaved("county", "青岭县科学技术局", city, short_name="青岭县"),
            "yunhu": _unsaved("county", "云湖区科学技术局", city, short_name="云湖区"),
            "park": _unsaved("park", "云澜高新区管委会", city, short_name="云澜高新区"),
            **{
                name: _unsaved(kind, f"云澜{next(_numbers)}号{word}", city)
                for name, kind, word in (
                    ("enterprise", "enterprise", "装备有限公司"), ("other_enterprise", "enterprise", "装备有限公司"),
                    ("institute", "institute", "研究院"), ("experts", "institute", "研究院"), ("bank", "bank", "银行"),
                )
            },
        }  # fmt: skip
        _save_all(list(rows.values()))
        seats = {
            "leader": bureau, "planner": rows["guihua"], "office_head": rows["gaoxin"], "clerk": rows["gaoxin"],
            "county_clerk": rows["qingling"], "enterprise": rows["enterprise"], "institute": rows.pop("institute"),
            "expert": rows.pop("experts"), "bank": rows.pop("bank"), "auditor": bureau, "operator": bureau,
        }  # fmt: skip
        return SimpleNamespace(city=city, bureau=bureau, **rows, people=_seated(seats))


def _unsaved(kind: str, name: str, parent: Organisation | None, *, short_name: str = "", **traits: Any) -> Organisation:
    given = {"kind": kind, "name": name, "short_name": short_name or name, "parent": parent, **traits}
    return Organisation(**{"position": next(_numbers), **given})


def _save_all(rows: list[Organisation]) -> None:
    """Two statements for all: the path of a row holds its own key."""
    Organisation.objects.bulk_create(rows)
    for row in rows:
        row.path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
    Organisation.objects.bulk_update(rows, ["path"])


def _seated(seats: dict[str, Organisation]) -> dict[str, User]:
    """One person for each role, in two statements."""
    people = {}
    for role in Role.values:
        number = next(_numbers)
        people[role] = User(username=f"person{number}", name=f"林{number}")
        people[role].set_unusable_password()
    User.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(user=user, organisation=seats[role], role=role, from_on=date(2020, 1, 1))
        for role, user in people.items()
    )
    return people


make = _Make()
