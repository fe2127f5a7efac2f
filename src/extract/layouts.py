"""The form's tables as they are printed: which squares of a grid are one cell.

Where lines are worn, single borders prove nothing, but a whole layout has hundreds of them: the one whose borders are seen
where it has some, and not where it has none, is the table's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from extract.form import EDITIONS, FormTable, edition
from extract.fragments import is_part, part_guesses
from extract.scan.expected import Rectangle, Shapes
from extract.skeleton import expectations, row_ranges

_LEAST_ROWS = 3
"""Rows that a part of a table has at least: fewer say nothing by their borders."""
Layout = tuple[Rectangle, ...]


@cache
def layouts(n_rows: int, n_columns: int) -> tuple[Layout, ...]:
    """Return the layouts that the form's tables, or parts of them as page breaks leave, have on a grid of some size."""
    ways = {"requests": _requests, "proactive": _proactive, "review_and_litigation": _outcomes}
    tables = [form for name in EDITIONS for form in edition(name).tables.values() if form.name in ways]
    found = (layout for form in tables for layout in ways[form.name](form, n_rows, n_columns))
    return tuple(dict.fromkeys(found)) if n_rows >= _LEAST_ROWS else ()


def _requests(form: FormTable, n_rows: int, n_columns: int) -> Iterator[Layout]:
    """Yield the table with its head, from its first row on, and parts of it without."""
    depth = max(len(row.path) for row in form.rows)
    if n_columns != depth + len(form.columns):
        return
    paths = [column.path for column in form.columns]
    levels = max(len(path) for path in paths)
    for head in (levels + 1, levels):
        if 0 < n_rows - head <= len(form.rows):
            corner = 0, 0, head, depth
            yield (corner, *_head(paths, head, depth), *_rows(form, 0, n_rows - head, head, depth))
    for start in range(len(form.rows) - n_rows + 1):
        yield tuple(_rows(form, start, n_rows, 0, depth))


def _head(paths: Sequence[tuple[str, ...]], head: int, depth: int) -> Iterator[Rectangle]:
    """Yield the head's cells right of the labels: a title over all columns if there is room, each level of their names."""
    titled = head - max(len(path) for path in paths)
    if titled:
        yield 0, depth, titled, depth + len(paths)
    for level in range(head - titled):
        first = 0
        while first < len(paths):
            part = paths[first][: level + 1]
            last = first + 1
            while last < len(paths) and paths[last][: level + 1] == part:
                last += 1
            if level < len(paths[first]):
                bottom = head if level == len(paths[first]) - 1 else titled + level + 1
                yield titled + level, depth + first, bottom, depth + last
            first = last


def _rows(form: FormTable, start: int, count: int, head: int, depth: int) -> Iterator[Rectangle]:
    """Yield the cells of `count` rows from the row `start` of the form on, printed below `head` rows."""
    seen: set[Rectangle] = set()
    for k in range(start, start + count):
        row = form.rows[k]
        *groups, _ = row_ranges(form, row)
        for level, (first, last) in enumerate(groups):
            top, bottom = max(first, start) - start, min(last, start + count) - start
            group = head + top, level, head + bottom, level + 1
            if group not in seen:
                seen.add(group)
                yield group
        at = head + k - start
        yield at, len(row.path) - 1, at + 1, depth
        yield from ((at, depth + c, at + 1, depth + c + 1) for c in range(len(form.columns)))


def _proactive(form: FormTable, n_rows: int, n_columns: int) -> Iterator[Layout]:
    """Yield blocks, each a name over a head over rows, and parts of them, where every row has all columns or one."""
    lengths: list[int] = []
    for group in dict.fromkeys(row.path[0] for row in form.rows):
        rows = [row for row in form.rows if row.path[0] == group]
        lengths += [1, *[len(form.columns_of(rows[0])) + 1] * (len(rows) + 1)]
    if set(lengths) <= {1, 2, max(lengths)}:
        for start in range(len(lengths) - n_rows + 1):
            part = lengths[start : start + n_rows]
            if max(part) == n_columns:
                yield tuple(_blocks(part, n_columns))


def _outcomes(form: FormTable, n_rows: int, n_columns: int) -> Iterator[Layout]:
    """Yield the table of outcomes, which is printed in one row of numbers: the names of its rows stand over those of its columns."""
    paths = [(*row.path, *column.path) for row in form.rows for column in form.columns]
    head = max(len(path) for path in paths)
    if (n_rows, n_columns) == (head + 1, len(paths)):
        yield (*_head(paths, head, 0), *((head, c, n_rows, c + 1) for c in range(n_columns)))


def _blocks(lengths: Sequence[int], n_columns: int) -> Iterator[Rectangle]:
    for r, length in enumerate(lengths):
        bounds = [0, n_columns] if length == 1 else [0, 1, n_columns] if length == 2 else range(n_columns + 1)
        yield from ((r, a, r + 1, b) for a, b in pairwise(bounds))


FORM = Shapes(expectations, part_guesses, is_part, layouts)
"""What the reader of pictures is told of the form."""
