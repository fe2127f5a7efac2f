from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.numbers import in_wan, is_value, money_unit, parse, plain


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", "0", ""), ("１２", "12", ""), ("1,288", "1288", ""), ("1，288", "1288", ""), ("3119\n", "3119", ""),
        ("1 288", "1288", ""), ("96171.6", "96171.6", ""), ("43.788万元", "43.788", "万元"), ("251000元", "251000", "元"),
        ("0件", "0", ""), ("+2", "2", ""), ("＋2", "2", ""), ("-1", "-1", ""), ("减2", "-2", ""), ("增加3", "3", ""),
        ("2764.2万", "27642000", ""), ("007", "7", ""),
    ],
)  # fmt: skip
def test_numbers(text: str, value: str, unit: str) -> None:
    number = parse(text)
    assert (number.kind, number.value, number.unit) == ("number", Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "/", "／", "-", "－", "—", "——", "―", "–", "无", "無", "\u3000", "---"]
)
def test_ways_to_print_none(text: str) -> None:
    assert parse(text).kind == "none"


@pytest.mark.parametrize(
    "text", ["约3", "3或4", "1.2.3", "1,28", "十二", "o", "l", "一", "3/4", "待统计", "1234567890123456"]
)
def test_what_is_no_number_is_never_made_one(text: str) -> None:
    assert parse(text).kind == "unreadable"


def test_a_remark_beside_a_number_is_told() -> None:
    number = parse("12（其中上年结转1件）")
    assert (number.value, number.note) == (Decimal(12), True)


@given(st.integers(min_value=0, max_value=10**9))
def test_every_way_of_writing_an_integer_reads_the_same(n: int) -> None:
    wide = str(n).translate({ord("0") + d: 0xFF10 + d for d in range(10)})
    assert parse(str(n)).value == parse(f"{n:,}").value == parse(wide).value == parse(f" {n}件\n").value == n


@given(st.text(max_size=12))
def test_any_text_is_judged(text: str) -> None:
    number = parse(text)
    assert (number.value is not None) == (number.kind == "number")
    assert is_value(text) in {True, False}


@given(st.decimals(min_value=0, max_value=10**7, places=4))
def test_amounts_in_wan(amount: Decimal) -> None:
    assert in_wan(amount, "元") * 10000 == in_wan(amount, "万元") == amount


def test_units_in_heads() -> None:
    assert [money_unit(t) for t in ("本年收费金额（单位：万元）", "采购总金额（元）", "采购总金额")] == [
        "万元",
        "元",
        "",
    ]


def test_plain_numbers() -> None:
    assert plain(Decimal("3.0")) == 3 and isinstance(plain(Decimal("3.0")), int)
    assert plain(Decimal("25.1")) == 25.1
