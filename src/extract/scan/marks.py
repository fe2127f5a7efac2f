"""Connected marks of a mask by their outlines: much faster than labelling every pixel, where most is paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
"""A mask: 255 where there is something, else 0."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A connected mark (8 neighbours): its box from the left and top in pixels, and its outline (n, 1, 2)."""

    x: int
    y: int
    width: int
    height: int
    outline: NDArray[np.int32]

    def pixels(self, mask: Mask) -> NDArray[np.bool_]:
        """Return which pixels of its box are the mark's own (and those of marks within it)."""
        part = np.zeros((self.height, self.width), np.uint8)
        cv2.drawContours(part, [self.outline], 0, (1.0,), cv2.FILLED, offset=(-self.x, -self.y))
        box = mask[self.y : self.y + self.height, self.x : self.x + self.width]
        return np.asarray((part > 0) & (box > 0))


def marks(mask: Mask) -> Iterator[Mark]:
    """Yield the connected marks of a mask."""
    outlines, levels = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for outline, level in zip(outlines, levels.reshape(-1, 4) if outlines else (), strict=True):
        if level[3] < 0:  # no hole of another
            x, y, width, height = cv2.boundingRect(outline)
            yield Mark(x, y, width, height, np.asarray(outline, np.int32))


def only(mask: Mask, kept: Sequence[Mark]) -> Mask:
    """Return a mask with some of its marks only."""
    drawn = np.zeros_like(mask)
    cv2.drawContours(drawn, [mark.outline for mark in kept], -1, (255.0,), cv2.FILLED)
    return np.asarray(cv2.bitwise_and(mask, drawn), np.uint8)
