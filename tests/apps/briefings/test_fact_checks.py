"""核对稿件: somebody brings a draft, sees each figure's verdict and its source, judges, takes the commented file; nobody else."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import moment, report
from tests.factories import make
from tests.programs import Program

from keshu.apps.briefings.models import FactCheck, FactCheckResult
from keshu.apps.briefings.services import fact_checks
from keshu.apps.bureau.models import Attachment, AuditAction, AuditEntry, User
from keshu.apps.bureau.services import Refused, Unacceptable, jobs

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 8)
MAY = date(2026, 5, 8)
DRAFT = """全市科技工作调度会讲话
今年1—3月，技术合同成交额13.5亿元，完成年度目标（45亿元）的27.8%。
高新技术企业总数要确保达到320家。新增创新平台××家。
截至3月底，新增科技型中小企业41家，其中云湖区15家、青岭县15家。
全市备案飞行器试验场7个。
"""


@pytest.fixture
def city() -> SimpleNamespace:
    site = make.site()
    site.plan = make_plan.published(by=site.people["planner"])
    site.firms = make_plan.target(site.plan, "科技型中小企业")
    site.turnover = make_plan.target(site.plan, "技术合同成交额")
    report(site.turnover, "2026-03", site.gaoxin, value="12.5", signed_at=moment(date(2026, 4, 3)))
    report(site.firms, "2026-03", site.gaoxin, value=41)
    report(site.firms, "2026-03", site.yunhu, value=21)
    report(site.firms, "2026-03", site.qingling, value=15)
    return site


def word(text: str = DRAFT, name: str = "讲话.docx") -> ContentFile[bytes]:
    file = docx.Document()
    for line in text.strip().split("\n"):
        file.add_paragraph(line)
    stream = io.BytesIO()
    file.save(stream)
    return ContentFile(stream.getvalue(), name=name)


def run(check: FactCheck, *, on: date = APRIL) -> FactCheck:
    """The check's job, as a worker runs it on that day."""
    assert check.job_id is not None
    jobs.execute_job(check.job_id, clock=lambda: moment(on))
    return FactCheck.objects.get(pk=check.pk)


def checked(by: User, **given: Any) -> FactCheck:
    given = given or {"text": DRAFT}
    return run(fact_checks.receive_draft(**given, year=2026, by=by, at=moment(APRIL)))


def latest(check: FactCheck) -> FactCheckResult:
    return check.results.order_by("-number")[0]


def kinds(result: FactCheckResult) -> list[tuple[str, str]]:
    return [(each["quote"], each["kind"]) for each in result.findings]


def test_a_word_file_is_checked_figure_by_figure(city: SimpleNamespace) -> None:
    check = checked(city.people["clerk"], file=word())
    result = latest(check)
    assert kinds(result) == [
        ("13.5亿元", "differs"), ("45亿元", "agrees"), ("27.8%", "rounded"), ("320家", "agrees"), ("××家", "masked"),
        ("41家", "agrees"), ("15家", "wrong_organisation"), ("15家", "agrees"), ("7个", "not_in_ledger"),
    ]  # fmt: skip
    assert (check.title, check.state, check.figure_count, check.problem_count) == ("讲话.docx", "open", 9, 3)
    first = result.findings[0]
    assert (first["stated"], first["fact"]["value"], first["difference"]) == ("13.5亿元", "12.5亿元", "多1亿元")
    checkin = city.turnover.checkins.get()
    assert first["fact"]["link"] == reverse("plans:checkin-detail", args=[checkin.pk])


def test_what_should_stand_there_is_found_with_its_source(city: SimpleNamespace) -> None:
    result = latest(checked(city.people["clerk"]))
    swapped = result.findings[6]
    assert swapped["expected"]["value"] == "21家"
    county = city.firms.checkins.get(organisation=city.yunhu)
    assert swapped["expected"]["link"] == reverse("plans:checkin-detail", args=[county.pk])


