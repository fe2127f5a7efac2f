"""Parts of the table of blocks, as page breaks leave them, by their shape: each block has a name, a head and rows.

A block's name stands in a row above it, or in a column at its left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extract.form import FormTable, Line
from extract.scan.expected import Expected
from extract.skeleton import Shape, guess_at, shortest_of

_LEAST = 2
"""Rows of which a part has more: fewer say nothing by their shape."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of the table: its block's name, and whether it is the name's own row, the head's (`line` is None), or a line's."""

    group: str
    line: Line | None = None
    name: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands in the table: its rows, those of the plan that they are, and whether names stand above."""

    rows: tuple[int, ...]
    planned: tuple[Planned, ...]
    above: bool


def block_places(shape: Shape, form: FormTable) -> Iterator[Place]:
    """Yield where some rows of a table fit, by how many cells stand in each."""
    yield from _below_names(shape, form)
    yield from _beside_names(shape, form)


def _plan(form: FormTable, *, above: bool) -> list[Planned]:
    """Return the rows of the whole table."""
    found: list[Planned] = []
    for group in dict.fromkeys(row.path[0] for row in form.rows):
        rows = [row for row in form.rows if row.path[0] == group]
        found += [Planned(group, name=True)] * above + [
            Planned(group),
            *(Planned(group, row) for row in rows),
        ]
    return found


def _width(form: FormTable, group: str) -> int:
    """Return the cells in a row of a block: its label and its values."""
    return len(form.columns_of(_first(form, group))) + 1


def _first(form: FormTable, group: str) -> Line:
    return next(line for line in form.rows if line.path[0] == group)


def _below_names(shape: Shape, form: FormTable) -> Iterator[Place]:
    """Blocks printed as tables of their own have the paper between them as one more row of one cell."""
    plan = _plan(form, above=True)
    wanted = [1 if planned.name else _width(form, planned.group) for planned in plan]
    lengths = [len(covering) for covering in shape.covering]
    rows = [r for r, n in enumerate(lengths) if not (n == 1 and r and lengths[r - 1] == 1)]
    counts = [lengths[r] for r in rows]
    if len(counts) > _LEAST:
        for start in range(len(wanted) - len(counts) + 1):
            if wanted[start : start + len(counts)] == counts:
                yield Place(tuple(rows), tuple(plan[start : start + len(counts)]), above=True)


def _beside_names(shape: Shape, form: FormTable) -> Iterator[Place]:
    """A name's cell ends where its block does, or the page."""
    names = [covering[0] for covering in shape.covering if covering]
    n = shape.n_rows
    if n <= _LEAST or len(names) != n or any(shape.cells[i].column_span != 1 for i in names):
        return
    plan = _plan(form, above=False)
    for start in range(len(plan) - n + 1):
        part = plan[start : start + n]
        wide = all(
            len(covering) == 1 + _width(form, planned.group)
            for covering, planned in zip(shape.covering, part, strict=True)
        )
        ends = all((names[k] == names[k - 1]) == (part[k].group == part[k - 1].group) for k in range(1, n))
        if wide and ends:
            yield Place(tuple(range(n)), tuple(part), above=False)


def blocks_guess(shape: Shape, form: FormTable, place: Place) -> Expected:
    """Return the guess at the words of a part. A name at the left of half a block is left to be read."""
    labels: dict[int, str] = {}
    others: set[int] = set()
    leaves: list[int] = []
    money: list[int] = []
    for r, planned in zip(place.rows, place.planned, strict=True):
        name, *covering = shape.covering[r] if not place.above else (-1, *shape.covering[r])
        if name >= 0 and _whole(form, place, planned.group):
            labels[name] = planned.group
        elif name >= 0:
            others.add(name)
        if planned.line is not None:
            labels[covering[0]] = planned.line.path[-1]
            leaves.append(covering[0])
            others.update(covering[1:])
        elif planned.name:
            labels[covering[0]] = planned.group
        else:
            first = _first(form, planned.group)
            columns = dict(zip(covering[1:], form.columns_of(first), strict=True))
            labels.update((i, column.path[-1]) for i, column in columns.items())
            money += [i for i, c in columns.items() if form.cells[first.key, c.key].type == "decimal"]
    probes = [*money, *leaves]
    few = shortest_of(leaves, labels)[::2] if leaves else []
    return guess_at(shape, labels, [*money, *few] or labels, probes or labels, others)


def _whole(form: FormTable, place: Place, group: str) -> bool:
    """Tell whether a part has all rows of a block."""
    return [p for p in place.planned if p.group == group] == [
        p for p in _plan(form, above=place.above) if p.group == group
    ]
