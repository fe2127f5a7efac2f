"""The text of the cells of a lattice: ink first, then the digit reader, then, for words, the OCR engine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from extract.model import Reading
from extract.scan.digits import UNKNOWN, DigitReader
from extract.scan.expected import Expected, to_read, told_by_shape
from extract.scan.image import Grey
from extract.scan.ink import Ink, text_lines
from extract.scan.ocr import Engine
from extract.scan.second import seconded
from extract.scan.units import WITH_UNIT, before_unit, unit_of
from extract.scan.weighed import weighed

_BLANK = 0.995
"""Probability that a cell without ink is blank on the page: faint print can be lost in a copy."""
_BLACK = 100.0
"""Grey level; a cell that is darker all over is no blank one: a dark ground was not told from its print."""
UNREAD = 0.05
"""Probability of what was made of a cell that defies reading."""
_ASSUMED = 0.99
"""Probability of a label that shape and length tell, where others of its table were read as expected."""
_LARGE, _CLEARLY_READ = 12, 0.85
"""Labels of a table whose shape may do, and the score of a label that is clearly another."""
_BY_SHAPE, _PART_BY_SHAPE = 0.995, 0.97
"""What remains of all probabilities in a whole table, and in a part of one, of which only the shape is known."""
_WIDEST = 12.0
"""Text heights; wider print than this is words. The longest number of the form has about ten digits."""
_KNOWN = 0.5
"""A cell is a value where the digit reader gives this much to the texts that it knows, taken together."""
_SURE = 0.97
"""Below this probability the OCR engine is asked for a second opinion on a value."""
_AGREES = 12.0
"""How many times likelier a reading becomes when the second reader, independently trained, reads the same."""
_OWN_WAY = 0.9
"""How sure a number with a unit is at most that the digit reader cannot make out."""
_LIKE_NONE = frozenset("大天夫旡元先尢牙")
"""What the engine makes of a 无 whose strokes are eaten; by itself none of these is a label or a value."""
_LIKE_SLASH = frozenset("17lI|")
"""What the engine makes of a stroke that stands for none: it hardly ever reads one as `/`, so these are no evidence against it."""
_REMAINS = 0.4
"""Ink lower than this share of a cell's line of text is no line of its own."""
_FEW_SPECKS, _ASUNDER = 4, 0.9
"""Specks in a cell that may be told by themselves, and text heights from one's middle to the next: a digit is smaller."""
_FLAT, _SHORT, _LYING = 0.35, 0.22, 1.6
"""Text heights; ink so low, at least so wide, and so many times wider than high can only be a dash or a hyphen."""
_SCATTERED, _LIGHT, _SOLID = 0.45, 0.07, 0.5
"""Text heights and their square; marks no larger and no heavier are dirt or pieces of print, while a digit with a mark as
large as the last is in one piece."""
_SOLID_LEAST, _SOLID_SHARE, _CLEAR_DIGIT = 6, 0.9, 0.9
"""Numbers of a table that are in one piece, at least and as a share, and how sure those are: its print does not fall to pieces."""
_DIRT = 0.9
"""Probability that scattered marks say nothing where print is in one piece: one number may be in pieces all the same."""
_NOTHING = 0.9
"""Probability that a speck says nothing: little of a faint digit may be left."""
_DASHES = frozenset("-—")
NOTHING = _DASHES | {""}
"""Texts of cells that say nothing, and that little ink or none is taken for."""
_DASH_LIKE = 20.0
"""How many times likelier a dash becomes by the shape of its ink."""
_WORD = re.compile(r"[\u4e00-\u9fff](?<![一无空元万件增减加少])")
"""A character that no value holds; 一 is what the engine makes of a dash."""
_YEAR, _LIKE_YEAR = re.compile(r"(?:19|20)\d\d件"), 0.6
"""A number that is a year where its unit is 年, which the digit reader does not know, and what is left of its probability."""
_MISREAD_UNIT = re.compile(r"(\d[\d,]*(?:\.\d+)?)[力方刀]元")
_STAMPED, _STAMP = re.compile(r"(\d[\d,]*(?:\.\d+)?)[^\d\w]*[\u4e00-\u9fff]*(?:专用?|用)章?"), 0.9
"""A number under a stamp, and how sure it is at most."""
_DIRTY = 0.5
"""How sure a single digit is at most above or below which stand marks that are no character: dirt, or pieces of others."""
_ONLY_NUMBER, _WORD_OR_DIGIT = re.compile(r"\d[\d,]*\d(?:\.\d+)?"), re.compile(r"[\d\u4e00-\u9fff]")
_NUMBER = frozenset("0123456789,.+-%/—")


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of cells: a network of our own for values, an OCR engine for words, perhaps another for what is in doubt."""

    digits: DigitReader
    engine: Engine
    second: Engine | None = None


@dataclass(frozen=True, slots=True)
class _Printed:
    """A cell with ink: that, its lines of text as rows [top, bottom) of its inside, the ink's size, the lines' length."""

    ink: Ink

    lines: tuple[tuple[int, int], ...]
    width: int
    height: int
    length: float = 0.0

    @property
    def single(self) -> bool:
        """True for one line of text, beside which only the feet of the text above may have remained."""
        heights = sorted(bottom - top for top, bottom in self.lines)
        return all(height < _REMAINS * heights[-1] for height in heights[:-1])

    @property
    def longest(self) -> tuple[int, int]:
        """The highest of its lines of text."""
        return max(self.lines, key=lambda line: line[1] - line[0])

    def number(self, text_height: float) -> bool:
        """Tell print that may be a number: one short line."""
        return self.single and self.width <= _WIDEST * text_height

    def scattered(self, text_height: float) -> bool:
        """Tell ink that is nothing but small marks: dirt, or print that has fallen to pieces."""
        side, pixels = self.ink.largest()
        return side <= _SCATTERED * text_height and pixels <= _LIGHT * text_height**2

    def speck(self, text_height: float) -> bool:
        """Tell ink smaller than any digit: a short hyphen or dirt, which both say that there is no number."""
        return max(self.height, self.width) <= _FLAT * text_height

    def specks(self, text_height: float) -> bool:
        """Tell a few specks so far from each other that they are no pieces of one digit."""
        boxes = self.ink.boxes()
        small = all(max(w, h) <= _FLAT * text_height for _, _, w, h in boxes)
        return (
            0 < len(boxes) <= _FEW_SPECKS
            and small
            and all(
                max(abs(2 * (a[k] - b[k]) + a[k + 2] - b[k + 2]) / 2 for k in (0, 1)) > _ASUNDER * text_height
                for a, b in combinations(boxes, 2)
            )
        )

    def flat(self, text_height: float) -> bool:
        """Tell ink that only a dash leaves."""
        return self.height <= _FLAT * text_height and self.width >= max(
            _LYING * self.height, _SHORT * text_height
        )


def read_cells(
    inks: Sequence[Ink], rough: float, readers: Readers, guesses: Sequence[Expected] = ()
) -> list[tuple[Reading, ...]]:
    """Return the readings of each cell, best first; a blank cell reads "", one that defies reading has 5 % at most.

    `rough` is an estimate of the text height in pixels. Words are read by the engine, values by the digit reader;
    a value in doubt is shown to the engine too. Words that one of the `guesses` gives are not read but for its probes.
    """
    printed = [None if ink.blank else _look(ink, rough) for ink in inks]
    height = han_height([p for p in printed if p is not None], rough)
    known, sure = _expected(inks, printed, height, guesses, readers.engine)
    values = _values(inks, [None if i in known else p for i, p in enumerate(printed)], height, readers.digits)
    asked = [
        i
        for i, look in enumerate(printed)
        if look is not None and i not in known and not _read(values.get(i, ()), look, height)
    ]
    words = dict(zip(asked, _words([(inks[i], printed[i]) for i in asked], readers.engine), strict=True))
    found = [known.get(i) or _readings(ink, values.get(i, ()), words.get(i)) for i, ink in enumerate(inks)]
    short = {i: look for i in asked if (look := printed[i]) and look.number(height)}
    unit = unit_of([rows for i, rows in enumerate(found) if i not in known])
    if unit:
        again = before_unit({i: inks[i] for i in short}, found, unit, height, readers.digits)
        found = [again.get(i, rows) for i, rows in enumerate(found)]
    if sure < 1:
        found = [tuple(Reading(r.text, sure * r.probability) for r in rows) for rows in found]
    crops = {i: _line(inks[i], look.longest) for i, look in short.items()} if readers.second else {}
    return seconded(crops, found, readers.second)


def _expected(
    inks: Sequence[Ink],
    printed: Sequence[_Printed | None],
    height: float,
    guesses: Sequence[Expected],
    engine: Engine,
) -> tuple[dict[int, tuple[Reading, ...]], float]:
    """Return the words of the first guess that its probes confirm, by cell, and by what all probabilities are to be multiplied.

    No words where there is none. Where worn labels defy reading, and none is clearly another, a large table's shape is enough
    if it fits one place of the form only; then the factor is below 1.
    """
    lengths = {i: look.length / height for i, look in enumerate(printed) if look is not None}
    by_shape: list[tuple[Expected, dict[int, tuple[str, float]]]] = []
    for guess in guesses:
        asked = to_read(guess, lengths)
        if asked is None or any(printed[i] is None for i in (*asked[0], *asked[1])):
            continue
        read: dict[int, tuple[str, float]] = {}
        for more in asked:
            places = sorted(more - read.keys())
            read |= zip(places, _words([(inks[i], printed[i]) for i in places], engine), strict=True)
            dissent = [
                score for i, (text, score) in read.items() if not guess.agrees(text, guess.wordings[i])
            ]
            if not dissent:
                break
        if 4 * len(dissent) < len(read):  # one of five may be misread
            return _told(guess, printed, read), 1.0
        worn = len(guess.wordings) >= _LARGE and max(dissent, default=1.0) < _CLEARLY_READ
        if worn and told_by_shape(guess, lengths):
            agreed = {i: r for i, r in read.items() if guess.agrees(r[0], guess.wordings[i])}
            by_shape.append((guess, agreed))  # what was read may say another unit than the form does
    if by_shape and all(guess.wordings == by_shape[0][0].wordings for guess, _ in by_shape):
        guess, agreed = by_shape[0]
        return _told(guess, printed, agreed), _PART_BY_SHAPE if guess.part else _BY_SHAPE
    return {}, 1.0


def _told(
    guess: Expected, printed: Sequence[_Printed | None], read: dict[int, tuple[str, float]]
) -> dict[int, tuple[Reading, ...]]:
    """Return the words of a guess by cell: those read, those taken from the form, those that nothing depends on."""
    idle: dict[int, tuple[Reading, ...]] = {
        i: (Reading(UNKNOWN, UNREAD),) for i in guess.idle if printed[i] is not None
    }
    assumed = {i: (Reading(wordings[0], _ASSUMED),) for i, wordings in guess.wordings.items()}
    return idle | assumed | {i: (Reading(text, max(score, UNREAD)),) for i, (text, score) in read.items()}


def han_height(printed: Sequence[_Printed], rough: float) -> float:
    """Return the height of a Chinese character's ink: the middle height of the lines of words; else `rough`."""
    found = [
        b - t for p in printed if p.width > 3.2 * rough for t, b in p.lines if 0.7 <= (b - t) / rough <= 2
    ]
    return float(np.median(found)) if len(found) >= 3 else 1.1 * rough


