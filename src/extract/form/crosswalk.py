"""Which cells of the editions say the same: alone, only after adding some up, or not at all, with reasons.

`crosswalk.csv` has one row per variable and edition. A variable is a figure that means the same in each edition it has
a row for; `{applicant}` stands for each kind of applicant of the requests table. Rows without a variable name the cells
(`*` for any) that no other edition has anything like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache

from extract.form import CELLS_OF, edition, rows_of_file


@dataclass(frozen=True, slots=True)
class Link:
    """A variable in one edition: the sum of `codes`; `comparison` is `same` or `sum`, `reason` what to bear in mind."""

    variable: str
    title: str
    unit: str
    edition: str
    codes: tuple[str, ...]
    comparison: str
    reason: str


@cache
def links() -> tuple[Link, ...]:
    """Return all links, in the file's order; each applicant's follow one another."""
    found: list[Link] = []
    for row in rows_of_file("crosswalk.csv"):
        if row["comparison"] == "none":
            continue
        for key, label in _applicants() if "{applicant}" in row["variable"] else (("", ""),):
            codes = tuple(code.replace("{applicant}", key) for code in row["codes"].split(" + "))
            title = row["title"].replace("按申请人", label)
            variable = row["variable"].replace("{applicant}", key)
            found.append(
                Link(variable, title, row["unit"], row["edition"], codes, row["comparison"], row["reason"])
            )
    return tuple(found)


def _applicants() -> tuple[tuple[str, str], ...]:
    columns = edition("2021").tables["requests"].columns
    return tuple((c.key, c.path[-1]) for c in columns if c.key != "total")


@cache
def variables() -> dict[str, Link]:
    """Return the variables in order, each with its link in the newest edition that has it."""
    found: dict[str, Link] = {}
    for link in links():
        found.setdefault(link.variable, link)
    return found


@cache
def link(variable: str, edition_name: str) -> Link | None:
    """Return how an edition (`local` too) says a variable, or None where it does not. KeyError for no variable."""
    name = CELLS_OF.get(edition_name, edition_name)
    if variable not in variables():
        raise KeyError(variable)
    return next((x for x in links() if (x.variable, x.edition) == (variable, name)), None)


def value_of(variable: str, edition_name: str, filled: Mapping[str, Decimal | None]) -> Decimal | None:
    """Return a variable of one report from its `filled` values by code; None where a cell is unknown or not asked for."""
    found = link(variable, edition_name)
    values = [filled.get(code) for code in found.codes] if found else [None]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


@cache
def why_not(code: str, edition_name: str) -> str:
    """Return why a cell is in no variable, or an empty text where it is in one."""
    name = CELLS_OF.get(edition_name, edition_name)
    if any(code in found.codes for found in links() if found.edition == name):
        return ""
    rows = (r for r in rows_of_file("crosswalk.csv") if r["comparison"] == "none" and r["edition"] == name)
    return next((row["reason"] for row in rows if fnmatchcase(code, row["codes"])), "")
