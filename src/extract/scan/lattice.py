"""From ruling lines to cells: line positions make a grid, missing pieces of line make merged cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.borders import Band, evidence
from extract.scan.columns import between
from extract.scan.expected import NO_FORM, Shapes
from extract.scan.grid import Grid, LatticeCell
from extract.scan.lines import Rules
from extract.scan.marks import Mark, Mask, marks

__all__ = ["Lattice", "LatticeCell", "find_lattices", "slivers", "without_columns"]

_WHOLE = 0.7
"""Share of the way from one line to the next that a line covers at least once."""
_CLOSE = 2.4
"""Tolerances (0.6 text heights); lines so close leave no room for text between them and are one."""

_ROW = 3.0
"""Text heights; the height of a row with one line of text."""
_ROOM = 1.4
"""Text heights; the least height of a table: a page break leaves one row."""
_APART = 1.5
"""Text heights from the end of one table to the next, at least: the heading between them."""
_THROUGH = 0.6
"""Share of the height or width between two tables that no line runs over."""
_REMAINS = 0.25
"""Share of the length of a faded line at which ink is left."""
_BROKEN = 3.0, 1.2
"""Text heights by which a piece of a level or upright line is made longer where it is asked what belongs together:
tables stand one below another, hardly ever side by side."""
_SHORT_END, _MANY = 0.12, 5
"""Share of the usual line that is seen of an outermost one at least, where there are so many lines."""
_END = 1.2
"""Text heights; a piece so long is enough of a line beyond the outermost one across it, where a border is missing."""
_PIECES = 6.0
"""Text heights; a line whose pieces make so much in all is one, whether or not any piece is whole."""

_WORN, _WORN_OVER = 0.18, 0.12
"""Share of a table's width at which a worn level line has ink, and by how much more than what is above and below it."""
_ALIKE, _CLEARLY = 0.93, 0.01
"""Agreement of a layout of the form with the evidence that is enough, and by how much it must be ahead of the next."""
_FEW_COLUMNS = 6
"""Columns; the form's tables of blocks have no more."""
_ALONGSIDE = 0.12
"""Share of the longest piece of a line that another has at least to say where the line runs."""
_SPARSE = 3
"""Of pixels, one in so many each way is looked at where it is asked whose lines stand where."""
_ALL = 2
Frame = tuple[int, int, int, int]
"""A box in pixels: x0, y0, x1, y1."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: its cells and outer box (x0, y0, x1, y1) in pixels."""

    cells: tuple[LatticeCell, ...]
    box: tuple[int, int, int, int]


def find_lattices(rules: Rules, form: Shapes = NO_FORM) -> tuple[Lattice, ...]:
    """Find the ruled tables of a picture, from the top: connected lines with two cells or more.

    `form` knows tables by their shape. Where what the lines make of a table has none of these, doubtful lines are left out,
    and other thresholds tried, until it has; where no threshold will do, it may have one of its layouts as a whole.
    If that does not help either, the table is as the lines say.
    """
    tolerance = max(2, round(rules.text_height / 4))
    across, down = (
        _bridged(mask, rules.text_height, far)
        for mask, far in zip((rules.horizontal, rules.vertical.T), _BROKEN, strict=True)
    )
    joined = cv2.bitwise_or(across, down.T)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    members = _inside(labels, stats, 8 * rules.text_height)
    lines = cv2.bitwise_or(rules.horizontal, rules.vertical) > 0
    boxes = [_tight(lines, labels, stats, group) for group in members]
    for group, (x0, y0, x1, y1) in _together(members, boxes, rules):
        if x1 - x0 < 8 * rules.text_height or y1 - y0 < _ROOM * rules.text_height:
            continue
        own = np.isin(labels[y0:y1, x0:x1], group)  # a page's edge may run around other tables
        for top, bottom in _parts(rules, (x0, y0, x1, y1)):
            lattice = _lattice(rules, own[top - y0 : bottom - y0], (x0, top, x1, bottom), tolerance, form)
            if lattice is not None:
                found.append(lattice)
    tables = [one for one in found if not any(_frames(one, other) for other in found)]
    return tuple(sorted(tables, key=lambda lattice: (lattice.box[1], lattice.box[0])))


