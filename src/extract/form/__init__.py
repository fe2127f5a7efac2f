"""The statutory form as data: its editions, tables, cells, labels with variants, and sums.

An edition is a csv of cells (`2021.csv`, …); `checks.csv` holds its sums as templates over rows and columns;
`variants.csv` other wordings of a label; `sections.csv` the titles of the six sections; `sheet_columns.csv` the heads of
statistics sheets. A new edition or a province's wording is a change of these files, not of code.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

EDITIONS = ("2021", "2019", "2014")
"""Editions that tables are read into, the newest first: a tie goes to the newest."""

LOCAL = "local"
"""Forms of a province or city from before 2014: no two are alike, and only labels tell what is in them."""

CELLS_OF = {LOCAL: "2014"}
"""What means the same in a local form goes by the code of this edition."""

STATISTICS = "statistics"
"""The one table of the sheets before 2019: an indicator in each row, its number beside it."""


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

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rows, and before the first row of a group without a number of its own the group's heading (key "")."""
        return _with_headings(self.rows)


@dataclass(frozen=True, slots=True)
class Check:
    """A sum of the form: the cells on its two sides; sides are equal in a consistent report.

    `total` is the printed total where the right side is one cell, so that a blank one can be derived. `relation` is
    `equal`, or `at_most` for a limit: the left side is a part of what the right one counts.
    """

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: str = "equal"

    @property
    def total(self) -> str | None:
        """Code of the total that the left side adds up to, or None for a balance or a limit."""
        return self.right[0] if len(self.right) == 1 and self.relation == "equal" else None


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the form: its tables by name, its cells by code in the form's order, its sums and limits."""

    name: str
    tables: dict[str, FormTable]
    cells: dict[str, FormCell]
    checks: tuple[Check, ...]
    limits: tuple[Check, ...] = ()

    def only(self, codes: Collection[str]) -> Edition:
        """Return a form that asks for some cells only. It has no sums: what else it adds up is not known."""
        cells = {code: cell for code, cell in self.cells.items() if code in codes}
        limits = tuple(c for c in self.limits if cells.keys() >= {*c.left, *c.right})
        return replace(self, cells=cells, checks=(), limits=limits)


@cache
def rows_of_file(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the form's csv files."""
    text = files("extract.form").joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


_BARE = re.compile(r"[（(]?[一二三四五六七八九十\d]+[)）]?[.、]?")
"""A number of order without a word, as the form's file writes a group that has been named before."""


@cache
def edition(name: str) -> Edition:
    """Load an edition by name (`2021`, `2019`, `2014`, `local`). Raises FileNotFoundError for one that is not there."""
    of = CELLS_OF.get(name, name)
    cells = {row["code"]: FormCell(**row) for row in rows_of_file(f"{of}.csv")}
    names = dict.fromkeys(cell.table for cell in cells.values())
    tables = {table: _table(table, cells.values()) for table in names}
    rules = [
        check
        for row in rows_of_file("checks.csv")
        if row["edition"] == of
        for check in _expand(row, tables.get("requests"))
    ]
    sums, limits = (tuple(c for c in rules if c.relation == sign) for sign in ("equal", "at_most"))
    return Edition(name, tables, cells, sums, limits)


def _table(name: str, cells: Iterable[FormCell]) -> FormTable:
    mine = [cell for cell in cells if cell.table == name]
    keys = [_split(cell) for cell in mine]
    rows = {row: Line(row, _path(cell.row_label)) for (row, _), cell in zip(keys, mine, strict=True)}
    columns = {col: Line(col, _path(cell.column_label)) for (_, col), cell in zip(keys, mine, strict=True)}
    return FormTable(name, tuple(rows.values()), tuple(columns.values()), dict(zip(keys, mine, strict=True)))


@cache
def _with_headings(rows: tuple[Line, ...]) -> tuple[Line, ...]:
    """Put headings between rows: parts of their paths that are no row's label and more than a number."""
    known = {row.path[-1].split("（不")[0] for row in rows}
    found: list[Line] = []
    for row in rows:
        for depth, part in enumerate(row.path[:-1], 1):
            if part not in known and not _BARE.fullmatch(part):
                known.add(part)
                found.append(Line("", row.path[:depth]))
        found.append(row)
    return tuple(found)


def _split(cell: FormCell) -> tuple[str, str]:
    """Split `requests.denied.state_secret.total` into row `denied.state_secret` and column `total`.

    A row of a statistics sheet has one number, and its code is the row's.
    """
    if cell.table == STATISTICS:
        return cell.code, "count"
    row, column = cell.code.rsplit(".", 1)
    return row.removeprefix(f"{cell.table}."), column


def _path(label: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in label.split(" / "))


def _expand(row: dict[str, str], requests: FormTable | None) -> list[Check]:
    keys = [line.key for line in getattr(requests, row["for_each"])] if row["for_each"] else [""]
    parts = {
        "columns": [c.key for c in requests.columns if c.key != "total"] if requests else [],
        "results": [r.key for r in requests.rows if len(r.path) > 1 and r.key != "results_total"]
        if requests
        else [],
        "outcomes": ["upheld", "corrected", "other", "pending"],
    }
    slot = row["for_each"].removesuffix("s")

    def codes(side: str, key: str) -> tuple[str, ...]:
        found = re.search(r"\{parts:(\w+)\}", side)
        terms = [side.replace(found[0], part) for part in parts[found[1]]] if found else side.split(" + ")
        return tuple(term.replace(f"{{{slot}}}", key) for term in terms)

    return [
        Check(
            row["check"].replace(f"{{{slot}}}", key),
            codes(row["left"], key),
            codes(row["right"], key),
            row["relation"],
        )
        for key in keys
    ]


@cache
def variants() -> dict[str, tuple[str, ...]]:
    """Other wordings of each label of the form, by the label as the form prints it."""
    found: dict[str, list[str]] = {}
    for row in rows_of_file("variants.csv"):
        found.setdefault(row["label"], []).append(row["variant"])
    return {label: tuple(others) for label, others in found.items()}


@cache
def section_titles() -> tuple[tuple[int, str, bool], ...]:
    """Titles of the six sections: (number, wording, only as it stands)."""
    return tuple((int(r["number"]), r["title"], r["exact"] == "yes") for r in rows_of_file("sections.csv"))


@cache
def standard_characters() -> dict[int, str]:
    """Translation table from traditional characters, as in mirrored pages, to those of the form."""
    return {
        ord(row["variant"]): row["standard"]
        for row in rows_of_file("characters.csv")
        if len(row["variant"]) == 1
    }


@cache
def standard_words() -> tuple[tuple[str, str], ...]:
    """Words of mirrored pages, in standard characters, and the form's words for them."""
    return tuple(
        (row["variant"], row["standard"]) for row in rows_of_file("characters.csv") if len(row["variant"]) > 1
    )


@cache
def sheet_columns() -> tuple[tuple[str, str], ...]:
    """Heads of the columns of statistics sheets: (role, wording); roles of values stand in the order they are taken."""
    return tuple((row["role"], row["head"]) for row in rows_of_file("sheet_columns.csv"))
