"""Decisions of people carried into the store: cells, checks and counts of the reports that they are about.

What was read is kept beside it (`cells_as_read`, `checks_as_read`), so that a decision undone gives it back. A report that was read
again since has no cell marked by a person; what is kept of it is then taken anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from extract.checks import CheckResult
from extract.corrections import (
    CONFIRMED,
    CORRECTED,
    FILE,
    Decision,
    Unusable,
    apply,
    current,
    figures,
    read_decisions,
)
from extract.errors import OutputError
from extract.form import EDITIONS, edition
from extract.model import Problem
from extract.numbers import plain
from extract.rows import problem_row
from extract.settings import Settings
from extract.values import Option, Value

_CHANGED = ("value", "filled", "status", "confidence", "review", "review_reason")
_READ = ("code", "table", "row_label", "column_label", "unit", "raw", *_CHANGED, "source", "candidates")
_CHECKED = ("left", "right", "difference", "verdict")
_OF_CHECKS = ", ".join(f'"{name}"' for name in ("check", "left_expression", "right_expression", *_CHECKED))
_CREATE = f"""CREATE TABLE IF NOT EXISTS cells_as_read AS
        SELECT report_id, code, {", ".join(_CHANGED)} FROM cells WHERE false;
    CREATE TABLE IF NOT EXISTS checks_as_read AS SELECT report_id, {_OF_CHECKS} FROM checks WHERE false"""  # noqa: S608 - names of our own schema


def correct(connection: duckdb.DuckDBPyConnection, folder: Path, settings: Settings) -> int:
    """Make the store of a folder say what its `corrections.csv` says; return the number of cells that are decided.

    Running it twice changes nothing. Raises OutputError.
    """
    decisions, unusable = read_decisions(folder / FILE)
    by_report: dict[str, dict[str, Decision]] = defaultdict(dict)
    for (report, code), decision in current(decisions).items():
        by_report[report][code] = decision
    try:
        connection.begin()
        connection.execute(_CREATE)
        kept = {
            row[0] for row in connection.execute("SELECT DISTINCT report_id FROM cells_as_read").fetchall()
        }
        for report in sorted(kept | by_report.keys()):
            unusable += _correct(connection, report, by_report.get(report, {}), settings)
        _tell(connection, unusable)
        connection.commit()
    except duckdb.Error as error:
        connection.rollback()
        raise _failed(folder, error) from error
    return sum(map(len, by_report.values()))


def is_behind(folder: Path) -> bool:
    """Tell whether decisions were made after the CSVs of a folder were written."""
    made, written = folder / FILE, folder / "cells.csv"
    return made.exists() and (not written.exists() or written.stat().st_mtime < made.stat().st_mtime)


def correct_report(
    connection: duckdb.DuckDBPyConnection, folder: Path, report: str, settings: Settings
) -> None:
    """Do the same for one report, right after a decision about it. Raises OutputError."""
    decisions, _ = read_decisions(folder / FILE)
    wanted = {code: d for (one, code), d in current(decisions).items() if one == report}
    try:
        connection.begin()
        connection.execute(_CREATE)
        _correct(connection, report, wanted, settings)
        connection.commit()
    except duckdb.Error as error:
        connection.rollback()
        raise _failed(folder, error) from error


def _failed(folder: Path, error: Exception) -> OutputError:
    return OutputError(
        f"cannot carry corrections into {folder}: {error}; close what has the dataset open, or read again"
    )


def _correct(
    connection: duckdb.DuckDBPyConnection, report: str, decisions: Mapping[str, Decision], settings: Settings
) -> list[Unusable]:
    read = _as_read(connection, report)
    if not read:
        return []  # the report is not in this dataset; its decisions wait
    fitting, unusable = _fitting(read, decisions)
    name = connection.execute("SELECT edition FROM reports WHERE report_id = ?", [report]).fetchone()
    form = edition(name[0]) if name and name[0] in EDITIONS else None
    values, results = apply(read, form, fitting, settings)
    sums = {r.check for r in results}
    others = [
        rejudged(check, read, values)
        for check in _checks_as_read(connection, report)
        if check.check not in sums
    ]
    _write(connection, report, values.values(), [*results, *others])
    if not fitting:
        _forget(connection, report)
    return unusable


def rejudged(check: CheckResult, read: Mapping[str, Value], values: Mapping[str, Value]) -> CheckResult:
    """Return a check that is no sum of the form (text against tables) after decisions on the cells it names.

    It holds where its sides are equal now; where they are not any more, a person has to say which side is right.
    """
    codes = [*_codes(check.left_expression, values), *_codes(check.right_expression, values)]
    if all(read[code].filled == values[code].filled for code in codes):
        return check
    left = _side(check.left_expression, values, check.left)
    right = _side(check.right_expression, values, check.right)
    if left is None or right is None:
        return replace(check, left=left, right=right, difference=None, verdict="not_assessable")
    broken = check.verdict if check.verdict in {"source_error", "doubtful"} else "doubtful"
    return replace(
        check, left=left, right=right, difference=left - right, verdict="holds" if left == right else broken
    )


def _codes(expression: str, values: Mapping[str, Value]) -> list[str]:
    """Return the cells of an expression that adds up cells and nothing else; none of any other."""
    terms = expression.split(" + ")
    return terms if all(term in values for term in terms) else []


def _side(expression: str, values: Mapping[str, Value], was: Decimal | None) -> Decimal | None:
    codes = _codes(expression, values)
    if not codes:
        return was
    known = [filled for code in codes if (filled := values[code].filled) is not None]
    return sum(known, Decimal(0)) if len(known) == len(codes) else None


def _forget(connection: duckdb.DuckDBPyConnection, report: str) -> None:
    for name in ("cells_as_read", "checks_as_read"):
        connection.execute(f"DELETE FROM {name} WHERE report_id = ?", [report])  # noqa: S608 - names of our own schema


def _checks_as_read(connection: duckdb.DuckDBPyConnection, report: str) -> list[CheckResult]:
    rows = connection.execute(
        f"SELECT {_OF_CHECKS} FROM checks_as_read WHERE report_id = ?",  # noqa: S608 - names of our own schema
        [report],
    ).fetchall()
    return [
        CheckResult(name, left, right, _decimal(a), _decimal(b), _decimal(difference), verdict)
        for name, left, right, a, b, difference, verdict in rows
    ]


def _fitting(
    read: Mapping[str, Value], decisions: Mapping[str, Decision]
) -> tuple[dict[str, Decision], list[Unusable]]:
    """Return the decisions that can be carried out on a report, and what is wrong with the others."""
    fitting: dict[str, Decision] = {}
    unusable: list[Unusable] = []
    for code, decision in decisions.items():
        where = f"{decision.report_id} {code}"
        if code not in read:
            unusable.append(Unusable(0, f"{where}: the report has no such cell"))
            continue
        try:
            figures(decision.new, read[code].unit)
        except ValueError as error:
            unusable.append(Unusable(0, f"{where}: {error}"))
            continue
        fitting[code] = decision
    return fitting, unusable


def _as_read(connection: duckdb.DuckDBPyConnection, report: str) -> dict[str, Value]:
    """Return the cells of a report as they were read, and keep them."""
    marked = connection.execute(
        "SELECT count(*) FROM cells WHERE report_id = ? AND review_reason IN (?, ?)",
        [report, CONFIRMED, CORRECTED],
    ).fetchone()
    changed = ", ".join(_CHANGED)
    if not marked or not marked[0]:
        _forget(connection, report)
        for name, taken in (("cells", f"code, {changed}"), ("checks", _OF_CHECKS)):
            copy = f"INSERT INTO {name}_as_read SELECT report_id, {taken} FROM {name} WHERE report_id = ?"  # noqa: S608 - names of our own schema
            connection.execute(copy, [report])
    columns = ", ".join(f'{"r" if name in _CHANGED else "c"}."{name}"' for name in _READ)
    rows = connection.execute(
        f"SELECT {columns} FROM cells c JOIN cells_as_read r USING (report_id, code) WHERE report_id = ? ORDER BY c.rowid",  # noqa: S608 - names of our own schema
        [report],
    ).fetchall()
    return {row[0]: _value(dict(zip(_READ, row, strict=True))) for row in rows}


def _value(row: dict[str, Any]) -> Value:
    return Value(
        row["code"], row["table"], row["row_label"] or "", row["column_label"] or "", row["unit"] or "", row["raw"] or "",
        _decimal(row["value"]), _decimal(row["filled"]), row["status"], row["confidence"], bool(row["review"]),
        row["review_reason"] or "", row["source"] or "", options=_options(row["candidates"]),
    )  # fmt: skip


def _options(candidates: str | None) -> tuple[Option, ...]:
    found = []
    for text, probability in json.loads(candidates) if candidates else ():
        try:
            found.append(Option(text, *figures(text, "万元"), probability))
        except ValueError:
            found.append(Option(text, None, None, probability))
    return tuple(found)


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number)) if number % 1 else Decimal(int(number))


def _write(
    connection: duckdb.DuckDBPyConnection,
    report: str,
    values: Iterable[Value],
    results: Sequence[CheckResult],
) -> None:
    """Write what changed, in place: the order of the rows stays that of the form."""
    cells = {
        v.code: (_number(v.value), _number(v.filled), v.status, v.confidence, v.review, v.review_reason)
        for v in values
    }
    checks = {r.check: (_number(r.left), _number(r.right), _number(r.difference), r.verdict) for r in results}
    _update(connection, "cells", "code", _CHANGED, cells, report)
    _update(connection, "checks", "check", _CHECKED, checks, report)
    connection.execute(
        """UPDATE reports SET
            cells_review = (SELECT count(*) FROM cells c WHERE c.report_id = reports.report_id AND c.review),
            checks_failed = (SELECT count(*) FROM checks k WHERE k.report_id = reports.report_id
                AND k.verdict IN ('source_error', 'doubtful'))
        WHERE report_id = ?""",
        [report],
    )


def _update(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: str,
    names: Sequence[str],
    rows: Mapping[str, tuple[Any, ...]],
    report: str,
) -> None:
    """Set the columns of a report's rows that are other than they should be."""
    columns = ", ".join(f'"{name}"' for name in (key, *names))
    there = connection.execute(f'SELECT {columns} FROM "{table}" WHERE report_id = ?', [report]).fetchall()  # noqa: S608 - names of our own schema
    assigned = ", ".join(f'"{name}" = ?' for name in names)
    for code, *old in there:
        if code in rows and tuple(old) != rows[code]:
            update = f'UPDATE "{table}" SET {assigned} WHERE report_id = ? AND "{key}" = ?'  # noqa: S608 - names of our own schema
            connection.execute(update, [*rows[code], report, code])


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else plain(value)


def _tell(connection: duckdb.DuckDBPyConnection, unusable: Sequence[Unusable]) -> None:
    """Put the lines that could not be used into `problems`, in place of those told before."""
    connection.execute("DELETE FROM problems WHERE kind = 'correction_unusable'")
    for one in unusable:
        where = f"Line {one.line}: " if one.line else ""
        row = problem_row(Problem("correct", "correction_unusable", f"{where}{one.why}.", FILE))
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO problems VALUES ({marks})", list(row))  # noqa: S608 - only question marks
