"""The statutory form as data: its editions, tables, cells, labels with variants, and sums.

An edition is a csv of cells (`2021.csv`, …); `checks.csv` holds its sums as templates over rows and columns;
`variants.csv` other wordings of a label; `sections.csv` the titles of the six sections. A new edition or a
province's wording is a change of these files, not of code.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EDITIONS = ("2021", "2019")
"""Editions that tables are read into, the newest first: a tie goes to the newest."""

TABLES = ("proactive", "requests", "review_and_litigation")


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of the statutory form; `type` is integer or decimal."""

    code: str
    table: str
    row_label: str
    column_label: str
    unit: str
    type: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a form table: its part of the code and its label from group to leaf."""

    key: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of an edition: rows, columns, and the cells by (row key, column key)."""

    name: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: dict[tuple[str, str], FormCell]

    def columns_of(self, row: Line) -> tuple[Line, ...]:
        """Columns that exist in a row, in order (the blocks of the first table differ)."""
        return tuple(c for c in self.columns if (row.key, c.key) in self.cells)


@dataclass(frozen=True, slots=True)
class Check:
    """A sum of the form: the cells on its two sides; sides are equal in a consistent report.

    `total` is the printed total where the right side is one cell, so that a blank one can be derived.
    """

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def total(self) -> str | None:
        """Code of the total that the left side adds up to, or None for a balance."""
        return self.right[0] if len(self.right) == 1 else None


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the form: its tables by name, its cells by code in the form's order, its sums."""

    name: str
    tables: dict[str, FormTable]
    cells: dict[str, FormCell]
    checks: tuple[Check, ...]


def _rows(name: str) -> list[dict[str, str]]:
    text = files("extract.form").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def edition(name: str) -> Edition:
    """Load an edition by name (`2021`, `2019`). Raises FileNotFoundError for one that is not there."""
    cells = {row["code"]: FormCell(**row) for row in _rows(f"{name}.csv")}
    tables = {table: _table(table, cells.values()) for table in TABLES}
    checks = tuple(
        check
        for row in _rows("checks.csv")
        if row["edition"] == name
        for check in _expand(row, tables["requests"])
    )
    return Edition(name, tables, cells, checks)


def _table(name: str, cells: Iterable[FormCell]) -> FormTable:
    mine = [cell for cell in cells if cell.table == name]
    keys = [_split(cell) for cell in mine]
    rows = {row: Line(row, _path(cell.row_label)) for (row, _), cell in zip(keys, mine, strict=True)}
    columns = {col: Line(col, _path(cell.column_label)) for (_, col), cell in zip(keys, mine, strict=True)}
    return FormTable(name, tuple(rows.values()), tuple(columns.values()), dict(zip(keys, mine, strict=True)))


def _split(cell: FormCell) -> tuple[str, str]:
    """Split `requests.denied.state_secret.total` into row `denied.state_secret` and column `total`."""
    row, column = cell.code.rsplit(".", 1)
    return row.removeprefix(f"{cell.table}."), column


def _path(label: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in label.split(" / "))


def _expand(row: dict[str, str], requests: FormTable) -> list[Check]:
    keys = [line.key for line in getattr(requests, row["for_each"])] if row["for_each"] else [""]
    parts = {
        "columns": [c.key for c in requests.columns if c.key != "total"],
        "results": [r.key for r in requests.rows if len(r.path) > 1 and r.key != "results_total"],
        "outcomes": ["upheld", "corrected", "other", "pending"],
    }
    slot = row["for_each"].removesuffix("s")

    def codes(side: str, key: str) -> tuple[str, ...]:
        found = re.search(r"\{parts:(\w+)\}", side)
        terms = [side.replace(found[0], part) for part in parts[found[1]]] if found else side.split(" + ")
        return tuple(term.replace(f"{{{slot}}}", key) for term in terms)

    return [
        Check(row["check"].replace(f"{{{slot}}}", key), codes(row["left"], key), codes(row["right"], key))
        for key in keys
    ]


@cache
def variants() -> dict[str, tuple[str, ...]]:
    """Other wordings of each label of the form, by the label as the form prints it."""
    found: dict[str, list[str]] = {}
    for row in _rows("variants.csv"):
        found.setdefault(row["label"], []).append(row["variant"])
    return {label: tuple(others) for label, others in found.items()}


@cache
def section_titles() -> tuple[tuple[int, str, bool], ...]:
    """Titles of the six sections: (number, wording, only as it stands)."""
    return tuple((int(r["number"]), r["title"], r["exact"] == "yes") for r in _rows("sections.csv"))


@cache
def standard_characters() -> dict[int, str]:
    """Translation table from traditional characters, as in mirrored pages, to those of the form."""
    return {
        ord(row["variant"]): row["standard"] for row in _rows("characters.csv") if len(row["variant"]) == 1
    }


@cache
def standard_words() -> tuple[tuple[str, str], ...]:
    """Words of mirrored pages, in standard characters, and the form's words for them."""
    return tuple(
        (row["variant"], row["standard"]) for row in _rows("characters.csv") if len(row["variant"]) > 1
    )


@cache
def statistics_labels() -> tuple[str, ...]:
    """Labels of the 2014 statistics sheet, to know one when it is met."""
    return tuple(row["row_label"].split(" / ")[-1] for row in _rows("2014.csv"))
