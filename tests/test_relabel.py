"""Labels that a bad copy made unreadable: the shape tells them where enough remains to agree, and only there."""

import random

from extract.form import edition
from extract.labels import completes
from extract.model import Cell, Table
from extract.relabel import relabel
from extract.skeleton import expectations
from test_skeleton import requests_lattice

FORM = edition("2021").tables["requests"]


def printed(source: str = "picture") -> Table:
    """The requests table with all its labels as the form prints them, and 0 in every value cell."""
    places = requests_lattice(FORM)
    (guess,) = expectations(places)
    cells = tuple(
        Cell(c.row, c.column, guess.wordings[i][0] if i in guess.wordings else "0", c.row_span, c.column_span)
        for i, c in enumerate(places)
    )
    return Table(cells, source)


def damaged(table: Table, share: float, seed: int = 5) -> Table:
    """The same with a share of the characters of its labels turned into others."""
    chance = random.Random(seed)

    def worn(text: str) -> str:
        return "".join(chance.choice("口日目田由甲X·") if chance.random() < share else c for c in text)

    cells = tuple(
        Cell(c.row, c.column, c.text if c.text == "0" else worn(c.text), c.row_span, c.column_span)
        for c in table.cells
    )
    return Table(cells, table.source)


def texts(table: Table) -> list[str]:
    return [c.text for c in sorted(table.cells, key=lambda c: (c.row, c.column))]


def test_worn_labels_are_told_by_the_shape() -> None:
    whole = printed()
    (made,) = relabel([damaged(whole, 0.6)])
    assert isinstance(made, Table)
    told = sum(a == b for a, b in zip(texts(made), texts(whole), strict=True))
    assert told >= len(whole.cells) - 4  # those that still read well enough stay as they were read


def test_readable_labels_stay_as_they_were_read() -> None:
    slightly = damaged(printed(), 0.1)
    (made,) = relabel([slightly])
    kept = sum(a == b for a, b in zip(texts(made), texts(slightly), strict=True))
    assert kept >= len(slightly.cells) - 4


def test_native_tables_are_never_touched() -> None:
    native = damaged(printed("docx"), 0.6)
    assert relabel([native]) == (native,)


def test_a_table_of_this_shape_about_other_things_stays() -> None:
    words = [
        "车辆数目",
        "年末余额",
        "采购批次",
        "学校名称",
        "床位总数",
        "耕地面积",
        "用电负荷",
        "公路里程",
        "人均收入",
        "降水天数",
    ]
    whole = printed()
    cells = tuple(
        Cell(c.row, c.column, c.text if c.text == "0" else words[i % 10], c.row_span, c.column_span)
        for i, c in enumerate(whole.cells)
    )
    other = Table(cells, "picture")
    assert relabel([other]) == (other,)


def test_two_halves_of_a_label() -> None:
    assert completes("3补正后申请内容仍不明", "确")
    assert not completes("1.属于国家秘密", "2.其他法律行政法规禁止公开")
    assert not completes("总计", "0")
