"""An archive made to do harm, read as a whole in workers: it ends, all of it is accounted for, nothing gets out."""

import io
import os
import socket
import stat
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import extract
from archives import page, report_text, rows, word, zipped
from extract.finish import Summary
from extract.settings import Settings

SECRET = "this stands in a file outside"
LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def with_part(docx: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    return zipped(*(members | {name: data}).items())


def text_of(body: str, entities: str = "") -> bytes:
    """A Word file whose document is XML of our own."""
    document = f"<?xml version='1.0'?>{entities}<w:document {W}><w:body>{body}</w:body></w:document>"
    return with_part(word(["年报"]), "word/document.xml", document.encode())


def nested(levels: int, width: int) -> bytes:
    """Zips in zips, each with as many as the one before: width to the power of levels files of a megabyte of zeros."""
    data = b"\0" * 1_000_000
    name = "a.txt"
    for _ in range(levels):
        data = zipped(*((f"{i}{name}", data) for i in range(width)))
        name = ".zip"
    return data


def linked(target: str) -> bytes:
    """A zip with a symbolic link in it."""
    info = zipfile.ZipInfo("link.txt")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, target.encode()))


def many_entries(count: int) -> bytes:
    """A zip that lists a great number of empty files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for index in range(count):
            archive.writestr(zipfile.ZipInfo(f"{index}.txt"), b"")
    return buffer.getvalue()


def pdf(objects: list[bytes], root: int = 1) -> bytes:
    """A PDF of some objects, numbered from 1."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        root,
        start,
    )


def picture(width: int, height: int) -> bytes:
    """A PNG that claims a size."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 9)), (b"IEND", b""))
    packed = (len(d).to_bytes(4, "big") + n + d + zlib.crc32(n + d).to_bytes(4, "big") for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def hostile(secret: Path, address: str) -> dict[str, bytes]:
    """The files, by name."""
    outside = f"<!DOCTYPE d [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"
    bomb = f"<!DOCTYPE d [<!ENTITY a0 'ha'>{LAUGHS}]>"
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" TargetMode="External" '
        f'Target="{address}/t.dotm"/><Relationship Id="rId2" TargetMode="External" Target="{address}/1.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
    )
    kids = b" ".join(b"3 0 R" for _ in range(1_000_000))
    million_cells = b"<table>" + b"<tr>" + b"<td>1" * 100 + b"</tr>"
    return {
        "bomb.zip": zipped(("a.txt", b"\0" * 300_000_000)),
        "nested bomb.zip": nested(3, 12),
        "deep.zip": nested(7, 1),
        "many.zip": many_entries(21_000),
        "link.zip": linked(str(secret)),
        "names.zip": zipped(("../../escaped.txt", report_text("岚汀市子局")), ("/tmp/escaped.txt", report_text("岚汀市丑局"))),
        "laughs.docx": text_of("<w:p><w:r><w:t>年报&a11;</w:t></w:r></w:p>", bomb),
        "outside.docx": text_of("<w:p><w:r><w:t>年报&x;</w:t></w:r></w:p>", outside),
        "template.docx": with_part(word(["年报"]), "word/_rels/document.xml.rels", relation.encode()),
        "deep.docx": text_of("<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000),
        "long.docx": text_of("<w:p><w:r><w:t>年</w:t></w:r></w:p>" * 200_000),
        "loop.pdf": pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]/Parent 2 0 R>>"]),
        "pages.pdf": pdf([
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1000000/Kids[" + kids + b"]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        ]),
        "huge page.pdf": pdf([
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9999999 9999999]>>",
        ]),
        "self.pdf": pdf([
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>>>",
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 5>>stream\n/X Do\nendstream",
        ]),
        "vast.png": picture(31_623, 31_623),
        "long.png": picture(1, 1_000_000_000),
        "cells.html": page(["年报"]) + million_cells * 10_000,
        "span.html": page(["年报"]) + b"<table><tr><td rowspan=1000000000 colspan=1000000000>1" + b"<tr><td>2" * 3000,
        "far.html": page([f'年报<img src="{address}/1.png" width=500><script src="{address}/a.js"></script>']),
    }  # fmt: skip


ODD = [
    b"a\nb.txt",
    b"q'\"`$(x).txt",
    "\u202ecod.txt".encode(),
    b"\xff\xfe\xfd.txt",
    b"=1+1.txt",
    b"-rf.txt",
    b"<script>.txt",
]


@pytest.fixture(scope="module")
def heard() -> Iterator[tuple[str, list[object]]]:
    """A server that waits for whoever a report may send to it."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    calls.append(server.accept()[0].close())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, heard: tuple[str, list[object]]
) -> tuple[Path, Summary, float]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    for name, data in hostile(folder / "secret.txt", heard[0]).items():
        (folder / "in" / name).write_bytes(data)
    for index, name in enumerate(ODD):
        path = os.fsencode(folder / "in") + b"/" + name
        try:
            Path(os.fsdecode(path)).write_bytes(report_text(f"岚汀市第{index}局"))
        except OSError:
            continue  # a file system that does not take the name
    started = time.monotonic()
    summary = extract.read_archive(
        folder / "in",
        folder / "out",
        Settings(workers=2, timeout=10, memory=1_000_000_000, max_zip_members=20_000),
    )
    return folder, summary, time.monotonic() - started


