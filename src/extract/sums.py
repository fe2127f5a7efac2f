"""What the sums of the form say of a report's values: which can be evaluated, and by how much they are off."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from extract.form import Check
from extract.values import Value


def assessable(values: Mapping[str, Value], check: Check) -> bool:
    """Tell whether a sum can be evaluated: all its cells are read, and its total is printed or rightly blank."""
    cells = [values[code] for code in (*check.left, *check.right)]
    if any(cell.filled is None for cell in cells):
        return False
    blank = check.total is not None and values[check.total].status == "blank"
    return not blank or excess(values, check) == 0


def excess(values: Mapping[str, Value], check: Check) -> Decimal:
    """Return by how much the left side of a sum is larger than the right one; cells without a figure count as 0."""
    left, right = (
        sum((values[c].filled or Decimal(0) for c in s), Decimal(0)) for s in (check.left, check.right)
    )
    return left - right
