"""Pictures of a legacy Word file: found in its streams by their signatures, in order."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile
from PIL import Image

from extract.model import Picture

_STREAMS = ("Data", "WordDocument")
_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"\xff\xd8\xff\xe1",
    b"\xff\xd8\xff\xdb",
    b"GIF89a",
    b"GIF87a",
)
_FAULTS = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def pictures_in(data: bytes) -> list[Picture]:
    """Return the pictures in the order of the file; one that begins but cannot be opened has no data."""
    found: list[Picture] = []
    seen: set[bytes] = set()
    try:
        with olefile.OleFileIO(data) as ole:
            streams = [ole.openstream(name).read() for name in _STREAMS if ole.exists(name)]
    except (OSError, ValueError, IndexError):
        return []  # the text was read by another way; a file without a readable directory has no streams to search
    for stream in streams:
        for start, length in _spans(stream):
            picture = stream[start : start + length]
            if picture not in seen:
                seen.add(picture)
                found.append(Picture(f"picture-{len(found) + 1}", picture))
    return found


def _spans(stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and length of each picture; the search goes on behind its end."""
    at = 0
    while True:
        starts = [i for signature in _STARTS if (i := stream.find(signature, at)) >= 0]
        if not starts:
            return
        start = min(starts)
        length = _length(stream, start)
        if length:
            yield start, length
        at = start + max(length, 3)


def _length(stream: bytes, start: int) -> int:
    """Return how long the picture at a place is, 0 where none can be opened there."""
    rest = stream[start:]
    if rest.startswith(b"\x89PNG"):
        end = rest.find(b"IEND\xaeB`\x82")
        length = end + 8 if end >= 0 else 0
    elif rest.startswith(b"GIF"):
        length = len(rest)
    else:
        end = rest.find(b"\xff\xd9")
        while end >= 0 and not _opens(rest[: end + 2]):
            end = rest.find(b"\xff\xd9", end + 2)
        length = end + 2 if end >= 0 else 0
    return length if length and _opens(rest[:length]) else 0


def _opens(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except _FAULTS:
        return False
    return True