def _bridged(mask: Mask, height: float, far: float) -> Mask:
    """Return the marks of horizontal lines grown until pieces of one line, and lines that cross, touch."""
    reach, along = max(2, round(height / 4)), max(2, round(far * height))
    return np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * along + 1), np.uint8)), np.uint8)


def _inside(labels: NDArray[np.int32], stats: NDArray[np.int32], least: float) -> list[list[int]]:
    """Group lines of which some stand in the box of others: tables do not overlap, pieces of one do.

    A frame, or the edge of the paper, has nothing of its own where the table inside it stands. Pieces narrower than
    `least` pixels are no tables of their own.
    """
    own = list(range(len(stats)))
    boxes = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in stats[:, :4]]
    parts = [labels[y0:y1:_SPARSE, x0:x1:_SPARSE] for x0, y0, x1, y1 in boxes]
    within = [set(np.flatnonzero(np.bincount(part.ravel())).tolist()) - {0} for part in parts[1:]]
    for i, others in enumerate(within, start=1):
        for j in others:
            if i in within[j - 1] or not _holds(boxes[i], boxes[j]) or boxes[j][2] - boxes[j][0] < least:
                old, new = own[j], own[i]
                own = [new if k == old else k for k in own]
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(1, len(own)):
        groups[own[i]].append(i)
    return list(groups.values())


def _tight(
    lines: NDArray[np.bool_], labels: NDArray[np.int32], stats: NDArray[np.int32], group: Sequence[int]
) -> Frame:
    """Return the box of a group's lines themselves: what was grown to see what belongs together is wider."""
    x0, y0, x1, y1 = _around([(x, y, x + w, y + h) for x, y, w, h in stats[list(group), :4].tolist()])
    own = lines[y0:y1, x0:x1] & np.isin(labels[y0:y1, x0:x1], group)
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return x0 + int(columns[0]), y0 + int(rows[0]), x0 + int(columns[-1]) + 1, y0 + int(rows[-1]) + 1


def _holds(one: Frame, other: Frame) -> bool:
    return one[0] < other[0] and one[1] < other[1] and other[2] < one[2] and other[3] < one[3]


def _around(boxes: Sequence[Frame]) -> Frame:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _together(
    members: Sequence[list[int]], boxes: Sequence[Frame], rules: Rules
) -> list[tuple[list[int], Frame]]:
    """Join groups of lines: pieces one row apart and equally wide are one table if dots of its sides are left.

    So are a table and a lone line, or lone lines: tables without upright lines are printed like that.
    """
    height = rules.text_height
    groups: list[tuple[list[int], Frame]] = []
    for i in sorted(range(len(boxes)), key=lambda i: (boxes[i][1], i)):
        x, y, right, bottom = boxes[i]
        w, h = right - x, bottom - y
        for k, (others, (x0, y0, x1, y1)) in enumerate(groups):
            alike = max(abs(x - x0), abs(x + w - x1)) <= height and w >= 8 * height
            near = 0 <= y - y1 <= _ROW * height
            bare = min(h, y1 - y0) <= height  # a lone line: upright ones are all gone, or were never printed
            if alike and near and (bare or (_side(rules, x, y1, y) and _side(rules, x + w, y1, y))):
                groups[k] = [*others, *members[i]], _around([boxes[i], (x0, y0, x1, y1)])
                break
        else:
            groups.append((members[i], boxes[i]))
    return groups


