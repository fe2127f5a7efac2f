"""A stamp without colour over a table: its ring is found, what it covers is cleared, and what it leaves in doubt is told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from extract.model import Reading
from extract.scan.ink import Ink, cell_ink
from extract.scan.read import _stamped
from extract.scan.stamps import unstamped
from extract.settings import Settings

Grey = NDArray[np.uint8]
HEIGHT, WIDTH, ROW = 18.0, 80, 44
ROWS, COLUMNS = 14, 8


def page() -> Grey:
    """A number in every second square of a table whose lines are taken out already."""
    grey = np.full((ROWS * ROW, COLUMNS * WIDTH), 250, np.uint8)
    for n in range(0, ROWS * COLUMNS, 2):
        r, c = divmod(n, COLUMNS)
        place = c * WIDTH + 25 + 9 * (r % 2), r * ROW + 30
        cv2.putText(grey, str(10 + n % 90), place, cv2.FONT_HERSHEY_SIMPLEX, 0.62, 20, 2)
    return grey


def stamped(grey: Grey, level: int, centre: tuple[int, int] = (330, 300), radius: int = 110) -> Grey:
    ring = np.full_like(grey, 255)
    cv2.circle(ring, centre, radius, level, 6)
    return np.minimum(grey, ring)


def inks(grey: Grey) -> list[Ink]:
    none = np.zeros_like(grey)
    squares = [(r, c) for r in range(ROWS) for c in range(COLUMNS)]
    boxes = [(c * WIDTH, r * ROW, (c + 1) * WIDTH, (r + 1) * ROW) for r, c in squares]
    return [cell_ink(grey, none, box, HEIGHT) for box in boxes]


def test_a_grey_stamp_goes_and_the_numbers_under_it_stay() -> None:
    plain, under = inks(page()), inks(stamped(page(), 170))
    assert sum(a.mask.any() != b.mask.any() for a, b in zip(plain, under, strict=True)) >= 8
    for before, (after, left) in zip(plain, unstamped(under, HEIGHT), strict=True):
        assert before.blank == after.blank and left > 0.9
        around = cv2.dilate(before.mask, np.ones((3, 3), np.uint8))
        assert not (after.mask & ~around).any()
        assert (after.mask > 0).sum() >= 0.6 * (
            before.mask > 0
        ).sum()  # a stroke's soft rim is as grey as the stamp


def test_a_cell_that_the_stamp_left_blank_is_for_a_person_to_look_at() -> None:
    plain, under = inks(page()), inks(stamped(page(), 170))
    found = unstamped(under, HEIGHT)
    erased = [k for k, (ink, _) in enumerate(found) if ink.blank and not under[k].blank]
    printed = [k for k, (ink, left) in enumerate(found) if not ink.blank and left < 1]
    assert erased and printed and all(plain[k].blank for k in erased)
    assert max(found[k][1] for k in erased) < Settings().review_threshold < min(found[k][1] for k in printed)


def test_a_blank_cell_under_a_stamp_may_have_held_a_0() -> None:
    """Sums that the cell adds nothing to make it sure of the figure, but not that none was printed."""
    blank = Ink(np.zeros((20, 40), np.uint8), np.full((20, 40), 255, np.uint8), 0, 0)
    assert _stamped((Reading("", 0.99),), blank, 0.5) == (Reading("", 0.495), Reading("0", 0.5))
    assert _stamped((Reading("", 0.99),), blank, 1.0) == (Reading("", 0.99),)


def test_of_a_black_stamp_the_ring_goes_and_what_it_touches_is_in_doubt() -> None:
    plain, under = inks(page()), inks(stamped(page(), 20))
    found = unstamped(under, HEIGHT)
    changed = [k for k, (a, b) in enumerate(zip(plain, under, strict=True)) if (a.mask != b.mask).any()]
    doubted = [k for k, (_, left) in enumerate(found) if left < 1]
    assert set(changed) <= set(doubted) and all(found[k][1] <= 0.5 for k in doubted)
    bare = [k for k in changed if plain[k].blank]
    assert len(bare) >= 6 and all(found[k][0].blank for k in bare)


@given(st.integers(180, 460), st.integers(180, 440), st.integers(80, 150), st.sampled_from([20, 120]))
@settings(max_examples=25, deadline=None)
def test_wherever_it_is_pressed(x: int, y: int, radius: int, level: int) -> None:
    under = inks(stamped(page(), level, (x, y), radius))
    touched = {k for k, (_, left) in enumerate(unstamped(under, HEIGHT)) if left < 1}
    near = {
        k
        for k in touched
        if abs(np.hypot((k % COLUMNS + 0.5) * WIDTH - x, (k // COLUMNS + 0.5) * ROW - y)) <= radius + WIDTH
    }
    assert len(touched) >= 4 and near == touched


@pytest.mark.parametrize("strokes", ["none", "lines", "squares"])
def test_what_is_no_ring_changes_nothing(strokes: str) -> None:
    grey = page()
    for k in range(5):
        if strokes == "lines":
            cv2.line(grey, (40 + 90 * k, 0), (160 + 90 * k, ROWS * ROW), 90, 5)
        elif strokes == "squares":
            cv2.rectangle(grey, (30 + 60 * k, 30 + 60 * k), (330 + 60 * k, 290 + 60 * k), 90, 5)
    before = inks(grey)
    assert all(a is b and left == 1.0 for a, (b, left) in zip(before, unstamped(before, HEIGHT), strict=True))
