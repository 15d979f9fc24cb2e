"""Headings, tasks and rows of a draft moved up and down, with all that stands under them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import (
    PieceKind,
    PlanProposal,
    ProposalItem,
)

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

from keshu.apps.plans.services.proposals.stepping import begin, fetched


@transaction.atomic
def shift_item(proposal: PlanProposal, item_id: int, *, up: bool, version: int, by: User, at: datetime) -> None:
    """Move a heading or task, with all under it, before the one above or behind the one below; past the last of its
    heading it goes under the next. Unacceptable at the end of the document, and for what is no heading of its own."""
    step = begin(proposal, summary="", by=by, at=at)
    (row,) = fetched(step, [item_id], version=version)
    step.summary = f"{'上移' if up else '下移'}：{row}"
    if not (row.opens and row.depth) and row.kind != PieceKind.TABLE_ROW:
        raise Unacceptable("只有单独成段的标题、任务和表格行可以移动；句中的目标请改写所在的句子。")
    rows = list(ProposalItem.objects.filter(proposal=step.proposal).order_by("position", "pk"))
    made = _shifted(rows, row.pk, up=up)
    moved = [item for place, item in enumerate(made) if item.position != place or item.pk == row.pk]
    step.keep(ProposalItem.objects.filter(pk__in=[item.pk for item in moved]))
    for place, item in enumerate(made):
        item.position = place
    step.end(moved)


def _shifted(rows: list[ProposalItem], pk: int, *, up: bool) -> list[ProposalItem]:
    index = {item.pk: place for place, item in enumerate(rows)}
    start = index[pk]
    end = _end(rows, start)
    block, row = rows[start:end], rows[start]
    kin = [n for n, each in enumerate(rows) if each.parent_id == row.parent_id and _is_like(each, row)]
    others = [n for n in kin if n < start] if up else [n for n in kin if n >= end]
    rest = rows[:start] + rows[end:]
    if others:
        beside = rows[others[-1] if up else others[0]]
        place = next(n for n, each in enumerate(rest) if each is beside)
        place = place if up else _end(rest, place)
        return rest[:place] + block + rest[place:]
    aunts = [
        n for n, each in enumerate(rest)
        if row.parent is not None and each.depth == row.parent.depth and each.opens and each.pk != row.parent_id
        and (n < start if up else n >= start)
    ]  # fmt: skip
    if row.kind == PieceKind.TABLE_ROW or not aunts:
        raise Unacceptable("已经在最前面了。" if up else "已经在最后面了。")
    home = rest[aunts[-1] if up else aunts[0]]
    place = next(n for n, each in enumerate(rest) if each is home)
    place = _end(rest, place) if up else place + 1
    row.parent = home
    return rest[:place] + block + rest[place:]


def _is_like(item: ProposalItem, row: ProposalItem) -> bool:
    if row.kind == PieceKind.TABLE_ROW:
        return item.kind == PieceKind.TABLE_ROW
    return item.opens and item.depth == row.depth


def _end(rows: Sequence[ProposalItem], place: int) -> int:
    ids, end = {rows[place].pk}, place + 1
    while end < len(rows) and rows[end].parent_id in ids:
        ids.add(rows[end].pk)
        end += 1
    return end
