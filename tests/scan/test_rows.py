"""Ruling lines that nothing is left of, told by the text that stands between them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from extract.layouts import FORM, layouts
from extract.scan.fitting import _even, fitting
from extract.scan.grid import Grid, LatticeCell
from extract.scan.rows import between_even_rows, between_numbers, eaten_columns

_XS = [(x, x) for x in (10, 300, 370, 440, 510, 580, 650, 720, 790)]
_HEIGHT = 20.0


def print_at(ink: np.ndarray, x: int, y: int, width: int = 9, height: int = 15) -> None:
    """A character around a place."""
    ink[y - height // 2 : y + height // 2, x - width // 2 : x + width // 2] = 255


def numbers(rows: list[int], width: int = 9) -> np.ndarray:
    """A number in the middle of each column of numbers in each row, and a label that is two lines high."""
    ink = np.zeros((600, 800), np.uint8)
    for y in rows:
        for (a, _), (b, _) in pairwise(_XS[1:]):
            print_at(ink, (a + b) // 2, y, width)
        for dy in (-10, 10):
            print_at(ink, 150, y + dy, 18, 16)
    return ink


def test_lines_ran_between_rows_of_numbers() -> None:
    ys = [(100, 100), (340, 340), (400, 400)]
    found = between_numbers(numbers([130, 190, 250, 310, 370]), _XS, ys, _HEIGHT)
    assert [round(y / 10) for y, _ in found] == [16, 22, 28]


def test_no_line_ran_through_the_names_of_columns_or_one_row() -> None:
    assert between_numbers(numbers([130, 150], width=40), _XS, [(100, 100), (180, 180)], _HEIGHT) == []
    assert between_numbers(numbers([130]), _XS, [(100, 100), (180, 180)], _HEIGHT) == []


def test_a_row_twice_as_high_as_the_others_is_two_where_nothing_stands_between() -> None:
    sides = [(10, 10), (790, 790)]
    ys = [(100, 100), (140, 140), (180, 180), (260, 260), (300, 300)]
    ink = np.zeros((400, 800), np.uint8)
    for y in (120, 160, 200, 240, 280):
        for x in range(200, 330, 22):
            print_at(ink, x, y, 18, 18)
    assert between_even_rows(ink, sides, ys, _HEIGHT) == [(220, 220)]
    print_at(ink, 260, 220, 18, 30)
    assert between_even_rows(ink, sides, ys, _HEIGHT) == []


def test_a_column_of_numbers_twice_as_wide_as_the_others_is_two() -> None:
    ink = numbers(list(range(130, 500, 40)))
    assert eaten_columns(ink, [band for band in _XS if band[0] != 510], _HEIGHT) == [(510, 510)]


def test_a_table_is_found_whose_rows_run_together() -> None:
    """Three of its level lines are gone: the layout of the form is told by the others and by the numbers."""
    rows = 28
    ys = [(60 + 40 * k, 60 + 40 * k) for k in range(rows + 1)]
    xs = [(x, x) for x in (50, 100, 190, 460, 535, 610, 685, 760, 835, 910, 985)]
    gone = (9, 14, 20)
    (layout,) = layouts(rows, 10)
    level, upright = (np.zeros((ys[-1][0] + 60, 1040), np.uint8) for _ in range(2))
    text = np.zeros_like(level)
    for r0, c0, r1, c1 in layout:
        for x in (xs[c0][0], xs[c1][0]):
            upright[ys[r0][0] : ys[r1][0], x - 1 : x + 2] = 255
        for r in {r0, r1} - set(gone):
            level[ys[r][0] - 1 : ys[r][0] + 2, xs[c0][0] : xs[c1][0]] = 255
        if c1 - c0 == r1 - r0 == 1 and r0 > 2:
            print_at(text, (xs[c0][0] + xs[c1][0]) // 2, ys[r0][0] + 20)
    left = tuple(y for k, y in enumerate(ys) if k not in gone)
    ink = np.asarray(level | upright | text, np.uint8)
    grid = Grid(level, upright, ink, tuple(xs), left, 18.0, (0, 0))
    cells, fit = fitting(grid, FORM)
    assert fit >= 1 and max(cell.row + cell.row_span for cell in cells) == rows
    without = Grid(level, upright, np.asarray(level | upright, np.uint8), tuple(xs), left, 18.0, (0, 0))
    assert max(cell.row + cell.row_span for cell in fitting(without, FORM)[0]) < rows


def _columns(*widths: int) -> list[LatticeCell]:
    """One row of cells of these widths."""
    ends = np.cumsum([0, *widths])
    return [LatticeCell(0, k, 1, 1, (int(a), 0, int(b), 30)) for k, (a, b) in enumerate(pairwise(ends))]


def test_a_false_line_leaves_a_column_too_narrow_and_a_lost_one_a_column_too_wide() -> None:
    even = (300, 60, 60, 60, 60, 55, 60, 70)
    assert _even(_columns(*even), 20.0)
    assert not _even(_columns(300, 60, 20, 40, 60, 60, 55, 60, 70), 20.0, long=False)
    assert not _even(_columns(300, 60, 120, 60, 60, 55, 60, 60), 20.0)
    assert _even(_columns(300, 60, 120, 60, 60, 55, 60, 60), 20.0, long=False)
