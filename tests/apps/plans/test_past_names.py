"""A document of a year that is over names the organisations of that year, though they were reorganised since."""

from __future__ import annotations

import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps.bureau.workbooks import confirmed, edited, faults, put, received, to_fill
from tests.apps.plans.factories import POINTS, make_plan, points
from tests.factories import AT, ON, make

from keshu.apps.bureau.queries.owners import resolve_owners
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.organisations import OrganisationFields
from keshu.apps.bureau.services.owners import change_alias, remember_alias
from keshu.apps.bureau.services.reorganisation import reorganise
from keshu.apps.plans.models import Responsibility
from keshu.apps.plans.services.handover import open_work_of
from keshu.apps.plans.services.meanings import naming_day
from keshu.apps.plans.services.owners import correct_mention, resolve_mention

pytestmark = pytest.mark.django_db

LAST_YEAR = date(ON.year - 1, 12, 31)


@pytest.fixture
def site() -> SimpleNamespace:
    """高新处 was renamed this year, and 规划处 merged with 平台处 into a new office."""
    site = make.site()
    site.by = site.people["planner"]
    site.platform = make.office(name="科研平台处", short_name="平台处")
    site.new = act(site, site.gaoxin, name="企业创新处", short="企业处")
    site.merged = act(site, site.guihua, site.platform, name="规划平台处")
    return site


def act(site: SimpleNamespace, *before: Any, name: str, short: str = "") -> Any:
    fields = OrganisationFields(name, short, "office", site.bureau.pk)
    given = {"on": ON, "reason": "云编〔2026〕8号", "by": site.by, "at": AT}
    return reorganise(predecessors=before, successors=[fields], **given).successors[0]


def meant(site: SimpleNamespace, *names: str, on: date) -> list[list[str]]:
    found = resolve_owners(names, home=site.bureau, on=on)
    return [[str(ref) for ref in each.organisations] for each in found.values()]


def test_old_names_mean_the_old_offices_then_and_the_new_ones_now(site: SimpleNamespace) -> None:
    names = ("高新处", "规划处", "平台处")
    assert meant(site, *names, on=LAST_YEAR) == [["高新处"], ["规划处"], ["平台处"]]
    assert meant(site, *names, on=ON) == [["企业处"], ["规划平台处"], ["规划平台处"]]


def test_the_offices_of_then_are_not_those_set_up_since(site: SimpleNamespace) -> None:
    (then,) = meant(site, "各处室", on=LAST_YEAR)
    (now,) = meant(site, "各处室", on=ON)
    assert {"高新处", "规划处", "平台处"} <= set(then)
    assert not {"企业处", "规划平台处"} & set(then)
    assert {"企业处", "规划平台处"} <= set(now)
    assert not {"高新处", "规划处", "平台处"} & set(now)


def test_an_alias_that_was_passed_on_means_the_one_before_it(site: SimpleNamespace) -> None:
    make.alias("高新技术科", site.new)
    assert meant(site, "高新技术科", on=LAST_YEAR) == [["高新处"]]
    assert meant(site, "高新技术科", on=ON) == [["企业处"]]


def test_the_day_is_the_last_of_a_year_that_is_over() -> None:
    assert naming_day(ON.year - 2, at=AT) == date(ON.year - 2, 12, 31)
    assert naming_day(ON.year, at=AT) == naming_day(None, at=AT) == naming_day(ON.year + 1, at=AT) == ON


def test_a_draft_of_last_year_is_given_the_closed_office_and_keeps_it(site: SimpleNamespace) -> None:
    document = points(POINTS.replace("2026", "2025"), year=2025)
    draft = make_plan.draft(document, organisation=site.bureau, by=site.by)
    mention = make_plan.mention(draft, "成果转化处")
    client = Client()
    client.force_login(site.by)
    page = client.get(reverse("plans:review-owner-resolve", args=[draft.pk, mention.pk])).content.decode()
    assert "平台处（已撤并）" in page
    given: dict[str, Any] = {"by": site.by, "at": AT, "version": None}
    resolve_mention(draft, mention_id=mention.pk, organisation_ids=[site.platform.pk], **given)
    assert Responsibility.objects.get(mention=mention).organisation == site.platform
    correct_mention(draft, mention_id=mention.pk, name="高新处", role="lead", **given)
    assert Responsibility.objects.get(mention=mention).organisation == site.gaoxin


