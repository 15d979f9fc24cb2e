"""A draft of next year's plan begun from the plan in force, its figures and its open issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.models import (
    OPEN_ISSUES,
    Choice,
    Issue,
    Light,
    Measure,
    PieceKind,
    PlanKind,
    PlanProposal,
    PlanState,
    ProposalFigure,
    ProposalItem,
    Standing,
    Target,
    WorkPlan,
)
from keshu.apps.plans.permissions.proposals import can_propose
from keshu.apps.plans.queries import wording
from keshu.apps.plans.queries.courses import Course, course_of
from keshu.apps.plans.queries.ledger import ended_last_year, printed_bases
from keshu.apps.plans.queries.series import series_of_targets
from keshu.apps.plans.services.meanings import local_day
from keshu.apps.plans.services.proposals.figuring import Known, Proposed, alike, propose
from keshu.apps.plans.services.proposals.moving import in_next_year, next_period, restated, set_in_full
from keshu.apps.plans.services.proposals.pieces import Piece, Printed, cut_pieces
from keshu.kernel.counting import is_counted, to_whole
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

BATCH = 500
KINDS = (PlanKind.PLAN, PlanKind.SUMMARY_AND_PLAN)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger knows of one target. ``printed`` is what documents say of last year, which may differ."""

    last_year: Decimal | None = None
    reached: Decimal | None = None
    is_forecast: bool = False
    printed: Decimal | None = None


@transaction.atomic
def begin_proposal(plan: WorkPlan, *, by: User, at: datetime) -> PlanProposal:
    """The draft with everything carried that can be; a person decides each. Keepers of the plans (Refused).

    Unacceptable for a plan that is not in force, has no year, or has a draft already.
    """
    can_propose(by, plan.organisation)
    if plan.state != PlanState.PUBLISHED or plan.kind not in KINDS or plan.year is None:
        raise Unacceptable("来年要点依据已发布的年度工作要点起草；这份文件没有发布、没有年度，或不是年度要点。")
    if PlanProposal.objects.kept().filter(plan=plan).exists():
        raise Unacceptable(f"《{plan.title}》已经有来年要点草案，请接着修改，或先删除它。")
    on = local_day(at)
    proposal = PlanProposal(
        organisation=plan.organisation, plan=plan, year=plan.year + 1, as_of=on, is_demo=plan.is_demo,
        title=in_next_year(plan.title, year=plan.year)[:200], created_by=by, created_at=at,
    )  # fmt: skip
    log = audit.Recorder(by=by, at=at)
    log.create(proposal, organisation=plan.organisation)
    count = _fill(proposal, on=on, by=by)
    log.note(action=audit.AuditAction.CREATE, subject=proposal, organisation=plan.organisation, after={"条目": count})
    return proposal


def _fill(proposal: PlanProposal, *, on: date, by: User) -> int:
    plan = proposal.plan
    nodes = list(plan.nodes.kept().defer("reading"))
    targets = list(plan.targets.kept().select_related("plan").defer("reading", "doubts"))
    mentions = list(plan.mentions.kept().defer("reading"))
    pieces = list(cut_pieces(plan.source.text, year=proposal.year - 1, nodes=nodes, targets=targets, mentions=mentions))
    facts = facts_of(plan, targets, on=on)
    proposed = propose_all(targets, facts, year=proposal.year - 1, growths=_growths(pieces, targets))
    pieces = _with_issues(pieces, _open_issues(plan, by=by))
    standings = {row.node_id: row for row in Standing.objects.filter(plan=plan, node__isnull=False)}
    by_pk = {target.pk: target for target in targets}
    made = [_item(proposal, place, piece, pieces) for place, piece in enumerate(pieces)]
    figures: list[ProposalFigure] = []
    for item, piece in zip(made, pieces, strict=True):
        _say_actuals(item, piece, by_pk, facts)
        own = _figures(item, piece, by_pk, proposed, facts, year=proposal.year - 1, first=len(figures))
        figures += own
        _suggest(item, piece, own, standings, pieces)
    ProposalItem.objects.bulk_create(made, batch_size=BATCH)
    for item, piece in zip(made, pieces, strict=True):
        item.parent = None if piece.parent is None else made[piece.parent]
    ProposalItem.objects.bulk_update([item for item in made if item.parent is not None], ["parent"], batch_size=BATCH)
    for figure in figures:
        figure.item_id = figure.item.pk
    ProposalFigure.objects.bulk_create(figures, batch_size=BATCH)
    return len(made)


