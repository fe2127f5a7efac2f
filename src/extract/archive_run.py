"""A run over an archive, resumable: what is there is listed, what is new is looked into, what is not read yet is read.

    archives ─ walk ─▶ listing ─ survey (digests, zips) ─▶ entries ─ groups ─▶ units ─ plan ─▶ todo
    todo ─ engine: workers of this machine or of a cluster ─▶ results ─ commit, whole ─▶ store ─ finish, export ─▶ dataset

Whatever ends a run, the next goes on from what was committed; one bad file never stops it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from extract.correct import correct, is_behind
from extract.errors import OutputError
from extract.export import export, is_exported
from extract.finish import Summary, count_files, finish, summarise
from extract.group import groups
from extract.journal import Journal
from extract.local import Engine, local_engine
from extract.model import Problem
from extract.originals import remember_archives
from extract.places import absolute, fetch, is_url, send
from extract.plan import plan, set_stamp, stamp, stamped
from extract.reading import Result, quick_survey
from extract.runlog import RunLog
from extract.settings import Settings
from extract.store import Store
from extract.walk import Found, walk

_BATCH = 64
_BATCH_SECONDS = 2.0
"""Results are committed at the latest when there are so many, or when the first has waited so long."""
_READERS_OF_FILES = 4
"""Threads that read files to take their digests."""

Progress = Callable[[Summary], None]


def run(
    archives: Sequence[str | Path],
    output: str | Path,
    settings: Settings,
    progress: Progress = lambda _: None,
) -> Summary:
    """Read archives into the dataset in `output`, going on from what is there; return the counts.

    Both may be URLs. Raises InputNotFoundError, OutputError and EnvironmentFault; what is wrong with a file goes to
    `problems`.
    """
    places = [str(archive) for archive in archives]
    target = str(output)
    if settings.engine == "dask":  # workers elsewhere know nothing of the folder we stand in
        places, target = [absolute(place) for place in places], absolute(target)
    if any(absolute(place) == absolute(target) for place in places):
        raise OutputError(f"{target} is ARCHIVE itself; choose another folder for the dataset with -o")
    files = walk(places)
    first = next(files, None)  # an archive that is not there is told before OUTPUT is made
    items = (item for some in ([first] if first else [], files) for item in some)
    if not is_url(target):
        return _run_here(places, items, Path(target), target, settings, progress)
    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        fetch(target, Path(folder), ("reports.duckdb", "log.jsonl"))
        try:
            return _run_here(places, items, Path(folder), target, settings, progress)
        finally:
            send(Path(folder), target)


def _run_here(
    places: Sequence[str],
    items: Iterable[Found | Problem],
    folder: Path,
    target: str,
    settings: Settings,
    progress: Progress,
) -> Summary:
    """Run with the store in a folder of this machine; what a cluster writes goes to `target`."""
    store = Store(folder)
    log = None
    try:
        log = RunLog(Path(settings.log) if settings.log else folder / "log.jsonl")
        with _engine(places, settings, target, store.work) as engine:
            return _run(places, items, store, folder, engine, settings, log, progress)
    except BaseException as error:
        if log is not None:
            log.event("run_stopped", reason=type(error).__name__)
        raise
    finally:
        if log is not None:
            log.close()
        store.close()


def _engine(
    places: Sequence[str], settings: Settings, target: str, work: Path
) -> AbstractContextManager[Engine]:
    if settings.engine == "local":
        return local_engine(places, settings, work)
    from extract.cluster import cluster_engine  # noqa: PLC0415 - an extra that most do not install

    return cluster_engine(settings, target, work)


def _run(
    archives: Sequence[str],
    files: Iterable[Found | Problem],
    store: Store,
    output: Path,
    engine: Engine,
    settings: Settings,
    log: RunLog,
    progress: Progress,
) -> Summary:
    summary = Summary()
    progress(summary)
    journal = Journal(store)
    mark = stamp(journal.list_files(files), settings)
    log.event("run_started", reread=settings.reread, workers=settings.workers, limits=settings.limits)
    if (
        mark
        and mark == stamped(store)
        and settings.reread == "none"
        and is_exported(output)
        and not is_behind(output)
    ):
        summary.unchanged = True
    else:
        journal.forget(settings.reread)
        _look(journal, engine, settings)
        journal.make_units(groups(journal.entries()), settings)
        summary.files, left = count_files(store), plan(store, settings)
        summary.done = summary.kept = max(0, summary.files - left)
        with store.modest():
            _read(journal, store, engine, settings, summary, log, progress)
        summary.stage = "writing the dataset"
        progress(summary)
        finish(store, journal)
        remember_archives(store.connection, [Path(place) for place in archives if not is_url(place)])
        correct(store.connection, output, settings)
        export(store.connection, output, store.work)
        engine.finished(key for (key,) in store.rows("SELECT key FROM journal.done"))
        set_stamp(store, mark)
    summarise(store, summary)
    if summary.unchanged:
        summary.kept = summary.files
    log.event("run_ended", files=summary.files, reports=sum(summary.reports.values()), kept=summary.kept)
    return summary


def _look(journal: Journal, engine: Engine, settings: Settings) -> None:
    """Take the digests of files that are new or changed, and list what zips hold."""
    with ThreadPoolExecutor(_READERS_OF_FILES) as threads:
        for page in journal.unseen():
            quick = list(threads.map(lambda found: quick_survey(found, settings), page))
            journal.seen([(disk, [file]) for disk, file in zip(page, quick, strict=True) if file is not None])
            zips = (disk for disk, file in zip(page, quick, strict=True) if file is None)
            for disk, items in engine.look(zips):
                journal.seen([(disk, items)])


def _read(
    journal: Journal,
    store: Store,
    engine: Engine,
    settings: Settings,
    summary: Summary,
    log: RunLog,
    progress: Progress,
) -> None:
    """Read what is left, and commit it as it comes; on the way out too, whatever the reason."""
    waiting: list[tuple[str, str, Result]] = []
    since = time.monotonic()
    summary.stage = "reading"
    summary.begun = time.monotonic()
    work = (((key, content), part) for key, content, part in journal.todo())
    try:
        for (key, content), result, reply in engine.read(work):
            since = since if waiting else time.monotonic()
            waiting.append((key, content, result))
            log.result(result, reply)
            summary.count(result)
            progress(summary)
            if len(waiting) >= _BATCH or time.monotonic() - since > _BATCH_SECONDS:
                _commit(waiting, store, settings, log)
    finally:
        _commit(waiting, store, settings, log)


def _commit(waiting: list[tuple[str, str, Result]], store: Store, settings: Settings, log: RunLog) -> None:
    batch, waiting[:] = list(waiting), []  # taken out first: whatever stops us here, nothing is written twice
    store.commit(batch, settings.limits)
    log.flush()
