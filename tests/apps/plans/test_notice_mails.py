"""Every kind of notice of a plan's year by mail and in the digest: the right people, their words, links that open for them.

One year's events are played by the real services; whoever is told must be able to choose the kind, and to open what it leads to.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings
from tests.apps.plans.factories import make_plan
from tests.apps.plans.supervision import brought_to, days, write
from tests.apps.plans.test_checkins import MONTHLY, at
from tests.factories import AT, make

from keshu.apps.bureau.models import Notice, User
from keshu.apps.bureau.queries.notices import kinds, wishes_of
from keshu.apps.bureau.services import notices
from keshu.apps.bureau.services.notices import Wanted, Ways
from keshu.apps.plans.models import CheckIn, CheckInRound
from keshu.apps.plans.services import checkins, issues, meetings, supervision
from keshu.apps.plans.services.checkin_pages.reminding import remind_of_round
from keshu.apps.plans.services.meetings import MeetingFields, MeetingMove

pytestmark = pytest.mark.django_db
YEAR_KINDS = {
    kind.key
    for kind in kinds()
    if kind.key.startswith(("plans.round", "plans.checkin", "plans.supervision", "plans.issue", "plans.meeting"))
}
SAID = {"progress": "已完成", "percent": None, "value": None, "problems": "", "help_needed": ""}


def play_check_ins(city: SimpleNamespace) -> None:
    """March: opened, one filed and returned, one extended, the rest reminded of and late."""
    people = city.people
    checkins.start_rhythm(city.plan, **MONTHLY, by=people["planner"], at=at("2026-03-05"))
    checkins.open_due_rounds(at=at("2026-03-27"))
    first, second = CheckIn.objects.filter(organisation=city.gaoxin, part="lead").order_by("pk")[:2]
    checkins.file_check_in(first, version=None, **SAID, by=people["clerk"], at=at("2026-03-30"))
    checkins.return_check_in(first, why="请写明数字。", by=people["office_head"], at=at("2026-03-30", hour=11))
    checkins.extend_check_in(
        second, due_on=date(2026, 4, 10), why="数据未出", by=people["planner"], at=at("2026-03-31")
    )
    march = CheckInRound.objects.get(plan=city.plan)
    remind_of_round(march, by=people["planner"], at=at("2026-04-02"))
    for day in ("2026-04-04", "2026-04-07", "2026-04-09", "2026-04-13"):
        checkins.escalate(at=at(day))


def play_supervision(city: SimpleNamespace) -> None:
    brought_to(city, "returned")
    late = write(city, title="关于孵化器的督办")
    supervision.issue_notice(late, by=city.people["leader"], at=AT)
    for count in range(10, 25):
        supervision.escalate_notices(at=days(count))


def play_issues(city: SimpleNamespace) -> None:
    people = city.people
    mended, late = (
        issues.raise_issue(title=title, raised_for=city.gaoxin, by=people["clerk"], at=AT)
        for title in ("设备到货晚", "数据口径不一")
    )
    duty = {"owner": city.qingling, "measure": "催促", "due_on": (AT + timedelta(days=8)).date()}
    mended, _ = (issues.assign_issue(each, **duty, by=people["planner"], at=AT) for each in (mended, late))
    proof = io.BytesIO(b"done")
    proof.name = "说明.txt"
    mended = issues.fulfil_issue(mended, text="已到货", files=[proof], by=people["county_clerk"], at=days(1))
    issues.confirm_issue(mended, by=people["clerk"], at=days(2))
    for count in range(3, 20):
        issues.remind_of_issues(at=days(count))


def play_meeting(city: SimpleNamespace) -> None:
    by = city.people["planner"]
    on = at("2026-04-15").date()
    meeting = meetings.call_meeting(city.plan, MeetingFields("四月办公会", on, on - timedelta(days=30)), by=by, at=AT)
    line: dict[str, Any] = {"section": "other", "title": "孵化器", "text": "", "organisation": None}
    meetings.add_item(meeting, **line, by=by, at=AT)
    said: dict[str, Any] = {"owner": city.gaoxin, "due_on": date(2026, 4, 30), "by": by}
    meetings.record_decision(meeting, text="加快孵化器认定", **said, at=at("2026-04-15"))
    assert not Notice.objects.filter(kind="plans.meeting_decided").exists()
    meetings.move_meeting(meeting, MeetingMove.HOLD, by=by, at=at("2026-04-15", hour=17))
    late = meetings.record_decision(meeting, text="补报名单", **said, at=at("2026-04-16"))
    meetings.change_decision(
        late, text="补报名单", owner=city.gaoxin, due_on=date(2026, 4, 30), by=by, at=at("2026-04-16")
    )


@pytest.fixture(scope="module")
def year(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """The small city's year, played once for all tests; everybody has an address, the head of 高新处 wants all by digest."""
    given = {
        "EMAIL_HOST": "mail.example", "SITE_URL": "https://kj.example.gov.cn", "STORAGE": tmp_path_factory.mktemp("year"),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }  # fmt: skip
    with django_db_blocker.unblock(), override_settings(**given), transaction.atomic():
        site = make.site()
        for role, person in site.people.items():
            User.objects.filter(pk=person.pk).update(email=f"{role}@example.cn")
        wanted = [Wanted(key, Ways(in_site=True, mail=False, digest=True)) for key in sorted(YEAR_KINDS)]
        notices.choose_ways(wanted, by=site.people["office_head"], at=AT)
        site.plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
        for play in (play_check_ins, play_supervision, play_issues, play_meeting):
            play(site)
        yield site
        transaction.set_rollback(True)


