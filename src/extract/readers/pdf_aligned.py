"""Tables without vertical lines: columns from numbers that stand below each other.

Only where several lines hold several short numbers with wide gaps is a table assumed. Lines with numbers are the
rows; lines of labels between them belong to the row from which no wider gap parts them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.readers.pdf_aligned_rows import Line, Row, Token, header_rows, place_labels, value_row
from extract.readers.pdf_ink import Glyph, Rule
from extract.readers.pdf_text import line_text, split_at_gaps

_VALUE = re.compile(r"[-+增减]?[\d０-９][\d０-９.,，．]*[件条万元%]*|[/\\\-—–－]+|无")
_TOKEN_GAP = 0.9
"""Em between the cells of a line."""
_LINES_BETWEEN = 7
"""Lines of labels (wrapped, or heads of blocks) that may stand between two lines of numbers."""
_HEAD_LINES = 10
_PITCH = 4.0
"""Em from line to line within a table."""
_SENTENCE = 20.0
"""Em beyond which a line without gaps is running text."""
_CROSSING = 0.35
"""Share of labels that may lie across the border between two columns of labels."""


class Found(NamedTuple):
    """A table without vertical lines: its rows, its column borders, and the lines `[start, stop)` it takes."""

    rows: tuple[Row, ...]
    xs: tuple[float, ...]
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
        inside = lines[start:stop]
        xs = _borders(inside, columns)
        n_labels = len(xs) - 1 - len(columns)
        found.append(Found(tuple(_rows(inside, xs, n_labels, loose)), tuple(xs), start, stop))
    return found


def _line(glyphs: Sequence[Glyph]) -> Line:
    tokens = []
    for part in split_at_gaps(glyphs, _TOKEN_GAP):
        value = _VALUE.fullmatch(line_text(part)) is not None
        tokens.append(Token(part[0].x0, max(g.x1 for g in part), value, tuple(part)))
    marks = [g for g in glyphs if g.text != " "]
    size = sorted(g.size for g in marks)[len(marks) // 2]
    return Line(min(g.y0 for g in marks), max(g.y1 for g in marks), size, tuple(tokens))


def _groups(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return runs of lines with numbers (first, last) that are evidence enough of a table."""
    groups: list[list[int]] = []
    for i, line in enumerate(lines):
        if not line.has_value:
            continue
        if groups and i - groups[-1][-1] <= _LINES_BETWEEN + 1 and _is_near(lines[groups[-1][-1] : i + 1]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [(group[0], group[-1]) for group in groups if _is_table([lines[i] for i in group])]


def _is_near(lines: Sequence[Line]) -> bool:
    near = all(b.y0 - a.y1 <= _PITCH * max(a.size, b.size) for a, b in pairwise(lines))
    return near and not any(_is_sentence(line) for line in lines)


def _is_sentence(line: Line) -> bool:
    return len(line.tokens) == 1 and line.tokens[0].x1 - line.tokens[0].x0 > _SENTENCE * line.size


def _is_table(lines: Sequence[Line]) -> bool:
    strong = [line for line in lines if line.strong]
    most = max((len(line.values) for line in strong), default=0)
    if not strong or (len(strong) + (len(lines) - len(strong)) / 2 < 3 and most < 5):
        return False
    columns = _columns(strong)
    numbers = sum(len(line.values) for line in strong)
    return len(columns) >= 2 and numbers >= 0.4 * len(columns) * len(strong)


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the extents of the columns of numbers: of those that overlap, the union."""
    columns: list[tuple[float, float]] = []
    for token in sorted((token for line in lines for token in line.values), key=lambda t: t.x0):
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
        heads = len(line.tokens) >= 2 or over
        words = not heads and line.tokens[0].x1 - line.tokens[0].x0 > 8 * line.size
        far = below.y0 - line.y1 > _PITCH * line.size
        if far or words or _is_sentence(line) or line.size > 1.3 * below.size:
            break
        if heads:
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
    """Return the column borders: half way between columns of numbers; before those, of labels."""
    inner = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    left = min(line.tokens[0].x0 for line in lines)
    right = max(line.tokens[-1].x1 for line in lines)
    labels = [t for line in lines if line.has_value for t in line.tokens if t.x1 < columns[0][0]]
    if not labels:
        return [min(left, columns[0][0]) - 1.0, *inner, max(right, columns[-1][1]) + 1.0]
    border = (max(t.x1 for t in labels) + columns[0][0]) / 2
    tokens = [t for line in lines for t in line.tokens if t.x1 <= border]
    return [left - 1.0, *_label_borders(tokens), border, *inner, max(right, columns[-1][1]) + 1.0]


def _label_borders(tokens: Sequence[Token]) -> list[float]:
    """Return the borders between columns of labels (groups of rows stand left of the rows' own), ascending."""
    borders: list[float] = []
    for _ in range(2):
        crossed = {
            at: sum(t.x0 < at < t.x1 for t in tokens)
            for at in (t.x1 + 0.5 for t in tokens)
            if sum(t.x1 <= at for t in tokens) >= 2 and sum(t.x0 >= at for t in tokens) >= 3
        }
        best = min(crossed, key=lambda at: (crossed[at], -at), default=None)
        if best is None or crossed[best] > _CROSSING * len(tokens):
            break
        borders.insert(0, best)
        tokens = [t for t in tokens if t.x1 <= best]
    return borders


def _rows(lines: Sequence[Line], xs: Sequence[float], n_labels: int, loose: Sequence[Rule]) -> list[Row]:
    """Make the rows: one for each line of numbers, some for the lines of a head, then place the label lines."""
    rows: list[Row] = []
    labels: list[Line] = []
    head: list[Line] = []
    for line in lines:
        if line.has_value:
            rows += header_rows(head, xs)
            rows.append(value_row(line, xs, n_labels, rows))
            head = []
        elif line.tokens[-1].x1 > xs[n_labels]:
            head.append(line)
        else:
            labels.append(line)
    rows += header_rows(head, xs)
    ruled = [rule.at for rule in loose if rule.stop - rule.start > 0.4 * (xs[-1] - xs[0])]
    return place_labels(rows, labels, xs, ruled)
