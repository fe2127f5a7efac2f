"""From folders and zips to the files of each report: found in order, told by content, grouped by name."""

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from extract.archive import extract_member, members
from extract.errors import InputNotFoundError, ReadError
from extract.find import Found, find, load
from extract.group import group
from extract.kinds import decode, kind_of
from extract.model import Problem
from extract.settings import Settings

SETTINGS = Settings()
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def names(*archives: Path) -> list[str]:
    return [item.file for item in find(archives, SETTINGS)]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"), (b" \r\n\t\x00", "empty"), (zipped(), "empty"), (b"%PDF-1.4\n", "pdf"), (b"junk\n%PDF-1.4\n", "pdf"),
        (PNG, "picture"), (b"\xff\xd8\xff\xe0 jpeg", "picture"), (b"GIF89a", "picture"), (b"RIFF0000WEBPVP8 ", "picture"),
        (zipped(("word/document.xml", b"<w/>")), "docx"), (zipped(("xl/workbook.xml", b"<x/>")), "xlsx"),
        (zipped(("OFD.xml", b"<o/>")), "ofd"), (zipped(("a.txt", b"a")), "zip"), (b"{\\rtf1", "rtf"), (b"Rar!\x1a\x07", "rar"),
        ("<html><body>年报</body></html>".encode("gbk"), "html"), ("二〇二四年年报".encode(), "txt"),
        (bytes(range(256)) * 4, "unknown"),
    ],
)  # fmt: skip
def test_kinds_are_told_by_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_is_decoded_whatever_its_encoding(encoding: str) -> None:
    text = "政府信息公开工作年度报告：新收申请３件"
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


def test_files_come_in_order_and_litter_does_not(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.txt", "~$a.docx", ".DS_Store", "__MACOSX/x.txt", "c/Thumbs.db"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("年报", encoding="utf-8")
    assert names(tmp_path) == ["a.txt", "b/10.txt", "b/2.txt"]


class GbkName(zipfile.ZipInfo):
    """A member as Chinese systems write it: its name in GBK, without the flag for UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_zips_in_zips_and_names_in_gbk(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(GbkName("甲局.txt"), "年报")
        archive.writestr("in.zip", zipped(("乙/丙.txt", "年报".encode())))
    (tmp_path / "外.zip").write_bytes(buffer.getvalue())
    assert names(tmp_path) == ["外.zip!in.zip!乙/丙.txt", "外.zip!甲局.txt"]


def test_names_that_lead_out_of_a_zip_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(
        zipped(("../../etc/escaped.txt", b"a"), ("C:\\y.txt", b"b"), ("/z.txt", b"c"))
    )
    assert sorted(names(tmp_path)) == ["a.zip!C/y.txt", "a.zip!etc/escaped.txt", "a.zip!z.txt"]
    assert [p.name for p in tmp_path.parent.glob("**/escaped.txt")] == []


def test_a_bomb_is_refused() -> None:
    data = zipped(("a.bin", b"\0" * 30_000_000))
    (member,) = members(data)
    with pytest.raises(ReadError) as caught:
        extract_member(data, member.index, SETTINGS)
    assert caught.value.kind == "too_large"


def test_zips_too_deep_are_a_problem(tmp_path: Path) -> None:
    data = zipped(("a.txt", "年报".encode()))
    for _ in range(6):
        data = zipped(("z.zip", data))
    (tmp_path / "a.zip").write_bytes(data)
    (problem,) = find([tmp_path], SETTINGS)
    assert isinstance(problem, Problem) and problem.kind == "too_large"


def test_what_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError, match="does not exist"):
        list(find([tmp_path / "no"], SETTINGS))


@pytest.mark.skipif(sys.platform == "win32", reason="names of this kind need a POSIX file system")
@pytest.mark.parametrize("name", [b"a\nb.txt", b"q'\".txt", "\u202ecod.txt".encode(), b"\xff\xfe.txt"])
def test_odd_names_are_read_and_can_be_written_down(tmp_path: Path, name: bytes) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    try:
        Path(os.fsdecode(path)).write_text("年报", encoding="utf-8")
    except OSError:
        pytest.skip("this file system does not take the name")
    (found,) = find([tmp_path], SETTINGS)
    assert isinstance(found, Found)
    found.file.encode("utf-8")
    assert load(found, SETTINGS).data == "年报".encode()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "out.txt"
    outside.write_text("x", encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.txt").symlink_to(outside)
    assert names(tmp_path / "in") == []


def test_a_neighbour_is_never_outside_the_archive(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "图 1.png").write_bytes(PNG)
    (tmp_path / "in" / "a.html").write_text("<html></html>", encoding="utf-8")
    page = next(f for f in find([tmp_path / "in"], SETTINGS) if isinstance(f, Found) and f.file == "a.html")
    source = load(page, SETTINGS)
    assert source.neighbour("%E5%9B%BE%201.png?x=1") == PNG
    for reference in (
        "../secret.png",
        str(tmp_path / "secret.png"),
        "http://x.example/secret.png",
        "",
        "nul",
    ):
        assert source.neighbour(reference) is None


@pytest.mark.parametrize(
    ("files", "groups"),
    [
        (["甲局2023.docx", "甲局2023.pdf"], 2),
        (["甲局2023年报_1.png", "甲局2023年报_2.png", "甲局2023年报_3.png"], 1),
        (["甲局2023.docx", "乙局2023.docx"], 2),
        (["甲局/报告.docx", "甲局/附件1.png", "甲局/附件2.png"], 1),
        (["杂项/1.png", "杂项/2.png"], 2),
        (["甲局2022年报.docx", "甲局2023年报.docx"], 2),
        (["甲局2023(1).png", "甲局2023(2).png"], 1),
    ],
)
def test_files_are_joined_only_where_names_say_so(files: list[str], groups: int) -> None:
    assert len(group([Found(f, f, ".") for f in files])) == groups


def test_the_pictures_of_a_saved_page_belong_to_it() -> None:
    (one,) = group(
        [Found(f, f, ".") for f in ("甲局2023.html", "甲局2023_files/a.png", "甲局2023_files/b.css")]
    )
    assert len(one.files) == 1 and len(one.assets) == 2
