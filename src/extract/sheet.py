"""The columns of a statistics sheet (统计指标, 单位, 代码, 统计数 …): which is which, by their heads or by what is in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extract.form import sheet_columns
from extract.grid import Grid, Slot, has_numbers, in_slot, slots
from extract.labels import normalise, similarity, standard
from extract.model import Cell
from extract.numbers import is_value, tidy

_UNITS = frozenset(
    ("件", "条", "次", "篇", "个", "人", "人次", "份", "册", "项", "期", "万元", "元", "处", "场")
)
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年|$)")
_INNER = re.compile(r"\(([^()]*)\)")
_ALIKE = 0.75
"""Likeness (0 to 1) of a head to one of its wordings; of two the likelier counts."""
_HEAD_ROWS = 5
_ROLES = ("own", "year", "whole", "period", "cumulative", "earlier")
"""Columns of values, the one that fills the form first: an agency's own figures before those of all under it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet: rows of heads end at `header`, labels before grid column `start`; unit, code may be None.

    `values` are all columns of numbers, the one that fills the form's cells first. `named` is true where heads say so.
    """

    header: int
    start: int
    unit: Slot | None
    code: Slot | None
    values: tuple[Slot, ...]
    named: bool


def columns_of(grid: Grid) -> Columns | None:
    """Return the columns of a table that is laid out as a sheet, or None for another table."""
    first, header = _header(grid)
    printed = slots(grid, first, header) if header else _bare_slots(grid)
    roles = [_role(slot) for slot in printed]
    filled = [_filled(grid, slot, header) for slot in printed]
    unit = _first(printed, roles, "unit") or _by_content(printed, filled, _is_units)
    code = _first(printed, roles, "code") or _by_content(printed, filled, _is_codes)
    taken = {id(slot) for slot in (unit, code)}
    values = [
        (role, slot)
        for slot, (role, _), cells in zip(printed, roles, filled, strict=True)
        if slot.start > 0 and id(slot) not in taken and role != "label" and (role or _is_values(cells))
    ]
    if not values:
        return None
    ordered = sorted(values, key=lambda v: _rank(v[0], _role(v[1])[1], v[1].start))
    others = [slot.start for _, slot in values] + [
        s.start for s in (unit, code) if s is not None and s.start > 0
    ]
    named = any(role == "label" for role, _ in roles) and unit is not None and any(role for role, _ in values)
    return Columns(header, min(others), unit, code, tuple(slot for _, slot in ordered), named)


def _rank(role: str, year: int, start: int) -> tuple[int, int, int]:
    """Order columns of values: by role, of two years the later, then from the left."""
    return (_ROLES.index(role) if role in _ROLES else len(_ROLES), -year, start)


def _header(grid: Grid) -> tuple[int, int]:
    """Return the rows of heads as [first, last + 1): from the first in which columns are named; (0, 0) without any.

    What stands above is a title over all columns.
    """
    first = end = 0
    for r, row in enumerate(grid.rows[:_HEAD_ROWS]):
        named = [c for c in row if not is_value(c.text) and _likely(c.text)[0] in {"label", "unit", "code"}]
        if len(named) >= 2 or (named and has_numbers(row) == 0 and len(row) > 1):
            first = first if end else r
            end = max(end, *(c.row + c.row_span for c in named), r + 1)
    return first, end


def _bare_slots(grid: Grid) -> list[Slot]:
    """Return each grid column as a slot without a head, for a sheet or a part of one that prints none."""
    return [Slot(column, column + 1, ()) for column in range(grid.n_columns)]


def _role(slot: Slot) -> tuple[str, int]:
    """Return a column's role and the year that its head names (0 for none); the lowest head that says anything."""
    years = [int(found[0]) for text in slot.texts if (found := _YEAR.search(tidy(text)))]
    year = years[-1] if years else 0
    for text in reversed(slot.texts):
        role = _likely(text)[0]
        if role:
            return role, year
    return ("year" if year else ""), year


@lru_cache(maxsize=20_000)
def _likely(text: str) -> tuple[str, float]:
    """Return the role that a head is most like, with the likeness; what stands in brackets says more than the rest."""
    plain = _YEAR.sub("", standard(text))
    inner = [normalise(part) for part in _INNER.findall(plain)]
    texts = [*(part for part in inner if part), normalise(plain.removeprefix("年度").removeprefix("年"))]
    heads = [head for _, head in sheet_columns()]
    for part in texts:
        scores = similarity([part], heads)[0]
        best = int(scores.argmax())
        if scores[best] >= _ALIKE:
            return sheet_columns()[best][0], float(scores[best])
    return "", 0.0


def _filled(grid: Grid, slot: Slot, header: int) -> list[Cell]:
    """Return the cells with text of a column below the heads."""
    cells = (in_slot(row, slot) for row in grid.rows[header:])
    return [cell for cell in cells if cell is not None and cell.text.strip()]


def _first(printed: Sequence[Slot], roles: Sequence[tuple[str, int]], wanted: str) -> Slot | None:
    return next((slot for slot, (role, _) in zip(printed, roles, strict=True) if role == wanted), None)


def _by_content(
    printed: Sequence[Slot], filled: Sequence[list[Cell]], fits: Callable[[Sequence[Cell]], bool]
) -> Slot | None:
    return next(
        (
            slot
            for slot, cells in zip(printed, filled, strict=True)
            if slot.start > 0 and not slot.texts and fits(cells)
        ),
        None,
    )


def _is_units(cells: Sequence[Cell]) -> bool:
    texts = [tidy(cell.text).strip("()") for cell in cells]
    return len(texts) >= 2 and sum(text in _UNITS or not text.strip("-") for text in texts) >= 0.8 * len(
        texts
    )


def _is_codes(cells: Sequence[Cell]) -> bool:
    """Tell running numbers: each one more than the last, from 1 or with leading zeros."""
    texts = [tidy(cell.text) for cell in cells]
    if len(texts) < 3 or not all(text.isdecimal() and len(text) <= 3 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    steps = sum(b - a == 1 for a, b in itertools.pairwise(numbers))
    return steps >= 0.9 * (len(numbers) - 1)


def _is_values(cells: Sequence[Cell]) -> bool:
    return bool(cells) and sum(is_value(cell.text) for cell in cells) >= 0.6 * len(cells)
