"""What is read in a cell beside its number: misread units, stamps, a line of dirt."""

from __future__ import annotations

import pytest

from extract.scan.cells import _told_apart


@pytest.mark.parametrize(
    ("text", "number", "sure"),
    [
        ("2.8力元", "2.8万元", True),
        ("15\\专用章", "15", False),
        ("17149\nES", "17149", False),
        ("I\n1", "I\n1", True),
        ("12\n34", "12\n34", True),
        ("10\n结果维持", "10\n结果维持", True),
        ("规章", "规章", True),
        ("38", "38", True),
    ],
)
def test_a_number_is_told_from_what_is_not_of_it(text: str, number: str, sure: bool) -> None:
    found, score = _told_apart(text, 0.99)
    assert (found, score > 0.95) == (number, sure)
