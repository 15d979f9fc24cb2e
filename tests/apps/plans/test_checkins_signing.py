"""Who signs for whom: heads, deputies, leaders, a county's second person; what the planning office may do; evidence."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.plans.factories import make_plan
from tests.apps.plans.test_checkins import NOTHING, at, city, form, opened
from tests.factories import make

from keshu.apps.bureau.models import Attachment, AuditEntry, Membership, Notice, User
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn, Evidence
from keshu.apps.plans.services import checkins
from keshu.apps.plans.signals import check_in_reopened, check_in_signed

__all__ = ["city"]
SAID = {**NOTHING, "progress": "已完成"}


def filed(city: SimpleNamespace, **traits: Any) -> CheckIn:
    opened(city, **traits)
    return checkins.file_check_in(form(city), version=0, **SAID, by=city.clerk, at=at("2026-04-02"))


def fresh(person: User) -> User:
    """The account as another request loads it, with the scope of today."""
    return User.objects.get(pk=person.pk)


def lend(principal: User, deputy: User, role: str) -> None:
    """Today's authority: scopes are of the day the request is made."""
    seat = principal.memberships.get(role=role)
    today = timezone.localdate()
    Membership.objects.create(
        user=deputy, organisation=seat.organisation, role=role, on_behalf_of=seat, from_on=today,
        until_on=today + timedelta(days=7), reason="出差",
    )  # fmt: skip


def test_a_deputy_signs_while_the_head_is_on_leave(city: SimpleNamespace) -> None:
    row = filed(city)
    deputy = make.person("clerk", city.guihua)
    with pytest.raises(Refused, match="由“高新处”的负责人审签"):
        checkins.sign_check_in(row, by=deputy, at=at("2026-04-02"))
    lend(city.head, deputy, "office_head")
    row = checkins.sign_check_in(row, by=fresh(deputy), at=at("2026-04-02"))
    assert (row.state, row.signed_by) == ("signed", deputy)


def test_who_stands_in_for_another_offices_head_signs_nothing_in_the_own_one(city: SimpleNamespace) -> None:
    """The clerk of 高新处 deputises for the head of 规划处; the forms of 高新处 still need its own head."""
    row = filed(city)
    lend(make.person("office_head", city.guihua), city.clerk, "office_head")
    with pytest.raises(Refused):
        checkins.sign_check_in(row, by=fresh(city.clerk), at=at("2026-04-02"))


def test_a_head_who_files_signs_and_a_leader_may_sign(city: SimpleNamespace) -> None:
    opened(city)
    row = checkins.file_check_in(form(city), version=0, **SAID, by=city.head, at=at("2026-04-02"))
    assert (row.state, row.signed_by) == ("signed", city.head)
    task = CheckIn.objects.get(node__heading="培育科技企业", organisation=city.gaoxin)
    row = checkins.file_check_in(task, version=0, **SAID, by=city.clerk, at=at("2026-04-02"))
    assert checkins.sign_check_in(row, by=city.people["leader"], at=at("2026-04-02")).state == "signed"


def test_in_a_county_the_second_person_signs_and_a_single_one_signs_by_filing(city: SimpleNamespace) -> None:
    opened(city)
    alone = city.people["county_clerk"]
    row = form(city, city.qingling)
    assert checkins.file_check_in(row, version=0, **SAID, by=alone, at=at("2026-04-02")).state == "signed"
    first, second = make.person("county_clerk", city.yunhu), make.person("county_clerk", city.yunhu)
    row = checkins.file_check_in(form(city, city.yunhu), version=0, **SAID, by=first, at=at("2026-04-02"))
    assert row.state == "filed"
    with pytest.raises(Refused, match="须由本单位另一位经办人审签"):
        checkins.sign_check_in(row, by=first, at=at("2026-04-02"))
    with pytest.raises(Refused):
        checkins.sign_check_in(row, by=alone, at=at("2026-04-02"))
    assert checkins.sign_check_in(row, by=second, at=at("2026-04-02")).signed_by == second


def test_drafts_are_the_offices_own_and_what_is_signed_is_for_all_of_government(city: SimpleNamespace) -> None:
    opened(city)
    row = checkins.save_check_in(form(city), version=0, **SAID, by=city.clerk, at=at("2026-04-01"))
    county, auditor, enterprise = (city.people[role] for role in ("county_clerk", "auditor", "enterprise"))

    def readers() -> list[bool]:
        people = (city.clerk, city.head, county, auditor, city.planner, enterprise)
        return [CheckIn.objects.visible_to(each).filter(pk=row.pk).exists() for each in people]

    assert readers() == [True, True, False, True, True, False]
    row = checkins.file_check_in(row, version=None, **SAID, by=city.clerk, at=at("2026-04-01"))
    assert readers() == [True, True, False, True, True, False]
    checkins.sign_check_in(row, by=city.head, at=at("2026-04-01"))
    assert readers() == [True, True, True, True, True, False]


