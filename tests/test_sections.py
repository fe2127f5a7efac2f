import pytest

from extract.model import Text
from extract.sections import find_sections

TITLES = ["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
          "存在的主要问题及改进情况", "其他需要报告的事项"]  # fmt: skip


def report(headings: list[str]) -> list[Text]:
    blocks = [Text("某局2023年政府信息公开工作年度报告")]
    for heading in headings:
        blocks += [Text(heading), Text(f"{heading[-4:]}的正文，写了一些话。")]
    return blocks


def found(blocks: list[Text]) -> list[tuple[int, str]]:
    return [(s.number, s.heading) for s in find_sections(blocks) if s.number]


@pytest.mark.parametrize(
    "numbering",
    [
        list("一二三四五六"),
        list("123456"),
        ["一", "2", "3", "四", "5", "六"],
        ["一", "一", "二", "三", "四", "五"],
    ],
)
def test_any_numbering(numbering: list[str]) -> None:
    headings = [f"{n}、{t}" for n, t in zip(numbering, TITLES, strict=True)]
    assert found(report(headings)) == list(enumerate(headings, 1))


@pytest.mark.parametrize("form", ["㈠{t}", "（一）、{t}", "1. {t}", "{t}"])
def test_one_heading_numbered_otherwise(form: str) -> None:
    headings = [f"{n}、{t}" for n, t in zip("一二三四五六", TITLES, strict=True)]
    headings[1] = form.format(t=TITLES[1])
    assert found(report(headings)) == list(enumerate(headings, 1))


def test_a_contents_page_is_not_the_report() -> None:
    headings = [f"{n}、{t}" for n, t in zip("一二三四五六", TITLES, strict=True)]
    sections = find_sections([Text(h) for h in headings] + report(headings))
    assert [s.number for s in sections] == [0, 1, 2, 3, 4, 5, 6]
    assert "正文" in sections[1].text


def test_a_heading_printed_twice_opens_its_section_once() -> None:
    headings = [f"{n}、{t}" for n, t in zip("一二三四五六", TITLES, strict=True)]
    blocks = report(headings)
    blocks.insert(3, Text(headings[1]))
    assert found(blocks) == list(enumerate(headings, 1))


def test_a_subheading_is_no_heading() -> None:
    blocks = report([f"{n}、{t}" for n, t in zip("一二三四五六", TITLES, strict=True)])
    blocks.insert(2, Text("（一）主动公开情况"))
    blocks.insert(3, Text("（二）依申请公开情况"))
    assert [h for _, h in found(blocks)][1] == "二、主动公开政府信息情况"


def test_text_on_the_heading_line_belongs_to_the_section() -> None:
    blocks = report([f"{n}、{t}" for n, t in zip("一二三四五六", TITLES, strict=True)])
    blocks[-2:] = [Text("六、其他需要报告的事项：无。")]
    assert find_sections(blocks)[-1].text == "无。"


def test_old_titles_and_a_part_that_is_not_there() -> None:
    headings = ["一、总体情况", "二、主动公开政府信息情况", "三、行政机关收到和处理政府信息公开申请情况",
                "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "五、政府信息公开工作存在的主要问题及改进情况"]  # fmt: skip
    assert found(report(headings)) == list(enumerate(headings, 1))
