"""Worker processes that can be ended: one piece of work at a time each, within limits of time and memory.

Every worker has pipes of its own, so that one which is killed in the midst of a message takes nothing with it; a new one
takes its place. The parent watches: code that never comes back to Python is ended like any other.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import psutil

from extract.errors import EnvironmentFault
from extract.worker import OFFLINE, READY, RESULT, receive, send

_TICK = 0.1
"""Seconds between two looks at the workers' clocks and memory."""
_ATTEMPTS = 3
"""Times a piece of work is begun whose worker ends unexpectedly: it may have been ended by somebody else."""
_TO_START = 120.0
"""Seconds a worker may take to start."""
_STARTS = 3
"""Workers that end before they are ready, one after the other, before we give up."""
_SHARE_TO_KEEP = 0.6
"""A worker whose memory stays above this share of the limit is replaced before it takes more work."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece of work may take: seconds, and bytes of memory."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """A piece of work: a tag to know it by, what the function is called with, seconds where the usual do not fit."""

    tag: T
    arguments: tuple[Any, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What came of a piece of work: its `value`, or the `kind` of end (timeout, out_of_memory, crashed) with details."""

    tag: T
    value: Any = None
    kind: str = ""
    detail: str = ""
    seconds: float = 0.0
    worker: int = 0
    attempts: int = 1


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Work[T]
    seconds: float
    attempts: int = 0


