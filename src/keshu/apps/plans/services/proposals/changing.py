"""What people do with a draft: decide its pieces, change their words and numbers, add, move, undo; each recorded, each undoable.

Every one takes the version of the page it came from: a piece that somebody else has changed since is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import (
    LEFT_OUT,
    Choice,
    Measure,
    OwnerRole,
    PieceKind,
    PlanProposal,
    ProposalFigure,
    ProposalItem,
    ProposalStep,
    Tier,
)
from keshu.apps.plans.queries.wording import kept_unit
from keshu.apps.plans.services.proposals.drafting import put
from keshu.apps.plans.services.proposals.lifecycle import ProposalMove, check

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

ITEM_FIELDS = (
    "parent_id", "position", "depth", "opens", "text", "tail", "owners", "due_text", "choice", "reason", "chosen_by_id",
    "chosen_at", "is_removed",
)  # fmt: skip
FIGURE_FIELDS = ("value", "value_high", "printed", "at", "indicator", "unit", "op", "tier", "rule")
STALE = "这一条在您打开页面之后已被{who}修改，请刷新页面看过之后再改。"
LONGEST = 4000


@dataclass
class _Step:
    """One change under way: the rows as they were, so that it can be undone."""

    proposal: PlanProposal
    by: User
    at: datetime
    summary: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)

    def keep(self, rows: Iterable[ProposalItem | ProposalFigure]) -> None:
        """The rows as they are now, before they change."""
        for row in rows:
            kind = "item" if isinstance(row, ProposalItem) else "figure"
            if (kind, row.pk) not in self.seen:
                self.seen.add((kind, row.pk))
                names = ITEM_FIELDS if kind == "item" else FIGURE_FIELDS
                self.changes.append({"row": kind, "id": row.pk, "before": {name: _plain(row, name) for name in names}})

    def made(self, item: ProposalItem) -> None:
        """A piece that the step added: undoing takes it out again."""
        before = {name: _plain(item, name) for name in ITEM_FIELDS} | {"is_removed": True}
        self.seen.add(("item", item.pk))
        self.changes.append({"row": "item", "id": item.pk, "before": before})

    def end(self, items: Iterable[ProposalItem] = (), figures: Iterable[ProposalFigure] = ()) -> None:
        """Save the rows with the step, and the entry in the trail."""
        items, figures = list(items), list(figures)
        for item in items:
            item.version = self.proposal.version
        ProposalItem.objects.bulk_update(items, [*_columns(ITEM_FIELDS), "version"], batch_size=200)
        ProposalFigure.objects.bulk_update(figures, list(FIGURE_FIELDS), batch_size=200)
        ProposalStep.objects.create(
            proposal=self.proposal, version=self.proposal.version, by=self.by, at=self.at, summary=self.summary[:200],
            changes=self.changes,
        )  # fmt: skip
        audit.Recorder(by=self.by, at=self.at).note(
            action=audit.AuditAction.UPDATE, subject=self.proposal, organisation=self.proposal.organisation_id,
            after={"修改": self.summary[:200]},
        )  # fmt: skip


def _columns(names: Sequence[str]) -> list[str]:
    return [name.removesuffix("_id") for name in names]


def _plain(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return str(value) if isinstance(value, Decimal) else value


def _begin(proposal: PlanProposal, *, summary: str, by: User, at: datetime) -> _Step:
    """Lock the draft, check that it may be changed, and count the version on."""
    row = PlanProposal.objects.select_for_update().select_related("organisation").get(pk=proposal.pk)
    check(ProposalMove.CHANGE, row, user=by)
    PlanProposal.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.version += 1
    proposal.version = row.version
    return _Step(row, by, at, summary)


def _fetched(step: _Step, ids: Sequence[int], *, version: int) -> list[ProposalItem]:
    """The pieces; Unacceptable when one is gone or was changed by somebody else since the page's version."""
    rows = list(ProposalItem.objects.filter(proposal=step.proposal, pk__in=ids, is_removed=False).order_by("position"))
    if len(rows) != len(set(ids)) or not rows:
        raise Unacceptable("有的条目已不在草案中，请刷新页面后重试。")
    newer = [row.version for row in rows if row.version > version]
    if newer:
        others = ProposalStep.objects.filter(proposal=step.proposal, version__in=newer).exclude(by=step.by)
        if (other := others.select_related("by").order_by("-version").first()) is not None:
            raise Unacceptable(STALE.format(who=other.by))
    return rows


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
    step = _begin(proposal, summary=f"{label}（{len(set(item_ids))}条）", by=by, at=at)
    rows = [row for row in _fetched(step, item_ids, version=version) if row.is_decidable]
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
    step = _begin(proposal, summary=f"按建议决定（{len(set(item_ids))}条）", by=by, at=at)
    rows = [row for row in _fetched(step, item_ids, version=version) if row.suggestion and not row.choice]
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
    step = _begin(proposal, summary="", by=by, at=at)
    (row,) = _fetched(step, [item_id], version=version)
    step.summary = f"修改：{row}"
    figures = list(row.figures.order_by("position", "pk"))
    step.keep([row, *figures])
    before = (row.text, row.due_text, [(each.value, each.value_high) for each in figures])
    _set_text(row, figures, text)
    changed = [each for each in figures if _set_amount(row, figures, each, (amounts or {}).get(each.pk))]
    others, far = _restate(step, changed)
    people: list[ProposalItem] = []
    if owners is not None:
        people = _set_owners(step, row, owners)
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


