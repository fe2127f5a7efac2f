"""The statistics sheet of 2014 and the local forms before it: columns told apart, rows in order, nothing dropped."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.checks import evaluate
from extract.derive import derive
from extract.form import edition
from extract.mapping import Mapping, map_tables
from extract.model import Picture, Table, Text
from extract.reconcile import reconcile
from extract.settings import Settings
from extract.skeleton import expectations
from extract.split import split
from extract.stitch import stitch
from extract.values import Value, values_of
from made import table

FORM = edition("2014")
SHEET = FORM.tables["statistics"]
CODES = list(FORM.cells)


def sheet_rows(values: dict[str, str], stroke: str = "——", blank: str = "0") -> list[list[str]]:
    """The official sheet: heads, then label, unit and number; headings have strokes."""
    rows = [["统计指标", "单位", "统计数"]]
    for line in SHEET.lines:
        cell = SHEET.cells.get((line.key, "count"))
        rows.append(
            [line.path[-1], *((cell.unit, values.get(cell.code, blank)) if cell else (stroke, stroke))]
        )
    return rows


def numbered() -> dict[str, str]:
    return {code: str(100 + i) for i, code in enumerate(CODES)}


def placed(*tables: Table) -> dict[str, str]:
    return {code: p.cell.text for code, p in map_tables(tables).placed.items()}


def values(mapping: Mapping) -> dict[str, Value]:
    assert mapping.edition is not None
    return derive(values_of(mapping), mapping.edition.checks, Settings())


def verdicts(numbers: dict[str, str], blank: str = "0") -> dict[str, str]:
    mapping = map_tables([table(sheet_rows(numbers, blank=blank))])
    assert mapping.edition is not None
    rules = (*mapping.edition.checks, *mapping.edition.limits)
    return {r.check: r.verdict for r in evaluate(values(mapping), rules, Settings())}


@pytest.mark.parametrize("stroke", ["——", "", "—", "/"])
def test_every_cell_of_the_sheet(stroke: str) -> None:
    mapping = map_tables([table(sheet_rows(numbered(), stroke))])
    assert mapping.edition is not None and mapping.edition.name == "2014"
    assert {code: p.cell.text for code, p in mapping.placed.items()} == numbered()
    assert mapping.extras == ()


def test_a_code_column_is_never_read_as_values() -> None:
    for head, mark in (("代码", "{:02d}"), ("", "{}"), ("序号", "{}")):
        rows = sheet_rows(numbered(), stroke="")
        coded = [[row[0], head if i == 0 else mark.format(i), *row[1:]] for i, row in enumerate(rows)]
        assert placed(table(coded)) == numbered()
        assert map_tables([table(coded)]).extras == ()


@pytest.mark.parametrize(
    ("heads", "column"),
    [
        (["本级", "汇总"], 0), (["汇总", "本级"], 1), (["统计数（本级）", "统计数（汇总）"], 0), (["历年累计", "2016年度"], 1),
        (["2015年", "2016年"], 1), (["上年", "本年"], 1), (["区政府", "区直", "乡镇", "合计"], 3), (["本期实际", "本年累计"], 1),
    ],
)  # fmt: skip
def test_of_several_columns_of_values_one_fills_the_form_and_the_others_are_extras(
    heads: list[str], column: int
) -> None:
    rows = [[*row[:2], *([row[2]] * len(heads))] for row in sheet_rows(numbered())]
    rows[0][2:] = heads
    for row in rows[1:]:
        if row[2].isdigit():
            row[2:] = [row[2] if k == column else str(7000 + k) for k in range(len(heads))]
    mapping = map_tables([table(rows)])
    assert {code: p.cell.text for code, p in mapping.placed.items()} == numbered()
    assert len(mapping.extras) == 58 * (len(heads) - 1)
    assert {e.placed.column_label for e in mapping.extras} == {h for k, h in enumerate(heads) if k != column}


def test_a_title_in_the_first_row_says_nothing_about_columns() -> None:
    rows = [["政府信息公开情况统计表（2016年度）"] * 4, *([*row, "9"] for row in sheet_rows(numbered()))]
    rows[1][2:] = ["合计", "乡镇"]
    assert placed(table(rows)) == numbered()


def test_amounts_are_in_wan_whatever_unit_the_sheet_gives() -> None:
    rows = sheet_rows({"fees.amount": "380", "capacity.budget": "5.2万元"})
    for row in rows:
        row[1] = "元" if row[1] == "万元" else row[1]
    found = values(map_tables([table(rows)]))
    assert (found["fees.amount"].filled, found["fees.amount"].unit) == (Decimal("0.0380"), "万元")
    assert found["capacity.budget"].filled == Decimal("5.2")


def test_a_row_that_is_not_there_shifts_nothing_and_one_more_is_an_extra() -> None:
    rows = sheet_rows(numbered())
    gone = next(i for i, row in enumerate(rows) if "传真" in row[0])
    rows[gone] = ["5.其他申请数", "件", "4321"]
    mapping = map_tables([table(rows)])
    found = {code: p.cell.text for code, p in mapping.placed.items()}
    assert found == {c: n for c, n in numbered().items() if c != "requests.received.fax"}
    assert [(e.placed.row_label, e.placed.cell.text) for e in mapping.extras] == [("5.其他申请数", "4321")]


def test_sums_and_limits() -> None:
    parts = {"requests.received": "7", "requests.received.online": "5", "requests.received.letter": "2"}
    assert set(verdicts(parts).values()) == {"holds"} and len(verdicts(parts)) == 10
    assert verdicts({"requests.received": "7"})["requests.received"] == "source_error"
    leaders = "response.press_conferences_by_leaders"
    assert verdicts({leaders: "3", "response.press_conferences": "3"})[f"{leaders}.within"] == "holds"
    assert verdicts({leaders: "4", "response.press_conferences": "3"})[f"{leaders}.within"] == "source_error"


def test_a_blank_total_is_derived_but_a_blank_parent_is_not() -> None:
    rows = sheet_rows(
        {"requests.received.online": "5", "response.press_conferences_by_leaders": "2"}, blank=""
    )
    found = values(map_tables([table(rows)]))
    assert (found["requests.received"].status, found["requests.received"].filled) == ("derived", 5)
    assert (found["response.press_conferences"].status, found["response.press_conferences"].filled) == (
        "blank",
        0,
    )


def test_headings_of_groups_cut_no_sheet_in_two() -> None:
    sheet = table(sheet_rows(numbered(), stroke=""))
    assert split([Text("附件"), sheet]) == (Text("附件"), sheet)


def test_labels_that_are_whole_are_not_joined_over_a_page() -> None:
    rows = list(sheet_rows(numbered()))
    cut = next(i for i, row in enumerate(rows) if "在线访谈次数" in row[0]) + 1
    rows[cut][0] = "主要负责同志参加政府网站在线访谈次数"
    joined = stitch([table(rows[:cut]), table(rows[cut:])])
    assert len(joined) == 1 and isinstance(joined[0], Table)
    assert placed(joined[0]) == numbered()


@pytest.mark.parametrize("more", [0, 1, 2])
def test_the_sheets_own_shape_is_known(more: int) -> None:
    rows = [[row[0], *["7"] * min(more, 1), *row[1:], *["8"] * (more > 1)] for row in sheet_rows(numbered())]
    sheet = table(rows, "picture", 0.9)
    guess = expectations(sheet.cells)[min(more, 1)]
    assert {guess.wordings[i][0] for i in guess.probes} >= {"统计指标", "单位", "万元"}
    told = {cell.text for i, cell in enumerate(sheet.cells) if i in guess.wordings}
    assert told == {guess.wordings[i][0] for i in guess.wordings}
    assert not guess.idle


@given(st.sets(st.integers(1, 65), max_size=12), st.sampled_from(["docx", "picture"]))
@settings(max_examples=40, deadline=None)
def test_rows_lost_anywhere_leave_the_others_in_place(lost: set[int], source: str) -> None:
    rows = sheet_rows(numbered())
    kept = [row for i, row in enumerate(rows) if i not in lost]
    expected = {code: n for code, n in numbered().items() if any(row[2] == n for row in kept)}
    assert placed(table(kept, source, 0.99 if source == "picture" else None)) == expected


LOCAL = [
    ["指标名称", "计量单位", "代码", "本期实际", "本年累计"],
    ["主动公开信息数", "条", "01", "310", "1251"],
    ["其中：全文电子化的主动公开信息数", "条", "02", "300", "1200"],
    ["新增的行政规范性文件数", "条", "03", "2", "6"],
    ["依申请公开信息目录数", "条", "04", "", ""],
    ["收到申请数", "件", "05", "3", "12"],
    ["其中：1.当面申请数", "件", "06", "1", "4"],
    ["网上申请数", "件", "07", "2", "8"],
    ["接受行政复议申请数", "件", "08", "0", "1"],
    ["举报投诉数量", "件", "09", "0", "2"],
]


def test_a_local_form_keeps_every_row_and_gives_a_code_to_what_is_the_same() -> None:
    mapping = map_tables([table(LOCAL)])
    assert mapping.edition is not None and mapping.edition.name == "local"
    found = values(mapping)
    codes = {code: found[code].filled for code in found if not code.startswith("extra.")}
    assert codes == {"requests.received": 12, "requests.received.online": 8, "complaints.total": 2}
    kept = {(v.row_label, v.column_label): v.raw for v in found.values() if v.code.startswith("extra.")}
    for label, _, _, period, year in LOCAL[1:]:
        assert period == "" or kept[label, "本期实际"] == period
        assert kept.get((label, "本年累计"), year) == year
    assert "依申请公开信息目录数" in {label for label, _ in kept}
    assert not any(raw in {"01", "05"} for raw in kept.values())
    assert mapping.edition.checks == ()


def test_a_short_sheet_of_labels_that_2014_has_too_is_local_all_the_same() -> None:
    rows = [
        LOCAL[0],
        *(
            row
            for row in LOCAL
            if row[0] in {"收到申请数", "其中：1.当面申请数", "网上申请数", "举报投诉数量"}
        ),
    ]
    mapping = map_tables([table(rows)])
    assert mapping.edition is not None and mapping.edition.name == "local"
    assert set(mapping.placed) == set(mapping.edition.cells) == {
        "requests.received", "requests.received.online", "complaints.total"
    }  # fmt: skip


def test_what_a_page_break_leaves_of_a_sheet_is_still_the_sheet() -> None:
    mapping = map_tables([table(sheet_rows(numbered())[40:])])
    assert mapping.edition is not None and mapping.edition.name == "2014"
    assert {c: p.cell.text for c, p in mapping.placed.items()} == dict(
        list(numbered().items())[-len(mapping.placed) :]
    )


def test_a_form_with_years_and_totals_of_all_years() -> None:
    rows = [["指标名称", "计量单位", "2009年度", "历年累计"], ["信函申请数", "件", "5", "31"], ["当面申请数", "件", "2", "9"],
            ["政务公开栏更新数", "次", "48", "300"]]  # fmt: skip
    mapping = map_tables([table(rows)])
    assert {c: p.cell.text for c, p in mapping.placed.items()} == {
        "requests.received.letter": "5", "requests.received.in_person": "2"
    }  # fmt: skip
    assert [e.placed.cell.text for e in mapping.extras] == ["31", "9", "48", "300"]


def test_tables_about_something_else_are_no_local_form() -> None:
    other = [["项目", "单位", "数量"], ["新建公路", "公里", "12"], ["植树", "棵", "500"], ["桥梁", "座", "3"]]
    assert map_tables([table(other)]).edition is None
    assert map_tables([table([["甲", "乙", "丙"], ["1", "2", "3"]])]).edition is None


def test_an_empty_picture_is_no_sheet() -> None:
    assert split([Picture("page-1", b"")]) == (Picture("page-1", b""),)


def test_a_part_without_heads_and_with_two_columns_of_values_is_looked_at() -> None:
    """上年 beside 本年, and the page with the heads was not joined to it: nothing says which column is which."""
    rows = [[label, unit, "7", number] for label, unit, number in sheet_rows(numbered())[40:]]
    found = values(map_tables([table(rows)]))
    read = [v for v in found.values() if v.code in CODES and v.status == "printed"]
    assert len(read) >= 10 and all(v.review_reason == "column_unknown" and v.confidence <= 0.5 for v in read)
    checks = (*FORM.checks, *FORM.limits)
    assert "source_error" not in {r.verdict for r in evaluate(found, checks, Settings())}
    seen = map_tables([table(rows, "picture", 0.9999)])
    weighed = reconcile(values_of(seen), checks, Settings())
    assert all(
        v.review and v.confidence <= 0.5
        for v in weighed.values()
        if v.code in CODES and v.status == "printed"
    )
    assert "source_error" not in {r.verdict for r in evaluate(weighed, checks, Settings())}
    one = values(map_tables([table(sheet_rows(numbered())[40:])]))
    assert not any(v.review for v in one.values() if v.status == "printed")


@pytest.mark.parametrize("number", [".2.", "·2·", "- 2 -", "2"])
def test_a_page_number_parts_no_sheet(number: str) -> None:
    rows = sheet_rows(numbered())
    parts = [table(rows[:20]), Text(number), table(rows[20:])]
    whole = [block for block in stitch(parts) if isinstance(block, Table)]
    assert [t.n_rows for t in whole] == [len(rows)]
