"""Ruling lines: which pixels belong to horizontal and vertical lines, and how far the picture is turned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.scan.image import Grey
from extract.scan.marks import Mask, marks
from extract.scan.sheet_edge import without_edges
from extract.scan.strokes import kept, touching

_LEAST_DARKER = 8.0
"""Grey levels by which ink is darker than its surroundings."""
_GRAINS = 3.5
"""The same in standard deviations of the paper's grain: three pixels in ten thousand of plain paper pass for ink."""
_NOISY = 2.0
"""Grain in grey levels from which the picture is smoothed before ink is sought in it."""
_ENOUGH = 150_000
"""Pixels that tell the grain; of larger pictures every few rows are looked at."""
_SMOOTH = 1.0
"""Standard deviation in pixels of that smoothing; it leaves 1 / (2 sqrt(pi) * 1.0) of white noise, 0.28."""


_ALONG = 5.0, 3.0
"""Text heights; the way over which a worn horizontal or vertical line is looked for: verticals run by the row."""
_SHARE, _OVER = 0.4, 0.25
"""Share of that way that has ink in a worn line, and by how much more than beside it."""
_WORD, _LEAST_WORDS, _BROKEN = 1.5, 12, 1.6
"""Text heights by which pieces of characters are drawn together, how many words tell, and how much higher they are."""
_PIECES = 0.6
"""A text height this many times what it was before is that of pieces of characters."""
_BREAK = 0.45
"""Text heights; breaks in a worn line. Digits that stand one below another leave larger ones."""


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
    sizes = ((mark.width, mark.height) for mark in marks(ink))
    heights = [h for w, h in sizes if 6 <= h <= 120 and 0.2 * h <= w <= 2.5 * h]
    return float(np.percentile(heights, 70)) if len(heights) >= 5 else 12.0


def broken_height(ink: Mask, height: float) -> float:
    """Return the height of the text where strokes are so worn that its marks are pieces of characters; else `height`.

    Pieces that stand side by side are drawn together into words, whose height is the text's.
    """
    along = np.ones((1, round(_WORD * height)), np.uint8)
    words = marks(np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, along), np.uint8))
    heights = [
        m.height
        for m in words
        if m.width >= max(2.5 * height, 1.2 * m.height) and 6 <= m.height <= 5 * height
    ]
    found = float(np.median(heights)) if len(heights) >= _LEAST_WORDS else height
    return found if found >= _BROKEN * height else height


def find_rules(grey: Grey, height: float | None = None, before: float = 0.0) -> Rules:
    """Find ruling lines: runs of ink that are long, or dotted and broken ones that stand out from both their sides.

    A horizontal line is at least 3 text heights long, a vertical one 1.6: strokes of characters are shorter.
    `height` is the text height in pixels, estimated from the picture where it is not given; where that is the height of
    pieces of characters, it is what it was `before` the picture was straightened.
    """
    ink = ink_mask(grey)
    if height is None:
        own = text_height(ink)
        height = before if own < _PIECES * before else own
    turned = np.ascontiguousarray(ink.T)
    whole_across, worn_across = _marks(ink, height, round(max(24, 3 * height)), _ALONG[0])
    whole_down, worn_down = _marks(turned, height, round(max(14, 1.6 * height)), _ALONG[1])
    all_across, all_down = cv2.bitwise_or(whole_across, worn_across), cv2.bitwise_or(whole_down, worn_down)
    across = cv2.bitwise_or(whole_across, touching(worn_across, whole_across, ink, all_down.T, height))
    down = cv2.bitwise_or(whole_down, touching(worn_down, whole_down, turned, all_across.T, height))
    reach = max(2, round(height / 3))
    horizontal = without_edges(grey, kept(across, np.ascontiguousarray(down.T), reach, height), height)
    upright = without_edges(grey.T, kept(down, np.ascontiguousarray(across.T), reach, height), height)
    return Rules(horizontal, np.ascontiguousarray(upright.T), ink, height)


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
