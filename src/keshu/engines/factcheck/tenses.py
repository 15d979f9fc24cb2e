"""Whether a figure is a target or was achieved."""

from __future__ import annotations

import re

from keshu.engines.factcheck.places import TARGET_WORDS, Place, Said
from keshu.engines.factcheck.times import When, is_so_far
from keshu.engines.factcheck.values import Statement, Tense
from keshu.kernel.period import Period


def is_done_by(when: When | None, place: Place, *, head: str, latest: Period | None) -> bool:
    """Whether the sentence itself says up to which month it tells what was done (截至10月底，…), and that month is known."""
    if when is None or latest is None or when.start < place.sentence.start or TARGET_WORDS.search(head):
        return False
    return when.end > 0 and when.is_so_far and when.period.last <= latest.last


def tense_of_head(head: str) -> Tense | None:
    """A column headed 年度目标 holds targets, one headed 完成数 what was achieved, however their cells are worded.

    >>> tense_of_head("年度目标"), tense_of_head("2026年完成数"), tense_of_head("目标完成率"), tense_of_head("同比")
    (<Tense.TARGET: 'target'>, <Tense.ACTUAL: 'actual'>, None, None)
    """
    if re.search("率|比|占|上年|去年", head):
        return None
    if re.search("目标(?:值|数|任务)?$", head):
        return Tense.TARGET
    return Tense.ACTUAL if re.search("(?:完成|实际|累计)(?:数|值|情况|量)$", head) else None


def tense_of(statement: Statement, said: Said, when: When | None, *, is_report: bool, is_done_by: bool) -> Tense | None:
    """Target or achieved as the words around the figure and its reader tell; None where they disagree or neither does.

    `is_report`: the draft reports on months gone by, and no word near the figure speaks of targets; a reader that takes it
    for one has only carried that over. `is_done_by`: its sentence says up to which month it tells what was done.
    """
    if is_done_by and not (said.is_target or said.is_stretch or said.is_floor):
        return Tense.ACTUAL
    if is_report and statement.tense is not Tense.ACTUAL and not said.is_target:
        is_open = said.is_stretch or said.is_floor or statement.tense is Tense.TARGET
        return None if is_open else Tense.ACTUAL
    is_counted = said.is_actual or (when is not None and is_so_far(when.period))
    if said.is_target or (said.is_floor and not said.is_actual):
        seen: Tense | None = Tense.TARGET
    elif said.is_done or (is_counted and statement.tense is not Tense.TARGET):
        seen = Tense.ACTUAL
    else:
        # What is about or nearly so many has been counted; targets are set to the digit.
        counted = Tense.ACTUAL if statement.op == "~" else None
        seen = Tense.TARGET if said.is_stretch else counted
    if seen is not None and statement.tense is not None and seen is not statement.tense:
        return None
    return seen or statement.tense
