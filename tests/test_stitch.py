"""Tables that a page break cut: put together again wherever it cuts, and never where two tables are two."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.form import edition
from extract.mapping import map_tables
from extract.model import Block, Box, Cell, Place, Reading, Table, Text
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


def test_parts_bent_by_a_camera_are_compared_straight() -> None:
    """The boxes of a leaning page's cells say other shares than its straightened columns do."""
    first, second = placed(table(ROWS[:9], "picture", 0.99), 1), placed(table(ROWS[9:], "picture", 0.99), 2)
    moved = [
        replace(c, place=replace(c.place, box=replace(b, x0=b.x0 + 18 * (c.column > 0), x1=b.x1 + 18)))
        if c.column < 3 and (b := c.place.box)
        else c
        for c in second.cells
    ]
    bent = replace(second, cells=tuple(moved))
    even = tuple(k / first.n_columns for k in range(first.n_columns + 1))
    assert sum(isinstance(b, Table) for b in stitch((first, bent))) == 2
    blocks = stitch((replace(first, columns=even), replace(bent, columns=even)))
    assert sum(isinstance(b, Table) for b in blocks) == 1 and filled(blocks) == WHOLE


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


def numbered(form: str, first: int) -> dict[str, str]:
    """A different number in every cell, so that rows in the wrong order cannot hide."""
    shape = edition(form).tables["requests"]
    keys = [f"{r.key}.{c.key}" for r in shape.rows for c in shape.columns]
    return {key: str(first + i) for i, key in enumerate(keys)}


def printed(blocks: tuple[Block, ...]) -> dict[str, str]:
    """What stands in each cell of the form."""
    mapping = map_tables([b for b in blocks if isinstance(b, Table)])
    assert mapping.conflicts == ()
    return {code: p.cell.text for code, p in mapping.placed.items()}


def part(rows: list[list[str]], page: int, *, scale: float = 1.0, left: float = 50.0) -> Table:
    """Rows as on a page, where equal labels below each other in the first column are one merged cell."""
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            span = 1
            if c == 0 and text:
                if r and rows[r - 1][0] == text:
                    continue
                span = next((k for k, other in enumerate(rows[r:]) if other[0] != text), len(rows) - r)
            x, y = left + 40.0 * c * scale, 60.0 + 20.0 * r
            place = Place(page=page, box=Box(x, y, x + 40.0 * scale, y + 20.0 * span))
            cells.append(Cell(r, c, text, span, place=place))
    around = Box(left, 60.0, left + 40.0 * len(rows[0]) * scale, 60.0 + 20.0 * len(rows))
    return Table(tuple(cells), "pdf", Place(page=page, box=around))


def without_repeated_group(rows: list[list[str]], above: list[str]) -> list[list[str]]:
    """The rows of a next page as Word prints them: the label of a group that goes on is not said again."""
    group = above[0]
    n = next((k for k, row in enumerate(rows) if row[0] != group), len(rows))
    return [["", *row[1:]] for row in rows[:n]] + rows[n:] if group else rows


