"""The work plans over the API: plans, targets, tasks, check-ins, supervision notices, issues."""

from ninja import Router

from keshu.apps.plans.api import checkins, issues, plans, supervision, targets, tasks

routers: tuple[Router, ...] = (
    plans.router,
    targets.router,
    tasks.router,
    checkins.router,
    supervision.router,
    issues.router,
)

__all__ = ["routers"]
