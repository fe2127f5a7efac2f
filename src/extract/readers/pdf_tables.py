"""Lattice and glyphs to table: each glyph goes to the cell that holds its middle, and none is lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extract.model import Box, Cell, Place, Table
from extract.readers.pdf_ink import Glyph, Ink, box_on_page
from extract.readers.pdf_lattice import Area, Lattice
from extract.readers.pdf_text import cell_text

_REACH = 1.5
"""Points around a lattice within which print belongs to it."""
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
    cells = (_cell(lattice, area, held[area], ink, page) for area in sorted(lattice.cells))
    return Table(tuple(cells), "pdf", Place(page=page, box=_rounded(ink, lattice.box)))


def _cell(lattice: Lattice, area: Area, glyphs: list[Glyph], ink: Ink, page: int) -> Cell:
    box = lattice.box_of(area)
    fitting = [g for g in glyphs if g.size <= 1.5 * (box.y1 - box.y0) or g.turn]
    place = Place(page=page, box=_rounded(ink, box))
    return Cell(area.row, area.column, cell_text(fitting), area.row_span, area.column_span, place)


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
