"""The second factor: the code of RFC 6238, once each, throttled; recovery codes; reset; roles that must have it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import AT, PASSWORD, make

from keshu.apps.bureau.models import AuditAction, AuditEntry, RecoveryCode, SecondFactor, User
from keshu.apps.bureau.queries.sign_in import has_second_factor, recovery_codes_left
from keshu.apps.bureau.services import Refused, Unacceptable, sealing, second_factor

pytestmark = pytest.mark.django_db

# RFC 6238, appendix B: the key of the SHA-1 table, and the last six digits of its values.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_TABLE = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
HALF_MINUTE = timedelta(seconds=30)


def enrolled(*, at: datetime = AT, secret: str = RFC_SECRET, **traits: Any) -> tuple[User, tuple[str, ...]]:
    """Somebody with the second factor on, and their recovery codes. The window of `at` is not used."""
    person = make.person("clerk", **traits)
    second_factor.begin(person, at=at)
    SecondFactor.objects.filter(user=person).update(secret=sealing.seal(secret))
    codes = second_factor.confirm(person, code=code_at(at - 2 * HALF_MINUTE, secret), at=at - 2 * HALF_MINUTE)
    return person, codes


def code_at(moment: datetime, secret: str = RFC_SECRET) -> str:
    return pyotp.TOTP(secret).at(moment)


def is_accepted(person: User, code: str, *, at: datetime) -> bool:
    try:
        second_factor.verify(person, code=code, at=at)
    except Unacceptable:
        return False
    return True


@pytest.mark.parametrize(("second", "code"), RFC_TABLE)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)
    person = make.person("clerk")
    SecondFactor.objects.create(user=person, secret=sealing.seal(RFC_SECRET), confirmed_at=AT)
    assert is_accepted(person, code, at=at)


@pytest.mark.parametrize(("windows", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_window_before_and_after_counts(windows: int, is_right: bool) -> None:
    person, _ = enrolled(at=AT - timedelta(hours=1))
    assert is_accepted(person, code_at(AT + windows * HALF_MINUTE), at=AT) is is_right


def test_a_code_works_once_and_so_does_none_of_an_earlier_window() -> None:
    person, _ = enrolled()
    assert is_accepted(person, code_at(AT), at=AT)
    assert not is_accepted(person, code_at(AT), at=AT)
    assert not is_accepted(person, code_at(AT - HALF_MINUTE), at=AT)
    assert is_accepted(person, code_at(AT + HALF_MINUTE), at=AT)


def test_blanks_and_full_width_digits_do_not_matter() -> None:
    person, _ = enrolled()
    code = code_at(AT)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert is_accepted(person, f" {wide[:3]} {wide[3:]} ", at=AT)


def test_five_wrong_codes_close_the_door_for_ten_minutes() -> None:
    person, codes = enrolled()
    for _ in range(4):
        with pytest.raises(Unacceptable, match="验证码不对"):
            second_factor.verify(person, code="000000", at=AT)
    with pytest.raises(Unacceptable, match=r"连续 5 次输错，两步验证已暂停。请在 09:40 之后再试"):
        second_factor.verify(person, code="000000", at=AT)
    # Neither a right code nor a recovery code helps meanwhile, and a new recovery code is not spent.
    late = AT + timedelta(minutes=9)
    assert not is_accepted(person, code_at(late), at=late)
    assert not is_accepted(person, codes[0], at=late)
    assert recovery_codes_left(person) == 10
    after = AT + timedelta(minutes=10)
    assert is_accepted(person, code_at(after), at=after)
    refused = AuditEntry.objects.filter(action=AuditAction.SIGN_IN_REFUSED, subject_id=str(person.pk))
    assert [entry.why for entry in refused] == ["连续输错验证码，已暂停", *["验证码不对"] * 4]


def test_a_right_code_forgets_the_wrong_ones() -> None:
    person, _ = enrolled()
    for _ in range(4):
        assert not is_accepted(person, "000000", at=AT)
    assert is_accepted(person, code_at(AT), at=AT)
    assert not is_accepted(person, "000000", at=AT)
    assert is_accepted(person, code_at(AT + HALF_MINUTE), at=AT)


def test_each_recovery_code_works_once() -> None:
    person, codes = enrolled()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code) for code in codes)
    assert is_accepted(person, codes[3].lower().replace("-", " "), at=AT)
    assert not is_accepted(person, codes[3], at=AT)
    assert recovery_codes_left(person) == 9
    other, _ = enrolled()
    assert not is_accepted(other, codes[4], at=AT)


def test_new_recovery_codes_replace_the_old() -> None:
    person, old = enrolled()
    new = second_factor.renew_recovery_codes(person, code=code_at(AT), at=AT)
    assert not set(new) & set(old)
    assert not is_accepted(person, old[0], at=AT)
    assert is_accepted(person, new[0], at=AT)


def test_it_counts_only_when_confirmed() -> None:
    person = make.person("clerk")
    second_factor.begin(person, at=AT)
    assert not has_second_factor(person)
    secret, address = second_factor.provisioning(person)
    assert address.startswith("otpauth://totp/")
    assert f"secret={secret}" in address
    with pytest.raises(Unacceptable, match="验证码不对"):
        second_factor.confirm(person, code="000000", at=AT)
    assert not has_second_factor(person)
    second_factor.confirm(person, code=code_at(AT, secret), at=AT)
    assert has_second_factor(person)
    with pytest.raises(Unacceptable, match="已经启用"):
        second_factor.begin(person, at=AT)
    with pytest.raises(Unacceptable, match="还没有开始设置"):
        second_factor.provisioning(person)


def test_nothing_secret_is_stored_in_the_clear_or_reaches_the_trail() -> None:
    person, codes = enrolled()
    second_factor.verify(person, code=codes[0], at=AT)
    row = SecondFactor.objects.get(user=person)
    assert RFC_SECRET not in row.secret
    hashes = set(RecoveryCode.objects.filter(user=person).values_list("code_hash", flat=True))
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in hashes)
    told = " ".join(
        f"{entry.before} {entry.after} {entry.why} {entry.subject_name}" for entry in AuditEntry.objects.all()
    )
    assert "使用了恢复码，还剩 9 个" in told
    assert not any(each in told for each in (RFC_SECRET, row.secret, *codes, *hashes))


def test_the_secret_survives_a_new_key_of_the_site(settings: Any) -> None:
    person, _ = enrolled()
    sealed = SecondFactor.objects.get(user=person).secret
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-key-of-the-site"
    assert is_accepted(person, code_at(AT), at=AT)
    # What was opened with the old key is sealed with the new one.
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)
    assert is_accepted(person, code_at(AT + HALF_MINUTE), at=AT)
    settings.SECRET_KEY = "a-third-key"
    with pytest.raises(Unacceptable, match="系统密钥已更换"):
        second_factor.verify(person, code=code_at(AT + 9 * HALF_MINUTE), at=AT + 9 * HALF_MINUTE)


def test_switching_off_needs_password_and_code() -> None:
    person, codes = enrolled(password=PASSWORD)
    with pytest.raises(Unacceptable, match="密码不对"):
        second_factor.switch_off(person, password="wrong", code=code_at(AT), at=AT)
    with pytest.raises(Unacceptable, match="验证码不对"):
        second_factor.switch_off(person, password=PASSWORD, code="000000", at=AT)
    assert has_second_factor(person)
    second_factor.switch_off(person, password=PASSWORD, code=codes[0], at=AT)
    assert not has_second_factor(person)
    assert not RecoveryCode.objects.filter(user=person).exists()
    assert AuditEntry.objects.first().after == {"两步验证": "已关闭"}  # type: ignore[union-attr]


def test_whose_role_must_have_it_cannot_switch_it_off(settings: Any) -> None:
    person, _ = enrolled(password=PASSWORD)
    settings.TOTP_ROLES = frozenset({"clerk"})
    with pytest.raises(Refused, match="必须使用两步验证"):
        second_factor.switch_off(person, password=PASSWORD, code=code_at(AT), at=AT)


def test_only_the_operator_resets_and_never_their_own() -> None:
    person, _ = enrolled()
    operator = make.person("operator")
    for by in (make.person("planner"), make.person("auditor"), person):
        with pytest.raises(Refused):
            second_factor.reset(person, by=by, at=AT, why="手机遗失")
    with pytest.raises(Refused, match="不能重设自己的"):
        second_factor.reset(operator, by=operator, at=AT, why="手机遗失")
    with pytest.raises(Unacceptable, match="请写明重设的原因"):
        second_factor.reset(person, by=operator, at=AT, why=" ")
    second_factor.reset(person, by=operator, at=AT, why="手机遗失")
    assert not has_second_factor(person)
    entry = AuditEntry.objects.filter(subject_id=str(person.pk)).first()
    assert entry is not None
    assert (entry.by, entry.why, entry.after) == (operator, "手机遗失", {"两步验证": "已重设"})
    assert second_factor.tell_reset(person) == AT
    assert second_factor.tell_reset(person) is None
    with pytest.raises(Unacceptable, match="没有启用两步验证，不需要重设"):
        second_factor.reset(person, by=operator, at=AT, why="手机遗失")


def test_a_role_that_does_not_exist_stops_the_start(settings: Any) -> None:
    settings.TOTP_ROLES = frozenset({"operator", "boss"})
    with pytest.raises(ImproperlyConfigured, match="names boss; the roles are leader, planner"):
        second_factor.check_roles()
    settings.TOTP_ROLES = frozenset({"operator"})
    second_factor.check_roles()


def test_one_sees_only_ones_own_rows() -> None:
    person, _ = enrolled()
    for model in (SecondFactor, RecoveryCode):
        assert model.objects.visible_to(person).exists()
        assert not model.objects.visible_to(make.person("clerk")).exists()
        assert not model.objects.visible_to(make.person("planner")).exists()
        assert model.objects.visible_to(make.person("operator")).exists()


# --- the pages


def sign_in(client: Client, username: str, **extra: str) -> Any:
    return client.post("/sign-in/", {"username": username, "password": PASSWORD, **extra})


def fresh_code() -> str:
    return code_at(timezone.now())


def member(**traits: Any) -> tuple[User, tuple[str, ...]]:
    return enrolled(at=timezone.now() - timedelta(hours=1), username="wuxiaoyun", password=PASSWORD, **traits)


def test_the_password_alone_signs_nobody_in(client: Client) -> None:
    person, _ = member()
    answer = sign_in(client, "wuxiaoyun", next="/organisations/")
    assert answer["Location"] == "/sign-in/code/"
    assert client.get("/organisations/")["Location"].startswith("/sign-in/")
    assert not AuditEntry.objects.filter(action=AuditAction.SIGN_IN).exists()
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    right = client.post("/sign-in/code/", {"code": fresh_code()})
    assert (right.status_code, right["Location"]) == (302, "/organisations/")
    assert client.get("/organisations/").status_code == 200
    assert AuditEntry.objects.get(action=AuditAction.SIGN_IN).by == person


def test_a_recovery_code_signs_in(client: Client) -> None:
    _, codes = member()
    sign_in(client, "wuxiaoyun")
    assert client.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/"
    again = Client()
    sign_in(again, "wuxiaoyun")
    assert again.post("/sign-in/code/", {"code": codes[0]}).status_code == 422


def test_the_code_page_without_a_password_leads_to_the_sign_in_page(client: Client) -> None:
    member()
    assert client.post("/sign-in/code/", {"code": fresh_code()})["Location"] == "/sign-in/"


@pytest.mark.parametrize("change", ["time", "password", "account"])
def test_a_right_password_is_held_for_five_minutes_and_while_it_is_right(client: Client, change: str) -> None:
    person, _ = member()
    sign_in(client, "wuxiaoyun")
    if change == "time":
        session = client.session
        session["held_sign_in"] = {**session["held_sign_in"], "at": timezone.now().timestamp() - 301}
        session.save()
    elif change == "password":
        person.set_password("qingling-2026!")
        person.save()
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.post("/sign-in/code/", {"code": fresh_code()})["Location"] == "/sign-in/"
    assert "输入密码已超过 5 分钟" in client.get("/sign-in/").content.decode()
    assert client.get("/organisations/").status_code == 302


def test_setting_up_shows_the_codes_once(client: Client) -> None:
    client.force_login(make.person("clerk"))
    page = reverse("bureau:second-factor")
    assert "开始设置" in client.get(page).content.decode()
    assert client.post(reverse("bureau:second-factor-begin"))["Location"] == page
    shown = client.get(page)
    assert "data:image/svg+xml" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    secret = shown.context["secret"]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", secret)
    done = client.post(page, {"code": code_at(timezone.now(), secret.replace(" ", ""))})
    codes = done.context["codes"]
    assert all(code in done.content.decode() for code in codes)
    later = client.get(page).content.decode()
    assert "10 个" in later
    assert not any(code in later for code in codes)


def test_a_secret_that_cannot_be_read_any_more_is_begun_anew(client: Client, settings: Any) -> None:
    client.force_login(make.person("clerk"))
    page = reverse("bureau:second-factor")
    client.post(reverse("bureau:second-factor-begin"))
    SecondFactor.objects.update(secret="sealed with a key that is gone")
    assert "开始设置" in client.get(page).content.decode()
    client.post(reverse("bureau:second-factor-begin"))
    assert "data:image/svg+xml" in client.get(page).content.decode()


def test_a_role_that_must_have_it_is_led_to_set_it_up(client: Client, settings: Any) -> None:
    settings.TOTP_ROLES = frozenset({"operator"})
    make.person("clerk", username="chenli", password=PASSWORD)
    assert sign_in(Client(), "chenli")["Location"] == "/"
    make.person("operator", username="guanli", password=PASSWORD)
    page = reverse("bureau:second-factor")
    assert sign_in(client, "guanli")["Location"] == page
    assert client.get("/organisations/")["Location"] == page
    htmx = client.get("/organisations/", headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (204, page)
    told = client.get(page).content.decode()
    assert "您的角色必须使用两步验证" in told
    assert 'id="nav"' not in told
    client.post(reverse("bureau:second-factor-begin"))
    secret = client.get(page).context["secret"].replace(" ", "")
    assert client.post(page, {"code": code_at(timezone.now(), secret)}).status_code == 200
    assert client.get("/organisations/").status_code == 200


def test_nothing_is_due_once_it_is_set_up_in_another_window(client: Client, settings: Any) -> None:
    settings.TOTP_ROLES = frozenset({"clerk"})
    person = make.person("clerk", username="chenli", password=PASSWORD)
    sign_in(client, "chenli")
    second_factor.begin(person, at=AT)
    second_factor.confirm(person, code=code_at(AT, second_factor.provisioning(person)[0]), at=AT)
    assert "不能关闭" in client.get(reverse("bureau:second-factor")).content.decode()
    assert client.get("/organisations/").status_code == 200


def test_the_person_is_told_of_a_reset_at_the_next_sign_in(client: Client) -> None:
    person, _ = member()
    client.force_login(make.person("operator"))
    answer = client.post(reverse("bureau:person-second-factor", args=[person.pk]), {"why": "手机遗失"}, follow=True)
    assert "两步验证已重设" in answer.content.decode()
    theirs = Client()
    page = sign_in(theirs, "wuxiaoyun")
    assert page["Location"] == reverse("bureau:second-factor")
    assert "重设您的两步验证。如非您本人要求" in theirs.get(page["Location"]).content.decode()
    theirs.post("/sign-out/")
    assert sign_in(theirs, "wuxiaoyun")["Location"] == "/"


def test_switching_off_and_new_codes_by_the_pages(client: Client) -> None:
    person, codes = member()
    client.force_login(person)
    renewed = client.post(reverse("bureau:second-factor-codes"), {"code": codes[0]})
    assert len(renewed.context["codes"]) == 10
    off = reverse("bureau:second-factor-off")
    wrong = client.post(off, {"password": "wrong", "code": renewed.context["codes"][0]})
    assert (wrong.status_code, wrong.context["form"].errors["password"]) == (422, ["密码不对，请重新输入。"])
    assert client.post(off, {"password": PASSWORD, "code": renewed.context["codes"][0]}).status_code == 302
    assert not has_second_factor(person)


def test_a_recovery_code_used_before_is_told_as_such() -> None:
    person, codes = enrolled()
    second_factor.verify(person, code=codes[0], at=AT)
    with pytest.raises(Unacceptable, match="这个恢复码已经用过"):
        second_factor.verify(person, code=codes[0].lower(), at=AT)
    with pytest.raises(Unacceptable, match="验证码不对"):
        second_factor.verify(person, code="AAAA-BBBB-CCCC-DDDD", at=AT)
