"""The dataset as files: what a spreadsheet, a validator and a database make of it."""

import csv
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import extract
from archives import ONE, report_text, rows, tabbed
from conftest import ROOT
from extract.errors import OutputError
from extract.export import export
from extract.form import EDITIONS, edition
from extract.head import Head
from extract.model import Problem
from extract.record import Outcome, Record
from extract.rows import Field, schema
from extract.sections import Section
from extract.store import Store

FIELDS = ROOT / "src" / "extract" / "fields.csv"
DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=",
    "@",
    "-x",
    "+A1",
    "-(1)",
    "--1",
]
HARMLESS = ["-1", "+3", "-1.5", "1,024", "-", "普通", "a=b", "１２", " 3", 'a"b,c\nd', "'quoted"]


def record(text: str, identifier: str = "1" * 16) -> Record:
    """A record all of whose words are `text`."""
    head = Head(
        agency=text, year=2023, title=text, region=text, address=text, phone=text, email=text, website=text
    )
    sections = (Section(0, text, text, 0, 0), Section(1, text, text, 0, 0))
    return Record(
        identifier, text, (text,), "0" * 64, "docx", head, "2021", sections, (), (), (Problem("read", "damaged", text),)
    )  # fmt: skip


def written(folder: Path, *records: Record) -> dict[str, list[dict[str, str]]]:
    """Rows of the CSVs, by table, of some records."""
    store = Store(folder)
    for item in records:
        store.add(Outcome(item.files, item, ()))
    export(store.connection, folder)
    store.close()
    return {path.stem: rows(path) for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of two reports, one with a wrong sum, and a file that is none."""
    folder = tmp_path_factory.mktemp("dataset")
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_bytes(report_text("岚汀市砚池区粮食局"))
    (folder / "in" / "b.txt").write_bytes(
        report_text("岚汀市砚池区水利局", 2022, 5).replace(b"\t5\t", b"\t6\t", 1)
    )
    (folder / "in" / "c.txt").write_bytes(tabbed(["关于放假的通知"]))
    extract.read_archive(folder / "in", folder / "out", ONE)
    return folder / "out"


def contract() -> Iterator[tuple[str, list[str]]]:
    """Tables and columns as `fields.csv` lists them, read here without the package's own code."""
    tables: dict[str, list[str]] = {}
    with FIELDS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            tables.setdefault(row["table"], []).append(row["field"])
    yield from tables.items()


def test_each_csv_has_one_byte_order_mark_and_the_columns_of_the_contract(output: Path) -> None:
    tables = dict(contract())
    assert {path.stem for path in output.glob("*.csv")} == {*tables, "wide", "wide_panel"}
    for name, columns in tables.items():
        data = (output / f"{name}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\xef\xbb\xbf") == 1
        assert next(csv.reader(data.decode("utf-8-sig").splitlines())) == columns
    assert (output / "wide.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_store_has_the_same_rows_as_the_csvs(output: Path) -> None:
    with duckdb.connect(str(output / "reports.duckdb"), read_only=True) as store:
        for name, columns in contract():
            described = store.execute(f'SELECT * FROM "{name}"')
            assert [column[0] for column in described.description or []] == columns
            kept = [[_plain(value) for value in row] for row in described.fetchall()]
            shown = [list(row.values()) for row in rows(output / f"{name}.csv")]
            assert sorted(kept) == sorted(shown), name


def _plain(value: object) -> str:
    """A value as a CSV shows it: empty for none, whole numbers without a point, `true` and `false`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def test_wide_has_a_row_per_report_and_a_column_per_cell(output: Path) -> None:
    wide = rows(output / "wide.csv")
    cells = {(row["report_id"], row["code"]): row["filled"] for row in rows(output / "cells.csv")}
    codes = {code for name in EDITIONS for code in edition(name).cells}
    assert len(wide) == len(rows(output / "reports.csv")) == 2
    for row in wide:
        assert codes <= set(row)
        assert all(row[code] == cells.get((row["report_id"], code), "") for code in codes)


def test_the_rows_of_a_report_are_of_a_known_report(output: Path) -> None:
    known = {row["report_id"] for row in rows(output / "reports.csv")}
    for name in ("cells", "sections", "checks", "wide"):
        assert {row["report_id"] for row in rows(output / f"{name}.csv")} == known
    assert {row["report_id"] for row in rows(output / "problems.csv")} <= {"", *known}


def test_keys_are_unique(output: Path) -> None:
    for name, fields in schema().items():
        key = [f.field for f in fields if f.key]
        found = [tuple(row[field] for field in key) for row in rows(output / f"{name}.csv")]
        assert not key or len(found) == len(set(found)), name


def test_the_package_describes_every_csv_and_validates(output: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the validator's own libraries
        frictionless = pytest.importorskip("frictionless")
        package = json.loads((output / "datapackage.json").read_text(encoding="utf-8"))
        assert {r["path"] for r in package["resources"]} == {path.name for path in output.glob("*.csv")}
        before = Path.cwd()
        os.chdir(output)
        try:
            report = frictionless.Package("datapackage.json").validate()
        finally:
            os.chdir(before)
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:5]


def test_no_cell_that_a_spreadsheet_runs(tmp_path: Path) -> None:
    files = written(tmp_path, *(record(text, f"{i:016}") for i, text in enumerate(DANGEROUS)))
    assert len(files["reports"]) == len(DANGEROUS)
    for name, lines in files.items():
        for row in lines:
            assert not [value for value in row.values() if value.startswith(tuple("=+-@\t\r"))], name
    assert {row["agency"] for row in files["reports"]} == {f"'{text}" for text in DANGEROUS}


def test_other_texts_are_written_as_they_are(tmp_path: Path) -> None:
    files = written(tmp_path, *(record(text, f"{i:016}") for i, text in enumerate(HARMLESS)))
    assert {row["agency"] for row in files["reports"]} == set(HARMLESS)
    assert {row["text"] for row in files["sections"]} == set(HARMLESS)


def test_the_store_keeps_the_text_itself(tmp_path: Path) -> None:
    written(tmp_path, *(record(text, f"{i:016}") for i, text in enumerate(DANGEROUS)))
    with duckdb.connect(str(tmp_path / "reports.duckdb"), read_only=True) as store:
        assert {row[0] for row in store.execute("SELECT agency FROM reports").fetchall()} == set(DANGEROUS)


def test_an_empty_archive_is_a_dataset_with_its_columns(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    summary = extract.read_archive(tmp_path / "in", tmp_path / "out", ONE)
    assert summary.files == 0
    for name, columns in contract():
        text = (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8-sig")
        assert next(csv.reader([text])) == columns


def test_a_second_run_replaces_the_dataset_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for agency in ("岚汀市砚池区粮食局", "岚汀市砚池区水利局"):
        (tmp_path / "a.txt").write_bytes(report_text(agency))
        extract.read_archive(tmp_path / "a.txt", out, ONE)
        (out / "notes.md").write_text("mine", encoding="utf-8")
    assert [row["agency"] for row in rows(out / "reports.csv")] == ["岚汀市砚池区水利局"]
    with duckdb.connect(str(out / "reports.duckdb"), read_only=True) as store:
        assert store.execute("SELECT agency FROM reports").fetchall() == [("岚汀市砚池区水利局",)]
    assert (out / "notes.md").read_text(encoding="utf-8") == "mine"


def test_the_same_report_twice_is_one_and_the_other_is_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(report_text())
    extract.read_archive(tmp_path, tmp_path / "out", ONE)
    assert [row["file"] for row in rows(tmp_path / "out" / "reports.csv")] == ["a.txt"]
    found = [r for r in rows(tmp_path / "out" / "problems.csv") if r["kind"] == "duplicate"]
    assert [r["file"] for r in found] == ["b.txt"] and "a.txt" in found[0]["message"]


@pytest.mark.parametrize(
    "name",
    [
        "reports.duckdb",
        "cells.csv",
        "wide.csv",
        "datapackage.json",
    ],
)
def test_a_file_that_cannot_be_written_is_an_output_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_bytes(report_text())
    (tmp_path / "out" / name / "in the way").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot write .*" + name):
        extract.read_archive(tmp_path / "a.txt", tmp_path / "out", ONE)


def test_a_dataset_inside_its_archive_is_not_read_the_next_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(report_text())
    for _ in range(2):
        summary = extract.read_archive(tmp_path, tmp_path / "out", ONE)
    assert summary.files == 1


def test_every_field_has_a_type_a_title_and_a_meaning() -> None:
    fields: list[Field] = [field for columns in schema().values() for field in columns]
    assert {f.type for f in fields} <= {"string", "integer", "number", "boolean", "date"}
    assert [f for f in fields if not (f.title and f.description)] == []
    assert [f for f in fields if f.key not in {"", "yes"}] == []
