"""The examples in the docstrings and in the README hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from keshu.engines import factcheck

MODULES = sorted(each.name for each in pkgutil.walk_packages(factcheck.__path__, "keshu.engines.factcheck."))
README = Path(factcheck.__file__).parent / "README.md"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_readme_finds_the_wrong_figure(capsys: pytest.CaptureFixture[str]) -> None:
    exec(re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[0], {})
    assert capsys.readouterr().out.startswith("differs 与台账不符：稿中为61.5亿元，多1.02亿元；台账“技术合同成交额”")
