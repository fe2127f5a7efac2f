"""Percentages of the text: shares and changes that are right, wrong, or of something else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.test_text_checks import checked, values

CELLS = values(
    requests__new__total=12, requests__new__natural_person=10, requests__new__business=2, requests__granted__total=5,
    requests__partially_granted__total=2, requests__results_total__total=11, requests__carried_out__total=1,
)  # fmt: skip
PERSONS, GRANTED = "text.share.requests.new.natural_person", "text.share.requests.granted.total"
RATE = "text.change_rate.requests.new.total"


@pytest.mark.parametrize(
    ("text", "check", "verdict"),
    [
        ("收到政府信息公开申请12件，其中自然人申请10件，占83.3%。", PERSONS, "holds"),
        ("收到政府信息公开申请12件，其中自然人申请10件，占申请总数的83%。", PERSONS, "holds"),
        ("收到政府信息公开申请12件，其中自然人申请10件，占申请总数的73.3%。", PERSONS, "source_error"),
        ("收到政府信息公开申请12件，其中自然人申请10件，约占85%。", PERSONS, "holds"),
        ("答复中，予以公开5件，占45.45%；部分公开2件，占18.2%。", GRANTED, "holds"),
        ("答复中，予以公开5件（45.5%）。", GRANTED, "holds"),
        ("答复中，予以公开5件（55.5%）。", GRANTED, "source_error"),
        ("答复中，予以公开占45.4%，共5件。", GRANTED, "holds"),
        ("答复中，予以公开占41.4%，共5件。", GRANTED, "source_error"),
        ("收到政府信息公开申请12件，较上年增加2件，增长20%。", RATE, "holds"),
        ("收到政府信息公开申请12件，较上年增加2件，增长16.7%。", RATE, "source_error"),
        ("收到政府信息公开申请12件，去年为10件，同比下降20%。", RATE, "source_error"),
        ("收到政府信息公开申请12件，去年为16件，同比下降25%。", RATE, "holds"),
    ],
)
def test_a_percentage_is_held_against_its_numbers(text: str, check: str, verdict: str) -> None:
    assert checked(text, CELLS)[0][check] == verdict


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请12件，按时办结率100%，群众满意率99%。",
        "予以公开5件，占全市的2%。",
        "收到政府信息公开申请12件，同比下降20%。",
        "收到政府信息公开申请12件，占全县同期受理量的3%。",
        "全年主动公开信息320条，其中政策文件占43%。",
        "全年培训人员占86%，共24人次。",
    ],
)
def test_percentages_of_other_things_raise_nothing(text: str) -> None:
    assert not [c for c in checked(text, CELLS)[0] if c.startswith(("text.share.", "text.change_rate."))]


def test_text_from_a_picture_and_counts_that_the_table_denies_are_only_doubtful() -> None:
    text = "收到政府信息公开申请12件，其中自然人申请10件，占申请总数的73.3%。"
    assert checked(text, CELLS, clear=False)[0][PERSONS] == "doubtful"
    other = text.replace("10件", "9件")
    assert checked(other, CELLS)[0][PERSONS] == "doubtful"


@given(st.integers(1, 400), st.data(), st.integers(0, 2), st.sampled_from(["ROUND_HALF_UP", "ROUND_DOWN"]))
def test_a_right_share_always_holds(whole: int, data: st.DataObject, places: int, way: str) -> None:
    part = data.draw(st.integers(0, whole))
    share = (100 * Decimal(part) / whole).quantize(Decimal(1).scaleb(-places), way)
    cells = values(requests__new__total=whole, requests__new__natural_person=part)
    found = checked(f"收到政府信息公开申请{whole}件，其中自然人申请{part}件，占{share}%。", cells)[0]
    assert found.get(PERSONS, "holds") == "holds"
