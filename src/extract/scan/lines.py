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


_ALONG = 5.0, 3.0
"""Text heights; the way over which a worn horizontal or vertical line is looked for: verticals run by the row."""
_SHARE, _OVER = 0.4, 0.25
"""Share of that way that has ink in a worn line, and by how much more than beside it."""
_BREAK = 0.45
"""Text heights; breaks in a worn line. Digits that stand one below another leave larger ones."""
_LEAST_MET, _TOUCHES = 2, 0.6
"""Sides of lines across it that a worn line meets at least, and share of them at which it must have ink."""
_UNMET = 20.0
"""Text heights; so long a worn line needs no lines across it: those of a table may all be gone."""
_APART, _LONG = 3.0, 8.0
"""Text heights; breaks between pieces of one line, and the length that it has in all."""
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
    """Find ruling lines: runs of ink that are long, or dotted and broken ones that stand out from both their sides.

    A horizontal line is at least 3 text heights long, a vertical one 1.6: strokes of characters are shorter.
    `height` is the text height in pixels, estimated from the picture where it is not given.
    """
    ink = ink_mask(grey)
    height = height or text_height(ink)
    turned = np.ascontiguousarray(ink.T)
    whole_across, worn_across = _marks(ink, height, round(max(24, 3 * height)), _ALONG[0])
    whole_down, worn_down = _marks(turned, height, round(max(14, 1.6 * height)), _ALONG[1])
    all_across, all_down = cv2.bitwise_or(whole_across, worn_across), cv2.bitwise_or(whole_down, worn_down)
    across = cv2.bitwise_or(whole_across, _touching(worn_across, whole_across, ink, all_down.T, height))
    down = cv2.bitwise_or(whole_down, _touching(worn_down, whole_down, turned, all_across.T, height))
    reach = max(2, round(height / 3))
    horizontal = _kept(across, np.ascontiguousarray(down.T), reach, height)
    vertical = np.ascontiguousarray(_kept(down, np.ascontiguousarray(across.T), reach, height).T)
    return Rules(horizontal, vertical, ink, height)


def _marks(ink: Mask, height: float, least: int, along: float) -> tuple[Mask, Mask]:
    """Return the marks of horizontal lines of `least` pixels or more: of solid lines, and of worn ones.

    Solid lines are runs of ink; short breaks are bridged first. Worn ones show only over a longer way (`along` text
    heights): there is ink in a good part of it, and much less a little above and below, where a line of text would have
    as much.
    """
    gap = max(2, round(height / 8))
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    worn = standing_out(cv2.dilate(ink, np.ones((3, 1), np.uint8)), height, along, 0)
    worn = cv2.morphologyEx(worn, cv2.MORPH_CLOSE, np.ones((1, max(3, round(_BREAK * height))), np.uint8))
    worn = cv2.morphologyEx(worn, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    return np.asarray(solid, np.uint8), np.asarray(worn, np.uint8)


def standing_out(ink: Mask, height: float, along: float, thick: int) -> Mask:
    """Return the ink of worn horizontal lines: much of it over `along` text heights, and much less at both sides.

    `thick` is by how many pixels the ink was thickened.
    """
    share = cv2.blur(ink, (round(along * height) | 1, 1), borderType=cv2.BORDER_CONSTANT)
    aside = max(3, round(height / 3)) + thick
    wide = cv2.copyMakeBorder(share, aside, aside, 0, 0, cv2.BORDER_CONSTANT, value=(0.0,))
    over = cv2.subtract(share, cv2.max(wide[: -2 * aside], wide[2 * aside :]))
    much = cv2.bitwise_and(
        cv2.inRange(share, round(255 * _SHARE), 255), cv2.inRange(over, round(255 * _OVER), 255)
    )
    return np.asarray(cv2.bitwise_and(ink, much), np.uint8)


def _touching(worn: Mask, solid: Mask, ink: Mask, across: Mask, height: float) -> Mask:
    """Keep the marks of worn horizontal lines that run into the lines `across` them.

    Digits that stand one below another look like a worn line, but keep away from the lines between them.
    """
    wide = np.ones((2 * max(2, round(height / 6)) + 1, 1), np.uint8)
    alone = cv2.bitwise_and(worn, cv2.bitwise_not(cv2.dilate(solid, wide)))
    thick = cv2.dilate(alone, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, round(_APART * height)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    keep = np.zeros(count, dtype=bool)
    rim, reach = max(2, round(height / 8)), round(height)
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i][:4])
        crossed = across[max(y - reach, 0) : y + h + reach, x : x + w].any(axis=0)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], crossed.astype(np.int8), [0]])))
        own: NDArray[np.bool_] = np.asarray(ink[y : y + h, x : x + w].any(axis=0), bool)
        sides = [own[max(a - 1 - rim, 0) : max(a - 1, 0)] for a in edges[::2]] + [
            own[b + 1 : b + 1 + rim] for b in edges[1::2]
        ]
        full = [bool(side.any()) for side in sides if len(side) == rim]
        alone = len(full) < _LEAST_MET and w >= _UNMET * height
        keep[i] = alone or (len(full) >= _LEAST_MET and sum(full) >= _TOUCHES * len(full))
    return np.asarray(worn * keep[labels], np.uint8)


def _kept(mask: Mask, across: Mask, reach: int, height: float) -> Mask:
    """Keep the marks of horizontal lines that end at a line across them, or lie in one line with others.

    Strokes of neighbouring characters that happen to form a line end in the middle of a cell. Arcs and blots of a
    stamp are no lines either.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    near = cv2.dilate(across, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    long = _in_line(mask, height)
    keep = np.zeros(count, dtype=bool)
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if area > _THICK * reach * w or (h >= 4 and _curved(labels[y : y + h, x : x + w] == i)):
            continue
        rows = slice(y, y + h)
        ends = near[rows, x : x + reach].any() or near[rows, max(x + w - reach, 0) : x + w].any()
        keep[i] = bool(ends) or bool(long[rows, x : x + w].any())
    return np.asarray(keep[labels] * np.uint8(255), np.uint8)


def _in_line(mask: Mask, height: float) -> NDArray[np.bool_]:
    """Return where marks lie in one horizontal line, with breaks, that is longer than strokes of characters make."""
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, round(_APART * height)), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    long = stats[:, cv2.CC_STAT_WIDTH] >= _LONG * height
    long[0] = False
    return np.asarray(long[labels])


def _curved(mark: NDArray[np.bool_]) -> bool:
    """Tell an arc: the middle third of a horizontal mark stands clearly above or below the line of its outer thirds."""
    length = mark.shape[1]
    heights = [
        float(np.nonzero(part)[0].mean()) if part.any() else 0.0
        for part in (mark[:, : length // 3], mark[:, length // 3 : -(length // 3)], mark[:, -(length // 3) :])
    ]
    return bool(abs(heights[1] - (heights[0] + heights[2]) / 2) > max(_BOWED[0], _BOWED[1] * length))
