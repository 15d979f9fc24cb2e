"""The papers of a plan as Word files: what they say, that they are official documents, who may have them."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.test import Client
from tests.apps.plans.factories import make_plan
from tests.engines.gongwen.schema import unsound
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditEntry
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.services.papers import Paper, paper_file
from keshu.engines import gongwen

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.planner = site.people["planner"]
    site.plan = make_plan.published(by=site.planner)
    return site


def cells(content: bytes) -> list[list[str]]:
    """The rows of all tables, a merged cell once."""
    found = []
    for table in docx.Document(io.BytesIO(content)).tables:
        for row in table.rows:
            found.append(list(dict.fromkeys(cell.text for cell in row.cells)))
    return found


def words(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize("paper", [Paper.DECOMPOSITION, Paper.RESPONSIBILITIES])
def test_papers_of_the_plan_pass_the_checker(city: SimpleNamespace, paper: Paper) -> None:
    made = paper_file(paper, city.plan, by=city.planner, at=AT)
    assert gongwen.check_document(made.content) == []


@pytest.mark.parametrize("paper", [Paper.DECOMPOSITION, Paper.RESPONSIBILITIES])
def test_word_opens_the_papers_of_the_plan_without_repair(city: SimpleNamespace, paper: Paper) -> None:
    assert unsound(paper_file(paper, city.plan, by=city.planner, at=AT).content) == []


def test_who_drew_a_list_up_stands_above_it_and_each_office_over_its_rows(city: SimpleNamespace) -> None:
    made = paper_file(Paper.RESPONSIBILITIES, city.plan, by=city.planner, at=AT)
    assert f"制表单位：{city.bureau.name}" in words(made.content)
    rows = cells(made.content)
    place = rows.index(next(row for row in rows if "高新处（牵头1项" in row[0]))
    assert "（一）培育科技企业" in rows[place + 1]


def test_the_decomposition_lists_each_task_with_its_targets_owners_and_deadline(city: SimpleNamespace) -> None:
    rows = cells(paper_file(Paper.DECOMPOSITION, city.plan, by=city.planner, at=AT).content)
    assert ["序号", "任务", "目标", "牵头单位", "配合单位", "完成时限"] in rows
    assert any("全社会研发投入占GDP比重" in row and "不少于2.1%" in row for row in rows)
    (first,) = [row for row in rows if "（一）培育科技企业" in row]
    assert "科技型中小企业：新增不少于120家" in first
    assert "高新处" in first
    assert any(cell.startswith("规划处、") for cell in first)
    (second,) = [row for row in rows if "（二）建设创新平台" in row]
    assert "6月底前" in second
    assert ["二、重点任务"] in rows


@pytest.mark.parametrize("paper", [Paper.DECOMPOSITION, Paper.OFFICE])
def test_the_tables_of_a_paper_have_the_same_columns(city: SimpleNamespace, paper: Paper) -> None:
    office = city.gaoxin.pk if paper is Paper.OFFICE else None
    made = paper_file(paper, city.plan, office_id=office, by=city.planner, at=AT)
    tables = docx.Document(io.BytesIO(made.content)).tables
    assert len(tables) == 2
    assert len({tuple(column.width for column in table.columns) for table in tables}) == 1


def test_an_office_gets_its_own_part_only(city: SimpleNamespace) -> None:
    made = paper_file(Paper.OFFICE, city.plan, office_id=city.gaoxin.pk, by=city.planner, at=AT)
    told = words(made.content) + str(cells(made.content))
    assert "培育科技企业" in told
    assert "建设创新平台" not in told
    assert "承担目标1项，牵头（责任）任务1项" in told
    assert gongwen.check_document(made.content) == []


def test_the_papers_of_all_offices_come_in_one_archive(city: SimpleNamespace) -> None:
    made = paper_file(Paper.OFFICE, city.plan, by=city.planner, at=AT)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        names = archive.namelist()
        assert "高新处2026年任务分解表.docx" in names
        assert all(gongwen.check_document(archive.read(name)) == [] for name in names)


def test_a_county_gets_a_letter_to_sign_with_room_for_its_share(city: SimpleNamespace) -> None:
    county = city.people["county_clerk"].memberships.get().organisation
    made = paper_file(Paper.LETTER, city.plan, office_id=county.pk, by=city.planner, at=AT)
    rows = cells(made.content)
    assert ["序号", "指标", "全市目标", "责任", "承担数", "完成时限"] in rows
    assert any("甲方（盖章）：" in row and "乙方（盖章）：" in row for row in rows)
    assert "目标任务书" in words(made.content)
    assert "（一）" not in words(made.content)
    assert "1.培育科技企业。乙方为" in words(made.content)
    assert unsound(made.content) == []
    assert gongwen.check_document(made.content) == []


def test_an_office_is_no_county(city: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="没有给这个单位的任务"):
        paper_file(Paper.LETTER, city.plan, office_id=city.gaoxin.pk, by=city.planner, at=AT)


def test_the_same_day_the_same_bytes(city: SimpleNamespace) -> None:
    one, other = (paper_file(Paper.OFFICE, city.plan, by=city.planner, at=AT).content for _ in range(2))
    assert one == other


def test_papers_are_for_government_and_each_is_recorded(city: SimpleNamespace) -> None:
    with pytest.raises(Refused):
        paper_file(Paper.DECOMPOSITION, city.plan, by=city.people["enterprise"], at=AT)
    made = paper_file(Paper.DECOMPOSITION, city.plan, by=city.planner, at=AT)
    assert AuditEntry.objects.filter(action="export").latest("pk").after["文件"] == made.name


def test_the_pages_offer_them(city: SimpleNamespace) -> None:
    client = Client()
    client.force_login(city.planner)
    page: Any = client.get(f"/plans/{city.plan.pk}/")
    assert f"/plans/{city.plan.pk}/papers/decomposition/" in page.content.decode()
    answer: Any = client.get(f"/plans/{city.plan.pk}/papers/letter/")
    assert answer["Content-Type"] == "application/zip"
    assert client.get(f"/plans/{city.plan.pk}/papers/poem/").status_code == 404
