"""What a person should look at, and why. The one place that decides it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extract.checks import CheckResult, odd_blanks
from extract.form import Edition
from extract.settings import Settings
from extract.values import Value

_POOR, _CLEAR_WHERE_POOR = 0.02, 0.995
"""Share of the cells from pictures that are in doubt from which the pictures are poor, and what is clear in these: where one
digit in fifty cannot be made out, others are misread that look as if they could."""

_ALONE_WHERE_POOR = 0.99
"""What a cell that stands in no sum must have in poor pictures not to be looked at, and one beside a repair in doubt: nothing
else would tell that it is misread."""
_SURE_WHERE_POOR, _SHORT_SUM = 0.999, 8
"""What the cells of a sum in doubt must have in poor pictures not to be looked at, where they are so few."""


def careful(values: dict[str, Value], settings: Settings) -> Settings:
    """Return the settings by which to judge sums: in poor pictures more is asked of a cell for its sum to be called wrong."""
    if not _poor(values, settings):
        return settings
    return replace(settings, clear_threshold=max(settings.clear_threshold, _CLEAR_WHERE_POOR))


def _poor(values: dict[str, Value], settings: Settings) -> bool:
    read = [v for v in values.values() if not v.native and v.status not in {"missing", "derived"}]
    doubted = sum(v.status == "repaired" or v.confidence < settings.review_threshold for v in read)
    return bool(read) and doubted >= _POOR * len(read)


def mark(
    values: dict[str, Value], edition: Edition, results: Sequence[CheckResult], settings: Settings
) -> dict[str, Value]:
    """Return the values with `review` and its reason set where a person should look."""
    doubted = _doubted(values, edition, results, settings)
    summed = {code for check in edition.checks for code in (*check.left, *check.right)}
    strict = max(settings.review_threshold, _ALONE_WHERE_POOR if _poor(values, settings) else 0.0)
    alone = replace(settings, review_threshold=strict)
    marked = {}
    for code, value in values.items():
        cell = edition.cells.get(code)
        reason = _reason(value, cell.type if cell else "", settings if code in summed else alone)
        reason = reason or ("sum_broken" if code in doubted else "")
        marked[code] = replace(value, review=True, review_reason=reason) if reason else value
    return marked


def _reason(value: Value, kind: str, settings: Settings) -> str:
    """Say why a value is to be looked at by itself, or return an empty text."""
    if value.review or value.status == "missing":
        return value.review_reason if value.review else ""
    figure = value.value
    faults = {
        "derived_from_doubtful": value.status == "derived" and value.confidence < settings.review_threshold,
        "low_confidence": value.confidence < settings.review_threshold,
        "zero_or_none": value.status != "repaired" and _same_figure(value) < settings.review_threshold,
        "negative": figure is not None
        and kind != ""
        and figure < 0
        and not value.code.endswith(".items_change"),
        "not_an_integer": figure is not None and kind == "integer" and figure != figure.to_integral_value(),
    }
    return next((reason for reason, met in faults.items() if met), "")


def _same_figure(value: Value) -> float:
    """Return how surely a cell without a figure has none, and a printed 0 is one: sums cannot tell these apart."""
    rivals = [o for o in value.options if o.filled == value.filled and o.value != value.value]
    return 1.0 - sum(option.probability for option in rivals)


def _doubted(
    values: dict[str, Value], edition: Edition, results: Sequence[CheckResult], settings: Settings
) -> set[str]:
    """Return the cells that a sum in doubt casts doubt on.

    Only cells from pictures: those not clear or blank among marks, and those in two broken sums (a row and a column cross at a misread
    cell); where neither names one, the total of the sum.
    """
    poor = _poor(values, settings)
    broken = [c for c, r in zip(edition.checks, results, strict=True) if r.verdict == "doubtful"]
    counts = Counter(code for check in broken for code in (*check.left, *check.right))
    doubted: set[str] = set()
    blank = odd_blanks(values)
    for check in broken:
        cells = [values[code] for code in (*check.left, *check.right) if not values[code].native]
        short = poor and len(cells) <= _SHORT_SUM
        least = max(settings.clear_threshold, _SURE_WHERE_POOR if short else 0.0)
        unsure = {v.code for v in cells if v.confidence < least or v.code in blank}
        crossed = {v.code for v in cells if counts[v.code] > 1 and v.status != "blank"}
        doubted |= unsure | crossed or {v.code for v in cells if v.code == check.total}
    return doubted | _beside_repaired(values, edition, results, settings)


def _beside_repaired(
    values: dict[str, Value], edition: Edition, results: Sequence[CheckResult], settings: Settings
) -> set[str]:
    """Return the unsure cells of sums that hold by a repair in doubt: the misread cell may be another one of the sum."""
    found: set[str] = set()
    for check, result in zip(edition.checks, results, strict=True):
        cells = [values[code] for code in (*check.left, *check.right)]
        repaired = any(v.status == "repaired" and v.confidence < settings.review_threshold for v in cells)
        if repaired and result.verdict == "holds":
            found |= {v.code for v in cells if not v.native and v.confidence < _ALONE_WHERE_POOR}
    return found
