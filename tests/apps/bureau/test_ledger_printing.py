"""A ledger on paper: all rows of the filter, the filter in words, and a clear word where there are too many."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry, Organisation
from keshu.apps.bureau.queries.ledger import printing

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    site = make.site()
    for number in range(30):
        make.organisation("office", name=f"综{number}处", short_name=f"综{number}处", parent=site.bureau)
    client.force_login(site.people["planner"])
    return client


def text_of(client: Client, query: str = "") -> str:
    return client.get(f"{reverse('bureau:organisation-list')}?export=print{query}").content.decode()


def test_every_row_of_the_filter_is_printed_not_one_page(reader: Client) -> None:
    page = text_of(reader, "&size=20&page=2")
    assert page.count("<tr>") == Organisation.objects.count() + 1
    assert re.search(r'paper__number">1</td>', page)
    assert "筛选：全部" in page
    narrow = text_of(reader, "&q=综1&sort=-name")
    assert narrow.count("<tr>") == 11 + 1  # 综1处, 综10处 … 综19处
    assert "筛选：含有：综1" in narrow
    assert "从大到小" in narrow
    assert "没有符合条件的" in text_of(reader, "&q=没有这个")


def test_what_is_too_much_for_paper_is_told(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 10)
    page, total = text_of(reader), Organisation.objects.count()
    assert page.count("<tr>") == 11
    assert f"只印出前 10 条，还有 {total - 10} 条没有印出" in page
    assert f"共 {total} 条" in page
    exactly = Organisation.objects.filter(name__startswith="综1").count()
    monkeypatch.setattr(printing, "MOST_PRINTED", exactly)
    assert "没有印出" not in text_of(reader, "&q=综1")


def test_printing_takes_data_out_and_is_recorded(reader: Client) -> None:
    before = AuditEntry.objects.filter(action="export").count()
    text_of(reader)
    assert AuditEntry.objects.filter(action="export").count() == before + 1
    listed = reader.get(f"{reverse('bureau:organisation-list')}?q=综1").content.decode()
    assert re.search(r'href="\?q=[^"]*&amp;export=print" target="_blank"', listed)


def test_long_texts_get_more_of_the_paper() -> None:
    from keshu.apps.bureau.queries.ledger import Column

    column = Column("names", "单位", wrap=True, width=100)
    assert printing._width(column, ["高新处"]) == 100
    assert printing._width(column, ["单" * 100]) == 350  # 1,400 px in four lines
    assert printing._width(column, ["单" * 1000]) == 500
    assert printing._width(Column("n", "数", width=100), ["单" * 1000]) == 100
