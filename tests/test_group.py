"""Which files are one report: only those whose names, or whose folder's name, say so."""

from pathlib import Path

import pytest

import extract
from archives import ONE, report_text, rows, tabbed, word
from extract.find import Found
from extract.group import group
from made import REVIEW


def grouped(*files: str) -> list[list[str]]:
    return [[f.file for f in part.files] for part in group([Found(name, name, ".") for name in files])]


@pytest.mark.parametrize(
    "files",
    [
        ("甲局2023年报.docx", "甲局2023年报附件1.docx", "甲局2023年报附件2.docx"),
        ("甲局2023年报.docx", "甲局2023年报附表.pdf"),
        ("甲局2023年报.html", "甲局2023年报-1.png", "甲局2023年报-2.png"),
        ("甲局2023年报.txt", "甲局2023年报（1）.jpg", "甲局2023年报（2）.jpg"),
        ("甲局2023年报_第1页.png", "甲局2023年报_第2页.png"),
        ("甲局/年报.docx", "甲局/附件1.docx", "甲局/附件2.pdf", "甲局/附件3.png"),
        ("某市2023/1.png", "某市2023/2.png"),
        ("a.zip!甲局/年报.docx", "a.zip!甲局/附件1.png"),
    ],
)
def test_parts_of_one_report(files: tuple[str, ...]) -> None:
    assert grouped(*files) == [list(files)]


@pytest.mark.parametrize(
    "files",
    [
        ("甲局2022年报.docx", "甲局2023年报.docx"),
        ("甲局2023年报.docx", "甲局2023年报.doc", "甲局2023年报.pdf"),
        ("年报1.docx", "年报2.docx"),
        ("杂项/1.png", "杂项/2.png"),
        ("甲局/2022年报.docx", "甲局/2023年报.docx"),
        ("甲局/年报.docx", "乙局/附件1.docx"),
        ("甲局2023年报.docx", "乙局2023年报附件1.docx"),
        ("a.zip!年报.docx", "b.zip!年报附件1.docx"),
        ("关于印发附件的通知.docx", "甲局2023年报.docx"),
    ],
)
def test_unrelated_files_stay_apart(files: tuple[str, ...]) -> None:
    assert grouped(*files) == [[file] for file in files]


def test_parts_come_in_the_order_of_their_numbers() -> None:
    files = [f"甲局/{n}.png" for n in ("10", "2", "1")]
    assert grouped(*files, "甲局/年报.docx") == [
        ["甲局/年报.docx", "甲局/1.png", "甲局/2.png", "甲局/10.png"]
    ]


def test_every_file_is_in_exactly_one_group() -> None:
    files = [
        "甲局/年报.docx",
        "甲局/附件1.png",
        "乙.html",
        "乙_files/a.css",
        "乙_files/b/c.png",
        "丙_files/a.png",
        "1.png",
    ]
    parts = group([Found(name, name, ".") for name in files])
    assert sorted(f.file for part in parts for f in (*part.files, *part.assets)) == sorted(files)


def test_the_folder_of_a_page_that_is_not_there_is_no_asset() -> None:
    (one,) = group([Found("丙_files/a.png", "丙_files/a.png", ".")])
    assert not one.assets


def test_no_files_are_no_groups() -> None:
    assert group([]) == []


@pytest.fixture(scope="module")
def annexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of a report whose third table is in an annex."""
    folder = tmp_path_factory.mktemp("annexed")
    (folder / "甲局").mkdir()
    (folder / "甲局" / "年报.txt").write_bytes(report_text())
    (folder / "甲局" / "附件1.docx").write_bytes(word(["行政复议、行政诉讼情况"], REVIEW))
    (folder / "甲局" / "附件2.docx").write_bytes(word(["填表说明：单位为件。"]))
    extract.read_archive(folder, folder / "out", ONE)
    return folder / "out"


def test_an_annexed_table_is_read_into_its_report(annexed: Path) -> None:
    (report,) = rows(annexed / "reports.csv")
    assert report["files"].split("|") == ["甲局/年报.txt", "甲局/附件1.docx", "甲局/附件2.docx"]
    joined = [row["file"] for row in rows(annexed / "problems.csv") if row["kind"] == "joined"]
    assert joined == ["甲局/附件1.docx", "甲局/附件2.docx"]
    cells = {row["code"]: row for row in rows(annexed / "cells.csv")}
    assert cells["requests.new.total"]["filled"] == "3" == cells["review.total"]["filled"]
    assert {row["file"] for row in cells.values() if row["table"] == "requests"} == {"甲局/年报.txt"}


def test_a_cell_of_an_annex_says_which_file_it_stands_in(annexed: Path) -> None:
    cells = [row for row in rows(annexed / "cells.csv") if row["table"] == "review_and_litigation"]
    assert {row["file"] for row in cells} == {"甲局/附件1.docx"}


def test_a_damaged_annex_leaves_its_report(tmp_path: Path) -> None:
    (tmp_path / "甲局").mkdir()
    (tmp_path / "甲局" / "年报.txt").write_bytes(report_text())
    (tmp_path / "甲局" / "附件1.docx").write_bytes(word(["表"], REVIEW)[:2000])
    extract.read_archive(tmp_path, tmp_path / "out", ONE)
    assert [row["agency"] for row in rows(tmp_path / "out" / "reports.csv")] == ["岚汀市砚池区粮食局"]
    kinds = {
        row["file"]: row["kind"]
        for row in rows(tmp_path / "out" / "problems.csv")
        if row["kind"] != "table_missing"
    }
    assert "damaged" in kinds.values() and "甲局/附件1.docx" in kinds


def test_two_reports_in_one_folder_are_two(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(report_text("岚汀市砚池区粮食局"))
    (tmp_path / "b.txt").write_bytes(report_text("岚汀市砚池区水利局"))
    (tmp_path / "c.txt").write_bytes(tabbed(["买菜：白菜两棵，豆腐一块。"]))
    extract.read_archive(tmp_path, tmp_path / "out", ONE)
    assert [row["file"] for row in rows(tmp_path / "out" / "reports.csv")] == ["b.txt", "a.txt"]
    assert [
        row["file"] for row in rows(tmp_path / "out" / "problems.csv") if row["kind"] == "not_a_report"
    ] == ["c.txt"]
