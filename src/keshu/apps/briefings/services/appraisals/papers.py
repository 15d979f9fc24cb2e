"""An appraisal as files: 考核结果通报 and 评分表 in Word, the ranking with every row behind it in Excel; each recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from keshu.apps.briefings.models import Appraisal, AppraisalSheet, AppraisalState
from keshu.apps.briefings.services.appraisals import paper_blocks
from keshu.apps.briefings.services.appraisals.reckoning import counted_until
from keshu.apps.bureau.services import Refused, audit
from keshu.apps.bureau.services.exchange import Align, Sheet, SheetColumn, write_workbook
from keshu.apps.plans.services.ledger_files import MEDIA_TYPES, FileForm, LedgerFile
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.papers import DOCX, plain_name
from keshu.engines import gongwen
from keshu.engines.appraisal import RuleState, Score, scheme_from_plain, score_from_plain

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

POINTS = "0.00"
DEMO = "演示数据"


def ranking_paper(appraisal: Appraisal, *, with_sheets: bool, by: User, at: datetime) -> LedgerFile:
    """The paper of the ranking. Whoever sees the ranking."""
    document = paper_blocks.ranking(_result(appraisal, _scores(appraisal), at=at), with_sheets=with_sheets)
    made = LedgerFile(f"{plain_name(appraisal.title)}结果通报.docx", gongwen.write_document(document), DOCX)
    _record(appraisal, made, organisation=appraisal.organisation_id, by=by, at=at)
    return made


def sheet_paper(sheet: AppraisalSheet, *, by: User, at: datetime) -> LedgerFile:
    """One organisation's sheet. Whoever sees the sheet; its place is told once everybody's is, before that to the appraisers."""
    score = score_from_plain(sheet.content)
    document = paper_blocks.sheet(_result(sheet.appraisal, [score], at=at), _placeless(sheet, score, by=by))
    name = f"{plain_name(str(sheet.organisation))}{sheet.appraisal.year}年度考核评分表.docx"
    made = LedgerFile(name, gongwen.write_document(document), DOCX)
    _record(sheet, made, organisation=sheet.organisation_id, by=by, at=at)
    return made


def ranking_workbook(appraisal: Appraisal, *, by: User, at: datetime) -> LedgerFile:
    """The ranking, and every row behind every point. Those who see all sheets (Refused)."""
    if not by.scope.is_everything:
        raise Refused("各单位的评分明细由规划办公室、局领导和审计监督人员查看。")
    scores = _scores(appraisal)
    stamp = f"{by} {timezone.localtime(at):%Y-%m-%d %H:%M} 导出"
    content = write_workbook([_ranking_page(appraisal, scores, note=stamp), _rows_page(appraisal, scores, note=stamp)])
    made = LedgerFile(f"{plain_name(appraisal.title)}.xlsx", content, MEDIA_TYPES[FileForm.XLSX])
    _record(appraisal, made, organisation=appraisal.organisation_id, by=by, at=at)
    return made


def _placeless(sheet: AppraisalSheet, score: Score, *, by: User) -> Score:
    """Without the place, as long as the ranking is not for this person."""
    is_open = sheet.appraisal.state == AppraisalState.RELEASED or by.scope.is_everything
    return score if is_open else replace(score, rank=None)


def _scores(appraisal: Appraisal) -> list[Score]:
    contents = appraisal.sheets.order_by("position", "pk").values_list("content", flat=True)
    return [score_from_plain(each) for each in contents]


def _result(appraisal: Appraisal, scores: list[Score], *, at: datetime) -> paper_blocks.Result:
    released = appraisal.released_at
    return paper_blocks.Result(
        year=appraisal.year,
        whom=appraisal.get_kind_display(),
        issuer=appraisal.organisation.name,
        until=counted_until(appraisal, at=appraisal.reckoned_at or at),
        dated=local_day(at if released is None else released),
        is_released=appraisal.state == AppraisalState.RELEASED,
        is_demo=appraisal.is_demo,
        scheme=scheme_from_plain(appraisal.scheme),
        scores=scores,
    )


def _ranking_page(appraisal: Appraisal, scores: list[Score], *, note: str) -> Sheet:
    rules = appraisal.scheme["rules"]
    columns = [
        SheetColumn("rank", "位次", 8, align=Align.CENTER),
        SheetColumn("name", "单位", 20),
        SheetColumn("total", "得分", 10, number_format=POINTS, align=Align.RIGHT),
        *(
            SheetColumn(each["key"], f"{each['name']}（{each['weight']}）", 14, number_format=POINTS, align=Align.RIGHT)
            for each in rules
        ),
        SheetColumn("grade", "等次", 10, align=Align.CENTER),
    ]
    if any(score.apart for score in scores):
        columns.append(SheetColumn("apart", "说明", 44))
    rows = [
        {
            "rank": score.rank, "name": score.name, "total": score.total, "grade": score.grade,
            "apart": f"{score.apart}，不参与排名" if score.apart else "",
            **{each.key: None if each.state == RuleState.SPREAD else each.points for each in score.rules},
        }
        for score in scores
    ]  # fmt: skip
    mark = DEMO if appraisal.is_demo else ""
    return Sheet("排名", appraisal.title, columns, rows, note=note, mark=mark, frozen_columns=2)


def _rows_page(appraisal: Appraisal, scores: list[Score], *, note: str) -> Sheet:
    columns = [
        SheetColumn("name", "单位", 18),
        SheetColumn("rule", "指标", 14),
        SheetColumn("what", "事项", 44, wrap=True),
        SheetColumn("told", "情况", 40, wrap=True),
        SheetColumn("why", "计分", 24, wrap=True),
        SheetColumn("points", "得分", 10, number_format=POINTS, align=Align.RIGHT),
        SheetColumn("lost", "失分", 10, number_format=POINTS, align=Align.RIGHT),
        SheetColumn("key", "台账编号", 16),
    ]
    mark = DEMO if appraisal.is_demo else ""
    return Sheet("评分明细", f"{appraisal.title}评分明细", columns, _rows(scores), note=note, mark=mark)


def _rows(scores: list[Score]) -> Iterator[dict[str, Any]]:
    for score in scores:
        for rule in score.rules:
            for row in rule.rows:
                yield {
                    "name": score.name, "rule": rule.name, "what": row.what, "told": row.told, "why": row.why,
                    "points": row.points, "lost": row.lost, "key": row.key,
                }  # fmt: skip


def _record(subject: models.Model, made: LedgerFile, *, organisation: int, by: User, at: datetime) -> None:
    with transaction.atomic():
        audit.Recorder(by=by, at=at).note(
            action=audit.AuditAction.EXPORT,
            subject=subject,
            organisation=organisation,
            after={"文件": made.name, "字节数": len(made.content)},
        )
