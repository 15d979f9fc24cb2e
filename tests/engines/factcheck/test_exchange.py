"""A ledger goes to JSON and comes back; what is no ledger is refused in words."""

from __future__ import annotations

import pytest
from tests.engines.factcheck.test_verdicts import LEDGER

from keshu.engines.factcheck import LedgerRefused, from_json, to_json


def test_a_ledger_comes_back_as_it_was() -> None:
    assert from_json(to_json(LEDGER)) == LEDGER


def test_a_ledger_written_by_hand_needs_little() -> None:
    text = '{"facts": [{"names": ["高企"], "period": "2026", "kind": "floor", "value": 520, "unit": "家"}]}'
    assert from_json(text).facts[0].value == 520


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甲", "不是有效的 JSON"),
        ("{}", "缺少“facts”"),
        ('{"facts": [{"names": ["高企"], "kind": "floor"}]}', "第 1 条不完整"),
        ('{"facts": [{"names": ["高企"], "kind": "floor", "period": "昨天"}]}', "第 1 条有误"),
        ('{"facts": [{"names": ["高企"], "kind": "floor", "period": "2026", "value": "多"}]}', "第 1 条有误"),
    ],
)
def test_what_is_no_ledger_is_refused(text: str, words: str) -> None:
    with pytest.raises(LedgerRefused, match=words):
        from_json(text)