def facts_of(plan: WorkPlan, targets: Sequence[Target], *, on: date) -> dict[int, Facts]:
    """By target: last year's end, and what this year came to or is expected to come to. A restated one as the first.

    Last year's end is what was reported and entered of it, else what documents say of it.
    """
    judged = [target for target in targets if target.restates_id is None and target.floor_id is None]
    series = series_of_targets(judged, plan=plan, on=on)
    standings = {row.target_id: row for row in Standing.objects.filter(plan=plan, target__isnull=False)}
    bases = printed_bases([target.pk for target in judged])
    year_is_over = plan.year is not None and on.year > plan.year
    found: dict[int, Facts] = {}
    for target in judged:
        standing = standings.get(target.pk)
        last = series[target.pk].last
        reached = None if last is None else last.value
        is_over = year_is_over or (last is not None and last.month == Period.parse(plan.year or on.year).last_day.month)
        is_forecast = False
        if standing is not None and standing.forecast is not None and not is_over:
            # A forecast is told as pages tell it: rounded like the target, 5.25 of at most 5 would seem to keep it.
            is_whole = is_counted(target.unit) and not target.per
            reached = Decimal(to_whole(standing.forecast)) if is_whole else wording.rounded(standing.forecast)
            is_forecast = True
        printed = ended_last_year(bases.get(target.pk), year=plan.year or on.year)
        known = series[target.pk].end_of_last_year
        found[target.pk] = Facts(printed if known is None else known, reached, is_forecast, printed)
    for target in targets:
        origin = target.restates_id or target.floor_id
        if target.pk not in found:
            found[target.pk] = found.get(origin, Facts()) if origin else Facts()
    return found


def _growths(pieces: Sequence[Piece], targets: Sequence[Target]) -> dict[int, Decimal]:
    """By target: how much the same sentence says that it grows over the year before (成交额达到68亿元，同比增长13%)."""
    by_pk = {target.pk: target for target in targets}
    found: dict[int, Decimal] = {}
    for piece in pieces:
        inside = [by_pk[each.target_id] for each in piece.figures]
        for before, after in pairwise(inside):
            is_growth = after.measure == Measure.GROWTH_RATE and before.measure in (Measure.LEVEL, Measure.CUMULATIVE)
            if is_growth and after.value is not None and "同比" in piece.text:
                found[before.pk] = after.value
    return found


def propose_all(
    targets: Sequence[Target], facts: Mapping[int, Facts], *, year: int, growths: Mapping[int, Decimal]
) -> dict[int, Proposed]:
    """A number for each target; a stretch moves with its floor, one said again is proposed once."""
    found: dict[int, Proposed] = {}
    by_pk = {target.pk: target for target in targets}
    later = [target for target in targets if target.restates_id in by_pk or target.floor_id in by_pk]
    for target in targets:
        if target not in later:
            known = facts[target.pk]
            made = propose(
                Known(
                    target.op, target.value, target.unit, target.measure, known.last_year, known.reached,
                    known.is_forecast, course_of(target) == Course.ACCRUES,
                    bool(target.period) and Period.parse(target.period).last_day.year > year, target.benchmark,
                    growths.get(target.pk),
                )
            )  # fmt: skip
            found[target.pk] = replace(made, rule=made.rule + _difference(known, unit=target.unit))
    for target in sorted(later, key=lambda each: each.position):
        origin = by_pk[target.restates_id if target.restates_id in by_pk else target.floor_id]  # type: ignore[index]
        base = found.get(origin.pk, Proposed(origin.value, ""))
        if target.restates_id == origin.pk and target.value == origin.value:
            found[target.pk] = Proposed(base.value, f"与前文同一目标。{base.rule}"[:200])
            continue
        value = alike(target.value, before=origin.value, after=base.value, unit=target.unit)
        found[target.pk] = Proposed(
            value, "随确保目标同步调整" if value != target.value else "确保目标不变，力争目标沿用"
        )
    return found


