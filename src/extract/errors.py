"""Failures of a run or of a file.

    ExtractError              a message for a person, with the exit code it ends the command with
    ├── InputNotFoundError    ARCHIVE or the dataset is not there
    ├── UsageError            a name, formula or file of the user's own that cannot be used as it is
    ├── OutputError           OUTPUT cannot be written
    ├── EnvironmentFault      an optional program that was asked for is missing
    └── ReadError             one file cannot be read: becomes a row of `problems`, never ends a run

Faults *in the data* are no exceptions: they are `Problem`s and checks.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit status of the command `extract`."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    INPUT_NOT_FOUND = 3
    OUTPUT_NOT_WRITABLE = 4
    MISSING_PROGRAM = 5
    PROBLEMS = 6
    """Only with `--strict`: the run ended, but some file could not be read."""
    INTERRUPTED = 130


class ExtractError(Exception):
    """Base of all failures that this package raises on purpose; its text says what to do next."""

    exit_code = ExitCode.UNEXPECTED


class InputNotFoundError(ExtractError):
    """The archive or dataset named by the caller does not exist or cannot be opened."""

    exit_code = ExitCode.INPUT_NOT_FOUND


class UsageError(ExtractError):
    """A measure, filter, formula, query or file of the user's own that cannot be used; the text says what would do."""

    exit_code = ExitCode.USAGE


class OutputError(ExtractError):
    """The output folder or a file in it cannot be written (disk full, open in Excel, no permission)."""

    exit_code = ExitCode.OUTPUT_NOT_WRITABLE


class EnvironmentFault(ExtractError):  # noqa: N818 - "fault" says whose it is
    """A program or model that the chosen options need is not installed."""

    exit_code = ExitCode.MISSING_PROGRAM


class ReadError(ExtractError):
    """One file cannot be read: `kind` is a code of `problems.py`, `detail` fills that kind's sentence."""

    def __init__(self, kind: str, detail: str = "", page: int | None = None) -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail
        self.page = page
