"""One report read where it may be read: in a worker, in this process, on a cluster; files in, rows out."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path

from extract.errors import ReadError
from extract.find import load, may_be_zip, neighbour, opened
from extract.group import Group
from extract.model import Problem
from extract.parts import Tables, tables_of
from extract.pipeline import read_report
from extract.places import opened as open_place
from extract.problems import INFORMATIVE
from extract.record import Outcome, id_of
from extract.rows import rows_of
from extract.settings import Settings
from extract.walk import Found


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one report's files: its rows, and what a run has to know about it.

    `status` is the record's, `failed` where reading gave none, or `set_aside` where the file is no report.
    `neighbours` are the files looked for beside it, with the digest of their content or an empty text: where one of
    them changes the report is read again. `limited` tells that a limit of a worker ended the reading.
    """

    files: tuple[str, ...]
    status: str
    report_id: str = ""
    kinds: tuple[str, ...] = ()
    neighbours: tuple[tuple[str, str], ...] = ()
    limited: bool = False
    seconds: float = 0.0
    cells: int = 0
    cells_review: int = 0
    verdicts: tuple[tuple[str, int], ...] = ()
    text_verdicts: tuple[tuple[str, int], ...] = ()
    problems: tuple[tuple[str, int], ...] = ()
    tables: Tables = field(default_factory=dict)


def read_group(part: Group, settings: Settings) -> Outcome:
    """Load and read the files of one report; a file that cannot even be loaded is a problem."""
    return _read(part, settings, {}, [])


def read_unit(part: Group, settings: Settings) -> Result:
    """Read the files of one report into rows."""
    asked: dict[str, str] = {}
    kinds: list[str] = []
    outcome = _read(part, settings, asked, kinds)
    result = result_of(outcome)
    return replace(result, neighbours=tuple(asked.items()), kinds=tuple(sorted(set(kinds))))


def _read(part: Group, settings: Settings, asked: dict[str, str], kinds: list[str]) -> Outcome:
    """Read a report; note the kinds of its files, and the files that its pages refer to with their digests."""
    sources, problems, digests = [], [], []
    for found in part.files:
        try:
            source = load(found, settings)
        except ReadError as error:
            problems.append(Problem("find", error.kind, error.detail, found.file))
            digests.append(no_digest(found, error))
            continue
        kinds.append(source.kind)
        digests.append(source.sha256)
        sources.append(replace(source, neighbour=partial(_recorded, found, settings, asked)))
    names = tuple(found.file for found in part.files)
    if not sources:
        return Outcome(names, None, tuple(problems))
    try:
        outcome = read_report(sources, settings)
    except (
        Exception
    ) as error:  # a fault of ours in one report must not stop the batch; it is told, never hidden
        return lost(names, "crashed", _where(error))
    record = outcome.record
    if record is not None and problems:
        record = replace(record, report_id=id_of(digests))
    return Outcome(names, record, (*problems, *outcome.problems))


def _recorded(found: Found, settings: Settings, asked: dict[str, str], reference: str) -> bytes | None:
    near = neighbour(found, settings, reference)
    if near is None:
        return None
    name, data = near
    asked[name] = "" if data is None else sha256(data).hexdigest()
    return data


def result_of(outcome: Outcome, *, limited: bool = False) -> Result:
    """Return an outcome as rows with its counts."""
    record = outcome.record
    problems = (*outcome.problems, *(record.problems if record else ()))
    kinds = Counter(problem.kind for problem in problems)
    status = record.status if record else "failed" if set(kinds) - INFORMATIVE else "set_aside"
    result = Result(
        outcome.files, status, limited=limited, problems=tuple(kinds.items()), tables=tables_of(rows_of(outcome))
    )  # fmt: skip
    if record is None:
        return result
    verdicts, of_text = (
        Counter(check.verdict for check in record.checks if (check.kind == "sum") is sums)
        for sums in (True, False)
    )
    return replace(
        result, report_id=record.report_id, seconds=record.seconds, cells=record.cells_present,
        cells_review=record.cells_review, verdicts=tuple(verdicts.items()), text_verdicts=tuple(of_text.items()),
    )  # fmt: skip


def survey(found: Found, settings: Settings) -> list[Found | Problem]:
    """Look into one file of an archive: it, or what a zip holds, each with the digest of its content."""
    return [
        item if isinstance(item, Problem) else replace(item, digest=digest_of(item, settings))
        for item in opened(found, settings)
    ]


def digest_of(found: Found, settings: Settings) -> str:
    """Return the SHA-256 of a file's content, or a text that says why it cannot be had."""
    try:
        return load(found, settings).sha256
    except ReadError as error:
        return no_digest(found, error)


def quick_survey(found: Found, settings: Settings) -> Found | None:
    """Return a file that is no zip with its digest, without ever holding it whole; None for one to look into."""
    try:
        if may_be_zip(found):
            return None
        if found.size > settings.max_bytes:
            return replace(found, digest=no_digest(found, ReadError("too_large")))
        with open_place(found.path) as stream:
            return replace(found, digest=file_digest(stream, "sha256").hexdigest())  # type: ignore[arg-type]
    except OSError:
        return replace(found, digest=no_digest(found, ReadError("damaged")))


def no_digest(found: Found, error: ReadError) -> str:
    """Return what stands for the digest of a file that cannot be loaded."""
    return f"{error.kind}:{found.size}"


def lost(files: tuple[str, ...], kind: str, detail: str) -> Outcome:
    """Return the outcome of files whose reader ended without one."""
    return Outcome(files, None, tuple(Problem("read", kind, detail, name) for name in files))


def _where(error: Exception) -> str:
    """Name an unexpected error and the place in our code where it came up."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "extract" in f.filename]
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
