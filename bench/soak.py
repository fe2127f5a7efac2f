"""`make soak`: runs that are killed again and again, and long ones; figures as JSON lines.

    python bench/soak.py kills   [--count 1500] [--kills 50]     kill -9 at random moments; the dataset is compared with a quiet run's
    python bench/soak.py scale   [--count 20000]                 memory and rate over a long run; a second run over the same
    python bench/soak.py cores   [--count 1200]                  reports a second with one worker and with two
    python bench/soak.py cluster [--count 300]                   Dask with two workers, one killed midway

`--write docs/reliability.md` puts a figure into that page. Archives are made afresh from a seed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

import psutil  # noqa: E402
from pages import write_between  # noqa: E402

from maker.archive import pack  # noqa: E402
from maker.fresh import WRITERS  # noqa: E402
from maker.report import make_report  # noqa: E402
from maker.text import write_text  # noqa: E402

RUN = [sys.executable, "-c", "from extract.cli import main; main()", "run"]
_SHAPES = ("txt", "docx", "html", "txt")
_A_FOLDER = 40
"""Reports in a folder; every tenth folder is a zip."""
_WHILE_READING = 0.8
"""Share of kills that wait until the run has read something; the others come at any moment, the start and the end too."""
_TIMED = {"seconds"}
"""Columns that say how long it took: the only ones in which two runs may differ."""


def make_archive(folder: Path, count: int, seed: int = 41, templates: int = 0) -> None:
    """Write an archive of `count` reports in folders and zips, with copies, damaged files and files that are none.

    With `templates` so many text reports are made and varied by the agency's name: quick to make and to read.
    """
    made = [_template(seed * 1_000_003 + index) for index in range(templates)]
    for start in range(0, count, _A_FOLDER):
        name = f"{start // _A_FOLDER:04d}"
        files: dict[str, bytes] = {}
        for index in range(start, min(start + _A_FOLDER, count)):
            files |= (
                _varied(*made[index % templates], index) if made else _report(seed * 1_000_003 + index, index)
            )
        first, second, *_ = sorted(files) + sorted(files)
        files[f"copy of {first}"] = files[first]
        files[f"cut {second}"] = files[second][:200]
        files["empty.docx"] = b""
        files["notice.txt"] = f"关于放假的通知，第{start}号。".encode()
        if start // _A_FOLDER % 10 == 9:
            files = {f"{name}.zip": pack(files)}
        for file, data in files.items():
            path = folder / (file if file.endswith(".zip") else f"{name}/{file}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    age(folder)


def _report(seed: int, index: int) -> dict[str, bytes]:
    report = make_report(seed)
    shape = _SHAPES[index % len(_SHAPES)]
    return WRITERS[shape](report, f"{index:06d}{report.words.agency}{report.words.year}", report.rng("soak"))


def _template(seed: int) -> tuple[str, str]:
    report = make_report(seed)
    return report.words.agency, write_text(report, "tabs", "utf-8").decode()


def _varied(agency: str, text: str, index: int) -> dict[str, bytes]:
    other = f"{agency[:-1]}第{index}{agency[-1]}"
    return {f"{index:06d}{other}.txt": text.replace(agency, other).encode()}


def age(folder: Path) -> None:
    """Give all files a time of an hour ago: what was written just now is looked at again by a second run."""
    then = time.time() - 3600
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def differences(one: Path, other: Path) -> list[str]:
    """Return how the CSVs of two datasets differ, row for row and in order, but for the time it took."""
    found = []
    for path in sorted(one.glob("*.csv")):
        for number, (a, b) in enumerate(_pairs(_rows(path), _rows(other / path.name)), 1):
            if a != b:
                found.append(f"{path.name}:{number}: {a} is not {b}"[:300])
                break
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {name: text for name, text in row.items() if name not in _TIMED}


def _pairs(one: Iterator[Any], other: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    while True:
        a, b = next(one, None), next(other, None)
        if a is None and b is None:
            return
        yield a, b


def start(archive: Path, output: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a run in a process of its own."""
    command = [*RUN, str(archive), "-o", str(output), "--quiet", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(archive: Path, output: Path, *options: str) -> float:
    """Run to the end; return the seconds. Raises RuntimeError where it fails."""
    began = time.perf_counter()
    with start(archive, output, *options) as process:
        _, told = process.communicate()
    if process.returncode:
        raise RuntimeError(told.decode("utf-8", "replace"))
    return time.perf_counter() - began


def children(pid: int) -> list[psutil.Process]:
    """Return the processes that a process started; none where it is gone."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kills(
    archive: Path, folder: Path, number: int, pause: tuple[float, float], seed: int = 5
) -> dict[str, Any]:
    """Kill runs at random moments `number` times: the run itself, or (one time in three) one of its workers.

    Whenever a run comes to its end its dataset is compared with that of a quiet run, and the next begins anew.
    """
    quiet = folder / "quiet"
    seconds = finish(archive, quiet, "-j", "2")
    rng = random.Random(seed)  # noqa: S311 - moments to kill at, not secrets
    done, datasets, wrong, orphans = {"run": 0, "worker": 0}, 0, [], 0
    output = folder / "killed-0"
    ended = False
    while sum(done.values()) < number or not ended:
        process = start(archive, output, "-j", "2")
        while process.poll() is None and sum(done.values()) < number:
            if rng.random() < _WHILE_READING:
                before = _lines(output / "log.jsonl")
                while process.poll() is None and _lines(output / "log.jsonl") <= before + 1:
                    time.sleep(0.05)
            time.sleep(rng.uniform(*pause))
            workers = children(process.pid)
            victim = "worker" if workers and rng.random() < 1 / 3 else "run"
            if process.poll() is not None:
                break
            if victim == "worker":
                _kill(rng.choice(workers))
            else:
                process.kill()
                orphans += len(psutil.wait_procs(workers, timeout=5)[1])
            done[victim] += 1
        _, told = process.communicate()
        ended = process.returncode == 0
        if ended:
            datasets += 1
            wrong += differences(quiet, output)
            output = folder / f"killed-{datasets}"
        elif process.returncode != -signal.SIGKILL:
            wrong.append(told.decode("utf-8", "replace"))
    left = [p.name for p in folder.glob("*/.work")]
    return {
        "kills": sum(done.values()), "of_the_run": done["run"], "of_a_worker": done["worker"], "datasets_compared": datasets,
        "differences": len(wrong), "orphans": orphans, "left_behind": len(left), "quiet_seconds": round(seconds, 1),
        "examples": wrong[:3],
    }  # fmt: skip


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def scale(archive: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Run over a large archive, watching; run a second time over the same."""
    output = folder / "out"
    began = time.perf_counter()
    marks: list[Mark] = []
    with start(archive, output, *options) as process:
        seen = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                files = _lines(output / "log.jsonl")
                marks.append(Mark(time.perf_counter() - began, files, seen.memory_info().rss, _cpu(seen)))
            except psutil.NoSuchProcess:
                break
            time.sleep(1.0)
        _, told = process.communicate()
    first = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(told.decode("utf-8", "replace"))
    second = finish(archive, output, *options)
    return _long_run(marks, len(_events(output / "log.jsonl"))) | {
        "first_seconds": round(first, 1), "second_seconds": round(second, 2), "second_share": round(second / first, 4),
    }  # fmt: skip


class Mark(NamedTuple):
    """What was seen at a moment: seconds since the start, files read, memory of the parent, processor time of all."""

    seconds: float
    files: int
    rss: int
    cpu: float


def _cpu(process: psutil.Process) -> float:
    """Return the seconds of processor time that a run has taken, its workers' with it."""
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children():
        times = child.cpu_times()
        total += times.user + times.system
    return float(total)


def _long_run(marks: list[Mark], files: int) -> dict[str, Any]:
    """Return memory of the parent from 1,000 files on and at the end of reading, and rates of the first and last fifth.

    Memory is taken over a tenth of the reading each time, its middle against its middle and its highest against its highest:
    a checkpoint of the database passes through it every few seconds, at the start as at the end. The archive is mixed
    evenly. The first hundred files are left out of the start, in which workers load their libraries. Rates are given by the
    clock, and by processor time, which says the same where others use the machine.
    """
    reading = [mark for mark in marks if 0 < mark.files < files]
    tenth = files // 10
    early = [mark.rss for mark in reading if 1000 <= mark.files <= 1000 + tenth] or [reading[0].rss]
    last = [mark.rss for mark in reading if mark.files >= files - tenth]
    fifth = files // 5
    clock, processor = [], []
    for low, high in ((100, 100 + fifth), (files - fifth, files)):
        part = [mark for mark in reading if low <= mark.files <= high]
        read = part[-1].files - part[0].files
        clock.append(read / (part[-1].seconds - part[0].seconds))
        processor.append(read / (part[-1].cpu - part[0].cpu))
    return {
        "files": files, "parent_mb_after_1000": round(median(early) / 1e6, 1),
        "parent_mb_at_end": round(median(last) / 1e6, 1), "parent_growth": round(median(last) / median(early) - 1, 3),
        "parent_mb_highest_after_1000": round(max(early) / 1e6, 1), "parent_mb_highest_at_end": round(max(last) / 1e6, 1),
        "parent_growth_highest": round(max(last) / max(early) - 1, 3),
        "parent_mb_peak_with_exports": round(max(m.rss for m in marks) / 1e6, 1),
        "files_per_second_start": round(clock[0], 2), "files_per_second_end": round(clock[1], 2),
        "files_per_cpu_second_start": round(processor[0], 2), "files_per_cpu_second_end": round(processor[1], 2),
        "rate_end_to_start": round(processor[1] / processor[0], 3), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.exists() else 0


def _events(log: Path) -> list[tuple[float, float]]:
    """Return time and seconds of each file read in the log's first run."""
    found = []
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "file":
            moment = time.mktime(time.strptime(event["time"][:19], "%Y-%m-%dT%H:%M:%S")) + float(
                event["time"][19:23]
            )
            found.append((moment, event["seconds"]))
    return found


def cores(archive: Path, folder: Path, rounds: int = 3) -> dict[str, Any]:
    """Return reports a second while reading, with one worker and with two in turns, by the log's own times."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for number in [1, 2] * rounds:
        output = folder / f"{number}-{len(rates[number])}"
        finish(archive, output, "-j", str(number))
        files = _events(output / "log.jsonl")[50:]
        rates[number].append(len(files) / (files[-1][0] - files[0][0]))
    best = {number: max(found) for number, found in rates.items()}
    return {
        "files_per_second": {n: [round(r, 2) for r in found] for n, found in rates.items()},
        "speed_up": round(best[2] / best[1], 2), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def cluster(archive: Path, folder: Path) -> dict[str, Any]:
    """Read with a scheduler and two workers of Dask, kill one worker midway; compare with the local engine's dataset."""
    finish(archive, folder / "local", "-j", "2")
    told = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    common = ["--scheduler-file", str(told)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    started = [subprocess.Popen([*dask, "scheduler", "--port", "0", "--no-dashboard", *common], **quiet)]
    try:
        one = [*dask, "worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", *common]
        started += [subprocess.Popen(one, **quiet) for _ in range(2)]
        address = _address(told)
        log = folder / "out" / "log.jsonl"
        run = start(archive, folder / "out", "--engine", "dask", "--scheduler", address)
        while _lines(log) < 20 and run.poll() is None:
            time.sleep(0.05)
        at = _lines(log) - 1
        workers = children(started[1].pid)
        started[1].kill()
        orphans = len(psutil.wait_procs(workers, timeout=5)[1])
        _, said = run.communicate(timeout=600)
    finally:
        for process in started:
            process.terminate()
            process.wait()
    if run.returncode:
        raise RuntimeError(said.decode("utf-8", "replace"))
    wrong = differences(folder / "local", folder / "out")
    return {
        "files": len(_events(log)), "worker_killed_after_files": at, "orphans": orphans, "differences": len(wrong),
        "examples": wrong[:3],
    }  # fmt: skip


def _address(told: Path) -> str:
    """Return the address that a scheduler wrote into its file, once it has."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if told.exists() and told.stat().st_size:
            return str(json.loads(told.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise RuntimeError("the scheduler does not start")


def main() -> None:
    """Make the archive, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("kills", "scale", "cores", "cluster"))
    parser.add_argument("--count", type=int)
    parser.add_argument("--templates", type=int, default=0, help="text reports only, varied from so many")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--write", type=Path, help="write the figures into this page, between their marks")
    options = parser.parse_args()
    count = options.count or {"kills": 1500, "scale": 20_000, "cores": 1200, "cluster": 300}[options.what]
    measure: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
        "kills": lambda archive, folder: kills(archive, folder, options.kills, (0.0, 4.0)),
        "scale": lambda archive, folder: scale(archive, folder, "-j", "2"),
        "cores": cores,
        "cluster": cluster,
    }
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place, "archive")
        make_archive(archive, count, templates=options.templates)
        figures = {"what": options.what, "reports": count} | measure[options.what](archive, Path(place))
    figures |= {"version": version("gov-report-extract"), "python": platform.python_version()}
    print(json.dumps(figures, ensure_ascii=False), flush=True)
    if options.write:
        write(options.write, figures)


def write(page: Path, figures: dict[str, Any]) -> None:
    """Put the figures as a table between the marks of a page. ValueError where it has none."""
    what = figures["what"]
    rows = [
        f"`{' '.join(['python', 'bench/soak.py', *sys.argv[1:]]).partition(' --write')[0]}`, {time.strftime('%Y-%m-%d')}:",
        "",
        "| figure | value |",
        "|---|---|",
    ]
    rows += [f"| {name} | {value} |" for name, value in figures.items() if name not in {"what", "examples"}]
    write_between(page, (f"<!-- {what} -->", f"<!-- end of {what} -->"), rows)


if __name__ == "__main__":
    main()