def test_a_figure_stated_twice_differently_names_the_other_place(city: SimpleNamespace) -> None:
    result = latest(checked(city.people["clerk"], text="全市备案飞行器试验场7个。\n全市备案飞行器试验场9个。"))
    assert [(each["kind"], each["others"]) for each in result.findings] == [
        ("inconsistent", [2]),
        ("inconsistent", [1]),
    ]


def test_pasted_words_are_kept_as_a_file_and_in_no_trail(city: SimpleNamespace) -> None:
    check = checked(city.people["clerk"])
    assert check.is_pasted
    assert check.title == "全市科技工作调度会讲话"
    assert check.attachment.is_private
    told = [str(each.after) + str(each.before) for each in AuditEntry.objects.all()]
    assert not any("飞行器" in words for words in told)
    assert any("'有问题': 3" in words for words in told)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": " \n"}, "请粘贴要核对的文字，或者选择要核对的文件"),
        ({"text": "甲", "file": ContentFile("乙".encode(), name="乙.txt")}, "只能核对一样"),
        ({"text": "字" * 200_001}, "超过 20 万字"),
        ({"file": ContentFile(b"", name="空.docx")}, "空文件"),
        ({"file": ContentFile(b"\x89PNG\r\n\x1a\n0000", name="图.docx")}, "图片"),
        ({"text": "甲", "year": 2031}, "2031年没有已发布的工作要点，可以对照的年度有：2026"),
        ({"text": "甲", "as_of": "2025-01/2025-03"}, "不是2026年的时期"),
    ],
)
def test_what_cannot_be_checked_is_refused_and_not_kept(city: SimpleNamespace, given: Any, words: str) -> None:
    with pytest.raises(Unacceptable, match=words):
        fact_checks.receive_draft(**{"year": 2026, **given}, by=city.people["clerk"], at=moment(APRIL))
    assert not FactCheck.objects.exists()
    assert not Attachment.objects.filter(is_private=True).exists()


