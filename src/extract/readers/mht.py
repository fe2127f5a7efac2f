"""Saved pages in one file (.mht, .mhtml) and messages without attachments: the page, with its pictures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urljoin

from extract.errors import ReadError
from extract.kinds import decode
from extract.mail import Part, parts
from extract.model import Document, Source
from extract.readers import html, text
from extract.settings import Settings


def read(source: Source, settings: Settings) -> Document:
    """Read the first page, or else the first text, of a message. Raises ReadError: damaged, empty."""
    found = list(parts(source.data))
    if sum(len(part.data) for part in found) > settings.max_bytes:
        raise ReadError("too_large", "The parts of the message.")
    page = next((part for part in found if part.type == "text/html"), None)
    if page is not None:
        inner = Source(source.file, _utf8(page), "html", _Beside(page, found))
        return replace(html.read(inner, settings), kind=source.kind)
    plain = next((part for part in found if part.type == "text/plain"), None)
    if plain is None:
        raise ReadError("empty", "The message holds no page and no text.")
    return replace(text.read(Source(source.file, _utf8(plain), "txt"), settings), kind=source.kind)


def _utf8(part: Part) -> bytes:
    """Return the text of a part in UTF-8 with its mark, which every reader believes first."""
    try:
        words = part.data.decode(part.charset) if part.charset else decode(part.data)
    except (LookupError, UnicodeDecodeError):
        words = decode(part.data)
    return words.encode("utf-8-sig", "replace")


class _Beside:
    """Finds the parts that a page names: by address, as it stands or relative to the page's, or by identifier."""

    def __init__(self, page: Part, found: Sequence[Part]) -> None:
        self._base = page.location
        self._by_name = {unquote(part.location): part.data for part in found if part.location}
        self._by_name |= {f"cid:{part.identifier}": part.data for part in found if part.identifier}

    def __call__(self, name: str) -> bytes | None:
        """Return the bytes of a part, or None where the message holds none of this name."""
        plain = unquote(name)
        return self._by_name.get(plain) or self._by_name.get(urljoin(unquote(self._base), plain))
