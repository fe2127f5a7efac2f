"""Numbers with a unit behind each (`12件`): where most cells of a table have it, the others are read without it.

A unit of ten strokes is the first to run together in a copy; the digits before it may still be clear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from extract.model import Reading
from extract.scan.digits import UNKNOWN, DigitReader
from extract.scan.image import Grey
from extract.scan.ink import Ink

WITH_UNIT = re.compile(r"\d[\d,]*([件条次个])")
_NUMBER = re.compile(r"\d[\d,]*")
_DIGITS = re.compile(r"\d[\d,]*(?=\D?$)")
_ALONE = 0.9
"""How sure a number is at most that the other reader does not see in the whole print."""
_ODD = 0.5
"""How sure a number must be to replace what is none."""
_LEAST, _SHARE = 8, 0.25
"""Cells, and share of those with print, that have the unit in a table that prints it."""
_SURE = 0.97
"""A cell read so surely is not read again."""
_FROM, _TO = 0.8, 1.2
"""Text heights from the end of the print between which the unit begins."""
_MARGIN = 0.8
"""Text heights of paper left before the number."""

Rows = tuple[Reading, ...]


def unit_of(readings: Sequence[Rows]) -> str:
    """Return the unit that a table's numbers have, or an empty text."""
    found = Counter(m[1] for rows in readings if (m := WITH_UNIT.fullmatch(rows[0].text)))
    printed = sum(1 for rows in readings if rows[0].text)
    unit, count = max(found.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return unit if count >= max(_LEAST, _SHARE * printed) else ""


def before_unit(
    doubtful: Mapping[int, Ink], readings: Sequence[Rows], unit: str, height: float, digits: DigitReader
) -> dict[int, Rows]:
    """Return readings of the cells whose number is clear once the unit is cut off, by their index in `readings`.

    `doubtful` are the inks of cells with one short line of print; `height` is the text height in pixels.
    """
    asked = [i for i in doubtful if readings[i][0].probability < _SURE]
    crops = [_number(doubtful[i], height) for i in asked]
    found: dict[int, Rows] = {}
    for i, rows in zip(asked, digits.read(crops, height), strict=True):
        other = _DIGITS.match(readings[i][0].text)
        numbers = tuple(
            Reading(r.text + unit, r.probability * (1.0 if other and other[0] == r.text else _ALONE))
            for r in rows
            if _NUMBER.fullmatch(r.text)
        )
        old = readings[i][0]
        least = old.probability if WITH_UNIT.fullmatch(old.text) or _NUMBER.fullmatch(old.text) else _ODD
        if rows[0].text != UNKNOWN and numbers and numbers[0].probability > least:
            found[i] = numbers
    return found


def _number(ink: Ink, height: float) -> Grey:
    """Cut the print of a cell where the unit begins: at the last of the emptiest columns about a character from its end."""
    x0, _, x1, _ = ink.box()
    first, last = max(round(x1 - _TO * height), x0), max(round(x1 - _FROM * height), x0 + 1)
    cut = last - 1 - int(np.argmin(ink.mask[:, first:last].astype(np.int64).sum(axis=0)[::-1]))
    return np.ascontiguousarray(ink.grey[:, max(x0 - round(_MARGIN * height), 0) : cut])
