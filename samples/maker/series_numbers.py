"""Numbers of an invented agency year after year: each year takes up what the last handed on; and contradictions to plant in them."""

from __future__ import annotations

from random import Random

from .values import (
    _COLUMN_SHARES,
    _ROW_WEIGHTS,
    BLOCKS,
    COLUMNS,
    OUTCOMES,
    RESULTS,
    Numbers,
    codes,
    rows,
    spread,
)

_ITEMS = ("licensing", "other_services", "penalties", "coercion", "fees")


def edition_of(year: int) -> str:
    """Return the edition of the form that a year is reported in."""
    return "2019" if year < 2021 else "2021"


def next_year(rng: Random, year: int, size: float, last: Numbers | None, *, steady: bool = False) -> Numbers:
    """Return the numbers of a year that follows `last`, every sum of the form and over the years holding.

    `size` is the usual number of requests; figures stay within a fifth of what it makes usual. `steady` hands on what was taken up
    and repeals what was issued, so that the year after may have the very same numbers.
    """
    edition = edition_of(year)
    numbers: Numbers = {code["code"]: 0 for code in codes(edition)}
    for column, share in zip(COLUMNS, _COLUMN_SHARES, strict=True):
        new = near(rng, size * share)
        carried_in = int(last[f"requests.carried_out.{column}"]) if last else near(rng, size * share * 0.05)
        out = carried_in if steady else min(near(rng, size * share * 0.05), new + carried_in)
        done = spread(rng, new + carried_in - out, _ROW_WEIGHTS[: len(RESULTS[edition])])
        for row, amount in zip(rows(edition), (new, carried_in, *done, sum(done), out), strict=True):
            numbers[f"requests.{row}.{column}"] = amount
    for block, share in zip(BLOCKS, (0.1, 0.02, 0.01), strict=True):
        parts = [near(rng, size * share / 4) for _ in OUTCOMES]
        numbers |= {f"{block}.{outcome}": part for outcome, part in zip(OUTCOMES, parts, strict=True)}
        numbers[f"{block}.total"] = sum(parts)
    (_proactive_2021 if edition == "2021" else _proactive_2019)(rng, size, last or {}, numbers, steady)
    totals(edition, numbers)
    return numbers


def near(rng: Random, mean: float) -> int:
    """Return a whole number within a seventh of a mean."""
    return int(mean * rng.uniform(0.86, 1.14) + rng.random())


def totals(edition: str, numbers: Numbers) -> None:
    """Set the total of every row of the requests table."""
    for row in rows(edition):
        numbers[f"requests.{row}.total"] = sum(numbers[f"requests.{row}.{column}"] for column in COLUMNS)


def _proactive_2021(rng: Random, size: float, last: Numbers, numbers: Numbers, steady: bool) -> None:
    stock = int(last.get("proactive.normative_documents.in_force", rng.randint(10, 50)))
    issued = rng.randint(1, 4)
    repealed = issued if steady else rng.randint(0, 2)
    for name, value in (("issued", issued), ("repealed", repealed), ("in_force", stock + issued - repealed)):
        numbers[f"proactive.normative_documents.{name}"] = value
    _decisions(rng, size, numbers, ("licensing", "penalties", "coercion"))
    numbers["proactive.fees.amount"] = round(size * rng.uniform(0.4, 0.6), 2)


def _proactive_2019(rng: Random, size: float, last: Numbers, numbers: Numbers, steady: bool) -> None:
    made = rng.randint(1, 4)
    for name, value in (("made", made), ("disclosed", made), ("total_disclosed", made + rng.randint(0, 30))):
        numbers[f"proactive.normative_documents.{name}"] = value
    for kind in _ITEMS:
        code = f"proactive.{kind}.items"
        start = last.get(f"{code}_last_year", rng.randint(10, 60)) + last.get(f"{code}_change", 0)
        numbers[f"{code}_last_year"] = start
        numbers[f"{code}_change"] = 0 if steady else rng.randint(-3, 6)
    _decisions(rng, size, numbers, ("licensing", "other_services", "penalties", "coercion"))
    numbers["proactive.procurement.items"] = rng.randint(1, 9)
    numbers["proactive.procurement.amount"] = round(size * rng.uniform(1, 2), 2)


def _decisions(rng: Random, size: float, numbers: Numbers, kinds: tuple[str, ...]) -> None:
    for factor, kind in enumerate(kinds, start=3):
        numbers[f"proactive.{kind}.decisions"] = near(rng, size * factor)


def added(edition: str, parts: list[Numbers]) -> Numbers:
    """Return the sum of some reports' numbers, as a government that adds up its parts reports it."""
    return {c["code"]: round(sum(part[c["code"]] for part in parts), 6) for c in codes(edition)}


def shift_requests(numbers: Numbers, edition: str, changes: dict[str, int]) -> None:
    """Change 上年结转 by column, and 予以公开 and what follows with it, so that the report's own sums still hold."""
    for column, by in changes.items():
        for row in ("carried_in", "granted", "results_total"):
            numbers[f"requests.{row}.{column}"] += by
    totals(edition, numbers)
