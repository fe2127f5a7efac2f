"""Tables that a page break cut in two, put together again.

Pure: blocks in, blocks out; every cell keeps its own place. Two tables are one where nothing stands between them,
the second begins a new page (or neither has pages), and their column borders agree. What the break cut inside the
table is mended: a repeated head, a row in two halves, a label that goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from extract.labels import completes, is_label, standard
from extract.model import Block, Cell, Reading, Table, Text, column_borders
from extract.numbers import is_value
from extract.readers.pdf_furniture import is_page_number

_NEAR = 0.012
"""Borders agree within this share of the table's width, after both are brought to one width: pages are scanned
askew, and Word lays a table out anew on each page."""
_NEAR_IN_PHOTOS = 0.04
"""The same between pictures with as many borders each, or one more: perspective draws columns together on one side, and
the innermost labels may stand on one page alone."""
_WIDTHS = {"picture": 0.25}
_WIDTH = 0.04
"""Share by which the widths of two parts may differ; photographs are taken from any distance."""
_SAME = 3.0
"""Points to which the outer borders agree where there are no others to compare."""
_ALIKE = 80.0
"""Likeness (0 to 100) of a repeated head: its text may have been recognised from a picture."""
_HEAD_ROWS = 6
_OWN_START = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、.．]|[①-⑳㈠-㈩]|第[一二三四五六七八九十]|其中|[总合小]\s*计)"
)
"""How a label begins that is no second half: with a number of its own, or with a word for parts or sums."""
_NUMBERS = 6
"""Columns of numbers at the right of a table that tell a half of a row."""
_CONTINUED = re.compile(r"[（(]?\s*(?:续\s*表|接上[表页]|续)\s*\d*\s*[)）]?")


@dataclass(frozen=True, slots=True)
class _Growing:
    """A table as joined so far: `borders` are its column borders as shares of the width, `last` its last part."""

    table: Table
    borders: tuple[float, ...] | None
    last: Table


def stitch(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Join the parts of each table; page numbers between parts are dropped, other blocks stay as they are."""
    result: list[Block | _Growing] = []
    for block in blocks:
        if isinstance(block, Table) and block.cells:
            part = _Growing(block, _borders(block), block)
            k = _before(result)
            before = result[k] if k >= 0 else None
            joined = _joined(before, part) if isinstance(before, _Growing) else None
            if joined is not None:
                del result[k:]
            result.append(joined or part)
        else:
            result.append(block)
    return tuple(item.table if isinstance(item, _Growing) else item for item in result)


def _before(result: Sequence[Block | _Growing]) -> int:
    """Return the index of the last block that is no furniture, or -1."""
    k = len(result) - 1
    while k >= 0 and _is_furniture(result[k]):
        k -= 1
    return k


def _is_furniture(block: Block | _Growing) -> bool:
    if not isinstance(block, Text):
        return False
    text = block.text.strip()
    return not text or is_page_number(text) or _CONTINUED.fullmatch(text) is not None


def _joined(first: _Growing, second: _Growing) -> _Growing | None:
    """Return both parts as one table, or None where they are two."""
    if not _follows(first.last, second.table):
        return None
    grids = _one_grid(first, second)
    if grids is None:
        return None
    top, bottom, borders = grids
    n = _repeated_head(top, bottom)
    if n and _label(top, n) == _label(bottom, n) != "":
        return None  # the same table again, such as one of another year
    if second.borders is None and not n and not _begins_inside(bottom):
        return None
    bottom = [replace(cell, row=cell.row - n) for cell in bottom if cell.row >= n]
    source = second.table.source if first.table.source == "picture" else first.table.source
    cells = tuple(sorted(_mended(top, bottom), key=lambda c: (c.row, c.column))) if bottom else tuple(top)
    return _Growing(replace(first.table, cells=cells, source=source), borders, second.table)


def _follows(last: Table, second: Table) -> bool:
    """True where a page break, a picture's edge, or nothing known lies between two parts."""
    here, there = last.place, second.place
    if here.file != there.file:
        return last.source == second.source == "picture"
    if here.page is not None or there.page is not None:
        return here.page is not None and there.page == here.page + 1
    return here.picture != there.picture or not (here.picture or here.box or there.box)


def _borders(table: Table) -> tuple[float, ...] | None:
    """Return the column borders as shares of the table's width, ascending, or None where boxes do not tell them."""
    if len(table.columns) == table.n_columns + 1:
        return table.columns
    boxes = [(c.column, c.column + c.column_span, c.place.box) for c in table.cells]
    spans = [(first, after, box.x0, box.x1) for first, after, box in boxes if box]
    return (column_borders(spans, table.n_columns) or None) if len(spans) == len(boxes) else None


