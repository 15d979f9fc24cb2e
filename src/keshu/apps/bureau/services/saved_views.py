"""Views of a ledger that people keep under a name, for themselves or for their organisation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from keshu.apps.bureau.models import SavedView
from keshu.apps.bureau.permissions import Refused
from keshu.apps.bureau.services import audit
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

QUERY_LIMIT = 2000
NAME_LIMIT = 60
VIEWS_LIMIT = 50


def save_view(
    *, ledger: str, name: str, query: str, shared_with: int | None = None, by: User, at: datetime
) -> SavedView:
    """Keep `query`, the address of a view, under `name`. Anybody, for themselves or for an organisation of their own.

    Unacceptable when the name is empty, too long or taken, the address is too long, or there are fifty views already.
    """
    _check_sharing(by, shared_with)
    with transaction.atomic():
        mine = SavedView.objects.select_for_update().filter(owner=by, ledger=ledger)
        if mine.count() >= VIEWS_LIMIT:
            raise Unacceptable(f"这个台账已存有 {VIEWS_LIMIT} 个视图，请先删去不用的。")
        if len(query) > QUERY_LIMIT:
            raise Unacceptable("筛选条件太长，不能存为视图，请减少一些条件。")
        view = SavedView(
            owner=by,
            organisation_id=shared_with,
            ledger=ledger,
            name=_checked_name(name, owner=by, ledger=ledger),
            query=query,
        )
        return audit.Recorder(by=by, at=at).create(view, organisation=shared_with)


def change_view(view_id: int, *, name: str, shared_with: int | None = None, by: User, at: datetime) -> SavedView:
    """Rename a view, share it or stop sharing it. Its owner alone."""
    _check_sharing(by, shared_with)
    with transaction.atomic():
        view = _own_view(view_id, by=by)
        fresh = _checked_name(name, owner=by, ledger=view.ledger, other_than=view.pk)
        log = audit.Recorder(by=by, at=at)
        return log.update(view, organisation=shared_with, name=fresh, organisation_id=shared_with)


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


def _check_sharing(by: User, organisation_id: int | None) -> None:
    if organisation_id is not None and organisation_id not in by.scope.organisation_ids:
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