def _look(ink: Ink, rough: float) -> _Printed:
    x0, y0, x1, y1 = ink.box()
    lines = tuple(text_lines(ink.mask, rough))
    columns = [np.flatnonzero(ink.mask[top:bottom].any(axis=0)) for top, bottom in lines]
    length = float(sum(int(at[-1]) + 1 - int(at[0]) for at in columns if len(at)))
    return _Printed(ink, lines, x1 - x0, y1 - y0, length)


def _values(
    inks: Sequence[Ink], printed: Sequence[_Printed | None], height: float, digits: DigitReader
) -> dict[int, tuple[Reading, ...]]:
    """Read what may be a value; what the digit reader does not know is left out, and scattered marks are dirt or left out."""
    looks = {i: look for i, look in enumerate(printed) if look is not None}
    narrow = [i for i, look in looks.items() if look.number(height) or look.scattered(height)]
    found = digits.read([_around(inks[i], height) for i in narrow], height)
    first = {i: readings[0] for i, readings in zip(narrow, found, strict=True)}
    dirt = _dirt({i: (looks[i], best) for i, best in first.items()}, height)
    known: dict[int, tuple[Reading, ...]] = {}
    for i, readings in zip(narrow, found, strict=True):
        look, texts = looks[i], _inked(readings)
        if i in dirt:
            known[i] = _mostly_dirt(readings)
        if i not in dirt and _unknown(texts) and look.specks(height):
            known[i] = (Reading("-", _NOTHING),)
        if i in known or not look.number(height):
            continue
        if look.flat(height) or (look.speck(height) and _DASHES & {r.text for r in texts}):
            texts = weighed(texts or (Reading("—", 0.5),), dict.fromkeys(_DASHES, _DASH_LIKE))
        if not _unknown(texts):
            known[i] = _unless_year(texts)
    return known


