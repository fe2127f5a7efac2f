r"""Read the value cells of a table picture with a small network of our own (`digits.onnx`, see `digits.card.json`).

The way of a crop: `prepare` scales it by the *table's* text height (so that `-` and `1`, `.` and `0` keep their
sizes), brings paper to 0 and ink to 1 and cuts out the ink; the network gives for each step along the line a
probability per character (CTC) and one for "this is a text I know"; `search` turns the steps into texts.

`prepare` is shared with `training/`, so that the network is used on what it was trained on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from extract.model import Reading
from extract.scan.alike import shared
from extract.scan.habits import by_habit

ALPHABET = "0123456789,.-+/%—无空元万件增减加少"
"""What the network can write; output 0 is CTC's blank, output i + 1 is `ALPHABET[i]`."""
MODEL = Path(__file__).with_name("digits.onnx")
UNKNOWN = "\ufffd"
"""The reading "ink, but no text of the alphabet": words, scribbles, stamps, cut-off characters."""

TEXT_HEIGHT = 20
"""A Chinese character of the table is scaled to this many px; digits then stand about 15 px high."""
STRIP_HEIGHT = 32
STEP = 8
"""Strips are padded to a multiple of this width, and only equal widths share a batch: no crop sees another."""
MAX_WIDTH = 320
OUTSIDE = -0.5
"""Value of what lies outside the crop: tells ink that runs into the crop's edge from ink that ends there."""

_MARGIN = 6  # px kept left and right of the ink
_RIM = 6  # px from the crop's edge within which a straight line is a ruling line's remnant
_INK = 0.2  # of full contrast: from here on a pixel counts as ink when the box of the ink is sought
_MIN_CONTRAST = 40.0  # grey levels; less is not stretched to full contrast, so that an empty cell stays pale
_SPECK = 4  # px: components of fewer pixels do not move the box of the ink
_HEAVY = 0.3  # of the largest part: lighter ones do not say where the line of text is
_DIRT = ".,"
_BATCH = 64
_FAINT = 1e-4  # probabilities below are not followed in the search
_BEAM = 8
_LISTED = 6

Scored = tuple[list[tuple[str, float]], float]
"""Texts with their CTC probabilities, best first, and the logit of "this is a text I know"."""


def prepare(crop: NDArray[np.uint8], text_height: float) -> NDArray[np.float32]:
    """Return a strip (32, W) for the network: paper 0, ink 1, outside the crop -0.5; W is a multiple of 8.

    `crop` is (h, w) grey, the inside of one cell; `text_height` is the height in px of the table's Chinese
    characters (ink; about 1.3 times the height of its digits). A dark crop with light text is turned round.
    """
    grey = _scaled(crop, TEXT_HEIGHT / text_height)
    ink = _without_rules(_contrast(grey))
    ink = np.clip(ink / max(float(cv2.blur(ink, (2, 2)).max()), _MIN_CONTRAST), 0.0, 1.0)
    x0, x1, centre = _ink_box(ink)
    return _cut(ink, x0, x1, centre)


def _scaled(crop: NDArray[np.uint8], scale: float) -> NDArray[np.float32]:
    height, width = crop.shape
    size = (
        min(max(1, round(width * scale)), 4 * MAX_WIDTH),
        min(max(1, round(height * scale)), 8 * STRIP_HEIGHT),
    )
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized: NDArray[np.uint8] = cv2.resize(crop, size, interpolation=how)
    return resized.astype(np.float32)


