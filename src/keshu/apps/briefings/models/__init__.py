"""Tables of the briefings app."""

from keshu.apps.briefings.models.bulletins import Bulletin, BulletinKind, BulletinState, BulletinTemplate
from keshu.apps.briefings.models.fact_checks import FactCheck, FactCheckResult, FactCheckState, Judgement
from keshu.apps.briefings.models.visits import CockpitVisit

__all__ = [
    "Bulletin", "BulletinKind", "BulletinState", "BulletinTemplate", "CockpitVisit", "FactCheck", "FactCheckResult",
    "FactCheckState", "Judgement",
]  # fmt: skip
