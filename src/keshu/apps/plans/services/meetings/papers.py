"""The papers of a meeting as official documents: 会议议程 with 情况材料 by office, and 会议纪要."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import AgendaItem, Decision, Meeting, MeetingState
from keshu.apps.plans.queries.meetings.agenda import AgendaLine, OfficeReport
from keshu.apps.plans.queries.meetings.pages import MeetingPage
from keshu.apps.plans.queries.wording import unnumbered
from keshu.apps.plans.services.ledger_files import LedgerFile
from keshu.apps.plans.services.paper_blocks import DEMO_REMARK, printed
from keshu.apps.plans.services.papers import DOCX
from keshu.engines import gongwen
from keshu.engines.gongwen.blocks import Block, chinese_date

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

PACK, MINUTES = "会议议程和情况材料", "会议纪要"
NOBODY = "其他"
# Said at the head of a paper that leaves out what its reader may not see.
PART = "（本件只列使用人有权查看的议题和议定事项，不是全文。）"


def meeting_pack(page: MeetingPage, *, by: User, at: datetime) -> LedgerFile:
    """会议议程, and attached what is to be known of each line, office by office; recorded. Whoever may see the meeting."""
    if not page.kept_count:
        raise Unacceptable("议程上还没有议题，请先生成或添加。")
    row = page.row
    document = gongwen.OfficialDocument(
        title=f"{row.title}\n会议议程",
        blocks=(*_part(page), *_facts(row), *_agenda(page)),
        attachments=(gongwen.Attachment("情况材料", _situation(page)),),
        signature=gongwen.Signature(row.organisation.name, row.held_on),
        remark=DEMO_REMARK if row.is_demo else "",
    )
    return _file(row, PACK, gongwen.write_document(document), by=by, at=at)


def meeting_minutes(page: MeetingPage, *, by: User, at: datetime) -> LedgerFile:
    """会议纪要: what was heard, what was decided, who carries it out until when; recorded. Of a meeting held."""
    row = page.row
    if row.state != MeetingState.HELD:
        raise Unacceptable("会议召开之后才能生成会议纪要。")
    opening = f"{chinese_date(row.held_on)}，{row.organisation.name}{_at(row)}召开{row.title}，研究《{row.plan.title}》推进情况。"
    people = [
        f"会议由{row.host}主持。" if row.host else "",
        f"出席：{_sentence(row.attendees)}" if row.attendees else "",
    ]
    blocks: list[Block] = [*_part(page), gongwen.Paragraph(printed(opening + "".join(people))), *_heard(page)]
    blocks.append(gongwen.Heading(1, "议定事项"))
    if page.decisions:
        blocks += [_decided(number, each) for number, each in enumerate(page.decisions, start=1)]
    else:
        blocks.append(gongwen.Paragraph("会议没有议定事项。"))
    document = gongwen.OfficialDocument(
        title=f"{row.title}\n会议纪要",
        blocks=tuple(blocks),
        signature=gongwen.Signature(row.organisation.name, row.held_on),
        remark=DEMO_REMARK if row.is_demo else "",
    )
    return _file(row, MINUTES, gongwen.write_document(document), by=by, at=at)


def _part(page: MeetingPage) -> list[gongwen.Paragraph]:
    return [gongwen.Paragraph(PART)] if page.is_part else []


def _heard(page: MeetingPage) -> list[gongwen.Heading | gongwen.Paragraph]:
    """What was heard, a paragraph for each office."""
    heard = [f"{section.label}{len(section.kept)}项" for section in page.sections if section.kept]
    if not heard:
        return []
    offices: dict[str, list[str]] = defaultdict(list)
    for section in page.sections:
        for report in section.reports:
            words = f"{section.label}{len(report.lines)}项（{_matters(report)}）"
            offices[str(report.organisation or NOBODY)].append(words)
    told = (
        f"{number}.{office}：{'，'.join(words)}。" for number, (office, words) in enumerate(offices.items(), start=1)
    )
    return [
        gongwen.Heading(1, "听取情况"),
        gongwen.Paragraph(f"会议听取了{'、'.join(heard)}的情况汇报。"),
        *(gongwen.Paragraph(printed(words)) for words in told),
        *(gongwen.Paragraph(section.elsewhere) for section in page.sections if section.elsewhere),
    ]


def _facts(row: Meeting) -> list[gongwen.Paragraph]:
    facts = (
        ("时间", chinese_date(row.held_on)), ("地点", row.place), ("主持", row.host), ("出席", row.attendees),
        ("依据", f"《{row.plan.title}》"),
    )  # fmt: skip
    return [gongwen.Paragraph(printed(f"{name}：{_sentence(text)}")) for name, text in facts if text]


def _agenda(page: MeetingPage) -> list[gongwen.Heading | gongwen.Paragraph]:
    """Section by section, in each a numbered paragraph for every office."""
    blocks: list[gongwen.Heading | gongwen.Paragraph] = []
    for section in page.sections:
        if not section.kept:
            continue
        blocks.append(gongwen.Heading(1, f"{section.label}（{len(section.kept)}项）"))
        for report in section.reports:
            office = f"{report.organisation or NOBODY}（{len(report.lines)}项）。"
            blocks.append(gongwen.Heading(2, office, printed(f"{_matters(report)}。")))
        if section.elsewhere:
            blocks.append(gongwen.Paragraph(section.elsewhere))
    return blocks


def _matters(report: OfficeReport) -> str:
    return "；".join(_bare(line.words) for line in report.lines)


def _situation(page: MeetingPage) -> tuple[Block, ...]:
    """What each office has to say, under the sections that the agenda names."""
    offices: dict[str, list[Block]] = defaultdict(list)
    for section in page.sections:
        for report in section.reports:
            said = offices[str(report.organisation or NOBODY)]
            said.append(gongwen.Heading(2, section.label))
            said += [gongwen.Paragraph(printed(words)) for words in _numbered(report.lines)]
    return tuple(block for office, said in offices.items() for block in (gongwen.Heading(1, office), *said))


def _numbered(lines: Sequence[AgendaLine]) -> Iterator[str]:
    """Each line with its situation and what is asked of the meeting; numbered where there is more than one."""
    for number, line in enumerate(lines, start=1):
        asked = "".join(_request(each) for each in line.requests)
        yield f"{f'{number}.' if len(lines) > 1 else ''}{_bare(line.words)}。{_sentence(line.item.text)}{asked}"


def _request(item: AgendaItem) -> str:
    """Somebody's request about a matter; that of an issue with its title."""
    words = "；".join(filter(None, [_bare(item.title) if item.issue_id else "", _bare(item.text)]))
    return f"需协调（{item.organisation or NOBODY}）：{words}。"


