"""Numbers as running text writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.facts.quantities import find_dates, find_quantities, han
from extract.facts.text import plain


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("共 12 件", 12, "件", "exact"), ("１２件", 12, "件", "exact"), ("1,288件", 1288, "件", "exact"),
        ("4.6万余人次", 46000, "人次", "at_least"), ("2764.2万宗", 27_642_000, "宗", "exact"),
        ("258.5亿元", 25_850_000_000, "元", "exact"), ("3940元", 3940, "元", "exact"), ("25.1万元", 251_000, "元", "exact"),
        ("173769万条", 1_737_690_000, "条", "exact"), ("三十五件", 35, "件", "exact"), ("一百零二份", 102, "份", "exact"),
        ("零件", 0, "件", "exact"), ("两次", 2, "次", "exact"), ("近百件", 100, "件", "about"), ("约300人", 300, "人", "about"),
        ("5500余条", 5500, "条", "at_least"), ("超过20场", 20, "场", "at_least"), ("100多个", 100, "个", "at_least"),
        ("50件左右", 50, "件", "about"), ("不足10件", 10, "件", "at_most"), ("100%", 100, "%", "exact"),
        ("百分之九十五点五", 95.5, "%", "exact"), ("20个工作日", 20, "工作日", "exact"), ("新收：3，", 3, "", "exact"),
    ],
)  # fmt: skip
def test_one_number(text: str, value: float, unit: str, bound: str) -> None:
    found = find_quantities(plain(text).text)
    assert [(float(q.value), q.unit, q.bound) for q in found] == [(value, unit, bound)]


@pytest.mark.parametrize(
    ("text", "low", "high"), [("3至5件", 3, 5), ("3-5个工作日", 3, 5), ("10～20次", 10, 20)]
)
def test_ranges(text: str, low: int, high: int) -> None:
    (found,) = find_quantities(plain(text).text)
    assert (found.value, found.high, found.bound) == (low, high, "range")


@pytest.mark.parametrize(
    "text",
    [
        "国办公开办函〔2021〕30号", "国务院令第711号", "第二十条第（一）项", "2023年", "电话：0631—8452538", "一是完善制度",
        "双随机、一公开", "结合“110”宣传日活动", "二十届二中全会", "第3次会议",
    ],
)  # fmt: skip
def test_no_numbers(text: str) -> None:
    assert [q for q in find_quantities(plain(text).text) if q.unit] == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024年1月22日", "2024-01-22"), ("二〇二四年一月十六日", "2024-01-16"), ("2023年12月", "2023-12"),
        ("2024-01-16", "2024-01-16"),
    ],
)  # fmt: skip
def test_dates(text: str, date: str) -> None:
    assert [iso for _, _, iso in find_dates(plain(text).text)] == [date]


@pytest.mark.parametrize("text", ["2018年11日", "202291日", "2024年13月1日"])
def test_dates_with_lost_digits_are_none(text: str) -> None:
    assert find_dates(plain(text).text) == []


@given(st.integers(0, 10**9), st.sampled_from(["件", "条", "人次", "元"]), st.booleans(), st.booleans())
def test_any_integer_comes_back(number: int, unit: str, commas: bool, wide: bool) -> None:
    printed = f"{number:,}" if commas else str(number)
    if wide:
        printed = printed.translate(str.maketrans("0123456789,", "０１２３４５６７８９,"))
    (found,) = find_quantities(plain(f"共收到{printed}{unit}。").text)
    assert (found.value, found.unit) == (number, unit)


@given(st.integers(1, 9999))
def test_chinese_numbers_come_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    printed = ""
    for place, name in zip((1000, 100, 10, 1), ("千", "百", "十", ""), strict=True):
        digit = number // place % 10
        if digit:
            printed += digits[digit] + name
        elif printed and number % place and not printed.endswith("零"):
            printed += "零"
    assert han(printed) == Decimal(number)


@given(st.text(alphabet="共收到申请0123456789.,，。万亿余件条%第年月日-（）\n 一二十百 ", max_size=80))
def test_places_lead_back_to_the_text(text: str) -> None:
    found = plain(text)
    for quantity in find_quantities(found.text):
        start, end = found.span(quantity.start, quantity.end)
        assert 0 <= start < end <= len(text)
        assert plain(text[start:end]).text.strip() == found.text[quantity.start : quantity.end].strip()
