"""Slips of the text and contact data of no possible form are told; what is well written is not."""

from __future__ import annotations

import pytest

from extract.proofread import proofread
from extract.sections import Section


def doubted(text: str) -> set[str]:
    checks = proofread([Section(1, "", text, 0, 0)])
    return {c.check.removeprefix("structure.") for c in checks if c.verdict != "holds"}


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：0454-8607012，邮编：332005，电子邮箱：gk_a@b-c.gov.cn。",
        "（电话：0631—8452538）",
        "电话:(0571)87053030转801",
        "接听咨询电话1297次，政府政府信息公开是人民政府政府信息公开工作，在在线平台",
        "电话：010-12345678-801；服务热线电话12345",
        "电话号码：83426347、83426348；手机电话13800138000",
        "的的确确做到了和和气气、对对方负责……",
        "电子邮箱：见网站首页。邮编见附件。",
        "联系电话：0306-\u00a040826177，电子邮箱：gk@ luting.exam ple）。",
    ],
)
def test_what_is_well_written(text: str) -> None:
    assert doubted(text) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话：0454-860701，", "contact.phone"),
        ("邮编：33200，", "contact.postcode"),
        ("邮政编码：3320051。", "contact.postcode"),
        ("电子邮箱：gk.example.gov.cn，", "contact.email"),
        ("主动公开的的信息", "slips"),
        ("共公开信息3条，，其中", "slips"),
        ("共公开信息3条。。", "slips"),
        ("一是公开，。二是", "slips"),
    ],
)
def test_a_slip_is_told_with_its_sentence(text: str, found: str) -> None:
    (check,) = [c for c in proofread([Section(1, "", text, 0, 0)]) if c.verdict == "doubtful"]
    assert check.check == f"structure.{found}"
    assert check.sentence in text
    assert check.left == 1


def test_what_is_not_there_gives_no_check() -> None:
    assert [c.check for c in proofread([Section(1, "", "无。", 0, 0)])] == ["structure.slips"]
