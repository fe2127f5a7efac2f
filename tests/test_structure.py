"""What a report has to have: sections, order, its own year and agency."""

from __future__ import annotations

import pytest

from extract.facts.data import check_rules
from extract.head import Head
from extract.proofread import proofread
from extract.sections import Section
from extract.structure import printed_number, structure_checks

TITLES = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
          "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip
HEAD = Head(
    agency="青禾市临湖区柳芽镇人民政府",
    year=2023,
    published_on="2024-01-20",
    period_start="2023-01-01",
    period_end="2023-12-31",
)


def sections(
    ordinals: str = "一二三四五六", texts: dict[int, str] | None = None, left_out: int = 0
) -> list[Section]:
    given = {
        0: "如有疑问，请与柳芽镇人民政府办公室联系。",
        1: "2023年，我镇认真落实各项要求，主动公开信息，及时答复群众申请。",
        5: "一是解读材料偏少，二是更新间隔偏长，下一步逐项改进。",
        6: "无。\n青禾市临湖区柳芽镇人民政府\n2024年1月20日",
    } | (texts or {})
    found = [Section(0, "", given[0], 0, 0)]
    for i, title in enumerate(TITLES, 1):
        if i != left_out:
            found.append(Section(i, f"{ordinals[i - 1]}、{title}", given.get(i, ""), 0, 0))
    return found


def wrong(found: list[Section], head: Head = HEAD) -> dict[str, str]:
    return {c.check: c.verdict for c in structure_checks(found, head) if c.verdict != "holds"}


def test_a_right_report_raises_nothing() -> None:
    right = sections(
        texts={
            0: "如有疑问，请与柳芽镇人民政府办公室联系，电话：0302-8212971，邮编：992256，电子邮箱：gk@luting.example。"
        }
    )
    checks = [*structure_checks(right, HEAD), *proofread(right)]
    assert {c.verdict for c in checks} == {"holds"}
    assert {c.check for c in checks} == {
        r["check"] for r in check_rules() if r["check"].startswith("structure.")
    }


@pytest.mark.parametrize(
    ("found", "check", "verdict"),
    [
        (sections(left_out=6), "structure.sections", "doubtful"),
        (sections("一一二三四五"), "structure.order", "source_error"),
        (sections(texts={5: "无。"}), "structure.filled.5", "source_error"),
        (sections(texts={5: ""}), "structure.filled.5", "source_error"),
        (
            sections(texts={1: "2022年，我镇认真落实各项要求，主动公开信息，及时答复。"}),
            "structure.year.text",
            "doubtful",
        ),
        (
            sections(texts={1: "2023年，我局认真落实各项要求，主动公开信息，及时答复。"}),
            "structure.agency",
            "doubtful",
        ),
        (
            sections(texts={0: "如有疑问，请与听泉县拾穗乡人民政府办公室联系。"}),
            "structure.agency",
            "doubtful",
        ),
        (
            sections(texts={6: "无。\n青禾市临湖区双桨镇人民政府\n2024年1月20日"}),
            "structure.agency",
            "doubtful",
        ),
    ],
)
def test_what_is_wrong_is_named(found: list[Section], check: str, verdict: str) -> None:
    assert wrong(found) == {check: verdict}


@pytest.mark.parametrize(
    ("start", "end", "published", "expected"),
    [
        ("2022-01-01", "2022-12-31", "2024-01-20", {"structure.year.period": "source_error"}),
        ("2022-09-01", "2023-08-31", "2023-10-20", {"structure.year.published": "doubtful"}),
        ("2023-01-01", "2023-12-31", "2023-12-19", {"structure.year.published": "doubtful"}),
        ("", "", "", {}),
    ],
)
def test_years(start: str, end: str, published: str, expected: dict[str, str]) -> None:
    head = Head(agency=HEAD.agency, year=2023, published_on=published, period_start=start, period_end=end)
    assert wrong(sections(), head) == expected


@pytest.mark.parametrize(
    ("agency", "signature"),
    [
        ("淮南市人民政府", "淮南市人民政府办公室"), ("威远市公安局文登分局", "威远市公安局文登分局"),
        ("临湖区教育局", "青禾市临湖区教育局"), ("青禾市临湖区教育局", "临湖区教育局"), ("青禾市教育局", "局办公室"),
        ("青禾市发展和改革委员会", "青禾市发展改革委员会"), ("国家税务总局青禾市税务局", "国家税务总局青禾市税务局"),
    ],
)  # fmt: skip
def test_names_of_one_agency(agency: str, signature: str) -> None:
    text = {
        0: "",
        1: "2023年，认真落实各项要求，主动公开信息，及时答复群众申请。",
        6: f"无。\n{signature}\n2024年1月2日",
    }
    assert wrong(sections(texts=text), Head(agency=agency, year=2023)) == {}


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("一、总体情况", 1), ("（二）主动公开", 2), ("㈢收到和处理", 3), ("4、行政复议", 4), ("5. 存在的问题", 5), ("第六部分 其他", 6),
        ("3 三、收到和处理", 3), ("总体情况", 0), ("2、 主动公开", 2),
    ],
)  # fmt: skip
def test_printed_numbers(heading: str, number: int) -> None:
    assert printed_number(heading) == number


def test_tables_alone_have_no_build() -> None:
    assert structure_checks([Section(0, "", "", 0, 0)], HEAD) == ()