def _restate(step: _Step, changed: Sequence[ProposalFigure]) -> tuple[list[ProposalItem], list[ProposalFigure]]:
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


def _set_owners(step: _Step, row: ProposalItem, owners: Mapping[str, str]) -> list[ProposalItem]:
    """Lead, support and responsible bodies, set as the bracket behind the task. The piece that holds them."""
    named = [(name, role) for role, words in owners.items() for name in _names(words)]
    if any(len(name) > 60 for name, _ in named):
        raise Unacceptable("责任单位之间用顿号隔开，每个名称不超过60字。", field="lead")
    holder = (
        row if row.kind == PieceKind.OWNERS else row.children.filter(kind=PieceKind.OWNERS, is_removed=False).first()
    )
    if holder is None and not named:
        return []
    if holder is None:
        holder = _insert(step, behind=_last_of(row), kind=PieceKind.OWNERS, parent=row)
    elif [tuple(each) for each in holder.owners] == named:
        return []
    step.keep([holder])
    holder.owners = [list(each) for each in named]
    holder.text = owners_words(named)
    holder.is_removed = not named
    return [holder] if holder.pk != row.pk else []


def _names(words: str) -> list[str]:
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


def _set_deadline(step: _Step, row: ProposalItem, due: str) -> None:
    """The deadline's words in the task's sentences, or a sentence of its own at the task's end."""
    if due == row.due_text or row.kind not in (PieceKind.TASK, PieceKind.ISSUE):
        return
    under = list(row.children.filter(is_removed=False).exclude(kind__in=(PieceKind.TASK, PieceKind.OWNERS)))
    held = next((each for each in under if row.due_text and row.due_text in each.text), None)
    if held is not None and due:
        step.keep([held])
        held.text = held.text.replace(row.due_text, due)
        held.version = step.proposal.version
        held.save(update_fields=["text", "version"])
        for figure in held.figures.all():
            step.keep([figure])
            figure.at = max(held.text.find(figure.printed), 0)
            figure.save(update_fields=["at"])
    elif due:
        before = [each for each in under if each.kind != PieceKind.ISSUE]
        made = _insert(step, behind=before[-1] if before else row, kind=PieceKind.PROSE, parent=row)
        made.text, made.tail = f"{due}完成", "。"
        made.save(update_fields=["text", "tail"])
    elif held is not None:
        raise Unacceptable(f"“{row.due_text}”写在句子里，去掉时限请直接改写那一句。", field="due_text")
    row.due_text = due


def _last_of(row: ProposalItem) -> ProposalItem:
    """The last piece of the row's own paragraphs."""
    last, ids = row, {row.pk}
    for item in ProposalItem.objects.filter(proposal=row.proposal_id, position__gt=row.position).order_by("position"):
        if item.parent_id not in ids or (item.opens and item.depth):
            break
        ids.add(item.pk)
        last = item
    return last