def _difference(known: Facts, *, unit: str) -> str:
    """Told where last year as reported is another number than documents say."""
    if known.last_year is None or known.printed is None or known.last_year == known.printed:
        return ""
    reported, printed = (wording.figure(each) for each in (known.last_year, known.printed))
    return f"；上年实绩按台账{reported}{unit}，文件中写的是{printed}{unit}"


def _item(proposal: PlanProposal, place: int, piece: Piece, pieces: Sequence[Piece]) -> ProposalItem:
    return ProposalItem(
        proposal=proposal, position=place, kind=piece.kind, depth=piece.depth, label=piece.label[:20], opens=piece.opens,
        text=piece.text, tail=piece.tail[:4], owners=[list(each) for each in piece.owners], due_text=piece.due_text[:60],
        node_id=piece.node_id, issue_id=piece.issue_id,
    )  # fmt: skip


def _figures(
    item: ProposalItem, piece: Piece, targets: Mapping[int, Target], proposed: Mapping[int, Proposed],
    facts: Mapping[int, Facts], *, year: int, first: int,
) -> list[ProposalFigure]:  # fmt: skip
    """The figures of a piece with the proposed numbers, and these put into its words."""
    made: list[ProposalFigure] = []
    for number, printed in enumerate(piece.figures):
        target = targets[printed.target_id]
        known, wanted = facts[target.pk], proposed[target.pk]
        high = alike(target.value_high, before=target.value, after=wanted.value, unit=target.unit)
        made.append(
            ProposalFigure(
                item=item, proposal=item.proposal, target=target, position=first + number,
                indicator=in_next_year(target.indicator, year=year), op=target.op, value=wanted.value, value_high=high,
                unit=target.unit, measure=target.measure, tier=target.tier, period=next_period(target.period, year=year),
                per=target.per, benchmark=target.benchmark, printed=printed.words[:80],
                at=printed.at, this_year=target.value, last_year=known.last_year, reached=known.reached,
                is_forecast=known.is_forecast, rule=wanted.rule[:200],
            )
        )  # fmt: skip
    for figure in made:
        if figure.value != figure.this_year:
            put(item, made, figure)
    return made


def put(item: ProposalItem, figures: Sequence[ProposalFigure], figure: ProposalFigure) -> None:
    """The figure's number into the item's words; the places of those behind it move with it."""
    words = restated(figure.printed, value=figure.value, value_high=figure.value_high, unit=figure.unit, per=figure.per)
    if item.text[figure.at : figure.at + len(figure.printed)] != figure.printed:
        return
    item.text = item.text[: figure.at] + words + item.text[figure.at + len(figure.printed) :]
    shift = len(words) - len(figure.printed)
    for other in figures:
        if other is not figure and other.at > figure.at:
            other.at += shift
        elif other is not figure and other.at == figure.at:
            other.printed = words
    figure.printed = words


def _say_actuals(item: ProposalItem, piece: Piece, targets: Mapping[int, Target], facts: Mapping[int, Facts]) -> None:
    """The column of what last year came to now holds what this year comes to."""
    if not piece.actuals or not piece.figures:
        return
    known = facts[piece.figures[0].target_id]
    for printed in sorted(piece.actuals, key=lambda each: -each.at):
        unit = targets[printed.target_id].unit
        told = (
            "—" if known.reached is None else restated(printed.words, value=known.reached, value_high=None, unit=unit)
        )
        told = f"预计{told}" if known.is_forecast else told
        _splice(item, piece, printed, told)


def _splice(item: ProposalItem, piece: Piece, printed: Printed, told: str) -> None:
    item.text = item.text[: printed.at] + told + item.text[printed.at + len(printed.words) :]
    shift = len(told) - len(printed.words)
    moved = tuple(replace(each, at=each.at + shift) if each.at > printed.at else each for each in piece.figures)
    object.__setattr__(piece, "figures", moved)


def _suggest(
    item: ProposalItem, piece: Piece, figures: Sequence[ProposalFigure], standings: Mapping[int | None, Standing],
    pieces: Sequence[Piece],
) -> None:  # fmt: skip
    """What the ledger suggests of a piece, with the reason."""
    if piece.kind == PieceKind.ISSUE:
        item.is_decidable, item.basis = True, "未销号的问题，可列为来年任务；不选不列入"
    elif figures:
        item.is_decidable = True
        item.suggestion = Choice.CHANGE if any(each.value != each.this_year for each in figures) else Choice.CARRY
        item.basis = "；".join(dict.fromkeys(filter(None, (each.rule for each in figures))))[:300]
    elif piece.kind == PieceKind.TASK:
        item.is_decidable = True
        item.suggestion, item.basis = _suggest_task(piece, standings.get(piece.node_id), pieces)


