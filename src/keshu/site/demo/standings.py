"""Past figures of the demo city's targets: two years by month, invented with a fixed seed, and every light judged."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from keshu.apps.plans.queries.courses import Course, course_of
from keshu.apps.plans.queries.ledger import with_baselines
from keshu.apps.plans.queries.standing_facts import judged_targets
from keshu.apps.plans.services.past_figures import enter_history
from keshu.apps.plans.services.standings import judge_plan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.plans.models import Target, WorkPlan

SEED = 20260105
YEARS_BACK = 2
# How a year's work falls on its months, in parts of a hundred: little around the Spring Festival, much before the year closes.
SHAPE = (4, 4, 9, 8, 8, 10, 7, 8, 10, 9, 10, 13)
# Targets that get a history, by words of their names; the others show what the outlook says without one.
WITH_HISTORY = (
    "技术合同成交额",
    "高新技术企业总数",
    "评价入库",
    "研发投入强度",
    "科技创新券",
    "发明专利",
    "技术经纪人",
    "云科贷",
)
SOURCE = "市科技统计年报（演示数据）"


def add_past_figures(plan: WorkPlan, *, by: User, at: datetime) -> None:
    """Two years of monthly figures for the plan's main targets, ending where the documents say that last year ended."""
    draw = random.Random(SEED)
    seen: set[str] = set()
    targets = judged_targets(plan)
    bases = with_baselines(targets)
    for target in targets:
        is_wanted = any(word in target.indicator for word in WITH_HISTORY) and target.value is not None
        if is_wanted and plan.year is not None and target.indicator_key not in seen:
            seen.add(target.indicator_key)
            target.plan = plan
            figures = _history(target, plan.year, draw, ended_at=_value_of(bases.get(target.baseline_id)))
            enter_history(target, figures=figures, source=SOURCE, by=by, at=at)


def judge(plan: WorkPlan, *, at: datetime) -> None:
    """Every light of the plan as the day stands."""
    judge_plan(plan.pk, at=at)


def _value_of(base: Target | None) -> Decimal | None:
    return None if base is None else base.value


def _history(
    target: Target, year: int, draw: random.Random, *, ended_at: Decimal | None = None
) -> Mapping[str, Decimal]:
    """The years before: each a little lower than the next, the last a little lower than what is asked now, or as told."""
    assert target.value is not None
    course, figures = course_of(target), {}
    guess = float(target.value) * draw.uniform(0.88, 0.95)
    end = guess if ended_at is None else float(ended_at)
    for back in range(1, YEARS_BACK + 1):
        start = end * draw.uniform(0.86, 0.92)
        shares = [part * draw.uniform(0.85, 1.15) for part in SHAPE]
        done = 0.0
        for month, share in enumerate(shares, start=1):
            done += share / sum(shares)
            value = end * done if course == Course.ACCRUES else start + (end - start) * done
            figures[f"{year - back}-{month:02d}"] = _rounded(value, target)
        end = start
    return figures


def _rounded(value: float, target: Target) -> Decimal:
    """As exact as the target itself is printed, and a digit more for shares and money."""
    places = 2 if target.unit in ("%", "件") or target.unit.endswith("元") else 0
    return Decimal(str(round(value, places)))
