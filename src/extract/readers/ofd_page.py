"""Objects of an OFD page as print: glyphs of a TextObject (GB/T 33190 11), ruling lines and areas of a PathObject (9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from extract.model import Box
from extract.readers.ofd_package import children
from extract.readers.pdf_ink import THIN, Glyph, Rule, clean

_ABOVE, _BELOW = 0.86, 0.14
"""Shares of a character's size above and below its baseline."""
_STRAIGHT = 0.5
"""Points by which the ends of a ruling line may differ."""
_COMMAND = re.compile(r"[A-Za-z]|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""How many numbers each command of a path takes."""
_WHITE = ("255 255 255", "0 0 0 0")
_MOST = 5000

_Matrix = tuple[float, float, float, float, float, float]


def glyphs_of(item: etree._Element, scale: float) -> list[Glyph]:
    """Return the characters of a text in points; askew or vertical writing keeps its places."""
    frame = _numbers(item.get("Boundary", ""))
    size = next(iter(_numbers(item.get("Size", ""))), 0.0)
    if len(frame) != 4 or size <= 0:
        return []
    matrix = _matrix(item.get("CTM", ""))
    high = size * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5 * scale
    wide = size * (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5 * scale
    found = []
    x, y = 0.0, 0.0
    for code in children(item, "TextCode"):
        x, y = _start(code, x, y)
        text = code.text or ""
        for char, dx, dy, step in _placed(code, text, size):
            at = _moved((x + dx, y + dy), matrix)
            left, base = (frame[0] + at[0]) * scale, (frame[1] + at[1]) * scale
            shown = clean(char)
            if shown:
                advance = wide * step / size
                found.append(
                    Glyph(shown, left, base - _ABOVE * high, left + advance, base + _BELOW * high, high)
                )
    return found


def _start(code: etree._Element, x: float, y: float) -> tuple[float, float]:
    """Return where a piece of text begins; what it does not say is as before."""
    given = [_numbers(code.get(name, "")) for name in ("X", "Y")]
    return (given[0][0] if given[0] else x), (given[1][0] if given[1] else y)


def _placed(code: etree._Element, text: str, size: float) -> Iterator[tuple[str, float, float, float]]:
    """Yield each character, its offset from the first, and how far it advances."""
    across, down = _deltas(code.get("DeltaX", "")), _deltas(code.get("DeltaY", ""))
    dx = dy = 0.0
    for k, char in enumerate(text):
        own = size if ord(char) > 0x2E7F else 0.5 * size
        step = across[k] if k < len(across) else (0.0 if down else own)
        yield char, dx, dy, min(own, step) if step > 0 else own
        dx += step
        dy += down[k] if k < len(down) else 0.0


def _deltas(text: str) -> list[float]:
    """Return the steps between characters; `g 3 2.5` stands for three steps of 2.5."""
    words = text.split()
    found: list[float] = []
    k = 0
    while k < len(words) and len(found) < _MOST:
        try:
            if words[k] == "g":
                found += [float(words[k + 2])] * min(int(words[k + 1]), _MOST)
                k += 3
            else:
                found.append(float(words[k]))
                k += 1
        except (ValueError, IndexError):
            break
    return found


def drawn(item: etree._Element, scale: float) -> tuple[list[Rule], list[Rule], list[Box]]:
    """Return the rules across, the rules down and the filled areas of a path, in points."""
    frame = _numbers(item.get("Boundary", ""))
    if len(frame) != 4:
        return [], [], []
    matrix = _matrix(item.get("CTM", ""))
    across: list[Rule] = []
    down: list[Rule] = []
    fills: list[Box] = []
    data = next((child.text or "" for child in children(item, "AbbreviatedData")), "")
    for line in _lines(data):
        moved = [_moved(point, matrix) for point in line]
        points = [((frame[0] + x) * scale, (frame[1] + y) * scale) for x, y in moved]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        filled = item.get("Fill", "false").lower() == "true"
        if min(box.x1 - box.x0, box.y1 - box.y0) <= THIN and filled:
            _as_rule(box, across, down)
        elif item.get("Stroke", "true").lower() != "false":
            for (x0, y0), (x1, y1) in pairwise(points):
                if min(abs(x1 - x0), abs(y1 - y0)) <= _STRAIGHT:
                    _as_rule(Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), across, down)
        elif filled and not _is_white(item):
            fills.append(box)
    return across, down, fills


def _lines(data: str) -> Iterator[list[tuple[float, float]]]:
    """Yield the lines of a path by their corners; of a curve only its end is kept."""
    words = _COMMAND.findall(data)
    line: list[tuple[float, float]] = []
    k = 0
    while k < len(words):
        command = words[k]
        takes = _TAKES.get(command)
        numbers = words[k + 1 : k + 1 + (takes or 0)]
        k += 1 + len(numbers)
        if takes is None or len(numbers) < takes or any(n.isalpha() for n in numbers):
            continue
        if command == "C" and line:
            line.append(line[0])
        elif command in {"S", "M"}:
            if len(line) > 1:
                yield line
            line = [(float(numbers[0]), float(numbers[1]))]
        elif numbers:
            line.append((float(numbers[-2]), float(numbers[-1])))
    if len(line) > 1:
        yield line


def _as_rule(box: Box, across: list[Rule], down: list[Rule]) -> None:
    if box.x1 - box.x0 >= box.y1 - box.y0:
        across.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
    else:
        down.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))


def _is_white(item: etree._Element) -> bool:
    return any(color.get("Value", "").strip() in _WHITE for color in children(item, "FillColor"))


def _numbers(text: str) -> list[float]:
    try:
        return [float(word) for word in text.split()]
    except ValueError:
        return []


def _matrix(text: str) -> _Matrix:
    found = _numbers(text)
    return (
        (found[0], found[1], found[2], found[3], found[4], found[5])
        if len(found) == 6
        else (1, 0, 0, 1, 0, 0)
    )


def _moved(point: Sequence[float], m: _Matrix) -> tuple[float, float]:
    x, y = point
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
