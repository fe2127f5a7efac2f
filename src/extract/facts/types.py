"""What the running text states: quantities as printed, and facts as the dataset holds them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a plain text at [start, end): its value in the base unit, and how exactly it is stated.

    `bound` is `exact`, `about` (约, 近, 左右), `at_least` (余, 以上), `at_most` (不足) or `range`, whose upper end is
    `high`. `step` is the worth of one in the last printed digit: 1 for `3119`, 1000 for `4.6万`. `unit` is empty
    for a number that stands alone; amounts of money are in 元.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    groups: frozenset[str]
    bound: str = "exact"
    high: Decimal | None = None
    step: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or date stated in the text of a section.

    `name` is a code of the form, a name of `names.csv`, either with `last_year.`, `change.` (this year less last) or
    `change_rate.` (in %) before it, or `count`, `amount`, `percent`, `date` for what no rule names. `start` and `end` are
    offsets in the section's text, `sentence` is verbatim. `bound`, `high` and `step` are as for `Quantity`; `bound` is `none`
    where words say that there is none, and `derived` where the number follows from two others. `scope` is `own` (本级,
    本机关), `all` (全市, 各级) or empty. `year` is the year it is about. `part_of` is the start of the total in the
    same section that it is listed under. `others` are sums of codes that the same words may also mean.
    """

    section: int
    name: str
    value: Decimal | None
    unit: str
    sentence: str
    start: int
    end: int
    raw: str
    bound: str = "exact"
    high: Decimal | None = None
    step: Decimal = Decimal(1)
    scope: str = ""
    year: int | None = None
    date: str = ""
    part_of: int | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """A list that adds up, or does not: a total and what is listed under it, as facts of one section.

    `closed` is true where the list itself says that it is complete (其余, 其他, 分别为).
    """

    total: Fact
    parts: tuple[Fact, ...]
    closed: bool
