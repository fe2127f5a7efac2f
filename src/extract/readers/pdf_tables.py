"""Lattice and glyphs to table: each glyph goes to the cell that holds its middle, and none is lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise

from extract.model import Box, Cell, Place, Reading, Table
from extract.readers.pdf_aligned import Found
from extract.readers.pdf_ink import Glyph, Ink, box_on_page
from extract.readers.pdf_lattice import Area, Lattice, narrowed
from extract.readers.pdf_text import cell_text

_REACH = 1.5
"""Points around a lattice within which print belongs to it."""
_MINOR = 0.35
"""Share of the table's width below which a row border is only that of some labels."""
_ALIGNED = 0.9
"""Probability that a cell of a table without ruling lines holds what it should: its column is told by alignment alone."""
_ONE_RUN = 0.03
"""Em: digits drawn as one string follow each other this closely; those of two cells never do."""


def take(lattice: Lattice, glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """Part glyphs into those on the lattice and the others."""
    box = lattice.box
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        across = box.x0 - _REACH <= glyph.cx <= box.x1 + _REACH
        on = across and box.y0 - _REACH <= glyph.cy <= box.y1 + _REACH
        (inside if on else outside).append(glyph)
    return inside, outside


def fill(lattice: Lattice, glyphs: Sequence[Glyph], ink: Ink, page: int) -> Table:
    """Make the table of a lattice and the glyphs on it. Cells without print have the text ""."""
    held = _held(lattice, glyphs)
    areas = _without_slivers(lattice, held)
    lattice = narrowed(lattice._replace(cells=tuple(areas)))
    box = lattice.box
    cells = []
    for area, own in sorted(zip(lattice.cells, areas.values(), strict=True)):
        here = lattice.box_of(area)
        fitting = [g for g in own if g.size <= 1.5 * (here.y1 - here.y0) or g.turn]
        cells.append(_cell(area, fitting, here, ink, page))
    return Table(tuple(cells), "pdf", Place(page=page, box=_rounded(ink, box)))


def fill_aligned(found: Found, ink: Ink, page: int) -> Table:
    """Make the table of rows without ruling lines; boxes are those of the columns and of the lines of print.

    Which column a number stands in is a guess here, so every cell carries a probability.
    """
    cells = []
    last = len(found.xs) - 2
    for k, row in enumerate(found.rows):
        free = set(range(last + 1)) - {c for a, b in row.cells for c in range(a, b + 1)}
        for (a, b), glyphs in (*row.cells.items(), *(((c, c), []) for c in free)):
            y0, y1 = (min(g.y0 for g in glyphs), max(g.y1 for g in glyphs)) if glyphs else (row.y0, row.y1)
            box = Box(found.xs[a], y0, found.xs[b + 1], y1)
            cell = _cell(Area(k, a, 1, b - a + 1), glyphs, box, ink, page)
            cells.append(replace(cell, candidates=(Reading(cell.text, _ALIGNED),)))
    cells.sort(key=lambda c: (c.row, c.column))
    boxes = [cell.place.box for cell in cells if cell.place.box is not None]
    return Table(tuple(cells), "pdf", Place(page=page, box=reduce(Box.union, boxes)))


def _cell(area: Area, glyphs: Sequence[Glyph], box: Box, ink: Ink, page: int) -> Cell:
    place = Place(page=page, box=_rounded(ink, box))
    return Cell(area.row, area.column, cell_text(glyphs), area.row_span, area.column_span, place)


def _held(lattice: Lattice, glyphs: Sequence[Glyph]) -> dict[Area, list[Glyph]]:
    """Return the glyphs of each cell."""
    owner: dict[tuple[int, int], Area] = {}
    for area in lattice.cells:
        for row in range(area.row, area.row + area.row_span):
            for column in range(area.column, area.column + area.column_span):
                owner[row, column] = area
    held: dict[Area, list[Glyph]] = {area: [] for area in lattice.cells}
    for run in _runs(glyphs):
        for glyph in run:
            area = owner[_row(lattice, glyph), _column(lattice, glyph)]
            if len(run) > 1:
                area = owner[_row(lattice, run[0]), _middle(lattice, run)]
            held[area].append(glyph)
    return held


def _without_slivers(lattice: Lattice, held: dict[Area, list[Glyph]]) -> dict[Area, list[Glyph]]:
    """Undo what browsers leave at page breaks.

    A cell over several rows ends in the wrong place, with a blank cell below it; and where a row moved to the next
    page, the room it left is framed as one wide blank cell.
    """
    areas = dict(held)
    width = lattice.xs[-1] - lattice.xs[0]
    for k in range(1, len(lattice.ys) - 1):
        ends = [a for a in areas if a.row + a.row_span == k]
        ruled = sum(lattice.xs[a.column + a.column_span] - lattice.xs[a.column] for a in ends)
        for above in ends if ruled < _MINOR * width else ():
            below = next((b for b in areas if b.row == k and b[1::2] == above[1::2]), None)
            if below and not (_printed(areas[above]) and _printed(areas[below])):
                glyphs = areas.pop(above) + areas.pop(below)
                areas[above._replace(row_span=above.row_span + below.row_span)] = glyphs
    n = len(lattice.ys) - 1
    edge = [a for a in areas if a.row == n - 1]
    crowd = [a for a in areas if a.row + a.row_span == n - 1]
    if n > 1 and edge and len(edge) < len(crowd) and not any(_printed(areas[a]) for a in edge):
        kept = {a: g for a, g in areas.items() if a.row < n - 1}
        areas = {_cut(a, n - 1): glyphs for a, glyphs in kept.items()}
    return areas


def _cut(area: Area, n_rows: int) -> Area:
    return area._replace(row_span=min(area.row_span, n_rows - area.row))


def _printed(glyphs: Sequence[Glyph]) -> bool:
    return any(glyph.text != " " for glyph in glyphs)


def _rounded(ink: Ink, box: Box) -> Box:
    box = box_on_page(ink, box)
    return Box(round(box.x0, 2), round(box.y0, 2), round(box.x1, 2), round(box.y1, 2))


def _row(lattice: Lattice, glyph: Glyph) -> int:
    return min(max(bisect_right(lattice.ys, glyph.cy) - 1, 0), len(lattice.ys) - 2)


def _column(lattice: Lattice, glyph: Glyph) -> int:
    return _at(lattice, glyph.cx)


def _middle(lattice: Lattice, run: Sequence[Glyph]) -> int:
    return _at(lattice, (run[0].x0 + run[-1].x1) / 2)


def _at(lattice: Lattice, x: float) -> int:
    return min(max(bisect_right(lattice.xs, x) - 1, 0), len(lattice.xs) - 2)


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Split glyphs, in the order drawn, into strings of digits and single other glyphs.

    A number wider than its column runs over the border, and its last digit's middle may lie in the next cell.
    """
    runs: list[list[Glyph]] = [[glyph] for glyph in glyphs[:1]]
    for left, right in pairwise(glyphs):
        if _continues(left, right):
            runs[-1].append(right)
        else:
            runs.append([right])
    return runs


def _continues(left: Glyph, right: Glyph) -> bool:
    if not (left.text.isdecimal() and right.text.isdecimal()) or left.turn or right.turn:
        return False
    level = abs(left.y0 - right.y0) < 0.1
    return level and abs(right.x0 - left.x1) <= _ONE_RUN * left.size
