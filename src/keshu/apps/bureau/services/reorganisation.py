"""Organisations are renamed, merged and split (机构调整): the old rows are closed and keep all that is past, others take over.

A renamed organisation is a new row too, so that every earlier report goes on naming the old one. Only a slip of the pen is
corrected in the row itself (``rename_organisation``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.models import Organisation, Succession, SuccessionKind
from keshu.apps.bureau.permissions import can_manage_organisations
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.organisations import OrganisationFields, create_organisation
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.apps.bureau.services.takeover import Takeover
from keshu.apps.bureau.signals import HandedOver, Reorganisation, organisations_reorganised

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

Successor = Organisation | OrganisationFields


@dataclass(frozen=True, slots=True)
class Shares:
    """For a split, by key, the place among the successors that takes it; what is not named goes to the first.

    Keys are those of memberships, of organisations beneath, and of open work (``signals.OpenWork``).
    """

    people: Mapping[int, int] = field(default_factory=dict)
    children: Mapping[int, int] = field(default_factory=dict)
    work: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The organisations that took over, and everything that passed to them."""

    kind: SuccessionKind
    successors: tuple[Organisation, ...]
    handed_over: tuple[HandedOver, ...]


def reorganise(
    *,
    predecessors: Sequence[Organisation],
    successors: Sequence[Successor],
    on: date,
    reason: str,
    by: User,
    at: datetime,
    shares: Shares = Shares(),
) -> Outcome:
    """Close the predecessors on that day and hand all that is current to the successors, new or existing. One transaction.

    Planning office and operator (Refused). Unacceptable: a day to come, no reason, a closed organisation, a name that is
    taken, numbers that are neither a renaming, a merger nor a split, or a role that the successor's kind does not know.
    """
    can_manage_organisations(by)
    _check_day(on, predecessors, at=at)
    if not reason.strip():
        raise Unacceptable("请写明调整的原因和依据，例如：编办〔2026〕5号。", field="reason")
    with transaction.atomic():
        before = _locked(predecessors)
        kind = _kind(before, successors)
        _check_existing(before, successors)
        log = audit.Recorder(by=by, at=at, why=reason)
        for row in before:
            log.update(row, organisation=row, closed_on=on)
        after = [_standing(each, like=before[0], by=by, at=at) for each in successors]
        for old in before:
            for new in after:
                step = Succession(predecessor=old, successor=new, kind=kind, on=on, reason=reason, by=by)
                log.create(step, organisation=new)
        moved = Takeover(kind=kind, before=before, after=after, on=on, log=log)
        lines = [*moved.people(shares.people), *moved.children(shares.children), *moved.names(), *moved.views()]
        lines += _told(kind, before, after, on=on, reason=reason, shares=shares, by=by, at=at)
    by.__dict__.pop("scope", None)
    by.__dict__.pop("former_organisation_ids", None)
    return Outcome(kind, tuple(after), tuple(lines))


def rehearse(
    *,
    predecessors: Sequence[Organisation],
    successors: Sequence[Successor],
    on: date,
    reason: str,
    by: User,
    at: datetime,
    shares: Shares = Shares(),
) -> Outcome:
    """What the same call of ``reorganise`` would do: it is carried out and taken back. Same refusals."""
    with transaction.atomic():
        outcome = reorganise(
            predecessors=predecessors, successors=successors, on=on, reason=reason, by=by, at=at, shares=shares
        )
        transaction.set_rollback(True)
    return outcome


def _told(
    kind: SuccessionKind,
    before: Sequence[Organisation],
    after: Sequence[Organisation],
    *,
    on: date,
    reason: str,
    shares: Shares,
    by: User,
    at: datetime,
) -> list[HandedOver]:
    """What the other areas of the house handed over."""
    change = Reorganisation(
        kind=kind.value,
        predecessor_ids=tuple(row.pk for row in before),
        successor_ids=tuple(row.pk for row in after),
        on=on,
        reason=reason,
        work={key: after[place].pk for key, place in shares.work.items() if 0 <= place < len(after)},
    )
    answers: list[tuple[Any, Any]] = organisations_reorganised.send(sender=None, change=change, by=by, at=at)
    return [line for _, lines in answers for line in lines or ()]


def _check_day(on: date, predecessors: Sequence[Organisation], *, at: datetime) -> None:
    today = timezone.localtime(at).date()
    if on > today:
        raise Unacceptable(
            f"生效日期 {on:%Y-%m-%d} 还没有到。机构调整办理后马上生效，请填今天（{today:%Y-%m-%d}）或以前的日期。",
            field="on",
        )
    latest = Succession.objects.filter(successor__in=[row.pk for row in predecessors]).order_by("-on").first()
    if latest is not None and on < latest.on:
        raise Unacceptable(f"“{latest.successor}”从 {latest.on:%Y-%m-%d} 起才有，生效日期不能更早。", field="on")


def _locked(predecessors: Sequence[Organisation]) -> list[Organisation]:
    """The rows as they are now, in the order given."""
    keys = list(dict.fromkeys(row.pk for row in predecessors))
    found = Organisation.objects.select_for_update().in_bulk(keys)
    rows = [found[key] for key in keys]
    for row in rows:
        if row.closed_on is not None:
            raise Unacceptable(f"“{row}”已于 {row.closed_on:%Y-%m-%d} 撤并。", field="others")
        if above := next((o for o in rows if o.pk != row.pk and row.path.startswith(o.path)), None):
            raise Unacceptable(f"“{row}”在“{above}”之下，不能和它一起调整。", field="others")
    return rows


def _kind(before: Sequence[Organisation], successors: Sequence[Successor]) -> SuccessionKind:
    one = len(successors) == 1
    if len(before) == 1 and one and isinstance(successors[0], OrganisationFields):
        return SuccessionKind.RENAMED
    if before and one:
        return SuccessionKind.MERGED
    if len(before) == 1 and len(successors) > 1:
        return SuccessionKind.SPLIT
    raise Unacceptable("请选择更名（一个改为一个）、合并（几个并为一个）或拆分（一个分为几个）。")


def _check_existing(before: Sequence[Organisation], successors: Sequence[Successor]) -> None:
    seen: set[int] = set()
    for each in successors:
        if not isinstance(each, Organisation):
            continue
        if each.closed_on is not None:
            raise Unacceptable(f"“{each}”已撤并，不能承接。", field="into")
        if any(each.path.startswith(row.path) for row in before):
            raise Unacceptable(f"“{each}”自己也在被调整的单位之中，不能承接。", field="into")
        if each.pk in seen:
            raise Unacceptable(f"“{each}”选了两次。", field="into")
        seen.add(each.pk)


def _standing(each: Successor, *, like: Organisation, by: User, at: datetime) -> Organisation:
    """The successor itself; a new one is set up where the first predecessor stood."""
    if isinstance(each, Organisation):
        return each
    return create_organisation(each, by=by, at=at, is_demo=like.is_demo, position=like.position)
