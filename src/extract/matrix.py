"""Cells as arrays: a row per report that counts, a column per code, and where last year's report stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from extract.formula import Term
from extract.settings import Settings

if TYPE_CHECKING:
    from extract.dataset import Dataset

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Matrix:
    """Values of some codes in the reports that count.

    `reports`: their rows of `Dataset.reports`, in order; `codes`: the columns; `filled`: n × m, NaN where nothing can be said;
    `sure`: n × m, True where the figure is native text or clear in the picture and nobody is asked to look; `last`: for each report
    the rows of last year's (several for an agency that others went into, none where one is missing).
    """

    reports: pd.DataFrame
    codes: tuple[str, ...]
    filled: Numbers
    sure: Flags
    last: tuple[tuple[int, ...], ...]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {code: i for i, code in enumerate(self.codes)}

    @cached_property
    def last_filled(self) -> Numbers:
        """Last year's values: n × m, NaN without a report; of agencies that went into one, their sum."""
        return self._of_last(self.filled, np.nan)

    @cached_property
    def last_sure(self) -> Flags:
        """Whether last year's values are sure: n × m."""
        return self._of_last(self.sure.astype(np.float64), 0.0) > 0

    @cached_property
    def has_last(self) -> Flags:
        """Whether last year's report is there, by report."""
        return np.array([bool(rows) for rows in self.last], dtype=np.bool_)

    def _of_last(self, values: Numbers, empty: float) -> Numbers:
        first = np.array([rows[0] if rows else -1 for rows in self.last], dtype=np.int64)
        found = np.vstack([values, np.full((1, values.shape[1]), empty)])[first]
        for i, rows in enumerate(self.last):
            if len(rows) > 1:
                found[i] = (
                    values[list(rows)].sum(axis=0) if np.isnan(empty) else values[list(rows)].min(axis=0)
                )
        return found

    def total(self, terms: Sequence[Term]) -> Numbers:
        """Return the sum of some terms for every report, NaN where one of them is unread."""
        return sum(
            (
                term.sign * (self.last_filled if term.last else self.filled)[:, self._column[term.code]]
                for term in terms
            ),
            np.zeros(len(self.reports)),
        )

    def all_sure(self, terms: Sequence[Term]) -> Flags:
        """Say for every report whether all terms are read without doubt."""
        result = np.ones(len(self.reports), dtype=np.bool_)
        for term in terms:
            result &= (self.last_sure if term.last else self.sure)[:, self._column[term.code]]
        return result


def load(dataset: Dataset, codes: tuple[str, ...]) -> Matrix:
    """Read the values of some codes from the store."""
    reports = dataset.reports[dataset.reports["counts"]].reset_index(drop=True)
    rows = pd.DataFrame({"report_id": reports["report_id"], "row": np.arange(len(reports))})
    columns = pd.DataFrame({"code": list(codes), "col": np.arange(len(codes))})
    connection = dataset.connection
    connection.register("wanted_rows", rows)
    connection.register("wanted_columns", columns)
    found = connection.execute(
        """SELECT w."row", k.col, c.filled, NOT c.review AND (c.source <> 'picture' OR c.confidence >= ?) AS sure
        FROM cells c JOIN wanted_columns k ON c.code = k.code JOIN wanted_rows w ON c.report_id = w.report_id
        WHERE c.filled IS NOT NULL""",
        [Settings().clear_threshold],
    ).fetchnumpy()
    connection.unregister("wanted_rows")
    connection.unregister("wanted_columns")
    filled = np.full((len(reports), len(codes)), np.nan)
    sure = np.zeros(filled.shape, dtype=np.bool_)
    at = (np.asarray(found["row"]), np.asarray(found["col"]))
    filled[at] = np.asarray(found["filled"])
    sure[at] = np.asarray(found["sure"])
    return Matrix(reports, codes, filled, sure, _last_years(dataset, reports))


def _last_years(dataset: Dataset, reports: pd.DataFrame) -> tuple[tuple[int, ...], ...]:
    """Return the rows of last year's report of each report's agency, or of those that went into it that year."""
    keys = list(zip(reports["agency"], reports["year"], strict=True))
    place = {(agency, int(year)): row for row, (agency, year) in enumerate(keys)}
    went: dict[tuple[str, int], list[str]] = {}
    for agency in set(dataset.registry.values()):
        if agency.successor and agency.merged_in is not None:
            went.setdefault((agency.successor, agency.merged_in), []).append(agency.agency)
    return tuple(_before(name, int(year), place, went) for name, year in keys)


def _before(
    agency: str, year: int, place: dict[tuple[str, int], int], went: dict[tuple[str, int], list[str]]
) -> tuple[int, ...]:
    own = place.get((agency, year - 1))
    gone = [place.get((name, year - 1)) for name in went.get((agency, year), ())]
    if any(row is None for row in gone):
        return ()  # one of those that went into it has no report: their sum cannot be told
    rows = [row for row in (own, *gone) if row is not None]
    return tuple(rows)
