"""督办通知单 and 季督办情况 as official documents: rows in, a block model out."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from keshu.apps.plans.models import SupervisionNotice, Verdict
from keshu.apps.plans.queries.supervision.summary import QuarterSummary
from keshu.apps.plans.services.paper_blocks import DEMO_REMARK, NOTHING, drawn_up, printed
from keshu.engines.gongwen import (
    Align,
    Cell,
    Column,
    Heading,
    OfficialDocument,
    Orientation,
    Paragraph,
    Signature,
    Table,
    TableText,
)

# What stands before 〔2026〕3号 on paper.
WORD = "督办"


def notice_paper(notice: SupervisionNotice) -> OfficialDocument:
    """One notice: what is asked until when, then the tables where the addressee signs and answers."""
    items = list(notice.items.all())
    moved = [step.due_from for step in notice.steps.all() if step.due_from is not None]
    until = _in_words(moved[0] if moved else notice.due_on)
    later = f"后延长至{_in_words(notice.due_on)}。" if moved else ""
    opening = f"现将有关事项交你单位办理，请于{until}前办结，并书面报送办理情况。"
    demands = [Paragraph(printed(line)) for line in notice.demand.splitlines() if line.strip()]
    matters = [Paragraph(f"{n}.{_ended(printed(item.text))}") for n, item in enumerate(items, start=1)]
    return OfficialDocument(
        title="督办通知单",
        letterhead=notice.issuer.name,
        number=f"{WORD}{notice.number_text}",
        addressee=notice.addressee.name,
        blocks=(
            Paragraph(opening), Heading(1, "督办内容"), *matters, Heading(1, "办理要求"), *demands,
            Heading(1, "办理时限"), Paragraph(f"{until}。{later}"), Heading(1, "签收和办理情况"), _answer_table(notice),
        ),
        signature=Signature(notice.issuer.name, _day(notice.issued_at)),
        remark=DEMO_REMARK if notice.is_demo else "",
    )  # fmt: skip


def summary_paper(summary: QuarterSummary, *, issuer: str, on: date, is_demo: bool) -> OfficialDocument:
    """季督办情况: a sentence that sums it up, the table by office, the list of what is overdue."""
    line = drawn_up(issuer, on, is_demo=is_demo)
    return OfficialDocument(
        title=f"{summary.year}年第{summary.quarter_word}季度督办情况",
        blocks=(
            Paragraph(summary.sentence),
            *((Heading(1, "各单位办理情况"), _offices_table(summary, line=line)) if summary.offices else ()),
            *((Heading(1, "逾期未办结事项"), _late_table(summary)) if summary.late else ()),
        ),
        orientation=Orientation.LANDSCAPE,
        # behind a long table a signature could come to stand alone on a page: the table says whose it is
        signature=None if summary.offices else Signature(issuer, on),
        remark=DEMO_REMARK if is_demo and not summary.offices else "",
    )  # fmt: skip


def _answer_table(notice: SupervisionNotice) -> Table:
    """Filled as far as it has come; empty cells are signed by hand."""
    signed = notice.signed_for_by.name if notice.signed_for_by is not None else ""
    when = f"{timezone.localtime(notice.signed_for_at):%Y-%m-%d}" if notice.signed_for_at is not None else ""
    replies = list(notice.replies.all())
    told = [_reply_lines(n, reply) for n, reply in enumerate(replies, start=1)]
    verdicts = [f"{_date(reply.verdict_at)}{reply.get_verdict_display()}。{printed(reply.verdict_text)}"
                for reply in replies if reply.verdict != Verdict.WAITING]  # fmt: skip
    return Table(
        columns=(_label(2.4), Column(4.6), _label(2.4), Column(4.6)),
        rows=(
            ("督办事项", Cell(printed(notice.title), columns=3)),
            ("承办单位", str(notice.addressee.name), "办理时限", f"{notice.due_on:%Y-%m-%d}"),
            ("签收人", signed, "签收日期", when),
            ("办理情况", Cell("\n".join(told) or "\n\n\n", columns=3)),
            ("审核意见", Cell("\n".join(verdicts) or "\n\n", columns=3)),
        ),
    )


def _reply_lines(number: int, reply: object) -> str:
    names = "、".join(each.name for each in reply.attachments.all())  # type: ignore[attr-defined]
    text = printed(reply.text.strip())  # type: ignore[attr-defined]
    return f"{_date(reply.at)}{text}" + (f"（附件：{printed(names)}）" if names else "")  # type: ignore[attr-defined]


def _offices_table(summary: QuarterSummary, *, line: str) -> Table:
    rows = [
        (str(n), row.name, str(row.carried), str(row.issued), str(row.closed), str(row.in_hand), str(row.late),
         row.on_time_text or NOTHING, row.days_text or NOTHING)
        for n, row in enumerate(summary.offices, start=1)
    ]  # fmt: skip
    whole = summary.whole
    rows.append(("", whole.name, str(whole.carried), str(whole.issued), str(whole.closed), str(whole.in_hand),
                 str(whole.late), whole.on_time_text or NOTHING, whole.days_text or NOTHING))  # fmt: skip
    return Table(
        columns=(_label(1), Column(4), *(Column.number(2) for _ in range(5)), Column.number(2.4), Column.number(2.8)),
        header=(
            (
                "序号",
                "承办单位",
                "上季结转",
                "本季新发",
                "本季办结",
                "未办结",
                "其中逾期",
                "按时报送率",
                "平均办理天数",
            ),
        ),
        rows=tuple(rows),
        unit=f"{line}　单位：件",
        note="按时报送率是本季办结的督办单中，被认可的办理情况在时限内报送的比例；平均办理天数从签发到办结，按自然日计。",
        text=TableText.SMALL,
    )


def _late_table(summary: QuarterSummary) -> Table:
    return Table(
        columns=(_label(2.6), Column(7), Column(4), _label(2.6), Column.number(2.6)),
        header=(("编号", "督办事项", "承办单位", "办理时限", "逾期工作日"),),
        rows=tuple(
            (each.number, printed(each.title), each.addressee, f"{each.due_on:%Y-%m-%d}", str(each.days))
            for each in summary.late
        ),
        text=TableText.SMALL,
    )


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _label(width: float) -> Column:
    return Column(width, Align.CENTRE)


def _day(moment: object) -> date:
    return timezone.localtime(moment).date()  # type: ignore[arg-type]


def _date(moment: object) -> str:
    day = _day(moment)
    return f"{day.month}月{day.day}日，"


def _ended(text: str) -> str:
    return text if text.endswith(("。", "；")) else f"{text}。"
