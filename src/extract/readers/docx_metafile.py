"""Windows metafiles (EMF, WMF): the bitmap that a pasted picture is, taken out without drawing anything."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from extract.settings import Settings

_EMF = b" EMF"
_BITMAP_RECORDS = {81: 48, 80: 48, 76: 84, 77: 84}
"""EMR_STRETCHDIBITS, EMR_SETDIBITSTODEVICE, EMR_BITBLT, EMR_STRETCHBLT: where in the record the offsets of its
bitmap stand ([MS-EMF] 2.3.1)."""
_WMF_RECORDS = {0x0F43: 28, 0x0B41: 26, 0x0940: 22, 0x0D33: 24}
"""META_STRETCHDIB, META_DIBSTRETCHBLT, META_DIBBITBLT, META_SETDIBTODEV: where the bitmap begins ([MS-WMF] 2.3.1)."""


def is_metafile(name: str, data: bytes) -> bool:
    """Tell a metafile by its name or, since names lie, by the signature of EMF."""
    return name.lower().endswith((".emf", ".wmf", ".emz", ".wmz")) or data[40:44] == _EMF


def bitmap_of(data: bytes, settings: Settings) -> bytes | None:
    """Return the largest bitmap in an EMF or WMF as PNG, or None where it only draws lines and text."""
    data = _unpacked(data, settings.max_bytes)
    found = _emf(data) if data[40:44] == _EMF else _wmf(data)
    images = [image for dib in found if (image := _decode(dib, settings.max_pixels)) is not None]
    return png(max(images, key=lambda image: image.width * image.height)) if images else None


def _unpacked(data: bytes, limit: int) -> bytes:
    """Return a metafile out of its gzip wrapper (.emz, .wmz), at most `limit` bytes; b"" where that is damaged."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit)
    except zlib.error:
        return b""


def _emf(data: bytes) -> list[bytes]:
    """Walk the records of an EMF: type, size, then the record; a size of nonsense ends the walk."""
    found, at = [], 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or at + size > len(data):
            break
        offsets = _BITMAP_RECORDS.get(kind)
        if offsets is not None and size > offsets + 16:
            head, head_size, bits, bits_size = struct.unpack_from("<IIII", data, at + offsets)
            if head_size and bits_size and max(head + head_size, bits + bits_size) <= size:
                found.append(
                    data[at + head : at + head + head_size] + data[at + bits : at + bits + bits_size]
                )
        at += size
    return found


def _wmf(data: bytes) -> list[bytes]:
    """Walk the records of a WMF, after its placeable header where it has one."""
    at = (22 if data[:4] == b"\xd7\xcd\xc6\x9a" else 0) + 18
    found = []
    while at + 6 <= len(data):
        words, kind = struct.unpack_from("<IH", data, at)
        if words < 3:
            break
        if kind in _WMF_RECORDS:
            found.append(data[at + _WMF_RECORDS[kind] : at + words * 2])
        at += words * 2
    return found


def _decode(dib: bytes, max_pixels: int) -> Image.Image | None:
    """Return a device-independent bitmap as an image: a BMP file is one with 14 bytes before it."""
    if len(dib) < 40:
        return None
    head_size, width, height, _, depth, compression = struct.unpack_from("<IiiHHI", dib)
    if abs(width * height) > max_pixels:
        return None
    colours = int.from_bytes(dib[32:36], "little") if head_size >= 40 else 0
    palette = (colours or (1 << depth if depth <= 8 else 0)) * 4 + (
        12 if compression == 3 and head_size == 40 else 0
    )
    offset = 14 + head_size + palette
    header = b"BM" + struct.pack("<IHHI", 14 + len(dib), 0, 0, offset)
    try:
        with Image.open(io.BytesIO(header + dib)) as image:
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def png_of_dib(dib: bytes, settings: Settings) -> bytes | None:
    """Return a device-independent bitmap as PNG, or None where it cannot be decoded or is too large."""
    image = _decode(dib, settings.max_pixels)
    return png(image) if image is not None else None


def png(image: Image.Image) -> bytes:
    """Return an image as PNG."""
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
