"""Checks across reports on small archives by hand: verdicts, mergers, reports that go, fingerprints."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

import extract
from archives import tabbed
from extract.across import across
from extract.across.findings import COLUMNS
from extract.archive_run import run
from extract.settings import Settings
from made import consistent, requests_rows

GRAIN, TRADE, BOTH = "岚汀市砚池区粮食局", "岚汀市砚池区商务局", "岚汀市砚池区粮食和商务局"


def write(folder: Path, agency: str, year: int, new: int, carried_in: int, carried_out: int) -> None:
    """A report by natural persons only, all of whose sums hold."""
    done = new + carried_in - carried_out
    rows = {
        "new": new,
        "carried_in": carried_in,
        "granted": done,
        "results_total": done,
        "carried_out": carried_out,
    }
    values = {f"{row}.{c}": str(n) for row, n in rows.items() for c in ("natural_person", "total")}
    lines = [
        f"{agency}{year}年政府信息公开工作年度报告",
        "一、总体情况",
        "全年按时公开。",
        "三、收到和处理政府信息公开申请情况",
    ]
    folder.mkdir(exist_ok=True)
    (folder / f"{agency}{year}.txt").write_bytes(tabbed(lines, requests_rows(values)))


def found(out: Path) -> pd.DataFrame:
    with extract.open_dataset(out) as dataset:
        frame = across(dataset)
    return frame[frame.check.str.startswith("across.carried") & (frame.verdict != "holds")]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two years, of which the second takes up 4 where the first hands on 3."""
    write(tmp_path / "in", GRAIN, 2021, 20, 0, 3)
    write(tmp_path / "in", GRAIN, 2022, 20, 4, 1)
    run([tmp_path / "in"], tmp_path / "out", Settings(workers=1))
    return tmp_path / "out"


def test_a_contradiction_names_both_reports_and_both_figures(out: Path) -> None:
    frame = found(out)
    assert list(frame.code) == ["requests.carried_in.natural_person", "requests.carried_in.total"]
    row = frame.iloc[1]
    assert (row.left, row.right, row.difference, row.verdict) == (3, 4, -1, "source_error")
    assert (
        row.report_id != row.other_report_id
        and row.left_expression == "last_year(requests.carried_out.total)"
    )
    assert (
        row.message_zh
        == "上年报告结转下年度 3 件，本年报告上年结转 4 件（二、上年结转政府信息公开申请数量 · 总计）。"
    )
    assert row.message.startswith("Last year's report carries 3 over, this year's carries 4")


def test_a_figure_that_a_person_should_look_at_makes_it_doubtful(out: Path) -> None:
    with duckdb.connect(str(out / "reports.duckdb")) as connection:
        connection.execute(
            "UPDATE cells SET review = true WHERE code = 'requests.carried_out.total' AND year = 2021"
        )
    assert list(found(out).verdict) == ["source_error", "doubtful"]


def test_an_unread_figure_contradicts_nothing(out: Path) -> None:
    with duckdb.connect(str(out / "reports.duckdb")) as connection:
        connection.execute(
            "UPDATE cells SET filled = NULL WHERE code = 'requests.carried_in.total' AND year = 2022"
        )
    assert list(found(out).verdict) == ["source_error", "not_assessable"]


def test_what_is_about_a_report_goes_with_it(out: Path) -> None:
    with duckdb.connect(str(out / "reports.duckdb")) as connection:
        connection.execute("DELETE FROM cells WHERE year = 2021")
        connection.execute("DELETE FROM reports WHERE year = 2021")
    assert found(out).empty


def test_an_agency_that_others_went_into_takes_up_their_sum(tmp_path: Path) -> None:
    write(tmp_path / "in", GRAIN, 2021, 20, 0, 3)
    write(tmp_path / "in", TRADE, 2021, 20, 0, 2)
    write(tmp_path / "in", BOTH, 2022, 20, 6, 1)
    run([tmp_path / "in"], tmp_path / "out", Settings(workers=1))
    assert found(tmp_path / "out").empty, "without the user's file nothing is known of the merger"
    own = tmp_path / "out" / "own_agencies.csv"
    own.write_text(
        f"name,agency,change,since\n{GRAIN},{BOTH},merged,2022\n{TRADE},{BOTH},merged,2022\n",
        encoding="utf-8",
    )
    frame = found(tmp_path / "out")
    assert list(frame.left) == [5, 5] and list(frame.right) == [6, 6]


def test_an_empty_dataset_has_no_findings(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run([tmp_path / "in"], tmp_path / "out", Settings(workers=1))
    with extract.open_dataset(tmp_path / "out") as dataset:
        frame = across(dataset)
        assert list(frame.columns) == COLUMNS and frame.empty
        assert dataset.panel(["new_requests"]).empty and dataset.agencies.empty


def test_small_reports_that_are_alike_are_no_repetition(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for year in (2021, 2022):
        lines = [f"{GRAIN}{year}年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况"]
        (folder / f"{year}.txt").write_bytes(tabbed(lines, requests_rows(consistent(1))))
    run([folder], tmp_path / "out", Settings(workers=1))
    with extract.open_dataset(tmp_path / "out") as dataset:
        assert not across(dataset).check.str.startswith("across.same").any()
