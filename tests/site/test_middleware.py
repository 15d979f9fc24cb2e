"""Refusals become a page or a toast, in the words of the service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails
from tests.factories import make

from keshu.apps.bureau.models import Attachment
from keshu.apps.bureau.services import Unacceptable
from keshu.site.middleware import Refusals

pytestmark = pytest.mark.django_db

SAID = "您不能修改单位信息，请联系规划办公室或系统管理员。"


def test_a_refusal_is_a_page_that_says_who_may(client: Client) -> None:
    client.force_login(make.person("clerk"))
    response = client.get(reverse("bureau:organisation-create"))
    page = response.content.decode()
    assert (response.status_code, SAID in page) == (403, True)
    # The person goes on from where they are: the menu is there, and a word on what to do next.
    assert ('id="nav"' in page, "error-page__code" in page) == (True, False)
    assert "可以从左侧菜单进入" in page


def test_before_anybody_has_signed_in_a_page_that_is_not_there_has_no_menu(client: Client) -> None:
    page = client.get("/no/such/page/").content.decode()
    assert ('id="nav"' in page, "没有找到这个页面" in page) == (False, True)


def test_a_refusal_to_htmx_is_a_toast_and_leaves_the_page_as_it_is(client: Client) -> None:
    client.force_login(make.person("clerk"))
    response = client.get(reverse("bureau:organisation-create"), headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Reswap"], response.content) == (403, "none", b"")
    assert json.loads(response["HX-Trigger"]) == {"toast": {"message": SAID, "tone": "late"}}


def test_a_kept_fragment_is_never_shown_where_a_page_was_asked_for(client: Client) -> None:
    client.force_login(make.person("planner", make.bureau()))
    response = client.get(reverse("plans:target-list"), headers={"HX-Request": "true"})
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("is_htmx", [False, True])
def test_what_cannot_be_used_is_answered_422(rf: RequestFactory, is_htmx: bool) -> None:
    request: HttpRequest = rf.get("/", headers={"HX-Request": "true"} if is_htmx else {})
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request.user = make.person("clerk")
    response = Refusals(lambda _: None).process_exception(request, Unacceptable("请填写指标名称。"))  # type: ignore[arg-type,return-value]
    assert response is not None
    assert response.status_code == 422
    told = response["HX-Trigger"].encode().decode("unicode_escape") if is_htmx else response.content.decode()
    assert "请填写指标名称。" in told


def test_other_errors_are_left_alone(rf: RequestFactory) -> None:
    assert Refusals(lambda _: None).process_exception(rf.get("/"), KeyError("x")) is None  # type: ignore[arg-type,return-value]


def test_too_large_a_body_is_refused_by_its_length_and_nothing_of_it_is_kept(client: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    client.force_login(make.person("planner", make.bureau()))
    large = SimpleUploadedFile("要点.docx", b"x" * (2 * 1024 * 1024))
    by_script = client.post(reverse("plans:import"), {"file": large}, headers={"X-Upload": "1"})
    assert by_script.status_code == 413
    assert by_script["Content-Type"].startswith("text/plain")
    assert "2 MB，超过 1 MB 的上限" in by_script.content.decode()
    large.seek(0)
    by_form = client.post(reverse("plans:import"), {"file": large})
    assert by_form.status_code == 413
    assert "<html" in by_form.content.decode()
    assert "超过 1 MB 的上限" in by_form.content.decode()
    assert not Attachment.objects.exists()
    assert not list(Path(settings.STORAGE).rglob("*"))


def test_a_body_within_the_limit_passes(client: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    client.force_login(make.person("planner", make.bureau()))
    file = SimpleUploadedFile("要点.txt", "高新技术企业达到520家。".encode())
    answer = client.post(reverse("plans:import"), {"file": file}, headers={"X-Upload": "1"})
    assert (answer.status_code, Attachment.objects.count()) == (200, 1)
