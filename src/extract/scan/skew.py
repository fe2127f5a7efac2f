"""How far a picture is turned, from its lines of text and level rules: rows of pixels are full or empty when these are level.

The measure is that of the projection profile (W. Postl, "Detection of linear oblique structures and skew scan in digitized
documents", ICPR 1986): the sum of squared differences between neighbouring rows of the ink that is sheared back.
"""

from __future__ import annotations

import cv2
import numpy as np

from extract.scan.image import Grey
from extract.scan.lines import ink_mask
from extract.scan.marks import Mask

_HEIGHT = 6.0
"""Text height in pixels at which the lines are looked at."""
_NARROWER = 4.0
"""How many times as narrow it is made: only the sums of rows matter."""
_MOST, _STEP, _FINE = 0.1, 0.005, 0.0005
"""Slopes: the largest (6 degrees), and the steps of a first and a second look."""
_LEAST = 0.006
"""Slope; what is turned by less is left to the tracing of lines, which is exact."""
_SHARPER = 1.4
"""How many times as sharp as the picture as it stands a turned one must be."""


def skew(grey: Grey, height: float) -> float:
    """Return the slope of the lines of text of a picture, positive where they fall to the right; 0 where they are level.

    `height` is the text height in pixels.
    """
    factor = min(1.0, _HEIGHT / height)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = ink_mask(np.asarray(small, np.uint8))
    if not ink.any():
        return 0.0
    ink = np.asarray(cv2.resize(ink, None, fx=1 / _NARROWER, fy=1.0, interpolation=cv2.INTER_AREA), np.uint8)
    coarse = _best(ink, np.arange(-_MOST, _MOST + _STEP / 2, _STEP).tolist())
    if abs(coarse) < _FINE:
        return 0.0
    best = _best(ink, np.arange(coarse - _STEP, coarse + _STEP + _FINE / 2, _FINE).tolist())
    plain = _sharpness(ink, best) >= _SHARPER * _sharpness(ink, 0.0)
    return best if plain and abs(best) >= _LEAST else 0.0


def _best(ink: Mask, slopes: list[float]) -> float:
    return max(slopes, key=lambda slope: _sharpness(ink, slope))


def _sharpness(ink: Mask, slope: float) -> float:
    """Return how much neighbouring rows differ in ink once the lines of a slope are level; the ink is made narrower."""
    height, width = ink.shape
    slope *= _NARROWER
    back = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]], np.float64)
    rows = cv2.warpAffine(ink, back, (width, height)).sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum())
