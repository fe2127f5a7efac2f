"""The table of reviews and lawsuits (行政复议、行政诉讼情况): one row of fifteen numbers under three heads.

Also read where it stands as three rows of five, upright, or in pieces.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extract.align import align, fill
from extract.form import FormTable, Line
from extract.grid import Grid, Slot, has_numbers, in_slot, label_cells, slots
from extract.labels import BLANK_SIMILARITY, best_of, normalise, similarity
from extract.map_types import COLUMN_UNKNOWN, THRESHOLD, Extra, Fragment, Placed, label_of, leaf_scores
from extract.numbers import is_value

_FIRM = 0.7
_BY_PLACE = 0.1
"""Score of a table that only the number of its columns tells."""


def map_outcomes(grid: Grid, form: FormTable) -> Fragment | None:
    """Map a printed table to the review table, or None where fewer than four of its labels agree."""
    if len(grid.rows) < 2 or grid.n_columns < 4:
        return None
    wide = _map_wide(grid, form)
    tall = _map_tall(grid, form)
    return max((f for f in (wide, tall) if f is not None), key=lambda f: f.score, default=None)


def _map_wide(grid: Grid, form: FormTable) -> Fragment | None:
    """One row of numbers; each column is told by its own head and the heads above it."""
    data = _data_row(grid)
    if data == 0:
        return None
    pairs_of_form = [(row, column) for row in form.rows for column in form.columns]
    printed = slots(grid, 0, data)
    scores = _wide_scores(printed, pairs_of_form)
    pairs = align(scores, THRESHOLD)
    firm = [(i, j) for i, j in pairs if scores[i, j] >= _FIRM and printed[i].texts]
    if len(firm) < 4:
        return _by_place(grid, form, data)
    if grid.table.source == "picture":
        pairs = fill(pairs, [i for i in range(len(printed)) if i >= pairs[0][0]], len(pairs_of_form))
    row = grid.rows[data]
    labels = label_cells(row, printed[pairs[0][0]].start)
    values = [c for c in row if c not in labels]
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    taken = dict(pairs)
    for i, slot in enumerate(printed):
        cell = values[i] if len(values) == len(printed) else in_slot(row, slot)
        if cell is None or cell in labels:
            continue
        heads = tuple("".join(t.split()) for t in slot.texts)
        at = Placed(cell, label_of(labels) or " / ".join(heads[:-1]), heads[-1] if heads else "", slot.texts)
        if i in taken:
            line, column = pairs_of_form[taken[i]]
            placed[form.cells[line.key, column.key].code] = at
        elif is_value(cell.text):
            extras.append(Extra(form.name, at))
    score = float(sum(scores[i, j] for i, j in pairs)) - 0.3 * len(extras)
    return Fragment(form.name, placed, tuple(extras), max(score, 0.1))


def _by_place(grid: Grid, form: FormTable, data: int) -> Fragment | None:
    """Map the last row of a picture whose heads are too worn to tell: no other table of the form has as many columns.

    That a column may be another one is told of each number.
    """
    row, pairs = grid.rows[data], [(line, column) for line in form.rows for column in form.columns]
    single = all(cell.column_span == 1 for cell in row)
    full = single and len(row) == grid.n_columns == len(pairs) and 2 * has_numbers(row) > len(row)
    if grid.table.source != "picture" or not full or data != len(grid.rows) - 1:
        return None
    placed = {
        form.cells[line.key, column.key].code: Placed(cell, "", "", doubt=COLUMN_UNKNOWN)
        for cell, (line, column) in zip(row, pairs, strict=True)
    }
    return Fragment(form.name, placed, (), _BY_PLACE)


def _data_row(grid: Grid) -> int:
    """Return the row of numbers: the last one that prints any, else the last row."""
    rows = [r for r, row in enumerate(grid.rows) if has_numbers(row) >= 1]
    return rows[-1] if rows else len(grid.rows) - 1


def _wide_scores(printed: list[Slot], lines: list[tuple[Line, Line]]) -> NDArray[np.float64]:
    """Likeness of printed columns to (block, outcome) pairs, shape (slots, 15): 0.7 outcome, 0.3 block."""
    blocks = [row.path[-1] for row, _ in lines]
    outcomes = [column.path[-1] for _, column in lines]
    leaf = best_of([[s.texts[-1], "".join(s.texts[1:])] if s.texts else [] for s in printed], outcomes)
    upper = best_of([s.texts[:-1] for s in printed], blocks)
    result: NDArray[np.float64] = 0.7 * leaf + 0.3 * upper
    result[[i for i, slot in enumerate(printed) if not slot.texts]] = BLANK_SIMILARITY
    return result


def _map_tall(grid: Grid, form: FormTable) -> Fragment | None:
    """Three rows of five: blocks at the left, outcomes on top."""
    first = next((r for r, row in enumerate(grid.rows) if has_numbers(row) >= 2), 0)
    if first == 0:
        return None
    printed = slots(grid, 0, first)
    scores = similarity([slot.texts[-1] if slot.texts else "" for slot in printed], _leaves(form))
    columns = [(i, j) for i, j in align(scores, THRESHOLD) if printed[i].texts]
    if len(columns) < 4:
        return None
    start = printed[columns[0][0]].start
    body = range(first, len(grid.rows))
    labels = [label_cells(grid.rows[r], start) for r in body]
    row_scores = leaf_scores([[c.text for c in path] for path in labels], form.rows)
    pairs = [(i, j) for i, j in align(row_scores, THRESHOLD) if any(normalise(c.text) for c in labels[i])]
    placed: dict[str, Placed] = {}
    for i, j in pairs:
        for slot_index, column in columns:
            cell = in_slot(grid.rows[first + i], printed[slot_index])
            if cell is not None and cell not in labels[i]:
                key = form.rows[j].key, form.columns[column].key
                head = "".join(printed[slot_index].texts[-1].split())
                placed[form.cells[key].code] = Placed(cell, label_of(labels[i]), head)
    if len(pairs) < 1 or not placed:
        return None
    score = float(sum(row_scores[i, j] for i, j in pairs)) * len(columns)
    return Fragment(form.name, placed, (), score)


def _leaves(form: FormTable) -> list[str]:
    return [column.path[-1] for column in form.columns]