def test_a_file_too_large_is_refused(city: SimpleNamespace, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(Unacceptable, match="上限"):
        fact_checks.receive_draft(file=word(), year=2026, by=city.people["clerk"], at=moment(APRIL))
    assert not Attachment.objects.filter(is_private=True).exists()


def test_nothing_published_is_said() -> None:
    with pytest.raises(Unacceptable, match="没有可核对的台账"):
        fact_checks.receive_draft(text=DRAFT, year=2026, by=make.person("clerk"), at=moment(APRIL))


def test_a_file_that_cannot_be_read_says_so_and_is_not_kept(city: SimpleNamespace) -> None:
    broken = ContentFile(word().read()[:900], name="坏.docx")
    try:
        check = checked(city.people["clerk"], file=broken)
    except Unacceptable:
        assert not Attachment.objects.filter(is_private=True).exists()
        return
    assert check.state == "failed"
    assert "稿件没有保留" in check.error
    assert not Attachment.objects.filter(is_private=True).exists()


def test_each_service_leaves_an_entry_by_its_person(city: SimpleNamespace) -> None:
    clerk, at = city.people["clerk"], moment(APRIL)
    check = checked(clerk, file=word())
    acts = {
        "receive": lambda: fact_checks.receive_draft(text=DRAFT, year=2026, by=clerk, at=at),
        "judge": lambda: fact_checks.judge_finding(check, number=1, judgement="handled", by=clerk, at=at),
        "paper": lambda: fact_checks.commented_copy(latest(check), by=clerk, at=at),
        "workbook": lambda: fact_checks.findings_workbook(latest(check), by=clerk, at=at),
        "again": lambda: fact_checks.check_again(check, by=clerk, at=at),
        "check": lambda: run(FactCheck.objects.get(pk=check.pk)),
        "remove": lambda: fact_checks.remove_check(check, by=clerk, at=at),
    }
    for name, act in acts.items():
        last = AuditEntry.objects.order_by("-number")[0].number
        act()
        new = AuditEntry.objects.filter(number__gt=last)
        assert new, name
        assert {(entry.by, entry.at) for entry in new} == {(clerk, at)}, name


def test_nobody_else_sees_it(city: SimpleNamespace, client: Client) -> None:
    check = checked(city.people["clerk"])
    for role in ("office_head", "leader", "auditor", "operator"):
        other = city.people[role]
        assert not FactCheck.objects.visible_to(other).exists()
        assert not FactCheckResult.objects.visible_to(other).exists()
        with pytest.raises(Refused):
            fact_checks.remove_check(check, by=other, at=moment(APRIL))
        client.force_login(other)
        assert client.get(reverse("briefings:fact-check-detail", args=[check.pk])).status_code == 404


def test_enterprises_are_refused(city: SimpleNamespace, client: Client) -> None:
    firm = city.people["enterprise"]
    with pytest.raises(Refused, match="不能查看台账"):
        fact_checks.receive_draft(text=DRAFT, year=2026, by=firm, at=moment(APRIL))
    client.force_login(firm)
    assert client.get(reverse("briefings:fact-check-list")).status_code == 403


def test_a_county_s_person_is_told_nothing_of_another_county_s_draft_plan(city: SimpleNamespace) -> None:
    """A draft of 云湖区 is no fact to 青岭县, nor is what only the issuer's people may see."""
    make_plan.draft(organisation=city.yunhu, by=make.person("county_clerk", city.yunhu))
    county = make.person("county_clerk", city.qingling)
    facts = str(latest(checked(county)).findings)
    own = str(latest(checked(city.people["planner"])).findings)
    assert "12.5亿元" in facts
    assert facts == own


def test_judging_counts_down_and_is_taken_back(city: SimpleNamespace) -> None:
    clerk = city.people["clerk"]
    check = checked(clerk)
    now: dict[str, Any] = {"by": clerk, "at": moment(APRIL)}
    fact_checks.judge_finding(check, number=1, judgement="handled", note="改为 12.5", **now)
    fact_checks.judge_finding(check, number=9, judgement="dismissed", **now)
    check.refresh_from_db()
    assert (check.open_count, check.state) == (1, "open")
    result = fact_checks.judge_finding(check, number=7, judgement="handled", **now)
    assert result.judgements["1"] == {"judgement": "handled", "note": "改为 12.5"}
    check.refresh_from_db()
    assert check.state == "settled"
    fact_checks.judge_finding(check, number=9, judgement="", **now)
    check.refresh_from_db()
    assert (check.open_count, check.state) == (1, "open")
    for number, judgement, words in ((2, "handled", "没有问题"), (99, "handled", "没有问题"), (1, "wrong", "不能标为")):
        with pytest.raises(Unacceptable, match=words):
            fact_checks.judge_finding(check, number=number, judgement=judgement, **now)
    with pytest.raises(Refused):
        fact_checks.judge_finding(check, number=1, judgement="", by=city.people["leader"], at=moment(APRIL))


def comments(data: bytes) -> list[str]:
    return [comment.text for comment in docx.Document(io.BytesIO(data)).comments]


def test_the_word_file_has_a_comment_at_each_finding_but_those_that_are_none(
    city: SimpleNamespace, client: Client
) -> None:
    clerk = city.people["clerk"]
    check = checked(clerk, file=word())
    fact_checks.judge_finding(check, number=9, judgement="dismissed", by=clerk, at=moment(APRIL))
    client.force_login(clerk)
    response = client.get(reverse("briefings:fact-check-paper", args=[check.pk]))
    result = latest(check)
    assert comments(response.content) == [result.findings[0]["sentence"], result.findings[6]["sentence"]]
    assert "%E8%AE%B2%E8%AF%9D-%E6%A0%B8%E5%AF%B9%E6%89%B9%E6%B3%A8.docx" in response["Content-Disposition"]
    assert AuditEntry.objects.filter(action=AuditAction.EXPORT, subject_type="briefings.factcheck").count() == 1


def test_pasted_words_come_back_as_a_word_file_with_comments(city: SimpleNamespace) -> None:
    check = checked(city.people["clerk"])
    made = fact_checks.commented_copy(latest(check), by=city.people["clerk"], at=moment(APRIL))
    assert made.name == "全市科技工作调度会讲话-核对批注.docx"
    assert len(comments(made.content)) == 3


def test_the_findings_as_excel(city: SimpleNamespace) -> None:
    check = checked(city.people["clerk"])
    made = fact_checks.findings_workbook(latest(check), by=city.people["clerk"], at=moment(APRIL))
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(made.content)).active.rows]
    assert [row[2] for row in rows if row[4] in ("与台账不符", "县区、单位不对")] == ["13.5亿元", "15家"]
    assert ["12.5亿元", "多1亿元"] in [row[5:7] for row in rows]


