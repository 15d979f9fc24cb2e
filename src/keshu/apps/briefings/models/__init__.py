"""Tables of the briefings app."""

from keshu.apps.briefings.models.visits import CockpitVisit

__all__ = ["CockpitVisit"]
