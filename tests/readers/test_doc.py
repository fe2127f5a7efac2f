"""Legacy Word files: text, tables back on their grids, pictures in order."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from PIL import Image

from extract.errors import ReadError
from extract.mapping import map_tables
from extract.model import Document, Picture, Source, Table, Text
from extract.readers import doc, docx, office
from extract.readers.doc_floating import floating_offsets
from extract.readers.doc_grid import grid_of_rows
from extract.readers.doc_pictures import Pictures, _blips, _decoded
from extract.settings import Settings

_SAMPLES = Path(__file__).parents[2] / "samples" / "files"
_SETTINGS = Settings()
_FIB = b"\xec\xa5"
needs_office = pytest.mark.skipif(not office.program(), reason="LibreOffice is not installed")


def sample(name: str = "doc/旧版Word.doc") -> bytes:
    return (_SAMPLES / name).read_bytes()


def read_bytes(data: bytes) -> Document:
    return doc.read(Source("a.doc", data, "doc"), _SETTINGS)


def changed_header(at: int, value: int) -> bytes:
    """The sample with one byte of its file information block changed."""
    data = bytearray(sample())
    data[next(i for i in range(512, len(data), 64) if data.startswith(_FIB, i)) + at] = value
    return bytes(data)


@pytest.mark.parametrize("name", ["doc/旧版Word.doc", "doc/旧版Word旧表.doc"])
def test_samples(name: str) -> None:
    document = read_bytes(sample(name))
    tables = [b for b in document.blocks if isinstance(b, Table)]
    assert document.kind == "doc" and document.problems == ()
    assert [t.source for t in tables] == ["doc"] * 3 and [t.n_columns for t in tables] == [4, 10, 15]
    assert isinstance(document.blocks[0], Text) and "年度报告" in document.blocks[0].text
    assert map_tables(tables).edition is not None


def test_locked() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(changed_header(11, 0x13))
    assert caught.value.kind == "encrypted"


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), sample()[:5000]])
def test_damaged(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data)
    assert caught.value.kind == "damaged"


def _no_text(_: bytes) -> None:
    raise ReadError("damaged", "as if")


def test_without_office_a_file_that_tika_cannot_read_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc, "_xhtml", _no_text)
    monkeypatch.setattr(office, "program", lambda: "")
    with pytest.raises(ReadError, match="as if"):
        read_bytes(sample())
    with pytest.raises(ReadError, match="missing_program"):
        office.docx_of(b"")


def test_word_95_goes_to_office_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tika gives its text without tables."""
    monkeypatch.setattr(office, "program", lambda: "soffice")
    monkeypatch.setattr(office, "docx_of", lambda data, timeout: sample("docx/官方格式.docx"))
    document = read_bytes(changed_header(2, 0x68))
    assert document.kind == "doc" and {b.source for b in document.blocks if isinstance(b, Table)} == {"doc"}


@needs_office
def test_office_reads_what_tika_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc, "_xhtml", _no_text)
    document = read_bytes(sample())
    tables = [b for b in document.blocks if isinstance(b, Table)]
    assert document.kind == "doc" and [t.source for t in tables] == ["doc"] * 3


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
@pytest.mark.parametrize(("script", "kind"), [("sleep 60", "timeout"), ("exit 1", "damaged")])
def test_office_that_hangs_or_fails(
    script: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "soffice"
    stand_in.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(stand_in))
    with pytest.raises(ReadError) as caught:
        office.docx_of(b"", timeout=0.3)
    assert caught.value.kind == kind


@needs_office
@pytest.mark.parametrize("name", ["嵌入png", "浮动jpeg", "嵌入emf"])
def test_pictures_stand_where_they_belong(name: str, tmp_path: Path) -> None:
    """Converted here from the docx samples; LibreOffice stores floating pictures last one first."""
    source = tmp_path / "in.docx"
    shutil.copy(_SAMPLES / "docx图片" / f"{name}.docx", source)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office.program(), profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    document = read_bytes((tmp_path / "in.doc").read_bytes())
    pictures = [b for b in document.blocks if isinstance(b, Picture)]
    expected = [b for b in _docx(name).blocks if isinstance(b, Picture)]
    assert document.problems == ()
    assert [_size(b.data) for b in pictures] == [_size(b.data) for b in expected]
    assert isinstance(document.blocks[-1], Text)


