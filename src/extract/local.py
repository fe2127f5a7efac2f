"""The engine of one machine: reports read in worker processes, or in this one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from extract.group import Group
from extract.model import Problem
from extract.places import is_shared, is_url
from extract.reading import Result, lost, read_unit, result_of, survey
from extract.settings import Settings
from extract.walk import Found
from extract.workers import Limits, Reply, Work, Workers

Key = tuple[str, str]
Seen = tuple[Found, list[Found | Problem]]
_BYTES_PER_SECOND = 10_000_000
"""Least speed at which a zip is looked through; a large one gets the time for that."""


class Engine(Protocol):
    """What looks into zips and reads reports, within limits."""

    def look(self, files: Iterable[Found]) -> Iterator[Seen]:
        """Look into files that may be zips; yield each with what it holds."""
        ...

    def read(self, reports: Iterable[tuple[Key, Group]]) -> Iterator[tuple[Key, Result, Reply[Any]]]:
        """Read reports; yield the results as they come."""
        ...

    def finished(self, keys: Iterable[str]) -> None:
        """Take note that the dataset of these reports is complete."""
        ...


class InProcess:
    """Everything in this process: for one report, for tests, and for places that no other process sees."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def look(self, files: Iterable[Found]) -> Iterator[Seen]:
        """Look into files, one after the other."""
        for found in files:
            yield found, survey(found, self._settings)

    def read(self, reports: Iterable[tuple[Key, Group]]) -> Iterator[tuple[Key, Result, Reply[Any]]]:
        """Read reports, one after the other."""
        for key, part in reports:
            started = time.monotonic()
            result = read_unit(part, self._settings)
            yield key, result, Reply(key, seconds=time.monotonic() - started, worker=os.getpid())

    def finished(self, keys: Iterable[str]) -> None:
        """Do nothing: the store has it all."""


class Isolated:
    """Everything in worker processes."""

    def __init__(self, settings: Settings, number: int, scratch: Path, *, offline: bool) -> None:
        self._settings, self._number, self._scratch, self._offline = settings, number, scratch, offline
        limits = Limits(settings.timeout, settings.memory)
        self._workers = Workers("extract.local:work", number, limits, scratch, offline=offline)

    def look(self, files: Iterable[Found]) -> Iterator[Seen]:
        """Look into files side by side; one whose worker is ended is a problem."""
        pieces = (Work(found, ("survey", found, self._settings), self._seconds(found)) for found in files)
        for reply in self._workers.run(pieces):
            ended = Problem("find", reply.kind, reply.detail, reply.tag.file)
            yield reply.tag, [ended] if reply.kind else reply.value

    def _seconds(self, found: Found) -> float:
        return self._settings.timeout + found.size / _BYTES_PER_SECOND

    def read(self, reports: Iterable[tuple[Key, Group]]) -> Iterator[tuple[Key, Result, Reply[Any]]]:
        """Read reports side by side."""
        pieces = (Work((key, part), ("read", part, self._settings)) for key, part in reports)
        for reply in self._workers.run(pieces):
            key, part = reply.tag
            yield key, self._result(part, reply), reply

    @staticmethod
    def _result(part: Group, reply: Reply[tuple[Key, Group]]) -> Result:
        if not reply.kind:
            result: Result = reply.value
            return result
        outcome = lost(tuple(found.file for found in part.files), reply.kind, reply.detail)
        return result_of(outcome, limited=reply.kind != "crashed")

    def finished(self, keys: Iterable[str]) -> None:
        """Do nothing: the store has it all."""

    def close(self) -> None:
        """End the workers."""
        self._workers.close()


def work(what: str, subject: Any, settings: Settings) -> Any:
    """What a worker does: survey a file or read a report."""
    return survey(subject, settings) if what == "survey" else read_unit(subject, settings)


@contextmanager
def local_engine(archives: Iterable[str], settings: Settings, scratch: Path) -> Iterator[Engine]:
    """Give the engine for some archives; no process outlives the block."""
    places = list(archives)
    if not settings.isolate or not all(map(is_shared, places)):
        yield InProcess(settings)
        return
    number = settings.workers or os.cpu_count() or 1
    engine = Isolated(settings, number, scratch, offline=not any(map(is_url, places)))
    try:
        yield engine
    finally:
        engine.close()
