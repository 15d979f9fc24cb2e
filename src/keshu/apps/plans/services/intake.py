"""A document comes in: stored, read by the engine, and saved as a draft, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import transaction

import keshu
from keshu.apps.bureau.services import Unacceptable, audit, jobs
from keshu.apps.bureau.services.attachments import attachment_by_id, discard_upload, read_attachment, store_upload
from keshu.apps.plans.models import PlanKind, PlanState, SourceDocument, WorkPlan
from keshu.apps.plans.permissions import can_import_plan
from keshu.apps.plans.queries.progress import review_progress
from keshu.apps.plans.services.building import Owners, build_rows, fitted, owner_names, storable, warnings_of
from keshu.apps.plans.services.carrying import carry_over
from keshu.apps.plans.services.file_kinds import refuse_foreign
from keshu.apps.plans.services.goal_rows import with_goal_rows
from keshu.apps.plans.services.meanings import naming_day, owners_meant

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from keshu.apps.bureau.models import Attachment, Organisation, User
    from keshu.engines.plandoc import PlanDocument

READ_DOCUMENT = "plans.read_document"
# A text with Markdown's marks is read without them.
MARKDOWN = (".md", ".markdown")
MARKUP = re.compile(r"^(?:#{1,6}|[*+-]) +|(?:\*\*|__)", re.MULTILINE)

WHOLE = 100
# What the reading is at, and how far it is then in per cent; recognising a scan takes nearly all the time there is.
OPENING, PARSING, NAMING, SAVING = (0, "读取文件"), (80, "识别结构和指标"), (90, "对应责任单位"), (95, "保存")


class Progress(Protocol):
    """Tells how far the work is; may raise to end it."""

    def __call__(self, done: int, total: int, message: str, *, at_once: bool = False) -> None: ...


@dataclass(frozen=True, slots=True)
class Existing:
    """A plan already made from the same content."""

    plan_id: int
    title: str
    state: str
    revision: int


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one uploaded file: a job that reads it, the plan made of it before, or why it was refused."""

    file_name: str
    attachment_id: int | None = None
    job_id: int | None = None
    existing: Existing | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What the job hands back.

    ``notes`` are about the file itself; ``is_existing`` when the same content had been read in the meantime.
    """

    plan_id: int
    title: str
    targets: int
    nodes: int
    unresolved: int
    doubtful: int
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_existing: bool = False


def receive_documents(
    files: Iterable[UploadedFile], *, organisation: Organisation, by: User, at: datetime
) -> tuple[Received, ...]:
    """Store each file and start reading it; one answer per file, a refused file does not hold up the others.

    Content that was read before (for the same organisation) starts no job: the answer names the plan, and
    `import_revision` reads it as a new revision. Keepers of the organisation's plans (Refused).
    """
    can_import_plan(by, organisation)
    seen: set[str] = set()
    return tuple(_receive(file, organisation=organisation, seen=seen, by=by, at=at) for file in files)


def _receive(file: UploadedFile, *, organisation: Organisation, seen: set[str], by: User, at: datetime) -> Received:
    name = PurePath(file.name or "未命名").name
    try:
        attachment = keep_upload(file, name=name, organisation=organisation, by=by, at=at)
    except Unacceptable as refusal:
        return Received(name, error=str(refusal))
    sha256 = attachment.file.sha256
    if sha256 in seen:
        discard_upload(attachment, why="与同时上传的另一份文件内容相同", by=by, at=at)
        return Received(name, error="与本次上传的另一份文件内容相同，只识别一次。")
    seen.add(sha256)
    if existing := existing_plan(sha256, organisation_id=organisation.pk):
        discard_upload(attachment, why="与以前导入的文件内容相同", by=by, at=at)
        return Received(name, existing=existing)
    job = start_reading(attachment_id=attachment.pk, name=name, by=by, at=at)
    return Received(name, attachment.pk, job_id=job)


def keep_upload(file: UploadedFile, *, name: str, organisation: Organisation, by: User, at: datetime) -> Attachment:
    """Store an upload of a kind that can be read; Unacceptable, with nothing kept, for any other."""
    if 0 < (file.size or 0) <= settings.UPLOAD_LIMIT:  # an empty or too large one is refused in storing it
        refuse_foreign(file.read(), name=name)
        file.seek(0)
    return store_upload(file=file, name=name, organisation=organisation, by=by, at=at)


def discard_unread(attachment_id: int, *, at: datetime) -> None:
    """After a job's end: an upload that no document was made of and that no job waits to read is taken back."""
    is_source = SourceDocument.objects.filter(attachment_id=attachment_id).exists()
    if is_source or jobs.is_awaited(READ_DOCUMENT, attachment_id=attachment_id):
        return
    if (attachment := attachment_by_id(attachment_id)) is not None:
        discard_upload(attachment, why="没有识别成功或已取消，文件不保留", by=attachment.uploaded_by, at=at)


