"""The grid of a table: where lines run, and which of their pieces are there, make its cells.

Squares without a border between them are one cell. Which borders there are is a matter of evidence (`borders.py`), so a
grid has variants: the cells as the evidence has them, then with the lines that it speaks least for left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from extract.scan.borders import Band, Evidence, evidence, needed
from extract.scan.columns import parted
from extract.scan.expected import Rectangle
from extract.scan.marks import Mask

_ALONG_BAND = 0.55
"""Share of a row beside which a line in a wide band runs, for the row's cells to end there."""
_WEAK = 0.55
"""Share of a table that a line crosses, weighed by how well it is seen; weaker ones may be a stamp's or dirt."""
_USUAL = 0.8
"""Share of the lines of one direction that are no stronger than the usual one."""
_CLOSED, _ALL_CLOSED, _FEW = 0.5, 0.95, 6
"""Share of its outer border that is seen of a table, and of one of so few squares."""
_LOW_CLOSED, _ONE_ROW = 0.8, 2.0
"""The same of what is no higher than one row, and text heights that it is less than: so little happens to be closed by chance."""
_ABSENT = 0.05
"""Evidence of a left or right border that was not printed at all."""
_UNCLEAR, _MOST_UNCLEAR = (0.12, 0.65), 0.22
"""Evidence that says neither yes nor no, and the share of inner borders of which it does in a table."""
NUMBERS = 7
"""Columns of numbers at the right of a wide table."""
_MOST_HEAD = 6
"""Rows above a field of numbers, and one more."""
_SEEN, _MOSTLY, _PARTLY = 0.3, 0.85, 0.25
"""Evidence of a border that is seen at all, and the share of such borders in a field of single squares and on each of its lines."""
_SOLID, _OFTEN = 0.9, 0.25
"""Evidence of a border printed solid, and the share of the borders of a worn table that shows less."""
_MOST_WEAK = 5
"""Weak lines that are left out alone and two together, after the weakest ones have been, one after another."""
_RIM = 0.4
"""How many times as wide as the usual column of a wide table the first or last one is at least."""
_FACTORS = (0.7, 1.3, 0.4)
"""Other thresholds of evidence, as parts of the usual ones."""


Square = tuple[int, int]
"""Row and column of a square of the grid, from 0."""


