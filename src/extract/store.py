"""The store of a dataset: an embedded DuckDB file, written by one process in transactions of whole reports.

The tables of the dataset stand in its main schema; in the schema `journal` stands what a run has to know to go on:
which files were seen, which reports they make up, which of these are read (`journal.py`).
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from extract.errors import OutputError
from extract.model import Problem
from extract.parts import joined
from extract.reading import Result, result_of
from extract.record import Outcome
from extract.rows import problem_row, schema
from extract.versions import reading

_SQL = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
_JOURNAL = """
CREATE SCHEMA IF NOT EXISTS journal;
CREATE TABLE IF NOT EXISTS journal.listing (n BIGINT, path BLOB, file VARCHAR, base BLOB, size BIGINT, mtime BIGINT);
CREATE TABLE IF NOT EXISTS journal.entries (path BLOB, size BIGINT, mtime BIGINT, m BIGINT, suffix VARCHAR, inside VARCHAR,
    bytes BIGINT, digest VARCHAR, kind VARCHAR, detail VARCHAR, recent BOOLEAN);
CREATE TABLE IF NOT EXISTS journal.units (n BIGINT, key VARCHAR, content VARCHAR, payload VARCHAR, files BIGINT);
CREATE TABLE IF NOT EXISTS journal.todo (n BIGINT, key VARCHAR, payload VARCHAR, files BIGINT);
CREATE TABLE IF NOT EXISTS journal.done (key VARCHAR, content VARCHAR, report_id VARCHAR, status VARCHAR, kinds VARCHAR,
    fingerprint VARCHAR, limits VARCHAR, limited BOOLEAN);
