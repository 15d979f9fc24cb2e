"""Tables of the briefings app."""

from keshu.apps.briefings.models.appraisals import (
    OPEN_TO_SCORED,
    Appraisal,
    AppraisalKind,
    AppraisalMark,
    AppraisalObjection,
    AppraisalSheet,
    AppraisalState,
    MarkState,
    ObjectionState,
)
from keshu.apps.briefings.models.bulletins import Bulletin, BulletinKind, BulletinState, BulletinTemplate
from keshu.apps.briefings.models.fact_checks import FactCheck, FactCheckResult, FactCheckState, Judgement
from keshu.apps.briefings.models.visits import CockpitVisit

__all__ = [
    "OPEN_TO_SCORED", "Appraisal", "AppraisalKind", "AppraisalMark", "AppraisalObjection", "AppraisalSheet", "AppraisalState",
    "Bulletin", "BulletinKind", "BulletinState", "BulletinTemplate", "CockpitVisit", "FactCheck", "FactCheckResult",
    "FactCheckState", "Judgement", "MarkState", "ObjectionState",
]  # fmt: skip
