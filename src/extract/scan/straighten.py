"""Skew, perspective and waves of the paper taken out in one step: whatever bends the ruling lines is bent back.

Each ruling line is traced; polynomials for the displacement down, dy(x, y), and across, dx(x, y), are fitted by least
squares so that every traced line becomes straight and upright. No corner of the page has to be found, and a table that
is only partly in the picture will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray

from extract.scan.image import Grey
from extract.scan.lines import ink_mask, standing_out
from extract.scan.marks import Mask, marks
from extract.scan.skew import skew

Points = NDArray[np.float64]

_LEAST = 0.09
"""Text heights; lines bent by less than this are read as they are."""
_TRACED = 14.0
"""Text height in pixels at which lines are traced well enough; larger pictures are made smaller first."""
_LONG = 4.0
"""Text heights; shorter lines are not traced: they may be strokes of characters."""
_THICK = 0.55
"""Text heights; copies of copies grow lines as thick as this, lines of text are thicker."""
_ALONG = 3.0
"""Text heights over which worn lines are looked for."""
_RULING, _BARELY = 12.0, 0.3
"""Text heights, and share of the length of the level lines traced: where no upright line is as long, and together they are
shorter than that, they may be strokes of characters."""
_STEEP = 0.2
"""Lines further off their direction than this (11 degrees) are none of a table's."""
_TERMS = ((1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (1, 1), (2, 1), (3, 1), (1, 2), (2, 2))
"""Degrees (along the line, across it) of the terms. All have one along: what moves whole lines is left alone."""
_DEGREES = max(i for i, _ in _TERMS), max(j for _, j in _TERMS)
_RIDGE = 1e-5
"""Weight against every term, times its degree to the fourth: only many lines together can claim a complicated bend."""
_BEYOND = 1.1
"""Outside the traced lines the displacement is that at their rim: polynomials run wild where nothing holds them."""
_STEP = 16
"""Pixels between the places where the displacement is worked out."""


@dataclass(frozen=True, slots=True)
class Bend:
    """Where each pixel of a straightened picture was: maps of x and y, one value every `_STEP` pixels."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]

    def original(self, points: Points) -> Points:
        """Return the places (n, 2) in the bent picture of places in the straight one."""
        x, y = self.at(points[None, :, 0], points[None, :, 1])
        return np.stack([x[0], y[0]], axis=1).astype(np.float64)

    def at(self, x: Points, y: Points) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the places in the bent picture of a grid of places (rows, columns) in the straight one."""
        across, down = ((m / _STEP).astype(np.float32) for m in (x, y))
        found = (
            cv2.remap(m, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for m in (self.x, self.y)
        )
        bent_x, bent_y = (np.asarray(m, np.float32) for m in found)
        return bent_x, bent_y

    def after(self, first: Bend | None) -> Bend:
        """Return the bend of a picture that was made straight by `first` and then by this one: one step blurs less than two."""
        return (
            self if first is None else Bend(*first.at(self.x.astype(np.float64), self.y.astype(np.float64)))
        )

    def straight(self, grey: Grey) -> Grey:
        """Return a picture of the bent one's size made straight."""
        size = grey.shape[1], grey.shape[0]
        x, y = (_spread(m, size) for m in (self.x, self.y))
        return np.asarray(cv2.remap(grey, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def find_turn(grey: Grey, height: float) -> Bend | None:
    """Find how far a picture is turned by its lines of text and its level rules; None where they are level.

    `height` is the text height in pixels.
    """
    slope = skew(grey, height)
    return _bend(_Turn(-slope, 0.0), _Turn(slope, 0.0), grey.shape) if slope else None


def find_bend(grey: Grey, height: float, *, coarse: bool = False) -> Bend | None:
    """Find how a picture's ruling lines are bent; None where they are straight.

    `height` is the text height in pixels. A coarse look at a smaller picture finds what there is to straighten.
    """
    if coarse and height > _TRACED:
        factor = _TRACED / height
        small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        found = find_bend(np.asarray(small, np.uint8), _TRACED)
        return None if found is None else _enlarged(found, factor, grey.shape)
    ink = ink_mask(grey)
    level, upright = _traced(ink, height), _traced(np.ascontiguousarray(ink.T), height)
    across: _Fit = _Fit(level)
    down: _Fit | _Turn = _Fit(upright)
    if max(_lengths(upright), default=0.0) < _RULING * height and sum(_lengths(upright)) < _BARELY * sum(
        _lengths(level)
    ):
        down = _Turn(*_turned(level, grey.shape[0]))
    return _bend(across, down, grey.shape) if max(across.most, down.most) >= _LEAST * height else None


def _lengths(lines: Sequence[Points]) -> list[float]:
    return [float(line[-1, 0] - line[0, 0]) for line in lines]


def _turned(lines: Sequence[Points], length: int) -> tuple[float, float]:
    """Return the usual slope of level lines, and by how much it displaces others that are `length` pixels long at most.

    Where only level lines are seen, what turns these turns the upright ones.
    """
    steps = np.array([line[-1] - line[0] for line in lines])
    steps = steps[np.argsort(steps[:, 1] / steps[:, 0])]
    middle = int(np.searchsorted(steps[:, 0].cumsum(), steps[:, 0].sum() / 2))
    slope = float(steps[middle, 1] / steps[middle, 0])
    return slope, abs(slope) * length / 2


def _enlarged(bend: Bend, factor: float, shape: tuple[int, ...]) -> Bend:
    """Return the bend of a picture of some shape that was made smaller by a factor."""
    rows, columns = (n // _STEP + 2 for n in shape[:2])
    ys, xs = (m * float(_STEP * factor) for m in np.mgrid[0:rows, 0:columns].astype(np.float64))
    x, y = (m / np.float32(factor) for m in bend.at(xs, ys))
    return Bend(x, y)


def _spread(coarse: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return a map for every pixel of a picture of the given width and height."""
    width, height = size
    matrix = np.array([[1 / _STEP, 0, 0], [0, 1 / _STEP, 0]], np.float64)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(coarse, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )


def _traced(ink: Mask, height: float) -> list[Points]:
    """Return the lines that run across a mask of ink as points (n, 2), one every few pixels.

    The ink is thickened first, so that a sloping line has runs as long as the kernel that finds it. Worn lines count where
    ink stands out of both their sides.
    """
    thick = max(2, round(height / 6))
    inked = cv2.dilate(ink, np.ones((thick, 1), np.uint8))
    least = np.ones((1, round(2 * height)), np.uint8)
    mask = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((1, max(2, round(height / 4))), np.uint8))
    worn = cv2.morphologyEx(standing_out(inked, height, _ALONG, thick), cv2.MORPH_CLOSE, least[:, ::4])
    mask = np.asarray(
        cv2.bitwise_or(*(cv2.morphologyEx(m, cv2.MORPH_OPEN, least) for m in (mask, worn))), np.uint8
    )
    lines = []
    most = max(3 * thick, round(_THICK * height))
    for mark in marks(mask):
        w, h = mark.width, mark.height
        if w < _LONG * height or h > max(_STEEP * w, most):
            continue
        part = mark.pixels(mask)
        sums = part.sum(axis=0)
        if sums.sum() > w * most:
            continue
        middles = (part * np.arange(h)[:, None]).sum(axis=0) / np.maximum(sums, 1)
        keep = np.flatnonzero((sums > 0) & (sums <= most))[:: max(1, round(height / 4))]
        if len(keep) >= 4:
            lines.append(np.stack([keep + float(mark.x), middles[keep] + mark.y], axis=1))
    return lines


class _Fit:
    """The displacement across lines that makes them straight; `most` is the largest where a line was traced."""

    def __init__(self, lines: Sequence[Points]) -> None:
        self._weights = np.zeros(len(_TERMS))
        self._centre, self._half = np.zeros(2), np.ones(2)
        self.most = 0.0
        if lines:
            every = np.concatenate(lines)
            low, high = every.min(axis=0), every.max(axis=0)
            self._centre, self._half = (low + high) / 2, np.maximum((high - low) / 2, 1.0)
            self._solve(lines)

    def _solve(self, lines: Sequence[Points]) -> None:
        """Least squares, three times over: lines that do not follow the others (print, edges of things) lose weight."""
        every = np.concatenate(lines)
        own = np.split(self._terms(every[:, 0], every[:, 1]), np.cumsum([len(line) for line in lines])[:-1])
        basis = [terms - terms.mean(axis=0) for terms in own]
        target = [line[:, 1].mean() - line[:, 1] for line in lines]
        trust = [1.0] * len(lines)
        for _ in range(4):
            a = np.concatenate([b * t for b, t in zip(basis, trust, strict=True)])
            y = np.concatenate([v * t for v, t in zip(target, trust, strict=True)])
            ridge = len(a) * _RIDGE * np.diag([float(sum(term)) ** 4 for term in _TERMS])
            self._weights = np.linalg.solve(a.T @ a + ridge, a.T @ y)
            off = [float(np.abs(b @ self._weights - v).mean()) for b, v in zip(basis, target, strict=True)]
            usual = max(float(np.median(off)), 0.3)
            trust = [1.0 / (1.0 + (o / (2 * usual)) ** 2) for o in off]
        self.most = max(
            float(np.abs(b @ self._weights).max()) for b, t in zip(basis, trust, strict=True) if t > 0.2
        )

    def _terms(self, along: NDArray[np.float64], over: NDArray[np.float64]) -> NDArray[np.float64]:
        u = np.clip((along - self._centre[0]) / self._half[0], -_BEYOND, _BEYOND)
        v = np.clip((over - self._centre[1]) / self._half[1], -_BEYOND, _BEYOND)
        of_u, of_v = legvander(u, _DEGREES[0]), legvander(v, _DEGREES[1])
        return np.stack([of_u[..., i] * of_v[..., j] for i, j in _TERMS], axis=-1)

    def at(self, along: NDArray[np.float64], over: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the displacement at places of the bent picture."""
        return np.asarray(self._terms(along, over) @ self._weights)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The displacement across lines of one slope that makes them level."""

    slope: float
    most: float

    def at(self, along: NDArray[np.float64], over: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the displacement at places of the bent picture."""
        return self.slope * along


def _bend(across: _Fit | _Turn, down: _Fit | _Turn, shape: tuple[int, ...]) -> Bend:
    """Turn the displacements round: from places in the straight picture to places in the bent one, by iteration."""
    rows, columns = (n // _STEP + 2 for n in shape[:2])
    ys, xs = (m * float(_STEP) for m in np.mgrid[0:rows, 0:columns].astype(np.float64))
    x, y = xs.copy(), ys.copy()
    for _ in range(8):
        x, y = xs - down.at(y, x), ys - across.at(x, y)
    return Bend(x.astype(np.float32), y.astype(np.float32))
