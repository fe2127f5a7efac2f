"""A picture made ready for finding tables: a size that suits reading, no dark grounds, straight ruling lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from extract.scan.ground import without_grounds
from extract.scan.image import Grey
from extract.scan.lines import Rules, find_rules, grain, ink_mask, text_height
from extract.scan.straighten import Points, straightened

_MOST_SIDE = 4200
"""Pixels; larger pictures are made smaller first."""
_BETWEEN = 0.002
"""A picture with a smaller share of pixels between black and white has two levels only."""
_GRAINY = 6.0
"""Grain in grey levels from which a picture is softened."""
_SOFT = 0.7
"""Standard deviation in pixels of this softening: dotted lines close, single specks pale, grain halves."""
_SMALL_TEXT, _LARGE_TEXT = 13.0, 40.0
"""Text heights in pixels; smaller text is doubled, larger text brought down to this."""


Way = Callable[[Points], Points]


@dataclass(frozen=True, slots=True)
class Upright:
    """A picture ready for finding tables, its ruling lines, and the way of its points (n, 2) to the original's."""

    grey: Grey
    rules: Rules
    original: Way


def upright(picture: Grey, quarters: int = 0) -> Upright:
    """Bring a picture upright after `quarters` quarter turns counterclockwise."""
    turned = _softened(np.ascontiguousarray(np.rot90(picture, quarters)))
    factor = min(1.0, _MOST_SIDE / max(turned.shape))
    grey = _resized(turned, factor)
    height = text_height(ink_mask(grey))
    by = 2.0 if height < _SMALL_TEXT and max(grey.shape) < _MOST_SIDE / 2 else min(1.0, _LARGE_TEXT / height)
    factor, height = factor * by, height * by
    grey = without_grounds(_resized(turned, factor), height)
    grey, first = straightened(grey, height)
    grey, second = straightened(grey, height) if first else (grey, None)

    def original(points: Points) -> Points:
        bent = points
        for bend in (second, first):
            bent = bend.original(bent) if bend else bent
        return _turned_back(bent / factor, picture.shape, quarters)

    return Upright(grey, find_rules(grey), original)


def _softened(grey: Grey) -> Grey:
    """Smooth a grainy picture, and give one in two levels, as fax machines and copiers make them, its greys back."""
    if grain(grey) < _GRAINY and ((grey > 30) & (grey < 225)).mean() >= _BETWEEN:
        return grey
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _SOFT), np.uint8)


def _resized(grey: Grey, factor: float) -> Grey:
    if factor == 1.0:
        return grey
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _turned_back(points: Points, shape: tuple[int, ...], quarters: int) -> Points:
    """Return the points of a picture turned counterclockwise as points of the original of that shape."""
    height, width = shape[:2]
    x, y = points[:, 0], points[:, 1]
    ways = {0: (x, y), 1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}
    return np.stack(ways[quarters], axis=1)
