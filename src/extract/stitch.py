"""Tables that a page break cut in two, put together again.

Pure: blocks in, blocks out; every cell keeps its own place. Two tables are one where nothing stands between them,
the second begins a new page (or neither has pages), and their column borders agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.labels import normalise
from extract.model import Block, Cell, Table
from extract.numbers import is_value

_NEAR = 0.012
"""Borders agree within this share of the table's width, after both are brought to one width: pages are scanned
askew, and Word lays a table out anew on each page."""
_WIDTH = 0.04
"""Share by which the widths of two parts may differ."""
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十]+[)）、.．]|[（(]?\d{1,2}[)）、.．]|[①-⑳])")


def stitch(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Join the parts of each table; other blocks stay as they are."""
    result: list[Block] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, Table) and isinstance(last, Table):
            joined = _joined(last, block)
            if joined is not None:
                result[-1] = joined
                continue
        result.append(block)
    return tuple(result)


def _joined(first: Table, second: Table) -> Table | None:
    """Return both parts as one table, or None where they are two."""
    if (
        first.source != second.source
        or first.place.file != second.place.file
        or not (first.cells and second.cells)
    ):
        return None
    pages = [cell.place.page for cell in first.cells if cell.place.page is not None]
    if not pages or second.place.page is None or second.place.page != max(pages) + 1:
        return None
    grids = _one_grid(first, second)
    if grids is None:
        return None
    top, bottom = grids
    bottom = _without_head(top, bottom)
    offset = max(cell.row + cell.row_span for cell in top)
    below = [replace(cell, row=cell.row + offset) for cell in bottom]
    source = second.source if first.source == "picture" else first.source
    return replace(first, cells=tuple(_mended(top, below, offset)), source=source)


def _edges(table: Table) -> list[float] | None:
    """Return the column borders of a part as fractions of its width, ascending, or None without boxes."""
    boxes = [cell.place.box for cell in table.cells if cell.place.box is not None]
    if len(boxes) < len(table.cells):
        return None
    low, high = min(b.x0 for b in boxes), max(b.x1 for b in boxes)
    values = sorted((x - low) / max(high - low, 1e-6) for b in boxes for x in (b.x0, b.x1))
    return _clustered(values)


def _clustered(values: Sequence[float]) -> list[float]:
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > _NEAR:
            result.append(value)
    return result


def _one_grid(first: Table, second: Table) -> tuple[list[Cell], list[Cell]] | None:
    """Place the cells of both parts on the union of their column borders; None where these do not agree."""
    a, b = _edges(first), _edges(second)
    if a is None or b is None or not _alike(first, second):
        return None
    fewer, more = sorted((a, b), key=len)
    if len(fewer) < 3 or any(min(abs(x - y) for y in more) > _NEAR for x in fewer):
        return None
    return _placed(first, more), _placed(second, more)


def _alike(first: Table, second: Table) -> bool:
    """Tell whether two parts are about equally wide; points and pixels cannot be compared."""
    if first.source != second.source:
        return True
    widths = []
    for table in (first, second):
        boxes = [cell.place.box for cell in table.cells if cell.place.box is not None]
        widths.append(max(b.x1 for b in boxes) - min(b.x0 for b in boxes))
    return abs(widths[0] - widths[1]) <= _WIDTH * max(widths)


def _placed(table: Table, edges: Sequence[float]) -> list[Cell]:
    boxes = [cell.place.box for cell in table.cells if cell.place.box is not None]
    low, high = min(b.x0 for b in boxes), max(b.x1 for b in boxes)

    def nearest(x: float) -> int:
        share = (x - low) / max(high - low, 1e-6)
        return min(range(len(edges)), key=lambda i: abs(edges[i] - share))

    result = []
    for cell, box in zip(table.cells, boxes, strict=True):
        start, stop = nearest(box.x0), nearest(box.x1)
        result.append(replace(cell, column=start, column_span=max(stop - start, 1)))
    return result


def _row(cells: Sequence[Cell], row: int) -> list[Cell]:
    return [cell for cell in cells if cell.row <= row < cell.row + cell.row_span]


def _without_head(top: Sequence[Cell], bottom: Sequence[Cell]) -> list[Cell]:
    """Drop the rows with which a part repeats the head of the table."""
    n = 0
    while n < 4:
        texts = [normalise(cell.text) for cell in bottom if cell.row == n]
        same = texts == [normalise(cell.text) for cell in top if cell.row == n]
        if not same or not any(texts) or any(is_value(cell.text) for cell in _row(bottom, n)):
            break
        n += 1
    spans = any(cell.row < n < cell.row + cell.row_span for cell in bottom)
    if n == 0 or spans:
        return list(bottom)
    return [replace(cell, row=cell.row - n) for cell in bottom if cell.row >= n]


def _mended(top: list[Cell], below: list[Cell], offset: int) -> list[Cell]:
    """Put together what the break cut: a row of numbers in two halves, and labels that go on."""
    last, first = _row(top, offset - 1), _row(below, offset)
    if _one_row(last, first):
        return _merged_rows(top, below, offset)
    result = {id(cell): cell for cell in (*top, *below)}
    for lower in first:
        upper = next(
            (c for c in last if (c.column, c.column_span) == (lower.column, lower.column_span)), None
        )
        if upper is None or not _goes_on(upper, lower):
            continue
        text = upper.text + lower.text
        result[id(upper)] = replace(upper, text=text, row_span=offset + lower.row_span - upper.row)
        del result[id(lower)]
    return list(result.values())


def _goes_on(upper: Cell, lower: Cell) -> bool:
    """Tell a label that goes on below the break: its second half has no number of its own."""
    if is_value(upper.text) or is_value(lower.text) or not normalise(upper.text) or upper.candidates:
        return False
    if not normalise(lower.text):
        return lower.row_span > 1
    return not _NUMBERED.match(lower.text) and upper.row_span + lower.row_span > 2


def _one_row(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Tell one row cut in two: the lower half's label has no number, and just one half holds values."""
    labels = [[c for c in part if normalise(c.text) and not is_value(c.text)] for part in (last, first)]
    values = [sum(is_value(c.text) for c in part) for part in (last, first)]
    if not labels[0] or not labels[1] or (values[0] > 0) == (values[1] > 0):
        return False
    return not _NUMBERED.match(labels[1][-1].text) and bool(_NUMBERED.match(labels[0][-1].text))


def _merged_rows(top: list[Cell], below: list[Cell], offset: int) -> list[Cell]:
    """Join the last row of one part with the first of the next, cell by cell."""
    result = list(top)
    for cell in below:
        if cell.row != offset:
            result.append(replace(cell, row=cell.row - 1))
            continue
        at = next(
            (i for i, c in enumerate(result) if c.column == cell.column and c in _row(top, offset - 1)), None
        )
        if at is None:
            result.append(replace(cell, row=offset - 1))
            continue
        upper = result[at]
        keep = upper if normalise(upper.text) or is_value(upper.text) else replace(cell, row=upper.row)
        text = upper.text + cell.text if keep is upper else cell.text
        result[at] = replace(keep, text=text, row=upper.row, row_span=upper.row_span + cell.row_span - 1)
    return result
