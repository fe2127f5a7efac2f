"""Picture files: one picture, or one for each page of a TIFF."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from extract.errors import ReadError
from extract.model import Document, Picture, Place, Source
from extract.settings import Settings

_FAULTS = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError)


def read(source: Source, settings: Settings) -> Document:
    """Read a picture file. Raises ReadError: too_large by its header, damaged where it cannot be decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(source.data)) as image:
                _measure(image, settings)
                pictures = _pages(image, source, settings)
    except Image.DecompressionBombError as error:
        raise ReadError("too_large", f"{error}") from error
    except _FAULTS as error:
        raise ReadError("damaged", f"{error}") from error
    return Document("picture", tuple(pictures))


def _measure(image: Image.Image, settings: Settings) -> None:
    if image.width * image.height > settings.max_pixels:
        raise ReadError("too_large", f"{image.width} by {image.height} pixels.")


def _pages(image: Image.Image, source: Source, settings: Settings) -> list[Picture]:
    """Return the pages; a file of one page that stands upright is passed on as it is."""
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if count > settings.max_pages:
        raise ReadError("too_large", f"{count} pages.")
    turned = image.getexif().get(0x0112, 1) != 1
    if count == 1 and not turned:
        image.load()
        return [Picture("page-1", source.data, Place(page=1))]
    frames = ImageSequence.Iterator(image) if count > 1 else iter([image])
    result = []
    for number, frame in enumerate(frames, 1):
        _measure(frame, settings)
        result.append(Picture(f"page-{number}", _png(ImageOps.exif_transpose(frame)), Place(page=number)))
    return result


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    mode = image.mode if image.mode in {"1", "L", "RGB", "RGBA", "P", "LA"} else "RGB"
    image.convert(mode).save(buffer, "PNG")
    return buffer.getvalue()