def _docx(name: str) -> Document:
    return docx.read(Source("a.docx", sample(f"docx图片/{name}.docx"), "docx"), _SETTINGS)


def _size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def test_marks_take_pictures_of_their_kind_and_the_rest_comes_last() -> None:
    marks = [Picture("embedded:image1.jpg", b""), Text("文"), Picture("embedded:image2.png", b""), Text("后")]
    inline, floating = Picture("inline-1.png", b"i"), Picture("floating-1.jpeg", b"f")
    more = Picture("floating-2.gif", b"g")
    placed = doc._with_pictures(marks, Pictures((inline,), (floating, more)))
    assert placed == [floating, Text("文"), inline, Text("后"), more]
    assert doc._with_pictures([*marks[:2], marks[2]], Pictures()) == marks[:2]


def blip(kind: int, instance: int, payload: bytes) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, 16 + len(payload)) + bytes(16) + payload


def test_blip_records() -> None:
    stream = b"noise" + blip(0xF01E, 0x6E0, b"\xffPNG") + b"..\x1e\xf0.." + blip(0xF01D, 0x46A, b"\xffJPG")
    assert [(kind, payload) for _, kind, payload in _blips(stream)] == [
        ("png", b"\xffPNG"),
        ("jpeg", b"\xffJPG"),
    ]
    two = struct.pack("<HHI", 0x6E1 << 4, 0xF01E, 33 + 3) + bytes(32) + b"\xffPNG"
    assert [payload for *_, payload in _blips(two)] == [b"\xffPNG"]
    assert _decoded("png", b"\xffPNG", _SETTINGS) == b"PNG"


def test_blips_that_hold_no_bitmap_or_are_damaged() -> None:
    head = bytes(32) + b"\x00\xfe"
    assert _decoded("emf", head + zlib.compress(b"lines only"), _SETTINGS) == b""
    assert _decoded("emf", head + b"not deflated", _SETTINGS) == b""
    assert _decoded("wmf", b"", _SETTINGS) == b"" and _decoded("dib", b"\xff", _SETTINGS) == b""


def record(kind: int, body: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHI", version, kind, len(body)) + body


def test_floating_pictures_follow_their_anchors() -> None:
    """Two shapes anchored second, first; between the lists stands the byte that Word puts there."""
    entries = b"".join(record(0xF007, bytes(28) + struct.pack("<I", at) + bytes(4)) for at in (100, 200))

    def shape(identifier: int, picture: int) -> bytes:
        properties = record(0xF00B, struct.pack("<HI", 0x4104, picture), 1 << 4)
        return record(0xF004, record(0xF00A, struct.pack("<II", identifier, 0)) + properties, 0xF)

    drawings = record(0xF000, entries, 0xF) + b"\x00" + record(0xF002, shape(11, 1) + shape(12, 2), 0xF)
    anchors = (
        struct.pack("<III", 5, 9, 20) + struct.pack("<I", 12) + bytes(22) + struct.pack("<I", 11) + bytes(22)
    )
    main = bytearray(0x300)
    struct.pack_into("<II", main, 0x022A, 0, len(drawings))
    struct.pack_into("<II", main, 0x01DA, len(drawings), len(anchors))
    assert floating_offsets(bytes(main), drawings + anchors) == [200, 100]
    assert floating_offsets(b"", b"") == []


def test_rows_back_on_a_grid() -> None:
    table = grid_of_rows(
        [["头", "申请人情况"], ["", "自然人", "总计"], ["一、新收", "1", "2"], ["二、结转", "3", "4"]]
    )
    assert table.n_columns == 3
    assert [(c.row_span, c.column_span) for c in table.cells if c.row == 0] == [(2, 1), (1, 2)]
    assert [c.text for c in table.cells if c.row == 3] == ["二、结转", "3", "4"]


def test_labels_at_the_left_reach_down_but_blank_values_do_not() -> None:
    rows = [["组", "甲", "1"], ["", "乙", "2"], ["", "", "3"]]
    spans = [(c.text, c.row_span) for c in grid_of_rows(rows).cells]
    assert spans == [("组", 2), ("甲", 1), ("1", 1), ("乙", 1), ("2", 1), ("", 1), ("", 1), ("3", 1)]
