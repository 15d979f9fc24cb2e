"""A released bulletin stays as it was for good: the ledger may move on, and so may this program.

``released_bulletin.json`` is a bulletin as its release kept it, with the digests of its text and of the words in its Word
file. A change of the code that alters either would alter what bureaus have already sent, so this file is never written anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree
from tests.apps.briefings.bulletin_city import AFTER_MARCH, begun, released, reported_city

from keshu.apps.briefings.models import Bulletin
from keshu.apps.briefings.services import bulletins, composing
from keshu.apps.briefings.services.bulletins.papers import bulletin_paper, document_of
from keshu.apps.briefings.services.bulletins.poster_files import sheet_of
from keshu.apps.bureau.models import Organisation
from keshu.apps.plans.models import CheckIn, PlanNode, Target, WorkPlan
from keshu.engines import gongwen

KEPT = Path(__file__).parent / "released_bulletin.json"
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def part(content: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(f"word/{name}")


def words_in(content: bytes) -> str:
    """Every word of a Word file, its footnotes last."""
    parts = (etree.fromstring(part(content, name)) for name in ("document.xml", "footnotes.xml"))
    return "\n".join("".join(node.text or "" for node in root.iter(TEXT)) for root in parts)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.django_db
def test_it_stays_when_the_ledger_moves_on() -> None:
    city = reported_city()
    row = begun(city, "quarterly", "2026-Q1")
    row = bulletins.rewrite_paragraph(
        row,
        place="overview.1",
        words="重点任务都已启动。",
        version=row.version,
        by=city.people["planner"],
        at=AFTER_MARCH,
    )
    row = released(city, row)
    made = bulletin_paper(row, by=city.people["leader"], at=AFTER_MARCH).content
    sheet = sheet_of(row)
    move_on(city)
    row = Bulletin.objects.select_related("organisation", "plan__organisation").get(pk=row.pk)
    assert bulletins.words_of(row).plain == row.text
    assert sha(row.text) == row.digest
    assert "重点任务都已启动。" in row.text
    assert bulletins.reproduced(row).plain == row.text  # made anew from what it keeps, not from the ledger
    later = bulletin_paper(row, by=city.people["leader"], at=AFTER_MARCH + timedelta(days=300))
    for name in ("document.xml", "footnotes.xml"):
        assert part(later.content, name) == part(made, name)
    assert sheet_of(row) == sheet
    fresh = bulletins.begin_bulletin(
        city.plan, kind="quarterly", period="2026-Q1", corrects=row, by=city.people["planner"], at=AFTER_MARCH
    )
    assert bulletins.words_of(fresh).plain != row.text  # the ledger has moved indeed


def move_on(city: SimpleNamespace) -> None:
    """Figures changed, a form excused, one gone, everybody and everything renamed, another template."""
    CheckIn.objects.filter(target=city.firms).update(value=Decimal(119), progress="改过")
    CheckIn.objects.filter(target=city.turnover).update(state="excused")
    CheckIn.objects.filter(node=city.task).delete()
    Organisation.objects.filter(pk=city.gaoxin.pk).update(name="新兴产业处", short_name="新兴处")
    Organisation.objects.filter(pk=city.bureau.pk).update(name="云澜市科技创新委", short_name="科创委")
    WorkPlan.objects.filter(pk=city.plan.pk).update(title="改了名的要点")
    Target.objects.filter(pk=city.firms.pk).update(indicator="改了名的指标", value=Decimal(10))
    PlanNode.objects.filter(pk=city.task.pk).update(heading="改了名的任务")
    city.plan.refresh_from_db()
    sections = composing.chosen_by_default("quarterly")[::-1]
    bulletins.save_template(city.bureau, kind="quarterly", sections=sections, by=city.people["planner"], at=AFTER_MARCH)


@pytest.mark.once
def test_it_stays_when_this_program_changes() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    row = bulletin_from(kept)
    text = bulletins.words_of(row).plain
    assert sha(text) == kept["digest"]
    assert "科技型中小企业82家，完成年度目标（新增不少于120家）的68.3%。" in text.split("\n")  # 82 / 120
    document = document_of(row, bulletins.words_of(row), on=datetime.fromisoformat("2031-01-01").date())
    content = gongwen.write_document(document)
    assert sha(words_in(content)) == kept["paper_digest"]
    assert gongwen.check_document(content) == []
    assert sheet_of(row).finding == kept["finding"]


def bulletin_from(kept: dict[str, Any]) -> Bulletin:
    """The row as the database would give it; of its organisation nothing is asked."""
    fields = {name: kept[name] for name in ("title", "kind", "period", "year", "number", "state", "facts", "content")}
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("composed_at", "released_at")}
    return Bulletin(**fields, **moments, sections=kept["sections"], digest=kept["digest"], is_demo=False)
