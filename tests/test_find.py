"""Files of archives: order, names, zips in zips, and what may not harm a run. `test_archives.py` has the plain cases."""

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import zipped
from extract.archive import extract_member, members
from extract.errors import ReadError
from extract.find import Found, find, load
from extract.model import Problem
from extract.settings import Settings

TEXT = "年报".encode()
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def listed(*archives: Path, options: Settings | None = None) -> list[Found | Problem]:
    return list(find(archives, options or Settings()))


def names(*archives: Path) -> list[str]:
    return [item.file for item in listed(*archives)]


def kinds(*archives: Path, options: Settings | None = None) -> list[str]:
    return [item.kind for item in listed(*archives, options=options) if isinstance(item, Problem)]


def put(folder: Path, *files: str, data: bytes = TEXT) -> None:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(data)


def test_the_order_is_that_of_the_names_not_of_the_disk(tmp_path: Path) -> None:
    files = ["乙.txt", "甲.txt", "b/c/d.txt", "b/a.txt", "a/z.txt"]
    put(tmp_path / "one", *files)
    put(tmp_path / "two", *reversed(files))
    assert names(tmp_path / "one") == names(tmp_path / "two")
    assert sorted(names(tmp_path / "one")) == sorted(files)


def test_members_of_a_zip_are_sorted_too(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped(("b.txt", TEXT), ("a/b.txt", TEXT), ("a.txt", TEXT)))
    assert names(tmp_path) == ["z.zip!a.txt", "z.zip!a/b.txt", "z.zip!b.txt"]
    assert names(tmp_path / "z.zip") == names(tmp_path)


def test_litter_inside_a_zip_is_skipped(tmp_path: Path) -> None:
    litter = ("__MACOSX/._a.txt", "x/~$a.docx", "x/Thumbs.db", ".DS_Store", "._b.txt")
    (tmp_path / "z.zip").write_bytes(zipped(*((name, TEXT) for name in (*litter, "x/a.txt"))))
    assert names(tmp_path) == ["z.zip!x/a.txt"]


def test_folders_of_a_zip_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped(("甲局/", b""), ("甲局/a.txt", TEXT)))
    assert names(tmp_path) == ["z.zip!甲局/a.txt"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_found_and_read(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(
        zipped(("a.txt", b"first"), ("a.txt", b"second"), ("../a.txt", b"third"))
    )
    found = listed(tmp_path)
    assert len({item.file for item in found}) == 3
    assert {load(f, Settings()).data for f in found if isinstance(f, Found)} == {
        b"first",
        b"second",
        b"third",
    }


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../x.txt", "x.txt"), ("a/../../x.txt", "a/x.txt"), ("..\\..\\x.txt", "x.txt"), ("//host/x.txt", "host/x.txt"),
        ("D:/x.txt", "D/x.txt"), ("./x.txt", "x.txt"), ("..", "unnamed"),
    ],
)  # fmt: skip
def test_names_in_zips_in_zips_point_nowhere_else(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / "z.zip").write_bytes(zipped(("in.zip", zipped((name, TEXT)))))
    (found,) = listed(tmp_path)
    assert isinstance(found, Found) and found.file == f"z.zip!in.zip!{shown}"
    assert load(found, Settings()).data == TEXT


class Named(zipfile.ZipInfo):
    """A member whose name is given as bytes of some encoding, without the flag for UTF-8."""

    encoding = "gbk"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


class Utf8Named(Named):
    encoding = "utf-8"


@pytest.mark.parametrize("kind", [Named, Utf8Named, zipfile.ZipInfo])
@pytest.mark.parametrize("name", ["霁水市民政局/2023年报.txt", "誠信.txt", "plain.txt", "镕.txt"])
def test_chinese_names_of_every_zip_writer(kind: type[zipfile.ZipInfo], name: str) -> None:
    (member,) = members(zipped((kind(name), TEXT)))
    assert member.name == name


@POSIX
@pytest.mark.parametrize(
    "name", ["a\nb.txt", "a\"b'c.txt", "\u202ecod.txt", "a!b.txt", "a|b,c.txt", "=1+1.txt", " .txt"]
)
def test_odd_names_of_folders_files_and_members(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"d/{name}", f"{name}/x.txt")
    (tmp_path / "z.zip").write_bytes(zipped((name, TEXT)))
    found = [item for item in listed(tmp_path) if isinstance(item, Found)]
    assert sorted(f.file for f in found) == sorted([f"d/{name}", f"{name}/x.txt", f"z.zip!{name}"])
    assert {load(f, Settings()).data for f in found} == {TEXT}


@POSIX
def test_names_that_are_no_utf8_stay_apart_and_can_be_opened(tmp_path: Path) -> None:
    for name in (b"\xbc\xd7.txt", b"\xd2\xd2.txt"):
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
        except OSError:
            pytest.skip("this file system does not take the name")
    found = [item for item in listed(tmp_path) if isinstance(item, Found)]
    assert [f.file.encode("utf-8") for f in found] == [b"\\xbc\\xd7.txt", b"\\xd2\\xd2.txt"]
    assert [load(f, Settings()).data for f in found] == [b"\xbc\xd7.txt", b"\xd2\xd2.txt"]