@given(
    st.sampled_from(["2021", "2019"]),
    st.integers(0, 9000),
    st.sets(st.integers(2, 25), max_size=3),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_cuts_through_merged_groups_heal(form: str, first: int, cuts: set[int], head: bool) -> None:
    """One table on up to four pages; a group's label is printed once, where the group begins."""
    rows = requests_rows(numbered(form, first), form)
    edges = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
    blocks: list[Block] = []
    for page, (start, stop) in enumerate(pairwise(edges), 1):
        piece = rows[start:stop]
        if start:
            piece = without_repeated_group(piece, rows[start - 1])
            blocks.append(Text(f"- {page - 1} -", Place(page=page - 1)))
        blocks.append(part([*(rows[:1] if head and start else []), *piece], page))
    joined = stitch(blocks)
    assert [type(block).__name__ for block in joined] == ["Table"]
    assert (
        printed(joined)
        == printed((part(rows, 1),))
        == {f"requests.{key}": text for key, text in numbered(form, first).items()}
    )


@given(st.integers(0, 40), st.integers(2, len(ROWS) - 1), st.booleans())
@settings(max_examples=40, deadline=None)
def test_cuts_without_any_places_heal(new: int, at: int, head: bool) -> None:
    """As from a text file or a web page, where nothing says how wide columns are."""
    rows = requests_rows(consistent(new))
    second = [*(rows[:1] if head else []), *rows[at:]]
    whole = {code: text for code, text in printed((table(rows),)).items() if code.startswith("requests.")}
    assert printed(stitch((table(rows[:at]), table(second)))) == whole


@given(st.integers(2, len(ROWS) - 1))
@settings(max_examples=25, deadline=None)
def test_every_cell_keeps_its_own_place(at: int) -> None:
    halves = part(ROWS[:at], 1), part(ROWS[at:], 2)
    (joined,) = stitch(halves)
    assert isinstance(joined, Table)
    places = {cell.place for half in halves for cell in half.cells}
    assert {cell.place for cell in joined.cells} <= places
    taken = [(c.row + i, c.column + j) for c in joined.cells
             for i in range(c.row_span) for j in range(c.column_span)]  # fmt: skip
    assert len(taken) == len(set(taken)) == joined.n_rows * joined.n_columns


def test_a_row_cut_in_two_is_one_row() -> None:
    first = [["甲", "一、本年新收政府信息", "", ""]]
    second = [["", "公开申请数量", "3", "4"], ["", "二、上年结转政府信息公开申请数量", "0", "1"]]
    (joined,) = stitch((part(first, 1), part(second, 2)))
    assert isinstance(joined, Table) and joined.n_rows == 2
    assert [c.text for c in joined.cells if c.row == 0][1:] == ["一、本年新收政府信息公开申请数量", "3", "4"]


def read(made: Table) -> Table:
    """The table as from a picture, its labels misread."""
    cells = [replace(c, text="3章4" if c.column == 0 else c.text) for c in made.cells]
    return replace(
        made, cells=tuple(replace(c, candidates=(Reading(c.text, 0.9),)) for c in cells), source="picture"
    )


@pytest.mark.parametrize("halves", [(6 * [""], 6 * ["0"]), (6 * ["1"], 6 * [""])])
def test_a_row_cut_in_two_is_told_by_its_numbers_where_its_label_is_worn(
    halves: tuple[list[str], list[str]],
) -> None:
    first, last = ([[name, *(6 * ["2"])] for name in names] for names in ("甲乙丙", "丁戊己"))
    above, below = ([[name, *half]] for name, half in zip("庚辛", halves, strict=True))
    (joined,) = stitch((read(part(first + above, 1)), read(part(below + last, 2))))
    assert isinstance(joined, Table) and joined.n_rows == 7
    assert [c.text for c in joined.cells if c.row == 3][1:] == halves[0 if halves[0][0] else 1]


def test_a_bare_row_stays_one_where_others_have_blanks_too() -> None:
    first, last = ([[name, *(5 * ["2"]), ""] for name in names] for names in ("甲乙丙", "丁戊己"))
    blank, full = [["庚", *(6 * [""])]], [["辛", *(6 * ["0"])]]
    (joined,) = stitch((read(part(first + blank, 1)), read(part(full + last, 2))))
    assert isinstance(joined, Table) and joined.n_rows == 8


@pytest.mark.parametrize("between", [Text("续表", Place(page=2)), Text("", Place(page=2)), Text("接上页")])
def test_words_that_only_say_that_a_table_goes_on_are_dropped(between: Text) -> None:
    assert len(stitch((part(ROWS[:9], 1), between, part(ROWS[9:], 2)))) == 1


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("on one page", part(ROWS[:9], 1), part(ROWS[9:], 1)),
        ("a page lies between", part(ROWS[:9], 1), part(ROWS[9:], 3)),
        ("the second stands before", part(ROWS[:9], 2), part(ROWS[9:], 1)),
        ("another width", part(ROWS[:9], 1), part(ROWS[9:], 2, scale=0.7)),
        ("fewer columns of other widths", part(ROWS[:9], 1), part([r[:4] for r in ROWS[9:]], 2, scale=2.0)),
        ("the whole table again", part(ROWS, 1), part(ROWS, 2)),
        (
            "another file",
            replace(part(ROWS[:9], 1), place=Place("a.pdf", 1)),
            replace(part(ROWS[9:], 2), place=Place("b.pdf", 2)),
        ),
    ],
)
def test_tables_that_do_not_belong_together_stay_apart(why: str, first: Table, second: Table) -> None:
    assert stitch((first, second)) == (first, second), why


def test_text_between_keeps_tables_apart_and_other_blocks_pass() -> None:
    blocks = (
        Text("三、收到和处理政府信息公开申请情况"),
        part(ROWS[:9], 1),
        Text("以上为本机关数据。"),
        part(ROWS[9:], 2),
    )
    assert stitch(blocks) == blocks


def test_tables_without_places_and_with_a_head_of_their_own_stay_apart() -> None:
    first = table([["项目", "本年"], ["规章", "3"]])
    second = table([["类别", "数量"], ["收费", "9"]])
    assert stitch((first, second)) == (first, second)


def test_nothing_and_an_empty_table_pass() -> None:
    empty = Table((), "pdf")
    assert stitch(()) == () and stitch((empty, empty)) == (empty, empty)
