"""Ruling lines: which pixels belong to horizontal and vertical lines, and how far the picture is turned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from extract.scan.image import Grey
from extract.scan.marks import Mask, marks
from extract.scan.sheet_edge import without_edges
from extract.scan.strokes import kept, touching, without_characters

_LEAST_DARKER = 8.0
"""Grey levels by which ink is darker than its surroundings."""
_GRAINS = 3.5
"""The same in standard deviations of the paper's grain: three pixels in ten thousand of plain paper pass for ink."""
_NOISY = 2.0
"""Grain in grey levels from which the picture is smoothed before ink is sought in it."""
_ENOUGH = 150_000
"""Pixels that tell the grain; of larger pictures every few rows are looked at."""
_SMOOTH = 1.0
"""Standard deviation in pixels of that smoothing; it leaves 1 / (2 sqrt(pi) * 1.0) of white noise, 0.28."""


_WORD, _LEAST_WORDS, _BROKEN = 1.5, 12, 1.6
"""Text heights by which pieces of characters are drawn together, how many words tell, and how much higher they are."""
_GRAINY = 3.5
"""How many times the share of ink of the cleanest tenth of grainy paper a faint line stands out by."""
_HEADING = 2.5
"""Text heights of a table; the characters of a heading above it are no larger."""
_PIECES = 0.6
"""A text height this many times what it was before is that of pieces of characters."""


class Look(NamedTuple):
    """How worn lines of one direction are looked for; lengths in text heights.

    Over the way `along` a `share` has ink, and so much more `over` what is beside it. Breaks are as long as `gap`. Where lines are
    too faint to meet each line across them, they are about as dense as elsewhere within `near` of these.
    """

    along: float
    share: float
    over: float
    gap: float
    near: float = 0.0


Looks = tuple[Look, ...]
_LEVEL, _UPRIGHT = Look(5.0, 0.4, 0.25, 0.45), Look(3.0, 0.4, 0.25, 0.45)
_FAINT_LEVEL, _FAINT_UPRIGHT = Look(20.0, 0.12, 0.08, 3.0, 1.5), Look(12.0, 0.12, 0.08, 1.5, 0.4)
USUAL = (_LEVEL,), (_UPRIGHT,)
"""How level and upright lines are looked for: upright ones run by the row, and so do digits that stand one below another."""
FAINT = (_LEVEL, _FAINT_LEVEL), (_UPRIGHT, _FAINT_UPRIGHT)
"""Dots of which less than half is left show over a long way only; so does much that is no line, which the form has to rule out."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Masks (0 or 255) of horizontal and vertical ruling lines and of all ink; the height of the text in pixels."""

    horizontal: Mask
    vertical: Mask
    ink: Mask
    text_height: float


