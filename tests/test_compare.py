"""Comparisons on a made archive of 60 agencies over four years: filters, ranks, changes, files; what is planted is found."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import extract
from archives import rows
from extract.across import across
from extract.across.findings import ASSESSED
from extract.across.parts import _in_group, _verdict, scope_of
from extract.archive_run import run
from extract.compare import Comparison, Filter, compare
from extract.compare_sheets import notes, sheets
from extract.errors import UsageError
from extract.reuse import reuse
from extract.settings import Settings
from extract.tabular import Sheet, write

sys.path.insert(0, str(Path(__file__).parent.parent / "samples"))

from maker.series import Series, write_series


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Series, Path]:
    folder = tmp_path_factory.mktemp("series")
    series = write_series(77, folder)
    run([folder / "files"], folder / "out", Settings(workers=1))
    return series, folder / "out"


@pytest.fixture(scope="module")
def dataset(made: tuple[Series, Path]) -> Iterator[extract.Dataset]:
    with extract.open_dataset(made[1]) as opened:
        yield opened


@pytest.fixture(scope="module")
def result(dataset: extract.Dataset) -> Comparison:
    return compare(dataset, ["new_requests", "disclosure_rate"])


def test_every_planted_contradiction_is_found_and_no_other(
    made: tuple[Series, Path], dataset: extract.Dataset
) -> None:
    found = across(dataset)
    claimed = found[found.verdict.isin(ASSESSED)]
    assert {(r.check, r.agency, r.year, r.code) for r in claimed.itertuples()} == {
        (p.check, p.agency, p.year, p.code) for p in made[0].planted
    }
    cannot = found[found.verdict == "not_assessable"]
    assert {(p.check, p.agency, p.year, p.code) for p in made[0].cannot_tell} <= {
        (r.check, r.agency, r.year, r.code) for r in cannot.itertuples()
    }
    assert claimed.message_zh.str.len().min() > 5 and claimed.message.str.len().min() > 5


def test_every_reuse_is_found_and_no_other(made: tuple[Series, Path], dataset: extract.Dataset) -> None:
    found = reuse(dataset)
    assert {(p.source, p.agency, p.year, p.other_agency) for p in found.passages.itertuples()} == {
        (p.check, p.agency, p.year, p.other) for p in made[0].reused
    }
    texts = (
        dataset.query("SELECT report_id, number, text FROM sections").set_index(["report_id", "number"]).text
    )
    for p in found.passages.itertuples():
        assert texts[p.report_id, p.section][p.start : p.end].startswith(p.text[:20])


def test_values_are_those_that_were_made(made: tuple[Series, Path], result: Comparison) -> None:
    for row in result.values[result.values.measure == "disclosure_rate"].itertuples():
        numbers = made[0].numbers[row.agency, row.year]
        top = numbers["requests.granted.total"] + numbers["requests.partially_granted.total"]
        assert (row.numerator, row.denominator) == (top, numbers["requests.results_total.total"])
        assert row.value == top / row.denominator


def test_ranks_and_changes(made: tuple[Series, Path], result: Comparison) -> None:
    ranking = result.ranking("new_requests", 2021)
    assert list(ranking["rank"]) == sorted(ranking["rank"]) and ranking["rank"][0] == 1 and len(ranking) == 60
    top = ranking.iloc[0]
    before = made[0].numbers[top.agency, 2020]["requests.new.total"]
    assert top.last_value == before and top.change == top.value - before
    assert top.percentile == 1


def test_rates_of_few_cases_are_not_ranked(dataset: extract.Dataset) -> None:
    result = compare(dataset, ["review_correction_rate"], least=10)
    values = result.values
    assert (values[values.denominator < 10]["rank"].isna()).all()
    assert values[values.denominator >= 10]["rank"].notna().all()


def test_filters_and_groups(dataset: extract.Dataset) -> None:
    only = compare(
        dataset,
        ["new_requests"],
        Filter(regions=("槐浦市",), levels=("县级",), kinds=("审计",), years=(2022,)),
    )
    assert set(only.values.agency) == {f"槐浦市{d}审计局" for d in ("临湖区", "听泉县", "石砚县", "东篱区")}
    assert only.values.last_value.notna().all(), "last year's value is there though its year is not shown"
    by_level = compare(dataset, ["new_requests", "disclosure_rate"], by="level")
    everyone = dataset.panel(["new_requests"], by=["level", "year"])
    one = by_level.values[
        (by_level.values.measure == "new_requests") & (by_level.values.year == 2022)
    ].set_index("level")
    assert (
        one.value["county"]
        == everyone[(everyone.level == "county") & (everyone.year == 2022)].new_requests.iloc[0]
    )
    for wrong in (
        Filter(levels=("星级",)),
        Filter(kinds=("星",)),
        Filter(agencies=("无",)),
        Filter(years=(1999,)),
    ):
        with pytest.raises(UsageError):
            compare(dataset, ["new_requests"], wrong)


def test_a_distribution_says_how_many_it_is_of(result: Comparison) -> None:
    spread = result.distribution.set_index(["measure", "year"]).loc[("disclosure_rate", 2022)]
    values = result.values[(result.values.measure == "disclosure_rate") & (result.values.year == 2022)]
    assert spread.coverage == 1 and spread.with_value == 60
    assert spread["median"] == pytest.approx(np.median(values.value))
    assert spread.weighted == pytest.approx(values.numerator.sum() / values.denominator.sum())


def test_a_workbook_has_formats_frozen_heads_and_notes(result: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "比较.xlsx"
    write(path, sheets(result), notes(result, "output"))
    book = openpyxl.load_workbook(path)
    assert (
        book.sheetnames[:4] == ["values", "分布", "并列", "排名 本年新收申请"]
        and book.sheetnames[-1] == "说明"
    )
    page = book["排名 实质公开率"]
    assert page.freeze_panes == "B2"
    head = [cell.value for cell in page[1]]
    assert page.cell(2, head.index("数值") + 1).number_format == "0.0%"
    assert page.cell(2, head.index("分子") + 1).number_format == "#,##0"
    assert any("requests.granted.total" in str(cell.value) for cell in book["说明"]["A"])


def test_csv_and_json_say_nothing_where_there_is_nothing(result: Comparison, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", sheets(result), [])
    first = rows(tmp_path / "a.csv")[0]
    assert first["last_value"] == "" and first["sure"] == "true" and "." not in first["numerator"]
    write(tmp_path / "a.json", sheets(result), ["说明"])
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert data["notes"] == ["说明"] and data["values"][0]["last_value"] is None
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write(tmp_path / "a.doc", sheets(result), [])


def test_no_text_runs_as_a_formula(tmp_path: Path) -> None:
    sheet = Sheet("s", pd.DataFrame({"text": ["=1+1", "+2", "-", "@x", "好"]}))
    write(tmp_path / "a.csv", [sheet], [])
    assert [r["text"] for r in rows(tmp_path / "a.csv")] == ["'=1+1", "+2", "-", "'@x", "好"]
    write(tmp_path / "a.xlsx", [sheet], [])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["s"]["A2"].data_type == "s"


@pytest.mark.parametrize(
    ("text", "groups", "own"),
    [
        (
            "本报告数据汇总9个县（区）政府和三十二个市政府部门。",
            (("districts", 9), ("departments", 32)),
            False,
        ),
        (
            "本报告涵盖各县（市、区）政府、市政府各部门及本级。",
            (("districts", None), ("departments", None)),
            True,
        ),
        ("统计数据包括12个乡镇。", (("towns", 12),), False),
    ],
)
def test_a_text_says_whose_figures_it_adds_up(text: str, groups: tuple[object, ...], own: bool) -> None:
    scope = scope_of(text)
    assert scope is not None and scope.groups == groups and scope.own == own


@pytest.mark.parametrize(
    "text", ["指导各县区政府和各部门做好公开。", "本报告仅包括本级，不含各县区政府数据。", ""]
)
def test_a_text_that_adds_up_nothing(text: str) -> None:
    assert scope_of(text) is None


def test_named_agencies_stand_side_by_side(dataset: extract.Dataset) -> None:
    names = ("槐浦市公安局", "砚湖市公安局")
    result = compare(dataset, ["new_requests"], Filter(agencies=names))
    assert list(result.years("new_requests").agency) == sorted(names)
    assert list(result.side_by_side(2022).columns) == ["agency", "new_requests"]
    with pytest.raises(UsageError, match="无此局"):
        compare(dataset, None, Filter(agencies=(*names, "无此局")))


def test_who_answers_to_the_centre_is_no_department_of_a_city() -> None:
    assert _in_group("audit", "departments") and _in_group("government_office", "departments")
    assert not any(
        _in_group(kind, "departments") for kind in ("tax", "customs", "government", "town", "school")
    )
    assert _in_group("government", "districts") and not _in_group("audit", "districts")
    assert _in_group("subdistrict", "towns") and not _in_group("government", "towns")


@pytest.mark.parametrize(
    ("parts", "whole", "sure", "complete", "verdict"),
    [
        (5, 5, True, False, "holds"), (5, 6, True, True, "source_error"), (6, 5, True, True, "source_error"),
        (5, 6, False, True, "doubtful"), (5, 6, True, False, "not_assessable"), (6, 5, True, False, "notable"),
        (6, 5, False, False, "not_assessable"), (float("nan"), 5, True, True, "not_assessable"),
    ],
)  # fmt: skip
def test_a_whole_is_judged_by_what_is_known_of_its_parts(
    parts: float, whole: float, sure: bool, complete: bool, verdict: str
) -> None:
    assert _verdict(parts, whole, sure, complete=complete) == verdict
