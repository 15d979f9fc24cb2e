"""Signing in and out: throttled, recorded, silent about who exists; first passwords are changed before anything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import PASSWORD, make

from keshu.apps.bureau.models import AuditAction, AuditEntry

pytestmark = pytest.mark.django_db

SIGN_IN, HOME = "/sign-in/", "/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **extra})


def entries(action: AuditAction) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


def test_pages_ask_for_sign_in(client: Client) -> None:
    response = client.get(reverse("bureau:organisation-list"))
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/organisations/")


def test_signing_in_and_out_is_recorded(client: Client) -> None:
    person = make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    response = sign_in(client, "wuxiaoyun", next="/organisations/")
    assert (response.status_code, response["Location"]) == (302, "/organisations/")
    (entry,) = entries(AuditAction.SIGN_IN)
    assert (entry.by, entry.subject_name, entry.after) == (person, person.name, {"地址": "127.0.0.1"})
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    (entry,) = entries(AuditAction.SIGN_OUT)
    assert entry.by == person
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://example.cn/", "//example.cn/", "javascript:alert(1)"])
def test_next_stays_on_this_host(client: Client, elsewhere: str) -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    assert sign_in(client, "wuxiaoyun", next=elsewhere)["Location"] == HOME


def test_the_answer_tells_nobody_who_exists(client: Client) -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    make.person("clerk", username="lizhi", password=PASSWORD, is_active=False)
    answers = {
        client.post(SIGN_IN, {"username": name, "password": password}).context["form"].non_field_errors()[0]
        for name, password in (("wuxiaoyun", "wrong"), ("lizhi", PASSWORD), ("meiyouren", "wrong"))
    }
    assert answers == {"用户名或密码不对，请重新输入。连续输错 5 次，将暂停登录 15 分钟。"}


def test_refusals_are_recorded_without_what_was_typed_for_a_name(client: Client) -> None:
    person = make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    sign_in(client, "wuxiaoyun", "wrong")
    sign_in(client, "my-secret-password", "wrong")
    known, unknown = entries(AuditAction.SIGN_IN_REFUSED)
    assert (known.subject_id, known.by, known.why) == (str(person.pk), None, "用户名或密码不对")
    assert unknown.subject_name == "不存在的账号"
    assert not AuditEntry.objects.filter(subject_name__contains="secret").exists()


def test_five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(client: Client) -> None:
    make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    other = make.person("clerk", username="chenli", password=PASSWORD)
    for _ in range(4):
        assert sign_in(client, "wuxiaoyun", "wrong").status_code == 200
    fifth = sign_in(client, "wuxiaoyun", "wrong")
    assert fifth.status_code == 429
    opens = timezone.localtime() + timedelta(minutes=15)
    times = {f"{opens + timedelta(seconds=shift):%H:%M}" for shift in (-10, 0, 60)}
    assert any(f"请在 {time} 之后再试" in fifth.content.decode() for time in times)
    # The right password does not help now; another person at the same desk is not locked out.
    assert sign_in(client, "wuxiaoyun").status_code == 429
    assert sign_in(client, "chenli").status_code == 302
    assert entries(AuditAction.SIGN_IN)[-1].by == other
    assert entries(AuditAction.SIGN_IN_REFUSED)[-1].why == "连续输错，已暂停登录"
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    client.post("/sign-out/")
    assert sign_in(client, "wuxiaoyun").status_code == 302


def test_names_that_do_not_exist_are_locked_alike(client: Client) -> None:
    codes = [sign_in(client, "meiyouren", "wrong").status_code for _ in range(6)]
    assert codes == [200, 200, 200, 200, 429, 429]


def test_a_given_password_is_changed_before_anything_else(client: Client) -> None:
    person = make.person("clerk", username="wuxiaoyun", password=PASSWORD, must_change_password=True)
    sign_in(client, "wuxiaoyun")
    assert client.get(reverse("bureau:organisation-list"))["Location"] == "/password/"
    htmx = client.get(reverse("bureau:job-list"), headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (204, "/password/")
    response = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "qingling-2026!", "new_password2": "qingling-2026!"}
    )
    assert response["Location"] == HOME
    person.refresh_from_db()
    assert person.check_password("qingling-2026!")
    assert not person.must_change_password
    assert client.get(reverse("bureau:organisation-list")).status_code == 200


@pytest.mark.parametrize(
    ("old", "first", "second", "field", "said"),
    [
        ("wrong", "qingling-2026!", "qingling-2026!", "old_password", "现用密码不对"),
        (PASSWORD, "qingling-2026!", "qingling-2027!", "new_password2", "两次输入的新密码不一样"),
        (PASSWORD, "duan-1", "duan-1", "new_password1", "10"),
        (PASSWORD, "12345678901234", "12345678901234", "new_password1", "数字"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password1", "与现用密码相同"),
        (PASSWORD, "", "", "new_password1", "请填写新密码"),
    ],
)
def test_the_password_page_says_what_is_wrong(
    client: Client, old: str, first: str, second: str, field: str, said: str
) -> None:
    person = make.person("clerk", password=PASSWORD)
    client.force_login(person)
    response = client.post("/password/", {"old_password": old, "new_password1": first, "new_password2": second})
    assert response.status_code == 422
    assert said in " ".join(response.context["form"].errors[field])
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions(client: Client) -> None:
    person = make.person("clerk", username="wuxiaoyun", password=PASSWORD)
    elsewhere = Client()
    elsewhere.force_login(person)
    client.force_login(person)
    client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "qingling-2026!", "new_password2": "qingling-2026!"}
    )
    assert client.get(reverse("bureau:job-list")).status_code == 200
    assert elsewhere.get(reverse("bureau:job-list")).status_code == 302


def test_a_session_lasts_while_somebody_works_and_polling_is_no_work(client: Client) -> None:
    job = make.job()
    client.force_login(job.created_by)
    client.get(reverse("bureau:job-list"))
    session = client.session
    assert session.get_expiry_age() == 8 * 3600
    session["renewed"] -= 400
    session.save()
    before = client.session["renewed"]
    client.get(reverse("bureau:job-panel", args=[job.pk]))
    assert client.session["renewed"] == before
    client.get(reverse("bureau:job-list"))
    assert client.session["renewed"] > before


def test_an_ended_session_sends_htmx_to_the_sign_in_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/organisations/?q=1"}
    response = client.get(reverse("bureau:organisation-list"), headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/sign-in/?next=/organisations/%3Fq%3D1")


def test_an_account_without_a_role_sees_nothing(client: Client) -> None:
    make.bureau()
    client.force_login(make.person(None))
    for name in ("bureau:organisation-list", "bureau:person-list", "bureau:alias-list"):
        page = client.get(reverse(name))
        assert (page.status_code, "您的账号不能查看" in page.content.decode()) == (403, True)


def test_before_the_first_password_is_changed_no_other_place_is_offered(client: Client) -> None:
    person = make.person("clerk", must_change_password=True)
    client.force_login(person)
    page = client.get(reverse("bureau:password")).content.decode()
    assert "您使用的是初始密码" in page
    assert 'id="nav"' not in page
    assert reverse("bureau:sign-out") in page
    type(person).objects.filter(pk=person.pk).update(must_change_password=False)
    assert 'id="nav"' in client.get(reverse("bureau:password")).content.decode()
