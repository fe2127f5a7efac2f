"""A round stamp over a table: found by the arcs that cross the cells, and taken out of them.

Stamps in colour are gone when a picture is made grey (`seals.py`); this is about copies and scans without colour. Where
the stamp is lighter than the print, as copiers make red ink, its grey tells it from print wherever it lies. Where both
are black, only the ring can be told, by its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.ink import Ink, tidied
from extract.scan.marks import Mask

_LEAST_CELLS, _MOST_ARCS = 4, 14
"""Cells with an arc, at least; and how many of them, the longest, are tried for a ring."""
_LONG = 0.9
"""Text heights; the least length of an arc in a cell."""
_SLIM = 0.6
"""Text heights; the most that an arc's area is over its length: stars, characters and shades are thicker."""
_RADIUS = 2.5, 14.0
"""Text heights from the smallest to the largest radius of a ring."""
_NEAR, _FAR, _MOST = 0.3, 0.45, 0.4
"""Text heights from a circle tried to pixels that lie on it, the same once it is fitted to these, and the least share that do."""
_ENOUGH = 4000
"""Pixels of arcs that tell a ring; of more, every few are looked at."""
_BY_GREY, _BY_PLACE = 0.97, 0.5
"""What remains of a probability where a stamp was taken from a cell by its grey, and where only its ring could be told."""
_ERASED = 0.93
"""The same where nothing is left of a cell's ink: a faint 0 may have gone with the stamp, so a person looks at it."""
_ROUND, _SECTORS = 10, 36
"""Of so many sectors of the circle, how many have a piece of the ring at least: more than a quarter of it."""
_LIGHTER = 0.75
"""Darkness of a stamp, as a share of the print's, from which grey cannot tell them apart."""
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring: its middle and radius in pixels of the picture, and half its thickness."""

    x: float
    y: float
    radius: float
    half: float

    def distances(self, ink: Ink) -> Points:
        """Return how far each pixel of a cell's inside is from the middle: shape (h, w)."""
        h, w = ink.mask.shape
        ys, xs = np.mgrid[0:h, 0:w]
        return np.asarray(np.hypot(xs + ink.x0 - self.x, ys + ink.y0 - self.y))


def unstamped(inks: Sequence[Ink], height: float) -> list[tuple[Ink, float]]:
    """Return the inks of all cells of a page without the stamp on them, each with what remains of its readings' probability.

    `height` is the text height in pixels. That is 1 for cells without a stamp: all of them where no ring is found.
    """
    result = [(ink, 1.0) for ink in inks]
    arcs = {i: points for i, ink in enumerate(inks) if len(points := _arcs(ink, height))}
    ring = _ring(list(arcs.values()), height) if len(arcs) >= _LEAST_CELLS else None
    if ring is None:
        return result
    dark = _darkness([inks[i] for i in arcs], ring)
    print_dark = _usual([ink for i, ink in enumerate(inks) if i not in arcs])
    by_place = dark > _LIGHTER * print_dark
    for i, ink in enumerate(inks):
        away = ring.distances(ink)
        if ink.blank or away.min() > ring.radius + ring.half:
            continue
        at_ring = np.abs(away - ring.radius) <= ring.half
        there = np.asarray(at_ring if by_place else _darkened(ink) < (dark + print_dark) / 2)
        if (there & (ink.mask > 0)).any():
            rest = _without(ink, there, height)
            result[i] = rest, _BY_PLACE if by_place else _ERASED if rest.blank else _BY_GREY
    return result


def _arcs(ink: Ink, height: float) -> Points:
    """Return the pixels (n, 2) in the picture of the marks of a cell that are long and run into its edge."""
    mask = ink.mask
    if not any(rim.any() for rim in (mask[:2], mask[-2:], mask[:, :2], mask[:, -2:])):
        return np.zeros((0, 2))
    h, w = mask.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.mask, connectivity=8)
    x, y, cw, ch, area = (stats[:, k] for k in range(5))
    edge = (x <= 1) | (y <= 1) | (x + cw >= w - 1) | (y + ch >= h - 1)
    length = np.maximum(cw, ch)
    found = edge & (length >= _LONG * height) & (area <= _SLIM * height * length)
    found[0] = False
    ys, xs = np.nonzero(found[labels])
    return np.stack([xs + ink.x0, ys + ink.y0], axis=1).astype(np.float64)


