"""A role lent to a deputy for some days: who may, how long, what it opens, and how the trail tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry, Membership, Notice, User
from keshu.apps.bureau.queries.delegations import delegations_of, possible_deputies
from keshu.apps.bureau.queries.history import lines_of
from keshu.apps.bureau.services import Refused, Unacceptable, audit
from keshu.apps.bureau.services.delegations import delegate_role, withdraw_delegation
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.people import end_role, grant_role
from keshu.apps.bureau.services.reorganisation import reorganise

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localtime(NOW).date()
LATER = TODAY + timedelta(days=10)


@pytest.fixture
def site() -> Iterator[SimpleNamespace]:
    site = make.site()
    site.head, site.clerk = site.people["office_head"], site.people["clerk"]
    site.seat = site.head.memberships.get()
    site.deputy = make.person("clerk", site.guihua, name="代理人甲")
    return site


def lend(
    seat: Membership,
    deputy: User,
    *,
    by: User | None = None,
    start: date = TODAY,
    until: date = LATER,
    reason: str = "学习",
) -> Membership:
    return delegate_role(seat, deputy=deputy, from_on=start, until_on=until, reason=reason, by=by or seat.user, at=NOW)


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_a_deputy_has_the_role_for_those_days_and_no_longer(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy)
    assert (row.organisation, row.role, row.on_behalf_of) == (site.gaoxin, "office_head", site.seat)
    scope = again(site.deputy).scope
    assert scope.roles == {"clerk", "office_head"}
    assert scope.own_roles == {"clerk"}
    assert site.gaoxin.pk in scope.organisation_ids
    (acting,) = scope.acting
    assert (acting.principal, acting.role, acting.last_on) == (str(site.head), "处室负责人", LATER - timedelta(days=1))
    assert not Membership.objects.current(LATER).filter(pk=row.pk).exists()


def test_withdrawn_on_the_first_day_it_ends_at_once_and_can_be_given_anew(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy)
    withdraw_delegation(row, by=site.head, at=NOW)
    assert again(site.deputy).scope.roles == {"clerk"}
    assert [line.state for line in delegations_of(site.head, on=TODAY, viewer=site.head)] == ["已收回"]
    with pytest.raises(Unacceptable, match="已经结束"):
        withdraw_delegation(row, by=site.head, at=NOW)
    lend(site.seat, site.deputy)
    assert again(site.deputy).scope.roles == {"clerk", "office_head"}


def test_one_that_has_not_begun_can_be_withdrawn(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy, start=TODAY + timedelta(days=3))
    assert again(site.deputy).scope.roles == {"clerk"}
    withdraw_delegation(row, by=site.head, at=NOW)
    assert not Membership.objects.current(TODAY + timedelta(days=4)).filter(pk=row.pk).exists()


def test_what_cannot_be_is_refused(site: SimpleNamespace) -> None:
    operator, auditor = site.people["operator"], site.people["auditor"]
    away, gone = site.people["county_clerk"], make.person("clerk", site.guihua, is_active=False)
    ending = make.person("clerk", site.gaoxin, until_on=TODAY + timedelta(days=5)).memberships.get()
    cases = [
        (site.seat, site.deputy, {"until": TODAY + timedelta(days=91)}, "共 91 天"),
        (site.seat, site.deputy, {"until": TODAY}, "最后一天不能早于"),
        (site.seat, site.deputy, {"start": TODAY - timedelta(days=1)}, "不能从过去开始"),
        (site.seat, site.deputy, {"reason": " "}, "写明事由"),
        (site.seat, site.head, {}, "不能由本人代理本人"),
        (site.seat, away, {}, "应是“市科技局”现有的人员"),
        (site.seat, gone, {}, "现有的人员"),
        (site.seat, auditor, {}, "审计监督人员只能查看"),
        (site.seat, make.person("office_head", site.gaoxin), {}, "已有这个角色"),
        (ending, site.deputy, {}, "超出了本人的任职时间"),
        (operator.memberships.get(), site.deputy, {}, "“系统管理员”不能授权代理"),
    ]
    for seat, deputy, given, said in cases:
        with pytest.raises(Unacceptable, match=said):
            lend(seat, deputy, **given)
    assert not Membership.objects.delegated().exists()
    lend(site.seat, site.deputy, until=TODAY + timedelta(days=90))


def test_there_is_no_chain_and_no_second_deputy(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy)
    with pytest.raises(Unacceptable, match="不能再转授"):
        lend(row, site.clerk, by=again(site.deputy))
    with pytest.raises(Unacceptable, match="已由代理人甲代理"):
        lend(site.seat, site.clerk, start=LATER - timedelta(days=1), until=LATER + timedelta(days=3))
    lend(site.seat, site.clerk, start=LATER, until=LATER + timedelta(days=3))


def test_who_stands_in_for_a_leader_may_not_lend_on_what_is_others(site: SimpleNamespace) -> None:
    leader = site.people["leader"]
    lend(leader.memberships.get(), site.deputy)
    deputy = again(site.deputy)
    assert deputy.scope.is_everything
    for seat in (leader.memberships.get(), site.seat):
        with pytest.raises(Refused, match="由本人办理"):
            lend(seat, site.clerk, by=deputy)


def test_leader_and_operator_act_for_others_but_never_to_themselves(site: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="不能指定自己"):
        lend(site.seat, site.people["leader"], by=site.people["leader"])
    row = lend(site.seat, site.deputy, by=site.people["operator"])
    with pytest.raises(Refused, match="由本人办理"):
        withdraw_delegation(row, by=site.people["planner"], at=NOW)
    withdraw_delegation(row, by=site.people["leader"], at=NOW)


def test_it_ends_with_the_role_itself(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy)
    with pytest.raises(Unacceptable, match="授权代理"):
        end_role(row, until_on=LATER, by=site.people["planner"], at=NOW)
    end_role(site.seat, until_on=TODAY + timedelta(days=2), by=site.people["planner"], at=NOW)
    row.refresh_from_db()
    assert row.until_on == TODAY + timedelta(days=2)


def test_a_deputy_may_be_given_the_role_for_good(site: SimpleNamespace) -> None:
    lend(site.seat, site.deputy)
    grant_role(
        site.deputy, organisation=site.gaoxin, role="office_head", from_on=TODAY, by=site.people["planner"], at=NOW
    )
    assert again(site.deputy).scope.own_roles == {"clerk", "office_head"}


def test_a_deputy_of_the_planning_office_gives_themself_nothing(site: SimpleNamespace) -> None:
    lend(site.people["planner"].memberships.get(), site.clerk)
    deputy = again(site.clerk)
    with pytest.raises(Refused, match="不能给自己授予"):
        grant_role(deputy, organisation=site.guihua, role="planner", from_on=LATER, by=deputy, at=NOW)
    grant_role(site.deputy, organisation=site.gaoxin, role="clerk", from_on=TODAY, by=deputy, at=NOW)


def test_lists_tell_a_lent_role_from_ones_own(site: SimpleNamespace) -> None:
    lend(site.seat, site.deputy)
    client = Client()
    client.force_login(site.people["planner"])
    assert "处室负责人（代理）" in client.get(reverse("bureau:person-list")).content.decode()
    page = client.get(reverse("bureau:organisation-detail", args=[site.gaoxin.pk])).content.decode()
    assert page.count("处室负责人（代理）") == 1


def test_it_follows_the_role_into_a_renamed_office(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy)
    (new,) = reorganise(
        predecessors=[site.gaoxin], successors=[OrganisationFields("企业处", "", "office", site.bureau.pk)],
        on=TODAY, reason="改革", by=site.people["planner"], at=NOW,
    ).successors  # fmt: skip
    (acting,) = again(site.deputy).scope.acting
    assert acting.organisation == "企业处"
    follower = Membership.objects.delegated().get(organisation=new)
    assert follower.on_behalf_of == Membership.objects.get(user=site.head, organisation=new)
    assert (follower.until_on, follower.reason, follower.pk) == (LATER, "学习", row.pk)


def test_the_trail_says_for_whom(site: SimpleNamespace) -> None:
    lend(site.seat, site.deputy)
    log = audit.Recorder(by=site.deputy, at=NOW)
    for place in (site.gaoxin, site.guihua):
        log.note(action=audit.AuditAction.UPDATE, subject=place, organisation=place)
    before = audit.Recorder(by=site.deputy, at=NOW - timedelta(days=2))
    before.note(action=audit.AuditAction.UPDATE, subject=site.unit, organisation=site.gaoxin)
    log.note(action=audit.AuditAction.SIGN_IN, subject=site.finance, organisation=site.gaoxin)
    told = {line.subject_name: line.by for line in lines_of(AuditEntry.objects.filter(by=site.deputy))}
    assert told == {
        "高新处": f"代理人甲（代{site.head}）",
        "规划处": "代理人甲",
        "市生产力促进中心": "代理人甲",
        "市财政局": "代理人甲",
    }


def test_pages_lend_show_and_take_back(site: SimpleNamespace) -> None:
    client = Client()
    client.force_login(site.head)
    address = reverse("bureau:delegation-create")
    given = {
        "membership": site.seat.pk, "deputy": site.deputy.pk, "from_on": TODAY.isoformat(),
        "until_on": LATER.isoformat(), "reason": "赴外地学习",
    }  # fmt: skip
    assert client.post(address, {**given, "deputy": site.people["county_clerk"].pk}).status_code == 422
    assert client.post(address, given).status_code == 302
    row = Membership.objects.delegated().get()
    assert row.until_on == LATER + timedelta(days=1)
    assert "赴外地学习" in client.get(reverse("bureau:delegation-list")).content.decode()
    assert "赴外地学习" in client.get(reverse("bureau:person-detail", args=[site.deputy.pk])).content.decode()
    deputy = Client()
    deputy.force_login(site.deputy)
    assert f"您正代理{site.head}" in deputy.get(reverse("bureau:delegation-list")).content.decode()
    assert deputy.post(reverse("bureau:delegation-withdraw", args=[row.pk])).status_code == 403
    assert client.post(reverse("bureau:delegation-withdraw", args=[row.pk])).status_code == 302
    assert "您正代理" not in deputy.get(reverse("bureau:delegation-list")).content.decode()


def test_people_without_such_a_role_are_told_so(site: SimpleNamespace) -> None:
    client = Client()
    client.force_login(site.people["enterprise"])
    assert client.get(reverse("bureau:delegation-create")).status_code == 403


def told(person: User) -> list[str]:
    return [str(row.title) for row in Notice.objects.filter(recipient=person).order_by("pk")]


def test_the_deputy_is_told_and_the_principal_too_where_another_arranged_it(site: SimpleNamespace) -> None:
    row = lend(site.seat, site.deputy)
    assert told(site.deputy) == ["授权代理：高新处 处室负责人"]
    assert told(site.head) == []
    withdraw_delegation(row, by=site.people["leader"], at=NOW)
    assert told(site.deputy)[-1] == "代理收回：高新处 处室负责人"
    assert told(site.head) == ["代理收回：高新处 处室负责人"]


def test_nobody_is_offered_themself_an_auditor_or_the_operator(site: SimpleNamespace) -> None:
    offered = set(possible_deputies([site.seat], but=site.head, on=TODAY))
    assert site.deputy in offered
    assert not offered & {site.head, site.people["auditor"], site.people["operator"]}


def test_staff_of_a_renamed_office_are_told_where_they_go_on(site: SimpleNamespace) -> None:
    new = OrganisationFields("高新与成果处", "", "office", site.bureau.pk)
    planner = site.people["planner"]
    reorganise(predecessors=[site.gaoxin], successors=[new], on=TODAY, reason="云编〔2026〕8号", by=planner, at=NOW)
    assert told(site.clerk) == ["机构调整：高新处更名，任职转到高新与成果处"]
    assert told(planner) == []