def ink_mask(grey: Grey) -> Mask:
    """Return 255 where a pixel is darker than its surroundings: uneven light and coloured heads drop out."""
    block = max(15, (min(grey.shape) // 40) | 1)
    noise = grain(grey)
    if noise > _NOISY:
        grey, noise = (
            np.asarray(cv2.GaussianBlur(grey, (0, 0), _SMOOTH), np.uint8),
            noise / (2 * np.pi**0.5 * _SMOOTH),
        )
    darker = max(_LEAST_DARKER, _GRAINS * noise)
    how = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return np.asarray(cv2.adaptiveThreshold(grey, 255, *how, block, darker), np.uint8)


def grain(grey: Grey) -> float:
    """Return the standard deviation of the paper's grain in grey levels, from differences of neighbouring pixels."""
    some = grey[:: max(2, grey.size // _ENOUGH)]
    steps = np.bincount(cv2.absdiff(some[:, 1:], some[:, :-1]).ravel(), minlength=256)
    return float(np.searchsorted(steps.cumsum(), steps.sum() / 2)) / (0.6745 * 2**0.5)


def height_beside(grey: Grey, rules: Rules, box: tuple[int, int, int, int]) -> float:
    """Estimate the height of the text inside a box (x0, y0, x1, y1), its ruling lines left out."""
    x0, y0, x1, y1 = box
    ink = ink_mask(grey[y0:y1, x0:x1])
    lines = cv2.bitwise_or(rules.horizontal[y0:y1, x0:x1], rules.vertical[y0:y1, x0:x1])
    ink[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 0
    return text_height(ink)


def text_height(ink: Mask) -> float:
    """Estimate the height of the text in pixels from the sizes of connected marks; 12 where there are none."""
    sizes = ((mark.width, mark.height) for mark in marks(ink))
    heights = [h for w, h in sizes if 6 <= h <= 120 and 0.2 * h <= w <= 2.5 * h]
    return float(np.percentile(heights, 70)) if len(heights) >= 5 else 12.0


def broken_height(ink: Mask, height: float) -> float:
    """Return the height of the text where strokes are so worn that its marks are pieces of characters; else `height`.

    Pieces that stand side by side are drawn together into words, whose height is the text's.
    """
    along = np.ones((1, round(_WORD * height)), np.uint8)
    words = marks(np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, along), np.uint8))
    heights = [
        m.height
        for m in words
        if m.width >= max(2.5 * height, 1.2 * m.height) and 6 <= m.height <= 5 * height
    ]
    found = float(np.median(heights)) if len(heights) >= _LEAST_WORDS else height
    return found if found >= _BROKEN * height else height


def find_rules(
    grey: Grey, height: float | None = None, before: float = 0.0, looks: tuple[Looks, Looks] = USUAL
) -> Rules:
    """Find ruling lines: runs of ink that are long, or dotted and broken ones that stand out from both their sides.

    A horizontal line is at least 3 text heights long, a vertical one 1.6: strokes of characters are shorter.
    `height` is the text height in pixels, estimated from the picture where it is not given; where that is the height of
    pieces of characters, it is what it was `before` the picture was straightened.
    """
    ink = ink_mask(grey)
    if height is None:
        own = text_height(ink)
        height = before if own < _PIECES * before else own
    lines = without_characters(ink, height, _HEADING) if looks is FAINT else ink
    turned_lines, turned_ink = (np.ascontiguousarray(mask.T) for mask in (lines, ink))
    across, worn_across = _marks(lines, height, round(max(24, 3 * height)), looks[0])
    down, worn_down = _marks(turned_lines, height, round(max(14, 1.6 * height)), looks[1])
    all_across, all_down = _any(across, *worn_across), _any(down, *worn_down)
    met = (
        touching(worn, across, ink, all_down.T, height, look.near)
        for worn, look in zip(worn_across, looks[0], strict=True)
    )
    across = _any(across, *met)
    met = (
        touching(worn, down, turned_ink, all_across.T, height, look.near)
        for worn, look in zip(worn_down, looks[1], strict=True)
    )
    down = _any(down, *met)
    reach = max(2, round(height / 3))
    horizontal = without_edges(grey, kept(across, np.ascontiguousarray(down.T), reach, height), height)
    upright = without_edges(grey.T, kept(down, np.ascontiguousarray(across.T), reach, height), height)
    return Rules(horizontal, np.ascontiguousarray(upright.T), ink, height)


def _any(mask: Mask, *others: Mask) -> Mask:
    for other in others:
        mask = np.asarray(cv2.bitwise_or(mask, other), np.uint8)
    return mask


def _marks(ink: Mask, height: float, least: int, looks: Looks) -> tuple[Mask, list[Mask]]:
    """Return the marks of horizontal lines of `least` pixels or more: of solid lines, and of worn ones as each look finds them.

    Solid lines are runs of ink; short breaks are bridged first. Worn ones show only over a longer way: there is ink in a part
    of it, and much less a little above and below, where a line of text would have as much.
    """
    opening = np.ones((1, least), np.uint8)
    gap = max(2, round(height / 8))
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, opening)
    thick = np.asarray(cv2.dilate(ink, np.ones((3, 1), np.uint8)), np.uint8)
    worn = []
    for look in looks:
        found = standing_out(thick, height, look.along, 0, look)
        bridge = np.ones((1, max(3, round(look.gap * height))), np.uint8)
        found = cv2.morphologyEx(cv2.morphologyEx(found, cv2.MORPH_CLOSE, bridge), cv2.MORPH_OPEN, opening)
        worn.append(np.asarray(found, np.uint8))
    return np.asarray(solid, np.uint8), worn


def _grain_of(share: Mask) -> int:
    """Return by how much the share of ink has to stand out of grainy paper: many times that of its cleanest tenth, 0 where clean."""
    some = share[:: max(1, share.size // _ENOUGH)]
    return round(_GRAINY * float(np.percentile(some, 10)))


def standing_out(ink: Mask, height: float, along: float, thick: int, look: Look = _LEVEL) -> Mask:
    """Return the ink of worn horizontal lines: much of it over `along` text heights, and much less at both sides.

    `thick` is by how many pixels the ink was thickened.
    """
    share = cv2.blur(ink, (round(along * height) | 1, 1), borderType=cv2.BORDER_CONSTANT)
    aside = max(3, round(height / 3)) + thick
    wide = cv2.copyMakeBorder(share, aside, aside, 0, 0, cv2.BORDER_CONSTANT, value=(0.0,))
    over = cv2.subtract(share, cv2.max(wide[: -2 * aside], wide[2 * aside :]))
    least = max(round(255 * look.over), _grain_of(share) if look.near else 0)
    much = cv2.bitwise_and(cv2.inRange(share, round(255 * look.share), 255), cv2.inRange(over, least, 255))
    return np.asarray(cv2.bitwise_and(ink, much), np.uint8)