def existing_plan(sha256: str, *, organisation_id: int) -> Existing | None:
    """The latest plan of the organisation that was made from this content, deleted drafts aside."""
    same = WorkPlan.objects.kept().filter(source__sha256=sha256, organisation_id=organisation_id)
    plan = same.order_by("-pk").first()
    return None if plan is None else Existing(plan.pk, plan.title, PlanState(plan.state).label, plan.revision)


def start_reading(*, attachment_id: int, name: str, revises_id: int | None = None, by: User, at: datetime) -> int:
    """Queue the job that reads a stored file; returns the job's id."""
    params = {"attachment_id": attachment_id, "name": name, "revises_id": revises_id}
    return jobs.start_job(kind=READ_DOCUMENT, title=f"识别《{name}》"[:200], params=params, by=by, at=at).pk


def read_document(
    *,
    attachment_id: int,
    name: str,
    revises_id: int | None,
    progress: Progress,
    by: User,
    at: datetime,
) -> ReadResult:
    """Read a stored file and save the draft of the organisation it was uploaded for.

    `progress` may raise to cancel; nothing is saved then.

    Unacceptable with the engine's Chinese message when the file cannot be read; Refused when the person may not import.
    """
    organisation = uploader_of(attachment_id)
    can_import_plan(by, organisation)
    document, notes = _read(read_attachment(attachment_id), name=name, progress=progress)
    _tell(progress, NAMING)
    on = naming_day(document.meta.plan_year, at=at)
    owners = owners_meant(owner_names(document), home=organisation, on=on)
    _tell(progress, SAVING)
    return save_document(
        document, owners=owners, attachment_id=attachment_id, name=name, organisation=organisation,
        revises_id=revises_id, notes=notes, by=by, at=at,
    )  # fmt: skip


def _read(data: bytes, *, name: str, progress: Progress) -> tuple[PlanDocument, tuple[str, ...]]:
    """The engine's reading, and its notes on the file. The engine is loaded here, so that pages do not wait for it."""
    from keshu.engines.plandoc import PlanDocumentError
    from keshu.engines.plandoc.pipeline import read_document as read_source_document
    from keshu.engines.plandoc.reading import read_source

    def on_page(number: int, count: int) -> None:
        done = PARSING[0] * (number - 1) // count
        progress(done, WHOLE, f"正在识别扫描件，第 {number} 页，共 {count} 页", at_once=True)

    try:
        _tell(progress, OPENING)
        source = read_source(data, name=name, on_page=on_page)
        if PurePath(name).suffix.lower() in MARKDOWN:
            source = replace(source, text=MARKUP.sub("", source.text))
        _tell(progress, PARSING)
        return with_goal_rows(read_source_document(source)), source.notes
    except PlanDocumentError as error:
        raise Unacceptable(str(error)) from error


def _tell(progress: Progress, step: tuple[int, str]) -> None:
    done, message = step
    progress(done, WHOLE, message)


def reads_scans() -> bool:
    """Whether scanned pages can be read here."""
    from keshu.engines.plandoc.reading import ocr

    return ocr.is_installed()


def uploader_of(attachment_id: int) -> Organisation:
    """The organisation a stored file was uploaded for."""
    return SourceDocument(attachment_id=attachment_id).attachment.organisation


def save_document(
    document: PlanDocument,
    *,
    owners: dict[str, Owners],
    attachment_id: int,
    name: str,
    organisation: Organisation,
    revises_id: int | None,
    notes: tuple[str, ...] = (),
    by: User,
    at: datetime,
) -> ReadResult:
    """Save source, draft and rows in one transaction. `notes` say what a person should know of the file."""
    with transaction.atomic():
        revised = None
        if revises_id is not None:
            revised = WorkPlan.objects.select_related("source").get(pk=revises_id, organisation=organisation)
            check_no_open_revision(revised)
        source = _new_source(document, attachment_id=attachment_id, name=name, at=at)
        if revised is None and (existing := existing_plan(source.sha256, organisation_id=organisation.pk)):
            return _result(WorkPlan.objects.get(pk=existing.plan_id), is_existing=True)
        log = audit.Recorder(by=by, at=at)
        log.create(source, organisation=organisation)
        plan = _new_plan(document, source=source, organisation=organisation, revised=revised, by=by, at=at)
        plan.warnings = [*notes, *plan.warnings]
        log.create(plan, organisation=organisation)
        build_rows(document, plan=plan, owners=owners)
        if revised is not None:
            carry_over(revised, plan)
        result = replace(_result(plan), notes=notes)
        counted = {"目标": result.targets, "任务": result.nodes, "未识别单位": result.unresolved}
        log.note(action=audit.AuditAction.CREATE, subject=plan, organisation=organisation, after={"识别结果": counted})
        return result


