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
    found = _derive(found, mapping.edition.checks)
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


def _derive(values: dict[str, Value], checks: Iterable[Check]) -> dict[str, Value]:
    """Fill a blank total from its parts where they are not all zero; a printed figure is never touched."""
    result = dict(values)
    for check in checks:
        total = result[check.total] if check.total else None
        if total is None or total.status != "blank":
            continue
        parts = [result[code] for code in check.left]
        known = [part.filled for part in parts if part.filled is not None]
        if len(known) < len(parts):
            result[total.code] = replace(
                total, filled=None, review=True, review_reason="total_blank_parts_unknown"
            )
        elif sum(known) != 0:
            confidence = min(part.confidence for part in (*parts, total))
            result[total.code] = replace(
                total, filled=sum(known, Decimal(0)), status="derived", confidence=confidence
            )
    return result


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
