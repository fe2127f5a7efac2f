"""What is printed on one PDF page, as plain values: glyphs, ruling lines, filled areas, images.

All positions are points from the top left corner of the page as displayed. Everything that a page may do to hide
its plain look is undone here: double printing, watermarks, borders drawn as thin areas, pages printed sideways.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from extract.model import Box

THIN = 3.0
"""An area up to so many points thick is a ruling line."""
_PALE = 0.7
_DOUBLE = 0.2
"""The same character printed again within this share of its size is fake bold."""


class Glyph(NamedTuple):
    """One printed character: box, size in points, reading direction (0, 90, 180, 270 degrees; -1 askew)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    turn: int = 0
    pale: bool = False

    @property
    def cx(self) -> float:
        """Middle, across."""
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        """Middle, down."""
        return (self.y0 + self.y1) / 2


class Rule(NamedTuple):
    """A straight line: its place on the other axis, and where it starts and stops."""

    at: float
    start: float
    stop: float


class Image(NamedTuple):
    """A picture as placed on the page, and its own width and height in pixels."""

    box: Box
    pixels: tuple[int, int]


class Ink(NamedTuple):
    """All of a page. `across` are horizontal rules, `down` vertical ones, `shapes` counts other drawn paths."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    fills: tuple[Box, ...]
    images: tuple[Image, ...]
    shapes: int = 0
    turned: int = 0
    """Degrees by which the print was turned to stand upright; `box_on_page` takes it back."""


def ink_of(page: Any) -> Ink:
    """Take everything from a pdfplumber page, upright. Raises what pdfminer raises on a broken page."""
    left, top, right, bottom = _visible(page)
    width, height = right - left, bottom - top
    glyphs = [glyph for char in page.chars if (glyph := _glyph(char, left, top)) is not None]
    glyphs = [g for g in glyphs if 0 <= g.cx <= width and 0 <= g.cy <= height]
    drawn = _Drawn([], [], [])
    for thing in (*page.lines, *page.rects, *page.curves):
        _draw(drawn, thing, left, top)
    images = [_image(image, left, top, width, height) for image in page.images]
    kept = []
    for image in images:
        if image is not None and not _as_rule(drawn, image.box):
            kept.append(image)
    whole = [f for f in drawn.fills if not (f.x1 - f.x0 > 0.9 * width and f.y1 - f.y0 > 0.9 * height)]
    ink = Ink(
        width,
        height,
        tuple(_plain(glyphs)),
        tuple(drawn.across),
        tuple(drawn.down),
        tuple(whole),
        tuple(kept),
    )
    return _upright(ink._replace(shapes=len(page.curves)))


def box_on_page(ink: Ink, box: Box) -> Box:
    """Return a box of (possibly turned) ink as it lies on the page."""
    if ink.turned == 90:
        return Box(box.y0, ink.width - box.x1, box.y1, ink.width - box.x0)
    if ink.turned == 270:
        return Box(ink.height - box.y1, box.x0, ink.height - box.y0, box.x1)
    return box


def turn_glyphs(glyphs: Iterable[Glyph], turn: int, width: float, height: float) -> list[Glyph]:
    """Turn glyphs that read upwards (90) or downwards (270) so that they read from left to right."""
    if turn == 90:
        return [g._replace(x0=height - g.y1, y0=g.x0, x1=height - g.y0, y1=g.x1, turn=0) for g in glyphs]
    if turn == 270:
        return [g._replace(x0=g.y0, y0=width - g.x1, x1=g.y1, y1=width - g.x0, turn=0) for g in glyphs]
    return list(glyphs)


class _Drawn(NamedTuple):
    across: list[Rule]
    down: list[Rule]
    fills: list[Box]


def _visible(page: Any) -> tuple[float, float, float, float]:
    """The crop box is what is displayed; one that lies outside the media box is an error in the file."""
    (x0, y0, x1, y1), (left, top, right, bottom) = page.mediabox, page.cropbox
    left, top, right, bottom = max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)
    return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else (x0, y0, x1, y1)


def _glyph(char: dict[str, Any], left: float, top: float) -> Glyph | None:
    text = clean(char["text"])
    if not text:
        return None
    turn = _direction(char["matrix"])
    size = char["bottom"] - char["top"] if turn in {0, 180} else char["x1"] - char["x0"]
    size = size if turn >= 0 else char["size"]
    box = char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top
    return Glyph(text, *box, size, turn, _is_pale(char["non_stroking_color"]))


def clean(text: str) -> str:
    """Repair what only the text layer has: radical code points for plain characters, glyph numbers, controls."""
    if text.startswith("(cid:"):
        return "\ufffd"
    if len(text) == 1 and " " <= text <= "~":
        return text
    kept = []
    for char in text:
        code = ord(char)
        if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
            char = unicodedata.normalize("NFKC", char)  # noqa: PLW2901 - the repaired character
        elif char in "\u00a0\t":
            char = " "  # noqa: PLW2901
        elif code < 0x20 or char in "\u00ad\u200b\ufeff":
            continue
        kept.append(char)
    return "".join(kept)


def _direction(matrix: Sequence[float]) -> int:
    across, up = matrix[0], matrix[1]
    if abs(up) <= 0.1 * abs(across):
        return 0 if across >= 0 else 180
    if abs(across) <= 0.1 * abs(up):
        return 90 if up > 0 else 270
    return -1


def _is_pale(color: Any) -> bool:
    """True for light grey and pastel, as watermarks are; not for white, which stands on a dark ground."""
    parts = [c for c in color or () if isinstance(c, int | float)]
    if len(parts) == 4:
        light = 1 - min(1.0, 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2] + parts[3])
    elif len(parts) == 3:
        light = 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2]
    elif len(parts) == 1:
        light = parts[0]
    else:
        return False
    return _PALE < light < 0.98


def _draw(drawn: _Drawn, thing: dict[str, Any], left: float, top: float) -> None:
    """Sort a drawn path into rules and filled areas."""
    box = Box(thing["x0"] - left, thing["top"] - top, thing["x1"] - left, thing["bottom"] - top)
    if thing["object_type"] == "line" or min(box.x1 - box.x0, box.y1 - box.y0) <= THIN:
        _as_rule(drawn, box)
    elif thing["object_type"] == "rect":
        if thing["stroke"] and not _is_white(thing["stroking_color"]):
            _outline(drawn, box)
        elif thing["fill"]:
            drawn.fills.append(box)
    elif thing["stroke"]:
        points = thing["pts"]
        for (x0, y0), (x1, y1) in pairwise(points):
            xs, ys = sorted((x0 - left, x1 - left)), sorted((y0 - top, y1 - top))
            if min(xs[1] - xs[0], ys[1] - ys[0]) < 0.5:
                _as_rule(drawn, Box(xs[0], ys[0], xs[1], ys[1]))


def _is_white(color: Any) -> bool:
    return bool(color) and len(color) in {1, 3} and all(c == 1 for c in color)


def _as_rule(drawn: _Drawn, box: Box) -> bool:
    """Add a thin area as a rule, a dot as both; return whether it was one."""
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    if min(wide, high) > THIN:
        return False
    if wide >= high:
        drawn.across.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
    if high >= wide or max(wide, high) <= THIN:
        drawn.down.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))
    return True


def _outline(drawn: _Drawn, box: Box) -> None:
    drawn.across.extend((Rule(box.y0, box.x0, box.x1), Rule(box.y1, box.x0, box.x1)))
    drawn.down.extend((Rule(box.x0, box.y0, box.y1), Rule(box.x1, box.y0, box.y1)))


def outlines(boxes: Iterable[Box]) -> tuple[list[Rule], list[Rule]]:
    """Return the borders of areas as rules across and rules down."""
    drawn = _Drawn([], [], [])
    for box in boxes:
        _outline(drawn, box)
    return drawn.across, drawn.down


def _image(image: dict[str, Any], left: float, top: float, width: float, height: float) -> Image | None:
    x0, y0 = max(image["x0"] - left, 0.0), max(image["top"] - top, 0.0)
    x1, y1 = min(image["x1"] - left, width), min(image["bottom"] - top, height)
    if x0 >= x1 or y0 >= y1:
        return None
    across, down = (int(n) if isinstance(n, int | float) else 0 for n in image["srcsize"])
    return Image(Box(x0, y0, x1, y1), (across, down))


def _plain(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop watermarks (askew; or pale, where most text is dark) and characters printed twice."""
    most = 2 * sum(g.pale for g in glyphs) > len(glyphs)
    seen: dict[str, list[Glyph]] = {}
    kept = []
    for glyph in glyphs:
        if glyph.turn < 0 or (glyph.pale and not most):
            continue
        near = _DOUBLE * glyph.size
        twins = seen.setdefault(glyph.text, [])
        if glyph.text != " ":
            if any(abs(t.x0 - glyph.x0) <= near and abs(t.y0 - glyph.y0) <= near for t in twins):
                continue
            twins.append(glyph)
        kept.append(glyph)
    return kept


