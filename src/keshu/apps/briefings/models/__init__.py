"""Tables of the briefings app."""

from keshu.apps.briefings.models.bulletins import Bulletin, BulletinKind, BulletinState, BulletinTemplate
from keshu.apps.briefings.models.visits import CockpitVisit

__all__ = ["Bulletin", "BulletinKind", "BulletinState", "BulletinTemplate", "CockpitVisit"]
