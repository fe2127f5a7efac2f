"""All that the review page shows of one cell, as plain data; every text of a report in it is data, never markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extract.corrections import figure, figures
from extract.form import EDITIONS, Check, FormTable, edition
from extract.station.queue import Report, Row, is_decided, sums_of


def cell_view(report: Report, cells: Mapping[str, Row], code: str) -> dict[str, Any]:
    """Return a cell with its report, candidates, the sums it is part of, and the form table around it."""
    row = cells[code]
    return {
        "report": row.report_id, "code": code, "agency": report.agency, "year": report.year, "file": row.file or report.file,
        "page": row.page, "picture": row.picture, "table": row.table, "row_label": row.row_label,
        "column_label": row.column_label, "unit": row.unit, "raw": row.raw, "shown": row.shown, "status": row.status,
        "confidence": row.confidence, "reason": row.review_reason, "source": row.source, "decided": is_decided(row),
        "candidates": [{"text": text, "figure": _figure(text, row.unit), "probability": p} for text, p in row.options],
        "sums": [_sum(check, cells, code) for check in sums_of(report, code)],
        "form": _form(report, cells, row), "has_box": row.box is not None,
    }  # fmt: skip


def _figure(text: str, unit: str) -> str | None:
    """Return what a candidate says as a figure, or None where it is no number."""
    try:
        return figure(*figures(text, unit))
    except ValueError:
        return None


def _sum(check: Check, cells: Mapping[str, Row], code: str) -> dict[str, Any]:
    """Return a sum with its terms; they are named by what differs along it, the column or the row."""
    codes = (*check.left, *check.right)
    along_row = len({c.rsplit(".", 1)[0] for c in codes}) == 1
    table = cells[code].table

    def term(one: str) -> dict[str, Any]:
        row = cells[one]
        label = row.column_label if along_row else row.row_label
        return {
            "code": one, "label": label.split(" / ")[-1], "filled": row.filled, "shown": row.shown, "review": row.review,
        }  # fmt: skip

    line = cells[code]
    return {
        "check": check.name, "direction": "row" if along_row else "column", "table": table,
        "of": (line.row_label if along_row else line.column_label).split(" / ")[-1],
        "left": [term(c) for c in check.left], "right": [term(c) for c in check.right],
    }  # fmt: skip


def _form(report: Report, cells: Mapping[str, Row], row: Row) -> dict[str, Any] | None:
    """Return the form table that the cell stands in, line by line; None for a line that the form lacks."""
    if report.edition not in EDITIONS or row.table not in edition(report.edition).tables:
        return None
    table: FormTable = edition(report.edition).tables[row.table]
    lines = []
    for line in table.rows:
        known = [table.cells.get((line.key, column.key)) for column in table.columns]
        shown = [
            {"code": c.code, "shown": cells[c.code].shown, "status": cells[c.code].status, "review": cells[c.code].review}
            if c and c.code in cells else None
            for c in known
        ]  # fmt: skip
        lines.append({"label": line.path[-1], "group": " / ".join(line.path[:-1]), "cells": shown})
    return {"columns": [column.path[-1] for column in table.columns], "rows": lines}
