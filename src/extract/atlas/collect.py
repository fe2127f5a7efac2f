"""A dataset as the plain data that the pages show; pure functions of frames, nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from extract.agencies.names import LEVELS
from extract.agencies.names import kinds as agency_kinds
from extract.dataset import Dataset
from extract.form import EDITIONS, edition
from extract.measures import Measure
from extract.problems import catalogue

Data = dict[str, Any]
_DIGITS = 6
"""Significant digits of a measure on a page."""


def forms() -> Data:
    """Return the editions: their codes in order, tables as rows and columns of indexes into them, and sums."""
    return {name: _form(name) for name in EDITIONS}


def _form(name: str) -> Data:
    form = edition(name)
    codes = list(form.cells)
    index = {code: i for i, code in enumerate(codes)}
    tables = [
        {
            "name": table.name, "columns": [c.path[-1] for c in table.columns],
            "rows": [
                {"label": r.path[-1], "group": " / ".join(r.path[:-1]),
                 "cells": [index[cell.code] if (cell := table.cells.get((r.key, c.key))) else None for c in table.columns]}
                for r in table.rows
            ],
        }
        for table in form.tables.values()
    ]  # fmt: skip
    labels = [[cell.row_label, cell.column_label, cell.unit] for cell in form.cells.values()]
    checks = {c.name: [[index[x] for x in c.left], [index[x] for x in c.right]] for c in form.checks}
    return {"codes": codes, "labels": labels, "tables": tables, "checks": checks}


def words_of_registry() -> Data:
    """Return what levels and kinds of agencies are called, as [Chinese, English]."""
    english = {
        "national": "National",
        "province": "Province",
        "prefecture": "Prefecture",
        "county": "County",
        "town": "Town",
    }
    return {
        "levels": {name: [zh, english.get(name, "Unknown")] for name, zh in LEVELS.items()},
        "kinds": {kind.kind: [kind.zh, kind.en] for kind in agency_kinds()},
        "problems": {
            kind.kind: [kind.zh.replace("{detail}", ""), kind.title] for kind in catalogue().values()
        },
    }


def agency_numbers(dataset: Dataset) -> dict[str, int]:
    """Return the number of each agency in the pages, by its registered name, in the order of the registry."""
    return {name: i for i, name in enumerate(dataset.agencies["agency"])}


def overview(dataset: Dataset) -> Data:
    """Return the sums of the first page: totals, by year, by region and year, problems."""
    reports = dataset.reports
    cells = dataset.query("SELECT count(*) AS cells, count(*) FILTER (review) AS review FROM cells").iloc[0]
    checks = dataset.query("SELECT verdict, count(*) AS n FROM checks GROUP BY verdict")
    problems = dataset.query("SELECT kind, count(*) AS n FROM problems GROUP BY kind ORDER BY n DESC, kind")
    return {
        "totals": {
            "reports": len(reports), "agencies": len(dataset.agencies), "cells": int(cells["cells"]),
            "review": int(cells["review"]), "checks": dict(zip(checks["verdict"], map(int, checks["n"]), strict=True)),
        },
        "years": _by_year(dataset), "regions": _by_region(reports),
        "problems": [[kind, int(n)] for kind, n in zip(problems["kind"], problems["n"], strict=True)],
    }  # fmt: skip


def _by_year(dataset: Dataset) -> list[Data]:
    rows = dataset.query(
        """SELECT year, count(*) AS reports, count(*) FILTER (status = 'complete') AS complete,
            count(*) FILTER (status = 'partial') AS partial, count(*) FILTER (status NOT IN ('complete', 'partial')) AS other,
            coalesce(sum(cells_present), 0) AS cells, coalesce(sum(cells_review), 0) AS review,
            coalesce(sum(holds), 0) AS holds, coalesce(sum(source_error), 0) AS source_error, coalesce(sum(doubtful), 0) AS doubtful
        FROM reports LEFT JOIN (SELECT report_id, count(*) FILTER (verdict = 'holds') AS holds,
            count(*) FILTER (verdict = 'source_error') AS source_error, count(*) FILTER (verdict = 'doubtful') AS doubtful
            FROM checks GROUP BY report_id) USING (report_id)
        GROUP BY year ORDER BY year NULLS LAST"""
    )
    return [
        {str(name): None if pd.isna(value) else int(value) for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _by_region(reports: pd.DataFrame) -> list[list[Any]]:
    """Return [province, city, {year: reports that count}] for every city."""
    counting = reports[reports["counts"]]
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    counts = counting.groupby(["province", "city", "year"]).size().reset_index(name="reports")
    for province, city, year, n in counts.itertuples(index=False):
        found[str(province), str(city)][int(year)] = int(n)
    return [[province, city, years] for (province, city), years in sorted(found.items())]


def agencies(dataset: Dataset, values: Mapping[str, pd.DataFrame], errors: Mapping[str, int]) -> Data:
    """Return the list of agencies by columns; a report's errors are those of the sums in it."""
    reports = dataset.reports[dataset.reports["counts"]]
    years = {name: [int(y) for y in group] for name, group in reports.groupby("agency")["year"]}
    review = reports.groupby("agency")["cells_review"].sum().to_dict()
    frame = dataset.agencies
    return {
        **{name: frame[name].tolist() for name in ("agency", "region", "level", "kind")},
        "years": [years.get(name, []) for name in frame["agency"]],
        "review": [int(review.get(name, 0)) for name in frame["agency"]],
        "errors": [errors.get(name, 0) for name in frame["agency"]],
        **{name: _latest(values[name], frame["agency"]) for name in ("new_requests", "disclosure_rate") if name in values},
    }  # fmt: skip


