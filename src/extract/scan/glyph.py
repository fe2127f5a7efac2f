"""What the shape of a lone mark says: a stroke `/`, a dash, or something to be read.

General OCR reads a `/` printed for none as a confident 1. A stroke is told by geometry: its ink follows a straight
slanted line from top right to bottom left.
"""

from __future__ import annotations

import cv2
import numpy as np

from extract.scan.lines import Mask

_FLAT = 0.42
_SLANT = 0.22
_STRAIGHT = 0.11


def lone_shape(mask: Mask, text_height: float) -> str:
    """Return `/`, `-`, or an empty text for a mask (0 or 255) cut to the ink of one cell."""
    h, w = mask.shape
    if h <= max(2.0, _FLAT * text_height) and w >= 1.8 * h and _solid(mask):
        return "-"
    if h < 0.5 * text_height or cv2.connectedComponents(mask, connectivity=8)[0] != 2:
        return ""
    ys, xs = np.nonzero(mask)
    slope, start = np.polyfit(ys, xs, 1)
    spread = float(np.abs(xs - (slope * ys + start)).mean())
    widest = float((mask > 0).sum(axis=1).max())
    slanted = -slope >= _SLANT and w >= 0.25 * h
    return "/" if slanted and spread <= max(_STRAIGHT * h, 0.9) and widest <= max(0.4 * w + 1.5, 3.0) else ""


def _solid(mask: Mask) -> bool:
    """Tell a dash from a flat word: nearly all of its box is ink."""
    return float((mask > 0).mean()) >= 0.6
