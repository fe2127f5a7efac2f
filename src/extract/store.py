"""The store of a dataset: an embedded DuckDB file, written by one process in transactions of whole reports."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from extract.errors import OutputError
from extract.model import Problem
from extract.record import Outcome
from extract.rows import Row, problem_row, rows_of, schema

_SQL = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
_ARROW = {
    "string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.string(),
}  # fmt: skip
_BATCH = 64
"""Outcomes written in one transaction; a crash loses at most these, whole."""


class Store:
    """Writes outcomes into `reports.duckdb` of a folder; a dataset already there is replaced.

    Every method raises OutputError where the folder or the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "reports.duckdb"
        self._waiting: dict[str, list[Row]] = {name: [] for name in schema()}
        self._count = 0
        self._seen: dict[str, str] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in (self.path, self.path.with_name("reports.duckdb.wal")):
                old.unlink(missing_ok=True)
            self.connection = duckdb.connect(str(self.path))
            self.connection.execute("SET enable_progress_bar=false")  # it would print on stdout
            for name, fields in schema().items():
                columns = ", ".join(f'"{f.field}" {_SQL[f.type]}' for f in fields)
                self.connection.execute(f'CREATE TABLE "{name}" ({columns})')
        except (OSError, duckdb.Error) as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> OutputError:
        advice = "make room, close programs that have it open, or choose another -o"
        return OutputError(f"cannot write {self.path}: {error}; {advice}")

    def add(self, outcome: Outcome) -> bool:
        """Take an outcome; return False where a report of the same content is there already."""
        record = outcome.record
        if record is not None and record.report_id in self._seen:
            first = self._seen[record.report_id]
            for file in outcome.files:
                row = problem_row(Problem("find", "duplicate", f"Same as: {first}", file), outcome, record)
                self._waiting["problems"].append(row)
            return False
        if record is not None:
            self._seen[record.report_id] = record.file
        for name, rows in rows_of(outcome).items():
            self._waiting[name].extend(rows)
        self._count += 1
        if self._count >= _BATCH:
            self.flush()
        return True

    def problem(self, problem: Problem) -> None:
        """Take a problem of a file that never became an outcome."""
        self._waiting["problems"].append(problem_row(problem))

    def flush(self) -> None:
        """Write what is waiting, in one transaction."""
        with self._transaction() as connection:
            for name, rows in self._waiting.items():
                if rows:
                    _insert(connection, name, rows)
        self._waiting = {name: [] for name in schema()}
        self._count = 0

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            self.connection.begin()
            yield self.connection
            self.connection.commit()
        except BaseException as error:
            with contextlib.suppress(
                duckdb.Error
            ):  # where the disk is full even that may fail; the first error is told
                self.connection.rollback()
            if isinstance(error, (duckdb.Error, OSError)):
                raise self._failed(error) from error
            raise

    def close(self) -> None:
        """Write what is waiting and close the file."""
        self.flush()
        self.connection.close()


def _insert(connection: duckdb.DuckDBPyConnection, name: str, rows: list[Row]) -> None:
    fields = schema()[name]
    columns: list[Any] = list(zip(*rows, strict=True))
    table = pa.table(
        {f.field: pa.array(column, _ARROW[f.type]) for f, column in zip(fields, columns, strict=True)}
    )
    connection.register("incoming", table)
    connection.execute(f'INSERT INTO "{name}" SELECT * FROM incoming')  # noqa: S608 - names of our own schema
    connection.unregister("incoming")
