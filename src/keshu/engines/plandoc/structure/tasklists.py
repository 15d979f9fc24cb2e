"""Task lists (任务清单, 分解表): a table whose rows are tasks becomes nodes with owners and deadlines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from keshu.engines.plandoc.document import OwnerRole
from keshu.engines.plandoc.passage import Cell
from keshu.engines.plandoc.structure.labels import label_at
from keshu.engines.plandoc.structure.offices import is_office
from keshu.engines.plandoc.structure.owners import PrintedOwner, named_offices
from keshu.engines.plandoc.structure.tables import RawTable

_TASK = re.compile(
    r"任务|事项|工作内容|重点工作|工作举措|举措|措施|行动|项目名称|重点项目|问题清单|存在问题|整改|工作要点|内容|主要工作"
)
_NOT_TASK = re.compile(r"任务(?:数|量|值|完成|来源)|指标|完成情况|进展")
_MORE = re.compile(r"目标|措施|举措|要求|内容|标准|成果|进度|安排|备注|节点|指标")
_NUMBER = re.compile(r"序号|编号|^序$|^号$")
_GROUP = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、]?")
_DUE = re.compile(r"时限|时间|期限|节点")
_ROLES: tuple[tuple[re.Pattern[str], OwnerRole], ...] = (
    (re.compile(r"责任(?:领导|人)|分管领导|主管领导|牵头领导|联系人|负责人|局领导"), OwnerRole.PERSON),
    (re.compile(r"配合|协办|参与|协同|协助"), OwnerRole.SUPPORT),
    (re.compile(r"牵头|主办|主责"), OwnerRole.LEAD),
    (
        re.compile(
            r"责任|承办|实施单位|落实单位|承担单位|负责(?:单位|部门|科室|处室|股室)|(?:科室|处室|股室|单位|部门)$"
        ),
        OwnerRole.RESPONSIBLE,
    ),
)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task, of one row or several: its label, heading stretch, the stretches to read for figures, owners and deadline.

    ``heads`` tells a row (一 | 创新主体 | | |) that only names the group of the tasks below it.
    """

    rows: tuple[int, ...]
    label: str
    start: int
    head_start: int
    head_end: int
    end: int
    bodies: tuple[tuple[int, int], ...]
    owners: tuple[PrintedOwner, ...]
    due_text: str
    heads: bool = False


def read_task_rows(text: str, *, table: RawTable) -> list[TaskRow]:
    """The rows of `table` as tasks; empty when the table is no task list."""
    columns = [cell.text for cell in table.head]
    task = next((i for i, name in enumerate(columns) if _TASK.search(name) and not _NOT_TASK.search(name)), None)
    owners = {i: role for i, name in enumerate(columns) for role in [_role(name)] if role is not None and i != task}
    if task is None or not owners or len(columns) < 3:
        return []
    numbers = next((i for i, name in enumerate(columns) if _NUMBER.search(name)), None)
    due = next((i for i, name in enumerate(columns) if _DUE.search(name) and i not in owners), None)
    if not any(len(row[task].text) >= 4 for row in table.rows):
        return []
    more = [
        i for i in range(len(columns)) if i not in owners and i not in (task, numbers, due) and _MORE.search(columns[i])
    ]
    rows: list[TaskRow] = []
    for index, row in enumerate(table.rows):
        if row[task].start < row[task].end:
            found = _task_row(text, index, row, task=task, number=numbers, due=due, more=more, owners=owners)
            rows.append(_with_merged_owners(found, rows[-1]) if rows else found)
        elif rows:
            # The task cell is merged over several rows: what stands beside it belongs to the same task.
            last = rows[-1]
            rows[-1] = replace(
                last,
                rows=(*last.rows, index),
                end=max(last.end, row[-1].end),
                bodies=(*last.bodies, *_stretches(row, more)),
                owners=(*last.owners, *_owners(text, row, owners)),
            )
    return rows


def _with_merged_owners(row: TaskRow, above: TaskRow) -> TaskRow:
    """A row that names nobody shares the merged cell above; an empty 配合单位 beside a lead stays empty."""
    return row if row.owners or row.heads else replace(row, owners=above.owners)


def _stretches(row: tuple[Cell, ...], columns: list[int]) -> list[tuple[int, int]]:
    return [(row[i].start, row[i].end) for i in columns if row[i].start < row[i].end]


def _owners(text: str, row: tuple[Cell, ...], columns: dict[int, OwnerRole]) -> tuple[PrintedOwner, ...]:
    return tuple(
        PrintedOwner(name, own)
        for i, role in columns.items()
        for name, own in named_offices(text, row[i].start, row[i].end, role)
        if role is OwnerRole.PERSON or is_office(name.text) or len(name.text) >= 3
    )


def _role(column: str) -> OwnerRole | None:
    return next((role for pattern, role in _ROLES if pattern.search(column)), None)


def _task_row(
    text: str,
    index: int,
    row: tuple[Cell, ...],
    *,
    task: int,
    number: int | None,
    due: int | None,
    more: list[int],
    owners: dict[int, OwnerRole],
) -> TaskRow:
    cell = row[task]
    label, head_start = (row[number].text if number is not None else ""), cell.start
    printed = label_at(text, cell.start, cell.end)
    if printed is not None:
        label, head_start = label or printed.text, printed.end
    head_end = _head_end(text, head_start, cell.end)
    whole = head_end == cell.end or any(char.isdigit() for char in text[head_start:head_end])
    bodies = [(head_start if whole else head_end, cell.end), *_stretches(row, more)]
    return TaskRow(
        rows=(index,),
        label=label,
        start=cell.start,
        head_start=head_start,
        head_end=head_end,
        end=max(c.end for c in row),
        bodies=tuple(bodies),
        owners=_owners(text, row, owners),
        due_text=row[due].text if due is not None else "",
        heads=_GROUP.fullmatch(label) is not None
        and not any(other.text for i, other in enumerate(row) if i not in (task, number)),
    )


def _head_end(text: str, start: int, end: int) -> int:
    """A task cell's heading ends at its first full stop; without one, a long cell is cut at a comma."""
    stop = re.compile(r"[。;:]").search(text, start, end)
    sentence = stop.start() if stop else end
    if sentence - start > 40:
        comma = text.find(",", start, start + 40)
        if comma - start >= 4:
            return comma
    return sentence
