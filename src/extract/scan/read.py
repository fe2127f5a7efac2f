"""A picture, read: upright, ruling lines, lattice, cells, ink, text. The recipe of this folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import cv2
import numpy as np

from extract.errors import ReadError
from extract.model import Block, Box, Cell, Picture, Place, Problem, Reading, Table, Text, column_borders
from extract.scan.cells import NOTHING, UNREAD, Readers, read_cells
from extract.scan.digits import UNKNOWN, DigitReader
from extract.scan.expected import NO_FORM, Shapes
from extract.scan.fitting import WHOLE
from extract.scan.groups import low_frames
from extract.scan.habits import MARKS, lost, worn_marks
from extract.scan.image import Grey, decode
from extract.scan.ink import Ink, cell_ink
from extract.scan.lattice import Lattice, LatticeCell, find_lattices, slivers, without_columns
from extract.scan.lines import FAINT, Rules, find_rules, height_beside
from extract.scan.ocr import Engine, Line, load_engine
from extract.scan.stamps import unstamped
from extract.scan.turn import turns
from extract.scan.upright import Upright, Way, upright
from extract.settings import Settings

__all__ = ["Readers", "load_readers", "read_picture"]

Found = tuple[Lattice, Rules]
"""A table, and the ruling lines that it was found by."""

_SAME = 0.15
"""A table's text that differs in height by more than this share from its page's is looked at by its own height."""
_MOSTLY = 0.85
"""Share of a table's area that it covers at least when it is found again, where that does not make it fit the form better."""
_LARGER = 1.03
"""How many times as large as what clear lines make of it a table of faint lines must be."""
_LEAST_SIDE = 40
_LEAST_SCORE = 0.4
_WIDE = 8
"""Columns; only the form's large tables have as many, and in these every number stands in sums."""
_USUAL = frozenset({9, 10, 11})
"""How many columns the table of requests has, with one that the form lacks too, whatever rows it has."""


def load_readers(settings: Settings) -> Readers:
    """Load the digit reader and the engine of the settings. Raises EnvironmentFault where that is not installed."""
    cv2.setNumThreads(1)  # as many workers as there are cores: more threads only wait for each other
    second = load_engine(settings.second) if settings.second != "none" else None
    return Readers(DigitReader(), load_engine(settings.ocr), second)


