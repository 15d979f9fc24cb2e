"""Saved views: kept under a name, shared only with one's own organisation, changed by their owner alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry, SavedView
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.saved_views import Sharing, change_view, delete_view, save_view

pytestmark = pytest.mark.django_db


def test_a_view_is_kept_and_recorded() -> None:
    clerk = make.person("clerk")
    view = save_view(ledger="plans.targets", name="  本月  到期 ", query="due=soon", by=clerk, at=AT)
    assert (view.name, view.query, view.organisation_id) == ("本月 到期", "due=soon", None)
    entry = AuditEntry.objects.get(subject_type="bureau.savedview", subject_id=str(view.pk))
    assert (entry.by, entry.action, entry.after["name"]) == (clerk, "create", "本月 到期")


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "名称是空的"), ("　 ", "名称是空的"), ("长" * 61, "最多 60 个字"), ("本月到期", "已有名为“本月到期”")],
)
def test_names_must_be_usable(name: str, words: str) -> None:
    clerk = make.person("clerk")
    save_view(ledger="plans.targets", name="本月到期", query="", by=clerk, at=AT)
    with pytest.raises(Unacceptable, match=words):
        save_view(ledger="plans.targets", name=name, query="", by=clerk, at=AT)
    assert SavedView.objects.count() == 1


def test_an_address_too_long_to_keep_is_refused() -> None:
    with pytest.raises(Unacceptable, match="筛选条件太长"):
        save_view(ledger="plans.targets", name="全部", query="q=" + "a" * 2000, by=make.person("clerk"), at=AT)


def test_sharing_reaches_ones_own_organisation_only() -> None:
    office, elsewhere = make.office(), make.office()
    clerk, colleague, stranger = (
        make.person("clerk", office),
        make.person("clerk", office),
        make.person("clerk", elsewhere),
    )
    view = save_view(ledger="plans.targets", name="处内", query="", sharing=Sharing(office.pk), by=clerk, at=AT)
    assert list(SavedView.objects.visible_to(colleague)) == [view]
    assert not SavedView.objects.visible_to(stranger).exists()
    with pytest.raises(Refused, match="只能共享给您任职的单位"):
        change_view(view.pk, name="处内", sharing=Sharing(elsewhere.pk), by=clerk, at=AT)


def test_only_the_owner_changes_or_deletes() -> None:
    office = make.office()
    clerk, colleague = make.person("clerk", office), make.person("office_head", office)
    view = save_view(ledger="plans.targets", name="处内", query="", sharing=Sharing(office.pk), by=clerk, at=AT)
    with pytest.raises(Refused, match="只有存下这个视图的人"):
        change_view(view.pk, name="我的", by=colleague, at=AT)
    with pytest.raises(Refused, match="只有存下这个视图的人"):
        delete_view(view.pk, by=colleague, at=AT)
    change_view(view.pk, name="只给自己", by=clerk, at=AT)
    view.refresh_from_db()
    assert (view.name, view.organisation_id) == ("只给自己", None)
    delete_view(view.pk, by=clerk, at=AT)
    assert not SavedView.objects.exists()
    assert AuditEntry.objects.filter(action="delete").get().before["name"] == "只给自己"


def test_the_drawer_saves_changes_and_deletes(client: Client) -> None:
    clerk = make.person("clerk")
    client.force_login(clerk)
    htmx: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    form = client.get(
        reverse("bureau:saved-view-create"), {"ledger": "plans.targets", "query": "due=soon&sort=-value"}, **htmx
    )
    assert 'value="due=soon&amp;sort=-value"' in form.content.decode()
    empty = client.post(
        reverse("bureau:saved-view-create"), {"ledger": "plans.targets", "name": "", "query": ""}, **htmx
    )
    assert empty.status_code == 422
    assert "视图名称是空的" in empty.content.decode()
    fields = {"ledger": "plans.targets", "name": "快到期的", "query": "due=soon"}
    assert client.post(reverse("bureau:saved-view-create"), fields, **htmx)["HX-Refresh"] == "true"
    view = SavedView.objects.get()
    edit = reverse("bureau:saved-view-edit", args=[view.pk])
    assert "快到期的" in client.get(edit, **htmx).content.decode()
    assert client.post(edit, {"name": "三十天内", "shared": ""}, **htmx).status_code == 204
    assert SavedView.objects.get().name == "三十天内"
    assert client.post(reverse("bureau:saved-view-delete", args=[view.pk]), **htmx).status_code == 204
    assert not SavedView.objects.exists()


def test_anothers_shared_view_cannot_be_edited_in_the_drawer(client: Client) -> None:
    office = make.office()
    owner, colleague = make.person("clerk", office), make.person("clerk", office)
    view = save_view(ledger="plans.targets", name="处内", query="", sharing=Sharing(office.pk), by=owner, at=AT)
    client.force_login(colleague)
    answer = client.get(reverse("bureau:saved-view-edit", args=[view.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert json.loads(answer["HX-Trigger"])["toast"]["message"].startswith("只有存下这个视图的人")


def test_views_for_everyone_are_given_by_those_who_plan_and_seen_by_all() -> None:
    planner, clerk = make.person("planner"), make.person("clerk")
    view = save_view(
        ledger="plans.targets",
        name="本季到期",
        query="due=soon",
        sharing=Sharing(is_for_everyone=True),
        by=planner,
        at=AT,
    )
    assert view in SavedView.objects.visible_to(clerk)
    with pytest.raises(Refused, match="全体人员"):
        save_view(ledger="plans.targets", name="我的", query="", sharing=Sharing(is_for_everyone=True), by=clerk, at=AT)
    change_view(view.pk, name="本季到期", by=planner, at=AT)
    assert view not in SavedView.objects.visible_to(clerk)


def test_the_form_offers_everyone_only_to_those_who_may(client: Client) -> None:
    for role, offered in (("planner", True), ("clerk", False)):
        client.force_login(make.person(role))
        assert ("系统全体人员" in client.get("/views/new/?ledger=plans.targets").content.decode()) is offered