def _ring(arcs: Sequence[Points], height: float) -> Ring | None:
    """Return the circle through three arcs that most pixels of all arcs lie on, where they go round enough of it."""
    every = np.concatenate(arcs)
    every = every[:: len(every) // _ENOUGH + 1]
    longest = sorted(arcs, key=len, reverse=True)[:_MOST_ARCS]
    middles = [
        points[np.argmin(np.abs(points - np.median(points, axis=0)).sum(axis=1))] for points in longest
    ]
    circles = [c for three in combinations(middles, 3) if (c := _circle(*three, height)) is not None]
    if not circles:
        return None
    best = max(circles, key=lambda circle: int((_off(every, circle) <= _NEAR * height).sum()))
    x, y, r = _fitted(every[_off(every, best) <= _NEAR * height])
    off = _off(every, (x, y, r))
    near = off <= _FAR * height
    ring = every[near]
    sectors = np.floor((np.arctan2(ring[:, 1] - y, ring[:, 0] - x) / np.pi + 1) / 2 * _SECTORS)
    if len(ring) < _MOST * len(every) or len(set(sectors.tolist())) < _ROUND:
        return None
    return Ring(x, y, r, float(np.percentile(off[near], 97)) + 1.0)


def _off(points: Points, circle: tuple[float, float, float]) -> Points:
    """Return how far points are from a circle (x, y, radius)."""
    x, y, radius = circle
    return np.asarray(np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius))


def _circle(a: Points, b: Points, c: Points, height: float) -> tuple[float, float, float] | None:
    """Return the circle (x, y, radius) through three points, if it is of a stamp's size."""
    matrix = 2 * np.array([b - a, c - a])
    if abs(float(np.linalg.det(matrix))) < 1e-6:
        return None
    x, y = np.linalg.solve(matrix, [b @ b - a @ a, c @ c - a @ a])
    radius = float(np.hypot(x - a[0], y - a[1]))
    return (float(x), float(y), radius) if _RADIUS[0] * height <= radius <= _RADIUS[1] * height else None


def _fitted(points: Points) -> tuple[float, float, float]:
    """Return the circle nearest to points by least squares (Kåsa's method)."""
    terms = np.column_stack([points, np.ones(len(points))])
    (a, b, c), *_ = np.linalg.lstsq(terms, (points**2).sum(axis=1), rcond=None)
    return float(a / 2), float(b / 2), float(np.sqrt(max(c + (a * a + b * b) / 4, 0.0)))


def _darkened(ink: Ink) -> Points:
    """Return how much darker than the paper each pixel of a cell is, as a share of the paper's grey."""
    smooth = cv2.blur(ink.grey, (2, 2)).astype(np.float64)
    paper = max(float(np.percentile(smooth, 80)), 1.0)
    return np.asarray(1 - smooth / paper)


def _darkness(inks: Sequence[Ink], ring: Ring) -> float:
    """Return the darkness of the ring in the cells it crosses: of its middle, where print does not blur it."""
    found = [
        _darkened(ink)[(np.abs(ring.distances(ink) - ring.radius) <= ring.half / 3) & (ink.mask > 0)]
        for ink in inks
    ]
    values = np.concatenate(found)
    return float(np.median(values)) if len(values) else 1.0


def _usual(inks: Sequence[Ink]) -> float:
    """Return the darkness of the print: of the darkest tenth of a cell's ink, the middle of all cells."""
    found = [float(np.percentile(_darkened(ink)[ink.mask > 0], 90)) for ink in inks if not ink.blank]
    return float(np.median(found)) if found else 0.0


def _without(ink: Ink, there: NDArray[np.bool_], height: float) -> Ink:
    """Return a cell's ink without the pixels of the stamp, paper in their place; strokes keep their soft rims."""
    mask: Mask = np.where(there, 0, ink.mask).astype(np.uint8)
    mask = tidied(mask, height)
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    paper = round(float(np.percentile(ink.grey, 80)))
    stamp = cv2.dilate(ink.mask, np.ones((3, 3), np.uint8)) > 0
    return replace(ink, mask=mask, grey=np.where(stamp & ~near, paper, ink.grey).astype(np.uint8))
