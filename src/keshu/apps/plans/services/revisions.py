"""A plan read anew: the same file or a corrected one becomes a draft that takes over what was decided before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import PlanState
from keshu.apps.plans.permissions import can_import_plan
from keshu.apps.plans.services.intake import check_no_open_revision, keep_upload, start_reading

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import WorkPlan


def import_revision(
    plan: WorkPlan,
    *,
    file: UploadedFile | None = None,
    by: User,
    at: datetime,
) -> int:
    """Start reading a new revision of `plan` from a new file, or (none given) from its own file again.

    Returns the job's id. Keepers of the organisation's plans (Refused); Unacceptable while another revision of the plan is
    under review, or for a deleted draft.
    """
    can_import_plan(by, plan.organisation)
    if plan.state == PlanState.DISCARDED:
        raise Unacceptable("这份草稿已删除，请先恢复，或直接导入文件。")
    check_no_open_revision(plan)
    name, attachment_id = plan.source.file_name, plan.source.attachment_id
    if file is not None:
        name = file.name or name
        attachment_id = keep_upload(file, name=name, organisation=plan.organisation, by=by, at=at).pk
    return start_reading(attachment_id=attachment_id, name=name, revises_id=plan.pk, by=by, at=at)
