"""The engine of many machines: Dask distributed reads reports in small lots, each written as a Parquet part.

A lot is given to a worker of the cluster, which reads its reports in a process that can be ended, as on one machine, and
writes the part. A worker that is lost costs the lot it had in hand: another reads it. This process only takes in parts.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from extract.errors import EnvironmentFault, ExtractError
from extract.group import Group
from extract.local import Engine, InProcess, Isolated, Key, Seen
from extract.model import Problem
from extract.partfiles import finished_parts, read_part, write_manifest, write_part
from extract.places import is_shared, is_url
from extract.reading import Result, lost, result_of
from extract.settings import Settings
from extract.versions import everything, reading
from extract.walk import Found
from extract.workers import Reply

_LOT = 16
"""Reports in a part: few, so that little is lost with a worker; many enough for files of a sensible size."""
_AHEAD = 3
"""Lots given out per thread of the cluster, so that none waits for this process."""
_TO_ANSWER = 30
"""Seconds a scheduler may take to answer."""
_here = threading.local()
_one_at_a_time = threading.Lock()
"""Reading in the process itself, as for `memory://`, is not for several threads: pdfium is not."""

Lot = list[tuple[Key, Group]]


class Cluster:
    """Everything on the workers of a cluster; what they write goes to `output`."""

    def __init__(self, client: Any, settings: Settings, output: str) -> None:
        self._client, self._settings, self._output = client, settings, output

    def look(self, files: Iterable[Found]) -> Iterator[Seen]:
        """Look into files on the cluster."""
        for (found,), done in self._run(look_on_worker, ([found] for found in files)):
            if isinstance(done, str):
                yield found, [Problem("find", "crashed", done, found.file)]
            else:
                yield from done

    def read(self, reports: Iterable[tuple[Key, Group]]) -> Iterator[tuple[Key, Result, Reply[Any]]]:
        """Take in what finished parts hold already, read the rest on the cluster."""
        known = self._known()
        parts = cache_of(lambda name: {u.key: result for u, result in read_part(self._output, name)}, 16)
        taken: deque[tuple[Key, Result]] = deque()

        def lots() -> Iterator[Lot]:
            """Yield what is to be read; an empty lot now and then, to hand on what was found in parts."""
            lot: Lot = []
            for key, part in reports:
                if key[0] in known:
                    taken.append((key, parts(known[key[0]])[key[0]]))
                else:
                    lot.append((key, part))
                if len(lot) >= _LOT or len(taken) >= _LOT:
                    yield lot
                    lot = []
            yield lot

        for lot, done in self._run(read_on_worker, lots()):
            while taken:
                yield _taken(*taken.popleft())
            yield from self._results(lot, done) if lot else ()
        while taken:
            yield _taken(*taken.popleft())

    def finished(self, keys: Iterable[str]) -> None:
        """List the parts that make up the dataset."""
        write_manifest(self._output, set(keys))

    def _known(self) -> dict[str, str]:
        """Return the parts that hold a report which would be read the same today, by its key."""
        if self._settings.reread != "none":
            return {}
        return {
            unit.key: name
            for name, units in finished_parts(self._output).items()
            for unit in units
            if unit.fingerprint == reading(unit.facts["kinds"])
            and not (unit.facts["limited"] and unit.limits != self._settings.limits)
            and not unit.facts["neighbours"]  # whether these are as they were is for the journal to say
        }

    def _results(self, lot: Lot, done: Any) -> Iterator[tuple[Key, Result, Reply[Any]]]:
        name, replies = done if not isinstance(done, str) else ("", {})
        results = {unit.key: result for unit, result in read_part(self._output, name)} if name else {}
        for key, part in lot:
            gone = lost(tuple(found.file for found in part.files), "crashed", str(done))
            yield key, results.get(key[0]) or result_of(gone), replies.get(key[0], Reply(key))

    def _run(self, function: Any, lots: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Call a function on lots, as many at a time as the cluster has use for; yield each with what came of it.

        A lot whose workers died again and again is cut into single files; for one of these a text says so.
        """
        from distributed import as_completed  # noqa: PLC0415 - loaded only where a cluster is asked for

        source, given = iter(lots), {}
        coming = as_completed(loop=self._client.loop)

        def give(lot: Any) -> None:
            future = self._client.submit(
                function, lot, self._settings, self._output, everything(), pure=False
            )
            given[future.key] = lot
            coming.add(future)

        more = True
        while more or given:
            room = _AHEAD * max(1, sum(self._client.nthreads().values())) - len(given)
            while more and room > 0:
                lot = next(source, None)
                more = lot is not None
                if lot:
                    give(lot)
                    room -= 1
                elif more:
                    yield lot, None
            if not given:
                continue
            future = next(coming)
            lot, error = given.pop(future.key), future.exception()
            if error is None:
                yield lot, future.result()
            elif isinstance(error, ExtractError):
                raise error
            elif len(lot) > 1:
                for one in lot:
                    give([one])
            else:
                yield lot, f"{type(error).__name__}: {error}"[:200]


