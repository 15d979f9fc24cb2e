"""What the trail calls the columns and values that have no Chinese name of their own, and which of them it keeps to itself."""

from __future__ import annotations

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
    "merged_into": "并入",
    "node": "所在任务",
    "organisation": "单位",
    "organisation_ids": "对应单位",
    "owner": "所有人",
    "ownermention": "责任单位",
    "parent": "上级",
    "plan": "所属文件",
    "plannode": "任务",
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
    "attempts", "body_end", "cancel_requested", "changes", "content", "date_joined", "digest", "end",
    "engine_version", "facts", "file", "first_name", "groups", "heartbeat_at", "indicator_key", "is_demo", "is_staff",
    "is_superuser", "last_login", "last_name", "ledger_number", "media_type", "meta", "params", "path", "reading",
    "result", "result_url", "seen_at", "sha256", "source", "start", "undoes", "undone_at", "value_end", "value_start",
    "version",
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
    if name == "edits" and isinstance(value, dict):
        return f"{len(value)} 处"
    return value


def _conditions(query: str) -> str:
    """An address's query as what it asks for: the words looked for, and how many conditions stand beside them."""
    asked = parse_qs(query)
    words = asked.pop("q", [])
    parts = [f"查找“{words[0]}”"] if words else []
    if asked:
        parts.append(f"{'另有 ' if parts else ''}{len(asked)} 个条件")
    return "，".join(parts)
