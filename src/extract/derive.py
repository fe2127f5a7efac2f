"""Totals that the page leaves blank, from their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from extract.form import Check
from extract.settings import Settings
from extract.values import Value


def derive(values: dict[str, Value], checks: Iterable[Check], settings: Settings) -> dict[str, Value]:
    """Fill a blank total from its parts where they are not all zero; a printed figure is never touched.

    Where a total ends two sums that disagree it stays as it is printed: the sums then tell the publisher's error.
    """
    result = dict(values)
    waiting = _blank_totals(values, checks)
    while waiting:
        # a total of totals comes after them
        ready = (t for t, sums in waiting.items() if not any(c in waiting for s in sums for c in s.left))
        total = next(ready, next(iter(waiting)))
        result[total] = _derived(result, total, waiting.pop(total), settings)
    return result


def _derived(values: dict[str, Value], code: str, sums: list[Check], settings: Settings) -> Value:
    """Return a blank total as the sums that end in it give it, or as it is."""
    total = values[code]
    parts = [values[part] for check in sums for part in check.left]
    if any(part.filled is None for part in parts):
        return replace(total, filled=None, review=True, review_reason="total_blank_parts_unknown")
    found = {_sum_of(values, check.left) for check in sums}
    if len(found) > 1:  # a sum of clear cells counts more than one with a doubtful part
        clear = [s for s in sums if all(values[c].confidence >= settings.clear_threshold for c in s.left)]
        found = {_sum_of(values, check.left) for check in clear} or found
    if len(found) > 1 or found == {Decimal(0)}:
        return total
    confidence = min(part.confidence for part in (*parts, total))
    return replace(total, filled=found.pop(), status="derived", confidence=confidence)


def _blank_totals(values: dict[str, Value], checks: Iterable[Check]) -> dict[str, list[Check]]:
    """Return the totals that are left blank, with the sums that end in them."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        if check.total and values[check.total].status == "blank":
            found.setdefault(check.total, []).append(check)
    return found


def _sum_of(values: dict[str, Value], codes: Iterable[str]) -> Decimal:
    return sum((filled for code in codes if (filled := values[code].filled) is not None), Decimal(0))
