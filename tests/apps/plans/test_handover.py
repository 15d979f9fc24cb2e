"""Work in hand passes to the offices that take over; every earlier plan goes on naming the old ones."""

from __future__ import annotations

import io
import random
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps.plans.factories import POINTS, make_plan, points
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry, Organisation
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.reorganisation import Outcome, Shares, rehearse, reorganise
from keshu.apps.plans.models import OwnerMention, PlanNode, Responsibility, SourceDocument, Target, WorkPlan
from keshu.apps.plans.services import export, meetings
from keshu.apps.plans.services.handover import open_work_of, plans_in_hand
from keshu.apps.plans.services.meetings import MeetingFields, MeetingMove
from keshu.apps.plans.services.owners import resolve_mention
from keshu.apps.plans.services.undo import undo_last_step

NONE = Shares()
pytestmark = pytest.mark.django_db

PAST = POINTS.replace("2026", "2025")


@pytest.fixture
def site() -> SimpleNamespace:
    """The city with last year's plan, this year's, and a draft, all naming 高新处, 规划处 and 各县区."""
    site = make.site()
    by = site.people["planner"]
    site.past = make_plan.published(points(PAST, year=2025), organisation=site.bureau, by=by)
    site.plan = make_plan.published(organisation=site.bureau, by=by)
    site.draft = make_plan.draft(points(POINTS.replace("2026", "2027"), year=2027), organisation=site.bureau, by=by)
    return site


def fields(site: SimpleNamespace, name: str, short: str = "") -> OrganisationFields:
    return OrganisationFields(name, short, "office", site.bureau.pk)


def act(site: SimpleNamespace, *before: Organisation, into: list[Any], shares: Shares = NONE) -> Outcome:
    return reorganise(
        predecessors=before, successors=into, on=ON, reason="云编〔2026〕8号", by=site.people["planner"], at=AT,
        shares=shares,
    )  # fmt: skip


def holders(plan: WorkPlan, heading: str) -> list[tuple[str, str]]:
    rows = Responsibility.objects.filter(node__plan=plan, node__heading=heading).select_related("organisation")
    return sorted((str(row.organisation), row.role) for row in rows)


def rows_of(plan: WorkPlan) -> str:
    """Everything a plan consists of, as text."""
    parts = [
        WorkPlan.objects.filter(pk=plan.pk), SourceDocument.objects.filter(pk=plan.source_id),
        PlanNode.objects.filter(plan=plan), Target.objects.filter(plan=plan), OwnerMention.objects.filter(plan=plan),
        Responsibility.objects.filter(node__plan=plan),
    ]  # fmt: skip
    return "".join(serializers.serialize("json", part.order_by("pk")) for part in parts)


def cells(plan: WorkPlan, by: Any) -> str:
    made = export.plan_workbook(plan, by=by, at=AT)
    book = load_workbook(io.BytesIO(made if isinstance(made, bytes) else made.content))
    return "|".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def page(user: Any, name: str, plan: WorkPlan, **kwargs: Any) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse(name, kwargs=kwargs), {"plan": plan.pk})
    assert response.status_code == 200
    return response.content.decode()


