"""A draft's rows to Excel and back: targets and figures, tasks, owners. Published plans are not changed; see ``permissions``."""

from keshu.apps.plans.services.round_trips import owners, targets, tasks

__all__ = ["owners", "targets", "tasks"]
