"""Order-preserving alignment of printed lines to lines of the form.

The rows and columns of the form stand in a fixed order, so a label that cannot be told by its wording is told by
its neighbours. Global alignment by dynamic programming (Needleman and Wunsch 1970), with free gaps on both sides.
"""

from __future__ import annotations

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
