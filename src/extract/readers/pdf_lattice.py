"""Ruling lines to lattices: which lines belong together, the grid they make, and its (merged) cells.

A lattice is the grid of all line positions of one connected group of lines. Two neighbouring squares of the grid
are one cell where no line parts them, so missing outer borders, dotted and double lines need no special case.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from extract.model import Box
from extract.readers.pdf_ink import Ink, Rule, outlines

SNAP = 3.0
"""Points within which lines are one line (double lines) and lines meet."""
_GAP = 3.6
"""Points that a dotted or dashed line may leave open."""
_SHORT = 5.0
"""Shorter lines are no borders, in points."""
_OPEN = 8.0
"""Points by which lines must stand out over the last border for the table to be open on that side."""
_CLOSED = 0.6
"""Share of a square's side that must be ruled to part it from its neighbour."""
_MOST = 20_000
"""Lines on a page, after joining, beyond which it is a drawing (a map), not a table."""


class Area(NamedTuple):
    """A cell by grid position and spans."""

    row: int
    column: int
    row_span: int
    column_span: int


class Lattice(NamedTuple):
    """Column borders, row borders (points, ascending, at least two each), and the cells on that grid."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Area, ...]

    @property
    def box(self) -> Box:
        """What the lattice covers."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def box_of(self, area: Area) -> Box:
        """Return the box of a cell."""
        row, column, row_span, column_span = area
        return Box(self.xs[column], self.ys[row], self.xs[column + column_span], self.ys[row + row_span])

    @property
    def one_column(self) -> bool:
        """True where no row has two cells: a frame around text, or the sliver of a table cut by the page."""
        return len(self.xs) == 2


class Ruled(NamedTuple):
    """What the lines of a page make: lattices, and horizontal lines that belong to none."""

    lattices: tuple[Lattice, ...]
    loose: tuple[Rule, ...]


def find_lattices(ink: Ink) -> Ruled:
    """Find the lattices of a page, from lines first, then from filled areas that lie in none of those."""
    across, down = join_rules(ink.across), join_rules(ink.down)
    if len(across) + len(down) > _MOST:
        return Ruled((), ())
    found, loose = _from_rules(across, down)
    fills = [box for box in ink.fills if not any(_inside(box, lattice.box) for lattice in found)]
    filled, _ = _from_rules(*(join_rules(rules) for rules in outlines(fills[:2000])))
    found += [lattice for lattice in filled if _is_table_of_areas(lattice, fills)]
    return Ruled(tuple(sorted(found, key=lambda lat: (lat.ys[0], lat.xs[0]))), tuple(loose))


def join_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Join rules on one line that overlap or leave only a dot's gap; drop what stays too short to be a border."""
    joined: list[Rule] = []
    for line in _lines(sorted(rules)):
        line.sort(key=lambda rule: rule.start)
        current = line[0]
        for rule in line[1:]:
            if rule.start <= current.stop + _GAP:
                current = current._replace(stop=max(current.stop, rule.stop))
            else:
                joined.append(current)
                current = rule
        joined.append(current)
    return [rule for rule in joined if rule.stop - rule.start >= _SHORT]


