"""Changes and last year's numbers: what they are of, and what last year's number was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from extract.facts.context import Context
from extract.facts.data import comparisons
from extract.facts.text import Sentence
from extract.facts.types import Fact

Placed = tuple[Fact, Sentence]


def plain_name(unit: str) -> str:
    """Return the name of a number that no rule names."""
    return {"元": "amount", "%": "percent"}.get(unit, "count")


def sign_of(context: Context) -> int:
    """Return the sign of a change: -1 for a decrease, 0 where there is none."""
    for kind, pattern in comparisons():
        match = pattern.search(f"{context.clause}N") if kind == "change" else None
        if match:
            return -1 if match["sign"][0] in "减下降少回" else 1
    return 0


def with_compared(placed: list[Placed]) -> Iterator[Placed]:
    """Give changes and last year's numbers the name of the count before them, and derive last year's from a change."""
    last: Fact | None = None
    for fact, sentence in placed:
        kind, _, name = fact.name.partition(".")
        if kind not in {"change", "last_year"} or name:
            last = fact if kind not in {"change", "last_year"} else last
            yield fact, sentence
            continue
        if last is None or (kind == "change" and fact.unit not in {last.unit, "%", "个百分点", "倍"}):
            yield replace(fact, name=plain_name(fact.unit)), sentence
            continue
        rate = kind == "change" and fact.unit != last.unit
        year = last.year - 1 if last.year and kind == "last_year" else fact.year
        yield replace(fact, name=f"{'change_rate' if rate else kind}.{last.name}", year=year), sentence
        if kind == "change" and not rate and {fact.bound, last.bound} == {"exact"}:
            before = (last.value or Decimal(0)) - (fact.value or Decimal(0))
            if before >= 0:
                yield replace(
                    fact, name=f"last_year.{last.name}", value=before, bound="derived",
                    year=last.year - 1 if last.year else None,
                ), sentence  # fmt: skip
