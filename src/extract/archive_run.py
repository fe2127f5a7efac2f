"""A run over an archive: find, group, read in worker processes, write; one bad file never stops it."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as OutOfTime
from dataclasses import dataclass, field
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extract.correct import correct
from extract.errors import ReadError
from extract.export import export
from extract.find import Found, find, load
from extract.group import Group, group
from extract.model import Problem
from extract.originals import remember_archives
from extract.pipeline import read_report
from extract.problems import INFORMATIVE
from extract.record import Outcome
from extract.settings import Settings
from extract.store import Store


@dataclass(slots=True)
class Summary:
    """Counts of a run, kept while it goes on: files found and done, reports by status, cells, problems by kind."""

    files: int = 0
    done: int = 0
    reports: dict[str, int] = field(default_factory=dict)
    cells: int = 0
    cells_review: int = 0
    checks: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)

    @property
    def failures(self) -> int:
        """Problems that are more than an account of a file."""
        return sum(n for kind, n in self.problems.items() if kind not in INFORMATIVE)

    def count(self, outcome: Outcome, *, new: bool) -> None:
        """Take an outcome into the counts."""
        self.done += len(outcome.files)
        record = outcome.record
        if not new:
            self.problems["duplicate"] = self.problems.get("duplicate", 0) + len(outcome.files)
            return
        for problem in (*outcome.problems, *(record.problems if record else ())):
            self.problems[problem.kind] = self.problems.get(problem.kind, 0) + 1
        if record is not None:
            self.reports[record.status] = self.reports.get(record.status, 0) + 1
            self.cells += record.cells_present
            self.cells_review += record.cells_review
            for check in record.checks:
                self.checks[check.verdict] = self.checks.get(check.verdict, 0) + 1


def run(
    archives: Sequence[Path],
    output: Path,
    settings: Settings,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Read archives into the dataset in `output`, replacing one that is there; return the counts.

    Raises InputNotFoundError and OutputError; what is wrong with a file goes to `problems`.
    """
    found = list(find(archives, settings))
    files = [item for item in found if isinstance(item, Found)]
    store = Store(output)
    summary = Summary(files=len(found))
    for item in found:
        if isinstance(item, Problem):
            store.problem(item)
            summary.problems[item.kind] = summary.problems.get(item.kind, 0) + 1
            summary.done += 1
    progress(summary)
    for part, outcome in _outcomes(group(files), settings):
        summary.count(outcome, new=store.add(outcome))
        for asset in part.assets:
            store.problem(Problem("find", "joined", f"Belongs to: {part.files[0].file}", asset.file))
            summary.done += 1
        progress(summary)
    store.flush()
    remember_archives(store.connection, archives)
    correct(store.connection, output, settings)
    export(store.connection, output)
    store.close()
    return summary


def read_group(part: Group, settings: Settings) -> Outcome:
    """Load and read the files of one report; a file that cannot even be loaded is a problem."""
    sources, problems = [], []
    for found in part.files:
        try:
            sources.append(load(found, settings))
        except ReadError as error:
            problems.append(Problem("find", error.kind, error.detail, found.file))
    names = tuple(found.file for found in part.files)
    if not sources:
        return Outcome(names, None, tuple(problems))
    try:
        outcome = read_report(sources, settings)
    except (
        Exception
    ) as error:  # a fault of ours in one report must not stop the batch; it is told, never hidden
        return _lost(part, "crashed", _where(error))
    return Outcome(names, outcome.record, (*problems, *outcome.problems))


def _outcomes(groups: Iterable[Group], settings: Settings) -> Iterator[tuple[Group, Outcome]]:
    """Read the groups, in order; in this process where one worker is asked for, else in workers."""
    workers = settings.workers or os.cpu_count() or 1
    if workers == 1:
        for part in groups:
            yield part, read_group(part, settings)
        return
    with ProcessPool(max_workers=workers, max_tasks=500, context=_context()) as pool:
        waiting: deque[tuple[Group, ProcessFuture]] = deque()
        for part in groups:
            waiting.append((part, pool.schedule(read_group, args=(part, settings), timeout=settings.timeout)))
            if len(waiting) >= 4 * workers:
                yield _collect(*waiting.popleft(), settings)
        while waiting:
            yield _collect(*waiting.popleft(), settings)


def _context() -> multiprocessing.context.BaseContext:
    """Workers begin as fresh processes: a fork of one that has threads or a virtual machine (Tika's) may hang."""
    ways = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")


def _collect(part: Group, future: ProcessFuture, settings: Settings) -> tuple[Group, Outcome]:
    """Wait for a worker; one that ran out of time or died leaves a problem for each file of its report."""
    try:
        outcome: Outcome = future.result()
    except OutOfTime:
        outcome = _lost(part, "timeout", f"Limit: {settings.timeout:g} s.")
    except ProcessExpired as error:
        outcome = _lost(part, "crashed", f"Exit code {error.exitcode}.")
    return part, outcome


def _where(error: Exception) -> str:
    """Name an unexpected error and the place in our code where it came up."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "extract" in f.filename]
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def _lost(part: Group, kind: str, detail: str) -> Outcome:
    names = tuple(found.file for found in part.files)
    return Outcome(names, None, tuple(Problem("read", kind, detail, name) for name in names))
