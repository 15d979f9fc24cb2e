"""Who answers for a task: resolve a printed name to organisations, correct it, add one the engine missed.

An answer may be remembered for the whole site; it is then applied at once to every undecided mention of the same name in
the drafts the person keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.bureau.queries.owners import registered_aliases
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.owners import remember_alias
from keshu.apps.plans.models import Certainty, OwnerMention, OwnerRole, PlanNode, Responsibility, Review, WorkPlan
from keshu.apps.plans.permissions import is_keeper
from keshu.apps.plans.services.building import Owners
from keshu.apps.plans.services.meanings import group_members, known_organisations, meaning_of, naming_day, owners_meant
from keshu.apps.plans.services.steps import ReviewResult, Step, review_step

# So many organisations are named in the sentence about an answer.
NAMED = 3

if TYPE_CHECKING:
    from keshu.apps.bureau.models import OwnerAlias, User
    from keshu.apps.plans.models.ledger import RowQuerySet


@transaction.atomic
def resolve_mention(
    plan: WorkPlan,
    *,
    mention_id: int,
    organisation_ids: Sequence[int] = (),
    group: Sequence[str] = (),
    is_outside: bool = False,
    remember: bool = False,
    by: User,
    at: datetime,
    version: int | None,
) -> ReviewResult:
    """Say what a printed name means: organisations, all of some kinds (`group`: county, park …), or a body outside.

    Exactly one of the three is given, else Unacceptable. The answer holds for every undecided mention of the same name in
    this plan. `remember` keeps one organisation or a group as an alias for the whole site (Refused to those who may not) and
    looks the name up anew in the other drafts the person keeps.
    """
    _check_answer(organisation_ids, group, is_outside=is_outside, remember=remember)
    organisation_ids = known_organisations(organisation_ids)
    with review_step(plan, by=by, at=at, version=version) as step:
        mention: OwnerMention = step.row("mention", mention_id)
        if remember:
            _remember(step, mention, organisation_ids=organisation_ids, group=group)
        if group:
            organisation_ids = group_members(group, home=step.plan.organisation, on=naming_day(step.plan.year, at=at))
        step.assign(mention, organisation_ids)
        decided = Review.ADDED if mention.review == Review.ADDED else Review.ACCEPTED
        step.decide(mention, decided, certainty=Certainty.CHOSEN, is_outside=is_outside)
        same = _apply_to_same_name(step, mention)
        meaning = "系统外单位" if is_outside else _named(organisation_ids)
        step.summary = f"“{mention.name}”对应为{meaning}" + (f"，同名 {same} 处一并处理" if same else "")
    if remember:
        look_up_in_other_drafts(step, mention.name)
    return step.outcome


def _remember(step: Step, mention: OwnerMention, *, organisation_ids: Sequence[int], group: Sequence[str]) -> None:
    """Keep the answer as an alias; the step notes what stood there before, so that undoing it brings that back."""
    before = registered_aliases([mention.name]).get(mention.name)
    kept = None if before is None else as_kept(before)
    organisation_id = organisation_ids[0] if organisation_ids else None
    alias = remember_alias(
        text=mention.name, organisation_id=organisation_id, group=tuple(group), by=step.by, at=step.at
    )  # fmt: skip
    step.remember(mention, before=kept, after={"name": mention.name, **as_kept(alias)})


def as_kept(alias: OwnerAlias) -> dict[str, Any]:
    """An alias as `remember_alias` takes it."""
    return {"text": alias.text, "organisation_id": alias.organisation_id, "group": list(alias.group)}


def look_up_registered(plan: WorkPlan, *, by: User, at: datetime) -> ReviewResult | None:
    """Give names that nobody has settled the meaning that was registered for them meanwhile; None when there is none.

    The rows stay to be confirmed, and the step is nobody's to undo. Keepers of a plan under review only (Refused). Two queries
    where nothing is found.
    """
    open_names = _waiting(plan).filter(certainty__in=[Certainty.UNKNOWN, Certainty.GUESS])
    registered = registered_aliases(list(open_names.order_by().values_list("name", flat=True).distinct()))
    if not registered:
        return None
    found = owners_meant(registered, home=plan.organisation, on=naming_day(plan.year, at=at))
    meant = {name: owners for name, owners in found.items() if owners.certainty == Certainty.ALIAS}
    if not meant:
        return None
    with review_step(plan, by=by, at=at, version=None) as step:
        step.is_automatic = True
        for mention in open_names.filter(name__in=meant):
            step.assign(mention, meant[mention.name].organisation_ids)
            step.change(mention, certainty=Certainty.ALIAS)
        told = "；".join(f"“{name}”对应为{_named(owners.organisation_ids)}" for name, owners in meant.items())
        step.summary = f"按登记的单位别名，{told}"
    return step.outcome


def _waiting(plan: WorkPlan) -> RowQuerySet:
    """Names of bodies that nobody has decided about."""
    return OwnerMention.objects.pending().filter(plan=plan, is_outside=False).exclude(role=OwnerRole.PERSON)


def _named(organisation_ids: Sequence[int]) -> str:
    """The organisations by name while they are few, else the first and how many. One query."""
    names = [str(ref) for ref in refs_of(organisation_ids).values()]
    return "、".join(names) if len(names) <= NAMED else f"{names[0]}等 {len(names)} 个单位"


def correct_mention(
    plan: WorkPlan, *, mention_id: int, name: str, role: str, by: User, at: datetime, version: int | None
) -> ReviewResult:
    """Put a printed name or its role right; a changed name is looked up anew."""
    name, role = _checked_name(name), _checked_role(role)
    with review_step(plan, by=by, at=at, version=version) as step:
        mention: OwnerMention = step.row("mention", mention_id)
        was = mention.name
        put_mention_right(step, mention, name=name, role=role)
        step.summary = f"责任单位“{was}”改为“{name}（{OwnerRole(role).label}）”"
    return step.outcome


def put_mention_right(step: Step, mention: OwnerMention, *, name: str, role: str) -> None:
    """The part of `correct_mention` that a step of many corrections shares."""
    name, role = _checked_name(name), _checked_role(role)
    held = Responsibility.objects.filter(mention=mention, is_inherited=False)
    organisation_ids, certainty = tuple(held.values_list("organisation_id", flat=True)), mention.certainty
    if mention.name != name:
        meant = meaning_of(name, home=step.plan.organisation, on=naming_day(step.plan.year, at=step.at))
        organisation_ids, certainty = meant.organisation_ids, meant.certainty
    decided = Review.ADDED if mention.review == Review.ADDED else Review.CORRECTED
    step.decide(mention, decided, name=name, role=role, certainty=certainty)
    step.assign(mention, () if role == OwnerRole.PERSON else organisation_ids)


def settle_mention(step: Step, mention: OwnerMention, *, organisation_ids: Sequence[int], is_outside: bool) -> None:
    """Say of one mention alone whom it means, or that it stands outside: exactly one of the two (Unacceptable)."""
    _check_answer(organisation_ids, (), is_outside=is_outside, remember=False)
    step.assign(mention, known_organisations(organisation_ids))
    decided = Review.ADDED if mention.review == Review.ADDED else Review.ACCEPTED
    step.decide(mention, decided, certainty=Certainty.CHOSEN, is_outside=is_outside)


def add_owner(
    plan: WorkPlan,
    *,
    node_id: int,
    name: str,
    role: str,
    organisation_ids: Sequence[int] = (),
    start: int | None = None,
    end: int | None = None,
    by: User,
    at: datetime,
    version: int | None,
) -> ReviewResult:
    """Add an owner to a task: by name (looked up unless organisations are given), with its place in the text where selected."""
    with review_step(plan, by=by, at=at, version=version) as step:
        mention = enter_owner(
            step, node_id=node_id, name=name, role=role, organisation_ids=organisation_ids, start=start, end=end
        )
        step.summary = f"补录责任单位“{mention.name}（{OwnerRole(mention.role).label}）”"
    return step.outcome


def enter_owner(
    step: Step,
    *,
    node_id: int,
    name: str,
    role: str,
    organisation_ids: Sequence[int] = (),
    start: int | None = None,
    end: int | None = None,
) -> OwnerMention:
    """The part of `add_owner` that a step of many corrections shares."""
    name, role = _checked_name(name), _checked_role(role)
    organisation_ids = known_organisations(organisation_ids)
    node = PlanNode.objects.kept().filter(plan=step.plan, pk=node_id).first()
    if node is None:
        raise Unacceptable("所选的任务不在这份文件中，请重新选择。", field="node_id")
    meant = Owners(tuple(organisation_ids), Certainty.CHOSEN)
    if not organisation_ids:
        meant = meaning_of(name, home=step.plan.organisation, on=naming_day(step.plan.year, at=step.at))
    mention = OwnerMention(
        plan=step.plan, node=node, position=node.position, name=name, role=role, certainty=meant.certainty,
        start=node.start if start is None else start, end=node.start if end is None else end,
    )  # fmt: skip
    step.create(mention)
    step.assign(mention, () if role == OwnerRole.PERSON else meant.organisation_ids)
    return mention


def _check_answer(organisation_ids: Sequence[int], group: Sequence[str], *, is_outside: bool, remember: bool) -> None:
    if sum([bool(organisation_ids), bool(group), is_outside]) != 1:
        raise Unacceptable("请选择对应的单位，或选择一类单位，或确认为系统外单位。", field="organisation_ids")
    if remember and is_outside:
        raise Unacceptable("系统外单位不必记住；同名的写法已一并处理。", field="remember")
    if remember and len(organisation_ids) > 1:
        raise Unacceptable(
            "一个写法只能记住对应一个单位或一类单位；对应多个单位时，请不勾选“以后照此处理”。", field="remember"
        )


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Unacceptable("请填写责任单位。", field="name")
    if len(name) > 120:
        raise Unacceptable("责任单位最多 120 个字。", field="name")
    return name


def _checked_role(role: str) -> OwnerRole:
    if role not in OwnerRole.values:
        raise Unacceptable("请选择责任：牵头、配合、责任或责任人。", field="role")
    return OwnerRole(role)


def _apply_to_same_name(step: Step, mention: OwnerMention) -> int:
    """The same answer for every undecided mention of the same name in this plan."""
    held = Responsibility.objects.filter(mention=mention, is_inherited=False)
    organisation_ids = tuple(held.values_list("organisation_id", flat=True))
    same = OwnerMention.objects.pending().filter(plan=step.plan, name=mention.name).exclude(pk=mention.pk)
    for other in same.exclude(role=OwnerRole.PERSON):
        step.assign(other, organisation_ids)
        step.decide(other, Review.ACCEPTED, certainty=Certainty.CHOSEN, is_outside=mention.is_outside)
    return sum(1 for name in step.changes if name.startswith("mention-")) - 1


def look_up_in_other_drafts(done: Step, name: str) -> None:
    """Look a name up anew, remembered or forgotten, in the other drafts the person keeps; the rows stay to be confirmed there."""
    waiting = OwnerMention.objects.pending().filter(name=name).exclude(plan=done.plan).exclude(role=OwnerRole.PERSON)
    drafts = WorkPlan.objects.visible_to(done.by).drafts().filter(mentions__in=waiting).distinct()
    for plan in drafts.select_related("organisation"):
        if not is_keeper(done.by, plan.organisation):
            continue
        with review_step(plan, by=done.by, at=done.at, version=None) as step:
            step.is_automatic = True
            meant = meaning_of(name, home=plan.organisation, on=naming_day(plan.year, at=done.at))
            for mention in waiting.filter(plan=plan):
                step.assign(mention, meant.organisation_ids)
                step.change(mention, certainty=meant.certainty)
            told = f"对应为{_named(meant.organisation_ids)}" if meant.organisation_ids else "不再有登记的对应单位"
            step.summary = f"按记住的写法，“{name}”{told}"
