"""Progress on stderr while a run goes on, and its summary at the end; quiet when stderr is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from extract.problems import INFORMATIVE

if TYPE_CHECKING:
    from extract.archive_run import Summary


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[Summary], None]]:
    """Give a function that shows a run's counts; it shows nothing where nobody looks."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("files"),
        TextColumn("[yellow]{task.fields[review]} cells to review"), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None, review=0)
        yield lambda s: bar.update(task, total=s.files, completed=s.done, review=s.cells_review)


def print_summary(summary: Summary, output: Path) -> None:
    """Print the counts of a finished run on stderr, and where the dataset is."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    checks = summary.checks
    evaluated = sum(n for verdict, n in checks.items() if verdict != "not_assessable")
    console.print(
        f"{summary.files} files: {sum(summary.reports.values())} reports{_listed(summary.reports)}\n"
        f"{summary.cells:,} cells, {summary.cells_review:,} to review\n"
        f"{evaluated:,} sums checked: {checks.get('holds', 0):,} hold, {checks.get('source_error', 0):,} wrong as "
        f"published, {checks.get('doubtful', 0):,} doubtful"
    )
    failures = {k: n for k, n in sorted(summary.problems.items()) if k not in INFORMATIVE}
    accounts = {k: n for k, n in sorted(summary.problems.items()) if k in INFORMATIVE}
    if accounts:
        console.print(f"set aside{_listed(accounts)}")
    if failures:
        console.print(f"problems{_listed(failures)}: see {output / 'problems.csv'}", style="yellow")
    console.print(f"dataset in {output}")


def _listed(counts: dict[str, int]) -> str:
    return f" ({', '.join(f'{n} {name}' for name, n in counts.items())})" if counts else ""
