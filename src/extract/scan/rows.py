"""Level lines that a copier has eaten altogether: where they ran is told by the text that stands between them.

Numbers stand one below another, one line of them in each row, so between two lines of numbers a ruling line ran. So did one
between two lines of text as far apart as the rows of the table whose lines are seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extract.scan.borders import Band
from extract.scan.grid import NUMBERS
from extract.scan.marks import Mask, marks

_LOW, _HIGH = 0.4, 1.6
"""Text heights; the height of a character's mark, or of several that touch."""
_NARROW = 1.4
"""Text heights; the usual number of a table is no wider, while a column's name is."""
_IN_MOST = 5
"""Columns of numbers in which a line of them has something: blank cells and lost digits are few."""
_LEVEL = 0.5
"""Text heights by which numbers of one row may stand apart."""
_PITCH = 0.15
"""Share of its height by which a row may be higher than the usual one."""
_MOST_EATEN = 3
"""Lines that may be gone one after another."""
_WAY, _HARDLY = 0.2, 0.25
"""Text heights; half the width of the white way where a line ran, and the share of the usual ink that may be left in it."""
_LEAST_ROWS = 3
"""Rows that tell the usual height."""
Span = tuple[int, int]
"""First and last place of a line of text, in pixels from the top."""


def between_numbers(ink: Mask, xs: Sequence[Band], ys: Sequence[Band], height: float) -> list[Band]:
    """Return the level lines that must have run between rows of numbers of a wide table, and that nothing is left of.

    `ink` is that of characters; `xs` and `ys` are the lines that are known.
    """
    return [band for top, bottom in pairwise(ys) for band in _between(ink, xs, (top[1], bottom[0]), height)]


def between_even_rows(ink: Mask, xs: Sequence[Band], ys: Sequence[Band], height: float) -> list[Band]:
    """Return the same between lines of text that stand as far apart as the usual row is high."""
    return _even(ink[:, xs[0][1] + 1 : xs[-1][0]], ys, height)


def eaten_columns(ink: Mask, xs: Sequence[Band], height: float) -> list[Band]:
    """Return where upright lines must have run that nothing is left of: between columns of numbers, which are about equally wide."""
    return _even(np.ascontiguousarray(ink.T), xs[-NUMBERS - 1 :], height)


def _between(ink: Mask, xs: Sequence[Band], rows: Span, height: float) -> list[Band]:
    """Return lines between the rows of numbers that stand between two lines."""
    if len(xs) <= NUMBERS + 1 or rows[1] - rows[0] < 2 * height:
        return []
    columns = list(pairwise(xs[-NUMBERS - 1 :]))
    spans = [
        (rows[0] + top, rows[0] + bottom)
        for left, right in columns
        for top, bottom, width in _lines(ink[rows[0] : rows[1], left[1] + 1 : right[0]], height)
        if width <= _NARROW * height
    ]
    return _ways(ink, [(a, b) for a, b, n in _level(spans, height) if n >= _IN_MOST])


def _even(ink: Mask, ys: Sequence[Band], height: float) -> list[Band]:
    """Return the lines that cut what is twice or more as high as the usual row into such rows, where white ways run there."""
    gaps = [b[0] - a[1] for a, b in pairwise(ys)]
    if len(gaps) < _LEAST_ROWS:
        return []
    usual = float(np.quantile(gaps, 0.25))
    found: list[Band] = []
    for top, bottom in pairwise(ys):
        gap = bottom[0] - top[1]
        n = round(gap / usual)
        if 2 <= n <= _MOST_EATEN + 1 and abs(gap / usual - n) <= _PITCH * n**0.5:
            places = [round(top[1] + gap * k / n) for k in range(1, n)]
            if _white(ink[top[1] + 1 : bottom[0]], [place - top[1] - 1 for place in places], height):
                found += [(place, place) for place in places]
    return found


def _white(ink: Mask, places: Sequence[int], height: float) -> bool:
    """Tell whether there is hardly any ink at all places, and some between each two of them."""
    rows = (ink > 0).mean(axis=1)
    reach = max(1, round(_WAY * height))
    parts = np.split(rows, places)
    ways = [float(rows[max(place - reach, 0) : place + reach + 1].mean()) for place in places]
    return max(ways) <= _HARDLY * float(rows.mean()) and min(float(part.max(initial=0)) for part in parts) > 0


def _lines(strip: Mask, height: float) -> Iterator[tuple[int, int, int]]:
    """Yield the lines of text of a strip: first and last row of pixels, and from where to where its characters run, as a width."""
    found = [m for m in marks(np.ascontiguousarray(strip)) if _LOW * height <= m.height <= _HIGH * height]
    for top, bottom, _ in _level([(m.y, m.y + m.height) for m in found], height):
        own = [m for m in found if top <= m.y + m.height / 2 <= bottom]
        yield top, bottom, max(m.x + m.width for m in own) - min(m.x for m in own)


def _level(spans: Sequence[Span], height: float) -> list[tuple[int, int, int]]:
    """Return spans whose middles are level taken together, from the top: first and last place, and how many they are."""
    groups: list[list[Span]] = []
    for span in sorted(spans, key=sum):
        if groups and sum(span) / 2 - float(np.mean([sum(s) / 2 for s in groups[-1]])) <= _LEVEL * height:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [(min(a for a, _ in group), max(b for _, b in group), len(group)) for group in groups]


def _ways(ink: Mask, spans: Sequence[Span]) -> list[Band]:
    """Return for each two lines of text the middle of the widest way between them that is white over the whole table."""
    return [
        (y, y)
        for (_, a), (b, _) in pairwise(spans)
        if b > a
        for y in [a + _widest(np.asarray(~ink[a:b].any(axis=1), bool))]
    ]


def _widest(white: NDArray[np.bool_]) -> int:
    """Return the middle of the longest run of rows; of all of them where there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], white.astype(np.int8), [0]]))).reshape(-1, 2)
    if not len(edges):
        return len(white) // 2
    first, last = max(edges.tolist(), key=lambda run: run[1] - run[0])
    return int(first + last) // 2
