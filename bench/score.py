"""Hold a dataset against its truth, cell by cell.

A cell is right where `value` and `filled` both equal the truth's, so a blank read as 0 or a `/` read as 1 counts as
wrong. A wrong cell that is not marked for review is a silent error.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

_SHOWN = 12


@dataclass
class Score:
    """Counts over the reports of one shape."""

    shape: str
    reports: int = 0
    reports_found: int = 0
    reports_right: int = 0
    cells: int = 0
    cells_right: int = 0
    nonzero: int = 0
    nonzero_right: int = 0
    silent_errors: int = 0
    review: int = 0
    heads_right: int = 0
    source_errors: int = 0
    source_errors_found: int = 0
    source_errors_false: int = 0
    examples: list[str] = field(default_factory=list)

    def row(self) -> dict[str, object]:
        """Return the counts for printing."""
        return asdict(self)

    def add(self, one: Score) -> None:
        """Add the counts of another score to this one."""
        for name, value in one.row().items():
            if isinstance(value, int):
                setattr(self, name, getattr(self, name) + value)
        self.examples = (self.examples + one.examples)[:_SHOWN]


def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def score(output: Path, truth: Path) -> list[Score]:
    """Return a score for each shape of the truth's reports, and their sum under the name `all`."""
    reports, cells, checks = (_table(output / f"{n}.csv") for n in ("reports", "cells", "checks"))
    true_reports, true_cells, true_checks = (
        _table(truth / f"{n}.csv") for n in ("reports", "cells", "checks")
    )
    read = reports.set_index("file").to_dict("index")
    found = {key: group.set_index("code").to_dict("index") for key, group in cells.groupby("report_id")}
    wanted = {key: group.to_dict("records") for key, group in true_cells.groupby("file")}
    errors = {key: set(group["check"]) for key, group in true_checks.groupby("file")}
    sums = checks[
        ~checks["check"].str.startswith(("text.", "structure."))
    ]  # those of the text: bench/facts.py
    claims = sums[sums["verdict"] == "source_error"].groupby("report_id")["check"].apply(set).to_dict()
    scores: dict[str, Score] = {}
    for true in true_reports.to_dict("records"):
        one = Score(true["shape"], reports=1)
        report = read.get(true["file"])
        if report is not None:
            one.reports_found = 1
            one.heads_right = int(_head_right(report, true, one))
        identifier = report["report_id"] if report else ""
        score_cells(one, true["file"], found.get(identifier, {}), wanted.get(true["file"], []))
        _score_checks(one, true["file"], claims.get(identifier, set()), errors.get(true["file"], set()))
        for name in (true["shape"], "all"):
            scores.setdefault(name, Score(name)).add(one)
    return [scores[name] for name in sorted(scores, key=lambda n: (n == "all", n))]


def _head_right(report: dict[str, str], true: dict[str, str], one: Score) -> bool:
    right = True
    for name in ("agency", "year", "edition", "published_on", "postcode", "phone", "email"):
        if true.get(name, "") != report[name]:
            right = False
            one.examples.append(f"{true['file']}: {name} {report[name]!r}, truth {true.get(name)!r}")
    return right


def score_cells(
    one: Score, file: str, found: dict[str, dict[str, str]], wanted: list[dict[str, str]]
) -> None:
    """Hold the cells of a report, by code, against its true ones; the counts go into `one`."""
    wrong = 0
    for true in wanted:
        cell = found.get(true["code"])
        nonzero = true["value"] not in {"", "0"}
        right = (
            cell is not None and _same(cell["value"], true["value"]) and _same(cell["filled"], true["filled"])
        )
        one.cells += 1
        one.cells_right += right
        one.nonzero += nonzero
        one.nonzero_right += right and nonzero
        one.review += cell is not None and cell["review"] == "true"
        if not right:
            wrong += 1
            one.silent_errors += cell is not None and cell["review"] != "true" and cell["status"] != "missing"
            shown = f"{cell['raw']!r} {cell['status']}" if cell else "absent"
            one.examples.append(f"{file}: {true['code']} {shown}, truth {true['raw']!r} {true['filled']}")
    one.reports_right = int(not wrong and one.reports_found > 0)


def _same(a: str, b: str) -> bool:
    return a == b or (a != "" and b != "" and abs(float(a) - float(b)) < 1e-9)


def _score_checks(one: Score, file: str, claimed: set[str], true: set[str]) -> None:
    one.source_errors += len(true)
    one.source_errors_found += len(true & claimed)
    one.source_errors_false += len(claimed - true)
    one.examples += [f"{file}: {name} claimed wrong, is right" for name in sorted(claimed - true)]
    one.examples += [f"{file}: {name} is wrong, not claimed" for name in sorted(true - claimed)]
