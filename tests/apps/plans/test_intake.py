"""From an uploaded file to a draft: everything or nothing, once per content."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps.plans.factories import POINTS, Draftsman, make_plan, points
from tests.factories import AT, make

from keshu.apps.bureau.models import Attachment, AuditEntry, Job, StoredFile
from keshu.apps.bureau.services import Refused, Unacceptable, jobs
from keshu.apps.bureau.services.jobs import JobCancelled
from keshu.apps.plans.models import OwnerMention, PlanNode, Responsibility, SourceDocument, Target, WorkPlan
from keshu.apps.plans.services import building, intake
from keshu.apps.plans.services.revisions import import_revision
from keshu.apps.plans.tasks import told

pytestmark = pytest.mark.django_db


def upload(content: bytes | str = POINTS, name: str = "工作要点.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def nothing(done: int, total: int, message: str, *, at_once: bool = False) -> None:
    """A progress report nobody reads."""


def counts() -> list[int]:
    models = (WorkPlan, SourceDocument, PlanNode, Target, OwnerMention, Responsibility)
    return [model.objects.count() for model in models]


def names(responsibilities: Any) -> list[str]:
    return sorted(str(each.organisation) for each in responsibilities)


def test_a_document_becomes_a_draft_with_tree_targets_and_owners() -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau, by=site.people["planner"])
    assert (plan.title, plan.year, plan.kind, plan.state) == ("云澜市2026年科技创新工作要点", 2026, "plan", "reviewing")
    assert plan.source.text == POINTS
    task = make_plan.node(plan, "培育科技企业")
    assert task.parent == make_plan.node(plan, "重点任务")
    assert [target.indicator for target in task.targets.all()] == ["科技型中小企业"]
    assert POINTS[task.start : task.end] == "(一)培育科技企业"
    platform = make_plan.node(plan, "建设创新平台")
    assert (platform.due_on, platform.due_text) == (date(2026, 6, 30), "6月底前")


def test_a_stretch_target_is_linked_to_its_floor_and_values_are_exact() -> None:
    plan = make_plan.draft()
    floor = make_plan.target(plan, "高新技术企业总数")
    stretch = make_plan.target(plan, "高新技术企业总数", tier="stretch")
    assert stretch.floor == floor
    assert (floor.value, stretch.value) == (Decimal(320), Decimal(340))
    assert floor.due_on == date(2026, 12, 31)
    share = make_plan.target(plan, "全社会研发投入占GDP比重")
    assert share.value == Decimal("2.1")


def test_an_achieved_figure_is_not_due() -> None:
    pen = Draftsman("二、回顾\n高新技术企业达到280家。\n", year=2025)
    node = pen.node("二、", "回顾")
    pen.claim("高新技术企业达到280家", "280家", "高新技术企业", 280, "家", node=node, tense=building.Tense.ACTUAL)
    plan = make_plan.draft(pen.document())
    assert Target.objects.get(plan=plan).due_on is None


def test_printed_names_are_resolved_and_group_words_expand_to_all_members() -> None:
    site = make.site()
    plan = make_plan.draft(points(), organisation=site.bureau)
    counties = make_plan.mention(plan, "各县区")
    assert names(counties.responsibilities.all()) == ["云湖区", "青岭县"]
    lead = make_plan.mention(plan, "高新处").responsibilities.get()
    assert (lead.organisation, lead.role) == (site.gaoxin, "lead")
    unknown = make_plan.mention(plan, "成果转化处")
    assert unknown.certainty in ("unknown", "guess")
    assert not unknown.responsibilities.filter(organisation__name="成果转化处").exists()


def test_a_task_without_owners_inherits_those_above() -> None:
    site = make.site()
    pen = Draftsman("一、培育企业(高新处)\n(一)建库。\n(二)入库。(规划处)\n")
    top = pen.node("一、", "培育企业", owners=[("高新处", "responsible")])
    pen.node("(一)", "建库", parent=top)
    pen.node("(二)", "入库", parent=top, owners=[("规划处", "responsible")])
    plan = make_plan.draft(pen.document(), organisation=site.bureau)
    inherited = make_plan.node(plan, "建库").responsibilities.get()
    assert (inherited.organisation, inherited.is_inherited) == (site.gaoxin, True)
    assert names(make_plan.node(plan, "入库").responsibilities.all()) == ["规划处"]


def test_a_document_without_claims_gives_a_plan_with_a_warning() -> None:
    pen = Draftsman("一、加强领导。\n", year=None)
    pen.node("一、", "加强领导")
    plan = make_plan.draft(pen.document())
    assert Target.objects.filter(plan=plan).count() == 0
    assert any("没有识别到指标" in warning for warning in plan.warnings)
    assert any("年度" in warning for warning in plan.warnings)
    assert plan.year is None


def test_an_absurdly_large_number_is_kept_as_a_doubt() -> None:
    pen = Draftsman("一、目标\n成交额900000000000000亿元。\n")
    node = pen.node("一、", "目标")
    pen.claim("成交额900000000000000亿元", "900000000000000亿元", "成交额", 9e14, "亿元", node=node)
    target = Target.objects.get(plan=make_plan.draft(pen.document()))
    assert target.value is None
    assert target.doubts == ["数字过大，请对照原文核对"]


def test_each_upload_starts_a_job_and_a_bad_one_does_not_hold_up_the_others() -> None:
    site = make.site()
    received = intake.receive_documents(
        [upload(), upload(b"", "空.txt")], organisation=site.bureau, by=site.people["planner"], at=AT
    )
    assert received[0].job_id is not None
    assert received[0].error == ""
    assert received[1].job_id is None
    assert "空" in received[1].error
    assert Job.objects.filter(kind="plans.read_document").count() == 1


def test_the_same_content_twice_in_one_upload_is_read_once() -> None:
    site = make.site()
    received = intake.receive_documents(
        [upload(), upload(name="副本.txt")], organisation=site.bureau, by=site.people["planner"], at=AT
    )
    assert received[0].job_id is not None
    assert received[1].job_id is None
    assert "内容相同" in received[1].error


def test_content_read_before_is_recognised_and_offered_as_a_revision() -> None:
    site = make.site()
    planner = site.people["planner"]
    first = intake.receive_documents([upload()], organisation=site.bureau, by=planner, at=AT)[0]
    result = intake.save_document(
        points(), owners={}, attachment_id=first.attachment_id, name="工作要点.txt", organisation=site.bureau,
        revises_id=None, by=planner, at=AT,
    )  # fmt: skip
    again = intake.receive_documents([upload(name="改名.txt")], organisation=site.bureau, by=planner, at=AT)[0]
    assert again.job_id is None
    assert again.existing is not None
    assert again.existing.plan_id == result.plan_id
    assert Attachment.objects.count() == 1
    job = import_revision(WorkPlan.objects.get(pk=result.plan_id), by=planner, at=AT)
    assert Job.objects.get(pk=job).params["revises_id"] == result.plan_id


def test_the_same_content_for_another_organisation_is_another_plan() -> None:
    site = make.site()
    make_plan.draft(points(), organisation=site.bureau)
    clerk = site.people["county_clerk"]
    received = intake.receive_documents([upload()], organisation=site.qingling, by=clerk, at=AT)[0]
    assert received.job_id is not None


def test_two_jobs_over_the_same_content_make_one_plan() -> None:
    site = make.site()
    planner = site.people["planner"]
    attachment = make.attachment(content=POINTS.encode(), organisation=site.bureau, by=planner)
    given = {
        "owners": {},
        "attachment_id": attachment.pk,
        "name": "a.txt",
        "organisation": site.bureau,
        "revises_id": None,
    }
    first = intake.save_document(points(), **given, by=planner, at=AT)
    second = intake.save_document(points(), **given, by=planner, at=AT)
    assert second.is_existing
    assert second.plan_id == first.plan_id
    assert WorkPlan.objects.count() == 1


def test_an_unreadable_file_is_told_in_chinese_and_leaves_nothing() -> None:
    site = make.site()
    attachment = make.attachment(content=b"\x00\x01\x02\x03" * 50, name="坏.docx", organisation=site.bureau)
    before = counts()
    with pytest.raises(Unacceptable) as refusal:
        intake.read_document(
            attachment_id=attachment.pk,
            name="坏.docx",
            revises_id=None,
            progress=nothing,
            by=site.people["planner"],
            at=AT,
        )
    assert any("\u4e00" <= character <= "\u9fff" for character in str(refusal.value))
    assert counts() == before


def test_a_cancelled_reading_saves_nothing() -> None:
    site = make.site()
    attachment = make.attachment(content=POINTS.encode(), organisation=site.bureau)
    told: list[str] = []

    def cancel_late(done: int, total: int, message: str, *, at_once: bool = False) -> None:
        told.append(message)
        if message == "保存":
            raise JobCancelled

    before = counts()
    with pytest.raises(JobCancelled):
        intake.read_document(
            attachment_id=attachment.pk,
            name="a.txt",
            revises_id=None,
            progress=cancel_late,
            by=site.people["planner"],
            at=AT,
        )
    assert counts() == before
    assert told[0] == "读取文件"


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_two_tables_leaves_nothing() -> None:
    site = make.site()
    document = points()
    broken = document.claims[-1]
    object.__setattr__(broken, "node", 99)  # a claim under a heading that is not there fails after the tree was written
    before = (counts(), AuditEntry.objects.count())
    with pytest.raises(IndexError):
        intake.save_document(
            document, owners={}, attachment_id=make.attachment(organisation=site.bureau, by=site.people["planner"]).pk,
            name="a.txt", organisation=site.bureau, revises_id=None, by=site.people["planner"], at=AT,
        )  # fmt: skip
    assert (counts(), AuditEntry.objects.count()) == before


@pytest.mark.parametrize(
    "role", ["office_head", "clerk", "county_clerk", "enterprise", "expert", "bank", "auditor", "operator"]
)
def test_only_keepers_import_for_the_bureau(role: str) -> None:
    site = make.site()
    with pytest.raises(Refused, match="不能为"):
        intake.receive_documents([upload()], organisation=site.bureau, by=site.people[role], at=AT)
    assert Job.objects.count() == 0


def test_a_county_clerk_imports_for_the_own_county_only() -> None:
    site = make.site()
    clerk = site.people["county_clerk"]
    assert intake.receive_documents([upload()], organisation=site.qingling, by=clerk, at=AT)[0].job_id
    with pytest.raises(Refused):
        intake.receive_documents([upload()], organisation=site.yunhu, by=clerk, at=AT)


def test_text_no_database_stores_is_replaced_one_for_one() -> None:
    assert building.storable("a\x00b\ud83dc") == "a\ufffdb\ufffdc"


# --- the whole way, through the queue and the engine

REAL = """云澜市2026年科技创新工作要点

