"""The end of a run: `problems` put together from all that was met, and the counts of the whole dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.group import Group
from extract.journal import Journal, pages
from extract.model import Problem
from extract.parts import arrow
from extract.problems import INFORMATIVE
from extract.reading import Result
from extract.rows import Row, problem_row, schema
from extract.store import Store

_OF_SUMS = "\"check\" NOT LIKE 'text.%' AND \"check\" NOT LIKE 'structure.%'"
"""Condition on `checks`: the sums of the form, not what the text and its structure were held against."""


@dataclass(slots=True)
class Summary:
    """Counts of a run, kept while it goes on: files found and done, reports by status, cells, problems by kind.

    `kept` are the files that are not read in this run: read in an earlier one, the same as another, part of a page;
    `unchanged` tells that nothing at all was to be done. `begun` is the `time.monotonic` when reading began.
    """

    files: int = 0
    done: int = 0
    reports: dict[str, int] = field(default_factory=dict)
    cells: int = 0
    cells_review: int = 0
    checks: dict[str, int] = field(default_factory=dict)
    text_checks: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    unchanged: bool = False
    stage: str = "looking for files"
    begun: float = 0.0

    @property
    def failures(self) -> int:
        """Problems that are more than an account of a file."""
        return sum(n for kind, n in self.problems.items() if kind not in INFORMATIVE)

    def count(self, result: Result) -> None:
        """Take a result into the counts."""
        self.done += len(result.files)
        if result.report_id:
            self.reports[result.status] = self.reports.get(result.status, 0) + 1
        self.cells += result.cells
        self.cells_review += result.cells_review
        told = (
            (self.checks, result.verdicts),
            (self.text_checks, result.text_verdicts),
            (self.problems, result.problems),
        )
        for counts, found in told:
            for name, n in found:
                counts[name] = counts.get(name, 0) + n


def finish(store: Store, journal: Journal) -> None:
    """Write the table `problems` anew, in one transaction."""
    columns = ", ".join(f'"{f.field}"' for f in schema()["problems"])
    with store.transaction() as sql:
        sql.execute("DELETE FROM problems")
        sql.execute(
            f"INSERT INTO problems SELECT {columns} FROM journal.problems JOIN journal.units USING (key) ORDER BY n"  # noqa: S608
        )
        for page in pages(_accounts(store, journal)):
            store.insert("problems", arrow("problems", page))


def _accounts(store: Store, journal: Journal) -> Iterator[Row]:
    """Yield the rows of files that were no report of their own: not to be opened, part of a page, read before."""
    for _, problem in journal.found_problems():
        yield problem_row(problem)
    for part, key, first in journal.units():
        for asset in part.assets:
            yield problem_row(Problem("find", "joined", f"Belongs to: {part.files[0].file}", asset.file))
        if first:
            yield from _again(store, key, first, part)


def _again(store: Store, key: str, first: Group, part: Group) -> Iterator[Row]:
    """Yield the rows of files whose content was read under other names: where that gave no report, the same problems."""
    files = [found.file for found in part.files]
    read = store.rows("SELECT report_id FROM journal.done WHERE key = ?", [key])
    if read and read[0][0]:
        for file in files:
            yield (
                file,
                read[0][0],
                *problem_row(Problem("find", "duplicate", f"Same as: {first.files[0].file}", file))[2:],
            )
        return
    columns = ", ".join(f'"{f.field}"' for f in schema()["problems"])
    query = f"SELECT {columns} FROM journal.problems WHERE key = ? ORDER BY rowid"  # noqa: S608 - columns of ours
    names = dict(zip((found.file for found in first.files), files, strict=False))
    for file, *rest in store.rows(query, [key]):
        yield (names.get(file, files[0]), *rest)


def summarise(store: Store, summary: Summary) -> None:
    """Fill in the counts of the whole dataset."""

    def counts(query: str) -> dict[str, int]:
        return {str(name): int(n) for name, n in store.rows(query)}

    summary.reports = counts("SELECT status, count(*) FROM reports GROUP BY 1 ORDER BY 1")
    by_kind = "SELECT verdict, count(*) FROM checks WHERE {} GROUP BY 1 ORDER BY 1"
    summary.checks = counts(by_kind.format(_OF_SUMS))
    summary.text_checks = counts(by_kind.format(f"NOT ({_OF_SUMS})"))
    summary.problems = counts("SELECT kind, count(*) FROM problems GROUP BY 1 ORDER BY 1")
    summary.cells = store.number("SELECT coalesce(sum(cells_present), 0) FROM reports")
    summary.cells_review = store.number("SELECT coalesce(sum(cells_review), 0) FROM reports")
    summary.done = summary.files = count_files(store)


def count_files(store: Store) -> int:
    """Return how many files the archives hold, those in zips too, and folders that cannot be listed."""
    return store.number(
        """SELECT (SELECT count(*) FROM journal.listing WHERE size < 0)
        + (SELECT count(*) FROM journal.listing JOIN journal.entries USING (path, size, mtime) WHERE m >= 0)"""
    )