def _insert(
    step: _Step, *, behind: ProposalItem, kind: str, parent: ProposalItem | None, **fields: Any
) -> ProposalItem:
    """A new piece behind another one; those after it move on by one."""
    ProposalItem.objects.filter(proposal=step.proposal, position__gt=behind.position).update(position=F("position") + 1)
    item = ProposalItem(
        proposal=step.proposal, kind=kind, parent=parent, position=behind.position + 1, version=step.proposal.version, **fields
    )  # fmt: skip
    item.save()
    step.made(item)
    return item


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target that a person adds: what, how much, in which tier."""

    indicator: str
    op: str
    value: Decimal
    unit: str


_OPS = {">=": "达到{}以上", "=": "达到{}", ">": "突破{}", "<=": "控制在{}以内"}


@transaction.atomic
def add_target(
    proposal: PlanProposal, *, behind_id: int, target: NewTarget, version: int, by: User, at: datetime
) -> ProposalItem:
    """A target of its own behind a piece, as a sentence that says name, requirement, number and unit."""
    name, unit = target.indicator.strip().rstrip("。"), target.unit.strip()
    if not name or not unit or target.op not in _OPS:
        raise Unacceptable(
            "请写明指标名称、要求、数值和单位，例如“新增高新技术企业”“达到”“100”“家”。", field="indicator"
        )
    step = _begin(proposal, summary=f"新增目标：{name}", by=by, at=at)
    (behind,) = _fetched(step, [behind_id], version=version)
    is_line = behind.opens or behind.kind in (PieceKind.TABLE_ROW, PieceKind.OWNERS)
    parent = behind if behind.kind in (PieceKind.HEADING, PieceKind.TASK) else behind.parent
    shown = f"{target.value:f}"
    printed = f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}{unit}"
    words = _OPS[target.op].format(printed)
    item = _insert(
        step, behind=behind, kind=PieceKind.TARGET, parent=parent, text=f"{name}{words}", tail="。",
        opens=is_line and behind.kind not in (PieceKind.TASK,) and behind.kind != PieceKind.HEADING, is_decidable=True,
        choice=Choice.ADD, chosen_by=by, chosen_at=at,
    )  # fmt: skip
    _close_before(step, behind, item)
    last = ProposalFigure.objects.filter(proposal=step.proposal).order_by("-position").first()
    ProposalFigure.objects.create(
        item=item, proposal=step.proposal, position=0 if last is None else last.position + 1, indicator=name[:200],
        op=">=" if target.op == "=" else target.op, value=target.value, unit=kept_unit(unit)[:20], measure=Measure.LEVEL,
        tier=Tier.BASE, period=str(step.proposal.year), printed=printed[:80], at=item.text.rfind(printed), rule="新增目标",
    )  # fmt: skip
    step.end([item, behind])
    return item


def _close_before(step: _Step, behind: ProposalItem, item: ProposalItem) -> None:
    """A sentence that went on now ends before the new one, which stands where it did."""
    if not item.opens and behind.tail and behind.tail != "。" and behind.kind != PieceKind.OWNERS:
        step.keep([behind])
        item.tail, behind.tail = behind.tail, "，"


@transaction.atomic
def add_task(
    proposal: PlanProposal, *, behind_id: int, title: str, body: str, owners: Mapping[str, str], version: int, by: User,
    at: datetime,
) -> ProposalItem:  # fmt: skip
    """A task behind the one that a piece belongs to: its heading, what is to be done, and who."""
    title, body = title.strip().rstrip("。"), " ".join(body.split())
    if not title:
        raise Unacceptable("请写任务标题，例如“开展科技服务进园区行动”。", field="title")
    step = _begin(proposal, summary=f"新增任务：{title}", by=by, at=at)
    (behind,) = _fetched(step, [behind_id], version=version)
    while behind.parent is not None and not behind.depth:
        behind = behind.parent
    is_chapter = behind.kind == PieceKind.HEADING and behind.depth <= 1
    item = _insert(
        step, behind=behind if is_chapter else _whole(behind), kind=PieceKind.TASK, opens=True, text=title[:400],
        tail="。" if body or any(owners.values()) else "", parent=behind if is_chapter else behind.parent,
        depth=behind.depth + 1 if is_chapter else max(behind.depth, 1), is_decidable=True, choice=Choice.ADD,
        chosen_by=by, chosen_at=at,
    )  # fmt: skip
    last = item
    if body:
        last = _insert(
            step, behind=item, kind=PieceKind.PROSE, parent=item, text=body.rstrip("。")[:LONGEST], tail="。"
        )
    people = _set_owners(step, item, owners) if any(owners.values()) else []
    step.end([item, *people])
    return last if last is item else item


def _whole(row: ProposalItem) -> ProposalItem:
    """The last piece under a heading, deeper headings included."""
    last, ids = row, {row.pk}
    for item in ProposalItem.objects.filter(proposal=row.proposal_id, position__gt=row.position).order_by("position"):
        if item.parent_id not in ids:
            break
        ids.add(item.pk)
        last = item
    return last


@transaction.atomic
def shift_item(proposal: PlanProposal, item_id: int, *, up: bool, version: int, by: User, at: datetime) -> None:
    """Move a heading or task, with all under it, before the one above or behind the one below; past the last of its
    heading it goes under the next. Unacceptable at the end of the document, and for what is no heading of its own."""
    step = _begin(proposal, summary="", by=by, at=at)
    (row,) = _fetched(step, [item_id], version=version)
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


@transaction.atomic
def undo(proposal: PlanProposal, *, by: User, at: datetime) -> ProposalStep:
    """Take back the last change that stands, one's own or another's; it is recorded as a change itself."""
    last = ProposalStep.objects.filter(proposal=proposal, undone_at__isnull=True).exclude(changes=[])
    found = last.select_related("by").order_by("-version").first()
    if found is None:
        raise Unacceptable("没有可以撤销的修改。")
    step = _begin(proposal, summary=f"撤销：{found.summary}", by=by, at=at)
    kept = {"item": ProposalItem, "figure": ProposalFigure}
    for kind, model in kept.items():
        before = {each["id"]: each["before"] for each in found.changes if each["row"] == kind}
        rows = list(model.objects.filter(proposal=step.proposal, pk__in=before))
        for row in rows:
            for name, value in before[row.pk].items():
                setattr(row, name, _back(model, name, value))
        names = _columns(ITEM_FIELDS) if kind == "item" else list(FIGURE_FIELDS)
        model.objects.bulk_update(rows, names, batch_size=200)
    ProposalStep.objects.filter(pk=found.pk).update(undone_at=at)
    step.end()
    return found


def _back(model: Any, name: str, value: Any) -> Any:
    return model._meta.get_field(name.removesuffix("_id")).to_python(value) if not name.endswith("_id") else value
