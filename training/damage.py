"""What happens to a picture on its way: each function takes and gives a grey picture (h, w) of uint8."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]
Damage = Callable[[np.random.Generator, Grey, float], Grey]
"""Arguments: chance, picture, size of the type in px."""

_FILTERS = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_NEAREST)


def _grey(values: NDArray[np.floating]) -> Grey:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def noise(rng: np.random.Generator, picture: Grey, strength: float) -> Grey:
    """Sensor noise, sometimes of a coarser grain."""
    height, width = picture.shape
    grain = 1 if rng.random() < 0.7 else 2
    field = rng.standard_normal((height // grain + 1, width // grain + 1), np.float32) * strength
    if grain == 2:
        field = cv2.resize(field, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    return _grey(picture + field[:height, :width])


def jpeg(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """JPEG at a quality that screenshots and phone pictures have, sometimes twice."""
    for _ in range(1 if rng.random() < 0.8 else 2):
        quality = int(rng.integers(35 if size > 14 else 50, 96))
        picture = cv2.imdecode(
            cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
        )
    return picture


def soften(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Blur, in proportion to the type."""
    return np.asarray(
        cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.02, 0.065)) * size + 0.15), np.uint8
    )


def resample(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Down and up again, or up and down, by any of the usual filters."""
    height, width = picture.shape
    factor = float(rng.uniform(max(0.55, 9 / size), 1.6)) if size > 9.5 else float(rng.uniform(1.05, 1.6))
    for shape in ((max(2, round(width * factor)), max(2, round(height * factor))), (width, height)):
        usable = _FILTERS if factor > 0.85 and size > 13 else _FILTERS[:4]
        picture = cv2.resize(picture, shape, interpolation=usable[rng.integers(len(usable))])
    return picture


def scan(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """An office scanner: a little turned, soft, grey paper, uneven light, noise."""
    picture = tilt(rng, picture, 1.2)
    picture = soften(rng, picture, size)
    light = _light(rng, picture.shape, 0.06)
    low, high = rng.uniform(0, 60), rng.uniform(225, 255)
    levels = low + picture.astype(np.float32) / 255 * (high - low)
    picture = noise(rng, _grey(levels * light), float(rng.uniform(0.5, 6)))
    return jpeg(rng, picture, size) if rng.random() < 0.6 else picture


def bilevel(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Black and white at a threshold that breaks strokes or fattens them."""
    rough = noise(rng, soften(rng, picture, size), float(rng.uniform(0, 14)))
    low, paper = float(cv2.blur(picture, (2, 2)).min()), float(np.median(picture))
    level = low + (paper - low) * float(rng.uniform(0.35, 0.85))
    return np.where(rough < level, 0, 255).astype(np.uint8)


def photocopy(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """A bad copy: bled or eaten strokes, dirt, a hard threshold or high contrast, then scanned."""
    picture = tilt(rng, picture, 2.0)
    if rng.random() < 0.5 and size > 14:
        side = 2 + int(rng.random() < 0.3) * round(size / 28)
        kernel = np.ones((side, side) if rng.random() < 0.7 else (side, 1), np.uint8)
        picture = np.asarray((cv2.erode if rng.random() < 0.6 else cv2.dilate)(picture, kernel), np.uint8)
    picture = _eaten(rng, picture, size) if rng.random() < 0.4 else picture
    picture = dirt(rng, picture, size)
    if rng.random() < 0.5:
        picture = bilevel(rng, picture, size)
    else:
        gain = rng.uniform(1.2, 2.5)
        picture = _grey(128 + (soften(rng, picture, size).astype(np.float32) - rng.uniform(110, 170)) * gain)
    picture = soften(rng, picture, size) if rng.random() < 0.6 else picture
    return noise(rng, picture, float(rng.uniform(1, 12)))


def photo(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """A phone's picture: perspective, strong gradients of light, blur, noise, JPEG."""
    picture = perspective(rng, tilt(rng, picture, 3.0))
    picture = soften(rng, picture, size)
    levels = (rng.uniform(10, 80) + picture.astype(np.float32) * rng.uniform(0.5, 0.75)) * _light(
        rng, picture.shape, 0.2
    )
    return jpeg(rng, noise(rng, _grey(levels), float(rng.uniform(1, 7))), size)


def dirt(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Specks smaller than a full stop, few or very many of them, and now and then a streak down or across the page."""
    picture = picture.copy()
    paper = int(np.median(picture))
    density = float(np.exp(rng.uniform(np.log(0.15), np.log(7.0))))
    largest = size * float(rng.choice([0.03, 0.05, 0.07]))
    _specks(rng, picture, size, density, largest, (0, max(paper - 55, 1)))
    if rng.random() < 0.06:
        thick, level = max(1, round(size / 22)), int(rng.integers(0, 160))
        lanes = picture if rng.random() < 0.6 else picture.T
        at = int(rng.integers(0, lanes.shape[1]))
        lanes[rng.random(lanes.shape[0]) < rng.uniform(0.4, 1.0), at : at + thick] = level
    return picture


def worn(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """A copy whose print is faint in patches, eaten and dirty, in grey or in black and white."""
    paper = float(np.median(picture))
    height, width = picture.shape
    rough = rng.random((max(2, round(height / size)), max(2, round(width / size)))).astype(np.float32)
    strength = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    left = np.clip(float(rng.uniform(0.25, 0.6)) + 0.7 * strength, 0.15, 1.0)
    faint = _grey(paper + (picture.astype(np.float32) - paper) * left)
    faint = dirt(rng, _eaten(rng, tilt(rng, faint, 2.0), size), size)
    if rng.random() < 0.4:
        return bilevel(rng, faint, size)
    return noise(rng, soften(rng, faint, size), float(rng.uniform(1, 12)))


def _eaten(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Take small bits of paper's grey out of the strokes."""
    picture, paper = picture.copy(), int(np.median(picture))
    density = float(np.exp(rng.uniform(np.log(0.5), np.log(12.0))))
    _specks(rng, picture, size, density, size * 0.045, (max(paper - 20, 0), paper + 1))
    return picture


def _specks(
    rng: np.random.Generator,
    picture: Grey,
    size: float,
    density: float,
    largest: float,
    levels: tuple[int, int],
) -> None:
    """Set specks of up to `largest` px radius into the picture, `density` of them on a square of the type's size."""
    height, width = picture.shape
    count = int(rng.poisson(min(density * height * width / (size * size), 400)))
    xs, ys = rng.integers(0, width, count), rng.integers(0, height, count)
    sizes = rng.random(count) ** 2 * (largest + 0.5)
    shades = rng.integers(*levels, count)
    for x, y, radius, shade in zip(xs.tolist(), ys.tolist(), sizes.tolist(), shades.tolist(), strict=True):
        if radius < 1:
            picture[y : y + 1, x : x + 1 + int(radius > 0.5)] = shade
        else:
            cv2.circle(picture, (x, y), int(radius), shade, -1)


def tilt(rng: np.random.Generator, picture: Grey, degrees: float) -> Grey:
    """Turn by up to `degrees` (normally distributed), paper filled from the border."""
    height, width = picture.shape
    angle = float(np.clip(rng.normal(0, degrees / 2), -degrees, degrees))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    how = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(
        cv2.warpAffine(picture, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    )


def perspective(rng: np.random.Generator, picture: Grey) -> Grey:
    """Move the four corners a little."""
    height, width = picture.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = (corners + rng.uniform(-0.05, 0.05, (4, 2)) * height).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return np.asarray(cv2.warpPerspective(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _light(rng: np.random.Generator, shape: tuple[int, ...], strength: float) -> NDArray[np.float32]:
    a, b = rng.uniform(-strength, strength, 2)
    return (1 + np.linspace(-a, a, shape[1])[None] + np.linspace(-b, b, shape[0])[:, None]).astype(np.float32)


def clean(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Nothing happens."""
    return picture


def grain(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """Noise alone."""
    return noise(rng, picture, float(rng.uniform(1, 16)))


# Never trained on: they show how the network takes what it has not met.
def motion(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """A hand that moved."""
    length = max(2, round(size * float(rng.uniform(0.06, 0.14))))
    kernel = np.eye(length) if rng.random() < 0.3 else np.outer(np.ones(1), np.ones(length))
    kernel = kernel.T if rng.random() < 0.5 else kernel
    return np.asarray(
        cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8
    )


def halo(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """A scanner that sharpens."""
    blurred = cv2.GaussianBlur(picture, (0, 0), size * 0.05 + 0.4).astype(np.float32)
    return _grey(blurred + rng.uniform(1.3, 2.5) * (picture - blurred))


def webp(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """WebP as web sites re-encode pictures."""
    done = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, int(rng.integers(35, 90))])[1]
    return np.asarray(cv2.imdecode(done, cv2.IMREAD_GRAYSCALE), np.uint8)


def palette(rng: np.random.Generator, picture: Grey, size: float) -> Grey:
    """A GIF of few colours, dithered."""
    few = (
        Image.fromarray(picture)
        .convert("RGB")
        .quantize(int(rng.integers(3, 9)), dither=Image.Dither.FLOYDSTEINBERG)
    )
    return np.asarray(few.convert("L"), np.uint8)


TRAINED: dict[str, tuple[Damage, float]] = {
    "clean": (clean, 0.22),
    "jpeg": (jpeg, 0.16),
    "soften": (soften, 0.06),
    "grain": (grain, 0.06),
    "resample": (resample, 0.12),
    "scan": (scan, 0.16),
    "bilevel": (bilevel, 0.06),
    "photocopy": (photocopy, 0.18),
    "worn": (worn, 0.1),
    "photo": (photo, 0.08),
}
"""Damage met in training, and how often."""
HELD_OUT: dict[str, Damage] = {"motion": motion, "halo": halo, "webp": webp, "palette": palette}
