"""Pages and the API read rows through ``visible_to``, and the clock is read by views, commands and job runners alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import keshu

pytestmark = pytest.mark.once

SOURCE = Path(keshu.__file__).parent
APPS = SOURCE / "apps"
# What a queryset may be narrowed by after `visible_to`; before it, only these say nothing about rows.
SHOWING = [path for part in ("views", "api") for path in (*APPS.glob(f"*/{part}.py"), *APPS.glob(f"*/{part}/**/*.py"))]
SHOWING += [SOURCE / "site" / "views.py"]
BELOW_VIEWS = [
    path
    for part in ("models", "services", "queries", "permissions", "signals", "forms")
    for path in (*APPS.glob(f"*/{part}.py"), *APPS.glob(f"*/{part}/**/*.py"))
]
BELOW_VIEWS += [*(SOURCE / "engines").rglob("*.py"), *(SOURCE / "kernel").rglob("*.py")]
# Who may read the clock below the views, and why.
CLOCKS = {
    "apps/bureau/models/people.py": "a person's scope is that of today",
    "apps/bureau/services/jobs/worker.py": "the process that runs jobs is itself where the clock is read",
}
# Tables that hold nothing of anybody's, read by views without a scope, and why.
UNSCOPED = {("apps/bureau/views/sign_in.py", "AccessAttempt"): "the lock on the door, before anybody is signed in"}


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def queryset_roots(tree: ast.AST) -> Iterator[tuple[ast.Attribute, list[str]]]:
    """Every `X.objects` with the names of the calls chained on it, nearest first."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            chain, above = [], parents.get(node)
            while isinstance(above, ast.Attribute | ast.Call):
                if isinstance(above, ast.Attribute):
                    chain.append(above.attr)
                above = parents.get(above)
            yield node, chain


@pytest.mark.parametrize("path", SHOWING, ids=name_of)
def test_pages_read_through_visible_to(path: Path) -> None:
    wrong = []
    for node, chain in queryset_roots(ast.parse(path.read_text())):
        model = node.value.id if isinstance(node.value, ast.Name) else "?"
        if (
            "visible_to" not in chain
            and (name_of(path), model) not in UNSCOPED
            and not _is_own_organisations(chain, path)
        ):
            wrong.append(f"line {node.lineno}: {model}.objects.{'.'.join(chain)}")
    assert wrong == []


def _is_own_organisations(chain: list[str], path: Path) -> bool:
    """The drawer of saved views offers the reader's own organisations, by the numbers in their own scope."""
    return path.name == "saved_views.py" and chain == ["filter"]


@pytest.mark.parametrize("path", BELOW_VIEWS, ids=name_of)
def test_nothing_below_the_views_reads_the_clock(path: Path) -> None:
    if name_of(path) in CLOCKS:
        return
    wrong = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in {
                ("timezone", "now"), ("timezone", "localdate"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"),
            }:  # fmt: skip
                wrong.append(f"line {node.lineno}: {owner}.{node.attr}")
    assert wrong == []


def test_the_exceptions_are_still_needed() -> None:
    for name in CLOCKS:
        assert "timezone." in (SOURCE / name).read_text()
    for name, model in UNSCOPED:
        assert f"{model}.objects" in (SOURCE / name).read_text()


def test_the_check_sees_a_reading_around_the_scope() -> None:
    (found,) = queryset_roots(ast.parse("rows = Plan.objects.filter(pk=1).order_by('pk')"))
    assert found[1] == ["filter", "order_by"]
