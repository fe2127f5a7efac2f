"""Figures that leave the band of what one year does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from extract.across.findings import COLUMNS, Limit, limits
from extract.across.sums import other_ids
from extract.matrix import Matrix

if TYPE_CHECKING:
    from extract.dataset import Dataset


def jumps(dataset: Dataset) -> pd.DataFrame:
    """Return figures that are more than `factor` times last year's, or less than that part of it."""
    matrix = dataset.matrix([code for limit in limits("jump") for code in limit.codes])
    frames = [_beyond(matrix, code, limit) for limit in limits("jump") for code in limit.codes]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def _beyond(matrix: Matrix, code: str, limit: Limit) -> pd.DataFrame:
    column = matrix.codes.index(code)
    now, before = matrix.filled[:, column], matrix.last_filled[:, column]
    same_form = _same_edition(matrix)
    with np.errstate(invalid="ignore"):
        high, low = np.maximum(now, before), np.minimum(now, before)
        # a 0 beside a figure is no ratio: from nothing to fifty is told by the minimum, as one to fifty would be
        beyond = same_form & (high >= limit.minimum) & (high > limit.factor * np.maximum(low, 1))
    reports = matrix.reports[beyond]
    return pd.DataFrame({
        "agency": reports["agency"], "year": reports["year"], "check": "across.jump", "verdict": "notable",
        "report_id": reports["report_id"], "other_report_id": other_ids(matrix)[beyond], "code": code,
        "left_expression": f"last_year({code})", "right_expression": code,
        "left": before[beyond], "right": now[beyond], "difference": before[beyond] - now[beyond],
    })  # fmt: skip


def _same_edition(matrix: Matrix) -> np.ndarray:
    editions = matrix.reports["edition"].tolist()
    return np.array(
        [
            bool(rows) and all(editions[row] == own for row in rows)
            for own, rows in zip(editions, matrix.last, strict=True)
        ],
        dtype=np.bool_,
    )
