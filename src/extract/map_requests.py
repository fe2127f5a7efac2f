"""The requests table (收到和处理政府信息公开申请情况): about 25 rows by 7 kinds of applicants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extract.align import align, fill
from extract.form import FormTable, Line
from extract.grid import Grid, Slot, has_numbers, in_slot, label_cells, slots
from extract.labels import normalise
from extract.map_types import THRESHOLD, Extra, Fragment, Placed, label_of, leaf_scores, slot_scores
from extract.model import Cell
from extract.numbers import is_value

_FIRM = 0.7
"""A label at least this like a form label is evidence that the table is this table."""

_MANY = 10
"""From so many such labels on the table is known well enough to tell lines by their place alone."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The applicants' columns: (slot, line) pairs, further slots with no line, and where labels end."""

    known: tuple[tuple[Slot, Line], ...]
    others: tuple[Slot, ...]
    start: int


def map_requests(grid: Grid, form: FormTable) -> Fragment | None:
    """Map a printed table to the requests table of an edition, or None where too few labels agree.

    A piece of the table without its head is mapped by counting cells from the right.
    """
    if grid.n_columns < 4 or not grid.rows:
        return None
    header = _header_end(grid, form)
    columns = _columns(grid, header, form) or _columns_by_count(grid, form)
    if columns is None:
        return None
    body = [r for r in range(header, len(grid.rows)) if grid.rows[r]]
    labels = [label_cells(grid.rows[r], columns.start) for r in body]
    scores = leaf_scores([[c.text for c in path] for path in labels], form.rows)
    pairs = align(scores, THRESHOLD)
    firm = sum(1 for i, j in pairs if scores[i, j] >= _FIRM and labels[i])
    if grid.table.source == "picture" and firm >= _MANY:
        data = [i for i, r in enumerate(body) if any(c.column >= columns.start for c in grid.rows[r])]
        pairs = fill(pairs, data, len(form.rows))
    if firm < 2 or (firm < 4 and not columns.known):
        return None
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    lines = {i: form.rows[j] for i, j in pairs}
    for i, r in enumerate(body):
        _place_row(grid.rows[r], labels[i], lines.get(i), columns, form, placed, extras)
    misfits = (len(form.rows) - len(pairs)) + sum(1 for e in extras) / 7
    score = float(sum(scores[i, j] for i, j in pairs)) - 0.5 * misfits * (firm >= 10)
    return Fragment(form.name, placed, tuple(extras), max(score, 0.1))


def _header_end(grid: Grid, form: FormTable) -> int:
    """Return the first row that is no head: its label is the form's, or it prints three numbers or more."""
    firsts = [
        [c.text for c in label_cells(row, max(1, grid.n_columns - 6))][:1] or [""] for row in grid.rows[:12]
    ]
    scores = leaf_scores(firsts, [Line("", (form.rows[0].path[-1],)), Line("", (form.rows[1].path[-1],))])
    for r, row in enumerate(grid.rows[:12]):
        if has_numbers(row) >= 3 or (normalise(firsts[r][0]) and scores[r].max() >= 0.75):
            return r
    return 0


def _columns(grid: Grid, header: int, form: FormTable) -> _Columns | None:
    """Align the printed columns by the head; None where fewer than four applicants' labels are recognised."""
    printed = slots(grid, 0, header)
    scores = slot_scores(printed, form.columns)
    pairs = align(scores, THRESHOLD)
    named = [(i, j) for i, j in pairs if printed[i].texts and scores[i, j] >= _FIRM]
    if len(named) < 4:
        return None
    first = min(i for i, _ in named)
    pairs = [(i, j) for i, j in pairs if i >= first or printed[i].start >= 1]
    if grid.table.source == "picture":
        pairs = fill(pairs, [i for i in range(len(printed)) if i >= pairs[0][0]], len(form.columns))
    known = tuple((printed[i], form.columns[j]) for i, j in pairs)
    start = min(slot.start for slot, _ in known)
    taken = {i for i, _ in pairs}
    others = tuple(slot for i, slot in enumerate(printed) if i not in taken and slot.start >= start)
    return _Columns(known, others, start)


def _columns_by_count(grid: Grid, form: FormTable) -> _Columns | None:
    """Tell the applicants' columns of a piece without a head: the last seven cells of its rows."""
    n = len(form.columns)
    starts = [row[-n].column for row in grid.rows if len(row) > n and all(is_value(c.text) for c in row[-n:])]
    if len(starts) < 2:
        return None
    return _Columns((), (), int(np.median(starts)))


def _place_row(
    row: tuple[Cell, ...],
    labels: tuple[Cell, ...],
    line: Line | None,
    columns: _Columns,
    form: FormTable,
    placed: dict[str, Placed],
    extras: list[Extra],
) -> None:
    """Place the cells of one row; those of a row or column that the form does not have become extras."""
    label = label_of(labels)
    values = tuple(c for c in row if c.column >= columns.start and c not in labels)
    for column, head, cell in _assign(values, columns, form):
        at = Placed(cell, label, head)
        if line is not None and column is not None:
            placed[form.cells[line.key, column.key].code] = at
        elif is_value(cell.text) or (line is None and normalise(cell.text)):
            extras.append(Extra(form.name, at))


def _assign(
    values: tuple[Cell, ...], columns: _Columns, form: FormTable
) -> list[tuple[Line | None, str, Cell]]:
    """Tell the column of each value cell: by count where it fits, else by the grid columns it shares."""
    slots_in_order = sorted([*columns.known, *((s, None) for s in columns.others)], key=lambda p: p[0].start)
    if not columns.known:
        tail = values[-len(form.columns) :]
        return [(c, c.path[-1], v) for c, v in zip(form.columns, tail, strict=False)]
    if len(values) == len(slots_in_order):
        return [(line, _head(slot), cell) for (slot, line), cell in zip(slots_in_order, values, strict=True)]
    result: list[tuple[Line | None, str, Cell]] = []
    used: set[int] = set()
    for slot, line in slots_in_order:
        cell = in_slot(values, slot)
        if cell is None or (id(cell) in used and any(ch.isdigit() for ch in cell.text)):
            continue  # a number merged over several columns belongs to the first: the others are missing
        used.add(id(cell))
        result.append((line, _head(slot), cell))
    return result


def _head(slot: Slot) -> str:
    return " / ".join("".join(text.split()) for text in slot.texts)
