"""Whether a draft's document comes back as it is meant, and its way out: submitted, made final, taken in."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.bureau.services.attachments import attachment_by_id
from keshu.apps.plans.models import PlanProposal, ProposalFigure, ProposalState, Review
from keshu.apps.plans.services.intake import Received, receive_documents
from keshu.apps.plans.services.papers import DOCX, plain_name
from keshu.apps.plans.services.proposals.composing import left_out
from keshu.apps.plans.services.proposals.lifecycle import ProposalMove, check
from keshu.apps.plans.services.proposals.papers import day_of, items_of, written
from keshu.apps.plans.services.proposals.reading_back import ReadBack, compare, duties_of, wanted_of

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


def read_back(proposal: PlanProposal, *, on: date) -> ReadBack:
    """The document written and read as any uploaded one, laid beside the draft. Saves nothing."""
    from keshu.engines.plandoc import read_plan

    document = read_plan(written(proposal, on=on), name="草案.docx")
    items = items_of(proposal)
    gone = left_out(items)
    figures = ProposalFigure.objects.filter(proposal=proposal).order_by("position", "pk")
    places = {item.pk: item.position for item in items}
    ordered = sorted(
        (each for each in figures if each.item_id not in gone), key=lambda each: (places[each.item_id], each.at)
    )
    rejected = proposal.plan.targets.filter(review=Review.REJECTED).values_list("indicator", flat=True)
    return compare(
        document, [wanted_of(each) for each in ordered], duties_of(items, gone),
        passed_over=list(rejected),
    )  # fmt: skip


@transaction.atomic
def move_proposal(proposal: PlanProposal, move: ProposalMove, *, why: str = "", by: User, at: datetime) -> PlanProposal:
    """Submit, return, make final, reopen or delete it; with the reason where one is wanted. Taking in is `take_in`."""
    if move in (ProposalMove.TAKE_IN, ProposalMove.CHANGE):
        raise Unacceptable("转入台账要先通过回读核对。")
    row = PlanProposal.objects.select_for_update().select_related("organisation", "plan").get(pk=proposal.pk)
    declared = check(move, row, user=by, why=why)
    log = audit.Recorder(by=by, at=at, why=why.strip())
    is_final = move == ProposalMove.FINISH
    log.update(
        row, organisation=row.organisation_id, state=declared.target, version=row.version + 1,
        finished_by=by if is_final else None, finished_at=at if is_final else None,
    )  # fmt: skip
    return row


def take_in(proposal: PlanProposal, *, by: User, at: datetime) -> Received:
    """The final document goes the way of any uploaded plan: stored, read, a draft to be reviewed.

    Unacceptable while anything of it would not come back as it is meant.
    """
    check(ProposalMove.TAKE_IN, proposal, user=by)
    found = read_back(proposal, on=day_of(proposal, at=at))
    if not found.is_lossless:
        raise Unacceptable(f"有 {len(found.differences)} 处读回来与草案不一致，请先在“回读核对”中逐处改好。")
    data = written(proposal, on=day_of(proposal, at=at))
    name = f"{plain_name(proposal.title)}.docx"
    upload = InMemoryUploadedFile(io.BytesIO(data), "file", name, DOCX, len(data), None)
    received = receive_documents([upload], organisation=proposal.organisation, by=by, at=at)[0]
    if received.error:
        raise Unacceptable(received.error)
    with transaction.atomic():
        row = PlanProposal.objects.select_for_update().select_related("organisation", "plan").get(pk=proposal.pk)
        declared = check(ProposalMove.TAKE_IN, row, user=by)
        attachment = None if received.attachment_id is None else attachment_by_id(received.attachment_id)
        audit.Recorder(by=by, at=at).update(
            row, organisation=row.organisation_id, state=declared.target, version=row.version + 1, attachment=attachment
        )
    return received


__all__ = ["ProposalState", "move_proposal", "read_back", "take_in"]
