"""Order-preserving alignment of printed lines to lines of the form.

The rows and columns of the form stand in a fixed order, so a label that cannot be told by its wording is told by
its neighbours. Global alignment by dynamic programming (Needleman and Wunsch 1970), with free gaps on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_EPSILON = 1e-9


def align(scores: NDArray[np.float64], threshold: float) -> list[tuple[int, int]]:
    """Return pairs (printed, form), both strictly increasing, of the greatest sum of `score - threshold`.

    `scores` has shape (n printed, n form); a pair below the threshold is never made. Among equal sums the one
    that pairs earlier lines wins, so the result is always the same.
    """
    gain = scores - threshold
    n, m = gain.shape
    best = np.zeros((n + 1, m + 1))
    for i in range(n - 1, -1, -1):
        take = best[i + 1, 1:] + np.where(gain[i] > 0, gain[i], -np.inf)
        row = np.maximum(take, best[i + 1, :m])
        best[i, :m] = np.maximum.accumulate(row[::-1])[::-1]
    return _trace(gain, best)


def _trace(gain: NDArray[np.float64], best: NDArray[np.float64]) -> list[tuple[int, int]]:
    n, m = gain.shape
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < n and j < m and best[i, j] > 0:
        if gain[i, j] > 0 and best[i, j] <= gain[i, j] + best[i + 1, j + 1] + _EPSILON:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i, j] <= best[i + 1, j] + _EPSILON:
            i += 1
        else:
            j += 1
    return pairs


def fill(pairs: Sequence[tuple[int, int]], printed: Sequence[int], n_form: int) -> list[tuple[int, int]]:
    """Pair lines that alignment left over by their place alone, where that leaves no choice.

    Between two pairs, before the first and after the last: where as many of the `printed` lines (ascending) are left as
    lines of the form, they are these lines. For labels that no likeness can tell: misread in a bad copy, or lost.
    """
    if not pairs:
        return []
    result: list[tuple[int, int]] = []
    bounds = [(-1, -1), *pairs, (printed[-1] + 1 if printed else 0, n_form)]
    for (i0, j0), (i1, j1) in pairwise(bounds):
        between = [i for i in printed if i0 < i < i1]
        if len(between) == j1 - j0 - 1:
            result += zip(between, range(j0 + 1, j1), strict=True)
        if (i1, j1) in pairs:
            result.append((i1, j1))
    return result
