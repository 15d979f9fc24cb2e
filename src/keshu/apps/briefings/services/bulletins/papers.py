"""A bulletin as an official document in Word: every figure bookmarked, each source told once in a footnote."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.briefings.models import Bulletin, BulletinState
from keshu.apps.briefings.services.bulletins.words import words_of
from keshu.apps.briefings.services.composing.passages import Chart, Composed, Grid, Heading, Line, Source, Text
from keshu.apps.bureau.services import audit
from keshu.apps.plans.services.ledger_files import LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.paper_blocks import DEMO_REMARK, printed
from keshu.apps.plans.services.papers import DOCX, plain_name
from keshu.engines import gongwen
from keshu.engines.gongwen import charts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from keshu.apps.bureau.models import User

CENTRED = 6  # a column of so few characters is set in the middle
WIDEST = 10  # so many columns stand upright; more need a page of their own, turned


def bulletin_paper(bulletin: Bulletin, *, by: User, at: datetime) -> LedgerFile:
    """The bulletin as a Word file, recorded as an export. Whoever sees it."""
    content = gongwen.write_document(document_of(bulletin, words_of(bulletin), on=local_day(at)))
    made = LedgerFile(f"{plain_name(bulletin.title)}.docx", content, DOCX)
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=bulletin,
            organisation=bulletin.organisation_id,
            after={"文件": made.name, "字节数": len(made.content)},
        )
    return made


def document_of(bulletin: Bulletin, composed: Composed, *, on: date) -> gongwen.OfficialDocument:
    """The blocks; dated the day of its release, a draft today."""
    pen = _Pen(composed.sources)
    blocks: list[gongwen.blocks.Block] = []
    for section in composed.sections:
        blocks.append(gongwen.Heading(1, printed(section.title)))
        for passage in section.passages:
            if isinstance(passage, Heading):
                blocks.append(gongwen.Heading(passage.level, printed(passage.text)))
            elif isinstance(passage, Text):
                runs = pen.runs(passage.line, has_notes=True)
                blocks.append(
                    gongwen.Heading(2, printed(passage.lead), runs) if passage.lead else gongwen.Paragraph(runs)
                )
            elif isinstance(passage, Grid):
                blocks.append(_table(passage, pen))
            else:
                blocks.append(_figure(passage))
    released = None if bulletin.released_at is None else local_day(bulletin.released_at)
    marks = {BulletinState.WITHDRAWN: "本件已撤回", BulletinState.RELEASED: ""}
    remarks = [marks.get(BulletinState(bulletin.state), "草稿，未经签发"), DEMO_REMARK if bulletin.is_demo else ""]
    return gongwen.OfficialDocument(
        title=bulletin.title,
        blocks=tuple(blocks),
        signature=gongwen.Signature(bulletin.facts["issuer"], released or on),
        remark="；".join(filter(None, remarks)),
    )


class _Pen:
    """Sets lines as runs: a bookmark at each figure, a footnote where a source is told for the first time."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        self.told: set[str] = set()
        self.marks: dict[str, int] = {}

    def runs(self, line: Line, *, has_notes: bool) -> tuple[gongwen.Run, ...]:
        found = []
        for words in line:
            source = self.sources.get(words.source)
            if source is None:
                found.append(gongwen.Run(printed(words.text)))
                continue
            note = source.told if has_notes and source.told not in self.told else ""
            self.told.update([source.told] if note else [])
            found.append(gongwen.Run(printed(words.text), key=self._mark(words.source), note=note))
        return tuple(found)

    def _mark(self, key: str) -> str:
        """A figure may stand in several places; every place has a bookmark of its own."""
        self.marks[key] = self.marks.get(key, 0) + 1
        return f"来源_{key}_{self.marks[key]}"


def _table(grid: Grid, pen: _Pen) -> gongwen.Table:
    is_wide = len(grid.header) > WIDEST
    return gongwen.Table(
        columns=tuple(
            gongwen.Column(width, _align(place, grid)) for place, width in enumerate(grid.widths)
        ),
        header=(tuple(printed(each) for each in grid.header),),
        rows=tuple(tuple(gongwen.Cell(pen.runs(line, has_notes=False)) for line in row) for row in grid.rows),
        caption=grid.caption,
        unit=grid.unit,
        note=printed(grid.note),
        orientation=gongwen.Orientation.LANDSCAPE if is_wide else gongwen.Orientation.PORTRAIT,
        text=gongwen.TableText.SMALL,
    )  # fmt: skip


def _align(place: int, grid: Grid) -> gongwen.Align:
    if place in grid.numbers:
        return gongwen.Align.RIGHT
    longest = max((len("".join(words.text for words in row[place])) for row in grid.rows), default=0)
    return gongwen.Align.CENTRE if longest <= CENTRED else gongwen.Align.LEFT


def _figure(chart: Chart) -> gongwen.Figure | gongwen.Table:
    """The chart; its figures as a table where no typeface can draw Chinese."""
    try:
        if chart.shape == "ranking":
            png = charts.ranking_chart(chart.labels, chart.values, unit=chart.unit)
        else:
            png = charts.bar_chart(chart.labels, charts.Series("", chart.values), unit=chart.unit)
    except charts.ChartRefused:
        rows = tuple((label, f"{value:g}") for label, value in zip(chart.labels, chart.values, strict=True))
        columns = (gongwen.Column(3), gongwen.Column.number(1))
        return gongwen.Table(columns, rows, caption=chart.title, unit=chart.unit, text=gongwen.TableText.SMALL)
    return gongwen.Figure(png, caption=chart.title)
