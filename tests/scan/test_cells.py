"""What is read in a cell beside its number: misread units, stamps, a line of dirt."""

from __future__ import annotations

import numpy as np
import pytest

from extract.model import Reading
from extract.scan.cells import _dirt, _look, _Printed, _readings, _told_apart, _unless_year
from extract.scan.digits import UNKNOWN
from extract.scan.ink import Ink


@pytest.mark.parametrize(
    ("text", "number", "sure"),
    [
        ("2.8力元", "2.8万元", True),
        ("15\\专用章", "15", False),
        ("17149\nES", "17149", False),
        ("0\n!", "0", False),
        ("3\nMieA", "3\nMieA", True),
        ("I\n1", "I\n1", True),
        ("12\n34", "12\n34", True),
        ("10\n结果维持", "10\n结果维持", True),
        ("规章", "规章", True),
        ("38", "38", True),
        ("大", "无", False),
        ("元", "无", False),
    ],
)
def test_a_number_is_told_from_what_is_not_of_it(text: str, number: str, sure: bool) -> None:
    found, score = _told_apart(text, 0.99)
    assert (found, score > 0.95) == (number, sure)


def printed(*marks: tuple[int, int, int, int]) -> _Printed:
    """A cell whose marks are boxes (x, y, width, height)."""
    mask = np.zeros((40, 80), np.uint8)
    for x, y, w, h in marks:
        mask[y : y + h, x : x + w] = 255
    return _look(Ink(mask, 255 - mask, 0, 0), 20.0)


_SPECKS = printed((10, 5, 2, 2), (30, 18, 3, 2), (55, 30, 2, 3))
_PIECES = printed((20, 12, 2, 4), (24, 12, 2, 4), (20, 22, 2, 4), (24, 22, 2, 4))


def test_scattered_specks_are_dirt_where_all_numbers_are_in_one_piece() -> None:
    number = printed((20, 12, 9, 15)), Reading("7", 0.99)
    table = dict.fromkeys(range(8), number) | {8: (_SPECKS, Reading(UNKNOWN, 0.6))}
    assert _dirt(table, 20.0) == [8]
    assert _dirt(table | {8: (_SPECKS, Reading("-", 0.6))}, 20.0) == []
    assert _dirt({k: v for k, v in table.items() if k > 3}, 20.0) == []


def test_specks_may_be_remains_where_numbers_fall_to_pieces() -> None:
    table = {i: (_PIECES, Reading("0", 0.95)) for i in range(8)} | {8: (_SPECKS, Reading(UNKNOWN, 0.6))}
    assert _dirt(table, 20.0) == []


def test_a_year_is_no_number_of_cases() -> None:
    """年 is not of the digit reader's alphabet, and 件 looks like it."""
    ink = Ink(np.full((4, 4), 255, np.uint8), np.zeros((4, 4), np.uint8), 0, 0)
    doubtful = _unless_year((Reading("2017件", 0.99),))
    assert _readings(ink, doubtful, ("2017年", 0.98))[0].text == "2017年"
    assert _readings(ink, doubtful, ("2017件", 0.98))[0].text == "2017件"
    assert _unless_year((Reading("217件", 0.99),))[0].probability == 0.99


def test_specks_far_from_each_other_are_no_number_and_near_ones_may_be() -> None:
    assert printed((10, 5, 4, 4), (60, 30, 4, 3)).specks(20.0)
    assert printed((30, 15, 6, 3)).specks(20.0)
    assert not printed((20, 12, 4, 4), (24, 24, 4, 4)).specks(20.0)
    assert not printed((10, 5, 4, 4), (60, 20, 9, 15)).specks(20.0)


@pytest.mark.parametrize(("level", "text"), [(250, ""), (20, UNKNOWN)])
def test_a_cell_that_is_black_all_over_is_not_blank(level: int, text: str) -> None:
    """A white cell between dark heads was taken for a part of them, with its number: nothing is known of it."""
    ink = Ink(np.zeros((20, 60), np.uint8), np.full((20, 60), level, np.uint8), 0, 0)
    assert _readings(ink, (), None)[0].text == text
