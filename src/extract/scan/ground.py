"""Dark grounds, such as heads in white on blue, turned into dark print on white with a line around them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.image import Grey
from extract.scan.marks import Mask

_DARK = 0.68
"""A pixel this many times as bright as the brightest around it, or less, is dark."""
_NOT_DARK = np.ceil(np.float32(_DARK) * np.arange(256, dtype=np.float32)).astype(np.uint8)
"""The least grey level that is not dark, by the brightest around: a table is faster than as many products."""
_AROUND = 20
"""Text heights to each side in which the brightest is sought: further than a wide label reaches."""
_SOLID = 0.3
"""Share of its box that a dark ground fills: heads above and beside a table are an L, a desk around a page is a ring."""
_STROKE, _CHARACTER = 0.35, 1.5
"""Text heights: ink this thick is no stroke; a gap this wide in a ground is no print."""
_PAPER = 0.7
"""Text heights; light this thick in a ground is the paper of a cell, no stroke of white print."""
_LINES = 4.0
"""Text heights; a hole in a ground no larger than this is two lines of dense print."""
_STRIP = 3.0, 0.25
"""Text heights: length and thickness of a strip without print, as there is beside any line of print in a ground."""
_BARE = 0.15
"""Share of a ground that such strips cover; bold characters that run together leave none."""
_EDGE, _STEP = 0.4, 1.25
"""Text heights to both sides of a ground's edge, and how many times as bright it is outside."""
_LOOK = 8.0
"""Text height in pixels that is enough to see whether there is any dark ground."""
_STAR = 4.5
"""Text heights; a dark patch narrower than this and at least half as high may be the star of a stamp: heads are wider."""
_GAIN = 1.3
_BLACK = 40.0
"""Grey level; on darker grounds nothing is darker."""


def without_grounds(grey: Grey, height: float) -> Grey:
    """Return the picture with every dark ground made white, its print and rules dark, and its edge a ruling line.

    `height` is the text height in pixels. A picture without dark grounds comes back as it is.
    """
    factor = min(1.0, _LOOK / height)
    small = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    brightest = _brightest(small, height * factor)
    if not _grounds(small, brightest, height * factor)[0].any():
        return grey
    whole = np.asarray(cv2.resize(brightest, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    mask, level = _grounds(grey, whole, height)
    result = grey.copy()
    inside = mask > 0
    result[inside] = 255 - np.minimum(_printed(grey[inside], level[inside]) * _GAIN, 255).astype(np.uint8)
    result[cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0] = 0
    return result


def _printed(grey: Grey, level: Grey) -> NDArray[np.float32]:
    """Return how much (0 to 255) each pixel stands out of its ground: white print, or rules darker than the dark."""
    difference = grey.astype(np.float32) - level
    above, below = 255.0 - level, np.maximum(level, _BLACK)
    return np.asarray(np.where(difference > 0, difference / above, -difference / below) * 255, np.float32)


def _brightest(grey: Grey, height: float) -> Grey:
    """Return the brightest grey around each pixel, smoothed; worked out on a picture four times as small."""
    coarse = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = round(_AROUND * height / 2) | 1
    found = cv2.blur(cv2.dilate(coarse, np.ones((reach, reach), np.uint8)), (reach, reach))
    return np.asarray(cv2.resize(found, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _grounds(grey: Grey, brightest: Grey, height: float) -> tuple[Mask, Grey]:
    """Return where dark grounds are (0 or 1) and the grey of each."""
    least_light = cv2.LUT(brightest, _NOT_DARK)
    dark = np.asarray(cv2.compare(grey, least_light, cv2.CMP_LT) & 1, np.uint8)
    bare = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(_STROKE * height))
    whole = _closed(bare, round(_CHARACTER * height))
    whole = _without_cells(whole, dark, height)
    whole = cv2.morphologyEx(
        whole, cv2.MORPH_OPEN, _square(height)
    )  # print below a ground may have joined it
    if not whole.any():
        return whole, whole
    whole = _filled(whole, _LINES * height)
    length, thick = (max(2, round(part * height)) for part in _STRIP)
    strips = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((thick, length), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=4)
    levels = np.zeros(count, np.uint8)
    keep = np.zeros(count, np.uint8)
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        star = w < _STAR * height < 2 * h
        if w < 3 * height or h < 1.2 * height or star or area < _SOLID * w * h:
            continue
        at = np.s_[y : y + h, x : x + w]
        inside = labels[at] == i
        if int((strips[at][inside]).sum()) < _BARE * area:
            continue
        if not _edged(grey, labels, i, (x, y, w, h), max(2, round(_EDGE * height))):
            continue
        keep[i] = 1
        levels[i] = np.median(grey[at][inside & (bare[at] > 0)])
    return np.asarray(keep[labels], np.uint8), np.asarray(levels[labels], np.uint8)


def _without_cells(whole: Mask, dark: Mask, height: float) -> Mask:
    """Return a ground without the white cells that lie in it: their paper is wider than any stroke of white print."""
    light = cv2.bitwise_and(whole, cv2.bitwise_not(dark) & 1)
    paper = cv2.morphologyEx(light, cv2.MORPH_OPEN, _square(_PAPER * height))
    if not cv2.hasNonZero(paper):
        return whole
    _, labels, stats, _ = cv2.connectedComponentsWithStats(light, connectivity=8)
    rest = whole.copy()
    for i in np.unique(labels[paper > 0]):
        x, y, w, h = (int(v) for v in stats[i, :4])
        at = np.s_[y : y + h, x : x + w]
        outlines, _ = cv2.findContours(
            (labels[at] == i).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        cv2.drawContours(rest[at], outlines, -1, (0.0,), cv2.FILLED)
    return rest


def _edged(grey: Grey, labels: NDArray[np.int32], i: int, box: tuple[int, int, int, int], reach: int) -> bool:
    """Tell a printed ground from a shadow: it ends at an edge, where a shadow fades."""
    x, y, w, h = box
    at = np.s_[max(y - reach, 0) : y + h + reach, max(x - reach, 0) : x + w + reach]
    own = (labels[at] == i).astype(np.uint8)
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    beside = (cv2.dilate(own, kernel) > 0) & (own == 0)
    rim = (own > 0) & (cv2.erode(own, kernel) == 0)
    return bool(beside.any()) and float(np.median(grey[at][beside])) >= _STEP * float(
        np.median(grey[at][rim])
    )


def _square(side: float) -> Mask:
    """Return a square kernel with a middle pixel, so that edges stay where they are."""
    odd = max(3, round(side) | 1)
    return np.ones((odd, odd), np.uint8)


def _closed(mask: Mask, side: int) -> Mask:
    """Close gaps, those at the picture's edge as if the ground went on there."""
    wide = cv2.copyMakeBorder(mask, side, side, side, side, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, _square(side))
    return np.ascontiguousarray(closed[side:-side, side:-side])


def _filled(mask: Mask, side: float) -> Mask:
    """Fill holes no wider or higher than `side` px."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    small = (stats[:, 2] <= side) & (stats[:, 3] <= side)
    small[0] = False  # the ground itself
    return np.asarray(mask | small[labels], np.uint8) if count > 1 else mask
