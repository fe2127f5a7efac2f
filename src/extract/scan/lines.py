"""Ruling lines: which pixels belong to horizontal and vertical lines, and how far the picture is turned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.image import Grey

Mask = NDArray[np.uint8]

_LEAST_DARKER = 8.0
"""Grey levels by which ink is darker than its surroundings."""
_GRAINS = 3.5
"""The same in standard deviations of the paper's grain: three pixels in ten thousand of plain paper pass for ink."""
_NOISY = 2.0
"""Grain in grey levels from which the picture is smoothed before ink is sought in it."""
_ENOUGH = 500_000
"""Pixels that tell the grain; of larger pictures every few rows are looked at."""
_SMOOTH = 1.0
"""Standard deviation in pixels of that smoothing; it leaves 1 / (2 sqrt(pi) * 1.0) of white noise, 0.28."""


_THICK = 1.5
"""Thirds of a text height; no ruling line is as thick."""
_BOWED = 1.2, 0.025
"""Pixels, and share of its length, by which the middle of a mark stands aside in an arc."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Masks (0 or 255) of horizontal and vertical ruling lines and of all ink; the height of the text in pixels."""

    horizontal: Mask
    vertical: Mask
    ink: Mask
    text_height: float


def ink_mask(grey: Grey) -> Mask:
    """Return 255 where a pixel is darker than its surroundings: uneven light and coloured heads drop out."""
    block = max(15, (min(grey.shape) // 40) | 1)
    noise = grain(grey)
    if noise > _NOISY:
        grey, noise = (
            np.asarray(cv2.GaussianBlur(grey, (0, 0), _SMOOTH), np.uint8),
            noise / (2 * np.pi**0.5 * _SMOOTH),
        )
    darker = max(_LEAST_DARKER, _GRAINS * noise)
    how = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return np.asarray(cv2.adaptiveThreshold(grey, 255, *how, block, darker), np.uint8)


def grain(grey: Grey) -> float:
    """Return the standard deviation of the paper's grain in grey levels, from differences of neighbouring pixels."""
    some = grey[:: max(2, grey.size // _ENOUGH)]
    steps = np.bincount(cv2.absdiff(some[:, 1:], some[:, :-1]).ravel(), minlength=256)
    return float(np.searchsorted(steps.cumsum(), steps.sum() / 2)) / (0.6745 * 2**0.5)


def height_beside(grey: Grey, rules: Rules, box: tuple[int, int, int, int]) -> float:
    """Estimate the height of the text inside a box (x0, y0, x1, y1), its ruling lines left out."""
    x0, y0, x1, y1 = box
    ink = ink_mask(grey[y0:y1, x0:x1])
    lines = cv2.bitwise_or(rules.horizontal[y0:y1, x0:x1], rules.vertical[y0:y1, x0:x1])
    ink[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 0
    return text_height(ink)


def text_height(ink: Mask) -> float:
    """Estimate the height of the text in pixels from the sizes of connected marks; 12 where there are none."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    widths, heights = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    marks = heights[(heights >= 6) & (heights <= 120) & (widths <= 2.5 * heights) & (widths >= 0.2 * heights)]
    return float(np.percentile(marks, 70)) if len(marks) >= 5 else 12.0


def find_rules(grey: Grey, height: float | None = None) -> Rules:
    """Find ruling lines by opening the ink with long thin kernels; short breaks are bridged first.

    A horizontal line is at least 3 text heights long, a vertical one 1.6: strokes of characters are shorter.
    `height` is the text height in pixels, estimated from the picture where it is not given.
    """
    ink = ink_mask(grey)
    height = height or text_height(ink)
    across, down = round(max(24, 3 * height)), round(max(14, 1.6 * height))
    gap = max(2, round(height / 8))
    horizontal = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    horizontal = cv2.morphologyEx(horizontal, cv2.MORPH_OPEN, np.ones((1, across), np.uint8))
    vertical = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    vertical = cv2.morphologyEx(vertical, cv2.MORPH_OPEN, np.ones((down, 1), np.uint8))
    reach = max(2, round(height / 3))
    return Rules(
        _anchored(horizontal, vertical, reach), _anchored(vertical.T, horizontal.T, reach).T, ink, height
    )


def _anchored(mask: Mask, across: Mask, reach: int) -> Mask:
    """Keep the marks of horizontal lines that are half as wide as the picture or end at a line across them.

    Strokes of neighbouring characters that happen to form a line end in the middle of a cell. Arcs and blots of a
    stamp are no lines either.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask), connectivity=8)
    near = cv2.dilate(np.ascontiguousarray(across), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    keep = np.zeros(count, dtype=bool)
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if area > _THICK * reach * w or (h >= 4 and _curved(labels[y : y + h, x : x + w] == i)):
            continue
        rows = slice(y, y + h)
        ends = near[rows, x : x + reach].any() or near[rows, max(x + w - reach, 0) : x + w].any()
        keep[i] = bool(ends) or w >= mask.shape[1] / 2
    return np.asarray(keep[labels] * np.uint8(255), np.uint8)


def _curved(mark: NDArray[np.bool_]) -> bool:
    """Tell an arc: the middle third of a horizontal mark stands clearly above or below the line of its outer thirds."""
    length = mark.shape[1]
    heights = [
        float(np.nonzero(part)[0].mean()) if part.any() else 0.0
        for part in (mark[:, : length // 3], mark[:, length // 3 : -(length // 3)], mark[:, -(length // 3) :])
    ]
    return bool(abs(heights[1] - (heights[0] + heights[2]) / 2) > max(_BOWED[0], _BOWED[1] * length))
