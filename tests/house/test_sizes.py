"""Modules stop at 400 lines and functions at 60. An exception is named here with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import keshu

pytestmark = pytest.mark.once

LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
SOURCE = Path(keshu.__file__).parent
ROOT = SOURCE.parents[1]
# path from src/keshu -> why it may be longer
LONG_MODULES: dict[str, str] = {}
# path from src/keshu and the function's name -> why it may be longer
LONG_FUNCTIONS: dict[tuple[str, str], str] = {}


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(SOURCE).as_posix(), path.read_text()


def functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_longer_than_one_can_read() -> None:
    long = {name: len(text.splitlines()) for name, text in modules() if len(text.splitlines()) > LONGEST_MODULE}
    assert {name: size for name, size in long.items() if name not in LONG_MODULES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        (name, function): size
        for name, text in modules()
        for function, size in functions(text)
        if size > LONGEST_FUNCTION
    }
    assert {key: size for key, size in long.items() if key not in LONG_FUNCTIONS} == {}


def test_every_exception_is_still_needed() -> None:
    sizes = {name: len(text.splitlines()) for name, text in modules()}
    lengths = {(name, function): size for name, text in modules() for function, size in functions(text)}
    assert [name for name in LONG_MODULES if sizes.get(name, 0) <= LONGEST_MODULE] == []
    assert [key for key in LONG_FUNCTIONS if lengths.get(key, 0) <= LONGEST_FUNCTION] == []


def test_no_module_has_an_empty_name() -> None:
    """utils, helpers and common say nothing about what is inside."""
    forbidden = {"utils.py", "helpers.py", "common.py", "utils", "helpers", "common", "misc.py"}
    assert [name for name, _ in modules() if forbidden & set(Path(name).parts)] == []
