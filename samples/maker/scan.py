"""Makes scans: pages rendered, turned a little, speckled, and packed as pictures into a PDF or TIFF."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from random import Random

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

_DATE = time.struct_time((2024, 1, 2, 3, 4, 5, 1, 2, 0))


@dataclass(frozen=True)
class ScanLook:
    """How a scanner and its user behave."""

    dpi: int = 150
    turn: float = 0.3
    """Degrees, at most, either way."""
    noise: float = 6.0
    """Standard deviation in grey levels."""
    blur: float = 0.4
    paper: int = 250
    quality: int = 45
    bilevel: bool = False


def random_scan_look(rng: Random) -> ScanLook:
    """Return a look from good to middling."""
    return ScanLook(
        dpi=rng.choice((120, 150, 150, 200)),
        turn=rng.choice((0.0, 0.2, 0.5, 1.0)),
        noise=rng.choice((2.0, 5.0, 9.0)),
        blur=rng.choice((0.0, 0.4, 0.7)),
        paper=rng.choice((255, 250, 240)),
        quality=rng.choice((40, 60, 80)),
        bilevel=rng.random() < 0.2,
    )


def render(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Return the pages of a PDF as grey pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def scanned(pages: list[Image.Image], look: ScanLook, rng: Random) -> list[Image.Image]:
    """Return the pages as a scanner gives them."""
    return [_one(page, look, rng) for page in pages]


def _one(page: Image.Image, look: ScanLook, rng: Random) -> Image.Image:
    angle = rng.uniform(-look.turn, look.turn)
    page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    if look.blur:
        page = page.filter(ImageFilter.GaussianBlur(look.blur))
    grey = np.asarray(page, dtype=np.float32) * (look.paper / 255)
    generator = np.random.default_rng(rng.getrandbits(32))
    grey += generator.normal(0, look.noise, grey.shape).astype(np.float32)
    result = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return result.point([0] * 150 + [255] * 106).convert("1") if look.bilevel else result


def as_pdf(pages: list[Image.Image], look: ScanLook) -> bytes:
    """Return an image-only PDF."""
    buffer = io.BytesIO()
    packing = {} if look.bilevel else {"quality": look.quality}
    pages[0].save(
        buffer, "PDF", save_all=True, append_images=pages[1:], resolution=look.dpi,
        creationDate=_DATE, modDate=_DATE, **packing,
    )  # fmt: skip
    return buffer.getvalue()


def as_tiff(pages: list[Image.Image]) -> bytes:
    """Return a TIFF of several pages: fax packing for two levels, deflate for grey."""
    buffer = io.BytesIO()
    packing = "group4" if pages[0].mode == "1" else "tiff_deflate"
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression=packing, dpi=(200, 200))
    return buffer.getvalue()


def mixed(text_pdf: bytes, look: ScanLook, rng: Random) -> bytes:
    """Return the PDF with every page but the first and the last replaced by its scan."""
    scans = pypdfium2.PdfDocument(as_pdf(scanned(render(text_pdf, look.dpi), look, rng), look))
    source = pypdfium2.PdfDocument(text_pdf)
    result = pypdfium2.PdfDocument.new()
    last = len(source) - 1
    for index in range(last + 1):
        result.import_pages(source if index in {0, last} else scans, [index])
    buffer = io.BytesIO()
    result.save(buffer)
    for document in (result, source, scans):
        document.close()
    return buffer.getvalue()
