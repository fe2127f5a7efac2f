"""What was read, drawn onto the picture or page it was read from, so that a person sees both at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.errors import OutputError
from extract.model import Box, Document, Picture, Source
from extract.readers import read_document
from extract.readers.pdf_pictures import open_pdf, render_page
from extract.record import Record
from extract.scan.image import decode
from extract.settings import Settings
from extract.values import Value

Rgb = NDArray[np.uint8]

_COLOURS = {
    "sure": (40, 150, 60),
    "blank": (170, 170, 170),
    "repaired": (190, 60, 190),
    "look": (30, 30, 220),
}
"""BGR: read and sure, read as blank, repaired by the sums, to be looked at."""


def write_overlays(record: Record, sources: Sequence[Source], folder: Path, settings: Settings) -> list[Path]:
    """Write a PNG per picture and page that values stand on, with their boxes and what was read; return the files.

    Green: sure; grey: blank; violet: repaired by the sums; red: to be looked at. Raises OutputError.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            values = [
                v for v in record.values if v.place.box and (v.place.file or record.file) == source.file
            ]
            for name, page, frame, shown in _pages(source, values, settings):
                path = folder / f"{_plain(Path(source.file.split('!')[-1]).stem)}-{_plain(name)}.png"
                _draw(page, shown, frame)
                path.write_bytes(cv2.imencode(".png", page)[1].tobytes())
                written.append(path)
    except OSError as error:
        raise OutputError(f"cannot write into {folder}: {error}") from error
    return written


def _plain(name: str) -> str:
    """Return a name that any file system takes."""
    return re.sub(r"[^\w.\-]+", "_", name).strip("._") or "page"


def _pages(
    source: Source, values: Sequence[Value], settings: Settings
) -> Iterator[tuple[str, Rgb, Box, list[Value]]]:
    """Yield each picture or page that values stand on: name, pixels, what it shows in units of the boxes, values."""
    in_pictures = {v.place.picture for v in values if v.place.picture}
    if in_pictures:
        document: Document = read_document(source, settings)
        for block in document.blocks:
            if isinstance(block, Picture) and block.name in in_pictures and block.data:
                shown = [v for v in values if v.place.picture == block.name]
                grey = decode(block.data, settings)
                frame = block.place.box or Box(0.0, 0.0, float(grey.shape[1]), float(grey.shape[0]))
                yield block.name, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), frame, shown
    pages = sorted({v.place.page for v in values if v.place.page and not v.place.picture})
    if source.kind == "pdf" and pages:
        with open_pdf(source.data) as document_:
            for number in pages:
                picture = render_page(document_, number, settings)
                grey = decode(picture.data, settings)
                shown = [v for v in values if v.place.page == number and not v.place.picture]
                frame = picture.place.box or Box(0.0, 0.0, float(grey.shape[1]), float(grey.shape[0]))
                yield f"page-{number}", cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), frame, shown


def _draw(page: Rgb, values: Sequence[Value], frame: Box) -> None:
    right, down = page.shape[1] / (frame.x1 - frame.x0), page.shape[0] / (frame.y1 - frame.y0)
    for value in values:
        box = value.place.box
        if box is None:
            continue
        colour = _COLOURS[_kind(value)]
        low, high = (
            (round((box.x0 - frame.x0) * right), round((box.y0 - frame.y0) * down)),
            (round((box.x1 - frame.x0) * right), round((box.y1 - frame.y0) * down)),
        )
        cv2.rectangle(page, (low[0] + 2, low[1] + 2), (high[0] - 2, high[1] - 2), colour, 2)
        text = "?" if value.filled is None else f"{value.filled.normalize():f}"
        size = max(0.3, min(0.5, (high[1] - low[1]) / 70))
        cv2.putText(
            page, text, (low[0] + 5, high[1] - 5), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA
        )


def _kind(value: Value) -> str:
    if value.review:
        return "look"
    return value.status if value.status in {"blank", "repaired"} else "sure"
