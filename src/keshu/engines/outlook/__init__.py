"""Will the target be met: forecasts of the year's end with intervals and probabilities; see README.md."""

from keshu.engines.outlook.answer import (
    Method,
    Outlook,
    Pace,
    PathPoint,
    Prospect,
    Reason,
    ReasonCode,
    Standing,
)
from keshu.engines.outlook.foreseeing import foresee, foresee_all
from keshu.engines.outlook.question import Figure, Goal, Kind, Op, Question, Reading, UnfitQuestion
from keshu.engines.outlook.spread import Spread

__all__ = [
    "Figure", "Goal", "Kind", "Method", "Op", "Outlook", "Pace", "PathPoint", "Prospect", "Question", "Reading", "Reason",
    "ReasonCode", "Spread", "Standing", "UnfitQuestion", "foresee", "foresee_all",
]  # fmt: skip
