"""月调度情况表: a round as an official document, from what has been signed; and who has not reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import audit
from keshu.apps.plans.models import CheckIn, CheckInRound, CheckInState, Part
from keshu.apps.plans.permissions import can_export
from keshu.apps.plans.queries.checkin_pages.lines import figure_of
from keshu.apps.plans.queries.checkin_pages.rounds import RoundPage, round_page, round_rows, subject_of
from keshu.apps.plans.queries.lines import requirement_of
from keshu.apps.plans.services.ledger_files import LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.paper_blocks import DEMO_REMARK, NOTHING, drawn_up, printed, with_line
from keshu.apps.plans.services.papers import DOCX
from keshu.engines import gongwen
from keshu.engines.gongwen import (
    Align,
    Column,
    Heading,
    OfficialDocument,
    Orientation,
    Paragraph,
    Signature,
    Table,
    TableText,
)
from keshu.engines.gongwen.blocks import Block

if TYPE_CHECKING:
    from datetime import date

    from keshu.apps.bureau.models import User

CENTRED = Align.CENTRE
# More organisations than this are told by the first and their number.
NAMED = 3


def round_paper(round: CheckInRound, *, by: User, at: datetime) -> LedgerFile:
    """The round as a Word file, recorded as an export: what lead organisations had signed, problems, who has not reported.

    Government people, of what they may see (Refused).
    """
    can_export(by, round.plan)
    on = local_day(at)
    rows = [row for row in round_rows(round, user=by) if row.part == Part.LEAD]
    page = round_page(round, user=by, on=on)
    document = round_document(round, rows, page, on=on)
    name = f"{round.plan.title}-{round.label}调度情况表.docx".replace("/", "")
    made = LedgerFile(name, gongwen.write_document(document), DOCX)
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=round,
            organisation=round.plan.organisation,
            after={"文件": made.name, "字节数": len(made.content)},
        )
    return made


def round_document(round: CheckInRound, rows: Sequence[CheckIn], page: RoundPage, *, on: date) -> OfficialDocument:
    """The blocks of the paper; `rows` are the lead organisations' forms in the plan's order."""
    signed = [row for row in rows if row.state == CheckInState.SIGNED]
    targets = [row for row in signed if row.target is not None]
    tasks = [row for row in signed if row.target is None]
    asking = [row for row in signed if row.problems or row.help_needed]
    blocks: list[Block] = [Heading(1, "总体情况"), Paragraph(_summary(round, page, on=on))]
    if targets:
        blocks += [Heading(1, "目标完成情况"), _targets_table(targets)]
    if tasks:
        blocks += [Heading(1, "任务进展情况"), _tasks_table(tasks)]
    if asking:
        blocks += [Heading(1, "存在问题和需协调事项"), _asking_table(asking)]
    missing = [line for line in page.offices if line.progress.counts.unfiled]
    if missing:
        blocks += [Heading(1, "尚未报齐的单位"), Paragraph(_missing(missing))]
    plan = round.plan
    line = drawn_up(plan.organisation.name, on, is_demo=plan.is_demo)
    # behind a long table a signature could come to stand alone on a page: the first table says whose paper it is
    blocks, has_table = list(with_line(blocks, line)), bool(signed)
    return OfficialDocument(
        title=f"{plan.title}\n{round.label}调度情况表",
        blocks=tuple(blocks),
        orientation=Orientation.LANDSCAPE,
        signature=None if has_table else Signature(plan.organisation.name, on),
        remark=DEMO_REMARK if plan.is_demo and not has_table else "",
    )


def _summary(round: CheckInRound, page: RoundPage, *, on: date) -> str:
    counts = page.counts
    told = f"截至{on.year}年{on.month}月{on.day}日，{page.finding}"
    parts = [
        f"已审签{counts.signed}项",
        f"待审签{counts.filed}项" if counts.filed else "",
        f"未报{counts.unfiled}项" if counts.unfiled else "",
        f"其中逾期{counts.late}项" if counts.late else "",
        f"免报{counts.excused}项" if counts.excused else "",
    ]
    due = f"本期应于{round.due_on.year}年{round.due_on.month}月{round.due_on.day}日前报送。"
    return printed(f"{due}{told}".replace(" ", "") + "，".join(filter(None, parts)) + "。")


def _missing(lines: Sequence[object]) -> str:
    told = []
    for line in lines:
        counts = line.progress.counts  # type: ignore[attr-defined]
        late = f"（逾期{counts.late}项）" if counts.late else ""
        told.append(f"{line.progress.office}未报{counts.unfiled}项{late}")  # type: ignore[attr-defined]
    return "；".join(told) + "。"


def _targets_table(rows: Sequence[CheckIn]) -> Table:
    told = []
    for number, (row, who, figures, words) in enumerate(_by_subject(rows, lambda row: figure_of(row)), start=1):
        assert row.target is not None
        told.append((str(number), printed(row.target.indicator), requirement_of(row.target), figures, who, words))
    return Table(
        columns=(Column(1, CENTRED), Column(4.6), Column(3.4), Column(2.8), Column(2.6, CENTRED), Column(9)),
        header=(("序号", "指标", "年度目标", "完成数", "填报单位", "进展情况"),),
        rows=tuple(told),
        text=TableText.SMALL,
    )


def _tasks_table(rows: Sequence[CheckIn]) -> Table:
    told = [
        (str(number), printed(str(row.node)), who, progress, words)
        for number, (row, who, progress, words) in enumerate(
            _by_subject(rows, lambda row: "" if row.percent is None else f"{row.percent}%"), start=1
        )
    ]
    return Table(
        columns=(Column(1, CENTRED), Column(6), Column(2.6, CENTRED), Column(2, CENTRED), Column(11)),
        header=(("序号", "任务", "填报单位", "完成进度", "进展情况"),),
        rows=tuple(told),
        text=TableText.SMALL,
    )


def _asking_table(rows: Sequence[CheckIn]) -> Table:
    told = []
    for number, each in enumerate(_grouped(rows), start=1):
        problems = _said(each, lambda row: _words(row.problems)) or NOTHING
        help_needed = _said(each, lambda row: _words(row.help_needed)) or NOTHING
        told.append((str(number), printed(subject_of(each[0])), _who(each), problems, help_needed))
    return Table(
        columns=(Column(1, CENTRED), Column(5), Column(2.6, CENTRED), Column(7.4), Column(6.6)),
        header=(("序号", "事项", "填报单位", "存在问题", "需协调事项"),),
        rows=tuple(told),
        text=TableText.SMALL,
    )


def _by_subject(rows: Sequence[CheckIn], figure: Callable[[CheckIn], str]) -> Iterable[tuple[CheckIn, str, str, str]]:
    """A line for each target or task: a form of it, who reported, the figure, the words; what several say alike is said once."""
    for each in _grouped(rows):
        words = _said(each, lambda row: _words(row.progress))
        yield each[0], _who(each), _said(each, figure) or NOTHING, words


def _grouped(rows: Sequence[CheckIn]) -> list[list[CheckIn]]:
    """The forms by what they are about, as the plan orders it."""
    found: dict[tuple[int | None, int | None], list[CheckIn]] = {}
    for row in rows:
        found.setdefault((row.target_id, row.node_id), []).append(row)
    return list(found.values())


def _who(rows: Sequence[CheckIn]) -> str:
    names = list(dict.fromkeys(str(row.organisation) for row in rows))
    return "、".join(names) if len(names) <= NAMED else f"{names[0]}等{len(names)}个单位"


def _said(rows: Sequence[CheckIn], words: Callable[[CheckIn], str]) -> str:
    """What the forms say: once where they agree, else organisation by organisation."""
    by_words: dict[str, list[str]] = {}
    for row in rows:
        if said := words(row):
            by_words.setdefault(said, []).append(str(row.organisation))
    if len(by_words) <= 1:
        return next(iter(by_words), "")
    return "\n".join(f"{'、'.join(names)}：{said}" for said, names in by_words.items())


def _words(text: str) -> str:
    return printed("\n".join(line.strip() for line in text.splitlines() if line.strip()))