def _one_grid(
    first: _Growing, second: _Growing
) -> tuple[list[Cell], list[Cell], tuple[float, ...] | None] | None:
    """Place the cells of both parts on the union of their column borders; None where these do not agree."""
    a, b = first.borders, second.borders
    if a is None or b is None:
        same = first.table.n_columns == second.table.n_columns
        return (list(first.table.cells), list(second.table.cells), a) if same else None
    photos = first.last.source == second.table.source == "picture" and abs(len(a) - len(b)) <= 1
    pairs = _pairs(a, b, _NEAR_IN_PHOTOS if photos else _NEAR)
    fewer = min(len(a), len(b))
    if not _as_wide(first.last, second.table, exact=fewer < 3) or len(pairs) < fewer - (fewer >= 8):
        return None
    partner = {j: i for i, j in pairs}
    union = sorted(
        [(x, 0, i) for i, x in enumerate(a)] + [(x, 1, j) for j, x in enumerate(b) if j not in partner]
    )
    index = {(which, k): u for u, (_, which, k) in enumerate(union)}
    of_a = [index[0, i] for i in range(len(a))]
    of_b = [index[0, partner[j]] if j in partner else index[1, j] for j in range(len(b))]
    top, bottom = _placed(first.table, of_a), _placed(second.table, of_b)
    return top, bottom, tuple(x for x, _, _ in union)


def _pairs(a: Sequence[float], b: Sequence[float], near: float) -> list[tuple[int, int]]:
    """Return the pairs of borders (both ascending) that agree; each border has one partner at most."""
    pairs: list[tuple[int, int]] = []
    for i, x in enumerate(a):
        j = min(range(len(b)), key=lambda k: abs(b[k] - x))
        mutual = min(range(len(a)), key=lambda k: abs(a[k] - b[j])) == i
        if mutual and abs(b[j] - x) <= near:
            pairs.append((i, j))
    return pairs


def _as_wide(first: Table, second: Table, exact: bool) -> bool:
    """Tell whether two parts are about equally wide; points and pixels cannot be compared."""
    one, other = first.place.box, second.place.box
    if one is None or other is None:
        return not exact
    if exact:
        near = abs(one.x0 - other.x0) <= _SAME and abs(one.x1 - other.x1) <= _SAME
        return near and first.source == second.source == "pdf"
    if first.source != second.source:
        return True
    widths = one.x1 - one.x0, other.x1 - other.x0
    return abs(widths[0] - widths[1]) <= _WIDTHS.get(first.source, _WIDTH) * max(widths)


def _placed(table: Table, index: Sequence[int]) -> list[Cell]:
    """Move cells to the columns that `index` gives for each of their table's borders."""
    return [
        replace(c, column=index[c.column], column_span=index[c.column + c.column_span] - index[c.column])
        for c in table.cells
    ]


def _repeated_head(top: Sequence[Cell], bottom: Sequence[Cell]) -> int:
    """Return how many rows at the top of a part repeat the head of the table."""
    head = 0
    for n in range(1, _HEAD_ROWS + 1):
        rows = [[c for c in cells if c.row < n] for cells in (top, bottom)]
        if any(is_value(cell.text) for cell in rows[1]):
            break
        whole = all(c.row + c.row_span <= n for part in rows for c in part)
        if whole and any(c.row == n - 1 for c in rows[1]) and _same_texts(*rows):
            head = n
    return head


