"""What published tables look like: each variant by its name, with the reading that is right."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.derive import derive
from extract.mapping import Mapping, map_tables
from extract.model import Cell, Place, Table, Text
from extract.numbers import parse
from extract.settings import Settings
from extract.split import split
from extract.stitch import stitch
from extract.values import Value, values_of
from made import REVIEW, requests_rows, table
from test_mapping import numbered

PROACTIVE_2021 = [
    ["第二十条第（一）项", "", "", ""], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], ["规章", "1", "2", "3"],
    ["行政规范性文件", "4", "5", "6"], ["第二十条第（五）项", "", "", ""], ["信息内容", "本年处理决定数量", "", ""],
    ["行政许可", "7", "", ""], ["第二十条第（六）项", "", "", ""], ["信息内容", "本年处理决定数量", "", ""], ["行政处罚", "8", "", ""],
    ["行政强制", "9", "", ""], ["第二十条第（八）项", "", "", ""], ["信息内容", "本年收费金额（单位：万元）", "", ""],
    ["行政事业性收费", "10", "", ""],
]  # fmt: skip
READ_2021 = {
    "regulations.issued": 1, "regulations.repealed": 2, "regulations.in_force": 3, "normative_documents.issued": 4,
    "normative_documents.repealed": 5, "normative_documents.in_force": 6, "licensing.decisions": 7, "penalties.decisions": 8,
    "coercion.decisions": 9, "fees.amount": 10,
}  # fmt: skip
PROACTIVE_2019 = [
    ["第二十条第（一）项", "", "", ""], ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"], ["规章", "1", "2", "3"],
    ["规范性文件", "4", "5", "6"], ["第二十条第（五）项", "", "", ""], ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政许可", "7", "+8", "9"], ["其他对外管理服务事项", "10", "-1", "12"], ["第二十条第（九）项", "", "", ""],
    ["信息内容", "采购项目数量", "采购总金额", ""], ["政府集中采购", "13", "14", ""],
]  # fmt: skip
READ_2019 = {
    "regulations.made": 1, "regulations.disclosed": 2, "regulations.total_disclosed": 3, "normative_documents.made": 4,
    "normative_documents.disclosed": 5, "normative_documents.total_disclosed": 6, "licensing.items_last_year": 7,
    "licensing.items_change": 8, "licensing.decisions": 9, "other_services.items_last_year": 10,
    "other_services.items_change": -1, "other_services.decisions": 12, "procurement.items": 13, "procurement.amount": 14,
}  # fmt: skip


def changed(rows: list[list[str]], wording: dict[str, str]) -> list[list[str]]:
    return [[wording.get(text, text) for text in row] for row in rows]


def values(mapping: Mapping) -> dict[str, Value]:
    assert mapping.edition is not None
    return derive(values_of(mapping), mapping.edition.checks, Settings())


def proactive(rows: list[list[str]]) -> dict[str, object]:
    found = values(map_tables([table(rows)]))
    return {
        code.removeprefix("proactive."): value.filled
        for code, value in found.items()
        if code.startswith("proactive.") and value.status != "missing"
    }


@pytest.mark.parametrize(
    "wording",
    [
        {"规章": "规 章"}, {"行政规范性文件": "规范性文件"}, {"现行有效件数": "现行有效件数（历史累计）"},
        {"现行有效件数": "现行有效\n件数"},
        {"本年处理决定数量": "本年处理绝对数量"}, {"第二十条第（一）项": "第二十条  第（一）项"},
        {"第二十条第（一）项": "第二十条第(一）项"},
        {"第二十条第（一）项": ""}, {"信息内容": "信息\n内容"}, {"本年收费金额（单位：万元）": "本年收费金额(单位:万元)"},
        {"行政许可": "行(xíng)政(zhèng)許(xǔ)可"}, {"本年制发件数": "本年制發件數"}, {"行政强制": "行政強制"},
    ],
)  # fmt: skip
def test_wordings_of_the_first_table_of_2021(wording: dict[str, str]) -> None:
    assert proactive(changed(PROACTIVE_2021, wording)) == READ_2021


@pytest.mark.parametrize(
    "wording",
    [
        {"规章": "規章(設區的市和自治州應提供相關數據)"}, {"上一年项目数量": "上一年項目數量(指2019年事項數)"},
        {"本年新制作数量": "本年新"}, {"本年增/减": "本年增／减"}, {"本年增/减": "本年增减"}, {"规范性文件": "行政规范性文件"},
        {"处理决定数量": "本年处理决定数量"}, {"其他对外管理服务事项": "其它对外管理服务事项"},
    ],
)  # fmt: skip
def test_wordings_of_the_first_table_of_2019(wording: dict[str, str]) -> None:
    assert proactive(changed(PROACTIVE_2019, wording)) == READ_2019


@pytest.mark.parametrize(
    "wording",
    [
        {"商业企业": "商业 企业"}, {"商业企业": "商业\n企业"}, {"自然人": "自然 人"}, {"总计": "总 计"}, {"总计": "合计"},
        {"科研机构": "科研\n机构"}, {"二、上年结转政府信息公开申请数量": "二、上年结转政府信息公开数量"},
        {"社会公益组织": "社会公益组 织"}, {"法律服务机构": "法律服务機構"}, {"（一）予以公开": "(一)予以公开"},
        {"（七）总计": "(七）总 计"},
        {"1.属于国家秘密": "1．属于国家秘密"}, {"3.危及“三安全一稳定”": '3、危及"三安全一稳定"'},
        {"一、本年新收政府信息公开申请数量": "一、本年新收政府信(xin)息公(gong)開申请數(shù)量"},
    ],
)  # fmt: skip
def test_wordings_of_the_requests_table(wording: dict[str, str]) -> None:
    rows = changed(requests_rows(numbered()), wording)
    assert any(text in wording.values() for row in rows for text in row)
    found = {code: p.cell.text for code, p in map_tables([table(rows)]).placed.items()}
    assert found == {f"requests.{key}": text for key, text in numbered().items()}


def test_a_sentence_about_sums_in_the_first_head() -> None:
    rows = requests_rows(numbered())
    rows[0][0] = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert len(map_tables([table(rows)]).placed) == 175


def test_dozens_of_empty_columns() -> None:
    rows = [row + [""] * 30 for row in requests_rows(numbered())]
    mapping = map_tables([table(rows)])
    assert len(mapping.placed) == 175 and mapping.extras == ()


def test_heads_of_one_character_a_line() -> None:
    rows = [["\n".join(text) for text in row] if r == 2 else row for r, row in enumerate(REVIEW)]
    found = {c: p.cell.text for c, p in map_tables([table(rows)]).placed.items()}
    assert (found["review.upheld"], found["review.total"], len(found)) == ("1", "3", 15)


def test_the_requests_table_on_three_pages_with_its_head_on_each() -> None:
    head, *body = requests_rows(numbered())
    parts = [[head, *body[:9]], [head, *body[9:17]], [head, *body[17:]]]
    blocks = [
        Table(
            tuple(cell_on(page, r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)),
            "pdf",
            Place(page=page),
        )
        for page, rows in enumerate(parts, 1)
    ]
    joined = [
        block
        for block in stitch([blocks[0], Text("- 1 -", Place(page=1)), *blocks[1:]])
        if isinstance(block, Table)
    ]
    assert len(map_tables(joined).placed) == 175


def cell_on(page: int, row: int, column: int, text: str) -> Cell:
    return Cell(row, column, text, place=Place(page=page))


def test_a_row_and_a_column_more_are_kept_with_their_labels() -> None:
    rows = [
        [*row, "历史累计" if "信息内容" in row else ("77" if row[1].isdigit() else "")]
        for row in PROACTIVE_2021
    ]
    rows.insert(4, ["其他主动公开文件", "21", "22", "23", "24"])
    mapping = map_tables([table(rows)])
    assert {c: p.cell.text for c, p in mapping.placed.items() if "issued" in c} == {
        "proactive.regulations.issued": "1", "proactive.normative_documents.issued": "4"
    }  # fmt: skip
    extras = {(e.placed.row_label, e.placed.cell.text) for e in mapping.extras}
    assert {("其他主动公开文件", n) for n in ("21", "22", "23", "24")} | {("规章", "77")} <= extras


ZEROS = {
    "zero": "0", "blank": "", "half stroke": "/", "full stroke": "／", "hyphen": "-", "dash": "—", "two dashes": "——", "word": "无",
    "old word": "無", "piece": "0件", "full width": "０", "blanks": " \u3000 ",
}  # fmt: skip


@pytest.mark.parametrize("style", ZEROS)
def test_ways_to_print_zero(style: str) -> None:
    printed = ZEROS[style]
    found = values(
        map_tables([table(requests_rows({"new.natural_person": "3", "new.total": "3"}, blank=printed))])
    )
    cell = found["requests.new.business"]
    number = style in {"zero", "piece", "full width"}
    assert (cell.value, cell.filled, cell.status) == (
        0 if number else None,
        0,
        "printed" if number else "blank",
    )
    assert cell.raw == printed


def test_one_cell_filled_and_all_others_blank() -> None:
    """A requests table where only one applicant's number is printed: the totals are derived, the rest is 0."""
    found = values(map_tables([table(requests_rows({"new.natural_person": "3"}, blank=""))]))
    assert (found["requests.new.total"].filled, found["requests.new.total"].status) == (3, "derived")
    assert found["requests.granted.natural_person"].status == "blank"


