"""What is asked in a round, and how far it has come: rows ready for pages, and plain values for the services."""

from keshu.apps.plans.queries.checkins.asked import Asked, asked_of
from keshu.apps.plans.queries.checkins.schedule import Schedule, schedule_of

__all__ = ["Asked", "Schedule", "asked_of", "schedule_of"]
