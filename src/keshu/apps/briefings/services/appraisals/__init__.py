"""The year's appraisal: begun, its scheme written, reckoned from the ledgers, marked, shown, objected to, released, withdrawn."""

from keshu.apps.briefings.services.appraisals.marking import MarkFields, give_marks, withdraw_mark
from keshu.apps.briefings.services.appraisals.moving import (
    release_appraisal,
    return_appraisal,
    show_appraisal,
    withdraw_release,
)
from keshu.apps.briefings.services.appraisals.objecting import answer_objection, write_objection
from keshu.apps.briefings.services.appraisals.opening import begin_appraisal, save_scheme, scheme_of
from keshu.apps.briefings.services.appraisals.reckoning import is_intact, reckon_appraisal

__all__ = [
    "MarkFields", "answer_objection", "begin_appraisal", "give_marks", "is_intact", "reckon_appraisal", "release_appraisal",
    "return_appraisal", "save_scheme", "scheme_of", "show_appraisal", "withdraw_mark", "withdraw_release",
    "write_objection",
]  # fmt: skip
