"""Columns whose upright lines are gone: by the white ways between what stands one below another, or by equal widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

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
_EQUAL, _LEAST_EQUAL = 0.06, 4
"""Share of a width by which others are as wide, and how many columns so wide tell that the others were too."""
_NARROWEST, _ON_LINE = 1.2, 0.3
"""Text heights; the least width of such columns, and how far from its place a line of one stands at most."""
_STRAY = 0.2
"""Share of the lines that may stand elsewhere: strokes of characters or of a stamp."""
_MOST_LOST = 4
"""Columns that may be lost at one side."""


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


def evenly(xs: Sequence[Band], height: float) -> Iterator[tuple[Band, ...]]:
    """Yield the upright lines with those put in that columns of equal width lack, then with columns more at both sides.

    Up to 4 more at the right, then the same with one more at the left. `height` is the text height in pixels. The lines of
    columns more may lie beyond the picture. Nothing where fewer than 4 columns are as wide, where many lines stand elsewhere, or
    where columns of labels come first: their lines may keep to the same step by chance, and every number would stand in the
    wrong column.
    """
    middles = np.array([(a + b) / 2 for a, b in xs])
    pitch = _pitch(np.diff(middles), height)
    if not pitch:
        return
    steps = np.round((middles - middles[0]) / pitch)
    near = np.abs(middles - middles[0] - steps * pitch) <= _EQUAL * pitch * np.maximum(steps, 1)
    if len(np.unique(steps[near])) < 2:
        return
    pitch, first = (float(v) for v in np.polyfit(steps[near], middles[near], 1))
    on = np.abs(first + steps * pitch - middles) <= max(2.0, _ON_LINE * height)
    labels_first = not on[:2].all() or steps[1] > 1
    if labels_first or float((~on).mean()) > _STRAY:
        return
    found = {int(k): xs[i] for i, k in enumerate(steps) if on[i]}
    last = max(found)
    for before, more in product((0, 1), range(_MOST_LOST + 1)):
        places = ((k, round(first + k * pitch)) for k in range(-before, last + more + 1))
        yield tuple(found.get(k, (x, x)) for k, x in places)


def _pitch(widths: NDArray[np.float64], height: float) -> float:
    """Return the least width in pixels that enough columns have; 0 where there is none."""
    for width in np.sort(widths[widths >= _NARROWEST * height]):
        alike = widths[np.abs(widths - width) <= _EQUAL * width]
        if len(alike) >= _LEAST_EQUAL:
            return float(np.median(alike))
    return 0.0
