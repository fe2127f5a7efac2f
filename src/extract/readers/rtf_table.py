"""Rows of rich text to a table: columns from the right edges that each row gives its cells, in twips."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.model import Cell, Table

_NEAR = 40
"""Twips (1/1440 inch) within which two edges are one: programs round each row by itself."""


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell as defined: its right edge, and whether it begins (mgf, vmgf) or continues (mrg, vmrg) a merged one."""

    right: int = 0
    mgf: bool = False
    mrg: bool = False
    vmgf: bool = False
    vmrg: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its left edge, its cells as defined, and their texts; either list may be the longer in a broken file."""

    left: int
    cells: tuple[RowCell, ...]
    texts: tuple[str, ...]


def table_of(rows: Sequence[Row]) -> Table:
    """Return rows one below another as a table; cells without an edge follow the last one, a column each."""
    complete = [_completed(row) for row in rows]
    edges = _edges([edge for row in complete for edge in (row.left, *(cell.right for cell in row.cells))])
    cells: list[Cell] = []
    open_above: dict[int, int] = {}
    for r, row in enumerate(complete):
        left = _index(edges, row.left)
        still: dict[int, int] = {}
        joined = -1
        for defined, text in zip(row.cells, row.texts, strict=True):
            right = max(_index(edges, defined.right), left + 1)
            above = open_above.get(left)
            if defined.mrg and joined >= 0:
                cells[joined] = replace(cells[joined], column_span=right - cells[joined].column)
            elif defined.vmrg and above is not None:
                cells[above] = replace(cells[above], row_span=r - cells[above].row + 1)
                still[left] = joined = above
            else:
                joined = len(cells)
                cells.append(Cell(r, left, text, column_span=right - left))
                still[left] = joined
            left = right
        open_above = still
    return Table(tuple(sorted(cells, key=lambda c: (c.row, c.column))), "rtf")


def _completed(row: Row) -> Row:
    cells, texts = list(row.cells[: len(row.texts)]), list(row.texts)
    while len(cells) < len(texts):
        cells.append(RowCell((cells[-1].right if cells else row.left) + 10 * _NEAR))
    return replace(row, cells=tuple(cells), texts=tuple(texts))


def _edges(found: Sequence[int]) -> list[int]:
    """Return the edges of columns, ascending, near ones as one."""
    edges: list[int] = []
    for edge in sorted(found):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    return edges


def _index(edges: Sequence[int], edge: int) -> int:
    """Return which edge is nearest."""
    at = bisect_left(edges, edge)
    around = [i for i in (at - 1, at) if 0 <= i < len(edges)]
    return min(around, key=lambda i: abs(edges[i] - edge))
