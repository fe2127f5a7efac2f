"""Where the ruling lines of one table run, and which marks that look like lines are none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extract.scan.borders import Band, evidence
from extract.scan.marks import Mark, Mask, marks

_WHOLE = 0.7
"""Share of the way from one line to the next that a line covers at least once."""
_CLOSE = 2.4
"""Tolerances (0.6 text heights); lines so close leave no room for text between them and are one."""
_SHORT_END, _MANY = 0.12, 5
"""Share of the usual line that is seen of an outermost one at least, where there are so many lines."""
_PARTLY, _BEYOND, _MOST = 0.7, 1.0, 0.6
"""The same share where lines across it run on; text heights by which they do, and the share of them that has to."""
_END = 1.2
"""Text heights; a piece so long is enough of a line beyond the outermost one across it, where a border is missing."""
_PIECES = 6.0
"""Text heights; a line whose pieces make so much in all is one, whether or not any piece is whole."""
_SEEN, _TOUCHING = 0.3, 0.15
"""Evidence that something is seen of a line between two across it, and the share of the ends of such pieces that have ink."""
_SHADOW, _LEAST_SHADOW = 1.2, 2
"""Text heights between lines that are no column apart, and how many such gaps at an edge are those of a shadow."""
_ALONGSIDE = 0.12
"""Share of the longest piece of a line that another has at least to say where the line runs."""


def bands(level: Mask, height: float) -> list[Band]:
    """Return where level lines run: the middles of their marks, clustered within a tolerance.

    A double line, or several drawn side by side, is one band from its first to its last. `height` is the text height in pixels.
    """
    tolerance = max(2, round(height / 4))
    level = np.ascontiguousarray(level)
    pieces = [(mark.y + _middle(mark, level, tolerance), mark.width) for mark in marks(level)]
    groups: list[list[tuple[float, int]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][-1][0] <= _CLOSE * tolerance:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_band(group, tolerance) for group in groups]


def supported(
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
        xs = _without_short_ends(vertical, horizontal, ink, xs, ys, height)
        ys = _without_short_ends(horizontal.T, vertical.T, ink.T, ys, xs, height)
        if len(xs) + len(ys) == before:
            return xs, ys


def _without_short_ends(
    mask: Mask, crossing: Mask, ink: Mask, bands: list[Band], across: list[Band], height: float
) -> list[Band]:
    """Drop the first and the last line where far less is seen of it than of the usual line.

    One that is seen in part is dropped too where the lines across it, marks of `crossing`, run on: digits that stand one below
    another at the edge of a stamp made a border where none was printed.
    """
    if len(across) < 2 or len(bands) < _MANY:
        return bands
    seen = evidence(mask, ink, bands, across, height).mean(axis=0)
    usual = float(np.quantile(seen, 0.8))
    first, last = (
        seen[k] < (_PARTLY if _run_on(crossing, bands[k], across, out, height) else _SHORT_END) * usual
        for k, out in ((0, -1), (-1, 1))
    )
    return bands[int(first) : len(bands) - int(last)]


def _run_on(crossing: Mask, band: Band, across: Sequence[Band], out: int, height: float) -> bool:
    """Tell whether most lines across an outermost upright one run on beyond it, to the left (-1) or to the right (1)."""
    tolerance = max(2, round(height / 4))
    place = band[0 if out > 0 else 1] + out * round(_BEYOND * height)
    if not 0 <= place < crossing.shape[1]:
        return False
    column = crossing[:, place] > 0
    return (
        float(np.mean([column[max(a - tolerance, 0) : b + tolerance + 1].any() for a, b in across])) >= _MOST
    )


def _reaches(mask: Mask, ink: Mask, band: Band, across: list[Band], height: float) -> bool:
    """Tell whether a band of an upright mask runs from one line across it to the next, at least once.

    The arc of a stamp begins and ends anywhere. Beyond the first and the last line across it, where the border of
    the table may be missing, a text height is enough; a broken line has pieces that make some rows together. So have the
    strokes of a character that every row repeats (`0件` below `0件`), but these keep away from the lines across.
    """
    reach = max(2, round(height / 4))
    line = np.asarray(mask[:, max(band[0] - reach, 0) : band[1] + reach + 1].any(axis=1))
    if len(across) > 1:
        seen = evidence(mask, ink, [band], across, height)[:, 0]
        if int(line.sum()) >= _PIECES * height or float(seen.max()) >= _WHOLE:
            return _touches(ink, band, across, seen >= _SEEN, height)
    elif int(line.sum()) >= _PIECES * height:
        return True
    if not across:
        return int(line.sum()) >= _END * height
    ends = line[: across[0][0]][::-1], line[across[-1][1] :]
    return any(int(end.sum()) >= _END * height and end[:reach].any() for end in ends)


def _touches(ink: Mask, band: Band, across: Sequence[Band], seen: NDArray[np.bool_], height: float) -> bool:
    """Tell whether an upright band has ink right beside the lines across it, in the intervals where it is seen at all."""
    beside = max(3, round(height / 6))
    strip = np.asarray(ink[:, max(band[0] - 1, 0) : band[1] + 2].any(axis=1), bool)
    places = [
        (a[1] + beside, b[0] - beside) for (a, b), there in zip(pairwise(across), seen, strict=True) if there
    ]
    ends = [bool(strip[y]) for pair in places if pair[1] - pair[0] >= 2 * beside for y in pair]
    return not ends or float(np.mean(ends)) >= _TOUCHING


def without_shadow(bands: list[Band], height: float) -> list[Band]:
    """Return upright lines without those that the shadow at the edge of a sheet leaves one beside another, but for the innermost."""
    result = list(bands)
    for _ in range(2):
        narrow = [b[0] - a[1] < _SHADOW * height for a, b in pairwise(result)]
        run = next((k for k, close in enumerate(reversed(narrow)) if not close), len(narrow))
        if _LEAST_SHADOW <= run < len(narrow):
            result = result[: len(result) - run]
        result = [(-b, -a) for a, b in reversed(result)]  # the same at the other side, and back
    return result


def extent(mask: Mask, bands: list[Band], height: float) -> tuple[int, int]:
    """Return from where to where the bands of an upright mask run: two at least, one alone may run into a stamp."""
    tolerance = max(2, round(height / 4))
    at = [mask[:, max(a - tolerance, 0) : b + tolerance + 1].any(axis=1) for a, b in bands]
    found = np.flatnonzero(np.sum(at, axis=0) >= min(2, len(at))) if at else np.zeros(0, np.intp)
    return (int(found[0]), int(found[-1])) if len(found) else (0, 0)


def reaching(mask: Mask, bands: list[Band], border: Band, height: float) -> float:
    """Return the share of the bands of an upright mask that reach a level border put in at their end."""
    tolerance, near = max(2, round(height / 4)), round(height)
    rows = mask[max(border[0] - near, 0) : border[1] + near + 1]
    reach = [bool(rows[:, max(a - tolerance, 0) : b + tolerance + 1].any()) for a, b in bands]
    return float(np.mean(reach)) if reach else 0.0


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


def closed(bands: list[Band], extent: tuple[int, int], height: float) -> list[Band]:
    """Close an open side: where the other lines reach on for a text height or more, the outer border is missing."""
    result = list(bands)
    first, last = extent
    if result and result[0][0] - first > 1.2 * height:
        result.insert(0, (first, first))
    if result and last - result[-1][1] > 1.2 * height:
        result.append((last, last))
    return result