def test_an_auditor_changes_nothing_whatever_else_they_are(city: SimpleNamespace) -> None:
    row = filed(city)
    auditor = city.people["auditor"]
    for role in ("clerk", "office_head"):
        Membership.objects.create(user=auditor, organisation=city.gaoxin, role=role, from_on=date(2020, 1, 1))
    auditor, moment = fresh(auditor), at("2026-04-02")
    acts = (
        lambda: checkins.save_check_in(row, version=None, **SAID, by=auditor, at=moment),
        lambda: checkins.file_check_in(row, version=None, **SAID, by=auditor, at=moment),
        lambda: checkins.sign_check_in(row, by=auditor, at=moment),
        lambda: checkins.return_check_in(row, why="甲", by=auditor, at=moment),
        lambda: checkins.recall_check_in(row, by=auditor, at=moment),
        lambda: checkins.excuse_check_in(row, why="甲", by=auditor, at=moment),
        lambda: checkins.extend_check_in(row, due_on=date(2026, 4, 30), why="甲", by=auditor, at=moment),
        lambda: checkins.reopen_check_in(row, why="甲", by=auditor, at=moment),
        lambda: checkins.close_round(row.round, by=auditor, at=moment),
        lambda: checkins.pause_rhythm(row.round.plan.rhythm, by=auditor, at=moment),
        lambda: checkins.attach_evidence(row, file=io.BytesIO(b"a"), name="a.txt", by=auditor, at=moment),
    )
    entries = AuditEntry.objects.count()
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert AuditEntry.objects.count() == entries
    assert checkins.checkin_buttons(row, user=auditor) == ()


def test_buttons_are_those_of_the_person_and_the_state(city: SimpleNamespace) -> None:
    row = filed(city)

    def moves(user: User) -> list[str]:
        return [button.move for button in checkins.checkin_buttons(row, user=user)]

    assert moves(city.clerk) == ["recall"]
    assert moves(city.head) == ["recall", "sign", "return"]
    assert moves(city.planner) == []
    row = checkins.recall_check_in(row, by=city.clerk, at=at("2026-04-02"))
    assert moves(city.clerk) == ["save", "file"]
    assert moves(city.planner) == ["excuse", "extend"]
    assert moves(city.people["county_clerk"]) == []


def test_excused_forms_are_settled_until_they_are_asked_again(city: SimpleNamespace) -> None:
    opened(city)
    row = checkins.excuse_check_in(form(city), why="本月没有数据", by=city.planner, at=at("2026-04-01"))
    assert (row.state, row.remark) == ("excused", "本月没有数据")
    assert "本月没有数据" in Notice.objects.get(kind="plans.checkin_eased", recipient=city.clerk).text
    with pytest.raises(Unacceptable, match="免报，不能报送"):
        checkins.file_check_in(row, version=None, **SAID, by=city.clerk, at=at("2026-04-01"))
    assert checkins.reopen_check_in(row, why="数据已出", by=city.planner, at=at("2026-04-02")).state == "returned"