@POSIX
def test_a_link_to_a_folder_above_is_no_endless_way(tmp_path: Path) -> None:
    put(tmp_path, "a/b.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    assert names(tmp_path) == ["a/b.txt"]


@POSIX
def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")  # opening it would wait for ever
    put(tmp_path, "a.txt")
    assert names(tmp_path) == ["a.txt"]


def test_a_zip_of_no_bytes_is_found_and_told_to_be_empty(tmp_path: Path) -> None:
    put(tmp_path, "a.zip", data=b"")
    (found,) = listed(tmp_path)
    assert isinstance(found, Found) and load(found, Settings()).kind == "empty"


def test_a_zip_without_its_directory_is_damaged(tmp_path: Path) -> None:
    whole = zipped(("a.txt", os.urandom(5000)))
    put(tmp_path, "a.zip", data=whole[:2000])
    put(tmp_path, "b.zip", data=zipped(("in.zip", whole[:2000])))
    assert [(item.file, getattr(item, "kind", "")) for item in listed(tmp_path)] == [
        ("a.zip", "damaged"),
        ("b.zip!in.zip", "damaged"),
    ]


def test_a_locked_zip_is_encrypted() -> None:
    data = bytearray(zipped(("a.txt", TEXT)))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1  # the flag of the member, and the same in the directory
    data[directory + 8] |= 1
    with pytest.raises(ReadError) as caught:
        extract_member(bytes(data), 0, Settings())
    assert caught.value.kind == "encrypted"


def test_zips_are_opened_to_the_depth_of_the_settings(tmp_path: Path) -> None:
    put(tmp_path, "a.zip", data=zipped(("b.zip", zipped(("c.zip", zipped(("x.txt", TEXT)))))))
    assert names(tmp_path) == ["a.zip!b.zip!c.zip!x.txt"]
    assert kinds(tmp_path) == []
    assert kinds(tmp_path, options=Settings(max_zip_depth=1)) == ["too_large"]


def test_a_bomb_beside_a_report_leaves_the_report(tmp_path: Path) -> None:
    put(tmp_path, "a.zip", data=zipped(("bomb.zip", b"PK" + b"\0" * 20_000_000), ("ok.txt", TEXT)))
    problem, found = listed(tmp_path)
    assert isinstance(problem, Problem) and (problem.file, problem.kind) == ("a.zip!bomb.zip", "too_large")
    assert isinstance(found, Found) and load(found, Settings()).data == TEXT


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_claims() -> None:
    data = bytearray(zipped(("a.bin", b"\0" * 1_000_000)))
    directory = data.index(b"PK\x01\x02")
    for at in (22, directory + 24):
        data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(ReadError) as caught:
        extract_member(bytes(data), 0, Settings())
    assert caught.value.kind == "damaged"


def test_files_over_the_limit_are_never_read(tmp_path: Path) -> None:
    put(tmp_path, "big.txt", data=b"x" * 1000)
    put(tmp_path, "z.zip", data=zipped(("big.txt", b"x" * 1000)))
    for found in listed(tmp_path):
        assert isinstance(found, Found)
        with pytest.raises(ReadError) as caught:
            load(found, Settings(max_bytes=500))
        assert caught.value.kind == "too_large"


def test_a_file_that_vanishes_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (found,) = listed(tmp_path)
    (tmp_path / "a.txt").unlink()
    assert isinstance(found, Found)
    with pytest.raises(ReadError):
        load(found, Settings())


def test_several_folders_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "x/年报/a.txt", "y/年报/a.txt")
    assert names(tmp_path / "x" / "年报", tmp_path / "y" / "年报") == ["年报/a.txt", "年报-2/a.txt"]


def test_several_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "x/a.txt", "y/a.txt")
    found = names(tmp_path / "x" / "a.txt", tmp_path / "y" / "a.txt")
    assert len(set(found)) == 2


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.txt", "locked/b.txt")
    scan = os.scandir

    def refused(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert any("locked" in name for name in names(tmp_path))


def test_a_saved_page_in_a_zip_has_its_pictures_and_no_others(tmp_path: Path) -> None:
    inner = zipped(("局/页.html", b"<html></html>"), ("局/页_files/1.png", b"one"), ("secret.png", b"s"))
    put(tmp_path, "z.zip", data=zipped(("in.zip", inner), ("outer.png", b"o")))
    html = next(f for f in listed(tmp_path) if isinstance(f, Found) and f.file.endswith(".html"))
    source = load(html, Settings())
    assert source.neighbour("页_files/1.png") == b"one"
    assert source.neighbour("./页_files\\1.png") == b"one"
    for reference in (
        "../../outer.png",
        "/secret.png",
        "file:///etc/passwd",
        "页_files/2.png",
        "http://a.example/1.png",
    ):
        assert source.neighbour(reference) is None


@POSIX
def test_a_neighbour_that_is_a_link_out_of_the_archive_is_not_given(tmp_path: Path) -> None:
    put(tmp_path, "secret.png", "in/a.html")
    (tmp_path / "in" / "1.png").symlink_to(tmp_path / "secret.png")
    (found,) = listed(tmp_path / "in")
    assert isinstance(found, Found)
    assert load(found, Settings()).neighbour("1.png") is None


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_no_bytes_of_a_zip_raise_anything_but_read_errors(data: st.DataObject) -> None:
    whole = bytearray(zipped(("甲.txt", TEXT * 9), ("b/c.txt", bytes(range(256)))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        for member in list(members(bytes(whole))):
            io.BytesIO(extract_member(bytes(whole), member.index, Settings()))
    except ReadError as error:
        assert error.kind in {"damaged", "encrypted", "too_large"}
