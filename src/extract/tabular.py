"""Frames to files that people open: CSV, Excel, JSON. What a spreadsheet would run as a formula is text in all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from extract.errors import OutputError, UsageError

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

SUFFIXES = (".csv", ".xlsx", ".json")
_FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠](?![0-9０-９.,．，]*$)")
"""The same rule as for the dataset's CSVs: a lone sign and a signed number stay as they are."""
_FORMATS = {"percent": "0.0%", "count": "#,##0", "number": "#,##0.##", "year": "0", "text": "@"}
_WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """A frame with a name, headings for people by column, and the format of each column: a key of `_FORMATS`.

    `by_row` names the column whose text says how the numbers of its row are shown, for frames that mix measures.
    """

    name: str
    frame: pd.DataFrame
    headings: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    by_row: tuple[str, dict[str, str], frozenset[str]] | None = None


def write(path: Path, sheets: Sequence[Sheet], notes: Sequence[str]) -> None:
    """Write sheets to a file of the kind that its name ends with; a CSV holds the first sheet only, whose columns keep their names.

    Raises UsageError for another ending, OutputError where the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path}: write a name that ends in {', '.join(SUFFIXES)}")
    try:
        if path.suffix.lower() == ".csv":
            _csv(path, sheets[0].frame)
        elif path.suffix.lower() == ".json":
            path.write_text(as_json(sheets, notes) + "\n", encoding="utf-8")
        else:
            _xlsx(path, sheets, notes)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error}; close the program that has it open, or choose another name"
        ) from error


def _csv(path: Path, frame: pd.DataFrame) -> None:
    safe = frame.copy()
    for column in safe.select_dtypes(include=["object", "string", "str"]):
        safe[column] = [f"'{v}" if isinstance(v, str) and _FORMULA.match(v) else v for v in safe[column]]
    for column in safe.select_dtypes(include="float"):
        safe[column] = pd.Series([_plain(v) for v in safe[column]], safe.index, dtype=object)
    for column in safe.select_dtypes(include="bool"):
        safe[column] = safe[column].map({True: "true", False: "false"})
    safe.to_csv(path, index=False, encoding="utf-8-sig")


def _plain(value: float) -> int | float | None:
    """Return a number as a person writes it: whole ones without `.0`, none where there is none."""
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(f"{value:.12g}")


def as_json(sheets: Sequence[Sheet], notes: Sequence[str]) -> str:
    """Return sheets as one JSON object: `notes` and each sheet's rows under its name; a number that is not there is null."""
    tables = {sheet.name: [_row(row) for row in sheet.frame.to_dict("records")] for sheet in sheets}
    return json.dumps({"notes": list(notes), **tables}, ensure_ascii=False, indent=1, allow_nan=False)


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): _json(value) for key, value in row.items()}


def _json(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return None if pd.isna(value) else value.isoformat()
    if isinstance(value, float):
        return _plain(value)
    if hasattr(value, "item"):
        return _json(value.item())
    return None if value is pd.NA else value


def _xlsx(path: Path, sheets: Sequence[Sheet], notes: Sequence[str]) -> None:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is asked for

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = {name: book.add_format({"num_format": pattern}) for name, pattern in _FORMATS.items()}
        for sheet in sheets:
            _sheet(book, sheet, formats)
        page = book.add_worksheet("说明")
        page.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
        for at, note in enumerate(notes):
            page.write_string(at, 0, note)


def _sheet(book: Workbook, sheet: Sheet, formats: dict[str, Format]) -> None:
    page = book.add_worksheet(sheet.name)
    head = book.add_format(
        {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    )
    columns = list(sheet.frame.columns)
    for at, column in enumerate(columns):
        page.write_string(0, at, sheet.headings.get(str(column), str(column)), head)
        texts = [
            sheet.headings.get(str(column), str(column)),
            *(str(v) for v in sheet.frame[column].head(200)),
        ]
        page.set_column(at, at, min(_WIDEST, max(8, *(_width(text[:_WIDEST]) for text in texts)) + 2))
    shown = sheet.by_row
    for line, row in enumerate(sheet.frame.itertuples(index=False), start=1):
        own = shown[1].get(str(row[columns.index(shown[0])])) if shown else None
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            name = own if own and shown and column in shown[2] else sheet.formats.get(str(column), "")
            _cell(page, line, at, value, formats.get(name))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.frame)), max(0, len(columns) - 1))


def _cell(page: Any, line: int, at: int, value: Any, shown: Format | None) -> None:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        page.write_blank(line, at, None, shown)
    elif isinstance(value, str):
        page.write_string(line, at, value[:32_767])  # the longest text that a cell of Excel holds
    elif isinstance(value, bool) or type(value).__name__ == "bool":
        page.write_string(line, at, "是" if value else "")
    elif hasattr(value, "isoformat"):
        page.write_string(line, at, value.isoformat()[:10])
    else:
        page.write_number(line, at, float(value), shown)


def _width(text: str) -> int:
    """Return how wide a text is, a Chinese character counting two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
