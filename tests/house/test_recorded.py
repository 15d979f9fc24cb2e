"""What a service saves is in the trail: no service of the house writes a row around the recorder."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.factories import AT, ON, PASSWORD, make

import keshu
from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import attachments, exporting, organisations, owners, people, saved_views

SOURCE = Path(keshu.__file__).parent
SERVICES = sorted(SOURCE.glob("apps/*/services/**/*.py")) + sorted(SOURCE.glob("apps/*/services.py"))
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
# Modules that may write rows themselves, and why that leaves no gap in the trail.
WRITERS = {
    "apps/bureau/services/audit.py": "it is the recorder",
    "apps/bureau/services/jobs/running.py": "a job's own progress; what its runner changes is recorded by the services it calls",
    "apps/bureau/services/jobs/worker.py": "likewise",
    "apps/bureau/services/exchange.py": "it saves a workbook, not a row",
    "apps/bureau/services/attachments.py": "the stored bytes; the attachment that names them is recorded",
    "apps/bureau/services/organisations.py": "the paths that follow a recorded move or creation",
}


def act_on(site: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """Each public service of the house, called once so that it changes something."""
    by, at = site.people["operator"], AT
    clerk, office = site.people["clerk"], make.office(name="外国专家处")
    alias = make.alias("外专办", office)
    given = people.PersonFields("新人", "xinren")
    fields = organisations.OrganisationFields("成果转化处", "成果处", "office", site.bureau.pk)
    membership = site.people["expert"].memberships.get()
    view = saved_views.save_view(ledger="x", name="甲", query="q=1", by=by, at=at)
    return {
        "create_organisation": lambda: organisations.create_organisation(fields, by=by, at=at),
        "rename_organisation": lambda: organisations.rename_organisation(
            office, name="外专处", short_name="", by=by, at=at
        ),
        "move_organisation": lambda: organisations.move_organisation(office, parent_id=site.qingling.pk, by=by, at=at),
        "close_organisation": lambda: organisations.close_organisation(office, on=ON, by=by, at=at, why="改革"),
        "reopen_organisation": lambda: organisations.reopen_organisation(office, by=by, at=at, why="有误"),
        "create_person": lambda: people.create_person(given, password=PASSWORD, by=by, at=at),
        "change_person": lambda: people.change_person(clerk, people.PersonFields("吴芸", "wuyun"), by=by, at=at),
        "set_password": lambda: people.set_password(clerk, password="qingling-2026!", by=by, at=at),
        "switch_account": lambda: people.switch_account(clerk, is_active=False, by=by, at=at, why="调离"),
        "grant_role": lambda: people.grant_role(
            clerk, organisation=site.gaoxin, role="office_head", from_on=ON, by=by, at=at
        ),
        "end_role": lambda: people.end_role(membership, until_on=ON + timedelta(days=1), by=by, at=at),
        "remember_alias": lambda: owners.remember_alias(text="三区两县", group=("county",), by=by, at=at),
        "change_alias": lambda: owners.change_alias(alias, text="外专中心", organisation_id=office.pk, by=by, at=at),
        "forget_alias": lambda: owners.forget_alias(alias, by=by, at=at),
        "store_upload": lambda: attachments.store_upload(
            file=io.BytesIO(b"abc"), name="甲.txt", organisation=site.bureau, by=by, at=at
        ),
        "record_export": lambda: exporting.record_export(title="单位", ledger="x", query="", by=by, at=at),
        "change_view": lambda: saved_views.change_view(view.pk, name="乙", by=by, at=at),
        "delete_view": lambda: saved_views.delete_view(view.pk, by=by, at=at),
    }


@pytest.mark.django_db
def test_each_service_leaves_an_entry_by_its_person() -> None:
    site = make.site()
    for name, act in act_on(site).items():
        before = AuditEntry.objects.count()
        act()
        new = list(AuditEntry.objects.all()[: AuditEntry.objects.count() - before])
        assert new, f"{name} left nothing in the trail"
        assert all(entry.by == site.people["operator"] and entry.at == AT for entry in new), name


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_bureau_services_write_through_the_recorder(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    if name in WRITERS or not name.startswith("apps/bureau/"):
        return
    wrong = []
    for node in ast.walk(ast.parse(path.read_text())):
        is_write = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if is_write and not _is_recorder(node.func.value):
            wrong.append(f"line {node.lineno}: .{node.func.attr}(…)")
    assert wrong == []


def _is_recorder(node: ast.expr) -> bool:
    """`log.update(…)` or `audit.Recorder(…).update(…)`."""
    if isinstance(node, ast.Name):
        return node.id == "log"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Recorder"
