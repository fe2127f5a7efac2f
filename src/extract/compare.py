"""Agencies and years side by side: values, ranks, changes, distributions, outliers. Frames in, frames out; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from extract.agencies.names import LEVELS, kinds
from extract.errors import UsageError
from extract.measures import Measure, chosen
from extract.panel import divided

if TYPE_CHECKING:
    from extract.dataset import Dataset

BY = ("agency", "region", "city", "county", "level", "kind")
"""What can stand side by side."""
LEAST = 30
"""Denominator from which a rate is ranked: of fewer cases it says little about whoever has it."""
FIRM = 100
"""Denominator from which a rate is called firm."""
FENCE = 3.0
"""An outlier lies more than this many interquartile ranges beyond the quartiles (Tukey's far out)."""
FEWEST = 8
"""Values that a distribution needs before any of them is called an outlier."""
DEFAULT = (
    "new_requests",
    "disclosure_rate",
    "denial_rate",
    "carry_over_rate",
    "review_correction_rate",
    "litigation_correction_rate",
)
"""Measures that are compared where none is named."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports are compared; empty = all. A region stands for all below it: `槐浦市` takes its districts in."""

    regions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What a comparison gives: the measures, the group that is compared, and its frames.

    `values`: one row per group, year and measure, columns `VALUES`; `distribution`: one row per measure and year, columns `DISTRIBUTION`.
    """

    measures: tuple[Measure, ...]
    by: str
    least: int
    values: pd.DataFrame
    distribution: pd.DataFrame

    def ranking(self, measure: str, year: int | None = None) -> pd.DataFrame:
        """Return the ranked rows of a measure in a year (the last one), the highest first."""
        found = self.values[self.values["measure"] == measure]
        at = year if year is not None else found["year"].max()
        return found[(found["year"] == at) & found["rank"].notna()].sort_values(
            ["rank", self.by], ignore_index=True
        )

    def years(self, measure: str) -> pd.DataFrame:
        """Return a measure with the years side by side: one row per group, one column per year."""
        found = self.values[self.values["measure"] == measure]
        return found.pivot(index=self.by, columns="year", values="value").sort_index().reset_index()

    def side_by_side(self, year: int | None = None) -> pd.DataFrame:
        """Return the measures of a year (the last one) side by side: one row per group, one column per measure."""
        at = year if year is not None else self.values["year"].max()
        found = self.values[self.values["year"] == at]
        table = found.pivot(index=self.by, columns="measure", values="value").sort_index()
        return table.reindex(columns=[m.name for m in self.measures]).reset_index()

    def outliers(self) -> pd.DataFrame:
        """Return the rows that lie far outside their year's distribution."""
        return self.values[self.values["outlier"]].reset_index(drop=True)


VALUES = [
    "region", "level", "kind", "year", "measure", "numerator", "denominator", "value", "reports", "sure", "last_value", "change", "growth",
    "rank", "ranked", "percentile", "firmness", "outlier",
]  # fmt: skip
"""`last_value` the year before; `change` value less that; `growth` change in parts of it (empty where it was 0 or less); `rank` 1 for the
highest, of `ranked`; `percentile` the share of ranked values that are no higher; `firmness` high, medium or low by the denominator."""
DISTRIBUTION = [
    "measure", "year", "reports", "with_value", "coverage", "p10", "q1", "median", "q3", "p90", "mean", "weighted", "lowest", "highest",
]  # fmt: skip
"""`reports` asked, `with_value` of them with a value, `coverage` their share; `weighted` sum of numerators over sum of denominators."""


def compare(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    only: Filter | None = None,
    *,
    by: str = "agency",
    least: int = LEAST,
) -> Comparison:
    """Compare measures over the reports that a filter leaves. Rates of fewer than `least` cases are shown, but not ranked.

    Raises UsageError for a measure, level or kind that is not known, and where no report is left.
    """
    if by not in BY:
        raise UsageError(f"cannot compare by {by!r}; choose from {', '.join(BY)}")
    wanted = chosen(names or DEFAULT, dataset.measures)
    only = _checked(only or Filter())
    # last year's values are needed for the changes, whether they are shown or not
    values = _kept(dataset, dataset.values([m.name for m in wanted]), replace(only, years=()))
    values = values.assign(reports=1) if by == "agency" else _by(dataset, values, by)
    values = _changed(values, by)
    if only.years:
        values = values[values["year"].isin(only.years)]
    if values.empty:
        lists = '`extract query OUTPUT "SELECT DISTINCT agency, year FROM reports"` lists them'
        raise UsageError(f"no report is left: widen the filter; {lists}")
    values = _ranked(values, {m.name: m for m in wanted}, least)
    return Comparison(tuple(wanted), by, least, _ordered(values, by, wanted), _distribution(values, wanted))


def _checked(only: Filter) -> Filter:
    """Return a filter with codes for labels. Raises UsageError for a level or kind that is not known."""
    levels = {zh: level for level, zh in LEVELS.items()} | {level: level for level in LEVELS}
    known = {kind.zh: kind.kind for kind in kinds()} | {kind.kind: kind.kind for kind in kinds()}
    for given, names, what in ((only.levels, levels, "level"), (only.kinds, known, "kind of agency")):
        for name in given:
            if name not in names:
                raise UsageError(f"no {what} {name!r}; there are {', '.join(filter(None, names))}")
    return replace(
        only, levels=tuple(levels[n] for n in only.levels), kinds=tuple(known[n] for n in only.kinds)
    )


def _kept(dataset: Dataset, values: pd.DataFrame, only: Filter) -> pd.DataFrame:
    keep = np.ones(len(values), dtype=np.bool_)
    for name in set(only.agencies) - set(values["agency"]):
        raise UsageError(f"no agency {name!r}; `extract agencies {dataset.folder}` lists them")
    if only.regions:
        places = values["region"].drop_duplicates()
        inside = places[[any(region in place for region in only.regions) for place in places]]
        keep &= values["region"].isin(inside).to_numpy(dtype=np.bool_)
    for column, names in (("level", only.levels), ("kind", only.kinds), ("agency", only.agencies)):
        if names:
            keep &= values[column].isin(names).to_numpy(dtype=np.bool_)
    return values[keep]


def _by(dataset: Dataset, values: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add values up by groups: rates are sums of numerators over sums of denominators of the reports that have both."""
    if by in {"city", "county"}:
        values = values.merge(dataset.reports[["report_id", by]], on="report_id", how="left")
    keys = [by, "year", "measure"]
    there = values["value"].notna()
    is_ratio = values.groupby("measure")["denominator"].transform("count") > 0
    values = values.assign(
        numerator=values["numerator"].where(there), denominator=values["denominator"].where(there & is_ratio)
    )
    groups = values.groupby(keys, sort=False)
    added = groups.agg(
        numerator=("numerator", _sum),
        denominator=("denominator", _sum),
        reports=("value", "count"),
        sure=("sure", "all"),
    ).reset_index()
    ratio = divided(added["numerator"].to_numpy(), added["denominator"].to_numpy())
    added["value"] = np.where(added["denominator"].isna(), added["numerator"], ratio)
    return added.assign(**{column: "" for column in ("region", "level", "kind") if column != by})


def _sum(values: pd.Series[float]) -> float:
    """Return a sum, NaN where there is nothing to add."""
    return float(values.sum(min_count=1))


def _changed(values: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add last year's value and what changed."""
    last = values[[by, "year", "measure", "value"]].rename(columns={"value": "last_value"})
    last = last.assign(year=last["year"] + 1)
    values = values.merge(last, on=[by, "year", "measure"], how="left")
    change = values["value"] - values["last_value"]
    return values.assign(change=change, growth=divided(change.to_numpy(), values["last_value"].to_numpy()))


def _ranked(values: pd.DataFrame, wanted: dict[str, Measure], least: int) -> pd.DataFrame:
    """Add rank, percentile, firmness and whether a value lies far out, by measure and year."""
    enough = values["value"].notna() & ~(values["denominator"] < least)
    shown = values["value"].where(enough)
    groups = shown.groupby([values["measure"], values["year"]])
    ranked = groups.transform("count")
    base = values["denominator"]
    return values.assign(
        rank=groups.rank(method="min", ascending=False),
        ranked=ranked,
        percentile=groups.rank(method="max") / ranked.where(ranked > 0),
        firmness=np.select([base.isna(), base >= FIRM, base >= LEAST], ["", "high", "medium"], "low"),
        outlier=_far_out(values, shown, {name for name, m in wanted.items() if not m.is_rate}),
    )


def _far_out(values: pd.DataFrame, shown: pd.Series[float], counts: set[str]) -> pd.Series[bool]:
    """Say which values lie far out; counts are looked at as logarithms, since agencies differ in size by powers of ten."""
    is_count = values["measure"].isin(counts)
    logarithm = pd.Series(np.sign(shown.to_numpy()) * np.log1p(np.abs(shown.to_numpy())), shown.index)
    scaled = shown.where(~is_count, logarithm)
    groups = scaled.groupby([values["measure"], values["year"]])
    place = pd.MultiIndex.from_arrays([values["measure"], values["year"]])
    low, high = (pd.Series(groups.quantile(q).reindex(place).to_numpy(), values.index) for q in (0.25, 0.75))
    # where most values are the same the range is nothing and all others would be far out: then none is called so
    reach = (FENCE * (high - low)).where(high > low)
    enough = groups.transform("count") >= FEWEST
    far: pd.Series[bool] = ((scaled < low - reach) | (scaled > high + reach)) & enough
    return far


def _ordered(values: pd.DataFrame, by: str, wanted: Sequence[Measure]) -> pd.DataFrame:
    place = {m.name: i for i, m in enumerate(wanted)}
    order = values.assign(at=values["measure"].map(place)).sort_values(["at", "year", "rank", by])
    return order[[by, *(c for c in VALUES if c != by)]].reset_index(drop=True)


def _distribution(values: pd.DataFrame, wanted: Sequence[Measure]) -> pd.DataFrame:
    rows = []
    for measure in wanted:
        for year, group in values[values["measure"] == measure.name].groupby("year"):
            there = group[group["value"].notna()]
            v = there["value"].to_numpy(dtype=np.float64)
            points = np.quantile(v, [0.1, 0.25, 0.5, 0.75, 0.9]) if len(v) else np.full(5, np.nan)
            weighted = divided(np.array([there["numerator"].sum()]), np.array([there["denominator"].sum()]))[
                0
            ]
            ends = (
                (v.mean(), weighted if measure.is_ratio else np.nan, v.min(), v.max())
                if len(v)
                else (np.nan,) * 4
            )
            rows.append((measure.name, year, len(group), len(v), len(v) / len(group), *points, *ends))
    return pd.DataFrame(rows, columns=DISTRIBUTION)
