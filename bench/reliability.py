"""Whether a confidence of 0.9 is right nine times in ten."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

BINS = (-0.001, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)


def reliability(output: Path, truth: Path) -> pd.DataFrame:
    """Return the cells read from pictures: `confidence` and whether `filled` is `right`; unread ones are left out."""
    options = {"dtype": str, "keep_default_na": False, "encoding": "utf-8-sig"}
    cells = pd.read_csv(output / "cells.csv", **options)
    true = pd.read_csv(truth / "cells.csv", **options)
    reports = pd.read_csv(output / "reports.csv", **options)[["report_id", "file"]]
    cells = cells.drop(columns="file").merge(
        reports, on="report_id"
    )  # truth names a report by its first file
    both = cells.merge(true[["file", "code", "filled"]], on=["file", "code"], suffixes=("", "_true"))
    both = both[(both["source"] == "picture") & (both["filled"] != "")]
    right = pd.to_numeric(both["filled"]) == pd.to_numeric(both["filled_true"], errors="coerce")
    return pd.DataFrame({"confidence": pd.to_numeric(both["confidence"]), "right": right})


def calibration_error(cells: pd.DataFrame) -> float:
    """Return the expected calibration error: |right - confidence| of each bin, weighted by its cells."""
    groups = cells.groupby(pd.cut(cells["confidence"], list(BINS)), observed=True)
    gaps = (groups["right"].mean() - groups["confidence"].mean()).abs() * groups.size()
    return float(gaps.sum() / max(len(cells), 1))
