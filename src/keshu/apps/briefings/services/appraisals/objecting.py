"""Objections (异议): what a scored organisation says against its sheet while it is shown, and the planning office's answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.briefings.models import AppraisalObjection, AppraisalSheet, AppraisalState, ObjectionState
from keshu.apps.briefings.permissions import can_appraise, can_object
from keshu.apps.briefings.queries.appraisals import WHOLE
from keshu.apps.briefings.services.appraisals import telling
from keshu.apps.briefings.services.appraisals.lifecycle import held
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.engines.appraisal import Score, score_from_plain

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST = 1000


@transaction.atomic
def write_objection(
    sheet: AppraisalSheet, *, rule: str, row: str = "", text: str, by: User, at: datetime
) -> AppraisalObjection:
    """Against a rule, one row of it, or (`rule` empty) the whole sheet.

    The organisation's own people (Refused), while the sheets are shown (Unacceptable).
    """
    can_object(by, sheet.organisation_id)
    appraisal = held(sheet.appraisal_id)
    if appraisal.state != AppraisalState.SHOWN:
        raise Unacceptable("异议在公示期间提出，现在不能提出。")
    said = _words(text, "异议的内容和依据")
    made = AppraisalObjection(
        appraisal=appraisal, organisation_id=sheet.organisation_id, rule=rule, row=row,
        about=about(score_from_plain(sheet.content), rule, row), text=said, written_by=by, written_at=at,
    )  # fmt: skip
    audit.Recorder(by=by, at=at).create(made, organisation=sheet.organisation_id)
    telling.tell_objection(made, by=by, at=at)
    return made


@transaction.atomic
def answer_objection(
    objection: AppraisalObjection, *, upheld: bool, answer: str, by: User, at: datetime
) -> AppraisalObjection:
    """采纳 or 不采纳, with words. Planning office and leaders. What is upheld is put right in the ledger or by a mark."""
    can_appraise(by)
    appraisal = held(objection.appraisal_id)
    row = AppraisalObjection.objects.select_for_update().get(pk=objection.pk)
    if row.state != ObjectionState.OPEN:
        raise Unacceptable("这条异议已经答复。")
    if appraisal.state == AppraisalState.RELEASED:
        raise Unacceptable("考核结果已公布，不能再答复异议。")
    state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    audit.Recorder(by=by, at=at).update(
        row,
        organisation=row.organisation_id,
        state=state,
        answer=_words(answer, "答复"),
        answered_by=by,
        answered_at=at,
    )
    telling.tell_answer(row, by=by, at=at)
    return row


def about(score: Score, rule: str, row: str) -> str:
    """What an objection is against, in words."""
    if not rule:
        return WHOLE
    named = next((each for each in score.rules if each.key == rule), None)
    if named is None:
        raise Unacceptable("评分表里没有这条指标，请刷新页面再试。")
    if not row:
        return named.name
    found = next((each for each in named.rows if each.key == row), None)
    if found is None:
        raise Unacceptable("评分表里没有这一行，可能刚重新计算过，请刷新页面再试。")
    return f"{named.name}：{found.what}"[:300]


def _words(text: str, what: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Unacceptable(f"请写明{what}。" if not said else f"写了 {len(said)} 字，最多 {LONGEST} 字。", field="text")
    return said
