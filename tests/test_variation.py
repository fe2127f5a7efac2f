"""How published reports vary in their running text: each variant as a small string with its expected reading.

Titles, agencies, years and dates; headings; amounts and units in sentences; text against tables; contact data; rules of
counting that explain odd values. Names are invented.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.dates import find_dates, period
from extract.facts import find_facts
from extract.facts.parts import adds_up, find_parts
from extract.head import find_title, read_head
from extract.model import Text
from extract.sections import Section, find_sections
from extract.structure import structure_checks


@pytest.mark.parametrize(
    ("lines", "agency", "year"),
    [
        (["芷汀市财政局2024年政府信息公开工作年度报告"], "芷汀市财政局", 2024),
        (["2023年芷汀市财政局政府信息公开工作年度报告"], "芷汀市财政局", 2023),
        (["芷汀市财政局2023年度政府信息公开工作年度报告"], "芷汀市财政局", 2023),
        (["芷汀市财政局2016年政务信息公开年度报告"], "芷汀市财政局", 2016),
        (["芷汀市财政局2021年政府信息公开年度报告"], "芷汀市财政局", 2021),
        (["芷汀市财政局2021年政府信息公开工作报告"], "芷汀市财政局", 2021),
        (["芷汀市人民政府2016年", "政府信息公开工作年度报告"], "芷汀市人民政府", 2016),
        (["芷汀市财政局", "2023年政府信息公开工作年度报告"], "芷汀市财政局", 2023),
        (["芷汀学院2022-2023学年信息公开工作年度报告"], "芷汀学院", 2022),
        (["芷汀市民政局2022年政府資訊公開工作年度報告"], "芷汀市民政局", 2022),
        (["芷汀市财政局二〇二三年政府信息公开工作年度报告"], "芷汀市财政局", 2023),
        (["芷汀市财政局政府信息公开工作年度报告（2023年）"], "芷汀市财政局", 2023),
        (["芷汀海关关区2023年政府信息公开工作年度报告"], "芷汀海关关区", 2023),
    ],
)
def test_titles(lines: list[str], agency: str, year: int) -> None:
    title = find_title(lines)
    assert title is not None and (title.agency, title.year) == (agency, year)


def test_a_year_that_only_the_period_states() -> None:
    head = read_head(
        [
            Section(
                0, "", "芷汀市财政局政府信息公开工作年度报告\n统计期限为2023年1月1日——2023年12月31日。", 0, 0
            )
        ],
        {},
        "a.html",
    )
    assert (head.agency, head.year, head.period_end) == ("芷汀市财政局", 2023, "2023-12-31")


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("发布日期：2024-01-16", ["2024-01-16"]), ("二〇二四年一月十六日", ["2024-01-16"]), ("2017年2月23日）", ["2017-02-23"]),
        ("2018年11日至2018年1231日", []), ("202291日", []), ("2007年45日", []),
    ],
)  # fmt: skip
def test_dates_whole_and_with_lost_characters(text: str, dates: list[str]) -> None:
    assert find_dates(text) == dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("统计期限为2023年1月1日——2023年12月31日", ("2023-01-01", "2023-12-31")),
        ("自2023年1月1日起至12月31日止", ("2023-01-01", "2023-12-31")),
        ("2022年9月1日至2023年8月31日", ("2022-09-01", "2023-08-31")),
    ],
)
def test_periods(text: str, expected: tuple[str, str]) -> None:
    assert period(text) == expected


TITLES = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
          "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip


def numbers(headings: list[str]) -> list[int]:
    blocks = [Text("芷汀市财政局2023年政府信息公开工作年度报告")]
    for heading in headings:
        blocks += [Text(heading), Text("这一部分写了一些话，说明本年度工作的情况。")]
    return [s.number for s in find_sections(blocks) if s.number]


@pytest.mark.parametrize(
    "style",
    [
        "{c}、{t}",
        "（{c}）{t}",
        "({c}){t}",
        "{d}.{t}",
        "{d}、{t}",
        "{c}、{t}、",
        "{c}、 {t}",
        "{c} 、{t}",
        "第{c}部分 {t}",
    ],
)
def test_headings_of_any_style(style: str) -> None:
    headings = [style.format(c="一二三四五六"[i], d=i + 1, t=t) for i, t in enumerate(TITLES)]
    assert numbers(headings) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (2, "主动公开政府信息的情况"), (3, "行政机关收到和处理政府信息公开申请情况"), (3, "收到和处理政府信息公开申请的情况"),
        (4, "因政府信息公开工作被申请行政复议、提起行政诉讼情况"), (4, "政府信息公开行政复议及行政诉讼情况"),
        (4, "政府信息公开行政复议和/行政诉讼情况"), (4, "政府信息公开行政复议行政诉讼情况"),
        (5, "政府信息公开工作存在的主要问题及改进情况"), (5, "存在的主要问题和改进措施"), (6, "需要报告的其他事项"), (6, "其他报告事项"),
    ],
)  # fmt: skip
def test_one_heading_worded_otherwise(number: int, title: str) -> None:
    titles = [title if i == number else t for i, t in enumerate(TITLES, 1)]
    assert numbers([f"{'一二三四五六'[i]}、{t}" for i, t in enumerate(titles)]) == [1, 2, 3, 4, 5, 6]


def test_five_parts_instead_of_six() -> None:
    assert numbers([f"{'一二三四五'[i]}、{t}" for i, t in enumerate(TITLES[:5])]) == [1, 2, 3, 4, 5]


def test_a_sentence_copied_from_the_guidance_is_no_number() -> None:
    section = Section(3, "三、收到和处理政府信息公开申请情况", "该部分以表格形式报告。表格如下：", 0, 0)
    assert find_facts([section], 2023) == ()


def stated(text: str, year: int = 2023) -> dict[str, Decimal]:
    facts = find_facts([Section(1, "", text, 0, 0)], year)
    return {f.name: f.value for f in facts if f.value is not None}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("办理不动产登记2764.2万宗。", 27_642_000, "宗"), ("减免税费258.5亿元。", 25_850_000_000, "元"),
        ("采购总金额2736740元。", 2_736_740, "元"), ("累计受理咨询4.6万余人次。", 46_000, "人次"), ("公开信息1.17万条。", 11_700, "条"),
        ("粉丝达到一百二十万人。", 1_200_000, "人"),
    ],
)  # fmt: skip
def test_large_numbers_and_units(text: str, value: int, unit: str) -> None:
    (fact,) = find_facts([Section(1, "", text, 0, 0)], 2023)
    assert (fact.value, fact.unit) == (value, unit)


def test_a_slip_of_the_unit_does_not_add_up() -> None:
    text = "公开信息173769万条，其中网站75656条、公示98113条。"
    (parts,) = find_parts(find_facts([Section(1, "", text, 0, 0)], 2023), text)
    assert not adds_up(parts) and parts.total.value == 1_737_690_000


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("依申请公开1，主动公开0。", {"requests.new.total": 1}),
        ("2022年结转政府信息公开申请2件，2023年新收5件。", {"requests.carried_in.total": 2, "requests.new.total": 5}),
        ("共受理政府信息公开申请零件。", {"requests.new.total": 0}),
        ("办理政府信息公开申请8件，上年结转2件。", {"requests.results_total.total": 8, "requests.carried_in.total": 2}),
        ("接收政府信息公开申请8宗。", {"requests.new.total": 8}),
        ("新收信息公开申请8起，2件结转下一年度。", {"requests.new.total": 8, "requests.carried_out.total": 2}),
        ("2022年，我镇制定规范性文件0件、现行有效0件。",
         {"last_year.proactive.normative_documents.issued": 0, "last_year.proactive.normative_documents.in_force": 0}),
    ],
)  # fmt: skip
def test_statements_that_meet_the_tables(text: str, facts: dict[str, int]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    ("text", "total", "parts"),
    [
        ("本年收到8件，其中予以公开2件、部分公开2件、不予公开1件、无法提供2件、其他处理1件。", 8, [2, 2, 1, 2, 1]),
        ("共公开1499条，其中网站1303条、公众号172条、公报24条。", 1499, [1303, 172, 24]),
        ("办结1453件：予以公开966件，部分公开67件，不予公开81件，无法提供182件，不予处理61件，其他处理96件。", 1453,
         [966, 67, 81, 182, 61, 96]),
    ],
)  # fmt: skip
def test_lists_that_confirm(text: str, total: int, parts: list[int]) -> None:
    found = find_parts(find_facts([Section(1, "", text, 0, 0)], 2023), text)
    assert [(p.total.value, [x.value for x in p.parts]) for p in found if adds_up(p)] == [(total, parts)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("（地址：芷汀市望禾路3号；邮编：992005，电话：0302-8251406）", {"postcode": "992005", "phone": "0302-8251406"}),
        ("电话：0302—8251406", {"phone": "0302-8251406"}), ("电话：0302―8251406", {"phone": "0302-8251406"}),
        ("联系电话：83803513。", {"phone": "83803513"}), ("电话（传真）0302-8251406", {}),
        ("电子邮箱：zwgk88@163.com", {"email": "zwgk88@163.com"}), ("邮箱zwgk@qq.com，邮编992005", {"email": "zwgk@qq.com"}),
        ("可在芷汀市网站（http://www.zhiting.example）查阅", {"website": "http://www.zhiting.example"}),
        ("本报告由芷汀市财政局编制。", {"phone": "", "postcode": "", "email": "", "address": ""}),
    ],
)  # fmt: skip
def test_contact_data(text: str, wanted: dict[str, str]) -> None:
    head = read_head(
        [Section(0, "", f"芷汀市财政局2023年政府信息公开工作年度报告\n{text}", 0, 0)], {}, "a.docx"
    )
    assert {name: getattr(head, name) for name in wanted} == wanted


def test_numbers_of_the_contact_data_are_no_facts() -> None:
    text = "（地址：芷汀市望禾路3号；邮编：992005，电话：0302-8251406，传真0302-8251407）"
    assert [f for f in find_facts([Section(0, "", text, 0, 0)], 2023) if f.name != "count"] == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        # a report of nothing is still a report, and reviews may be counted together with suits
        ("本年度零报告，未收到政府信息公开申请。", {"requests.new.total": 0}),
        ("涉政府信息公开行政复议、行政诉讼案件743件。", {"disputes.total": 743}),
        # of several kinds of answer to one request, partial disclosure counts once
        ("部分公开3件（含不予公开部分内容3件）。", {"requests.partially_granted.total": 3}),
    ],
)
def test_rules_of_counting(text: str, facts: dict[str, int]) -> None:
    found = stated(f"（二）依申请公开情况。{text}")
    assert {name: found.get(name) for name in facts} == facts


def test_a_report_that_sums_up_other_offices_is_not_held_to_its_own() -> None:
    text = "全市共收到政府信息公开申请120件，市本级收到政府信息公开申请30件。"
    scopes = {f.value: f.scope for f in find_facts([Section(1, "", text, 0, 0)], 2023)}
    assert scopes == {120: "all", 30: "own"}


def test_a_report_with_the_year_before_in_its_text_is_told() -> None:
    text = "2022年，我镇认真落实各项要求，主动公开信息，及时答复申请。"
    sections = [Section(0, "", "芷汀市柳芽镇人民政府2023年政府信息公开工作年度报告", 0, 0)]
    sections += [Section(i, t, text, 0, 0) for i, t in enumerate(TITLES, 1)]
    found = structure_checks(sections, read_head(sections, {}, "a.docx"))
    assert [c.check for c in found if c.verdict == "doubtful"] == ["structure.year.text"]
