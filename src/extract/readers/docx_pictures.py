"""Pictures of a Word file: as they are, or the bitmap inside a metafile; linked ones are never fetched."""

from __future__ import annotations

import io

from lxml import etree
from PIL import Image

from extract.errors import ReadError
from extract.model import Picture, Problem
from extract.readers.docx_metafile import bitmap_of, is_metafile, png
from extract.readers.docx_package import Package
from extract.readers.docx_xml import A


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
    if is_metafile(name, data):
        bitmap = bitmap_of(data, package.settings)
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
            return png(part)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return data  # the picture reader says what is wrong with it


def _fraction(value: str | None) -> float:
    """Return a crop in thousandths of a percent as a fraction; 0 for none or one that widens."""
    try:
        return max(int(value or 0) / 100_000, 0.0)
    except ValueError:
        return 0.0
