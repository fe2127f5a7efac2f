"""The edge of the sheet on its desk, in photographs and scans: a long line, but none that was ruled."""

from __future__ import annotations

import numpy as np

from extract.scan.image import Grey
from extract.scan.marks import Mark, Mask, marks, only

_LONG = 8.0
"""Text heights; shorter marks are not looked at."""
_NEAR, _FAR = 0.4, 1.2
"""Text heights from a line to where what lies beside it begins and ends."""
_DARKER = 0.75
"""Share of the brightness of the inner side that the outer one has at most where the sheet ends."""
_DESK = 0.9
"""The same of all that lies further out: the desk has no more sheet behind it."""


def without_edges(grey: Grey, level: Mask, height: float) -> Mask:
    """Return the marks of level lines without those at which the sheet ends, for a text height in pixels.

    Outside a sheet's edge it is dark up to the rim of the picture. A table on a coloured ground is darker inside.
    """
    if not _has_desk(grey, height):
        return level
    found = list(marks(level))
    kept = [mark for mark in found if mark.width < _LONG * height or not _is_edge(grey, mark, height)]
    return only(level, kept) if len(kept) < len(found) else level


def _has_desk(grey: Grey, height: float) -> bool:
    """Tell whether a picture is darker at its upper or its lower rim than most of it is."""
    rim = max(1, round(_NEAR * height))
    usual = _brightness(grey[:: max(1, len(grey) // 200)])
    return min(_brightness(grey[:rim]), _brightness(grey[-rim:])) < _DESK * usual


def _is_edge(grey: Grey, mark: Mark, height: float) -> bool:
    above = mark.y + mark.height / 2 < len(grey) / 2
    turned = grey if above else grey[::-1]
    top = mark.y if above else len(grey) - mark.y - mark.height
    near, far = round(_NEAR * height), round(_FAR * height)
    across = slice(mark.x, mark.x + mark.width)
    inner = _brightness(turned[top + mark.height + near : top + mark.height + far, across])
    outer = _brightness(turned[max(top - far, 0) : max(top - near, 0), across])
    beyond = _brightness(turned[: max(top - near, 0), across])
    return outer < _DARKER * inner and beyond < _DESK * inner


def _brightness(part: Grey) -> float:
    """Return the median grey of a strip; that of paper where it has no pixels, for nothing lies beyond the picture."""
    return float(np.median(part[:, :: max(1, part.shape[1] // 200)])) if part.size else 255.0
