"""A run as people meet it: a folder with the worst of files, CSVs in a spreadsheet, the command and its exit codes."""

import csv
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

import extract
from conftest import ROOT, SAMPLES, missing
from extract.api import overlay
from extract.doctor import probe
from extract.errors import ExitCode
from extract.problems import catalogue
from extract.rows import schema

GOOD = SAMPLES / "files" / "docx" / "官方格式.docx"
FORMULAS = '=HYPERLINK("http://x.example")'


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from extract.cli import main; main()", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that no run should stumble over, beside two good ones."""
    folder = tmp_path_factory.mktemp("archive")
    locked = FPDF()
    locked.add_page()
    locked.set_encryption(owner_password="a", user_password="b")
    locked.output(str(folder / "locked.pdf"))
    (folder / "broken.docx").write_bytes(GOOD.read_bytes()[:3000])
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "nothing.zip").write_bytes(b"")
    shutil.copy(GOOD, folder / "good.docx")
    picture = next((SAMPLES / "files" / "图片").glob("*.png"))
    shutil.copy(picture, folder / "really a picture.docx")
    (folder / "broken.png").write_bytes(picture.read_bytes()[:2000])
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<<")
    (folder / "deep.html").write_bytes(b"<html><body>" + b"<div>" * 3000 + b"x")
    return folder


