"""What can be compared over the editions: every cell is placed or told why not, and the panel adds up by hand."""

import csv
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import extract
from extract.errors import UsageError
from extract.export import describe
from extract.form import EDITIONS, LOCAL, edition, rows_of_file
from extract.form.crosswalk import link, links, value_of, variables, why_not
from extract.measures import measures
from made import requests_rows
from test_statistics import sheet_rows


@pytest.mark.parametrize("name", EDITIONS)
def test_every_cell_is_in_a_variable_or_has_a_reason(name: str) -> None:
    used = {code for found in links() if found.edition == name for code in found.codes}
    assert used <= set(edition(name).cells)
    assert [code for code in edition(name).cells if code not in used and not why_not(code, name)] == []


def test_every_row_of_the_file_says_something() -> None:
    for row in rows_of_file("crosswalk.csv"):
        assert row["comparison"] in {"same", "sum", "none"}
        codes = list(edition(row["edition"]).cells)
        if row["comparison"] == "none":
            assert row["reason"] and any(fnmatchcase(code, row["codes"]) for code in codes), row
        else:
            assert (row["comparison"] == "sum") == (" + " in row["codes"]) and row["title"], row


def test_links_of_a_variable_agree_in_title_and_unit() -> None:
    for name, newest in variables().items():
        assert {(x.title, x.unit) for x in links() if x.variable == name} == {(newest.title, newest.unit)}
        assert len({x.edition for x in links() if x.variable == name}) >= 2 or len(newest.codes) > 1


@pytest.mark.parametrize(
    ("variable", "form", "filled", "expected"),
    [
        ("requests.received", "2021", {"requests.new.total": 7}, 7),
        ("requests.received", "2014", {"requests.received": 7}, 7),
        ("requests.received", LOCAL, {"requests.received": 7}, 7),
        ("requests.granted", "2014", {"requests.answered.already_public": 3, "requests.answered.granted": 4}, 7),
        ("requests.granted", "2014", {"requests.answered.granted": 4}, None),
        ("requests.carried_in", "2014", {}, None),
        ("requests.other", "2019", {"requests.other.total": 2}, 2),
        ("litigation.upheld", "2019", {"litigation_direct.upheld": 2, "litigation_after_review.upheld": 1}, 3),
        ("litigation.upheld", "2014", {"litigation.upheld": 3}, 3),
    ],
)  # fmt: skip
def test_values(variable: str, form: str, filled: dict[str, int], expected: int | None) -> None:
    found = value_of(variable, form, {code: Decimal(n) for code, n in filled.items()})
    assert found == expected


def test_measures_over_several_editions_come_from_what_means_the_same() -> None:
    """Reviews of the sheet of 2014 are decided ones; 已主动公开 was counted apart then, and is among 予以公开 since."""
    known = measures()
    decided = known["reviews_decided"].formulas
    assert decided["2014"].written == "review.total"
    assert decided["2021"].written == "review.upheld + review.corrected + review.other"
    assert "2014" not in known["reviews"].formulas
    old = known["disclosure_rate"].formulas["2014"]
    assert {term.code for term in old.numerator} >= {
        "requests.answered.already_public",
        "requests.answered.granted",
    }
    assert "两项合为予以公开" in old.caveat_zh
    assert set(known["carried_in"].formulas) == {"2021", "2019"}


def test_a_measure_of_ones_own_may_name_variables(tmp_path: Path) -> None:
    own = tmp_path / "own_measures.csv"
    own.write_text(
        "measure,edition,numerator,denominator\nless_last,crosswalk,requests.received - last_year(requests.received),\n",
        encoding="utf-8",
    )
    found = measures(own)["less_last"].formulas
    assert found["2014"].written == "requests.received - last_year(requests.received)"
    assert found["2019"].written == "requests.new.total - last_year(requests.new.total)"
    own.write_text("measure,edition,numerator\nodd,crosswalk,requests.new.total\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        measures(own)


def test_what_looks_alike_but_is_not_stays_apart() -> None:
    """收费金额 of 2021 is no 依申请公开收费, and 对外公开总数量 no 现行有效件数."""
    together = [x.codes for x in links()]
    for code in ("proactive.fees.amount", "fees.amount", "proactive.normative_documents.total_disclosed"):
        assert not any(code in codes for codes in together)
    assert "2021" in why_not("fees.amount", "2014")
    with pytest.raises(KeyError):
        link("requests.nothing", "2021")


def test_the_panel_of_three_reports(tmp_path: Path) -> None:
    new = requests_rows({"new.total": "9", "granted.natural_person": "4", "granted.total": "4"})
    old = sheet_rows(
        {"requests.received": "5", "requests.answered.already_public": "2", "requests.answered.granted": "1"}
    )
    local = [
        ["指标名称", "计量单位", "本年"],
        ["收到申请数", "件", "3"],
        ["当面申请数", "件", "3"],
        ["其他", "件", "1"],
    ]
    for year, rows in ((2023, new), (2016, old), (2010, local)):
        text = "\n".join("\t".join(row) for row in rows)
        title = f"青禾市林业局{year}年政府信息公开工作年度报告\n\n一、总体情况\n正文。\n"
        (tmp_path / f"{year}.txt").write_text(title + text, encoding="utf-8")
    extract.read_archive(tmp_path, tmp_path / "out", extract.Settings(workers=1))
    with (tmp_path / "out" / "wide_panel.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = {row["year"]: row for row in csv.DictReader(stream)}
    assert [found[y]["edition"] for y in ("2023", "2016", "2010")] == ["2021", "2014", "local"]
    assert [found[y]["requests.received"] for y in ("2023", "2016", "2010")] == ["9", "5", "3"]
    assert [found[y]["requests.granted"] for y in ("2023", "2016", "2010")] == ["4", "3", ""]
    assert found["2023"]["requests.granted.natural_person"] == "4"
    assert found["2016"]["requests.carried_in"] == found["2016"]["requests.granted.natural_person"] == ""


def test_the_descriptor_says_from_which_cells() -> None:
    panel = next(r for r in describe([])["resources"] if r["name"] == "wide_panel")
    told = {f["name"]: f.get("description", "") for f in panel["schema"]["fields"]}
    assert "2014: requests.answered.already_public + requests.answered.granted" in told["requests.granted"]
