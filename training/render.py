"""Draw value cells as they stand in table pictures: `draw_sample` gives one crop with what it is to be read as.

A cell is drawn on a small page with its ruling lines and its neighbours' ends, the page is damaged as a whole, and
then the cell's inside is cut out, a little too wide or too narrow, as a finder of cells does.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training import damage
from training.fonts import Font, load
from training.texts import UNKNOWN, draw_text

Grey = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in px of the page."""
_LOST, _LEGIBLE = 0.15, 0.6
"""What is left of a text: below the first nobody can see it, and it teaches nothing; below the second nobody can read what broke."""
_BREAKS = frozenset({"bilevel", "photocopy", "worn"})
"""Damage that breaks strokes; what only moves or fades them can look as unlike and be read with ease."""
HAN_HEIGHT = 0.92
"""Height of a Chinese character's ink in ems: what the runtime calls the text height."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A cell's crop (h, w), the table's text height in px, the text to be read, and how it was made."""

    crop: Grey
    text_height: float
    label: str
    font: str
    damage: str


@dataclass(frozen=True, slots=True)
class _Look:
    """How one cell is drawn: type size in px, grey of paper, ink and rules, drawing method, spacing."""

    size: int
    paper: int
    ink: int
    rule: int
    method: str
    spacing: float
    stretch: float


def draw_sample(
    rng: np.random.Generator,
    fonts: list[Font],
    weights: NDArray[np.float64],
    kinds: dict[str, float] | None = None,
    stamps: float = 0.03,
) -> Sample:
    """Draw one sample; `weights` sums to 1 over `fonts`.

    `kinds` gives kinds of damage and their shares (all that are trained on, if None); `stamps` is the share of
    cells with part of a stamp over them.
    """
    font = fonts[int(rng.choice(len(fonts), p=weights))]
    text, label = draw_text(rng, font)
    look = _look(rng)
    page, box, print_box = _page(rng, font, text, look)
    if label in {"", UNKNOWN} and rng.random() < 0.25:
        label = _scribble(rng, page, box, look, label)
    page = _stamped(rng, page, box, look) if rng.random() < stamps and label != "" else page
    names = kinds or {name: share for name, (_, share) in damage.TRAINED.items()}
    name = str(rng.choice(list(names), p=np.array(list(names.values())) / sum(names.values())))
    how = damage.HELD_OUT[name] if name in damage.HELD_OUT else damage.TRAINED[name][0]
    damaged = how(rng, page, float(look.size))
    left = _left(page, damaged, print_box, look.size) if text else 1.0
    if left < _LOST:
        return draw_sample(rng, fonts, weights, kinds, stamps)
    label = UNKNOWN if name in _BREAKS and left < _LEGIBLE else label
    crop, label = _crop(rng, damaged, box, print_box, look, label)
    guess = HAN_HEIGHT * look.size * float(np.exp(np.clip(rng.normal(-0.05, 0.1), -0.32, 0.22)))
    return Sample(crop, guess, label, font.path, name)


def _left(before: Grey, after: Grey, text: Box, size: int) -> float:
    """How much the page still looks like the text where it stood (correlation, up to 1); 0 where all is pale."""
    near = round(0.4 * size)
    area = np.s_[max(text[1] - near, 0) : text[3] + near, max(text[0] - near, 0) : text[2] + near]
    first, second = (
        cv2.GaussianBlur(p[area].astype(np.float32), (0, 0), 0.08 * size) for p in (before, after)
    )
    first, second = first - first.mean(), second - second.mean()
    power = float(np.sqrt((first**2).sum() * (second**2).sum()))
    inner = after[text[1] : text[3], text[0] : text[2]].astype(np.float32)
    contrast = float(np.abs(inner - np.median(after[area])).max())
    return 0.0 if power == 0 or contrast < 22 else float((first * second).sum()) / power


def _look(rng: np.random.Generator) -> _Look:
    size = round(float(np.exp(rng.triangular(np.log(8.6), np.log(14), np.log(62)))))
    paper, ink = 255, int(rng.integers(0, 60)) if rng.random() < 0.4 else 0
    if rng.random() < 0.15:
        paper, ink = int(rng.integers(190, 255)), int(rng.integers(0, 100))
    elif rng.random() < 0.1:
        ink = int(rng.integers(60, 150))
    if rng.random() < 0.03:
        paper, ink = int(rng.integers(0, 110)), 255
    rule = int(rng.integers(0, 200)) if rng.random() < 0.5 else ink
    method = str(rng.choice(["native", "mono", "cleartype", "resampled"], p=[0.38, 0.08, 0.14, 0.4]))
    if method == "mono" and size < 11:
        method = "native"
    spacing = float(rng.uniform(-0.03, 0.2)) if rng.random() < 0.12 else 0.0
    stretch = float(rng.uniform(0.82, 1.2)) if rng.random() < 0.3 else 1.0
    return _Look(size, paper, ink, rule, method, spacing, stretch)


