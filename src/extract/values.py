"""Placed cells to values: what is printed, what to compute with, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from extract.form import Check, FormCell
from extract.map_types import Extra, Placed
from extract.mapping import Mapping
from extract.model import Place
from extract.numbers import in_wan, money_unit, parse
from extract.settings import Settings


@dataclass(frozen=True, slots=True)
class Value:
    """One cell of the form in one report, as `cells` of the dataset describes it.

    `value` is the number printed, `filled` the number to compute with; None where there is none. `confidence` is
    the probability that `filled` is what the page shows.
    """

    code: str
    table: str
    row_label: str
    column_label: str
    unit: str
    raw: str
    value: Decimal | None
    filled: Decimal | None
    status: str
    confidence: float
    review: bool = False
    review_reason: str = ""
    source: str = ""
    place: Place = field(default_factory=Place)

    @property
    def native(self) -> bool:
        """True for a cell read from text, not from a picture."""
        return self.source != "picture"


def values_of(mapping: Mapping, settings: Settings) -> dict[str, Value]:
    """Return a value for every cell of the edition, in the form's order, then the extras."""
    if mapping.edition is None:
        return {}
    found = {
        code: _value(cell, mapping.placed.get(code), settings) for code, cell in mapping.edition.cells.items()
    }
    found = _derive(found, mapping.edition.checks, settings)
    return found | {value.code: value for value in _extras(mapping.extras, settings)}


def _value(cell: FormCell, placed: Placed | None, settings: Settings) -> Value:
    base = Value(
        cell.code, cell.table, cell.row_label, cell.column_label, cell.unit, "", None, None, "missing", 0.0
    )
    if placed is None:
        return replace(base, review_reason="not_found")
    value = _read(replace(base, source=placed.source), placed, money=cell.type == "decimal")
    return _reviewed(value, cell, settings)


def _read(base: Value, placed: Placed, *, money: bool) -> Value:
    """Fill in what the cell prints. An amount is turned into 万元 where a unit is printed anywhere."""
    number = parse(placed.cell.text)
    confidence = placed.cell.confidence
    value = replace(base, raw=placed.cell.text, place=placed.cell.place, confidence=confidence)
    if number.kind == "none":
        return replace(value, filled=Decimal(0), status="blank")
    if number.kind == "unreadable" or number.value is None:
        return replace(value, status="printed", review=True, review_reason="unreadable")
    amount, unit = number.value, base.unit
    if money:
        stated = number.unit or next((u for u in map(money_unit, reversed(placed.heads)) if u), "") or unit
        amount, unit = (in_wan(amount, stated), "万元") if stated else (amount, "")
    reason = "remark_beside_number" if number.note else ""
    return replace(
        value,
        value=amount,
        filled=amount,
        unit=unit,
        status="printed",
        review=bool(reason),
        review_reason=reason,
    )


def _reviewed(value: Value, cell: FormCell, settings: Settings) -> Value:
    """Mark a value that a person should look at."""
    if value.review:
        return value
    if value.confidence < settings.review_threshold:
        return replace(value, review=True, review_reason="low_confidence")
    if value.value is None:
        return value
    signed = cell.code.endswith(".items_change")
    if value.value < 0 and not signed:
        return replace(value, review=True, review_reason="negative")
    if cell.type == "integer" and value.value != value.value.to_integral_value():
        return replace(value, review=True, review_reason="not_an_integer")
    return value


def _derive(values: dict[str, Value], checks: Iterable[Check], settings: Settings) -> dict[str, Value]:
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
    doubt = confidence < settings.review_threshold or any(part.review for part in parts)
    return replace(
        total, filled=found.pop(), status="derived", confidence=confidence,
        review=doubt, review_reason="derived_from_doubtful" if doubt else "",
    )  # fmt: skip


def _blank_totals(values: dict[str, Value], checks: Iterable[Check]) -> dict[str, list[Check]]:
    """Return the totals that are left blank, with the sums that end in them."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        if check.total and values[check.total].status == "blank":
            found.setdefault(check.total, []).append(check)
    return found


def _sum_of(values: dict[str, Value], codes: Iterable[str]) -> Decimal:
    return sum((filled for code in codes if (filled := values[code].filled) is not None), Decimal(0))


def _extras(extras: Iterable[Extra], settings: Settings) -> Iterable[Value]:
    """Number the extras of each table from 1, in the order they stand."""
    counts: dict[str, int] = {}
    for extra in extras:
        counts[extra.table] = number = counts.get(extra.table, 0) + 1
        placed = extra.placed
        base = Value(
            f"extra.{extra.table}.{number}", extra.table, placed.row_label, placed.column_label, "", "", None, None,
            "missing", 0.0, source=placed.source,
        )  # fmt: skip
        value = _read(base, placed, money=False)
        low = value.confidence < settings.review_threshold
        yield replace(value, review=low, review_reason="low_confidence" if low else "")
