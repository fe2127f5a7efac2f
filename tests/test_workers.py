"""Workers that can be ended: by time, by memory, by themselves; the others go on, and nothing is left behind."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from extract.errors import EnvironmentFault
from extract.workers import Limits, Reply, Work, Workers

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
MB = 1_000_000


def done(
    tmp_path: Path, *work: tuple[str, str], number: int = 2, seconds: float = 30, memory: int = 400 * MB
) -> dict[str, Reply[str]]:
    """What came of pieces of work, by what was asked."""
    pieces = [Work(what, (what, argument)) for what, argument in work]
    with Workers("misbehaved:work", number, Limits(seconds, memory), tmp_path) as workers:
        replies = {reply.tag: reply for reply in workers.run(pieces)}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("worker-")] == []
    return replies


def alive(pid: int) -> bool:
    """A killed process may stand in the table until whoever inherited it has looked."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_work_is_done_and_what_is_printed_disturbs_nothing(tmp_path: Path) -> None:
    replies = done(tmp_path, ("answer", "yes"), ("print", "noise\n" * 1000), ("big", ""), ("raise", ""))
    assert replies["answer"].value == "yes" and replies["print"].value == "printed"
    assert len(replies["big"].value) == 5 * MB
    assert replies["raise"].kind == "crashed" and "ZeroDivisionError" in replies["raise"].detail


@POSIX
def test_each_end_has_its_kind_and_the_others_go_on(tmp_path: Path) -> None:
    answers = [(f"answer{i}", "") for i in range(12)]
    bad = ["hang", "native", "segfault", "exit", "grow"]
    pieces = [Work(what, (what, "")) for what in bad]
    pieces += [Work(tag, ("answer", tag)) for tag, _ in answers]
    started = time.monotonic()
    with Workers("misbehaved:work", 2, Limits(3.0, 300 * MB), tmp_path) as workers:
        replies = {reply.tag: reply for reply in workers.run(pieces)}
    kinds = {what: replies[what].kind for what in bad}
    assert kinds == {
        "hang": "timeout", "native": "timeout", "segfault": "crashed", "exit": "crashed", "grow": "out_of_memory"
    }  # fmt: skip
    assert all(replies[tag].value == tag for tag, _ in answers)
    assert replies["segfault"].detail == "Signal 11." and replies["exit"].detail == "Exit code 7."
    assert replies["segfault"].attempts == 3 and replies["hang"].attempts == 1
    assert time.monotonic() - started < 60


@POSIX
def test_work_whose_worker_was_killed_by_somebody_is_done_by_another(tmp_path: Path) -> None:
    reply = done(tmp_path, ("once", str(tmp_path / "mark")))["once"]
    assert (reply.value, reply.attempts, reply.kind) == ("answered", 2, "")


@POSIX
def test_what_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    assert done(tmp_path, ("leave child", str(mark)), seconds=2)["leave child"].kind == "timeout"
    pid = int(mark.read_text(encoding="utf-8"))
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(pid)


@POSIX
def test_temporary_files_of_a_dead_worker_are_removed(tmp_path: Path) -> None:
    mark = tmp_path / "name"
    done(tmp_path, ("litter", str(mark)))
    name = Path(mark.read_text(encoding="utf-8"))
    assert name.is_relative_to(tmp_path) and not name.exists()


def test_a_worker_asks_nothing_of_the_network(tmp_path: Path) -> None:
    reply = done(tmp_path, ("connect", ""))["connect"]
    assert "asks nothing of the network" in reply.detail


def test_no_more_workers_start_than_there_is_work(tmp_path: Path) -> None:
    with Workers("misbehaved:work", 8, Limits(30, 400 * MB), tmp_path) as workers:
        list(workers.run([Work("a", ("answer", ""))]))
        assert len(workers._workers) == 1
        first = next(iter(workers.run([Work("a", ("where", ""))])))
        second = next(iter(workers.run([Work("a", ("where", ""))])))
        assert first.value == second.value


def test_workers_that_cannot_start_are_told(tmp_path: Path) -> None:
    pieces = [Work("a", ("answer", ""))]
    told = pytest.raises(EnvironmentFault, match="No module named 'no_such_module'")
    with Workers("no_such_module:work", 2, Limits(30, 400 * MB), tmp_path) as workers, told:
        list(workers.run(pieces))


def test_leaving_in_the_midst_ends_every_process(tmp_path: Path) -> None:
    with Workers("misbehaved:work", 2, Limits(30, 400 * MB), tmp_path) as workers:
        pieces = [Work("a", ("where", "")), Work("b", ("hang", "")), Work("c", ("hang", ""))]
        pid = next(iter(workers.run(pieces))).value
        assert alive(pid)
    assert not alive(pid)