def test_two_reorganisations_keep_every_past_report_under_the_old_names(site: SimpleNamespace) -> None:
    """高新处 is merged into a new office, that one is renamed, then split; last year's pages and files do not change."""
    by, before = site.people["planner"], rows_of(site.past)
    (merged,) = act(site, site.gaoxin, site.guihua, into=[fields(site, "创新规划处", "创规处")]).successors
    (renamed,) = act(site, merged, into=[fields(site, "创新发展处", "创发处")]).successors
    assert holders(site.plan, "培育科技企业") == [
        ("云湖区", "support"),
        ("创发处", "lead"),
        ("创发处", "support"),
        ("青岭县", "support"),
    ]
    # this year's lead and support first, then those of the draft
    work = {each.key: number % 2 for number, each in enumerate(open_work_of(renamed.pk, on=ON))}
    assert len(work) == 4
    act(
        site,
        renamed,
        into=[fields(site, "科技企业处", "企业处"), fields(site, "发展规划处", "发规处")],
        shares=Shares(work=work),
    )
    assert holders(site.plan, "培育科技企业") == [
        ("云湖区", "support"), ("企业处", "lead"), ("发规处", "support"), ("青岭县", "support"),
    ]  # fmt: skip

    assert rows_of(site.past) == before
    assert holders(site.past, "培育科技企业") == [
        ("云湖区", "support"), ("规划处", "support"), ("青岭县", "support"), ("高新处", "lead"),
    ]  # fmt: skip
    for name in ("plans:task-list", "plans:matrix"):
        assert "高新处" in page(by, name, site.past)
        assert "企业处" not in page(by, name, site.past)
        assert "企业处" in page(by, name, site.plan)
    assert "高新处" in cells(site.past, by)
    assert "企业处" not in cells(site.past, by)
    assert "企业处" in cells(site.plan, by)
    old = page(by, "plans:office-detail", site.past, pk=site.gaoxin.pk)
    assert "培育科技企业" in old
    assert "创新规划处" in old


def test_a_name_that_means_several_is_shared_by_all_who_take_over(site: SimpleNamespace) -> None:
    parts = [OrganisationFields(f"{name}科学技术局", name, "county", site.city.pk) for name in ("云湖东区", "云湖西区")]
    act(site, site.yunhu, into=parts)
    assert ("云湖东区", "support") in holders(site.plan, "培育科技企业")
    assert ("云湖西区", "support") in holders(site.plan, "培育科技企业")
    # named by itself, it goes to the first where nobody chose
    assert [name for name, _ in holders(site.plan, "建设创新平台")] == ["云湖东区"]


def test_a_plan_and_a_draft_of_ones_own_go_along(site: SimpleNamespace) -> None:
    clerk = site.people["county_clerk"]
    draft = make_plan.draft(points(year=2026), organisation=site.qingling, by=clerk)
    outcome = act(site, site.qingling, into=[OrganisationFields("青岭区科学技术局", "青岭区", "county", site.city.pk)])
    draft.refresh_from_db()
    assert draft.organisation == outcome.successors[0]
    moved = type(clerk).objects.get(pk=clerk.pk)
    moved.memberships.update(from_on=date(2020, 1, 1))
    assert draft in WorkPlan.objects.visible_to(moved)


def test_a_meeting_not_yet_held_is_called_by_who_took_its_plan(site: SimpleNamespace) -> None:
    by, head = site.people["planner"], site.people["office_head"]
    own = make_plan.published(points(POINTS.replace("云澜市", "高新处")), organisation=site.gaoxin, by=head)
    ahead = meetings.call_meeting(own, MeetingFields("处务会", ON, date(2026, 1, 1)), by=by, at=AT)
    held = meetings.call_meeting(own, MeetingFields("上次处务会", ON, date(2026, 1, 1)), by=by, at=AT)
    meetings.add_item(held, section="other", title="人员分工", text="", organisation=None, by=by, at=AT)
    meetings.move_meeting(held, MeetingMove.HOLD, by=by, at=AT)
    outcome = act(site, site.gaoxin, into=[fields(site, "甲处"), fields(site, "乙处")])
    ahead.refresh_from_db()
    held.refresh_from_db()
    assert (str(ahead.organisation), str(held.organisation)) == ("甲处", "高新处")
    said = [(line.name, line.to, line.group) for line in outcome.handed_over if line.noun == "会议"]
    assert said == [("处务会", "甲处", "随所依据的工作要点")]


