"""The sums of the form, evaluated on one report: which hold, which the publisher got wrong, which to look at.

The one rule that separates "misread" from "published so" is `_verdict`: where every cell of a broken sum is read
clearly, the page itself says so; where one is not, the reading is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.form import Check
from extract.settings import Settings
from extract.values import Value


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check on one report; `difference` is left minus right, None where it cannot be assessed.

    `sentence` is the text that a check of the text is about.
    `relation` says what was checked: `equal`, or `at_most` for a left side that is part of the right one.
    """

    check: str
    left_expression: str
    right_expression: str
    left: Decimal | None
    right: Decimal | None
    difference: Decimal | None
    verdict: str
    sentence: str = ""
    relation: str = "equal"

    @property
    def kind(self) -> str:
        """`text` or `structure` for checks of the running text, `sum` for those of the form."""
        first = self.check.partition(".")[0]
        return first if first in {"text", "structure"} else "sum"


def evaluate(
    values: dict[str, Value], checks: Iterable[Check], settings: Settings
) -> tuple[CheckResult, ...]:
    """Evaluate sums or limits of an edition, in the form's order."""
    return tuple(_evaluate(values, check, settings) for check in checks)


def _evaluate(values: dict[str, Value], check: Check, settings: Settings) -> CheckResult:
    left, right = _side(values, check.left), _side(values, check.right)
    difference = left - right if left is not None and right is not None else None
    return CheckResult(
        check.name, " + ".join(check.left), " + ".join(check.right), left, right, difference,
        _verdict(values, check, difference, settings), relation=check.relation,
    )  # fmt: skip


def _side(values: dict[str, Value], codes: Sequence[str]) -> Decimal | None:
    known = [filled for code in codes if (filled := values[code].filled) is not None]
    return sum(known, Decimal(0)) if len(known) == len(codes) else None


def _verdict(values: dict[str, Value], check: Check, difference: Decimal | None, settings: Settings) -> str:
    """Judge a sum.

    A total that was itself derived from these parts proves nothing. A broken sum is the publisher's where all its
    cells are native text or clear in the picture; else a reading may be wrong.
    """
    if difference is None or (check.total and values[check.total].status == "derived"):
        return "not_assessable"
    if difference == 0 or (check.relation == "at_most" and difference < 0):
        return "holds"
    cells = [values[code] for code in (*check.left, *check.right)]
    clear = all(v.native or v.confidence >= settings.clear_threshold for v in cells)
    return "source_error" if clear else "doubtful"
