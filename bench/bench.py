"""`make bench`: accuracy and speed on archives made afresh, as JSON lines.

    python bench/bench.py [--seed 901] [--count 8] [--shapes docx,html,…] [--edition 2014] [--examples] [--write docs/accuracy.md]

Each line is a shape: counts as in `score.py`, and seconds of one process after start-up: `reading_seconds` from file to
record, `seconds_per_report` with finding, storing and exporting. The seed is
not one that the samples or any test uses.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

import pandas as pd  # noqa: E402
from pages import write_between  # noqa: E402
from score import score  # noqa: E402

import extract  # noqa: E402

SHAPES = "docx,html,txt,rtf,xlsx,xls,mht,ofd,doc,pdf,pdf_office,docx_pictures,html_pictures,pictures,png,scan"


def commit() -> str:
    """Return the short hash of the checkout, or an empty text outside one."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def main() -> None:
    """Make an archive per shape, read it, print its score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=901)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--shapes", default=SHAPES)
    parser.add_argument("--edition", help="only reports in this edition of the form: 2021, 2019 or 2014")
    parser.add_argument("--ocr", default="rapidocr")
    parser.add_argument("--examples", action="store_true", help="list what went wrong")
    parser.add_argument("--write", type=Path, help="write the table into this page, between its marks")
    options = parser.parse_args()
    facts = {
        "version": version("gov-report-extract"),
        "commit": commit(),
        "python": platform.python_version(),
    }
    settings = extract.Settings(workers=1, isolate=False, ocr=options.ocr)
    lines: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for shape in options.shapes.split(","):
            made = Path(folder) / shape
            command = [
                sys.executable, str(ROOT / "samples" / "make_samples.py"), "--seed", str(options.seed),
                "--count", str(options.count), "--out", str(made), "--shapes", shape,
                *(["--edition", options.edition] if options.edition else []),
            ]  # fmt: skip
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            first = next((p for p in sorted((made / "files").rglob("*")) if p.is_file()), None)
            if first is None:  # LibreOffice is not installed, which makes this shape
                continue
            warm(first, settings)
            started = time.perf_counter()
            extract.read_archive(made / "files", made / "out", settings)
            seconds = time.perf_counter() - started
            total = score(made / "out", made / "truth")[-1].row() | {"shape": shape}
            examples = total.pop("examples")
            reading = pd.read_csv(made / "out" / "reports.csv")["seconds"].mean()
            speed = {
                "reading_seconds": round(reading, 4),
                "seconds_per_report": round(seconds / options.count, 4),
            }
            lines.append(total | speed | facts)
            print(json.dumps(lines[-1]), flush=True)
            if options.examples:
                print(*examples, sep="\n", file=sys.stderr)
    if options.write:
        write(options.write, lines, " ".join(sys.argv[1:]))


MARKS = "<!-- table -->", "<!-- end of table -->"


def write(page: Path, lines: list[dict[str, object]], arguments: str) -> None:
    """Put the figures as a table between the marks of a page. ValueError where it has none."""
    facts = lines[0]
    rows = [
        f"`python bench/bench.py {arguments}`, {time.strftime('%Y-%m-%d')}, commit {facts['commit']}, "
        f"Python {facts['python']}, one process:",
        "",
        "| shape | reports right | cells right | non-zero right | silent errors | to review | publisher's errors found (false) "
        "| heads right | s reading a report | s all told |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in lines:
        rows.append(
            f"| {r['shape']} | {r['reports_right']} of {r['reports']} | {r['cells_right']:,} of {r['cells']:,} "
            f"| {r['nonzero_right']:,} of {r['nonzero']:,} | {r['silent_errors']} | {r['review']} "
            f"| {r['source_errors_found']} of {r['source_errors']} ({r['source_errors_false']}) | {r['heads_right']} "
            f"| {r['reading_seconds']:.3f} | {r['seconds_per_report']:.3f} |"
        )
    write_between(page, MARKS, rows)


def warm(file: Path, settings: extract.Settings) -> None:
    """Load libraries and models before the clock runs."""
    try:
        extract.read(file, settings)
    except extract.ReadError as error:
        print(f"warm-up: {file.name}: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
