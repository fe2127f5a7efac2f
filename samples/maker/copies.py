"""What becomes of printed pages: office scans, bad photocopies, phone photographs; stamps laid over them."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from . import fonts
from .picture import Look, random_look

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Copy:
    """How a page is copied. Lengths are shares of the page's width, levels are in grey levels of 255."""

    dpi: int = 150
    turn: float = 0.5
    """Degrees, at most, either way."""
    blur: float = 0.4
    """Standard deviation in pixels at 150 dpi."""
    noise: float = 5.0
    paper: int = 250
    ink: int = 0
    shadow: float = 0.0
    """Share of light lost from one side of the page to the other."""
    dirt: float = 0.0
    """Specks for each 100 by 100 pixels."""
    eaten: int = 0
    """Pixels by which strokes grow (above 0) or shrink (below 0)."""
    level: int = 0
    """Above 0: two levels only, black below this one."""
    corner: float = 0.0
    """How far each corner of the page may stand from where it should."""
    curl: float = 0.0
    """Height of the wave in the paper."""
    desk: bool = False
    """Whether the table under the paper is to be seen around it."""
    stamp: float = 0.0
    """Probability of a stamp on a page."""
    colour: bool = False
    """Whether the stamp keeps its red."""
    quality: int = 70


def office_scan(rng: Random) -> Copy:
    """Return a scanner's settings in an office, 120 to 300 dpi."""
    return Copy(
        dpi=rng.choice((120, 150, 150, 200, 200, 300)),
        turn=rng.choice((0.0, 0.3, 0.7, 1.5)),
        blur=rng.choice((0.0, 0.4, 0.7)),
        noise=rng.choice((1.0, 4.0, 8.0)),
        paper=rng.choice((255, 250, 240)),
        ink=rng.choice((0, 20, 50)),
        shadow=rng.choice((0.0, 0.0, 0.1)),
        level=rng.choice((0, 0, 0, 150)),
        stamp=0.1,
        quality=rng.choice((50, 65, 80)),
        colour=rng.random() < 0.5,
    )


def bad_copy(rng: Random) -> Copy:
    """Return the settings of a copy of a copy: askew, dirty, strokes eaten or bled, often in two levels.

    A person can still read it: what a machine writes in two levels it lights evenly and cuts close to the paper.
    """
    dpi = rng.choice((120, 150, 150, 200))
    paper, ink = rng.choice((250, 225, 205)), rng.choice((0, 40, 80))
    cut = rng.choice((0.0, 0.25, 0.4))
    return Copy(
        dpi=dpi,
        turn=rng.choice((1.0, 2.0, 4.0)),
        blur=rng.choice((0.5, 0.8, 1.1)),
        noise=rng.choice((6.0, 12.0)),
        paper=paper,
        ink=ink,
        shadow=rng.choice((0.0, 0.0, 0.1) if cut else (0.0, 0.2, 0.35)),
        dirt=rng.choice((0.1, 0.4, 1.0)),
        eaten=rng.choice((0, 0, 1, -1)) if dpi > 140 and not cut else rng.choice((0, 0, 1)),
        level=round(255 * (1 - cut * (1 - ink / paper))) if cut else 0,
        corner=rng.choice((0.0, 0.0, 0.01)),
        stamp=0.15,
        quality=rng.choice((35, 50)),
    )


def phone_photo(rng: Random) -> Copy:
    """Return how a telephone held over a page sees it, 1,100 to 2,500 px wide."""
    return Copy(
        dpi=rng.choice((140, 180, 220, 300)),
        turn=rng.choice((0.5, 2.0, 4.0)),
        blur=rng.choice((0.5, 0.8, 1.1)),
        noise=rng.choice((2.0, 5.0, 8.0)),
        paper=rng.choice((225, 205, 180)),
        ink=rng.choice((20, 45, 70)),
        shadow=rng.choice((0.1, 0.3, 0.5)),
        corner=rng.choice((0.01, 0.025, 0.04)),
        curl=rng.choice((0.0, 0.0, 0.003, 0.006)),
        desk=rng.random() < 0.7,
        stamp=0.15,
        quality=rng.choice((50, 70, 85)),
        colour=rng.random() < 0.7,
    )


def copied(page: Image.Image, look: Copy, rng: Random) -> Image.Image:
    """Return a printed page as its copy shows it, grey but for the red of a stamp."""
    plain = page.convert("L")
    stamped = _stamped(plain, rng) if rng.random() < look.stamp else plain
    seed = rng.getrandbits(32)
    seen = _seen(stamped, look, Random(seed))
    if look.level:
        level = round(look.level * look.paper / 255)
        return seen.point([0] * level + [255] * (256 - level)).convert("1")
    if stamped is plain or not look.colour:
        return seen
    bare = _seen(plain, look, Random(seed))
    return Image.merge("RGB", (Image.blend(bare, seen, 0.2), seen, seen))


