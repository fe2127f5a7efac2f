"""Runs that go on: after a kill, over what has changed, and not at all over what has not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import extract
from archives import ONE, page, report_text, rows, zipped
from conftest import ROOT
from extract import archive_run, reading, versions
from extract.errors import OutputError
from extract.finish import Summary
from extract.group import Group
from extract.settings import Settings

sys.path.insert(0, str(ROOT / "bench"))
from soak import age, differences, kills, make_archive

READ = ["b/a.txt", "b/b.txt", "c/c.txt", "c/d.txt", "notice.txt", "z.zip!e.txt", "z.zip!f.docx"]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Five reports, one of them in a zip, one twice; a file that is none, an empty one and a broken one."""
    folder = tmp_path / "archive"
    for name, agency, year in (
        ("b/a", "甲", 2021),
        ("b/b", "乙", 2022),
        ("c/c", "丙", 2023),
        ("c/d", "丁", 2023),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_bytes(report_text(f"岚汀市{agency}局", year))
    shutil.copy(folder / "b" / "a.txt", folder / "c" / "again.txt")
    (folder / "z.zip").write_bytes(zipped(("e.txt", report_text("岚汀市戊局")), ("f.docx", b"")))
    (folder / "notice.txt").write_text("关于放假的通知", encoding="utf-8")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04")
    age(folder)
    return folder


def read(archive: Path, output: Path, settings: Settings = ONE) -> tuple[Summary, list[str]]:
    """Run; return the counts and the files that were read."""
    log = output / "log.jsonl"
    before = len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0
    summary = archive_run.run([archive], output, settings)
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()[before:]]
    return summary, [event["file"] for event in events if event["event"] == "file"]


def same_as_fresh(archive: Path, output: Path) -> None:
    """The dataset is that of a run into an empty folder."""
    fresh = output.with_name("fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    read(archive, fresh)
    assert differences(fresh, output) == [] == differences(output, fresh)


def test_the_first_run_reads_every_content_once(archive: Path, tmp_path: Path) -> None:
    summary, files = read(archive, tmp_path / "out")
    assert sorted(files) == READ
    assert summary.files == summary.done == 9 and sum(summary.reports.values()) == 5
    kinds = {row["file"]: row["kind"] for row in rows(tmp_path / "out" / "problems.csv")}
    assert kinds["c/again.txt"] == "duplicate" and kinds["z.zip!f.docx"] == "empty"
    assert kinds["broken.docx"] == "damaged"


def test_a_second_run_reads_nothing_and_leaves_the_files_alone(archive: Path, tmp_path: Path) -> None:
    read(archive, tmp_path / "out")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.csv")}
    summary, files = read(archive, tmp_path / "out")
    assert files == [] and summary.unchanged and summary.kept == summary.files == 9
    assert before == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.csv")}


def test_a_csv_that_was_deleted_is_written_again_without_reading(archive: Path, tmp_path: Path) -> None:
    read(archive, tmp_path / "out")
    (tmp_path / "out" / "wide.csv").unlink()
    assert read(archive, tmp_path / "out")[1] == []
    same_as_fresh(archive, tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "read_again"),
    [
        (lambda a: (a / "b" / "a.txt").write_bytes(report_text("岚汀市己局", 2020)), {"b/a.txt", "c/again.txt"}),
        (lambda a: (a / "b" / "new.txt").write_bytes(report_text("岚汀市庚局", 2019)), {"b/new.txt"}),
        (lambda a: (a / "c" / "c.txt").rename(a / "b" / "moved.txt"), {"b/moved.txt"}),
        (lambda a: (a / "b").rename(a / "bb"), {"bb/a.txt", "bb/b.txt"}),
        (lambda a: (a / "c" / "c.txt").unlink(), set()),
        (lambda a: (a / "b" / "a.txt").unlink(), {"c/again.txt"}),
        (lambda a: (a / "notice.txt").unlink(), set()),
        (lambda a: (a / "0.txt").write_bytes(report_text("岚汀市甲局", 2021)), {"0.txt"}),
        (lambda a: (a / "z.zip").write_bytes(zipped(("e.txt", report_text("岚汀市戊局")), ("g.txt", report_text("岚汀市辛局")))),
         {"z.zip!g.txt"}),
        (lambda a: (a / "z.zip").rename(a / "y.zip"), {"y.zip!e.txt", "y.zip!f.docx"}),
        (lambda a: os.utime(a / "b" / "a.txt"), set()),
    ],
    ids=["changed", "added", "moved", "folder renamed", "removed", "first of two removed", "no report removed",
         "a copy before the first", "zip changed", "zip renamed", "touched"],
)  # fmt: skip
def test_a_change_costs_just_itself(
    archive: Path, tmp_path: Path, change: object, read_again: set[str]
) -> None:
    read(archive, tmp_path / "out")
    change(archive)  # type: ignore[operator]
    assert set(read(archive, tmp_path / "out")[1]) == read_again
    same_as_fresh(archive, tmp_path / "out")


