"""What is ranked, in words an officer would use."""

import pytest

from keshu.engines import plandoc

GOALS = "2026年云岭市科技工作要点\n一、主要目标\n1.{sentence}\n"


@pytest.mark.parametrize(
    ("sentence", "indicator"),
    [
        ("科技进步综合评价位次保持全省前5位。", "科技进步综合评价位次"),
        ("全市科技创新综合评价进入全省前5位。", "科技创新综合评价全省位次"),
    ],
)
def test_the_verb_is_no_part_of_the_ranked_thing(sentence: str, indicator: str) -> None:
    (claim,) = plandoc.read_text(GOALS.format(sentence=sentence)).claims
    assert (claim.indicator, claim.op.value, claim.value) == (indicator, "rank<=", 5)
