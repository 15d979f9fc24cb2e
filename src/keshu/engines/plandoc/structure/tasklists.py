"""Task lists (任务清单, 分解表): a table whose rows are tasks becomes nodes with owners and deadlines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from keshu.engines.plandoc.document import OwnerRole
from keshu.engines.plandoc.passage import Cell
from keshu.engines.plandoc.structure.labels import label_at
from keshu.engines.plandoc.structure.ownercolumns import owner_columns, row_owners
from keshu.engines.plandoc.structure.owners import PrintedOwner
from keshu.engines.plandoc.structure.tables import RawTable

_TASK = re.compile(
    r"任务|事项|工作内容|重点工作|工作举措|举措|措施|行动|项目名称|重点项目|问题清单|存在问题|整改|工作要点|内容|主要工作"
)
#: 考核项目, 工作项目: a task only beside a column of goals in words.
_ITEM = re.compile(r"(?:考核|责任|工作|建设|评价|目标)(?:项目|事项|科目)$")
_GOALS = re.compile(r"目标|要求|内容|措施|举措")
_NOT_TASK = re.compile(r"任务(?:数|量|值|完成|来源)|指标|完成情况|进展")
_MORE = re.compile(r"目标|措施|举措|要求|内容|标准|成果|进度|安排|备注|节点|指标")
_NUMBER = re.compile(r"序号|编号|^序$|^号$")
_DUE = re.compile(r"时限|时间|期限|节点")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task, of one row or several: its label, heading stretch, the stretches to read for figures, owners and deadline.

    ``is_group`` tells a row that only names a group of tasks (``| 一 | 创新主体培育 | | |``).
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
    is_group: bool = False


def read_task_rows(text: str, *, table: RawTable) -> list[TaskRow]:
    """The rows of `table` as tasks; empty when the table is no task list."""
    columns = [cell.text for cell in table.head]
    task = next((i for i, name in enumerate(columns) if _TASK.search(name) and not _NOT_TASK.search(name)), None)
    task = _item_column(table, columns) if task is None else task
    owners = {i: role for i, role in owner_columns(table.head, bare=True).items() if i != task}
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
        group = _group_cell(row, number=numbers)
        if group is not None:
            found = _task_row(text, index, row, task=group, number=numbers, due=None, more=[], owners={})
            rows.append(replace(found, is_group=True))
        elif row[task].start < row[task].end and not (index and _is_same(row, table.rows[index - 1], task, numbers)):
            found = _task_row(text, index, row, task=task, number=numbers, due=due, more=more, owners=owners)
            rows.append(_with_merged_owners(found, rows[-1]) if rows else found)
        elif rows:
            # The task cell is merged over several rows: what stands beside it belongs to the same task, each owner once.
            last = rows[-1]
            rows[-1] = replace(
                last,
                rows=(*last.rows, index),
                end=max(last.end, row[-1].end),
                bodies=(*last.bodies, *_stretches(row, more)),
                owners=(*last.owners, *row_owners(text, row, owners)),
            )
    return rows


def _item_column(table: RawTable, columns: list[str]) -> int | None:
    """The column of what is appraised (考核项目), where another one tells the goals of each in words."""
    item = next((i for i, name in enumerate(columns) if _ITEM.search(name)), None)
    if item is None:
        return None
    goals = (i for i, name in enumerate(columns) if i != item and _GOALS.search(name))
    in_words = any(2 * sum(len(row[i].text) > 8 for row in table.rows) > len(table.rows) for i in goals)
    return item if in_words else None


def _is_same(row: tuple[Cell, ...], above: tuple[Cell, ...], task: int, number: int | None) -> bool:
    """Whether a row repeats the task above it, as merged cells read from Word do."""
    return row[task].text == above[task].text and (number is None or row[number].text in ("", above[number].text))


def _with_merged_owners(row: TaskRow, above: TaskRow) -> TaskRow:
    """A row that names nobody shares the merged cell above; an empty 配合单位 beside a lead stays empty."""
    return row if row.owners else replace(row, owners=above.owners)


def _group_cell(row: tuple[Cell, ...], *, number: int | None) -> int | None:
    """The cell of a row that prints one thing alone, beside its number, or over the whole width."""
    printed = [i for i, cell in enumerate(row) if cell.start < cell.end]
    named = [i for i in printed if i != number] or printed
    if not printed or len({row[i].text for i in named}) != 1 or any(char.isdigit() for char in row[named[0]].text):
        return None
    return named[0] if 4 <= len(row[named[0]].text) <= 30 else None


def _stretches(row: tuple[Cell, ...], columns: list[int]) -> list[tuple[int, int]]:
    return [(row[i].start, row[i].end) for i in columns if row[i].start < row[i].end]


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
    label, head_start = (row[number].text if number is not None and number != task else ""), cell.start
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
        owners=row_owners(text, row, owners),
        due_text=row[due].text if due is not None else "",
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
