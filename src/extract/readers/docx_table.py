"""Tables of Word: grid spans and vertical merges to cells with spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extract.model import Cell, Table
from extract.readers.docx_numbering import Numbering
from extract.readers.docx_xml import W, paragraph_text

_WRAPPERS = {W + name for name in ("sdt", "sdtContent", "customXml", "ins")}
_MOST = 200


@dataclass(slots=True)
class GridCell:
    """A cell on the grid and the `w:tc` elements it is made of (more than one where cells are merged)."""

    row: int
    column: int
    row_span: int
    column_span: int
    parts: list[etree._Element] = field(default_factory=list)


def grid_cells(table: etree._Element) -> list[GridCell]:
    """Place the cells of a table.

    `vMerge` continues the cell above that covers the same column; `hMerge` the cell to the left. A continuation
    without a beginning is a cell of its own: some programs write them.
    """
    cells: list[GridCell] = []
    open_at: dict[int, GridCell] = {}
    for row, element in enumerate(_children(table, W + "tr")):
        column = _number(element, "trPr", "gridBefore", 0)
        for tc in _children(element, W + "tc"):
            span = min(max(_number(tc, "tcPr", "gridSpan", 1), 1), _MOST)
            merge, across = _merge(tc, "vMerge"), _merge(tc, "hMerge")
            above = open_at.get(column)
            if merge == "continue" and above is not None and above.column == column:
                above.row_span = row - above.row + 1
                above.parts.append(tc)
                column += max(span, 1)
                continue
            if across == "continue" and cells and cells[-1].row == row:
                cells[-1].column_span += span
                cells[-1].parts.append(tc)
                column += span
                continue
            cell = GridCell(row, column, 1, span, [tc])
            cells.append(cell)
            for c in range(column, column + span):
                open_at.pop(c, None)
            if merge:
                open_at[column] = cell
            column += span
    return cells


def _children(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield children of a kind, also those inside content controls and insertions; deleted rows are left out."""
    for child in node:
        if child.tag == tag:
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _number(node: etree._Element, properties: str, name: str, default: int) -> int:
    element = node.find(f"{W}{properties}/{W}{name}")
    value = element.get(W + "val") if element is not None else None
    return int(value) if value and value.isdigit() else default


def _merge(tc: etree._Element, name: str) -> str:
    """Return `restart`, `continue` or an empty text; a merge without a value continues."""
    element = tc.find(f"{W}tcPr/{W}{name}")
    return "" if element is None else element.get(W + "val") or "continue"


def table_of(cells: list[GridCell], numbering: Numbering) -> Table:
    """Return the table; the text of a cell is its paragraphs, one per line."""
    return Table(
        tuple(Cell(c.row, c.column, _text(c, numbering), c.row_span, c.column_span) for c in cells), "docx"
    )


def _text(cell: GridCell, numbering: Numbering) -> str:
    lines = [
        numbering.label(p) + text.strip()
        for part in cell.parts
        for p in part.iter(W + "p")
        if (text := paragraph_text(p)).strip()
    ]
    return "\n".join(lines)
