"""What copying does to a page, undone: bends, dark grounds, grain, dirt, stamps; pure stages on small drawn pictures."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from extract.scan.bands import bands
from extract.scan.ground import without_grounds
from extract.scan.groups import _runs_on
from extract.scan.ink import cell_ink
from extract.scan.lattice import find_lattices
from extract.scan.lines import find_rules
from extract.scan.straighten import find_bend
from extract.scan.strokes import kept
from extract.scan.upright import upright

Grey = NDArray[np.uint8]
HEIGHT = 16.0


def table(rows: int = 8, columns: int = 6, width: int = 110, height: int = 40, line: int = 2) -> Grey:
    """Ruled squares with a number in each, on white."""
    grey = np.full((rows * height + 80, columns * width + 80), 255, np.uint8)
    for r in range(rows + 1):
        y = 40 + r * height
        cv2.line(grey, (40, y), (40 + columns * width, y), 0, line)
    for c in range(columns + 1):
        x = 40 + c * width
        cv2.line(grey, (x, 40), (x, 40 + rows * height), 0, line)
    for r in range(rows):
        for c in range(columns):
            at = 40 + c * width + 20, 40 + r * height + 28
            cv2.putText(grey, str(10 * r + c), at, cv2.FONT_HERSHEY_SIMPLEX, 0.65, 0, 2)
    return grey


def turned(grey: Grey, degrees: float) -> Grey:
    h, w = grey.shape
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(grey, matrix, (w, h), flags=cv2.INTER_CUBIC, borderValue=255.0), np.uint8
    )


def waved(grey: Grey, depth: float) -> Grey:
    h, w = grey.shape
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    ys += depth * np.sin(2 * math.pi * xs / w).astype(np.float32)
    return np.asarray(cv2.remap(grey, xs, ys, cv2.INTER_CUBIC, borderValue=255.0), np.uint8)


def in_perspective(grey: Grey, share: float) -> Grey:
    h, w = grey.shape
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    moved = corners + np.array([[share * w, 0], [0, share * h], [-share * w, 0], [0, -share * h]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return np.asarray(
        cv2.warpPerspective(grey, matrix, (w, h), flags=cv2.INTER_CUBIC, borderValue=255.0), np.uint8
    )


def squares(grey: Grey) -> list[int]:
    return [len(lattice.cells) for lattice in find_lattices(upright(grey).rules)]


@pytest.mark.parametrize("degrees", [-4.0, -1.0, 0.3, 2.0, 5.0])
def test_skew_is_taken_out(degrees: float) -> None:
    assert squares(turned(table(), degrees)) == [48]


@pytest.mark.parametrize("depth", [4.0, 8.0])
def test_waves_of_the_paper_are_taken_out(depth: float) -> None:
    assert squares(waved(table(), depth)) == [48]


def test_perspective_is_taken_out() -> None:
    assert squares(in_perspective(table(), 0.03)) == [48]


def test_straight_lines_are_left_alone() -> None:
    assert find_bend(table(), HEIGHT) is None


@settings(max_examples=15, deadline=None)
@given(st.floats(-4.5, 4.5), st.sampled_from([0, 1, 2, 3]))
def test_places_lead_back_to_the_picture(degrees: float, quarters: int) -> None:
    """A corner of the table, found in the upright picture, is where it was drawn, after any turn."""
    bent = turned(table(), degrees)
    made = upright(np.ascontiguousarray(np.rot90(bent, -quarters)), quarters)
    x0, y0, _, _ = find_lattices(made.rules)[0].box
    back = made.original(np.array([[x0, y0]], np.float64))[0]
    h, w = bent.shape
    angle = math.radians(degrees)
    dx, dy = 40 - w / 2, 40 - h / 2
    x, y = (
        w / 2 + dx * math.cos(angle) + dy * math.sin(angle),
        h / 2 - dx * math.sin(angle) + dy * math.cos(angle),
    )
    ways = {0: (x, y), 1: (h - y, x), 2: (w - x, h - y), 3: (y, w - x)}
    assert np.hypot(*(back - np.array(ways[quarters]))) < 6


@pytest.mark.parametrize("level", [60, 85, 120])
def test_white_print_on_dark_becomes_dark_on_white(level: int) -> None:
    grey = table()
    head = grey[42:78, 42:698]
    head[:] = np.where(head < 128, 255, level)
    made = without_grounds(grey, HEIGHT)
    assert np.median(made[45:75, 60:680]) > 240
    assert made[45:75, 60:680].min() < 60
    assert squares(grey) == [48]


def test_dense_print_in_a_dark_ground_is_print_and_no_hole() -> None:
    grey = np.full((200, 400), 255, np.uint8)
    grey[20:140, 20:380] = 80
    for y, x in [(y, x) for y in range(50, 96, 8) for x in range(150, 194, 8)]:
        cv2.rectangle(grey, (x, y), (x + 5, y + 5), 255, -1)
    made = without_grounds(grey, HEIGHT)
    assert made[52, 152] < 60 and made[48, 130] > 200 and made[30, 300] > 200


def test_a_page_without_dark_grounds_comes_back_as_it_is() -> None:
    grey = table()
    assert without_grounds(grey, HEIGHT) is grey


def test_bold_numbers_are_no_ground() -> None:
    grey = table()
    cv2.putText(grey, "8888888", (150, 108), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 6)
    assert without_grounds(grey, HEIGHT) is grey


@pytest.mark.parametrize("noise", [8.0, 14.0])
def test_grain_hides_no_line(noise: float) -> None:
    chance = np.random.default_rng(3)
    values = 90 + table().astype(np.float32) * (130 / 255)
    grey = np.clip(values + chance.normal(0, noise, values.shape), 0, 255).astype(np.uint8)
    assert squares(grey) == [48]


def test_two_levels_with_dotted_lines() -> None:
    grey = table(line=1)
    grey[::2, ::2] = 255
    assert squares(grey) == [48]


def test_a_stamp_makes_no_lines() -> None:
    grey = table()
    cv2.circle(grey, (300, 200), 85, 110, 4)
    assert squares(grey) == [48]


def test_the_edge_of_the_paper_is_no_table() -> None:
    grey = np.full((600, 900), 90, np.uint8)
    grey[30:570, 30:870] = 255
    grey[80:480, 80:820] = table()
    assert squares(grey) == [48]


@pytest.mark.parametrize("desk", [40, 90])
def test_the_edge_of_the_sheet_ends_no_table_that_runs_up_to_it(desk: int) -> None:
    """Level lines of a table without a right border end near the sheet's edge, which then was one with it."""
    grey = np.full((640, 900), desk, np.uint8)
    grey[30:610, 30:790] = 200
    part = table()[:, :-42]
    part[40:361, -3:] = 255
    grey[80:480, 60 : 60 + part.shape[1]] = np.minimum(part, 200)
    on_white = np.full_like(grey, 200)
    on_white[80:480, 60 : 60 + part.shape[1]] = np.minimum(part, 200)
    assert squares(on_white) == squares(grey) == [48]


