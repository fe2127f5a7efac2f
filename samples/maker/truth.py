"""Writes what is right to read from the made files: reports, cells, sections, checks, problems."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .printing import failing_checks
from .report import Report


@dataclass
class Entry:
    """A report file of the archive and what is special about it."""

    file: str
    report: Report
    shape: str
    sections: bool = True
    """False where the file shows the tables only."""
    tables: bool = True
    """False where the tables' pictures are not in the file."""
    head: bool = True
    """False where the head's contact data are not in the file."""
    notes: str = ""


@dataclass
class Truths:
    """Everything known about a made archive."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    """(file, kind or kinds parted by |, note) of what must be in `problems`."""


REPORT_COLUMNS = ("file", "shape", "agency", "year", "edition", "title", "published_on", "postcode", "phone", "email",
                  "address", "website", "sections", "status", "notes")  # fmt: skip


def write_truth(folder: Path, truths: Truths) -> None:
    """Write the CSV files of the truth; see README.md for their columns."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = sorted(truths.entries, key=lambda e: e.file)
    _write(folder / "reports.csv", REPORT_COLUMNS, map(_report_row, entries))
    cell_rows = (row for e in entries if e.tables for row in _cell_rows(e))
    _write(folder / "cells.csv", ("file", "code", "raw", "value", "filled", "unit", "status"), cell_rows)
    section_rows = (row for e in entries if e.sections for row in _section_rows(e))
    _write(folder / "sections.csv", ("file", "number", "heading", "text"), section_rows)
    checks = (
        (e.file, c) for e in entries if e.tables for c in failing_checks(e.report.edition, e.report.cells)
    )
    _write(folder / "checks.csv", ("file", "check"), checks)
    _write(folder / "problems.csv", ("file", "kind", "note"), sorted(truths.problems))


def _report_row(entry: Entry) -> tuple[object, ...]:
    words = entry.report.words
    missing = any(t.status == "missing" for t in entry.report.cells.values())
    status = "no_tables" if not entry.tables else "partial" if missing else "complete"
    head = (words.postcode, words.phone.replace("—", "-"), words.email, words.address, words.website)
    return (
        entry.file, entry.shape, words.agency, words.year, entry.report.edition if entry.tables else "",
        words.title.replace("\n", ""), words.published_on if entry.head else "",
        *(head if entry.head else ("",) * 5), 6 if entry.sections else 0, status, _notes(entry),
    )  # fmt: skip


def _notes(entry: Entry) -> str:
    """What is special, with a word where the table's head states its amounts in 元."""
    heads = (c.text for grids in entry.report.tables.values() for g in grids for c in g.cells if c.head)
    yuan = any(h.endswith("元）") and "万" not in h for h in heads)
    return "; ".join(n for n in (entry.notes, "the head says 元" if yuan else "") if n)


def _cell_rows(entry: Entry) -> Iterable[tuple[str, ...]]:
    for code, t in entry.report.cells.items():
        yield entry.file, code, t.raw, t.value, t.filled, t.unit, t.status


def _section_rows(entry: Entry) -> Iterable[tuple[object, ...]]:
    for section in entry.report.words.sections:
        yield entry.file, section.number, section.heading, "\n".join(section.before)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
