"""Red seals over the print: taken out by their colour, before a picture becomes grey.

Seals are pressed over tables, and in grey their ring, star and characters are ink like any other. What was printed
under a seal is dark in all colours, the seal only in green and blue. Red rules and red letters stay: only a ring of red
of a seal's size, with nothing red outside it, is taken for one.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.uint8]

_RED = 18
"""Levels by which red stands above the higher of green and blue, more than it does in the paper."""
_SMEAR = 2
"""Pixels by which JPEG smears colour over the edge of what is coloured."""
_FULL = 80
"""Percentile of redness from which a pixel is all red ink; beside it lie thin strokes and smeared edges."""
_LOOK = 800
"""Pixels of the longer side of the small picture in which seals are sought."""
_LEAST, _MOST = 0.06, 0.5
"""Share of this side that a seal measures; a red number in a small picture is smaller."""
_ROUND = 1.5
"""Longer side of its box over the shorter, at most."""
_RING = 0.7, 1.1
"""Where the ring runs, in half sizes of the seal from its middle; beyond there is no red of the same patch."""
_AROUND, _OUTSIDE = 0.6, 0.1
"""Share of the way around that the ring covers at least, and share of the corners that may be red."""
_BEYOND = 0.08
"""Share of its size by which a seal may reach beyond the box found in the small picture."""


def without_seals(picture: Colour) -> Colour:
    """Return a picture (h, w, 3; red first) with its red seals made as light as the paper around them."""
    factor = min(1.0, _LOOK / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    small = np.asarray(small, np.uint8)
    redness = _redness(small)
    warmth = float(np.median(redness))  # of the light, or of yellowed paper
    red = (redness - warmth > _RED).astype(np.uint8)
    if not red.any():
        return picture
    result = picture.copy()
    for x0, y0, x1, y1 in _rings(red):
        beyond = _BEYOND * (x1 - x0)
        left, top = (max(0, int((v - beyond) / factor)) for v in (x0, y0))
        right, bottom = (int((v + beyond) / factor) + 1 for v in (x1, y1))
        patch = result[top:bottom, left:right]
        patch[:] = _bleached(patch, warmth)
    return result


def _redness(picture: Colour) -> NDArray[np.int16]:
    """Return by how much red stands above green and blue: 0 for grey, 255 for pure red."""
    planes = picture.astype(np.int16)
    return np.asarray(planes[..., 0] - np.maximum(planes[..., 1], planes[..., 2]), np.int16)


def _rings(red: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """Return the boxes (x0, y0, x1, y1) of rings of red, with the star and characters drawn in them."""
    reach = max(3, max(red.shape) // 80)
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for i in range(1, len(stats)):
        x, y, w, h = (int(v) for v in stats[i][:4])
        size = max(w, h) / _LOOK
        if _LEAST <= size <= _MOST and max(w, h) <= _ROUND * min(w, h):
            own = (labels[y : y + h, x : x + w] == i) & (red[y : y + h, x : x + w] > 0)
            if _is_ring(own):
                found.append((x, y, x + w, y + h))
    return found


def _is_ring(patch: NDArray[np.bool_]) -> bool:
    """Tell a ring, round or oval, that fills its box: red nearly all around, none in the corners."""
    h, w = patch.shape
    y, x = np.mgrid[0:h, 0:w]
    across, down = (x + 0.5) / (w / 2) - 1, (y + 0.5) / (h / 2) - 1
    far = np.hypot(across, down)
    near, beyond = (far >= _RING[0]) & (far <= _RING[1]), far > _RING[1]
    ways = np.floor((np.arctan2(down, across) / np.pi + 1) * 18).astype(int) % 36
    around = len(np.unique(ways[near & patch])) / 36
    return around >= _AROUND and float(patch[beyond].mean() if beyond.any() else 0.0) <= _OUTSIDE


def _bleached(patch: Colour, warmth: float) -> Colour:
    """Return a patch of a picture without its red ink; print stays as dark as it is in red light.

    Print darkens all colours alike, so the share of green in a pixel, held against the paper's, tells how much red ink
    lies there and nothing of the print; by what that ink takes from red light the pixel is then made lighter.
    """
    redness = _redness(patch) - warmth
    near = (
        cv2.dilate((redness > _RED / 2).astype(np.uint8), np.ones((2 * _SMEAR + 1, 2 * _SMEAR + 1), np.uint8))
        > 0
    )
    if not near.any():
        return patch
    paper = np.maximum(_paper(patch).astype(np.float32), 1.0)
    light = np.maximum(patch.astype(np.float32), 1.0) / paper
    inked = redness >= np.percentile(redness[near], _FULL)
    red, green = (float(np.median(light[..., k][inked])) for k in (0, 1))
    share = light[..., 1] / light[..., 0]
    covered = np.clip((1 - share) / np.maximum((1 - green) - share * (1 - red), 1e-3), 0.0, 1.0)
    printed = np.clip(light[..., 0] / (1 - covered * (1 - red)), 0, 1)[..., None] * paper
    return np.asarray(np.where(near[..., None], printed, patch), np.uint8)


def _paper(patch: Colour) -> Colour:
    """Return the paper under a patch: the lightest around each pixel, further than a star is wide, smoothed."""
    size = patch.shape[1], patch.shape[0]
    small = cv2.resize(patch, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(3, max(small.shape[:2]) // 2 | 1)
    closed = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(cv2.resize(cv2.blur(closed, (5, 5)), size, interpolation=cv2.INTER_LINEAR), np.uint8)
