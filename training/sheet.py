"""A contact sheet: crops, the strips the network saw, and a line of text under each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from extract.scan.digits import prepare
from training.render import Sample

_SIZE = (1500, 1240)
_ROW = 124


def contact_sheet(items: list[tuple[Sample, str]], out: Path) -> None:
    """Write as many of `items` (sample, what to write under it) as fit on one page to a PNG."""
    page = Image.new("RGB", _SIZE, (180, 200, 220))
    pen = ImageDraw.Draw(page)
    x = y = 0
    for sample, text in items:
        crop = Image.fromarray(sample.crop)
        crop.thumbnail((200, 70))
        strip = prepare(sample.crop, sample.text_height)
        grey = np.where(strip < -0.1, 140, 255 - 255 * np.clip(strip, 0, 1)).astype(np.uint8)
        width = max(crop.width, strip.shape[1], 6 * len(text)) + 6
        if x + width > _SIZE[0]:
            x, y = 0, y + _ROW
        if y + _ROW > _SIZE[1]:
            break
        page.paste(crop, (x, y))
        page.paste(Image.fromarray(grey), (x, y + 74))
        pen.text((x, y + 108), text.replace("\ufffd", "?"), fill=(200, 0, 0))
        x += width
    page.save(out)