def test_a_file_changed_within_a_tick_of_the_clock_is_seen(archive: Path, tmp_path: Path) -> None:
    file = archive / "b" / "a.txt"
    file.write_bytes(report_text("岚汀市甲局", 2021))
    read(archive, tmp_path / "out")
    known = file.stat()
    file.write_bytes(report_text("岚汀市甲局", 2020))
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert "b/a.txt" in read(archive, tmp_path / "out")[1]


def test_a_page_is_read_again_when_its_picture_changes_or_comes(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "img").mkdir(parents=True)
    told = page(
        [
            "岚汀市甲局2023年政府信息公开工作年度报告",
            '<img src="img/1.png" width="500">',
            '<img src="img/2.png">',
        ]
    )
    (folder / "a.html").write_bytes(told)
    (folder / "img" / "1.png").write_bytes(PNG)
    age(folder)
    assert "a.html" in read(folder, tmp_path / "out")[1]
    assert read(folder, tmp_path / "out")[1] == []
    (folder / "img" / "1.png").write_bytes(PNG + b"1")
    age(folder)
    assert set(read(folder, tmp_path / "out")[1]) == {"a.html", "img/1.png"}
    (folder / "img" / "2.png").write_bytes(PNG + b"2")
    age(folder)
    assert set(read(folder, tmp_path / "out")[1]) == {"a.html", "img/2.png"}
    same_as_fresh(folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("settings", "read_again"),
    [
        (replace(ONE, reread="all"), 7), (replace(ONE, reread="failed"), 1), (replace(ONE, reread="partial"), 6),
        (replace(ONE, text="none"), 7), (replace(ONE, review_threshold=0.9), 7), (replace(ONE, timeout=9.0), 0),
    ],
    ids=["all", "failed", "partial", "option that matters", "threshold", "limit that nothing met"],
)  # fmt: skip
def test_what_is_read_again_on_demand_or_under_other_options(
    archive: Path, tmp_path: Path, settings: Settings, read_again: int
) -> None:
    read(archive, tmp_path / "out")
    assert len(read(archive, tmp_path / "out", settings)[1]) == read_again


