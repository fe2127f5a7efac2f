"""The statistics sheets before 2019 (政府信息公开情况统计表): an indicator in each row, its number beside it.

The sheet of 2014 has its rows in a fixed order, under headings that have no number. The local forms from before have
rows of their own making: there only a label that says the same as one of 2014 gives a cell its code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extract.align import align, fill
from extract.form import FormTable, Line
from extract.grid import Grid, in_slot, label_cells
from extract.labels import normalise, similarity
from extract.map_types import COLUMN_UNKNOWN, THRESHOLD, Extra, Fragment, Placed, label_of, leaf_scores
from extract.model import Cell
from extract.numbers import is_value
from extract.sheet import Columns, columns_of

_ALIKE = 0.66
"""Likeness of a label that is text to one of the form, to be it: 其他申请数 is not 传真申请数."""
_FIRM = 0.8
"""A label at least this like one of the form is evidence that the sheet is the form's."""
_LEAST = 3
_LEAST_WITH_HEAD = 15
"""Rows of the form under a head of its own; a shorter sheet is a local form, a part without a head may be a page's rest."""
_MOSTLY = 0.6
"""Share of a sheet's rows that are the form's; local forms share fewer labels with it."""
_SAME = 0.93
"""Likeness from which a label of a local form is the same as one of 2014."""
_RELATED = 0.75
"""Likeness of two labels of which one shows that a sheet is about the disclosure of information."""


def map_statistics(grid: Grid, form: FormTable) -> Fragment | None:
    """Map a printed table to the sheet of 2014, or None where too few of its labels agree."""
    columns = columns_of(grid) if grid.n_columns >= 2 else None
    if columns is None:
        return None
    rows = range(columns.header, len(grid.rows))
    labels = [_label(grid, r, columns) for r in rows]
    lines = form.lines
    scores = _scores(labels, lines)
    pairs = align(scores, THRESHOLD if grid.table.source == "picture" else _ALIKE)
    firm = sum(1 for i, j in pairs if scores[i, j] >= _FIRM and labels[i])
    named = sum(1 for i, r in enumerate(rows) if labels[i] and _has_value(grid, r, columns))
    if firm < (_LEAST_WITH_HEAD if columns.named else _LEAST) or firm < _MOSTLY * named:
        return None
    if grid.table.source == "picture":
        pairs = fill(pairs, [i for i, path in enumerate(labels) if path], len(lines))
    taken = {i: lines[j] for i, j in pairs if lines[j].key}
    headings = {i for i, j in pairs if not lines[j].key}
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    for i, r in enumerate(rows):
        line = taken.get(i)
        code = form.cells[line.key, form.columns[0].key].code if line is not None else ""
        _place_row(grid, r, labels[i], code, columns, form.name, placed, extras)
    score = float(sum(scores[i, j] for i, j in pairs if i not in headings)) - 0.1 * len(extras)
    return Fragment(form.name, placed, tuple(extras), max(score, 0.1)) if placed else None


def map_local(grid: Grid, form: FormTable) -> Fragment | None:
    """Map a sheet of a form from before 2014: every row is kept, and has a code where its label is one of 2014's.

    None for a table whose heads do not say that it is such a sheet, or that is about something else.
    """
    columns = columns_of(grid) if grid.n_columns >= 3 else None
    if columns is None or not columns.named:
        return None
    rows = [r for r in range(columns.header, len(grid.rows)) if _has_value(grid, r, columns)]
    labels = [_label(grid, r, columns) for r in rows]
    alone = Counter(normalise(line.path[-1]) for line in form.rows)
    lines = [line for line in form.rows if alone[normalise(line.path[-1])] == 1]
    leaves = [path[-1].text if path else "" for path in labels]
    scores = similarity(leaves, [line.path[-1] for line in lines])
    if len(rows) < _LEAST or scores.max(initial=0.0) < _RELATED:
        return None
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    for i, r in enumerate(rows):
        best = int(scores[i].argmax())
        same = labels[i] and scores[i, best] >= _SAME
        code = form.cells[lines[best].key, form.columns[0].key].code if same else ""
        code = code if code not in placed else ""
        _place_row(grid, r, labels[i], code, columns, form.name, placed, extras, every=True)
    return Fragment(form.name, placed, tuple(extras), float(len(rows)))


def _label(grid: Grid, row: int, columns: Columns) -> tuple[Cell, ...]:
    """Return the label of a row; a cell with a lone number of order before it is no part of it."""
    return label_cells(grid.rows[row], columns.start)


def _scores(labels: Sequence[Sequence[Cell]], lines: Sequence[Line]) -> NDArray[np.float64]:
    """Likeness of printed labels to lines, headings among them; what a row says itself counts most."""
    scores = leaf_scores([[c.text for c in path] for path in labels], lines)
    leaves = similarity([path[-1].text if path else "" for path in labels], [line.path[-1] for line in lines])
    result: NDArray[np.float64] = np.maximum(scores, 0.98 * leaves)
    result[[i for i, path in enumerate(labels) if not path]] = 0.0
    return result


def _has_value(grid: Grid, row: int, columns: Columns) -> bool:
    """Tell a row that may state a number: something stands in a column of values, or its unit is given."""
    slots = (*columns.values, *([columns.unit] if columns.unit else []))
    cells = [in_slot(grid.rows[row], slot) for slot in slots]
    return any(cell is not None and normalise(cell.text) != "" for cell in cells)


def _place_row(
    grid: Grid,
    row: int,
    label: tuple[Cell, ...],
    code: str,
    columns: Columns,
    table: str,
    placed: dict[str, Placed],
    extras: list[Extra],
    *,
    every: bool = False,
) -> None:
    """Place the numbers of one row: the first column's under its code, all others as extras.

    With `every` a row without a number is an extra too.
    """
    unit = in_slot(grid.rows[row], columns.unit) if columns.unit else None
    stated = unit.text if unit is not None else ""
    used: list[Cell] = [*label]
    for k, slot in enumerate(columns.values):
        cell = in_slot(grid.rows[row], slot)
        if cell is None or any(cell is other for other in used):
            continue
        used.append(cell)
        head = " / ".join("".join(text.split()) for text in slot.texts)
        doubt = COLUMN_UNKNOWN if len(columns.values) > 1 and not columns.header else ""
        at = Placed(cell, label_of(label), head, (*slot.texts, stated), doubt=doubt)
        if k == 0 and code:
            placed.setdefault(code, at)
        elif label and (_is_number(cell) or (every and k == 0)):
            extras.append(Extra(table, at))


def _is_number(cell: Cell) -> bool:
    """Tell a number or a mark for none from the strokes that stand beside a heading."""
    return is_value(cell.text) and normalise(cell.text) != ""
