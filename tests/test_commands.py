"""The commands that read a dataset, as a person calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archives import report_text, rows
from extract.archive_run import run
from extract.commands import add_to
from extract.errors import ExitCode
from extract.settings import Settings
from test_cli import Done, extract

__all__ = ["extract"]

Extract = Callable[..., Done]
GRAIN, COUNT = "岚汀市砚池区粮食局", "岚汀市砚池区统计局"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    (folder / "in").mkdir()
    for agency in (GRAIN, COUNT):
        for year, new in ((2021, 40), (2022, 80 if agency == GRAIN else 60)):
            (folder / "in" / f"{agency}{year}.txt").write_bytes(report_text(agency, year, new))
    run([folder / "in"], folder / "out", Settings(workers=1))
    return folder / "out"


def test_compare_prints_distribution_and_ranking(extract: Extract, out: Path) -> None:
    done = extract("compare", out, "-m", "本年新收申请", "-m", "实质公开率")
    assert (done.code, done.err) == (0, "")
    lines = [line.split() for line in done.out.splitlines()]
    assert ["2022", "2/2", "62", "70", "78", "70"] in lines
    assert ["1", GRAIN, "80", "+40"] in lines and ["2", COUNT, "60", "+20"] in lines
    assert ["1", GRAIN, "100.0%", "80/80", "0.0", "pp"] in lines


def test_compare_lists_its_measures(extract: Extract, out: Path) -> None:
    done = extract("compare", out, "--list")
    assert done.code == 0 and "disclosure_rate" in done.out and "实质公开率" in done.out


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
def test_compare_writes_files(extract: Extract, out: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"比较.{suffix}"
    done = extract("compare", out, "-m", "new_requests", "-y", 2022, "--save", path)
    assert done.code == 0 and f"written to {path}" in done.out
    if suffix == "csv":
        assert [(r["agency"], r["value"], r["change"]) for r in rows(path)] == [
            (GRAIN, "80", "40"),
            (COUNT, "60", "20"),
        ]
    if suffix == "json":
        assert [r["value"] for r in json.loads(path.read_text(encoding="utf-8"))["values"]] == [80, 60]


def test_query_prints_or_writes(extract: Extract, out: Path, tmp_path: Path) -> None:
    sql = "SELECT agency, year FROM reports ORDER BY ALL"
    done = extract("query", out, sql, "--rows", 1)
    assert done.code == 0 and "2021" in done.out and "3 more rows" in done.out
    assert extract("query", out, sql, "--save", tmp_path / "a.csv").code == 0
    assert len(rows(tmp_path / "a.csv")) == 4


def test_across_and_agencies_and_reuse(extract: Extract, out: Path, tmp_path: Path) -> None:
    done = extract("across", out)
    assert done.code == 0 and "holds" in done.out
    done = extract("across", out, "--all", "--check", "carried", "--save", tmp_path / "a.csv")
    assert done.code == 0 and {r["verdict"] for r in rows(tmp_path / "a.csv")} == {"holds"}
    done = extract("agencies", out)
    assert done.code == 0 and "statistics" in done.out and "county" in done.out
    done = extract("reuse", out)
    assert done.code == 0 and "own_last_year" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["-m", "no_such"], ExitCode.USAGE, "no measure 'no_such'; did you mean"),
        (["--level", "星级"], ExitCode.USAGE, "no level '星级'; there are"),
        (["--by", "colour"], ExitCode.USAGE, "choose from agency"),
        (["-y", "1999"], ExitCode.USAGE, "no report is left"),
        (["--save", "a.doc"], ExitCode.USAGE, "ends in .csv, .xlsx, .json"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    extract: Extract, out: Path, arguments: list[str], code: int, says: str
) -> None:
    done = extract("compare", out, *arguments)
    assert done.code == code and says in done.err and done.err.count("\n") == 1


def test_no_dataset_and_no_query(extract: Extract, out: Path, tmp_path: Path) -> None:
    done = extract("compare", tmp_path)
    assert done.code == ExitCode.INPUT_NOT_FOUND and "extract run" in done.err
    done = extract("query", out, "SELECT nothing FROM reports")
    assert done.code == ExitCode.USAGE and "nothing" in done.err
    done = extract("query", out, "DROP TABLE reports")
    assert done.code == ExitCode.USAGE and "read-only" in done.err


def test_commands_are_added_once() -> None:
    import typer

    app = typer.Typer()
    add_to(app)
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert names == ["compare", "query", "across", "reuse", "agencies"]
