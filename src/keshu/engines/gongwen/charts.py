"""Charts for print: PNG bytes that read well in black and white, the same bytes for the same figures.

Series are told apart by grey value and by hatching or line style, not by colour alone. The typeface is Noto Sans CJK SC, or the
first of `FONTS` that is installed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "Noto Sans CJK JP")
# dark to light: a photocopier keeps them apart
COLOURS = ("#1F3A5F", "#7A98B8", "#C9D6E3", "#8C8C8C")
HATCHES = ("", "///", "", "...")
DASHES = ("solid", "dashed", "dotted", "dashdot")
MARKERS = ("o", "s", "^", "D")
ACCENT = "#B03A2E"
INK, FAINT = "#222222", "#BFBFBF"
WIDTH_INCHES, DOTS_PER_INCH = 6.14, 200  # as wide as the text area, 156 mm


class ChartRefused(ValueError):
    """The chart cannot be drawn; the message says in Chinese why."""


@dataclass(frozen=True)
class Series:
    """Figures of one name, one for each label; None is a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Target:
    """A level that is to be reached, drawn as a line across."""

    value: float
    name: str = "目标"


def bar_chart(
    labels: Sequence[str], *series: Series, unit: str = "", title: str = "", target: Target | None = None
) -> bytes:
    """Upright bars, one group for each label, one bar in it for each series (at most four).

    Raises
    ------
    ChartRefused : no figures, more than four series, or a series with another number of figures than labels
    """
    _accept(labels, series)
    figure, axes, font = _sheet(height=3.3, title=title, unit=unit)
    share = 0.72 / len(series)
    for index, each in enumerate(series):
        places = [at - 0.36 + share * (index + 0.5) for at in range(len(labels))]
        bars = [(place, value) for place, value in zip(places, each.values, strict=True) if value is not None]
        axes.bar(
            [at for at, _ in bars], [value for _, value in bars], width=share * 0.92, label=each.name,
            color=COLOURS[index], hatch=HATCHES[index], edgecolor="white",
        )  # fmt: skip
        if len(labels) * len(series) <= 16:
            _say_values(axes, places, each.values, font)
    axes.set_xticks(range(len(labels)), [_wrapped(label) for label in labels], fontproperties=font)
    _mark_zero(axes, series)
    _mark_target(axes, target)
    axes.set_ylim(*_room([*_figures(series), *([target.value] if target else [])]))
    return _finish(figure, axes, font, has_legend=len(series) > 1 or target is not None)


def line_chart(
    labels: Sequence[str], *series: Series, unit: str = "", title: str = "", target: Target | None = None
) -> bytes:
    """Lines over time, at most four, with the level to be reached if there is one.

    Raises
    ------
    ChartRefused : as `bar_chart`
    """
    _accept(labels, series)
    figure, axes, font = _sheet(height=3.3, title=title, unit=unit)
    for index, each in enumerate(series):
        values = [float("nan") if value is None else value for value in each.values]
        axes.plot(
            range(len(labels)), values, color=COLOURS[index % 2], linestyle=DASHES[index], marker=MARKERS[index], markersize=4,
            linewidth=1.6, label=each.name,
        )  # fmt: skip
        if len(series) == 1 and len(labels) <= 16:
            _say_values(axes, list(range(len(labels))), each.values, font)
    axes.set_xticks(range(len(labels)), [_wrapped(label) for label in labels], fontproperties=font)
    _mark_zero(axes, series)
    _mark_target(axes, target)
    axes.set_ylim(*_room([*_figures(series), *([target.value] if target else [])]))
    return _finish(figure, axes, font, has_legend=len(series) > 1 or target is not None)


