"""Tables that hold more than one table of the form, cut at the headings that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from extract.form import section_titles
from extract.grid import grid_of
from extract.labels import normalise
from extract.model import Block, Box, Cell, Table, Text
from extract.numbers import is_value
from extract.sheet import columns_of

_LIKE = 80.0
"""Likeness (0 to 100) of a row's only text to the title of a section."""


def split(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Cut tables at rows that are a section's heading; the heading becomes text. Other blocks stay as they are.

    Happens where a page has no ruling lines, so that the tables of two sections and the heading between them look like one,
    and where an author has typed the whole report into a table.
    """
    return tuple(
        part for block in blocks for part in (_parts(block) if isinstance(block, Table) else (block,))
    )


def _parts(table: Table) -> Iterator[Block]:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows.setdefault(row, []).append(cell)
    cuts = [row for row, cells in sorted(rows.items()) if _is_heading(cells)]
    if not cuts or _is_sheet(table):
        yield table
        return
    for first, last in zip([0, *(cut + 1 for cut in cuts)], [*cuts, table.n_rows], strict=True):
        cells = tuple(replace(cell, row=cell.row - first) for cell in table.cells if first <= cell.row < last)
        if cells:
            yield replace(table, cells=cells, place=replace(table.place, box=_around(cells)))
        if last in cuts:
            heading = next(cell for cell in rows[last] if cell.text.strip())
            yield Text("".join(heading.text.split("\n")), heading.place)


def _is_sheet(table: Table) -> bool:
    """Tell a statistics sheet, whose groups of rows are headed as sections are."""
    columns = columns_of(grid_of(table))
    return columns is not None and columns.named


def _is_heading(cells: Sequence[Cell]) -> bool:
    """Tell a row whose only text is the title of a section."""
    texts = [cell for cell in cells if cell.text.strip()]
    if len(texts) != 1 or texts[0].row_span > 1 or is_value(texts[0].text) or len(texts[0].text) > 40:
        return False
    bare = normalise(texts[0].text)
    return any(
        fuzz.ratio(bare, normalise(title)) >= _LIKE for _, title, exact in section_titles() if not exact
    )


def _around(cells: Sequence[Cell]) -> Box | None:
    boxes = [cell.place.box for cell in cells if cell.place.box is not None]
    whole = boxes[0] if boxes else None
    for box in boxes[1:]:
        whole = whole.union(box) if whole else box
    return whole
