"""Schemes and scores as plain values (text, whole numbers, lists) that can be kept as JSON and read again without loss."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from keshu.engines.appraisal.results import Row, RuleScore, RuleState, Score
from keshu.engines.appraisal.scheme import Absence, Counting, Grade, Kind, Rule, Scheme, Tier

_NUMBERS = ("weight", "late", "cap", "each", "least", "start")


def number(text: object, *, name: str) -> Fraction:
    """A number written as decimals; ValueError says which is none."""
    try:
        found = Decimal(str(text).strip())
        if not found.is_finite() or abs(found) > 10**6 or found.as_tuple().exponent < -6:  # type: ignore[operator]
            raise InvalidOperation
    except (InvalidOperation, ValueError):
        raise ValueError(f"{name}：填写的是“{text}”，请填数字，例如 20。") from None
    return Fraction(found)


def plain_number(value: Fraction) -> str:
    """As decimals: `number` reads it again; six places at most."""
    return f"{Decimal(round(value * 10**6)).scaleb(-6).normalize():f}"


def scheme_to_plain(scheme: Scheme) -> dict[str, Any]:
    """Shares are per cent in it, as people write them."""
    return {
        "rules": [_rule_to_plain(rule) for rule in scheme.rules],
        "grades": [{"name": each.name, "at_least": plain_number(each.at_least)} for each in scheme.grades],
        "least_items": str(scheme.least_items),
    }


def _rule_to_plain(rule: Rule) -> dict[str, Any]:
    return {
        "key": rule.key, "name": rule.name, "kind": str(rule.kind), "weight": plain_number(rule.weight),
        "counting": str(rule.counting), "absence": str(rule.absence), "late": plain_number(rule.late * 100),
        "cap": plain_number(rule.cap * 100), "each": plain_number(rule.each), "least": plain_number(rule.least),
        "start": plain_number(rule.start),
        "tiers": [[plain_number(each.at_least * 100), plain_number(each.part * 100)] for each in rule.tiers],
    }  # fmt: skip


def scheme_from_plain(kept: Mapping[str, Any]) -> Scheme:
    """The scheme; ValueError where a word or a number in it means nothing."""
    grades = tuple(
        Grade(str(each["name"]), number(each["at_least"], name=f"等次“{each['name']}”的分数线"))
        for each in kept.get("grades", ())
    )
    least = number(kept.get("least_items", "0"), name="参与排名至少要有的目标、任务数")
    if least.denominator != 1:
        raise ValueError(f"参与排名至少要有的目标、任务数：填写的是“{kept['least_items']}”，请填整数，例如 3。")
    return Scheme(tuple(_rule(each) for each in kept.get("rules", ())), grades, int(least))


def _rule(kept: Mapping[str, Any]) -> Rule:
    name = str(kept.get("name", ""))

    def told(field: str, label: str, default: str = "0") -> Fraction:
        return number(kept.get(field, default), name=f"指标“{name}”的{label}")

    tiers = tuple(
        Tier(
            number(share, name=f"指标“{name}”的分档") / 100,
            number(part, name=f"指标“{name}”的分档") / 100,
        )
        for share, part in kept.get("tiers", ())
    )
    return Rule(
        key=str(kept["key"]), name=name, kind=Kind(kept["kind"]), weight=told("weight", "分值"),
        counting=Counting(kept.get("counting", Counting.SHARE)), absence=Absence(kept.get("absence", Absence.SPREAD)),
        late=told("late", "迟做计分") / 100, cap=told("cap", "单项最高", "100") / 100, each=told("each", "每项扣分"),
        least=told("least", "最低分"), tiers=tiers, start=told("start", "起评分"),
    )  # fmt: skip


def score_to_plain(score: Score) -> dict[str, Any]:
    return {
        "key": score.key, "name": score.name, "total": None if score.total is None else str(score.total),
        "rank": score.rank, "grade": score.grade, "rules": [_points_to_plain(each) for each in score.rules],
        "apart": score.apart,
    }  # fmt: skip


def _points_to_plain(rule: RuleScore) -> dict[str, Any]:
    return {
        "key": rule.key, "name": rule.name, "weight": str(rule.weight), "full": str(rule.full),
        "points": str(rule.points), "state": str(rule.state), "why": rule.why,
        "rows": [[row.key, row.what, row.told, str(row.points), str(row.lost), row.why] for row in rule.rows],
    }  # fmt: skip


def score_from_plain(kept: Mapping[str, Any]) -> Score:
    rules = tuple(
        RuleScore(
            each["key"], each["name"], Decimal(each["weight"]), Decimal(each["full"]), Decimal(each["points"]),
            RuleState(each["state"]), each["why"],
            tuple(
                Row(key, what, told, Decimal(points), Decimal(lost), why)
                for key, what, told, points, lost, why in each["rows"]
            ),
        )
        for each in kept["rules"]
    )  # fmt: skip
    total = None if kept["total"] is None else Decimal(kept["total"])
    return Score(kept["key"], kept["name"], total, kept["rank"], kept["grade"], rules, kept.get("apart", ""))
