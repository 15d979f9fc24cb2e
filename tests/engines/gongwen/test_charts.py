"""Charts: deterministic, readable without colour, refused when there is nothing to draw."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image

from keshu.engines.gongwen.charts import (
    COLOURS,
    ChartRefused,
    Series,
    Target,
    bar_chart,
    chart_font,
    line_chart,
    ranking_chart,
)

LABELS = ("青岭区", "云台区", "白石县", "经济技术开发区")
FIGURES = Series("2026年", (120, 98.5, None, 60))
CHARTS = {
    "bars": lambda: bar_chart(LABELS, FIGURES, unit="家", title="高新技术企业"),
    "groups": lambda: bar_chart(LABELS, FIGURES, Series("2025年", (90, 80, 70, -5)), target=Target(100)),
    "lines": lambda: line_chart(
        LABELS, FIGURES, Series("去年", (1, 2, 3, 4)), target=Target(150, "年度目标"), unit="亿元"
    ),
    "ranking": lambda: ranking_chart(LABELS, (3, 1, 4, 1.5), marked=("云台区",)),
}


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_figures_give_the_same_picture(name: str) -> None:
    first = CHARTS[name]()
    assert first == CHARTS[name]()
    image = Image.open(io.BytesIO(first))
    assert image.format == "PNG"
    assert image.width == 1228  # 6.14 in at 200 dots: 156 mm
    assert image.info.get("Software") is None


def test_the_typeface_is_chinese() -> None:
    assert chart_font().get_name() == "Noto Sans CJK SC"


def test_series_differ_in_grey() -> None:
    """A photocopier keeps them apart: neighbours are at least 40 of 255 steps away from each other."""
    greys = sorted(
        sum(weight * int(colour[at : at + 2], 16) for weight, at in ((0.299, 1), (0.587, 3), (0.114, 5)))
        for colour in COLOURS
    )
    first_three = sorted(
        sum(weight * int(colour[at : at + 2], 16) for weight, at in ((0.299, 1), (0.587, 3), (0.114, 5)))
        for colour in COLOURS[:3]
    )
    assert min(b - a for a, b in pairwise(first_three)) > 40
    assert len(set(greys)) == len(COLOURS)


def test_a_bar_is_as_tall_as_its_figure() -> None:
    """Twice the figure, twice the dark pixels of the bar."""
    image = Image.open(io.BytesIO(bar_chart(("甲", "乙"), Series("", (50, 100))))).convert("RGB")
    dark = tuple(int(COLOURS[0][at : at + 2], 16) for at in (1, 3, 5))
    middle = image.width // 2
    counts = [
        sum(image.getpixel((x, y)) == dark for x in range(start, end) for y in range(image.height))
        for start, end in ((0, middle), (middle, image.width))
    ]
    assert counts[1] / counts[0] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: bar_chart((), Series("甲", ())), "没有数据"),
        (lambda: bar_chart(("一",), Series("甲", (None,))), "没有数据"),
        (lambda: bar_chart(("一", "二"), Series("甲", (1,))), "与2个类别对不上"),
        (lambda: line_chart(("一",), *(Series(str(n), (n,)) for n in range(5))), "最多画4组"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: object, message: str) -> None:
    with pytest.raises(ChartRefused, match=message):
        draw()  # type: ignore[operator]
