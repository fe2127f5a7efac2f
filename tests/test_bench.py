"""The figures themselves: what counts as right, how confidences are held against the truth, how a page is written."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

BENCH = Path(__file__).parent.parent / "bench"
sys.path.insert(0, str(BENCH))

from pages import write_between  # noqa: E402
from reliability import calibration_error  # noqa: E402
from score import Score, score_cells  # noqa: E402


def cell(value: str, filled: str, review: str = "false", status: str = "printed") -> dict[str, str]:
    return {"code": "a", "raw": value, "value": value, "filled": filled, "review": review, "status": status}


@pytest.mark.parametrize(
    ("found", "right", "silent"),
    [
        (cell("5", "5"), 1, 0), (cell("5.0", "5"), 1, 0), (cell("6", "6"), 0, 1), (cell("6", "6", "true"), 0, 0),
        (cell("", "0", status="blank"), 0, 1), (cell("", "", status="missing"), 0, 0),
    ],
)  # fmt: skip
def test_what_counts(found: dict[str, str], right: int, silent: int) -> None:
    one = Score("x")
    score_cells(one, "f", {"a": found}, [cell("5", "5")])
    assert (one.cells, one.cells_right, one.silent_errors) == (1, right, silent)


def test_calibration_error_is_the_gap_between_claim_and_truth() -> None:
    honest = pd.DataFrame({"confidence": [0.9] * 10, "right": [True] * 9 + [False]})
    assert calibration_error(honest) == pytest.approx(0.0, abs=1e-9)
    boastful = pd.DataFrame({"confidence": [1.0] * 4, "right": [True, True, False, False]})
    assert calibration_error(boastful) == pytest.approx(0.5)


def test_lines_between_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- y -->\nb\n", encoding="utf-8")
    write_between(page, ("<!-- x -->", "<!-- y -->"), ["new"])
    assert page.read_text(encoding="utf-8") == "a\n<!-- x -->\nnew\n<!-- y -->\nb\n"


def test_accuracy_measures_a_report(tmp_path: Path) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text("<!-- pictures -->\n<!-- end of pictures -->\n", encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable, str(BENCH / "accuracy.py"), "--seed", "17", "--count", "1", "--rivals", "0",
            "--shapes", "screenshot", "--write", str(page),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"tool": "extract"' in done.stdout
    assert "| screenshot | extract | 1 of 1 |" in page.read_text(encoding="utf-8")


def test_facts_measures_reports(tmp_path: Path) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text("<!-- facts -->\n<!-- end of facts -->\n", encoding="utf-8")
    command = [sys.executable, str(BENCH / "facts.py"), "--seed", "31", "--count", "25", "--write", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    facts, planted, clean = (json.loads(line) for line in done.stdout.splitlines())
    assert facts["told"] > 150 and facts["precision"] >= 0.98 and facts["recall"] >= 0.98
    assert planted["reports"] == 25 and planted["found"] >= 24 and clean["with_a_claim"] == 0
    assert "precision" in page.read_text(encoding="utf-8")