def _suggest_task(piece: Piece, standing: Standing | None, pieces: Sequence[Piece]) -> tuple[Choice, str]:
    if standing is None:
        return Choice.CARRY, "本年没有进展记录，沿用"
    shown = Light(standing.shown)
    told = f"本年{shown.label}"
    if standing.percent is not None:
        told += f"，进度{standing.percent.normalize():f}%"
    if reason := (standing.chosen_reason if standing.chosen else standing.reason):
        told += f"（{reason}）"
    index = next(place for place, each in enumerate(pieces) if each is piece)
    if shown != Light.DONE:
        return Choice.CARRY, f"{told}，结转来年"[:300]
    if any(each.parent == index and (each.figures or each.kind == PieceKind.TASK) for each in pieces):
        return Choice.CARRY, f"{told}；其下还有目标或任务，沿用"[:300]
    return Choice.CLOSE, f"{told}，建议关闭"[:300]


def _open_issues(plan: WorkPlan, *, by: User) -> list[Issue]:
    about = Q(plan=plan) | Q(target__plan=plan) | Q(node__plan=plan)
    rows = Issue.objects.visible_to(by).filter(about, state__in=OPEN_ISSUES)
    return list(rows.select_related("owner", "target").order_by("year", "number"))


def _with_issues(pieces: list[Piece], issues: Sequence[Issue]) -> list[Piece]:
    """Each open issue as a candidate behind the task it is about; one about nothing behind the last task."""
    for issue in issues:
        node_id = issue.node_id or (issue.target.node_id if issue.target is not None else None)
        place = _opening(pieces, node_id)
        if place is None:
            continue
        end = _end_of(pieces, place)
        pieces = _inserted(pieces, end, _issue_pieces(issue, pieces[place], at=end))
    return pieces


def _opening(pieces: Sequence[Piece], node_id: int | None) -> int | None:
    """The heading with a level of its own that the node is or stands under; else the last task's."""
    place = next(
        (n for n, each in enumerate(pieces) if node_id is not None and each.node_id == node_id and not each.owners),
        None,
    )
    while place is not None and not pieces[place].depth:
        place = pieces[place].parent
    if place is not None and pieces[place].depth > 1:
        return place
    return next(
        (n for n in range(len(pieces) - 1, -1, -1) if pieces[n].kind == PieceKind.TASK and pieces[n].depth > 1), None
    )


def _end_of(pieces: Sequence[Piece], place: int) -> int:
    """Behind the last piece under a heading."""
    inside, end = {place}, place + 1
    while end < len(pieces) and pieces[end].parent in inside:
        inside.add(end)
        end += 1
    return end


def _issue_pieces(issue: Issue, beside: Piece, *, at: int) -> list[Piece]:
    title = set_in_full(issue.title.strip().rstrip("。"))
    measure = set_in_full(" ".join(issue.measure.split()).rstrip("。"))
    owner = "" if issue.owner is None else str(issue.owner.short_name or issue.owner.name)
    made = [
        Piece(
            PieceKind.ISSUE, f"解决“{title}”问题", opens=True, tail="。", depth=beside.depth, parent=beside.parent,
            issue_id=issue.pk,
        )
    ]  # fmt: skip
    if measure:
        made.append(Piece(PieceKind.PROSE, measure, tail="。", parent=at))
    if owner:
        made.append(Piece(PieceKind.OWNERS, f"（{owner}）", parent=at, owners=((owner, "responsible"),)))
    return made


def _inserted(pieces: list[Piece], at: int, new: Sequence[Piece]) -> list[Piece]:
    """The pieces with others put in; parents behind the place keep pointing at their piece."""
    size = len(new)
    behind = [
        replace(each, parent=each.parent + size) if each.parent is not None and each.parent >= at else each
        for each in pieces[at:]
    ]
    return [*pieces[:at], *new, *behind]