def _unknown(texts: tuple[Reading, ...]) -> bool:
    """Tell what the digit reader makes of a cell that it does not know."""
    return sum(r.probability for r in texts) < _KNOWN


def _unless_year(texts: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return readings of which one that may be a year, with 年 taken for 件, is to be looked at by the engine too."""
    return tuple(Reading(r.text, _LIKE_YEAR * r.probability) if _YEAR.fullmatch(r.text) else r for r in texts)


def _dirt(numbers: Mapping[int, tuple[_Printed, Reading]], height: float) -> list[int]:
    """Return the cells of scattered marks, where the table's numbers are in one piece and such marks no remains of any."""
    doubtful = [
        i
        for i, (look, best) in numbers.items()
        if (best.probability < _SURE or best.text in {"", UNKNOWN})
        and best.text not in _DASHES
        and look.scattered(height)
    ]
    return doubtful if doubtful and _solid(list(numbers.values()), height) else []


def _mostly_dirt(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return that a cell is blank, and far behind it what else its marks may be."""
    texts = [r for r in readings if r.text not in {"", UNKNOWN}]
    return (Reading("", _DIRT), *(Reading(r.text, (1 - _DIRT) * r.probability) for r in texts))


def _solid(numbers: Sequence[tuple[_Printed, Reading]], height: float) -> bool:
    """Tell a table whose numbers are each in one piece."""
    clear = [
        look.ink.largest()[0] >= _SOLID * height
        for look, best in numbers
        if best.probability >= _CLEAR_DIGIT and best.text.isdigit()
    ]
    return len(clear) >= _SOLID_LEAST and sum(clear) >= _SOLID_SHARE * len(clear)


def _read(values: tuple[Reading, ...], look: _Printed, height: float) -> bool:
    """Tell whether a cell needs no second reader: a sure value, or dirt, of which the engine would make letters."""
    return bool(values) and (
        values[0].probability >= _SURE or (values[0].text == "" and look.scattered(height))
    )


def _around(ink: Ink, height: float) -> Grey:
    """Return the cell as high as it is and a little wider than its ink: grain of the paper far off says nothing."""
    x0, _, x1, _ = ink.box()
    margin = round(0.8 * height)
    return np.ascontiguousarray(ink.grey[:, max(x0 - margin, 0) : x1 + margin])


def _inked(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return the texts among readings of a cell with ink: blank only where the reader takes the ink for dirt."""
    blank = sum(r.probability for r in readings if r.text == "")
    if readings[0].text == "":
        return tuple(r for r in readings if r.text != UNKNOWN)
    return tuple(
        Reading(r.text, r.probability / max(1.0 - blank, 1e-6))
        for r in readings
        if r.text not in {UNKNOWN, ""}
    )


def _words(cells: Sequence[tuple[Ink, _Printed | None]], engine: Engine) -> list[tuple[str, float]]:
    """Read cells line by line with the OCR engine; the score of a cell is that of its worst line."""
    crops = [_line(ink, band) for ink, look in cells if look is not None for band in look.lines]
    texts = iter(engine.read_lines(crops))
    result = []
    for _, look in cells:
        parts = [next(texts) for _ in look.lines] if look is not None else []
        result.append(("\n".join(t for t, _ in parts if t).strip(), min((s for _, s in parts), default=0.0)))
    return result


def _line(ink: Ink, band: tuple[int, int]) -> Grey:
    """Cut a line of text out, with paper around it as the engine was trained on."""
    top, bottom = band
    columns = np.flatnonzero(ink.mask[top:bottom].any(axis=0))
    crop = ink.grey[top:bottom, int(columns[0]) : int(columns[-1]) + 1]
    margin = max(2, round(0.18 * (bottom - top)))
    paper = int(np.percentile(crop, 95))
    return np.pad(crop, ((margin, margin), (2 * margin, 2 * margin)), constant_values=paper)


def _readings(ink: Ink, values: tuple[Reading, ...], words: tuple[str, float] | None) -> tuple[Reading, ...]:
    if ink.blank:
        dark = float(np.median(ink.grey)) < _BLACK
        return (Reading(UNKNOWN, UNREAD),) if dark else (Reading("", _BLANK),)
    if words is None:
        return values
    text, score = _told_apart(*words)
    plain = unicodedata.normalize("NFKC", text)
    number = set(plain) - {"\n"} <= _NUMBER  # on several lines: squares that a lost line ran together
    if values and (not _WORD.search(plain) or score <= values[0].probability):
        blind = plain in _LIKE_SLASH and any(r.text == "/" for r in values)
        return values if blind else weighed(values, {plain: _AGREES})
    if not text:
        return (Reading(UNKNOWN, UNREAD),)
    most = 0.5 if number else _OWN_WAY if WITH_UNIT.fullmatch(plain) else 1.0
    return (Reading(text, max(min(score, most), UNREAD)),)


def _told_apart(text: str, score: float) -> tuple[str, float]:
    """Return a value without what is not of it: a unit that the engine misread, or the words of a stamp over the cell."""
    unit = _MISREAD_UNIT.fullmatch(text)
    if unit:
        return f"{unit[1]}万元", score
    if text in _LIKE_NONE:
        return "无", min(score, _OWN_WAY)
    lines = text.split("\n")
    numbers = [line for line in lines if _ONLY_NUMBER.fullmatch(line)]
    if len(numbers) == 1 < len(lines) and not any(
        _WORD_OR_DIGIT.search(line) for line in lines if line != numbers[0]
    ):
        return numbers[0], min(score, _STAMP)
    lone = [line for line in lines if line.isdigit()]
    if len(lone) == 1 < len(lines) and not any(c.isalnum() for x in lines if x != lone[0] for c in x):
        return lone[0], min(score, _DIRTY)
    stamped = _STAMPED.fullmatch(text)
    return (stamped[1], min(score, _STAMP)) if stamped else (text, score)
