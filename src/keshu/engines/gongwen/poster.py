"""One sheet that says a period's work at one glance (一图读懂), drawn as PNG or PDF for A4, the same bytes for the same figures.

Everything is placed in millimetres from the upper left corner; text is set in the typeface of the charts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.engines.gongwen.charts import chart_font

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, EDGE, GUTTER = 210.0, 297.0, 14.0, 10.0
MM_PER_INCH, MM_PER_POINT = 25.4, 0.3528
DOTS_PER_INCH = 200
TONES = {
    "done": "#166539", "on_track": "#1a4a8e", "at_risk": "#8a5200", "late": "#b4231d", "missed": "#b4231d",
    "unknown": "#525c69",
}  # fmt: skip
BLUE, DARK, SOFT, SEAL, INK, FAINT, LINE = "#1a4a8e", "#12356a", "#e9f0fa", "#b4231d", "#1b2430", "#eef1f5", "#d5dbe3"
BAR_STEP, TILE_STEP, LEGEND_STEP = 8.2, 19.0, 8.5


class SheetForm(StrEnum):
    """As what a sheet is drawn."""

    PNG = "png"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the ring; ``tone`` is one of ``TONES``."""

    word: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class SheetBar:
    """A lying bar: ``share`` of its full length, from 0 to 1."""

    label: str
    told: str
    share: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the sheet. Parts without anything to show are left out, their room goes to the others."""

    organisation: str
    title: str
    finding: str
    footer: str
    slices: tuple[Slice, ...] = ()
    tiles: tuple[tuple[str, str], ...] = ()
    bars: tuple[SheetBar, ...] = ()
    shares_title: str = ""
    shares: tuple[SheetBar, ...] = ()
    concerns: tuple[tuple[str, str], ...] = ()
    none_told: str = ""


def draw_sheet(sheet: Sheet, form: SheetForm) -> bytes:
    """The sheet as one page of A4.

    Raises
    ------
    ChartRefused : no typeface with Chinese characters is installed
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    chart_font()
    figure = Figure(figsize=(WIDTH / MM_PER_INCH, HEIGHT / MM_PER_INCH), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(HEIGHT, 0)
    axes.axis("off")
    _Hand(axes).draw(sheet)
    out = io.BytesIO()
    dated = {"Software": None} if form is SheetForm.PNG else {"CreationDate": None}
    figure.savefig(out, format=form.value, metadata=dated)
    return out.getvalue()


class _Hand:
    """Draws the parts from the top down."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes

    def draw(self, sheet: Sheet) -> None:
        self._head(sheet)
        half = (WIDTH - 2 * EDGE - GUTTER) / 2
        right = EDGE + half + GUTTER
        below = max(self._ring(sheet.slices), self._tiles(sheet.tiles, x=right, width=half))
        if sheet.bars:
            below = self._bars(
                "完成年度目标的进度", sheet.bars, x=EDGE, y=below, width=WIDTH - 2 * EDGE, has_track=True
            )
        if sheet.shares:
            self._bars(sheet.shares_title, sheet.shares, x=EDGE, y=below, width=half, has_track=False)
            self._concerns(sheet, x=right, y=below, width=half)
        else:
            self._concerns(sheet, x=EDGE, y=below, width=WIDTH - 2 * EDGE)
        self.axes.plot((EDGE, WIDTH - EDGE), (HEIGHT - 14, HEIGHT - 14), color=LINE, linewidth=0.8)
        self._words(EDGE, HEIGHT - 10.5, sheet.footer, size=8)

    def _head(self, sheet: Sheet) -> None:
        self._box(0, 0, WIDTH, 40, DARK)
        self._words(EDGE, 9, sheet.organisation, size=11, colour="white")
        size = min(24.0, (WIDTH - 2 * EDGE) / max(1.0, _ems(sheet.title)) / MM_PER_POINT)
        self._words(EDGE, 19, sheet.title, size=size, colour="white", is_bold=True)
        self._words(EDGE, 31, sheet.finding, size=11, colour="white")

    def _heading(self, x: float, y: float, words: str) -> None:
        self._box(x, y, 1.2, 6, SEAL)
        self._words(x + 3.4, y + 3, words, size=12, is_bold=True)

    def _ring(self, slices: Sequence[Slice]) -> float:
        """The ring of targets with its legend; where it ends."""
        from matplotlib.patches import Wedge

        top = 48.0
        self._heading(EDGE, top, "目标进展")
        total = sum(each.count for each in slices)
        x, y, radius, thick = EDGE + 24, top + 37, 23.0, 8.0
        self.axes.add_patch(Wedge((x, y), radius, 0, 360, width=thick, facecolor=FAINT, edgecolor="none"))
        before = 0
        for each in slices:
            # The axis points down, so that growing angles turn clockwise; a quarter back is the top.
            start, end = (-90 + 360 * part / total for part in (before, before + each.count))
            ring = Wedge((x, y), radius, start, end, width=thick, facecolor=TONES[each.tone], edgecolor="white")
            self.axes.add_patch(ring)
            before += each.count
        self._words(x, y - 2.5, str(total), size=24, side="center", is_bold=True)
        self._words(x, y + 6, "项目标", size=9, side="center")
        at = y - LEGEND_STEP * (len(slices) - 1) / 2
        for place, each in enumerate(slices):
            line = at + place * LEGEND_STEP
            self._box(EDGE + 53, line - 1.5, 3, 3, TONES[each.tone])
            self._words(EDGE + 58, line, each.word, size=10)
            self._words(EDGE + 86, line, f"{each.count}项", size=10, side="right", is_bold=True)
        return top + 66

    def _tiles(self, tiles: Sequence[tuple[str, str]], *, x: float, width: float) -> float:
        """Figures in boxes, two in a row; where they end."""
        top = 48.0
        self._heading(x, top, "工作推进")
        wide = (width - 3) / 2
        for place, (name, told) in enumerate(tiles):
            left, upper = x + (place % 2) * (wide + 3), top + 9.5 + (place // 2) * TILE_STEP
            self._box(left, upper, wide, TILE_STEP - 3, SOFT)
            self._words(left + 3.5, upper + 4.2, name, size=8.5)
            self._words(left + 3.5, upper + 11, told, size=15, colour=DARK, is_bold=True)
        return top + 9.5 + -(-len(tiles) // 2) * TILE_STEP + 4

    def _bars(
        self, title: str, bars: Sequence[SheetBar], *, x: float, y: float, width: float, has_track: bool
    ) -> float:
        """Lying bars under their heading, label at the left and figure at the right; where they end."""
        self._heading(x, y, title)
        at = y + 13
        label = min(width * 0.42, max(_ems(each.label) for each in bars) * 9.5 * MM_PER_POINT + 4)
        figure = max(_ems(each.told) for each in bars) * 9.5 * MM_PER_POINT + 3
        length = width - label - figure
        for place, each in enumerate(bars):
            line = at + place * BAR_STEP
            self._words(x, line, _cut(each.label, label - 3, size=9.5), size=9.5)
            if has_track:
                self._box(x + label, line - 1.7, length, 3.4, FAINT)
            self._box(x + label, line - 1.7, length * min(1.0, max(0.0, each.share)), 3.4, BLUE)
            self._words(x + width, line, each.told, size=9.5, side="right")
        return at + len(bars) * BAR_STEP + 2

    def _concerns(self, sheet: Sheet, *, x: float, y: float, width: float) -> None:
        """What needs attention, each with its reason in at most three lines, as far as the sheet reaches."""
        self._heading(x, y, "需要关注")
        at = y + 12.5
        if not sheet.concerns:
            self._words(x, at, sheet.none_told, size=10)
        for name, reason in sheet.concerns:
            lines = _lines(reason, width, size=8.5)[:3]
            if at + 5 * (len(lines) + 1) > HEIGHT - 16:
                return
            self._words(x, at, _cut(name, width, size=10), size=10, colour=SEAL, is_bold=True)
            for line in lines:
                at += 5
                self._words(x, at, line, size=8.5)
            at += 4
            self.axes.plot((x, x + width), (at, at), color=LINE, linewidth=0.6)
            at += 5

    def _box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))

    def _words(
        self, x: float, y: float, words: str, *, size: float, colour: str = INK, side: str = "left",
        is_bold: bool = False,
    ) -> None:  # fmt: skip
        font = chart_font()
        font.set_size(size)
        font.set_weight("bold" if is_bold else "normal")
        # A dollar sign would begin a formula.
        self.axes.text(
            x, y, words, fontproperties=font, color=colour, ha=side, va="center", parse_math=False
        )  # fmt: skip


def _ems(words: str) -> float:
    """How wide the words run, in widths of a Chinese character.

    Examples
    --------
    >>> _ems("科技"), _ems("ab")
    (2.0, 1.16)
    """
    return sum(0.58 if ord(char) < 0x2000 else 1.0 for char in words)


def _lines(words: str, width: float, *, size: float) -> list[str]:
    """The words in lines no wider than so many millimetres; no line begins with a closing mark.

    Examples
    --------
    >>> _lines("甲乙丙，丁", 3 * 10 * MM_PER_POINT, size=10)
    ['甲乙', '丙，丁']
    """
    room = width / (size * MM_PER_POINT) + 1e-6
    found: list[str] = []
    line = ""
    for char in words:
        if _ems(line + char) <= room:
            line += char
        elif char in "，。；：、）》”%" and len(line) > 1:
            found.append(line[:-1])
            line = line[-1] + char
        else:
            found.append(line)
            line = char
    return [*found, line] if line else found


def _cut(words: str, width: float, *, size: float) -> str:
    lines = _lines(words, width, size=size)
    return words if len(lines) < 2 else f"{lines[0][:-1]}…"