def _taken(key: Key, result: Result) -> tuple[Key, Result, Reply[Any]]:
    return key, result, Reply(key, seconds=result.seconds, attempts=0)


def cache_of(function: Callable[[str], dict[str, Result]], size: int) -> Callable[[str], dict[str, Result]]:
    """Return a function that remembers what it gave last: reports come in the order in which they were read."""
    return lru_cache(maxsize=size)(function)


def look_on_worker(lot: list[Found], settings: Settings, _: str, version: str) -> list[Seen]:
    """Look into files; runs on the cluster."""
    with _engine(settings, version, lot[0].path) as engine:
        return list(engine.look(lot))


def read_on_worker(
    lot: Lot, settings: Settings, output: str, version: str
) -> tuple[str, dict[str, Reply[Any]]]:
    """Read reports and write them as a part; return its name, and how each was read. Runs on the cluster."""
    with _engine(settings, version, lot[0][1].files[0].path) as engine:
        read = list(engine.read(lot))
    order = {key: i for i, (key, _) in enumerate(lot)}
    read.sort(key=lambda item: order[item[0]])
    name = write_part(output, [(key, content, result) for (key, content), result, _ in read], settings.limits)
    return name, {key: replace(reply, value=None, tag=None) for (key, _), _, reply in read}


@contextmanager
def _engine(settings: Settings, version: str, place: str) -> Iterator[Engine]:
    """Give what reads here: one process that can be ended for each thread of the worker, kept from lot to lot."""
    if version != everything():
        raise EnvironmentFault(
            "a worker of the cluster has another version of this package; install the same one everywhere"
        )
    if not settings.isolate or not is_shared(place):
        with _one_at_a_time:
            yield InProcess(settings)
        return
    if getattr(_here, "settings", None) != settings:
        scratch = Path(tempfile.mkdtemp(prefix="extract-"))
        _here.engine, _here.settings = Isolated(settings, 1, scratch, offline=not is_url(place)), settings
        atexit.register(_close, _here.engine, scratch)
    yield _here.engine


def _close(engine: Isolated, scratch: Path) -> None:
    engine.close()
    shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def cluster_engine(settings: Settings, output: str, work: Path) -> Iterator[Cluster]:
    """Give the engine of the cluster at `settings.scheduler`, or of a small one on this machine.

    Raises EnvironmentFault where Dask is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - loaded only where a cluster is asked for
    except ImportError as error:
        told = f"--engine dask needs Dask ({error}); run: pip install 'gov-report-extract[dask]'"
        raise EnvironmentFault(told) from error
    with ExitStack() as stack:
        if settings.scheduler:
            try:
                client = Client(settings.scheduler, timeout=_TO_ANSWER, set_as_default=False)
            except (OSError, ValueError) as error:
                told = f"no scheduler answers at {settings.scheduler}; start one with: dask scheduler"
                raise EnvironmentFault(told) from error
        else:
            number = settings.workers or os.cpu_count() or 1
            local = LocalCluster(
                n_workers=number,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                local_directory=str(work),
                silence_logs=40,
            )
            client = Client(stack.enter_context(local), set_as_default=False)
        yield Cluster(stack.enter_context(client), settings, output)
