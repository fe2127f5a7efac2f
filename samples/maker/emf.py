"""Writes a picture as an enhanced metafile that holds nothing but one bitmap, as Word makes of a pasted screenshot."""

from __future__ import annotations

import struct

from PIL import Image

_HEADER, _STRETCH_DIBITS, _EOF = 1, 81, 14
_SRCCOPY = 0x00CC0020


def encode(image: Image.Image) -> bytes:
    """Return the picture as EMF: header, EMR_STRETCHDIBITS with 16 grey levels, end."""
    bitmap_info, bits = _bitmap(image)
    width, height = image.size
    offset = 80  # of the bitmap's header from the start of its record
    size = offset + len(bitmap_info) + len(bits)
    padding = -size % 4
    record = struct.pack(
        "<2I4i6i4I2i2i",
        _STRETCH_DIBITS, size + padding, 0, 0, width - 1, height - 1,
        0, 0, 0, 0, width, height,
        offset, len(bitmap_info), offset + len(bitmap_info), len(bits),
        0, _SRCCOPY, width, height,
    )  # fmt: skip
    # The record's order is bounds, xDest, yDest, xSrc, ySrc, cxSrc, cySrc, offsets, usage, operation, cxDest, cyDest.
    record += bitmap_info + bits + bytes(padding)
    end = struct.pack("<5I", _EOF, 20, 0, 0x10, 20)
    return _header(width, height, 108 + len(record) + len(end)) + record + end


def _header(width: int, height: int, total: int) -> bytes:
    """A header of 108 bytes: bounds in pixels, frame in hundredths of a millimetre, for a screen of 96 dpi."""
    hundredths = (round(width * 2540 / 96), round(height * 2540 / 96))
    fixed = struct.pack(
        "<2I4i4i4sIIIHHIII2i2i",
        _HEADER, 108, 0, 0, width - 1, height - 1, 0, 0, *hundredths,
        b" EMF", 0x10000, total, 3, 1, 0, 0, 0, 0, 1920, 1080, 508, 286,
    )  # fmt: skip
    return fixed + struct.pack("<3I2I", 0, 0, 0, 508_000, 285_750)


def _bitmap(image: Image.Image) -> tuple[bytes, bytes]:
    """Header with palette, and rows from the bottom up, four bits a pixel."""
    grey = image.convert("L")
    width, height = grey.size
    palette = b"".join(bytes((v, v, v, 0)) for v in range(0, 256, 17))
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 4, 0, 0, 3780, 3780, 16, 16) + palette
    pixels = grey.point([(v + 8) // 17 for v in range(256)]).tobytes()
    stride = -(-width // 8) * 4
    rows = []
    for y in range(height - 1, -1, -1):
        row = pixels[y * width : (y + 1) * width] + b"\0" * (width % 2)
        packed = bytes(a << 4 | b for a, b in zip(row[::2], row[1::2], strict=True))
        rows.append(packed + bytes(stride - len(packed)))
    return info, b"".join(rows)
