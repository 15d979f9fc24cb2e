"""Marks (加减分): points that a person gives or takes under a rule, with a reason; withdrawn with a reason, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.briefings.models import Appraisal, AppraisalMark, MarkState
from keshu.apps.briefings.services.appraisals.lifecycle import Move, check, held
from keshu.apps.briefings.services.appraisals.reckoning import counted_until, reckon, scored_organisations
from keshu.apps.bureau.queries.organisations import organisation_by_id
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.bureau.services.attachments import discard_upload, store_upload
from keshu.engines.appraisal import Kind, Rule, scheme_from_plain

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, User

LONGEST_REASON, LONGEST_WHY = 200, 400


@dataclass(frozen=True, slots=True)
class MarkFields:
    """One mark as it is given; `file` shows what the reason says."""

    organisation_id: int
    rule: str
    points: Decimal
    reason: str
    file: IO[bytes] | Any = None
    file_name: str = ""


def give_marks(appraisal: Appraisal, given: Sequence[MarkFields], *, by: User, at: datetime) -> list[AppraisalMark]:
    """All of them or none; the sheets are reckoned anew. Planning office and leaders, until the release.

    Unacceptable for points that are nothing or more than the rule's, a missing reason, an organisation that is not scored.
    """
    if not given:
        raise Unacceptable("没有填写加减分。")
    check(Move.MARK, appraisal, user=by)
    files = [_stored(each, by=by, at=at) for each in given]
    try:
        with transaction.atomic():
            row = held(appraisal.pk)
            check(Move.MARK, row, user=by)
            names = {ref.id: str(ref) for ref in scored_organisations(row, on=counted_until(row, at=at))}
            rules = {rule.key: rule for rule in scheme_from_plain(row.scheme).rules if rule.kind == Kind.MARKS}
            log = audit.Recorder(by=by, at=at)
            made = []
            for fields, file in zip(given, files, strict=True):
                _check_fields(fields, names=names, rules=rules)
                mark = AppraisalMark(
                    appraisal=row, organisation_id=fields.organisation_id, rule=fields.rule, points=fields.points,
                    reason=fields.reason.strip(), attachment=file, given_by=by, given_at=at,
                )  # fmt: skip
                made.append(log.create(mark, organisation=fields.organisation_id))
            reckon(row, at=at)
            return made
    except Exception:
        for file in filter(None, files):
            discard_upload(file, why="加减分没有保存", by=by, at=at)
        raise


def withdraw_mark(mark: AppraisalMark, *, why: str, by: User, at: datetime) -> AppraisalMark:
    """It counts no more and stays readable with the reason. Planning office and leaders, until the release."""
    with transaction.atomic():
        row = held(mark.appraisal_id)
        check(Move.MARK, row, user=by)
        fresh = AppraisalMark.objects.select_for_update().get(pk=mark.pk)
        reason = why.strip()
        if fresh.state == MarkState.WITHDRAWN:
            raise Unacceptable("这项加减分已经撤销。")
        if not reason or len(reason) > LONGEST_WHY:
            raise Unacceptable(f"请写明撤销的理由，最多 {LONGEST_WHY} 字。", field="why")
        log = audit.Recorder(by=by, at=at, why=reason)
        log.update(fresh, organisation=fresh.organisation_id, state=MarkState.WITHDRAWN, withdrawn_why=reason)
        reckon(row, at=at)
    return fresh


def _stored(fields: MarkFields, *, by: User, at: datetime) -> Attachment | None:
    if fields.file is None:
        return None
    return store_upload(
        file=fields.file, name=fields.file_name, organisation=organisation_by_id(fields.organisation_id), by=by, at=at
    )


def _check_fields(fields: MarkFields, *, names: dict[int, str], rules: dict[str, Rule]) -> None:
    name, rule = names.get(fields.organisation_id), rules.get(fields.rule)
    if name is None:
        raise Unacceptable("这个单位不参加这次考核，请刷新页面再试。")
    if rule is None:
        raise Unacceptable("考核办法里没有这条加减分指标，请刷新页面再试。")
    if fields.points == 0 or abs(fields.points) > rule.weight:
        raise Unacceptable(
            f"{name}：填写的是“{fields.points}”分，“{rule.name}”每次加减分不能为 0，最多 {float(rule.weight):g} 分。",
            field="points",
        )
    if fields.points != round(fields.points, 2):
        raise Unacceptable(f"{name}：填写的是“{fields.points}”，加减分最多两位小数，例如 0.25。", field="points")
    reason = fields.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Unacceptable(f"{name}：请写明加减分的理由，最多 {LONGEST_REASON} 字。", field="reason")
