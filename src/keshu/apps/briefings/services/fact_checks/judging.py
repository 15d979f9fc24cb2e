"""What a person says of a finding: put right in the draft (已处理), or no fault (不算); and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.briefings.models import FactCheck, FactCheckResult, FactCheckState, Judgement
from keshu.apps.briefings.permissions import can_decide_fact_check
from keshu.apps.bureau.services import Unacceptable, audit

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

LONGEST_NOTE = 200


def counts(result: FactCheckResult) -> dict[str, Any]:
    """What a check's row tells of a result: its figures, those somebody must look at, those nobody has judged, the state."""
    problems = [str(each["number"]) for each in result.findings if not each["is_sound"]]
    left = sum(number not in result.judgements for number in problems)
    settled = FactCheckState.SETTLED if problems else FactCheckState.SOUND
    return {
        "figure_count": len(result.findings), "problem_count": len(problems), "open_count": left,
        "state": FactCheckState.OPEN if left else settled,
    }  # fmt: skip


def judge_finding(
    check: FactCheck, *, number: int, judgement: str, note: str = "", by: User, at: datetime
) -> FactCheckResult:
    """Say of a finding of the latest result that it is dealt with or no fault; empty takes it back. Who brought the draft.

    Unacceptable: a finding nobody need look at, an unknown judgement, a note too long, a check under way.
    """
    can_decide_fact_check(by, check)
    if judgement and judgement not in Judgement.values:
        raise Unacceptable(f"不能标为“{judgement[:20]}”，可以标为：{'、'.join(Judgement.labels)}。")
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Unacceptable(f"说明有 {len(note)} 字，最多 {LONGEST_NOTE} 字。", field="note")
    with transaction.atomic():
        locked = FactCheck.objects.select_for_update().get(pk=check.pk)
        result = FactCheckResult.objects.filter(fact_check=locked).order_by("-number").first()
        if result is None or locked.state == FactCheckState.CHECKING:
            raise Unacceptable("正在核对，请等核对完再处理。")
        if not any(each["number"] == number and not each["is_sound"] for each in result.findings):
            raise Unacceptable("这一处没有问题，不用处理。请刷新页面后再看。")
        said = {key: each for key, each in result.judgements.items() if key != str(number)}
        if judgement:
            said[str(number)] = {"judgement": judgement, "note": note}
        log = audit.Recorder(by=by, at=at)
        log.update(result, judgements=said)
        log.update(locked, **counts(result))
    return result