def _decided(number: int, decision: Decision) -> gongwen.Paragraph:
    parts = [f"责任单位：{decision.owner}" if decision.owner else "", _until(decision)]
    told = "，".join(filter(None, parts))
    return gongwen.Paragraph(printed(f"{number}.{_bare(unnumbered(decision.text))}{f'（{told}）' if told else ''}。"))


def _until(decision: Decision) -> str:
    return f"完成时限：{chinese_date(decision.due_on)}" if decision.due_on else ""


def _at(row: Meeting) -> str:
    return f"在{row.place}" if row.place else ""


def _bare(text: str) -> str:
    return re.sub(r"\s*\n\s*", "；", text.strip()).rstrip("。；;")


def _sentence(text: str) -> str:
    bare = _bare(text)
    return f"{bare}。" if bare else ""


def _file(row: Meeting, kind: str, content: bytes, *, by: User, at: datetime) -> LedgerFile:
    name = re.sub(r'[\\/:*?"<>|\s]+', "", f"{row.title}-{kind}")[:100] + ".docx"
    audit.Recorder(by=by, at=at).note(
        action=audit.AuditAction.EXPORT, subject=row, organisation=row.organisation_id,
        after={"文件": name, "字节数": len(content)},
    )  # fmt: skip
    return LedgerFile(name, content, DOCX)
