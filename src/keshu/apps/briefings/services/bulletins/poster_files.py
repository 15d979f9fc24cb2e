"""一图读懂 as a picture and as a PDF of one page, drawn here, so that nobody needs a program for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from keshu.apps.briefings.models import Bulletin, BulletinState
from keshu.apps.briefings.queries.posters import Bar, poster_of
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.services.fact_rows import facts_from
from keshu.apps.plans.services.ledger_files import LedgerFile
from keshu.apps.plans.services.papers import plain_name
from keshu.engines.gongwen.charts import ChartRefused
from keshu.engines.gongwen.poster import Sheet, SheetBar, SheetForm, Slice, draw_sheet

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

MEDIA_TYPES = {SheetForm.PNG: "image/png", SheetForm.PDF: "application/pdf"}


def poster_file(bulletin: Bulletin, *, form: str, by: User, at: datetime) -> LedgerFile:
    """The bulletin's sheet as ``png`` or ``pdf``, recorded as an export. Whoever sees it. Unacceptable: no typeface."""
    wanted = SheetForm(form)
    try:
        content = draw_sheet(sheet_of(bulletin), wanted)
    except ChartRefused as refusal:
        raise Unacceptable(f"{refusal}。也可以在页面上点【打印】。") from None
    title = bulletin.title if "一图读懂" in bulletin.title else f"一图读懂{bulletin.title}"
    made = LedgerFile(f"{plain_name(title)}.{wanted.value}", content, MEDIA_TYPES[wanted])
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=bulletin,
            organisation=bulletin.organisation_id,
            after={"文件": made.name, "字节数": len(made.content)},
        )
    return made


def standing_of(bulletin: Bulletin) -> str:
    """What a reader of the sheet alone must know: its number, or that it was never signed or was taken back."""
    number = f"〔{bulletin.year}〕{bulletin.number}号" if bulletin.number else "未经签发"
    return f"{number}（已撤回）" if bulletin.state == BulletinState.WITHDRAWN else number


def sheet_of(bulletin: Bulletin) -> Sheet:
    """What the sheet says: the bulletin's facts and nothing that came after them."""
    facts = facts_from(bulletin.facts)
    poster = poster_of(facts)
    composed = timezone.localtime(bulletin.composed_at)
    return Sheet(
        organisation=facts.issuer + ("　演示数据" if bulletin.is_demo else ""),
        title=bulletin.title,
        finding=f"{poster.finding}（截至{poster.until_words}）",
        footer=f"数据来自《{facts.plan_title}》台账，取数时间 {composed:%Y-%m-%d %H:%M}　{standing_of(bulletin)}",
        slices=tuple(Slice(arc.word, arc.count, arc.light) for arc in poster.arcs),
        tiles=poster.tiles,
        bars=tuple(_bar(each) for each in poster.best),
        shares_title=poster.counties_title,
        shares=tuple(_bar(each) for each in poster.counties),
        concerns=tuple((each.indicator, each.reason) for each in poster.risks),
        none_told="目前没有滞后或者有风险的目标。",
    )


def _bar(bar: Bar) -> SheetBar:
    return SheetBar(bar.label, bar.told, float(bar.share) / 100)
