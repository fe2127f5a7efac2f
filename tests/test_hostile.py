"""The worst of files: none ends a run, none is passed over in silence, none reaches outside, none goes on for ever."""

import io
import shutil
import socket
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import extract
from archives import ONE, page, report_text, rows, word, zipped
from conftest import SAMPLES
from extract import reading
from extract.errors import ReadError
from extract.head import read_head
from extract.kinds import kind_of
from extract.model import Source
from extract.problems import INFORMATIVE, catalogue
from extract.readers import read_document
from extract.sections import Section
from extract.settings import Settings

FILES = SAMPLES / "files"
GOOD = FILES / "docx" / "官方格式.docx"
SECRET = "this stands in a file outside"


def locked() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption(owner_password="a", user_password="b")
    return bytes(pdf.output())


def changed(docx: bytes, name: str, data: bytes) -> bytes:
    """A .docx with one member replaced or added."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    return zipped(*(members | {name: data}).items())


def entities(secret: Path) -> bytes:
    """A .docx whose text is an entity: one that grows a billionfold, and one that is a file outside."""
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    document = (
        f'<!DOCTYPE d [<!ENTITY a0 "ha">{laughs}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>年报&x;&a9;</w:t></w:r></w:p></w:body></w:document>"
    )
    return changed(word(["年报"]), "word/document.xml", document.encode())


def vast_picture() -> bytes:
    """A PNG that claims 60000 by 60000 pixels."""
    size = (60_000).to_bytes(4, "big")
    chunks = (
        (b"IHDR", size + size + b"\x08\x00\x00\x00\x00"),
        (b"IDAT", zlib.compress(b"\0" * 9)),
        (b"IEND", b""),
    )
    packed = (len(d).to_bytes(4, "big") + n + d + zlib.crc32(n + d).to_bytes(4, "big") for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


BAD = {
    "broken.docx": GOOD.read_bytes()[:4000],
    "locked.pdf": locked(),
    "empty.docx": b"",
    "nothing.zip": b"",
    "blank.txt": " \r\n\u3000\n".encode(),
    "cut.pdf": b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>",
    "cut.png": (FILES / "图片" / "长截图.png").read_bytes()[:500],
    "vast.png": vast_picture(),
    "a program.docx": b"MZ\x90\x00" + bytes(range(256)) * 8,
    "no text.docx": zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<")),
    "heavy.docx": changed(word(["年报"]), "word/document.xml", b" " * 210_000_000),
    "sheet.xlsx": zipped(("xl/workbook.xml", b"<workbook/>")),
    "half.zip": zipped(("a.txt", bytes(range(256)) * 20))[:300],
    "ole.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000,
}
KINDS = {
    "broken.docx": "damaged", "locked.pdf": "encrypted", "empty.docx": "empty", "nothing.zip": "empty", "blank.txt": "empty",
    "cut.pdf": "damaged", "a program.docx": "unsupported", "no text.docx": "damaged",
    "heavy.docx": "too_large", "sheet.xlsx": "damaged", "half.zip": "damaged", "ole.doc": "damaged",
}  # fmt: skip


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    for name, data in BAD.items():
        (folder / "in" / name).write_bytes(data)
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    (folder / "in" / "entities.docx").write_bytes(entities(folder / "secret.txt"))
    shutil.copy(GOOD, folder / "in" / "good.docx")
    shutil.copy(FILES / "docx" / "合计错误.docx", folder / "in" / "really docx.pdf")
    shutil.copy(FILES / "图片" / "长截图旧表.jpg", folder / "in" / "really jpg.docx")
    extract.read_archive(folder / "in", folder / "out", ONE)
    return folder / "out"


def test_the_good_and_the_wrongly_named_are_read(output: Path) -> None:
    read = {row["file"]: (row["status"], row["format"]) for row in rows(output / "reports.csv")}
    assert read == {
        "good.docx": ("complete", "docx"),
        "really docx.pdf": ("complete", "docx"),
        "really jpg.docx": ("complete", "picture"),
    }


@pytest.mark.parametrize("file", BAD)
def test_each_bad_file_is_a_problem_with_words_for_a_person(output: Path, file: str) -> None:
    found = [row for row in rows(output / "problems.csv") if row["file"] == file]
    assert found and {row["kind"] for row in found} <= set(catalogue())
    assert KINDS.get(file, found[0]["kind"]) in {row["kind"] for row in found}
    assert {row["kind"] for row in found} - INFORMATIVE
    for row in found:
        assert len(row["message"]) > 15 and any("\u4e00" <= c <= "\u9fff" for c in row["message_zh"])
        assert "{" not in row["message"] + row["message_zh"]


def test_nothing_crashed(output: Path) -> None:
    assert [row for row in rows(output / "problems.csv") if row["kind"] in {"crashed", "timeout"}] == []


def test_every_file_is_accounted_for(output: Path) -> None:
    named = {row["file"] for name in ("reports", "problems") for row in rows(output / f"{name}.csv")}
    assert named == {path.name for path in (output.parent / "in").iterdir()}


def test_no_entity_is_resolved(output: Path) -> None:
    for path in output.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert SECRET not in text and "haha" not in text


def test_no_reader_asks_the_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a reader asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    body = report_text().decode().splitlines()
    links = [
        '<img src="http://a.example/1.png">',
        '<img src="//a.example/2.png">',
        '<iframe src="http://a.example">',
    ]
    links += [
        '<link rel="stylesheet" href="http://a.example/a.css">',
        '<img src="file:///etc/passwd">',
        "&#x110000;",
    ]
    (tmp_path / "a.html").write_bytes(page([*body[:4], *links]))
    extract.read_archive(tmp_path, tmp_path / "out", ONE)
    kinds = {row["kind"] for row in rows(tmp_path / "out" / "problems.csv")}
    assert "crashed" not in kinds and kinds & {"external_resource", "picture_missing"}


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>" + b"<div>" * 20_000 + b"x", b"<table><tr><td>" * 100 + b"x", b"<table><tr><td rowspan=99999999 colspan=99999999>x",
        b"<table>" + b"<tr><td rowspan=1000 colspan=1000>x" * 50, ("<html>" + "年报 " * 50_000).encode(), ("年" * 500_000).encode(),
        b"1\t2\n" * 10_000, b"<html>" + b"<p>x" * 10_000, b"<html>&" + b"amp;" * 100_000,
    ],
    ids=["nested", "tables in tables", "vast span", "many spans", "words", "long line", "long", "paragraphs", "ands"],
)  # fmt: skip
def test_texts_without_end_are_read_or_refused_in_time(data: bytes) -> None:
    started = time.monotonic()
    source = Source("a", data, kind_of(data))
    result = reading.read_report([source], ONE)
    assert result.record is not None or result.problems
    assert time.monotonic() - started < 10


def test_a_word_without_end_takes_no_square_of_its_length() -> None:
    word_of_base64 = Section(0, "", "a" * 30_000, 0, 1)
    started = time.monotonic()
    read_head((word_of_base64,), {}, "a.txt")
    assert time.monotonic() - started < 0.5


def test_a_picture_far_over_the_limit_is_too_large_and_not_damaged() -> None:
    with pytest.raises(ReadError) as caught:
        read_document(Source("a.png", vast_picture(), "picture"), ONE)
    assert caught.value.kind == "too_large"


def test_a_fault_of_ours_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = reading.read_report

    def faulty(sources: list[Source], options: Settings) -> object:
        if sources[0].file == "b.txt":
            raise ZeroDivisionError("made for this test")
        return whole(sources, options)

    monkeypatch.setattr(reading, "read_report", faulty)
    for name, year in (("a.txt", 2021), ("b.txt", 2022), ("c.txt", 2023)):
        (tmp_path / name).write_bytes(report_text(year=year))
    summary = extract.read_archive(tmp_path, tmp_path / "out", ONE)
    assert [row["file"] for row in rows(tmp_path / "out" / "reports.csv")] == ["a.txt", "c.txt"]
    (crash,) = [row for row in rows(tmp_path / "out" / "problems.csv") if row["kind"] == "crashed"]
    assert crash["file"] == "b.txt" and "ZeroDivisionError: made for this test" in crash["message"]
    assert summary.problems["crashed"] == 1 and summary.done == summary.files == 3


def test_a_worker_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    shutil.copy(FILES / "扫描" / "灰度.pdf", tmp_path / "a.pdf")
    started = time.monotonic()
    extract.read_archive(tmp_path, tmp_path / "out", Settings(workers=2, timeout=0.3))
    assert [row["kind"] for row in rows(tmp_path / "out" / "problems.csv")] == ["timeout"]
    assert rows(tmp_path / "out" / "reports.csv") == [] and time.monotonic() - started < 30


def test_limits_of_the_settings_hold() -> None:
    pdf = FPDF()
    for _ in range(3):
        pdf.add_page()
    image = io.BytesIO()
    Image.new("L", (100, 100), "white").save(image, "png")
    for data, limit in (
        (bytes(pdf.output()), Settings(max_pages=2)),
        (image.getvalue(), Settings(max_pixels=9_999)),
        (report_text(), Settings(max_bytes=100)),
    ):
        with pytest.raises(ReadError) as caught:
            read_document(Source("a", data, kind_of(data)), limit)
        assert caught.value.kind == "too_large"


SMALL = {"docx": word(["年报"], [["1", "2"]]), "html": page(["年报"]), "txt": report_text()}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_no_bytes_make_a_reader_raise_anything_but_read_errors(form: str, data: st.DataObject) -> None:
    whole = bytearray(SMALL[form])
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    try:
        read_document(Source("a", cut, form), ONE)
    except ReadError as error:
        assert error.kind in catalogue()
