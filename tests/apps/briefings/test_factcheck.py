"""A draft against the ledger as one person may see it: what the ledger holds, what is said, and the file with comments."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import moment, past, report
from tests.factories import make

from keshu.apps.briefings.services.factcheck import CheckedDraft, check_file, check_text, commented_draft
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import CheckInState, PlanState
from keshu.apps.plans.queries.known_facts import known_facts
from keshu.engines.factcheck import FactKind, VerdictKind

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 8)
DRAFT = """全市科技工作调度会讲话
同志们：
今年1—3月，技术合同成交额12.5亿元，完成年度目标（45亿元）的27.8%，去年同期为10亿元。
高新技术企业总数要确保达到320家、力争360家。
截至3月底，新增科技型中小企业41家，其中云湖区15家、青岭县21家。
"""


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    site.firms = make_plan.target(site.plan, "科技型中小企业")
    site.turnover = make_plan.target(site.plan, "技术合同成交额")
    report(site.turnover, "2026-02", site.gaoxin, value="8.1", signed_at=moment(date(2026, 3, 4)))
    report(site.turnover, "2026-03", site.gaoxin, value="12.5", signed_at=moment(date(2026, 4, 3)))
    past(site.turnover, **{"2025-03": 10})
    report(site.firms, "2026-03", site.gaoxin, value=41)
    report(site.firms, "2026-03", site.yunhu, value=21)
    report(site.firms, "2026-03", site.qingling, value=15)
    return site


def checked(city: SimpleNamespace, text: str = DRAFT) -> CheckedDraft:
    return check_text(text, year=2026, by=city.people["planner"], on=APRIL)


def told(draft: CheckedDraft) -> list[tuple[str, str]]:
    return [(each.statement.value_span.of(draft.text), each.kind.value) for each in draft.verdicts]


def test_every_figure_of_a_speech_is_held_against_the_ledger(city: SimpleNamespace) -> None:
    assert told(checked(city)) == [
        ("12.5亿元", "agrees"),
        ("45亿元", "agrees"),
        ("27.8%", "rounded"),
        ("10亿元", "agrees"),
        ("320家", "agrees"),
        ("360家", "differs"),
        ("41家", "agrees"),
        ("15家", "wrong_organisation"),
        ("21家", "wrong_organisation"),
    ]


def test_a_verdict_says_where_the_figure_comes_from(city: SimpleNamespace) -> None:
    first = checked(city).verdicts[0]
    assert first.sentence == (
        "与台账一致：“技术合同成交额”2026年1—3月完成数12.5亿元（2026年3月调度，高新处填报，4月3日审签）。"
    )
    assert first.fact is not None
    assert first.fact.link == f"/plans/checkins/{city.turnover.checkins.get(round__key='2026-03').pk}/"


def test_last_month_s_figure_is_out_of_date(city: SimpleNamespace) -> None:
    draft = checked(city, "截至3月底，技术合同成交额8.1亿元。")
    assert told(draft) == [("8.1亿元", "stale")]


def test_what_is_not_signed_or_not_yet_due_is_no_fact(city: SimpleNamespace) -> None:
    report(city.turnover, "2026-04", city.gaoxin, value="16", state=CheckInState.FILED)
    planner = city.people["planner"]
    ledger = known_facts(planner, year=2026, on=APRIL)
    assert ledger is not None
    assert 16 not in {fact.value for fact in ledger.facts}
    before = known_facts(planner, year=2026, on=date(2026, 3, 20))
    assert before is not None
    assert str(before.latest) == "2026-01/2026-02"


def test_targets_of_both_tiers_and_earlier_revisions_are_facts(city: SimpleNamespace) -> None:
    city.plan.state = PlanState.SUPERSEDED
    city.plan.save()
    ledger = known_facts(city.people["planner"], year=2026, on=APRIL)
    assert ledger is not None
    firms = [fact for fact in ledger.facts if fact.name == "高新技术企业总数"]
    assert {(fact.kind, int(fact.value or 0)) for fact in firms} == {(FactKind.FLOOR, 320), (FactKind.STRETCH, 340)}
    assert all(fact.replaced_on is not None for fact in firms)


def test_a_county_s_people_check_against_what_they_may_see(city: SimpleNamespace) -> None:
    """The city's published plan and signed figures are for all of government; enterprises have nothing to check against."""
    county = make.person("county_clerk", city.qingling)
    draft = check_text("1—3月，全市技术合同成交额12.5亿元。", year=2026, by=county, on=APRIL)
    assert told(draft) == [("12.5亿元", "agrees")]
    firm = make.person("enterprise", make.enterprise(parent=city.city))
    with pytest.raises(Unacceptable, match="没有可核对的台账"):
        check_text(DRAFT, year=2026, by=firm, on=APRIL)


def test_nothing_to_check_is_refused(city: SimpleNamespace) -> None:
    with pytest.raises(Unacceptable, match="请粘贴"):
        checked(city, " \n")
    with pytest.raises(Unacceptable, match="没有可核对的台账"):
        check_text(DRAFT, year=2031, by=city.people["planner"], on=APRIL)
    with pytest.raises(Unacceptable):
        check_file(b"\x00\x01", name="x.docx", year=2026, by=city.people["planner"], on=APRIL)


def test_the_facts_take_few_queries(city: SimpleNamespace) -> None:
    """However many targets and reports there are; each published plan adds the three of its series."""
    with CaptureQueriesContext(connection) as queries:
        known_facts(city.people["planner"], year=2026, on=APRIL)
    assert len(queries) <= 12


def test_a_word_file_comes_back_with_comments(city: SimpleNamespace) -> None:
    file = docx.Document()
    for line in DRAFT.strip().split("\n"):
        file.add_paragraph(line)
    stream = io.BytesIO()
    file.save(stream)
    planner = city.people["planner"]
    draft = check_file(stream.getvalue(), name="讲话.docx", year=2026, by=planner, on=APRIL)
    done = commented_draft(stream.getvalue(), draft, at=moment(APRIL))
    assert done.unplaced == ()
    opened = docx.Document(io.BytesIO(done.data))
    assert [comment.author for comment in opened.comments] == ["科枢核对"] * 3
    assert [comment.text for comment in opened.comments] == [
        each.sentence for each in draft.verdicts if each.kind is not VerdictKind.AGREES and not each.kind.is_sound
    ]
    assert [paragraph.text for paragraph in opened.paragraphs] == DRAFT.strip().split("\n")


def test_pasted_text_comes_back_as_a_word_file(city: SimpleNamespace) -> None:
    done = commented_draft(b"", checked(city), at=moment(APRIL))
    assert len(list(docx.Document(io.BytesIO(done.data)).comments)) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("截至3月底，我县新增科技型中小企业15家。", "agrees"),
        ("截至3月底，新增科技型中小企业15家。", "agrees"),
        ("截至3月底，全市新增科技型中小企业41家。", "agrees"),
        ("1—3月，我县技术合同成交额12.5亿元。", "not_in_ledger"),
    ],
)
def test_our_county_is_that_of_the_person_who_checks(city: SimpleNamespace, text: str, found: str) -> None:
    person = make.person("county_clerk", city.qingling)
    draft = check_text(text, year=2026, by=person, on=APRIL)
    assert [kind for _, kind in told(draft)] == [found], draft.verdicts[0].sentence
