"""Rows of an indicator table that name who answers for them become goal entries of the plan's tree."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keshu.kernel.span import Span

if TYPE_CHECKING:
    from keshu.engines.plandoc import Claim, Node, PlanDocument


def with_goal_rows(document: PlanDocument) -> PlanDocument:
    """The document with one node for each table row that has owners of its own; the row's figures hang on it.

    Owners answer for nodes in the ledger, the matrix and the review; the engine leaves such rows out of the tree because a
    row of figures is no heading. Positions stay in reading order.
    """
    rows = _rows(document.claims)
    if not rows:
        return document
    starts = [node.span.start for node in document.nodes]
    behind: dict[int, list[list[Claim]]] = defaultdict(list)
    for row in rows:
        behind[bisect_right(starts, row[0].span.start)].append(row)
    moved: dict[int, int] = {}
    nodes: list[Node] = []
    homes: dict[int, int] = {}
    for index in range(len(document.nodes) + 1):
        for row in behind[index]:
            homes |= dict.fromkeys((claim.index for claim in row), len(nodes))
            nodes.append(_goal(row, document.nodes, moved, at=len(nodes)))
        if index < len(document.nodes):
            node = document.nodes[index]
            moved[index] = len(nodes)
            parent = None if node.parent is None else moved[node.parent]
            nodes.append(replace(node, index=len(nodes), parent=parent))
    claims = tuple(
        replace(claim, node=homes.get(claim.index, None if claim.node is None else moved[claim.node]))
        for claim in document.claims
    )
    return replace(document, nodes=tuple(nodes), claims=claims)


def _rows(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims of one table row together: figures have the row for span, the prose of its cells lies inside."""
    rows: list[list[Claim]] = []
    reach = Span(0, 0)
    for claim in sorted((c for c in claims if c.owners), key=lambda c: (c.span.start, -c.span.end)):
        if rows and claim.span.end <= reach.end and claim.node == rows[-1][0].node:
            rows[-1].append(claim)
        else:
            rows.append([claim])
            reach = claim.span
    return rows


def _goal(row: Sequence[Claim], nodes: Sequence[Node], moved: dict[int, int], *, at: int) -> Node:
    from keshu.engines.plandoc import Node, NodeKind

    first = next((claim for claim in row if claim.tense == "target"), row[0])
    above = first.node
    return Node(
        index=at,
        parent=None if above is None else moved[above],
        level=1 if above is None else nodes[above].level + 1,
        label="",
        heading=first.indicator,
        kind=NodeKind.GOAL,
        span=row[0].span,
        body=row[0].span,
        owners=row[0].owners,
    )
