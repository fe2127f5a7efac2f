"""Tables of a page: spans resolved to a grid, whatever they claim; layout tables told from tables of data."""

from __future__ import annotations

import re

from lxml import html as lhtml

from extract.model import Cell, Table

_CELLS = ("td", "th")
_LONGEST = 1500
"""Characters; a cell with more holds an article."""
_MOST_COLUMNS = 200
"""Columns beyond this are not placed by their spans any more: the form has at most fifteen."""


def own_rows(table: lhtml.HtmlElement) -> list[list[lhtml.HtmlElement]]:
    """Return the cells of a table's rows, not those of tables inside it.

    Cells without a row around them make one; forms between a table and its rows are looked through.
    """
    rows: list[list[lhtml.HtmlElement]] = []
    loose = False
    for child in table:
        if child.tag in _CELLS:
            if not loose:
                rows.append([])
            rows[-1].append(child)
        elif child.tag == "tr":
            rows.append([cell for cell in child if cell.tag in _CELLS])
        elif child.tag in {"thead", "tbody", "tfoot", "form"}:
            rows.extend(own_rows(child))
        loose = child.tag in _CELLS
    return rows


def is_layout(table: lhtml.HtmlElement) -> bool:
    """Tell a table that only arranges a page: it holds larger tables, or one column, or long text instead of cells."""
    rows = own_rows(table)
    own = sum(map(len, rows))
    inner = max((_cells_in(t) for t in table.iterdescendants("table") if _outer(t) is table), default=0)
    if inner and (len(rows) < 3 or 2 * inner >= own):
        return True
    if max(map(len, rows), default=0) < 2:
        return True
    return max(len(cell.text_content()) for row in rows for cell in row) > _LONGEST


def _outer(table: lhtml.HtmlElement) -> lhtml.HtmlElement | None:
    return next(table.iterancestors("table"), None)


def _cells_in(table: lhtml.HtmlElement) -> int:
    """Count the cells of a table and of all tables inside it; in C, since hostile pages nest them by the hundred."""
    return int(table.xpath("count(.//td) + count(.//th)"))


def table_of(node: lhtml.HtmlElement) -> Table:
    """Place the cells of a table on its grid.

    A span reaches at most to the last row and `_MOST_COLUMNS`; a rowspan of 0 reaches to the last row, as HTML says.
    """
    rows = own_rows(node)
    taken: dict[int, int] = {}
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for element in row:
            while taken.get(column, 0) > r:
                column += 1
            across = min(_span(element, "colspan") or 1, _MOST_COLUMNS)
            down = min(_span(element, "rowspan") or len(rows) - r, len(rows) - r)
            across = _free(taken, column, across, r)
            cells.append(Cell(r, column, cell_text(element), down, across))
            for c in range(column, column + across):
                taken[c] = r + down
            column += across
    return Table(tuple(cells), "html")


def _span(element: lhtml.HtmlElement, name: str) -> int:
    """Return a stated span, 1 where none or nonsense is stated."""
    match = re.match(r"\s*(\d{1,10})", element.get(name) or "1")
    return int(match[1]) if match else 1


def _free(taken: dict[int, int], column: int, across: int, row: int) -> int:
    """Return how far a cell reaches before it meets one that hangs down from above."""
    for n in range(1, across):
        if taken.get(column + n, 0) > row:
            return n
    return across


def cell_text(element: lhtml.HtmlElement) -> str:
    """Return the text of a cell: paragraphs and line breaks as line breaks, form fields as their values."""
    parts: list[str] = []
    _collect(element, parts)
    lines = (re.sub(r"[ \t\r\f\xa0]+", " ", line).strip(" \u3000") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: lhtml.HtmlElement, parts: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    breaks = tag in {"p", "div", "br", "li"}
    if breaks:
        parts.append("\n")
    if tag in {"input", "textarea"} and element.get("value"):
        parts.append(element.get("value") or "")
    parts.append((element.text or "").replace("\n", " "))
    for child in element:
        _collect(child, parts)
        parts.append((child.tail or "").replace("\n", " "))
    if breaks and tag != "br":
        parts.append("\n")
