"""What the trail calls the columns and values that have no Chinese name of their own, and which of them it keeps to itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from keshu.apps.bureau.queries.robots import topic_label

# Columns without a name on their model, and the keys of notes that are no column.
LABELS = {
    "accepted": "一并确认",
    "by": "办理人",
    "created_by": "经办人",
    "floor": "对应的确保目标",
    "from": "原状态",
    "ledger": "台账",
    "mention": "文件中的写法",
    "issue": "问题",
    "item": "草案中的条目",
    "merged_into": "并入",
    "node": "所在任务",
    "organisation": "单位",
    "organisation_ids": "对应单位",
    "owner": "所有人",
    "ownermention": "责任单位",
    "parent": "上级",
    "plan": "所属文件",
    "plannode": "任务",
    "proposal": "来年要点草案",
    "position": "次序",
    "query": "条件",
    "released_by": "发布人",
    "restates": "重申的前文",
    "reviewed_at": "核对时间",
    "reviewed_by": "核对人",
    "revision": "版次",
    "rows": "改动的行",
    "state": "状态",
    "target": "目标",
    "uploaded_by": "上传人",
    "user": "人员",
}
# Columns that come with the framework, under names of its own (有效).
FRAMEWORKS = {"is_active": "账号可以登录"}
# Marks the system sets for itself; they stay in the record and tell a reader nothing.
INTERNAL = frozenset({
    "at", "attempts", "body_end", "cancel_requested", "changes", "content", "date_joined", "digest", "end",
    "engine_version", "facts", "file", "first_name", "groups", "heartbeat_at", "indicator_key", "is_decidable",
    "is_demo", "is_staff", "is_superuser", "last_login", "last_name", "ledger_number", "media_type", "meta", "params",
    "path", "reading", "result", "result_url", "seen_at", "sha256", "source", "start", "tail", "undoes", "undone_at",
    "value_end", "value_start", "version",
})  # fmt: skip
LEDGERS = {
    "briefings.appraisals": "年度考核",
    "briefings.ranking.counties": "县区考核排名",
    "briefings.ranking.offices": "处室考核排名",
    "bureau.aliases": "单位别名",
    "bureau.audit": "办理记录",
    "bureau.jobs": "后台任务",
    "bureau.organisations": "单位",
    "bureau.people": "人员",
    "plans.achieved": "完成情况",
    "plans.owners": "责任单位",
    "plans.plans": "计划库",
    "plans.targets": "目标台账",
    "plans.tasks": "任务清单",
}


PARTS = "；"


def told_apart(before: str, after: str) -> tuple[str, str]:
    """Of a long value in words, before and after, the parts that differ.

    >>> told_apart("2 条指标；任务 20 分；按时 80 分", "2 条指标；任务 30 分；按时 80 分")
    ('任务 20 分', '任务 30 分')
    """
    old, new = before.split(PARTS), after.split(PARTS)
    return PARTS.join(part for part in old if part not in new), PARTS.join(part for part in new if part not in old)


def sections_told(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str:
    """What became of a bulletin's sections: taken out, added, called otherwise, under other rules, moved.

    >>> first, second = {"id": "a", "title": "甲"}, {"id": "b", "title": "乙"}
    >>> sections_told([first, second], [second, first])
    '“乙”上移到第 1 位'
    """
    old, new = {each["id"]: each for each in before}, {each["id"]: each for each in after}
    told = [f"删去“{each['title']}”" for key, each in old.items() if key not in new]
    stayed = _in_order([key for key in old if key in new], [key for key in new if key in old])
    for place, (key, each) in enumerate(new.items(), start=1):
        name, was = f"“{each['title']}”", old.get(key)
        if was is None:
            told.append(f"增加{name}，在第 {place} 位")
            continue
        if was["title"] != each["title"]:
            told.append(f"“{was['title']}”改名为{name}")
        if was.get("settings") != each.get("settings"):
            told.append(f"{name}的取数规则改动")
        if key not in stayed:
            told.append(f"{name}{'上' if place <= list(old).index(key) else '下'}移到第 {place} 位")
    return PARTS.join(told)


def _in_order(old: list[str], new: list[str]) -> set[str]:
    """The most that can be said to have stayed in their order; of two that changed places, the one that was above."""
    best: list[list[str]] = []
    for at, key in enumerate(new):
        before = [each for each, last in zip(best, new[:at], strict=True) if old.index(last) < old.index(key)]
        best.append([*_longest(before), key])
    return set(_longest(best))


def _longest(lists: Sequence[list[str]]) -> list[str]:
    """The last of those that are longest; nothing of nothing."""
    return max(lists[::-1], key=len) if lists else []


def value_words(name: str, value: Any) -> Any:
    """A value that only the system reads as what a person would call it; others as they are."""
    if name == "ledger":
        return LEDGERS.get(str(value), "台账")
    if name == "query":
        return _conditions(str(value))
    if name == "topics" and isinstance(value, list):
        return "、".join(topic_label(str(key)) for key in value)
    if name == "rows" and isinstance(value, list):
        return f"{len(value)} 行"
    if name == "sections" and isinstance(value, list):
        return f"{len(value)} 个栏目"
    if name == "scheme" and isinstance(value, dict):
        return _scheme(value)
    if name == "edits" and isinstance(value, dict):
        return "\n".join(str(edit["now"]) for _, edit in sorted(value.items()))
    return value


# What a rule of an appraisal's scheme declares beside its points, where it is not what it usually is.
_RULE_WORDS = (
    ("late", "迟做计 {}%", "0"), ("cap", "单项最高 {}%", "100"), ("each", "每次扣 {} 分", "0"), ("least", "最低 {} 分", "0"),
    ("start", "起评 {} 分", "0"),
)  # fmt: skip


def _scheme(scheme: dict[str, Any]) -> str:
    """An appraisal's scheme: how many rules with how many points, then each rule, and the grades."""
    rules, grades = scheme.get("rules", []), scheme.get("grades", [])
    total = sum((Decimal(rule["weight"]) for rule in rules), Decimal(0))
    lines = [f"{len(rules)} 条指标，合计 {total.normalize():f} 分", *(_rule(rule) for rule in rules)]
    if grades:
        lines.append("等次 " + "、".join(f"{grade['name']} {grade['at_least']} 分以上" for grade in grades))
    if str(scheme.get("least_items", "0")) != "0":
        lines.append(f"目标、任务合计不足 {scheme['least_items']} 项的不参与排名")
    return PARTS.join(lines)


def _rule(rule: dict[str, Any]) -> str:
    told = [form.format(rule[key]) for key, form, usual in _RULE_WORDS if rule.get(key, usual) != usual]
    told += [f"{share}% 以上计 {part}%" for share, part in rule.get("tiers", ())]
    if rule.get("absence") == "full":
        told.append("没有可计的事项计满分")
    return f"{rule['name']} {rule['weight']} 分" + (f"（{'，'.join(told)}）" if told else "")


def _conditions(query: str) -> str:
    """An address's query as what it asks for: the words looked for, and how many conditions stand beside them."""
    asked = parse_qs(query)
    words = asked.pop("q", [])
    parts = [f"查找“{words[0]}”"] if words else []
    if asked:
        parts.append(f"{'另有 ' if parts else ''}{len(asked)} 个条件")
    return "，".join(parts)
