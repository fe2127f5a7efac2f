"""Progress on stderr while a run goes on, and its summary at the end; quiet when stderr is no terminal."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from extract.places import joined
from extract.problems import INFORMATIVE

if TYPE_CHECKING:
    from extract.finish import Summary

_LINE_SECONDS = 60.0
"""Where stderr is no terminal a plain line is printed so often: for the logs of long runs."""
_WINDOW = 30.0
"""Seconds over which the rate is taken: pictures and Word files take turns, and the rate with them."""


class Rate:
    """Files a second over the last while, and the seconds that the rest takes at that rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()

    def told(self, summary: Summary) -> str:
        """Return rate and time left as a text; empty while nothing can be said."""
        now = self._clock()
        if not self._marks or now - self._marks[-1][0] >= 1:
            self._marks.append((now, summary.done))
        while now - self._marks[0][0] > _WINDOW and len(self._marks) > 2:
            self._marks.popleft()
        then, done = self._marks[0]
        if summary.stage != "reading" or now - then < 1 or summary.done <= done:
            return ""
        rate = (summary.done - done) / (now - then)
        left = timedelta(seconds=round((summary.files - summary.done) / rate))
        return f"{rate:,.1f} files/s, {left} left"


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[Summary], None]]:
    """Give a function that shows a run's counts: a bar on a terminal, else a plain line every minute."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    rate = Rate()
    if quiet:
        yield lambda _: None
        return
    if not console.is_terminal:
        last = time.monotonic()

        def line(s: Summary) -> None:
            nonlocal last
            told = rate.told(s)
            if time.monotonic() - last >= _LINE_SECONDS:
                last = time.monotonic()
                console.print(f"{s.stage}: {s.done:,} of {s.files:,} files, {told}", markup=False)

        yield line
        return
    columns = (
        TextColumn("{task.fields[stage]}"), BarColumn(), MofNCompleteColumn(), TextColumn("files"),
        TextColumn("[yellow]{task.fields[review]} cells to review"), TimeElapsedColumn(), TextColumn("{task.fields[rate]}"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None, review=0, stage="", rate="")
        yield lambda s: bar.update(
            task,
            total=s.files or None,
            completed=s.done,
            review=s.cells_review,
            stage=s.stage,
            rate=rate.told(s),
        )


def print_summary(summary: Summary, output: str) -> None:
    """Print the counts of a finished run on stderr, and where the dataset is."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    checks = summary.checks
    evaluated = sum(n for verdict, n in checks.items() if verdict != "not_assessable")
    if summary.unchanged:
        console.print("nothing has changed since the last run")
    elif summary.kept:
        console.print(f"{summary.files - summary.kept:,} files read, {summary.kept:,} as they were")
    console.print(
        f"{summary.files} files: {sum(summary.reports.values())} reports{_listed(summary.reports)}\n"
        f"{summary.cells:,} cells, {summary.cells_review:,} to review\n"
        f"{evaluated:,} sums checked: {checks.get('holds', 0):,} hold, {checks.get('source_error', 0):,} wrong as "
        f"published, {checks.get('doubtful', 0):,} doubtful"
    )
    text = {verdict: n for verdict, n in summary.text_checks.items() if verdict != "not_assessable"}
    console.print(
        f"{sum(text.values()):,} checks of the text: {text.get('holds', 0):,} hold, {text.get('source_error', 0):,} wrong "
        f"as published, {text.get('doubtful', 0):,} doubtful"
    )
    failures = {k: n for k, n in sorted(summary.problems.items()) if k not in INFORMATIVE}
    accounts = {k: n for k, n in sorted(summary.problems.items()) if k in INFORMATIVE}
    if accounts:
        console.print(f"set aside{_listed(accounts)}")
    if failures:
        console.print(f"problems{_listed(failures)}: see {joined(output, 'problems.csv')}", style="yellow")
    console.print(f"dataset in {output}")


def _listed(counts: dict[str, int]) -> str:
    return f" ({', '.join(f'{n} {name}' for name, n in counts.items())})" if counts else ""