一、主要目标
高新技术企业总数达到320家。技术合同成交额突破45亿元。
二、重点任务
(一)培育科技企业。新增科技型中小企业120家。(高新处牵头,规划处配合)
"""


def test_an_upload_goes_through_the_queue_to_a_draft() -> None:
    site = make.site()
    planner = site.people["planner"]
    received = intake.receive_documents([upload(REAL)], organisation=site.bureau, by=planner, at=AT)[0]
    jobs.run_pending()
    job = Job.objects.get(pk=received.job_id)
    assert (job.state, job.error) == ("done", "")
    plan = WorkPlan.objects.get(pk=job.result["plan_id"])
    assert job.result_url == reverse("plans:review", args=[plan.pk])
    assert {320, 45, 120} <= {int(value) for value in Target.objects.filter(plan=plan).values_list("value", flat=True)}
    assert OwnerMention.objects.get(plan=plan, name="高新处").role == "lead"
    text = plan.source.text
    for target in Target.objects.filter(plan=plan):
        assert text[target.value_start : target.value_end] in text[target.start : target.end]


def test_a_kind_that_cannot_be_read_is_refused_at_the_door() -> None:
    site = make.site()
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 50
    files = [upload(old, "旧版.doc"), upload(b'{"a": 1}', "data.json"), upload(b"PK\x03\x04 broken", "表.xlsx")]
    received = intake.receive_documents(files, organisation=site.bureau, by=site.people["planner"], at=AT)
    assert "另存为 .docx" in received[0].error
    assert "数据文件（.json）" in received[1].error
    assert "Excel 表格" in received[2].error
    assert (Job.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (0, 0, 0)


def test_a_text_is_read_whatever_its_ending_but_not_data() -> None:
    site = make.site()
    for name in ("要点.md", "要点.最终稿", "要点"):
        received = intake.receive_documents(
            [upload(POINTS + name, name)], organisation=site.bureau, by=site.people["planner"], at=AT
        )
        assert received[0].job_id, name


def test_a_failed_reading_tells_why_in_the_job_and_takes_the_file_back(settings: Any) -> None:
    site = make.site()
    damaged = upload(b"%PDF-1.7\nnothing more", "坏.pdf")
    received = intake.receive_documents([damaged], organisation=site.bureau, by=site.people["planner"], at=AT)[0]
    before = counts()
    jobs.run_pending()
    job = Job.objects.get(pk=received.job_id)
    assert job.state == "failed"
    assert "已损坏" in job.error
    assert counts() == before
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert not [path for path in (Path(settings.STORAGE) / "files").rglob("*") if path.is_file()]
    entry = AuditEntry.objects.get(action="delete", subject_type="bureau.attachment")
    assert (entry.before["name"], entry.by) == ("坏.pdf", site.people["planner"])


def test_a_reading_cancelled_in_the_queue_takes_the_file_back_unless_another_needs_it() -> None:
    site = make.site()
    planner = site.people["planner"]
    received = intake.receive_documents([upload()], organisation=site.bureau, by=planner, at=AT)[0]
    second = intake.start_reading(attachment_id=received.attachment_id, name="a.txt", by=planner, at=AT)
    jobs.cancel_job(Job.objects.get(pk=received.job_id), by=planner, at=AT)
    assert Attachment.objects.count() == 1
    jobs.cancel_job(Job.objects.get(pk=second), by=planner, at=AT)
    assert Attachment.objects.count() == 0


def test_a_failed_revision_leaves_the_file_of_its_plan() -> None:
    site = make.site()
    planner = site.people["planner"]
    plan = make_plan.draft(points(), organisation=site.bureau, by=planner)
    job = Job.objects.get(pk=import_revision(plan, by=planner, at=AT))
    jobs.cancel_job(job, by=planner, at=AT)
    assert Attachment.objects.filter(pk=plan.source.attachment_id).exists()


def read(**figures: int) -> intake.ReadResult:
    counts = {"targets": 0, "nodes": 0, "unresolved": 0, "doubtful": 0} | figures
    return intake.ReadResult(plan_id=1, title="要点", **counts)


def test_a_finished_reading_tells_what_was_read() -> None:
    assert told(read(targets=18, nodes=13)) == "读出 18 条指标、13 项任务。"
    some = read(targets=18, nodes=13, unresolved=3, doubtful=2)
    assert told(some) == "读出 18 条指标、13 项任务，3 个单位写法待指定，2 处存疑。"
    assert told(read()) == "没有读出指标和任务，请核对文件是否选对。"
    assert told(read(nodes=4)) == "读出 4 项任务，但没有读出指标数据，请核对文件是否选对、正文是否完整。"


def test_the_job_keeps_that_sentence() -> None:
    site = make.site()
    intake.receive_documents(
        [upload("各处室：请按时参加会议。")], organisation=site.bureau, by=site.people["planner"], at=AT
    )
    jobs.run_pending()
    job = Job.objects.get()
    assert (job.state, job.message) == ("done", "没有读出指标和任务，请核对文件是否选对。")
