"""个人设置: one's own card; where one is signed in, and ending it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import AT, PASSWORD, make

from keshu.apps.bureau.models import AuditAction, AuditEntry, SignInSession, User
from keshu.apps.bureau.queries.devices import Browser, device_words
from keshu.apps.bureau.services import Refused, people, sign_in_sessions

pytestmark = pytest.mark.django_db

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36 Edg/139.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) MicroMessenger/8.0.50"
HOME = "/"


def signed_in(username: str, agent: str = EDGE) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("bureau:job-list")).status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge 浏览器，Windows 10 或 11"),
        (PHONE, "微信，iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "火狐浏览器，Linux"),
        ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "IE 浏览器，Windows 7"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari 浏览器，苹果电脑"),
        ("curl/8", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_one_changes_ones_own_telephone_and_address_but_not_the_name(client: Client) -> None:
    person = make.person("clerk", name="吴小芸")
    client.force_login(person)
    answer = client.post(
        reverse("bureau:account"),
        {"phone": "0511-88880000", "email": "wu@example.cn", "name": "吴大芸", "username": "x"},
    )
    assert answer.status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.name, person.phone, person.email) == ("吴小芸", "0511-88880000", "wu@example.cn")
    entry = AuditEntry.objects.filter(action=AuditAction.UPDATE).get()
    assert (entry.by, entry.after) == (person, {"phone": "0511-88880000", "email": "wu@example.cn"})


@pytest.mark.parametrize(("field", "value", "said"), [("phone", "打内线", "请只填数字"), ("email", "wu@", "格式应如")])
def test_the_card_says_what_is_wrong(client: Client, field: str, value: str, said: str) -> None:
    client.force_login(make.person("clerk"))
    answer = client.post(reverse("bureau:account"), {field: value})
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[field][0]


def test_the_devices_page_shows_where_one_is_signed_in() -> None:
    person = make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    here, _ = signed_in("wuxiaoyun"), signed_in("wuxiaoyun", PHONE)
    signed_in(make.person("clerk", username="chenli", password=PASSWORD).username, "Firefox/1 Linux")
    page = here.get(reverse("bureau:session-list"))
    assert [row.device for row in page.context["rows"]] == ["Edge 浏览器，Windows 10 或 11", "微信，iPhone"]
    assert page.content.decode().count("本机</") == 1
    key = here.session.session_key
    assert key is not None
    assert not SignInSession.objects.filter(user=person, key_hash__contains=key).exists()


def test_ending_a_session_signs_that_browser_out() -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    here, there = signed_in("wuxiaoyun"), signed_in("wuxiaoyun", PHONE)
    assert is_in(there)
    row = SignInSession.objects.get(device="微信，iPhone")
    assert here.post(reverse("bureau:session-end", args=[row.pk])).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    entry = AuditEntry.objects.filter(action=AuditAction.SIGN_OUT).get()
    assert entry.after == {"结束的登录": "微信，iPhone 127.0.0.1"}


def test_nobody_ends_anothers_session_by_its_number(client: Client) -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    theirs = signed_in("wuxiaoyun")
    row = SignInSession.objects.get()
    for role in ("clerk", "planner", "operator"):
        client.force_login(make.person(role))
        assert client.post(reverse("bureau:session-end", args=[row.pk])).status_code == 404
    assert is_in(theirs)


def test_ending_all_others_keeps_this_one() -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    browsers = [signed_in("wuxiaoyun") for _ in range(3)]
    browsers[1].post(reverse("bureau:session-end-others"))
    assert [is_in(browser) for browser in browsers] == [False, True, False]


def test_a_new_password_ends_all_others_and_this_browser_stays_on_the_list() -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    here, there = signed_in("wuxiaoyun"), signed_in("wuxiaoyun", PHONE)
    new = "qingling-2026!"
    here.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    page = here.get(reverse("bureau:session-list"))
    assert [row.key_hash == page.context["here"] for row in page.context["rows"]] == [True]


def test_signing_out_takes_the_browser_off_the_list() -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    signed_in("wuxiaoyun").post("/sign-out/")
    assert not SignInSession.objects.exists()


@pytest.mark.parametrize("what", ["switch", "password", "sessions"])
def test_the_operator_ends_a_persons_sessions(client: Client, what: str) -> None:
    person = make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    theirs = signed_in("wuxiaoyun")
    client.force_login(make.person("operator"))
    assert "1 处" in client.get(reverse("bureau:person-detail", args=[person.pk])).content.decode()
    data = {"why": "调离", "new_password1": "qingling-2026!"}
    assert client.post(reverse(f"bureau:person-{what}", args=[person.pk]), data).status_code == 302
    assert not is_in(theirs)
    assert not SignInSession.objects.filter(user=person).exists()
    # Switched on again, the browser of before stays signed out.
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert not is_in(theirs)


def test_the_planning_office_does_not_end_sessions() -> None:
    person = make.person("clerk")
    with pytest.raises(Refused, match="请联系系统管理员"):
        sign_in_sessions.end_sessions(person, by=make.person("planner"), at=AT)


def test_the_last_use_is_written_every_five_minutes_at_most() -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    here = signed_in("wuxiaoyun")
    here.get(HOME)
    early = timezone.now() - timedelta(hours=1)
    SignInSession.objects.update(seen_at=early, started_at=early)
    here.get(HOME)
    assert SignInSession.objects.get().seen_at == early
    session = here.session
    session["renewed"] -= 301
    session.save()
    here.get(HOME)
    row = SignInSession.objects.get()
    assert row.seen_at > early
    assert row.started_at == early


def test_a_session_from_before_the_list_is_entered_when_used() -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    here = signed_in("wuxiaoyun")
    SignInSession.objects.all().delete()
    here.get(HOME)
    assert SignInSession.objects.get().device == "Edge 浏览器，Windows 10 或 11"


def test_expired_sessions_are_forgotten_at_the_next_sign_in(settings: Any) -> None:
    person = make.person("clerk")
    sign_in_sessions.begin_session(person, browser=Browser("old", "甲", ""), at=AT)
    Session.objects.create(session_key="old", session_data="", expire_date=AT)
    later = AT + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
    sign_in_sessions.begin_session(person, browser=Browser("new", "乙", ""), at=later)
    assert [row.device for row in SignInSession.objects.all()] == ["乙"]
    assert not Session.objects.filter(session_key="old").exists()


def test_the_contact_is_changed_through_the_service() -> None:
    person = make.person("clerk")
    people.change_contact(person, phone=" 88880000 ", email="", at=AT)
    assert User.objects.get(pk=person.pk).phone == "88880000"
