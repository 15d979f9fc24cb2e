"""An example of a scheme to begin with. It is no official rule: each bureau declares its own."""

from __future__ import annotations

from fractions import Fraction

from keshu.engines.appraisal.scheme import Absence, Counting, Grade, Kind, Rule, Scheme

GRADES = (
    Grade("优秀", Fraction(90)),
    Grade("良好", Fraction(80)),
    Grade("合格", Fraction(60)),
    Grade("不合格", Fraction(0)),
)


def default_scheme() -> Scheme:
    """目标 35, 任务 20, 按时 15, 质量 5, 督办 10, 问题 5, 加减分 10 (起评 8); fewer than 3 targets and tasks stand apart."""
    half = Fraction(1, 2)
    return Scheme(
        (
            Rule("goals", "目标完成", Kind.GOALS, Fraction(35)),
            Rule("tasks", "任务完成", Kind.TASKS, Fraction(20), late=Fraction(6, 10)),
            Rule("timely", "按时报送", Kind.TIMELY, Fraction(15), late=half),
            Rule(
                "quality", "报送质量", Kind.QUALITY, Fraction(5), Counting.DEDUCT, each=half
            ),
            Rule(
                "notices", "督办办理", Kind.NOTICES, Fraction(10), Counting.DEDUCT, Absence.FULL, late=half, each=Fraction(2)
            ),
            Rule("issues", "问题整改", Kind.ISSUES, Fraction(5), absence=Absence.FULL, late=half),
            Rule("marks", "工作质量", Kind.MARKS, Fraction(10), Counting.MARKS, start=Fraction(8)),
        ),
        GRADES,
        least_items=3,
    )  # fmt: skip
