"""What a scheme may be made of, in words for its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keshu.engines.appraisal import Absence, Counting, Kind, word

KINDS = tuple((str(kind), word(kind)) for kind in Kind)
COUNTINGS = tuple((str(counting), word(counting)) for counting in Counting)
ABSENCES = tuple((str(absence), word(absence)) for absence in Absence)
_COUNTS = {
    Kind.TIMELY: "应报的调度表：按时报送计满分，逾期报送按迟做计分，到期未报不得分，免报的不计",
    Kind.QUALITY: "报送过的调度表：被退回修改的，每退回一次计一次",
    Kind.GOALS: "牵头（责任）的目标：按目标整体完成数占目标值的比例计，限额类反向计算，没有数的按填报的完成进度",
    Kind.TASKS: "牵头（责任）的任务：时限内报告完成计满分，逾期完成按迟做计分，到期未完成不得分，未到期的不计",
    Kind.NOTICES: "收到的督办单：时限内回复计满分，逾期回复按迟做计分，逾期未回复不得分",
    Kind.ISSUES: "负责整改的问题：时限内落实并销号计满分，逾期按迟做计分，逾期未整改不得分",
    Kind.MARKS: "人工加减分：从起评分起，每项写明理由，最高为分值，最低为 0",
}


def who_is_ranked(least_items: object) -> str:
    """Whom the scheme lets stand in the ranking, in a sentence; empty where everybody does."""
    if str(least_items) in ("", "0", "None"):
        return ""
    return f"目标、任务合计不足 {least_items} 项的单位单列，只计分，不参与排名，不评等次"


def what_counts(rule: Mapping[str, Any]) -> str:
    """A rule as kept, in a sentence: what it counts and how."""
    try:
        kind, counting, absence = Kind(rule["kind"]), Counting(rule["counting"]), Absence(rule["absence"])
    except (KeyError, ValueError):
        return ""
    parts = [_COUNTS[kind]]
    if kind != Kind.MARKS and rule.get("late") not in ("0", "", None) and kind not in (Kind.GOALS, Kind.QUALITY):
        parts.append(f"迟做计 {rule['late']}%")
    if kind == Kind.GOALS and rule.get("cap") not in ("100", "", None):
        parts.append(f"单项最高计 {rule['cap']}%")
    if counting == Counting.DEDUCT:
        least = f"，最低 {rule['least']} 分" if rule.get("least") not in ("0", "", None) else ""
        parts.append(f"每次扣 {rule['each']} 分{least}")
    elif counting == Counting.TIERS:
        tiers = "、".join(f"{share}%以上计 {part}%" for share, part in rule.get("tiers", ()))
        parts.append(f"平均达到{tiers}，其余不得分")
    elif counting == Counting.MARKS:
        parts.append(f"起评 {rule.get('start', '0')} 分")
    else:
        parts.append("按平均比例计分")
    if kind != Kind.MARKS:
        parts.append(f"没有可计的事项时{word(absence)}")
    return "；".join(parts) + "。"
