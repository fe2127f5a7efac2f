"""Tables that a page break cut: put together again wherever it cuts, and never where two tables are two."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.mapping import map_tables
from extract.model import Box, Cell, Place, Table, Text
from extract.split import split
from extract.stitch import stitch
from extract.values import values_of
from made import REVIEW, consistent, requests_rows, table

ROWS = requests_rows(consistent())


def placed(made: Table, page: int) -> Table:
    """The table with boxes as on a page: 20 points a row, 40 a column."""
    cells = tuple(
        replace(
            c,
            place=Place(
                page=page, box=Box(40.0 * c.column, 20.0 * c.row, 40.0 * c.column + 40, 20.0 * c.row + 20)
            ),
        )
        for c in made.cells
    )
    box = Box(0, 0, 40.0 * made.n_columns, 20.0 * made.n_rows)
    return replace(made, cells=cells, place=Place(page=page, box=box))


def filled(blocks: tuple[object, ...]) -> dict[str, object]:
    values = values_of(map_tables([b for b in blocks if isinstance(b, Table)]))
    return {code: value.filled for code, value in values.items() if code.startswith("requests.")}


WHOLE = filled((placed(table(ROWS), 1),))


@given(st.integers(2, len(ROWS) - 1), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_cut_anywhere_heals(at: int, head: bool, number: bool) -> None:
    second = [*(ROWS[:1] if head else []), *ROWS[at:]]
    between = (Text("- 1 -", Place(page=1)),) if number else ()
    blocks = stitch((placed(table(ROWS[:at]), 1), *between, placed(table(second), 2)))
    assert sum(isinstance(b, Table) for b in blocks) == 1
    assert filled(blocks) == WHOLE


def test_two_tables_stay_two() -> None:
    blocks = stitch((placed(table(ROWS), 1), Text("四、复议", Place(page=1)), placed(table(REVIEW), 2)))
    assert [type(b).__name__ for b in blocks] == ["Table", "Text", "Table"]
    blocks = stitch((placed(table(ROWS), 1), placed(table(REVIEW), 2)))
    assert sum(isinstance(b, Table) for b in blocks) == 2


def test_a_heading_inside_a_table_cuts_it() -> None:
    width = len(ROWS[0])
    first = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "0", "2"],
        ["行政规范性文件", "3", "1", "9"],
    ]
    rows = [[*row, *[""] * (width - len(row))] for row in first]
    rows += [["三、收到和处理政府信息公开申请情况", *[""] * (width - 1)], *ROWS]
    blocks = split((table(rows),))
    assert [type(b).__name__ for b in blocks] == ["Table", "Text", "Table"]
    values = values_of(map_tables([b for b in blocks if isinstance(b, Table)]))
    assert values["proactive.normative_documents.in_force"].filled == 9
    assert values["requests.new.total"].filled == 3


def test_a_row_that_only_looks_like_a_heading_does_not_cut() -> None:
    rows = [["三、收到和处理政府信息公开申请情况", "1"], ["甲", "2"]]
    made = Table(tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)), "docx")
    assert split((made,)) == (made,)