@dataclass(frozen=True, slots=True)
class LatticeCell:
    """A cell of a lattice: its grid position, spans, and inner box in pixels (x0, y0, x1, y1)."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Grid:
    """The lines of one table: masks (h, w) of its own part of the picture, whose corner is `origin` in the whole.

    `xs` and `ys` are the bands of upright and level lines, outer borders included. `assumed` are those of `xs` that are
    no printed lines but white ways between columns; `eaten` are those of `xs` and of `ys` that
    nothing is left of: they say neither yes nor no.
    """

    horizontal: Mask
    vertical: Mask
    ink: Mask
    xs: tuple[Band, ...]
    ys: tuple[Band, ...]
    height: float
    origin: tuple[int, int]
    assumed: frozenset[Band] = frozenset()
    eaten: tuple[frozenset[Band], frozenset[Band]] = (frozenset(), frozenset())

    @cached_property
    def upright(self) -> Evidence:
        """Evidence for each upright line in each row: shape (rows, lines)."""
        found = evidence(self.vertical, self.ink, self.xs, self.ys, self.height)
        for j, band in enumerate(self.xs):
            if band in self.assumed:
                found[:, j] = parted(self.ink, band, self.ys, self.height)
        return found

    @cached_property
    def level(self) -> Evidence:
        """Evidence for each level line in each column: shape (columns, lines)."""
        return evidence(self.horizontal.T, self.ink.T, self.ys, self.xs, self.height)

    def cells(self, factor: float = 1.0, single: Square | None = None) -> tuple[LatticeCell, ...]:
        """Return the cells; evidence counts from `factor` times the usual.

        From the row and column `single` on, every square is a cell by itself.
        """
        right = self.upright >= factor * needed(self.upright, _lengths(self.ys))
        below = (self.level >= factor * needed(self.level, _lengths(self.xs))).T
        if single is not None:
            row, column = single
            right[row:, column:] = True
            below[row:, column:] = True
        rectangles = _rectangles(right[:, 1:-1], below[1:-1], len(self.ys) - 1, len(self.xs) - 1)
        return self.boxed(rectangles)

    def variants(self) -> Iterator[tuple[LatticeCell, ...]]:
        """Yield the cells as the evidence has them, then with other thresholds, then without weak lines."""
        yield self.cells()
        for single in self._numbers():
            yield self.cells(single=single)
        for factor in _FACTORS:
            yield self.cells(factor)
        for without in self.without_weak():
            yield without.cells()
            for single in without._numbers():
                yield without.cells(single=single)
        for trimmed in self._without_rims():
            yield trimmed.cells()
        names = self._weakest()
        for n in range(1, 3):
            for dropped in combinations(names[:_MOST_WEAK], n):
                yield self._without(dropped).cells()

    def without_weak(self) -> list[Grid]:
        """Return the grid without its weakest line, its two weakest, and so on."""
        names = self._weakest()
        return [self._without(names[:n]) for n in range(1, len(names) + 1)]

    def _without_rims(self) -> Iterator[Grid]:
        """Yield the grid without a line that makes a first or last column far narrower than the usual: the rim of a shadow."""
        widths = _lengths(self.xs)
        if len(widths) > NUMBERS:
            for column, lines in ((0, (0, 1)), (len(widths) - 1, (len(widths), len(widths) - 1))):
                if widths[column] < _RIM * float(np.median(widths)):
                    yield from (self._without([(0, line)]) for line in lines)

    def _weakest(self) -> list[Square]:
        """Return the axis (0 for upright) and number of the weak lines, the weakest first."""
        weak = sorted([*self._weak(self.upright, self.ys, 0), *self._weak(self.level, self.xs, 1)])
        return [(axis, j) for _, axis, j in weak]

    def likeness(self, rectangles: Sequence[Rectangle]) -> float:
        """Return how well a layout agrees with the evidence, 0 to 1.

        That is the share of pairs of a border that it has and one that it has not in which the former is seen better (the
        area under the curve of a classifier): how worn the lines are does not matter.
        """
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        right, below = np.ones((rows, columns - 1), bool), np.ones((rows - 1, columns), bool)
        for r0, c0, r1, c1 in rectangles:
            right[r0:r1, c0 : c1 - 1] = False
            below[r0 : r1 - 1, c0:c1] = False
        down, across = (
            [band not in gone for band in lines[1:-1]]
            for lines, gone in zip((self.xs, self.ys), self.eaten, strict=True)
        )
        seen = np.concatenate([self.upright[:, 1:-1][:, down].ravel(), self.level.T[1:-1][across].ravel()])
        there = np.concatenate([right[:, down].ravel(), below[across].ravel()])
        if there.all() or not there.any():
            return 0.0
        more = seen[there][:, None] - seen[~there][None, :]
        return float((more > 0).mean() + (more == 0).mean() / 2)

    def worn(self) -> bool:
        """Tell lines that are dotted or broken from lines printed solid: these have ink all along what is seen of them."""
        found = self.upright.ravel(), self.level.ravel()
        none = np.zeros_like(self.ink)
        inked = (
            evidence(none, self.ink, self.xs, self.ys, self.height).ravel(),
            evidence(none.T, self.ink.T, self.ys, self.xs, self.height).ravel(),
        )
        seen, printed = np.concatenate(found) >= _SEEN, np.concatenate(inked)
        return bool(seen.any()) and float(np.quantile(printed[seen], _OFTEN)) < _SOLID

    def plausible(self) -> bool:
        """Tell a table from lines that grain and pictures happen to make: these are neither closed nor clear."""
        sides = [self.upright[:, 0], self.upright[:, -1], self.level[:, 0], self.level[:, -1]]
        inner = np.concatenate([self.upright[:, 1:-1].ravel(), self.level[:, 1:-1].ravel()])
        unclear = float(((inner > _UNCLEAR[0]) & (inner < _UNCLEAR[1])).mean()) if inner.size else 0.0
        squares = (len(self.xs) - 1) * (len(self.ys) - 1)
        low = self.ys[-1][1] - self.ys[0][0] < _ONE_ROW * self.height
        least = _ALL_CLOSED if squares <= _FEW else _LOW_CLOSED if low else _CLOSED
        closed = float(np.concatenate(sides).mean()) >= least or self._open_at_one_side(sides)
        return closed and unclear <= _MOST_UNCLEAR

    def _open_at_one_side(self, sides: Sequence[NDArray[np.float64]]) -> bool:
        """Tell a table printed without its left or its right border: all the others are there."""
        absent = min(range(2), key=lambda k: float(sides[k].mean()))
        others = np.concatenate([side for k, side in enumerate(sides) if k != absent])
        return float(sides[absent].mean()) < _ABSENT and float(others.mean()) >= _ALL_CLOSED

    def _numbers(self) -> Iterator[Square]:
        """Yield where a field of single squares may begin whose borders are seen for the most part, not all of them."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        for row, column in ((rows - 1, 0), *((r, columns - NUMBERS) for r in range(_MOST_HEAD))):
            if 0 <= row < rows and column >= 0:
                inside = self.upright[row:, column:] >= _SEEN, self.level[column:, row:] >= _SEEN
                each = np.concatenate([lines.mean(axis=0) for lines in inside])
                every = np.concatenate([lines.ravel() for lines in inside])
                if every.mean() >= _MOSTLY and each.min() >= _PARTLY:
                    yield row, column

    def _weak(self, found: Evidence, along: Sequence[Band], axis: int) -> list[tuple[float, int, int]]:
        """Return the inner lines (strength, axis, number) that are far weaker than the others of their direction."""
        lengths = _lengths(along)
        shares = (found * lengths[:, None]).sum(axis=0) / lengths.sum()
        usual = float(np.quantile(shares, _USUAL))  # where false lines abound, they are the middle ones
        lines = (self.xs, self.ys)[axis]
        inner = (j for j in range(1, len(shares) - 1) if lines[j] not in self.eaten[axis])
        return [(float(shares[j]), axis, j) for j in inner if shares[j] < _WEAK * usual]

    def _without(self, dropped: Sequence[tuple[int, int]]) -> Grid:
        xs = tuple(band for j, band in enumerate(self.xs) if (0, j) not in dropped)
        ys = tuple(band for j, band in enumerate(self.ys) if (1, j) not in dropped)
        return replace(self, xs=xs, ys=ys)

    def boxed(self, rectangles: Sequence[tuple[int, int, int, int]]) -> tuple[LatticeCell, ...]:
        """Make cells of rectangles of the grid: from the end of one band to the beginning of the next.

        In a wide band a cell ends at the line that runs along it, if one does: lines of other rows, a little aside,
        may have made the band wide.
        """
        xs, ys = self.xs, self.ys
        dx, dy = self.origin
        cells = []
        for r0, c0, r1, c1 in rectangles:
            rows, columns = (ys[r0][1], ys[r1][0]), (xs[c0][1], xs[c1][0])
            left, right = _line(self.vertical, xs[c0], rows)[1], _line(self.vertical, xs[c1], rows)[0]
            top = _line(self.horizontal.T, ys[r0], columns)[1]
            bottom = _line(self.horizontal.T, ys[r1], columns)[0]
            cells.append(
                LatticeCell(r0, c0, r1 - r0, c1 - c0, (dx + left, dy + top, dx + right, dy + bottom))
            )
        return tuple(cells)


