"""The examples in docstrings and in the engine's README are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

from keshu.engines import gongwen

MODULES = sorted(each.name for each in pkgutil.walk_packages(gongwen.__path__, "keshu.engines.gongwen."))
README = Path(gongwen.__file__).parent / "README.md"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_readme_writes_a_sound_document() -> None:
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[0], names)
    assert gongwen.check_document(names["data"]) == []
