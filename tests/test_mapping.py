"""Rows and columns found by their labels: variants, noise, misread characters, lines that are too many or few."""

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.form import EDITIONS, edition, variants
from extract.grid import grid_of
from extract.mapping import map_tables
from extract.model import Cell, Reading, Table
from extract.parted import parted
from extract.values import values_of
from made import REVIEW, consistent, requests_rows, table


def texts(*tables: Table) -> dict[str, str]:
    mapping = map_tables(tables)
    return {code: placed.cell.text for code, placed in mapping.placed.items()}


def numbered(form: str = "2021") -> dict[str, str]:
    """A different number in every cell, so that a swap of two lines cannot hide."""
    shape = edition(form).tables["requests"]
    keys = [f"{r.key}.{c.key}" for r in shape.rows for c in shape.columns]
    return {key: str(1000 + i) for i, key in enumerate(keys)}


@pytest.mark.parametrize("form", ["2021", "2019"])
def test_every_cell_of_the_requests_table(form: str) -> None:
    values = numbered(form)
    mapping = map_tables([table(requests_rows(values, form))])
    assert mapping.edition is not None and mapping.edition.name == form
    assert {c: p.cell.text for c, p in mapping.placed.items()} == {
        f"requests.{k}": v for k, v in values.items()
    }


def test_misread_labels_are_placed_by_likeness_and_order() -> None:
    rows = requests_rows(numbered())
    swaps = str.maketrans({"属": "厲", "开": "井", "息": "思", "科": "料", "织": "识", "政": "攻"})
    garbled = [[rows[0][i].translate(swaps) if i else "" for i in range(9)]]
    garbled += [[row[0].translate(swaps), row[1].translate(swaps), *row[2:]] for row in rows[1:]]
    assert texts(table(garbled)) == texts(table(rows))


def test_a_row_whose_label_is_lost_stands_between_its_neighbours() -> None:
    rows = requests_rows(numbered())
    rows[9][0] = rows[9][1] = ""
    assert len(texts(table(rows))) == 175


def test_columns_without_heads_keep_their_order() -> None:
    rows = requests_rows(numbered())
    rows[0][4] = rows[0][6] = ""
    assert len(texts(table(rows))) == 175


def test_traditional_characters_and_notes() -> None:
    rows = requests_rows(numbered())
    rows[0][3:6] = ["商業企業", "科研機構", "社會公益組織(指民辦非企業)"]
    rows[3][1] = "(一)予以公開"
    assert texts(table(rows)) == texts(table(requests_rows(numbered())))


def test_all_listed_wordings_are_known() -> None:
    labels = {
        part
        for e in EDITIONS
        for c in edition(e).cells.values()
        for part in (c.row_label + " / " + c.column_label).split(" / ")
    }
    assert set(variants()) <= labels


def test_an_extra_row_and_an_extra_column_are_kept_as_extras() -> None:
    rows = requests_rows(consistent())
    rows = [[*row, "历史累计" if i == 0 else str(i)] for i, row in enumerate(rows)]
    rows.insert(5, ["", "其他主动公开文件", *["7"] * 8])
    mapping = map_tables([table(rows)])
    extras = [(e.placed.row_label, e.placed.column_label, e.placed.cell.text) for e in mapping.extras]
    assert len(mapping.placed) == 175
    assert ("其他主动公开文件", "自然人", "7") in extras
    assert len([e for e in extras if e[1] == "历史累计"]) == 26


def test_a_row_that_is_not_printed_is_missing_and_nothing_shifts() -> None:
    values = numbered()
    rows = [row for row in requests_rows(values) if "国家秘密" not in row[1]]
    got = values_of(map_tables([table(rows)]))
    missing = [code for code, v in got.items() if v.status == "missing" and v.table == "requests"]
    assert missing == [c for c in got if c.startswith("requests.denied.state_secret.")]
    assert got["requests.denied.prohibited_by_law.total"].raw == values["denied.prohibited_by_law.total"]


def test_blank_columns_between_are_no_columns() -> None:
    rows = [[x for cell in row for x in (cell, "")] for row in requests_rows(numbered())]
    assert len(texts(table(rows))) == 175


def test_a_merged_stroke_stands_for_all_its_columns() -> None:
    rows = requests_rows(consistent())
    cells = [c for c in table(rows).cells if not (c.row == 2 and c.column >= 2)]
    cells.append(Cell(2, 2, "/", column_span=7))
    mapping = map_tables([Table(tuple(cells), "docx")])
    assert {mapping.placed[f"requests.carried_in.{c}"].cell.text for c in ("natural_person", "total")} == {
        "/"
    }