def test_parts_blank_and_totals_printed() -> None:
    rows = requests_rows({f"{row}.total": "0" for row in ("new", "carried_in", "results_total")}, blank="")
    found = values(map_tables([table(rows)]))
    assert found["requests.new.total"].value == 0 and found["requests.new.natural_person"].value is None


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("+2", "2", ""), ("-1", "-1", ""), ("增2", "2", ""), ("减2", "-2", ""), ("減2", "-2", ""), ("新增3", "3", ""), ("减少4", "-4", ""),
        ("＋５", "5", ""), ("﹣6", "-6", ""), ("38.441094", "38.441094", ""), ("18.8710", "18.8710", ""),
        ("43.788万元", "43.788", "万元"), ("2736740元", "2736740", "元"), ("258.5亿元", "258.5", "亿元"), ("1，234", "1234", ""),
        ("1,234,567", "1234567", ""), ("１２３", "123", ""), ("2764.2万宗", "27642000", ""), ("173769万条", "1737690000", ""),
        ("12批次", "12", ""), ("3人次", "3", ""), ("8篇", "8", ""),
    ],
)  # fmt: skip
def test_signs_figures_and_units(text: str, number: str, unit: str) -> None:
    found = parse(text)
    assert (found.kind, found.value, found.unit) == ("number", Decimal(number), unit)


