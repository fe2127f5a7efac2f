"""What a person sees of a cell: the picture or page it stands on, cut out around it, with boxes drawn."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from extract.errors import ReadError
from extract.model import Box, Picture, Source
from extract.readers import read_document
from extract.readers.pdf_pictures import open_pdf, render_page
from extract.settings import Settings

Pixels = NDArray[np.uint8]

_CELL = (200, 30, 30)
_PARTNER = (60, 120, 200)
"""RGB: the cell itself, and those it sums with."""
_LABELS = 1.3, 1.6
"""How much is shown to the left of summed cells, in their width and height: their labels stand there."""
_WIDE = 5
"""A cell so many times as wide as high is not shown whole."""
_INK = 70
"""Grey levels below the paper from which something counts as print."""
_FAULTS = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page or picture: RGB pixels (h, w, 3), and what they show in the units of the cells' boxes."""

    pixels: Pixels
    frame: Box

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels per unit, across and down."""
        high, wide = self.pixels.shape[:2]
        return wide / max(self.frame.x1 - self.frame.x0, 1e-6), high / max(
            self.frame.y1 - self.frame.y0, 1e-6
        )

    def in_pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Return a box as x0, y0, x1, y1 in pixels."""
        right, down = self.scale
        return (
            round((box.x0 - self.frame.x0) * right), round((box.y0 - self.frame.y0) * down),
            round((box.x1 - self.frame.x0) * right), round((box.y1 - self.frame.y0) * down),
        )  # fmt: skip


def sheet_of(source: Source, page: int | None, picture: str, settings: Settings) -> Sheet | None:
    """Return the picture of a file, or the page of a PDF, that a cell stands on; None where it has none.

    Raises ReadError.
    """
    if picture:
        for block in read_document(source, settings).blocks:
            if isinstance(block, Picture) and block.name == picture and block.data:
                return _sheet(block, settings)
        return None
    if source.kind != "pdf" or not page:
        return None
    with open_pdf(source.data) as document:
        if page > len(document):
            return None
        return _sheet(render_page(document, page, settings), settings)


def _sheet(picture: Picture, settings: Settings) -> Sheet:
    pixels = _decoded(picture.data, settings)
    high, wide = pixels.shape[:2]
    return Sheet(pixels, picture.place.box or Box(0.0, 0.0, float(wide), float(high)))


def _decoded(data: bytes, settings: Settings) -> Pixels:
    """Return a picture as it looks, in colour, transparent parts on white. Raises ReadError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > settings.max_pixels:
                    raise ReadError("too_large", f"{image.width} by {image.height} pixels.")
                turned = ImageOps.exif_transpose(image).convert("RGBA")
        paper = Image.new("RGBA", turned.size, (255, 255, 255, 255))
        return np.asarray(Image.alpha_composite(paper, turned).convert("RGB"), dtype=np.uint8)
    except _FAULTS as error:
        raise ReadError("picture_unreadable", f"{error}") from error


def cut(sheet: Sheet, box: Box, partners: Sequence[Box] = (), *, wide: int = 1400) -> bytes:
    """Return a PNG of a cell and, where given, the cells it sums with, each in its box.

    Alone a cell is shown with as much of its surroundings as it is high and enlarged to be read with ease; with
    partners the picture is made at most `wide` pixels wide. Raises ReadError for boxes outside the sheet.
    """
    around = box
    for partner in partners:
        around = around.union(partner)
    x0, y0, x1, y1 = sheet.in_pixels(around)
    if not partners:
        x0, x1 = _narrowed(sheet, (x0, y0, x1, y1))
    margin = max(8, (y1 - y0) if not partners else 24)
    before, above = (
        (round(max(_LABELS[0] * (x1 - x0), _LABELS[1] * (y1 - y0))), margin * 3)
        if partners
        else (margin, margin)
    )
    high, width = sheet.pixels.shape[:2]
    left, top = max(x0 - before, 0), max(y0 - above, 0)
    right, bottom = min(x1 + margin, width), min(y1 + margin, high)
    if left >= right or top >= bottom:
        raise ReadError("picture_unreadable", "The cell's box lies outside its page.")
    part = np.ascontiguousarray(sheet.pixels[top:bottom, left:right])
    factor = _factor(part, partners, wide)
    part = _resized(part, factor)
    for other in partners:
        _outline(part, sheet.in_pixels(other), (left, top), factor, _PARTNER, 1)
    _outline(part, sheet.in_pixels(box), (left, top), factor, _CELL, 2)
    return cv2.imencode(".png", cv2.cvtColor(part, cv2.COLOR_RGB2BGR))[1].tobytes()


def _narrowed(sheet: Sheet, box: tuple[int, int, int, int]) -> tuple[int, int]:
    """Return where a wide cell's print stands, with room beside it: the rest of the cell would only make it small."""
    x0, y0, x1, y1 = box
    high, inset = y1 - y0, max(2, (y1 - y0) // 6)
    inside = sheet.pixels[max(y0 + inset, 0) : y1 - inset, max(x0 + inset, 0) : x1 - inset]
    if x1 - x0 < _WIDE * high or inside.size == 0:
        return x0, x1
    grey = inside.mean(axis=2)
    inked = np.flatnonzero((grey < grey.max() - _INK).any(axis=0))
    low, top = (int(inked[0]), int(inked[-1])) if len(inked) else (inside.shape[1] // 2,) * 2
    start = max(x0 + inset, 0)
    return max(x0, start + low - 2 * high), min(x1, start + top + 2 * high)


def _factor(part: Pixels, partners: Sequence[Box], wide: int) -> float:
    high, width = int(part.shape[0]), int(part.shape[1])
    if partners:
        return min(max(1.0, min(2.0, 900 / width)), wide / width, 1600 / high)
    return min(max(160 / high, 0.25), 6.0, 640 / width)


def _resized(part: Pixels, factor: float) -> Pixels:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = max(1, round(part.shape[1] * factor)), max(1, round(part.shape[0] * factor))
    return np.asarray(cv2.resize(part, size, interpolation=how), dtype=np.uint8)


def _outline(
    part: Pixels,
    box: tuple[int, int, int, int],
    corner: tuple[int, int],
    factor: float,
    colour: tuple[int, int, int],
    width: int,
) -> None:
    """Draw a box around a cell, outside of its ink."""
    x0, y0, x1, y1 = box
    low = round((x0 - corner[0]) * factor) - width, round((y0 - corner[1]) * factor) - width
    high = round((x1 - corner[0]) * factor) + width, round((y1 - corner[1]) * factor) + width
    cv2.rectangle(part, low, high, colour, width, cv2.LINE_AA)
