"""The inside of a cell: where its ink is, without what the ruling lines left at its edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.image import Grey
from extract.scan.marks import Mask

_LEAST_CONTRAST = 30.0
"""Grey levels between paper and ink, on white paper; less is paper, JPEG noise or the ghost of the page behind."""
_GRAINS = 5.0
"""The same in standard deviations of the paper's grain, after smoothing."""
_STROKES = 16.0
"""Text heights by this is the standard deviation to which heavy grain is smoothed: half the width of a stroke."""
_MARGIN = 0.3
"""Text heights; so far from its edges the inside of a cell is looked at again where all that was found was ruling line."""
_SPECK = 6.0
"""Text heights by this is the side of a speck."""
_STEP = 3
"""Pixels over which neighbouring grain is no longer alike."""
_PART, _UNEVEN = 10.0, 1.1
"""Text heights of a cell whose light is looked at by itself, and how many times as bright as the darkest such part the brightest
is where the light is uneven."""
_WHITE, _GAIN = 235.0, 3.0
"""Paper in the shade is brought to this grey, by this factor at most."""

_FRAME = 0.7
"""Share of a side that remains of ruling lines run along, and share of their pixels that lie at the edge."""
_TALLER = 1.05
"""Text heights; a thin mark beside the cell's edge that is taller than any digit is what a bowed ruling line left."""
_THROUGH = 0.9
"""Share of a cell's height; a thin mark that spans it is a ruling line, where text would be clearly lower."""


_DOT = 0.28
"""Text heights; full stops, commas and specks are smaller, a digit is taller; a minus stands near its number."""
_SIGN, _AMID, _LYING = 1.3, 0.2, 1.3
"""Text heights from a minus to its number, from the middle of one to that of the other, and how many times as wide as high it is."""
_NEAR, _SPACED = 0.4, 1.0
"""Text heights; a full stop stands nearer to the text than this, or so near to text on both sides."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink of a cell: mask of its inside (0 or 255), and where in the picture the inside begins."""

    mask: Mask
    grey: Grey
    x0: int
    y0: int

    @property
    def blank(self) -> bool:
        """True where the cell holds no ink."""
        return not self.mask.any()

    def box(self) -> tuple[int, int, int, int]:
        """Return the box of the ink in the inside; ValueError for a blank cell."""
        ys, xs = np.nonzero(self.mask)
        return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1

    def boxes(self) -> list[tuple[int, int, int, int]]:
        """Return the boxes (x, y, width, height) in px of its connected marks."""
        _, stats = _marks(self.mask)
        return [(int(x), int(y), int(w), int(h)) for x, y, w, h in stats[1:, :4]]

    def largest(self) -> tuple[int, int]:
        """Return the longer side of the longest connected mark and the pixels of the heaviest one; 0 for a blank cell."""
        _, stats = _marks(self.mask)
        return int(stats[1:, 2:4].max(initial=0)), int(stats[1:, 4].max(initial=0))


