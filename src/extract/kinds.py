"""What kind of file some bytes are, told by their content; a name's ending decides nothing."""

from __future__ import annotations

import io
import re
import zipfile

import olefile
from charset_normalizer import from_bytes

from extract.errors import ReadError
from extract.mail import is_container, looks_like_mail

_SIGNATURES = (
    (b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"II*\x00", "picture"), (b"MM\x00*", "picture"), (b"{\\rtf", "rtf"), (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"),
)  # fmt: skip
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|p|meta|td|span)\b", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)


def kind_of(data: bytes) -> str:
    """Return the kind of a document (docx, doc, pdf, html, picture, txt, rtf, xlsx, xls, ofd, mht) or container (zip, eml, 7z).

    Else empty, encrypted, or a kind that is not read: rar, gzip, ole, unknown. The .wps of WPS is doc or docx inside.
    """
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return "empty"
    head = data[:1024]
    signed = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), "")
    if signed or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or _is_bmp(data):
        return signed or "picture"
    if head[:2] == b"PK":
        return _zip_kind(data)
    if head.startswith(olefile.MAGIC):
        return _ole_kind(data)
    return "pdf" if b"%PDF-" in head else _text_kind(data)


def _is_bmp(data: bytes) -> bool:
    return (
        data[:2] == b"BM"
        and len(data) > 30
        and int.from_bytes(data[14:18], "little") in {12, 40, 52, 56, 108, 124}
    )


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "docx" if b"word/" in data[:4096] else "zip"
    if not names:
        return "empty"
    for name, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd")):
        if name in names:
            return kind
    return "docx" if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names) else "zip"


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(data) as ole:
            streams = {"/".join(path) for path in ole.listdir()}
    except (OSError, ValueError, IndexError):
        return "doc"
    if "EncryptedPackage" in streams:
        return "encrypted"
    if "WordDocument" in streams:
        return "doc"
    return "xls" if streams & {"Workbook", "Book"} else "ole"


def _text_kind(data: bytes) -> str:
    text = decode(data[:20_000])
    if len(data) < 20_000 and not text.strip("\ufeff\u200b\x00 \t\r\n\u3000\xa0"):
        return "empty"
    controls = sum(1 for c in text[:4000] if ord(c) < 32 and c not in "\t\r\n\f\x0b\x1a")
    if controls > 0.02 * min(len(text), 4000) or text.count("\ufffd") > 0.05 * len(text):
        return "unknown"
    if looks_like_mail(data):
        return _mail_kind(data)
    return "html" if _HTML.search(text[:8000]) or _HTML.search(text) else "txt"


def _mail_kind(data: bytes) -> str:
    try:
        return "eml" if is_container(data) else "mht"
    except ReadError:
        return "mht"


def decode(data: bytes) -> str:
    """Return the text of some bytes: by byte order mark, by what a page says of itself, then by detection.

    GB2312 and GBK are read as GB18030, which holds both. Never raises: bytes that fit no encoding become U+FFFD.
    """
    for bom, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(bom):
            return data.decode(name, errors="replace")
    stated = _META.search(data[:4096])
    names = [stated[1].decode("ascii").lower()] if stated else []
    for name in (*names, "utf-8", "gb18030"):
        try:
            return _whole(data, "gb18030" if name in {"gb2312", "gbk", "gb_2312-80", "x-gbk"} else name)
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(data[:50_000]).best()
    return data.decode(best.encoding if best else "gb18030", errors="replace")


def _whole(data: bytes, name: str) -> str:
    """Decode strictly, but forgive a character that the end of the bytes cuts in two."""
    for cut in range(4):
        try:
            return data[: len(data) - cut].decode(name)
        except UnicodeDecodeError as error:
            if error.start < len(data) - 4 or cut == 3:
                raise
    raise LookupError(name)
