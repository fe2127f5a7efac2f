"""Cells whose print is the same read the same: where sums speak against a doubtful reading of all of them, it is one misreading.

The scan gives equal crops equal readings. A report in small print may have a stroke for none in forty cells, each read as a
1 in doubt: for a search that changes cell by cell that is forty changes, and it is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from extract.form import Check
from extract.settings import Settings
from extract.sums import assessable, excess
from extract.values import Option, Value

_GROUP, _MENDED = 3, 3
"""Cells of one print, and sums that hold by their other reading and not by the first, at least."""
_LIKELY = 0.02
"""Probability of another reading that is tried."""


def same_print(values: dict[str, Value], checks: Sequence[Check], settings: Settings) -> dict[str, Value]:
    """Return the values with groups of equal print read as the sums have it, where that is a reading of theirs.

    It must mend `_MENDED` sums more than it breaks and leave less than half of those broken that were. The two readings
    change places with their probabilities; status and reason say `repaired`. Clear and native cells stay.
    """
    for codes in _groups(values, settings):
        sums = [c for c in checks if not {*c.left, *c.right}.isdisjoint(codes) and assessable(values, c)]
        before = _broken(values, sums)
        tries = [values | read for i in _others(values[codes[0]]) if (read := _read_as(values, codes, i))]
        best = min(tries, key=lambda tried: _broken(tried, sums), default=values)
        if before - (after := _broken(best, sums)) >= _MENDED and 2 * after < before:
            values = best
    return values


def _groups(values: dict[str, Value], settings: Settings) -> list[list[str]]:
    """Return the codes of doubtful cells with equal readings, the largest groups first."""
    found: dict[tuple[Option, ...], list[str]] = defaultdict(list)
    for code, value in values.items():
        if not value.native and value.options[0].probability < settings.clear_threshold:
            found[value.options].append(code)
    return sorted((codes for codes in found.values() if len(codes) >= _GROUP), key=lambda codes: -len(codes))


def _others(value: Value) -> list[int]:
    """Return the positions of the other readings that are likely enough and other figures."""
    return [
        i
        for i, option in enumerate(value.options)
        if i and option.filled is not None and option.filled != value.filled and option.probability >= _LIKELY
    ]


def _read_as(values: dict[str, Value], codes: Sequence[str], i: int) -> dict[str, Value]:
    """Return the values of these cells, read as their option `i`."""
    options = values[codes[0]].options
    first, other = options[0], options[i]
    swapped = (
        replace(other, probability=first.probability),
        replace(first, probability=other.probability),
        *(option for k, option in enumerate(options) if k not in {0, i}),
    )
    return {
        code: replace(
            values[code], value=other.value, filled=other.filled, status="repaired", options=swapped,
            review=False, review_reason="repaired_by_sums", confidence=first.probability,
        )
        for code in codes
    }  # fmt: skip


def _broken(values: dict[str, Value], sums: Sequence[Check]) -> int:
    return sum(excess(values, check) != 0 for check in sums)
