"""Which variant of the grid of a table has the shape of one of the form's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np

from extract.scan.borders import Band
from extract.scan.expected import Shapes
from extract.scan.grid import NUMBERS, Grid, LatticeCell
from extract.scan.marks import Mask
from extract.scan.rows import between_even_rows, between_numbers, eaten_columns
from extract.scan.strokes import without_characters

_WORN_OVER, _DEVIATIONS = (0.12, 0.06), 5.0
"""Shares of a table's width by which a worn level line, and a fainter one, has more ink than what is above and below it; and
the same in standard deviations of what is so all over the table."""
_ALIKE, _CLEARLY = 0.93, 0.01
"""Agreement of a layout of the form with the evidence that is enough, and by how much it must be ahead of the next."""
_FEW_ROWS = 3
"""Rows that tell columns by the white ways between them."""
_NEARLY, _FEW_CELLS = 0.98, 3
"""Agreement of a layout that what fits a part of the form gives way to where lines are worn, if it has only so many cells more or less."""
_FEW_COLUMNS = 6
"""Columns; the form's tables of blocks have no more."""
_WIDE, _WIDEST = 8, 12
"""Columns of a wide table, and of one that has numbers in all of them."""
_UNEVEN = 1.7
"""How many times as wide as the usual column of numbers another is at most."""
_NARROW, _SHRUNK = 0.8, 0.4
"""Text heights, and usual columns; no column of numbers is as narrow."""
_MOST_WORN = 5
"""Worn lines that are tried one by one and two by two."""
WHOLE = 2
"""How well a whole table of the form fits."""
Fitting = tuple[tuple[LatticeCell, ...], int]
"""Cells, and how well they fit the form."""


def fitting(grid: Grid, form: Shapes) -> Fitting:
    """Return what fits the form best of a grid, and of the same with lines worn to almost nothing.

    The fainter ones are looked for only where nothing fits: there is dirt enough to make some. Lines that are gone altogether
    come last.
    """
    sure = not grid.assumed or len(grid.ys) > _FEW_ROWS  # white ways between words, too, run through two rows
    best = _plainly_fitting(grid, form, sure=sure)
    if best[1] == WHOLE:
        return best
    lines = without_characters(grid.ink, grid.height)
    more = grid
    for over in _WORN_OVER:
        xs = tuple(_with_worn(np.ascontiguousarray(lines.T), list(grid.xs), grid.height, over))
        ys = tuple(_with_worn(lines, list(grid.ys), grid.height, over))
        if (xs, ys) != (more.xs, more.ys):
            more = replace(grid, xs=xs, ys=ys)
            best = _with_some(grid, more, form, best)
        if best[1]:
            break
    return best if best[1] == WHOLE else _with_eaten(more, form, best)


def _with_some(grid: Grid, more: Grid, form: Shapes, best: Fitting) -> Fitting:
    """Return what fits best once lines of `more` are put into a grid, or the best so far.

    Of parts with few columns that fit alike, the one with more of them. Where there are many, digits below digits pass for
    a worn line, and among labels, which the form prints in one column or in three, there is room for it.
    """
    few = () if best[1] else _some(grid.xs, more.xs)
    ways = (more.xs, grid.ys), (grid.xs, more.ys), (more.xs, more.ys), *((some, grid.ys) for some in few)
    for xs, ys in ways:
        if (len(xs), len(ys)) != (len(grid.xs), len(grid.ys)):
            found = _plainly_fitting(replace(grid, xs=xs, ys=ys), form, sure=xs == grid.xs)
            wider = found[1] == best[1] > 0 and _columns(best[0]) < _columns(found[0]) <= _FEW_COLUMNS
            best = found if found[1] > best[1] or wider else best
    return best


def _with_eaten(grid: Grid, form: Shapes, best: Fitting) -> Fitting:
    """Return what fits the form once the lines are put in that nothing but the text between them tells; else the best so far.

    What fits without them fits by chance where numbers stand one below another in its cells.
    """
    ink = cv2.bitwise_and(grid.ink, cv2.bitwise_not(without_characters(grid.ink, grid.height)))
    upright = [] if best[1] else eaten_columns(np.asarray(ink, np.uint8), grid.xs, grid.height)
    xs = tuple(sorted([*grid.xs, *upright]))
    level = between_numbers(np.asarray(ink, np.uint8), xs, grid.ys, grid.height)
    if not level and not best[1]:
        level = between_even_rows(np.asarray(ink, np.uint8), xs, grid.ys, grid.height)
    if not level and not upright:
        return best
    told = replace(
        grid, xs=xs, ys=tuple(sorted([*grid.ys, *level])), eaten=(frozenset(upright), frozenset(level))
    )
    laid = (
        cells
        for some in (told, *told.without_weak())
        if (cells := _laid_out(some, form)) and _even(cells, grid.height)
    )
    cells = next(laid, ())
    return (cells, max(form.fit(cells), 1)) if cells else best


