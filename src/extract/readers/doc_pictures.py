"""Pictures of a legacy Word file: the blip records of its streams ([MS-ODRAW] 2.2.23 to 2.2.32).

Inline pictures lie in the stream Data in reading order, floating ones in WordDocument in any order.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import olefile

from extract.model import Picture
from extract.readers.doc_floating import floating_offsets, table_stream
from extract.readers.docx_metafile import bitmap_of, png_of_dib
from extract.settings import Settings

_INSTANCES = {
    0xF01A: (0x3D4, "emf"),
    0xF01B: (0x216, "wmf"),
    0xF01D: (0x46A, "jpeg"),
    0xF01E: (0x6E0, "png"),
    0xF01F: (0x7A8, "dib"),
    0xF029: (0x6E4, "tiff"),
    0xF02A: (0x6E2, "jpeg"),
}
"""Type of a blip record to its instance (one more where a second identifier follows) and what it holds."""
_TYPE = re.compile(rb"[\x1a\x1b\x1d-\x1f\x29\x2a]\xf0")
_METAFILE_HEAD, _DEFLATED = 34, 0


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a file, each kind in reading order; one that cannot be decoded has no data."""

    inline: tuple[Picture, ...] = ()
    floating: tuple[Picture, ...] = ()


def pictures_in(data: bytes, settings: Settings) -> Pictures:
    """Return the pictures of a file; none where its directory cannot be read."""
    try:
        with olefile.OleFileIO(data) as ole:
            main = ole.openstream("WordDocument").read()
            inline, table = (
                ole.openstream(name).read() if ole.exists(name) else b""
                for name in ("Data", table_stream(main))
            )
    except (OSError, ValueError, IndexError):
        return Pictures()
    stored = {at: (kind, payload) for at, kind, payload in _blips(main)}
    order = [at for at in floating_offsets(main, table) if at in stored]
    order += [at for at in stored if at not in order]
    return Pictures(
        _named("inline", ((kind, payload) for _, kind, payload in _blips(inline)), settings),
        _named("floating", (stored[at] for at in order), settings),
    )


def _named(where: str, blips: Iterable[tuple[str, bytes]], settings: Settings) -> tuple[Picture, ...]:
    return tuple(
        Picture(f"{where}-{n}.{kind}", _decoded(kind, payload, settings))
        for n, (kind, payload) in enumerate(blips, 1)
    )


def _blips(stream: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Yield offset, kind and content of each blip; the search goes on behind it."""
    at = 0
    while (hit := _TYPE.search(stream, at)) is not None:
        start = hit.start() - 2
        at = hit.start() + 1
        if start < 0 or start + 8 > len(stream):
            continue
        version, kind, length = struct.unpack_from("<HHI", stream, start)
        instance, name = _INSTANCES[kind]
        second = (version >> 4) - instance
        # a JPEG has two instances, for RGB and CMYK, and either may stand with either type
        second = (version >> 4) & 1 if name == "jpeg" and version >> 5 in {0x46A >> 1, 0x6E2 >> 1} else second
        end = start + 8 + length
        if version & 0xF or second not in {0, 1} or end > len(stream):
            continue
        yield start, name, stream[start + 24 + 16 * second : end]
        at = end


def _decoded(kind: str, payload: bytes, settings: Settings) -> bytes:
    """Return a picture that any library opens; b"" for a metafile that holds no bitmap."""
    if kind not in {"emf", "wmf"}:
        content = payload[1:]  # a tag of one byte comes first
        return (png_of_dib(content, settings) or b"") if kind == "dib" else content
    if len(payload) <= _METAFILE_HEAD:
        return b""
    content = payload[_METAFILE_HEAD:]
    if payload[_METAFILE_HEAD - 2] == _DEFLATED:
        try:
            content = zlib.decompressobj().decompress(content, settings.max_bytes)
        except zlib.error:
            return b""
    return bitmap_of(content, settings) or b""