def _same_texts(one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    texts = [{(c.row, c.column): standard(c.text) for c in part} for part in (one, other)]
    if texts[0].keys() != texts[1].keys() or not any(texts[0].values()):
        return False
    exact = not any(c.candidates for c in (*one, *other))
    least = 100.0 if exact else _ALIKE
    return all(fuzz.ratio(text, texts[1][key]) >= least for key, text in texts[0].items())


def _label(cells: Sequence[Cell], row: int) -> str:
    """Return the first label of a row, or "" if it has none."""
    labels = [c for c in cells if c.row == row and standard(c.text) and not is_value(c.text)]
    return standard(min(labels, key=lambda c: c.column).text) if labels else ""


def _begins_inside(cells: Sequence[Cell]) -> bool:
    """True where a part without known borders begins with a row of values, not with a head of its own."""
    return any(c.row == 0 and is_value(c.text) for c in cells)


def _mended(top: Sequence[Cell], bottom: Sequence[Cell]) -> list[Cell]:
    """Put the parts below each other and together what the break cut between them."""
    offset = max(cell.row + cell.row_span for cell in top)
    last = {(c.column, c.column_span): c for c in top if c.row + c.row_span == offset}
    first = {(c.column, c.column_span): c for c in bottom if c.row == 0}
    one_row = _is_one_row(last, first) or _is_bare_half(last, first, (*top, *bottom))
    goes_on = set(first) if one_row else {key for key in first if key in last and _goes_on(key, last, first)}
    shift = offset - one_row
    cells = [c for c in top if (c.column, c.column_span) not in goes_on or c.row + c.row_span < offset]
    cells += [
        replace(c, row=c.row + shift) for c in bottom if c.row or (c.column, c.column_span) not in goes_on
    ]
    return cells + [_one_cell(last[key], first[key], one_row) for key in goes_on]


_Row = dict[tuple[int, int], Cell]
"""The cells of a row on one side of the break, by column and column span."""


def _is_one_row(last: _Row, first: _Row) -> bool:
    """Tell one row cut in two: the same columns, values in one half at most, and a label that goes on."""
    if last.keys() != first.keys() or any(_said(last[k]) and _said(first[k]) for k in _values(last, first)):
        return False
    n_last, n_first = (sum(is_value(c.text) for c in row.values()) for row in (last, first))
    if n_last and n_first:
        return False
    leaf = max((k for k in last if _is_label(last[k]) or _is_label(first[k])), default=None)
    if leaf is None or any(key < leaf for key in _values(last, first)):
        return False
    above, below = last[leaf], first[leaf]
    if _is_label(above) and _is_label(below):
        return _is_unfinished(above, below) or _is_cut_head(last, first)
    if _is_label(above):
        return n_first > 0 or _is_blank(first)
    return n_last > 0 or _is_blank(last)


def _is_bare_half(last: _Row, first: _Row, cells: Sequence[Cell]) -> bool:
    """Tell by its numbers a row cut in two in pictures, whose label may be worn: one half has none, where no other row lacks any."""
    numbers = sorted(k for k in last.keys() & first.keys() if k[1] == 1)[-_NUMBERS:]
    if last.keys() != first.keys() or len(numbers) < _NUMBERS or not last[numbers[0]].candidates:
        return False
    above, below = ([_said(row[k]) for k in numbers] for row in (last, first))
    if not ((all(above) and not any(below)) or (all(below) and not any(above))):
        return False
    columns = {column for column, _ in numbers}
    blank = [c for c in cells if c.column in columns and c.column_span == 1 and not _said(c)]
    return len(blank) == _NUMBERS


def _is_blank(row: _Row) -> bool:
    """Tell a sliver of a row: nothing stands in it but in cells that reach into other rows."""
    return not any(_said(c) for c in row.values() if c.row_span == 1)


def _is_cut_head(last: _Row, first: _Row) -> bool:
    """Tell a head of short words of which the break cut each in two."""
    texts = [standard(c.text) for row in (last, first) for c in row.values()]
    shorts = all(len(text) <= 3 and not is_value(text) and not _OWN_START.match(text) for text in texts)
    return len(last) >= 5 and shorts and all(standard(c.text) for c in last.values())


def _goes_on(key: tuple[int, int], last: _Row, first: _Row) -> bool:
    """Tell a label of a group of rows that goes on: it stands left of the rows' own labels on both sides."""
    above, below = last[key], first[key]
    if is_value(above.text) or is_value(below.text) or not (_is_inner(key, last) and _is_inner(key, first)):
        return False
    spanning = above.row_span + below.row_span > 2
    if not _said(below):
        return _said(above) or spanning
    if not _said(above):
        return spanning
    return _is_unfinished(above, below)


def _is_inner(key: tuple[int, int], row: _Row) -> bool:
    """True left of another label; a misread number further on is none."""
    beside = min((k for k, cell in row.items() if k > key and _said(cell)), default=None)
    return beside is not None and _is_label(row[beside])


def _is_unfinished(above: Cell, below: Cell) -> bool:
    """True where the second text has no beginning of its own and the first one has, or waits for an end."""
    if _OWN_START.match(below.text):
        return False
    if completes(above.text, below.text):
        return True
    if is_label(above.text) and is_label(below.text):
        return False
    text = standard(above.text)
    return bool(_OWN_START.match(above.text)) or text.count("(") > text.count(")") or text[-1:] in {",", "、"}


def _values(last: _Row, first: _Row) -> list[tuple[int, int]]:
    return [k for k in last if k in first and (is_value(last[k].text) or is_value(first[k].text))]


def _said(cell: Cell) -> bool:
    return bool(standard(cell.text))


def _is_label(cell: Cell) -> bool:
    return _said(cell) and not is_value(cell.text)


def _one_cell(above: Cell, below: Cell, one_row: bool) -> Cell:
    """Join both halves of a cell; it stands where its first text does."""
    whole = above if _said(above) or not _said(below) else below
    text, candidates = whole.text, whole.candidates
    if _said(above) and _said(below):
        text = above.text + below.text
        candidates = _joined_readings(above, below)
    span = above.row_span + below.row_span - one_row
    return replace(above, text=text, row_span=span, place=whole.place, candidates=candidates)


def _joined_readings(above: Cell, below: Cell) -> tuple[Reading, ...]:
    """Return the readings of a text whose halves were read apart; none where both are native text."""
    if not (above.candidates or below.candidates):
        return ()
    ones, others = (c.candidates or (Reading(c.text, 1.0),) for c in (above, below))
    both = [Reading(a.text + b.text, a.probability * b.probability) for a in ones[:3] for b in others[:3]]
    return tuple(sorted(both, key=lambda r: -r.probability))
