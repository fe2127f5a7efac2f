"""A picture made ready for finding tables: a size that suits reading, no dark grounds, straight ruling lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from extract.scan.ground import without_grounds
from extract.scan.image import Grey
from extract.scan.lines import Rules, broken_height, find_rules, grain, ink_mask, text_height
from extract.scan.straighten import Bend, Points, find_bend, find_turn

_MOST_SIDE = 4200
"""Pixels; larger pictures are made smaller first."""
_LOOK_SIDE = 1700
"""Pixels; large enough to measure the text in most pictures."""
_BLACK, _WHITE, _BETWEEN = 30, 225, 0.002
"""Grey levels, and the share of pixels between them of which a picture with less has two levels only."""
_GRAINY = 6.0
"""Grain in grey levels from which a picture is softened."""
_SOFT = 0.7
"""Standard deviation in pixels of this softening: dotted lines close, single specks pale, grain halves."""
_SPECKS, _SPECK, _PALE = 0.04, 8, 1.6
"""Share of a picture that is dark specks, where print and worn lines make less than half of that; pixels of a speck; and by
what greys are made brighter when these are gone, for pale ones are left."""
_PASSES = 2
"""How often a picture is straightened: lines are traced better where they are nearly straight."""
_DARK, _MUCH = 128, 0.15
"""Grey level of dark pixels, and the share of them that print on white paper never has."""
_SMALL_TEXT, _LARGE_TEXT = 13.0, 20.0
"""Text heights in pixels; smaller text is doubled, larger text brought down to this."""


Way = Callable[[Points], Points]


@dataclass(frozen=True, slots=True)
class Upright:
    """A picture ready for finding tables, its ruling lines, and the way of its points (n, 2) to the original's.

    `grey` is to find lines in, `legible` to read characters from: the same but for grainy pictures. `broken` says that
    strokes of the characters are lost all over it.
    """

    grey: Grey
    legible: Grey
    rules: Rules
    original: Way
    broken: bool


def upright(picture: Grey, quarters: int = 0) -> Upright:
    """Bring a picture upright after `quarters` quarter turns counterclockwise."""
    turned = _without_specks(np.ascontiguousarray(np.rot90(picture, quarters)))
    factor, height, broken = _size(turned)
    less = min(
        factor, 1.0
    )  # what is made smaller loses grain: it is calmed then, which also is much less work
    soft, calm = _calmed(_resized(turned, less))
    flat = without_grounds(_resized(soft, factor / less), height)
    bend = _whole_bend(flat, height)
    grey = flat if bend is None else bend.straight(flat)
    legible = grey
    if calm is not soft:
        legible = without_grounds(_resized(calm, factor / less), height)
        legible = legible if bend is None else bend.straight(legible)

    def original(points: Points) -> Points:
        straight = points if bend is None else bend.original(points)
        return _turned_back(straight / factor, picture.shape, quarters)

    rules = find_rules(grey, height if broken else None, before=height)
    return Upright(grey, legible, rules, original, broken)


def _without_specks(picture: Grey) -> Grey:
    """Return a picture whose grey paper a copier made a dense field of specks without these."""
    calm = np.asarray(cv2.medianBlur(picture, 3), np.uint8)
    if ((picture < _DARK) & (calm >= _DARK)).mean() < _SPECKS:
        return picture
    _, _, stats, _ = cv2.connectedComponentsWithStats((picture < _DARK).astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if (
        areas[areas <= _SPECK].sum() < _SPECKS / 2 * picture.size
    ):  # strokes of small print go with the median too
        return picture
    return np.asarray(cv2.convertScaleAbs(calm, alpha=_PALE), np.uint8)


def _whole_bend(grey: Grey, height: float) -> Bend | None:
    """Return how a picture is turned and bent, found step by step: what is nearly straight is traced better."""
    whole = find_turn(grey, height)
    for n in range(_PASSES):
        bend = find_bend(grey if whole is None else whole.straight(grey), height, coarse=n == 0)
        if bend is None:
            break
        whole = bend.after(whole)
    return whole


def _size(grey: Grey) -> tuple[float, float, bool]:
    """Return by what a picture is to be resized, the height of its text then, and whether its strokes are broken."""
    factor = min(1.0, _MOST_SIDE / max(grey.shape))
    look = min(factor, _LOOK_SIDE / max(grey.shape))
    height = _text_height(_softened(_resized(grey, look))) * factor / look
    if look < factor and height * look / factor < _SMALL_TEXT:
        height = _text_height(_softened(_resized(grey, factor)))
    whole = height
    if height < _SMALL_TEXT:
        print_alone = _on_white(_softened(_resized(grey, factor)), height)
        whole = broken_height(ink_mask(print_alone), height)
    broken, height = whole > height, whole
    double = height < _SMALL_TEXT and max(grey.shape) * factor < _MOST_SIDE / 2
    by = 2.0 if double else min(1.0, _LARGE_TEXT / height)
    return factor * by, height * by, broken


def _text_height(grey: Grey) -> float:
    """Return the height of the text; where much of a picture is dark, what it is once the dark grounds are gone."""
    height = text_height(ink_mask(grey))
    if not _dark(grey):
        return height
    light = text_height(ink_mask(np.asarray(255 - grey, np.uint8)))
    tries = [without_grounds(grey, h) for h in dict.fromkeys((height, light, light / 2))]
    return text_height(ink_mask(min(tries, key=lambda made: float((made < _DARK).mean()))))


def _on_white(grey: Grey, height: float) -> Grey:
    """Return a picture of which much is dark without its dark grounds: beside these white cells look like words."""
    return without_grounds(grey, height) if _dark(grey) else grey


def _dark(grey: Grey) -> bool:
    return bool((grey < _DARK).mean() >= _MUCH)


def _softened(grey: Grey) -> Grey:
    """Return a picture without grain; one in two levels, as fax machines and copiers make them, gets its greys back."""
    if grain(grey) < _GRAINY and ((grey > _BLACK) & (grey < _WHITE)).mean() >= _BETWEEN:
        return grey
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _SOFT), np.uint8)


def _calmed(grey: Grey) -> tuple[Grey, Grey]:
    """Return a picture to find lines in and one to read characters from, both without grain.

    Smoothing finds lines best, but it blurs characters; non-local means keep their edges.
    """
    soft, strength = _softened(grey), grain(grey)
    if strength < _GRAINY:
        return soft, soft
    sizes = {"templateWindowSize": 5, "searchWindowSize": 13}
    return soft, np.asarray(cv2.fastNlMeansDenoising(grey, None, h=strength, **sizes), np.uint8)


def _resized(grey: Grey, factor: float) -> Grey:
    if factor == 1.0:
        return grey
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _turned_back(points: Points, shape: tuple[int, ...], quarters: int) -> Points:
    """Return the points of a picture turned counterclockwise as points of the original of that shape."""
    height, width = shape[:2]
    x, y = points[:, 0], points[:, 1]
    ways = {0: (x, y), 1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}
    return np.stack(ways[quarters], axis=1)
