"""The table of proactive disclosure (主动公开政府信息情况): blocks of a few rows, each with a head of its own."""

from __future__ import annotations

from collections.abc import Sequence, Set

from extract.align import align, fill
from extract.form import FormTable, Line
from extract.grid import Grid, Slot, has_numbers, in_slot, slots
from extract.labels import closest, normalise, wordings
from extract.map_types import (
    COLUMN_UNKNOWN,
    THRESHOLD,
    Extra,
    Fragment,
    Placed,
    label_of,
    leaf_scores,
    slot_scores,
)
from extract.model import Cell
from extract.numbers import is_value
from extract.parted import parted

_FIRM = 0.7
_BADLY = 0.7
"""Confidence below which a head may be anything."""
_NAMED = 0.9
"""Likeness from which a row's only label names a block: no numbers belong to it, even where blank cells stand beside it."""


def map_blocks(grid: Grid, form: FormTable) -> Fragment | None:
    """Map a printed table to the table of proactive disclosure, or None where its labels do not agree.

    A row is known by its first cell, a column by the head nearest above it. A block may be a table of its own.
    """
    if grid.n_columns < 2:
        return None
    picture = grid.table.source == "picture"
    grid = parted(grid, [row.path[-1] for row in form.rows])
    names = {wording for row in form.rows for wording in wordings(row.path[-1])}
    labels = [_shortest(_label(row, names), names) for row in grid.rows]
    scores = leaf_scores([[c.text for c in path] for path in labels], form.rows)
    groups = tuple(dict.fromkeys(row.path[0] for row in form.rows if len(row.path) > 1))
    named = [i for i, path in enumerate(labels) if len(path) == 1 and closest(path[0].text, groups) >= _NAMED]
    data = [i for i, path in enumerate(labels) if path and i not in named and _is_data(grid, i, path)]
    scores[[i for i in range(len(labels)) if i not in data]] = 0.0
    pairs = dict(align(scores, THRESHOLD))
    if picture:
        numbers = [i for i in data if i in pairs or has_numbers(grid.rows[i])]
        pairs = dict(fill(list(pairs.items()), numbers, len(form.rows)))
    firm = {r for r, j in pairs.items() if scores[r, j] >= _FIRM}
    if not firm and not picture:  # in a picture a head that agrees makes up for a worn label
        return None
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    fit = 0.0
    for r, row in enumerate(grid.rows):
        line = form.rows[pairs[r]] if r in pairs else None
        if line is None and not _is_extra(row, labels[r]):
            continue
        first, last = _head_rows(grid, r, set(pairs))
        lone = r in firm and _worn(grid.rows[first:last])
        found = _place_row(
            row, labels[r], line, slots(grid, first, last), form, placed, extras, picture=picture, lone=lone
        )
        fit += found * (scores[r, pairs[r]] if line is not None else 0.0)
    if not placed or fit <= 0:
        return None
    return Fragment(form.name, placed, tuple(extras), fit - 0.3 * len(extras))


def _label(row: tuple[Cell, ...], names: Set[str]) -> tuple[Cell, ...]:
    """Return the label cells at the left end of a row; none but the one that names a row, where others are before it.

    A serial number may stand there, or a group's name of which strokes passed for a line and what is left for figures:
    these are extra cells, for nothing printed is lost.
    """
    found: list[Cell] = []
    for cell in row:
        if not normalise(cell.text) and not found and not cell.text.strip():
            continue  # a group's label stands in its first row only, where text has no merged cells
        if not normalise(cell.text) or is_value(cell.text):
            break
        found.append(cell)
    named = next((cell for cell in row if normalise(cell.text) in names), None)
    return tuple(found) if named is None or named in found else (named,)


def _shortest(label: tuple[Cell, ...], names: Set[str]) -> tuple[Cell, ...]:
    """Return the label up to the first cell that names a row by itself: words right of it stand where numbers should.

    Of what is before it the cell beside it is kept: a group has one.
    """
    ends = [n for n, cell in enumerate(label, 1) if normalise(cell.text) in names]
    return label[max(ends[0] - 2, 0) : ends[0]] if ends else label


def _is_data(grid: Grid, r: int, label: tuple[Cell, ...]) -> bool:
    """Tell a row of numbers from a head: something stands beside the label, and it is no word."""
    beside = [c for c in grid.rows[r] if c not in label]
    return bool(beside) and len(label) <= 2


def _is_extra(row: tuple[Cell, ...], label: tuple[Cell, ...]) -> bool:
    return bool(label) and has_numbers(row) > 0


def _head_rows(grid: Grid, row: int, data: set[int]) -> tuple[int, int]:
    """Return the rows of the head that stands nearest above a row, as (first, last + 1)."""
    last = row
    while last > 0 and (last - 1 in data or has_numbers(grid.rows[last - 1]) > 0):
        last -= 1
    first = last
    while first > 0 and first - 1 not in data and has_numbers(grid.rows[first - 1]) == 0:
        first -= 1
    return max(first, last - 2), last


def _worn(rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Tell a head of which a cell was badly read: a head that is clearly another must not pass for the form's."""
    return any(cell.confidence < _BADLY for row in rows for cell in row)


def _place_row(
    row: tuple[Cell, ...],
    label: tuple[Cell, ...],
    line: Line | None,
    head: list[Slot],
    form: FormTable,
    placed: dict[str, Placed],
    extras: list[Extra],
    *,
    picture: bool,
    lone: bool,
) -> float:
    """Place the cells of one row; return how many columns agreed by their label.

    In pictures the heads that no likeness tells are the form's by their place, where there are as many as the form has columns;
    so is the only one of a row, where it may be a `lone` worn one; a person is to look at that.
    """
    values = tuple(c for c in row if c not in label)
    columns = form.columns_of(line) if line is not None else ()
    beyond = [s for s in head if s.stop > (label[-1].column if label else 0) and s.start >= _edge(label)]
    scores = slot_scores(beyond, columns)
    pairs = dict(align(scores, THRESHOLD))
    agreed = sum(1 for i, j in pairs.items() if beyond[i].texts and scores[i, j] >= _FIRM)
    lone = lone and not pairs and len(beyond) == len(columns) == 1
    if picture and len(beyond) == len(columns):
        pairs = {0: 0} if lone else dict(fill(list(pairs.items()), range(len(beyond)), len(columns)))
    if columns and not pairs and len(values) == len(columns) and not any(s.texts for s in beyond):
        pairs = dict(enumerate(range(len(columns))))
        beyond = [Slot(c.column, c.column + c.column_span, ()) for c in values]
    used: list[Cell] = []
    for i, slot in enumerate(beyond):
        cell = values[i] if len(values) == len(beyond) else in_slot(values, slot)
        if cell is None or cell in used:
            continue
        used.append(cell)
        heads = slot.texts
        text = " / ".join("".join(t.split()) for t in heads)
        at = Placed(cell, label_of(label), text, heads, doubt=COLUMN_UNKNOWN if lone else "")
        if i in pairs and line is not None:
            placed.setdefault(form.cells[line.key, columns[pairs[i]].key].code, at)
        elif is_value(cell.text):
            extras.append(Extra(form.name, at))
    for cell in values:
        if cell not in used and is_value(cell.text):
            extras.append(Extra(form.name, Placed(cell, label_of(label), "")))
    return agreed


def _edge(label: tuple[Cell, ...]) -> int:
    """Return the first grid column right of the label."""
    return max((c.column + c.column_span for c in label), default=0)
