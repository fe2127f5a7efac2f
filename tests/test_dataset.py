"""Datasets opened again: measures by hand, panels, versions, agencies of one name; on a store of a few reports."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract
from archives import report_text
from extract.archive_run import run
from extract.errors import InputNotFoundError, UsageError
from extract.formula import Term, parse, written
from extract.measures import codes_of, measures
from extract.panel import divided
from extract.settings import Settings

GRAIN = "岚汀市砚池区粮食局"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of one agency, and another version of the second."""
    tmp_path = tmp_path_factory.mktemp("made")
    archive = tmp_path / "archive"
    archive.mkdir()
    for year, new in ((2021, 4), (2022, 8), (2023, 0)):
        (archive / f"{year}.txt").write_bytes(report_text(GRAIN, year, new))
    (archive / "2022更正.txt").write_bytes(report_text(GRAIN, 2022, 6))
    run([archive], tmp_path / "out", Settings(workers=1))
    return tmp_path / "out"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy for a test that puts files into it."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture
def dataset(made: Path) -> Iterator[extract.Dataset]:
    with extract.open_dataset(made) as opened:
        yield opened


def test_the_newest_version_counts(dataset: extract.Dataset) -> None:
    reports = dataset.reports
    assert len(reports) == 4
    assert list(reports.loc[reports.counts, "file"]) == ["2021.txt", "2022更正.txt", "2023.txt"]


def test_a_panel_keeps_both_parts_and_never_fills_a_rate(dataset: extract.Dataset) -> None:
    panel = dataset.panel(["new_requests", "实质公开率", "new_requests_growth"], parts=True)
    assert list(panel.year) == [2021, 2022, 2023]
    assert list(panel.new_requests) == [4, 6, 0]
    assert list(panel.disclosure_rate[:2]) == [1, 1]
    assert np.isnan(panel.disclosure_rate[2])
    assert list(panel["disclosure_rate.reports"]) == [1, 1, 0]
    assert list(panel["new_requests_growth.numerator"][1:]) == [2, -6]
    assert list(panel.new_requests_growth[1:]) == [0.5, -1]


def test_groups_add_numerators_and_denominators(dataset: extract.Dataset) -> None:
    panel = dataset.panel(["new_requests", "new_requests_growth"], by=["region"], parts=True)
    assert panel.to_dict("records")[0] == {
        "region": "岚汀市砚池区", "new_requests": 10, "new_requests.numerator": 10, "new_requests.reports": 3,
        "new_requests.denominator": pytest.approx(np.nan, nan_ok=True),
        "new_requests_growth": pytest.approx(-4 / 10), "new_requests_growth.numerator": -4,
        "new_requests_growth.denominator": 10, "new_requests_growth.reports": 2,
    }  # fmt: skip


def test_cells_and_queries_are_frames(dataset: extract.Dataset) -> None:
    assert set(dataset.cells.columns) >= {"report_id", "code", "filled"}
    assert dataset.query("SELECT count(*) AS n FROM reports").n[0] == 4
    with pytest.raises(UsageError, match="nothing_there"):
        dataset.query("SELECT * FROM nothing_there")
    with pytest.raises(UsageError, match="read-only"):
        dataset.query("DELETE FROM reports")


def test_names_that_are_not_there(dataset: extract.Dataset, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="disclosure_rate"):
        dataset.panel(["disclosure_rat"])
    with pytest.raises(UsageError, match="agency, year"):
        dataset.panel(by=["colour"])
    with pytest.raises(InputNotFoundError, match="extract run"):
        extract.open_dataset(tmp_path / "nowhere")


def test_a_measure_of_a_users_own(folder: Path) -> None:
    own = folder / "own_measures.csv"
    own.write_text("measure,zh,edition,numerator,denominator,unit\nper_person,人均,2021,requests.new.total,requests.new.natural_person,率\n",
                   encoding="utf-8-sig")  # fmt: skip
    with extract.open_dataset(folder) as dataset:
        assert list(dataset.panel(["人均"]).per_person[:2]) == [1, 1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x,X,2021,requests.nowhere.total,,件", "line 2: no cell 'requests.nowhere.total'"),
        ("x,X,1999,requests.new.total,,件", "edition '1999' is not known"),
        ("x,X,2021,requests.new.total * 2,,件", "not a formula"),
        ("x,X,2021,last_year(requests.new.total,,件", "not a formula"),
        ("a b,X,2021,requests.new.total,,件", "no name for a measure"),
    ],
)
def test_what_is_wrong_with_a_users_file_is_told(tmp_path: Path, line: str, says: str) -> None:
    own = tmp_path / "own.csv"
    own.write_text(f"measure,zh,edition,numerator,denominator,unit\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        measures(own)


def test_every_measure_of_the_issue_is_there_for_both_editions() -> None:
    known = measures()
    for label in (
        "实质公开率",
        "不予公开率",
        "结转率",
        "复议纠错率",
        "诉讼纠错率",
        "争议转化率",
        "自然人占比",
        "新收申请同比",
    ):
        measure = next(m for m in known.values() if m.zh == label)
        assert {"2021", "2019"} <= set(measure.formulas)
    reasons = [m for m in known.values() if m.name.startswith("reason_")]
    assert len(reasons) == 16
    assert len({m.formulas["2021"].numerator for m in reasons}) == 16


TERMS = st.lists(
    st.builds(Term, st.sampled_from(codes_of("2021")), st.sampled_from((1, -1)), st.booleans()),
    min_size=1,
    max_size=6,
)


@given(TERMS)
def test_a_formula_says_what_its_terms_are(terms: list[Term]) -> None:
    assert parse(written(terms), codes_of("2021")) == tuple(terms)


@given(st.text(max_size=40))
def test_no_text_is_read_as_a_formula_by_mistake(text: str) -> None:
    try:
        terms = parse(text, codes_of("2021"))
    except UsageError:
        return
    assert terms and all(term.code in codes_of("2021") for term in terms)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20))
def test_a_weighted_mean_lies_between_its_rates(parts: list[tuple[int, int]]) -> None:
    top, bottom = (np.array(side, dtype=np.float64) for side in zip(*parts, strict=True))
    rates = divided(top, bottom)
    assert (np.isnan(rates) == (bottom == 0)).all()
    there = bottom > 0
    if there.any():
        whole = divided(np.array([top[there].sum()]), np.array([bottom[there].sum()]))[0]
        assert rates[there].min() - 1e-9 <= whole <= rates[there].max() + 1e-9
