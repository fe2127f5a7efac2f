"""`make accuracy`: numbers from pictures, by kind of picture, beside general tools on the same pictures.

    python bench/accuracy.py [--seed 7301] [--count 12] [--rivals 1] [--shapes screenshot,jpeg,…] [--write docs/accuracy.md]

An archive of each kind is made afresh from a seed that no test, training or tuning uses, and read with one process and
`--text none`: the tables only, which is what the figures are about. Prints JSON lines: a kind of picture each, then a
rival on the first reports of each kind, then how far the confidences of all cells can be trusted.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

import pandas as pd  # noqa: E402
from bench import commit, warm  # noqa: E402
from pages import write_between  # noqa: E402
from reliability import BINS, calibration_error, reliability  # noqa: E402
from rivals import RIVALS, rival_score  # noqa: E402
from score import score  # noqa: E402

import extract  # noqa: E402

SHAPES = "screenshot,jpeg,office_scan,bad_copy,photo"
MARKS = "<!-- pictures -->", "<!-- end of pictures -->"
_ERRORS = 0.4
"""Share of the reports with a publisher's error, so that finding them is measured too."""
Row = dict[str, object]


def main() -> None:
    """Make an archive of each kind, read it with this and with general tools, print and write what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=7301)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument(
        "--rivals", type=int, default=1, help="reports of each kind that general tools read too"
    )
    parser.add_argument("--shapes", default=SHAPES)
    parser.add_argument("--second", default="none", help="a second opinion on doubtful numbers: tesseract")
    parser.add_argument("--examples", action="store_true", help="list what went wrong")
    parser.add_argument("--write", type=Path, help="write the tables into this page, between its marks")
    options = parser.parse_args()
    facts: Row = {
        "version": version("gov-report-extract"), "commit": commit(), "python": platform.python_version(),
        "seed": options.seed,
    }  # fmt: skip
    rows: list[Row] = []
    trusted: list[pd.DataFrame] = []
    with tempfile.TemporaryDirectory() as folder:
        for shape in options.shapes.split(","):
            made = Path(folder) / shape
            _make(made, shape, options.seed, options.count)
            rows.append(_own(made, shape, options) | facts)
            trusted.append(reliability(made / "out", made / "truth"))
            print(json.dumps(rows[-1]), flush=True)
            for name in RIVALS if options.rivals else ():
                rows.append(rival_score(name, made, shape, options.rivals) | facts)
                print(json.dumps(rows[-1]), flush=True)
    cells = pd.concat(trusted)
    print(json.dumps({"calibration_error": calibration_error(cells), "cells": len(cells)} | facts))
    if options.write:
        write_between(options.write, MARKS, _page(rows, cells, " ".join(sys.argv[1:])))


def _make(made: Path, shape: str, seed: int, count: int) -> None:
    command = [
        sys.executable, str(ROOT / "samples" / "make_samples.py"), "--seed", str(seed), "--count", str(count),
        "--out", str(made), "--shapes", shape, "--errors", str(_ERRORS),
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _own(made: Path, shape: str, options: argparse.Namespace) -> Row:
    """Read an archive with this project; seconds are those of one process after start-up, from file to record."""
    settings = extract.Settings(workers=1, text="none", second=options.second)
    warm(next(p for p in sorted((made / "files").rglob("*")) if p.is_file()), settings)
    started = time.perf_counter()
    extract.read_archive(made / "files", made / "out", settings)
    seconds = time.perf_counter() - started
    row = score(made / "out", made / "truth")[-1].row() | {"shape": shape, "tool": "extract"}
    shown = row.pop("examples")
    if options.examples:
        print(*(shown if isinstance(shown, list) else ()), sep="\n", file=sys.stderr)
    reading = float(pd.read_csv(made / "out" / "reports.csv")["seconds"].mean())
    return row | {"reading_seconds": round(reading, 3), "seconds": round(seconds, 1)}


def _page(rows: list[Row], cells: pd.DataFrame, arguments: str) -> list[str]:
    facts = rows[0]
    lines = [
        f"`python bench/accuracy.py {arguments}`, {time.strftime('%Y-%m-%d')}, commit {facts['commit']}, "
        f"Python {facts['python']}, one process:",
        "",
        "| pictures | read by | reports right | cells right | non-zero right | silent errors | to review "
        "| publisher's errors found (false) | s a report |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        own = r["tool"] == "extract"
        errors = (
            f"{r['source_errors_found']} of {r['source_errors']} ({r['source_errors_false']})" if own else "–"
        )
        lines.append(
            f"| {r['shape']} | {r['tool']} | {r['reports_right']} of {r['reports']} "
            f"| {r['cells_right']:,} of {r['cells']:,} | {r['nonzero_right']:,} of {r['nonzero']:,} "
            f"| {r['silent_errors']:,} | {r['review'] if own else '–'} | {errors} | {r['reading_seconds']} |"
        )
    lines += ["", "How far `confidence` can be trusted, over all cells read by this project:", ""]
    lines += ["| confidence | cells | mean confidence | right |", "|---|---|---|---|"]
    for low, high in pairwise(BINS):
        some = cells[(cells["confidence"] > low) & (cells["confidence"] <= high)]
        if len(some):
            lines.append(
                f"| {low} to {high} | {len(some):,} | {some['confidence'].mean():.4f} | {some['right'].mean():.4f} |"
            )
    return [*lines, "", f"Expected calibration error: {calibration_error(cells):.5f} ({len(cells):,} cells)."]


if __name__ == "__main__":
    main()