@pytest.mark.parametrize("level", [130, 200])
def test_the_border_of_a_table_on_a_coloured_ground_stays(level: int) -> None:
    grey = table()
    inside = grey[40:361, 40:701]
    inside[inside > level] = level
    assert squares(grey) == [48]


def star(grey: Grey, x: float, y: float, radius: float, level: int) -> None:
    radii = [radius if k % 2 == 0 else 0.38 * radius for k in range(10)]
    points = [
        (x + r * math.sin(k * math.pi / 5), y - r * math.cos(k * math.pi / 5)) for k, r in enumerate(radii)
    ]
    cv2.fillPoly(grey, [np.round(points).astype(np.int32)], level)


@pytest.mark.parametrize("gap", [4, 8, 14])
def test_a_star_beside_a_table_adds_no_row(gap: int) -> None:
    grey = np.pad(table(rows=12), ((0, 0), (0, 90)), constant_values=255)
    star(grey, 702 + gap + 34, 180, 34, 90)
    assert squares(grey) == [72]


def test_a_star_on_a_line_neither_moves_nor_ends_it() -> None:
    grey = table(rows=6, columns=5)
    star(grey, 300, 172, 30, 0)
    (lattice,) = find_lattices(find_rules(grey, HEIGHT))
    tops = sorted({cell.box[1] for cell in lattice.cells})
    assert len(tops) == 6 and all(abs(top - (40 + 40 * r)) <= 3 for r, top in enumerate(tops))
    level = np.zeros((200, 1400), np.uint8)
    level[100:102, 50:1350] = level[100:121, 700:790] = 255
    assert bands(level, 18.0) == [(100, 100)]


def test_a_blot_is_cut_out_of_the_line_it_sits_on() -> None:
    level = np.zeros((200, 1400), np.uint8)
    level[100:102, 50:1350] = level[80:122, 600:800] = 255
    left = kept(level, np.zeros_like(level), 4, 12.0)
    assert left[100:102, 50:590].all() and left[100:102, 810:1350].all() and not left[85:118, 605:795].any()


def test_lines_of_other_rows_cut_no_cell() -> None:
    """A border that stands a little aside in one row makes a wide band; each cell ends at its own line."""
    grey = table(rows=4, columns=3)
    grey[42:80, 140:160] = 255
    cv2.line(grey, (160, 40), (160, 80), 0, 2)
    lattice = find_lattices(find_rules(grey))[0]
    ends = {cell.row: cell.box[2] for cell in lattice.cells if cell.column == 0}
    assert ends[2] < 153 < ends[0]


