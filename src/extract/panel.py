"""Measures of reports, and panels of them: rates with their numerators and denominators, never a filled 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from extract.errors import UsageError
from extract.matrix import Flags, Matrix, Numbers
from extract.measures import Measure, chosen

if TYPE_CHECKING:
    from extract.dataset import Dataset

Groups = NDArray[np.int64]
GROUPS = ("agency", "year", "region", "province", "city", "county", "level", "kind", "parent", "edition")
"""Columns that a panel can be grouped by."""


def values(dataset: Dataset, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return measures in long form, one row per report that counts and measure.

    Columns: `report_id`, `agency`, `region`, `level`, `kind`, `year`, `edition`, `measure`, `numerator`, `denominator` (NaN where
    the measure has none), `value` (a share from 0, not a percentage; NaN where a part is unread or the denominator is 0), `sure` (False
    where a cell in it waits for a person). A measure that a report's edition lacks has no row; a report without tables has no values.
    """
    wanted = _wanted(dataset, names)
    matrix = dataset.matrix(_codes(wanted))
    head = matrix.reports[_HEAD]
    frames = [_long(head, computed(matrix, measure), measure.name) for measure in wanted]
    if not frames:
        return pd.DataFrame(columns=[*_HEAD, "measure", "numerator", "denominator", "value", "sure"])
    return pd.concat(frames, ignore_index=True)


_HEAD = ["report_id", "agency", "region", "level", "kind", "year", "edition"]


@dataclass(frozen=True, slots=True)
class Computed:
    """A measure for all reports of a matrix, one entry per report; `asked`: the report's edition has the measure."""

    asked: Flags
    numerator: Numbers
    denominator: Numbers
    value: Numbers
    sure: Flags


def computed(matrix: Matrix, measure: Measure) -> Computed:
    """Compute a measure for every report, by the formula of the report's edition."""
    n = len(matrix.reports)
    editions = matrix.reports["edition"].to_numpy(dtype=object)
    asked, sure = (editions == "").astype(np.bool_), np.zeros(n, dtype=np.bool_)
    top, bottom, value = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    for edition, formula in measure.formulas.items():
        mine = (editions == edition).astype(np.bool_)
        if not mine.any():
            continue
        asked |= mine
        sure[mine] = matrix.all_sure((*formula.numerator, *formula.denominator))[mine]
        top[mine] = matrix.total(formula.numerator)[mine]
        if formula.denominator:
            bottom[mine] = matrix.total(formula.denominator)[mine]
            value[mine] = divided(top[mine], bottom[mine])
        else:
            value[mine] = top[mine]
    return Computed(asked, top, bottom, value, sure)


def _long(head: pd.DataFrame, found: Computed, name: str) -> pd.DataFrame:
    frame = head[found.asked].copy()
    frame["measure"] = name
    for column in ("numerator", "denominator", "value", "sure"):
        frame[column] = getattr(found, column)[found.asked]
    return frame


def _wanted(dataset: Dataset, names: Sequence[str] | None) -> list[Measure]:
    return list(dataset.measures.values()) if names is None else chosen(names, dataset.measures)


def _codes(wanted: Sequence[Measure]) -> list[str]:
    formulas = [formula for measure in wanted for formula in measure.formulas.values()]
    return [term.code for formula in formulas for term in (*formula.numerator, *formula.denominator)]


def divided(top: Numbers, bottom: Numbers) -> Numbers:
    """Return a ratio, NaN where a side is unread or the lower is 0 or negative."""
    usable = bottom > 0
    return np.where(usable, top / np.where(usable, bottom, 1.0), np.nan)


def panel(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    by: Sequence[str] = ("agency", "year"),
    *,
    parts: bool = False,
) -> pd.DataFrame:
    """Return measures as a panel: one row per group of reports, sorted, one column per measure.

    `by` is some of `GROUPS`. Groups of several reports are added up: a rate is the sum of numerators over the sum of denominators
    of the reports that have both (the weighted mean). With `parts`, each measure is followed by `….numerator`, `….denominator` and
    `….reports`, the number of reports that have it. A report without agency or year is in no panel.
    """
    wrong = [column for column in by if column not in GROUPS]
    if wrong or not by:
        raise UsageError(f"cannot group by {', '.join(wrong) or 'nothing'}; choose from {', '.join(GROUPS)}")
    wanted = _wanted(dataset, names)
    matrix = dataset.matrix(_codes(wanted))
    groups = matrix.reports.groupby(list(by), sort=True, dropna=False)
    number = groups.ngroup().to_numpy().astype(np.int64)
    result = matrix.reports[list(by)].assign(group=number).drop_duplicates("group").sort_values("group")
    columns: dict[str, Numbers] = {}
    for measure in wanted:
        columns |= _summed(computed(matrix, measure), number, len(result), measure, parts=parts)
    return pd.concat([result[list(by)].reset_index(drop=True), pd.DataFrame(columns)], axis=1)


def _summed(
    found: Computed, number: Groups, count: int, measure: Measure, *, parts: bool
) -> dict[str, Numbers]:
    """Add a measure up by groups: its columns of a panel. Only reports that have a value are in the sums."""
    there = ~np.isnan(found.value)
    reports = np.bincount(number[there], minlength=count).astype(np.float64)
    top = _added(found.numerator, there, number, count)
    bottom = np.full(count, np.nan)
    if measure.is_ratio:
        bottom = _added(found.denominator, there, number, count)
    columns = {measure.name: divided(top, bottom) if measure.is_ratio else top}
    if parts:
        columns |= {
            f"{measure.name}.numerator": top,
            f"{measure.name}.denominator": bottom,
            f"{measure.name}.reports": reports,
        }
    return columns


def _added(values: Numbers, there: Flags, number: Groups, count: int) -> Numbers:
    """Return sums by group, NaN for a group in which no report has the measure."""
    added = np.bincount(number[there], weights=values[there], minlength=count).astype(np.float64)
    return np.where(np.bincount(number[there], minlength=count) > 0, added, np.nan)
