"""The inside of zip files and of what can be made one, read in memory within limits; nothing is ever unpacked to disk."""

from __future__ import annotations

import contextlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from extract.errors import ReadError
from extract.settings import Settings

_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a zip: its name for people (`/` between folders, no `..`), its index, its size unpacked."""

    name: str
    index: int
    size: int


def members(data: bytes | zipfile.ZipFile) -> Iterator[Member]:
    """List the files of a zip in the order of its directory. Raises ReadError for one that is damaged.

    A link or a device that a zip holds is listed like a file: its bytes are what the zip stores, nothing is followed.
    """
    with _kept(data) as archive:
        for index, info in enumerate(archive.infolist()):
            if not info.is_dir():
                yield Member(_safe(_name(info)), index, info.file_size)


def extract_member(data: bytes | zipfile.ZipFile, index: int, settings: Settings) -> bytes:
    """Return the bytes of a member. Raises ReadError: encrypted, too_large (also for bombs), damaged."""
    with _kept(data) as archive:
        info = archive.infolist()[index]
        if info.flag_bits & 0x1:
            raise ReadError("encrypted", "The zip has a password.")
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > settings.max_bytes or (
            info.file_size > 10_000_000 and ratio > settings.max_zip_ratio
        ):
            raise ReadError(
                "too_large", f"{info.file_size} bytes unpacked, {ratio:.0f} times its packed size."
            )
        try:
            with archive.open(info) as stream:
                return stream.read(settings.max_bytes + 1)[: settings.max_bytes]
        except (*_FAULTS, OSError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
            raise ReadError("damaged", f"In the zip: {error}") from error


@contextlib.contextmanager
def _kept(data: bytes | zipfile.ZipFile) -> Iterator[zipfile.ZipFile]:
    """Give an open zip; one that was given open stays so."""
    if isinstance(data, zipfile.ZipFile):
        yield data
        return
    with open_zip(io.BytesIO(data)) as archive:
        yield archive


def open_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip. Raises ReadError where its directory cannot be read."""
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ReadError("damaged", f"No zip directory: {error}") from error


def claimed_members(stream: IO[bytes]) -> int:
    """Return how many members a zip claims at its end, without reading its directory; 0 where it claims none.

    The end of a zip (APPNOTE 4.3.16) is 22 bytes and a comment of up to 65,535; from 65,535 members on the
    number stands in the 64-bit record, whose place is taken here as "very many".
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[at + 10 : at + 12], "little") if at >= 0 else 0


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag Chinese systems write GBK, which zipfile takes for CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _safe(name: str) -> str:
    """Return a name that points nowhere else: no drive, no root, no `..`."""
    parts = [p for p in name.replace("\\", "/").split("/") if p not in {"", ".", ".."}]
    return "/".join(p.rstrip(":") for p in parts) or "unnamed"