def _upright(ink: Ink) -> Ink:
    """Turn a page whose print mostly reads upwards or downwards; its images are left as they are placed."""
    share = {turn: sum(g.turn == turn for g in ink.glyphs) for turn in (90, 270)}
    turn = max(share, key=lambda t: share[t])
    if share[turn] <= 0.6 * len(ink.glyphs) or not ink.glyphs:
        return ink
    width, height = ink.width, ink.height
    if turn == 90:
        across = tuple(Rule(r.at, height - r.stop, height - r.start) for r in ink.down)
        down = tuple(Rule(height - r.at, r.start, r.stop) for r in ink.across)
        fills = tuple(Box(height - b.y1, b.x0, height - b.y0, b.x1) for b in ink.fills)
    else:
        across = tuple(Rule(width - r.at, r.start, r.stop) for r in ink.down)
        down = tuple(Rule(r.at, width - r.stop, width - r.start) for r in ink.across)
        fills = tuple(Box(b.y0, width - b.x1, b.y1, width - b.x0) for b in ink.fills)
    glyphs = tuple(h for g in ink.glyphs if g.turn == turn for h in turn_glyphs((g,), turn, width, height))
    return ink._replace(
        width=height, height=width, glyphs=glyphs, across=across, down=down, fills=fills, turned=turn
    )
