"""Pictures of a Word file: as they are, or the bitmap inside a metafile; linked ones are never fetched."""

from __future__ import annotations

import io
import struct

from lxml import etree
from PIL import Image

from extract.errors import ReadError
from extract.model import Picture, Problem
from extract.readers.docx_package import Package
from extract.readers.docx_xml import A

_BITMAP_RECORDS = {81: 48, 80: 48, 76: 84, 77: 84}
"""EMR_STRETCHDIBITS, EMR_SETDIBITSTODEVICE, EMR_BITBLT, EMR_STRETCHBLT: where in the record the offsets of its
bitmap stand ([MS-EMF] 2.3.1)."""
_WMF_RECORDS = {0x0F43: 28, 0x0B41: 26, 0x0940: 22, 0x0D33: 24}
"""META_STRETCHDIB, META_DIBSTRETCHBLT, META_DIBBITBLT, META_SETDIBTODEV: where the bitmap begins ([MS-WMF] 2.3.1)."""


def picture_of(
    package: Package, identifier: str, element: etree._Element
) -> tuple[Picture | None, Problem | None]:
    """Return the picture that a relation names, and what is wrong with it."""
    name, external = package.target(identifier)
    if external:
        return Picture(name[:200], b""), Problem("read", "external_resource", name[:200])
    if not name or not package.has(name):
        return Picture(name or identifier, b""), Problem("read", "picture_missing", name or identifier)
    try:
        data = package.read(name)
    except ReadError as error:
        return Picture(name, b""), Problem("read", "picture_unreadable", error.detail)
    if name.lower().endswith((".emf", ".wmf", ".emz", ".wmz")):
        bitmap = bitmap_of(data)
        if bitmap is None:
            return Picture(name, b""), Problem(
                "read", "picture_unreadable", f"{name}: a metafile without a bitmap."
            )
        data = bitmap
    return Picture(name, _cropped(data, element)), None


def _cropped(data: bytes, element: etree._Element) -> bytes:
    """Apply a crop that hides a tenth or more of the picture; Word keeps the hidden part in the file."""
    parent = element.getparent()
    crop = parent.find(A + "srcRect") if parent is not None else None
    if crop is None:
        return data
    left, top, right, bottom = (_fraction(crop.get(side)) for side in ("l", "t", "r", "b"))
    if max(left, top, right, bottom) < 0.1 or left + right >= 0.95 or top + bottom >= 0.95:
        return data
    try:
        with Image.open(io.BytesIO(data)) as image:
            w, h = image.size
            part = image.crop(
                (round(left * w), round(top * h), round((1 - right) * w), round((1 - bottom) * h))
            )
            return _png(part)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return data  # the picture reader says what is wrong with it


def _fraction(value: str | None) -> float:
    """Return a crop in thousandths of a percent as a fraction; 0 for none or one that widens."""
    try:
        return max(int(value or 0) / 100_000, 0.0)
    except ValueError:
        return 0.0


def bitmap_of(data: bytes) -> bytes | None:
    """Return the largest bitmap in an EMF or WMF as PNG, or None where it only draws lines and text."""
    found = _emf(data) if data[40:44] == b" EMF" else _wmf(data)
    images = [image for dib in found if (image := _decode(dib)) is not None]
    return _png(max(images, key=lambda image: image.width * image.height)) if images else None


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


def _decode(dib: bytes) -> Image.Image | None:
    """Return a device-independent bitmap as an image: a BMP file is one with 14 bytes before it."""
    if len(dib) < 40:
        return None
    head_size, _, _, _, depth, compression = struct.unpack_from("<IiiHHI", dib)
    colours = struct.unpack_from("<I", dib, 32)[0] if head_size >= 40 else 0
    palette = (colours or (1 << depth if depth <= 8 else 0)) * 4 + (
        12 if compression == 3 and head_size == 40 else 0
    )
    offset = 14 + head_size + palette
    header = b"BM" + struct.pack("<IHHI", 14 + len(dib), 0, 0, offset)
    try:
        with Image.open(io.BytesIO(header + dib)) as image:
            image.load()
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
