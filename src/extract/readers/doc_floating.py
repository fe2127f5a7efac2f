"""Order of the floating pictures of a legacy Word file: by where they are anchored, not by where their bytes lie.

An anchor (PlcfSpa, [MS-DOC] 2.8.37) names a shape, the shape's properties a number in the list of pictures, and the list
an offset in the main stream ([MS-ODRAW] 2.2.32).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FIB_ANCHORS, _FIB_DRAWINGS, _FIB_TABLE_BIT = 0x01DA, 0x022A, 0x0200
_SPA_SIZE = 26
_ENTRY, _SHAPE, _PROPERTIES, _CONTAINER = 0xF007, 0xF00A, 0xF00B, 0xF
_PICTURE_PROPERTY = 0x0104
_CHILD = 2
_MOST_DEEP = 20


def table_stream(main: bytes) -> str:
    """Return the name of the table stream that a main stream (WordDocument, with its whole header) goes with."""
    flags = int.from_bytes(main[10:12], "little")
    return "1Table" if flags & _FIB_TABLE_BIT else "0Table"


def floating_offsets(main: bytes, table: bytes) -> list[int]:
    """Return the offsets in the main stream of the pictures anchored in the text, in reading order.

    A picture anchored twice comes twice; empty where there is none or the lists do not make sense.
    """
    try:
        drawings = _part(main, table, _FIB_DRAWINGS)
        anchors = _part(main, table, _FIB_ANCHORS)
        entries, shapes = _drawn(drawings)
        count = max((len(anchors) - 4) // (4 + _SPA_SIZE), 0)
        names = [struct.unpack_from("<I", anchors, 4 * (count + 1) + _SPA_SIZE * i)[0] for i in range(count)]
    except (struct.error, IndexError):
        return []
    numbers = [number for name in names for number in shapes.get(name, ())]
    return [entries[n - 1] for n in numbers if 1 <= n <= len(entries)]


def _part(main: bytes, table: bytes, at: int) -> bytes:
    start, length = struct.unpack_from("<II", main, at)
    return table[start : start + length]


def _drawn(data: bytes) -> tuple[list[int], dict[int, list[int]]]:
    """Return the offsets of the list of pictures, and shape identifier to numbers in that list (from 1).

    A group's pictures go with the group's first shape, which is the one that is anchored.
    """
    entries: list[int] = []
    shapes: dict[int, list[int]] = {}
    top = current = 0
    for version, kind, body in _records(data, 0):
        if kind == _ENTRY and len(body) >= 32:
            entries.append(struct.unpack_from("<I", body, 28)[0])
        elif kind == _SHAPE:
            current = struct.unpack_from("<I", body)[0]
            child = struct.unpack_from("<I", body, 4)[0] & _CHILD
            top = top if child else current
            shapes.setdefault(top, [])
        elif kind == _PROPERTIES and current:
            shapes[top].extend(_numbers(body, version >> 4))
    return entries, shapes


def _numbers(body: bytes, count: int) -> Iterator[int]:
    for i in range(min(count, len(body) // 6)):
        name, value = struct.unpack_from("<HI", body, 6 * i)
        if name & 0x3FFF == _PICTURE_PROPERTY:
            yield value


def _records(data: bytes, depth: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield version, type and body of the records, those in containers too.

    Between the drawings of text and header stands one byte that says which is which; it is stepped over.
    """
    at = 0
    while at + 8 <= len(data):
        version, kind, length = struct.unpack_from("<HHI", data, at)
        if kind < 0xF000 and depth == 0:
            at += 1
            continue
        body = data[at + 8 : at + 8 + length]
        if version & 0xF == _CONTAINER and depth < _MOST_DEEP:
            yield from _records(body, depth + 1)
        else:
            yield version, kind, body
        at += 8 + length