def test_a_signed_form_is_corrected_with_a_reason_and_keeps_what_it_said(city: SimpleNamespace) -> None:
    """Sent back on Friday 8 May: three working days are the 9th (a make-up Saturday), the 11th and the 12th."""
    opened(city)
    said = {**NOTHING, "progress": "已入库 31 家", "value": Decimal(31)}
    row = checkins.file_check_in(form(city), version=0, **said, by=city.clerk, at=at("2026-04-02"))
    row = checkins.sign_check_in(row, by=city.head, at=at("2026-04-02"))
    heard: list[int] = []
    check_in_reopened.connect(lambda **sent: heard.append(sent["check_in_id"]), weak=False, dispatch_uid="heard")
    with pytest.raises(Refused):
        checkins.reopen_check_in(row, why="数有误", by=city.head, at=at("2026-05-08"))
    row = checkins.reopen_check_in(row, why="数有误", by=city.planner, at=at("2026-05-08"))
    check_in_reopened.disconnect(dispatch_uid="heard")
    assert heard == [row.pk]
    assert (row.state, row.due_on, row.signed_by) == ("returned", date(2026, 5, 12), None)
    corrected = {**said, "value": Decimal(29)}
    checkins.file_check_in(row, version=row.version, **corrected, by=city.clerk, at=at("2026-05-09"))
    trail = AuditEntry.objects.filter(subject_type="plans.checkin", subject_id=str(row.pk), action="update")
    values = [(entry.before.get("value"), entry.after.get("value")) for entry in trail.order_by("pk")]
    assert [(None if old is None else Decimal(old), Decimal(new)) for old, new in values] == [(None, 31), (31, 29)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"progress": "甲" * 4001}, "progress"),
        ({"percent": 101}, "percent"),
        ({"value": Decimal("1e14")}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({}, "value"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(
    city: SimpleNamespace, given: dict[str, Any], field: str
) -> None:
    opened(city)
    with pytest.raises(Unacceptable) as refusal:
        checkins.file_check_in(form(city), version=0, **{**NOTHING, **given}, by=city.clerk, at=at("2026-04-02"))
    assert refusal.value.field == field
    assert form(city).version == 0


def test_evidence_is_read_by_whoever_reads_the_form(city: SimpleNamespace) -> None:
    opened(city)
    row = form(city)
    with pytest.raises(Refused):
        checkins.attach_evidence(
            row, file=io.BytesIO(b"a"), name="名单.txt", by=city.people["county_clerk"], at=at("2026-04-01")
        )
    assert not Attachment.objects.filter(name="名单.txt").exists()
    kept = checkins.attach_evidence(row, file=io.BytesIO(b"a"), name="名单.txt", by=city.clerk, at=at("2026-04-01"))
    extra = checkins.attach_evidence(row, file=io.BytesIO(b"b"), name="多余.txt", by=city.clerk, at=at("2026-04-01"))
    county = city.people["county_clerk"]
    assert not Evidence.objects.visible_to(county).exists()
    assert Evidence.objects.visible_to(city.head).count() == 2
    checkins.remove_evidence(extra, by=city.clerk, at=at("2026-04-01"))
    checkins.file_check_in(row, version=0, **SAID, by=city.head, at=at("2026-04-02"))
    assert list(Evidence.objects.visible_to(county)) == [kept]
    with pytest.raises(Unacceptable, match="已审签"):
        checkins.remove_evidence(kept, by=city.clerk, at=at("2026-04-02"))


def test_evidence_of_a_filed_form_is_not_taken_and_leaves_no_upload(city: SimpleNamespace) -> None:
    row = filed(city)
    with pytest.raises(Unacceptable, match="待审签，不能保存"):
        checkins.attach_evidence(row, file=io.BytesIO(b"a"), name="名单.txt", by=city.clerk, at=at("2026-04-03"))
    assert not Attachment.objects.filter(name="名单.txt").exists()


def test_a_killed_signature_leaves_the_form_filed(city: SimpleNamespace) -> None:
    row = filed(city)

    def die(**_: Any) -> None:
        raise KeyboardInterrupt

    check_in_signed.connect(die, weak=False, dispatch_uid="die")
    with pytest.raises(KeyboardInterrupt):
        checkins.sign_check_in(row, by=city.head, at=at("2026-04-02"))
    check_in_signed.disconnect(dispatch_uid="die")
    row.refresh_from_db()
    assert (row.state, row.signed_by) == ("filed", None)
    assert not AuditEntry.objects.filter(subject_type="plans.checkin", by=city.head).exists()
    assert checkins.sign_check_in(row, by=city.head, at=at("2026-04-02")).state == "signed"


def test_support_says_words_and_a_task_has_no_figure(city: SimpleNamespace) -> None:
    opened(city)
    task = CheckIn.objects.get(node__heading="培育科技企业", organisation=city.gaoxin)
    for given, match in (({}, "请填写进展情况"), ({"value": Decimal(3)}, "任务没有完成数")):
        with pytest.raises(Unacceptable, match=match):
            checkins.file_check_in(task, version=0, **{**NOTHING, **given}, by=city.clerk, at=at("2026-04-02"))
    row = checkins.file_check_in(
        task, version=0, **{**SAID, "percent": 40, "problems": "a\0b "}, by=city.clerk, at=at("2026-04-02")
    )
    assert (row.percent, row.problems) == (40, "ab")
    assert make_plan.node(city.plan, "培育科技企业") == row.node


def test_others_read_what_was_signed_and_not_how_it_was_written(city: SimpleNamespace, client: Client) -> None:
    """A signed form is for all of government, its drafts are not: the trail of the row says the same."""
    opened(city)
    draft = {**NOTHING, "progress": "草稿里的话"}
    row = checkins.save_check_in(form(city), version=0, **draft, by=city.clerk, at=at("2026-03-30"))
    row = checkins.file_check_in(row, version=1, **SAID, by=city.clerk, at=at("2026-03-31"))
    checkins.sign_check_in(row, by=city.head, at=at("2026-04-01"))
    shown = {}
    for role in ("clerk", "county_clerk", "auditor"):
        client.force_login(city.people[role])
        answer = client.get(reverse("bureau:history", args=["plans.checkin", row.pk]))
        assert answer.status_code == 200
        shown[role] = answer.content.decode()
    assert {role: "草稿里的话" in text for role, text in shown.items()} == {
        "clerk": True, "county_clerk": False, "auditor": True,
    }  # fmt: skip
    assert "办理" in shown["county_clerk"]
