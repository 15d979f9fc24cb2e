"""To Excel and back: of a draft its targets and figures, tasks and owners; of a plan in force one's open check-ins and the
figures of earlier years; issues. Plans in force are not changed themselves; see ``permissions``.
"""

from keshu.apps.plans.services.round_trips import checkins, issues, owners, past_figures, targets, tasks

__all__ = ["checkins", "issues", "owners", "past_figures", "targets", "tasks"]
