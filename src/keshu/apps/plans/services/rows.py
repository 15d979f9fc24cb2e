"""Rows of a plan by name: ``target-12``, ``node-3``, ``mention-7``, the form in which pages and the history speak of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.models import OwnerMention, PlanNode, Target

Row = Target | PlanNode | OwnerMention
MODELS: dict[str, type[Row]] = {"target": Target, "node": PlanNode, "mention": OwnerMention}
WORDS = {"target": "目标", "node": "任务", "mention": "责任单位"}


@dataclass(frozen=True, slots=True, order=True)
class RowRef:
    """A row's kind and id.

    >>> str(RowRef.parse("target-12"))
    'target-12'
    """

    kind: str
    id: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the form that ``str`` writes; anything else is Unacceptable."""
        kind, _, number = text.partition("-")
        if kind not in MODELS or not number.isdecimal() or len(number) > 18:
            raise Unacceptable(f"不认识的行“{text}”，请刷新页面后重试。")
        return cls(kind, int(number))

    @classmethod
    def of(cls, row: Row) -> Self:
        kind = next(kind for kind, model in MODELS.items() if isinstance(row, model))
        return cls(kind, row.pk)

    def __str__(self) -> str:
        return f"{self.kind}-{self.id}"


def load_rows(refs: Iterable[RowRef], *, plan_id: int) -> list[Row]:
    """The rows in the given order; all must belong to the plan."""
    wanted = list(dict.fromkeys(refs))
    ids: dict[str, list[int]] = defaultdict(list)
    for ref in wanted:
        if 0 < ref.id < 2**63:
            ids[ref.kind].append(ref.id)
    found: dict[RowRef, Row] = {}
    for kind, numbers in ids.items():
        for row in MODELS[kind].objects.filter(plan_id=plan_id, pk__in=numbers):
            found[RowRef(kind, row.pk)] = row
    missing = [ref for ref in wanted if ref not in found]
    if missing:
        raise Unacceptable(f"有 {len(missing)} 行已不在这份文件中，请刷新页面后重试。")
    return [found[ref] for ref in wanted]
