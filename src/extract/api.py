"""The Python API: one report to a record, archives to a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike, fspath
from pathlib import Path

from extract.archive_run import run
from extract.errors import ReadError
from extract.find import Found, find, load
from extract.finish import Summary
from extract.group import Group, group
from extract.overlay import write_overlays
from extract.reading import read_group
from extract.record import Record
from extract.settings import Settings

PathText = str | PathLike[str]


def read(path: PathText, settings: Settings | None = None) -> Record:
    """Read one report: a file, or a folder or zip that holds the files of just one.

    Raises InputNotFoundError where nothing is there, and ReadError (with `kind` as in `problems`) where it cannot
    be read, is no annual report, or holds several reports.
    """
    chosen = settings or Settings()
    outcome = read_group(_only_group(path, chosen), chosen)
    if outcome.record is None:
        problem = outcome.problems[0]
        raise ReadError(problem.kind, problem.detail, problem.page)
    return outcome.record


def overlay(record: Record, path: PathText, folder: PathText, settings: Settings | None = None) -> list[Path]:
    """Draw what was read onto the pictures and pages of the report that `read(path)` gave; return the PNGs written.

    Raises as `read` does, and OutputError where the folder cannot be written.
    """
    chosen = settings or Settings()
    files = _only_group(path, chosen).files
    return write_overlays(record, [load(found, chosen) for found in files], Path(folder), chosen)


def _only_group(path: PathText, chosen: Settings) -> Group:
    found = list(find([fspath(path)], chosen))
    groups = group([item for item in found if isinstance(item, Found)])
    if len(groups) > 1:
        raise ReadError("unsupported", f"{path} holds {len(groups)} reports; use read_archive for them.")
    if not groups:
        kinds = [(item.kind, item.detail) for item in found if not isinstance(item, Found)]
        raise ReadError(*(kinds[0] if kinds else ("empty", "")))
    return groups[0]


def read_archive(
    paths: PathText | Iterable[PathText],
    output: PathText,
    settings: Settings | None = None,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Read files, folders and zips into the dataset in the folder `output`; return the counts of the run.

    A dataset that is there is brought up to date: what it has of the same files is not read again. Raises
    InputNotFoundError, OutputError or EnvironmentFault; a file that cannot be read goes to `problems` instead.
    """
    archives = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
    return run([fspath(p) for p in archives], fspath(output), settings or Settings(), progress)
