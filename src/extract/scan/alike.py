"""Cells of a table that look alike read alike: a misread digit stands out among the many printed the same.

A form holds the same `0` or `无` a hundred times over, in the same type. Where the network reads a few of them otherwise, or
does not know them, the others say what they are, as far as they look the same: how far apart prints of the same
character are in this very picture is measured first, so that a lone `8` among zeros keeps its own reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.model import Reading

_LEAST = 8
"""Strips of one width; fewer do not tell how far apart equal print is."""
_PART = 0.03
"""Share of the ink's mean square that equal prints differ by, at most; 6 and 8 differ by five times as much."""
_FLOOR = 2e-4
"""Mean square distance (ink is 1) that is nothing even in a clean picture: less is a matter of rounding."""
_SURE = 0.97
"""A cell whose own reading is so probable, and that of its likes too, needs no help."""
_SOFT = 3
"""Pixels over which strips are blurred before they are compared: print is placed by fractions of a pixel."""

Strip = NDArray[np.float32]
Rows = tuple[Reading, ...]


def shared(strips: Sequence[Strip], readings: Sequence[Rows]) -> list[Rows]:
    """Return the readings of each strip; where one is in doubt or unlike those of its likes, those of all together."""
    result = list(readings)
    groups: dict[int, list[int]] = defaultdict(list)
    for i, strip in enumerate(strips):
        groups[strip.shape[1]].append(i)
    for members in groups.values():
        if len(members) < _LEAST or not _contested([readings[i] for i in members]):
            continue
        texts = [readings[i][0].text for i in members]
        weights = _likeness(np.stack([strips[i] for i in members]), np.array(texts))
        for k, i in enumerate(members):
            together = _together([readings[j] for j in members], weights[k])
            if readings[i][0].probability < _SURE or together[0].text != readings[i][0].text:
                result[i] = together
    return result


def _contested(rows: Sequence[Rows]) -> bool:
    return any(row[0].probability < _SURE for row in rows) or len({row[0].text for row in rows}) > 1


def _likeness(strips: NDArray[np.float32], texts: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return how far each strip may count for each other: 1 for the same print, 0.6 at the distance of equal print.

    That distance is the usual one from a strip to the next that reads the same; different digits are further apart than
    a part of their ink whatever the picture.
    """
    flat = np.stack([cv2.blur(strip, (_SOFT, _SOFT)).ravel() for strip in strips]).astype(np.float64)
    squares = (flat**2).sum(axis=1)
    apart = np.maximum(squares[:, None] + squares[None] - 2 * flat @ flat.T, 0.0) / flat.shape[1]
    same = np.where((texts[:, None] == texts[None]) & ~np.eye(len(texts), dtype=bool), apart, np.inf).min(
        axis=1
    )
    known = same[np.isfinite(same)]
    most = _PART * float(np.median(squares)) / flat.shape[1]
    usual = max(min(float(np.median(known)), most), _FLOOR) if len(known) >= _LEAST else _FLOOR
    return np.asarray(np.exp(-0.5 * (apart / usual) ** 2))


def _together(rows: Sequence[Rows], weights: NDArray[np.float64]) -> Rows:
    """Return the readings of alike strips, each by its likeness."""
    found: dict[str, float] = defaultdict(float)
    for row, weight in zip(rows, weights, strict=True):
        if weight > 1e-3:
            for reading in row:
                found[reading.text] += float(weight) * reading.probability
    whole = float(weights.sum())
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Reading(text, share / whole) for text, share in ranked if share / whole >= 1e-4)
