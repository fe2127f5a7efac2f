"""Agencies told by their names, completed by each other, joined and parted by a user's file, coded by a user's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.agencies import read_changes, registry
from extract.agencies.divisions import read_divisions
from extract.agencies.names import spelled, take_apart
from extract.errors import UsageError


@pytest.mark.parametrize(
    ("name", "parts", "level", "kind"),
    [
        ("槐浦市石砚县人民政府办公室", ("", "槐浦市", "石砚县", ""), "county", "government_office"),
        ("国家税务总局墨川市临湖区税务局", ("", "墨川市", "临湖区", ""), "county", "tax"),
        ("威海市公安局文登分局", ("", "威海市", "文登", ""), "county", "public_security"),
        ("湖州市自然资源和规划局临湖区分局", ("", "湖州市", "临湖区", ""), "county", "natural_resources"),
        ("淮安市人民政府", ("", "淮安市", "", ""), "prefecture", "government"),
        ("杏渚市市场监督管理局", ("", "杏渚市", "", ""), "prefecture", "market_regulation"),
        ("杏渚市住房和城乡建设局", ("", "杏渚市", "", ""), "prefecture", "housing"),
        ("听泉县市场监督管理局", ("", "", "听泉县", ""), "county", "market_regulation"),
        ("北京市朝阳区人民政府", ("北京市", "", "朝阳区", ""), "county", "government"),
        ("重庆市财政局", ("重庆市", "", "", ""), "province", "finance"),
        ("浙江省教育厅", ("浙江省", "", "", ""), "province", "education"),
        ("江苏省淮安市淮阴区统计局", ("江苏省", "淮安市", "淮阴区", ""), "county", "statistics"),
        (
            "内蒙古自治区锡林郭勒盟行政公署",
            ("内蒙古自治区", "锡林郭勒盟", "", ""),
            "prefecture",
            "government",
        ),
        ("杭州市余杭区南苑街道办事处", ("", "杭州市", "余杭区", "南苑街道办事处"), "town", "subdistrict"),
        ("稻岭市东篱区枕流镇人民政府", ("", "稻岭市", "东篱区", "枕流镇"), "town", "town"),
        ("长春经济技术开发区管理委员会", ("", "", "长春经济技术开发区", ""), "county", "zone"),
        ("海宁市市政管理局", ("", "海宁市", "", ""), "prefecture", "other"),
        ("义乌工商职业技术学院", ("", "", "", ""), "", "school"),
    ],
)
def test_a_name_says_where_and_what(name: str, parts: tuple[str, ...], level: str, kind: str) -> None:
    found = take_apart(spelled(name))
    assert (found.province, found.city, found.county, found.town) == parts
    assert (found.level, found.kind) == (level, kind)


def test_short_forms_are_written_out() -> None:
    assert spelled(" 槐浦市 政府（本级）") == "槐浦市人民政府"
    assert spelled("槐浦市卫健委") == "槐浦市卫生健康委员会"
    assert spelled("临湖区柳芽街道办") == "临湖区柳芽街道办事处"


def test_names_complete_each_other() -> None:
    found = registry(["苏州市昆山市教育局", "昆山市财政局", "江苏省苏州市人民政府", "苏州市水务局"])
    kunshan = found["昆山市财政局"]
    assert (kunshan.province, kunshan.city, kunshan.county, kunshan.level) == (
        "江苏省",
        "苏州市",
        "昆山市",
        "county",
    )
    assert found["苏州市水务局"].parent == "江苏省苏州市人民政府"
    assert kunshan.parent == "江苏省苏州市人民政府"


def test_a_county_of_two_cities_is_not_guessed() -> None:
    found = registry(["甲平市临湖区教育局", "乙平市临湖区教育局", "临湖区财政局"])
    assert found["临湖区财政局"].city == ""


def test_a_users_file_joins_and_parts(tmp_path: Path) -> None:
    own = tmp_path / "own_agencies.csv"
    own.write_text(
        "name,agency,change,since,kind\n"
        "墨川市工商局,墨川市市场监督管理局,merged,2019,\n"
        "墨川市市监局,墨川市市场监督管理局,alias,,\n"
        "墨川市规划局,墨川市自然资源和规划局,renamed,2019,\n"
        "墨川市大数据中心,,,,government_services\n",
        encoding="utf-8",
    )
    names = ["墨川市工商局", "墨川市市监局", "墨川市规划局", "墨川市大数据中心", "墨川市自然资源和规划局"]
    found = registry(names, read_changes(own))
    assert found["墨川市市监局"].agency == "墨川市市场监督管理局"
    assert (found["墨川市工商局"].successor, found["墨川市工商局"].merged_in) == (
        "墨川市市场监督管理局",
        2019,
    )
    assert found["墨川市规划局"] == found["墨川市自然资源和规划局"]
    assert found["墨川市规划局"].names == ("墨川市自然资源和规划局", "墨川市规划局")
    assert found["墨川市大数据中心"].kind == "government_services"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("墨川市工商局,x,merged,", "first year"),
        ("墨川市工商局,x,split,", "write one of"),
        (",x,alias,", "no name"),
    ],
)
def test_what_is_wrong_with_a_users_file_is_told(tmp_path: Path, line: str, says: str) -> None:
    own = tmp_path / "own.csv"
    own.write_text(f"name,agency,change,since\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"line 2.*{says}"):
        read_changes(own)


def test_codes_come_from_a_users_table(tmp_path: Path) -> None:
    table = tmp_path / "codes.csv"
    table.write_text("code,name\n110000,北京市\n110105,朝阳区\n210000,辽宁省\n211300,朝阳市\n220000,吉林省\n220100,长春市\n220104,朝阳区\n"
                     "320500,苏州市\n320583,昆山市\n", encoding="utf-8-sig")  # fmt: skip
    divisions = read_divisions(table)
    names = [
        "北京市朝阳区人民政府",
        "长春市朝阳区教育局",
        "朝阳区水务局",
        "昆山市财政局",
        "辽宁省朝阳市统计局",
    ]
    found = registry(names, (), divisions)
    assert [found[name].division_code for name in names] == ["110105", "220104", "", "320583", "211300"]
    assert found["昆山市财政局"].level == "county"
