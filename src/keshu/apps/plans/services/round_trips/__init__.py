"""To Excel and back: a draft's targets and figures, tasks, owners; issues. Published plans stay as they are."""

from keshu.apps.plans.services.round_trips import issues, owners, targets, tasks

__all__ = ["issues", "owners", "targets", "tasks"]