def _text_mask(font: Font, text: str, size: int, spacing: float, mono: bool) -> NDArray[np.float32]:
    """Coverage (0 to 1) of the text, on the font's full line height: (about 1.3 size, width)."""
    face = load(font.path, size)
    ascent, descent = face.getmetrics()
    width = int(sum(face.getlength(c) for c in text) + max(spacing, 0) * size * len(text)) + size
    height = max(int(1.1 * size), min(ascent + descent, 2 * size)) + 2
    image = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1" if mono else "L"
    base = int(0.5 * height + 0.36 * size)
    if spacing == 0:
        pen.text((size // 4, base), text, fill=255, font=face, anchor="ls")
    else:
        x = size / 4
        for char in text:
            pen.text((x, base), char, fill=255, font=face, anchor="ls")
            x += face.getlength(char) + spacing * size
    box = image.getbbox()
    if box is None:
        return np.zeros((height, 1), np.float32)
    return np.asarray(image, np.float32)[:, box[0] : box[2]] / 255


def _coverage(rng: np.random.Generator, font: Font, text: str, look: _Look) -> NDArray[np.float32]:
    """The text's coverage at page resolution, by the look's method."""
    if not text:
        return np.zeros((look.size, 1), np.float32)
    if look.method in {"native", "mono"}:
        return _text_mask(font, text, look.size, look.spacing, look.method == "mono")
    scale = 3.0 if look.method == "cleartype" else float(rng.uniform(1.1, 3.2))
    big = _text_mask(font, text, max(9, round(look.size * scale)), look.spacing, False)
    shift = rng.uniform(0, 1, 2)
    big = np.pad(big, ((3, 3), (3, 3)))
    height, width = big.shape
    size = max(2, round(width * look.stretch / scale)), max(2, round(height / scale))
    matrix = np.array([[look.stretch / scale, 0, shift[0]], [0, 1 / scale, shift[1]]])
    if look.method == "cleartype":
        big = cv2.blur(big, (5, 1))
    filters = (cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
    if scale > 1.6 or rng.random() < 0.5:
        return np.clip(cv2.resize(big, size, interpolation=filters[0]), 0, 1)
    how = filters[int(rng.integers(1, 5))]
    if how == cv2.INTER_AREA:
        how = cv2.INTER_LINEAR
    return np.clip(cv2.warpAffine(big, matrix, size, flags=how), 0, 1)


def _page(rng: np.random.Generator, font: Font, text: str, look: _Look) -> tuple[Grey, Box, Box]:
    """Draw cell, rules and neighbours; return the page, the cell's inside between the rules, and the text's box."""
    mask = _coverage(rng, font, text, look)
    s = look.size
    rows = mask.sum(axis=1).nonzero()[0]
    mask = mask[rows[0] : rows[-1] + 1] if len(rows) else mask
    line = 1.0 if not len(rows) else max(0.95, mask.shape[0] / s)
    inner_h = round(s * (line + float(rng.exponential(0.35)) + 0.12))
    inner_w = round(mask.shape[1] + s * (0.25 + float(rng.exponential(1.0))))
    margin = max(4, round(0.7 * s))
    ink = np.zeros((inner_h + 2 * margin, inner_w + 2 * margin), np.float32)
    slack = inner_h - mask.shape[0]
    y = margin + round(slack / 2 + float(np.clip(rng.normal(0, 0.12), -0.3, 0.3)) * slack)
    room = inner_w - mask.shape[1]
    align = rng.choice([0.5, float(rng.uniform(0.05, 0.95))], p=[0.7, 0.3])
    x = margin + round(room * float(align))
    ink[y : y + mask.shape[0], x : x + mask.shape[1]] = mask
    if rng.random() < 0.3:
        _neighbours(rng, ink, font, look, (margin, margin, margin + inner_w, margin + inner_h))
    page = look.paper + (look.ink - look.paper) * ink
    _rules(rng, page, (margin, margin, margin + inner_w, margin + inner_h), look)
    if text and rng.random() < 0.01:
        bottom = y + mask.shape[0] + max(1, s // 10)
        page[bottom : bottom + max(1, s // 14), x : x + mask.shape[1]] = look.ink
    grey = np.clip(np.rint(page), 0, 255).astype(np.uint8)
    inside = (margin, margin, margin + inner_w, margin + inner_h)
    return grey, inside, (x, y, x + mask.shape[1], y + mask.shape[0])


def _neighbours(
    rng: np.random.Generator, ink: NDArray[np.float32], font: Font, look: _Look, box: Box
) -> None:
    """Put the ends of the texts above, below or beside into the page's margin, with rules or without."""
    mask = _coverage(rng, font, str(rng.choice(["0", "12", "358", "6,041"])), look)
    rows = mask.sum(axis=1).nonzero()[0]
    mask = mask[rows[0] : rows[-1] + 1] if len(rows) else mask
    height, width = ink.shape
    gap = max(2, round(0.12 * look.size))
    x = int(rng.integers(0, max(1, width - mask.shape[1])))
    if rng.random() < 0.5:
        part = mask[-(box[1] - gap) :] if box[1] > gap else mask[:0]
        tall, wide = part.shape[0], min(part.shape[1], width - x)
        ink[box[1] - gap - tall : box[1] - gap, x : x + wide] = part[:, :wide]
    else:
        part = mask[: height - box[3] - gap]
        wide = min(part.shape[1], width - x)
        ink[box[3] + gap : box[3] + gap + part.shape[0], x : x + wide] = part[:, :wide]


def _rules(rng: np.random.Generator, page: NDArray[np.float32], box: Box, look: _Look) -> None:
    """Rule the cell on some or all sides: thin, thick, faint, doubled or broken."""
    thick = int(rng.integers(1, max(2, round(look.size / 9)) + 1))
    none_vertical = rng.random() < 0.08
    x0, y0, x1, y1 = box
    for side in range(4):
        if rng.random() < 0.08 or (none_vertical and side < 2):
            continue
        lane = (slice(x0 - thick, x0), slice(x1, x1 + thick), slice(y0 - thick, y0), slice(y1, y1 + thick))[
            side
        ]
        band = page[:, lane] if side < 2 else page[lane].T
        keep = np.ones(len(band), bool)
        if rng.random() < 0.12:
            keep = np.repeat(rng.random(len(band) // 4 + 1) < 0.6, 4)[: len(band)]
        band[keep] = look.rule


def _scribble(rng: np.random.Generator, page: Grey, box: Box, look: _Look, label: str) -> str:
    """Draw strokes by hand, or arcs of a stamp, over the cell; what they make is not to be known."""
    x0, y0, x1, y1 = box
    s = look.size
    if y1 - y0 < 6 or x1 - x0 < 6:
        return label
    if label == UNKNOWN:
        page[y0:y1, x0:x1] = look.paper
    shade = look.ink if rng.random() < 0.6 else int((look.ink + look.paper) / 2)
    for _ in range(int(rng.integers(2, 5))):
        points = np.cumsum(rng.normal(0, 0.45 * s, (int(rng.integers(4, 9)), 2)), axis=0)
        points += np.array([(x0 + x1) / 2, (y0 + y1) / 2]) - points.mean(axis=0)
        points = np.clip(points, (x0 + 1, y0 + 1), (x1 - 2, y1 - 2))
        cv2.polylines(
            page, [points.astype(np.int32)], False, shade, max(1, round(s * float(rng.uniform(0.04, 0.12))))
        )
    return UNKNOWN


def _stamped(rng: np.random.Generator, page: Grey, box: Box, look: _Look) -> Grey:
    """Lay part of a round stamp, paler than the ink, over the page."""
    if look.ink > look.paper:
        return page
    layer = np.full(page.shape, 255, np.uint8)
    s = look.size
    centre = (
        int(rng.integers(-2 * s, page.shape[1] + 2 * s)),
        int(rng.integers(-2 * s, page.shape[0] + 2 * s)),
    )
    level = int(look.ink + (look.paper - look.ink) * rng.uniform(0.45, 0.75))
    for radius in (2.6, 2.4, 1.2):
        cv2.circle(layer, centre, int(s * radius * float(rng.uniform(0.8, 1.2))), level, max(1, s // 8))
    return np.minimum(page, layer)


def _crop(
    rng: np.random.Generator, page: Grey, box: Box, text: Box, look: _Look, label: str
) -> tuple[Grey, str]:
    """Cut the cell's inside out: usually just within the rules, at times with a sliver of one, rarely cutting ink."""
    x0, y0, x1, y1 = box
    slack = max(1.0, look.size / 14)
    inset = np.rint(rng.normal(1.1, 0.9, 4) * slack).astype(int)
    inset = np.clip(inset, -2, max(1, round(0.11 * look.size)))
    left, top, right, bottom = x0 + inset[0], y0 + inset[1], x1 - inset[2], y1 - inset[3]
    if label and set(label) <= set("02345689") and rng.random() < 0.03:
        cut = text[1] + round((text[3] - text[1]) * float(rng.uniform(0.4, 0.6)))
        top, bottom = (cut, bottom) if rng.random() < 0.5 else (top, cut)
        label = UNKNOWN
    crop = page[max(top, 0) : max(bottom, top + 3), max(left, 0) : max(right, left + 3)]
    return np.ascontiguousarray(crop), label
