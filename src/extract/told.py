"""Cells that could not be read, as the sums tell them: the other cells of a sum leave one figure for the one it lacks.

What is told so is put before another joint search as the cell's readings, each as likely as the cells are that tell it. Where a row
and a column tell different figures, one of their other cells is misread, and the search finds which.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.form import Check
from extract.sums import excess
from extract.values import EVEN, Option, Value

REASON = "unreadable_solved_by_sums"
"""Why a told cell goes to a person, always: nobody saw its figure."""
_RIGHT_SUM = 0.99
"""Share of published sums that are right, a little less than was counted: the others tell a wrong figure."""
_LEAST = 0.5
"""Below this probability a sum tells nothing: too many of its other cells are in doubt themselves."""
_MOST = 0.9
"""Probability of what is told at most, however many sums agree: they may share a misread cell."""


@dataclass(frozen=True, slots=True)
class _Hint:
    """What one sum says a cell must be, with the probability that its other cells are read rightly."""

    figure: Decimal
    probability: float


def told(values: Mapping[str, Value], checks: Sequence[Check]) -> dict[str, Value]:
    """Return the cells that sums tell, each `repaired` and for review; empty where there are none.

    These are the unread ones, and those read so badly that two sums which agree on another figure are likelier. Those that all their
    sums agree on come first, then those that only one tells, one by one: each helps to tell others.
    """
    result = dict(values)
    found: dict[str, Value] = {}
    sums = _sums_of(checks)
    while True:
        hints = {c: said for c in sums if _unread(result[c]) and (said := _hints(result, c, sums[c]))}
        misread = {c: said for c in sums if _poorly_read(result[c]) and (said := _hints(result, c, sums[c]))}
        sure = {c: said for c, said in hints.items() if _agreed(said)} or {
            c: said for c, said in misread.items() if _agreed(said) and said[0].figure != result[c].filled
        }
        if not sure and not hints:
            return found
        for code, said in (sure or _surest(hints)).items():
            result[code] = found[code] = _as_told(values, code, said)


def _sums_of(checks: Sequence[Check]) -> dict[str, list[Check]]:
    """Return for each cell the sums it stands in, in the form's order."""
    found: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        for code in (*check.left, *check.right):
            found[code].append(check)
    return found


def _unread(value: Value) -> bool:
    return not value.native and value.filled is None and value.status != "missing"


def _poorly_read(value: Value) -> bool:
    """Tell whether a cell was read as a figure that is at least as likely wrong."""
    read = not value.native and value.status == "printed" and value.filled is not None
    return read and max(value.options[0].probability, value.confidence) <= EVEN


def _agreed(hints: Sequence[_Hint]) -> bool:
    return len(hints) > 1 and len({hint.figure for hint in hints}) == 1


def _hints(values: Mapping[str, Value], code: str, checks: Sequence[Check]) -> list[_Hint]:
    """Return what the sums of a cell say of it: those that lack no other cell, or whose rest or total is none."""
    found = []
    for check in checks:
        if (p := _none_in_all(values, check, code)) >= _LEAST:
            found.append(_Hint(Decimal(0), p))
            continue
        lacking = [c for c in (*check.left, *check.right) if values[c].filled is None or c == code]
        if any(c != code and not _unread(values[c]) for c in lacking):
            continue
        others = {*check.left, *check.right} - {*lacking}
        figure = _rest(values, check, lacking, code)
        p = _RIGHT_SUM * math.prod(values[c].confidence for c in others)
        if figure is not None and _speaks(values, check, figure, lacking) and p >= _LEAST:
            found.append(_Hint(figure, p))
    return found


def _none_in_all(values: Mapping[str, Value], check: Check, code: str) -> float:
    """Return how surely a part of a total that is printed as none is none: counts are not negative, however its others are read.

    It is 0.0 where the total is blank or another part is read as a figure: such a total may stand for none, or for a gap.
    """
    total = values.get(check.total or "")
    if total is None or code not in check.left or total.filled != 0 or not total.raw.strip():
        return 0.0
    others = (values[c] for c in check.left if c != code)
    if any(other.filled and not _poorly_read(other) for other in others):
        return 0.0
    return _RIGHT_SUM * total.confidence


def _rest(values: Mapping[str, Value], check: Check, lacking: Sequence[str], code: str) -> Decimal | None:
    """Return what each of the cells that a sum lacks must be for it to hold, if it tells: counts are not negative."""
    on_left = [c in check.left for c in lacking]
    if len(set(on_left)) > 1:
        return None
    read = values[code].filled is not None
    without = {**values, code: replace(values[code], filled=None)} if read else values
    rest = excess(without, check) * (-1 if on_left[0] else 1)
    return None if rest < 0 or (len(lacking) > 1 and rest) else rest


def _speaks(values: Mapping[str, Value], check: Check, figure: Decimal, lacking: Sequence[str]) -> bool:
    """Tell whether a sum says something: a blank total says none of parts only where it is no gap, so where all are none."""
    if check.total is None or check.total in lacking or values[check.total].status != "blank":
        return True
    return not figure and not any(values[code].filled for code in check.left)


def _surest(hints: Mapping[str, list[_Hint]]) -> dict[str, list[_Hint]]:
    """Return the cell that is told with the highest probability; the first of the form's order where several are."""
    code = max(hints, key=lambda code: max(hint.probability for hint in hints[code]))
    return {code: hints[code]}


def _as_told(values: Mapping[str, Value], code: str, hints: Sequence[_Hint]) -> Value:
    """Return a cell as the hints have it: the likeliest figure, with the others as further readings."""
    value = values[code]
    weights: dict[Decimal, float] = defaultdict(float)
    for hint in hints:
        weights[hint.figure] += hint.probability
    whole = max(sum(weights.values()), 1.0) / _MOST
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    blank = _blanks(values, value.table)
    options = tuple(
        Option(value.raw, None if blank and not figure else figure, figure, weight / whole)
        for figure, weight in ranked
    )
    return replace(
        value, value=options[0].value, filled=options[0].filled, status="repaired", options=options,
        confidence=options[0].probability, review=True, review_reason=REASON, most=min(value.most, _MOST),
    )  # fmt: skip


def _blanks(values: Mapping[str, Value], table: str) -> bool:
    """Tell whether a table leaves its zeros blank, or marks them, rather than printing them."""
    zeros = [
        value.status == "blank" for value in values.values() if value.table == table and value.filled == 0
    ]
    return 2 * sum(zeros) > len(zeros)
