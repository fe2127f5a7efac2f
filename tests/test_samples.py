"""The whole run over the samples, held against their hand-checkable truth."""

import csv
import json
import os
from collections import Counter
from pathlib import Path

import duckdb
import pytest

import extract
from conftest import SAMPLES

FILES = SAMPLES / "files"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    extract.read_archive(FILES, folder, extract.Settings(workers=2))
    return folder


@pytest.mark.slow
def test_every_cell_of_every_sample(output: Path) -> None:
    reports = {row["file"]: row["report_id"] for row in rows(output / "reports.csv")}
    read = {(row["report_id"], row["code"]): row for row in rows(output / "cells.csv")}
    wrong = []
    for true in rows(SAMPLES / "truth" / "cells.csv"):
        cell = read.get((reports.get(true["file"], ""), true["code"]))
        values = [(cell[n], true[n]) for n in ("value", "filled")] if cell else [("absent", "")]
        if any(a != b and (not a or not b or a == "absent" or float(a) != float(b)) for a, b in values):
            wrong.append((true["file"], true["code"], cell and cell["raw"], true["raw"]))
    assert wrong == []


@pytest.mark.slow
def test_every_file_is_accounted_for(output: Path) -> None:
    named = {row["file"] for name in ("reports", "problems") for row in rows(output / f"{name}.csv")}
    there = {p.relative_to(FILES).as_posix() for p in FILES.rglob("*") if p.is_file()}
    assert {f for f in there if f not in named and not any(n.startswith(f + "!") for n in named)} == set()


@pytest.mark.slow
def test_problems_have_their_kind(output: Path) -> None:
    kinds: dict[str, set[str]] = {}
    for row in rows(output / "problems.csv"):
        kinds.setdefault(row["file"], set()).add(row["kind"])
        assert row["message"] and row["message_zh"]
    wrong = [
        (true["file"], true["kind"], kinds.get(true["file"]))
        for true in rows(SAMPLES / "truth" / "problems.csv")
        if not set(true["kind"].split("|")) & kinds.get(true["file"], set())
    ]
    assert wrong == []
    assert "crashed" not in {kind for found in kinds.values() for kind in found}


@pytest.mark.slow
def test_publishers_errors_are_found_and_none_is_invented(output: Path) -> None:
    files = {row["report_id"]: row["file"] for row in rows(output / "reports.csv")}
    claimed = {
        (files[r["report_id"]], r["check"])
        for r in rows(output / "checks.csv")
        if r["verdict"] == "source_error" and not r["check"].startswith(("text.", "structure."))
    }
    true = {(r["file"], r["check"]) for r in rows(SAMPLES / "truth" / "checks.csv")}
    assert claimed == true


@pytest.mark.slow
def test_heads(output: Path) -> None:
    read = {row["file"]: row for row in rows(output / "reports.csv")}
    wrong = [
        (true["file"], name, read[true["file"]][name], true[name])
        for true in rows(SAMPLES / "truth" / "reports.csv")
        for name in ("agency", "year", "edition", "published_on")
        if read[true["file"]][name] != true[name]
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_store_holds_what_the_csvs_show(output: Path) -> None:
    with duckdb.connect(str(output / "reports.duckdb"), read_only=True) as store:
        for name in ("reports", "cells", "sections", "checks", "problems", "facts"):
            count = store.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]
            assert count == len(rows(output / f"{name}.csv"))
    assert (output / "reports.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    editions = Counter(row["edition"] for row in rows(output / "reports.csv"))
    cells = Counter(
        row["edition"] for row in rows(output / "cells.csv") if not row["code"].startswith("extra.")
    )
    assert cells == Counter(
        {name: n * editions[name] for name, n in (("2021", 200), ("2019", 198), ("2014", 58))}
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_package_is_valid(output: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    package = json.loads((output / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["name"] for r in package["resources"]} >= {"reports", "cells", "wide", "checks", "problems"}
    before = Path.cwd()
    os.chdir(output)
    try:
        report = frictionless.Package("datapackage.json").validate()
    finally:
        os.chdir(before)
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "note"])[:5] == []


def test_samples_are_small() -> None:
    assert sum(p.stat().st_size for p in SAMPLES.rglob("*") if p.is_file()) < 8_000_000
