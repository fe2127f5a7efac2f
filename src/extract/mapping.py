"""From a printed table to the cells of the form: which number stands for which code.

For each edition and form table, rows and columns are aligned in order by their labels; the mapping with the best
score wins. Nothing is dropped: numbers in lines that the form does not have are kept as extras.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.form import EDITIONS, LOCAL, STATISTICS, Edition, FormTable, edition
from extract.grid import Grid, grid_of, transpose
from extract.map_blocks import map_blocks
from extract.map_outcomes import map_outcomes
from extract.map_requests import map_requests
from extract.map_statistics import map_local, map_statistics
from extract.map_types import Extra, Fragment, Placed
from extract.model import Reading, Table
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

    `edition` is None where no table of a form was found; it is `local` for sheets from before 2014. `used` are
    positions in the list of tables given.
    """

    edition: Edition | None
    placed: dict[str, Placed]
    extras: tuple[Extra, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    used: dict[int, str] = field(default_factory=dict)


_PLAIN = 0.6
"""A printed table that gives this share of a form table's cells is that table; no other needs to be tried."""


def map_table(table: Table, edit: Edition, likely: str = "") -> Fragment | None:
    """Map one printed table to the form table of an edition that it fits best, or None if it fits none.

    `likely` names the form table to try first; where it fits plainly the others are not tried.
    """
    grid = grid_of(table)
    found: list[Fragment] = []
    for name in sorted(edit.tables, key=lambda n: n != likely):
        form = edit.tables[name]
        fitting = [f for f in _fragments(grid, form) if f is not None]
        found += fitting
        if any(len(f.placed) >= _PLAIN * len(form.cells) for f in fitting):
            break
    best = max(found, key=lambda fragment: fragment.score, default=None)
    return best if best is not None and best.score > 0 else None


def _fragments(grid: Grid, form: FormTable) -> tuple[Fragment | None, ...]:
    if form.name == "requests":
        return (map_requests(grid, form),)
    if form.name == "proactive":
        return (map_blocks(grid, form),)
    if form.name == STATISTICS:
        return (map_statistics(grid, form),)
    table = grid.table
    upright = table.n_columns <= 8 and table.n_rows <= 40  # the review table may be turned over its diagonal
    turned = map_outcomes(grid_of(transpose(table)), form) if upright else None
    return map_outcomes(grid, form), turned


def map_tables(tables: Sequence[Table]) -> Mapping:
    """Map all tables of a report to the edition that fits them best as a whole.

    The edition is chosen by the labels that are there, never by the year: reports in last year's form occur.
    """
    trials: list[tuple[float, list[Fragment | None], Edition]] = []
    likely = [""] * len(tables)
    for name in EDITIONS:
        fragments = [
            map_table(table, edition(name), hint) for table, hint in zip(tables, likely, strict=True)
        ]
        likely = [fragment.table if fragment else "" for fragment in fragments]
        score = sum(f.score for f in fragments if f is not None)
        trials.append((score, fragments, edition(name)))
    score, fragments, best = max(trials, key=lambda trial: trial[0])
    if score <= 0:
        best = edition(LOCAL)
        fragments = [map_local(grid_of(table), best.tables[STATISTICS]) for table in tables]
    if not any(fragments):
        return Mapping(None, {})
    mapping = _merge(best, fragments, [table.source for table in tables])
    return replace(mapping, edition=best.only(mapping.placed)) if best.name == LOCAL else mapping


def _merge(edit: Edition, fragments: Sequence[Fragment | None], sources: Sequence[str]) -> Mapping:
    """Put the fragments of a report together, in order; the first to place a cell keeps it."""
    placed: dict[str, Placed] = {}
    extras: list[Extra] = []
    conflicts: list[Conflict] = []
    used: dict[int, str] = {}
    for index, found in enumerate(fragments):
        if found is None:
            continue
        fragment = _doubted(found)
        used[index] = fragment.table
        extras.extend(Extra(e.table, _sourced(e.placed, sources[index])) for e in fragment.extras)
        for code, place in fragment.placed.items():
            if code not in placed:
                placed[code] = _sourced(place, sources[index])
            elif not _same(placed[code].cell.text, place.cell.text):
                conflicts.append(Conflict(code, placed[code].cell.text, place.cell.text))
    return Mapping(edit, placed, tuple(extras), tuple(conflicts), used)


_HALF = 0.5
"""How far the readings of a row are trusted beside a number that stands under no head of its own."""


def _doubted(fragment: Fragment) -> Fragment:
    """Doubt the readings of rows of a picture in which a number is left over: a false line may have cut another."""
    rows = {e.placed.cell.row for e in fragment.extras if e.placed.cell.candidates and not e.placed.heads}
    if not rows:
        return fragment

    def doubted(placed: Placed) -> Placed:
        halved = tuple(Reading(r.text, r.probability * _HALF) for r in placed.cell.candidates)
        return replace(placed, cell=replace(placed.cell, candidates=halved))

    places = {code: doubted(p) if p.cell.row in rows else p for code, p in fragment.placed.items()}
    return replace(fragment, placed=places)


def _sourced(placed: Placed, source: str) -> Placed:
    """Say where a cell comes from: a table over two pages may be text on one and a picture on the other."""
    return replace(placed, source="picture" if placed.cell.place.picture else source)


def _same(one: str, other: str) -> bool:
    a, b = parse(one), parse(other)
    return (a.kind, a.value) == (b.kind, b.value) if a.kind != "unreadable" else tidy(one) == tidy(other)