@pytest.mark.parametrize(
    ("head", "printed", "filled", "unit"),
    [
        ("本年收费金额（单位：万元）", "43.788", "43.788", "万元"), ("本年收费金额（单位：万元）", "43.788万元", "43.788", "万元"),
        ("本年收费金额（单位：万元）", "251000元", "25.1", "万元"), ("本年收费金额（单位：元）", "251000", "25.1", "万元"),
        ("本年收费金额", "1.5亿元", "15000", "万元"), ("本年收费金额", "5", "5", "万元"),
    ],
)  # fmt: skip
def test_amounts_of_2021_are_in_wan(head: str, printed: str, filled: str, unit: str) -> None:
    rows = changed(PROACTIVE_2021, {"本年收费金额（单位：万元）": head, "10": printed})
    cell = values(map_tables([table(rows)]))["proactive.fees.amount"]
    assert (cell.filled, cell.unit, cell.raw) == (Decimal(filled), unit, printed)


@pytest.mark.parametrize(
    ("printed", "filled", "unit"), [("2736740元", "273.674", "万元"), ("2736740", "2736740", "")]
)
def test_an_amount_of_2019_without_a_unit_stays_as_printed(printed: str, filled: str, unit: str) -> None:
    cell = values(map_tables([table(changed(PROACTIVE_2019, {"14": printed}))]))[
        "proactive.procurement.amount"
    ]
    assert (cell.filled, cell.unit) == (Decimal(filled), unit)


def test_a_report_typed_into_one_table_is_cut_at_its_headings() -> None:
    rows = [
        ["二、主动公开政府信息情况", "", "", ""],
        *PROACTIVE_2021,
        ["六、其他需要报告的事项", "", "", ""],
        ["无", "", "", ""],
    ]
    blocks = split([table(rows)])
    assert [b.text for b in blocks if isinstance(b, Text)] == [
        "二、主动公开政府信息情况",
        "六、其他需要报告的事项",
    ]
    found = values(map_tables([b for b in blocks if isinstance(b, Table)]))
    assert found["proactive.fees.amount"].filled == 10
