"""A dataset opened for reading: its tables as frames, SQL, the registry of agencies, and the cells as a matrix to compute with.

Everything is read from `reports.duckdb` when it is asked for, and nothing is written there: reports come and go between runs, and what
is computed here is never older than what it is computed from. Files of a user's own are taken from the dataset's folder:
`own_measures.csv`, `own_agencies.csv`, `own_divisions.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from extract.agencies import Agency, read_changes, registry
from extract.agencies.divisions import read_divisions
from extract.errors import InputNotFoundError, UsageError
from extract.measures import Measure, measures
from extract.rows import schema

if TYPE_CHECKING:
    from extract.matrix import Matrix

_AGENCY_COLUMNS = ("region", "province", "city", "county", "town", "level", "kind", "parent", "division_code")
NEWEST = """row_number() OVER (PARTITION BY agency, year ORDER BY published_on DESC NULLS LAST,
    regexp_matches(title || file, '更正|修订|更新|重新发布|修改') DESC, cells_present DESC, file DESC) = 1"""
"""Which of several reports of one agency and year counts: the last published; then one that calls itself corrected; then the fullest."""


class Dataset:
    """A dataset that `extract run` left in a folder. Close it, or use it in a `with`.

    Raises InputNotFoundError where there is none or another program is writing it.
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        *,
        own_measures: str | PathLike[str] | None = None,
        own_agencies: str | PathLike[str] | None = None,
        own_divisions: str | PathLike[str] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self._own = {
            "measures": self._own_file(own_measures, "own_measures.csv"),
            "agencies": self._own_file(own_agencies, "own_agencies.csv"),
            "divisions": self._own_file(own_divisions, "own_divisions.csv"),
        }
        self.connection = _connect(self.folder / "reports.duckdb")

    def _own_file(self, given: str | PathLike[str] | None, name: str) -> Path | None:
        path = self.folder / name if given is None else Path(given)
        return path if given is not None or path.is_file() else None

    def __enter__(self) -> Dataset:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, so that a run may write it."""
        self.connection.close()

    def query(self, sql: str) -> pd.DataFrame:
        """Return what a query gives. The file is open for reading only. Raises UsageError with DuckDB's own words."""
        try:
            return self.connection.execute(sql).df()
        except duckdb.Error as error:
            raise UsageError(f"the query failed: {error}") from error

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """All measures by name, with those of the user's own file."""
        return measures(self._own["measures"])

    @cached_property
    def registry(self) -> dict[str, Agency]:
        """The agency of every name that reports are titled with."""
        names = self.connection.execute("SELECT DISTINCT agency FROM reports WHERE agency <> ''").fetchall()
        own, table = self._own["agencies"], self._own["divisions"]
        return registry(
            sorted(name for (name,) in names),
            read_changes(own) if own else (),
            read_divisions(table) if table else None,
        )

    @cached_property
    def reports(self) -> pd.DataFrame:
        """The table `reports`, one row per report, and what the registry says of its agency.

        `agency` is the registered name and `titled` the one in the report; `counts` is True for the newest report of an agency and
        year: panels and comparisons use only that one.
        """
        frame = self.query("SELECT * FROM reports ORDER BY agency, year, file")
        frame["year"] = frame["year"].astype("Int64")
        frame = frame.rename(columns={"agency": "titled"}).drop(columns="region")
        agencies = [self.registry.get(name) for name in frame["titled"]]
        frame.insert(1, "agency", [a.agency if a else "" for a in agencies])
        for at, column in enumerate(_AGENCY_COLUMNS, start=2):
            frame.insert(at, column, [getattr(a, column) if a else "" for a in agencies])
        frame["counts"] = self._counting(frame)
        return frame

    def _counting(self, frame: pd.DataFrame) -> pd.Series[bool]:
        self.connection.register("registered", frame[["report_id", "agency"]])
        found = self.connection.execute(
            f"""SELECT report_id FROM (SELECT r.* REPLACE (g.agency AS agency) FROM reports r JOIN registered g USING (report_id))
            WHERE agency <> '' AND year IS NOT NULL QUALIFY {NEWEST}"""  # noqa: S608 - words of our own
        ).fetchall()
        self.connection.unregister("registered")
        return frame["report_id"].isin([identifier for (identifier,) in found])

    @cached_property
    def agencies(self) -> pd.DataFrame:
        """The registry, one row per agency: divisions, level, kind, the government above, years reported, what it went into."""
        counting = self.reports[self.reports["counts"]].groupby("agency")["year"]
        years = counting.agg(["size", "min", "max"]).to_dict("index")
        rows = []
        for agency in sorted(set(self.registry.values()), key=lambda a: (a.region, a.agency)):
            seen = years.get(agency.agency, {})
            rows.append({
                "agency": agency.agency, **{column: getattr(agency, column) for column in _AGENCY_COLUMNS},
                "names": "|".join(agency.names), "successor": agency.successor, "merged_in": agency.merged_in,
                "reports": seen.get("size", 0), "first_year": seen.get("min"), "last_year": seen.get("max"),
            })  # fmt: skip
        columns = [
            "agency",
            *_AGENCY_COLUMNS,
            "names",
            "successor",
            "merged_in",
            "reports",
            "first_year",
            "last_year",
        ]
        return pd.DataFrame(rows, columns=columns).astype(
            {"merged_in": "Int64", "reports": "int64", "first_year": "Int64", "last_year": "Int64"}
        )

    @property
    def cells(self) -> pd.DataFrame:
        """The table `cells`, one row per cell of every report, older versions and extras included."""
        return self.query("SELECT * FROM cells")

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it is stored. Raises UsageError for one that is not there."""
        if name not in schema():
            raise UsageError(f"no table {name!r}; there are {', '.join(schema())}")
        return self.query(f'SELECT * FROM "{name}"')  # noqa: S608 - a name of our own schema

    def matrix(self, codes: Iterable[str]) -> Matrix:
        """Return the `filled` values of some codes in the reports that count, as arrays."""
        from extract.matrix import load  # noqa: PLC0415 - numpy work only where it is asked for

        return load(self, tuple(dict.fromkeys(codes)))

    def values(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Return measures, by name or label, in long form; see `panel.values`."""
        from extract.panel import values  # noqa: PLC0415

        return values(self, measures)

    def panel(
        self,
        measures: Sequence[str] | None = None,
        by: Sequence[str] = ("agency", "year"),
        *,
        parts: bool = False,
    ) -> pd.DataFrame:
        """Return measures, by name or label, as a panel with one row per group; see `panel.panel`."""
        from extract.panel import panel  # noqa: PLC0415

        return panel(self, measures, by, parts=parts)


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.is_file():
        raise InputNotFoundError(
            f"no dataset in {path.parent}: {path.name} is not there; make one with `extract run`"
        )
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        advice = (
            "wait until a run that writes it has ended, or run `extract run` again where the file is damaged"
        )
        raise InputNotFoundError(f"cannot open {path}: {error}; {advice}") from error


def open_dataset(folder: str | PathLike[str], **own: str | PathLike[str] | None) -> Dataset:
    """Open the dataset in a folder for reading: `.reports`, `.cells`, `.panel(…)`, `.agencies`, `.query(sql)`.

    `own_measures`, `own_agencies`, `own_divisions` name files of the user's own; by default those in the folder are taken.
    Raises InputNotFoundError where no dataset is there.
    """
    return Dataset(folder, **own)
