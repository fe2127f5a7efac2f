"""Every further format end to end: made reports read cell by cell; containers opened like zips; hostile files become problems."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from conftest import ROOT, SAMPLES
from extract.containers import as_zip
from extract.errors import ReadError
from extract.find import Found, find, load
from extract.kinds import kind_of
from extract.model import Document, Picture, Problem, Source, Table, Text
from extract.readers import read_document

SETTINGS = extract.Settings(workers=1)
SHAPES = ["xlsx", "xls", "rtf", "ofd", "mht"]


def read(data: bytes, kind: str = "") -> Document:
    return read_document(Source("file", data, kind or kind_of(data)), SETTINGS)


@pytest.mark.parametrize("edition", ["2021", "2019", "2014"])
def test_every_cell_of_made_reports(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, edition: str) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    from score import score

    command = [
        sys.executable,
        str(SAMPLES / "make_samples.py"),
        "--seed",
        "31",
        "--count",
        "5",
        "--out",
        str(tmp_path),
    ]
    subprocess.run(
        [*command, "--shapes", ",".join(SHAPES), "--edition", edition], check=True, capture_output=True
    )
    extract.read_archive(tmp_path / "files", tmp_path / "out", SETTINGS)
    scores = {s.shape: s for s in score(tmp_path / "out", tmp_path / "truth")}
    assert set(scores) == {*SHAPES, "all"}
    assert [
        (n, s.examples) for n, s in scores.items() if s.cells_right != s.cells or s.source_errors_false
    ] == []
    with (tmp_path / "out" / "reports.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert sorted(row["format"] for row in csv.DictReader(stream)) == sorted(SHAPES)


def test_a_wps_file_is_told_by_its_content(tmp_path: Path) -> None:
    """WPS writes the streams of Word into its .wps, or a .docx by another name."""
    for name in ("doc/旧版Word.doc", "docx/官方格式.docx"):
        target = tmp_path / f"{Path(name).stem}.wps"
        target.write_bytes((SAMPLES / "files" / name).read_bytes())
        assert kind_of(target.read_bytes()) == Path(name).suffix[1:]
        assert extract.read(target).status == "complete"


def message(files: dict[str, bytes], body: str = "请查收附件。") -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "报送年度报告"
    mail.set_content(body)
    for name, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


REPORT = ("青禾市林业局2021年政府信息公开工作年度报告\n一、总体情况\n" + "正文。" * 80).encode()


def found(path: Path) -> dict[str, bytes | Problem]:
    items = list(find([path], SETTINGS))
    return {i.file: load(i, SETTINGS).data if isinstance(i, Found) else i for i in items}


def test_the_files_of_an_e_mail_are_files_of_the_archive(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("丙.txt", REPORT)
    files = {"甲局年报.txt": REPORT, "甲局年报.zip": inner.getvalue(), "图.png": b"\x89PNG\r\n\x1a\n"}
    (tmp_path / "来信.eml").write_bytes(message(files))
    got = found(tmp_path)
    assert set(got) == {"来信.eml!甲局年报.txt", "来信.eml!甲局年报.zip!丙.txt", "来信.eml!图.png"}
    assert got["来信.eml!甲局年报.txt"] == got["来信.eml!甲局年报.zip!丙.txt"] == REPORT


def test_an_e_mail_in_a_zip_and_two_attachments_of_one_name(tmp_path: Path) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "a@b.example", "c@d.example"
    mail.set_content("两份")
    for data in (b"one", b"two"):
        mail.add_attachment(data, maintype="text", subtype="plain", filename="年报.txt")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.eml", mail.as_bytes())
    assert set(found(tmp_path).values()) == {b"one", b"two"}


def test_a_message_without_files_is_read_itself() -> None:
    plain = message({}, REPORT.decode())
    assert kind_of(plain) == "mht"
    blocks = read(plain).blocks
    assert isinstance(blocks[0], Text) and blocks[0].text.startswith("青禾市林业局2021年")


def test_a_text_that_begins_like_a_head_is_no_message() -> None:
    assert kind_of("Subject: 年报\n没有别的信头，只是一段文字。".encode()) == "txt"
    assert kind_of(REPORT) == "txt"


def seven_zip(files: dict[str, bytes], password: str | None = None) -> bytes:
    py7zr = pytest.importorskip("py7zr")
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return buffer.getvalue()


def test_the_files_of_a_7z_archive(tmp_path: Path) -> None:
    (tmp_path / "a.7z").write_bytes(seven_zip({"甲/年报.txt": REPORT, "乙.txt": b"2"}))
    assert found(tmp_path) == {"a.7z!甲/年报.txt": REPORT, "a.7z!乙.txt": b"2"}


@pytest.mark.parametrize("cut", [40, -20, -1])
def test_damaged_and_locked_7z_archives_are_problems(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.7z").write_bytes(seven_zip({"甲.txt": REPORT})[:cut])
    (tmp_path / "b.7z").write_bytes(seven_zip({"甲.txt": REPORT}, "secret"))
    problems = [item for item in found(tmp_path).values() if isinstance(item, Problem)]
    assert [p.kind for p in problems] == ["damaged", "encrypted"]


def test_without_the_library_a_7z_archive_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py7zr", None)
    as_zip.cache_clear()
    with pytest.raises(ReadError, match=r"7z") as error:
        as_zip(b"7z\xbc\xaf\x27\x1c not read")
    assert error.value.kind == "unsupported"


def test_a_rar_archive_is_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + b"\0" * 50)
    extract.read_archive(tmp_path, tmp_path / "out", SETTINGS)
    with (tmp_path / "out" / "problems.csv").open(encoding="utf-8-sig", newline="") as stream:
        (problem,) = list(csv.DictReader(stream))
    assert (problem["kind"], "rar" in problem["message"], "解压" in problem["message_zh"]) == (
        "unsupported",
        True,
        True,
    )


PAGE = '<html><body><h1>标题</h1><table><tr><td>甲</td><td>1</td></tr></table><img src="{}" width="300"></body></html>'


def saved(source: str, location: str, identifier: str = "") -> bytes:
    head = (
        'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
    )
    page = PAGE.format(source)
    named = f"Content-Location: {location}\r\n" + (f"Content-ID: <{identifier}>\r\n" if identifier else "")
    return (
        head + "--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Location: http://a.example/x/page.html\r\n\r\n{page}\r\n"
        f"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n{named}\r\nUEFH\r\n--x--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("source", "location", "identifier"),
    [
        ("http://a.example/x/t.png", "http://a.example/x/t.png", ""), ("t.png", "http://a.example/x/t.png", ""),
        ("../t.png", "http://a.example/t.png", ""), ("cid:one@mhtml", "http://a.example/1", "one@mhtml"),
    ],
)  # fmt: skip
def test_pictures_of_a_saved_page_are_found_by_address_or_identifier(
    source: str, location: str, identifier: str
) -> None:
    document = read(saved(source, location, identifier))
    assert document.kind == "mht" and document.problems == ()
    kinds = [type(block) for block in document.blocks]
    assert kinds == [Text, Table, Picture]
    assert isinstance(document.blocks[2], Picture) and document.blocks[2].data == b"PAG"


def test_a_picture_that_a_saved_page_lacks_is_a_problem() -> None:
    assert [p.kind for p in read(saved("other.png", "http://a.example/x/t.png")).problems] == [
        "picture_missing"
    ]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "rtf", "ofd", "mht"])
@given(data=st.binary(max_size=400))
@settings(max_examples=30, deadline=None)
def test_any_bytes_under_any_kind_end_in_a_document_or_a_read_error(kind: str, data: bytes) -> None:
    starts = {
        "xlsx": b"PK",
        "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "rtf": b"{\\rtf1 ",
        "ofd": b"PK",
        "mht": b"From: a\nTo: b\n\n",
    }
    for text in (data, starts[kind] + data):
        try:
            assert read(text, kind).kind == kind
        except ReadError as error:
            assert error.kind in {"damaged", "empty", "encrypted", "too_large"}