def test_drafts_notice_and_what_is_undone_comes_back_to_the_living(site: SimpleNamespace) -> None:
    by, mention = site.people["planner"], make_plan.mention(site.draft, "高新处")
    resolve_mention(site.draft, mention_id=mention.pk, organisation_ids=[site.unit.pk], by=by, at=AT, version=None)
    version = WorkPlan.objects.get(pk=site.draft.pk).version
    (new,) = act(site, site.gaoxin, into=[fields(site, "企业处")]).successors
    undo_last_step(site.draft, by=by, at=AT)
    held = Responsibility.objects.get(mention=mention, is_inherited=False)
    assert held.organisation == new
    site.draft.refresh_from_db()
    assert site.draft.version > version


def test_the_rehearsal_names_the_tasks_and_the_trail_has_each(site: SimpleNamespace) -> None:
    given: dict[str, Any] = {
        "predecessors": [site.gaoxin], "successors": [fields(site, "企业处")], "on": ON, "reason": "改革",
        "by": site.people["planner"], "at": AT,
    }  # fmt: skip
    tasks = [line for line in rehearse(**given).handed_over if line.noun == "任务"]
    assert [(line.name, line.group, line.to) for line in tasks] == [
        ("(一)培育科技企业（牵头）", site.plan.title, "企业处"),
        ("(一)培育科技企业（牵头）", site.draft.title, "企业处"),
    ]
    assert not AuditEntry.objects.filter(why="改革").exists()
    reorganise(**given)
    assert AuditEntry.objects.filter(why="改革", subject_type="plans.responsibility").count() == 2


@pytest.mark.parametrize("seed", range(6))
def test_after_any_reorganisation_the_open_hold_what_is_open(site: SimpleNamespace, seed: int) -> None:
    """Three random renamings, mergers and splits: work in hand is held by open organisations only, the past is untouched."""
    draw, before = random.Random(seed), rows_of(site.past)
    for number in range(3):
        there = list(Organisation.objects.active(ON).filter(parent=site.bureau, kind="office"))
        made = [fields(site, f"新{seed}{number}{place}处") for place in range(3)]
        choice = draw.choice(["rename", "merge", "into", "split"])
        if choice == "rename" or len(there) < 2:
            act(site, draw.choice(there), into=made[:1])
        elif choice == "merge":
            act(site, *draw.sample(there, 2), into=made[:1])
        elif choice == "into":
            old, new = draw.sample(there, 2)
            act(site, old, into=[new])
        else:
            old = draw.choice(there)
            work = {each.key: draw.randrange(3) for each in open_work_of(old.pk, on=ON)}
            act(site, old, into=made, shares=Shares(work=work))
        held = Responsibility.objects.filter(node__plan__in=plans_in_hand(ON))
        assert held.count() > 0
        assert not held.filter(organisation__closed_on__isnull=False).exists()
    assert rows_of(site.past) == before


def test_a_plan_of_a_later_year_is_in_hand_and_one_of_an_earlier_year_is_not(site: SimpleNamespace) -> None:
    assert set(plans_in_hand(ON)) == {site.plan, site.draft}
    assert set(plans_in_hand(date(2025, 12, 31))) == {site.past, site.plan, site.draft}


def test_who_moved_opens_the_new_offices_work(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    (new,) = act(site, site.gaoxin, into=[fields(site, "科技企业处", "企业处")]).successors
    clerk.memberships.filter(organisation=new).update(from_on=date(2020, 1, 2))  # whatever today is
    clerk.memberships.filter(organisation=site.gaoxin).update(until_on=date(2020, 1, 2))
    client = Client()
    client.force_login(clerk)
    answer = client.get(reverse("plans:office-own"))
    assert answer["Location"] == reverse("plans:office-detail", args=[new.pk])
    text = client.get(answer["Location"], {"plan": site.plan.pk}).content.decode()
    assert "培育科技企业" in text
    assert "前身" in text
    old = client.get(reverse("plans:office-detail", args=[site.gaoxin.pk]), {"plan": site.past.pk}).content.decode()
    assert "承接" in old
    assert f"?plan={site.past.pk}" in old
