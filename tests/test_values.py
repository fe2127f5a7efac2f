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
