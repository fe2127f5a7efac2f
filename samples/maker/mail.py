"""Saved pages in one file (.mht) and e-mails with files attached (.eml), as programs write them."""

from __future__ import annotations

import base64
import mimetypes
import quopri
from email.message import EmailMessage
from email.policy import SMTP
from random import Random
from urllib.parse import quote

_BOUNDARY = "----=_NextPart_000_0000_01D00000.00000000"
_SITE = "http://www.qinghe.example/zwgk/"


def write_mht(files: dict[str, bytes], rng: Random) -> bytes:
    """Return a page and the pictures beside it as one saved page; the first file is the page."""
    (page_name, page), *others = files.items()
    charset = "gb2312" if b'charset="gb' in page[:600] else "utf-8"
    parts = [_part(f"text/html; charset={charset}", _SITE + "page.html", page)]
    folder = page_name.rsplit("/", 1)[0] + "/" if "/" in page_name else ""
    for name, data in others:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        parts.append(_part(kind, _SITE + quote(name.removeprefix(folder)), data))
    if rng.random() < 0.5:
        head = (
            "From: <Saved by Blink>\r\nSnapshot-Content-Location: " + _SITE + "page.html\r\nSubject: page\r\n"
        )
    else:
        head = 'From: "Saved by Internet Explorer 11"\r\nSubject: page\r\nDate: Mon, 16 Jan 2023 10:00:00 +0800\r\n'
    head += f'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{_BOUNDARY}"\r\n\r\n'
    body = "".join(f"--{_BOUNDARY}\r\n{part}\r\n" for part in parts)
    return (head + body + f"--{_BOUNDARY}--\r\n").encode("ascii")


def _part(kind: str, location: str, data: bytes) -> str:
    if kind.startswith("text/"):
        return (
            f"Content-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: {location}\r\n\r\n"
            + quopri.encodestring(data).decode("ascii")
        )
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Location: {location}\r\n\r\n"
        + base64.encodebytes(data).decode("ascii")
    )


def write_eml(files: dict[str, bytes]) -> bytes:
    """Return an e-mail that carries the files."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "zwgk@qinghe.example"
    message["To"] = "xxgk@mochuan.example"
    message["Subject"] = "报送政府信息公开工作年度报告"
    message["Date"] = "Mon, 16 Jan 2023 10:00:00 +0800"
    message.set_content("现将本单位年度报告随信报上，请查收。\n", charset="utf-8")
    for name, data in files.items():
        kind, _, sub = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(data, maintype=kind, subtype=sub, filename=name)
    message.set_boundary(_BOUNDARY)
    return message.as_bytes()
