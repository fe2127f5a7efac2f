"""What the review station knows of a dataset: which cells wait, and all about one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from extract.corrections import CONFIRMED, CORRECTED, FILE, Decision, current, figure, figures, read_decisions
from extract.errors import InputNotFoundError, OutputError
from extract.form import EDITIONS, Check, edition
from extract.model import Box
from extract.station.interval import share_interval

T = TypeVar("T")
Key = tuple[str, str]

_COLUMNS = (
    "report_id", "code", "table", "row_label", "column_label", "unit", "raw", "value", "filled", "status", "confidence",
    "review", "review_reason", "source", "page", "x0", "y0", "x1", "y1", "picture", "file", "candidates",
)  # fmt: skip
_SAMPLE_SIZE = 2000
"""Cells drawn for a sample; three hundred without an error already say "under 1 per cent"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A cell as the store has it, with the figure that it shows."""

    report_id: str
    code: str
    table: str
    row_label: str
    column_label: str
    unit: str
    raw: str
    value: float | None
    filled: float | None
    status: str
    confidence: float
    review: bool
    review_reason: str
    source: str
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    picture: str
    file: str
    candidates: str

    @property
    def box(self) -> Box | None:
        """Where the cell stands, in points of the page or pixels of the picture."""
        if self.x0 is None or self.y0 is None or self.x1 is None or self.y1 is None:
            return None
        return Box(self.x0, self.y0, self.x1, self.y1)

    @property
    def shown(self) -> str:
        """The figure, as decisions write it."""
        return figure(_decimal(self.value), _decimal(self.filled))

    @property
    def options(self) -> list[tuple[str, float]]:
        """Readings of the picture with their probabilities, best first."""
        return [(str(text), float(p)) for text, p in json.loads(self.candidates)] if self.candidates else []


@dataclass(frozen=True, slots=True)
class Report:
    """The report that a cell stands in."""

    agency: str
    year: int | None
    edition: str
    sha256: str
    file: str


class Dataset:
    """Reads the store of OUTPUT, opening it anew for every question, so that other programs may use it between.

    Every method raises OutputError where the store is busy.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "reports.duckdb"
        if not self.path.exists():
            raise InputNotFoundError(
                f"{folder} has no dataset (reports.duckdb); make one with: extract run ARCHIVE -o {folder}"
            )

    def ask(self, question: Callable[[duckdb.DuckDBPyConnection], T], *, write: bool = False) -> T:
        """Answer a question with a connection to the store."""
        try:
            with duckdb.connect(str(self.path), read_only=not write) as connection:
                connection.execute("SET enable_progress_bar=false")  # it would print on stdout
                return question(connection)
        except duckdb.Error as error:
            raise OutputError(
                f"cannot use {self.path}: {error}; close what has it open, or run extract again"
            ) from error

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.ask(lambda connection: connection.execute(sql, list(values)).fetchall())

    def doubtful(self) -> list[Key]:
        """Return the cells that a person should look at, the most doubtful first."""
        return [
            (row[0], row[1])
            for row in self._rows(
                "SELECT report_id, code FROM cells WHERE review ORDER BY confidence, report_id, rowid"
            )
        ]

    def sample(self, queue: str, seed: str = "") -> list[Key]:
        """Return cells drawn by chance from those that nobody was asked about, in the order they are drawn.

        The order comes from a digest of each cell's key, so that it is the same on every start and the draw goes on
        where it ended. Cells that were flagged, or decided from the queue of doubtful ones, are never drawn.
        """
        decided = {d.key for d in read_decisions(self.folder / FILE)[0] if d.queue == "doubtful"}
        rows = self._rows(
            f"SELECT report_id, code FROM cells WHERE {_unflagged(queue)} ORDER BY md5(? || report_id || code) LIMIT ?",  # noqa: S608 - no text from outside
            [seed + queue, _SAMPLE_SIZE + len(decided)],
        )
        return [key for report, code in rows if (key := (str(report), str(code))) not in decided][
            :_SAMPLE_SIZE
        ]

    def population(self, queue: str) -> int:
        """Return the number of cells that a sample is drawn from."""
        return int(self._rows(f"SELECT count(*) FROM cells WHERE {_unflagged(queue)}")[0][0])  # noqa: S608 - no text from outside

    def report(self, report: str) -> Report | None:
        """Return the head of a report, or None."""
        rows = self._rows(
            "SELECT agency, year, edition, sha256, file FROM reports WHERE report_id = ?", [report]
        )
        return (
            Report(rows[0][0] or "", rows[0][1], rows[0][2] or "", rows[0][3] or "", rows[0][4] or "")
            if rows
            else None
        )

    def cells(self, report: str) -> dict[str, Row]:
        """Return all cells of a report by code, in the form's order."""
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        rows = self._rows(f"SELECT {names} FROM cells WHERE report_id = ? ORDER BY rowid", [report])  # noqa: S608 - names of our own schema
        empty = {
            "unit",
            "raw",
            "review_reason",
            "source",
            "picture",
            "file",
            "candidates",
            "row_label",
            "column_label",
        }
        found = {}
        for row in rows:
            named: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
            named |= {name: named[name] or "" for name in empty}
            found[named["code"]] = Row(**named)
        return found


def _unflagged(queue: str) -> str:
    """Return the SQL of what a sample is drawn from: cells found that were not flagged when they were read."""
    only = " AND source = 'picture'" if queue == "sample_pictures" else ""
    flagged = "SELECT 1 FROM cells_as_read r WHERE r.report_id = cells.report_id AND r.code = cells.code AND r.review"
    return f"NOT review AND status <> 'missing'{only} AND NOT EXISTS ({flagged})"


def sums_of(report: Report, code: str) -> list[Check]:
    """Return the sums of the form that a cell is part of."""
    if report.edition not in EDITIONS:
        return []
    return [c for c in edition(report.edition).checks if code in c.left or code in c.right]


def silent_errors(decisions: Iterable[Decision], queue: str) -> dict[str, float | int]:
    """Count what a sample has shown so far: cells looked at, wrong ones, their share with its 95 % interval.

    Wrong is a cell whose number to compute with was other than the page says; a 0 that is a blank in print is not.
    """
    looked = [d for d in current(decisions).values() if d.queue == queue]
    wrong = sum(figures(d.old, "万元")[1] != figures(d.new, "万元")[1] for d in looked)
    low, high = share_interval(wrong, len(looked))
    return {
        "looked": len(looked), "wrong": wrong, "share": wrong / len(looked) if looked else 0.0, "low": low, "high": high,
    }  # fmt: skip


def is_decided(row: Row) -> bool:
    """True for a cell that a person has confirmed or corrected."""
    return row.review_reason in {CONFIRMED, CORRECTED}


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number)) if number % 1 else Decimal(int(number))
