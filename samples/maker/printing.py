"""How a number is printed: styles of none, separators, full width, units; and what a reader should get from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from .statistics import PARTS, WITHIN
from .values import BLOCKS, COLUMNS, OUTCOMES, RESULTS, Numbers, codes, rows

ZEROS = ("zero", "blank", "slash", "dash", "emdash", "none", "mixed", "piece", "parts_blank")
"""`parts_blank` leaves the applicants' zeros blank and prints 0 in the totals; `piece` prints 0件."""
_PLACEHOLDER = {"blank": "", "slash": "/", "dash": "-", "emdash": "—", "none": "无"}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Truth:
    """What the page shows in one cell and what is right to make of it; `value`, `filled` are plain numbers."""

    raw: str
    value: str
    filled: str
    status: str
    unit: str


@dataclass(frozen=True)
class Style:
    """Choices of print of one report."""

    zeros: str = "zero"
    thousands: str = ""
    full_width: bool = False
    amount: str = "plain"
    """`plain`, `wan` (43.788万元), `yuan` (437880元) in the cell; `yuan_head` the head says 元."""
    signs: str = "plus"
    """Of a change: `plus` (+2, -1), `words` (增2, 减1), `bare` (2, -1)."""
    totals: str = "printed"
    """`blank` where the publisher left the totals empty."""
    missing: frozenset[str] = field(default_factory=frozenset)
    """Codes whose cells are not on the page."""


def random_style(rng: Random, edition: str) -> Style:
    """Return a style as real reports mix them: mostly plain zeros."""
    amounts = ("plain", "plain", "plain", "wan", "yuan") + (("yuan_head",) if edition == "2021" else ())
    return Style(
        zeros=rng.choice(
            [z for z in ZEROS if z != "piece" or edition != "2014"] + ["zero"] * 5
        ),  # units have a column there
        thousands=rng.choice(("", "", "", "", ",", "，")),
        full_width=rng.random() < 0.06,
        amount=rng.choice(amounts),
        signs=rng.choice(("plus", "plus", "words", "bare")),
        totals="blank" if rng.random() < 0.06 else "printed",
    )


def print_cells(rng: Random, edition: str, numbers: Numbers, style: Style) -> dict[str, Truth]:
    """Return the printed text and the truth of every code of the form."""
    cells: dict[str, Truth] = {}
    for row in codes(edition):
        code, unit = row["code"], row["unit"]
        if code in style.missing:
            cells[code] = Truth("", "", "", "missing", unit)
        elif row["type"] == "decimal":
            cells[code] = _amount(rng, code, numbers[code], style, edition)
        elif style.totals == "blank" and is_total(code, edition):
            cells[code] = _blank_total(code, edition, numbers, unit)
        else:
            cells[code] = _count(rng, code, int(numbers[code]), style, unit, edition)
    return cells


def is_total(code: str, edition: str) -> bool:
    """Return whether the cell is a sum of others in its table."""
    if edition == "2014":
        return code in PARTS
    return code.endswith(".total") or code.startswith("requests.results_total.")


def parts_of(code: str, edition: str) -> list[str]:
    """Return the codes whose sum a total is: along its row, or the results above it."""
    if edition == "2014":
        return list(PARTS[code])
    table, *middle, column = code.split(".")
    if table in BLOCKS:
        return [f"{table}.{o}" for o in OUTCOMES]
    if column == "total":
        return [f"requests.{'.'.join(middle)}.{c}" for c in COLUMNS]
    return [f"requests.{r}.{column}" for r in RESULTS[edition]]


def _blank_total(code: str, edition: str, numbers: Numbers, unit: str) -> Truth:
    parts = parts_of(code, edition)
    if code == "requests.results_total.total":  # its own parts are blank totals too
        parts = [f"requests.{r}.{c}" for r in RESULTS[edition] for c in COLUMNS]
    if code == "requests.answered":
        parts = [x for p in parts for x in PARTS.get(p, (p,))]
    total = int(sum(numbers[p] for p in parts))
    return Truth("", "", str(total), "derived" if total else "blank", unit)