def test_every_kind_is_told_by_mail_of_its_own_with_words_and_a_way_to_it(year: SimpleNamespace) -> None:
    """Also those that do not go by mail of themselves: whoever wants them so gets them so (below)."""
    assert {kind.key for kind in kinds()} >= YEAR_KINDS
    assert len(YEAR_KINDS) == 16
    assert set(Notice.objects.filter(kind__in=YEAR_KINDS).values_list("kind", flat=True)) == YEAR_KINDS
    while notices.send_waiting(clock=lambda: at("2026-04-20")):
        pass
    by_mail = {kind.key for kind in kinds() if kind.key in YEAR_KINDS and kind.ways.mail}
    sent = {(message.to[0], message.subject): message.body for message in mail.outbox}
    for notice in Notice.objects.filter(kind__in=YEAR_KINDS).select_related("recipient"):
        body = sent.get((notice.recipient.email, f"【科枢】{notice.title}"))
        wants_mail = notice.kind in by_mail and notice.recipient != year.people["office_head"]
        assert (body is not None) == wants_mail, notice.kind
        if body is not None and notice.mail is not None:
            assert notice.title in body
            assert "https://kj.example.gov.cn/notices/" in body


def test_whoever_is_told_may_choose_the_kind_and_opens_what_it_leads_to(year: SimpleNamespace) -> None:
    problems, seen = [], set()
    for notice in Notice.objects.filter(kind__in=YEAR_KINDS).select_related("recipient").order_by("pk"):
        person = User.objects.get(pk=notice.recipient_id)
        if notice.kind not in {wish.kind.key for wish in wishes_of(person)}:
            problems.append(f"{notice.kind}: {person} cannot choose it")
        if (person.pk, notice.kind) in seen:
            continue
        seen.add((person.pk, notice.kind))
        client = Client()
        client.force_login(person)
        if client.get(notice.link, follow=True).status_code != 200:
            problems.append(f"{notice.kind}: {notice.link} does not open for {person.scope.roles}")
    assert problems == []


def test_the_digest_of_a_head_holds_every_kind_they_are_told_and_the_week_ahead(year: SimpleNamespace) -> None:
    """What is due within seven days of the morning stands at the end."""
    head = year.people["office_head"]
    told = [kind for kind in kinds() if kind.key in YEAR_KINDS]
    soon = write(year, title="关于技术合同的督办", due_on=date(2026, 4, 24), at=at("2026-04-16"))
    far = write(year, title="关于明年的督办", due_on=date(2026, 4, 28), at=at("2026-04-16"))
    for each in (soon, far):
        supervision.issue_notice(each, by=year.people["leader"], at=at("2026-04-16"))
    morning: datetime = at("2026-04-20", hour=8)
    notices.queue_daily_digests(at=morning)
    while notices.send_waiting(clock=lambda: morning):
        pass
    found = [m for m in mail.outbox if m.to == ["office_head@example.cn"] and "已发布" not in m.subject]
    assert [message.subject.rpartition("（")[0] for message in found] == ["【科枢】2026年4月20日消息摘要"]
    body = found[0].body
    for kind in told:
        own = Notice.objects.filter(recipient=head, kind=kind.key)
        assert body.count(f"（{kind.label}，") == own.count(), kind.key
    ahead = re.search(r"七天内到期的 (\d+) 项：\n((?:.+\n)+)", body)
    assert ahead is not None
    assert "2026-04-24 督办单办理时限：关于技术合同的督办" in ahead[2].splitlines()
    assert "关于明年的督办" not in ahead[2]
    assert int(ahead[1]) == len(ahead[2].splitlines())


def test_nobody_outside_is_told(year: SimpleNamespace) -> None:
    """Neither people of enterprises, banks and institutes, nor auditors; a county nothing of the office's own notices."""
    told = set(Notice.objects.filter(kind__in=YEAR_KINDS).values_list("recipient_id", flat=True))
    outside = {year.people[role].pk for role in ("enterprise", "institute", "bank", "expert", "auditor")}
    assert told & outside == set()
    county = Notice.objects.filter(recipient=year.people["county_clerk"], kind__startswith="plans.supervision")
    assert list(county) == []
