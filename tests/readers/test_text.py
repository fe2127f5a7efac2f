"""Plain text: tables of tabs or bars, marks where a picture was, paragraphs."""

from extract.model import Document, Picture, Source, Table, Text
from extract.readers import read_document
from extract.settings import Settings


def read(text: str, encoding: str = "utf-8") -> Document:
    return read_document(Source("a.txt", text.encode(encoding), "txt"), Settings())


def kinds(document: Document) -> list[str]:
    return [type(block).__name__ for block in document.blocks]


def test_tabs_bars_and_paragraphs() -> None:
    document = read("一、总体情况\n甲\t1\n乙\t2\n\n| 丙 | 3 |\n|---|---|\n| 丁 | 4 |\n结束", "gb18030")
    assert kinds(document) == ["Text", "Table", "Table", "Text"]
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert [cell.text for cell in tables[0].cells] == ["甲", "1", "乙", "2"]
    assert [cell.text for cell in tables[1].cells] == ["丙", "3", "丁", "4"]


def test_rows_of_blanks_and_dashes_stay_rows() -> None:
    (table,) = read("信息内容\t制发\t废止\n规章\t\t\n\t\t甲\n-\t-\t-").blocks
    assert isinstance(table, Table) and table.n_rows == 4
    assert [cell.text for cell in table.cells if cell.row == 3] == ["-", "-", "-"]


def test_tabs_that_only_indent_are_no_table() -> None:
    assert kinds(read("正文\n\t\t\t甲市乙局\n\t\t\t2024年1月3日")) == ["Text", "Text", "Text"]


def test_marks_of_lost_pictures() -> None:
    document = read("二、主动公开\n[image: 表1.png]\n![](b.png)\n[图片]\n三、")
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    assert [p.data for p in pictures] == [b""] * 3 and pictures[0].name == "表1.png"
    assert [p.kind for p in document.problems] == ["picture_missing"] * 3
    assert [b.text for b in document.blocks if isinstance(b, Text)] == ["二、主动公开", "三、"]