def test_what_a_limit_ended_is_read_again_under_another(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reading.read_unit

    def slow(part: Group, settings: Settings) -> reading.Result:
        if part.files[0].file == "c/d.txt" and settings.timeout < 100:
            return reading.result_of(reading.lost(("c/d.txt",), "timeout", ""), limited=True)
        return whole(part, settings)

    monkeypatch.setattr("extract.local.read_unit", slow)
    read(archive, tmp_path / "out", replace(ONE, timeout=10))
    assert read(archive, tmp_path / "out", replace(ONE, timeout=10))[1] == []
    assert read(archive, tmp_path / "out", replace(ONE, timeout=200))[1] == ["c/d.txt"]
    same_as_fresh(archive, tmp_path / "out")


def test_a_new_version_reads_again_what_it_reads_otherwise(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(archive, tmp_path / "out")
    known = versions.digest
    monkeypatch.setattr(versions, "digest", lambda *m: known(*m) + ("new" if "readers.text" in m else ""))
    monkeypatch.setattr("extract.plan.digest", versions.digest)
    assert set(read(archive, tmp_path / "out")[1]) == {
        "b/a.txt", "b/b.txt", "c/c.txt", "c/d.txt", "notice.txt", "z.zip!e.txt"
    }  # fmt: skip
    same_as_fresh(archive, tmp_path / "out")


def test_the_digest_of_the_code_follows_imports() -> None:
    texts, pdfs, nothing = (versions.reading(kinds) for kinds in (["txt"], ["pdf"], [""]))
    assert len({texts, pdfs, nothing}) == 3 and versions.reading(["txt", "pdf"]) == versions.reading(
        ["pdf", "txt"]
    )
    names = {path.name for path in versions._closure(["reading", "readers.text"])}
    assert {"text.py", "values.py", "mapping.py", "kinds.py", "digits.py"} <= names
    assert not {"cli.py", "store.py", "pdf_lattice.py", "archive_run.py", "progress.py"} & names


def test_a_store_of_other_columns_is_begun_anew(archive: Path, tmp_path: Path) -> None:
    read(archive, tmp_path / "out")
    import duckdb

    with duckdb.connect(str(tmp_path / "out" / "reports.duckdb")) as store:
        store.execute("ALTER TABLE cells DROP COLUMN picture")
    assert len(read(archive, tmp_path / "out")[1]) == 7
    same_as_fresh(archive, tmp_path / "out")


def test_files_of_others_in_output_stay(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "corrections.csv").write_text("mine", encoding="utf-8")
    for settings in (ONE, replace(ONE, reread="all")):
        read(archive, tmp_path / "out", settings)
        assert (tmp_path / "out" / "corrections.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "out" / ".work").exists()


def test_two_runs_into_one_output_do_not_meet(archive: Path, tmp_path: Path) -> None:
    read(archive, tmp_path / "out")
    store = str(tmp_path / "out" / "reports.duckdb")
    code = f"import duckdb, sys; c = duckdb.connect({store!r}); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == b"open"
        with pytest.raises(OutputError, match="another run or program has it open"):
            read(archive, tmp_path / "out")
        other.communicate()
    assert read(archive, tmp_path / "out")[1] == []


def test_an_archive_is_not_its_own_output(archive: Path) -> None:
    with pytest.raises(OutputError, match="is ARCHIVE itself"):
        read(archive, archive)


def test_what_was_committed_before_a_fault_is_kept(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reading.read_unit

    def ends(part: Group, settings: Settings) -> reading.Result:
        if part.files[0].file == "c/c.txt":
            raise KeyboardInterrupt
        return whole(part, settings)

    with monkeypatch.context() as patch:
        patch.setattr("extract.local.read_unit", ends)
        with pytest.raises(KeyboardInterrupt):
            read(archive, tmp_path / "out")
    lines = (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line)["event"] for line in lines]
    assert events[-1] == "run_stopped" and events.count("file") >= 2
    assert len(read(archive, tmp_path / "out")[1]) == 7 - events.count("file")
    same_as_fresh(archive, tmp_path / "out")


def test_an_order_of_reading_leaves_no_trace(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from extract.local import InProcess

    whole = InProcess.read
    monkeypatch.setattr(InProcess, "read", lambda self, reports: whole(self, reversed(list(reports))))
    read(archive, tmp_path / "out")
    monkeypatch.undo()
    same_as_fresh(archive, tmp_path / "out")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_person_stops_a_run_and_goes_on(tmp_path: Path, how: signal.Signals) -> None:
    make_archive(tmp_path / "archive", 80, templates=8)
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from extract.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "run",
        str(tmp_path / "archive"),
        "-o",
        str(tmp_path / "out"),
        "-j",
        "2",
    ]
    log = tmp_path / "out" / "log.jsonl"
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 60
        while not (log.exists() and '"file"' in log.read_text(encoding="utf-8")) and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(how)
        _, told = process.communicate(timeout=30)
    assert (
        process.returncode == 130
        and b"run the same command again to go on" in told
        and b"Traceback" not in told
    )
    assert not (tmp_path / "out" / ".work").exists()
    done = log.read_text(encoding="utf-8").count('"event": "file"')
    summary, files = read(tmp_path / "archive", tmp_path / "out")
    assert done > 0 and done + len(files) + 3 == summary.files  # two copies, an empty file twice


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
def test_killed_again_and_again_it_leaves_the_same_dataset(tmp_path: Path) -> None:
    """`make soak` in short."""
    make_archive(tmp_path / "archive", 60, templates=9)
    found = kills(tmp_path / "archive", tmp_path, 3, (0.0, 1.0))
    assert found["kills"] >= 3 and found["datasets_compared"] >= 1
    assert (found["differences"], found["orphans"], found["left_behind"]) == (0, 0, 0), found["examples"]


def test_a_zip_of_many_members_is_opened_once_per_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "z.zip").write_bytes(zipped(*((f"{i}.txt", report_text(f"岚汀市{i}局")) for i in range(12))))
    opened: list[object] = []
    whole = zipfile.ZipFile.__init__
    monkeypatch.setattr(
        zipfile.ZipFile, "__init__", lambda self, *a, **k: (opened.append(a), whole(self, *a, **k))[1]
    )
    summary = extract.read_archive(tmp_path / "z.zip", tmp_path / "out", ONE)
    assert sum(summary.reports.values()) == 12 and len(opened) < 6
