"""Copies that left little: dots of lines, tilted text, fields of specks, white cells in dark heads; pure stages on small pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from extract.layouts import layouts
from extract.scan.bands import bands, without_shadow
from extract.scan.columns import evenly
from extract.scan.expected import NO_FORM
from extract.scan.ground import without_grounds
from extract.scan.groups import low_frames
from extract.scan.ink import cell_ink
from extract.scan.lattice import find_lattices
from extract.scan.lines import FAINT, Rules, find_rules
from extract.scan.read import _small
from extract.scan.skew import skew
from extract.scan.straighten import find_turn
from extract.scan.upright import upright
from scan.test_copies import HEIGHT, table, turned

Grey = NDArray[np.uint8]


def dotted(share: float, seed: int = 7) -> Grey:
    """A table of whose lines only a share of the pixels is left."""
    bare, full = table(line=1), table(line=1)
    rules = find_rules(full, HEIGHT)
    lines = (rules.horizontal | rules.vertical) > 0
    lost = np.random.default_rng(seed).random(full.shape) > share
    bare[lines & lost] = 255
    return bare


def words(rows: int = 14) -> Grey:
    """Lines of text without any ruling line."""
    grey = np.full((rows * 44 + 80, 900), 255, np.uint8)
    for r in range(rows):
        cv2.putText(
            grey, "several words of text " * 2, (60, 60 + r * 44), cv2.FONT_HERSHEY_SIMPLEX, 0.65, 0, 2
        )
    return grey


def lines_of(rules: Rules) -> tuple[int, int]:
    """How many level and upright lines the masks hold, pieces of one put together."""
    return len(bands(rules.horizontal, HEIGHT)), len(bands(np.ascontiguousarray(rules.vertical.T), HEIGHT))


@pytest.mark.parametrize("seed", [1, 7, 11])
def test_lines_with_a_quarter_of_their_dots_are_found_by_the_second_look(seed: int) -> None:
    grey = dotted(0.25, seed)
    assert lines_of(find_rules(grey, HEIGHT, looks=FAINT)) == (9, 7)
    assert lines_of(find_rules(grey, HEIGHT)) != (9, 7)
    assert all(found.worn for found in find_lattices(find_rules(grey, HEIGHT, looks=FAINT)))


def test_a_table_printed_solid_is_not_worn() -> None:
    (found,) = find_lattices(find_rules(table(), HEIGHT))
    assert not found.worn


@pytest.mark.parametrize("degrees", [-4.0, -1.0, 2.5, 5.0])
def test_lines_of_text_tell_how_far_a_page_is_turned(degrees: float) -> None:
    slope = skew(turned(words(), degrees), HEIGHT)
    assert slope == pytest.approx(-np.tan(np.radians(degrees)), abs=0.002)


@pytest.mark.parametrize("grey", [words(), table(), np.full((300, 400), 255, np.uint8)])
def test_a_level_page_is_not_turned(grey: Grey) -> None:
    assert find_turn(grey, HEIGHT) is None


def test_points_of_a_turned_page_are_led_back() -> None:
    page = turned(words(), 3.0)
    bend = find_turn(page, HEIGHT)
    assert bend is not None
    again = find_turn(bend.straight(page), HEIGHT)
    assert again is None
    level = bend.original(np.array([[200.0, 300.0], [700.0, 300.0]]))
    (dx, dy) = level[1] - level[0]
    assert dy / dx == pytest.approx(-np.tan(np.radians(3.0)), abs=0.003)


def test_two_bends_are_one() -> None:
    first = find_turn(turned(words(), 3.0), HEIGHT)
    second = find_turn(turned(words(), -2.0), HEIGHT)
    assert first is not None
    assert second is not None
    points = np.array([[200.0, 150.0], [700.0, 500.0]])
    both = second.after(first).original(points)
    assert both == pytest.approx(first.original(second.original(points)), abs=0.2)


def test_a_white_cell_between_dark_heads_stays_white() -> None:
    grey = np.full((200, 420), 255, np.uint8)
    grey[20:180, 20:400] = 70
    grey[88:110, 200:398] = 255  # little higher than its text, dark above, below and beside
    cv2.putText(grey, "972", (210, 105), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 2)
    made = without_grounds(grey, HEIGHT)
    assert made[100, 300] > 200
    assert made[60, 300] > 200


def test_a_field_of_specks_is_taken_out() -> None:
    grey = table()
    grey[np.random.default_rng(3).random(grey.shape) < 0.07] = 0
    (found,) = find_lattices(upright(grey).rules)
    assert len(found.cells) == 8 * 6


def test_lines_of_a_shadow_at_the_edge_are_no_columns() -> None:
    lines = [(0, 0), (100, 100), (200, 200), (300, 300), (309, 309), (318, 318), (328, 328)]
    assert without_shadow(lines, 10.0) == lines[:4]
    mirrored = [(400 - b, 400 - a) for a, b in reversed(lines)]
    assert without_shadow(mirrored, 10.0) == mirrored[-4:]
    assert without_shadow(lines[:5], 10.0) == lines[:5]  # a double border
    assert without_shadow(lines[3:], 10.0) == lines[3:]  # nothing but narrow gaps


@example([0, 29, 77, 126, 175, 223, 272], 10.0)  # none but the first on a step of the others
@given(st.lists(st.integers(0, 3000), min_size=2, max_size=20, unique=True), st.floats(6, 40))
def test_columns_of_equal_width_are_sought_among_any_lines(places: list[int], height: float) -> None:
    lines = [(x, x) for x in sorted(places)]
    for found in evenly(lines, height):
        assert list(found) == sorted(found)


def test_the_table_of_outcomes_has_a_layout() -> None:
    (found,) = layouts(4, 15)
    squares = {(r, c) for r0, c0, r1, c1 in found for r in range(r0, r1) for c in range(c0, c1)}
    assert len(found) == 2 + 5 + 2 + 10 + 15
    assert squares == {(r, c) for r in range(4) for c in range(15)}


def test_print_in_light_that_falls_off_along_a_wide_cell_is_all_the_ink() -> None:
    light = np.linspace(190, 90, 600)[None, :].repeat(50, axis=0)
    grey = light.astype(np.uint8)
    cv2.putText(grey, "0", (295, 33), cv2.FONT_HERSHEY_SIMPLEX, 0.65, 40, 2)
    ink = cell_ink(grey, np.zeros_like(grey), (0, 0, 600, 50), HEIGHT)
    x0, _, x1, _ = ink.box()
    assert 285 < x0 < x1 < 325


def row_above() -> tuple[Grey, Rules]:
    """A row of fifteen squares 23 pixels high, its print 10 high, over lines of text twice as large."""
    grey = np.full((520, 900), 255, np.uint8)
    for y in (60, 83):
        cv2.line(grey, (60, y), (810, y), 0, 2)
    for k in range(16):
        cv2.line(grey, (60 + 50 * k, 60), (60 + 50 * k, 83), 0, 2)
    for k in range(15):
        cv2.putText(grey, "04", (75 + 50 * k, 76), cv2.FONT_HERSHEY_SIMPLEX, 0.42, 0, 1)
    for k in range(8):
        cv2.putText(grey, "words of text 68 " * 3, (60, 150 + 45 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.84, 0, 2)
    return grey, find_rules(grey, 20.0)


def test_a_row_in_small_print_on_a_page_of_large_text_is_a_frame_too_low_for_the_text() -> None:
    grey, rules = row_above()
    assert find_lattices(rules) == ()
    ((x0, y0, x1, y1),) = low_frames(rules)
    assert abs(x0 - 60) < 5 and abs(x1 - 810) < 5 and 23 <= y1 - y0 < 30
    ((lattice, own),) = _small(grey, rules, [], NO_FORM)
    assert len(lattice.cells) == 15 and own.text_height < 13


def test_no_row_is_looked_for_beside_tables_in_the_print_of_the_page() -> None:
    grey, rules = row_above()
    (known,) = find_lattices(find_rules(table(), HEIGHT))
    beside = replace(known, box=(60, 300, 810, 500))
    assert _small(grey, rules, [(beside, rules)], NO_FORM) == []
