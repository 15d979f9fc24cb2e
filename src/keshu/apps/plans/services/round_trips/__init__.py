"""To Excel and back: of a draft its targets and figures, tasks and owners; of a plan in force figures of earlier years."""

from keshu.apps.plans.services.round_trips import owners, past_figures, targets, tasks

__all__ = ["owners", "past_figures", "targets", "tasks"]