def _contrast(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distance from the paper's grey towards the ink's, in grey levels, at least 0."""
    grey = _level(grey)
    paper = _median(grey)
    smooth = cv2.blur(grey, (2, 2))
    low, high = float(smooth.min()), float(smooth.max())
    light_on_dark = paper < 140 and high - paper > 1.3 * (paper - low)
    ink = grey - paper if light_on_dark else paper - grey
    clipped: NDArray[np.float32] = np.maximum(ink, 0.0)
    return clipped


def _level(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take out a slope of the light: paper is the middle grey of each half of the crop."""
    height, width = grey.shape
    if min(height, width) < 8:
        return grey
    down = _median(grey[height // 2 :]) - _median(grey[: height // 2])
    right = _median(grey[:, width // 2 :]) - _median(grey[:, : width // 2])
    if abs(down) + abs(right) < 4.0:
        return grey
    slope = np.linspace(-right, right, width)[None] + np.linspace(-down, down, height)[:, None]
    levelled: NDArray[np.float32] = (grey - slope).astype(np.float32)
    return levelled


def _median(values: NDArray[np.float32]) -> float:
    flat = values[::2, ::2].ravel()
    return float(np.partition(flat, flat.size // 2)[flat.size // 2])


def _without_rules(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Wipe straight lines that run along an edge of the crop over (nearly) its whole length."""
    height, width = ink.shape
    dark = ink > max(0.25 * float(ink.max()), 12.0)
    if height >= 1.2 * TEXT_HEIGHT:
        _wipe(ink, dark.mean(axis=0) > 0.85)
    if height >= 1.4 * TEXT_HEIGHT and width >= 1.2 * TEXT_HEIGHT:
        _wipe(ink.T, dark.mean(axis=1) > 0.7)
    return ink


def _wipe(ink: NDArray[np.float32], line: NDArray[np.bool_]) -> None:
    """Clear the columns of `ink` from each edge to the innermost line within the rim (and its soft border)."""
    rim = min(_RIM, len(line) // 4)
    first = np.flatnonzero(line[:rim])
    if len(first):
        ink[:, : int(first[-1]) + 2] = 0.0
    last = np.flatnonzero(line[len(line) - rim :])
    if len(last):
        ink[:, max(len(line) - rim + int(last[0]) - 1, 0) :] = 0.0


def _ink_box(ink: NDArray[np.float32]) -> tuple[int, int, float]:
    """Return (x0, x1, vertical centre) of the ink; the middle of the crop where there is none.

    The heavy parts that lie clear of the crop's edge say where the line of text is; all parts on that line, a
    faint full stop or sign too, say how far it goes.
    """
    height, width = ink.shape
    dark = (ink > _INK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    parts = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= _SPECK]
    if not len(parts):
        return width // 2, width // 2, height / 2
    left, top, area = parts[:, 0], parts[:, 1], parts[:, 4]
    right, bottom = left + parts[:, 2], top + parts[:, 3]
    clear = (top > 0) & (bottom < height) & (left > 0) & (right < width) & (area >= 2 * _SPECK)
    clear = clear if clear.any() else (bottom > 3) & (top < height - 3)
    clear = clear if clear.any() else np.ones_like(clear)
    heavy = clear & (area >= _HEAVY * area[clear].max())
    y0, y1 = int(top[heavy].min()), int(bottom[heavy].max())
    line = (bottom > y0) & (top < y1)
    if y1 - y0 <= STRIP_HEIGHT - 4:
        centre = (y0 + y1) / 2
    else:
        weight = ink[:, int(left[heavy].min()) : int(right[heavy].max())].sum(axis=1)
        centre = float((weight * np.arange(height)).sum() / weight.sum())
    return int(left[line].min()), int(right[line].max()), centre


def _cut(ink: NDArray[np.float32], x0: int, x1: int, centre: float) -> NDArray[np.float32]:
    """Place the ink from x0 to x1, `centre` in the middle of the strip, with margins, into a strip."""
    height, width = ink.shape
    wanted = min(x1 - x0 + 2 * _MARGIN, MAX_WIDTH)
    strip = np.full((STRIP_HEIGHT, max(3 * STEP, -(-wanted // STEP) * STEP)), OUTSIDE, np.float32)
    left, top = x0 - _MARGIN, round(centre) - STRIP_HEIGHT // 2
    a, b = max(left, 0), min(left + strip.shape[1], width)
    c, d = max(top, 0), min(top + STRIP_HEIGHT, height)
    if a < b and c < d:
        strip[c - top : d - top, a - left : b - left] = ink[c:d, a:b]
    return strip


def search(steps: NDArray[np.float32], beam: int = _BEAM) -> list[tuple[str, float]]:
    """Return the likeliest texts of CTC probabilities (T, 1 + characters), best first, by prefix search.

    Every text's probability sums over its alignments; what is fainter than 1e-4 in a step is left out.
    """
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for row in _strong(steps):
        beams = _step(beams, row)
        if len(beams) > 1:
            best = sorted(beams.items(), key=_weight)[:beam]
            floor = _weight(best[0]) * _FAINT / 10
            beams = dict(item for item in best if _weight(item) < floor)
    return [(text, blank + inked) for text, (blank, inked) in sorted(beams.items(), key=_weight)]


def _weight(item: tuple[str, tuple[float, float]]) -> float:
    return -item[1][0] - item[1][1]


def _strong(steps: NDArray[np.float32]) -> list[list[tuple[str, float]]]:
    """Return each step's characters ("" for CTC's blank) that are not faint; a run of sure blanks becomes one."""
    rows: list[list[tuple[str, float]]] = [[] for _ in steps]
    for t, i in np.argwhere(steps > _FAINT).tolist():
        rows[t].append((ALPHABET[i - 1] if i else "", float(steps[t, i])))
    merged: list[list[tuple[str, float]]] = []
    for row in rows:
        last = merged[-1] if merged else []
        if len(row) == len(last) == 1 and row[0][0] == last[0][0] == "":
            last[0] = ("", last[0][1] * row[0][1])
        else:
            merged.append(row)
    return merged


def _step(
    beams: dict[str, tuple[float, float]], row: list[tuple[str, float]]
) -> dict[str, tuple[float, float]]:
    """One step of the search; a prefix holds its probability (ending in blank, ending in its last character)."""
    grown: dict[str, tuple[float, float]] = {}
    for text, (blank, inked) in beams.items():
        for char, p in row:
            if not char:
                old = grown.get(text, (0.0, 0.0))
                grown[text] = (old[0] + (blank + inked) * p, old[1])
                continue
            longer = text + char
            old = grown.get(longer, (0.0, 0.0))
            if text.endswith(char):
                grown[longer] = (old[0], old[1] + blank * p)
                old = grown.get(text, (0.0, 0.0))
                grown[text] = (old[0], old[1] + inked * p)
            else:
                grown[longer] = (old[0], old[1] + (blank + inked) * p)
    return grown


def readings(
    found: list[tuple[str, float]], known: float, temperature: float, unknown_temperature: float
) -> tuple[Reading, ...]:
    """Turn texts with CTC probabilities and the logit of "known" into calibrated readings, best first.

    What is left to 1 after the readings are summed belongs to texts not listed.
    """
    p_known = 1.0 / (1.0 + math.exp(-max(known, -60.0) / unknown_temperature))
    shares = [p ** (1.0 / temperature) for _, p in found]
    rest = max(1.0 - sum(p for _, p in found), _FAINT) ** (1.0 / temperature)
    scale = p_known / (sum(shares) + rest)
    rows = [Reading(text, share * scale) for (text, _), share in zip(found, shares, strict=True)]
    rows = _without_dirt(rows)
    rows.append(Reading(UNKNOWN, 1.0 - p_known))
    rows = _one_dash(sorted(rows, key=lambda r: (-r.probability, r.text)))
    rows.sort(key=lambda r: (-r.probability, r.text))
    return tuple(r for r in rows if r.probability >= _FAINT)


def _without_dirt(rows: list[Reading]) -> list[Reading]:
    """Take stops and commas off the ends of texts and add up what becomes equal: no number ends in one, dirt does."""
    found: dict[str, float] = {}
    for row in rows:
        text = row.text.strip(_DIRT)
        found[text] = found.get(text, 0.0) + row.probability
    return [Reading(text, probability) for text, probability in found.items()]


def _one_dash(rows: list[Reading]) -> list[Reading]:
    """Add a lone dash's probabilities up under the likelier length: print knows no clear line between them."""
    dashes = [r for r in rows if r.text in {"-", "—"}]
    if len(dashes) < 2:
        return rows
    both = Reading(dashes[0].text, sum(r.probability for r in dashes))
    return [both, *(r for r in rows if r.text not in {"-", "—"})]


class DigitReader:
    """The network, loaded once; `read` may be called any number of times and gives the same for the same."""

    def __init__(self, threads: int = 1, model: Path = MODEL) -> None:
        settings = ort.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.inter_op_num_threads = 1
        self._session: Any = ort.InferenceSession(str(model), settings, providers=["CPUExecutionProvider"])
        meta = self._session.get_modelmeta().custom_metadata_map
        if json.loads(meta["alphabet"]) != ALPHABET:
            raise RuntimeError(
                "digits.onnx was made for another alphabet; train it again (training/README.md)"
            )
        self.temperatures = float(meta["temperature"]), float(meta["unknown_temperature"])

    def read(self, crops: Sequence[NDArray[np.uint8]], text_height: float) -> list[tuple[Reading, ...]]:
        r"""Return for each crop its readings, best first; their probabilities sum to at most 1.

        `crops` are (h, w) grey, the insides of cells of one table; `text_height` is the height in px of the
        table's Chinese characters. An empty cell reads as "" and what is no text of `ALPHABET` as "\ufffd"
        (`UNKNOWN`); both compete with the other readings by probability. Crops that look alike, as equal numbers of a
        table do, help each other (`alike.py`), and what the table mostly says weighs (`habits.py`). Full-width characters are given in
        half width. A crop without pixels gives "\ufffd" alone. ValueError unless `text_height` > 0.
        """
        if not text_height > 0:
            raise ValueError(f"text_height is in px and above 0, not {text_height}")
        found: list[tuple[Reading, ...]] = [(Reading(UNKNOWN, 1.0),)] * len(crops)
        filled = [i for i, crop in enumerate(crops) if crop.size]
        keys = [(crops[i].shape, crops[i].tobytes()) for i in filled]
        made = {
            key: prepare(crops[i], text_height) for key, i in dict(zip(keys, filled, strict=True)).items()
        }
        strips = [made[key] for key in keys]
        alone = [readings(texts, known, *self.temperatures) for texts, known in self.score(strips)]
        for i, rows in zip(filled, by_habit(shared(strips, alone)), strict=True):
            found[i] = rows
        return found

    def score(self, strips: Sequence[NDArray[np.float32]]) -> list[Scored]:
        """Return for each strip of `prepare` its texts with CTC probabilities, and the logit of "known"."""
        keys = [strip.tobytes() for strip in strips]  # zeros of a clean screenshot are equal to the last bit
        unique = dict(zip(keys, strips, strict=True))
        by_width: dict[int, list[bytes]] = {}
        for key, strip in unique.items():
            by_width.setdefault(strip.shape[1], []).append(key)
        scored: dict[bytes, Scored] = {}
        for members in by_width.values():
            for start in range(0, len(members), _BATCH):
                batch = members[start : start + _BATCH]
                stack = np.stack([unique[key] for key in batch])[:, None]
                steps, known = self._session.run(None, {"strips": stack})
                for key, rows, logit in zip(batch, steps, known, strict=True):
                    scored[key] = search(rows)[:_LISTED], float(logit)
        return [scored[key] for key in keys]