def read_picture(
    picture: Picture, settings: Settings, readers: Readers, form: Shapes = NO_FORM
) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Read the tables of a picture and, with `settings.text == "full"`, the text around them, from the top.

    `form` knows tables by their shape: doubtful lines are judged by it, and few labels have to be read.
    Boxes are in points of the page for a picture that was rendered from one (its place has a box), else in pixels of
    the picture as it is in the file. What cannot be read is a problem, never an exception.
    """
    page = picture.place.page
    try:
        original = decode(picture.data, settings)
    except ReadError as error:
        return (), (Problem("scan", error.kind, f"{picture.name}: {error.detail}", page=page),)
    if min(original.shape) < _LEAST_SIDE:
        return (), ()
    made = upright(original)
    found = _tables(made, form)
    told = any(form.fit(lattice.cells) for lattice, _ in found)
    quarters = 0 if told else turns(made.grey, found, readers.engine)
    if quarters:
        made = upright(original, quarters)
        found = _tables(made, form)
    made = replace(made, original=_on_page(made.original, picture.place.box, original.shape))
    lattices = tuple(lattice for lattice, _ in found)
    blocks: list[tuple[float, Block]] = [
        (lattice.box[1], _table(made, own, lattice, inks, readers, picture, form))
        for (lattice, own), inks in zip(found, _inks(made, found), strict=True)
    ]
    if settings.text == "full":
        blocks += [
            (line.box[1], _text(line, picture, made))
            for line in _around(made.legible, lattices, readers.engine)
        ]
        problems: tuple[Problem, ...] = ()
    else:
        problems = (Problem("scan", "text_not_read", picture.name, page=page),)
    return tuple(block for _, block in sorted(blocks, key=lambda pair: pair[0])), problems


def _tables(page: Upright, form: Shapes) -> list[Found]:
    """Find the tables of a page; where their lines are worn, with a second look for fainter ones that the form has to bear out."""
    found = [_refined(page.grey, page.rules, lattice, form) for lattice in find_lattices(page.rules, form)]
    found += _small(page.grey, page.rules, found, form)
    fits = [form.fit(lattice.cells) for lattice, _ in found]
    worn = any(lattice.worn and fit < WHOLE for (lattice, _), fit in zip(found, fits, strict=True))
    if form is NO_FORM or (any(fits) and not worn):
        return found
    own = min((rules.text_height for _, rules in found), default=page.rules.text_height)
    for height in dict.fromkeys((own, page.rules.text_height)):
        found = _with_faint(page.grey, find_rules(page.grey, height, looks=FAINT), found, form)
    return found


def _small(grey: Grey, rules: Rules, found: Sequence[Found], form: Shapes) -> list[Found]:
    """Find rows that a page break left alone on a page of larger print: their upright lines are short for strokes of that print."""
    small: list[Found] = []
    least = (1 - _SAME) * rules.text_height
    if found and all(own.text_height >= least for _, own in found):
        return small  # tables of one report are in one print
    heights = {frame: round(height_beside(grey, rules, frame)) for frame in low_frames(rules)}
    for height in sorted({height for height in heights.values() if height < least}):
        own, frames = find_rules(grey, float(height)), [f for f, h in heights.items() if h == height]
        for one in find_lattices(own, form):
            if any(_overlap(one.box, frame) for frame in frames) and _alone(one, [*found, *small]):
                small.append((one, own))
    return small


def _alone(one: Lattice, found: Sequence[Found]) -> bool:
    return not any(_overlap(one.box, other.box) for other, _ in found)


def _with_faint(grey: Grey, faint: Rules, found: Sequence[Found], form: Shapes) -> list[Found]:
    """Return the tables of a page, with those of faint lines in the place of what shows less of the form."""
    result = list(found)
    for lattice in find_lattices(faint, form):
        over = [one for one in result if _overlap(one[0].box, lattice.box)]
        if form.fit(lattice.cells) and _more(lattice, [one for one, _ in over], form):
            result = [one for one in result if all(one is not other for other in over)]
            result.append(_refined(grey, faint, lattice, form))
    return result


def _more(lattice: Lattice, others: Sequence[Lattice], form: Shapes) -> bool:
    """Tell whether a table of faint lines shows more of the form than those of clear lines in its place: a better fit, or far larger."""
    if any(len(o.cells) > len(lattice.cells) and not _covers(lattice.box, o.box) for o in others):
        return False
    known = [other for other in others if form.fit(other.cells)]
    fits = form.fit(lattice.cells), max((form.fit(other.cells) for other in known), default=0)
    larger = _area(lattice.box) > _LARGER * sum(_area(other.box) for other in known)
    return fits[0] > fits[1] or (fits[0] == fits[1] and larger)


def _area(box: tuple[int, int, int, int]) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _refined(grey: Grey, rules: Rules, lattice: Lattice, form: Shapes) -> Found:
    """Find a table again by the size of its own text, where that is not the size of the page's."""
    height = height_beside(grey, rules, lattice.box)
    if abs(height - rules.text_height) <= _SAME * rules.text_height:
        return lattice, rules
    own = find_rules(grey, height)
    again = [other for other in find_lattices(own, form) if _overlap(other.box, lattice.box)]
    whole = max(again, key=lambda other: len(other.cells), default=lattice)
    fits = form.fit(whole.cells), form.fit(lattice.cells)
    better = len(again) == 1 and (
        fits[0] > fits[1] or (fits[0] == fits[1] and _covers(whole.box, lattice.box))
    )
    return (whole, own) if better else (lattice, replace(rules, text_height=height))


