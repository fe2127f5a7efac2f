"""A table as a grid: which cell covers which position, and turning a table over its diagonal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extract.labels import normalise
from extract.model import Cell, Table
from extract.numbers import is_value


@dataclass(frozen=True, slots=True)
class Slot:
    """A printed column: the grid columns `[start, stop)` it covers and its texts from the top down."""

    start: int
    stop: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table by position: `rows[r]` are the cells that cover grid row r, left to right."""

    table: Table
    rows: tuple[tuple[Cell, ...], ...]
    n_columns: int


def grid_of(table: Table) -> Grid:
    """Index a table. Rows covered by no cell are empty tuples."""
    rows: list[list[Cell]] = [[] for _ in range(table.n_rows)]
    for cell in sorted(table.cells, key=lambda c: (c.column, c.row)):
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row].append(cell)
    return Grid(table, tuple(tuple(row) for row in rows), table.n_columns)


def transpose(table: Table) -> Table:
    """Return the table with rows and columns exchanged; the cells keep their places on the page."""
    cells = tuple(
        replace(c, row=c.column, column=c.row, row_span=c.column_span, column_span=c.row_span)
        for c in table.cells
    )
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def slots(grid: Grid, first: int, last: int) -> list[Slot]:
    """Return the printed columns of header rows `[first, last)`, left to right.

    The lowest cells with text decide where columns begin and end; a column's texts are those above it, each
    merged cell once. Columns without any text are slots too: their label may be lost.
    """
    owners: list[list[Cell]] = [[] for _ in range(grid.n_columns)]
    for row in range(first, last):
        for cell in grid.rows[row]:
            for column in range(cell.column, min(cell.column + cell.column_span, grid.n_columns)):
                if not any(cell is other for other in owners[column]):
                    owners[column].append(cell)
    result: list[Slot] = []
    previous: Cell | None = None
    for column, cells in enumerate(owners):
        named = [cell for cell in cells if normalise(cell.text)]
        leaf = named[-1] if named else (cells[-1] if cells else None)
        if result and leaf is not None and leaf is previous:
            result[-1] = replace(result[-1], stop=column + 1)
        else:
            result.append(Slot(column, column + 1, tuple(c.text for c in named)))
        previous = leaf
    return result


def in_slot(row: tuple[Cell, ...], slot: Slot) -> Cell | None:
    """Return the cell of a row that shares most grid columns with a slot, or None.

    Of equals the first with text: a head may span a column that is empty all the way down.
    """
    shares = [
        (min(cell.column + cell.column_span, slot.stop) - max(cell.column, slot.start), cell) for cell in row
    ]
    most = max((share for share, _ in shares), default=0)
    best = [cell for share, cell in shares if share == most > 0]
    return next((cell for cell in best if cell.text.strip()), best[0] if best else None)


def label_cells(row: tuple[Cell, ...], before: int) -> tuple[Cell, ...]:
    """Return the cells of a row that begin left of a grid column and hold words."""
    return tuple(c for c in row if c.column < before and normalise(c.text) and not is_value(c.text))


def has_numbers(row: tuple[Cell, ...], start: int = 0) -> int:
    """Count the cells of a row, from a grid column on, that print a number or a placeholder."""
    return sum(1 for cell in row if cell.column >= start and is_value(cell.text))
