"""What a run says while it goes on: rate and time left, and a plain line where nobody looks."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from extract import progress
from extract.errors import OutputError
from extract.finish import Summary
from extract.progress import Rate, progress_bar
from extract.runlog import RunLog


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_are_those_of_the_last_while() -> None:
    clock = Clock()
    rate = Rate(clock)
    summary = Summary(files=1000, stage="reading")
    assert rate.told(summary) == ""
    for _ in range(60):  # a minute of one file a second, then one of five
        clock.now += 1
        summary.done += 1
        told = rate.told(summary)
    assert told == "1.0 files/s, 0:15:40 left"
    for _ in range(60):
        clock.now += 1
        summary.done += 5
        told = rate.told(summary)
    assert told == "5.0 files/s, 0:02:08 left"


def test_nothing_is_said_of_rates_outside_of_reading() -> None:
    clock = Clock()
    rate = Rate(clock)
    summary = Summary(files=10, stage="reading")
    rate.told(summary)
    clock.now, summary.done, summary.stage = 110, 5, "writing the dataset"
    assert rate.told(summary) == ""


def test_what_was_kept_does_not_make_the_rate_look_better() -> None:
    clock = Clock()
    rate = Rate(clock)
    summary = Summary(files=1000, done=900, kept=900, stage="reading")
    rate.told(summary)
    clock.now, summary.done = 110, 910
    assert rate.told(summary) == "1.0 files/s, 0:01:30 left"


def test_a_plain_line_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda **_: Console(file=stream, soft_wrap=True))
    monkeypatch.setattr(progress, "_LINE_SECONDS", 0.0)
    with progress_bar(quiet=False) as update:
        update(Summary(files=12_345, done=1_200, stage="reading"))
    assert stream.getvalue().startswith("reading: 1,200 of 12,345 files")
    with progress_bar(quiet=True) as update:
        update(Summary())
    assert stream.getvalue().count("\n") == 1


def test_the_log_goes_on_after_a_line_that_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"event": "file", "fi', encoding="utf-8")
    log = RunLog(path)
    log.event("run_started", reread="none")
    log.close()
    last = path.read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["event"] == "run_started" and json.loads(last)["time"].endswith("+00:00")


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="choose another --log"):
        RunLog(tmp_path)
