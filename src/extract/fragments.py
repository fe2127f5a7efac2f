"""Parts of the form's tables, as page breaks leave them, by their shape: the same as `skeleton` does for whole ones.

A part with enough rows fits few places of the form, and its labels' lengths tell which; where its place is known, few
of its labels have to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extract.block_parts import block_places, blocks_guess
from extract.form import EDITIONS, STATISTICS, FormTable, edition
from extract.scan.expected import Expected, Square
from extract.skeleton import (
    HEAD_ROWS,
    WIDEST_SHEET,
    Shape,
    guess_at,
    row_ranges,
    shortest_of,
    within,
)

_LEAST = 2
"""Rows that a part of a table has at least: fewer say nothing by their shape."""
_LEAST_SHEET = 6
"""The same of a statistics sheet, since many other tables have rows of three squares."""
_LEAST_GUESSED = 3
"""Labels from which a part's place is guessed: fewer are read faster than guessed."""


def is_part(cells: Sequence[Square]) -> bool:
    """Tell whether a table is shaped like some rows of one of the form's tables."""
    shape = Shape(cells)
    ways: dict[str, Callable[[Shape, FormTable], bool]] = {
        "requests": lambda shape, form: next(_requests(shape, form), None) is not None,
        "proactive": lambda shape, form: next(block_places(shape, form), None) is not None,
        "review_and_litigation": _outcomes,
        STATISTICS: _sheet,
    }
    return any(ways[form.name](shape, form) for form in _forms())


def part_guesses(cells: Sequence[Square]) -> list[Expected]:
    """Return the guesses at some rows of the first two tables, one for each place where the shape fits."""
    shape = Shape(cells)
    found: list[Expected] = []
    for form in _forms():
        if form.name == "requests":
            found += [_requests_guess(shape, form, *place) for place in _requests(shape, form)]
        elif form.name == "proactive":
            found += [blocks_guess(shape, form, place) for place in block_places(shape, form)]
    return [replace(guess, part=True) for guess in found if len(guess.wordings) >= _LEAST_GUESSED]


def _forms() -> list[FormTable]:
    return [form for name in EDITIONS for form in edition(name).tables.values()]


def _requests(shape: Shape, form: FormTable) -> Iterator[tuple[int, int]]:
    """Yield how many rows of head some rows of the table have, two at least, and from which row of the form they are.

    With the head, which may be repeated, they are mostly the first ones.
    """
    n, first = len(form.columns), shape.n_columns - len(form.columns)
    if not 1 <= first <= max(len(row.path) for row in form.rows):
        return
    full = [len(shape.units(r, first)) == n for r in range(shape.n_rows)]
    top = next((r for r, whole in enumerate(full) if whole), shape.n_rows)
    if top > HEAD_ROWS or not all(full[top:]):
        return
    yield from ((top, start) for start in _starts(shape, form, top))


def _starts(shape: Shape, form: FormTable, head: int) -> Iterator[int]:
    """Yield from which rows of the form on the labels below a head fit."""
    count = shape.n_rows - head
    if count < _LEAST:
        return
    labels = [[shape.cells[i] for i in _beside(shape, form, r)] for r in range(head, shape.n_rows)]
    for start in range(len(form.rows) - count + 1):
        ranges = (row_ranges(form, form.rows[start + k]) for k in range(count))
        if all(within(part, spans, head - start) for part, spans in zip(labels, ranges, strict=True)):
            yield start


def _beside(shape: Shape, form: FormTable, row: int) -> list[int]:
    """Return the cells of a row's labels, outermost first."""
    first = shape.n_columns - len(form.columns)
    return [i for i in shape.covering[row] if shape.cells[i].column < first]


def _requests_guess(shape: Shape, form: FormTable, head: int, start: int) -> Expected:
    """Labels of groups that the page break cut are left to be read: what stands in which half is anyone's guess."""
    first, count = shape.n_columns - len(form.columns), shape.n_rows - head
    labels: dict[int, str] = {}
    others: set[int] = set()
    leaves: list[int] = []
    for k, row in enumerate(form.rows[start : start + count]):
        beside = _beside(shape, form, head + k)
        others.update(shape.units(head + k, first))
        leaves.append(beside[-1])
        for i, name, (top, bottom) in zip(beside, row.path, row_ranges(form, row), strict=True):
            if start <= top and bottom <= start + count:
                labels[i] = name
            else:
                others.add(i)
    shortest = shortest_of(leaves, labels)
    over = [shape.over(head - 1, first + k) for k in range(len(form.columns))] if head else []
    heads = [i for i in over if i is not None]
    if len(set(heads)) != len(form.columns):
        heads = []
    else:
        labels.update((i, column.path[-1]) for i, column in zip(heads, form.columns, strict=True))
    return guess_at(shape, labels, {shortest[0], shortest[-1]}, {*shortest, *heads[-1:]}, others)


def _outcomes(shape: Shape, form: FormTable) -> bool:
    """Tell the row of numbers, with some of its head or without, or the head alone: columns under names of groups."""
    n, last = len(form.columns), shape.n_rows - 1
    whole = n * len(form.rows)
    if shape.n_columns != whole or len(shape.covering[last]) != whole:
        return False
    groups = [i for i in shape.covering[0] if shape.cells[i].column_span % n == 0]
    return len(shape.units(last, 0)) == whole or (last > 0 and len(groups) == len(shape.covering[0]))


def _sheet(shape: Shape, form: FormTable) -> bool:
    """Tell rows of as many squares each as a sheet has, as many as a page may hold of it."""
    n, wide = shape.n_rows, shape.n_columns
    return (
        3 <= wide <= WIDEST_SHEET
        and _LEAST_SHEET <= n <= len(form.lines) + 3
        and all(len(shape.units(r, 0)) == wide for r in range(n))
    )
