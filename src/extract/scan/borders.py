"""Which pieces of the ruling lines of a table are there: evidence in the picture, weighed for each line by itself.

A line printed solid leaves no doubt, and one that a copier has worn to dots shows everywhere the same dots: what counts
is how visible a line is where it is at its best, not a fixed share of ink.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extract.scan.marks import Mask

Band = tuple[int, int]
"""Where a ruling line runs: its first and its last place, in pixels; mostly the same."""
Evidence = NDArray[np.float64]
"""How much of a line's way from one crossing line to the next is seen, 0 to 1: shape (intervals, lines)."""

_SEEN = 0.3
"""Evidence from which a piece tells how visible its line is."""
_FAINTEST, _CLEAREST = 0.2, 0.55
"""Evidence from which a piece of a line is there: between these, half of what the line shows elsewhere."""
_SOLID, _PRINTED_SOLID, _UNBROKEN = 0.95, 0.2, 0.75
"""Evidence of a piece without gaps; the share of such pieces, by length, in what is seen of a line that is printed solid; and
the evidence from which a piece of such a line is there: the stroke of a character that happens to stand where a line runs
is as long as the character is high."""
_CLOSE = 0.17
"""Text heights; ink so near to a line is the line."""


def evidence(mask: Mask, ink: Mask, at: Sequence[Band], along: Sequence[Band], height: float) -> Evidence:
    """Return the evidence for each upright line `at` in each interval between the lines `along` across it.

    `mask` holds the marks found to be lines, `ink` everything printed. What is printed on the line counts as far as
    there is more of it than at both sides, where text would have as much.
    """
    result = np.zeros((max(len(along) - 1, 0), len(at)))
    near = max(2, round(_CLOSE * height))
    for j, (first, last) in enumerate(at):
        width = last - first + 2 * near + 1
        places = first - near, first - near - width, last + near + 1
        marked = _running(_any(mask, first - near, width))
        line, left, right = (_running(_any(ink, x, width)) for x in places)
        for i in range(len(along) - 1):
            start, stop = _inner(along[i][1], along[i + 1][0], near)
            n = max(stop - start, 1)
            seen, beside = (
                (line[stop] - line[start]) / n,
                (left[stop] - left[start] + right[stop] - right[start]) / 2 / n,
            )
            alone = max(float(seen - beside), 0.0) / max(1.0 - float(beside), 0.25)
            result[i, j] = min(max(float(marked[stop] - marked[start]) / n, alone), 1.0)
    return result


def _any(mask: Mask, first: int, width: int) -> NDArray[np.bool_]:
    strip = mask[:, max(first, 0) : max(first + width, 0)]
    return np.asarray(strip.any(axis=1), bool) if strip.size else np.zeros(mask.shape[0], bool)


def _running(line: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(line)])


def _inner(start: int, stop: int, rim: int) -> tuple[int, int]:
    """Return an interval without its rim, where the crossing lines are; all of one that is nothing but rim."""
    return (start + rim, stop - rim) if stop - start > 2 * rim else (start, max(stop, start + 1))


def needed(found: Evidence, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each line the evidence from which a piece of it counts as there."""
    result = np.full(found.shape[1], _CLEAREST)
    for j, pieces in enumerate(found.T):
        seen = pieces >= _SEEN
        if seen.any():
            order = np.argsort(pieces[seen])
            weights = lengths[seen][order].cumsum()
            usual = pieces[seen][order][int(np.searchsorted(weights, weights[-1] / 2))]
            solid = float(lengths[pieces >= _SOLID].sum()) / float(weights[-1])
            result[j] = _UNBROKEN if solid >= _PRINTED_SOLID else np.clip(usual / 2, _FAINTEST, _CLEAREST)
    return result
