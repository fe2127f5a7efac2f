"""Look-alikes are no reports, and reports are no look-alikes, whatever else they speak of."""

import pytest

from archives import outcome, page, report_text, tabbed, word
from extract.record import Outcome
from made import REVIEW, consistent, requests_rows

HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
LOOK_ALIKES = {
    "notice": [
        "雾凇市信访局关于做好2023年政府信息公开工作年度报告编制工作的通知",
        "各科室：请按下列六个部分编制年度报告，于一月底前公布。",
        *HEADINGS,
    ],
    "letter": ["关于报送2023年度政府信息公开工作年度报告的函", "请各单位于本周五前报送。"],
    "explanation": [
        "2023年雾凇市信访局政府信息公开工作年度报告解读",
        "问：全年收到多少件申请？答：共收到12件，均已答复。",
    ],
    "picture explanation": ["一图读懂雾凇市信访局2023年政府信息公开工作年度报告", "新收申请12件。"],
    "budget": [
        "雾凇市信访局2023年度部门预算公开",
        "一、部门概况",
        "收入预算308.5万元。",
        "二、收支情况",
        "政府采购20万元。",
    ],
    "accounts": ["雾凇市信访局2022年部门决算", "收入总计308.5万元，支出总计300万元。"],
    "guide": [
        "雾凇市信访局政府信息公开指南",
        "一、公开范围",
        "机构职能、规章。",
        "二、申请方式",
        "可当面提交。",
    ],
    "half a year": ["雾凇市信访局2023年上半年政府信息公开工作总结", "上半年新收申请3件。"],
    "website": ["政府网站工作年度报表(2023年度)", "填报单位：雾凇市信访局", "信息发布总数：412条"],
    "news": ["我市召开全市防汛工作会议", "会议强调，要压实责任，抓好落实。" * 20],
}


def why(result: Outcome) -> str:
    """The detail of `not_a_report`; an empty text where a report was read."""
    if result.record is not None:
        return ""
    return next(p.detail for p in result.problems if p.kind == "not_a_report")


@pytest.mark.parametrize("kind", LOOK_ALIKES)
@pytest.mark.parametrize("form", ["html", "docx", "txt"])
def test_look_alikes_of_every_format(kind: str, form: str) -> None:
    lines = LOOK_ALIKES[kind]
    data = {"html": page(lines, lines[0]), "docx": word(lines), "txt": tabbed(lines)}[form]
    assert why(outcome(f"file.{form}", data, form))


def test_a_file_name_alone_makes_no_report() -> None:
    assert why(outcome("雾凇市信访局2023年政府信息公开工作年度报告.docx", word(LOOK_ALIKES["news"]), "docx"))


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_a_blank_form_is_none(blank: str) -> None:
    rows = requests_rows({}, blank=blank)
    empty = [*REVIEW[:3], [blank] * 15]
    assert "blank" in why(
        outcome("a.docx", word(["政府信息公开工作年度报告格式", *HEADINGS], rows, empty), "docx")
    )
    assert "blank" in why(outcome("a.docx", word(HEADINGS, rows, empty), "docx"))


def test_a_notice_with_the_blank_form_annexed_is_a_notice() -> None:
    data = word(LOOK_ALIKES["notice"], requests_rows({}, blank=""))
    assert "notice" in why(outcome("a.docx", data, "docx"))


def test_the_words_for_why_reach_the_reader_of_problems() -> None:
    assert "budget" in why(outcome("a.html", page(LOOK_ALIKES["budget"]), "html"))
    assert "notice" in why(outcome("a.html", page(LOOK_ALIKES["notice"]), "html"))
    assert "explanation" in why(outcome("a.html", page(LOOK_ALIKES["explanation"]), "html"))


PROSE = "全年主动公开各类信息，并按期答复申请，未发生纠错。" * 6


@pytest.mark.parametrize(
    "title",
    [
        "雾凇市信访局2023年政府信息公开工作年度报告",
        "2023年度雾凇市信访局政府信息公开年报",
        "雾凇市信访局政府信息公开工作年度报告（2023年度）",
        "雾凇市通知公告中心2023年政府信息公开工作年度报告",
        "雾凇市预算编审中心2023年政府信息公开工作年度报告",
    ],
)
def test_reports_with_or_without_tables(title: str) -> None:
    lines = [title, *(line for heading in HEADINGS for line in (heading, PROSE))]
    numbers = requests_rows(consistent())
    assert why(outcome("a.docx", word(lines, numbers, REVIEW), "docx")) == ""
    if "预算" not in title:
        assert why(outcome("a.docx", word(lines), "docx")) == ""


def test_a_report_that_speaks_of_notices_budgets_and_readings_of_policy_stays_one() -> None:
    said = "印发关于做好政务公开工作的通知，公开部门预算和决算，发布政策解读12篇，更新公开指南。"
    lines = ["雾凇市信访局2023年政府信息公开工作年度报告", *(line for h in HEADINGS for line in (h, said))]
    result = outcome("a.docx", word(lines, requests_rows(consistent())), "docx")
    assert why(result) == "" and result.record is not None and result.record.agency == "雾凇市信访局"


def test_a_report_of_zeros_is_a_report() -> None:
    lines = ["雾凇市信访局2023年政府信息公开工作年度报告", *HEADINGS]
    assert why(outcome("a.docx", word(lines, requests_rows({})), "docx")) == ""


def test_a_report_whose_tables_are_lost_is_still_one() -> None:
    lines = ["雾凇市信访局2023年政府信息公开工作年度报告", *(line for h in HEADINGS for line in (h, PROSE))]
    result = outcome("a.html", page(lines), "html")
    assert result.record is not None and result.record.status == "no_tables"
    assert [p.kind for p in result.record.problems] == ["no_table_found"]


def test_the_shortest_report_of_these_tests_is_one() -> None:
    assert why(outcome("a.txt", report_text(), "txt")) == ""
