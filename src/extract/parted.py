"""Rows of pictures whose label and number a lost line ran together, parted again by the form's wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.grid import Grid
from extract.labels import closest
from extract.model import Cell, Reading

_RUN_TOGETHER = re.compile(r"([^\d\s]{2,}?)\s*(\d[\d,.]*)")
"""A label and a number behind it, as one line of text."""
_ALIKE = 0.75
"""Likeness from which a text is a row's label: one of its four characters may be misread."""
_MOST = 0.5
"""How sure such a number is at most: it was read as a part of a line of words, which makes `1` of many a stroke."""


def parted(grid: Grid, labels: Sequence[str]) -> Grid:
    """Return a grid in which a lone cell `行政处罚732` of a picture is its label, one of `labels`, and its number.

    The number stands from the second column on, as in the rows where the line between is left; a person has to confirm it.
    Any other row, and any table that is no picture, stays as it is.
    """
    if grid.table.source != "picture":
        return grid
    return replace(grid, rows=tuple(_parted(row, labels) for row in grid.rows))


def _parted(row: tuple[Cell, ...], labels: Sequence[str]) -> tuple[Cell, ...]:
    if len(row) != 1 or row[0].row_span > 1 or row[0].column_span < 2:
        return row
    whole = row[0]
    found = _RUN_TOGETHER.fullmatch(whole.text)
    if found is None or closest(found[1], labels) < _ALIKE:
        return row
    readings = (Reading(found[1], whole.confidence),), (Reading(found[2], min(whole.confidence, _MOST)),)
    label = replace(whole, text=found[1], column_span=1, candidates=readings[0])
    number = replace(
        whole,
        text=found[2],
        column=whole.column + 1,
        column_span=whole.column_span - 1,
        candidates=readings[1],
    )
    return label, number
