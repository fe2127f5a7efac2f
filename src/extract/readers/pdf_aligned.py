"""Tables without vertical lines: columns from numbers that stand below each other.

Only where several lines hold several short numbers with wide gaps is a table assumed; the result is a lattice like
that of a ruled table, so that glyphs are put into cells in the one way there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.readers.pdf_ink import Glyph, Rule
from extract.readers.pdf_lattice import Area, Lattice
from extract.readers.pdf_text import line_text, split_at_gaps

_VALUE = re.compile(r"[-+增减]?[\d０-９][\d０-９.,，．]*[件条万元%]*|[/\\\-—–－]+|无")
_TOKEN_GAP = 1.0
"""Em between the cells of a line."""
_LINES_BETWEEN = 4
"""Lines of labels (wrapped, or heads of blocks) that may stand between two lines of numbers."""
_HEAD_LINES = 8
_PITCH = 4.0
"""Em from line to line within a table."""


class Token(NamedTuple):
    """Glyphs of a line that belong together, and whether they are a number."""

    x0: float
    x1: float
    value: bool


class Line(NamedTuple):
    """A line of a page: its glyphs, height and tokens."""

    glyphs: tuple[Glyph, ...]
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


class Found(NamedTuple):
    """A table without vertical lines, and the lines `[start, stop)` of the page that it takes."""

    lattice: Lattice
    start: int
    stop: int


def find_aligned(glyph_lines: Sequence[Sequence[Glyph]], loose: Sequence[Rule]) -> list[Found]:
    """Find tables among the lines of a page that lie on no lattice; `loose` are horizontal rules."""
    lines = [_line(glyphs) for glyphs in glyph_lines]
    found: list[Found] = []
    for first, last in _groups(lines):
        columns = _columns([line for line in lines[first : last + 1] if line.strong])
        start = max(_head(lines, first, columns), found[-1].stop if found else 0)
        stop = _tail(lines, last, columns)
        xs = _borders(lines[start:stop], columns)
        ys = _row_borders(lines[start:stop], loose, xs)
        found.append(Found(_lattice(lines[start:stop], xs, ys), start, stop))
    return found


def _line(glyphs: Sequence[Glyph]) -> Line:
    tokens = []
    for part in split_at_gaps(glyphs, _TOKEN_GAP):
        value = _VALUE.fullmatch(line_text(part)) is not None
        tokens.append(Token(part[0].x0, part[-1].x1, value))
    marks = [g for g in glyphs if g.text != " "]
    return Line(
        tuple(glyphs),
        min(g.y0 for g in marks),
        max(g.y1 for g in marks),
        sorted(g.size for g in marks)[len(marks) // 2],
        tuple(tokens),
    )


def _groups(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return runs of lines with numbers (first, last) that are evidence enough of a table."""
    groups: list[list[int]] = []
    for i, line in enumerate(lines):
        if not line.has_value:
            continue
        if groups and i - groups[-1][-1] <= _LINES_BETWEEN + 1 and _close(lines[groups[-1][-1] : i + 1]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [(group[0], group[-1]) for group in groups if _is_table([lines[i] for i in group])]


def _close(lines: Sequence[Line]) -> bool:
    return all(b.y0 - a.y1 <= _PITCH * max(a.size, b.size) for a, b in pairwise(lines))


def _is_table(lines: Sequence[Line]) -> bool:
    strong = [line for line in lines if line.strong]
    most = max((len(line.values) for line in strong), default=0)
    if not strong or (len(strong) + (len(lines) - len(strong)) / 2 < 3 and most < 5):
        return False
    columns = _columns(strong)
    numbers = sum(len(line.values) for line in strong)
    return len(columns) >= 2 and numbers >= 0.6 * len(columns) * len(strong)


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the extents of the columns of numbers: of those that overlap, the union."""
    columns: list[tuple[float, float]] = []
    for token in sorted(token for line in lines for token in line.values):
        if columns and token.x0 <= columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], token.x1)
        else:
            columns.append((token.x0, token.x1))
    return columns


def _head(lines: Sequence[Line], first: int, columns: Sequence[tuple[float, float]]) -> int:
    """Return the first line of the table's head: above the numbers, several tokens or one over the numbers."""
    start = first
    for i in range(first - 1, max(first - 1 - _HEAD_LINES, -1), -1):
        line, below = lines[i], lines[i + 1]
        over = (line.tokens[0].x0 + line.tokens[-1].x1) / 2 > columns[0][0]
        sentence = len(line.tokens) == 1 and line.tokens[0].x1 - line.tokens[0].x0 > 20 * line.size
        if below.y0 - line.y1 > _PITCH * line.size or sentence or line.size > 1.3 * below.size:
            break
        if len(line.tokens) >= 2 or over:
            start = i
    return start


def _tail(lines: Sequence[Line], last: int, columns: Sequence[tuple[float, float]]) -> int:
    """Return the end of the table: wrapped label lines close below the last numbers still belong to it."""
    stop = last + 1
    while stop < len(lines):
        line, above = lines[stop], lines[stop - 1]
        small = abs(line.size - above.size) <= 0.1 * above.size
        if line.tokens[-1].x1 > columns[0][0] or line.y0 - above.y1 > 0.4 * line.size or not small:
            break
        stop += 1
    return stop


def _borders(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[float]:
    """Return the column borders: half way between columns, labels left of the numbers one column more."""
    inner = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    left = min(line.tokens[0].x0 for line in lines)
    right = max(line.tokens[-1].x1 for line in lines)
    labels = [t.x1 for line in lines if line.has_value for t in line.tokens if t.x1 < columns[0][0]]
    first = [(max(labels) + columns[0][0]) / 2] if labels else []
    return [min(left, columns[0][0]) - 1.0, *first, *inner, max(right, columns[-1][1]) + 1.0]


def _row_borders(lines: Sequence[Line], loose: Sequence[Rule], xs: Sequence[float]) -> list[float]:
    """Return the row borders: ruled lines where every row has one, else the middle between the lines of text."""
    top, bottom = lines[0].y0 - 1.0, lines[-1].y1 + 1.0
    ruled = sorted(
        rule.at
        for rule in loose
        if top < rule.at < bottom and rule.stop - rule.start > 0.5 * (xs[-1] - xs[0])
    )
    if len(ruled) + 1 >= sum(line.has_value for line in lines):
        return [top, *ruled, bottom]
    rows = _rows(lines, xs[1])
    return [top, *((a[-1].y1 + b[0].y0) / 2 for a, b in pairwise(rows)), bottom]


def _rows(lines: Sequence[Line], label_border: float) -> list[list[Line]]:
    """Put wrapped label lines to the nearest line of numbers; all other lines are rows of their own."""
    rows: list[list[Line]] = []
    anchors = [line for line in lines if not _is_wrapped(line, label_border)]
    for anchor in anchors:
        rows.append([anchor])
    for line in lines:
        if _is_wrapped(line, label_border):
            k = min(range(len(anchors)), key=lambda i: abs(anchors[i].y0 + anchors[i].y1 - line.y0 - line.y1))
            rows[k].append(line)
    for row in rows:
        row.sort(key=lambda line: line.y0)
    return rows


def _is_wrapped(line: Line, label_border: float) -> bool:
    return not line.has_value and line.tokens[-1].x1 <= label_border and len(line.tokens) == 1


def _lattice(lines: Sequence[Line], xs: list[float], ys: list[float]) -> Lattice:
    """Make the cells: one for each square, but tokens wider than a column span those they cover."""
    taken: dict[tuple[int, int], int] = {}
    for line in lines:
        row = sum(y <= (line.y0 + line.y1) / 2 for y in ys[1:-1])
        for token in line.tokens:
            inset = 0.3 * line.size
            first = sum(x <= token.x0 + inset for x in xs[1:-1])
            last = sum(x <= token.x1 - inset for x in xs[1:-1])
            free = all((row, c) not in taken for c in range(first, last + 1))
            if last > first and free:
                taken.update(
                    {(row, c): last - first + 1 if c == first else 0 for c in range(first, last + 1)}
                )
    cells = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            span = taken.get((row, column), 1)
            if span:
                cells.append(Area(row, column, 1, span))
    return Lattice(tuple(xs), tuple(ys), tuple(cells))
