"""What a placed cell is worth: units of money that a picture's head may have lost."""

from __future__ import annotations

import pytest

from extract.mapping import map_tables
from extract.values import Value, values_of
from made import table

CODE = "proactive.fees.amount"


def amount(text: str, head: str, confidence: float | None) -> Value:
    """The amount of fees under a head, from a picture where a confidence is given."""
    rows = [["第二十条第（八）项", ""], ["信息内容", head], ["行政事业性收费", text]]
    return values_of(map_tables([table(rows, "picture" if confidence else "docx", confidence)]))[CODE]


@pytest.mark.parametrize(
    ("text", "head", "doubtful"),
    [
        ("3340000", "本年收费金额（单位：万元）", True),
        ("3340000", "本年收费金额（单位：元）", False),
        ("3340000.5", "本年收费金额（单位：万元）", False),
        ("99999", "本年收费金额（单位：万元）", False),
        ("3340000元", "本年收费金额（单位：万元）", False),
        ("334", "本年收费金额（单位：元）", True),
        ("334", "本年收费金额（单位：万元）", False),
    ],
)
def test_in_a_picture_an_amount_that_is_odd_in_its_unit_is_looked_at(
    text: str, head: str, doubtful: bool
) -> None:
    assert (amount(text, head, 0.9999).review_reason == "unit_doubtful") == doubtful
    assert amount(text, head, None).review_reason != "unit_doubtful"


def decisions(text: str, confidence: float | None) -> Value:
    """The decisions on penalties, a count that stands in no sum."""
    rows = [
        ["第二十条第（六）项", ""],
        ["信息内容", "本年处理决定数量"],
        ["行政处罚", text],
        ["行政强制", "0"],
    ]
    code = "proactive.penalties.decisions"
    return values_of(map_tables([table(rows, "picture" if confidence else "docx", confidence)]))[code]


def test_points_that_part_the_thousands_of_a_count_in_a_picture_are_commas_for_a_person_to_confirm() -> None:
    value = decisions("14.440", 0.9999)
    assert (value.value, value.raw, float(value.options[1].value or 0)) == (14440, "14.440", 14.44)
    assert 0.85 < value.confidence < 0.95
    assert decisions("1.234.567", 0.9999).value == 1234567


@pytest.mark.parametrize(("text", "confidence"), [("14.440", None), ("14.44", 0.9999), ("0.440", 0.9999)])
def test_points_stay_points_in_text_of_a_file_and_where_they_part_no_thousands(
    text: str, confidence: float | None
) -> None:
    assert float(decisions(text, confidence).value or 0) == float(text)
