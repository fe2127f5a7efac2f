"""Lists of the text that add up, and those that only look like it."""

from __future__ import annotations

import pytest

from extract.facts import find_facts
from extract.facts.parts import adds_up, find_parts, with_parts
from extract.sections import Section
from extract.text_checks import listed


def lists(text: str) -> list[tuple[int, list[int], bool]]:
    section = Section(1, "", text, 0, 0)
    found = find_parts(find_facts([section], 2023), text)
    return [(int(p.total.value or 0), [int(x.value or 0) for x in p.parts], adds_up(p)) for p in found]


@pytest.mark.parametrize(
    ("text", "total", "parts"),
    [
        ("公开信息90条，其中专题21条、动态69条。", 90, [21, 69]),
        ("共公开信息90条。其中专题21条、动态69条。", 90, [21, 69]),
        ("建议提案办理4条（人大建议2条、政协提案1条、总体情况1条），组织管理3条。", 4, [2, 1, 1]),
        ("公开信息总数8条：预算4条，预案3条，文件1条。", 8, [4, 3, 1]),
        ("公开信息10条，机构信息3条，规划2条，其他5条。", 10, [3, 2, 5]),
        ("专题3件，动态4件，合计7件。", 7, [3, 4]),
        ("复议5件，其中维持3件，纠正2件；诉讼4件。", 5, [3, 2]),
        ("承办提案3件。目前，已全部办理完成，办复率100%，办理结果为B类2件、C类1件。", 3, [2, 1]),
        ("公开信息10条。其中：规范性文件2件，通知公告3条，动态5条。", 10, [2, 3, 5]),
        ("收到申请8件，其中自然人6件，法人2件，予以公开8件。", 8, [6, 2]),
    ],
)
def test_lists_that_add_up(text: str, total: int, parts: list[int]) -> None:
    assert (total, parts, True) in lists(text)


def test_a_label_named_before_is_a_total() -> None:
    text = "主动公开90条。其中专题信息21条、政府信息69条。专题信息中，监管2条，公示9条，其余10条。政府信息中，公告17条，动态52条。"
    assert lists(text) == [(90, [21, 69], True), (21, [2, 9, 10], True), (69, [17, 52], True)]


def test_what_stands_in_further_brackets_is_left_out() -> None:
    text = "信息21条，其中监管2条，公示9条，提案4条（人大2条、政协2条），组织6条。"
    assert (21, [2, 9, 4, 6], True) in lists(text) and (4, [2, 2], True) in lists(text)


@pytest.mark.parametrize(
    "text",
    [
        "公开信息90条，发布解读3篇，培训2次。",
        "收到申请3119件，答复3050件（含上年结转34件，另有103件顺延）。",
        "公开信息30条，其中网站30条，微信20条。",
        "收到申请0件，其中自然人0件，法人0件。",
        "公开信息90条，其中政策文件20条、公告30条。",
    ],
)
def test_what_tells_nothing(text: str) -> None:
    section = Section(1, "", text, 0, 0)
    facts, found = listed(find_facts([section], 2023), [section])
    assert [p for p in found if not adds_up(p)] == [] and {f.part_of for f in facts} == {None}


@pytest.mark.parametrize(
    "text", ["公开信息9条，其中公告5条、其他5条。", "共计3437条，其中公告1914条、动态2000条。"]
)
def test_lists_that_are_wrong_are_told(text: str) -> None:
    section = Section(1, "", text, 0, 0)
    _, found = listed(find_facts([section], 2023), [section])
    assert [adds_up(p) for p in found] == [False]


def test_parts_know_their_total() -> None:
    text = "公开信息90条，其中专题21条、动态69条。"
    section = Section(1, "", text, 0, 0)
    facts = find_facts([section], 2023)
    placed = with_parts(facts, find_parts(facts, text))
    assert [f.part_of for f in placed] == [None, facts[0].start, facts[0].start]
