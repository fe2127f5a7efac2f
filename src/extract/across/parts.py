"""A government's report against the sum of its parts, where it says that it sums them.

A contradiction is claimed only where the text says how many parts there are, and so many are known: else the archive may lack some,
or know some that are not meant. What cannot be told is said so: a part without a report that year, an unread cell, a whole greater
than the parts that are known. A whole smaller than they are is worth a look, since counts are not negative.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from extract.across.findings import COLUMNS, limits, matching, table
from extract.agencies import Agency
from extract.matrix import Matrix
from extract.measures import codes_of

if TYPE_CHECKING:
    from extract.dataset import Dataset

Below = dict[str, list[Agency]]
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report says it adds up: groups of parts with their number (None where not stated), and whether its own figures are in."""

    groups: tuple[tuple[str, int | None], ...]
    own: bool
    sentence: str


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    return {
        r["what"]: (re.compile(r["pattern"]), frozenset(r["kinds"].split("|"))) for r in table("scope.csv")
    }


def scope_of(text: str) -> Scope | None:
    """Return what a text says its report adds up, None where it says nothing of the kind."""
    patterns = _patterns()
    for sentence in re.split(r"[。；\n]", text):
        if not patterns["sums"][0].search(sentence) or patterns["not"][0].search(sentence):
            continue
        found = [(what, patterns[what][0].search(sentence)) for what in ("districts", "departments", "towns")]
        groups = tuple((what, _number(m["n"])) for what, m in found if m)
        if groups:
            return Scope(groups, bool(patterns["own"][0].search(sentence)), sentence.strip())
    return None


def _number(text: str | None) -> int | None:
    """Return a number up to 99 in digits, Arabic or Chinese."""
    if not text:
        return None
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text)
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def parts(dataset: Dataset) -> pd.DataFrame:
    """Return, for every report that says it adds up others, each of its cells against their sum."""
    scopes = _scopes(dataset)
    if not scopes:
        return pd.DataFrame()
    patterns = [pattern for limit in limits("parts") for pattern in limit.codes]
    codes = matching(patterns, dict.fromkeys(code for name in ("2021", "2019") for code in codes_of(name)))
    matrix = dataset.matrix(codes)
    row_of = {
        (a, int(y)): i
        for i, (a, y) in enumerate(zip(matrix.reports["agency"], matrix.reports["year"], strict=True))
    }
    below = _below(dataset)
    found: list[dict[str, Any]] = []
    for row, identifier in enumerate(matrix.reports["report_id"]):
        if identifier in scopes:
            found += _one(below, matrix, row, scopes[identifier], row_of)
    return pd.DataFrame(found, columns=COLUMNS)


def _scopes(dataset: Dataset) -> dict[str, Scope]:
    """Return the scope of each report that states one, by report."""
    texts = dataset.connection.execute(
        """SELECT s.report_id, string_agg(s.text, chr(10) ORDER BY s.number) FROM sections s JOIN reports r USING (report_id)
        WHERE s.number <= 1 AND regexp_matches(r.agency, '政府$|公署$') GROUP BY s.report_id"""
    ).fetchall()
    return {identifier: scope for identifier, text in texts if (scope := scope_of(text))}


def _one(
    below: Below, matrix: Matrix, row: int, scope: Scope, row_of: dict[tuple[str, int], int]
) -> list[dict[str, Any]]:
    report = matrix.reports.iloc[row]
    year = int(report["year"])
    members = {what: _members(below, str(report["agency"]), what, year) for what, _ in scope.groups}
    names = [name for group in members.values() for name in group]
    rows = [row_of.get((name, year)) for name in names]
    missing = [name for name, at in zip(names, rows, strict=True) if at is None]
    complete = not scope.own and all(n is not None and n == len(members[what]) for what, n in scope.groups)
    too_many = any(n is not None and n < len(members[what]) for what, n in scope.groups)
    there = [at for at in rows if at is not None]
    added = matrix.filled[there].sum(axis=0) if there else np.full(len(matrix.codes), np.nan)
    sure = np.logical_and.reduce(matrix.sure[[row, *there]])
    found = []
    for column in _columns(matrix, str(report["edition"])):
        left, right = added[column], matrix.filled[row, column]
        if missing or too_many:
            left = np.nan
        verdict = _verdict(left, right, bool(sure[column]), complete=complete)
        found.append({
            "agency": report["agency"], "year": year, "check": "across.parts", "verdict": verdict, "report_id": report["report_id"],
            "other_report_id": matrix.reports["report_id"].iloc[there[0]] if there else "", "code": matrix.codes[column],
            "left_expression": " + ".join(names), "right_expression": matrix.codes[column],
            "left": left, "right": right, "difference": left - right, "other": _told(names, missing),
        })  # fmt: skip
    return found


def _columns(matrix: Matrix, edition: str) -> list[int]:
    known = set(codes_of(edition)) if edition else set()
    return [i for i, code in enumerate(matrix.codes) if code in known]


def _verdict(left: float, right: float, sure: bool, *, complete: bool) -> str:
    """Judge a whole against its parts; `complete`: the text says how many there are, and so many there are."""
    difference = left - right
    if np.isnan(difference):
        return "not_assessable"
    if abs(difference) < 1e-6:
        return "holds"
    if not complete:
        return "notable" if difference > 0 and sure else "not_assessable"
    return "source_error" if sure else "doubtful"


def _told(names: Sequence[str], missing: Sequence[str]) -> str:
    text = "、".join(names[:3]) + (f"等 {len(names)} 个" if len(names) > 3 else "")
    return text + (f"（缺 {'、'.join(missing[:5])}）" if missing else "")


def _members(below: Below, parent: str, what: str, year: int) -> list[str]:
    """Return the agencies that stand below a government in a group, without those that had gone into another by then."""
    return [
        agency.agency
        for agency in below.get(parent, ())
        if _in_group(agency.kind, what) and not (agency.merged_in is not None and agency.merged_in <= year)
    ]


def _in_group(kind: str, what: str) -> bool:
    """Say whether a kind is in a group: one of those listed, or, where they are listed with a `!`, none of them."""
    listed = _patterns()[what][1]
    return kind in listed or (f"!{kind}" not in listed and any(k.startswith("!") for k in listed))


def _below(dataset: Dataset) -> Below:
    """Return the agencies below each government, by name."""
    below: Below = {}
    for agency in sorted(set(dataset.registry.values()), key=lambda a: a.agency):
        below.setdefault(agency.parent, []).append(agency)
    return below
