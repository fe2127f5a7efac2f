"""From ruling lines to cells: line positions make a grid, missing pieces of line make merged cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from extract.scan.bands import bands, closed, extent, reaching, supported, without_shadow
from extract.scan.borders import Band
from extract.scan.columns import between, evenly
from extract.scan.expected import NO_FORM, Shapes
from extract.scan.fitting import WHOLE, fitting
from extract.scan.grid import Grid, LatticeCell
from extract.scan.groups import Frame, groups
from extract.scan.lines import Rules
from extract.scan.marks import Mask

__all__ = ["Lattice", "LatticeCell", "find_lattices", "slivers", "without_columns"]


_FEW = 0.3
"""Share of the upright lines that reach a level border put in; one that fewer reach may be a stamp's doing."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: its cells and outer box (x0, y0, x1, y1) in pixels, and whether its lines are dotted or broken."""

    cells: tuple[LatticeCell, ...]
    box: tuple[int, int, int, int]
    worn: bool


def find_lattices(rules: Rules, form: Shapes = NO_FORM) -> tuple[Lattice, ...]:
    """Find the ruled tables of a picture, from the top: connected lines with two cells or more.

    `form` knows tables by their shape. Where what the lines make of a table has none of these, doubtful lines are left out,
    and other thresholds tried, until it has; where no threshold will do, it may have one of its layouts as a whole.
    If that does not help either, the table is as the lines say.
    """
    made = (_lattice(rules, own, frame, form) for own, frame in groups(rules))
    found = [lattice for lattice in made if lattice is not None]
    tables = [one for one in found if not any(_frames(one, other) for other in found)]
    return tuple(sorted(tables, key=lambda lattice: (lattice.box[1], lattice.box[0])))


def _frames(one: Lattice, other: Lattice) -> bool:
    """Tell a frame, or the edge of the paper, from a table: a whole other table stands in one of its cells."""
    x0, y0, x1, y1 = other.box
    boxes = [cell.box for cell in one.cells]
    return one is not other and any(a < x0 and b < y0 and x1 < c and y1 < d for a, b, c, d in boxes)


def _lattice(rules: Rules, own: NDArray[np.bool_], frame: Frame, form: Shapes) -> Lattice | None:
    """Make the table of the lines `own` (h, w) in a frame, or None where they make none."""
    x0, y0, x1, y1 = frame
    height = rules.text_height
    horizontal, vertical = (mask[y0:y1, x0:x1] * own for mask in (rules.horizontal, rules.vertical))
    ink = rules.ink[y0:y1, x0:x1]
    xs, ys = bands(vertical.T, height), bands(horizontal, height)
    xs = _without_shadow((horizontal, vertical), xs, height)
    xs, ys = supported(horizontal, vertical, ink, xs, ys, height)
    ys_closed = closed(ys, extent(vertical, xs, height), height)
    xs_closed = closed(xs, extent(horizontal.T, ys_closed, height), height)
    best: tuple[Grid, tuple[LatticeCell, ...], int] | None = None
    added = [((0, b), reaching(horizontal.T, ys, b, height)) for b in xs_closed if b not in xs]
    added += [((1, b), reaching(vertical, xs, b, height)) for b in ys_closed if b not in ys]
    weakest = [border for border, _ in sorted(added, key=lambda pair: pair[1])]
    doubtful = [(axis, band) for (axis, band), share in added if axis and share < _FEW]
    for some_xs, some_ys in _open_or_closed(xs_closed, ys_closed, weakest, doubtful):
        ways = between(ink, some_xs, some_ys, height) if len(some_xs) == 2 and len(some_ys) > 2 else []
        ruled = tuple(sorted([*some_xs, *ways]))
        if len(some_ys) < 2 or len(ruled) < 2 or (len(some_ys) - 1) * (len(ruled) - 1) < 2:
            continue
        grid = Grid(horizontal, vertical, ink, ruled, tuple(some_ys), height, (x0, y0), frozenset(ways))
        cells, fit = fitting(grid, form)
        best = (grid, cells, fit) if best is None or fit > best[2] else best
        if fit:
            break
    if best is not None and best[2] < WHOLE:
        best = _even(rules, best[0], form) or best
    if best is None or len(best[1]) < 2 or not (best[2] or best[0].plausible()):
        return None
    grid = best[0]
    outer = x0 + grid.xs[0][0], y0 + grid.ys[0][0], x0 + grid.xs[-1][1], y0 + grid.ys[-1][1]
    return Lattice(best[1], outer, grid.worn())


