"""Writes a report as a workbook: .xlsx as its own parts, .xls by xlwt; text in rows of one cell, tables with merged cells."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from random import Random
from xml.sax.saxutils import escape

import xlwt

from . import archive
from .report import Report, flow
from .tables import Grid
from .words import Section

_WIDE = 8
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass
class _Sheet:
    """Cells by place, 0-based, and merged areas as first row, last row, first column, last column."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    row: int = 0

    def text(self, text: str) -> None:
        """Add a paragraph: one cell merged over the width of the page."""
        if text:
            self.cells[self.row, 0] = text
            self.merged.append((self.row, self.row, 0, _WIDE - 1))
            self.row += 1

    def grid(self, grid: Grid) -> None:
        """Add a table, with a blank row below it."""
        for cell in grid.cells:
            place = self.row + cell.row, cell.column
            self.cells[place] = cell.text
            if cell.row_span * cell.column_span > 1:
                last = place[0] + cell.row_span - 1, place[1] + cell.column_span - 1
                self.merged.append((place[0], last[0], place[1], last[1]))
        self.row += grid.n_rows + 1


def _sheets(report: Report, apart: bool) -> list[_Sheet]:
    """Return the report on one sheet, or its text on the first and each table on one of its own."""
    first = _Sheet("报告")
    sheets = [first]
    for _, content in flow(report):
        if isinstance(content, Section):
            first.text(content.heading)
        elif isinstance(content, Grid):
            if apart:
                sheets.append(_Sheet(f"附表{len(sheets)}"))
            sheets[-1].grid(content)
        else:
            first.text(str(content))
    return sheets


def is_plain_number(text: str) -> bool:
    """Tell a text that a spreadsheet keeps as a number and shows as it was typed."""
    whole, _, part = text.partition(".")
    shown = not part.endswith("0") and (text == "0" or not whole.startswith("0") or whole == "0")
    return text.isascii() and whole.isdigit() and (part.isdigit() if "." in text else True) and shown


def write_xlsx(report: Report, rng: Random) -> bytes:
    """Return the report as the bytes of an .xlsx; numbers are numbers or, as often, texts."""
    sheets = _sheets(report, rng.random() < 0.4)
    numbers = rng.random() < 0.6
    kind = '<Override PartName="/xl/{}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"/>'
    types = kind.format("workbook.xml", "sheet.main") + "".join(
        kind.format(f"worksheets/sheet{k + 1}.xml", "worksheet") for k in range(len(sheets))
    )
    listed = "".join(
        f'<sheet name="{s.name}" sheetId="{k + 1}" r:id="rId{k + 1}"/>' for k, s in enumerate(sheets)
    )
    related = "".join(
        f'<Relationship Id="rId{k + 1}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{k + 1}.xml"/>'
        for k in range(len(sheets))
    )
    packages = "http://schemas.openxmlformats.org/package/2006"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">{related}</Relationships>',
    }
    for k, sheet in enumerate(sheets):
        members[f"xl/worksheets/sheet{k + 1}.xml"] = _xml(sheet, numbers)
    return archive.pack({name: (_HEAD + text).encode() for name, text in members.items()})


def _xml(sheet: _Sheet, numbers: bool) -> str:
    rows: dict[int, list[str]] = {}
    for (row, column), text in sorted(sheet.cells.items()):
        name = f"{_letters(column)}{row + 1}"
        if numbers and is_plain_number(text):
            rows.setdefault(row, []).append(f'<c r="{name}"><v>{text}</v></c>')
        elif text:
            shown = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
            rows.setdefault(row, []).append(f'<c r="{name}" t="inlineStr">{shown}</c>')
    data = "".join(f'<row r="{row + 1}">{"".join(cells)}</row>' for row, cells in rows.items())
    areas = [f"{_letters(c0)}{r0 + 1}:{_letters(c1)}{r1 + 1}" for r0, r1, c0, c1 in sheet.merged]
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData><mergeCells>{merged}</mergeCells></worksheet>'


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column > 25 else "") + chr(65 + column % 26)


def write_xls(report: Report, rng: Random) -> bytes:
    """Return the report as the bytes of an .xls of Excel 97."""
    book = xlwt.Workbook(encoding="utf-8")
    numbers = rng.random() < 0.6
    for sheet in _sheets(report, rng.random() < 0.4):
        target = book.add_sheet(sheet.name)
        areas = {(r0, c0): (r1, c1) for r0, r1, c0, c1 in sheet.merged}
        for (row, column), text in sorted(sheet.cells.items()):
            value = float(text) if numbers and is_plain_number(text) else text
            last = areas.get((row, column), (row, column))
            target.write_merge(row, last[0], column, last[1], value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