def _seen(page: Image.Image, look: Copy, rng: Random) -> Image.Image:
    chance = np.random.default_rng(rng.getrandbits(32))
    grey = np.asarray(page, np.uint8)
    if look.eaten:
        grow = cv2.erode if look.eaten > 0 else cv2.dilate
        grey = np.asarray(grow(grey, np.ones((2, 2), np.uint8)), np.uint8)
    grey = _bent(grey, look, rng)
    values = look.ink + grey.astype(np.float32) * ((look.paper - look.ink) / 255)
    values = _lit(values, look, rng)
    if look.blur:
        values = cv2.GaussianBlur(values, (0, 0), look.blur * look.dpi / 150)
    values = _dirty(values, look, chance) + chance.normal(0, look.noise, values.shape).astype(np.float32)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _bent(grey: Grey, look: Copy, rng: Random) -> Grey:
    """Turn the page, move its corners, wave it, and lay it on a desk."""
    h, w = grey.shape
    edge = round(0.06 * w) if look.desk else 0
    angle = math.radians(rng.uniform(-look.turn, look.turn))
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)
    around = corners - (w / 2, h / 2)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    moved = around @ turn + (w / 2 + edge, h / 2 + edge)
    moved += np.array([[rng.uniform(-look.corner, look.corner) * w for _ in "xy"] for _ in corners])
    matrix = cv2.getPerspectiveTransform(moved.astype(np.float32), corners.astype(np.float32))
    ys, xs = np.mgrid[0 : h + 2 * edge, 0 : w + 2 * edge].astype(np.float64)
    down = matrix[2, 0] * xs + matrix[2, 1] * ys + matrix[2, 2]
    x = (matrix[0, 0] * xs + matrix[0, 1] * ys + matrix[0, 2]) / down
    y = (matrix[1, 0] * xs + matrix[1, 1] * ys + matrix[1, 2]) / down
    phase, waves = rng.uniform(0, 2 * math.pi), rng.uniform(0.5, 1.2)
    y += look.curl * w * np.sin(phase + 2 * math.pi * waves * x / w)
    fill = rng.choice((60, 110, 150)) if look.desk else 255
    how = cv2.INTER_CUBIC
    bent = cv2.remap(grey, x.astype(np.float32), y.astype(np.float32), how, borderValue=(float(fill),))
    return np.asarray(bent, np.uint8)


def _lit(values: NDArray[np.float32], look: Copy, rng: Random) -> NDArray[np.float32]:
    """Let the light fall off towards one side."""
    h, w = values.shape
    angle = rng.uniform(0, 2 * math.pi)
    across = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None] * math.cos(angle)
    along = np.linspace(-0.5, 0.5, h, dtype=np.float32)[:, None] * math.sin(angle)
    return np.asarray(values * (1 - look.shadow * (0.5 + across + along)), np.float32)


def _dirty(values: NDArray[np.float32], look: Copy, chance: np.random.Generator) -> NDArray[np.float32]:
    h, w = values.shape
    for _ in range(int(chance.poisson(look.dirt * h * w / 10_000))):
        centre = int(chance.integers(w)), int(chance.integers(h))
        cv2.circle(values, centre, int(chance.integers(0, 2)), (float(chance.integers(0, 150)),), -1)
    return values


def _stamped(page: Image.Image, rng: Random) -> Image.Image:
    """Press a round seal, in grey about as light as its red, over some part of the page."""
    size = round(page.width * 0.2)
    seal = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(seal)
    shade, line = rng.choice((110, 140, 170)), max(2, size // 40)
    pen.ellipse((line, line, size - line, size - line), outline=shade, width=line)
    face = fonts.load(fonts.any_chinese(rng), max(10, size // 7))
    pen.text((size / 2, size * 0.7), "专用章", shade, face, anchor="mm")
    points = [
        (
            size / 2 + size / 6 * r * math.sin(k * math.pi / 5),
            size * 0.42 - size / 6 * r * math.cos(k * math.pi / 5),
        )
        for k in range(10)
        for r in (1 if k % 2 == 0 else 0.4,)
    ]
    pen.polygon(points, fill=shade)
    layer = Image.new("L", page.size, 255)
    layer.paste(seal, (rng.randrange(page.width - size), rng.randrange(page.height - size)))
    return Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer)))


def wide_look(rng: Random) -> Look:
    """Return a look of a screenshot, 450 to 4,000 px wide, now and then with dark heads or a double border."""
    look = random_look(rng)
    width = rng.choice((450, 520, 600, 700, 800, 900, 1000, 1200, 1600, 2200, 3000, 4000))
    size = max(10, round(width * rng.uniform(0.0145, 0.0185)))
    grow = size / look.size
    shade = rng.choice((*[look.shade] * 10, "#2f5496", "#c00000"))
    return replace(
        look, width=width, size=size, padding=max(2, round(look.padding * grow)), tall=round(look.tall * grow),
        line=max(1, round(look.line * grow * 0.8)), margin=round(look.margin * grow),
        zoom=look.zoom if width <= 1200 else 1.0, double=rng.random() < 0.1,
        shade=shade, line_ink=look.line_ink if shade == look.shade else "#000000",
    )  # fmt: skip


def jpeg(image: Image.Image, rng: Random) -> bytes:
    """Return a picture as web sites keep them: JPEG, now and then made smaller or larger before."""
    factor = rng.choice((1.0, 1.0, 0.85, 1.3))
    if image.width * factor >= 450:
        image = image.resize(
            (round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC
        )
    buffer = io.BytesIO()
    image.convert(rng.choice(("L", "RGB"))).save(buffer, "JPEG", quality=rng.choice((45, 60, 75, 85)))
    return buffer.getvalue()


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """Return a photograph as telephones keep it."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
