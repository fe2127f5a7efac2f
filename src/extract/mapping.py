"""From a printed table to the cells of the form: which number stands for which code.

For each edition and form table, rows and columns are aligned in order by their labels; the mapping with the best
score wins. Nothing is dropped: numbers in lines that the form does not have are kept as extras.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.form import EDITIONS, Edition, FormTable, edition
from extract.grid import Grid, grid_of, transpose
from extract.map_blocks import map_blocks
from extract.map_outcomes import map_outcomes
from extract.map_requests import map_requests
from extract.map_types import Extra, Fragment, Placed
from extract.model import Table
from extract.numbers import parse, tidy


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two tables that give one cell other numbers; the first was kept."""

    code: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """All tables of a report mapped to one edition: places by code, extras, and which form tables were met.

    `edition` is None where no table of the form was found. `used` are positions in the list of tables given.
    """

    edition: Edition | None
    placed: dict[str, Placed]
    extras: tuple[Extra, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    used: dict[int, str] = field(default_factory=dict)


def map_table(table: Table, edit: Edition) -> Fragment | None:
    """Map one printed table to the form table of an edition that it fits best, or None if it fits none."""
    turned = _turned(table)
    found = [fragment for name in edit.tables for fragment in _try(table, turned, edit.tables[name])]
    best = max(found, key=lambda fragment: fragment.score, default=None)
    return best if best is not None and best.score > 0 else None


def _turned(table: Table) -> Grid | None:
    """Return the grid turned over its diagonal, for small tables only: the review table may stand upright."""
    return grid_of(transpose(table)) if table.n_columns <= 8 and table.n_rows <= 40 else None


def _try(table: Table, turned: Grid | None, form: FormTable) -> list[Fragment]:
    grid = grid_of(table)
    if form.name == "requests":
        found = [map_requests(grid, form)]
    elif form.name == "proactive":
        found = [map_blocks(grid, form)]
    else:
        found = [map_outcomes(g, form) for g in (grid, turned) if g is not None]
    return [fragment for fragment in found if fragment is not None]


def map_tables(tables: Sequence[Table]) -> Mapping:
    """Map all tables of a report to the edition that fits them best as a whole.

    The edition is chosen by the labels that are there, never by the year: reports in last year's form occur.
    """
    trials = []
    for name in EDITIONS:
        fragments = [map_table(table, edition(name)) for table in tables]
        score = sum(f.score for f in fragments if f is not None)
        trials.append((score, fragments, edition(name)))
    score, fragments, best = max(trials, key=lambda trial: trial[0])
    if score <= 0:
        return Mapping(None, {})
    return _merge(best, fragments, [table.source for table in tables])


def _merge(edit: Edition, fragments: Sequence[Fragment | None], sources: Sequence[str]) -> Mapping:
    """Put the fragments of a report together, in order; the first to place a cell keeps it."""
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    conflicts: list[Conflict] = []
    used: dict[int, str] = {}
    for index, fragment in enumerate(fragments):
        if fragment is None:
            continue
        used[index] = fragment.table
        extras.extend(Extra(e.table, _sourced(e.placed, sources[index])) for e in fragment.extras)
        for code, place in fragment.placed.items():
            if code not in placed:
                placed[code] = _sourced(place, sources[index])
            elif not _same(placed[code].cell.text, place.cell.text):
                conflicts.append(Conflict(code, placed[code].cell.text, place.cell.text))
    return Mapping(edit, placed, tuple(extras), tuple(conflicts), used)


def _sourced(placed: Placed, source: str) -> Placed:
    """Say where a cell comes from: a table over two pages may be text on one and a picture on the other."""
    return replace(placed, source="picture" if placed.cell.place.picture else source)


def _same(one: str, other: str) -> bool:
    a, b = parse(one), parse(other)
    return (a.kind, a.value) == (b.kind, b.value) if a.kind != "unreadable" else tidy(one) == tidy(other)