def _some(xs: tuple[Band, ...], more: tuple[Band, ...]) -> Iterator[tuple[Band, ...]]:
    """Yield the lines with one or two of the worn ones: the others may be columns of digits."""
    added = [band for band in more if band not in xs][:_MOST_WORN]
    for n in range(1, min(3, len(added))):
        yield from (tuple(sorted([*xs, *some])) for some in combinations(added, n))


def _columns(cells: Sequence[LatticeCell]) -> int:
    return max(cell.column + cell.column_span for cell in cells)


def _even(cells: Sequence[LatticeCell], height: float, *, long: bool = True) -> bool:
    """Tell whether the columns of numbers of a wide table are about equally wide.

    Where one is far wider than the others, a line in it is lost; and where the form fits all the same, a false line elsewhere
    makes up for it, and every number between them stands in the wrong column, which no sum can tell. Where one is far
    narrower, it has a false line at its side; that alone is asked where `long` is not. `height` is the text height in pixels.
    """
    n = _columns(cells)
    if n < _WIDE:
        return True
    wide = [[c.box[2] - c.box[0] for c in cells if c.column == k and c.column_span == 1] for k in range(n)]
    numbers = wide[-NUMBERS:] if n < _WIDEST else wide
    widths = [float(np.median(column)) for column in numbers if column]
    if not widths:
        return True
    usual = float(np.median(widths))
    return min(widths) >= max(_NARROW * height, _SHRUNK * usual) and (
        not long or max(widths) <= _UNEVEN * usual
    )


def _plainly_fitting(grid: Grid, form: Shapes, *, sure: bool) -> tuple[tuple[LatticeCell, ...], int]:
    """Return the first variant of a grid that is a whole table of the form; else a part of one; else the first.

    Where its upright lines are not `sure`, no column may be far wider than others, as in all variants but the first.
    """
    best, score = grid.cells(), 0
    for k, cells in enumerate(grid.variants()):
        found = form.fit(cells)
        if found > score and _even(cells, grid.height, long=not sure or k > 0):
            best, score = cells, found
        if score == WHOLE:
            break
    if score:
        whole = _laid_out(grid, form, _NEARLY) if score < WHOLE and grid.worn() else ()
        near = 0 < abs(len(whole) - len(best)) <= _FEW_CELLS
        return (whole, max(form.fit(whole), 1)) if whole and near else (best, score)
    laid = (
        told
        for some in (grid, *grid.without_weak())
        if (told := _laid_out(some, form)) and _even(told, grid.height)
    )
    told = next(laid, ())
    return (told, max(form.fit(told), 1)) if told else (best, 0)


def _laid_out(grid: Grid, form: Shapes, alike: float = _ALIKE) -> tuple[LatticeCell, ...]:
    """Return the cells of the form's layout that the evidence speaks for, clearly more than for any other; else none.

    `alike` is the agreement that is enough.
    """
    known = [(grid.likeness(layout), layout) for layout in form.layouts(len(grid.ys) - 1, len(grid.xs) - 1)]
    ranked = sorted(known, key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < alike or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLEARLY):
        return ()
    return grid.boxed(ranked[0][1])


def _with_worn(ink: Mask, ys: list[Band], height: float, over_least: float) -> list[Band]:
    """Add level lines worn to so little that no piece is long enough: over the whole width of the table they still stand out.

    `ink` is that of lines and dirt. A line of text has as much ink a little above and below.
    """
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8)) > 0
    share = thick.mean(axis=1)
    aside = max(3, round(height / 3)) + 1
    wide = np.pad(share, aside)
    over = share - np.maximum(wide[: -2 * aside], wide[2 * aside :])
    least = max(over_least, _DEVIATIONS * 1.4826 * float(np.median(np.abs(over - np.median(over)))))
    near = np.zeros(len(share), dtype=bool)
    for first, last in ys:
        near[max(first - round(height), 0) : last + round(height) + 1] = True
    found = np.flatnonzero((over >= least) & ~near)
    runs = np.split(found, np.flatnonzero(np.diff(found) > height / 2) + 1) if len(found) else []
    middles = [int(run[int(np.argmax(over[run]))]) for run in runs]
    return sorted([*ys, *((y, y) for y in middles)])
