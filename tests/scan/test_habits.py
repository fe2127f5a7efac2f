"""A table that marks what there is none of: where its print is worn, a blank cell may have lost its mark."""

from __future__ import annotations

import pytest

from extract.model import Reading
from extract.scan.grid import LatticeCell
from extract.scan.habits import lost
from extract.scan.read import _lost

CLEAR, FAINT = 0.999, 0.8


def _cells(
    n_marks: int, n_blank: int, n_faint: int, mark: str = "0"
) -> tuple[list[bool], list[tuple[Reading, ...]]]:
    """Marked cells, of which some are faint, then blank ones."""
    marked = [(Reading(mark, FAINT if i < n_faint else CLEAR),) for i in range(n_marks)]
    return [False] * n_marks + [True] * n_blank, [*marked, *[(Reading("", CLEAR),)] * n_blank]


@pytest.mark.parametrize("mark", ["0", "/", "-", "无"])
def test_a_blank_cell_among_worn_marks_may_have_lost_its_own(mark: str) -> None:
    assert lost(*_cells(40, 2, 8, mark)) == [40, 41]


@pytest.mark.parametrize(
    ("marks", "blank", "faint", "why"),
    [
        (40, 2, 0, "print that is not worn leaves nothing out"),
        (40, 30, 8, "who leaves so many cells blank does so by habit"),
        (10, 2, 8, "so few marks are no habit"),
    ],
)
def test_a_blank_cell_stays_blank(marks: int, blank: int, faint: int, why: str) -> None:
    assert lost(*_cells(marks, blank, faint)) == [], why


def test_who_mixes_marks_may_leave_cells_blank_as_well() -> None:
    blank, readings = _cells(40, 6, 8)
    other = [(Reading("/", CLEAR),)] * 20
    assert lost(blank, readings) != []
    assert lost([False] * 20 + blank, [*other, *readings]) == []


def test_a_column_that_is_mostly_blank_is_left_so() -> None:
    """Totals of rows without a case are left blank, while marks fill the other columns: nothing is lost there."""
    places = [LatticeCell(r, c, 1, 1, (0, 0, 9, 9)) for r in range(12) for c in range(5)]
    gone = {(2, 1)}
    blank = [p.column == 4 or (p.row, p.column) in gone for p in places]
    faint = [(Reading("0", FAINT if i % 3 == 0 else CLEAR),) for i in range(len(places))]
    readings = [(Reading("", CLEAR),) if b else rows for b, rows in zip(blank, faint, strict=True)]
    assert [(places[i].row, places[i].column) for i in _lost(places, blank, readings)] == [(2, 1)]
