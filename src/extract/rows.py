"""Records to rows of the dataset's tables, in the order of `fields.csv`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pandas as pd

from extract.model import Problem
from extract.numbers import plain
from extract.problems import message
from extract.record import Outcome, Record
from extract.values import Value

Row = tuple[Any, ...]

_MOST_CANDIDATES = 9


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the dataset: its table, name, Frictionless type, whether it is part of the key, and its words."""

    table: str
    field: str
    type: str
    key: str
    title: str
    description: str


@cache
def schema() -> dict[str, tuple[Field, ...]]:
    """Return the columns of each table, in order."""
    text = files("extract").joinpath("fields.csv").read_text(encoding="utf-8")
    tables: dict[str, list[Field]] = {}
    for row in csv.DictReader(text.splitlines()):
        tables.setdefault(row["table"], []).append(Field(**row))
    return {name: tuple(columns) for name, columns in tables.items()}


@cache
def reader_version() -> str:
    """Return this package's version."""
    return version("gov-report-extract")


def rows_of(outcome: Outcome) -> dict[str, list[Row]]:
    """Return the rows of one outcome by table."""
    record = outcome.record
    rows: dict[str, list[Row]] = {name: [] for name in schema()}
    if record is not None:
        rows["reports"].append(_report(record))
        rows["cells"].extend(_cells(record))
        rows["sections"].extend((record.report_id, s.number, s.heading, s.text) for s in record.sections)
        rows["facts"].extend(_facts(record))
        rows["checks"].extend(_checks(record))
    problems = (*outcome.problems, *(record.problems if record else ()))
    rows["problems"].extend(problem_row(p, outcome, record) for p in problems)
    return rows


def problem_row(problem: Problem, outcome: Outcome | None = None, record: Record | None = None) -> Row:
    """Return the row of a problem; without a file of its own it is the outcome's main file's."""
    file = problem.file or (outcome.files[0] if outcome else "")
    identifier = record.report_id if record else ""
    return (
        file,
        identifier,
        problem.stage,
        problem.page,
        problem.kind,
        message(problem),
        message(problem, "zh"),
    )


def _report(r: Record) -> Row:
    head = asdict(r.head)
    values = {
        "report_id": r.report_id, "file": r.file, "sha256": r.sha256, "format": r.format, "edition": r.edition,
        "cells_expected": len(r.form_values), "cells_present": r.cells_present, "cells_review": r.cells_review,
        "checks_failed": r.checks_failed, "status": r.status, "reader_version": reader_version(),
        "seconds": round(r.seconds, 3), "files": "|".join(r.files), **head,
    }  # fmt: skip
    return tuple(_empty_date(f, values[f.field]) for f in schema()["reports"])


def _empty_date(field: Field, value: object) -> object:
    return None if field.type == "date" and value == "" else value


def _cells(r: Record) -> Iterator[Row]:
    for v in r.values:
        box = v.place.box
        yield (
            r.report_id, r.agency, r.year, r.edition, v.table, v.code, v.row_label, v.column_label, v.unit, v.raw,
            _number(v.value), _number(v.filled), v.status, round(v.confidence, 6), v.review, v.review_reason,
            v.source, v.place.page, *((round(x, 2) for x in (box.x0, box.y0, box.x1, box.y1)) if box else (None,) * 4),
            v.place.picture, v.place.file or r.file, _candidates(v),
        )  # fmt: skip


def _candidates(value: Value) -> str:
    """Return the readings of a picture as JSON: equal texts are told once, and at most nine (what keys can choose)."""
    if not value.options:
        return ""
    best: dict[str, float] = {}
    for option in value.options:
        best[option.raw] = best.get(option.raw, 0.0) + option.probability
    shown = sorted(best.items(), key=lambda pair: -pair[1])[:_MOST_CANDIDATES]
    return json.dumps([[text, round(p, 4)] for text, p in shown], ensure_ascii=False, separators=(",", ":"))


def _checks(r: Record) -> Iterator[Row]:
    for c in r.checks:
        yield (
            r.report_id, c.check, c.left_expression, c.right_expression,
            _number(c.left), _number(c.right), _number(c.difference), c.verdict, c.sentence, c.relation,
        )  # fmt: skip


def _facts(r: Record) -> Iterator[Row]:
    for f in r.facts:
        yield (
            r.report_id, f.section, f.name, _number(f.value), f.unit, f.sentence, f.start, f.end,
            f.raw, f.bound, _number(f.high), f.scope, f.year, f.date or None, f.part_of,
        )  # fmt: skip


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else plain(value)


def cells_frame(record: Record) -> pd.DataFrame:
    """Return the cells of one record as a frame; numbers are float64 with NaN for none."""
    columns = [field.field for field in schema()["cells"]]
    frame = pd.DataFrame(list(_cells(record)), columns=columns)
    numbers = [f.field for f in schema()["cells"] if f.type == "number"]
    return frame.astype({**dict.fromkeys(numbers, "float64"), "page": "Int64", "year": "Int64"})
