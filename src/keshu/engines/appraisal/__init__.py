"""The year's appraisal (年度目标责任制考核): scores out of 100 by declared rules, with the rows behind every point."""

from keshu.engines.appraisal.defaults import default_scheme
from keshu.engines.appraisal.exchange import scheme_from_plain, scheme_to_plain, score_from_plain, score_to_plain
from keshu.engines.appraisal.facts import Aim, Deed, Fact, Goal, Mark, Outcome, Sense, Subject
from keshu.engines.appraisal.results import Row, RuleScore, RuleState, Score
from keshu.engines.appraisal.scheme import Absence, Counting, Grade, Kind, Rule, Scheme, Tier, flaws, word
from keshu.engines.appraisal.scoring import appraise

__all__ = [
    "Absence", "Aim", "Counting", "Deed", "Fact", "Goal", "Grade", "Kind", "Mark", "Outcome", "Row", "Rule", "RuleScore",
    "RuleState", "Scheme", "Score", "Sense", "Subject", "Tier", "appraise", "default_scheme", "flaws", "scheme_from_plain",
    "scheme_to_plain", "score_from_plain", "score_to_plain", "word",
]  # fmt: skip