def _lengths(along: Sequence[Band]) -> NDArray[np.float64]:
    return np.array([max(b[0] - a[1], 1) for a, b in pairwise(along)], np.float64)


def _line(mask: Mask, band: Band, along: tuple[int, int]) -> Band:
    """Return where in a wide band lines run beside the rows `along` of an upright mask; the band where none does."""
    first, last = band
    if last == first or along[1] <= along[0]:
        return band
    found = np.flatnonzero((mask[along[0] : along[1], first : last + 1] > 0).mean(axis=0) >= _ALONG_BAND)
    return (first + int(found[0]), first + int(found[-1])) if len(found) else band


def _rectangles(
    right: NDArray[np.bool_], below: NDArray[np.bool_], rows: int, columns: int
) -> list[tuple[int, int, int, int]]:
    """Merge squares without a border between them into rectangles (r0, c0, r1, c1), in reading order.

    `right[r, c]` is the border right of square (r, c), `below[r, c]` the one below it. A square joins the rectangle
    of its left or upper neighbour; a merged area that is no rectangle is cut into rectangles from its top left.
    """
    taken = np.zeros((rows, columns), dtype=bool)
    found = []
    for r in range(rows):
        for c in range(columns):
            if taken[r, c]:
                continue
            c1 = c + 1
            while c1 < columns and not right[r, c1 - 1] and not taken[r, c1]:
                c1 += 1
            r1 = r + 1
            while (
                r1 < rows
                and not below[r1 - 1, c:c1].any()
                and not right[r1, c : c1 - 1].any()
                and not taken[r1, c]
            ):
                r1 += 1
            taken[r:r1, c:c1] = True
            found.append((r, c, r1, c1))
    return found
