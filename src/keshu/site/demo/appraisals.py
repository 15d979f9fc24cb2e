"""The demo city's appraisal of the year: offices shown with a few marks and an objection, counties under trial. All invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from keshu.apps.briefings.services import appraisals

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

# Office, points, reason.
MARKS = (
    ("高新处", "1", "企业培育做法在全省科技工作会议上作交流发言（演示数据）"),
    ("成果处", "0.5", "技术合同登记工作获省科技厅通报表扬（演示数据）"),
    ("平台处", "-1", "两次报送的平台名单与统计口径不一致（演示数据）"),
)


def load_appraisals(
    plan: WorkPlan, *, bodies: Mapping[str, Organisation], staff: Mapping[str, User], now: datetime
) -> None:
    """Begun by the planner as the day stands; shown where anybody has a score yet."""
    assert plan.year is not None
    by, bureau = staff["planner"], plan.organisation
    appraisals.begin_appraisal(bureau, year=plan.year, kind="counties", by=by, at=now)
    row = appraisals.begin_appraisal(bureau, year=plan.year, kind="offices", by=by, at=now)
    given = [appraisals.MarkFields(bodies[name].pk, "marks", Decimal(points), reason) for name, points, reason in MARKS]
    appraisals.give_marks(row, given, by=by, at=now)
    if not row.sheets.filter(total__isnull=False).exists():
        return
    row = appraisals.show_appraisal(row, version=row.version, by=by, at=now)
    sheet = row.sheets.filter(organisation=bodies["高新处"], total__isnull=False).first()
    if sheet is not None:
        text = "个别调度表填报当天系统维护，次日即补报，请予核实。（演示数据）"
        appraisals.write_objection(sheet, rule="timely", text=text, by=staff["clerk"], at=now)
