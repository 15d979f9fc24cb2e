"""一图读懂 as a file: one page of A4, says what the page says, stays in its frame."""

from __future__ import annotations

import struct
from types import SimpleNamespace

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from tests.apps.briefings.bulletin_city import begun, released, reported_city

from keshu.apps.briefings.services.bulletins.poster_files import sheet_of
from keshu.apps.bureau.models import AuditEntry, User
from keshu.engines.gongwen.poster import Sheet, SheetBar, SheetForm, Slice, draw_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SimpleNamespace:
    return reported_city()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_sheet_is_one_page_of_a4(city: SimpleNamespace) -> None:
    row, client = released(city, begun(city, "one_page", "2026-Q1")), client_of(city.people["clerk"])
    made = client.get(reverse("briefings:bulletin-poster-file", args=[row.pk, "pdf"]))
    document = pypdfium2.PdfDocument(made.content)
    assert len(document) == 1
    assert [round(size) for size in document[0].get_size()] == [595, 842]  # points
    text = document[0].get_textpage().get_text_range()
    assert "6" in text  # the targets
    picture = client.get(reverse("briefings:bulletin-poster-file", args=[row.pk, "png"]))
    assert struct.unpack(">II", picture.content[16:24]) == (
        1653,
        2338,
    )  # 210 x 297 mm at 200 dots an inch, less than a dot short
    assert client.get(reverse("briefings:bulletin-poster-file", args=[row.pk, "gif"])).status_code == 404
    assert AuditEntry.objects.about("briefings.bulletin", row.pk).filter(action="export").count() == 2


def test_the_sheet_says_what_the_page_says(city: SimpleNamespace) -> None:
    row = begun(city, "one_page", "2026-Q1")
    sheet = sheet_of(row)
    assert sheet.finding == "6项目标，2项已完成或者正常推进（截至2026年3月31日）"
    assert [(bar.label, bar.told, round(bar.share, 3)) for bar in sheet.bars] == [
        ("科技型中小企业", "82家（68.3%）", 0.683), ("技术合同成交额", "27亿元（60%）", 0.6),
    ]  # fmt: skip
    page = client_of(city.people["planner"]).get(reverse("briefings:bulletin-poster", args=[row.pk])).content.decode()
    assert sheet.finding in page
    assert all(told in page for _, told in sheet.tiles)


def test_a_sheet_with_much_on_it_stays_in_its_frame() -> None:
    """Long names, many counties, many lights: drawn without fault, the same each time."""
    bars = tuple(
        SheetBar("规模以上工业企业研发活动覆盖面和研发机构建有情况", "1,234万人次（99.9%）", 0.9) for _ in range(8)
    )
    sheet = Sheet(
        "某某某某自治州科学技术和工业信息化局", "一图读懂" * 12, "发现$x_1$", "脚注",
        slices=tuple(Slice("正常推进", 10, tone) for tone in ("done", "on_track", "at_risk", "late", "missed", "unknown")),
        tiles=tuple((f"第{number}格", "10项") for number in range(6)), bars=bars, shares_title="县区", shares=(*bars, *bars[:2]),
        concerns=tuple(("很长的目标名称" * 6, "原因" * 90) for _ in range(4)),
    )  # fmt: skip
    assert draw_sheet(sheet, SheetForm.PDF) == draw_sheet(sheet, SheetForm.PDF)
