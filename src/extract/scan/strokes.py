"""Which of the marks that may be ruling lines are, and which are strokes of characters, digits in a column, arcs of stamps."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.marks import Mark, Mask, marks, only

_LEAST_MET, _TOUCHES = 2, 0.6
"""Sides of lines across it that a worn line meets at least, and share of them at which it must have ink."""
_BESIDE = 0.125
"""Text heights from a line across it at which a worn line has ink."""
_AS_DENSE = 0.5
"""How many times as dense as elsewhere a faint line is at least near the lines across it."""
_UNMET = 20.0
"""Text heights; so long a worn line needs no lines across it: those of a table may all be gone."""
_APART, _LONG = 3.0, 8.0
"""Text heights; breaks between pieces of one line, and the length that it has in all."""
_THICK = 1.5
"""Thirds of a text height; no ruling line is as thick."""
_BLOT = 2.5
"""The same of what is cut out of a line: far thicker than any line, however bold."""
_SLIM, _CHARACTER = 0.3, 1.6
"""Text heights; marks larger than the first both ways, and nowhere larger than the second, are characters."""
_BOWED = 1.2, 0.025
"""Pixels, and share of its length, by which the middle of a mark stands aside in an arc."""


def without_characters(ink: Mask, height: float, largest: float = _CHARACTER) -> Mask:
    """Return the ink of lines and dirt: characters that stand in a row or a column look like a worn line.

    Nothing is taken for a character that is larger than `largest` text heights.
    """
    characters = [
        m
        for m in marks(ink)
        if min(m.width, m.height) > _SLIM * height and max(m.width, m.height) <= largest * height
    ]
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(only(ink, characters))), np.uint8)


def touching(worn: Mask, solid: Mask, ink: Mask, across: Mask, height: float, near: float = 0.0) -> Mask:
    """Keep the marks of worn horizontal lines that run into the lines `across` them.

    Digits that stand one below another look like a worn line, but keep away from the lines between them. A faint line
    has as many dots as elsewhere within `near` text heights of these, though not at each.
    """
    wide = np.ones((2 * max(2, round(height / 6)) + 1, 1), np.uint8)
    alone = cv2.bitwise_and(worn, cv2.bitwise_not(cv2.dilate(solid, wide)))
    if not cv2.hasNonZero(alone):
        return np.zeros_like(worn)
    joined = _joined(np.asarray(alone, np.uint8), height)
    found = [mark for mark in marks(joined) if _meets(mark, ink, across, height, near)]
    return np.asarray(cv2.bitwise_and(worn, only(joined, found)), np.uint8)


def _joined(mask: Mask, height: float) -> Mask:
    """Return marks of horizontal lines made one with those in line with them."""
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    return np.asarray(
        cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, round(_APART * height)), np.uint8)), np.uint8
    )


def _meets(mark: Mark, ink: Mask, across: Mask, height: float, near: float) -> bool:
    """Tell whether a worn line has ink at both sides of most lines across it; a faint one, about as much as elsewhere."""
    rim, reach = max(2, round((near or _BESIDE) * height)), round(height)
    x, y, w, h = mark.x, mark.y, mark.width, mark.height
    crossed = across[max(y - reach, 0) : y + h + reach, x : x + w].any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], crossed.astype(np.int8), [0]])))
    own: NDArray[np.bool_] = np.asarray(ink[y : y + h, x : x + w].any(axis=0), bool)
    before = [own[max(a - 1 - rim, 0) : max(a - 1, 0)] for a in edges[::2]]
    after = [own[b + 1 : b + 1 + rim] for b in edges[1::2]]
    sides = [side for side in before + after if len(side) == rim]
    if len(sides) < _LEAST_MET:
        return w >= _UNMET * height
    if near:
        return bool(np.concatenate(sides).mean() >= _AS_DENSE * own[~crossed].mean())
    return sum(bool(side.any()) for side in sides) >= _TOUCHES * len(sides)


def kept(mask: Mask, across: Mask, reach: int, height: float) -> Mask:
    """Keep the marks of horizontal lines that end at a line across them, or lie in one line with others.

    Strokes of neighbouring characters that happen to form a line end in the middle of a cell. Arcs and blots of a
    stamp are no lines either.
    """
    near = cv2.dilate(across, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    slim, rest = _without_blots(mask, reach, height)
    lines: list[Mark] = []
    doubtful: list[Mark] = []
    for mark in slim:
        rows = slice(mark.y, mark.y + mark.height)
        right = mark.x + mark.width
        ends = near[rows, mark.x : mark.x + reach].any() or near[rows, max(right - reach, 0) : right].any()
        (lines if ends else doubtful).append(mark)
    if doubtful:
        long = _long(rest, height)
        lines += [m for m in doubtful if long[m.y : m.y + m.height, m.x : m.x + m.width].any()]
    return only(rest, lines)


def _without_blots(mask: Mask, reach: int, height: float) -> tuple[list[Mark], Mask]:
    """Return the slim marks of a mask, and the mask; a blot on a long line, such as a star, is cut out of it."""
    slim: list[Mark] = []
    thick: list[Mark] = []
    for mark in marks(mask):
        (slim if mark.height < 4 or _slim(mark, mask, reach) else thick).append(mark)
    if not any(mark.width >= _LONG * height for mark in thick):
        return slim, mask
    side = round(_BLOT * reach)
    blots = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    rest = np.asarray(
        cv2.bitwise_and(mask, cv2.bitwise_not(cv2.dilate(blots, np.ones((3, 3), np.uint8)))), np.uint8
    )
    return [mark for mark in marks(rest) if mark.height < 4 or _slim(mark, rest, reach)], rest


def _long(mask: Mask, height: float) -> Mask:
    """Return where marks lie in one horizontal line, with breaks, that is longer than strokes of characters make."""
    joined = _joined(mask, height)
    return only(joined, [mark for mark in marks(joined) if mark.width >= _LONG * height])


def _slim(mark: Mark, mask: Mask, reach: int) -> bool:
    """Tell a mark that is neither a blot nor an arc."""
    pixels = mark.pixels(mask)
    return bool(pixels.sum() <= _THICK * reach * mark.width) and not _curved(pixels)


def _curved(mark: NDArray[np.bool_]) -> bool:
    """Tell an arc: the middle third of a horizontal mark stands clearly above or below the line of its outer thirds."""
    length = mark.shape[1]
    heights = [
        float(np.nonzero(part)[0].mean()) if part.any() else 0.0
        for part in (mark[:, : length // 3], mark[:, length // 3 : -(length // 3)], mark[:, -(length // 3) :])
    ]
    return bool(abs(heights[1] - (heights[0] + heights[2]) / 2) > max(_BOWED[0], _BOWED[1] * length))
