"""Two plans side by side: their targets matched by indicator (their tasks: `comparing_tasks`).

Targets are matched in three passes: the same indicator key (`indicator_names`), then names that are much alike, then the
same name by another measure (总数 here, 增速 there), which is shown but not compared. Restated targets count once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef

from keshu.apps.plans.models import Target, Tense, WorkPlan
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.amounts import Asked, change_text, demand, difference
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.apps.plans.queries.ledger import (
    ACCOUNTABLE,
    SUPPORTING,
    lead_text,
    leads_elsewhere,
    outside_names,
    owner_names,
    with_stretches,
)
from keshu.apps.plans.queries.pairing import pair_up
from keshu.apps.plans.queries.target_ledgers import asked_text
from keshu.apps.plans.queries.wording import counts_net

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# How alike two names of indicators must be to be taken for the same (0 to 100).
ALIKE_INDICATORS = 70
# Events are counted in these; a name this long may stand for a longer one that ends in it.
_TIMES = frozenset({"场", "场次", "次", "期"})
SHORTEST_TAIL = 4
_LEVELS = re.compile("国家|省|市|县|区")
# What headings begin or end with, whatever the task is.
GENERAL = re.compile(
    "深入实施|组织实施|大力|深入|持续|着力|加快|全面|扎实|进一步|实施|推进|推动|深化|发展|强化|建设|完善|优化|加强|提升|做好|抓好|"
    "开展|促进|打造|构建|健全|工作|行动|工程"
)


Pairs = list[tuple[Target, Target]]


class TargetState(StrEnum):
    """What became of a target from one plan to the other."""

    RAISED = "raised"
    LOWERED = "lowered"
    SAME = "same"
    NEW = "new"
    DROPPED = "dropped"
    RANGE = "range"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TargetPair:
    """A target as the earlier and the later plan have it; one side is None where the other plan has none.

    ``is_alike`` tells that the names differ and were matched by likeness; ``why`` says why two are not compared.
    """

    before: Target | None
    after: Target | None
    state: TargetState
    change: str = ""
    is_alike: bool = False
    why: str = ""

    @property
    def either(self) -> Any:
        return self.after if self.after is not None else self.before

    @property
    def before_text(self) -> str:
        return "" if self.before is None else asked_text(self.before)

    @property
    def leads(self) -> str:
        return lead_text(self.either)

    @property
    def former_leads(self) -> str:
        """Who led before, where somebody else leads now."""
        if self.before is None or self.after is None:
            return ""
        before, after = lead_text(self.before), lead_text(self.after)
        return before if after and bare_names(before) != bare_names(after) else ""

    @property
    def after_text(self) -> str:
        return "" if self.after is None else asked_text(self.after)


def compared_targets(before: WorkPlan, after: WorkPlan, *, user: User) -> tuple[TargetPair, ...]:
    """The targets of both plans in the order of the later one, dropped ones at the end. One query.

    Those who may see both plans (Refused).
    """
    left, right, found = _matched(before, after, user)
    return tuple(_judged(left, right, found))


def answering_targets(before: WorkPlan, after: WorkPlan, *, user: User) -> tuple[Pairs, dict[int, int]]:
    """Which targets of the two plans answer one another, and how many targets each node has. One query."""
    left, right, found = _matched(before, after, user)
    pairs = [(found[row.pk][0], row) for row in right if row.pk in found]
    return pairs, Counter(row.node_id for row in (*left, *right) if row.node_id is not None)


def _matched(
    before: WorkPlan, after: WorkPlan, user: User
) -> tuple[list[Target], list[Target], dict[int, tuple[Target, bool]]]:
    """The targets of each, and for those of the later one that answers it, and whether by likeness only. One query."""
    rows = _targets((before, after), user)
    left, right = rows[before.pk], rows[after.pk]
    pairs = [(here, there, False) for here, there in _by_key(left, right)]
    taken = {row.pk for here, there, _ in pairs for row in (here, there)}
    rest = [[row for row in side if row.pk not in taken] for side in (left, right)]
    pairs += [(here, there, True) for here, there in _by_likeness(*rest)]
    return left, right, {there.pk: (here, is_alike) for here, there, is_alike in pairs}


def _targets(plans: Sequence[WorkPlan], user: User) -> dict[int, list[Target]]:
    for plan in plans:
        can_see_plan(user, plan)
    kept = Target.objects.kept().filter(
        plan__in=plans, tense=Tense.TARGET, floor__isnull=True, restates__isnull=True
    )  # fmt: skip
    rows = with_stretches(
        kept.select_related("node", "plan")
        .defer("reading", "node__reading")
        .annotate(
            lead_names=owner_names(OuterRef("node_id"), roles=ACCOUNTABLE),
            support_names=owner_names(OuterRef("node_id"), roles=SUPPORTING),
            outside_leads=outside_names(OuterRef("node_id"), roles=ACCOUNTABLE),
            leads_elsewhere=leads_elsewhere(),
        )
    )
    found: dict[int, list[Target]] = {plan.pk: [] for plan in plans}
    for row in rows.order_by("position", "start", "pk"):
        found[row.plan_id].append(row)
    return found


def _by_key(left: Sequence[Target], right: Sequence[Target]) -> Pairs:
    """Those of one key; where a plan has several, the ones of the same stretch of the year, then of the likest heading."""
    groups: dict[str, tuple[list[Target], list[Target]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            groups[row.indicator_key][side].append(row)
    pairs: Pairs = []
    for here, there in groups.values():
        if len(here) == len(there) == 1:
            pairs.append((here[0], there[0]))
        elif here and there:
            matched = pair_up([_place(row) for row in here], [_place(row) for row in there], least=0.1)
            pairs += [(here[i], there[j]) for i, (j, _) in matched.items()]
    return pairs


def _place(row: Target) -> str:
    """Where and when a target stands, without the year: what tells two targets of one indicator apart."""
    period = row.period.replace(str(row.plan.year or "-"), "年", 1) or "年"
    return f"{period * 3}{row.unit}{row.node.heading if row.node else ''}"


def _by_likeness(left: Sequence[Target], right: Sequence[Target]) -> Pairs:
    """Of those left over, names that are much alike; then the same name by another measure."""
    pairs = alike_targets(left, right)
    taken = {row.pk for pair in pairs for row in pair}
    here, there = ([row for row in side if row.pk not in taken] for side in (left, right))
    plain = pair_up(_plain_names(here), _plain_names(there), least=100)
    return pairs + [(here[i], there[j]) for i, (j, _) in plain.items()]


def alike_targets(left: Sequence[Target], right: Sequence[Target]) -> Pairs:
    """Pairs of one family of measure whose names are much alike and speak of the same level (省级 is not 市级)."""
    groups: dict[tuple[str, ...], tuple[list[Target], list[Target]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            groups[(family_of(row), *sorted(set(_LEVELS.findall(row.indicator))))][side].append(row)
    pairs: Pairs = []
    for here, there in groups.values():
        if here and there:
            matched = pair_up(_plain_names(here), _plain_names(there), least=ALIKE_INDICATORS)
            pairs += [(here[i], there[j]) for i, (j, _) in matched.items()]
    return pairs + _activities(left, right, taken={row.pk for pair in pairs for row in pair})


def _activities(left: Sequence[Target], right: Sequence[Target], *, taken: Collection[int]) -> Pairs:
    """Events counted in times held, one of whose names ends in the other (企业研发机构申报辅导, 开展申报辅导); only where it is
    the one such pair on either side."""
    here, there = (
        [
            (row, GENERAL.sub("", folded_name(row.indicator)))
            for row in side
            if row.pk not in taken and row.unit in _TIMES
        ]
        for side in (left, right)
    )
    found = [
        (one, other)
        for one, name in here
        for other, spoken in there
        if min(len(name), len(spoken)) >= SHORTEST_TAIL and (name.endswith(spoken) or spoken.endswith(name))
    ]
    counts = Counter(row.pk for pair in found for row in {pair[0].pk: pair[0], pair[1].pk: pair[1]}.values())
    return [pair for pair in found if counts[pair[0].pk] == counts[pair[1].pk] == 1]


def family_of(row: Target) -> str:
    """Stock, flow, or the measure itself: the second part of the key."""
    return row.indicator_key.rpartition("|")[2]


def is_net(row: Target) -> bool:
    """净增 counts what is left after losses; 新增 and 新认定 may not."""
    return counts_net(row.indicator)


def _plain_names(rows: Iterable[Target]) -> list[str]:
    return [folded_name(row.indicator) for row in rows]


def _judged(
    left: Sequence[Target], right: Sequence[Target], found: dict[int, tuple[Target, bool]]
) -> Iterable[TargetPair]:
    for row in right:
        if row.pk in found:
            here, is_alike = found[row.pk]
            yield judge(here, row, is_alike=is_alike)
        else:
            yield TargetPair(None, row, TargetState.NEW)
    matched = {here.pk for here, _ in found.values()}
    yield from (TargetPair(row, None, TargetState.DROPPED) for row in left if row.pk not in matched)


def judge(before: Target, after: Target, *, is_alike: bool) -> TargetPair:
    """Two targets of one indicator: which asks for more. Floors are compared first, stretches where the floors agree."""
    is_alike = is_alike and folded_name(before.indicator) != folded_name(after.indicator)
    earlier, later = asked(before), asked(after)
    if family_of(before) != family_of(after):
        why = f"口径不同：前一份是{measure_word(before)}，后一份是{measure_word(after)}"
        return TargetPair(before, after, TargetState.OTHER, is_alike=is_alike, why=why)
    if is_net(before) != is_net(after):
        why = f"口径不同：前一份是{measure_word(before)}，后一份是{measure_word(after)}"
        return TargetPair(before, after, TargetState.OTHER, is_alike=is_alike, why=why)
    if before.benchmark != after.benchmark:
        return TargetPair(before, after, TargetState.OTHER, is_alike=is_alike, why="比较的对象不同")
    if (within := range_note(earlier, later)) is not None:
        return TargetPair(before, after, TargetState.RANGE, is_alike=is_alike, why=within)
    more = demand(earlier, later)
    if more is None:
        return TargetPair(before, after, *_without_numbers(before, after), is_alike=is_alike, why=_why(before, after))
    if more == 0 and (stretch := demand(asked(before, stretch=True), asked(after, stretch=True))):
        more = stretch
    state = {1: TargetState.RAISED, -1: TargetState.LOWERED, 0: TargetState.SAME}[more]
    is_one_range = (earlier.value_high is None) != (later.value_high is None)
    change = "" if is_one_range else change_text(earlier, later)
    return TargetPair(before, after, state, change, is_alike, "一份是区间，按下限比" if is_one_range else "")


def measure_word(row: Target) -> str:
    """What the figure of a target counts, in words: 净增数, 新认定数, else its measure."""
    if is_net(row):
        return "净增数（扣除减少的）"
    found = re.search("新认定|新备案|新增|新建", row.indicator)
    return f"{found[0]}数" if found else row.get_measure_display()


def range_note(before: Asked, after: Asked) -> str | None:
    """Where one is a range and the other a number within it: which is which; None otherwise."""
    if (before.value_high is None) == (after.value_high is None):
        return None
    low, high = difference(before, after), difference(before, replace(after, value=after.value_high))
    if after.value_high is None:
        low, high = difference(replace(before, value=before.value_high), after), difference(before, after)
    if low is None or high is None or not low <= 0 <= high:
        return None
    return "后一份改为区间，前一份的数在其中" if after.value_high is not None else "前一份是区间，后一份的数在其中"


def asked(row: Any, *, stretch: bool = False) -> Asked:
    """What the row asks; its stretch, where it has one and that is wanted."""
    if stretch and row.stretch_value is not None:
        return Asked(">=", row.stretch_value, None, row.stretch_unit, row.measure, row.per)
    return Asked(row.op, row.value, row.value_high, row.unit, row.measure, row.per)


def _without_numbers(before: Target, after: Target) -> tuple[TargetState, str]:
    """Targets without a number (实现零的突破, 全覆盖) are the same when they say the same."""
    is_same = before.op == after.op and before.value is None and after.value is None and not before.masked
    return (TargetState.SAME, "—") if is_same else (TargetState.OTHER, "")


def _why(before: Target, after: Target) -> str:
    if before.masked or after.masked:
        return "原文数字隐去"
    if before.value is None or after.value is None:
        return "" if before.op == after.op else "一处没有数字"
    return f"单位不同：{before.unit or '无'}与{after.unit or '无'}"


def bare_names(text: str) -> frozenset[str]:
    return named_in(text.removesuffix("（见另一行）"))


def named_in(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split("、")))
