"""Rows of cells without their spans, put back on a grid.

In the tables of these reports merged labels stand at the left and heads on top: a row that is short by little has a
wide first cell; a head row is laid over the row below it, whose blank cells go on upwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.model import Cell, Table

_NEARLY = 0.7
"""A row with this share of the widest row's cells lacks only a merged label."""
_NUMBER = re.compile(r"^\s*[+-]?[\d０-９][\d０-９,，.．]*\s*\S{0,2}\s*$|^\s*[-—/／－]\s*$")

_Spans = list[tuple[int, int]]


def grid_of_rows(rows: Sequence[Sequence[str]]) -> Table:
    """Return the table with its cells' columns and column spans worked out; row spans for labels at the left."""
    width = max(len(row) for row in rows)
    spans: list[_Spans] = [[] for _ in rows]
    for r in range(len(rows) - 1, -1, -1):
        below = (rows[r + 1], spans[r + 1]) if r + 1 < len(rows) else None
        spans[r] = _spans(rows[r], width, below)
    return Table(tuple(_cells(rows, spans)), "doc")


def _cells(rows: Sequence[Sequence[str]], spans: Sequence[_Spans]) -> list[Cell]:
    """Make the cells; one that only continues the label above it makes that label's cell longer."""
    cells: list[Cell] = []
    above: dict[tuple[int, int], int] = {}
    for r, row in enumerate(rows):
        places: dict[tuple[int, int], int] = {}
        continued = _leading_blanks(row)
        for i, (text, span) in enumerate(zip(row, spans[r], strict=True)):
            if i < continued and span in above:
                at = above[span]
                cells[at] = replace(cells[at], row_span=cells[at].row_span + 1)
            else:
                at = len(cells)
                cells.append(Cell(r, span[0], text, column_span=span[1] - span[0]))
            places[span] = at
        above = places
    return cells


def _leading_blanks(row: Sequence[str]) -> int:
    """Return how many blank cells stand before a row's first label; 0 where a number comes first, or nothing."""
    first = next((i for i, text in enumerate(row) if text.strip()), 0)
    return 0 if first == 0 or _NUMBER.match(row[first]) else first


def _spans(row: Sequence[str], width: int, below: tuple[Sequence[str], _Spans] | None) -> _Spans:
    n = len(row)
    if n == 0:
        return []
    if n == width or n >= _NEARLY * width or any(_NUMBER.match(text) for text in row):
        return _wide_first(n, width)
    if n == 1:
        return [(0, width)]
    over = _over(n, *below) if below is not None else None
    return over if over is not None else [(i, i + 1) for i in range(n)]


def _wide_first(n: int, width: int) -> _Spans:
    lead = width - n + 1
    return [(0, lead), *((i, i + 1) for i in range(lead, width))]


def _over(n: int, texts: Sequence[str], spans: _Spans) -> _Spans | None:
    """Lay n cells over the row below: a blank cell there goes on upwards, the named ones share what is left.

    None where that does not come out even.
    """
    blanks = [i for i, text in enumerate(texts) if not text.strip()]
    named = [i for i in range(len(texts)) if i not in blanks]
    pieces = n - len(blanks)
    if pieces < 1 or not named or len(named) % pieces or named[-1] - named[0] + 1 != len(named):
        return None
    each = len(named) // pieces
    groups = [named[i : i + each] for i in range(0, len(named), each)]
    parts = sorted([[i] for i in blanks] + groups)
    return [(spans[part[0]][0], spans[part[-1]][1]) for part in parts]
