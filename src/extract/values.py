"""Placed cells to values: what is printed, what to compute with, and how far to trust it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from extract.form import FormCell
from extract.map_types import Extra, Placed
from extract.mapping import Mapping
from extract.model import Place
from extract.numbers import in_wan, money_unit, parse


@dataclass(frozen=True, slots=True)
class Option:
    """One possible reading of a cell from a picture: as read, as numbers, and its probability in the picture alone."""

    raw: str
    value: Decimal | None
    filled: Decimal | None
    probability: float


@dataclass(frozen=True, slots=True)
class Value:
    """One cell of the form in one report, as `cells` of the dataset describes it.

    `value` is the number printed, `filled` the number to compute with; None where there is none. `confidence` is
    the probability that `filled` is what the page shows. `options` are the readings of a picture, the first is the
    one that `raw` gives. `most` is what the confidence can be at most: no sum tells a column from the one beside it.
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
    options: tuple[Option, ...] = ()
    most: float = 1.0

    @property
    def native(self) -> bool:
        """True for a cell that is certain: text of a file, in a table whose cells the file itself tells apart."""
        return not self.options


def values_of(mapping: Mapping) -> dict[str, Value]:
    """Return a value for every cell of the edition, in the form's order, then the extras."""
    if mapping.edition is None:
        return {}
    found = {code: _value(cell, mapping.placed.get(code)) for code, cell in mapping.edition.cells.items()}
    return found | {value.code: value for value in _extras(mapping.extras)}


EVEN = 0.5
"""Confidence of a value of which nothing says that it is the right one of two."""


def _value(cell: FormCell, placed: Placed | None) -> Value:
    labels = cell.code, cell.table, cell.row_label, cell.column_label, cell.unit
    if placed is None:
        return Value(*labels, "", None, None, "missing", 0.0, review_reason="not_found")
    base = Value(*labels, "", None, None, "missing", 1.0, source=placed.source, place=placed.cell.place)
    value = _optional(base, placed, cell.type)
    if placed.doubt:
        reason, confidence = value.review_reason or placed.doubt, min(value.confidence, EVEN)
        value = replace(value, review=True, review_reason=reason, confidence=confidence, most=EVEN)
    return value


_ODD = 0.02
"""How much less likely a count is to be printed with a fraction than as an integer: `1.288` is a misread `1,288`."""


def _optional(base: Value, placed: Placed, kind: str) -> Value:
    """Read a cell, and where it comes from a picture all its readings; equal figures add up in confidence."""
    money = kind == "decimal"
    if not placed.cell.candidates:
        return _read(base, placed, placed.cell.text, money=money)
    reads = [(_read(base, placed, c.text, money=money), c.probability) for c in placed.cell.candidates]
    if kind == "integer":
        reads = [count for read, p in reads for count in _counts(read, p)]
    weights = [p * (_ODD if kind == "integer" and _odd_count(read) else 1.0) for read, p in reads]
    whole = 1.0 - sum(p for _, p in reads) + sum(weights)
    ranked = sorted(zip(reads, weights, strict=True), key=lambda pair: -pair[1])
    value = ranked[0][0][0]
    options = tuple(Option(read.raw, read.value, read.filled, weight / whole) for (read, _), weight in ranked)
    same = sum(option.probability for option in options if option.filled == value.filled)
    return replace(value, confidence=min(same, 1.0), options=options)


_PARTED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
"""What a count looks like whose commas have lost their tails in print."""
_COMMAS = 0.9
"""Probability that they are commas: below any threshold, so that a person looks where no sum says it."""


def _counts(read: Value, p: float) -> list[tuple[Value, float]]:
    """Return a reading of a count, and before it the one where its points part thousands; `raw` is the same."""
    if not _PARTED.fullmatch(read.raw):
        return [(read, p)]
    count = Decimal(read.raw.replace(".", ""))
    return [(replace(read, value=count, filled=count), p * _COMMAS), (read, p * (1 - _COMMAS))]


_FEW_YUAN = 1000
"""An amount in a picture below this, whose head says 元, may have lost the 万 of 万元 in the reading of the head."""
_MUCH_WAN = 100_000
"""A whole amount of so many 万元 (a billion yuan) in a picture may be one in 元 whose unit was not read."""


def _odd_count(value: Value) -> bool:
    """Tell whether a count was read with a fraction, other than one of thousands."""
    fraction = value.value is not None and value.value != value.value.to_integral_value()
    return fraction and not _PARTED.fullmatch(value.raw)


def _read(base: Value, placed: Placed, text: str, *, money: bool) -> Value:
    """Fill in what a text says. An amount is turned into 万元 where a unit is printed anywhere."""
    number = parse(text)
    if number.kind == "none":
        return replace(base, raw=text, filled=Decimal(0), status="blank")
    if number.kind == "unreadable" or number.value is None:
        return replace(base, raw=text, status="printed", review=True, review_reason="unreadable")
    amount, unit = number.value, base.unit
    if money:
        stated = number.unit or next((u for u in map(money_unit, reversed(placed.heads)) if u), "") or unit
        amount, unit = (in_wan(amount, stated), "万元") if stated else (amount, "")
    reason = "remark_beside_number" if number.note else ""
    if money and placed.cell.candidates and not number.unit and _odd_amount(number.value, stated):
        reason = "unit_doubtful"
    return replace(
        base,
        raw=text,
        value=amount,
        filled=amount,
        unit=unit,
        status="printed",
        review=bool(reason),
        review_reason=reason,
    )


def _odd_amount(amount: Decimal, unit: str) -> bool:
    """Tell an amount that is odd in the unit of its head, and would be usual in the other one."""
    if unit == "元":
        return 0 < amount < _FEW_YUAN
    return amount >= _MUCH_WAN and amount == amount.to_integral_value()


def _extras(extras: Iterable[Extra]) -> Iterable[Value]:
    """Number the extras of each table from 1, in the order they stand."""
    counts: dict[str, int] = {}
    for extra in extras:
        counts[extra.table] = number = counts.get(extra.table, 0) + 1
        placed = extra.placed
        base = Value(
            f"extra.{extra.table}.{number}", extra.table, placed.row_label, placed.column_label, "", "", None, None,
            "missing", 1.0, source=placed.source, place=placed.cell.place,
        )  # fmt: skip
        yield _optional(base, placed, "")
