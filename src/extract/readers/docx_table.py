"""Tables of Word: grid spans and vertical merges to cells with spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extract.model import Cell, Table
from extract.readers.docx_numbering import Numbering
from extract.readers.docx_xml import W, find, paragraph_text, paragraphs_of, value_of

_WRAPPERS = {W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")}
_MOST = 200
"""More columns than this are a damaged number, not a table."""


@dataclass(slots=True)
class GridCell:
    """A cell on the grid and the `w:tc` that is shown there; of merged cells Word shows only the first one."""

    row: int
    column: int
    row_span: int
    column_span: int
    tc: etree._Element


def grid_cells(table: etree._Element) -> list[GridCell]:
    """Place the cells of a table.

    `vMerge` continues the cell above that begins in the same column; `hMerge` the cell to the left. A continuation
    without a beginning is a cell of its own: some programs write them.
    """
    cells: list[GridCell] = []
    open_at: dict[int, GridCell] = {}
    for row, element in enumerate(_children(table, "tr")):
        column = _number(element, "trPr", "gridBefore", 0)
        left: GridCell | None = None
        for tc in _children(element, "tc"):
            span = max(_number(tc, "tcPr", "gridSpan", 1), 1)
            merge = _merge(tc, "vMerge")
            if left is not None and _merge(tc, "hMerge") == "continue":
                left.column_span += span
            elif (above := _continued(open_at.get(column), merge, row, span)) is not None:
                above.row_span += 1
                left = None
            else:
                left = GridCell(row, column, 1, span, tc)
                cells.append(left)
                open_at.pop(column, None)
                if merge:
                    open_at[column] = left
            column += span
    return cells


def _continued(above: GridCell | None, merge: str, row: int, span: int) -> GridCell | None:
    """Return the cell above where it reaches down to this row and no cell would come to lie under it."""
    fits = above is not None and above.row + above.row_span == row and above.column_span <= span
    return above if merge == "continue" and fits else None


def is_layout(table: etree._Element, cells: list[GridCell]) -> bool:
    """Tell whether a table only arranges a page: a single column, or most of its cells in tables inside."""
    if len({cell.column for cell in cells}) < 2:
        return True
    inner = sum(1 for cell in cells if next(_children(cell.tc, "tbl"), None) is not None)
    if not inner:
        return False
    return sum(1 for _ in table.iterdescendants(W + "tc")) >= 2 * len(cells)


def _children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield children of a kind, also those inside content controls and insertions; deleted rows are left out."""
    tag = W + name
    for child in node:
        if child.tag == tag:
            if name != "tr" or find(child, "trPr", "del") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)


def _number(node: etree._Element, properties: str, name: str, default: int) -> int:
    value = value_of(node, properties, name)
    return min(int(value), _MOST) if value.isdecimal() else default


def _merge(tc: etree._Element, name: str) -> str:
    """Return `restart`, `continue` or an empty text; a merge without a value continues."""
    element = find(tc, "tcPr", name)
    return "" if element is None else element.get(W + "val") or "continue"


def table_of(cells: list[GridCell], numbering: Numbering) -> Table:
    """Return the table; the text of a cell is its paragraphs, one per line."""
    return Table(
        tuple(Cell(c.row, c.column, _text(c.tc, numbering), c.row_span, c.column_span) for c in cells), "docx"
    )


def _text(tc: etree._Element, numbering: Numbering) -> str:
    lines = ((numbering.label(p), paragraph_text(p).strip()) for p in paragraphs_of(tc))
    return "\n".join(label + text for label, text in lines if text)
