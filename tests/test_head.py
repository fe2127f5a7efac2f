import pytest

from extract.dates import find_dates, period
from extract.head import find_title, read_head, region
from extract.model import Text
from extract.sections import find_sections


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("青禾市林业局2024年政府信息公开工作年度报告", "青禾市林业局", 2024),
        ("2023年青禾市林业局政府信息公开工作年度报告", "青禾市林业局", 2023),
        ("青禾市林业局2023年度政府信息公开工作年度报告", "青禾市林业局", 2023),
        ("2016年青禾市林业局政务信息公开年度报告", "青禾市林业局", 2016),
        ("青禾市林业局2021年政府信息公开年度报告", "青禾市林业局", 2021),
        ("青禾市林业局二〇二二年政府信息公开工作年度报告", "青禾市林业局", 2022),
        ("青禾大学2022-2023学年信息公开工作年度报告", "青禾大学", 2022),
        ("青禾海关2020年政府資訊公開工作報告", "青禾海关", 2020),
        ("青禾市人民政府政府信息公开工作年度报告（2022）", "青禾市人民政府", 2022),
        ("青禾市政府信息公开工作年度报告", "青禾市", None),
    ],
)
def test_titles(title: str, agency: str, year: int | None) -> None:
    found = find_title([title])
    assert found is not None and (found.agency, found.year) == (agency, year)


def test_a_title_over_three_lines() -> None:
    found = find_title(["青禾市临湖区人民政府", "2016年", "政府信息公开工作年度报告"])
    assert found is not None and (found.agency, found.year) == ("青禾市临湖区人民政府", 2016)


def test_contact_data() -> None:
    text = (
        "如对报告有疑问，请与青禾市林业局办公室联系（地址：青禾市槐荫路8号；邮编：332005，电话：0792—8251406，"
        "电子邮箱：qh_ly@example.com）。"
    )
    head = read_head(
        find_sections([Text("青禾市林业局2023年政府信息公开工作年度报告"), Text(text)]), {}, "a.docx"
    )
    assert (head.postcode, head.phone, head.email) == ("332005", "0792-8251406", "qh_ly@example.com")
    assert head.address == "青禾市槐荫路8号"


@pytest.mark.parametrize(
    "line", ["2024年1月22日", "二〇二四年一月二十二日", "（2024年1月22日）", "  2024-01-22"]
)
def test_a_date_at_the_end_is_the_publication(line: str) -> None:
    blocks = [
        Text("青禾市林业局2023年政府信息公开工作年度报告"),
        Text("正文。"),
        Text("青禾市林业局"),
        Text(line),
    ]
    assert read_head(find_sections(blocks), {}, "a.docx").published_on == "2024-01-22"


def test_the_year_is_the_one_reported_on() -> None:
    blocks = [
        Text("青禾市林业局政府信息公开工作年度报告"),
        Text("统计期限为2022年1月1日至2022年12月31日。"),
        Text("2023年1月5日"),
    ]
    head = read_head(find_sections(blocks), {}, "a.docx")
    assert (head.year, head.period_end) == (2022, "2022-12-31")


def test_the_file_name_helps_where_the_text_does_not() -> None:
    head = read_head(
        find_sections([Text("正文。")]), {}, "归档/青禾市林业局2021年政府信息公开工作年度报告.docx"
    )
    assert (head.agency, head.year) == ("青禾市林业局", 2021)


@pytest.mark.parametrize("text", ["2018年11日", "2018年1231日", "202291日", "2007年45日", "2022-13-01"])
def test_lost_digits_make_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_periods() -> None:
    assert period("自2023年1月1日至12月31日止") == ("2023-01-01", "2023-12-31")
    assert period("2023年1月1日——2023年12月31日") == ("2023-01-01", "2023-12-31")


@pytest.mark.parametrize(
    ("agency", "division"),
    [
        ("青禾市公安局文登分局", "青禾市"),
        ("青禾省临湖市东江县财政局", "青禾省临湖市东江县"),
        ("柳河镇人民政府", "柳河镇"),
        ("国家税务总局青禾市税务局", "青禾市"),
        ("某某大学", ""),
    ],
)
def test_regions(agency: str, division: str) -> None:
    assert region(agency) == division


@pytest.mark.parametrize(
    ("read", "typed", "agency"),
    [
        ("云栈市东篱区南睦镇人民政府", "云栈市东篱区南塍镇人民政府", "云栈市东篱区南塍镇人民政府"),
        ("云栈市第一中学", "云栈市第二中学", "云栈市第一中学"),
        ("云栈市林业局", "青禾市教育局", "云栈市林业局"),
        ("云栈市林业局", "云栈市林业和草原局", "云栈市林业局"),
    ],
)
def test_a_rare_character_misread_in_a_picture_is_taken_from_the_files_name(
    read: str, typed: str, agency: str
) -> None:
    sections = find_sections([Text(f"{read}2024年政府信息公开工作年度报告")])
    file = f"0007-{typed}2024年政府信息公开工作年度报告.png"
    assert read_head(sections, {}, file, recognised=True).agency == agency
    assert read_head(sections, {}, f"{typed}2024.png", recognised=True).agency == agency
    assert read_head(sections, {}, file).agency == read
