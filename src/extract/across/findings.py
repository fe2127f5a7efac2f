"""The rows of findings across reports, their data files, and the sentences that explain them."""

from __future__ import annotations

import csv
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from extract.form import EDITIONS, edition

COLUMNS = [
    "agency", "year", "check", "verdict", "report_id", "other_report_id", "code", "left_expression", "right_expression",
    "left", "right", "difference", "other", "message", "message_zh",
]  # fmt: skip
"""`report_id` is the report that the finding is about, `other_report_id` the one it is held against (of several the first), `code` the cell
or `section.N`, `left` what the others give, `right` what the report says, `difference` left minus right, `other` other agencies by name."""
ASSESSED = ("source_error", "doubtful", "notable")


@dataclass(frozen=True, slots=True)
class Limit:
    """A band of `limits.csv`: patterns of codes, a factor and a minimum (NaN where the rule has none)."""

    codes: tuple[str, ...]
    factor: float
    minimum: float


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of this package."""
    text = files("extract.across").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def limits(rule: str) -> tuple[Limit, ...]:
    """Return the bands of a rule."""
    rows = [row for row in table("limits.csv") if row["rule"] == rule]
    return tuple(
        Limit(tuple(row["codes"].split("|")), float(row["factor"] or "nan"), float(row["minimum"] or "nan"))
        for row in rows
    )


def matching(patterns: Iterable[str], codes: Iterable[str]) -> list[str]:
    """Return the codes that fit one of some patterns, in order."""
    wanted = tuple(patterns)
    return [code for code in codes if any(fnmatchcase(code, pattern) for pattern in wanted)]


@cache
def labels() -> dict[str, str]:
    """Return the label of every code: its row and column as the newest form that has it prints them."""
    cells = [cell for name in reversed(EDITIONS) for cell in edition(name).cells.values()]
    return {
        cell.code: f"{cell.row_label.split(' / ')[-1]} · {cell.column_label.split(' / ')[-1]}"
        for cell in cells
    }


@cache
def _messages() -> dict[str, dict[str, str]]:
    return {row["check"]: row for row in table("messages.csv")}


def title(check: str, language: str = "zh") -> str:
    """Return what a check's findings are called."""
    row = _messages()[".".join(check.split(".")[:2])]
    return row["title_zh"] if language == "zh" else row["title"]


def explained(found: pd.DataFrame) -> pd.DataFrame:
    """Return findings with their sentences; those that hold need none."""
    found = found.reindex(columns=COLUMNS)
    told = found["verdict"].isin([*ASSESSED, "not_assessable"]) & found["message"].isna()
    rows = found[told].to_dict("records")
    for column, key in (("message", "message"), ("message_zh", "message_zh")):
        found[column] = found[column].astype(object)
        found.loc[told, column] = pd.Series(
            [_sentence(row, key) for row in rows], found.index[told], dtype=object
        )
    texts = [
        "other_report_id",
        "code",
        "left_expression",
        "right_expression",
        "other",
        "message",
        "message_zh",
    ]
    found[texts] = found[texts].astype(object).fillna("")
    numbers = ["left", "right", "difference"]
    found[numbers] = found[numbers].astype("float64")
    return found.astype({"year": "Int64"})


def _sentence(row: dict[Hashable, Any], key: str) -> str:
    template = _messages()[".".join(str(row["check"]).split(".")[:2])][key]
    shown = {side: _number(row[side], key) for side in ("left", "right")}
    label = labels().get(str(row["code"]), str(row["code"]))
    return template.format(**shown, label=label, other=row["other"])


def _number(value: object, key: str) -> str:
    if isinstance(value, (int, float)) and not math.isnan(value):
        return f"{value:,.15g}"
    return "无法判断" if key == "message_zh" else "cannot tell"