def check_no_open_revision(plan: WorkPlan) -> None:
    """One revision at a time: Unacceptable while another one of the plan is under review."""
    open_draft = WorkPlan.objects.drafts().filter(supersedes=plan).first()
    if open_draft is not None:
        raise Unacceptable(f"第 {open_draft.revision} 版正在核对，请先发布或删除它，再导入新版。")


def _new_source(document: PlanDocument, *, attachment_id: int, name: str, at: datetime) -> SourceDocument:
    source = SourceDocument(
        attachment_id=attachment_id,
        file_name=name[:200],
        text=storable(document.text),
        meta=_plain_meta(document),
        contradictions=[asdict(contradiction) for contradiction in document.contradictions],
        engine_version=keshu.__version__,
        read_at=at,
    )
    source.sha256 = source.attachment.file.sha256
    return source


def _plain_meta(document: PlanDocument) -> dict[str, Any]:
    return {
        key: storable(value) if isinstance(value, str) else value for key, value in document.to_dict()["meta"].items()
    }


def _new_plan(
    document: PlanDocument,
    *,
    source: SourceDocument,
    organisation: Organisation,
    revised: WorkPlan | None,
    by: User,
    at: datetime,
) -> WorkPlan:
    meta = document.meta
    year = meta.plan_year if meta.plan_year is not None and 1990 <= meta.plan_year <= 2100 else None
    plan = WorkPlan(
        organisation=organisation,
        source=source,
        title=fitted(WorkPlan, "title", meta.title or PurePath(source.file_name).stem),
        year=year,
        kind=kind_of(meta.kind.value, title=meta.title or "") if revised is None else revised.kind,
        issuer=fitted(WorkPlan, "issuer", meta.issuer),
        doc_number=fitted(WorkPlan, "doc_number", meta.doc_number),
        published_on=_day(meta.published),
        revision=1 if revised is None else revised.revision + 1,
        supersedes=revised,
        warnings=warnings_of(document),
        is_demo=organisation.is_demo,
        created_by=by,
        created_at=at,
    )
    if revised is not None:
        _keep_corrected_details(plan, revised)
    return plan


# 行动方案、三年行动计划 and 五年规划 by their titles; 工作要点 and its 任务分解方案 are the plan of the year.
_ACTION_PLAN = re.compile(r"(?:方案|行动计划|三年行动|规划(?:纲要)?)(?:[（(〔》].*)?(?:的通知)?$")
_PLAN_OF_THE_YEAR = re.compile("工作要点|工作计划|工作安排|工作打算|任务分解")


def kind_of(read: str, *, title: str) -> str:
    """The kind of a plan from the kind the engine read and the title; a person may correct it."""
    title = re.sub(r"\s", "", title)
    is_action_plan = _ACTION_PLAN.search(title) is not None and _PLAN_OF_THE_YEAR.search(title) is None
    return PlanKind.ACTION_PLAN if read == PlanKind.PLAN and is_action_plan else read


# What the engine reads of the document as a whole, and the detail of the plan that follows from it.
DETAILS = {
    "title": "title",
    "plan_year": "year",
    "issuer": "issuer",
    "doc_number": "doc_number",
    "published": "published_on",
}


def _keep_corrected_details(plan: WorkPlan, revised: WorkPlan) -> None:
    """Details stay as people put them where the new document reads as the old one did."""
    for read, detail in DETAILS.items():
        if plan.source.meta.get(read) == revised.source.meta.get(read):
            setattr(plan, detail, getattr(revised, detail))


def _day(text: str | None) -> date | None:
    """An ISO date, or nothing where the document's is damaged."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _result(plan: WorkPlan, *, is_existing: bool = False) -> ReadResult:
    progress = review_progress(plan)
    return ReadResult(
        plan_id=plan.pk,
        title=plan.title,
        targets=progress.targets.total,
        nodes=progress.nodes.total,
        unresolved=progress.unresolved,
        doubtful=progress.doubtful,
        warnings=tuple(plan.warnings),
        is_existing=is_existing,
    )
