"""The command `extract`: run, show, doctor; those that read a dataset are in `commands`, its pages in `page_commands`."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from extract import commands, page_commands
from extract import doctor as probes
from extract.errors import ExitCode, ExtractError, ReadError
from extract.model import Problem
from extract.problems import message
from extract.progress import print_summary, progress_bar
from extract.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Read annual reports on government information (政府信息公开工作年度报告) into a dataset.",
)

commands.add_to(app)
page_commands.add_to(app)

_PIPED_WIDTH = 100
"""Columns of `show` where nobody's terminal says how many there are."""

Ocr = Annotated[str, typer.Option("--ocr", help="What reads pictures: rapidocr (built in) or tesseract.")]
Second = Annotated[
    str, typer.Option("--second", help="Second opinion on doubtful numbers in pictures: none or tesseract.")
]
Text = Annotated[str, typer.Option("--text", help="Running text of scanned pages: full or none (faster).")]
Workers = Annotated[int, typer.Option("--workers", "-j", help="Processes; 0 = one per core.")]


@app.command()
def run(
    archives: Annotated[
        list[str],
        typer.Argument(metavar="ARCHIVE...", help="Files, folders, zip files; with --engine dask URLs too."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="Folder for the dataset; one that is there is brought up to date."
        ),
    ],
    ocr: Ocr = "rapidocr",
    second: Second = "none",
    text: Text = "full",
    workers: Workers = 0,
    timeout: Annotated[float, typer.Option(help="Seconds a report may take.")] = 300.0,
    memory: Annotated[int, typer.Option(help="MB of memory a worker may take.")] = 2000,
    reread: Annotated[
        str, typer.Option(help="Read again what has not changed: none, failed, partial (and failed) or all.")
    ] = "none",
    engine: Annotated[str, typer.Option(help="local: this machine; dask: a cluster.")] = "local",
    scheduler: Annotated[
        str, typer.Option(help="Address of the cluster's scheduler; none starts one here.")
    ] = "",
    log: Annotated[str, typer.Option(help="File for the log in JSON lines; else log.jsonl in OUTPUT.")] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 6 if a file could not be read.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Read ARCHIVE... into OUTPUT: reports.duckdb, the CSVs and datapackage.json; go on where a run was stopped."""
    from extract import api  # noqa: PLC0415 - the readers are loaded by the commands that read

    settings = _settings(
        ocr=ocr, second=second, text=text, workers=workers, timeout=timeout, memory=memory * 1_000_000, reread=reread,
        engine=engine, scheduler=scheduler, log=log,
    )  # fmt: skip
    try:
        with _interruptible(), progress_bar(quiet=quiet) as update:
            summary = api.read_archive(archives, output, settings, update)
    except KeyboardInterrupt:
        again = "the same command" if reread == "none" else "the same command without --reread"
        told = f"extract: stopped; what was read is kept: run {again} again to go on"
        Console(stderr=True, soft_wrap=True).print(told, markup=False)
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    if not quiet:
        print_summary(summary, output)
    if strict and summary.failures:
        raise typer.Exit(ExitCode.PROBLEMS)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Take the signals by which people and systems end a process for one thing, KeyboardInterrupt; the first counts.

    A signal that comes while the store is at work is turned into an error of its own by the database.
    """
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True
        for name in before:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    heard = (name for name in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(name) != signal.SIG_IGN)
    before = {name: signal.getsignal(name) for name in heard}
    for name in before:
        signal.signal(name, stop)
    try:
        yield
    except Exception as error:
        if stopped:
            raise KeyboardInterrupt from error
        raise
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@app.command()
def show(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A report, or a folder with the files of one.")
    ],
    ocr: Ocr = "rapidocr",
    second: Second = "none",
    text: Text = "full",
    overlay: Annotated[
        Path | None, typer.Option("--overlay", help="Folder for pictures of the pages with what was read.")
    ] = None,
) -> None:
    """Show one report: head, sections, tables, checks, and what needs a look."""
    from extract import api  # noqa: PLC0415
    from extract.show import show_record  # noqa: PLC0415

    settings = _settings(ocr=ocr, second=second, text=text, workers=1)
    record = api.read(file, settings)
    console = Console(highlight=False)
    console.width = console.width if console.is_terminal else _PIPED_WIDTH
    show_record(record, console)
    if overlay is not None:
        for path in api.overlay(record, file, overlay, settings):
            console.print(f"overlay  {path}", markup=False)


@app.command()
def doctor() -> None:
    """Say which optional parts are installed and what they are for."""
    probes.print_report(Console())


def _settings(**options: object) -> Settings:
    if "tesseract" in {options["ocr"], options["second"]}:
        probes.require_tesseract()
    try:
        return Settings(**options)  # type: ignore[arg-type]
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def main() -> None:
    """Entry point: run the command, turn failures into one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # a file or terminal of another encoding gets `?` for what it lacks
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except ReadError as error:
        problem = Problem("read", error.kind, error.detail, page=error.page)
        console.print(f"extract: {error.kind}: {message(problem)}", markup=False)
        sys.exit(ExitCode.PROBLEMS)
    except ExtractError as error:
        console.print(f"extract: {error}", markup=False)
        sys.exit(error.exit_code)