def _covers(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Tell whether a table found again is where it was, for the most part: larger at one side, it may lack a column at another."""
    across, down = (min(one[k + 2], other[k + 2]) - max(one[k], other[k]) for k in (0, 1))
    return min(across, down) > 0 and across * down >= _MOSTLY * _area(other)


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inks(made: Upright, found: Sequence[Found]) -> list[list[tuple[Ink, float]]]:
    """Return the ink of each cell of each table without the stamp that may lie on some, and what this leaves of a probability."""
    inks: list[Ink] = []
    for lattice, rules in found:
        lines = np.asarray(cv2.bitwise_or(rules.horizontal, rules.vertical), np.uint8)
        inks += [cell_ink(made.legible, lines, cell.box, rules.text_height) for cell in lattice.cells]
    every = iter(unstamped(inks, made.rules.text_height))
    return [list(islice(every, len(lattice.cells))) for lattice, _ in found]


def _table(
    made: Upright,
    rules: Rules,
    lattice: Lattice,
    inks: Sequence[tuple[Ink, float]],
    readers: Readers,
    picture: Picture,
    form: Shapes,
) -> Table:
    dropped = slivers(lattice.cells, [ink.blank for ink, _ in inks], rules.text_height)
    kept = [
        (c, ink, left)
        for found, (ink, left) in zip(lattice.cells, inks, strict=True)
        if (c := without_columns(found, dropped))
    ]
    places = [c for c, _, _ in kept]
    readings = read_cells([ink for _, ink, _ in kept], rules.text_height, readers, form.guesses(places))
    readings = [_stamped(row, ink, left) for row, (_, ink, left) in zip(readings, kept, strict=True)]
    n_columns = max((c.column + c.column_span for c in places), default=0)
    if n_columns >= _WIDE and n_columns not in _USUAL and not form.fit(places):
        readings = [_times(row, 0.5) for row in readings]  # a column may be lost: only sums clear a number
    for i in _lost(places, [ink.blank for _, ink, _ in kept], readings):
        readings[i] = (Reading(UNKNOWN, 2 * UNREAD),)
    if made.broken:
        readings = [_times(_unsettled(row), 0.5) for row in readings]
    cells = tuple(
        Cell(c.row, c.column, r[0].text, c.row_span, c.column_span, _place(picture, c.box, made), r)
        for c, r in zip(places, readings, strict=True)
    )
    spans = [(c.column, c.column + c.column_span, float(c.box[0]), float(c.box[2])) for c in places]
    return Table(cells, "picture", _place(picture, lattice.box, made), column_borders(spans, n_columns))


_BY_HABIT, _MARKED = 0.4, (3, 0.3)
"""Share of a column's cells; where more are blank they were left so, unless others, so many and such a share of these, have a
mark for none."""


def _lost(
    places: Sequence[LatticeCell], blank: Sequence[bool], readings: Sequence[tuple[Reading, ...]]
) -> list[int]:
    """Return the blank cells in whose place something may have stood.

    A row that a page break left is blank altogether, and a column where many cells are blank and hardly any says that there is
    none, such as that of totals, by habit.
    """
    single = [i for i, c in enumerate(places) if c.row_span == c.column_span == 1]
    numbers = {
        places[i].row
        for i in single
        if readings[i][0].text[:1].isdigit() or (readings[i][0].text in NOTHING and not blank[i])
    }
    some = [i for i in single if places[i].row in numbers]
    every, empty = (Counter(places[i].column for i in some if blank[i] or not only) for only in (False, True))
    marked = Counter(places[i].column for i in some if readings[i][0].text in MARKS)
    full = [i for i in some if empty[places[i].column] <= _BY_HABIT * every[places[i].column]]
    found = {full[k] for k in lost([blank[i] for i in full], [readings[i] for i in full])}
    if worn_marks([readings[i] for i in some if not blank[i]]):
        found.update(
            i
            for i in some
            if blank[i] and marked[k := places[i].column] >= max(_MARKED[0], _MARKED[1] * empty[k])
        )
    return sorted(found)


def _unsettled(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Take back that a cell says nothing: where strokes are lost all over a page, a 0 may be gone or look like a dash."""
    nothing = readings[0].text in NOTHING
    return (Reading(UNKNOWN, 2 * UNREAD),) if nothing else readings


def _stamped(readings: tuple[Reading, ...], ink: Ink, left: float) -> tuple[Reading, ...]:
    """Return readings by what a stamp left of their probability; where it left nothing to see, a 0 may have gone with it.

    Sums tell a figure and not whether it was printed, so they would make a blank cell sure.
    """
    rows = _times(readings, left)
    return (*rows, Reading("0", 1.0 - left)) if ink.blank and left < 1.0 else rows


def _times(readings: tuple[Reading, ...], factor: float) -> tuple[Reading, ...]:
    return tuple(Reading(r.text, r.probability * factor) for r in readings)


def _on_page(original: Way, box: Box | None, shape: tuple[int, ...]) -> Way:
    """Return the way of points on to the page that a picture of some shape was rendered from, where there is one."""
    if box is None:
        return original
    corner = np.array([box.x0, box.y0])
    unit = np.array([box.x1 - box.x0, box.y1 - box.y0]) / np.array([shape[1], shape[0]])
    return lambda points: corner + original(points) * unit


def _place(picture: Picture, box: tuple[float, float, float, float], made: Upright) -> Place:
    """Return the place of a box of the upright picture on the page or in the picture of the file."""
    x0, y0, x1, y1 = box
    corners = made.original(np.array([[x0, y0], [x1, y0], [x0, y1], [x1, y1]], dtype=np.float64))
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


def _text(line: Line, picture: Picture, made: Upright) -> Text:
    return Text(line.text.strip(), _place(picture, line.box, made), soft=True)
