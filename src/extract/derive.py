"""Totals that the page leaves blank, from their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from extract.form import Check
from extract.settings import Settings
from extract.sums import excess
from extract.values import EVEN, Value


def derive(values: dict[str, Value], checks: Iterable[Check], settings: Settings) -> dict[str, Value]:
    """Fill a blank total from its parts where they are not all zero; a printed figure is never touched.

    Where a total ends two sums that disagree it stays as it is printed: the sums then tell the publisher's error. So does a
    mark for none (`-`, `/`) that agrees with all other sums the total is in, where what its parts give agrees with none;
    where those sums do not tell, it is derived and for review.
    """
    checks = tuple(checks)
    result = dict(values)
    waiting = _blank_totals(values, checks)
    while waiting:
        # a total of totals comes after them
        ready = (t for t, sums in waiting.items() if not any(c in waiting for s in sums for c in s.left))
        total = next(ready, next(iter(waiting)))
        result[total] = _derived(result, total, waiting.pop(total), settings)
    return result | {code: _weighed(result, values[code], checks) for code in _marked(result, checks)}


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


def _marked(values: dict[str, Value], checks: Iterable[Check]) -> list[str]:
    """Return the derived totals for which the page has a mark for none."""
    totals = {check.total for check in checks if check.total}
    return [t for t in sorted(totals) if values[t].status == "derived" and values[t].raw.strip()]


def _weighed(values: dict[str, Value], marked: Value, checks: Iterable[Check]) -> Value:
    """Return a total that is marked as none and has parts: as the sums that go beyond its parts have it, else for review."""
    code, derived = marked.code, values[marked.code]
    other = [c for c in checks if code in c.left or (code in c.right and not c.total)]
    known = [c for c in other if all(values[x].filled is not None for x in (*c.left, *c.right))]
    as_none = values | {code: marked}
    if known and all(_holds(as_none, c) and not _holds(values, c) for c in known):
        return marked
    if known and all(_holds(values, c) for c in known):
        return derived
    confidence = min(derived.confidence, EVEN)  # the sums beyond it are not the publisher's error either
    return replace(derived, review=True, review_reason="total_marked_none", confidence=confidence, most=EVEN)


def _holds(values: dict[str, Value], check: Check) -> bool:
    return excess(values, check) <= 0 if check.relation == "at_most" else excess(values, check) == 0


def _blank_totals(values: dict[str, Value], checks: Iterable[Check]) -> dict[str, list[Check]]:
    """Return the totals that are left blank, with the sums that end in them."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        if check.total and values[check.total].status == "blank":
            found.setdefault(check.total, []).append(check)
    return found


def _sum_of(values: dict[str, Value], codes: Iterable[str]) -> Decimal:
    return sum((filled for code in codes if (filled := values[code].filled) is not None), Decimal(0))