def cell_ink(grey: Grey, lines: Mask, box: tuple[int, int, int, int], text_height: float) -> Ink:
    """Find the ink inside a cell's box. Specks of less than a tenth of a text height are dirt.

    A black line at the edge makes grey print look like paper: where nothing but lines is found, the middle tells how dark it is.
    """
    inset = max(1, round(text_height / 8))
    x0, y0, x1, y1 = box[0] + inset, box[1] + inset, box[2] - inset + 1, box[3] - inset + 1
    inside = grey[y0:y1, x0:x1]
    if inside.size == 0:
        return Ink(np.zeros((1, 1), np.uint8), np.full((1, 1), 255, np.uint8), x0, y0)
    inside, paper = _lit(inside, text_height)
    smooth = np.asarray(cv2.blur(inside, (2, 2)), np.uint8)
    left = _GRAINS * _left_of_grain(smooth)
    if left > _LEAST_CONTRAST:
        smooth = np.asarray(cv2.GaussianBlur(inside, (0, 0), text_height / _STROKES), np.uint8)
        left = _GRAINS * _left_of_grain(smooth)
    least = max(_LEAST_CONTRAST, left)
    dark = paper - _darkest(smooth, text_height)
    if dark < least:
        return Ink(np.zeros(inside.shape, np.uint8), inside, x0, y0)
    within = lines[y0:y1, x0:x1]
    mask, labels, stats, remains = _inked(smooth, paper, dark, least, within, text_height)
    if remains[1:].all() and least <= (middle := paper - _darkest_amid(smooth, text_height)) < dark:
        mask, labels, stats, remains = _inked(smooth, paper, middle, least, within, text_height)
    dirt = _alone(stats, remains, text_height)
    clean = inside
    if dirt.any():
        spots = dirt[labels]
        clean = inside.copy()
        clean[(cv2.dilate(spots.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ((mask > 0) == spots)] = (
            round(paper)
        )
    mask[(dirt | remains)[labels]] = 0
    return Ink(mask, clean, x0, y0)


def _inked(
    smooth: Grey, paper: float, dark: float, least: float, lines: Mask, text_height: float
) -> tuple[Mask, NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Return the mask of what is nearer to ink of that darkness than to paper, its marks, and which of them lines left."""
    mask = (smooth < paper - max(0.4 * dark, 0.6 * least)).astype(np.uint8) * 255
    mask[_grown(lines, mask) > 0] = 0
    labels, stats = _marks(mask)
    return mask, labels, stats, _remains(labels, stats, text_height)


def _darkest(smooth: Grey, text_height: float) -> float:
    """Return the grey of the darkest ink, a speck's worth of pixels left out: dirt is often darker than worn print."""
    speck = min(round((text_height / _SPECK) ** 2), smooth.size - 1)
    return float(_nth(smooth, speck))


def _darkest_amid(smooth: Grey, text_height: float) -> float:
    """Return the grey of the darkest ink away from the edges; 255 where there is no such place."""
    margin = max(1, round(_MARGIN * text_height))
    middle = smooth[margin:-margin, margin:-margin]
    return _darkest(middle, text_height) if middle.size else 255.0


def _left_of_grain(smooth: Grey) -> float:
    """Return the standard deviation of smoothed paper, from pixels a little apart: a photograph's grain is no white noise.

    Uneven light changes little over so short a way, and text and stamps cover the smaller part of a cell.
    """
    if smooth.shape[1] <= _STEP:
        return 0.0
    steps = np.asarray(cv2.absdiff(smooth[:, _STEP:], smooth[:, :-_STEP]), np.uint8)
    return float(_nth(steps, steps.size // 2)) / (0.6745 * 2**0.5)


def _nth(grey: Grey, n: int) -> int:
    """Return the value that would stand at place `n` if all pixels were sorted: there are only 256."""
    return int(np.searchsorted(np.bincount(grey.ravel(), minlength=256).cumsum(), n, side="right"))


def _marks(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the connected marks of a mask: which each pixel belongs to, and their boxes and areas; 0 is the paper."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def _lit(inside: Grey, text_height: float) -> tuple[Grey, float]:
    """Return the inside of a cell with white paper, and the grey of that: in the shade ink and paper draw together.

    Where the light falls off along a wide cell, each part is brought to white by its own paper.
    """
    parts = max(1, round(inside.shape[1] / (_PART * text_height)))
    papers = [_paper(part) for part in np.array_split(inside, parts, axis=1)]
    if min(papers) * _UNEVEN > max(papers):
        paper = _paper(inside)
        gain = min(max(_WHITE / max(paper, 1.0), 1.0), _GAIN)
        return np.asarray(cv2.convertScaleAbs(inside, alpha=gain), np.uint8), min(paper * gain, 255.0)
    gains = np.clip(_WHITE / np.maximum(np.array([papers], np.float32), 1.0), 1.0, _GAIN)
    field = cv2.resize(gains, inside.shape[::-1], interpolation=cv2.INTER_LINEAR)
    lit = np.minimum(inside * np.asarray(field, np.float32), 255.0).astype(np.uint8)
    return lit, _paper(lit)


def _paper(grey: Grey) -> float:
    return float(np.searchsorted(np.bincount(grey.ravel(), minlength=256).cumsum(), 0.8 * grey.size))


def _grown(lines: Mask, mask: Mask) -> Mask:
    """Return the ruling lines' pixels at the edge of a cell, a pixel wider than they were found."""
    h, w = lines.shape
    rim = np.zeros_like(lines)
    edge = max(2, min(h, w) // 8)
    rim[:edge], rim[-edge:], rim[:, :edge], rim[:, -edge:] = 1, 1, 1, 1
    return np.asarray(cv2.dilate(lines * rim, np.ones((3, 3), np.uint8)), np.uint8)


def _remains(labels: NDArray[np.int32], stats: NDArray[np.int32], text_height: float) -> NDArray[np.bool_]:
    """Tell specks and what is left of ruling lines: thin marks along the very edge, or as high as the cell, and frames."""
    h, w = labels.shape
    least = max(2.0, (text_height / 10) ** 2)
    thin = max(2.0, text_height / 5)
    x, y, cw, ch, area = (stats[:, k] for k in range(5))
    flat = (ch <= thin) & ((y == 0) | (y + ch == h)) & (cw >= ch)
    upright = (cw <= thin) & ((x == 0) | (x + cw == w)) & (ch >= cw)
    through = (cw <= thin) & (ch >= _THROUGH * h) & (h >= 1.3 * text_height)
    aside = (np.minimum(x, w - x - cw) <= thin) & (cw <= thin) & (ch >= _TALLER * text_height)
    found = np.asarray((area < least) | flat | upright | through | aside)
    long = (cw >= max(_FRAME * w, 2 * text_height)) | (ch >= max(_FRAME * h, 2 * text_height))
    rim = np.ones((h, w), dtype=bool)
    rim[round(thin) : h - round(thin), round(thin) : w - round(thin)] = False
    for i in range(1, len(stats)):
        if long[i] and not found[i]:
            found[i] = int(((labels == i) & rim).sum()) >= _FRAME * area[i]
    found[0] = False  # the paper
    return found


def tidied(mask: Mask, text_height: float) -> Mask:
    """Return the mask of a cell's ink without specks and remains of lines."""
    labels, stats = _marks(mask)
    remains = _remains(labels, stats, text_height)
    return np.where((remains | _alone(stats, remains, text_height))[labels], 0, mask).astype(np.uint8)


def _alone(stats: NDArray[np.int32], remains: NDArray[np.bool_], text_height: float) -> NDArray[np.bool_]:
    """Tell the marks that are dirt: as small as a full stop, and far from all larger ones but what lines left.

    A point in a line of text is none, however wide its font is set, and neither is a minus set off from its number. Where all
    marks are small they may be the remains of a faint digit, and none is dirt.
    """
    x0, y0, width, height = (stats[:, k].astype(np.float64) for k in range(4))
    x1, y1 = x0 + width, y0 + height
    small = np.maximum(width, height) < _DOT * text_height
    large = ~small & ~remains
    large[0] = small[0] = False  # the paper
    if not large.any():
        return np.zeros(len(stats), dtype=bool)
    after, before = x0[:, None] - x1[large][None], x0[large][None] - x1[:, None]
    down = np.maximum(y0[large][None] - y1[:, None], y0[:, None] - y1[large][None])
    beside = down <= _NEAR * text_height
    far = np.maximum(np.maximum(after, before), down).min(axis=1) > _NEAR * text_height
    level = np.abs((y0 + y1)[:, None] - (y0 + y1)[large][None]) <= 2 * _AMID * text_height
    ahead = (level & (before >= 0) & (before <= _SIGN * text_height)).any(axis=1)
    minus = ahead & (width >= _LYING * height) & (x0 < x0[large].min())
    within = [(beside & (gap >= 0) & (gap <= _SPACED * text_height)).any(axis=1) for gap in (after, before)]
    return np.asarray(small & far & ~minus & ~(within[0] & within[1]))


def text_lines(mask: Mask, text_height: float) -> list[tuple[int, int]]:
    """Return the rows [top, bottom) of each line of text in a cell, from the projection of its ink."""
    rows = mask.any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    bands = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    merged: list[tuple[int, int]] = []
    for top, bottom in bands:
        last = merged[-1] if merged else None
        close = last is not None and top - last[1] < max(1.0, text_height / 6)
        small = last is not None and (
            bottom - top < 0.45 * text_height or last[1] - last[0] < 0.45 * text_height
        )
        fits = last is not None and bottom - last[0] <= 1.4 * text_height
        if last is not None and (close or small) and fits:
            merged[-1] = (last[0], bottom)
        else:
            merged.append((top, bottom))
    return merged
