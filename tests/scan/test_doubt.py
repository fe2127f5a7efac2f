"""What is in doubt is weighed by a table's habits, by its unit, by a second reader; marks by their outlines."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from extract.model import Reading
from extract.scan.habits import by_habit
from extract.scan.image import Grey
from extract.scan.ink import Ink, cell_ink
from extract.scan.lines import broken_height, text_height
from extract.scan.marks import marks, only
from extract.scan.ocr import Line
from extract.scan.second import seconded
from extract.scan.units import before_unit, unit_of

Rows = tuple[Reading, ...]


def rows(**texts: float) -> Rows:
    return tuple(Reading(text.removeprefix("_"), p) for text, p in texts.items())


SLASH: Rows = (Reading("/", 0.99),)
ONE_OR_SLASH: Rows = (Reading("1", 0.6), Reading("/", 0.35))


def test_where_a_hundred_cells_say_slash_a_doubtful_one_is_a_slash() -> None:
    *_, last = by_habit([SLASH] * 100 + [ONE_OR_SLASH])
    assert last[0].text == "/" and last[0].probability > 0.9


def test_where_ones_are_as_common_a_doubtful_one_stays_and_a_clear_one_always_does() -> None:
    ones: Rows = (Reading("1", 0.99),)
    assert by_habit([SLASH] * 40 + [ones] * 40 + [ONE_OR_SLASH])[-1][0].text == "1"
    assert by_habit([SLASH] * 100 + [ones, ONE_OR_SLASH])[-2] == ones
    assert by_habit([SLASH] * 10 + [ONE_OR_SLASH])[-1] == ONE_OR_SLASH  # too few to have a habit


@given(st.lists(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4), min_size=30, max_size=60))
def test_weighed_probabilities_stay_probabilities_best_first(shares: list[list[float]]) -> None:
    texts = ["0", "/", "17", "1"]
    made = [
        tuple(sorted((Reading(t, 0.97 * s / sum(row)) for t, s in zip(texts, row, strict=False)), key=lambda r: -r.probability))
        for row in shares
    ]  # fmt: skip
    for found in by_habit(made):
        values = [r.probability for r in found]
        assert values == sorted(values, reverse=True) and sum(values) <= 1 + 1e-9 and min(values) >= 0


class Says:
    """A reader that reads the same everywhere."""

    def __init__(self, text: str, probability: float = 0.99) -> None:
        self.text, self.probability = text, probability

    def read(self, crops: Sequence[Grey], height: float) -> list[Rows]:
        return [(Reading(self.text, self.probability),)] * len(crops)

    def read_lines(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        return [(self.text, self.probability)] * len(crops)

    def find_text(self, grey: Grey) -> list[Line]:
        return []


def printed(*boxes: tuple[int, int]) -> Ink:
    """A cell with upright bars of print from x to x, 20 pixels high."""
    mask = np.zeros((40, 120), np.uint8)
    for first, last in boxes:
        mask[10:30, first:last] = 255
    return Ink(mask, np.asarray(255 - mask, np.uint8), 0, 0)


def test_a_unit_is_one_that_most_numbers_have() -> None:
    assert unit_of([rows(**{"3件": 0.9})] * 8 + [rows(年=0.4)] * 4) == "件"
    assert unit_of([rows(**{"3件": 0.9})] * 3 + [rows(_7=0.9)] * 20) == ""


def test_a_number_is_read_without_its_unit_and_less_sure_where_the_other_reader_differs() -> None:
    ink = printed((10, 20), (24, 34), (40, 60))
    same, other = rows(**{"18年": 0.6}), rows(牌=0.6)
    found = before_unit({0: ink, 1: ink}, [same, other], "件", 20.0, Says("18"))  # type: ignore[arg-type]
    assert [found[i][0].text for i in (0, 1)] == ["18件", "18件"]
    assert found[0][0].probability > 0.97 > found[1][0].probability


@pytest.mark.parametrize(
    ("said", "best", "more"), [("7", "7", True), ("1", "1", True), ("9", "7", False), ("天气", "7", None)]
)
def test_a_second_opinion_moves_what_is_in_doubt(said: str, best: str, more: bool | None) -> None:
    crop = np.zeros((4, 4), np.uint8)
    doubtful: Rows = (Reading("7", 0.5), Reading("1", 0.4))
    sure: Rows = (Reading("7", 0.99),)
    found = seconded({0: crop, 1: crop}, [doubtful, sure], Says(said))
    assert found[0][0].text == best and found[1] == sure
    before = next(r.probability for r in doubtful if r.text == best)
    assert (found[0][0].probability > before) is more if more is not None else found[0] == doubtful
    assert seconded({0: crop}, [doubtful], None) == [doubtful]


def test_marks_are_the_connected_ones_those_inside_others_too() -> None:
    mask = np.zeros((60, 80), np.uint8)
    cv2.rectangle(mask, (5, 5), (70, 50), 255, 2)
    mask[20:26, 20:24] = 255
    found = sorted(marks(mask), key=lambda mark: mark.x)
    assert [(m.x, m.y, m.width, m.height) for m in found[1:]] == [(20, 20, 4, 6)] and len(found) == 2
    assert found[1].pixels(mask).all()
    assert np.count_nonzero(only(mask, [found[1]])) == 24


def words(gap: int) -> NDArray[np.uint8]:
    """Lines of characters 20 pixels high whose strokes are broken every `gap` rows (0: not), each at its own."""
    ink = np.zeros((600, 600), np.uint8)
    for top in range(20, 560, 60):
        for k, left in enumerate(range(20, 560, 22)):
            if k % 6 == 5:  # between words
                continue
            for stroke in (0, 7, 14):
                ink[top : top + 20, left + stroke : left + stroke + 3] = 255
            ink[top + 9 : top + 12, left : left + 17] = 255
            for row in range(k % 4 + 2, 20, gap or 20):
                ink[top + row, left : left + 17] = 0 if gap else ink[top + row, left : left + 17]
    return ink


def test_the_height_of_broken_print_is_that_of_its_words() -> None:
    whole, broken = words(0), words(7)
    assert broken_height(whole, text_height(whole)) == text_height(whole) == 20
    assert text_height(broken) < 12 and broken_height(broken, text_height(broken)) >= 18


def test_faint_digits_beside_dark_dirt_are_ink() -> None:
    grey = np.full((60, 160), 235, np.uint8)
    for left in (40, 70, 100):
        cv2.putText(grey, "2", (left, 42), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 165, 2)
    grey[28:30, 60:62] = 0
    found = cell_ink(grey, np.zeros_like(grey), (0, 0, 160, 60), 20.0)
    assert all(found.mask[:, left - 2 : left + 18].any() for left in (40, 70, 100))