CREATE TABLE IF NOT EXISTS journal.neighbours (key VARCHAR, file VARCHAR, digest VARCHAR);
CREATE TABLE IF NOT EXISTS journal.stamp (value VARCHAR);
CREATE OR REPLACE VIEW journal.position AS SELECT report_id, n FROM journal.done JOIN journal.units USING (key);
"""
_FORMAT = sha256(_JOURNAL.encode()).hexdigest()[:16]
"""Another wherever the tables of the journal are: a store of another format is begun anew."""
_WORK = ".work"
"""Folder in OUTPUT for what a run needs while it goes on; removed at its end, and at the start of the next."""
_MEMORY, _MEMORY_READING = "600MB", "64MB"
"""Memory that the database may take, and while reports are read; what does not fit goes to disk."""


class Store:
    """Reads and writes `reports.duckdb` of a folder; one that another version made is begun anew.

    Every method raises OutputError where the folder or the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "reports.duckdb"
        self.work = folder / _WORK
        self._added = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.connection = duckdb.connect(str(self.path))
            shutil.rmtree(self.work, ignore_errors=True)  # only now is it sure that no other run uses it
            self.work.mkdir()
            spill = str(self.work / "spill").replace("'", "''")
            self.connection.execute(
                f"SET memory_limit='{_MEMORY}'; SET temp_directory='{spill}'; SET enable_progress_bar=false"
            )
            self._prepare()
        except (OSError, duckdb.Error) as error:
            raise self._failed(error) from error

    def _prepare(self) -> None:
        """Create what is not there; what has other columns than this version's is dropped, and read again."""
        wanted = {name: [f.field for f in fields] for name, fields in schema().items()}
        if self._columns("main", wanted) != wanted or self._made_by() != _FORMAT:
            with self.transaction() as connection:
                connection.execute("DROP SCHEMA IF EXISTS journal CASCADE")
                for name, fields in schema().items():
                    columns = ", ".join(f'"{f.field}" {_SQL[f.type]}' for f in fields)
                    connection.execute(f'CREATE OR REPLACE TABLE "{name}" ({columns})')
                connection.execute(_JOURNAL)
                columns = ", ".join(f'"{f.field}" {_SQL[f.type]}' for f in schema()["problems"])
                connection.execute(f"CREATE TABLE journal.problems (key VARCHAR, {columns})")
                connection.execute("CREATE TABLE journal.made_by (value VARCHAR)")
                connection.execute("INSERT INTO journal.made_by VALUES (?)", [_FORMAT])

    def _columns(self, space: str, names: Sequence[str] | dict[str, list[str]]) -> dict[str, list[str]]:
        rows = self.connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ? "
            "ORDER BY table_name, ordinal_position", [space],
        ).fetchall()  # fmt: skip
        found: dict[str, list[str]] = {}
        for table, column in rows:
            if table in names:
                found.setdefault(table, []).append(column)
        return {name: found[name] for name in names if name in found}

    def _made_by(self) -> str:
        there = self._columns("journal", ["made_by"])
        found = self.rows("SELECT value FROM journal.made_by") if there else []
        return str(found[0][0]) if found else ""

    def rows(self, query: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        try:
            return self.connection.execute(query, parameters).fetchall()
        except duckdb.Error as error:
            raise self._failed(error) from error

    def number(self, query: str) -> int:
        """Return the one whole number that a query gives."""
        return int(self.rows(query)[0][0])

    def _failed(self, error: Exception) -> OutputError:
        if "lock" in str(error).lower():
            return OutputError(
                f"cannot write {self.path}: another run or program has it open; end that one first"
            )
        advice = "make room, close programs that have it open, remove it to begin anew, or choose another -o"
        return OutputError(f"cannot write {self.path}: {error}; {advice}")

    @contextlib.contextmanager
    def modest(self) -> Iterator[None]:
        """Take one core and little memory while workers read: inserts need no more, and it stays flat."""
        try:
            self.rows(f"SET memory_limit='{_MEMORY_READING}'")
            self.rows("SET threads=1")
            yield
        finally:
            self.rows("RESET threads")
            self.rows(f"SET memory_limit='{_MEMORY}'")

    def commit(self, results: Sequence[tuple[str, str, Result]], limits: str = "") -> None:
        """Write results, each with its key and the digest of its content, whole, in one transaction."""
        if not results:
            return
        tables = joined(result.tables for _, _, result in results)
        tables.pop("problems", None)
        problems = [
            result.tables["problems"].add_column(0, "key", pa.array([key] * len(result.tables["problems"])))
            for key, _, result in results
            if "problems" in result.tables
        ]
        done = [
            (key, content, r.report_id, r.status, ",".join(r.kinds), reading(r.kinds), limits, r.limited)
            for key, content, r in results
        ]
        near = [(key, *neighbour) for key, _, result in results for neighbour in result.neighbours]
        with self.transaction():
            for name, table in tables.items():
                self.insert(f'"{name}"', table)
            if problems:
                self.insert("journal.problems", pa.concat_tables(problems))
            self.insert_rows("journal.done", done)
            self.insert_rows("journal.neighbours", near)

    def add(self, outcome: Outcome) -> None:
        """Take in an outcome that was read outside of a run, behind those that are there."""
        self._added += 1
        key = f"added-{self._added}"
        self.commit([(key, key, result_of(outcome))])
        self.insert_rows("journal.units", [(self._added, key, key, "", 1)])
        self.insert_rows("problems", [problem_row(p, outcome, outcome.record) for p in _problems(outcome)])

    def insert(self, name: str, table: Any) -> None:
        """Append an Arrow table to a table whose columns come in the same order."""
        self.connection.register("incoming", table)
        self.connection.execute(f"INSERT INTO {name} SELECT * FROM incoming")  # noqa: S608 - names of our own schema
        self.connection.unregister("incoming")

    def insert_rows(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows to a table."""
        if rows:
            columns = list(zip(*rows, strict=True))
            self.insert(name, pa.table({str(i): pa.array(column) for i, column in enumerate(columns)}))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give the connection; what is done with it is kept whole or not at all."""
        try:
            self.connection.begin()
            yield self.connection
            self.connection.commit()
        except BaseException as error:
            with contextlib.suppress(
                duckdb.Error
            ):  # on a full disk even that may fail; the first error is told
                self.connection.rollback()
            if isinstance(error, (duckdb.Error, OSError)):
                raise self._failed(error) from error
            raise

    def close(self) -> None:
        """Close the file and remove what a run needed only while it went on."""
        try:
            self.connection.close()
        except duckdb.Error as error:
            raise self._failed(error) from error
        finally:
            shutil.rmtree(self.work, ignore_errors=True)


def _problems(outcome: Outcome) -> tuple[Problem, ...]:
    return (*outcome.problems, *(outcome.record.problems if outcome.record else ()))
