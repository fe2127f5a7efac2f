"""The form's tables by their shape: how many rows and columns, which labels span how many of them.

A picture of a table has this shape before a single word of it is read. Where it fits, each cell's label is known; the
reader of pictures then reads a few of them to make sure, and measures the length of all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from extract.form import EDITIONS, STATISTICS, FormTable, Line, edition, sheet_columns, variants
from extract.labels import closest, wordings
from extract.scan.expected import Expected, Square

_ALIKE = 0.6
"""Likeness (0 to 1) to its wording from which a label read confirms the guess."""
HEAD_ROWS = 5
"""Rows that the head of a table has at most."""
WIDEST_SHEET = 6
"""Columns that a statistics sheet has at most."""


def expectations(cells: Sequence[Square]) -> list[Expected]:
    """Return the guesses at a table of some shape, one for each table of the form that has this shape."""
    shape = Shape(cells)
    found = []
    for name in EDITIONS:
        for form in edition(name).tables.values():
            ways = {
                "requests": _requests,
                "proactive": _proactive,
                "review_and_litigation": _outcomes,
                STATISTICS: _statistics,
            }
            found += [guess for guess in ways[form.name](shape, form) if guess is not None]
    return found


class Shape:
    """A lattice by its rows: `covering` has the indices of the cells that cover each, in order from the left."""

    def __init__(self, cells: Sequence[Square]) -> None:
        self.cells = cells
        self.n_rows = max((c.row + c.row_span for c in cells), default=0)
        self.n_columns = max((c.column + c.column_span for c in cells), default=0)
        self.covering: list[list[int]] = [[] for _ in range(self.n_rows)]
        for i in sorted(range(len(cells)), key=lambda i: cells[i].column):
            for row in range(cells[i].row, cells[i].row + cells[i].row_span):
                self.covering[row].append(i)

    def units(self, row: int, first: int) -> list[int]:
        """Return the cells of one square that begin in a row, from a column on."""
        return [
            i
            for i in self.covering[row]
            if self.cells[i].column >= first and self.cells[i].row_span == self.cells[i].column_span == 1
        ]

    def over(self, row: int, column: int) -> int | None:
        """Return the cell that covers a square of the grid."""
        for i in self.covering[row]:
            if self.cells[i].column <= column < self.cells[i].column + self.cells[i].column_span:
                return i
        return None


@cache
def _wordings(label: str) -> tuple[str, ...]:
    """Wordings of a label as printed (their lengths count), then bare."""
    return (label, *variants().get(label, ()), *wordings(label))


def _agrees(text: str, among: tuple[str, ...]) -> bool:
    return closest(text, among[:1]) >= _ALIKE


def guess_at(
    shape: Shape, labels: dict[int, str], first: Iterable[int], probes: Iterable[int], others: set[int]
) -> Expected:
    """Return a guess: labels by cell, which of them to read, and cells that are to be read as they are."""
    idle = set(range(len(shape.cells))) - set(labels) - others
    wordings = {i: _wordings(label) for i, label in labels.items()}
    return Expected(wordings, frozenset(first), frozenset(probes), frozenset(idle), _agrees)


def shortest_of(leaves: Sequence[int], labels: Mapping[int, str]) -> list[int]:
    """Return the shortest label of each third of a table: short ones are read fastest."""
    third = max(len(leaves) // 3, 1)
    parts = leaves[:third], leaves[third : 2 * third], leaves[2 * third :]
    return [min(part, key=lambda i: (len(labels[i]), i)) for part in parts if part]


def row_ranges(form: FormTable, row: Line) -> list[tuple[int, int]]:
    """Return which rows [first, last) each part of a row's label spans, outermost first."""
    found = []
    for depth in range(1, len(row.path) + 1):
        among = [k for k, other in enumerate(form.rows) if other.path[:depth] == row.path[:depth]]
        found.append((among[0], among[-1] + 1))
    return found


def within(cells: Sequence[Square], ranges: Sequence[tuple[int, int]], head: int) -> bool:
    """Tell whether label cells span their rows, or a piece of them: page breaks cut groups in two."""
    return len(cells) == len(ranges) and all(
        first <= cell.row - head and cell.row + cell.row_span - head <= last
        for cell, (first, last) in zip(cells, ranges, strict=True)
    )


def _requests(shape: Shape, form: FormTable) -> list[Expected | None]:
    """About 25 rows by seven columns, labels of up to three levels at the left."""
    n, first = len(form.columns), shape.n_columns - len(form.columns)
    head = shape.n_rows - len(form.rows)
    if first < 1 or not 1 <= head <= HEAD_ROWS:
        return []
    labels: dict[int, str] = {}
    values: set[int] = set()
    for k, row in enumerate(form.rows):
        units = shape.units(head + k, first)
        beside = [i for i in shape.covering[head + k] if shape.cells[i].column < first]
        if len(units) != n or not within([shape.cells[i] for i in beside], row_ranges(form, row), head):
            return []
        values.update(units)
        labels.update(zip(beside, row.path, strict=True))
    heads = [shape.over(head - 1, first + k) for k in range(n)]
    if None in heads or len(set(heads)) != n:
        return []
    labels.update((i, c.path[-1]) for i, c in zip(heads, form.columns, strict=True) if i is not None)
    leaves = [i for i in labels if shape.cells[i].column < first and shape.cells[i].row_span == 1]
    ends = [i for i in (heads[0], heads[-1]) if i is not None]
    shortest = shortest_of(leaves, labels)
    return [guess_at(shape, labels, [ends[-1]], [*ends, *shortest], values)]


