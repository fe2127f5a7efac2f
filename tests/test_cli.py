"""The command: what it prints where, its exit codes, and that every failure says what to do. No traceback, ever."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from archives import report_text, rows, tabbed
from conftest import SAMPLES
from extract import cli, doctor
from extract.errors import ExitCode, ExtractError
from extract.problems import catalogue

GOOD = SAMPLES / "files" / "docx" / "官方格式.docx"
LOCKED = SAMPLES / "files" / "故障" / "加密.pdf"
RUN = [sys.executable, "-c", "from extract.cli import main; main()"]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Extract = Callable[..., Done]


@pytest.fixture
def extract(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Extract:
    """The command run in this process, through its entry point."""

    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["extract", *map(str, arguments)])
        code: object = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        shown = capsys.readouterr()
        assert isinstance(code, int)
        return Done(code, shown.out, shown.err)

    return run


def apart(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [*RUN, *map(str, arguments)], capture_output=True, timeout=60, check=False, env={**os.environ, **environment}
    )  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(report_text())
    return path


def test_run_prints_nothing_on_stdout_and_its_counts_on_stderr(
    extract: Extract, report: Path, tmp_path: Path
) -> None:
    done = extract("run", report, "-o", tmp_path / "out", "-j", 1)
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert "1 files: 1 reports" in done.err and str(tmp_path / "out") in done.err
    assert "\x1b" not in done.err  # no colours and no bar where no terminal is
    assert len(rows(tmp_path / "out" / "reports.csv")) == 1


def test_quiet_is_quiet(extract: Extract, report: Path, tmp_path: Path) -> None:
    done = extract("run", report, "-o", tmp_path / "out", "-j", 1, "--quiet")
    assert (done.code, done.out, done.err) == (ExitCode.OK, "", "")


@pytest.mark.parametrize("options", [[], ["--strict"]])
def test_strict_makes_a_status_of_files_that_cannot_be_read(
    extract: Extract, report: Path, tmp_path: Path, options: list[str]
) -> None:
    (report.parent / "b.docx").write_bytes(b"")
    done = extract("run", report.parent, "-o", tmp_path / "out", "-j", 1, *options)
    assert done.code == (ExitCode.PROBLEMS if options else ExitCode.OK)
    assert "1 empty" in done.err and "problems.csv" in done.err
    assert len(rows(tmp_path / "out" / "reports.csv")) == 1


def test_strict_forgives_what_is_only_set_aside(extract: Extract, report: Path, tmp_path: Path) -> None:
    (report.parent / "a.docx").write_bytes(GOOD.read_bytes())
    report.write_bytes(tabbed(["关于放假的通知"]))
    done = extract("run", report.parent, "-o", tmp_path / "out", "-j", 1, "--strict")
    assert done.code == ExitCode.OK and "set aside (1 not_a_report)" in done.err


def test_show_prints_on_stdout_only(extract: Extract) -> None:
    done = extract("show", GOOD)
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert "青禾市临湖区市场监督管理局2023年政府信息公开工作年度报告" in done.out and "checks" in done.out
    assert "\x1b" not in done.out


def test_show_takes_the_folder_of_one_report(extract: Extract, report: Path) -> None:
    assert "岚汀市砚池区粮食局" in extract("show", report.parent).out


def test_show_of_several_reports_says_so(extract: Extract) -> None:
    done = extract("show", GOOD.parent)
    assert done.code == ExitCode.PROBLEMS and "holds 15 reports" in done.err and done.out == ""


def test_show_writes_overlays_where_told(extract: Extract, tmp_path: Path) -> None:
    file = SAMPLES / "files" / "pdf" / "缺边线.pdf"
    done = extract("show", file, "--overlay", tmp_path / "drawn")
    written = sorted((tmp_path / "drawn").glob("*.png"))
    assert done.code == ExitCode.OK and written
    told = done.out.replace("\n", "")  # a long path is folded
    assert all(path.name in told for path in written)


def test_doctor(extract: Extract) -> None:
    done = extract("doctor")
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert all(part.name in done.out for part in doctor.probe())


def test_doctor_where_nothing_is_installed(extract: Extract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    done = extract("doctor")
    assert done.code == ExitCode.OK and done.out.count(" no ") == 3


def test_an_engine_that_is_not_installed(
    extract: Extract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    for arguments in (["show", GOOD], ["run", GOOD, "-o", tmp_path / "out"]):
        done = extract(*arguments, "--ocr", "tesseract")
        assert done.code == ExitCode.MISSING_PROGRAM and "install" in done.err and done.out == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["show", "--help"], ["doctor", "--help"]]
)
def test_help(extract: Extract, arguments: list[str]) -> None:
    done = extract(*arguments)
    assert (done.code, done.err) == (ExitCode.OK, "") and "Usage" in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "ARCHIVE"), (["run", GOOD], "--output"), (["show"], "FILE"), (["read", GOOD], "No such command"),
        (["run", GOOD, "-o", "out", "--text", "some"], "text is 'full' or 'none'"),
        (["run", GOOD, "-o", "out", "--workers", "-1"], "workers must be 0 or more"),
        (["run", GOOD, "-o", "out", "--timeout", "0"], "timeout above 0"),
        (["run", GOOD, "-o", "out", "--workers", "many"], "--workers"), (["run", GOOD, "-o", "out", "--loud"], "--loud"),
    ],
)  # fmt: skip
def test_wrong_usage(
    extract: Extract, arguments: list[object], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = extract(*arguments)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    plain = re.sub(r"\x1b\[[0-9;]*m|│", "", done.err)  # under some CI systems typer colours its errors
    assert says in " ".join(plain.split())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run", "show"])
def test_an_archive_that_is_not_there(extract: Extract, command: str, tmp_path: Path) -> None:
    done = extract(command, tmp_path / "年报", *(["-o", tmp_path / "out"] if command == "run" else []))
    assert (done.code, done.out) == (ExitCode.INPUT_NOT_FOUND, "")
    assert (
        done.err
        == f"extract: {tmp_path / '年报'} does not exist; give a file, a folder or a zip of reports\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_path_that_cannot_be(extract: Extract, tmp_path: Path) -> None:
    done = extract("run", "年" * 300, "-o", tmp_path / "out")
    assert done.code == ExitCode.INPUT_NOT_FOUND


def test_an_output_that_is_a_file(extract: Extract, report: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = extract("run", report, "-o", tmp_path / "out", "-j", 1)
    assert (done.code, done.out) == (ExitCode.OUTPUT_NOT_WRITABLE, "")
    assert "cannot write" in done.err and "choose another -o" in done.err
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="rights are not asked of an administrator"
)
def test_an_output_without_rights(extract: Extract, report: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = extract("run", report, "-o", tmp_path / "locked" / "out", "-j", 1)
    assert done.code == ExitCode.OUTPUT_NOT_WRITABLE and "choose another -o" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="limits are set by a POSIX shell")
def test_a_full_disk(report: Path, tmp_path: Path) -> None:
    line = (
        'ulimit -f 30 && exec "$@"'  # blocks of 1024 or 512 bytes: room for an empty store, not for its rows
    )
    done = subprocess.run(
        ["bash", "-c", line, "bash", *RUN, "run", GOOD, "-o", tmp_path / "out", "-j", "1"],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode == ExitCode.OUTPUT_NOT_WRITABLE


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("故障/加密.pdf", "encrypted"), ("故障/损坏.docx", "damaged"), ("故障/空文件.docx", "empty"),
        ("故障/空压缩包.zip", "empty"), ("故障/录音.mp3", "unsupported"), ("非报告/编制通知.docx", "not_a_report"),
    ],
)  # fmt: skip
def test_show_says_why_a_file_cannot_be_read(extract: Extract, file: str, kind: str) -> None:
    done = extract("show", SAMPLES / "files" / file)
    assert (done.code, done.out) == (ExitCode.PROBLEMS, "")
    assert done.err.startswith(f"extract: {kind}: {catalogue()[kind].en.split('{')[0].strip()}")
    assert done.err.count("\n") == 1


def test_names_and_details_in_brackets_are_printed_as_they_are(extract: Extract, tmp_path: Path) -> None:
    done = extract("show", tmp_path / "[red]年报[/red]")
    assert "[red]年报[/red]" in done.err


def test_the_command_in_a_process_of_its_own(report: Path, tmp_path: Path) -> None:
    done = apart("run", report, "-o", tmp_path / "out", "-j", 2)
    assert (done.returncode, done.stdout) == (ExitCode.OK, b"") and b"dataset in" in done.stderr
    assert len(rows(tmp_path / "out" / "reports.csv")) == 1


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "gbk",
        "ascii",
    ],
)
def test_show_into_a_file_of_any_encoding(encoding: str) -> None:
    done = apart("show", GOOD, PYTHONIOENCODING=encoding)
    assert done.returncode == ExitCode.OK and b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
def test_stopped_by_a_person(tmp_path: Path) -> None:
    command = [*RUN, "run", str(SAMPLES / "files" / "扫描"), "-o", str(tmp_path / "out"), "-j", "1"]
    command[2] = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {command[2]}"
    # a job in the background is born deaf to the signal
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 30
        while not (tmp_path / "out" / "reports.duckdb").exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED and b"Traceback" not in told
    assert b"run the same command again" in told


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = [kind.exit_code for kind in ExtractError.__subclasses__() if kind.__name__ != "ReadError"]
    assert len(codes) == len(set(codes)) == 4 and ExitCode.OK not in codes
