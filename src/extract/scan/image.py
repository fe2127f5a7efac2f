"""Encoded pictures to grey pixels, within limits."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from extract.errors import ReadError
from extract.scan.seals import without_seals
from extract.settings import Settings

Grey = NDArray[np.uint8]

_FAULTS = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)
_DEEP = {"I", "I;16", "I;16B", "I;16L", "F"}


def decode(data: bytes, settings: Settings) -> Grey:
    """Return a picture as (h, w) uint8 grey, transparent parts on white, without red seals, turned as its EXIF data says.

    Raises ReadError: too_large by its header, before any pixel is decoded; picture_unreadable.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > settings.max_pixels:
                    raise ReadError("too_large", f"{image.width} by {image.height} pixels.")
                return _grey(ImageOps.exif_transpose(image))
    except _FAULTS as error:
        raise ReadError("picture_unreadable", f"{error}") from error


def _grey(image: Image.Image) -> Grey:
    if image.mode in _DEEP:
        values = np.asarray(image, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        top = 65535.0 if high > 255 else 255.0
        return np.clip(values * (255.0 / (top if low >= 0 else 1.0)), 0, 255).astype(np.uint8)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, image)
    if image.mode in {"1", "L"}:
        return np.asarray(image.convert("L"), dtype=np.uint8)
    colour = without_seals(np.asarray(image.convert("RGB"), dtype=np.uint8))
    return np.asarray(Image.fromarray(colour).convert("L"), dtype=np.uint8)