class _Worker:
    """One process with the thread that reads what it says."""

    def __init__(
        self, task: str, events: queue.Queue[tuple[_Worker, Any]], scratch: Path, *, offline: bool
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="worker-", dir=scratch))
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1", **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder)),
        }  # fmt: skip
        environment[OFFLINE] = "1" if offline else ""
        self._errors = (self.folder / "errors.txt").open("wb")
        command = [sys.executable, "-m", "extract.worker", task]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=environment,
            start_new_session=True,
        )  # fmt: skip
        self._events = events
        self.job: _Job[Any] | None = None
        self.ready = False
        self.began = time.monotonic()
        self.pid = self._process.pid
        self._seen = psutil.Process(self.pid)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with (
            self._process.stdout or contextlib.nullcontext() as stream,
            contextlib.suppress(OSError, EOFError),
        ):
            while stream is not None and (message := receive(stream)) is not None:
                self._events.put((self, message))
        self._events.put((self, None))

    def give(self, job: _Job[Any]) -> None:
        """Hand over a piece of work; a worker that is gone says so by the end of its stream."""
        self.job, self.began = job, time.monotonic()
        job.attempts += 1
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                send(self._process.stdin, job.work.arguments)

    def memory(self) -> int:
        """Return the bytes of memory in use; 0 where it is gone."""
        try:
            return int(self._seen.memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> int:
        """End the process with all that it started, remove its files; return its exit code."""
        with contextlib.suppress(psutil.Error):
            for child in self._seen.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    child.kill()
        gone = self._process.poll()
        self._process.kill()
        code = self._process.wait()
        self._listener.join(1.0)
        for stream in (self._process.stdin, self._errors):
            with contextlib.suppress(OSError):  # what was still to be written has no reader any more
                if stream is not None:
                    stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code if gone is None else gone

    def said(self) -> str:
        """Return the last line that it wrote to its standard error."""
        with contextlib.suppress(OSError):
            lines = (self.folder / "errors.txt").read_text("utf-8", "replace").strip().splitlines()
            return lines[-1][:200] if lines else ""
        return ""


class Workers:
    """A number of workers that do one task: `module:function`, called with the arguments of each piece of work.

    Use as a context manager: on leaving, whatever the reason, every process is ended and its files are removed.
    """

    def __init__(
        self, task: str, number: int, limits: Limits, scratch: Path, *, offline: bool = True
    ) -> None:
        self._task, self._number, self._limits, self._offline = task, number, limits, offline
        self._scratch = scratch
        self._events: queue.Queue[tuple[_Worker, Any]] = queue.Queue()
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def run(self, work: Iterable[Work[T]]) -> Iterator[Reply[T]]:
        """Do pieces of work; yield the replies as they come, in no order.

        Raises EnvironmentFault where no worker can be started.
        """
        source = iter(work)
        left: deque[_Job[T]] = deque()
        more = True
        while True:
            while more and len(left) < self._number:
                piece = next(source, None)
                if piece is None:
                    more = False
                else:
                    left.append(_Job(piece, piece.seconds or self._limits.seconds))
            for worker in [w for w in self._workers if w.ready and w.job is None]:
                if left:
                    worker.give(left.popleft())
            if not left and not any(worker.job for worker in self._workers):
                return
            wanted = len(left) - sum(1 for worker in self._workers if not worker.ready)
            for _ in range(min(wanted, self._number - len(self._workers))):
                self._workers.append(_Worker(self._task, self._events, self._scratch, offline=self._offline))
            yield from self._hear(left)

    def _hear(self, left: deque[_Job[T]]) -> Iterator[Reply[T]]:
        """Take what the workers say within a tick; end those beyond their limits."""
        with contextlib.suppress(queue.Empty):
            worker, message = self._events.get(timeout=_TICK)
            while True:
                yield from self._take(worker, message, left)
                worker, message = self._events.get_nowait()
        now = time.monotonic()
        for worker in list(self._workers):
            kind, detail = self._beyond(worker, now)
            if kind and worker.job is not None:
                reply = self._reply(worker, kind=kind, detail=detail)
                self._drop(worker)
                yield reply
            elif kind:
                self._not_started(worker)

    def _beyond(self, worker: _Worker, now: float) -> tuple[str, str]:
        """Return the limit that a worker is over, if any."""
        if not worker.ready:
            return ("start", "") if now - worker.began > _TO_START else ("", "")
        if worker.job is None:
            return "", ""
        if now - worker.began > worker.job.seconds:
            return "timeout", f"Limit: {worker.job.seconds:g} s."
        if worker.memory() > self._limits.memory:
            return "out_of_memory", f"Limit: {self._limits.memory // 1_000_000} MB."
        return "", ""

    def _take(self, worker: _Worker, message: Any, left: deque[_Job[T]]) -> Iterator[Reply[T]]:
        if worker not in self._workers:
            return  # the last words of one that was ended
        if message is None:
            yield from self._gone(worker, left)
        elif message[0] == READY:
            worker.ready, self._failed_starts = True, 0
        else:
            kind, value = message
            detail = "" if kind == RESULT else str(value)
            reply = self._reply(
                worker, value if kind == RESULT else None, "crashed" if detail else "", detail
            )
            worker.job = None
            if worker.memory() > _SHARE_TO_KEEP * self._limits.memory:
                self._drop(worker)
            yield reply

    def _gone(self, worker: _Worker, left: deque[_Job[T]]) -> Iterator[Reply[T]]:
        """Deal with a worker that ended by itself: its work is begun again, or given up."""
        job = worker.job
        if not worker.ready:
            self._not_started(worker)
            return
        if job is not None and job.attempts >= _ATTEMPTS:
            code = self._drop(worker)
            yield self._reply(worker, kind="crashed", detail=_exit(code))
        else:
            self._drop(worker)
            if job is not None:
                left.appendleft(job)

    def _not_started(self, worker: _Worker) -> None:
        said = worker.said()
        code = self._drop(worker)
        self._failed_starts += 1
        if self._failed_starts >= _STARTS:
            raise EnvironmentFault(
                f"worker processes do not start ({_exit(code)} {said}); run: extract doctor"
            )

    def _drop(self, worker: _Worker) -> int:
        self._workers.remove(worker)
        return worker.end()

    @staticmethod
    def _reply(worker: _Worker, value: Any = None, kind: str = "", detail: str = "") -> Reply[Any]:
        job = worker.job
        if job is None:
            raise RuntimeError("a worker spoke without having been asked")
        seconds = time.monotonic() - worker.began
        return Reply(job.work.tag, value, kind, detail, seconds, worker.pid, job.attempts)


def _exit(code: int) -> str:
    """Say how a process ended."""
    return f"Signal {-code}." if code < 0 else f"Exit code {code}."
