"""A picture, read: upright, ruling lines, lattice, cells, ink, text. The recipe of this folder."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.errors import ReadError
from extract.model import Block, Box, Cell, Picture, Place, Problem, Table, Text
from extract.scan.cells import Readers, read_cells
from extract.scan.digits import DigitReader
from extract.scan.expected import Expects, nothing
from extract.scan.image import Grey, decode
from extract.scan.ink import cell_ink
from extract.scan.lattice import Lattice, find_lattices, slivers, without_columns
from extract.scan.lines import Rules, coarse_skew, find_rules, height_beside, skew, turned
from extract.scan.ocr import Engine, Line, load_engine
from extract.scan.turn import quarter_turns_back, turns
from extract.settings import Settings

__all__ = ["Readers", "load_readers", "read_picture"]

_TURN = 0.08
"""Degrees; less skew than this moves a line by less than two pixels over the width of a page."""
_SAME = 0.15
"""A table's text that differs in height by more than this share from its page's is looked at by its own height."""
_LEAST_SIDE = 40
_SMALL_TEXT = 13.0
_MOST_SIDE = 4200
_LEAST_SCORE = 0.4


def load_readers(settings: Settings) -> Readers:
    """Load the digit reader and the engine of the settings. Raises EnvironmentFault where that is not installed."""
    return Readers(DigitReader(), load_engine(settings))


def read_picture(
    picture: Picture, settings: Settings, readers: Readers, expects: Expects = nothing
) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Read the tables of a picture and, with `settings.text == "full"`, the text around them, from the top.

    `expects` guesses the labels of a table by its shape, so that few of them have to be read.
    Boxes are in pixels of the picture as it is in the file. What cannot be read is a problem, never an exception.
    """
    page = picture.place.page
    try:
        original = decode(picture.data, settings)
    except ReadError as error:
        return (), (Problem("scan", error.kind, f"{picture.name}: {error.detail}", page=page),)
    if min(original.shape) < _LEAST_SIDE:
        return (), ()
    grey, back, rules = _upright(original)
    found = [_refined(grey, rules, lattice) for lattice in find_lattices(rules)]
    quarters = (
        turns(grey, found, readers.engine) if not any(expects(lattice.cells) for lattice, _ in found) else 0
    )
    if quarters:
        grey, back, rules = _upright(np.ascontiguousarray(np.rot90(original, quarters)))
        back = quarter_turns_back(original.shape, quarters) @ np.vstack([back, [0, 0, 1]])
        found = [_refined(grey, rules, lattice) for lattice in find_lattices(rules)]
    lattices = tuple(lattice for lattice, _ in found)
    blocks: list[tuple[float, Block]] = []
    for lattice, own in found:
        blocks.append((lattice.box[1], _table(grey, own, lattice, readers, picture, back, expects)))
    if settings.text == "full":
        blocks += [
            (line.box[1], _text(line, picture, back)) for line in _around(grey, lattices, readers.engine)
        ]
        problems: tuple[Problem, ...] = ()
    else:
        problems = (Problem("scan", "text_not_read", picture.name, page=page),)
    return tuple(block for _, block in sorted(blocks, key=lambda pair: pair[0])), problems


def _upright(original: Grey) -> tuple[Grey, NDArray[np.float64], Rules]:
    """Return the picture at a size that suits reading and without skew, the way back to its pixels, its lines."""
    scale = min(1.0, _MOST_SIDE / max(original.shape))
    grey = original if scale == 1.0 else _resized(original, scale)
    rules = find_rules(grey)
    if scale == 1.0 and rules.text_height < _SMALL_TEXT and max(grey.shape) < _MOST_SIDE / 2:
        scale = 2.0
        grey = _resized(original, scale)
        rules = find_rules(grey)
    back = np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]], dtype=np.float64)
    angle = skew(rules) or coarse_skew(grey)
    if abs(angle) > _TURN:
        grey, inverse = turned(grey, angle)
        back = back @ np.vstack([inverse, [0, 0, 1]])
        rules = find_rules(grey)
    return grey, back, rules


def _resized(grey: Grey, scale: float) -> Grey:
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _refined(grey: Grey, rules: Rules, lattice: Lattice) -> tuple[Lattice, Rules]:
    """Find a table again by the size of its own text, where that is not the size of the page's."""
    height = height_beside(grey, rules, lattice.box)
    if abs(height - rules.text_height) <= _SAME * rules.text_height:
        return lattice, rules
    own = find_rules(grey, height)
    again = [other for other in find_lattices(own) if _overlap(other.box, lattice.box)]
    whole = max(again, key=lambda other: len(other.cells), default=lattice)
    return (whole, own) if len(again) == 1 else (lattice, replace(rules, text_height=height))


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _table(
    grey: Grey,
    rules: Rules,
    lattice: Lattice,
    readers: Readers,
    picture: Picture,
    back: NDArray[np.float64],
    expects: Expects,
) -> Table:
    lines = np.asarray(cv2.bitwise_or(rules.horizontal, rules.vertical), np.uint8)
    inks = [cell_ink(grey, lines, cell.box, rules.text_height) for cell in lattice.cells]
    dropped = slivers(lattice.cells, [ink.blank for ink in inks], rules.text_height)
    kept = [
        (c, ink)
        for found, ink in zip(lattice.cells, inks, strict=True)
        if (c := without_columns(found, dropped))
    ]
    places = [c for c, _ in kept]
    readings = read_cells([ink for _, ink in kept], rules.text_height, readers, expects(places))
    cells = tuple(
        Cell(c.row, c.column, r[0].text, c.row_span, c.column_span, _place(picture, c.box, back), r)
        for c, r in zip(places, readings, strict=True)
    )
    return Table(cells, "picture", _place(picture, lattice.box, back))


def _place(picture: Picture, box: tuple[float, float, float, float], back: NDArray[np.float64]) -> Place:
    """Return the place of a box of the upright picture, in pixels of the original."""
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]], dtype=np.float64) @ back.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    found = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Place(picture.place.file, picture.place.page, found, picture.name)


def _around(grey: Grey, lattices: tuple[Lattice, ...], engine: Engine) -> list[Line]:
    """Read the text outside the tables, lines that stand side by side put in order from the left."""
    rest = grey.copy()
    paper = int(np.percentile(grey, 90))
    for lattice in lattices:
        x0, y0, x1, y1 = lattice.box
        rest[max(y0 - 2, 0) : y1 + 3, max(x0 - 2, 0) : x1 + 3] = paper
    if int(rest.max()) - int(rest.min()) < 40:
        return []
    lines = [line for line in engine.find_text(rest) if line.score >= _LEAST_SCORE and line.text.strip()]
    return sorted(lines, key=lambda line: (round(line.box[1] / 8), line.box[0]))


def _text(line: Line, picture: Picture, back: NDArray[np.float64]) -> Text:
    return Text(line.text.strip(), _place(picture, line.box, back), soft=True)
