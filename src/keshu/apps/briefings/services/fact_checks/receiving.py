"""A draft comes in, is checked again, goes: what its person does with it as a whole."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from keshu.apps.briefings.models import FactCheck, FactCheckState
from keshu.apps.briefings.permissions import can_check_facts, can_decide_fact_check
from keshu.apps.briefings.queries.fact_checks import checked_years
from keshu.apps.briefings.services.fact_checks.checking import CHECK
from keshu.apps.briefings.services.factcheck import NO_LEDGER
from keshu.apps.bureau.services import Unacceptable, audit, jobs
from keshu.apps.bureau.services.attachments import discard_upload, store_private_upload
from keshu.apps.plans.services.file_kinds import refuse_foreign
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Attachment, User

LONGEST_TEXT = 200_000
LONGEST_TITLE = 60
UNTITLED = "粘贴的文字"


def receive_draft(*, text: str = "", file: Any = None, year: int, as_of: str = "", by: User, at: datetime) -> FactCheck:
    """Keep a draft for oneself, pasted or as a file, and start checking it. Government people and whole-site roles.

    `as_of` is the time that it speaks of (``2026-01/2026-10``), empty: as far as the ledger goes. Unacceptable: neither or both
    given, a file that cannot be read, a year of which nothing is published.
    """
    can_check_facts(by)
    text = text.strip()
    _one_of(text, file)
    _published(year, as_of, by=by)
    attachment = _kept(text, file, by=by, at=at)
    title = _title(text) if file is None else attachment.name
    check = FactCheck(title=title, attachment=attachment, is_pasted=file is None, year=year, as_of=as_of, created_by=by,
        created_at=at)  # fmt: skip
    with transaction.atomic():
        audit.Recorder(by=by, at=at).create(check)
        _start(check, by=by, at=at)
    return check


def _one_of(text: str, file: Any) -> None:
    if text and file is not None:
        raise Unacceptable("文字和文件只能核对一样：要核对文件，请清空文字；要核对文字，请去掉文件。", field="text")
    if not text and file is None:
        raise Unacceptable("请粘贴要核对的文字，或者选择要核对的文件。", field="text")
    if len(text) > LONGEST_TEXT:
        raise Unacceptable(
            f"粘贴的文字有 {len(text)} 字，超过 {LONGEST_TEXT // 10000} 万字的上限。请存成 Word 文件后上传，或者分几次核对。",
            field="text",
        )


def _published(year: int, as_of: str, *, by: User) -> None:
    years = checked_years(by)
    if not years:
        raise Unacceptable(NO_LEDGER)
    if year not in years:
        known = "、".join(str(each) for each in years)
        raise Unacceptable(f"{year}年没有已发布的工作要点，可以对照的年度有：{known}。", field="year")
    if not as_of:
        return
    try:
        period = Period.parse(as_of)
    except ValueError:
        period = None
    if period is None or period.first != year * 12 or period.last > year * 12 + 11:
        raise Unacceptable(f"“{as_of[:20]}”不是{year}年的时期，请重新选择数据截至的月份。", field="as_of")


def _kept(text: str, file: Any, *, by: User, at: datetime) -> Attachment:
    """The draft as a file that nobody else reads; pasted words too, so that they are in no trail."""
    if file is None:
        return store_private_upload(file=io.BytesIO(text.encode()), name=f"{UNTITLED}.txt", by=by, at=at)
    name = PurePath(file.name or "未命名").name
    if 0 < (file.size or 0) <= settings.UPLOAD_LIMIT:  # an empty or too large one is refused in storing it
        refuse_foreign(file.read(), name=name)
        file.seek(0)
    return store_private_upload(file=file, name=name, by=by, at=at)


def _title(text: str) -> str:
    """The first line with words, cut short."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), UNTITLED)
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"


def _start(check: FactCheck, *, by: User, at: datetime) -> None:
    job = jobs.start_job(kind=CHECK, title="核对稿件", params={"check_id": check.pk}, by=by, at=at)
    audit.Recorder(by=by, at=at).update(check, job=job, state=FactCheckState.CHECKING, error="")


def check_again(check: FactCheck, *, by: User, at: datetime) -> FactCheck:
    """Check the same draft against the ledger of today; the earlier result is kept. Who brought it; not while under way."""
    can_decide_fact_check(by, check)
    with transaction.atomic():
        locked = _locked(check)
        if locked.attachment_id is None:
            raise Unacceptable("这份稿件没有核对成，文件没有保留，请重新提交。")
        _start(locked, by=by, at=at)
    return locked


def remove_check(check: FactCheck, *, by: User, at: datetime) -> None:
    """Delete a check with its results and its file. Who brought it; Unacceptable while it is under way."""
    can_decide_fact_check(by, check)
    with transaction.atomic():
        locked = _locked(check)
        file = locked.attachment
        audit.Recorder(by=by, at=at).delete(locked)
    if file is not None:
        discard_upload(file, why="本人删除核对稿件", by=by, at=at)


def _locked(check: FactCheck) -> FactCheck:
    locked = FactCheck.objects.select_for_update(of=("self",)).select_related("attachment").get(pk=check.pk)
    if locked.state == FactCheckState.CHECKING:
        raise Unacceptable("正在核对，请等核对完，或者先取消。")
    return locked
