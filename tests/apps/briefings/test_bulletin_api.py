"""Bulletins over the API: the same rows, words and refusals as the pages; the way to release; the file."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.urls import reverse
from docx import Document
from tests.apps.briefings.bulletin_city import begun, released, reported_city
from tests.factories import make
from tests.programs import Program

from keshu.apps.briefings.models import Bulletin
from keshu.apps.briefings.services import bulletins
from keshu.apps.bureau.models import AuditEntry, KeptAnswer
from keshu.apps.plans.models import CheckIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SimpleNamespace:
    return reported_city()


def test_the_list_is_narrowed_as_on_the_page(city: SimpleNamespace) -> None:
    row, other = released(city), begun(city, "quarterly", "2026-Q1")
    planner, clerk = Program(city.people["planner"]), Program(city.people["clerk"])
    assert {each["id"] for each in planner.get("/bulletins").json()["rows"]} == {row.pk, other.pk}
    assert [each["id"] for each in clerk.get("/bulletins").json()["rows"]] == [row.pk]  # a draft is the issuer's
    assert planner.get("/bulletins", {"kind": "quarterly"}).json()["rows"][0]["period_name"] == "2026年一季度"
    assert planner.get("/bulletins", {"state": "released", "released_until": "2026-04-07"}).json()["total"] == 0
    assert planner.get("/bulletins", {"state": "released", "released_from": "2026-04-08"}).json()["total"] == 1
    assert clerk.get(f"/bulletins/{other.pk}").status_code == 404
    assert Program(city.people["enterprise"]).get("/bulletins").status_code == 403


def test_each_figure_tells_where_it_comes_from(city: SimpleNamespace) -> None:
    row, form = begun(city), CheckIn.objects.get(target=city.firms)
    told = Program(city.people["planner"]).get(f"/bulletins/{row.pk}").json()
    assert told["text"] == bulletins.words_of(row).plain
    source = next(each for each in told["sources"] if each["key"] == f"t{city.firms.pk}")
    assert source == {
        "key": f"t{city.firms.pk}",
        "said": "2026年3月调度，高新处填报、审签",
        "page": reverse("plans:checkin-detail", args=[form.pk]),
        "api": f"/api/v1/checkins/{form.pk}",
    }
    assert Program(city.people["planner"]).get(f"/checkins/{form.pk}").json()["value"] == "82"
    words = [one for each in told["sections"] for part in each["passages"] for one in part["words"]]
    assert {"text": "82家", "source": f"t{city.firms.pk}"} in words


def test_from_draft_to_release_and_back(city: SimpleNamespace) -> None:
    row = begun(city)
    path, planner, leader = f"/bulletins/{row.pk}", Program(city.people["planner"]), Program(city.people["leader"])
    assert planner.post(f"{path}/submit", {"version": 7}).status_code == 409
    sent = planner.post(f"{path}/submit", {"version": 0}).json()
    assert (sent["state"], sent["version"]) == ("submitted", 1)
    back = leader.post(f"{path}/return", {"why": "请补充县区情况"}).json()
    assert (back["state"], back["remark"]) == ("draft", "请补充县区情况")
    again = planner.post(f"{path}/submit", {"version": back["version"]}).json()
    refused = planner.post(f"{path}/release", {"version": again["version"]})
    assert (refused.status_code, refused.json()["detail"]) == (403, "通报由局领导签发。")
    given = {"version": again["version"]}
    first = leader.post(f"{path}/release", given, Idempotency_Key="r-1")
    once_more = leader.post(f"{path}/release", given, Idempotency_Key="r-1")
    assert (first.status_code, once_more.json(), first.json()["number"]) == (200, first.json(), 1)
    assert KeptAnswer.objects.count() == 1
    assert leader.post(f"{path}/release", given).status_code in (409, 422)
    gone = leader.post(f"{path}/withdraw", {"why": "数据有误"}).json()
    assert (gone["state"], gone["text"], gone["digest"]) == ("withdrawn", first.json()["text"], first.json()["digest"])
    assert Program(city.people["auditor"]).post(f"{path}/withdraw", {"why": "试试"}).status_code == 403


def test_the_file_is_the_page_s(city: SimpleNamespace) -> None:
    row = released(city)
    clerk = Program(city.people["clerk"])
    made = clerk.get(f"/bulletins/{row.pk}/paper")
    assert Document(io.BytesIO(made.content)).paragraphs[0].text == row.title
    assert made["Content-Disposition"].startswith("attachment; filename*=UTF-8''2026")
    unchanged = clerk.get(f"/bulletins/{row.pk}/paper", If_None_Match=made["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert AuditEntry.objects.about("briefings.bulletin", row.pk).filter(action="export", by=clerk.user).exists()
    draft = begun(city)
    assert clerk.get(f"/bulletins/{draft.pk}/paper").status_code == 404
    assert Bulletin.objects.count() == 2


def test_an_attachment_is_taken_by_those_who_see_it(city: SimpleNamespace) -> None:
    kept = make.attachment(organisation=city.gaoxin, by=city.people["clerk"], name="名单.txt")
    made = Program(city.people["clerk"]).get(f"/files/{kept.pk}")
    page = Program(city.people["clerk"]).client
    page.force_login(city.people["clerk"])
    shown = page.get(reverse("bureau:attachment-download", args=[kept.pk]))
    assert made.content == b"".join(shown.streaming_content)
    assert made["Content-Disposition"].startswith("attachment")
    assert Program(city.people["bank"]).get(f"/files/{kept.pk}").status_code == 404
    assert AuditEntry.objects.about("bureau.attachment", kept.pk).filter(action="download").count() == 2