def _outcomes(shape: Shape, form: FormTable) -> list[Expected | None]:
    """One row of fifteen numbers under heads of two or three levels."""
    n = len(form.columns)
    whole = n * len(form.rows)
    head = shape.n_rows - 1
    if shape.n_columns != whole or not 2 <= head <= HEAD_ROWS or len(shape.units(head, 0)) != whole:
        return []
    leaves = [shape.over(head - 1, k) for k in range(whole)]
    if None in leaves or len(set(leaves)) != whole:
        return []
    labels = {i: form.columns[k % n].path[-1] for k, i in enumerate(leaves) if i is not None}
    for k, row in enumerate(form.rows):
        above = [i for r in range(head) if (i := shape.over(r, k * n)) is not None and i not in labels]
        groups = [i for i in above if shape.cells[i].column_span >= n]
        labels.update(zip(reversed(groups), reversed(row.path), strict=False))
    groups = [i for i in labels if shape.cells[i].column_span >= n]
    ends = [i for i in (leaves[0], leaves[n - 1], leaves[-1]) if i is not None]
    return [guess_at(shape, labels, ends[-1:], [*ends, *groups[:1], *groups[-1:]], set(shape.units(head, 0)))]


def _proactive(shape: Shape, form: FormTable) -> list[Expected | None]:
    """Blocks of rows under heads of their own; a block's name stands above it, or at its left."""
    return [_blocks(shape, form, above=True), _blocks(shape, form, above=False)]


def _blocks(shape: Shape, form: FormTable, *, above: bool) -> Expected | None:
    labels: dict[int, str] = {}
    values: set[int] = set()
    probes: list[int] = []
    first: list[int] = []
    at = 0
    for group in dict.fromkeys(row.path[0] for row in form.rows):
        rows = [row for row in form.rows if row.path[0] == group]
        columns = form.columns_of(rows[0])
        height = len(rows) + 1 + above
        if at + height > shape.n_rows or (above and len(shape.covering[at]) != 1):
            return None
        labels[shape.covering[at][0]] = group
        lines = [shape.covering[r] for r in range(at + above, at + height)]
        if not above:
            if any(line[0] != lines[0][0] for line in lines) or shape.cells[lines[0][0]].row_span != height:
                return None
            lines = [line[1:] for line in lines]
        if any(len(line) != len(columns) + 1 for line in lines):
            return None
        labels.update((i, column.path[-1]) for i, column in zip(lines[0][1:], columns, strict=True))
        for row, line in zip(rows, lines[1:], strict=True):
            labels[line[0]] = row.path[-1]
            values.update(line[1:])
            probes += line[:1] if not probes or row is form.rows[-1] else []
            amounts = [c for c in columns if form.cells[row.key, c.key].type == "decimal"]
            first += [lines[0][1 + columns.index(c)] for c in amounts]  # its head may state the unit
        probes += lines[0][1:2] if at == 0 else []
        at += height
    return (
        guess_at(shape, labels, [*first, *probes[:1]], [*first, *probes], values)
        if at == shape.n_rows
        else None
    )


def _statistics(shape: Shape, form: FormTable) -> list[Expected | None]:
    """A label, its unit and its numbers in each row, headings among them; a column of running numbers may come between."""
    return [_sheet(shape, form, unit) for unit in (1, 2) if unit < shape.n_columns - 1]


def _sheet(shape: Shape, form: FormTable, unit: int) -> Expected | None:
    """Guess at a sheet whose units stand in a column (from 0), with up to three rows of heads."""
    n, lines = shape.n_columns, form.lines
    head = shape.n_rows - len(lines)
    if n > WIDEST_SHEET or not 1 <= head <= 3:
        return None
    labels: dict[int, str] = {}
    values: set[int] = set()
    money: list[int] = []
    leaves: list[int] = []
    for k, line in enumerate(lines):
        units = shape.units(head + k, 0)
        if len(units) != n:
            return None
        labels[units[0]] = line.path[-1]
        leaves.append(units[0])
        values.update(
            i for c, i in enumerate(units) if c and (c != unit or not line.key)
        )  # strokes beside headings
        if line.key:
            cell = form.cells[line.key, form.columns[0].key]
            labels[units[unit]] = cell.unit
            money += [units[unit]] if cell.type == "decimal" else []  # the page may give another unit
    heads = shape.units(head - 1, 0)
    if len(heads) != n:
        return None
    named = [next(head for role, head in sheet_columns() if role == wanted) for wanted in ("label", "unit")]
    labels.update(zip((heads[0], heads[unit]), named, strict=True))
    values.update(
        i for c, i in enumerate(heads) if c not in {0, unit}
    )  # these tell which numbers are the form's
    shortest = shortest_of(leaves, labels)
    return guess_at(
        shape, labels, [heads[unit], shortest[0], *money], [heads[0], heads[unit], *shortest, *money], values
    )
