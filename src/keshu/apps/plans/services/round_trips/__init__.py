"""A draft's rows to Excel and back: targets and figures, tasks, owners; and one's open check-ins.

Published plans are not changed; see ``permissions``.
"""

from keshu.apps.plans.services.round_trips import checkins, owners, targets, tasks

__all__ = ["checkins", "owners", "targets", "tasks"]