@pytest.fixture(scope="module")
def output(bad: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    done = command("run", bad, "-o", folder, "-j", "2", "--strict")
    assert done.returncode == ExitCode.PROBLEMS, done.stderr
    assert done.stdout == "" and "problems" in done.stderr
    return folder


def test_bad_files_are_told_and_good_ones_read(output: Path) -> None:
    problems = {row["file"]: row for row in rows(output / "problems.csv")}
    wanted = {
        "locked.pdf": "encrypted",
        "broken.docx": "damaged",
        "empty.pdf": "empty",
        "nothing.zip": "empty",
    }
    assert {file: problems[file]["kind"] for file in wanted} == wanted
    assert {"broken.png", "broken.pdf", "deep.html"} <= set(problems)
    assert all(len(row["message"]) > 15 and len(row["message_zh"]) > 8 for row in problems.values())
    read = {row["file"]: row["status"] for row in rows(output / "reports.csv")}
    assert read == {"good.docx": "complete", "really a picture.docx": "complete"}


def test_columns_are_those_of_the_contract(output: Path) -> None:
    for name, fields in schema().items():
        with (output / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert next(csv.reader(stream)) == [f.field for f in fields]
        assert (output / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_second_run_replaces_the_first(bad: Path, tmp_path: Path) -> None:
    for _ in range(2):
        extract.read_archive(bad / "good.docx", tmp_path, extract.Settings(workers=1))
    assert len(rows(tmp_path / "reports.csv")) == 1


def test_the_same_files_give_the_same_dataset(bad: Path, tmp_path: Path) -> None:
    for name, workers in (("a", 1), ("b", 2)):
        extract.read_archive([bad / "good.docx"], tmp_path / name, extract.Settings(workers=workers))
    for name in ("cells", "sections", "checks", "problems", "wide"):
        assert (tmp_path / "a" / f"{name}.csv").read_bytes() == (tmp_path / "b" / f"{name}.csv").read_bytes()


def test_no_text_of_a_report_is_a_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    lines = ["甲市乙局2023年政府信息公开工作年度报告", "一、总体情况", FORMULAS, "二、主动公开政府信息情况"]
    lines += [
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
        f"规章\t{FORMULAS}\t-1\t0",
        "行政规范性文件\t1\t0\t3",
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    extract.read_archive(tmp_path / "a.txt", tmp_path / "out", extract.Settings(workers=1))
    for path in (tmp_path / "out").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in {"=", "@", "\t"}]
    cells = {row["code"]: row for row in rows(tmp_path / "out" / "cells.csv")}
    assert cells["proactive.regulations.repealed"]["value"] == "-1"
    assert cells["proactive.regulations.issued"]["review"] == "true"


def test_show_prints_one_report() -> None:
    done = command("show", GOOD)
    assert done.returncode == 0 and done.stderr == ""
    assert "42 holds" in done.stdout and "属于国家秘密" in done.stdout and "法律服务" in done.stdout


@pytest.mark.parametrize("name", ["pdf/表格为图片.pdf", "图片", "pdf"])
def test_overlays_show_what_was_read_where(name: str, tmp_path: Path) -> None:
    path = SAMPLES / "files" / name
    file = path if path.is_file() else sorted(path.glob("*.p[dn][fg]"))[0]
    record = extract.read(file)
    written = overlay(record, file, tmp_path)
    stands_on = {(v.place.picture, v.place.page) for v in record.values if v.place.box}
    assert written and len(written) <= len(stands_on)
    for picture in written:
        with Image.open(picture) as image:
            assert image.width > 400 and len(image.convert("RGB").getcolors(1 << 24) or []) > 3


def test_the_other_engine_reads_pictures_too(tmp_path: Path) -> None:
    if not all(part.present for part in probe() if part.name.startswith("Tesseract")):
        missing("Tesseract with chi_sim")
    file = max((SAMPLES / "files" / "图片").glob("*.png"), key=lambda path: path.stat().st_size)
    record, other = (
        extract.read(file, extract.Settings(ocr=o, text="none")) for o in ("tesseract", "rapidocr")
    )
    read = {v.code: v.filled for v in record.form_values if v.status != "missing"}
    same = sum(other.cell(code).filled == value for code, value in read.items())
    assert len(read) >= 0.9 * other.cells_present > 0 and same > 0.99 * len(read)


def test_doctor_names_the_optional_programs() -> None:
    done = command("doctor")
    assert done.returncode == 0 and all(
        name in done.stdout for name in ("RapidOCR", "Tesseract", "LibreOffice")
    )


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["show", "no such file"], ExitCode.INPUT_NOT_FOUND, "does not exist"),
        (["run", "no such file", "-o", "x"], ExitCode.INPUT_NOT_FOUND, "does not exist"),
        (["run"], ExitCode.USAGE, "ARCHIVE"),
        (["run", GOOD, "-o", "x", "--ocr", "eyes"], ExitCode.USAGE, "ocr"),
        (["show", SAMPLES / "files" / "故障" / "加密.pdf"], ExitCode.PROBLEMS, "encrypted"),
        (["show", SAMPLES / "files" / "非报告" / "部门决算.docx"], ExitCode.PROBLEMS, "not_a_report"),
    ],
)
def test_exit_codes_and_what_is_said(
    arguments: list[object], code: ExitCode, says: str, tmp_path: Path
) -> None:
    done = command(*[tmp_path / a if a == "x" else a for a in arguments])
    assert done.returncode == code
    assert says in done.stderr and "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = command("run", GOOD, "-o", tmp_path / "file" / "out")
    assert done.returncode == ExitCode.OUTPUT_NOT_WRITABLE and "Traceback" not in done.stderr


def test_docs_are_held_to_the_code() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    import make_docs

    assert (ROOT / "docs" / "problems.md").read_text(encoding="utf-8") == make_docs.problems()
    assert (ROOT / "docs" / "dataset.md").read_text(encoding="utf-8") == make_docs.dataset()


def test_every_kind_of_problem_has_its_sentences() -> None:
    assert all(kind.en and kind.zh and kind.title for kind in catalogue().values())


def test_public_names_are_there() -> None:
    assert [name for name in extract.__all__ if getattr(extract, name, None) is None] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_what_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in ("docs/dataset.md", "docs/accuracy.md", "docs/design.md", "docs/problems.md"):
        assert target in text and (ROOT / target).exists()
    assert "make demo" in text and "make test" in text and "pip install" in text
    named = re.findall(r"samples/[^\s`)]+", text)
    assert named and [path for path in named if not (ROOT / path).exists()] == []


def test_a_frame_has_the_columns_of_cells_csv() -> None:
    frame = extract.read(GOOD).to_frame()
    assert list(frame.columns) == [f.field for f in schema()["cells"]] and len(frame) == 200
    assert frame.set_index("code").loc["requests.new.total", "filled"] == 24
