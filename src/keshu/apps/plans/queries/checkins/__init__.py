"""What is asked in a round, and how far it has come: rows ready for pages, and plain values for the services."""

from keshu.apps.plans.queries.checkins.asked import Asked, asked_of
from keshu.apps.plans.queries.checkins.forms import (
    Counts,
    forms_of,
    own_organisation_ids,
    sign_queue,
)
from keshu.apps.plans.queries.checkins.progress import (
    OfficeProgress,
    RoundProgress,
    history_of,
    round_progress,
    rounds_of_plan,
)
from keshu.apps.plans.queries.checkins.schedule import Schedule, schedule_of
from keshu.apps.plans.queries.checkins.waiting import OpenRound, WaitingForm, open_rounds, waiting_forms

__all__ = [
    "Asked", "Counts", "OfficeProgress", "OpenRound", "RoundProgress", "Schedule",
    "WaitingForm", "asked_of", "forms_of", "history_of", "open_rounds",
    "own_organisation_ids", "round_progress", "rounds_of_plan", "schedule_of",
    "sign_queue", "waiting_forms",
]  # fmt: skip
