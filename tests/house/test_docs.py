"""What an operator or a user can turn has its place in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import keshu
from keshu.cli import main

pytestmark = pytest.mark.once

SOURCE = Path(keshu.__file__).parent
DOCS = SOURCE.parents[1] / "docs"
OPERATE = DOCS / "operate.md"


def settings_read() -> set[str]:
    """Every KESHU_* variable that the code reads from the environment."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        found |= set(re.findall(r"""["'](KESHU_[A-Z_]+)["']""", path.read_text()))
    return found


def commands(group: click.Group = main, prefix: str = "keshu") -> list[str]:
    found = []
    for name, command in group.commands.items():
        words = f"{prefix} {name}"
        found += commands(command, words) if isinstance(command, click.Group) else [words]
    return found


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_every_setting_is_explained(name: str) -> None:
    assert f"`{name}`" in OPERATE.read_text(), f"explain {name} in docs/operate.md"


@pytest.mark.parametrize("command", commands())
def test_every_command_is_explained(command: str) -> None:
    texts = [path.read_text() for path in (OPERATE, *sorted((DOCS / "guide").glob("*.md")))]
    assert any(f"`{command}" in text for text in texts), f"explain `{command}` in docs/operate.md or docs/guide"


def test_no_explained_setting_is_gone() -> None:
    explained = set(re.findall(r"`(KESHU_[A-Z_]+)`", OPERATE.read_text()))
    assert explained - settings_read() == set()
