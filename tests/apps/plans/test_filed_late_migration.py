"""The data step of 0003_filed_late: forms that landed before it are late when filed on a later day than due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from tests.apps.plans.factories import make_plan
from tests.apps.plans.year import report
from tests.factories import make

from keshu.apps.plans.models import CheckIn, CheckInState

pytestmark = pytest.mark.django_db


def test_landed_forms_are_late_when_filed_after_their_day() -> None:
    site = make.site()
    plan = make_plan.published(by=site.people["planner"])
    target = make_plan.target(plan, "科技型中小企业")
    # A day ends at midnight of the bureau, eight hours before that of UTC.
    filed = {
        "2026-01": datetime(2026, 2, 3, 15, 59, tzinfo=UTC),  # 23:59 of the day
        "2026-02": datetime(2026, 3, 3, 16, 0, tzinfo=UTC),  # midnight after it
        "2026-03": None,
    }
    for key, moment in filed.items():
        state = CheckInState.SIGNED if moment else CheckInState.OPEN
        report(target, key, site.gaoxin, value=1 if moment else None, filed_at=moment, state=state)
    due = dict(CheckIn.objects.values_list("round__key", "due_on"))
    assert (due["2026-01"], due["2026-02"]) == (date(2026, 2, 3), date(2026, 3, 3))
    step = import_module("keshu.apps.plans.migrations.0003_filed_late").decide_for_landed
    step(apps, SimpleNamespace(connection=connection))
    assert dict(CheckIn.objects.values_list("round__key", "filed_late")) == {
        "2026-01": False, "2026-02": True, "2026-03": False,
    }  # fmt: skip
