"""Containers that are no zips, as zips: the files that an e-mail carries, 7z archives. So all else need know only zips."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import lru_cache

from extract.errors import ReadError
from extract.mail import attachments, is_container, looks_like_mail
from extract.settings import Settings

_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
_MOST = Settings().max_bytes
_TIME = (1980, 1, 1, 0, 0, 0)


def may_be_container(head: bytes) -> bool:
    """Tell by its first bytes a file that has to be looked into: a zip, a 7z archive, a message."""
    return head.startswith((b"PK", _SEVEN_ZIP)) or looks_like_mail(head)


@lru_cache(maxsize=2)
def as_zip(data: bytes) -> bytes:
    """Return a container as the bytes of a zip; a zip as it is. Raises ReadError: damaged, encrypted, too_large, unsupported."""
    if data.startswith(_SEVEN_ZIP):
        return _packed(_seven_zip(data))
    if looks_like_mail(data) and is_container(data):
        return _packed((part.name, part.data) for part in attachments(data))
    return data


def _packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    seen: dict[str, int] = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            seen[name] = seen.get(name, 0) + 1
            stem, dot, ending = name.rpartition(".")
            again = f"{stem} ({seen[name]}){dot}{ending}" if seen[name] > 1 else name
            archive.writestr(zipfile.ZipInfo(again or "unnamed", _TIME), data)
    return buffer.getvalue()


def _seven_zip(data: bytes) -> list[tuple[str, bytes]]:
    """Unpack a 7z archive in memory, by py7zr where it is installed."""
    try:
        import py7zr  # noqa: PLC0415 - an optional library, loaded only where such an archive is met
        import py7zr.io  # noqa: PLC0415
    except ImportError as error:
        raise ReadError(
            "unsupported", "A 7z archive: pip install 'gov-report-extract[7z]', or unpack it."
        ) from error
    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                raise ReadError("encrypted", "The 7z archive has a password.")
            size = sum(entry.uncompressed for entry in archive.list())
            if size > _MOST:
                raise ReadError("too_large", f"{size} bytes unpacked.")
            factory = py7zr.io.BytesIOFactory(_MOST)
            archive.extractall(factory=factory)
    except ReadError:
        raise
    except Exception as error:  # a damaged archive fails anywhere inside the library and its decoders
        locked = isinstance(error, py7zr.PasswordRequired)
        raise ReadError("encrypted" if locked else "damaged", f"7z archive: {error}"[:200]) from error
    for product in factory.products.values():
        product.seek(0)
    return sorted((name, product.read()) for name, product in factory.products.items())