def ink_of(draw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    lines = np.zeros_like(draw)
    return cell_ink(draw, lines, (0, 0, draw.shape[1], draw.shape[0]), HEIGHT).mask


def cell() -> Grey:
    grey = np.full((44, 120), 255, np.uint8)
    cv2.putText(grey, "51 5", (30, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    return grey


def test_dirt_beside_a_number_goes_and_its_point_stays() -> None:
    grey = cell()
    x = int(np.flatnonzero((grey < 128).any(axis=0))[-1])
    gap = int(np.flatnonzero((grey[:, 40:x] > 128).all(axis=0))[-4]) + 40
    grey[28:31, gap - 1 : gap + 2] = 0
    grey[8:11, 105:108] = 0
    mask = ink_of(grey)
    assert mask[28:31, gap].any() or mask[26:29, gap - 3 : gap + 1].any()
    assert not mask[:, 95:].any()


def test_specks_are_dirt_though_remains_of_a_line_stand_around_them() -> None:
    grey = np.full((44, 300), 255, np.uint8)
    cv2.putText(grey, "51", (120, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    plain = ink_of(grey)
    grey[2:4, 55:69] = grey[2:4, 196:210] = 0  # of the line above
    grey[7:10, 60:63] = grey[7:10, 201:204] = 0
    assert (ink_of(grey) == plain).all()


@pytest.mark.parametrize("gap", [3, 8, 12])
def test_a_point_between_digits_stays_however_wide_they_are_set(gap: int) -> None:
    grey = np.full((44, 160), 255, np.uint8)
    cv2.putText(grey, "3", (40, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    end = int(np.flatnonzero((grey < 128).any(axis=0))[-1]) + 1
    grey[27:30, end + gap : end + gap + 3] = 0
    cv2.putText(grey, "5", (end + 2 * gap + 3, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    assert ink_of(grey)[26:28, end + gap - 2 : end + gap + 1].any()


def test_specks_alone_may_be_a_faint_digit() -> None:
    grey = np.full((44, 120), 255, np.uint8)
    grey[20:23, 60:63] = 0
    assert ink_of(grey).any()


def test_print_in_the_shade_is_ink() -> None:
    grey = (cell().astype(np.float32) * 0.18 + 54).astype(np.uint8)
    assert ink_of(grey).any()


@pytest.mark.parametrize("shape", [(300, 300), (1200, 60), (60, 1200), (2000, 2000)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_plain_sheet_has_no_table(shape: tuple[int, int], level: int) -> None:
    assert squares(np.full(shape, level, np.uint8)) == []


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31))
@example(54368)  # lines of noise half closed around two low rows
def test_noise_has_no_table(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (240, 320)).astype(np.uint8)
    assert squares(noise) == []


def test_a_shadow_is_no_ground_and_a_printed_one_is() -> None:
    fade = np.tile(np.linspace(230, 60, 600), (400, 1)).astype(np.uint8)
    assert np.array_equal(without_grounds(fade, 16.0), fade)
    sharp = np.full((400, 600), 230, np.uint8)
    sharp[100:200, 100:500] = 60
    assert not np.array_equal(without_grounds(sharp, 16.0), sharp)


def test_grey_print_beside_a_thick_black_line_is_no_paper() -> None:
    """The line's lower half lies within the cell; a mask of lines that is as thick as most of them does not hold it."""
    grey = np.full((50, 80), 255, np.uint8)
    grey[:5] = 0
    cv2.putText(grey, "3", (40, 34), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 150, 1, cv2.LINE_AA)
    assert ink_of(grey)[10:].any()
    grey[5:] = 255
    assert not ink_of(grey).any()


def test_a_line_that_ends_between_two_tables_is_no_side_of_one() -> None:
    """A stamp's star spans most of the gap between them."""
    upright = np.zeros((100, 20), dtype=bool)
    upright[38:75, 4] = True
    assert not _runs_on(upright, 20, 70, 5)
    upright[18:75, 4] = True
    assert _runs_on(upright, 20, 70, 5)


@pytest.mark.parametrize(("gap", "left"), [(6, True), (16, True), (40, False)])
def test_a_minus_set_off_from_its_number_is_no_dirt(gap: int, left: bool) -> None:
    grey = np.full((60, 160), 255, np.uint8)
    cv2.putText(grey, "8", (100, 38), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    x = int(np.flatnonzero((grey < 128).any(axis=0))[0])
    grey[31, x - gap - 5 : x - gap] = 0
    assert ink_of(grey)[:, : x - gap + 1].any() == left


def test_dirt_below_the_middle_is_no_minus() -> None:
    grey = np.full((60, 160), 255, np.uint8)
    cv2.putText(grey, "8", (100, 38), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    x = int(np.flatnonzero((grey < 128).any(axis=0))[0])
    grey[43, x - 15 : x - 10] = 0
    assert not ink_of(grey)[:, : x - 5].any()
