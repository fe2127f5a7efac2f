"""E-mail messages and saved pages (.eml, .mht): their parts, by the standard library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default

from extract.errors import ReadError

_HEADERS = re.compile(
    rb"^(?:MIME-Version|Content-Type|From|To|Subject|Received|Date|Snapshot-Content-Location):", re.I | re.M
)
_SAVED = re.compile(r"<?saved by", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message: its type (text/html), its bytes decoded, its file name, address and identifier, or empty texts."""

    type: str
    data: bytes
    name: str
    location: str
    identifier: str
    attached: bool
    charset: str


def looks_like_mail(data: bytes) -> bool:
    """Tell the beginning of a message: it opens with headers, at least two of them known."""
    head = data[:8192].lstrip(b"\xef\xbb\xbf\r\n ").replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    first = head.split(b"\n", 1)[0]
    return re.match(rb"[A-Za-z][A-Za-z0-9-]*:", first) is not None and len(_HEADERS.findall(head)) >= 2


def is_container(data: bytes) -> bool:
    """Tell a message that carries files from a saved page or a message that only says something."""
    message = _message(data)
    if _SAVED.match(str(message.get("From", ""))) or message.get("Snapshot-Content-Location"):
        return False
    return any(part.attached and part.name for part in parts(data))


def parts(data: bytes) -> Iterator[Part]:
    """Yield the parts of a message that hold something, in order. Raises ReadError for one that is damaged."""
    for part in _message(data).walk():
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            body: object = (
                inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
            )
        else:
            body = part.get_payload(decode=True)
        if isinstance(body, bytes) and body:
            yield Part(
                part.get_content_type(),
                body,
                part.get_filename() or "",
                str(part.get("Content-Location", "")).strip(),
                str(part.get("Content-ID", "")).strip().strip("<>"),
                part.get_content_disposition() == "attachment"
                or bool(part.get_filename() and not part.get("Content-ID")),
                part.get_content_charset() or "",
            )


def attachments(data: bytes) -> list[Part]:
    """Return the files that a message carries, in order."""
    return [part for part in parts(data) if part.attached and part.name]


def _message(data: bytes) -> EmailMessage:
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n "), policy=default)
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise ReadError("damaged", f"{error}"[:200]) from error
    return message