def _parts(rules: Rules, box: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Cut connected lines into tables, from `top` to `bottom`, where both their sides stop and later begin again.

    A stamp may join two tables by its strokes, a false line in a heading by its place. Where only the sides are worn, other
    upright lines go on.
    """
    x0, y0, x1, y1 = box
    reach = max(2, round(rules.text_height / 2))
    upright, level = (mask[y0:y1] > 0 for mask in (rules.vertical, rules.horizontal))
    strips = (upright[:, max(x - reach, 0) : x + reach + 1] for x in (x0, x1 - 1))
    beside = np.any(np.concatenate(list(strips), axis=1), axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[True], beside, [True]]).astype(np.int8)))
    end = y1 - y0
    gaps = [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= _APART * rules.text_height]
    empty = [
        (a, b)
        for a, b in gaps
        if (a, b) != (0, end)
        and not (upright[a:b, x0:x1].mean(axis=0) > _THROUGH).any()
        and not (level[a + reach * (a > 0) : b - reach * (b < end), x0:x1].mean(axis=1) > _THROUGH).any()
    ]
    bounds = [0, *(y for gap in empty for y in gap), end]
    return [(y0 + a, y0 + b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b > a]


def _side(rules: Rules, x: int, top: int, bottom: int) -> bool:
    """Tell whether the remains of a vertical line run from `top` to `bottom` near `x`."""
    reach = max(2, round(rules.text_height / 4))
    strip = rules.ink[top:bottom, max(x - reach, 0) : x + reach + 1]
    return strip.size == 0 or bool(strip.any(axis=1).mean() >= _REMAINS)


def _frames(one: Lattice, other: Lattice) -> bool:
    """Tell a frame, or the edge of the paper, from a table: a whole other table stands in one of its cells."""
    x0, y0, x1, y1 = other.box
    boxes = [cell.box for cell in one.cells]
    return one is not other and any(a < x0 and b < y0 and x1 < c and y1 < d for a, b, c, d in boxes)


def _lattice(
    rules: Rules, own: NDArray[np.bool_], box: Frame, tolerance: int, form: Shapes
) -> Lattice | None:
    x0, y0, x1, y1 = box
    horizontal, vertical = (mask[y0:y1, x0:x1] * own for mask in (rules.horizontal, rules.vertical))
    ys, xs = _bands(horizontal, 1, rules.text_height), _bands(vertical, 0, rules.text_height)
    ink, height = rules.ink[y0:y1, x0:x1], rules.text_height
    xs, ys = _supported(horizontal, vertical, ink, xs, ys, height)
    ys_closed = _closed(ys, _extent(vertical, xs, tolerance), height)
    xs_closed = _closed(xs, _extent(horizontal.T, ys_closed, tolerance), height)
    whole: tuple[LatticeCell, ...] = ()
    fit, grid = 0, None
    for some_xs, some_ys in _open_or_closed(xs, xs_closed, ys, ys_closed):
        ways = between(ink, some_xs, some_ys, height) if len(some_xs) == 2 and len(some_ys) > 2 else []
        ruled = tuple(sorted([*some_xs, *ways]))
        if len(some_ys) < 2 or len(ruled) < 2 or (len(some_ys) - 1) * (len(ruled) - 1) < 2:
            continue
        tried = Grid(horizontal, vertical, ink, ruled, tuple(some_ys), height, (x0, y0), frozenset(ways))
        found = _fitting_worn(tried, form)
        if grid is None or found[1] > fit:
            (whole, fit), grid = found, tried
        if fit:
            break
    if grid is None or (not fit and not grid.plausible()):
        return None
    xs, ys = list(grid.xs), list(grid.ys)
    outer = x0 + xs[0][0], y0 + ys[0][0], x0 + xs[-1][1], y0 + ys[-1][1]
    return Lattice(whole, outer) if len(whole) > 1 else None


def _open_or_closed(
    xs: list[Band], xs_closed: list[Band], ys: list[Band], ys_closed: list[Band]
) -> Iterator[tuple[list[Band], list[Band]]]:
    """Yield the lines with all missing outer borders put in, then without some of these: a stamp's arcs reach out too."""
    added = [(0, b) for b in xs_closed if b not in xs] + [(1, b) for b in ys_closed if b not in ys]
    for n in range(len(added) + 1):
        for left_out in combinations(added, n):
            yield (
                [b for b in xs_closed if (0, b) not in left_out],
                [b for b in ys_closed if (1, b) not in left_out],
            )


def _fitting_worn(grid: Grid, form: Shapes) -> tuple[tuple[LatticeCell, ...], int]:
    """Return what fits the form best of a grid, and of the same with lines worn to almost nothing.

    Of parts with few columns that fit alike, the one with more of them. Where there are many, digits below digits pass for
    a worn line, and among labels, which the form prints in one column or in three, there is room for it.
    """
    best = _fitting(grid, form)
    if best[1] == _ALL:
        return best
    xs = tuple(_with_worn(np.ascontiguousarray(grid.ink.T), list(grid.xs), grid.height))
    ys = tuple(_with_worn(grid.ink, list(grid.ys), grid.height))
    for some_xs, some_ys in ((xs, grid.ys), (grid.xs, ys), (xs, ys)):
        if (len(some_xs), len(some_ys)) != (len(grid.xs), len(grid.ys)):
            found = _fitting(replace(grid, xs=some_xs, ys=some_ys), form)
            wider = found[1] == best[1] > 0 and _columns(best[0]) < _columns(found[0]) <= _FEW_COLUMNS
            best = found if found[1] > best[1] or wider else best
    return best


def _columns(cells: Sequence[LatticeCell]) -> int:
    return max(cell.column + cell.column_span for cell in cells)


def _fitting(grid: Grid, form: Shapes) -> tuple[tuple[LatticeCell, ...], int]:
    """Return the first variant of a grid that is a whole table of the form; else a part of one; else the first."""
    best, score = grid.cells(), 0
    for cells in grid.variants():
        found = form.fit(cells)
        if found > score:
            best, score = cells, found
        if score == _ALL:
            break
    if score:
        return best, score
    laid = (told for some in (grid, *grid.without_weak()) if (told := _laid_out(some, form)))
    told = next(laid, ())
    return (told, max(form.fit(told), 1)) if told else (best, 0)


def _laid_out(grid: Grid, form: Shapes) -> tuple[LatticeCell, ...]:
    """Return the cells of the form's layout that the evidence speaks for, clearly more than for any other; else none."""
    known = [(grid.likeness(layout), layout) for layout in form.layouts(len(grid.ys) - 1, len(grid.xs) - 1)]
    ranked = sorted(known, key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < _ALIKE or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLEARLY):
        return ()
    return grid.boxed(ranked[0][1])


def _with_worn(ink: Mask, ys: list[Band], height: float) -> list[Band]:
    """Add level lines worn to so little that no piece is long enough: over the whole width of the table they still stand out.

    A line of text has as much ink a little above and below.
    """
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8)) > 0
    share = thick.mean(axis=1)
    aside = max(3, round(height / 3)) + 1
    wide = np.pad(share, aside)
    over = share - np.maximum(wide[: -2 * aside], wide[2 * aside :])
    near = np.zeros(len(share), dtype=bool)
    for first, last in ys:
        near[max(first - round(height), 0) : last + round(height) + 1] = True
    found = np.flatnonzero((share >= _WORN) & (over >= _WORN_OVER) & ~near)
    runs = np.split(found, np.flatnonzero(np.diff(found) > height / 2) + 1) if len(found) else []
    middles = [int(run[int(np.argmax(over[run]))]) for run in runs]
    return sorted([*ys, *((y, y) for y in middles)])


