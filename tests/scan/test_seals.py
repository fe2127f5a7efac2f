"""Red seals over print: the red goes, what is printed under it stays, and so does red that is no seal."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from extract.scan.seals import without_seals

Colour = NDArray[np.uint8]
INK, RED = (20, 20, 20), (215, 45, 50)


def page(paper: tuple[int, int, int] = (250, 250, 250)) -> Colour:
    """Ruled squares with a number in each, in black on paper."""
    made = np.full((700, 560, 3), paper, np.uint8)
    for at in range(50, 651, 50):
        cv2.line(made, (30, at), (530, at), INK, 2)
    for at in range(30, 531, 100):
        cv2.line(made, (at, 50), (at, 650), INK, 2)
    for n in range(60):
        place = 30 + 100 * (n % 5) + 30, 50 + 50 * (n // 5) + 35
        cv2.putText(made, str(n), place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, INK, 2)
    return made


def sealed(made: Colour, centre: tuple[int, int] = (300, 350), radius: int = 90) -> Colour:
    """The same under a seal: a ring, a star, some strokes; print stays darker than the red over it."""
    red = np.full_like(made, 255)
    cv2.circle(red, centre, radius, RED, 6)
    star = [
        (centre[0] + 30 * np.sin(k * 4 * np.pi / 5), centre[1] - 30 * np.cos(k * 4 * np.pi / 5))
        for k in range(5)
    ]
    cv2.fillPoly(red, [np.round(star).astype(np.int32)], RED)
    cv2.putText(red, "SEAL", (centre[0] - 45, centre[1] + 65), cv2.FONT_HERSHEY_SIMPLEX, 1.0, RED, 4)
    return np.minimum(made, red)


def ink(made: Colour) -> NDArray[np.bool_]:
    return np.asarray(made.min(axis=2) < 128)


@pytest.mark.parametrize("paper", [(250, 250, 250), (205, 200, 190), (240, 225, 200)])
@pytest.mark.parametrize("quality", [None, 60])
def test_a_seal_goes_and_the_print_under_it_stays(paper: tuple[int, int, int], quality: int | None) -> None:
    plain = page(paper)
    stamped = sealed(plain)
    assert (ink(stamped) != ink(plain)).sum() > 3000
    if quality:
        buffer = io.BytesIO()
        Image.fromarray(stamped).save(buffer, "JPEG", quality=quality)
        stamped = np.asarray(Image.open(buffer))
    left = ink(without_seals(np.asarray(stamped, np.uint8)))
    assert (left & ~ink(plain)).sum() < 450  # red is darkest beside print
    assert (ink(stamped) & ink(plain) & ~left).sum() < 30


@settings(max_examples=20, deadline=None)
@given(st.integers(60, 500), st.integers(60, 640), st.integers(40, 130))
def test_wherever_it_is_pressed(x: int, y: int, radius: int) -> None:
    plain = page()
    left = ink(without_seals(sealed(plain, (x, y), radius)))
    assert (ink(plain) & ~left).sum() < 60


def test_red_rules_and_a_red_name_stay() -> None:
    made = page()
    cv2.line(made, (0, 20), (559, 20), RED, 6)
    cv2.putText(made, "RED OFFICE OF A TOWN", (20, 690), cv2.FONT_HERSHEY_SIMPLEX, 1.3, RED, 4)
    assert np.array_equal(without_seals(made), made)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("text", ["0", "8", "36", "808", "OO"])
def test_red_numbers_stay(text: str, factor: float) -> None:
    made = page()[40:260]
    cv2.putText(made, text, (240, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.2, RED, 3)
    made = np.asarray(cv2.resize(made, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    assert np.array_equal(without_seals(made), made)


def test_a_table_ruled_in_red_stays() -> None:
    made = page()
    made[ink(made)] = RED
    assert np.array_equal(without_seals(made), made)


def test_without_red_nothing_changes() -> None:
    assert np.array_equal(without_seals(page()), page())
    blue = page((200, 215, 250))
    assert np.array_equal(without_seals(blue), blue)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (3, 2, 3)])
def test_smallest_pictures(shape: tuple[int, int, int]) -> None:
    made = np.full(shape, 200, np.uint8)
    made[..., 1:] = 20
    assert without_seals(made).shape == shape
