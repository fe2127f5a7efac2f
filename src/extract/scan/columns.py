"""Columns of a table that has no upright lines: the white ways between what stands one below another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extract.scan.borders import Band
from extract.scan.marks import Mask

_WHITE = 0.7
"""Share of the rows through which a white way runs: heads over several columns stand in it."""
_WIDE = 0.7
"""Text heights; a narrower way is the space between two words."""
_HIGH = 1.1
"""Text heights; lower rows hold no text."""


def between(ink: Mask, sides: Sequence[Band], rows: Sequence[Band], height: float) -> list[Band]:
    """Return where lines between the columns of a table would run: in the middle of each white way down its rows.

    `sides` are its left and right border, `rows` its level lines. Ways at the sides themselves are margins.
    """
    first, last = sides[0][1] + 1, sides[-1][0]
    rim = max(2, round(height / 8))
    parts = [
        ink[a[1] + rim : b[0] - rim, first:last] for a, b in pairwise(rows) if b[0] - a[1] >= _HIGH * height
    ]
    printed = [np.asarray(part.any(axis=0), bool) for part in parts if part.size and part.any()]
    if len(printed) < 2:
        return []
    white = 1.0 - np.mean(np.stack([_grown(line, round(height / 6)) for line in printed]), axis=0) >= _WHITE
    edges = np.flatnonzero(np.diff(np.concatenate([[0], white.astype(np.int8), [0]])))
    ways = [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= _WIDE * height]
    return [((a + b) // 2 + first, (a + b) // 2 + first) for a, b in ways if a > 0 and b < len(white)]


def _grown(line: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """Return where there is ink within some pixels: the strokes of one character belong together."""
    return np.asarray(np.convolve(line, np.ones(2 * by + 1), "same") > 0, bool)


def parted(ink: Mask, at: Band, rows: Sequence[Band], height: float) -> NDArray[np.float64]:
    """Return for each row 1 where a white way runs through it, as if a line were there, else 0."""
    rim, aside = max(2, round(height / 8)), round(_WIDE * height / 2)
    ways = [
        ink[a[1] + rim : max(b[0] - rim, 0), max(at[0] - aside, 0) : at[1] + aside + 1]
        for a, b in pairwise(rows)
    ]
    return np.array([float(not way.any()) for way in ways])