@pytest.mark.skipif(sys.platform == "win32", reason="names of this kind need a POSIX file system")
def test_every_file_is_a_report_or_a_problem(run: tuple[Path, Summary, float]) -> None:
    folder, summary, seconds = run
    named = {row["file"] for name in ("reports", "problems") for row in rows(folder / "out" / f"{name}.csv")}
    there = {os.fsencode(path.name).decode("utf-8", "backslashreplace") for path in (folder / "in").iterdir()}
    shown = {
        name.lstrip("'").split("!")[0] for name in named
    }  # a `'` keeps a spreadsheet from running a name
    assert there - shown == set()
    assert summary.done == summary.files and seconds < 120
    read = {row["file"] for row in rows(folder / "out" / "reports.csv")}
    assert len(read) == len(ODD) + 2 and "a\nb.txt" in read and "names.zip!escaped.txt" in read


@pytest.mark.parametrize(
    ("file", "kinds"),
    [
        ("bomb.zip!a.txt", {"too_large"}), ("deep.zip", {"too_large"}), ("many.zip", {"too_large"}), ("vast.png", {"too_large"}),
        ("long.png", {"too_large"}), ("laughs.docx", {"damaged", "not_a_report"}), ("pages.pdf", {"too_large"}),
        ("huge page.pdf", {"not_a_report", "page_unreadable", "damaged"}), ("far.html", {"not_a_report"}),
    ],
)  # fmt: skip
def test_what_is_said_of_each(run: tuple[Path, Summary, float], file: str, kinds: set[str]) -> None:
    found = {row["kind"] for row in rows(run[0] / "out" / "problems.csv") if row["file"].startswith(file)}
    assert found & kinds, found


def test_nothing_gets_in_and_nothing_gets_out(
    run: tuple[Path, Summary, float], heard: tuple[str, list[object]]
) -> None:
    folder, _, _ = run
    assert heard[1] == []
    assert sorted(path.name for path in folder.iterdir()) == ["in", "out", "secret.txt"]
    assert not Path("/tmp/escaped.txt").exists() and not (folder / "out" / ".work").exists()
    for path in (folder / "out").glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert SECRET not in text and "hahaha" not in text


def test_names_are_no_formulas(run: tuple[Path, Summary, float]) -> None:
    for path in (run[0] / "out").glob("*.csv"):
        for row in rows(path):
            assert not [text for text in row.values() if text[:1] in {"=", "@", "\t", "\r"}]
