"""Sums over two years: what last year's report hands on against what this year's takes up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from extract.across.findings import COLUMNS, matching, table
from extract.formula import Term, parse, written
from extract.matrix import Flags, Matrix
from extract.measures import codes_of

if TYPE_CHECKING:
    from extract.dataset import Dataset

_EXACT = 1e-6
"""Amounts have at most six decimals."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A sum of one edition: equal sides, where last year's report has one of the editions in `last_editions`."""

    check: str
    edition: str
    last_editions: tuple[str, ...]
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    code: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of `rules.csv`, spread over editions and columns."""
    return tuple(rule for row in table("rules.csv") for rule in _spread(row))


def _spread(row: dict[str, str]) -> Iterator[Rule]:
    last_editions = tuple(row["last_edition"].split("|"))
    for edition in row["edition"].split("|"):
        codes = codes_of(edition)
        for code in matching([row["for_each"]], codes) if row["for_each"] else [""]:
            last = code.rsplit(".", 1)[-1]
            check, left, right = (row[key].replace("{last}", last) for key in ("check", "left", "right"))
            other = [name for e in last_editions for name in codes_of(e)]
            terms = parse(right, codes)
            yield Rule(
                check,
                edition,
                last_editions,
                parse(left, [*dict.fromkeys([*codes, *other])]),
                terms,
                terms[0].code,
            )


def sums(dataset: Dataset) -> pd.DataFrame:
    """Return the outcome of every rule for every report whose agency has one of the year before."""
    codes = [term.code for rule in rules() for term in (*rule.left, *rule.right)]
    matrix = dataset.matrix(codes)
    editions = matrix.reports["edition"].to_numpy(dtype=object)
    last_editions = [{editions[i] for i in rows} for rows in matrix.last]
    frames = [_judged(matrix, rule, _pairs(rule, editions, last_editions)) for rule in rules()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def _pairs(rule: Rule, editions: np.ndarray, last_editions: list[set[str]]) -> Flags:
    """Say for which reports a rule can be asked: their own edition and last year's have its cells."""
    last = np.array(
        [bool(found) and found <= set(rule.last_editions) for found in last_editions], dtype=np.bool_
    )
    same: Flags = (editions == rule.edition).astype(np.bool_)
    return np.logical_and(last, same)


def _judged(matrix: Matrix, rule: Rule, pairs: Flags) -> pd.DataFrame:
    left, right = matrix.total(rule.left)[pairs], matrix.total(rule.right)[pairs]
    difference = np.round(left - right, 9)
    sure = matrix.all_sure((*rule.left, *rule.right))[pairs]
    verdict = np.select(
        [np.isnan(difference), np.abs(difference) < _EXACT, sure],
        ["not_assessable", "holds", "source_error"],
        "doubtful",
    )
    reports = matrix.reports[pairs]
    return pd.DataFrame({
        "agency": reports["agency"], "year": reports["year"], "check": rule.check, "verdict": verdict,
        "report_id": reports["report_id"], "other_report_id": other_ids(matrix)[pairs], "code": rule.code,
        "left_expression": written(rule.left), "right_expression": written(rule.right),
        "left": left, "right": right, "difference": difference,
    })  # fmt: skip


def other_ids(matrix: Matrix) -> np.ndarray:
    """Return the identifier of last year's report for every report, an empty text where there is none."""
    identifiers = matrix.reports["report_id"].tolist()
    return np.array([identifiers[rows[0]] if rows else "" for rows in matrix.last], dtype=object)
