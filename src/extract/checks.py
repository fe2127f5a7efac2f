"""The sums of the form, evaluated on one report: which hold, which the publisher got wrong, which to look at.

The one rule that separates "misread" from "published so" is `_verdict`: where every cell of a broken sum is read
clearly, the page itself says so; where one is not, the reading is in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
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
    doubtful = (v for v in values.values() if not v.native or v.most < 1)
    unclear = {v.code for v in doubtful if v.confidence < settings.clear_threshold} | odd_blanks(values)
    return tuple(_evaluate(values, check, unclear) for check in checks)


def odd_blanks(values: dict[str, Value]) -> frozenset[str]:
    """Return the blank cells of pictures in tables that mark most of what there is none of: print may be lost in them."""
    nothing = [v for v in values.values() if not v.native and v.filled == 0]
    blank = [v for v in nothing if v.status == "blank"]
    of_all, of_blank = (Counter(v.table for v in some) for some in (nothing, blank))
    return frozenset(v.code for v in blank if 2 * of_blank[v.table] <= of_all[v.table])


def _evaluate(values: dict[str, Value], check: Check, unclear: Set[str]) -> CheckResult:
    left, right = _side(values, check.left), _side(values, check.right)
    difference = left - right if left is not None and right is not None else None
    return CheckResult(
        check.name, " + ".join(check.left), " + ".join(check.right), left, right, difference,
        _verdict(values, check, difference, unclear), relation=check.relation,
    )  # fmt: skip


def _side(values: dict[str, Value], codes: Sequence[str]) -> Decimal | None:
    known = [filled for code in codes if (filled := values[code].filled) is not None]
    return sum(known, Decimal(0)) if len(known) == len(codes) else None


def _verdict(values: dict[str, Value], check: Check, difference: Decimal | None, unclear: Set[str]) -> str:
    """Judge a sum.

    A total that was itself derived from these parts proves nothing. A broken sum is the publisher's where all its
    cells are native text or clear in the picture, else a reading may be wrong. `unclear` are the codes of those that are not.
    """
    if difference is None or (check.total and values[check.total].status == "derived"):
        return "not_assessable"
    if difference == 0 or (check.relation == "at_most" and difference < 0):
        return "holds"
    return "doubtful" if unclear & {*check.left, *check.right} else "source_error"
