"""Damaged files are refused or checked, never a crash: attributes gone or odd, elements gone, parts gone."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache

import pytest
from lxml import etree
from tests.engines.gongwen.planted import SOUND

from keshu.engines import gongwen as gw

ODD = ("", "-1", "999999999", "auto", "x", "〇", "1.5", "none")


@cache
def sound(name: str) -> bytes:
    return SOUND[name]().bytes()


def damaged(data: bytes, *, seed: int) -> bytes:
    chance = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name.startswith("word/") and name.endswith(".xml"):
                if chance.random() < 0.1 and name != "word/document.xml":
                    continue
                content = _spoilt(content, chance)
            copy.writestr(name, content)
    return out.getvalue()


def _spoilt(content: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(content)
    elements = [each for each in root.iter() if isinstance(each.tag, str) and each is not root]
    for element in chance.sample(elements, min(len(elements), 12)):
        parent = element.getparent()
        if chance.random() < 0.3 and parent is not None:
            parent.remove(element)
        for key in list(element.attrib):
            element.set(key, chance.choice(ODD))
    return etree.tostring(root)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", ["写出的公文", "手工排的红头文件"])
def test_a_damaged_file_does_not_crash_the_checker(name: str, seed: int) -> None:
    data = damaged(sound(name), seed=seed)
    try:
        fixed = gw.fix_document(data)
    except gw.UnreadableDocument:
        return
    assert isinstance(gw.check_document(fixed.data), list)