def _count(rng: Random, code: str, number: int, style: Style, unit: str, edition: str) -> Truth:
    change = code.endswith(".items_change")
    if number == 0:
        zeros = style.zeros
        if zeros == "mixed":
            zeros = rng.choice(("zero", "zero", "blank", "slash", "dash"))
        if zeros == "parts_blank":
            zeros = "zero" if is_total(code, edition) or code.startswith("proactive") else "blank"
        if zeros in _PLACEHOLDER:
            return Truth(_PLACEHOLDER[zeros], "", "0", "blank", unit)
        raw = "0" + _piece(unit) if zeros == "piece" and not change else "0"
        return Truth(_width(raw, style), "0", "0", "printed", unit)
    raw = f"{abs(number):,}".replace(",", style.thousands)
    if change:
        raw = _sign(number, style) + raw
    elif style.zeros == "piece":
        raw += _piece(unit)
    return Truth(_width(raw, style), str(number), str(number), "printed", unit)


def _piece(unit: str) -> str:
    """The unit that some publishers print behind each number."""
    return "件" if unit in {"件", "项"} else unit


def _sign(number: int, style: Style) -> str:
    more, less = {"plus": ("+", "-"), "words": ("增", "减"), "bare": ("", "-")}[style.signs]
    return more if number > 0 else less


def _width(raw: str, style: Style) -> str:
    return raw.translate(_FULL_WIDTH) if style.full_width else raw


def _amount(rng: Random, code: str, number: float, style: Style, edition: str) -> Truth:
    stated = edition != "2019" or style.amount in {"wan", "yuan"}
    unit = "万元" if stated else ""
    if number == 0:
        zeros = style.zeros if style.zeros in _PLACEHOLDER else "zero"
        if zeros == "zero":
            raw = rng.choice(("0", "0", "0.00")) if style.zeros == "zero" else "0"
            return Truth(raw, "0", "0", "printed", unit if edition != "2019" else "")
        return Truth(_PLACEHOLDER[zeros], "", "0", "blank", unit if edition != "2019" else "")
    plain = _plain(number)
    if style.amount in {"yuan", "yuan_head"} and (edition != "2019" or style.amount == "yuan"):
        yuan = round(number * 10_000)
        raw = str(yuan) + ("元" if style.amount == "yuan" else "")
        plain = _plain(yuan / 10_000)
    elif style.amount == "wan":
        raw = plain + "万元"
    else:
        raw = plain
    return Truth(_width(raw, style), plain, plain, "printed", unit)


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def failing_checks(edition: str, cells: dict[str, Truth]) -> list[str]:
    """Return the names of the form's sums that the page itself breaks (a sum with a missing cell is left out)."""
    failing = []
    for check, left, right in sums(edition):
        values = [cells[c].filled for c in (*left, *right)]
        if "" not in values and sum(float(cells[c].filled) for c in left) != sum(
            float(cells[c].filled) for c in right
        ):
            failing.append(check)
    for part, whole in WITHIN.items() if edition == "2014" else ():
        a, b = cells[part].filled, cells[whole].filled
        if a and b and float(a) > float(b):
            failing.append(f"{part}.within")
    return failing


def sums(edition: str) -> list[tuple[str, list[str], list[str]]]:
    """Return every sum of the form as (name, codes on the left, codes on the right)."""
    if edition == "2014":
        return [(total, list(parts), [total]) for total, parts in PARTS.items()]
    result: list[tuple[str, list[str], list[str]]] = []
    for row in rows(edition):
        total = f"requests.{row}.total"
        result.append((f"requests.row_total.{row}", parts_of(total, edition), [total]))
    for column in (*COLUMNS, "total"):
        name = "requests.{}." + column
        done = name.format("results_total")
        result.append((done, [name.format(r) for r in RESULTS[edition]], [done]))
        before = [name.format("new"), name.format("carried_in")]
        result.append((f"requests.balance.{column}", before, [done, name.format("carried_out")]))
    for block in BLOCKS:
        total = f"{block}.total"
        result.append((total, parts_of(total, edition), [total]))
    return result
