"""What people do with a draft: decide its pieces, change their words and numbers, add, move, undo; each recorded, each undoable.

Every one takes the version of the page it came from: a piece that somebody else has changed since is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import (
    LEFT_OUT,
    Choice,
    OwnerRole,
    PieceKind,
    PlanProposal,
    ProposalFigure,
    ProposalItem,
)
from keshu.apps.plans.services.proposals.drafting import put
from keshu.engines import plandoc

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

from keshu.apps.plans.services.proposals.stepping import Step, begin, fetched, insert, last_of

LONGEST = 4000


@transaction.atomic
def choose(
    proposal: PlanProposal, item_ids: Sequence[int], *, choice: str, reason: str = "", version: int, by: User, at: datetime
) -> int:  # fmt: skip
    """Decide pieces: 沿用, 调整, 不再列入 (with the reason), 已完成关闭; empty takes the decision back. Returns how many."""
    if choice and choice not in set(Choice):
        raise Unacceptable("没有这种决定，请从页面上选择。")
    if choice == Choice.DROP and not reason.strip():
        raise Unacceptable("不再列入要写明理由，供审定时查看。", field="reason")
    label = Choice(choice).label if choice else "改回未决定"
    step = begin(proposal, summary=f"{label}（{len(set(item_ids))}条）", by=by, at=at)
    rows = [row for row in fetched(step, item_ids, version=version) if row.is_decidable]
    if not rows:
        raise Unacceptable("选中的都是正文，不需要决定。")
    if len(rows) == 1:
        step.summary = f"{label}：{rows[0]}"
    step.keep(rows)
    for row in rows:
        made = Choice.ADD if row.kind == PieceKind.ISSUE and choice == Choice.CARRY else choice
        row.choice, row.reason = made, reason.strip()[:300] if made in LEFT_OUT else ""
        row.chosen_by, row.chosen_at = (by, at) if choice else (None, None)
    step.end(rows)
    return len(rows)


@transaction.atomic
def accept_suggestions(proposal: PlanProposal, item_ids: Sequence[int], *, version: int, by: User, at: datetime) -> int:
    """Take the suggestion as the decision of each piece that has none yet. Returns how many."""
    step = begin(proposal, summary=f"按建议决定（{len(set(item_ids))}条）", by=by, at=at)
    rows = [row for row in fetched(step, item_ids, version=version) if row.suggestion and not row.choice]
    if not rows:
        raise Unacceptable("选中的条目都已决定，或没有建议。")
    step.keep(rows)
    for row in rows:
        row.choice, row.chosen_by, row.chosen_at = row.suggestion, by, at
        row.reason = row.basis if row.choice in LEFT_OUT else ""
    step.end(rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a person wants it."""

    value: Decimal | None
    value_high: Decimal | None = None


@transaction.atomic
def edit_item(
    proposal: PlanProposal, item_id: int, *, text: str, owners: Mapping[str, str] | None = None, due_text: str | None = None,
    amounts: Mapping[int, Amount] | None = None, version: int, by: User, at: datetime,
) -> ProposalItem:  # fmt: skip
    """Change words, numbers, owners and deadline of a piece. A number that changed is put into the words; it counts as 调整.

    Unacceptable for no words, a range upside down, or owners that are no names.
    """
    step = begin(proposal, summary="", by=by, at=at)
    (row,) = fetched(step, [item_id], version=version)
    step.summary = f"修改：{row}"
    figures = list(row.figures.order_by("position", "pk"))
    step.keep([row, *figures])
    before = (row.text, row.due_text, [(each.value, each.value_high) for each in figures])
    _set_text(row, figures, text)
    changed = [each for each in figures if _set_amount(row, figures, each, (amounts or {}).get(each.pk))]
    others, far = _restate(step, changed)
    people: list[ProposalItem] = []
    if owners is not None:
        people = set_owners(step, row, owners)
    if due_text is not None:
        _set_deadline(step, row, due_text.strip()[:60])
    after = (row.text, row.due_text, [(each.value, each.value_high) for each in figures])
    if row.is_decidable and row.kind != PieceKind.ISSUE and (before != after or people) and row.choice != Choice.ADD:
        row.choice, row.reason, row.chosen_by, row.chosen_at = Choice.CHANGE, "", by, at
    step.end([row, *people, *others], [*figures, *far])
    return row


def _set_text(row: ProposalItem, figures: Sequence[ProposalFigure], text: str) -> None:
    """Other words; each number is looked for in them where it stood, or near it."""
    text = " ".join(text.split())
    if row.kind != PieceKind.TABLE_ROW:
        text = text.rstrip("。；，")
    if not text and not (row.kind == PieceKind.HEADING and not row.text):
        raise Unacceptable("文字不能为空。不需要这一条时，请选“不再列入”。", field="text")
    if len(text) > LONGEST:
        raise Unacceptable(f"文字不能超过 {LONGEST} 字。", field="text")
    if text == row.text:
        return
    row.text = text
    for figure in figures:
        places = [n for n in range(len(text)) if text.startswith(figure.printed, n)] if figure.printed else []
        if places:
            figure.at = min(places, key=lambda place, wanted=figure.at: abs(place - wanted))  # type: ignore[misc]


def _set_amount(
    row: ProposalItem, figures: Sequence[ProposalFigure], figure: ProposalFigure, wanted: Amount | None
) -> bool:
    if wanted is None or (wanted.value, wanted.value_high) == (figure.value, figure.value_high):
        return False
    if wanted.value is None or (figure.value_high is not None and wanted.value_high is None):
        raise Unacceptable(f"“{figure.indicator}”要填数值。不再考核时，请选“不再列入”。", field=f"value-{figure.pk}")
    if wanted.value_high is not None and wanted.value_high <= wanted.value:
        raise Unacceptable(f"“{figure.indicator}”的上限应大于下限。", field=f"value-{figure.pk}")
    figure.value, figure.value_high = wanted.value, wanted.value_high
    figure.rule = "人工确定"
    put(row, figures, figure)
    return True


