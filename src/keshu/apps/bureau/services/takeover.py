"""What passes from closed organisations to those that take over: people, those beneath, names in documents, shared views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from keshu.apps.bureau.models import Membership, Organisation, OwnerAlias, Role, SavedView, SuccessionKind
from keshu.apps.bureau.queries.owners.words import clean
from keshu.apps.bureau.services.organisations import move_organisation
from keshu.apps.bureau.services.people import SEATS
from keshu.apps.bureau.services.personal_notices import tell_moved
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.apps.bureau.signals import HandedOver, OpenWork, open_work_asked

if TYPE_CHECKING:
    from keshu.apps.bureau.services.audit import Recorder


@dataclass
class Takeover:
    """The bureau's own part of a reorganisation. For use inside its transaction, the successors being there already."""

    kind: SuccessionKind
    before: Sequence[Organisation]
    after: Sequence[Organisation]
    on: date
    log: Recorder
    seats: dict[int, Organisation] = field(default_factory=dict)  # by person: where they went
    moved: dict[int, Membership] = field(default_factory=dict)  # by old membership: the one that follows it

    @property
    def _keys(self) -> list[int]:
        return [row.pk for row in self.before]

    def people(self, shares: Mapping[int, int]) -> Iterator[HandedOver]:
        """Each role goes on in the successor; a deputy follows the principal."""
        still = Q(until_on__isnull=True) | Q(until_on__gt=self.on)
        rows = Membership.objects.filter(still, organisation__in=self._keys).select_related("user", "organisation")
        places = {row.pk: shares.get(row.pk, 0) for row in rows}
        for row in sorted(rows, key=lambda row: (row.on_behalf_of_id is not None, row.pk)):
            new = self._place(places.get(row.on_behalf_of_id or row.pk, 0))
            role, was = Role(row.role).label, row.organisation
            if new.kind not in SEATS[row.role]:
                raise Unacceptable(
                    f"{row.user}是“{was}”的{role}，{new.get_kind_display()}“{new}”没有这个角色。请先结束或更换其任职。"
                )
            old_seat = Membership(
                pk=row.pk, user_id=row.user_id, organisation=was, role=row.role, on_behalf_of_id=row.on_behalf_of_id
            )  # fmt: skip
            self._seat(row, new)
            assert self.log.by is not None  # a person reorganises
            tell_moved(old_seat, new, kind=self.kind.label, on=self.on, by=self.log.by, at=self.log.at)
            self.seats.setdefault(row.user_id, new)
            proxy = "，代理" if row.on_behalf_of_id else ""
            yield HandedOver("人员", f"{row.user}（{role}{proxy}）", str(was), str(new))

    def _seat(self, row: Membership, new: Organisation) -> None:
        """The same role in the successor from that day; a role that begins later only changes its organisation."""
        log, old_end, principal = self.log, row.until_on, self.moved.get(row.on_behalf_of_id or 0)
        twins = Membership.objects.filter(user=row.user_id, organisation=new, role=row.role)
        has_it = twins.filter(Q(until_on__isnull=True) | Q(until_on__gt=self.on)).exists()
        if row.from_on >= self.on and not has_it:
            behind = {} if principal is None else {"on_behalf_of_id": principal.pk}
            log.update(row, organisation=new, organisation_id=new.pk, **behind)
            self.moved[row.pk] = row
            return
        log.update(
            row, organisation=row.organisation, until_on=max(self.on, date.fromordinal(row.from_on.toordinal() + 1))
        )
        if has_it:
            self.moved[row.pk] = twins.order_by("on_behalf_of_id", "-from_on")[0]
            return
        follower = Membership(
            user=row.user, organisation=new, role=row.role, from_on=self.on, until_on=old_end, on_behalf_of=principal,
            reason=row.reason,
        )  # fmt: skip
        self.moved[row.pk] = log.create(follower, organisation=new)

    def children(self, shares: Mapping[int, int]) -> Iterator[HandedOver]:
        """Those beneath stand beneath the successor, with all beneath them."""
        for row in Organisation.objects.active(self.on).filter(parent__in=self._keys).select_related("parent"):
            new, was = self._place(shares.get(row.pk, 0)), str(row.parent)
            assert self.log.by is not None  # a person reorganises
            move_organisation(row, parent_id=new.pk, by=self.log.by, at=self.log.at, why=self.log.why)
            yield HandedOver("下级单位", str(row), was, str(new))

    def names(self) -> Iterator[HandedOver]:
        """What documents called the old ones means the new one; after a split nobody can tell, and the review asks."""
        if self.kind == SuccessionKind.SPLIT:
            asked = f"{'、'.join(map(str, self.after))}（别名标为已撤并，文件再用时核对人选择其一）"
            for alias in OwnerAlias.objects.filter(organisation__in=self._keys).select_related("organisation"):
                yield HandedOver("单位别名", alias.text, str(alias.organisation), asked)
            return
        (new,), log = self.after, self.log
        for alias in OwnerAlias.objects.filter(organisation__in=self._keys).select_related("organisation"):
            was = str(alias.organisation)
            log.update(alias, organisation=new, organisation_id=new.pk)
            yield HandedOver("单位别名", alias.text, was, str(new))
        for old in self.before:
            for text in dict.fromkeys(clean(name) for name in (old.name, old.short_name)):
                # A name that others bear (办公室) cannot stand for this one in everybody's documents.
                borne = Organisation.objects.active(self.on).filter(Q(name=text) | Q(short_name=text)).exists()
                if text and not borne and not OwnerAlias.objects.filter(text=text).exists():
                    log.create(OwnerAlias(text=text, organisation=new, group=[]), organisation=new)
                    yield HandedOver("单位别名", text, str(old), str(new))

    def views(self) -> Iterator[HandedOver]:
        """Views shared with the old ones are shared with the one their owner went to."""
        log = self.log
        for view in SavedView.objects.filter(organisation__in=self._keys).select_related("organisation"):
            new, was = self.seats.get(view.owner_id, self.after[0]), str(view.organisation)
            log.update(view, organisation=new, organisation_id=new.pk)
            yield HandedOver("共享视图", view.name, was, str(new))

    def _place(self, number: int) -> Organisation:
        return self.after[number] if 0 <= number < len(self.after) else self.after[0]


@dataclass(frozen=True, slots=True)
class Share:
    """One thing to be given to one of the parts of a split: the name of its form field, what it is, what it belongs to."""

    field: str
    name: str
    group: str


def open_shares(
    organisation: Organisation, *, on: date, rehearsed: Iterable[HandedOver] = ()
) -> dict[str, list[Share]]:
    """What a split of the organisation has to share out, by what it is called.

    Of what a rehearsal handed over: that for which no task decides, given the choices the rehearsal was made with.
    """
    still = Q(until_on__isnull=True) | Q(until_on__gt=on)
    people = organisation.memberships.own().filter(still).select_related("user")
    children = Organisation.objects.active(on).filter(parent=organisation)
    answers: list[tuple[Any, Any]] = open_work_asked.send(sender=None, organisation_id=organisation.pk, on=on)
    work: list[OpenWork] = [each for _, found in answers for each in found or ()]
    beside: dict[str, list[Share]] = {}
    for line in rehearsed:
        if line.key:
            beside.setdefault(line.noun, []).append(Share(f"work-{line.key}", line.name, line.group))
    return {
        "人员": [Share(f"people-{row.pk}", str(row.user), str(row.get_role_display())) for row in people],
        "下级单位": [Share(f"children-{row.pk}", row.name, str(row.get_kind_display())) for row in children],
        "任务": [Share(f"work-{each.key}", each.name, each.group) for each in work],
        **beside,
    }
