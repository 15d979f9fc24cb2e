"""Views of a ledger that people keep under a name, for themselves, for their organisation or for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.models import SavedView
from keshu.apps.bureau.permissions import Refused, can_share_with_everyone
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

QUERY_LIMIT = 2000
NAME_LIMIT = 60
VIEWS_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who else has the view: nobody, the people of one organisation, or everyone."""

    organisation_id: int | None = None
    is_for_everyone: bool = False


PRIVATE = Sharing()


def save_view(*, ledger: str, name: str, query: str, sharing: Sharing = PRIVATE, by: User, at: datetime) -> SavedView:
    """Keep `query`, the address of a view, under `name`. Anybody, for themselves or an organisation of their own; for
    everyone those who `can_share_with_everyone`.

    Unacceptable when the name is empty, too long or taken, the address is too long, or there are fifty views already.
    """
    _check_sharing(by, sharing)
    with transaction.atomic():
        mine = SavedView.objects.select_for_update().filter(owner=by, ledger=ledger)
        if mine.count() >= VIEWS_LIMIT:
            raise Unacceptable(f"这个台账已存有 {VIEWS_LIMIT} 个视图，请先删去不用的。")
        if len(query) > QUERY_LIMIT:
            raise Unacceptable("筛选条件太长，不能存为视图，请减少一些条件。")
        view = SavedView(
            owner=by,
            organisation_id=sharing.organisation_id,
            is_for_everyone=sharing.is_for_everyone,
            ledger=ledger,
            name=_checked_name(name, owner=by, ledger=ledger),
            query=query,
        )
        return audit.Recorder(by=by, at=at).create(view, organisation=sharing.organisation_id)


def change_view(view_id: int, *, name: str, sharing: Sharing = PRIVATE, by: User, at: datetime) -> SavedView:
    """Rename a view, share it or stop sharing it. Its owner alone."""
    _check_sharing(by, sharing)
    with transaction.atomic():
        view = _own_view(view_id, by=by)
        fresh = _checked_name(name, owner=by, ledger=view.ledger, other_than=view.pk)
        log = audit.Recorder(by=by, at=at)
        return log.update(
            view,
            organisation=sharing.organisation_id,
            name=fresh,
            organisation_id=sharing.organisation_id,
            is_for_everyone=sharing.is_for_everyone,
        )


def delete_view(view_id: int, *, by: User, at: datetime) -> None:
    """Remove a view for good; the trail keeps what it was. Its owner alone."""
    with transaction.atomic():
        view = _own_view(view_id, by=by)
        audit.Recorder(by=by, at=at).delete(view, organisation=view.organisation_id)


def _own_view(view_id: int, *, by: User) -> SavedView:
    view = SavedView.objects.visible_to(by).select_for_update().filter(pk=view_id, owner=by).first()
    if view is None:
        raise Refused("只有存下这个视图的人可以改名、共享或删除它。")
    return view


def _check_sharing(by: User, sharing: Sharing) -> None:
    if sharing.is_for_everyone:
        can_share_with_everyone(by)
    if sharing.organisation_id is not None and sharing.organisation_id not in by.scope.organisation_ids:
        raise Refused("视图只能共享给您任职的单位。")


def _checked_name(name: str, *, owner: User, ledger: str, other_than: int | None = None) -> str:
    wanted = " ".join(name.split())
    if not wanted:
        raise Unacceptable("视图名称是空的，请写一个一看就懂的名称，例如“本月到期”。", field="name")
    if len(wanted) > NAME_LIMIT:
        raise Unacceptable(f"视图名称有 {len(wanted)} 个字，最多 {NAME_LIMIT} 个字。", field="name")
    same = SavedView.objects.filter(owner=owner, ledger=ledger, name=wanted)
    if other_than is not None:
        same = same.exclude(pk=other_than)
    if same.exists():
        raise Unacceptable(f"您已有名为“{wanted}”的视图，请换一个名称。", field="name")
    return wanted
