"""Telling people: once, only those who may know, by the ways they chose; mails and digests; the pages."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import AT, ON, PASSWORD, make

from keshu.apps.bureau.models import AuditEntry, Job, JobState, MailState, Membership, Notice, NoticeMail, User
from keshu.apps.bureau.queries import notices as queries
from keshu.apps.bureau.queries.frame import page_frame
from keshu.apps.bureau.services import Refused, jobs, notices, people
from keshu.apps.bureau.services.notices import NoticeKind, Wanted, Ways
from keshu.apps.bureau.services.notices.mailing import PAUSES
from keshu.site import diagnosis

pytestmark = pytest.mark.django_db

PLAIN = notices.register(NoticeKind("tests.plain", "试验", "试验用。", Ways(mail=True)))
FIXED = notices.register(NoticeKind("tests.fixed", "必收", "试验用。", may_be_off=False))
ABOUT_JOB = notices.register(
    NoticeKind("tests.about_job", "任务", "试验用。", Ways(mail=True), sight=lambda user: Job.objects.visible_to(user))
)


class Broken(EmailBackend):
    """A mail server that answers wrongly."""

    error: Exception = ConnectionRefusedError()

    def send_messages(self, messages: Any) -> int:
        raise self.error


@pytest.fixture
def mail_server(settings: Any) -> Any:
    settings.EMAIL_HOST = "mail.example"
    settings.SITE_URL = "https://kj.example.gov.cn"
    return settings


@pytest.fixture
def broken(mail_server: Any) -> Any:
    mail_server.EMAIL_BACKEND = f"{__name__}.Broken"
    Broken.error = ConnectionRefusedError()
    return Broken


def reader(**traits: Any) -> User:
    return make.person("clerk", **{"email": "lin@example.cn", **traits})


def tell(*persons: User, kind: NoticeKind = PLAIN, key: str = "1", at: datetime = AT, **more: Any) -> int:
    said = {"title": "有一件事", "text": "请看一看。", "link": "/jobs/", **more}
    return notices.notify(kind=kind.key, recipients=[p.pk for p in persons], key=key, at=at, **said)


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def page(person: User, url: str, **headers: str) -> str:
    client = Client(headers=headers)
    client.force_login(person)
    return client.get(url).content.decode()


def posted(person: User, name: str, data: dict[str, Any]) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(reverse(f"bureau:notice-{name}"), data)


def send(at: datetime = AT) -> int:
    return notices.send_waiting(clock=lambda: at)


# --- who is told, and how often


def test_the_same_event_tells_a_person_once() -> None:
    lin, wu = reader(), reader()
    assert tell(lin) == 1
    assert tell(lin, wu) == 1
    assert tell(lin, key="2") == 1
    assert [Notice.objects.filter(recipient=person).count() for person in (lin, wu)] == [2, 1]


def test_of_two_messages_for_one_person_the_first_counts() -> None:
    lin = reader()
    first = notices.Message(PLAIN.key, [lin.pk], "甲", "", "/jobs/", "1")
    second = notices.Message(PLAIN.key, [lin.pk], "乙", "", "/jobs/", "1")
    assert notices.tell([first, second], at=AT) == 1
    assert Notice.objects.get().title == "甲"


def test_an_account_that_is_switched_off_is_not_told() -> None:
    assert tell(reader(is_active=False)) == 0


def test_who_does_not_see_the_subject_is_not_told_and_sent_no_mail(mail_server: Any) -> None:
    starter, other, operator = reader(), reader(), make.person("operator")
    job = make.job(by=starter)
    assert tell(starter, other, operator, kind=ABOUT_JOB, subject_id=job.pk) == 2
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {starter.pk, operator.pk}
    assert list(NoticeMail.objects.values_list("recipient_id", flat=True)) == [starter.pk]


def test_who_ceases_to_see_the_subject_finds_the_notice_no_more(mail_server: Any) -> None:
    operator = make.person("operator", email="yang@example.cn")
    job = make.job(by=reader())
    tell(operator, kind=ABOUT_JOB, subject_id=job.pk)
    assert page_frame(fresh(operator)).notices == 1
    Membership.objects.filter(user=operator).update(until_on=ON)
    former = fresh(operator)
    assert list(queries.inbox(former)) == []
    assert page_frame(former).notices == 0
    client = Client()
    client.force_login(former)
    assert client.get(reverse("bureau:notice-open", args=[Notice.objects.get().pk])).status_code == 404
    assert send() == 0
    assert mail.outbox == []
    assert NoticeMail.objects.get().state == MailState.DROPPED


def test_a_notice_about_a_row_must_name_it() -> None:
    with pytest.raises(ValueError, match="subject_id"):
        tell(reader(), kind=ABOUT_JOB)


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "jobs/"])
def test_a_notice_leads_within_the_site(link: str) -> None:
    with pytest.raises(ValueError, match="within the site"):
        tell(reader(), link=link)


def test_many_are_told_with_few_queries() -> None:
    persons = [reader() for _ in range(60)]
    with CaptureQueriesContext(connection) as asked:
        assert tell(*persons) == 60
    assert len(asked) <= 8


# --- the ways one chose


def test_a_kind_switched_off_tells_nobody() -> None:
    lin = reader()
    notices.choose_ways([Wanted(PLAIN.key, Ways(in_site=False))], by=lin, at=AT)
    assert tell(lin) == 0


def test_by_mail_alone_the_inbox_stays_empty(mail_server: Any) -> None:
    lin = reader()
    notices.choose_ways([Wanted(PLAIN.key, Ways(in_site=False, mail=True))], by=lin, at=AT)
    tell(lin)
    assert list(queries.inbox(fresh(lin))) == []
    assert send() == 1


def test_what_may_not_be_off_stays_in_the_inbox() -> None:
    lin = reader()
    notices.choose_ways([Wanted(FIXED.key, Ways(in_site=False, digest=True))], by=lin, at=AT)
    tell(lin, kind=FIXED)
    (row,) = queries.inbox(fresh(lin))
    assert row.is_for_digest


def test_choices_are_recorded_and_unchanged_ones_are_not() -> None:
    lin = reader()
    notices.choose_ways([Wanted(PLAIN.key, PLAIN.ways)], by=lin, at=AT)
    assert not AuditEntry.objects.exists()
    for ways in (Ways(mail=False), Ways(mail=False), PLAIN.ways):
        notices.choose_ways([Wanted(PLAIN.key, ways)], by=lin, at=AT)
    assert AuditEntry.objects.filter(by=lin).count() == 2


# --- mails


def test_a_mail_in_plain_chinese_with_the_way_to_the_page(mail_server: Any) -> None:
    lin = reader(name="林静")
    tell(lin, title="《云澜市2026年要点》\n已发布", text="本单位牵头 3 项。")
    assert send() == 1
    (sent,) = mail.outbox
    assert sent.to == ["lin@example.cn"]
    assert sent.subject == "【科枢】《云澜市2026年要点》 已发布"
    assert "本单位牵头 3 项。" in sent.body
    assert f"https://kj.example.gov.cn/notices/{Notice.objects.get().pk}/" in sent.body
    assert "https://kj.example.gov.cn/notices/settings/" in sent.body
    assert NoticeMail.objects.get().sent_at == AT
    assert send() == 0


def test_without_a_mail_server_or_an_address_no_mail_is_made(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    assert tell(reader()) == 1
    settings.EMAIL_HOST = "mail.example"
    assert tell(reader(email="")) == 1
    assert not NoticeMail.objects.exists()


def test_without_the_site_address_the_mail_asks_to_sign_in(mail_server: Any) -> None:
    mail_server.SITE_URL = ""
    tell(reader())
    send()
    assert "请登录科枢查看" in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body


def test_a_failing_mail_is_tried_four_times_then_the_operator_is_told_once_a_day(broken: type[Broken]) -> None:
    operator = make.person("operator")
    tell(reader(name="林静"), reader())
    at = AT
    for pause in PAUSES:
        for _ in range(2):
            send(at)  # one mail a round while the server is away
        assert send(at) == 0
        at += pause
    for _ in range(2):
        send(at)
    assert list(NoticeMail.objects.values_list("state", "tries")) == [(MailState.FAILED, 4)] * 2
    (told,) = queries.inbox(fresh(operator))
    assert "没有连上邮件服务器" in told.text
    assert send(at + timedelta(days=1)) == 0


def test_an_address_that_is_refused_is_given_up_at_once(broken: type[Broken]) -> None:
    broken.error = smtplib.SMTPRecipientsRefused({"lin@example.cn": (550, b"no such user")})
    tell(reader())
    send()
    row = NoticeMail.objects.get()
    assert (row.state, row.tries) == (MailState.FAILED, 1)
    assert "邮箱地址" in row.error


def test_a_mail_whose_sender_died_is_given_up_and_never_sent_twice(mail_server: Any) -> None:
    tell(reader())
    NoticeMail.objects.update(state=MailState.SENDING, tries=1)
    assert send(AT + timedelta(minutes=10)) == 0
    assert NoticeMail.objects.get().state == MailState.SENDING
    assert send(AT + timedelta(minutes=16)) == 0
    assert NoticeMail.objects.get().state == MailState.FAILED
    assert mail.outbox == []


def test_the_operator_sends_failed_mails_again(mail_server: Any) -> None:
    operator, lin = make.person("operator"), reader()
    tell(lin)
    NoticeMail.objects.update(state=MailState.FAILED, tries=4)
    with pytest.raises(Refused):
        notices.retry_failed(by=lin, at=AT)
    assert notices.retry_failed(by=operator, at=AT) == 1
    assert send() == 1


def test_the_worker_sends_mails_as_time_passes(mail_server: Any) -> None:
    tell(reader())
    jobs.run_worker(once=True)
    assert len(mail.outbox) == 1


# --- the digest

MORNING = datetime(2026, 3, 6, 0, 5, tzinfo=UTC)  # 08:05 in Shanghai


def digested(person: User) -> None:
    notices.choose_ways([Wanted(PLAIN.key, Ways(digest=True))], by=person, at=AT)


def test_the_digest_holds_what_happened_before_the_hour_and_is_sent_once(mail_server: Any) -> None:
    lin = reader(name="林静")
    digested(lin)
    tell(lin, key="1", title="甲事")
    tell(lin, key="2", title="乙事")
    tell(lin, key="3", title="丙事", at=MORNING)
    assert notices.queue_daily_digests(at=MORNING - timedelta(minutes=10)).people == 0
    assert notices.queue_daily_digests(at=MORNING) == notices.DigestRun(1, 2)
    assert notices.queue_daily_digests(at=MORNING) == notices.DigestRun(0, 0)
    assert send(MORNING) == 1
    (sent,) = mail.outbox
    assert sent.subject == "【科枢】2026年3月6日消息摘要（2 条）"
    assert "甲事" in sent.body
    assert "乙事" in sent.body
    assert "丙事" not in sent.body
    assert notices.queue_daily_digests(at=MORNING + timedelta(days=1)) == notices.DigestRun(1, 1)


def test_the_digest_leaves_out_what_its_reader_may_no_longer_see(mail_server: Any) -> None:
    operator = make.person("operator", email="yang@example.cn")
    notices.choose_ways([Wanted(ABOUT_JOB.key, Ways(digest=True))], by=operator, at=AT)
    tell(operator, kind=ABOUT_JOB, subject_id=make.job(by=reader()).pk)
    notices.queue_daily_digests(at=MORNING)
    Membership.objects.filter(user=operator).update(until_on=ON)
    assert send(MORNING) == 0


def test_nobody_gets_an_empty_digest(mail_server: Any) -> None:
    digested(reader())
    assert notices.queue_digests(before=MORNING, at=MORNING) == notices.DigestRun(0, 0)
    assert not NoticeMail.objects.exists()


# --- what the house tells of itself


def test_a_role_given_and_ended_is_told_to_the_person() -> None:
    site = make.site()
    clerk, operator = site.people["clerk"], site.people["operator"]
    row = people.grant_role(clerk, organisation=site.guihua, role="planner", from_on=ON, by=operator, at=AT)
    people.end_role(row, until_on=ON + timedelta(days=5), by=operator, at=AT)
    titles = list(queries.inbox(fresh(clerk)).order_by("pk").values_list("title", flat=True))
    assert titles == ["任职新增：规划处 规划办公室", "任职结束：规划处 规划办公室"]


def test_a_new_account_is_not_told_of_its_first_role() -> None:
    site = make.site()
    operator = site.people["operator"]
    given = people.PersonFields("新人", "xinren")
    people.open_account(given, password=PASSWORD, organisation=site.gaoxin, role="clerk", by=operator, at=AT, on=ON)
    assert not Notice.objects.exists()


def test_a_password_set_by_somebody_else_is_told() -> None:
    site = make.site()
    clerk, operator = site.people["clerk"], site.people["operator"]
    people.set_password(clerk, password="qingling-2026!", by=operator, at=AT)
    assert queries.inbox(fresh(clerk)).get().title == "登录密码已被重设"
    assert "qingling" not in Notice.objects.get().text
    people.set_password(clerk, password="lanshan-2027!", by=clerk, at=AT)
    assert Notice.objects.count() == 1


@jobs.register("tests.noticed")
def _noticed(job: jobs.JobHandle) -> dict[str, Any]:
    if job.params.get("fails"):
        raise jobs.JobCancelled if job.params["fails"] == "cancelled" else RuntimeError
    return {"message": "读出 12 条指标。"}


@pytest.mark.parametrize(
    ("params", "seconds", "title"),
    [
        ({}, 30, "读取要点：已完成"),
        ({"fails": "yes"}, 30, "读取要点：未成功"),
        ({}, 2, None),
        ({"fails": "cancelled"}, 30, None),
    ],
)
def test_the_end_of_a_long_job_is_told_to_who_started_it(
    params: dict[str, Any], seconds: int, title: str | None
) -> None:
    lin = reader()
    job = jobs.start_job(kind="tests.noticed", title="读取要点", params=params, by=lin, at=AT)
    jobs.execute_job(job.pk, clock=lambda: AT + timedelta(seconds=seconds))
    told = queries.inbox(fresh(lin)).first()
    assert (told.title if told else None) == title
    assert told is None or told.link == reverse("bureau:job-detail", args=[job.pk])
    assert Job.objects.get().state != JobState.RUNNING


# --- the pages


def test_the_bell_counts_without_another_query_and_lists_the_latest() -> None:
    lin = reader()
    with CaptureQueriesContext(connection) as without:
        page_frame(fresh(lin))
    for number in range(12):
        tell(lin, key=str(number), title=f"第{number:02}件事", at=AT + timedelta(minutes=number))
    with CaptureQueriesContext(connection) as asked:
        assert page_frame(fresh(lin)).notices == 12
    assert len(asked) == len(without)
    assert 'class="bell__count">12<' in page(lin, reverse("home"))
    shown = page(lin, reverse("bureau:notice-latest"), **{"HX-Request": "true"})
    assert "第11件事" in shown
    assert "第02件事" in shown
    assert "第01件事" not in shown


def test_following_a_notice_marks_it_read() -> None:
    lin, other = reader(), reader()
    tell(lin, other)
    mine, foreign = (Notice.objects.get(recipient=person) for person in (lin, other))
    client = Client()
    client.force_login(lin)
    answer = client.get(reverse("bureau:notice-open", args=[mine.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/jobs/")
    assert page_frame(fresh(lin)).notices == 0
    assert client.get(reverse("bureau:notice-open", args=[foreign.pk])).status_code == 404
    assert page_frame(fresh(other)).notices == 1


def test_the_inbox_is_narrowed_marked_and_cleared() -> None:
    lin, other = reader(), reader()
    tell(lin, other, key="1", title="甲事")
    tell(lin, key="2", kind=FIXED, title="乙事")
    url = reverse("bureau:notice-list")
    assert "乙事" not in page(lin, f"{url}?kind=tests.plain")
    assert "甲事" in page(lin, f"{url}?kind=tests.plain")
    assert "甲事" not in page(lin, f"{url}?q=乙事")
    first = Notice.objects.get(recipient=lin, key="1")
    foreign = Notice.objects.get(recipient=other)
    posted(lin, "read", {"ids": [first.pk, foreign.pk]})
    assert "甲事" not in page(lin, f"{url}?read=0")
    assert "乙事" in page(lin, f"{url}?read=0")
    posted(lin, "put-away", {"ids": [first.pk, foreign.pk]})
    assert list(queries.inbox(fresh(lin)).values_list("title", flat=True)) == ["乙事"]
    posted(lin, "read-all", {})
    assert page_frame(fresh(lin)).notices == 0
    foreign.refresh_from_db()
    assert (foreign.read_at, foreign.put_away_at) == (None, None)


def test_an_empty_inbox_says_what_it_is_for() -> None:
    assert "没有消息" in page(reader(), reverse("bureau:notice-list"))


def test_the_settings_page_keeps_what_is_ticked(mail_server: Any) -> None:
    lin = reader(email="")
    assert "没有邮箱" in page(lin, reverse("bureau:notice-settings"))
    assert posted(lin, "settings", {"tests.plain:digest": "on"}).status_code == 302
    chosen = {wish.kind.key: wish.ways for wish in queries.wishes_of(lin)}
    assert chosen["tests.plain"] == Ways(in_site=False, mail=False, digest=True)
    assert chosen["tests.fixed"] == Ways(in_site=True, mail=False, digest=False)


def test_only_kinds_that_can_concern_a_person_are_offered() -> None:
    offered = {role: {w.kind.key for w in queries.wishes_of(make.person(role))} for role in ("operator", "enterprise")}
    assert {"bureau.mail_failed", "plans.published", "bureau.password_reset"} <= offered["operator"]
    assert offered["enterprise"] & {"bureau.mail_failed", "plans.published", "bureau.password_reset"} == {
        "bureau.password_reset"
    }


def test_the_check_says_how_mails_go_out(mail_server: Any) -> None:
    assert "mail.example" in diagnosis._mail().text
    mail_server.SITE_URL = ""
    assert "KESHU_SITE_URL" in diagnosis._mail().text
    mail_server.EMAIL_HOST = ""
    assert "KESHU_MAIL_HOST" in diagnosis._mail().text


def test_mails_are_listed_for_the_operator_alone(mail_server: Any) -> None:
    lin, other = reader(name="林静"), reader(name="吴芸", email="wu@example.cn")
    tell(lin, other)
    url = reverse("bureau:notice-mail-list")
    shown = page(make.person("operator"), url)
    assert "lin@example.cn" in shown
    assert "wu@example.cn" in shown
    own = page(lin, url)
    assert "lin@example.cn" in own
    assert "wu@example.cn" not in own
    assert posted(lin, "mail-retry", {}).status_code == 403
