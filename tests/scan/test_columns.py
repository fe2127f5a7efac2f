"""Lost upright lines between columns of equal width."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extract.layouts import FORM
from extract.scan.columns import evenly
from extract.scan.lattice import find_lattices
from extract.scan.lines import Rules

HEIGHT = 13.0


def lines(places: list[int]) -> list[tuple[int, int]]:
    return [(x, x) for x in places]


@given(st.integers(20, 90), st.integers(0, 200), st.sets(st.integers(1, 14), max_size=5), st.integers(0, 3))
def test_lines_put_in_are_where_they_were(pitch: int, first: int, lost: set[int], at_right: int) -> None:
    whole = [first + k * pitch for k in range(16)]
    seen = [x for k, x in enumerate(whole) if k not in lost - {1} and k < 16 - at_right]
    widths = np.diff(seen)
    made = list(evenly(lines(seen), HEIGHT))
    assume((widths == pitch).sum() >= 4)
    more = sum(1 for x in whole if x > seen[-1])
    assert more > 4 or [a for a, _ in made[more]] == whole


@pytest.mark.parametrize("labels", [[0, 31, 120], [180], [60, 180]])
def test_columns_of_labels_before_the_equal_ones_tell_nothing(labels: list[int]) -> None:
    numbers = [300 + 60 * k for k in range(9) if k != 4]
    assert not list(evenly(lines([*labels, *numbers]), HEIGHT))


def test_a_stroke_between_columns_is_left_out() -> None:
    numbers = [300 + 60 * k for k in range(9) if k != 4]
    found = next(evenly(lines(sorted([*numbers, 395])), HEIGHT))
    assert [a for a, _ in found] == [300 + 60 * k for k in range(9)]


@pytest.mark.parametrize("places", [[0, 90, 200, 260, 420], [0, 60, 120, 180], [0, 9, 18, 27, 36, 45]])
def test_columns_that_are_not_equal_or_few_or_too_narrow_tell_nothing(places: list[int]) -> None:
    assert not list(evenly(lines(places), HEIGHT))


def worn(seen: list[int], length: int, *, printed: int = 15) -> Rules:
    """The end of the table of outcomes: two rows of 15 columns of which some upright lines and the right end are lost."""
    horizontal, vertical, ink = (np.zeros((160, 1000), np.uint8) for _ in range(3))
    for y in (20, 70, 105):
        horizontal[y, 50 : 50 + length] = 255
        ink[y, 50 : 50 + 56 * printed : 3] = 255
    for k in seen:
        vertical[20:106, 50 + 56 * k] = 255
    for k in range(printed + 1):
        ink[20:106:3, 50 + 56 * k] = 255
    for k in range(printed):
        for y in (45, 92):
            cv2.putText(ink, "0", (50 + 56 * k + 20, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    ink = np.maximum(ink, np.maximum(horizontal, vertical))
    return Rules(horizontal, vertical, np.asarray(ink, np.uint8), HEIGHT)


def test_a_table_is_found_to_its_end_where_the_lines_there_are_lost() -> None:
    found = find_lattices(worn([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 13], 13 * 56 + 1), FORM)
    assert [len(lattice.cells) for lattice in found] == [30]
    assert abs(found[0].box[2] - (50 + 15 * 56)) <= 2


def test_no_column_is_put_in_where_nothing_is_printed() -> None:
    found = find_lattices(worn([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 13], 13 * 56 + 1, printed=13), FORM)
    assert [len(lattice.cells) for lattice in found] != [30]
