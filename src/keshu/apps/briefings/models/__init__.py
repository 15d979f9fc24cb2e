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
from keshu.apps.briefings.models.visits import CockpitVisit

__all__ = [
    "OPEN_TO_SCORED", "Appraisal", "AppraisalKind", "AppraisalMark", "AppraisalObjection", "AppraisalSheet", "AppraisalState",
    "Bulletin", "BulletinKind", "BulletinState", "BulletinTemplate", "CockpitVisit", "MarkState", "ObjectionState",
]  # fmt: skip
