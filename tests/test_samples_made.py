"""The sample archive and its truth say the same, and the truth obeys the form's own arithmetic.

Nothing of `extract` is used here: the truth must stand on its own.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
EDITION_CELLS = {"2021": 200, "2019": 198, "2014": 58}
PLACEHOLDERS = {"", "/", "-", "—", "无"}
FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def rows(name: str, folder: Path = SAMPLES / "truth") -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, str]]:
    return {r["file"]: r for r in rows("reports")}


@pytest.fixture(scope="module")
def cells() -> dict[str, dict[str, dict[str, str]]]:
    by_file: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in rows("cells"):
        by_file[row["file"]][row["code"]] = row
    return by_file


def members(path: Path) -> list[str]:
    """Every file under the archive, named as a run names it."""
    names = []
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        name = file.relative_to(path).as_posix()
        data = file.read_bytes()
        if name.endswith(".zip") and data:
            names += zip_members(name, data)
        elif name.endswith(".eml"):
            mail = email.message_from_bytes(data, policy=email.policy.default)
            names += [f"{name}!{part.get_filename()}" for part in mail.iter_attachments()]
        else:
            names.append(name)
    return names


def zip_members(name: str, data: bytes) -> list[str]:
    names = []
    with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gbk") as archive:
        for inner in archive.namelist():
            inside = archive.read(inner)
            path = f"{name}!{inner}"
            names += zip_members(path, inside) if inner.endswith(".zip") else [path]
    return names


def test_every_file_is_a_report_or_a_problem(reports: dict[str, dict[str, str]]) -> None:
    known = set(reports) | {p["file"] for p in rows("problems")}
    assert set(members(SAMPLES / "files")) == known


def test_archive_is_varied_and_small(reports: dict[str, dict[str, str]]) -> None:
    assert len(reports) >= 36
    assert {r["edition"] for r in reports.values()} == {"2021", "2019", "2014", ""}
    assert sum(p.stat().st_size for p in (SAMPLES / "files").rglob("*") if p.is_file()) < 8_000_000


def test_problem_kinds_are_in_the_catalogue() -> None:
    catalogue = SAMPLES.parent / "src" / "extract" / "problems.csv"
    with catalogue.open(encoding="utf-8", newline="") as file:
        kinds = {r["kind"] for r in csv.DictReader(file)}
    assert {k for p in rows("problems") for k in p["kind"].split("|")} <= kinds


def test_each_report_has_the_cells_of_its_edition(reports: dict[str, dict[str, str]], cells: dict) -> None:
    for file, report in reports.items():
        assert len(cells.get(file, {})) == EDITION_CELLS.get(report["edition"], 0), file


def test_status_raw_and_filled_agree(reports: dict[str, dict[str, str]], cells: dict) -> None:
    for file, by_code in cells.items():
        for cell in by_code.values():
            check_cell(cell, yuan_head="the head says 元" in reports[file]["notes"])


def check_cell(cell: dict[str, str], yuan_head: bool) -> None:
    if cell["status"] == "printed":
        assert cell["raw"] not in PLACEHOLDERS and cell["value"] == cell["filled"] != ""
        raw = cell["raw"] + ("元" if yuan_head and cell["unit"] == "万元" else "")
        assert number(raw, cell["unit"]) == pytest.approx(float(cell["value"]), abs=1e-9), cell
    elif cell["status"] == "blank":
        assert cell["raw"] in PLACEHOLDERS and cell["value"] == "" and cell["filled"] == "0"
    elif cell["status"] == "derived":
        assert cell["raw"] == cell["value"] == "" and float(cell["filled"]) > 0
    else:
        assert cell["status"] == "missing" and cell["raw"] == cell["value"] == cell["filled"] == ""


def number(raw: str, unit: str) -> float:
    """An independent reading of a printed number, in 万元 for amounts."""
    text = raw.translate(FULL_WIDTH).replace(",", "").replace("，", "").removesuffix("件")
    text = text.replace("增", "+").replace("减", "-")
    if text.endswith("万元"):
        return float(text[:-2])
    if text.endswith("元"):
        assert unit == "万元"
        return float(text[:-1]) / 10_000
    return float(text)


def test_only_the_listed_sums_are_wrong(reports: dict[str, dict[str, str]], cells: dict) -> None:
    expected = {(c["file"], c["check"]) for c in rows("checks")}
    found = {(file, check) for file, by_code in cells.items() for check in wrong_sums(by_code)}
    assert found == expected
    assert len({file for file, _ in expected}) >= 4


def wrong_sums(by_code: dict[str, dict[str, str]]) -> list[str]:
    """The sums of the form, written out again by hand from its text."""
    value = {code: float(c["filled"]) for code, c in by_code.items() if c["filled"]}
    if "requests.received" in by_code:
        return wrong_in_sheet(value)
    request_rows = list(
        dict.fromkeys(
            c.removeprefix("requests.").rpartition(".")[0] for c in by_code if c.startswith("requests.")
        )
    )
    columns = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org")
    wrong = []
    for row in request_rows:
        if f"requests.{row}.total" in value:
            parts = sum(value[f"requests.{row}.{c}"] for c in columns)
            wrong += [f"requests.row_total.{row}"] if parts != value[f"requests.{row}.total"] else []
    results = [r for r in request_rows if r not in {"new", "carried_in", "results_total", "carried_out"}]
    for column in (*columns, "total"):
        at = {row: value.get(f"requests.{row}.{column}", 0.0) for row in request_rows}
        complete = all(f"requests.{r}.{column}" in value for r in results)
        if complete and sum(at[r] for r in results) != at["results_total"]:
            wrong.append(f"requests.results_total.{column}")
        if at["new"] + at["carried_in"] != at["results_total"] + at["carried_out"]:
            wrong.append(f"requests.balance.{column}")
    for block in ("review", "litigation_direct", "litigation_after_review"):
        parts = sum(value.get(f"{block}.{o}", 0.0) for o in ("upheld", "corrected", "other", "pending"))
        wrong += [f"{block}.total"] if parts != value.get(f"{block}.total", 0.0) else []
    return wrong


def wrong_in_sheet(value: dict[str, float]) -> list[str]:
    """The sums and limits of the statistics sheet, by the first parts of its codes."""
    wrong = []
    for total in (
        "requests.received",
        "requests.concluded",
        "requests.answered",
        "requests.answered.denied",
        "capacity.staff",
    ):
        depth = total.count(".") + 1
        parts = [n for code, n in value.items() if code.startswith(total + ".") and code.count(".") == depth]
        wrong += [total] if sum(parts) != value[total] else []
    for block in ("review", "litigation"):
        if sum(value[f"{block}.{o}"] for o in ("upheld", "corrected", "other")) != value[f"{block}.total"]:
            wrong.append(f"{block}.total")
    for part, whole in (
        ("proactive.normative_documents_disclosed", "proactive.total"),
        ("response.press_conferences_by_leaders", "response.press_conferences"),
        ("response.online_interviews_by_leaders", "response.online_interviews"),
    ):
        wrong += [f"{part}.within"] if value[part] > value[whole] else []
    return wrong


def test_sections_are_six(reports: dict[str, dict[str, str]]) -> None:
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in rows("sections"):
        numbers[row["file"]].append(row["number"])
    for file, report in reports.items():
        assert len(numbers[file]) == int(report["sections"]), file


def test_fresh_archives_repeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SAMPLES))
    from maker.fresh import make_fresh

    for folder in ("one", "two"):
        make_fresh(11, 12, tmp_path / folder, ["docx", "html", "txt"])
    assert len(rows("reports", tmp_path / "one" / "truth")) == 12
    for file in (p for p in (tmp_path / "one").rglob("*") if p.is_file()):
        assert file.read_bytes() == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()
    assert "maker" in sys.modules