def _without_shadow(masks: Sequence[Mask], xs: list[Band], height: float) -> list[Band]:
    """Return upright lines without those of a shadow, and cut off the masks of lines what reaches into it."""
    inside = without_shadow(xs, height)
    for mask in masks if inside else ():
        if inside[0] != xs[0]:
            mask[:, : inside[0][0]] = 0
        if inside[-1] != xs[-1]:
            mask[:, inside[-1][1] + 1 :] = 0
    return inside


def _even(rules: Rules, grid: Grid, form: Shapes) -> tuple[Grid, tuple[LatticeCell, ...], int] | None:
    """Return a grid with lost lines between columns of equal width put in, where the form has such a table; else None.

    What fits a part of the form without them does so by chance, and its numbers stand in wrong columns.
    Level lines may be too worn to be followed to the end; a column beyond them is one where something is printed in it.
    """
    (x0, y0), (height, width) = grid.origin, grid.ink.shape
    for lines in evenly(grid.xs, grid.height):
        if len(lines) <= len(grid.xs):
            continue
        left, right = min(lines[0][0], 0), max(lines[-1][1] + 1, width)
        if x0 + left < 0 or x0 + right > rules.ink.shape[1]:
            continue
        beyond = rules.ink[y0 : y0 + height, x0 + left : x0 + right]
        xs = tuple((a - left, b - left) for a, b in lines)
        known = grid.xs[0][0] - left, grid.xs[-1][0] - left
        if not _printed(beyond, xs, known, grid):
            continue
        wider = ((0, 0), (-left, right - width))
        horizontal, vertical = (np.pad(mask, wider) for mask in (grid.horizontal, grid.vertical))
        seen = {(a - left, b - left) for a, b in grid.xs}
        lost = frozenset(x for x in xs if x not in seen)
        even = replace(
            grid,
            horizontal=horizontal,
            vertical=vertical,
            ink=beyond,
            xs=xs,
            origin=(x0 + left, y0),
            eaten=(lost, grid.eaten[1]),
        )
        cells, fit = fitting(even, form)
        if fit:
            return even, cells, fit
    return None


def _printed(ink: Mask, xs: Sequence[Band], known: tuple[int, int], grid: Grid) -> bool:
    """Tell whether something is printed in half the rows of each column that lies outside the `known` first and last line."""
    rim = max(2, round(grid.height / 4))
    columns = [(a, b) for a, b in pairwise(xs) if a[1] >= known[1] - rim or b[0] <= known[0] + rim]
    rows = [(a[1] + rim, b[0] - rim) for a, b in pairwise(grid.ys)]
    return all(
        2 * sum(bool(ink[top:bottom, a[1] + rim : b[0] - rim].any()) for top, bottom in rows) >= len(rows)
        for a, b in columns
    )


def _open_or_closed(
    xs_closed: list[Band],
    ys_closed: list[Band],
    added: Sequence[tuple[int, Band]],
    doubtful: Sequence[tuple[int, Band]] = (),
) -> Iterator[tuple[list[Band], list[Band]]]:
    """Yield the lines with all missing outer borders put in, then without some of these: a stamp's strokes reach out too.

    `added` are the borders put in, 0 for upright and 1 for level, those first to which the fewest lines reach. Without those
    of them that are `doubtful` they are tried before all.
    """
    if doubtful:
        yield (
            [b for b in xs_closed if (0, b) not in doubtful],
            [b for b in ys_closed if (1, b) not in doubtful],
        )
    for n in range(len(added) + 1):
        for left_out in combinations(added, n):
            yield (
                [b for b in xs_closed if (0, b) not in left_out],
                [b for b in ys_closed if (1, b) not in left_out],
            )


def slivers(cells: Sequence[LatticeCell], blank: Sequence[bool], height: float) -> set[int]:
    """Return the columns too narrow for a character in which nothing stands: gaps between lines, not columns."""
    single: dict[int, list[bool]] = {}
    for cell, empty in zip(cells, blank, strict=True):
        if cell.column_span == 1:
            narrow = cell.box[2] - cell.box[0] < height
            single.setdefault(cell.column, []).append(narrow and empty)
    return {column for column, found in single.items() if all(found)}


def without_columns(cell: LatticeCell, columns: set[int]) -> LatticeCell | None:
    """Return a cell as it stands on the grid without some columns, or None where it stands only on these."""
    span = sum(1 for c in range(cell.column, cell.column + cell.column_span) if c not in columns)
    before = sum(1 for c in columns if c < cell.column)
    return replace(cell, column=cell.column - before, column_span=span) if span else None