def _bands(mask: Mask, axis: int, height: float) -> list[Band]:
    """Return where lines run: the middles of marks in the direction across them, clustered within a tolerance.

    A double line, or several drawn side by side, is one band from its first to its last.
    """
    tolerance = max(2, round(height / 4))
    level = mask if axis == 1 else np.ascontiguousarray(mask.T)
    pieces = [(mark.y + _middle(mark, level, tolerance), mark.width) for mark in marks(level)]
    groups: list[list[tuple[float, int]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][-1][0] <= _CLOSE * tolerance:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_band(group, tolerance) for group in groups]


def _supported(
    horizontal: Mask, vertical: Mask, ink: Mask, xs: list[Band], ys: list[Band], height: float
) -> tuple[list[Band], list[Band]]:
    """Return the upright and level lines that lines across them bear out.

    The star of a stamp beside a table has lines of both kinds, which bear out each other: as outermost ones they are far
    shorter than the table, and when they are gone the rest goes too.
    """
    while True:
        before = len(xs) + len(ys)
        xs = [band for band in xs if _reaches(vertical, ink, band, ys, height)]
        ys = [band for band in ys if _reaches(horizontal.T, ink.T, band, xs, height)]
        xs = _without_short_ends(vertical, ink, xs, ys, height)
        ys = _without_short_ends(horizontal.T, ink.T, ys, xs, height)
        if len(xs) + len(ys) == before:
            return xs, ys


