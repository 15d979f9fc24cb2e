"""个人令牌: made with the password, shown once, kept as a hash, bounded, and gone with the account."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import AT, PASSWORD, make
from tests.programs import Program, token_for

from keshu.apps.bureau.models import AccessToken, AuditEntry
from keshu.apps.bureau.queries.tokens import hash_of
from keshu.apps.bureau.services import Unacceptable, people, second_factor, tokens
from keshu.apps.bureau.services.token_ends import revoke_token
from keshu.apps.bureau.services.token_use import use_token

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"name": "每日同步", "scopes": ["plans:read"], "days": 30, "password": PASSWORD}


@pytest.fixture
def site() -> SimpleNamespace:
    made = make.site()
    made.people["clerk"].set_password(PASSWORD)
    made.people["clerk"].save()
    return made


def status(user: Any, secret: str) -> int:
    return int(Program(user, secret=secret).get("/plans").status_code)


def test_the_secret_is_shown_once_and_kept_nowhere(site: SimpleNamespace, client: Client) -> None:
    clerk = site.people["clerk"]
    client.force_login(clerk)
    page = client.post(reverse("bureau:token-list"), {**GIVEN, "days": "30"})
    row = AccessToken.objects.get()
    secret = page.content.decode().partition('account__secret">')[2].partition("<")[0]
    assert (secret[:6], hash_of(secret), len(secret)) == ("keshu_", row.hashed_secret, 49)
    assert "no-store" in page["Cache-Control"]
    assert row.prefix == secret[:12]
    assert secret not in client.get(reverse("bureau:token-list")).content.decode()
    trail = "".join(str(entry.record()) for entry in AuditEntry.objects.all())
    assert "每日同步" in trail
    assert secret not in trail
    assert row.hashed_secret not in trail
    assert (row.expires_at - row.made_at).days == 30
    assert status(clerk, secret) == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "wrong"}, "password"), ({"scopes": []}, "scopes"), ({"scopes": ["plans:read", "all"]}, "scopes"),
        ({"days": 0}, "days"), ({"days": 366}, "days"), ({"name": " "}, "name"), ({"name": "长" * 61}, "name"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_at_its_field(site: SimpleNamespace, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        tokens.make_token(**{**GIVEN, **wrong}, by=site.people["clerk"], at=AT)
    assert (refusal.value.field, AccessToken.objects.count()) == (field, 0)


def test_the_second_factor_is_asked_for_where_it_is_on(site: SimpleNamespace, client: Client) -> None:
    clerk = site.people["clerk"]
    second_factor.begin(clerk, at=AT)
    totp = pyotp.TOTP(second_factor.provisioning(clerk)[0])
    second_factor.confirm(clerk, code=totp.at(AT), at=AT)
    with pytest.raises(Unacceptable, match="验证码不对"):
        tokens.make_token(**GIVEN, code="000000", by=clerk, at=AT)
    later = AT + timedelta(minutes=2)
    row, _ = tokens.make_token(**GIVEN, code=totp.at(later), by=clerk, at=later)
    assert row.is_live(later)
    client.force_login(clerk)
    assert 'name="code"' in client.get(reverse("bureau:token-list")).content.decode()


def test_a_person_has_so_many_live_tokens_at_most(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    rows = [token_for(clerk, at=AT)[0] for _ in range(tokens.MOST_LIVE)]
    with pytest.raises(Unacceptable, match="已有 20 个"):
        tokens.make_token(**GIVEN, by=clerk, at=AT)
    revoke_token(rows[0], by=clerk, at=AT)
    assert tokens.make_token(**GIVEN, by=clerk, at=AT)[0].pk


def test_it_ends_by_its_day_its_person_and_its_account(site: SimpleNamespace) -> None:
    clerk, operator, now = site.people["clerk"], site.people["operator"], timezone.now()
    _, past = token_for(clerk, expires_at=now - timedelta(seconds=1), at=now - timedelta(days=1))
    row, own = token_for(clerk)
    assert (status(clerk, past), status(clerk, own), status(clerk, f"{own}x")) == (401, 200, 401)
    revoke_token(row, by=clerk, at=now)
    assert status(clerk, own) == 401
    _, secret = token_for(clerk)
    people.switch_account(clerk, is_active=False, by=operator, at=now, why="调离")
    assert status(clerk, secret) == 401
    people.switch_account(clerk, is_active=True, by=operator, at=now, why="返岗")
    assert status(clerk, secret) == 401, "a token of before does not come back with the account"


def test_an_account_switched_off_by_any_way_stops_its_tokens_at_once(site: SimpleNamespace) -> None:
    clerk = site.people["clerk"]
    _, secret = token_for(clerk)
    type(clerk).objects.filter(pk=clerk.pk).update(is_active=False)
    assert status(clerk, secret) == 401


def test_a_reset_password_takes_the_tokens_and_ones_own_change_does_not(site: SimpleNamespace) -> None:
    clerk, now = site.people["clerk"], timezone.now()
    _, secret = token_for(clerk)
    people.set_password(clerk, password="qingling-2026!", by=clerk, at=now)
    assert status(clerk, secret) == 200
    people.set_password(clerk, password="yunlan-2027!!", by=site.people["operator"], at=now)
    assert status(clerk, secret) == 401


def test_what_is_due_on_the_pages_is_due_here(site: SimpleNamespace, settings: Any) -> None:
    clerk = site.people["clerk"]
    _, secret = token_for(clerk)
    settings.TOTP_ROLES = frozenset({"clerk"})
    refused = Program(clerk, secret=secret).get("/plans")
    assert (refused.status_code, "两步验证" in refused.json()["detail"]) == (403, True)
    settings.TOTP_ROLES = frozenset()
    type(clerk).objects.filter(pk=clerk.pk).update(must_change_password=True)
    assert "修改密码" in Program(clerk, secret=secret).get("/plans").json()["detail"]


def test_so_many_requests_a_minute_and_then_to_wait(site: SimpleNamespace, settings: Any) -> None:
    settings.API_RATE = 3
    row, secret = token_for(site.people["clerk"])
    assert [use_token(row, at=AT + timedelta(seconds=second)) for second in (0, 10, 20, 30)] == [0, 0, 0, 30]
    assert use_token(row, at=AT + timedelta(seconds=61)) == 0
    other, _ = token_for(site.people["leader"])
    assert use_token(other, at=AT + timedelta(seconds=30)) == 0
    program = Program(site.people["clerk"], secret=secret)
    answers = [program.get("/plans") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert answers[3]["Content-Type"] == "application/problem+json"


def test_nobody_sees_or_revokes_anothers(site: SimpleNamespace, client: Client) -> None:
    row, secret = token_for(site.people["clerk"], name="别人的令牌")
    client.force_login(site.people["operator"])
    assert "别人的令牌" not in client.get(reverse("bureau:token-list")).content.decode()
    assert client.post(reverse("bureau:token-revoke", args=[row.pk])).status_code == 404
    client.force_login(site.people["clerk"])
    assert client.post(reverse("bureau:token-revoke", args=[row.pk])).status_code == 302
    assert status(site.people["clerk"], secret) == 401


def test_the_settings_bound_the_form(client: Client, site: SimpleNamespace, settings: Any) -> None:
    settings.TOKEN_DAYS = 30
    client.force_login(site.people["clerk"])
    page = client.get(reverse("bureau:token-list")).content.decode()
    assert 'value="30"' in page
    assert 'value="90"' not in page


def test_a_header_that_is_no_token_is_refused(site: SimpleNamespace) -> None:
    client = Client(raise_request_exception=False)
    for header in ("", "Bearer", "Bearer  ", "Basic abc", "Bearer " + "长" * 3000, "Bearer \udcff"):
        assert client.get("/api/v1/plans", headers={"Authorization": header}).status_code == 401, header
    assert settings.API_RATE > 0