def ranking_chart(
    labels: Sequence[str], values: Sequence[float], *, unit: str = "", title: str = "", marked: Sequence[str] = ()
) -> bytes:
    """Lying bars, the largest on top, each with its figure; `marked` labels stand out (one's own county).

    Raises
    ------
    ChartRefused : no figures, or not as many as labels
    """
    _accept(labels, (Series("", tuple(values)),))
    ranked = sorted(zip(labels, values, strict=True), key=lambda pair: -pair[1])
    figure, axes, font = _sheet(height=0.9 + 0.27 * len(ranked), title=title, unit=unit)
    for place, (label, value) in enumerate(ranked):
        colour, hatch = (COLOURS[0], "///") if label in marked else (COLOURS[1], "")
        axes.barh(place, value, height=0.62, color=colour, edgecolor="white", hatch=hatch)
        axes.annotate(
            _number(value),
            (value, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontproperties=font,
            color=INK,
        )
    axes.set_yticks(range(len(ranked)), [label for label, _ in ranked], fontproperties=font)
    axes.invert_yaxis()
    axes.set_xlim(*_room([value for _, value in ranked]))
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    axes.grid(visible=False)
    return _finish(figure, axes, font, has_legend=False)


def _accept(labels: Sequence[str], series: Sequence[Series]) -> None:
    if not labels or not _figures(series):
        raise ChartRefused("没有数据，不能画图")
    if len(series) > len(COLOURS):
        raise ChartRefused(f"一张图最多画{len(COLOURS)}组数据，这里有{len(series)}组，请分成几张图")
    for each in series:
        if len(each.values) != len(labels):
            raise ChartRefused(f"“{each.name}”有{len(each.values)}个数，与{len(labels)}个类别对不上")


def _figures(series: Sequence[Series]) -> list[float]:
    return [value for each in series for value in each.values if value is not None]


def chart_font() -> FontProperties:
    """The typeface of charts, looked up by name so that nothing is substituted silently.

    Raises
    ------
    ChartRefused : none of `FONTS` is installed
    """
    from matplotlib import font_manager

    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    name = next((name for name in FONTS if name in installed), None)
    if name is None:
        raise ChartRefused("本机没有可用的中文字体，请安装 Noto Sans CJK（思源黑体）后再画图")
    return font_manager.FontProperties(family=name, size=9)


def _sheet(*, height: float, title: str, unit: str) -> tuple[Figure, Axes, FontProperties]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    font = chart_font()
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    axes.tick_params(length=0, colors=INK)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    if title:
        figure.suptitle(title, fontproperties=_sized(font, 11), color=INK)
    if unit:
        axes.set_title(f"单位：{unit}", loc="left", fontproperties=_sized(font, 8), color=INK)
    return figure, axes, font


def _sized(font: FontProperties, size: float) -> FontProperties:
    other = font.copy()
    other.set_size(size)
    return other


def _say_values(axes: Axes, places: Sequence[float], values: Sequence[float | None], font: FontProperties) -> None:
    small = _sized(font, 8)
    for place, value in zip(places, values, strict=True):
        if value is not None:
            gap = 3 if value >= 0 else -3
            side = "bottom" if value >= 0 else "top"
            axes.annotate(
                _number(value), (place, value), xytext=(0, gap), textcoords="offset points", ha="center", va=side,
                fontproperties=small, color=INK,
            )  # fmt: skip


def _number(value: float) -> str:
    """Without needless zeros; at most two places.

    Examples
    --------
    >>> _number(12.0), _number(0.25), _number(1234.567)
    ('12', '0.25', '1234.57')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _mark_zero(axes: Axes, series: Sequence[Series]) -> None:
    """A line at zero where bars or lines go below it."""
    if min(_figures(series)) < 0:
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.spines["bottom"].set_visible(False)


def _mark_target(axes: Axes, target: Target | None) -> None:
    if target is None:
        return
    axes.axhline(
        target.value, color=ACCENT, linewidth=1.3, linestyle=(0, (6, 3)), label=f"{target.name} {_number(target.value)}"
    )


def _room(values: Sequence[float]) -> tuple[float, float]:
    """Where the axis begins and ends: at zero, unless figures lie below it; room for the words above the highest."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    reach = (high - low) or 1.0
    return (low - 0.12 * reach if low < 0 else 0.0), (high + 0.15 * reach if high > 0 else 0.0)


def _wrapped(label: str) -> str:
    """A long label in lines of about the same length, at most six characters.

    Examples
    --------
    >>> _wrapped("经济技术开发区")
    '经济技术\\n开发区'
    """
    lines = -(-len(label) // 6)
    if lines < 2 or label.isascii():
        return label
    length = -(-len(label) // lines)
    return "\n".join(label[at : at + length] for at in range(0, len(label), length))


def _finish(figure: Figure, axes: Axes, font: FontProperties, *, has_legend: bool) -> bytes:
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(font)
    if has_legend:
        figure.legend(loc="outside lower center", ncols=4, frameon=False, prop=font)
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