def test_checked_again_the_ledger_s_move_is_told_and_what_was_said_stays(city: SimpleNamespace) -> None:
    clerk = city.people["clerk"]
    draft = "今年以来，技术合同成交额12.5亿元。\n高新技术企业总数要确保达到333家。"
    check = checked(clerk, text=draft)
    assert [kind for _, kind in kinds(latest(check))] == ["agrees", "differs"]
    fact_checks.judge_finding(check, number=2, judgement="dismissed", by=clerk, at=moment(APRIL))
    report(city.turnover, "2026-04", city.gaoxin, value="16", signed_at=moment(date(2026, 5, 4)))
    check = run(fact_checks.check_again(check, by=clerk, at=moment(MAY)), on=MAY)
    result = latest(check)
    assert (result.number, kinds(result)) == (2, [("12.5亿元", "stale"), ("333家", "differs")])
    assert result.judgements == {"2": {"judgement": "dismissed", "note": ""}}
    assert (check.problem_count, check.open_count) == (2, 1)
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("briefings:fact-check-detail", args=[check.pk]), {"show": "changed"}).content.decode()
    assert "上次：与台账一致：“技术合同成交额”2026年1—3月完成数12.5亿元" in page
    assert "333家</mark>" not in page
    old = client.get(reverse("briefings:fact-check-detail", args=[check.pk]), {"result": "1"}).content.decode()
    assert "这是第 1 次核对的结果" in old
    assert "finding__tools" not in old


def test_a_check_again_that_fails_keeps_the_earlier_result(city: SimpleNamespace) -> None:
    clerk = city.people["clerk"]
    check = checked(clerk)
    again = fact_checks.check_again(check, by=clerk, at=moment(APRIL))
    with pytest.raises(Unacceptable, match="正在核对"):
        fact_checks.check_again(check, by=clerk, at=moment(APRIL))
    jobs.cancel_job(again.job, by=clerk, at=moment(APRIL))
    check.refresh_from_db()
    assert (check.state, check.error) == ("open", "核对已取消。")
    assert check.results.count() == 1


def test_removing_takes_the_file_and_the_results(city: SimpleNamespace) -> None:
    clerk = city.people["clerk"]
    check = checked(clerk, file=word())
    fact_checks.remove_check(check, by=clerk, at=moment(APRIL))
    assert not FactCheckResult.objects.exists()
    assert not Attachment.objects.filter(is_private=True).exists()