def test_a_merged_number_belongs_to_one_column_only() -> None:
    rows = requests_rows(consistent())
    cells = [c for c in table(rows).cells if not (c.row == 2 and c.column >= 2)]
    cells.append(Cell(2, 2, "5", column_span=7))
    values = values_of(map_tables([Table(tuple(cells), "docx")]))
    assert values["requests.carried_in.natural_person"].value == 5
    assert values["requests.carried_in.total"].status == "missing"


def test_the_review_table_in_one_row_and_upright() -> None:
    wide = texts(table(requests_rows(consistent())), table(REVIEW))
    upright = texts(
        table(requests_rows(consistent())), table([list(column) for column in zip(*REVIEW, strict=True)])
    )
    assert wide == upright
    assert (wide["review.upheld"], wide["review.corrected"], wide["litigation_after_review.total"]) == (
        "1",
        "2",
        "0",
    )


def test_the_review_table_as_three_rows() -> None:
    rows = [["", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"], ["行政复议", "1", "2", "3", "4", "10"],
            ["未经复议直接起诉", "5", "6", "7", "8", "26"], ["复议后起诉", "9", "8", "7", "6", "30"]]  # fmt: skip
    got = texts(table(rows))
    assert (got["review.total"], got["litigation_direct.pending"], got["litigation_after_review.upheld"]) == (
        "10",
        "8",
        "9",
    )


BLOCKS = [
    ["第二十条第（一）项", "", "", ""], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规 章", "1", "0", "11"], ["规范性文件", "8", "/", "66"],
    ["第二十条第（五）项", "", "", ""], ["信息内容", "本年处理绝对数量", "", ""], ["行政许可", "447,228", "", ""],
    ["第二十条第（六）项", "", "", ""], ["信息内容", "本年处理决定数量", "", ""], ["行政处罚", "5", "", ""],
    ["行政强制", "-", "", ""], ["第二十条第（八）项", "", "", ""], ["信息内容", "本年收费金额（单位：元）", "", ""],
    ["行政事业性收费", "251000", "", ""],
]  # fmt: skip


def test_the_blocks_of_proactive_disclosure() -> None:
    got = values_of(map_tables([table(BLOCKS)]))
    assert got["proactive.regulations.in_force"].value == 11
    assert (
        got["proactive.normative_documents.repealed"].value,
        got["proactive.normative_documents.repealed"].filled,
    ) == (None, 0)
    assert got["proactive.licensing.decisions"].value == 447228
    assert got["proactive.coercion.decisions"].status == "blank"
    assert (got["proactive.fees.amount"].value, got["proactive.fees.amount"].unit) == (
        Decimal("25.1"),
        "万元",
    )


def test_each_block_may_be_a_table_of_its_own() -> None:
    pieces = [BLOCKS[0:4], BLOCKS[4:7], BLOCKS[7:11], BLOCKS[11:]]
    assert texts(*map(table, pieces)) == texts(table(BLOCKS))


def test_other_tables_are_no_form() -> None:
    other = [
        ["科室", "行政许可", "行政处罚"],
        ["法规科", "3", "4"],
        ["审批科", "5", "6"],
        ["合计", "8", "10"],
    ]
    budget = [["项目", "预算数", "决算数"], ["公务接待费", "3", "4"], ["总计", "3", "4"]]
    assert map_tables([table(other), table(budget)]).edition is None


def test_two_tables_for_the_same_cells_are_told() -> None:
    mapping = map_tables([table(requests_rows(consistent(3))), table(requests_rows(consistent(4)))])
    assert mapping.placed["requests.new.total"].cell.text == "3"
    assert [(c.kept, c.other) for c in mapping.conflicts][:1] == [("3", "4")]


@pytest.mark.parametrize(("source", "found"), [("picture", True), ("docx", False)])
def test_in_pictures_a_worn_head_of_a_block_is_told_by_its_place(source: str, found: bool) -> None:
    """本年制发件数, 本年废止件数, 现行有效件数: the last is worn beyond any likeness. In text of a file it is another column."""
    rows = [
        ["第二十条第（一）项", "", "", ""],
        ["信息内容", "本年制发件数", "本年废止件数", "民守口目"],
        ["规章", "0", "0", "5"],
        ["行政规范性文件", "3", "0", "7"],
    ]
    placed = map_tables([table(rows, source, 0.99 if source == "picture" else None)]).placed
    codes = ("proactive.regulations.in_force", "proactive.normative_documents.in_force")
    assert [code in placed for code in codes] == [found, found]
    assert placed["proactive.normative_documents.issued"].cell.text == "3"


@pytest.mark.parametrize(("source", "found"), [("picture", True), ("docx", False)])
def test_in_pictures_a_worn_label_beside_a_head_that_agrees_is_known(source: str, found: bool) -> None:
    """行政许可 stands alone in its block, so nothing but the head bears out a label of which a character is misread."""
    rows = [["第二十条第（五）项", ""], ["\ufffd", "本年处理决定数量"], ["行散许可", "12"]]
    blocks = [table(rows, source, 0.99 if source == "picture" else None)]
    assert (
        "proactive.licensing.decisions" in map_tables([*blocks, table(requests_rows(consistent(3)))]).placed
    ) == found


@pytest.mark.parametrize(("confidence", "found"), [(0.4, True), (0.99, False)])
def test_the_only_head_of_a_row_is_told_by_its_place_where_it_was_badly_read(
    confidence: float, found: bool
) -> None:
    """A head that was clearly read and is another is none of the form's."""
    rows = [
        ["信息内容", "本华处漫绝对警盖"],
        ["行政许可", "76"],
        ["信息内容", "本年处理决定数量"],
        ["行政处罚", "87"],
        ["行政强制", "29"],
    ]
    placed = map_tables([table(rows, "picture", confidence)]).placed
    assert ("proactive.licensing.decisions" in placed) == found
    assert not found or placed["proactive.licensing.decisions"].doubt == "column_unknown"
    assert (
        placed["proactive.penalties.decisions"].cell.text == "87"
        and not placed["proactive.penalties.decisions"].doubt
    )


def test_a_label_and_its_number_in_one_cell_of_a_picture_are_parted() -> None:
    head = [Cell(0, 0, "信息内容", 1, 1), Cell(0, 1, "本年处理决定数量", 1, 3)]
    rows = [Cell(1, 0, "行政处罚732", 1, 4), Cell(2, 0, "行政强制", 1, 1), Cell(2, 1, "6", 1, 3)]
    cells = tuple(replace(c, candidates=(Reading(c.text, 0.98),)) for c in [*head, *rows])
    placed = map_tables([Table(cells, "picture")]).placed
    number = placed["proactive.penalties.decisions"]
    assert (number.cell.text, number.row_label, number.cell.confidence) == ("732", "行政处罚", 0.5)
    assert placed["proactive.coercion.decisions"].cell.text == "6"
    assert "proactive.penalties.decisions" not in map_tables([Table(cells, "docx")]).placed


def test_what_is_no_row_of_the_form_is_not_parted() -> None:
    """第二十条第（五）项 5, and a sentence with a number, stay one cell."""
    cells = [
        Cell(n, 0, text, 1, 2) for n, text in enumerate(["第二十条第（五）项5", "全年共办结732", "行政许可"])
    ]
    grid = grid_of(Table(tuple(cells), "picture"))
    assert parted(grid, ["行政许可", "行政处罚"]) == grid


@pytest.mark.parametrize(
    ("source", "numbers", "found"), [("picture", 15, True), ("picture", 14, False), ("docx", 15, False)]
)
def test_fifteen_numbers_under_worn_heads_of_a_picture_are_the_outcomes_in_doubt(
    source: str, numbers: int, found: bool
) -> None:
    rows = [["摆特", "正", "眾", *["\ufffd"] * (numbers - 3)], [str(n) for n in range(numbers)]]
    placed = map_tables([table(rows, source, 0.9 if source == "picture" else None)]).placed
    assert len(placed) == (15 if found else 0)
    if found:
        assert (
            placed["review.total"].cell.text == "4"
            and placed["litigation_after_review.total"].cell.text == "14"
        )
        assert {p.doubt for p in placed.values()} == {"column_unknown"}


def test_a_row_of_a_picture_is_known_by_its_name_where_strokes_left_of_it_passed_for_figures() -> None:
    """第二十条第（五）项 beside two rows, cut by what passed for a line: 51 is none of its numbers."""
    rows = [
        ["第二十", "条", "信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["第（项", "51", "行政许可", "16", "0", "59"],
        ["", "", "其他对外管理服务事项", "5", "减5", "642"],
    ]
    mapping = map_tables([table(rows, "picture", 0.95)])
    found = mapping.placed
    texts = {code.rpartition(".")[2]: p.cell.text for code, p in found.items() if ".licensing." in code}
    assert texts == {"items_last_year": "16", "items_change": "0", "decisions": "59"}
    assert [e.placed.cell.text for e in mapping.extras] == ["51"]  # no number of the row, and not lost
