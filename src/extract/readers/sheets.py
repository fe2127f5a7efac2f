"""Spreadsheets (.xlsx, .xls): the tables and texts of each visible sheet, by calamine; pictures from the package.

A number is printed as the cell holds it: spreadsheets keep figures, and what a format would show of one may be less.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from extract.errors import ReadError
from extract.model import Block, Cell, Document, Picture, Place, Problem, Source, Table, Text
from extract.settings import Settings

_MOST_CELLS = 2_000_000
"""A sheet that spans more squares is no report: one value in its last corner would fill the memory."""
_LONG = 40
"""A row whose only text is longer is a paragraph, not a heading inside a table."""

_NUMBER = re.compile(r"\d|^\s*[-—/／－无]\s*$")

_Span = tuple[tuple[int, int], tuple[int, int]]
_Value = str | float | bool | date | datetime | time | timedelta


def read(source: Source, settings: Settings) -> Document:
    """Read a workbook. Raises ReadError: damaged, encrypted, too_large, empty."""
    pictures = _pictures(source, settings) if source.kind == "xlsx" else []
    blocks: list[Block] = []
    try:
        with CalamineWorkbook.from_object(io.BytesIO(source.data)) as book:
            for number, about in enumerate(book.sheets_metadata, 1):
                if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet:
                    blocks.extend(_blocks(book.get_sheet_by_name(about.name), number, source.kind))
    except PasswordError as error:
        raise ReadError("encrypted") from error
    except CalamineError as error:
        raise ReadError("damaged", f"{error}"[:200]) from error
    if not blocks and not pictures:
        raise ReadError("empty", "No cell of a visible sheet has a value.")
    problems = [Problem("read", "picture_unreadable", p.name) for p in pictures if not p.data]
    return Document(source.kind, (*blocks, *pictures), (), tuple(problems))


def _blocks(sheet: CalamineSheet, number: int, kind: str) -> Iterator[Block]:
    """Yield the tables of a sheet and the texts between them, from the top."""
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise ReadError(
            "too_large", f"Sheet {sheet.name}: {sheet.total_height} by {sheet.total_width} cells."
        )
    rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    spans = {first: (first, last) for first, last in sheet.merged_cell_ranges or ()}
    covered = {row for (top, _), (bottom, _) in spans.values() for row in range(top + 1, bottom + 1)}
    filled = [[c for c, text in enumerate(row) if text.strip()] for row in rows]
    start = 0
    for stop in range(len(rows) + 1):
        blank = stop == len(rows) or (not filled[stop] and stop not in covered)
        long = not blank and len(filled[stop]) == 1 and len(rows[stop][filled[stop][0]].strip()) > _LONG
        if blank or long:
            yield from _run(rows, filled, spans, (start, stop), number, kind)
            start = stop + 1
        if long:
            yield _paragraph(rows[stop], number)


def _run(
    rows: Sequence[Sequence[str]],
    filled: Sequence[Sequence[int]],
    spans: dict[tuple[int, int], _Span],
    between: tuple[int, int],
    number: int,
    kind: str,
) -> Iterator[Block]:
    """Yield rows without a gap as a table; rows of one cell above and below it are text."""
    start, stop = between
    inner = [r for r in range(start, stop) if len(filled[r]) > 1]
    first, last = (inner[0], inner[-1] + 1) if inner else (stop, stop)
    while first > start and any(
        spans.get((first - 1, c), ((0, 0), (0, 0)))[1][0] >= first for c in filled[first - 1]
    ):
        first -= 1
    while last < stop and inner and not _is_wide(last, filled, spans, inner):
        last += 1  # a row whose numbers are blank, or that only a merged cell of the table covers
    for r in range(start, first):
        yield _paragraph(rows[r], number)
    if inner:
        yield _table(rows[first:last], spans, first, number, kind)
    for r in range(last, stop):
        yield _paragraph(rows[r], number)


def _is_wide(
    row: int, filled: Sequence[Sequence[int]], spans: dict[tuple[int, int], _Span], inner: Sequence[int]
) -> bool:
    """Tell a row below a table whose only cell goes over most of the table's width, as a note does."""
    width = max(filled[r][-1] for r in inner) + 1
    return any(2 * (spans[row, c][1][1] - c + 1) > width for c in filled[row] if (row, c) in spans)


def _paragraph(row: Sequence[str], number: int) -> Text:
    return Text(" ".join(text.strip() for text in row if text.strip()), Place(page=number))


def _table(
    rows: Sequence[Sequence[str]], spans: dict[tuple[int, int], _Span], top: int, number: int, kind: str
) -> Table:
    """Make a table of rows that begin at sheet row `top`, without the columns at both sides that are empty."""
    used = [c for row in rows for c, text in enumerate(row) if text.strip()]
    left, right = min(used), max(used) + 1
    cells: list[Cell] = []
    hidden: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        for c in range(left, right):
            if (r, c) in hidden:
                continue
            (_, _), (bottom, end) = spans.get((top + r, c), ((0, 0), (top + r, c)))
            height, width = min(bottom - top, len(rows) - 1) - r + 1, min(end, right - 1) - c + 1
            hidden |= {(y, x) for y in range(r, r + height) for x in range(c, c + width)}
            cells.append(Cell(r, c - left, row[c], height, width, Place(page=number)))
    if not any(
        _NUMBER.search(text) for text in rows[-1]
    ):  # it ends in heads: the row of values below is all blank
        cells += [Cell(len(rows), c, "", place=Place(page=number)) for c in range(right - left)]
    return Table(tuple(cells), kind, Place(page=number))


def _text(value: _Value) -> str:
    """Return a value as text: whole numbers without a point, others with the digits that they were typed with."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.10f}".rstrip("0")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.replace("\r\n", "\n") if isinstance(value, str) else str(value)


def _pictures(source: Source, settings: Settings) -> list[Picture]:
    """Return the pictures of a package. Raises ReadError: damaged, too_large."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            if sum(info.file_size for info in package.infolist()) > settings.max_bytes:
                raise ReadError("too_large", "The parts of the package, unpacked.")
            names = sorted(n for n in package.namelist() if n.startswith("xl/media/"))
            return [Picture(name, package.read(name)) for name in names]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
        raise ReadError("damaged", f"{error}") from error
