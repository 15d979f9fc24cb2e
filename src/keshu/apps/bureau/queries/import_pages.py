"""The pages of an import: the ledger of a dry run's rows, and the links that a ledger's page shows to those who may import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Q, When
from django.urls import reverse

from keshu.apps.bureau.models import ImportRow, ImportRun, ImportState
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone

RUN_MARKS = {
    ImportState.CHECKING.value: Mark("检查中", Tone.ON_TRACK),
    ImportState.CHECKED.value: Mark("待确认", Tone.AT_RISK),
    ImportState.SAVING.value: Mark("正在保存", Tone.ON_TRACK),
    ImportState.APPLIED.value: Mark("已导入", Tone.DONE),
    ImportState.DISCARDED.value: Mark("没有导入"),
}
ACTION, TAKING_AWAY = "操作", ("剔除", "删除")
ROW_MARKS = {
    "new": Mark("新增", Tone.ON_TRACK, "plus"),
    "changed": Mark("修改", Tone.ON_TRACK, "edit"),
    "removed": Mark("办理", Tone.ON_TRACK, "checks"),
    "unchanged": Mark("不变", Tone.DONE),
    "faulty": Mark("有误", Tone.LATE),
}


FIRST = Case(When(state="unchanged", then=1), default=0)  # what would change or is wrong stands before what stays


def run_mark(run: ImportRun) -> Mark:
    """The state of an import; one that waits for its person only where there is something to confirm."""
    if run.state == ImportState.CHECKED and not run.error:
        if run.figures.get("faulty"):
            return Mark("有错误", Tone.LATE)
        if set(run.figures) <= {"unchanged"}:
            return Mark("无改动", Tone.DONE)
    return RUN_MARKS[run.state]


def row_mark(row: ImportRow) -> Mark:
    """What would become of a row; where it asks for something (通过, 剔除, 删除), that word."""
    mark = ROW_MARKS[row.state]
    if row.state != "removed":
        return mark
    word = next((after for label, _, after in row.differences if label == ACTION), mark.word)
    return Mark(word, Tone.AT_RISK, "trash") if word in TAKING_AWAY else replace(mark, word=word)


# Ledgers whose rows Excel may change but not add to.
WITHOUT_NEW_ROWS = frozenset({"plans.targets", "plans.tasks", "plans.checkins"})


def differences_text(row: Any) -> str:
    """简称：高新处 → 高技术处；排序：3 → 4; of a new row only what was entered."""
    return "；".join(
        f"{label}：{before} → {after}" if before else f"{label}：{after}" for label, before, after in row.differences
    )


def opinions_text(row: Any) -> str:
    faults = [f"“{label}”：{message}" if label else message for label, message in row.faults]
    return " ".join([*faults, *row.notes])


IMPORT_ROWS = Ledger(
    key="bureau.import_rows",
    noun="表中的行",
    columns=(
        Column("number", "行号", ColumnKind.NUMBER, sort="number", width=70),
        Column("state", "结果", ColumnKind.STATE, value=row_mark, marks=ROW_MARKS, sort="state", width=90),
        Column("label", "对象", sort="label", width=160, wrap=True),
        Column("differences", "改动（原值 → 新值）", value=differences_text, width=370, wrap=True),
        Column("faults", "意见", value=opinions_text, width=410, wrap=True),
    ),
    filters=(
        Filter(
            "state", "结果", FilterKind.MULTI, choices=tuple((key, mark.word) for key, mark in ROW_MARKS.items()), field="state",
        ),
    ),
    search=("label",),
    search_hint="对象",
    figures=(
        Figure("表中全部", unit="行"),
        Figure("新增", Q(state="new"), {"state": "new"}, unit="行", tone=Tone.ON_TRACK),
        Figure("修改", Q(state="changed"), {"state": "changed"}, unit="行", tone=Tone.ON_TRACK),
        Figure("按“操作”栏办理", Q(state="removed"), {"state": "removed"}, unit="行", tone=Tone.ON_TRACK),
        Figure("不变", Q(state="unchanged"), {"state": "unchanged"}, unit="行"),
        Figure("有误", Q(state="faulty"), {"state": "faulty"}, unit="行", tone=Tone.LATE),
    ),
    drawer=lambda row: reverse("bureau:import-row", args=[row.pk]),
    size=50,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExchangeLinks:
    """What stands in the menu of a ledger whose rows the person may bring in from Excel."""

    template: str
    workbook: str
    bring_in: str


def exchange_links(key: str, *, may: bool, params: Mapping[str, Any] | None = None) -> ExchangeLinks | None:
    """The addresses, without a template where rows cannot be added; None for people who may not."""
    if not may:
        return None
    query = f"?{urlencode(params)}" if params else ""
    names = ("template", "workbook", "import")
    links = ExchangeLinks(*(reverse(f"bureau:exchange-{name}", args=[key]) + query for name in names))
    return replace(links, template="") if key in WITHOUT_NEW_ROWS else links