def _restate(step: Step, changed: Sequence[ProposalFigure]) -> tuple[list[ProposalItem], list[ProposalFigure]]:
    """The same target said again elsewhere (a row of the table) takes the same number."""
    origins = {each.target.restates_id or each.target_id: each for each in changed if each.target is not None}
    if not origins:
        return [], []
    rows = ProposalFigure.objects.filter(proposal=step.proposal).exclude(item__in=[each.item_id for each in changed])
    rows = rows.select_related("item", "target")
    same = [
        row
        for row in rows
        if row.target is not None and (row.target.restates_id or row.target_id) in origins
    ]  # fmt: skip
    items = {row.item_id: row.item for row in same}
    beside = [row for row in rows if row.item_id in items]
    step.keep([*items.values(), *beside])
    for row in same:
        if row.target is None:
            continue
        origin = origins[row.target.restates_id or row.target_id]
        if row.unit == origin.unit and row.tier == origin.tier:
            row.value, row.value_high, row.rule = origin.value, origin.value_high, origin.rule
            row.item = items[row.item_id]
            put(row.item, [each for each in beside if each.item_id == row.item_id], row)
    return list(items.values()), beside


def set_owners(step: Step, row: ProposalItem, owners: Mapping[str, str]) -> list[ProposalItem]:
    """Lead, support and responsible bodies, set as the bracket behind the task. The piece that holds them."""
    named = [(name, role) for role, words in owners.items() for name in names_in(words)]
    if any(len(name) > 60 for name, _ in named):
        raise Unacceptable("责任单位之间用顿号隔开，每个名称不超过60字。", field="lead")
    holder = (
        row if row.kind == PieceKind.OWNERS else row.children.filter(kind=PieceKind.OWNERS, is_removed=False).first()
    )
    if holder is None and not named:
        return []
    if holder is None:
        holder = insert(step, behind=last_of(row), kind=PieceKind.OWNERS, parent=row)
    elif [tuple(each) for each in holder.owners] == named:
        return []
    step.keep([holder])
    holder.owners = [list(each) for each in named]
    holder.text = owners_words(named)
    holder.is_removed = not named
    return [holder] if holder.pk != row.pk else []


def names_in(words: str) -> list[str]:
    for mark in "，,；;/ \u3000":
        words = words.replace(mark, "、")
    return list(dict.fromkeys(name.strip("（）()") for name in words.split("、") if name.strip("（）()")))


def owners_words(owners: Sequence[tuple[str, str]]) -> str:
    """The bracket behind a task.

    >>> owners_words([("高新处", "lead"), ("各县区", "support"), ("园区", "support")])
    '（高新处牵头，各县区、园区配合）'
    """
    of = {role: "、".join(name for name, held in owners if held == role) for role in OwnerRole.values}
    parts = [
        f"{of[OwnerRole.LEAD]}牵头" if of[OwnerRole.LEAD] else "",
        of[OwnerRole.RESPONSIBLE],
        f"{of[OwnerRole.SUPPORT]}配合" if of[OwnerRole.SUPPORT] else "",
    ]
    told = "，".join(filter(None, parts))
    return f"（{told}）" if told else ""


def _period_said(due: str, *, year: int) -> str:
    """The period of a target in a sentence that begins with these words (11月底前), as it will be read back."""
    (claim, *_) = plandoc.read_text(f"{year}年科技工作要点\n一、重点任务\n{due}新增企业1家。\n").claims or (None,)
    return str(year) if claim is None or claim.period is None else str(claim.period)


def _set_deadline(step: Step, row: ProposalItem, due: str) -> None:
    """The deadline's words in the task's sentences: in front of the first where none had one, else in one of their own.
    Without a deadline the words are taken out again."""
    if due == row.due_text or row.kind not in (PieceKind.TASK, PieceKind.ISSUE):
        return
    under = row.children.filter(is_removed=False).exclude(kind__in=(PieceKind.TASK, PieceKind.OWNERS, PieceKind.ISSUE))
    sentences = list(under)
    held = next((each for each in sentences if row.due_text and row.due_text in each.text), None)
    if held is not None:
        _say_deadline(step, held, was=row.due_text, due=due)
    elif due and not any(due in each.text for each in (row, *sentences)):
        if sentences:
            _say_deadline(step, sentences[0], was="", due=due)
        else:
            made = insert(step, behind=row, kind=PieceKind.PROSE, parent=row)
            made.text, made.tail = f"{due}完成", "。"
            made.save(update_fields=["text", "tail"])
    row.due_text = due


def _say_deadline(step: Step, sentence: ProposalItem, *, was: str, due: str) -> None:
    """Other words for the deadline in a sentence, none or in front; its targets are of that time."""
    figures = list(sentence.figures.all())
    step.keep([sentence, *figures])
    sentence.text = sentence.text.replace(was, due, 1) if was else f"{due}{sentence.text}"
    if sentence.text in ("", "完成"):  # it said nothing else
        sentence.text, sentence.is_removed = f"{was}完成", True
    sentence.version = step.proposal.version
    sentence.save(update_fields=["text", "is_removed", "version"])
    before, now = (_period_said(words, year=step.proposal.year) for words in (was, due))
    for figure in figures:
        figure.at = max(sentence.text.find(figure.printed), 0)
        figure.period = now if figure.period == before else figure.period
        figure.save(update_fields=["at", "period"])