def _lines(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Group rules (sorted) that lie on one line, to within a point."""
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule.at - groups[-1][0].at <= 1.0:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def cluster(values: Iterable[float], within: float) -> list[float]:
    """Return the means of groups of values, ascending; a group is no wider than `within` times two."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - sum(groups[-1]) / len(groups[-1]) <= within:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _from_rules(across: list[Rule], down: list[Rule]) -> tuple[list[Lattice], list[Rule]]:
    """Return the lattices that groups of touching lines make, and the horizontal lines touched by none."""
    if not across or not down:
        return [], across
    h, v = np.array(across), np.array(down)
    meet = (v[:, 0] >= h[:, 1:2] - SNAP) & (v[:, 0] <= h[:, 2:3] + SNAP)
    meet &= (h[:, 0:1] >= v[:, 1] - SNAP) & (h[:, 0:1] <= v[:, 2] + SNAP)
    sets = _Sets(len(across) + len(down))
    for i, j in np.argwhere(meet):
        sets.join(int(i), len(across) + int(j))
    _join_outer(sets, across, down)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate((*across, *down)):
        groups.setdefault(sets.root(i), ([], []))[i >= len(across)].append(rule)
    loose = [rules[0] for rules, verticals in groups.values() if not verticals]
    found = [lattice for group in groups.values() if (lattice := _lattice(*group)) is not None]
    return found, loose


def _join_outer(sets: _Sets, across: list[Rule], down: list[Rule]) -> None:
    """Join an outer border that no line meets: beside a label cell that fills the page from top to bottom."""
    n = len(across)
    groups: dict[int, list[Rule]] = {}
    for j, rule in enumerate(down):
        groups.setdefault(sets.root(n + j), []).append(rule)
    members = {sets.root(i) for i in range(n)}
    for j, rule in enumerate(down):
        root = sets.root(n + j)
        if root in members:
            continue
        for other in members & groups.keys():
            start, stop = min(r.start for r in groups[other]), max(r.stop for r in groups[other])
            if abs(rule.start - start) <= SNAP and abs(rule.stop - stop) <= SNAP:
                sets.join(n + j, other)
                break


class _Sets:
    """Disjoint sets of numbers (union-find)."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def root(self, i: int) -> int:
        while self._above[i] != i:
            self._above[i] = self._above[self._above[i]]
            i = self._above[i]
        return i

    def join(self, i: int, j: int) -> None:
        self._above[max(self.root(i), self.root(j))] = min(self.root(i), self.root(j))


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    if not across or not down or len(across) + len(down) < 3:
        return None
    xs = _closed(cluster((rule.at for rule in down), SNAP), across)
    ys = _closed(cluster((rule.at for rule in across), SNAP), down)
    if len(xs) < 2 or len(ys) < 2:
        return None
    walls = _ruled(xs, ys, down)
    floors = _ruled(ys, xs, across)
    return narrowed(Lattice(tuple(xs), tuple(ys), tuple(_cells(walls, floors))))


def _closed(borders: list[float], crossing: list[Rule]) -> list[float]:
    """Add the outer border that an open table lacks: where at least two crossing lines end beyond the last one."""
    starts = sorted(rule.start for rule in crossing if rule.start < borders[0] - _OPEN)
    stops = sorted(rule.stop for rule in crossing if rule.stop > borders[-1] + _OPEN)
    before = [starts[len(starts) // 2]] if len(starts) >= 2 else []
    after = [stops[len(stops) // 2]] if len(stops) >= 2 else []
    return before + borders + after


def _ruled(
    at: list[float], along: list[float], rules: list[Rule]
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return for each border (rows) and each step along it (columns) whether a line is drawn there."""
    covered = np.zeros((len(at), len(along) - 1))
    steps = np.array(along)
    for rule in rules:
        k = nearest(at, rule.at)
        covered[k] += np.clip(np.minimum(steps[1:], rule.stop) - np.maximum(steps[:-1], rule.start), 0, None)
    return covered >= _CLOSED * np.diff(steps)


def nearest(values: Sequence[float], value: float) -> int:
    """Return the index of the nearest of ascending values."""
    k = bisect(values, value)
    if k == 0:
        return 0
    return k if k < len(values) and values[k] - value < value - values[k - 1] else k - 1


def _cells(
    walls: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    floors: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> list[Area]:
    """Join squares that no line parts. `walls[x][row]`, `floors[y][column]` say where lines are."""
    rows, columns = walls.shape[1], floors.shape[1]
    sets = _Sets(rows * columns)
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not walls[c + 1, r]:
                sets.join(r * columns + c, r * columns + c + 1)
            if r + 1 < rows and not floors[r + 1, c]:
                sets.join(r * columns + c, (r + 1) * columns + c)
    groups: dict[int, list[tuple[int, int]]] = {}
    for k in range(rows * columns):
        groups.setdefault(sets.root(k), []).append(divmod(k, columns))
    return sorted(area for squares in groups.values() for area in _rectangles(squares))


def _rectangles(squares: list[tuple[int, int]]) -> list[Area]:
    """Cover squares by rectangles: one if they make one, else runs of each row, equal runs below joined."""
    rows = [r for r, _ in squares]
    columns = [c for _, c in squares]
    whole = Area(min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)
    if whole.row_span * whole.column_span == len(squares):
        return [whole]
    runs: list[Area] = []
    for row, column in sorted(squares):
        last = runs[-1] if runs else None
        if last and last.row == row and last.column + last.column_span == column:
            runs[-1] = last._replace(column_span=last.column_span + 1)
        else:
            runs.append(Area(row, column, 1, 1))
    open_runs: dict[tuple[int, int], Area] = {}
    done: list[Area] = []
    for run in runs:
        key = run.column, run.column_span
        above = open_runs.get(key)
        if above and above.row + above.row_span == run.row:
            open_runs[key] = above._replace(row_span=above.row_span + 1)
        else:
            done.extend([above] if above else [])
            open_runs[key] = run
    return done + list(open_runs.values())


def narrowed(lattice: Lattice) -> Lattice:
    """Drop borders that part no cell from another, so that spans are what they seem."""
    used_x = sorted({x for a in lattice.cells for x in (a.column, a.column + a.column_span)})
    used_y = sorted({y for a in lattice.cells for y in (a.row, a.row + a.row_span)})
    x_of, y_of = {x: i for i, x in enumerate(used_x)}, {y: i for i, y in enumerate(used_y)}
    cells = tuple(
        Area(
            y_of[a.row],
            x_of[a.column],
            y_of[a.row + a.row_span] - y_of[a.row],
            x_of[a.column + a.column_span] - x_of[a.column],
        )
        for a in lattice.cells
    )
    return Lattice(tuple(lattice.xs[x] for x in used_x), tuple(lattice.ys[y] for y in used_y), cells)


def _inside(box: Box, other: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return other.x0 - SNAP <= x <= other.x1 + SNAP and other.y0 - SNAP <= y <= other.y1 + SNAP


def _is_table_of_areas(lattice: Lattice, fills: list[Box]) -> bool:
    """Filled areas are a table only where they tile it: shaded words and paragraphs do not line up in columns."""
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    tiles = sum(_inside(fill, lattice.box) for fill in fills)
    return rows >= 3 and columns >= 2 and len(lattice.cells) <= 1.2 * tiles and tiles >= 0.4 * rows * columns
