"""The log of a run: JSON lines, one event per file read, and one for the run's start and end.

Every line has `time` (ISO, UTC) and `event`: run_started, file, run_ended, run_stopped. A `file` has `file`, `status`
(of its report; failed, set_aside), `report_id`, `problems` (kinds), `seconds`, `worker` (process), `attempts`.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from extract.errors import OutputError
from extract.reading import Result
from extract.workers import Reply


class RunLog:
    """Appends to a file. Raises OutputError where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._stream: IO[str] = path.open("a", encoding="utf-8")
            if self._stream.tell() and not _ends_a_line(path):
                self._stream.write("\n")  # a run was ended in the midst of a line
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(f"cannot write {self._path}: {error.strerror}; make room or choose another --log")

    def event(self, event: str, **facts: Any) -> None:
        """Write one line."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
        try:
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise self._failed(error) from error

    def result(self, result: Result, reply: Reply[Any]) -> None:
        """Write a line for each file of a report that was read."""
        for file in result.files:
            self.event(
                "file", file=file, status=result.status, report_id=result.report_id,
                problems=[kind for kind, _ in result.problems], seconds=round(reply.seconds, 3),
                worker=reply.worker, attempts=reply.attempts,
            )  # fmt: skip

    def flush(self) -> None:
        """Give what was written to the system."""
        try:
            self._stream.flush()
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"
