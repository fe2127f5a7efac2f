"""Plain text: tables of tabs or bars, marks where a picture was, paragraphs."""

import pytest

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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    document = read(newline.join(["一、总体情况", "", "本机关收到申请３件。"]), encoding)
    assert [block for block in document.blocks if isinstance(block, Text)] == [
        Text("一、总体情况"),
        Text("本机关收到申请３件。"),
    ]
    assert document.kind == "txt" and document.problems == ()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_by_its_mark(codec: str) -> None:
    data = "\ufeff规章\t3\n规范性文件\t7".encode(codec)
    (table,) = read_document(Source("a.txt", data, "txt"), Settings()).blocks
    assert isinstance(table, Table) and [cell.text for cell in table.cells] == [
        "规章",
        "3",
        "规范性文件",
        "7",
    ]


def test_characters_that_only_gb18030_has() -> None:
    assert read("㐀镇年度报告，申请三件。", "gb18030").blocks == (Text("㐀镇年度报告，申请三件。"),)


def test_bytes_of_no_encoding_never_stop_the_reader() -> None:
    document = read_document(Source("a.txt", "总体情况".encode() + b"\xff\xfe\x81", "txt"), Settings())
    assert document.blocks


def test_a_picture_that_lies_beside_the_text() -> None:
    data = "甲\n[image: 图1.png]\n乙\n![](c.jpg)".encode()
    beside = {"图1.png": b"png", "c.jpg": b"jpg"}
    document = read_document(Source("a.txt", data, "txt", beside.get), Settings())
    assert kinds(document) == ["Text", "Picture", "Text", "Picture"] and document.problems == ()
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    assert [(p.name, p.data) for p in pictures] == [("图1.png", b"png"), ("c.jpg", b"jpg")]


def test_lost_pictures_are_told_by_line() -> None:
    document = read("一\n\n[图片：表2.png]\n[image]")
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    assert [p.name for p in pictures] == ["表2.png", "line-4"]
    assert [p.detail for p in document.problems] == ["Line 3: [图片：表2.png]", "Line 4: [image]"]


def test_words_about_a_picture_within_a_line_are_text() -> None:
    assert kinds(read("见[image: 表1.png]所示。")) == ["Text"]


def test_rows_of_unlike_length_and_blank_cells_keep_their_columns() -> None:
    (table,) = read("\t自然人\t总计\n新收\t\t4\n结转\t1").blocks
    assert isinstance(table, Table)
    assert [(c.row, c.column, c.text) for c in table.cells if c.text] == [
        *[(0, 1, "自然人"), (0, 2, "总计"), (1, 0, "新收"), (1, 2, "4"), (2, 0, "结转"), (2, 1, "1")],
    ]


def test_one_row_alone_is_text() -> None:
    (text,) = read("发布机构：甲局\t日期：2024年1月3日").blocks
    assert isinstance(text, Text) and text.text.split() == ["发布机构：甲局", "日期：2024年1月3日"]