def _without_short_ends(
    mask: Mask, ink: Mask, bands: list[Band], across: list[Band], height: float
) -> list[Band]:
    """Drop the first and the last line where far less is seen of it than of the usual line."""
    if len(across) < 2 or len(bands) < _MANY:
        return bands
    seen = evidence(mask, ink, bands, across, height).mean(axis=0)
    least = _SHORT_END * float(np.quantile(seen, 0.8))
    return bands[int(seen[0] < least) : len(bands) - int(seen[-1] < least)]


def _reaches(mask: Mask, ink: Mask, band: Band, across: list[Band], height: float) -> bool:
    """Tell whether a band of an upright mask runs from one line across it to the next, at least once.

    The arc of a stamp begins and ends anywhere. Beyond the first and the last line across it, where the border of
    the table may be missing, a text height is enough; a broken line has pieces that make some rows together.
    """
    reach = max(2, round(height / 4))
    line = np.asarray(mask[:, max(band[0] - reach, 0) : band[1] + reach + 1].any(axis=1))
    if int(line.sum()) >= _PIECES * height:
        return True
    if len(across) > 1 and float(evidence(mask, ink, [band], across, height).max()) >= _WHOLE:
        return True
    if not across:
        return int(line.sum()) >= _END * height
    ends = line[: across[0][0]][::-1], line[across[-1][1] :]
    return any(int(end.sum()) >= _END * height and end[:reach].any() for end in ends)


def _extent(mask: Mask, bands: list[Band], tolerance: int) -> tuple[int, int]:
    """Return from where to where the bands of an upright mask run: two at least, one alone may run into a stamp."""
    at = [mask[:, max(a - tolerance, 0) : b + tolerance + 1].any(axis=1) for a, b in bands]
    found = np.flatnonzero(np.sum(at, axis=0) >= min(2, len(at))) if at else np.zeros(0, np.intp)
    return (int(found[0]), int(found[-1])) if len(found) else (0, 0)


def _middle(mark: Mark, level: Mask, tolerance: int) -> float:
    """Return the middle of a level mark from its top: of a thick one where most of it runs, for a star may hang on it."""
    if mark.height <= tolerance:
        return (mark.height - 1) / 2
    pixels = mark.pixels(level)
    rows = np.arange(mark.height)[:, None]
    return float(np.median((pixels * rows).sum(axis=0) / np.maximum(pixels.sum(axis=0), 1)))


def _band(cluster: list[tuple[float, int]], tolerance: int) -> Band:
    """Return the band of a cluster of marks (place, length); pieces of one line give its middle by their lengths.

    Short pieces aside of a long line, such as the rim of a star, do not move it.
    """
    long = _ALONGSIDE * max(n for _, n in cluster)
    cluster = [(p, n) for p, n in cluster if n >= long]
    first, last = cluster[0][0], cluster[-1][0]
    if last - first <= tolerance:
        middle = round(sum(p * n for p, n in cluster) / sum(n for _, n in cluster))
        return middle, middle
    return round(first), round(last)


def _closed(bands: list[Band], extent: tuple[int, int], height: float) -> list[Band]:
    """Close an open side: where the other lines reach on for a text height or more, the outer border is missing."""
    result = list(bands)
    first, last = extent
    if result and result[0][0] - first > 1.2 * height:
        result.insert(0, (first, first))
    if result and last - result[-1][1] > 1.2 * height:
        result.append((last, last))
    return result


def slivers(cells: Sequence[LatticeCell], blank: Sequence[bool], height: float) -> set[int]:
    """Return the columns too narrow for a character in which nothing stands: gaps between lines, not columns."""
    single: dict[int, list[bool]] = {}
    for cell, empty in zip(cells, blank, strict=True):
        if cell.column_span == 1:
            narrow = cell.box[2] - cell.box[0] < height
            single.setdefault(cell.column, []).append(narrow and empty)
    return {column for column, found in single.items() if all(found)}


def without_columns(cell: LatticeCell, columns: set[int]) -> LatticeCell | None:
    """Return a cell as it stands on the grid without some columns, or None where it stands only on these."""
    span = sum(1 for c in range(cell.column, cell.column + cell.column_span) if c not in columns)
    before = sum(1 for c in columns if c < cell.column)
    return replace(cell, column=cell.column - before, column_span=span) if span else None
