"""The columns of a table that name who answers for a row (责任单位, 牵头处室, 配合单位, 责任领导)."""

from __future__ import annotations

import re

from keshu.engines.plandoc.document import OwnerRole
from keshu.engines.plandoc.passage import Cell
from keshu.engines.plandoc.structure.offices import is_office
from keshu.engines.plandoc.structure.owners import PrintedOwner, named_offices

_ROLES: tuple[tuple[re.Pattern[str], OwnerRole], ...] = (
    (re.compile(r"责任(?:领导|人)|分管领导|主管领导|牵头领导|联系人|负责人|局领导"), OwnerRole.PERSON),
    (re.compile(r"配合|协办|参与|协同|协助"), OwnerRole.SUPPORT),
    (re.compile(r"牵头|主办|主责"), OwnerRole.LEAD),
    (
        re.compile(r"责任|承办|实施单位|落实单位|承担单位|负责(?:单位|部门|科室|处室|股室)"),
        OwnerRole.RESPONSIBLE,
    ),
)
# In a task list a bare 单位 or 科室 answers for the task; in a table of figures it may be the unit or the row's subject.
_BARE = re.compile(r"(?:科室|处室|股室|单位|部门)$")


def owner_columns(head: tuple[Cell, ...], *, bare: bool) -> dict[int, OwnerRole]:
    """The owner columns by their index; `bare` takes 单位, 科室 and 部门 without a role for one too.

    Examples
    --------
    >>> owner_columns((Cell(0, 2, "指标"), Cell(3, 5, "单位"), Cell(6, 10, "牵头处室")), bare=False)
    {2: <OwnerRole.LEAD: 'lead'>}
    """
    found = {index: role for index, cell in enumerate(head) if (role := _role(cell.text)) is not None}
    if bare:
        found |= {i: OwnerRole.RESPONSIBLE for i, cell in enumerate(head) if i not in found and _BARE.search(cell.text)}
    return dict(sorted(found.items()))


def _role(column: str) -> OwnerRole | None:
    return next((role for pattern, role in _ROLES if pattern.search(column)), None)


def row_owners(text: str, row: tuple[Cell, ...], columns: dict[int, OwnerRole]) -> tuple[PrintedOwner, ...]:
    """Who is printed in the owner cells of a row; 牵头 and 配合 behind a name outweigh the column's head."""
    return tuple(
        PrintedOwner(name, own)
        for i, role in columns.items()
        for name, own in named_offices(text, row[i].start, row[i].end, role)
        if role is OwnerRole.PERSON or is_office(name.text) or len(name.text) >= 3
    )
