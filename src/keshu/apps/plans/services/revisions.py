"""A plan read anew: the same file or a corrected one becomes a draft that takes over what was decided before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.attachments import store_upload
from keshu.apps.plans.models import PlanState
from keshu.apps.plans.permissions import can_import_plan
from keshu.apps.plans.services.intake import check_no_open_revision, start_reading, uploader_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


def import_revision(
    plan: WorkPlan,
    *,
    file: UploadedFile | None = None,
    attachment_id: int | None = None,
    by: User,
    at: datetime,
) -> int:
    """Start reading a new revision of `plan` from a new file, a stored upload, or (neither given) its own file again.

    Returns the job's id. Keepers of the organisation's plans (Refused); Unacceptable while another revision of the plan is
    under review, or for a deleted draft.
    """
    can_import_plan(by, plan.organisation)
    if plan.state == PlanState.DISCARDED:
        raise Unacceptable("这份草稿已删除，请先恢复，或直接导入文件。")
    check_no_open_revision(plan)
    name = plan.source.file_name
    if file is not None:
        name = file.name or name
        attachment = store_upload(file=file, name=name, organisation=plan.organisation, by=by, at=at)
        attachment_id = attachment.pk
    elif attachment_id is not None and uploader_of(attachment_id) != plan.organisation:
        raise Unacceptable("这份文件是为另一个单位上传的，请重新上传。", field="file")
    return start_reading(
        attachment_id=attachment_id or plan.source.attachment_id,
        name=name,
        revises_id=plan.pk,
        by=by,
        at=at,
    )