def test_the_pages_from_form_to_removal(city: SimpleNamespace, client: Client) -> None:
    client.force_login(city.people["clerk"])
    listed = reverse("briefings:fact-check-list")
    assert "还没有核对过稿件" in client.get(listed).content.decode()
    refused = client.post(reverse("briefings:fact-check-create"), {"year": "2026", "month": ""})
    assert refused.status_code == 422
    assert "请粘贴要核对的文字" in refused.content.decode()
    response = client.post(reverse("briefings:fact-check-create"), {"file": word(), "year": "2026", "month": "3"})
    check = FactCheck.objects.get()
    assert check.as_of == "2026-01/2026-03"
    assert "等待前面的任务完成" in client.get(response["Location"]).content.decode()
    progress = reverse("briefings:fact-check-progress", args=[check.pk])
    assert client.get(progress).status_code == 204
    run(check)
    assert client.get(progress)["HX-Redirect"] == response["Location"]
    page = client.get(response["Location"]).content.decode()
    assert "已处理 <strong>0</strong> / 3" in page
    assert "其余 6 个数字没有问题" in page
    assert page.count('class="mark mark--') >= 9
    assert "finding-2" not in page.partition('id="findings"')[2]
    every = client.get(response["Location"], {"show": "all", "order": "text"}, headers={"HX-Request": "true"})
    assert every.content.decode().count("<article") == 9
    kind = client.get(response["Location"], {"kind": "not_in_ledger"}, headers={"HX-Request": "true"}).content.decode()
    assert kind.count("<article") == 1
    judged = client.post(
        reverse("briefings:fact-check-judge", args=[check.pk, 1]),
        {"judgement": "handled"},
        headers={"HX-Request": "true"},
    )
    assert "撤销" in judged.content.decode()
    assert "已处理 <strong>1</strong> / 3" in judged.content.decode()
    book = client.get(reverse("briefings:fact-check-workbook", args=[check.pk]))
    assert load_workbook(io.BytesIO(book.content)).active.max_row >= 9
    assert "讲话.docx" in client.get(listed, {"q": "讲话", "year": "2026", "state": "open"}).content.decode()
    for form in ("xlsx", "csv", "print"):
        assert client.get(listed, {"export": form}).status_code == 200
    gone = client.post(reverse("briefings:fact-check-remove", args=[check.pk]), follow=True)
    assert "和核对结果已删除" in gone.content.decode()


def test_a_long_draft_s_page_takes_few_queries(city: SimpleNamespace, client: Client) -> None:
    clerk = city.people["clerk"]
    check = checked(clerk, text="\n".join(f"1—3月，技术合同成交额{number}亿元。" for number in range(1, 301)))
    assert check.figure_count == 300
    client.force_login(clerk)
    address = reverse("briefings:fact-check-detail", args=[check.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, {"show": "all"}).content.decode().count("<article") == 300
    assert len(queries) <= 16


def test_a_program_hands_in_a_draft_and_reads_what_was_found(city: SimpleNamespace) -> None:
    clerk = city.people["clerk"]
    program, other = Program(clerk), Program(city.people["leader"])
    made = program.post("/fact-checks", {"text": DRAFT, "year": 2026, "as_of": "2026-01/2026-03"})
    assert (made.status_code, made.json()["state"], made.json()["findings"]) == (201, "checking", [])
    run(FactCheck.objects.get())
    address = f"/fact-checks/{made.json()['id']}"
    found = program.get(address).json()
    assert (found["figures"], found["problems"], found["open"]) == (9, 3, 3)
    first = found["findings"][0]
    assert found["text"][first["start"] : first["end"]] == first["quote"] == "13.5亿元"
    assert (first["kind"], first["difference"], first["fact"]["value"]) == ("differs", "多1亿元", "12.5亿元")
    assert len(comments(program.get(f"{address}/paper").content)) == 3
    assert [row["id"] for row in program.get("/fact-checks", {"state": "open", "year": 2026}).json()["rows"]] == [
        found["id"]
    ]
    assert other.get(address).status_code == 404
    assert other.get("/fact-checks").json()["rows"] == []
    assert program.post(f"{address}/again").json()["state"] == "checking"
    assert program.post("/fact-checks", {"text": DRAFT, "year": 2031}).status_code == 422


def test_the_months_chosen_on_the_page_hold_where_the_draft_names_none(city: SimpleNamespace, client: Client) -> None:
    report(city.turnover, "2026-02", city.gaoxin, value="8.1", signed_at=moment(date(2026, 3, 4)))
    client.force_login(city.people["clerk"])
    text = "今年以来，技术合同成交额8.1亿元。截至3月底，技术合同成交额12.5亿元。"
    client.post(reverse("briefings:fact-check-create"), {"text": text, "year": "2026", "month": "2"})
    check = run(FactCheck.objects.get())
    assert kinds(latest(check)) == [("8.1亿元", "agrees"), ("12.5亿元", "agrees")]
    unchosen = latest(checked(city.people["clerk"], text=text)).findings[0]
    assert (unchosen["kind"], unchosen["expected"]["value"]) == ("stale", "12.5亿元")
