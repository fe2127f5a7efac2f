"""What a file is, told by its bytes alone; no bytes at all make it raise."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archives import page, word, zipped
from conftest import SAMPLES
from extract.kinds import decode, kind_of

KNOWN = {
    "docx", "doc", "pdf", "html", "picture", "txt", "zip", "empty", "encrypted",
    "xls", "xlsx", "rtf", "ofd", "mht", "eml", "rar", "7z", "gzip", "ole", "unknown",
}  # fmt: skip
FILES = SAMPLES / "files"


def image(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "bmp", "tiff", "webp"])
def test_pictures_of_every_encoding(kind: str) -> None:
    assert kind_of(image(kind)) == "picture"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("doc/旧版Word.doc", "doc"), ("后缀有误/其实是DOCX.pdf", "docx"), ("后缀有误/其实是PDF.doc", "pdf"),
        ("故障/加密.pdf", "pdf"), ("故障/空文件.docx", "empty"), ("故障/只有空白.txt", "empty"), ("故障/空压缩包.zip", "empty"),
        ("故障/录音.mp3", "unknown"), ("压缩包/报送材料.zip", "zip"), ("html/国标编码.html", "html"), ("文本/国标编码.txt", "txt"),
    ],
)  # fmt: skip
def test_samples_whatever_their_names_end_in(file: str, kind: str) -> None:
    assert kind_of((FILES / file).read_bytes()) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (word(["年报"]), "docx"), (word(["年报"])[:3000], "docx"), (zipped(("甲.docx", word(["年报"]))), "zip"),
        (page(["年报"]), "html"), ("<p>".encode("utf-16"), "html"), (b"\xef\xbb\xbf \r\n", "empty"), ("\u3000\n".encode(), "empty"),
        (b"PK\x03\x04 and no more", "zip"), (b"PK\x05\x06" + b"\0" * 18, "empty"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut", "doc"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "mht"), (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08", "gzip"), (b"0", "txt"), (b"BM is how a text may begin, without being a picture", "txt"),
    ],
)  # fmt: skip
def test_whole_and_cut_files(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"BM", b"RIFF"]),
)
def test_any_bytes_have_a_kind_and_a_text(data: bytes, start: bytes) -> None:
    assert kind_of(start + data) in KNOWN
    assert isinstance(decode(start + data), str)


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=20, max_size=60),
    st.integers(1, 3),
)
def test_a_character_cut_at_the_end_does_not_change_the_encoding(text: str, cut: int) -> None:
    assert decode(text.encode()[:-cut])[:-2] == text[: len(decode(text.encode()[:-cut])) - 2]


def test_a_page_is_read_in_the_encoding_it_states() -> None:
    text = '<meta charset="gb2312"><p>镕</p>'  # a character of GBK that GB2312 itself lacks
    assert decode(text.encode("gbk")) == text