def test_a_reorganisation_leaves_the_rows_of_a_draft_of_an_earlier_year(site: SimpleNamespace) -> None:
    document = points(POINTS.replace("2026", "2025"), year=2025)
    draft = make_plan.draft(document, organisation=site.bureau, by=site.by)
    mention = make_plan.mention(draft, "成果转化处")
    office = make.office(name="监督处")
    resolve_mention(draft, mention_id=mention.pk, organisation_ids=[office.pk], by=site.by, at=AT, version=None)
    assert open_work_of(office.pk, on=ON) == []
    act(site, office, name="督导处")
    assert Responsibility.objects.get(mention=mention).organisation == office


def test_a_living_offices_name_is_not_made_anothers(site: SimpleNamespace) -> None:
    other = make.office(name="办公室")
    with pytest.raises(Unacceptable, match="“企业处”就是企业创新处现在的名称或简称"):
        remember_alias(text="企业处", organisation_id=other.pk, by=site.by, at=AT)
    with pytest.raises(Unacceptable, match="现在的名称或简称"):
        remember_alias(text="规划平台处", group=("county",), by=site.by, at=AT)
    alias = remember_alias(text="综合办", organisation_id=other.pk, by=site.by, at=AT)
    with pytest.raises(Unacceptable, match="现在的名称或简称"):
        change_alias(alias, text="企业处", organisation_id=other.pk, by=site.by, at=AT + timedelta(hours=1))
    assert remember_alias(text="办公室", organisation_id=other.pk, by=site.by, at=AT).organisation == other
    with pytest.raises(Unacceptable, match="已撤并"):
        remember_alias(text="平台处", organisation_id=site.platform.pk, by=site.by, at=AT)


def test_the_name_of_a_divided_office_offers_its_parts(site: SimpleNamespace) -> None:
    office = make.office(name="农村与社会发展处", short_name="农社处")
    parts = [OrganisationFields(name, "", "office", site.bureau.pk) for name in ("农村处", "社会发展处")]
    reorganise(predecessors=[office], successors=parts, on=ON, reason="云编〔2026〕9号", by=site.by, at=AT)
    (found,) = resolve_owners(["农社处"], home=site.bureau, on=ON).values()
    assert (found.organisations, [str(ref) for ref in found.candidates]) == ((), ["农村处", "社会发展处"])
    assert found.note == f"“农社处”已于 {ON:%Y-%m-%d} 拆分为农村处、社会发展处，请选择。"
    assert meant(site, "农社处", on=LAST_YEAR) == [["农社处"]]


def test_a_workbook_of_last_years_draft_names_the_offices_of_then(site: SimpleNamespace) -> None:
    # The new office's short name is the old one's full name again.
    again = act(site, site.new, name="高新技术处", short="高新处")
    document = points(POINTS.replace("2026", "2025"), year=2025)
    draft = make_plan.draft(document, organisation=site.bureau, by=site.by)
    mention = make_plan.mention(draft, "成果转化处")
    params = {"plan": str(draft.pk)}

    def fill(page: Any) -> None:
        put(page, "成果转化处", "对应单位", "高新处、平台处")

    content = to_fill("plans.owners", site.by, **params)
    sheet: Any = load_workbook(io.BytesIO(content))
    offered = " ".join(each.formula1 for each in sheet.worksheets[0].data_validations.dataValidation)
    assert ("科研平台处" in offered, "企业创新处" in offered) == (True, False)
    run = confirmed(received(edited(content, fill), "plans.owners", site.by, **params))
    assert faults(run) == []
    held = set(Responsibility.objects.filter(mention=mention).values_list("organisation_id", flat=True))
    assert (held, again.pk in held) == ({site.gaoxin.pk, site.platform.pk}, False)