def _latest(values: pd.DataFrame, names: pd.Series[str]) -> list[float | None]:
    """Return each agency's value of the last year that has one."""
    last = values.dropna(subset=["value"]).sort_values("year").groupby("agency")["value"].last().to_dict()
    return [_short(last.get(name)) for name in names]


def measure_head(measure: Measure) -> Data:
    """Return what a measure is: labels, unit, how it is computed, what to mind."""
    return {
        "name": measure.name, "label": [measure.zh, measure.en], "unit": measure.unit, "rate": measure.is_rate,
        "ratio": measure.is_ratio, "caveat": [measure.caveat_zh, measure.caveat],
        "formulas": {name: formula.written for name, formula in measure.formulas.items()},
    }  # fmt: skip


def measure_values(values: pd.DataFrame, numbers: Mapping[str, int], *, ratio: bool) -> Data:
    """Return a measure for all agencies and years by columns: agency's number, year, its parts, sure.

    The value is one part by the other, which the page divides; of a measure that is no ratio it is the numerator.
    """
    place = values["agency"].map(numbers)
    known = values[place.notna()]
    columns: Data = {
        "agency": place.dropna().astype("int64").tolist(), "year": known["year"].astype("int64").tolist(),
        "sure": known["sure"].astype("int64").tolist(), "numerator": _column(known["numerator"]),
    }  # fmt: skip
    return columns | ({"denominator": _column(known["denominator"])} if ratio else {})


def _column(numbers: pd.Series[float]) -> list[float | int | None]:
    return _plain(np.asarray(numbers, dtype=np.float64))


def _plain(numbers: NDArray[np.float64]) -> list[float | int | None]:
    """Return numbers as plain ones, whole ones without a point, NaN as none; fast where all are whole, as counts are."""
    unknown = np.isnan(numbers)
    filled = np.where(unknown, 0.0, numbers)
    if not (filled == np.trunc(filled)).all():
        return [_short(number) for number in numbers.tolist()]
    found: list[float | int | None] = filled.astype(np.int64).tolist()
    for i in np.flatnonzero(unknown):
        found[i] = None
    return found


def by_year(values: pd.DataFrame) -> list[list[Any]]:
    """Return [year, n with a value, N asked, P10, median, P90] of a measure for each year."""
    found: list[list[Any]] = []
    for year, group in values.groupby("year")["value"]:
        there = group.dropna().to_numpy(dtype=np.float64)
        low, middle, high = np.percentile(there, (10, 50, 90)) if len(there) else (None, None, None)
        found.append([int(str(year)), len(there), len(group), _short(low), _short(middle), _short(high)])
    return found


def _short(number: object) -> float | int | None:
    """Return a number with as many digits as a page needs, whole ones as such, NaN as none."""
    if number is None or (isinstance(number, float) and np.isnan(number)):
        return None
    rounded = (
        float(f"{float(str(number)):.{_DIGITS}g}")
        if abs(float(str(number))) < 10**_DIGITS
        else round(float(str(number)), 2)
    )
    return int(rounded) if rounded == int(rounded) else rounded


_CELLS = """SELECT h.number, o.position, c.filled, c.page,
    coalesce(list_position(['printed', 'blank', 'repaired', 'derived', 'missing', 'corrected'], c.status), 1) - 1
        + CASE WHEN c.review THEN 6 ELSE 0 END AS mark
FROM cells c JOIN numbered h USING (report_id) JOIN form_order o USING (code)"""
_MARKS = np.array(list("pbrdmcPBRDMC"))
_MISSING = 4


def report_cells(dataset: Dataset) -> Iterator[tuple[str, list[float | int | None], str, str]]:
    """Yield for each report its id, its values in the order of its edition's codes, a mark for each, and their pages.

    Marks: p printed, b blank, r repaired, d derived, m missing, c corrected by a person; a capital waits for a person.
    Pages are those of the first cell of each of the form's tables, separated by blanks, `-` where there is none.
    """
    reports = dataset.reports[["report_id", "edition"]]
    for name in EDITIONS:
        mine = reports["report_id"][reports["edition"] == name].tolist()
        if mine:
            yield from _of_edition(dataset, name, mine)


def _of_edition(
    dataset: Dataset, name: str, reports: list[str]
) -> Iterator[tuple[str, list[float | int | None], str, str]]:
    """Yield the reports of one edition; cells are put in their places by number, which is fast for millions."""
    codes = list(edition(name).cells)
    dataset.connection.register(
        "numbered", pd.DataFrame({"report_id": reports, "number": np.arange(len(reports))})
    )
    dataset.connection.register(
        "form_order", pd.DataFrame({"code": codes, "position": np.arange(len(codes))})
    )
    found = dataset.connection.execute(_CELLS).fetchnumpy()
    filled = np.full((len(reports), len(codes)), np.nan)
    marks = np.full(filled.shape, _MISSING)
    pages = np.zeros(filled.shape, dtype=np.int64)
    at = found["number"], found["position"]
    filled[at] = np.ma.filled(found["filled"], np.nan)
    marks[at] = found["mark"]
    pages[at] = np.ma.filled(found["page"], 0)
    tables = [cell.table for cell in edition(name).cells.values()]
    firsts = [i for i, table in enumerate(tables) if table not in tables[:i]]
    for i, report in enumerate(reports):
        where = " ".join(str(page or "-") for page in pages[i, firsts].tolist())
        yield report, _plain(filled[i]), "".join(_MARKS[marks[i]]), where
