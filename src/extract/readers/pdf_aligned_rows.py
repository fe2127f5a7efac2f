"""Rows of tables without vertical lines: which tokens make a cell, and which lines a row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extract.readers.pdf_ink import Glyph

_JOIN = 0.8
"""Em between the lines of one cell of a head."""
_EVEN = 0.15
"""Share by which two gaps may differ and still be the same."""


class Token(NamedTuple):
    """Glyphs of a line that belong together, and whether they are a number."""

    x0: float
    x1: float
    value: bool
    glyphs: tuple[Glyph, ...]


class Line(NamedTuple):
    """A line of a page: its height, size of type and tokens."""

    y0: float
    y1: float
    size: float
    tokens: tuple[Token, ...]

    @property
    def values(self) -> list[Token]:
        """The tokens that are numbers."""
        return [token for token in self.tokens if token.value]

    @property
    def strong(self) -> bool:
        """Several numbers; a single one beside a label is weak evidence of a table."""
        return len(self.values) >= 2

    @property
    def has_value(self) -> bool:
        """At least one number, with a label or with others."""
        return bool(self.values) and len(self.tokens) >= 2


@dataclass(slots=True)
class Row:
    """A row in the making: its height, and the glyphs of its cells by first and last column."""

    y0: float
    y1: float
    cells: dict[tuple[int, int], list[Glyph]] = field(default_factory=dict)
    head: bool = False

    def add(self, first: int, last: int, glyphs: Sequence[Glyph]) -> None:
        """Put glyphs into the columns `first` to `last`; cells that these overlap become one."""
        together = list(glyphs)
        for key in [k for k in self.cells if k[0] <= last and first <= k[1]]:
            first, last = min(first, key[0]), max(last, key[1])
            together += self.cells.pop(key)
        self.cells[first, last] = together


def value_row(line: Line, xs: Sequence[float], n_labels: int, before: Sequence[Row]) -> Row:
    """Make the row of a line of numbers. Below a head of one word a single number has all columns to itself."""
    row = Row(line.y0, line.y1)
    head = next((r for r in reversed(before) if r.head), None)
    over = [key for key in head.cells if key[1] >= n_labels] if head else []
    alone = len(line.values) == 1 and len(over) == 1 and len(xs) - 1 - n_labels > 1
    for token in line.tokens:
        if token.value or token.x0 > xs[n_labels]:
            at = _column((token.x0 + token.x1) / 2, xs)
            row.add(n_labels if alone else at, len(xs) - 2 if alone else at, token.glyphs)
        else:
            row.add(*_extent(token, xs, line.size, n_labels), token.glyphs)
    if alone and head is not None:
        (key,) = over
        head.add(n_labels, len(xs) - 2, head.cells.pop(key))
    return row


def header_rows(lines: Sequence[Line], xs: Sequence[float]) -> list[Row]:
    """Make the rows of lines without numbers: tokens over the same columns, close below each other, are a cell."""
    blocks: list[tuple[tuple[int, int], list[Glyph]]] = []
    for line in lines:
        for token in line.tokens:
            key = _extent(token, xs, line.size)
            above = next((b for b in reversed(blocks) if b[0] == key), None)
            if above and line.y0 - max(g.y1 for g in above[1]) <= _JOIN * line.size:
                above[1].extend(token.glyphs)
            else:
                blocks.append((key, list(token.glyphs)))
    rows: list[Row] = []
    for (first, last), glyphs in sorted(
        blocks, key=lambda b: min(g.y0 for g in b[1]) + max(g.y1 for g in b[1])
    ):
        y0, y1 = min(g.y0 for g in glyphs), max(g.y1 for g in glyphs)
        taken = rows and any(k[0] <= last and first <= k[1] for k in rows[-1].cells)
        if not rows or taken or y0 >= rows[-1].y1:
            rows.append(Row(y0, y1, head=True))
        rows[-1].add(first, last, glyphs)
    return rows


def place_labels(
    rows: list[Row], labels: Sequence[Line], xs: Sequence[float], ruled: Sequence[float]
) -> list[Row]:
    """Put lines of labels into the rows they belong to; one half way between two rows is a row without numbers."""
    placed = list(rows)
    waiting: dict[int, list[Line]] = {}
    for line in labels:
        below = next((i for i, row in enumerate(rows) if row.y0 + row.y1 > line.y0 + line.y1), len(rows))
        waiting.setdefault(below, []).append(line)
    for below, lines in waiting.items():
        above, under = (rows[below - 1] if below else None), (rows[below] if below < len(rows) else None)
        for line, row in _shared(lines, above, under, ruled):
            target = row
            if target is None:
                target = Row(line.y0, line.y1)
                placed.append(target)
            for token in line.tokens:
                target.add(*_extent(token, xs, line.size), token.glyphs)
    return sorted(placed, key=lambda row: row.y0 + row.y1)


def _shared(
    lines: Sequence[Line], above: Row | None, under: Row | None, ruled: Sequence[float]
) -> list[tuple[Line, Row | None]]:
    """Share the lines between two rows out to them, at a rule or at the widest gap."""
    if above is None or under is None:
        return [(line, above or under) for line in lines]
    cut = next((y for y in ruled if (above.y0 + above.y1) / 2 < y < (under.y0 + under.y1) / 2), None)
    if cut is None:
        bands: list[Row | Line] = [above, *lines, under]
        middles = [(band.y0 + band.y1) / 2 for band in bands]
        gaps = [b - a for a, b in pairwise(middles)]
        if len(lines) == 1 and abs(gaps[0] - gaps[1]) <= _EVEN * max(gaps) and min(gaps) > lines[0].size:
            return [(lines[0], None)]
        widest = max(range(len(gaps)), key=lambda i: gaps[i])
        cut = (middles[widest] + middles[widest + 1]) / 2
    return [(line, above if (line.y0 + line.y1) / 2 < cut else under) for line in lines]


def _extent(token: Token, xs: Sequence[float], size: float, below: int | None = None) -> tuple[int, int]:
    """Return the first and last column that a token covers, by more than a third of a character."""
    inset = min(0.35 * size, (token.x1 - token.x0) / 3)
    first, last = _column(token.x0 + inset, xs), _column(token.x1 - inset, xs)
    return (first, last) if below is None else (min(first, below - 1), min(last, below - 1))


def _column(x: float, xs: Sequence[float]) -> int:
    return min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)
