"""A second opinion on doubtful numbers by a reader that errs otherwise: its agreement and disagreement move the probabilities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from extract.model import Reading
from extract.scan.image import Grey
from extract.scan.ocr import Engine
from extract.scan.weighed import weighed

_SURE = 0.97
"""A cell read so surely needs no second opinion."""
_AGREES = 4.0
"""How many times likelier a reading becomes that the second reader shares. It misreads worn print too, so this is well below
what it would be for clear print."""
_NEW = 0.05
"""Share that a number gets which only the second reader sees: enough for the sums to find it where it makes them hold."""
_NUMBER = re.compile(r"[\d,.]+[%件条元]?|[-—/]")

Rows = tuple[Reading, ...]


def seconded(crops: Mapping[int, Grey], readings: Sequence[Rows], second: Engine | None) -> list[Rows]:
    """Return the readings of cells, those in doubt weighed by what the second reader makes of their line of print.

    `crops` are lines of print (h, w) by the index of their cell in `readings`.
    """
    found = list(readings)
    asked = [i for i in crops if second is not None and readings[i][0].probability < _SURE]
    if second is None or not asked:
        return found
    for i, (text, _) in zip(asked, second.read_lines([crops[i] for i in asked]), strict=True):
        plain = unicodedata.normalize("NFKC", text).replace(" ", "")
        if _NUMBER.fullmatch(plain):
            found[i] = _with(readings[i], plain)
    return found


def _with(rows: Rows, said: str) -> Rows:
    known = any(r.text == said for r in rows)
    return weighed(rows if known else (*rows, Reading(said, _NEW)), {said: _AGREES} if known else {})
